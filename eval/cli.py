"""`quoth eval ...`: the parsers. Only argparse is imported here, so that help comes at once."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Config

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

EXIT_REGRESSION = 4

Command = Callable[[argparse.Namespace, Config], int]

_EXAMPLES = """\
examples:
  quoth eval run starter --out runs/now            the set in the box, over the papers in the box
  quoth eval run mine.jsonl --out runs/now         your questions over your index; goes on if killed
  quoth eval score runs/now
  quoth eval score runs/dev runs/mine              two sets side by side, with the gaps
  quoth eval compare runs/before runs/now          exit 4 when something got significantly worse
  quoth eval run starter --perturb misspelled --out runs/slips
  quoth eval robustness runs/now runs/slips        is it the same under slips of the keyboard?
  quoth eval report runs/now --against runs/before one HTML page, Markdown and JUnit XML
  quoth eval new --out drafts.jsonl                drafts of questions from your own papers
  quoth eval retrieval beir/scifact                corpus, queries, qrels: how good search is
"""


def add_parser(commands: Commands, common: argparse.ArgumentParser) -> None:
    """Add `eval` and its sub-commands; each sets `command(options, config) -> exit status`.

    Args:
        commands: the sub-parsers of `quoth`.
        common: a parser with the options that every command takes (--index, --set, --json ...).
    """
    parser = commands.add_parser(
        "eval",
        help="measure answers on a question set, compare runs, report",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # Without a step the common options are not parsed; `quoth` reads them all the same.
    parser.set_defaults(command=_help(parser), index=None, config=None, set=[], json=False)
    steps = parser.add_subparsers(title="steps", metavar="STEP")
    for add in (_run, _score, _compare, _robustness, _report, _judge, _retrieval, _new):
        add(steps, common)


def _help(parser: argparse.ArgumentParser) -> Command:
    def run(options: argparse.Namespace, config: Config) -> int:
        parser.print_help()
        return 2

    return run


# Where each step is carried out; imported when it runs.
_PLACES = {
    "run": "eval.commands.run",
    "score": "eval.commands.score",
    "compare": "eval.commands.score",
    "robustness": "eval.commands.robustness",
    "report": "eval.commands.score",
    "judge": "eval.commands.more",
    "retrieval": "eval.commands.retrieval",
    "new": "eval.commands.more",
}


def _step(
    steps: Commands, common: argparse.ArgumentParser, name: str, help_: str
) -> argparse.ArgumentParser:
    def run(options: argparse.Namespace, config: Config) -> int:
        command: Command = getattr(importlib.import_module(_PLACES[name]), name)
        return command(options, config)

    parser = steps.add_parser(name, parents=[common], help=help_, description=help_)
    parser.set_defaults(command=run)
    return parser


def _run(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "run", "ask a set of questions and keep the raw answers")
    parser.add_argument(
        "questions", metavar="QUESTIONS", help="a .jsonl file, or a set in the box: starter, dev"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="the run's folder")
    parser.add_argument("-k", type=int, default=10, help="papers of search kept; 0: none (10)")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N questions")
    parser.add_argument("--drafts", action="store_true", help="also questions marked as drafts")
    parser.add_argument(
        "--answers", type=Path, metavar="FILE", help="take answer objects from FILE, ask nothing"
    )
    add_today(parser)
    parser.add_argument("--perturb", metavar="NAME", help="see docs/evaluation.md for the names")
    parser.add_argument("--seed", type=int, default=0, help="of --perturb (0)")


def add_today(parser: argparse.ArgumentParser) -> None:
    """Add the option that says on which day questions are asked."""
    parser.add_argument(
        "--today",
        type=day,
        metavar="YYYY-MM-DD",
        help='the day from which "last month" counts, where a question has no "today" of its own',
    )


def day(text: str) -> date:
    """A day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day; write it as 2026-11-30"
        ) from error


def _score(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "score", "figures of a run; runs no model")
    _run_and_others(parser)
    parser.add_argument("--questions", metavar="FILE", help="score against the gold of this file")
    parser.add_argument(
        "--cross-validate",
        action="store_true",
        help="also with the abstention threshold fitted on other questions (5 folds)",
    )


def _run_and_others(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument(
        "others",
        type=Path,
        nargs="*",
        metavar="RUN_OF_ANOTHER_SET",
        help="put side by side with RUN, with the gaps between them",
    )


def _compare(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "compare", "what changed between two runs, and is it luck?")
    parser.add_argument("before", type=Path, metavar="RUN_A", help="the baseline")
    parser.add_argument("after", type=Path, metavar="RUN_B", help="what is judged")
    parser.add_argument(
        "--fail-under",
        action="append",
        default=[],
        metavar="FIGURE=VALUE",
        help="also fail when a figure of RUN_B is worse than VALUE (may be repeated)",
    )
    parser.add_argument(
        "--alpha", type=float, default=0.05, help="accepted chance of a false alarm (0.05)"
    )
    parser.add_argument(
        "--figures", default="", metavar="A,B", help="figures that may fail, instead of the usual"
    )


def _robustness(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "robustness", "a run beside runs of the same set perturbed")
    parser.add_argument("run", type=Path, metavar="RUN", help="the plain run")
    parser.add_argument("perturbed", type=Path, nargs="+", metavar="PERTURBED_RUN")


def _report(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "report", "one HTML page with plots, Markdown and JUnit XML")
    _run_and_others(parser)
    parser.add_argument("--against", type=Path, metavar="RUN_B", help="a baseline to compare with")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write (RUN)")


def _judge(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "judge", "rate a run's answers with the configured model")
    parser.add_argument("run", type=Path, metavar="RUN")
    parser.add_argument("--against", type=Path, metavar="RUN_B", help="also prefer one of the two")


def _retrieval(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "retrieval", "how good search is on a BEIR-shaped folder")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="corpus, queries, qrels")
    parser.add_argument("-k", type=int, default=50, help="papers asked of search (50)")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N judged queries")
    parser.add_argument("--out", type=Path, metavar="FILE", help="rankings, as a TREC run file")
    parser.add_argument(
        "--parts", action="store_true", help="also what each score alone finds: cosines, BM25, sum"
    )


def _new(steps: Commands, common: argparse.ArgumentParser) -> None:
    parser = _step(steps, common, "new", "draft questions from your own index, gold filled in")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="a new .jsonl")
    parser.add_argument("--count", type=int, default=40, help="how many drafts (40)")
    parser.add_argument("--seed", type=int, default=0, help="other drafts with another seed (0)")
