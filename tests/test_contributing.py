"""The newcomer's page is true: what it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def section(title):
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def is_there(name):
    """Whether a dotted name is a module of ours, or a function, a class or a method in one."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:count])
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if file.is_file():
            return _holds(ast.parse(file.read_text(encoding="utf-8")), parts[count:])
    return False


def _holds(tree, names):
    if not names:
        return True
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    inner = [node for node in tree.body if isinstance(node, defined) and node.name == names[0]]
    return any(_holds(node, names[1:]) for node in inner)


def test_names_that_are_not_there_are_found():
    assert is_there("rag.assistant.Assistant.stream")
    assert not is_there("rag.assistant.Assistant.walk")
    assert not is_there("rag.nowhere.at_all")


def test_the_paths_of_a_question_and_of_a_file_name_what_there_is():
    named = [
        name
        for title in ("The path of a question", "The path of a file")
        for name in re.findall(r"`((?:rag|eval|ui|index_store)\.[\w.]+)`", section(title))
    ]
    assert len(named) >= 20
    assert [name for name in named if not is_there(name)] == []


def test_the_picture_of_the_house_shows_every_folder():
    picture = section("The house").split("```")[1]
    folders = {
        path.parent.relative_to(ROOT)
        for house in ("rag", "eval", "ui", "lab")
        for path in (ROOT / house).rglob("__init__.py")
    }
    assert [str(folder) for folder in sorted(folders) if f"{folder.name}/" not in picture] == []
