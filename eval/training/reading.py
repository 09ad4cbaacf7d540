"""Learn how to weigh the reader: the "+reader" models of `rag/data/ranking.json`.

    python -m eval.training.reading --index DIR --shared DIR [--reader DIR] [--out FILE]

Fitted to the "dev" papers of `eval.support_cases`, from which neither the reader nor the questions'
side of the encoder learned; every figure printed is of the "test" papers, with the reader and
without it.

    sentence   the evidence sentence among those of its abstract (listwise)
    answer     the sentence among those of the top papers (listwise)
    gate       answered in the corpus or not (logistic)
    topic      whether any paper bears on a "which papers" request (logistic)
    paper      the paper that a "which papers" request was written about (listwise)
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.support_cases import part_of
from eval.training.fitting import auc, fit_listwise, fit_logistic
from eval.training.ranking import POOL, SHRUNK, Trainer, linear, with_spans
from rag import gate_features, learned
from rag.learned import Linear
from rag.reader import IN_THE_BOX, Reader
from rag.reading import (
    PAPER_NAMES,
    PAPERS_READ,
    SENTENCE_NAMES,
    gist,
    paper_rows,
    read_papers,
    read_sentences,
    sentence_rows,
    shown,
)
from rag.retrieval import Candidate
from rag.selection import (
    ANSWER_NAMES,
    TOPIC_NAMES,
    TOPIC_READ_NAMES,
    WITH_READER,
    answer_features,
    topic_features,
)
from rag.silence import READ_NAMES, read_features

STEPS = ("sentence", "answer", "gate", "paper", "topic")
TOP = 5
TARGET = Path(__file__).parents[2] / "rag" / "data" / "ranking.json"


def main() -> None:
    """Fit the models one after the other; each uses those before it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True, help="of the training papers")
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--reader", type=Path, default=IN_THE_BOX)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--only", nargs="*", default=STEPS, choices=STEPS, help="which to fit")
    parser.add_argument("--every", type=int, default=1, help="test only on every n-th paper")
    options = parser.parse_args()
    fitter = Fitter(options)
    for step in options.only:
        getattr(fitter, step)()


class Remembering(Reader):
    """The reader, which reads no pair twice: the same paper comes back in every corpus."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._said: dict[tuple[str, str, str], float] = {}

    def logits(self, skill: Any, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """As `Reader.logits`."""
        fresh = list(dict.fromkeys(pair for pair in pairs if (skill, *pair) not in self._said))
        for pair, value in zip(fresh, super().logits(skill, fresh), strict=True):
            self._said[(skill, *pair)] = float(value)
        return np.asarray([self._said[(skill, *pair)] for pair in pairs])


class Fitter:
    """Holds the index and the examples; each method fits one model and writes it down."""

    def __init__(self, options: argparse.Namespace) -> None:
        folder = options.shared / "train"
        lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
        examples = [json.loads(line) for line in lines]
        tested = [e for e in examples if part_of(e["id"]) == "test"][:: options.every]
        examples = [e for e in examples if part_of(e["id"]) == "dev"] + tested
        told = with_spans(examples, folder / "papers.jsonl.xz")
        self.base = Trainer(options.index, told, options.out, taught=True)
        self.aside = self.base.aside
        self.retriever = self.base.retriever
        self.reader = Remembering(options.reader)

    def sentence(self) -> None:
        """The evidence sentence among those of its abstract."""
        groups = []
        for example in self.base.examples:
            own = self._own(example)
            asked = example["fact_question"]
            pairs = [(asked, shown(own, i)) for i in range(len(own.passages))]
            said = self.reader.logits("answers", pairs)
            rows = sentence_rows(own, said, best=float(said.max()))
            groups.append((rows, self.base.evidence(example)))
        model = self._listwise("sentence", SENTENCE_NAMES, groups)
        for name, scores in (("without", lambda f: f[:, 0]), ("with", model.scores)):
            self._ranks("sentence", name, [(scores(f), right) for f, right in groups])

    def answer(self) -> None:
        """The sentence among those of the top papers."""
        groups, cheap = [], []
        plain = learned.load("answer", ANSWER_NAMES)
        for example in self.base.examples:
            question = example["fact_question"]
            found = self.retriever.candidates(question)
            right = self.evidence_among(example, found[:TOP])
            told = read_sentences(self.reader, question, found, papers=TOP).candidates
            groups.append((answer_features(told[:TOP]), right))
            cheap.append((plain.scores(answer_features(found[:TOP])), right))
        model = self._listwise("answer", ANSWER_NAMES, groups)
        self._ranks("answer", "without", cheap)
        self._ranks("answer", "with", [(model.scores(f), right) for f, right in groups])

    def evidence_among(
        self, example: dict[str, Any], candidates: Sequence[Candidate]
    ) -> NDArray[np.float64]:
        """Which sentences of the candidates are the evidence of an example: (m,) of 0 and 1."""
        return np.concatenate(
            [
                self.base.evidence(example)
                if candidate.paper.paper_id == example["id"]
                else np.zeros(len(candidate.passages))
                for candidate in candidates
            ]
        )

    def gate(self) -> None:
        """Whether the corpus holds the answer, in random corpora with and without the paper."""
        rows, plain, labels, aside, kinds = [], [], [], [], []
        cheap = learned.load("gate", gate_features.NAMES)
        for example, held, pool, place in self._corpora():
            for key, own in (
                ("fact_question", True),
                ("unanswerable_question", True),
                ("fact_question", False),
            ):
                pool[place] = own
                question = example[key]
                found = self.retriever.candidates(question, allowed=pool, limit=16)
                told = read_sentences(self.reader, question, found, papers=TOP)
                features = self.retriever.gate_features(question, told.candidates)
                rows.append(np.append(features, read_features(told.said)))
                bare = self.retriever.gate_features(question, found)
                plain.append(float(cheap.scores(bare[None, :])[0]))
                labels.append(float(own and key == "fact_question"))
                aside.append(held)
                kinds.append("" if labels[-1] else ("on its paper" if own else "paper absent"))
        scores = self._logistic("gate", (*gate_features.NAMES, *READ_NAMES), rows, labels, aside)
        for kind in ("on its paper", "paper absent"):
            kept = np.array([k in ("", kind) for k in kinds]) & np.array(aside)
            right = np.array(labels)[kept]
            _say(
                "gate",
                kind,
                without=auc(np.array(plain)[kept], right),
                with_reader=auc(scores[kept], right),
            )

    def paper(self) -> None:
        """The paper that a request for papers was written about, among those that are read."""
        groups = []
        for example in self.base.examples:
            request = example["topic_query"]
            best = self.retriever.candidates(request)[:PAPERS_READ]
            said = self.reader.logits("relevant", [(request, gist(c)) for c in best])
            right = np.array([float(c.paper.paper_id == example["id"]) for c in best])
            groups.append((paper_rows(best, said), right))
        model = self._listwise("paper", PAPER_NAMES, groups)
        _say("paper", "weights", **dict(zip(PAPER_NAMES, model.weight, strict=True)))
        self._ranks("paper", "without", [(rows[:, 0], right) for rows, right in groups])
        self._ranks("paper", "with", [(model.scores(rows), right) for rows, right in groups])

    def topic(self) -> None:
        """Whether any paper bears on a request, in random corpora with and without its paper."""
        rows, labels, aside = [], [], []
        for example, held, pool, place in self._corpora():
            request = example["topic_query"]
            for own in (True, False):
                pool[place] = own
                found = self.retriever.candidates(request, allowed=pool, limit=PAPERS_READ)
                said = read_papers(self.reader, request, found).said
                rows.append(topic_features(request, found, self.base.corpus.worth, read=said))
                labels.append(float(own))
                aside.append(held)
        scores = self._logistic("topic", TOPIC_READ_NAMES, rows, labels, aside, decay=SHRUNK)
        kept, right = np.array(aside), np.array(labels)
        cheap = learned.load("topic", TOPIC_NAMES).scores(np.array(rows)[:, :-1])
        _say(
            "topic",
            "auc",
            without=auc(cheap[kept], right[kept]),
            with_reader=auc(scores[kept], right[kept]),
        )

    def _corpora(self) -> Iterator[tuple[dict[str, Any], bool, NDArray[np.bool_], int]]:
        """Every example with a random corpus as large as the one in the box."""
        generator = np.random.default_rng(0)
        count = len(self.base.corpus)
        for example, held in zip(self.base.examples, self.aside, strict=True):
            pool = np.zeros(count, dtype=np.bool_)
            pool[generator.choice(count, POOL, replace=False)] = True
            yield example, bool(held), pool, self.base.place(example) or 0

    def _own(self, example: dict[str, Any]) -> Candidate:
        place = self.base.place(example) or 0
        only = np.zeros(len(self.base.corpus), dtype=np.bool_)
        only[place] = True
        return self.retriever.candidates(example["fact_question"], allowed=only)[0]

    def _listwise(self, name: str, names: tuple[str, ...], groups: list[Any]) -> Linear:
        fit = [g for g, held in zip(groups, self.aside, strict=True) if not held]
        return self._write(name, names, fit_listwise([g for g in fit if g[1].any()]))

    def _logistic(
        self,
        name: str,
        names: tuple[str, ...],
        rows: list[Any],
        labels: list[float],
        aside: Any,
        *,
        decay: float = 1e-2,
    ) -> NDArray[np.float64]:
        table, right, held = np.array(rows), np.array(labels), np.array(aside, dtype=bool)
        model = self._write(name, names, fit_logistic(table[~held], right[~held], decay=decay))
        weights = np.asarray(model.weight)
        _say(name, "weights", **dict(zip(names, weights, strict=True)))
        return model.scores(table)

    def _write(self, name: str, names: tuple[str, ...], entry: dict[str, Any]) -> Linear:
        out = self.base.out
        tree = json.loads(out.read_text(encoding="utf-8"))
        tree[name + WITH_READER] = {"names": list(names), **entry}
        out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
        learned.load.cache_clear()
        return linear(names, entry)

    def _ranks(self, model: str, what: str, told: list[Any]) -> None:
        """How often a right row is in the first 1, 2, 3 of the test papers that have one."""
        kept = [
            right[np.argsort(-scores, kind="stable")]
            for (scores, right), held in zip(told, self.aside, strict=True)
            if held and right.any()
        ]
        shares = {f"first_{k}": np.mean([r[:k].any() for r in kept]) for k in (1, 2, 3, 10)}
        _say(model, what, n=len(kept), **shares)


def _say(model: str, what: str, **figures: Any) -> None:
    shown = "  ".join(f"{name} {float(value):.3f}" for name, value in figures.items())
    sys.stdout.write(f"{model:9} {what:14} {shown}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
