"""Small corpora of our own, and an encoder that counts what it is asked."""

from __future__ import annotations

import hashlib
import json
import time

import numpy as np

SUBJECTS = ["tides", "glaciers", "bees", "bridges", "orchids", "comets", "harbours", "kites"]


class CountingEncoder:
    """Unit vectors that the text decides; remembers every text it was given."""

    def __init__(self, name="counting", *, log=None, seconds=0.0):
        self.name = name
        self.texts = []
        self._log = log
        self._seconds = seconds

    def embed(self, texts, *, stop=None):
        time.sleep(self._seconds)
        self.texts += texts
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as out:
                out.writelines(json.dumps(text) + "\n" for text in texts)
        return np.stack([_vector(text) for text in texts])


def _vector(text):
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=16)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def record(number, **changes):
    """A record of paper `number`, as a JSON line would give it."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    values = {
        "paper_id": f"p{number:04}",
        "title": f"Study {number} of {subject}",
        "abstract": f"We measure {subject} in place {number}. They differ. We say why {number}.",
        "date": f"2024-05-{number % 28 + 1:02}",
    }
    return {**values, **changes}


def write_lines(path, records):
    """Write records as JSON lines; a string is written as it is."""
    lines = [item if isinstance(item, str) else json.dumps(item) for item in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
