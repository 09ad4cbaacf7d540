"""Learn the weights of `rag/data/ranking.json`.

    python -m lab.training.ranking --index DIR --train DIR

Data: `../shared/train` (questions written for this project over abstracts that are in none of the
five pages). `--index` is an index of those papers, made once with
`python -m lab.training.papers ../shared/train OUT.jsonl && quoth ingest OUT.jsonl --index DIR`.
Papers whose id hashes into the first 15 of 100 are kept aside: every figure printed is theirs. Both
are learned with the plain encoder and hold with the questions' side too: learned with that they
lean on it and lose where words count (LIMIT-small nDCG@10 .957 to .921).

    sentence   the evidence sentence among those of its abstract (listwise)
    paper      the paper among candidates from all 2,000 (listwise)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr

from lab.training.fitting import fit_listwise
from rag.config import OFF, EncoderConfig, RetrievalConfig
from rag.evidence import paper_features, sentence_features
from rag.evidence.learned import Linear
from rag.evidence.retrieval import Retriever
from rag.library.codec import open_index
from rag.library.corpus import Corpus
from rag.models.encoder import Encoder
from rag.package_data import DATA

STEPS = ("sentence", "paper")
ASIDE = 15  # of 100
Examples = list[dict[str, Any]]
_TARGET = DATA / "ranking.json"


def main() -> None:
    """Fit the two models one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--train", type=Path, required=True, help="the folder with examples.jsonl")
    parser.add_argument("--out", type=Path, default=_TARGET)
    parser.add_argument("--only", nargs="*", default=STEPS, choices=STEPS, help="which to fit")
    options = parser.parse_args()
    lines = (options.train / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    examples = with_spans([json.loads(line) for line in lines], options.train / "papers.jsonl.xz")
    trainer = Trainer(options.index, examples, options.out)
    for step in options.only:
        getattr(trainer, step)()


class Remembering(Encoder):
    """The encoder with the vectors of all questions made beforehand, in large batches."""

    _known: dict[str, NDArray[np.float32]] = PrivateAttr(default_factory=dict)

    def learn(self, questions: list[str]) -> None:
        """Make the vectors of these questions now."""
        self._known.update(zip(questions, super().ask(questions), strict=True))

    def ask(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """As `Encoder.ask`."""
        if all(text in self._known for text in questions):
            return np.stack([self._known[text] for text in questions])
        return super().ask(questions)


class Trainer:
    """Holds the index and the examples; each method fits one model and writes it down."""

    def __init__(self, index: Path, examples: Examples, out: Path = _TARGET) -> None:
        """Embed all questions.

        Args:
            index: of the training papers.
            examples: what is asked of them.
            out: the file of the models.
        """
        self.encoder = Remembering(EncoderConfig(adapter=OFF))
        self.corpus = Corpus(open_index(index, embedder=self.encoder.name))
        self.out = out
        self.examples = [e for e in examples if self.place(e) is not None]
        self.aside = np.array([_aside(e["id"]) for e in self.examples])
        for key in ("fact_question", "topic_query", "unanswerable_question"):
            self.encoder.learn([example[key] for example in self.examples])
        if not out.exists():
            out.write_text("{}")

    def place(self, example: dict[str, Any]) -> int | None:
        """Where the example's paper is in the index."""
        return self.corpus.snapshot.index_of(example["id"])

    def evidence(self, example: dict[str, Any]) -> NDArray[np.float64]:
        """(m,) 1 for the sentences of the index that overlap the example's evidence."""
        place = self.place(example)
        assert place is not None
        return evidence_of(example, self.corpus, place)

    def sentence(self) -> None:
        """The evidence sentence among those of its abstract."""
        groups = []
        for example, query in zip(self.examples, self._embed("fact_question"), strict=True):
            index = self.place(example) or 0
            paper = self.corpus.paper_at(index)
            features = sentence_features.sentence_features(
                example["fact_question"],
                [p.text(paper.abstract) for p in self.corpus.passages_at(index)],
                title=paper.title,
                cosines=self.corpus.snapshot.vectors(index)[1:] @ query,
                worth=self.corpus.worth,
            )
            groups.append((features, self.evidence(example)))
        model = self._fit("sentence", sentence_features.NAMES, groups)
        for name, score in (("cosine", lambda f: f[:, 0]), ("learned", model.scores)):
            ranks = [_first_right(score(f), right) for f, right in self._held(groups)]
            _say(
                "sentence",
                name,
                {f"in first {k}": np.mean([r < k for r in ranks]) for k in (1, 2, 3)},
            )

    def paper(self) -> None:
        """The paper among the candidates, for specific and for topic questions."""
        flat = {"names": paper_features.NAMES, "mean": [0] * 8, "scale": [1] * 8, "bias": 0}
        self._write("paper", {**flat, "weight": [1, 1, 1, 0, 0, 0, 0, 0]})
        retriever = self.retriever
        groups, sums = [], []
        for key in ("topic_query", "fact_question"):
            for example in self.examples:
                found = retriever.candidates(example[key])
                rows = np.array([c.features for c in found])
                right = np.array([float(c.paper.paper_id == example["id"]) for c in found])
                groups.append((rows, right))
                sums.append(rows[:, :3].sum(axis=1))
        held = np.tile(self.aside, 2)
        usable = [g for g, aside in zip(groups, held, strict=True) if not aside and g[1].any()]
        entry = fit_listwise(usable)
        self._write("paper", {"names": paper_features.NAMES, **entry})
        model = linear(paper_features.NAMES, entry)
        for name, scores in (("sum", sums), ("learned", [model.scores(g[0]) for g in groups])):
            for key, part in (
                ("topic", slice(0, len(self.examples))),
                ("fact", slice(len(self.examples), None)),
            ):
                kept = [
                    _first_right(s, g[1])
                    for s, g, aside in zip(scores[part], groups[part], held[part], strict=True)
                    if aside
                ]
                _say(
                    "paper",
                    f"{name} {key}",
                    {
                        "mrr": np.mean([1 / (r + 1) for r in kept]),
                        "recall@10": np.mean([r < 10 for r in kept]),
                    },
                )

    def _embed(self, key: str) -> NDArray[np.float32]:
        return self.encoder.ask([example[key] for example in self.examples])

    def _held(self, groups: list[Any]) -> list[Any]:
        return [g for g, aside in zip(groups, self.aside, strict=True) if aside and g[1].any()]

    @property
    def retriever(self) -> Retriever:
        """One with the weights fitted so far."""
        from rag.evidence import learned

        learned.load.cache_clear()
        return Retriever(self.corpus, self.encoder, RetrievalConfig())

    def _fit(self, name: str, names: tuple[str, ...], groups: list[Any]) -> Linear:
        fit = [g for g, aside in zip(groups, self.aside, strict=True) if not aside and g[1].any()]
        entry = fit_listwise(fit)
        self._write(name, {"names": names, **entry})
        return linear(names, entry)

    def _write(self, name: str, entry: dict[str, Any]) -> None:
        tree = json.loads(self.out.read_text(encoding="utf-8"))
        tree[name] = {**entry, "names": list(entry["names"])}
        self.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def with_spans(examples: Examples, papers: Path) -> Examples:
    """The examples with "spans": where each numbered sentence is when all are joined by a space."""
    spans: dict[str, list[tuple[int, int]]] = {}
    with lzma.open(papers, "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            ends = np.cumsum([len(sentence) + 1 for sentence in paper["sentences"]])
            starts = [0, *(int(end) for end in ends[:-1])]
            spans[paper["id"]] = [(s, int(e) - 1) for s, e in zip(starts, ends, strict=True)]
    return [{**example, "spans": spans[example["id"]]} for example in examples]


def evidence_of(
    example: dict[str, Any], corpus: Corpus, place: int, *, key: str = "evidence"
) -> NDArray[np.float64]:
    """(m,) 1 for the sentences of a paper of the index that overlap the spans named by `key`."""
    wanted = [example["spans"][i] for i in example[key] if i < len(example["spans"])]
    return np.array(
        [
            float(any(p.start < end and start < p.end for start, end in wanted))
            for p in corpus.passages_at(place)
        ]
    )


def _aside(paper_id: str) -> bool:
    return int(hashlib.sha256(paper_id.encode()).hexdigest(), 16) % 100 < ASIDE


def _first_right(scores: NDArray[np.float64], right: NDArray[np.float64]) -> int:
    """The rank, from 0, of the first right row; past the end where there is none."""
    places = np.flatnonzero(right[np.argsort(-scores, kind="stable")])
    return int(places[0]) if len(places) else 1_000_000


def linear(names: tuple[str, ...], entry: dict[str, Any]) -> Linear:
    """The model that an entry of the file holds."""
    return Linear(
        names, tuple(entry["mean"]), tuple(entry["scale"]), tuple(entry["weight"]), entry["bias"]
    )


def _say(model: str, what: str, figures: dict[str, Any]) -> None:
    shown = "  ".join(f"{name} {float(value):.3f}" for name, value in figures.items())
    sys.stdout.write(f"{model:9} {what:14} {shown}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
