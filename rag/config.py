"""Configuration: frozen dataclasses from TOML and `--set key=value`; `build` makes objects."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from rag.errors import ConfigError
from rag.language.numerals import bounded, real

BUNDLED = "bundled"
OFF = "off"
_AT_LEAST_ONE = frozenset(("batch_size", "max_new_tokens", "list_limit"))


def default_index() -> Path:
    """Where the index lives when nobody says otherwise: QUOTH_INDEX, else `own_index`."""
    named = os.environ.get("QUOTH_INDEX")
    return Path(named) if named else own_index()


def own_index() -> Path:
    """The place beside the code: the only one where an index is made without being asked for."""
    return Path(__file__).parent.parent / "index_store" / "data"


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """The sentence encoder. `model`: "bundled", a folder, or a Hugging Face id.

    `adapter`: what the side of the questions was taught, for the bundled model only: "bundled",
    "off", or a folder made by `lab/training/query.py`. The papers' vectors are the same with any.
    """

    model: str = BUNDLED
    adapter: str = BUNDLED
    device: str = "auto"
    batch_size: int = 32


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """The language model. `model`: "bundled", "off", a folder, or a Hugging Face id.

    `adapter`: what it was taught, for the bundled model only: "bundled", "off", or a folder made by
    `lab/training/writer.py`.
    """

    model: str = BUNDLED
    adapter: str = BUNDLED
    device: str = "auto"
    max_new_tokens: int = 80
    batch_size: int = 8


@dataclass(frozen=True, slots=True)
class RetrievalConfig:
    """Weights of the score fusion; see rag/evidence/retrieval.py.

    `lexical_weight=0` switches BM25 off.
    `rerank`: so many of the papers that a search found are read and put in the order in which they
    belong, at some 70 ms each on two cores. Papers of an answer are always read.
    """

    whole_weight: float = 1.0
    sentence_weight: float = 1.0
    lexical_weight: float = 1.0
    rerank: int = 0


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """How answers are made.

    `check=False` exists to show what the check is worth, never to ship. `support_model`: a folder
    or a Hugging Face id of an entailment or fact-checking model that the check asks too.
    """

    check: bool = True
    list_limit: int = 40
    support_model: str = ""


@dataclass(frozen=True, slots=True)
class SourcesConfig:
    """Where papers are fetched from; nothing is asked there unless `quoth ingest` names a source.

    `arxiv_pause`, `daily_pause`: seconds between two questions. `timeout`: seconds without an
    answer after which one is given up. `openalex_key`: else OPENALEX_API_KEY; with none, OpenAlex
    gives little a day. `openalex_limit`: the most works of a query.
    """

    arxiv: str = "https://export.arxiv.org/api/query"
    arxiv_pause: float = 3.0
    openalex: str = "https://api.openalex.org/works"
    openalex_key: str = ""
    openalex_limit: int = 10_000
    daily: str = "https://huggingface.co/api/daily_papers"
    daily_pause: float = 0.5
    zotero: str = "http://127.0.0.1:23119/api"
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class Config:
    """All of it. `reader`: "bundled", "off", or a folder made by `lab/training/reader.py`."""

    index: Path = field(default_factory=default_index)
    encoder: EncoderConfig = EncoderConfig()
    llm: LlmConfig = LlmConfig()
    reader: str = BUNDLED
    retrieval: RetrievalConfig = RetrievalConfig()
    answer: AnswerConfig = AnswerConfig()
    sources: SourcesConfig = SourcesConfig()


def load_config(
    path: Path | None = None, *, settings: Iterable[str] = (), index: Path | None = None
) -> Config:
    """The configuration of a run: defaults, then the TOML file, then `key=value` settings.

    Args:
        path: a TOML file with tables named as the fields of `Config`; None reads none.
        settings: "table.key=value" strings, as given to --set; later ones win.
        index: the index folder, as given to --index; wins over both.

    Raises:
        ConfigError: an unknown key (the nearest known one is named), a value of the wrong type,
            a file that is missing or not TOML.
    """
    config = Config()
    if path is not None:
        try:
            tree = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(f"cannot read the configuration {path}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:  # also: not UTF-8, a number too long
            raise ConfigError(f"{path} is not TOML that can be read: {error}") from error
        config = _merge(config, tree, where=str(path))
    for setting in settings:
        key, separator, value = setting.partition("=")
        if not separator:
            raise ConfigError(f"--set wants key=value, not {setting!r}, e.g. --set llm.model=off")
        tree = _nested(key.strip().split("."), value.strip())
        config = _merge(config, tree, where=f"--set {key.strip()}")
    return replace(config, index=index) if index is not None else config


def _nested(path: list[str], value: str) -> dict[str, Any]:
    tree: Any = value
    for name in reversed(path):
        tree = {name: tree}
    return tree


def _merge(node: Any, tree: Mapping[str, Any], *, where: str) -> Any:
    known = {f.name for f in fields(node)}
    hints = get_type_hints(type(node))
    changes: dict[str, Any] = {}
    for name, value in tree.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise ConfigError(f"{where}: no setting {name!r}; did you mean {near!r}?")
        current = getattr(node, name)
        if is_dataclass(current):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{where}: {name!r} is a table; name a key in it")
            changes[name] = _merge(current, value, where=where)
        else:
            least = 1 if name in _AT_LEAST_ONE else 0
            changes[name] = _convert(value, hints[name], where=f"{where}: {name}", least=least)
    return replace(node, **changes)


def _convert(value: Any, wanted: type, *, where: str, least: int) -> Any:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if wanted is bool and isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    if wanted is bool and isinstance(value, bool):
        return value
    if wanted in (int, float):
        number = _number(value, least=least, whole=wanted is int)
        if number is not None:
            return number
        raise ConfigError(f"{where} wants a {wanted.__name__} from {least}, not {value!r:.40}")
    if wanted in (str, Path) and isinstance(value, str) and "\0" not in value:
        return wanted(value)
    raise ConfigError(f"{where} wants a {wanted.__name__}, not {value!r:.200}")


def _number(value: Any, *, least: int, whole: bool) -> int | float | None:
    """The number of a setting; None: it is none, too small, not finite, or beyond all bounds."""
    if isinstance(value, str):
        number = real(value)
    else:
        known = isinstance(value, int | float) and not isinstance(value, bool)
        number = bounded(value) if known else None
    if number is None or number < least or (whole and number % 1):
        return None
    return int(number) if whole else float(number)
