"""Which device and which number format to run a model on. Floor 2: the torch side of it."""

from __future__ import annotations

from typing import Any

from rag.errors import ModelError


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
    """bfloat16 where the hardware multiplies it natively, float32 elsewhere.

    On a CPU without bfloat16 instructions torch emulates them, several times slower than float32.
    """
    import torch

    if device.startswith("cuda"):
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if native else torch.float32
