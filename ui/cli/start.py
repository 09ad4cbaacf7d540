"""`quoth`: the terminal. Only argparse is imported here, so that help comes at once."""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from rag.config import Config, load_config
from rag.contract import terminal
from rag.errors import OutputError, QuothError, UsageError
from rag.language.sane import one_line
from ui.boundary import boundary

EXIT_ANSWERED, EXIT_ERROR, EXIT_USAGE, EXIT_ABSTAINED, EXIT_INTERRUPTED = 0, 1, 2, 3, 130

Command = Callable[[argparse.Namespace, Config], int]

_EXAMPLES = """\
examples:
  quoth ask "which papers study DPO failure modes?"
  quoth ask -c "and which of them propose a fix?"      goes on from the last question
  quoth ingest ~/papers/*.bib saved-page.txt           your own papers beside those in the box
  quoth ingest arxiv:cs.CL --since 2026-11-01          papers from where they live
  quoth export --out papers.bib                        all papers for other programs
  quoth chat                                           the page, on http://127.0.0.1:7860
  quoth ask - < question.txt                           the question from standard input
exit status: 0 answered, 3 abstained, 1 an error, 2 wrong usage
"""
_TRACE = "QUOTH_TRACE"
_FORMATS_HELP = (
    "auto, or one of page jsonl json csv bibtex ris nbib wos enw xml arxiv listing beir markdown"
)


class Parser(argparse.ArgumentParser):
    """A parser whose messages go to the terminal as everything does: they quote the arguments."""

    def error(self, message: str) -> NoReturn:
        """Tell of wrong usage, and end."""
        super().error(one_line(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        if message and file is sys.stderr:
            terminal.tell(message)
        elif message:
            terminal.write(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors are told in one line with what to do next.

    Returns:
        The exit status of the contract: 0 answered, 3 abstained, 1 error, 2 usage.
    """
    # SIGBUS, where an index is cut short under us, cannot be caught: leave a stack at least.
    if sys.__stderr__ is not None:
        faulthandler.enable(sys.__stderr__)
    terminal.hold_closed_streams()
    logging.basicConfig(handlers=[terminal.LogHandler()], format="%(levelname)s: %(message)s")
    try:
        with boundary(traced=False):
            return _run(arguments)
    except UsageError as error:
        return _tell(error, EXIT_USAGE)
    except OutputError as error:
        terminal.give_up_output()
        return _tell(error, EXIT_ERROR)
    except QuothError as error:
        if os.environ.get(_TRACE):
            terminal.tell(traceback.format_exc())
        return _tell(error, EXIT_ERROR)
    except KeyboardInterrupt:
        return _tell("interrupted; what was done so far is kept", EXIT_INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone: `quoth search ... | head`
        terminal.give_up_output()
        return EXIT_ANSWERED


def _run(arguments: Sequence[str] | None) -> int:
    parser = build_parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "command"):
        parser.print_help()
        return EXIT_USAGE
    config = load_config(options.config, settings=options.set, index=options.index)
    command: Command = options.command
    return command(options, config)


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    from eval.cli import add_parser as add_eval

    common = _common_options()
    parser: argparse.ArgumentParser = Parser(
        prog="quoth",
        description="Answers questions about scientific papers from their abstracts, and shows "
        "which words of which paper carry every sentence.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in _COMMANDS:
        add(commands, common)
    add_eval(commands, common)
    return parser


def _common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group("everywhere")
    group.add_argument("--index", type=Path, metavar="DIR", help="the index folder")
    group.add_argument("--config", type=Path, metavar="FILE", help="a TOML file of settings")
    group.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="e.g. llm.model=off"
    )
    group.add_argument("--json", action="store_true", help="machine-readable, on stdout")
    return common


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add_ingest(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]  # argparse has no public name for it
    from eval.cli import day
    from ui.cli.ingest import run

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "ingest", parents=[common], help="read papers into the index"
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, or - for stdin; none: those in the box. A source is asked over the network: "
        "arxiv:CATEGORY, openalex:SEARCH, daily:YYYY-MM-DD, zotero:[LIBRARY or COLLECTION]",
    )
    parser.add_argument(
        "--since", type=day, metavar="YYYY-MM-DD", help="the first day wanted of a source"
    )
    parser.add_argument(
        "--watch", type=Path, metavar="DIR", help="keep in step with a folder, until Ctrl-C"
    )
    parser.add_argument(
        "--page-year", type=int, metavar="YYYY", help="the year of dates on pages that leave it out"
    )
    parser.add_argument("--format", default="auto", help=_FORMATS_HELP)
    parser.add_argument("--dry-run", action="store_true", help="read and count, change nothing")
    parser.set_defaults(command=run)


def _add_export(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.export import run_export

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "export", parents=[common], help="write all papers for other programs"
    )
    parser.add_argument(
        "--format",
        choices=["bib", "csl", "csv", "md", "ris"],
        help="BibTeX, CSL-JSON, a table, Markdown, RIS; else what the ending of --out says",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to; else standard output")
    parser.set_defaults(command=run_export)


def _add_search(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.ask import run_search

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "search", parents=[common], help="the papers nearest to a question"
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="- reads it from stdin")
    parser.add_argument("-k", type=int, default=10, help="how many papers (10)")
    _add_batch(parser)
    parser.set_defaults(command=run_search)


def _add_ask(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.ask import run_ask

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "ask", parents=[common], help="a cited answer to a question"
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="- reads it from stdin")
    parser.add_argument(
        "-c", "--continue", dest="goes_on", action="store_true", help="go on from the last question"
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="keep the answer and its sources, too: .md .csv .bib .ris .csl .json",
    )
    _add_batch(parser)
    parser.set_defaults(command=run_ask)


def _add_batch(parser: argparse.ArgumentParser) -> None:
    from eval.cli import add_today

    parser.add_argument("--batch", type=Path, metavar="FILE", help="questions, JSON lines")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the results go")
    add_today(parser)


def _add_chat(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.serve import run_chat

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "chat", parents=[common], help="the page"
    )
    parser.add_argument("--host", default="127.0.0.1", help="127.0.0.1: this machine only")
    parser.add_argument("--port", type=int, default=7860)
    parser.add_argument("--auth", type=Path, metavar="FILE", help="who may log in: `quoth auth`")
    parser.add_argument(
        "--public-url",
        metavar="URL",
        help="the address people open, where a proxy stands before the page",
    )
    parser.add_argument(
        "--trusted-proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a proxy whose X-Forwarded-For counts (with --public-url: one on this machine)",
    )
    parser.set_defaults(command=run_chat)


def _add_info(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.ingest import run_info

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "info", parents=[common], help="what is indexed, and the models"
    )
    parser.set_defaults(command=run_info)


def _add_doctor(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.ingest import run_doctor

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "doctor", parents=[common], help="look for damage in the index, and mend it"
    )
    parser.add_argument("--repair", action="store_true", help="mend what can be mended")
    parser.set_defaults(command=run_doctor)


def _add_auth(commands: Commands, common: argparse.ArgumentParser) -> None:  # type: ignore[valid-type]
    from ui.cli.serve import run_auth

    parser = commands.add_parser(  # type: ignore[attr-defined]
        "auth", parents=[common], help="who may log in to the page"
    )
    parser.add_argument("action", choices=["add", "remove", "list"])
    parser.add_argument("name", nargs="?")
    parser.add_argument("--auth", type=Path, metavar="FILE", default=Path("quoth-auth.json"))
    parser.set_defaults(command=run_auth)


_COMMANDS = (
    _add_ingest, _add_export, _add_search, _add_ask, _add_chat, _add_info, _add_doctor, _add_auth,
)  # fmt: skip


def _tell(what: object, status: int) -> int:
    terminal.say(what)
    return status


if __name__ == "__main__":
    sys.exit(main())
