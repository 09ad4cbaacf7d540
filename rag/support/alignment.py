"""Where a claim copies its evidence, and what it changed there.

Most written sentences are near-copies. Between two copied stretches a claim may put one word for
another ("36.0" for "73.6", "lower" for "higher", one name for another) or slip in a "not": in its
place such an edit is plain, while over the whole sentence it drowns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.language.text import KEPT, Reading

LONGEST_EDIT = 6
"""Words. A longer stretch that differs is a retelling, in which nothing stands in place."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Words of the claim, `claim[0]` up to `claim[1]`, that stand for words of the evidence.

    Either may be empty: words were put in, or left out. `firm` says that the claim goes on copying
    the same stretch on both sides of the edit.
    """

    claim: tuple[int, int]
    evidence: tuple[int, int]
    firm: bool


@lru_cache(maxsize=KEPT)
def edits(claim: Reading, evidence: Reading) -> tuple[Edit, ...]:
    """The edits between the stretches that the claim copies from the evidence, in order."""
    return tuple(_edits(claim, evidence))


def copied_share(claim: Reading, evidence: Reading) -> float:
    """The share of the claim's words outside edits, in [0, 1]; 0 for a claim without words."""
    if not claim.words:
        return 0.0
    blocks = _blocks(claim, evidence)
    return sum(size for _, _, size in blocks) / len(claim.words)


@lru_cache(maxsize=KEPT)
def _blocks(claim: Reading, evidence: Reading) -> tuple[tuple[int, int, int], ...]:
    matcher = SequenceMatcher(
        None,
        [word.stem for word in claim.words],
        [word.stem for word in evidence.words],
        autojunk=False,
    )
    return tuple((block.a, block.b, block.size) for block in matcher.get_matching_blocks())


def _edits(claim: Reading, evidence: Reading) -> Iterator[Edit]:
    """Between two copied stretches, and before the first and after the last of them."""
    claim_at = evidence_at = before = 0
    for a, b, size in _blocks(claim, evidence):
        put = a - claim_at
        left = b - evidence_at
        if size and (not before or left > LONGEST_EDIT):  # the claim skips to this stretch
            evidence_at, before = max(evidence_at, b - put), 0
        elif not size:  # what stands after the last stretch
            b = min(b, evidence_at + put + 1)
        if (put or b > evidence_at) and put <= LONGEST_EDIT:
            ends = (before >= 1) + (size >= 1)
            firm = before + size >= 3 if ends == 2 else ends == 1 and before + size >= 2
            yield Edit((claim_at, a), (evidence_at, b), firm=firm)
        claim_at, evidence_at, before = a + size, b + size, size
