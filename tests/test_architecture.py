"""The rooms and floors of DESIGN, read off the imports."""

import ast
import functools
from pathlib import Path

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
    3: (
        "ingest retrieval evidence understanding answer answering corpus scribe composing planning task"
    ),
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
    "torch": lambda path: _floor_of(path) == 2 or _in_lab(path),
    "transformers": lambda path: _floor_of(path) == 2 or _in_lab(path),
    "gradio": lambda path: path.parts[0] == "ui",
}
LATE = {"torch", "transformers", "chromadb"}  # never at the top of a module
LONGEST_FILE = 350


def _in_lab(path):
    return path.parts[0] == "lab" or "training" in path.parts[:2]


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


@functools.cache
def _tree(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@functools.cache
def _imports(path, *, top_only=False):
    found, tree = [], _tree(path)
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in ROOMS:
                found += [f"{node.module}.{alias.name}" for alias in node.names]
            found.append(node.module)
    return found


def test_rooms_import_only_what_stands_before_them():
    wrong = []
    for path in _sources():
        later = ROOMS[ROOMS.index(path.parts[0]) + 1 :]
        wrong += [f"{path}: {name}" for name in _imports(path) if name.split(".")[0] in later]
    assert wrong == []


def test_floors_import_only_lower_floors():
    wrong = []
    for path in _sources():
        if path.parts[0] != "rag" or path.parts == ("rag", "__init__.py"):
            continue
        own, floor = path.parts[1].removesuffix(".py"), _floor_of(path)
        if floor is None:
            wrong.append(f"{path} stands on no floor: name it in FLOORS")
            continue
        for name in _imports(path):
            parts = name.split(".")
            if parts[0] != "rag" or len(parts) < 2 or parts[1] == own:
                continue
            # `from rag import build` names the module; `rag.x.name` a thing in it, on no floor.
            if (_floor(parts[1]) or 0) > floor:
                wrong.append(f"{path} (floor {floor}): {name} (floor {_floor(parts[1])})")
    assert wrong == []


def test_heavy_libraries_stay_where_they_belong():
    wrong = []
    for path in _sources():
        libraries = {name.split(".")[0] for name in _imports(path)}
        out_of_place = [one for one in libraries & set(HEAVY) if not HEAVY[one](path)]
        wrong += [f"{path}: {library}" for library in out_of_place]
        late = {name.split(".")[0] for name in _imports(path, top_only=True)} & LATE
        wrong += [f"{path}: {library} at the top: import inside functions" for library in late]
    assert wrong == []


def test_nobody_uses_the_global_settings_of_llama_index():
    wrong = [
        path
        for path in _sources()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("llama_index")
        and "Settings" in {alias.name for alias in node.names}
    ]
    assert wrong == []


def test_files_are_short():
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in _sources()
    }
    assert len(lengths) > 200
    assert {path: count for path, count in lengths.items() if count > LONGEST_FILE} == {}
