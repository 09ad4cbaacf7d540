"""The manifest: which generation readers open, and what it was made with. Written last.

Everything else in an index folder is invisible until `manifest.json` names it; replacing that one
file is the commit.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from index_store.errors import StoreDamagedError, StoreMismatchError, StoreMissingError

LAYOUT = 1
"""Version of the files of a generation. An index of another layout is not read."""

FILE = "manifest.json"
GENERATIONS = "generations"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an index is made with. The first two decide whether its vectors can be compared.

    `formats` is the version of the readers that the documents came through: remembered, not
    compared. `text_fields` are the fields of a payload that the lexical index covers.
    """

    embedder: str
    chunking: str
    formats: str = ""
    text_fields: tuple[str, ...] = ("title", "abstract")


@dataclass(frozen=True, slots=True)
class FileSum:
    """Size and sha256 of one file of a generation."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says."""

    layout: int
    generation: int
    settings: Settings
    dimension: int
    documents: int
    rows: int
    corpus: str
    """Sha256 over the documents: the same documents have the same, whatever the embedder."""
    fingerprint: str
    """Sha256 over corpus, settings and layout: what an answer's trace names."""
    files: Mapping[str, FileSum]

    @property
    def folder(self) -> str:
        """The generation's folder, relative to the index."""
        return f"{GENERATIONS}/{self.generation}"


def fingerprint(*, settings: Settings, corpus: str, dimension: int) -> str:
    """The overall fingerprint of an index."""
    parts = [LAYOUT, settings.embedder, settings.chunking, list(settings.text_fields)]
    return hashlib.sha256(json.dumps([*parts, dimension, corpus]).encode()).hexdigest()


def read_manifest(directory: Path, *, name: str = FILE) -> Manifest:
    """What the index in a folder is.

    Raises:
        StoreMissingError: there is no manifest and no generation, so no index.
        StoreDamagedError: the manifest is not one, or the only thing that is missing.
        StoreMismatchError: its layout is another.
    """
    path = directory / name
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        if generation_folders(directory):
            raise StoreDamagedError(
                f"{path} is lost, the papers are not: run `quoth doctor --repair`"
            ) from error
        raise StoreMissingError(
            f"no index in {directory}: make one with `quoth ingest PATH...`"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from error
    try:
        tree = json.loads(text)
        if tree["layout"] != LAYOUT:
            raise StoreMismatchError(
                f"the index in {directory} has layout {tree['layout']!r}, this Quoth reads layout "
                f"{LAYOUT}: ingest the papers again into another folder"
            )
        return _from_tree(tree)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error


def generation_folders(directory: Path) -> list[tuple[int, Path]]:
    """Generations of an index folder with their numbers, oldest first; no unfinished ones."""
    folders = (directory / GENERATIONS).glob("*")
    return sorted((int(path.name), path) for path in folders if path.name.isdecimal())


def next_generation(directory: Path) -> int:
    """A number that no generation has, whether readers know of it or not."""
    return max((number for number, _ in generation_folders(directory)), default=0) + 1


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Replace the manifest of a folder in one step that survives a power cut."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True)
    partial = directory / (FILE + ".partial")
    with partial.open("w", encoding="utf-8") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    partial.replace(directory / FILE)
    sync_folder(directory)


def require_settings(manifest: Manifest, wanted: Settings, *, directory: Path) -> None:
    """Refuse vectors that cannot be compared with those that are asked for.

    Raises:
        StoreMismatchError: another embedder or chunking; names stored and wanted.
    """
    for name, advice in (
        ("embedder", "use that embedder (--set encoder.model=...)"),
        ("chunking", "use the version of Quoth that made it"),
    ):
        stored, asked = getattr(manifest.settings, name), getattr(wanted, name)
        if stored != asked:
            raise StoreMismatchError(
                f"the index in {directory} was made with {name} {stored!r}, wanted {asked!r}: "
                f"{advice}, or ingest the papers into another folder (--index DIR)"
            )


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable, where the system can."""
    if os.name == "nt":  # Windows cannot open a folder; renames are durable there by themselves
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _from_tree(tree: dict[str, Any]) -> Manifest:
    settings = dict(tree["settings"])
    settings["text_fields"] = tuple(settings["text_fields"])
    values = {field.name: tree[field.name] for field in fields(Manifest)}
    values["settings"] = Settings(**settings)
    values["files"] = {name: FileSum(**total) for name, total in tree["files"].items()}
    for name in ("generation", "dimension", "documents", "rows"):
        if not isinstance(values[name], int) or values[name] < 0:
            raise ValueError(f"{name} is {values[name]!r}")
    manifest = Manifest(**values)
    if manifest.fingerprint != fingerprint(
        settings=manifest.settings, corpus=manifest.corpus, dimension=manifest.dimension
    ):
        raise ValueError("its fingerprint is not that of what it says")
    return manifest


def _damaged(path: Path, what: str) -> StoreDamagedError:
    return StoreDamagedError(f"cannot read {path} ({what}): run `quoth doctor --repair`")
