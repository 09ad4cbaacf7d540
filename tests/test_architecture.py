"""The house of DESIGN, read off the imports: rooms, their order, their size."""

import ast
import collections
import functools
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSES = ("index_store", "rag", "eval", "ui", "lab")  # each may import those before it, `lab` all

# The rooms of a house in order: a module imports rooms before its own, and its own.
ROOMS = {
    "rag": (
        "package_data errors types language config contract papers exports sources names library models "
        "support retelling question evidence answer assistant build"
    ),
    "eval": "metrics statistics sets runs judging scores retrieval report cli commands",
    "ui": "boundary private turns talk html gate doors page cli",
}
HEAVY = {  # library -> where it may be imported at all
    "chromadb": lambda path: path.parts[0] == "index_store",
    "torch": lambda path: _runs_models(path) or path.parts[0] == "lab",
    "transformers": lambda path: _runs_models(path) or path.parts[0] == "lab",
    "gradio": lambda path: path.parts[0] == "ui",
}
LATE = {"torch", "transformers", "chromadb"}  # never at the top of a module
BUILDERS = {"rag/question/asker.py"}  # run a model, and know what it is asked
MANY_ALIKE = {"eval/metrics", "rag/papers/readers"}  # one file a metric, a format
FACED = {  # entered by their face alone, but by `lab`, which measures and teaches what is inside
    "rag/types",
    "rag/papers/readers",
    "rag/names",
    "rag/support",
    "rag/retelling",
    "rag/answer",
    "eval/judging",
    "eval/retrieval",
}
OPEN_OF_RAG = {  # what `eval` and `ui` may import of it: doors, and below them what is still open
    *"build config contract errors types".split(),
    *"assistant evidence exports language library models package_data papers sources support".split(),
}
MOST_MODULES = 12
LONGEST_FILE = 350
MOST_NAMES = 8
LARGER_FOLDERS = {"index_store": 15}
WIDER_FACES = {"rag": 12, "rag/papers": 12, "rag/types": 30}  # the nouns are all of one face


def _runs_models(path):
    return path.parts[:2] == ("rag", "models") or str(path) in BUILDERS


def _sources():
    for house in HOUSES:
        for path in sorted((ROOT / house).rglob("*.py")):
            yield path.relative_to(ROOT)


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
            if node.module in HOUSES:  # `from rag import build` names the module
                found += [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                found.append(node.module)
    return found


def _room(path):
    return path.parts[1].removesuffix(".py")


def test_rooms_import_only_what_stands_before_them():
    wrong = []
    for path in _sources():
        later = HOUSES[HOUSES.index(path.parts[0]) + 1 :]
        wrong += [f"{path}: {name}" for name in _imports(path) if name.split(".")[0] in later]
    assert wrong == []


@pytest.mark.parametrize("house", ROOMS)
def test_rooms_of_a_house_are_strictly_ordered(house):
    order, wrong = ROOMS[house].split(), []
    for path in _sources():
        if path.parts[0] != house or path.parts == (house, "__init__.py"):
            continue
        if _room(path) not in order:
            wrong.append(f"{path} is in no room: name it in ROOMS")
            continue
        before = order[: order.index(_room(path)) + 1]
        for name in _imports(path):
            parts = name.split(".")
            if parts[0] == house and len(parts) > 1 and parts[1] not in before:
                wrong.append(f"{path}: {name}")
    assert wrong == []


def test_rooms_are_entered_by_their_faces():
    wrong = []
    for path in _sources():
        for name in _imports(path) if path.parts[0] != "lab" else ():
            parts = name.split(".")
            for count in range(2, len(parts)):
                room = "/".join(parts[:count])
                if room in FACED and not str(path).startswith(f"{room}/"):
                    wrong.append(f"{path}: {name}")
    assert wrong == []


def test_what_others_import_of_rag_grows_no_more():
    used = {
        name.split(".")[1]
        for path in _sources()
        if path.parts[0] in ("eval", "ui")
        for name in _imports(path)
        if name.startswith("rag.")
    }
    assert used - OPEN_OF_RAG == set()


def test_every_room_that_is_named_is_there():
    for house, rooms in ROOMS.items():
        there = {_room(path) for path in _sources() if path.parts[0] == house}
        assert set(rooms.split()) == there - {"__init__"}, house


def test_every_folder_says_what_it_is_for_and_offers_little():
    wrong = []
    for folder in sorted({path.parent for path in _sources()}):
        face = ROOT / folder / "__init__.py"
        if not face.exists():
            wrong.append(f"{folder}: no __init__.py")
            continue
        tree = _tree(folder / "__init__.py")
        if len(folder.parts) > 1 and not ast.get_docstring(tree):
            wrong.append(f"{folder}: its face says nothing")
        for node in tree.body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                count = len(node.value.elts)
                if count > WIDER_FACES.get(str(folder), MOST_NAMES):
                    wrong.append(f"{folder}: offers {count} names")
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


def test_folders_are_small():
    counts = collections.Counter(
        str(path.parent)
        for path in _sources()
        if path.parts[0] != "lab" and not path.stem.startswith("__")
    )
    large = {
        folder: count
        for folder, count in counts.items()
        if count > LARGER_FOLDERS.get(folder, MOST_MODULES) and folder not in MANY_ALIKE
    }
    assert large == {}


def test_package_data_are_found_in_one_place():
    wrong = [
        str(path)
        for path in _sources()
        if path.parts[0] == "rag"
        and any(
            isinstance(node, ast.Name) and node.id == "__file__" for node in ast.walk(_tree(path))
        )
    ]
    # The configuration knows where an index lies that nobody placed.
    assert wrong == ["rag/config.py", "rag/package_data.py"]
