"""Learn `rag/data/evidence.json`: shape, sentences, papers, silence, over corpora made at random.

    python -m lab.training.evidence --index DIR --shared DIR --work DIR --asker DIR [--reader DIR]

`--index` holds the papers of the writers that the reader did not learn from (`python -m
lab.training.evidence --shared DIR --papers OUT.jsonl` writes them for `quoth ingest`); `--asker` is
an asker trained without the batches `ASIDE` of utterances. What is measured is kept in `--work` and
not measured again. Everything is fitted to the "fit" writers and printed for the "test" writers,
then fitted to both for what is written down; limits are chosen on the fit writers alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab.training.evidence_data import gather, read, write_papers
from lab.training.evidence_limits import (
    DECAY,
    Floats,
    as_linear,
    is_first,
    is_strange,
    list_f1,
    lowest_limit,
    precise,
    sentences_held,
    weighted_fit,
)
from lab.training.evidence_words import words_of
from lab.training.fitting import auc, fit_listwise, fit_logistic
from lab.training.strangers import POINTS
from rag.evidence import deciding, measures
from rag.evidence.deciding import PARTS, WITH_READER
from rag.evidence.learned import Linear
from rag.models.paper_reader import IN_THE_BOX

ASIDE = ("ut05", "ut06", "ut10")
MOST_REFUSED = {"answered": 0.05, "topic": 0.05}
"""Of what strangers ask that is answerable, how much may be refused so that unanswerable things
are."""
NEAR_MISSES = ("left open", "false premise")
NEAR_MISSES_COUNT = 4
"""How many times a question counts that its own paper leaves open or denies: there are many more of
those whose paper is absent, and they are easier to tell."""
SURVEYED = ("list", "request")
STRANGERS_COUNT = 3
"""How many times a stranger's question counts."""
LEAST_WANTED = 3
"""Papers that belong in a list that is learned from: one with fewer was mostly written of one
paper, and what people ask for as a list has two to a dozen."""
Lines = Sequence[dict[str, Any]]


def main() -> None:
    """Measure what is missing, fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--papers", type=Path, help="only write the papers to be ingested")
    parser.add_argument("--index", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--asker", type=Path)
    parser.add_argument("--reader", type=Path, default=IN_THE_BOX)
    parser.add_argument("--most", type=int, help="cases that are measured at the most")
    parser.add_argument("--out", type=Path, default=deciding.FILE)
    options = parser.parse_args()
    if options.papers is not None:
        write_papers(options.shared / "train", options.papers)
        return
    if not (options.index and options.work and options.asker):
        parser.error("--index, --work and --asker are needed")
    options.work.mkdir(parents=True, exist_ok=True)
    measured = options.work / "measured.jsonl"
    train = options.shared / "train"
    gather(options.index, train, options.reader, measured, most=options.most)
    words = words_of(train, options.asker, ASIDE)
    tree: dict[str, Any] = {}
    for reading in (False, True):
        tree |= Fitter(read(measured), words, reading=reading).everything()
    options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


class Fitter:
    """Fits all models to what was measured, with the columns of the reader or without."""

    def __init__(self, lines: Lines, words: dict[str, list[float]], *, reading: bool) -> None:
        self.lines = lines
        self.words = words
        self.reading = reading
        self.suffix = WITH_READER * reading
        self.tree: dict[str, Any] = {}

    def everything(self) -> dict[str, Any]:
        """All entries of the file."""
        self.sentence()
        found = {"answered": self.answered(), "topic": self.topic(), "denied": 1.0}
        if self.reading:
            found["denied"] = self.denied()
        self.belongs()
        self.shape()
        self.compared()
        self.tree["limits" + self.suffix] = {k: round(v, 4) for k, v in found.items()}
        return self.tree

    def sentence(self) -> None:
        """The evidence among all sentences of the papers in front."""
        rows = [one for one in self._lines("sentences") if any(one["right"])]
        groups = self._parted(rows, lambda one: (self._cut("sentence", one["sentences"]), one))
        ranks = []
        for part in (False, True):  # fit on the fit writers, then on both
            chosen = groups["fit"] + (groups["test"] if part else [])
            entry = fit_listwise([(x, np.asarray(one["right"])) for x, one in chosen])
            self._keep("sentence", entry)
            if not part:
                model = self._model("sentence")
                ranks = [(model.scores(x), one) for x, one in groups["test"]]
        for style in ("", "oblique", "example"):
            own = [(s, one) for s, one in ranks if style in ("", one["style"])]
            shares = [np.mean([is_first(s, one["right"], k) for s, one in own]) for k in (1, 2, 3)]
            held = np.mean([sentences_held(s, one["right"]) for s, one in own])
            self._say("sentence", f"{style or 'all'} n {len(own)}", first=shares, chosen=[held])

    def answered(self) -> float:
        """Whether the best paper answers; the limit is chosen on the fit writers."""
        rows, labels, kinds = [], [], []
        sentences = self._model("sentence")
        lines = self._lines("sentences")
        for one in lines:
            scores = sentences.scores(self._cut("sentence", one["sentences"]))
            best = one["of"][int(np.argmax(scores))]
            rows.append(self._cut("answered", [one["answered"][best]])[0])
            labels.append(float(bool(one["right"]) and any(one["right"])))
            kinds.append(one["style"] if one["present"] else "elsewhere")
        return self._silence("answered", lines, rows, labels, kinds)

    def topic(self) -> float:
        """Whether any paper belongs on a topic."""
        own = [one for one in self.lines if one["style"] in SURVEYED]
        rows = [self._cut("topic", [one["topic"]])[0] for one in own]
        labels = [float(one["present"]) for one in own]
        kinds = [one["style"] + (" in" if one["present"] else " out") for one in own]
        return self._silence("topic", own, rows, labels, kinds)

    def belongs(self) -> None:
        """Which papers belong in a list."""
        own = [one for one in self._lines("belongs") if one["wanted"] >= LEAST_WANTED]
        tables = self._parted(own, lambda one: (self._cut("belongs", one["belongs"]), one))
        for last in (False, True):
            chosen = tables["fit"] + (tables["test"] if last else [])
            rows = np.vstack([x for x, _ in chosen])
            # Who asks for a list takes what may belong for half: the judges were strict.
            right = np.concatenate([np.asarray(one["listed"]) for _, one in chosen])
            entry = fit_logistic(rows, right, balanced=False, decay=DECAY / 10)
            self._keep("belongs", entry)
            if not last:
                self._lists(tables["test"])

    def _lists(self, tables: list[Any]) -> None:
        model = self._model("belongs")
        cuts: dict[str, Callable[[Floats], int]] = {
            "first five": lambda c: 5,
            "one half": lambda c: max(1, int((c >= 0.5).sum())),
            "one third": lambda c: max(1, int((c >= 1 / 3).sum())),
            "expected F1": deciding.best_length,
        }
        for broad in (False, True):
            own = [(x, one) for x, one in tables if (one["wanted"] > 3) == broad]
            figures = {}
            for name, cut in cuts.items():
                found = []
                for x, one in own:
                    chances = model.probabilities(x)
                    order = np.argsort(-chances, kind="stable")
                    listed = order[: cut(chances[order])]
                    found.append(list_f1(np.asarray(one["listed"])[listed], one["wanted"]))
                figures[name.replace(" ", "_")] = [float(np.mean(found))]
            name = f"{'over' if broad else 'up to'} 3 belong, n {len(own)}"
            self._say("belongs", name, **figures)

    def shape(self) -> None:
        """A survey or a point, with the words of utterances kept aside from their asker.

        Both weigh alike: as often as strangers ask for either, lists lost and facts won nothing.
        """
        generator = np.random.default_rng(0)
        rows, labels, parts, strangers = [], [], [], []
        for one in self.lines:
            if not one["present"] or one["style"] == "request" or one.get("wanted", 2) < 2:
                continue  # what one paper answers looks like a point, however it was asked for
            strange, survey = is_strange(one), one["style"] == "list"
            if strange and one["style"] == "left open":
                continue  # of either shape
            row = list(one["shape"])
            for _ in range(8 if survey or strange else 1):
                words = self.words["survey" if survey else "point"]
                row[0] = one["words"] if strange else generator.choice(words)
                rows.append(self._cut("shape", [row])[0])
                labels.append(float(survey))
                parts.append(one["part"])
                strangers.append(strange)
        table, right, fit = np.array(rows), np.array(labels), np.array(parts) == "fit"
        self._keep("shape", fit_logistic(table[fit], right[fit], decay=DECAY))
        model = self._model("shape")
        told = model.probabilities(table[~fit]) >= 0.5
        words = table[~fit, 0] >= 0
        kept = right[~fit]
        both = [np.mean([np.mean((w == kept)[kept == v]) for v in (0, 1)]) for w in (words, told)]
        self._say("shape", "balanced accuracy", words=both[:1], words_and_evidence=both[1:])
        own = np.array(strangers)[~fit]
        for v, name in ((0.0, "points"), (1.0, "surveys")):
            shares = [np.mean((w == kept)[own & (kept == v)]) for w in (words, told)]
            self._say(
                "shape", f"strangers' {name}", words=shares[:1], words_and_evidence=shares[1:]
            )
        self._keep("shape", fit_logistic(table, right, decay=DECAY))
        self._weights("shape")

    def compared(self) -> None:
        """Whether a point sets two papers beside each other: strangers' alone."""
        own = [one for one in self.lines if one.get("type") in POINTS and one["present"]]
        table = np.array([self._cut("compared", [one["compared"]])[0] for one in own])
        right = np.array([float(one["type"] == "compare") for one in own])
        fit = np.array([one["part"] == "fit" for one in own])
        self._keep("compared", fit_logistic(table[fit], right[fit], balanced=False, decay=DECAY))
        told = self._model("compared").probabilities(table[~fit]) >= 0.5
        words = table[~fit, 0] >= 0
        kept = right[~fit] > 0
        for name, said in (("words", words), ("words and evidence", told)):
            shares = [(said == kept)[kept == v].mean() for v in (True, False)]
            self._say("compared", name, compare=shares[:1], other=shares[1:])
        self._keep("compared", fit_logistic(table, right, balanced=False, decay=DECAY))
        self._weights("compared")

    def denied(self) -> float:
        """Whether a paper denies what the question takes for granted."""
        rows, labels, parts = [], [], []
        for one in self._lines("denied"):
            table = np.array(one["denied"])
            best = int(np.argmax(table[:, 0]))
            rows.append(table[best])
            labels.append(
                float(one["style"] == "false premise" and one["present"] and one["own"][best])
            )
            parts.append(one["part"])
        table, right, fit = np.array(rows), np.array(labels), np.array(parts) == "fit"
        names = measures.DENIED_NAMES
        self.tree["denied"] = {
            "names": list(names),
            **fit_logistic(table[fit], right[fit], decay=DECAY),
        }
        model = as_linear(self.tree["denied"])
        chances = model.probabilities(table)
        limit = precise(chances[fit], right[fit])
        over = chances[~fit] >= limit
        precision = right[~fit][over].mean() if over.any() else 1.0
        recall = over[right[~fit] > 0].mean()
        self._say("denied", f"limit {limit:.3f}", precision=[precision], recall=[recall])
        return max(limit, precise(chances, right))  # to say so wrongly is worse than not to

    def _silence(
        self, name: str, lines: Lines, rows: Any, labels: Any, kinds: Sequence[str]
    ) -> float:
        """Fit to all, choose the limit among strangers: their near misses are what it meets."""
        table, right, kind = np.array(rows), np.array(labels), np.array(kinds)
        fit = np.array([one["part"] == "fit" for one in lines])
        strange = np.array([is_strange(one) for one in lines])
        if not strange.any():
            strange = ~strange
        weight = np.where(strange, STRANGERS_COUNT, 1)
        weight = weight * np.where(np.isin(kind, NEAR_MISSES), NEAR_MISSES_COUNT, 1)
        self._keep(name, weighted_fit(table[fit], right[fit], weight[fit]))
        chances = self._model(name).probabilities(table)
        limit = lowest_limit(chances[fit & strange], right[fit & strange], MOST_REFUSED[name])
        self._say(name, f"limit {limit:.3f}", auc=[auc(chances[~fit], right[~fit])])
        own = ~fit & strange
        refused = [(chances[own & (right == v)] < limit).mean() for v in (1, 0)]
        told = {
            "auc": [auc(chances[own], right[own])],
            "refused": refused[:1],
            "silent": refused[1:],
        }
        self._say(name, f"strangers n {own.sum()}", **told)
        for who in (True, False):
            for one in sorted(set(kind[~fit & (strange == who)])):
                own = ~fit & (kind == one) & (strange == who)
                silent = float((chances[own] < limit).mean())
                what = f"{'stranger ' * who}{one} n {own.sum()}"
                self._say(name, what, silent=[silent], answered=[right[own].mean()])
        self._keep(name, weighted_fit(table, right, weight))
        self._weights(name)
        chances = self._model(name).probabilities(table)
        return lowest_limit(chances[strange], right[strange], MOST_REFUSED[name])

    def _lines(self, key: str) -> Lines:
        return [one for one in self.lines if key in one]

    def _parted(self, lines: Lines, of: Callable[[dict[str, Any]], Any]) -> dict[str, list[Any]]:
        told: dict[str, list[Any]] = {"fit": [], "test": []}
        for one in lines:
            told[one["part"]].append(of(one))
        return told

    def _cut(self, name: str, table: Any) -> Floats:
        return np.asarray(table, dtype=np.float64)[:, : len(PARTS[name][self.reading])]

    def _keep(self, name: str, entry: dict[str, Any]) -> None:
        names = PARTS[name][self.reading]
        self.tree[name + self.suffix] = {"names": list(names), **entry}

    def _model(self, name: str) -> Linear:
        return as_linear(self.tree[name + self.suffix])

    def _weights(self, name: str) -> None:
        entry = self.tree[name + self.suffix]
        self._say(
            name,
            "weights",
            **{n: [w] for n, w in zip(entry["names"], entry["weight"], strict=True)},
        )

    def _say(self, model: str, what: str, **figures: Sequence[Any]) -> None:
        shown = "  ".join(
            f"{name} " + " ".join(f"{float(v):.3f}" for v in values)
            for name, values in figures.items()
        )
        sys.stdout.write(f"{model + self.suffix:16} {what:28} {shown}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
