"""Adapters: what a model in the box was taught, as a few megabytes beside its weights.

A folder with `adapter.safetensors` and `adapter.json`. For a matrix the file holds two factors,
`<name>.up` (out, rank) and `<name>.down` (rank, in), whose product is added to it; for a vector
what is added itself. Made by `lab/training/`, never pickled, loaded only if its sha256 is the one
that its card names and its base model the one that is running.

Source: Hu et al. 2021, "LoRA: Low-Rank Adaptation" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.models.bundled import BundledModel, file_sha256
from rag.package_data import DATA

WEIGHTS = "adapter.safetensors"
CARD = "adapter.json"


def in_the_box(name: str) -> Path:
    """The folder of an adapter that ships."""
    return DATA / name


def load(folder: Path, *, base: BundledModel, device: str, instead: str | None) -> dict[str, Any]:
    """The tensors of an adapter, on a device.

    Args:
        folder: where it is.
        base: the model that it is for.
        device: as torch names it.
        instead: the setting that works without the adapter, for the message; None: there is none.

    Raises:
        ModelError: a file is missing, altered, or made for another model.
    """
    from safetensors.torch import load_file

    path = folder / WEIGHTS
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        wanted, made_for = card["sha256"], card["base"]["sha256"]
        found = file_sha256(path)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"no adapter in {folder} ({WEIGHTS} and {CARD} are wanted): {error}; "
            + (f"`--set {instead}` works without one" if instead else "install Quoth again")
        ) from error
    if found != wanted:
        raise ModelError(f"{path} has sha256 {found[:12]}..., its card says {str(wanted)[:12]}...")
    if made_for != base.sha256:
        raise ModelError(f"{folder} was made for another model than {base.name}")
    return dict(load_file(path, device=device))


def apply(tensors: Mapping[str, Any], weights: Mapping[str, Any]) -> None:
    """Add an adapter to a model's weights, in place and in float32 before they are rounded."""
    import torch

    with torch.no_grad():
        for name, weight in weights.items():
            if f"{name}.up" in tensors:
                change = tensors[f"{name}.up"].float() @ tensors[f"{name}.down"].float()
            elif name in tensors:
                change = tensors[name].float()
            else:
                continue
            weight.copy_((weight.float() + change).to(weight.dtype))
