"""Reads each of the specimens of odd files and prints what its row expects beside what came.

    python -m lab.specimens ../shared/specimens             # a table for the terminal
    python -m lab.specimens ../shared/specimens --markdown   # the table of docs/formats.md

Only names, kinds and verdicts are printed: the specimens' text stays where it is.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.contract.terminal import write
from rag.errors import InputError
from rag.papers import Catalogue, Rejected, read
from rag.types import Paper

README = "README.tsv"
MARKUP = re.compile(
    r"</?(?:jats:|mml:)?[a-z][a-z0-9:-]*(?:\s[^<>]*)?/?>"  # a tag
    r"|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});"  # an entity
    r"|\\[a-z]{2,}|\$[^$]*[\\^_][^$]*\$|\{\\",  # a command of TeX, or its mathematics
    re.IGNORECASE,
)
"""What no quote may show: tags, entities, commands of TeX."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file."""

    name: str
    papers: tuple[Paper, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]
    error: str

    @property
    def shown(self) -> str:
        """In a few words: "2 papers, 1 rejected", "refused"."""
        if self.error and not self.papers:
            return "refused"
        count = len(self.papers)
        papers = f"{count} paper{'s' * (count != 1)}"
        return f"{papers}, {len(self.rejected)} rejected" if self.rejected else papers

    @property
    def markup(self) -> tuple[str, ...]:
        """Pieces of markup left in titles, abstracts and names."""
        texts = [t for p in self.papers for t in (p.title, p.abstract, *p.authors)]
        return tuple(found for text in texts for found in MARKUP.findall(text))


def outcome(path: Path) -> Outcome:
    """Read a file as `quoth ingest` does, without an index."""
    catalogue = Catalogue()
    notes: list[str] = []
    rejected: list[Rejected] = []
    error = ""
    try:
        for item in read(path, on_note=notes.append):
            if isinstance(item, Rejected):
                rejected.append(item)
            else:
                catalogue.add(item)
    except InputError as failure:
        error = str(failure)
    catalogue.settle()
    told = (*notes, *catalogue.notes)
    return Outcome(path.name, catalogue.papers, tuple(rejected), told, error)


def fits(expected: str, got: Outcome) -> bool:
    """Whether the numbers are among those that a row expects ("1 or 2", "0 (+2)", "clear no")."""
    plain = re.sub(r"\([^)]*\)", "", expected)
    if got.error:
        return not got.papers and ("clear no" in plain or "error" in plain)
    numbers = [int(number) for number in re.findall(r"\d+", plain.split(" dated")[0])]
    if re.search(r"\(\+\d+", expected):
        said = re.search(r"\(\+(\d+)", expected)
        if said is not None and len(got.rejected) != int(said[1]):
            return False
    return len(got.papers) in numbers and not got.markup


def rows(folder: Path) -> Sequence[dict[str, str]]:
    """The rows of the list of specimens."""
    with (folder / README).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    good = 0
    found = rows(options.folder)
    if options.markdown:
        write("| file | kind | expected | got | |\n|---|---|---|---|---|\n")
    for row in found:
        got = outcome(options.folder / row["file"])
        fine = fits(row["expected_records"], got)
        good += fine
        verdict = "as expected" if fine else "NOT as expected"
        cells = (row["file"], row["format"], row["expected_records"], got.shown, verdict)
        if options.markdown:
            write("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
        else:
            write(f"{cells[0]:40} {cells[2][:30]:30} {cells[3]:24} {verdict}\n")
            if got.markup:
                write(f"    {got.markup}\n")
    write(f"\n{good} of {len(found)} as expected\n")


if __name__ == "__main__":
    main()
