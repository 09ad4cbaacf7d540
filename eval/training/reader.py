"""Train the reader: a cross-encoder on the bundled MiniLM, with a head for each of three skills.

    python -m eval.training.reader --index DIR --scifact DIR --shared DIR --out DIR

`--index` is an index of the training papers (`python -m eval.training.papers`), `--scifact` one of
SciFact's corpus. The reader learns from the 70 % of the papers that `eval.support_cases` calls
"train"; "dev" is for what is fitted on top of it (`eval.training.reading`), and "test" for figures.
Seeded; a run that was killed goes on from its last checkpoint in `--out`. What ships is made of the
last one by `eval.training.adapter`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from eval.support_cases import part_of, scifact_cases, support_cases
from eval.training import checkpoints
from eval.training.ranking import Trainer, with_spans
from eval.training.reader_data import Group, claim_groups, paper_groups
from eval.training.reader_model import ReaderModel
from rag.config import OFF, EncoderConfig, RetrievalConfig
from rag.corpus import Corpus
from rag.embedding import Encoder
from rag.indexing import open_index
from rag.retrieval import Retriever

GROUPS_PER_STEP = 26
EVERY = 10  # steps between checkpoints
WARM_UP = 0.1
GROUPS = "groups.json"
Told = list[tuple[str, list[Group]]]


def main() -> None:
    """Build the groups and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--scifact", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True, help="the folder with train/, bench/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate")
    parser.add_argument("--steps", type=int, default=0, help="stop early, for comparisons")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    told = all_groups(options)
    train(ReaderModel(), [groups for part, groups in told if part == "train"], options)
    sys.stdout.write(f"next: python -m eval.training.adapter --run {options.out}\n")


def all_groups(options: argparse.Namespace) -> Told:
    """(part, groups) of every example; made once and kept beside the checkpoints."""
    if (options.out / GROUPS).is_file():
        return kept_groups(options.out)
    told = [*_of_papers(options), *_of_claims(options)]
    tree = [[part, [[g.head, g.pairs, g.right] for g in groups]] for part, groups in told]
    (options.out / GROUPS).write_text(json.dumps(tree), encoding="utf-8")
    return told


def kept_groups(run: Path) -> Told:
    """The groups of a run that has begun."""
    tree = json.loads((run / GROUPS).read_text(encoding="utf-8"))
    return [
        (part, [Group(h, tuple((a, b) for a, b in p), tuple(r)) for h, p, r in groups])
        for part, groups in tree
    ]


def _of_papers(options: argparse.Namespace) -> Told:
    folder = options.shared / "train"
    lines = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    examples = with_spans([json.loads(line) for line in lines], folder / "papers.jsonl.xz")
    trainer = Trainer(options.index, examples)
    retriever = trainer.retriever
    cases: dict[str, list[Any]] = {}
    for case in support_cases(options.shared, parts=("train", "dev", "test")):
        cases.setdefault(case.paper_id, []).append(case)
    return [
        (part_of(e["id"]), paper_groups(e, cases[e["id"]], retriever, trainer.evidence(e)))
        for e in trainer.examples
    ]


def _of_claims(options: argparse.Namespace) -> Told:
    path = options.shared / "bench" / "scifact" / "claims.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    cited = {record["id"]: record["cited_doc_ids"] for record in records}
    encoder = Encoder(EncoderConfig(adapter=OFF))
    corpus = Corpus(open_index(options.scifact, embedder=encoder.name))
    retriever = Retriever(corpus, encoder, RetrievalConfig())
    cases = scifact_cases(options.shared)
    return [("train", [group]) for group in claim_groups(cases, cited, retriever)]


def train(model: ReaderModel, told: list[list[Group]], options: argparse.Namespace) -> None:
    """AdamW with a linear warm-up and decay; goes on from the checkpoint in `out`, if any."""
    done = checkpoints.resume(options.out, model.trained(), model.optimiser)
    generator = np.random.default_rng(0)
    order: list[Group] = []
    for _ in range(int(np.ceil(options.epochs))):
        order += [group for i in generator.permutation(len(told)) for group in told[i]]
    total = int(options.epochs * sum(len(groups) for groups in told) / GROUPS_PER_STEP)
    begun, losses = time.monotonic(), []
    for step in range(done, min(total, options.steps or total)):
        share = step / total
        rate = options.rate * min((share + 1 / total) / WARM_UP, (1 - share) / (1 - WARM_UP))
        batch = order[step * GROUPS_PER_STEP : (step + 1) * GROUPS_PER_STEP]
        losses.append(model.step(batch, rate=rate))
        if (step + 1) % EVERY == 0 or step + 1 == total:
            checkpoints.save(options.out, model.trained(), model.optimiser, step=step + 1)
            seconds = time.monotonic() - begun
            _say(f"step {step + 1} of {total}", loss=np.mean(losses[-EVERY:]), seconds=seconds)


def _say(what: str, **figures: Any) -> None:
    shown = "  ".join(f"{name} {float(value):.3f}" for name, value in figures.items())
    sys.stdout.write(f"{what:16} {shown}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
