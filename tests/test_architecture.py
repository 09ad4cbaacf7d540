"""The rooms and floors of DESIGN, read off the imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("index_store", "rag", "eval", "ui", "lab")  # each may import those before it

# Every module of `rag` by floor; a module imports only lower floors (and its own package).
FLOORS = {
    0: "types errors",
    1: (
        "config clock prompts papers sentences citations support contract models terms learned "
        "sane numerals wire terminal asked sentence_features paper_features alternatives roles trimming closeness retelling filters names indexing"
    ),
    2: (
        "embedding minilm llm reader paper_reader batching adapters entailment nodes devices decoding writer_weights rating "
        "question"
    ),
    3: ("ingest retrieval evidence understanding answering corpus scribe composing planning task"),
    4: "assistant",
    5: "build",
}
FAMILIES = {  # helpers of a module, named after it or found only through it
    "filters": "releases bindings wording organizations",
    "names": "name_index name_titles name_words name_cues coined spelling",
    "support": (
        "support_words support_matching support_features support_conflicts support_edits "
        "support_numbers quantities polarity alignment comparisons"
    ),
    "retelling": "retelling_edits retelling_clauses retelling_persons retelling_tokens",
    "understanding": "followups statements",
    "ingest": "intake",
}
HEAVY = {  # library -> where it may be imported at all
    "chromadb": lambda path: path.parts[0] == "index_store",
    "torch": lambda path: _floor_of(path) == 2 or "training" in path.parts[:2],
    "transformers": lambda path: _floor_of(path) == 2 or "training" in path.parts[:2],
    "gradio": lambda path: path.parts[0] == "ui",
}
LATE = {"torch", "transformers", "chromadb"}  # never at the top of a module
LONGEST_FILE = 350


def _sources():
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT)


def _floor(name):
    for floor, names in FLOORS.items():
        if name in names.split():
            return floor
    for family, names in FAMILIES.items():
        if name in names.split():
            return _floor(family)
    return None


def _floor_of(path):
    if path.parts[0] != "rag" or len(path.parts) < 2:
        return None
    return _floor(path.parts[1].removesuffix(".py"))


def _imports(path, *, top_only=False):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    nodes = tree.body if top_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in ROOMS:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield node.module


@pytest.mark.parametrize("path", list(_sources()), ids=str)
def test_rooms_import_only_what_stands_before_them(path):
    room = ROOMS.index(path.parts[0])
    later = [name for name in _imports(path) if name.split(".")[0] in ROOMS[room + 1 :]]
    assert not later, f"{path} imports {later}"


@pytest.mark.parametrize("path", [p for p in _sources() if p.parts[0] == "rag"], ids=str)
def test_floors_import_only_lower_floors(path):
    if path.name == "__init__.py" and len(path.parts) == 2:
        return
    own, floor = path.parts[1].removesuffix(".py"), _floor_of(path)
    assert floor is not None, f"{path} stands on no floor: name it in FLOORS"
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] != "rag" or len(parts) < 2 or parts[1] == own:
            continue
        other = _floor(parts[1])
        if other is None:  # `from rag import build` names the module; `rag.x.name` a thing in it
            continue
        assert other <= floor, f"{path} (floor {floor}) imports {name} (floor {other})"


@pytest.mark.parametrize("path", list(_sources()), ids=str)
def test_heavy_libraries_stay_where_they_belong(path):
    for name in _imports(path):
        library = name.split(".")[0]
        if library in HEAVY:
            assert HEAVY[library](path), f"{path} imports {library}"
    late = {name.split(".")[0] for name in _imports(path, top_only=True)} & LATE
    assert not late, f"{path} imports {late} at the top: import inside functions"


@pytest.mark.parametrize("path", list(_sources()), ids=str)
def test_nobody_uses_the_global_settings_of_llama_index(path):
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("llama_index"):
            assert "Settings" not in {alias.name for alias in node.names}, path


@pytest.mark.parametrize("path", list(_sources()), ids=str)
def test_files_are_short(path):
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{path} has {lines} lines"
