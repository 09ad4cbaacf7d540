"""The wheel: all that the product needs is in it, and it answers from an empty environment.

Building and installing take minutes and the package index, so only `.ci/run` asks for it
(QUOTH_CLEAN_ROOM=1).
"""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        os.environ.get("QUOTH_CLEAN_ROOM") != "1",
        reason="builds and installs the wheel for minutes: QUOTH_CLEAN_ROOM=1 asks for it",
    ),
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of what is committed, built in a copy: a build leaves folders behind."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=HERE, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "-x", "-C", source], input=archive.stdout, check=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "-w", out, source], check=True)
    return next(out.glob("quoth-*.whl"))


def test_every_package_and_all_its_data_is_in_the_wheel(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "index_store", "rag", "eval", "ui", "prompts"],
        cwd=HERE,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.split()
    assert set(tracked) - inside == set()
    outside = ("index_store/data", "lab", "tests")
    assert [name for name in inside if name.startswith(outside)] == []


def test_the_wheel_alone_answers_from_an_empty_folder(wheel, tmp_path):
    room, empty = tmp_path / "room", tmp_path / "empty"
    empty.mkdir()
    venv.create(room, with_pip=True)
    # Isolated: the checkout is on the path of `python -m`, and pip finds Quoth installed there.
    pip = [room / "bin" / "python", "-I", "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--quiet", "-c", HERE / "constraints.txt", wheel], check=True)
    models = Path(sys.prefix) / "share" / "quoth-models"
    asked = subprocess.run(
        [room / "bin" / "quoth", "ask", "which papers study DPO failure modes?"],
        cwd=empty,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "QUOTH_MODELS": str(models)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert "[1]" in asked.stdout
    assert list(empty.iterdir()) == []
