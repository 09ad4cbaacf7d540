"""Which device and which number format to run a model on. The torch side of it."""

from __future__ import annotations

from typing import Any

from rag.errors import ModelError

TIMES_ON_A_GPU = 8
"""How many times a CPU's batch a GPU takes: with less it waits for Python between its layers."""
EXACT_ON_CPU = False
"""Whether a CPU computes in float32 even where bfloat16 is quicker: for `lab.bench.device`."""


def pick_device(wanted: str) -> str:
    """The device to run on: for "auto", "cuda" where there is one, else "cpu".

    Raises:
        ModelError: a device that this machine has not.
    """
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise ModelError(f"device {wanted!r} asked for, but torch sees no GPU; use device=cpu")
    if wanted.split(":")[0] not in ("cpu", "cuda"):
        raise ModelError(f"device {wanted!r} is not one of auto, cpu, cuda")
    return wanted


def quick_dtype(device: str) -> Any:
    """bfloat16 where the hardware multiplies it natively; float16 on older GPUs, else float32.

    What has no bfloat16 instructions emulates them, several times slower than the other two.
    """
    import torch

    if device.startswith("cuda"):
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if native else torch.float16
    native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if native and not EXACT_ON_CPU else torch.float32


def batch_tokens(device: str, *, on_cpu: int) -> int:
    """How many tokens, padding counted, go through a small model at once."""
    return on_cpu * TIMES_ON_A_GPU if device.startswith("cuda") else on_cpu


def moved(tensor: Any, device: str) -> Any:
    """The tensor on the device, without waiting for what a GPU is still at."""
    if device.startswith("cuda"):
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


def device_name(device: str) -> str:
    """What a device is called by its maker, where torch knows."""
    import torch

    return str(torch.cuda.get_device_name(device)) if device.startswith("cuda") else device


def peak_memory(device: str) -> int:
    """Bytes of a GPU that torch held at the most so far; 0 on a CPU."""
    import torch

    return int(torch.cuda.max_memory_allocated(device)) if device.startswith("cuda") else 0
