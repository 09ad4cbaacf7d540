"""What it costs to read less: figures on papers kept aside, by the most tokens that are read.

    python -m eval.training.reading_limit --index DIR --shared DIR [--tokens N ...] [--every N]

The papers are those that the reader did not learn from ("dev" and "test" of `eval.support_cases`).
    answer   the evidence first, and among the first three, of the sentences of the top five papers
    gate     area under the curve, a question answered by its paper against one that it leaves open
    list     the paper of a request for papers first, and among the first ten
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.training.fitting import auc
from eval.training.reading import TARGET, TOP, Fitter
from rag import gate_features, learned
from rag.reader import IN_THE_BOX
from rag.reading import read_papers, read_sentences
from rag.retrieval import Candidate
from rag.selection import ANSWER_NAMES, WITH_READER, answer_features
from rag.silence import READ_NAMES, read_features

TOKENS = (1792, 1536, 1280, 1152, 1024, 896)


def main() -> None:
    """Print a line for each limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="of the training papers")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--reader", type=Path, default=IN_THE_BOX)
    parser.add_argument("--tokens", type=int, nargs="*", default=TOKENS)
    parser.add_argument("--every", type=int, default=1, help="only every n-th test paper")
    options = parser.parse_args()
    options.out = TARGET  # read only: nothing is learned
    fitter = Fitter(options)
    for tokens in options.tokens:
        figures = _figures(fitter, tokens)
        shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
        sys.stdout.write(f"{tokens:5} tokens, n {len(fitter.base.examples)}: {shown}\n")
        sys.stdout.flush()


def _figures(fitter: Fitter, tokens: int) -> dict[str, float]:
    ranked, places, scores, answered = [], [], [], []
    for example in fitter.base.examples:
        for key in ("fact_question", "unanswerable_question"):
            question = example[key]
            found = fitter.retriever.candidates(question, limit=16)
            told = read_sentences(fitter.reader, question, found, papers=TOP, tokens=tokens)
            scores.append(_gate(fitter, question, told.candidates, told.said))
            answered.append(float(key == "fact_question"))
            if key == "fact_question":
                ranked.append(_ranked(fitter, example, told.candidates[:TOP]))
        request = example["topic_query"]
        best = read_papers(
            fitter.reader, request, fitter.retriever.candidates(request, limit=40), tokens=tokens
        ).candidates
        places.append([c.paper.paper_id == example["id"] for c in best])
    known = [right for right in ranked if right.any()]
    return {
        "answer first": float(np.mean([right[0] > 0 for right in known])),
        "in 3": float(np.mean([right[:3].any() for right in known])),
        "gate": auc(np.array(scores), np.array(answered)),
        "list first": float(np.mean([own[0] for own in places])),
        "in 10": float(np.mean([any(own[:10]) for own in places])),
    }


def _ranked(
    fitter: Fitter, example: dict[str, Any], candidates: list[Candidate]
) -> NDArray[np.float64]:
    """Which sentences of the candidates are evidence, best first."""
    model = learned.load("answer" + WITH_READER, ANSWER_NAMES)
    order = np.argsort(-model.scores(answer_features(candidates)), kind="stable")
    return fitter.evidence_among(example, candidates)[order]


def _gate(
    fitter: Fitter, question: str, candidates: list[Candidate], said: NDArray[np.float64]
) -> float:
    model = learned.load("gate" + WITH_READER, (*gate_features.NAMES, *READ_NAMES))
    features = fitter.retriever.gate_features(question, candidates)
    return float(model.scores(np.append(features, read_features(said))[None, :])[0])


if __name__ == "__main__":
    main()
