"""Measures what docs/evaluation.md tells, and writes the tables into it.

    python -m lab.document --work DIR [--llm MODEL] [STEP ...]

The steps are retrieval, dev, strangers, harder and agreement. Without names all are measured, one
after the other: on two cores about 40 minutes, most of it the embedding of SciFact. Everything
goes through the `quoth` command. Indexes and runs stay in DIR, and a second call goes on with
them; give another DIR to measure changed code.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.report.tables import markdown
from eval.retrieval.beir import read_beir
from eval.sets.perturb import PAPERS, QUESTIONS
from eval.sets.questions import SETS
from eval.statistics.numbers import Table, number

DOCS = Path(__file__).parent.parent / "docs" / "evaluation.md"
QUOTH = Path(sys.executable).with_name("quoth")

BENCHMARKS = ("scifact", "cisi", "cranfield", "limit_small")
LEARNED_FROM = "scifact"
"""The benchmark of which a fifth of the queries is kept aside and measured."""
PUBLISHED = {
    "scifact": "nDCG@10 on the test split: BM25 .679, all-MiniLM-L6-v2 .645, SPLADE++ .704, "
    "bge-base .741, monoT5-3B about .777",
    "cisi": "none with these queries and judgements",
    "cranfield": "none with these queries and judgements",
    "limit_small": "none at this size; recall@2 / @10 of the full one (50,000 documents): "
    "BM25 .857 / .903, ColBERTv2 .257 / .376, all-MiniLM-L6-v2 .001 / .006",
}
"""From the papers of BEIR, SPLADE, BGE and LIMIT: of other splits or sizes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data are, where the measurements go, and which language model writes answers."""

    shared: Path
    work: Path
    llm: str = "off"

    @property
    def model(self) -> tuple[str, str]:
        """The setting of the language model, as arguments."""
        return ("--set", f"llm.model={self.llm}")


def retrieval(place: Place) -> Iterator[str]:
    """The table of the benchmarks."""
    rows = [["", "documents", "queries", "cosine", "BM25", "their sum", "**Quoth**"]]
    rows[0] += ["R@2", "R@10", "R-prec", "MRR", "MAP"]
    for name in BENCHMARKS:
        folder = place.shared / "bench" / name
        index = place.work / name
        if name == LEARNED_FROM:
            folder = _claims_held_out(folder, place.work / f"{name}_held_out")
        found = _json("eval", "retrieval", folder, "--parts", "--index", index)
        (place.work / f"{name}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
        figures = found["figures"]
        alone = [found["parts"][part] for part in ("whole abstract", "BM25", "their sum")]
        rows.append(
            [
                found["folder"].replace("_", "-"),
                str(found["documents"]),
                str(found["queries"]),
                *(number(one["nDCG@10"]["value"]) for one in alone),
                _with_interval(figures["nDCG@10"]),
                *(number(figures[key]["value"]) for key in ("recall@2", "recall@10")),
                *(number(figures[key]["value"]) for key in ("R-precision", "MRR", "MAP")),
            ]
        )
    yield f"Measured {_today()}; the four columns from *cosine* to *Quoth* are nDCG@10."
    yield ""
    yield from _table(rows)
    yield ""
    yield "Published, for orientation:"
    yield ""
    yield from (f"- {name.replace('_', '-')}: {PUBLISHED[name]}" for name in BENCHMARKS)


def _claims_held_out(folder: Path, out: Path) -> Path:
    """SciFact with the claims that nothing was learned from."""
    from lab.training.reader_data import held_out

    out.mkdir(parents=True, exist_ok=True)
    told = read_beir(folder)
    if not (out / told.corpus.name).exists():
        (out / told.corpus.name).symlink_to(told.corpus.resolve())
    kept = {name: text for name, text in told.queries.items() if held_out(name)}
    records = [json.dumps({"id": name, "text": text}) for name, text in kept.items()]
    judged = [f"{q}\t{d}\t{g}" for q in kept for d, g in told.relevance[q].items()]
    (out / "queries.jsonl").write_text("\n".join(records) + "\n", encoding="utf-8")
    (out / "qrels.tsv").write_text("\n".join(judged) + "\n", encoding="utf-8")
    return out


def dev(place: Place) -> Iterator[str]:
    """The table of the dev set over the five pages, and its report."""
    pages = sorted((place.shared / "corpus").glob("*.txt"))
    index, run = place.work / "pages", place.work / "dev"
    _quoth("ingest", *pages, "--page-year", "2025", "--index", index)
    _quoth("eval", "run", "dev", "--index", index, *place.model, "--out", run)
    found = _json("eval", "score", run)
    _quoth("eval", "report", run)
    _picture(run / "report.html", DOCS.with_name("evaluation-report.png"))
    yield f"Measured {_today()} with `llm.model={place.llm}` (off: in the papers' own words only)."
    yield ""
    yield from _table(_by_type(found))


def strangers(place: Place) -> Iterator[str]:
    """The tables of all sets side by side, with their gaps and trivial rivals."""
    corpora = {
        "dev": (SETS[1], sorted((place.shared / "corpus").glob("*.txt"))),
        **{name: _strange(place, name) for name in ("devb", "devc")},
    }
    runs = []
    for name, (questions, papers) in corpora.items():
        index, run = place.work / f"{name}-index", place.work / f"{name}-run"
        _quoth("ingest", *papers, "--page-year", "2025", "--index", index)
        _quoth("eval", "run", questions, "--index", index, *place.model, "--out", run)
        runs.append(run)
    box = place.work / f"{SETS[0]}-run"
    _quoth("eval", "run", SETS[0], *place.model, "--out", box)
    _quoth("eval", "report", *runs, box, "--out", place.work / "strangers")
    text = (place.work / "strangers" / "report.md").read_text(encoding="utf-8")
    yield f"Measured {_today()} with `llm.model={place.llm}`."
    yield ""
    yield from text.partition("## Sets side by side\n")[2].partition("\n## ")[0].strip().split("\n")


def _strange(place: Place, name: str) -> tuple[Path, list[Path]]:
    """A set that a stranger wrote, and its papers: devb is of corpus_b, devc of corpus_c."""
    papers = place.shared / f"corpus_{name.removeprefix('dev')}" / "papers.jsonl"
    return place.shared / "questions" / f"{name}.jsonl", [papers]


def harder(place: Place) -> Iterator[str]:
    """The table of the perturbations of the starter set."""
    plain = place.work / "starter"
    _quoth("eval", "run", "starter", *place.model, "--out", plain)
    runs = []
    for name in (*QUESTIONS, *PAPERS):
        runs.append(place.work / f"starter-{name}")
        _quoth("eval", "run", "starter", *place.model, "--perturb", name, "--out", runs[-1])
    found = _json("eval", "robustness", plain, *runs)
    header = list(found["perturbations"][0])
    together = found["fail_safe"]
    yield f"The starter set, measured {_today()} with seed 0 and `llm.model={place.llm}`."
    yield ""
    yield from _table([header, *(list(row.values()) for row in found["perturbations"])])
    yield ""
    yield (
        f"Robustness {number(together['robustness'])}, grounding {number(together['grounding'])}, "
        f"together {number(together['together'])} over {together['count']} answerable questions."
    )


def agreement(place: Place) -> Iterator[str]:
    """The table of the support check against people."""
    command = [sys.executable, "-m", "lab.bench.agreement", "--shared", str(place.shared)]
    subprocess.run(command, check=True)
    from eval.scores.support_agreement import measured

    found = measured()
    if found is None:
        raise SystemExit("lab.bench.agreement stored nothing")
    rows = [["data", "pairs", "figure", "the check", "always the commonest"]]
    for one in found.agreements:
        cells = [number(one.value), number(one.majority)]
        rows.append([one.data, str(one.count), one.figure, *cells])
    yield f"Measured {found.date}."
    yield ""
    yield from _table(rows)


STEPS: dict[str, Callable[[Place], Iterator[str]]] = {
    "retrieval": retrieval,
    "dev": dev,
    "strangers": strangers,
    "harder": harder,
    "agreement": agreement,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what was named, and write each table when it is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("steps", nargs="*", metavar="STEP", help=", ".join(STEPS))
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--llm", default="off", help="language model of dev and harder (off)")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.steps if name not in STEPS]:
        parser.error(f"there is no step {unknown[0]!r}; steps: {', '.join(STEPS)}")
    options.work.mkdir(parents=True, exist_ok=True)
    place = Place(shared=options.shared, work=options.work, llm=options.llm)
    for name in options.steps or STEPS:
        lines = list(STEPS[name](place))
        text = DOCS.read_text(encoding="utf-8")
        DOCS.write_text(with_block(text, name, lines), encoding="utf-8")
        sys.stdout.write("\n".join([f"{name}: written to {DOCS}", *lines]) + "\n")


def with_block(text: str, name: str, lines: Sequence[str]) -> str:
    """The text with the lines between its marks of that name, which stay.

    Raises:
        ValueError: the text has no such marks.
    """
    pattern = rf"(<!-- {name}: [^\n]*-->\n).*?(<!-- /{name} -->)"
    block = "\n".join(lines)
    changed, count = re.subn(
        pattern, lambda found: f"{found[1]}\n{block}\n\n{found[2]}", text, flags=re.DOTALL
    )
    if count != 1:
        raise ValueError(f"{count} blocks of the name {name!r} in the text, and not one")
    return changed


def _quoth(*arguments: object) -> str:
    command = [str(QUOTH), *map(str, arguments)]
    sys.stderr.write(f"$ quoth {' '.join(command[1:])}\n")
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _json(*arguments: object) -> Any:
    return json.loads(_quoth(*arguments, "--json"))


def _picture(page: Path, out: Path) -> None:
    """The top of a report, as a browser shows it: figures and plots, and no words of papers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=shutil.which("chromium"))
        shown = browser.new_page(viewport={"width": 1100, "height": 1260})
        shown.goto(page.resolve().as_uri())
        shown.screenshot(path=out)
        browser.close()


_SHOWN = ("score", "cited_precision", "cited_recall", "ndcg@10", "recall@10", "mrr", "k_precision")


def _by_type(found: Mapping[str, Any]) -> Table:
    from eval.scores.figures import BY_NAME

    figures = found["figures"]
    types = list(figures["score"])
    rows = [["", *types]]
    for name in (*_SHOWN, "over_refusal", "abstention_recall", "prudence", "aurc"):
        cells = [figures[name].get(type_, {}).get("value") for type_ in types]
        rows.append([BY_NAME[name].title, *(number(value) for value in cells)])
    return rows


def _table(rows: Table) -> list[str]:
    return [line.replace("\\*\\*", "**") for line in markdown(rows)]


def _with_interval(tree: Mapping[str, Any]) -> str:
    low, high = tree["interval"]["low"], tree["interval"]["high"]
    return f"**{number(tree['value'])}** ({low:.2f} to {high:.2f})"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


if __name__ == "__main__":
    main()
