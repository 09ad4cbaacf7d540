"""The bundled language model as quick-loading safetensors, converted once into the user's cache.

The package in the box holds one GGUF file. transformers can read it, but turning 4-bit blocks into
tensors takes 20-40 s at every start; the converted copy loads in a second.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path

from filelock import FileLock

from rag.models import bundled as models

_DONE = "quoth.sha256"


def bundled_writer() -> Path:
    """The folder of the converted model; converts it first where that has not been done.

    The folder is made beside its place and renamed into it, so that a run that was killed leaves
    nothing half-written; two processes at once convert one after the other.

    Raises:
        ModelError: the package is missing or its weights are not the pinned ones.
    """
    place = models.cache_folder() / f"{models.WRITER.name}-{models.WRITER.sha256[:12]}"
    if _is_whole(place):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(str(place) + ".lock"):
        if not _is_whole(place):
            source = models.locate(models.WRITER)
            workshop = Path(tempfile.mkdtemp(prefix=place.name, dir=place.parent))
            try:
                _convert(source, workshop)
                shutil.rmtree(place, ignore_errors=True)
                workshop.rename(place)
            finally:
                shutil.rmtree(workshop, ignore_errors=True)
    return place


def _is_whole(place: Path) -> bool:
    """Whether the copy's weights are the very bytes that the conversion wrote."""
    mark, weights = place / _DONE, place / "model.safetensors"
    if not (mark.is_file() and weights.is_file()):
        return False
    return mark.read_text().strip() == models.file_sha256(weights)


def _convert(source: Path, target: Path) -> None:
    import torch
    from tqdm import tqdm
    from transformers import AutoModelForCausalLM, AutoTokenizer, modeling_gguf_pytorch_utils
    from transformers.utils import logging

    # Its bars would run through whatever else the terminal shows. Redirecting stderr meanwhile
    # would swallow what other threads say there, such as where the page is.
    logging.disable_progress_bar()
    modeling_gguf_pytorch_utils.tqdm = partial(tqdm, disable=True)
    file = models.WRITER.weights
    tokenizer = AutoTokenizer.from_pretrained(source, gguf_file=file)
    model = AutoModelForCausalLM.from_pretrained(source, gguf_file=file, dtype=torch.float32)
    # Without these two the saved copy claims to be quantised, and cannot be loaded again.
    del model.config.quantization_config
    model.hf_quantizer = None
    model.to(torch.bfloat16).save_pretrained(target)
    tokenizer.save_pretrained(target)
    (target / _DONE).write_text(models.file_sha256(target / "model.safetensors"))
