"""The one command that makes every learned part anew."""

from importlib.util import find_spec
from pathlib import Path

from lab.training import anew


def test_every_step_is_a_command_that_exists() -> None:
    for step in anew.STEPS:
        _, flag, module, *rest = anew.arguments(step, Path("shared"), Path("work"))
        assert flag == "-m"
        assert find_spec(module) is not None, module
        assert not any("{" in part for part in rest)
        if step.makes:
            assert f"work/{step.makes}" in " ".join(rest)


def test_what_is_done_is_not_done_again_until_it_is_forgotten(tmp_path: Path) -> None:
    names = [step.name for step in anew.STEPS]
    assert len({*names}) == len(names)
    for step in anew.STEPS:
        anew.mark(tmp_path, step)
        if step.makes:
            (tmp_path / step.makes).mkdir()
    assert not [*anew.left(tmp_path)]
    anew.forget(tmp_path, "paper-reader")
    assert next(anew.left(tmp_path)).name == "paper-reader"
    assert (tmp_path / "reader").is_dir()
    assert not (tmp_path / "paper_reader").exists()
    assert not (tmp_path / "evidence").exists()
