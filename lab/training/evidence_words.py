"""How questions of either shape are worded: what an asker makes of utterances it never saw."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from lab.reading.measures import POINTS, SURVEYS, survey_odds
from rag.question.asker import Asker

SHAPE: dict[str, str] = {**dict.fromkeys(SURVEYS, "survey"), **dict.fromkeys(POINTS, "point")}
_MARK = re.compile(r"\{[a-z_]+:([^{}]*)\}")


def words_of(train: Path, asker: Path, batches: Sequence[str]) -> dict[str, list[float]]:
    """By shape, the log-odds of a survey from the words alone, of utterances that stand alone."""
    reads = Asker(asker)
    told: dict[str, list[float]] = {"survey": [], "point": []}
    for line in (train / "utterances.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        if not one["id"].startswith(tuple(batches)) or one["history"] or one["kind"] not in SHAPE:
            continue
        told[SHAPE[one["kind"]]].append(
            survey_odds(reads.read(_MARK.sub(r"\1", one["marked"])).kinds)
        )
    return told
