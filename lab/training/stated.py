"""Learn how papers are ranked for a statement: "stated" of `rag/data/ranking.json`.

    python -m lab.training.stated --index DIR --scifact DIR --shared DIR [--out FILE]

The eight measures of `lab/training/ranking.py`, weighed with the questions' side of the encoder.
Learned from: SciFact's train claims but for the fifth that is kept aside, and what the examples say
of the "dev" papers of `lab.data.support_cases`. The questions' side has learned from the claims
too, so their cosines look better than those of others do, and the examples' words are those of the
papers: so the weights are held near those for questions. Printed: nDCG@10 of what was kept aside.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.metrics.ndcg import ndcg
from eval.statistics.resampling import mean_interval
from lab.training.fitting import fit_listwise
from lab.training.query_data import SAID, Asked, of_benchmark, of_papers
from lab.training.ranking import Remembering, linear
from rag.config import RetrievalConfig
from rag.evidence import learned, paper_features
from rag.evidence.learned import Linear
from rag.evidence.retrieval import Retriever
from rag.library.codec import open_index
from rag.library.corpus import Corpus
from rag.package_data import DATA

DEPTH = 10
DECAY = 0.1
"""Of how far the weights are from those for questions. With .01, .3, 1 and 3 the claims kept aside
gain as well: they do not hang on it."""
_TARGET = DATA / "ranking.json"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates for a statement: measures (n, k), and which of them are right (n,)."""

    told: Asked
    rows: NDArray[np.float64]
    right: NDArray[np.float64]

    def ndcg(self, model: Linear) -> float:
        """nDCG@10 by a model's scores, against all papers that are right."""
        order = np.argsort(-model.scores(self.rows), kind="stable")
        right = np.flatnonzero(self.right)
        missed = [f"missed {i}" for i in range(len(self.told.right) - len(right))]
        relevance = dict.fromkeys([*(str(i) for i in right), *missed], 1)
        return ndcg([str(i) for i in order], relevance, cutoff=DEPTH) or 0.0


def main() -> None:
    """Fit, write the model down, print what it adds to that of questions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="of the training papers")
    parser.add_argument("--scifact", type=Path, required=True, help="index of SciFact's corpus")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/, bench/")
    parser.add_argument("--out", type=Path, default=_TARGET)
    options = parser.parse_args()
    ranked = _all_ranked(options)
    fit = [one for one in ranked if one.told.part != "test" and one.right.any()]
    plain = learned.load("paper", paper_features.NAMES)
    towards = np.asarray(plain.weight) / np.asarray(plain.scale)
    entry = fit_listwise([(one.rows, one.right) for one in fit], decay=DECAY, towards=towards)
    tree = json.loads(options.out.read_text(encoding="utf-8"))
    tree["stated"] = {"names": list(paper_features.NAMES), **entry}
    options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    _compare(ranked, plain, linear(paper_features.NAMES, entry))


def _all_ranked(options: argparse.Namespace) -> list[Ranked]:
    encoder = Remembering()
    papers, scifact = (
        Corpus(open_index(index, embedder=encoder.name))
        for index in (options.index, options.scifact)
    )
    said = [one for one in of_papers(options.shared / "train", papers) if one.kind in SAID]
    unseen = [one for one in said if one.part != "train"]
    claims = list(of_benchmark(options.shared / "bench" / "scifact", "scifact", scifact))
    return [*_ranked(unseen, papers, encoder), *_ranked(claims, scifact, encoder)]


def _ranked(told: Sequence[Asked], corpus: Corpus, encoder: Remembering) -> list[Ranked]:
    encoder.learn([one.text for one in told])
    retriever = Retriever(corpus, encoder, RetrievalConfig())
    ranked = []
    for one in told:
        found = retriever.candidates(one.text)
        rows = np.array([candidate.features for candidate in found])
        right = np.array([float(candidate.index in one.right) for candidate in found])
        ranked.append(Ranked(one, rows, right))
    return ranked


def _compare(ranked: Sequence[Ranked], plain: Linear, own: Linear) -> None:
    for kind in (*SAID, "claim"):
        kept = [one for one in ranked if one.told.kind == kind and one.told.part == "test"]
        before, after = ([one.ndcg(model) for one in kept] for model in (plain, own))
        change = mean_interval([a - b for a, b in zip(after, before, strict=True)], bounded=False)
        shown = f" ({change.low:+.3f} to {change.high:+.3f})" if change else ""
        sys.stdout.write(
            f"{kind:16} n {len(kept):3}  nDCG@10 as a question {np.mean(before):.4f}, "
            f"as a statement {np.mean(after):.4f}{shown}\n"
        )


if __name__ == "__main__":
    main()
