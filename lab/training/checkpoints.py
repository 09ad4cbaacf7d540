"""Checkpoints of a training in safetensors: weights and the optimiser's moments, never pickle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MOMENTS = ("exp_avg", "exp_avg_sq", "step")
FILE = "checkpoint.safetensors"
MOMENT = "::"
"""Between the name of a weight and that of one of its moments."""


def save(folder: Path, weights: Mapping[str, Any], optimiser: Any, *, step: int) -> None:
    """Write weights and moments of Adam; the file is there whole or not at all."""
    from safetensors.torch import save_file

    tensors = {}
    for name, weight in weights.items():
        tensors[name] = weight.detach().contiguous()
        state = optimiser.state[weight]
        for key in _MOMENTS:
            tensors[f"{name}{MOMENT}{key}"] = state[key].detach().contiguous()
    fresh = folder / f"{FILE}.tmp"
    save_file(tensors, str(fresh), metadata={"step": str(step)})
    fresh.replace(folder / FILE)


def resume(folder: Path, weights: Mapping[str, Any], optimiser: Any) -> int:
    """Put a checkpoint back; the number of steps it had done, 0 without one."""
    import torch
    from safetensors import safe_open

    path = folder / FILE
    if not path.is_file():
        return 0
    with safe_open(str(path), framework="pt") as stored, torch.no_grad():
        step = int(stored.metadata()["step"])
        for name, weight in weights.items():
            weight.copy_(stored.get_tensor(name))
            optimiser.state[weight] = {
                key: stored.get_tensor(f"{name}{MOMENT}{key}").to(
                    "cpu" if key == "step" else weight.device
                )
                for key in _MOMENTS
            }
    return step


def weights(folder: Path, named: Mapping[str, Any]) -> int:
    """Put the weights of a checkpoint back without the moments; the number of steps done."""
    import torch
    from safetensors import safe_open

    with safe_open(str(folder / FILE), framework="pt") as stored, torch.no_grad():
        for name, weight in named.items():
            weight.copy_(stored.get_tensor(name))
        return int(stored.metadata()["step"])


def weights_of(folder: Path) -> dict[str, Any]:
    """The weights of a checkpoint by name, without the moments."""
    from safetensors.torch import load_file

    stored = load_file(str(folder / FILE))
    return {name: tensor for name, tensor in stored.items() if MOMENT not in name}
