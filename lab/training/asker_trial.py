"""How the asker does on whole batches that it has not learned from.

    python -m lab.training.asker_trial --shared ../shared --adapter RUN/adapter --batches ut05 ut06

Prints, by batch and for all: kind right; F1 of slots (the same label and stretch; in brackets but
for edge words that say nothing, "in 2023" for "2023"); filters exactly right, of lists, counts and
overviews and of those of them that have filters; alone or not; and of the utterances that mean
papers of the last answer, exactly these found (and of all that have a last answer).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lab.training import asker_data
from lab.training.asker_data import Utterance
from lab.training.asker_figures import as_written, same_filters, slot_counts
from rag.library.filtering import joined
from rag.question.asker import Asked, Asker
from rag.question.filters.wanted import filters_of
from rag.types import Filters

HALF = 0.5
SURVEYS = ("list", "overview", "count")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--batches", nargs="+", required=True)
    parser.add_argument("--wrong", type=Path, help="write what was read otherwise here")
    options = parser.parse_args()
    asker = Asker(options.adapter)
    lines = asker_data.load(options.shared / "train" / "utterances.jsonl")
    lines = [one for one in lines if one.batch in options.batches]
    read = {one.id: asker.read(one.text, one.before) for one in lines}
    wrong: list[str] = []
    for batch in [*options.batches, "all"]:
        own = [one for one in lines if batch in (one.batch, "all")]
        report(batch, own, read, asker, wrong if batch == "all" else [])
    if options.wrong:
        options.wrong.write_text("\n".join(wrong) + "\n", encoding="utf-8")


def report(
    name: str, lines: Sequence[Utterance], read: dict[str, Asked], asker: Asker, wrong: list[str]
) -> None:
    """Print the figures of some lines; what was read otherwise goes to `wrong`."""
    right: dict[str, list[bool]] = defaultdict(list)
    exact, loose = Counter[int](), Counter[int]()
    labels: dict[str, Counter[int]] = defaultdict(Counter)
    for one in lines:
        asked = read[one.id]
        gold = asker_data.slots(one.parts)
        exact.update(dict(enumerate(slot_counts(asked.slots, gold))))
        loose.update(dict(enumerate(slot_counts(asked.slots, gold, loose=True))))
        for label in {slot.label for slot in (*asked.slots, *gold)}:
            mine = [s for s in asked.slots if s.label == label]
            theirs = [s for s in gold if s.label == label]
            labels[label].update(dict(enumerate(slot_counts(mine, theirs, loose=True))))
        right["kind"].append(max(asked.kinds, key=lambda kind: asked.kinds[kind]) == one.kind)
        _filters(one, asked, asker, right, wrong)
        if one.history:
            _leaning(one, asked, right, wrong)
    shown = [f"{name} ({len(lines)})", f"slots F1 {_f1(exact):.3f} [{_f1(loose):.3f}]"]
    shown += [f"{key} {sum(v) / len(v):.3f} of {len(v)}" for key, v in right.items()]
    sys.stdout.write("; ".join(shown) + "\n")
    if name == "all":
        each = [f"{label} {_f1(counts):.2f}/{counts[2]}" for label, counts in labels.items()]
        sys.stdout.write("  by label: " + ", ".join(sorted(each)) + "\n")


def _filters(
    one: Utterance, asked: Asked, asker: Asker, right: dict[str, list[bool]], wrong: list[str]
) -> None:
    found = as_written(filters(one, asked, asker))
    same = same_filters(found, one.filters)
    right["filters of all"].append(same)
    if one.kind in SURVEYS:
        right["filters of surveys"].append(same)
        if one.filters:
            right["where there are some"].append(same)
    if not same:
        tags = [(slot.label, slot.text) for slot in asked.slots]
        wrong.append(
            json.dumps(["filters", one.id, one.text, found, one.filters, tags], ensure_ascii=False)
        )


def filters(one: Utterance, asked: Asked, asker: Asker) -> Filters:
    """What is asked of the papers, with what earlier turns asked where this one goes on."""
    if sum(asked.kinds[name] for name in SURVEYS) < HALF:
        return Filters()
    own = filters_of(asked.slots, today=date.fromisoformat(one.today))
    if not one.history or asked.leans < HALF or any(p >= HALF for p in asked.refers):
        return own
    users = [i for i, turn in enumerate(one.history) if turn["role"] == "user"]
    if not users:
        return own
    place = users[-1]
    earlier = Utterance(
        one.id,
        one.today,
        ((None, one.history[place]["content"]),),
        one.history[:place],
        "",
        {},
        "",
        frozenset(),
        False,
    )
    before = filters(earlier, asker.read(earlier.text, earlier.before), asker)
    return joined(before, own)


def _leaning(one: Utterance, asked: Asked, right: dict[str, list[bool]], wrong: list[str]) -> None:
    leans = asked.leans >= HALF
    right["alone or not"].append(leans == one.leans)
    meant = frozenset(i for i, p in enumerate(asked.refers) if p >= HALF)
    right["refers"].append(meant == one.refers)
    if one.refers:
        right["refers where some"].append(meant == one.refers)
    if leans != one.leans or meant != one.refers:
        told = ["leans", one.id, one.text, one.leans, round(asked.leans, 2), sorted(one.refers)]
        wrong.append(json.dumps([*told, [round(p, 2) for p in asked.refers]], ensure_ascii=False))


def _f1(counts: Counter[int]) -> float:
    return 2 * counts[0] / max(1, counts[1] + counts[2])


if __name__ == "__main__":
    main()
