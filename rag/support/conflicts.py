"""Where a claim turns its evidence round, counted: denials and directions.

Each function gives named numbers, 0 where nothing speaks against the claim; `rag.support.features`
puts them together, and `rag/data/support.json` holds what each weighs.
"""

from __future__ import annotations

import re

from rag.language.text import Reading
from rag.support.comparisons import comparisons, crossed, turned_round
from rag.support.matching import Grade, Match
from rag.support.polarity import (
    Denial,
    Pole,
    denials,
    denied_words,
    excusing_words,
    harmless,
    poles,
)

_SENTENCE_END = re.compile(r"[.!?][\"')\]]*\s|;")
EXCUSE_REACH = 4
"""Words. A word that excludes excuses a denial of what stands this near to it."""
OBJECT_REACH = 2
"""Content words on either side of a direction that are taken for what it is said of."""


def denial_conflicts(match: Match) -> dict[str, float]:
    """Denials that only one of the two has, and whether anything else in it says the same."""
    claim, evidence = match.claim, match.evidence
    unlike, unsaid = _unmatched(match)
    excuses = frozenset(
        at for at in excusing_words(evidence) if evidence.words[at].stem not in claim.stems
    )
    affirmed_there, denied_there = _affirmed_and_denied(evidence)
    affirmed_here, denied_here = _affirmed_and_denied(claim)
    return {
        "denial_more": len(unlike),
        "denial_count": max(0, len(denials(claim)) - len(denials(evidence))),
        "denial_less": bool(unsaid)
        and not (denied_there - affirmed_there).isdisjoint(affirmed_here - denied_here),
        "denial_flips": sum(_flips(match, denial, excuses) for denial in unlike),
        "denial_unexcused": 0 if excuses else len(unlike),
        "affirm_flips": sum(_affirms(match, denial) for denial in unsaid),
    }


def direction_conflicts(match: Match) -> dict[str, float]:
    """Words that stand on the other side of a pair of opposites than the evidence's do."""
    claim, evidence = match.claim, match.evidence
    known: dict[int, list[Pole]] = {}
    for pole in poles(evidence):
        known.setdefault(pole.group, []).append(pole)
    denied = denied_words(claim)
    agreed = {
        pole.at
        for pole in poles(claim)
        if any(other.side == pole.side for other in known.get(pole.group, ()))
        or (match.grades[pole.at] == Grade.EVIDENCE and pole.at not in denied)
    }
    found = {"pole_novel": 0.0, "pole_attached": 0.0}
    for pole in poles(claim):
        against = [other for other in known.get(pole.group, ()) if other.side != pole.side]
        along = [other for other in known.get(pole.group, ()) if other.side == pole.side]
        if against and not along and pole.at not in agreed:
            found["pole_novel"] += match.grades[pole.at] <= Grade.CONTEXT
        if against:
            found["pole_attached"] += _nearer(claim, pole, evidence, against, along)
    found["swapped"] = crossed(comparisons(claim), comparisons(evidence))
    found["turned_round"] = turned_round(comparisons(claim), comparisons(evidence))
    return found


def _unmatched(match: Match) -> tuple[list[Denial], list[Denial]]:
    """The denials of the claim and of the evidence that deny nothing in common."""
    unsaid = list(denials(match.evidence))
    unlike = []
    for denial in denials(match.claim):
        carried = _carried(match, denial)
        same = next(
            (other for other in unsaid if not carried or carried & _covered(match.evidence, other)),
            None,
        )
        if same is None:
            unlike.append(denial)
        else:
            unsaid.remove(same)
    return unlike, unsaid


def _carried(match: Match, denial: Denial) -> frozenset[str]:
    """The stems of the evidence that carry what the claim denies."""
    return frozenset[str]().union(
        *(match.carriers[at] for at in denial.covers if match.claim.words[at].content)
    )


def _covered(text: Reading, denial: Denial) -> frozenset[str]:
    return frozenset(text.words[at].stem for at in denial.covers if text.words[at].content)


def _affirmed_and_denied(text: Reading) -> tuple[set[str], set[str]]:
    denied = denied_words(text)
    content = [(at, word.stem) for at, word in enumerate(text.words) if word.content]
    return {stem for at, stem in content if at not in denied}, {
        stem for at, stem in content if at in denied
    }


def _flips(match: Match, denial: Denial, excuses: frozenset[int]) -> bool:
    """Whether the claim denies what the evidence has, with nothing near it that excludes."""
    if harmless(match.claim, denial.at):
        return False
    carried = _carried(match, denial)
    places = [at for at, word in enumerate(match.evidence.words) if word.stem in carried]
    return bool(places) and not _any_near(match.evidence, places, excuses)


def _affirms(match: Match, denial: Denial) -> bool:
    """Whether the claim says what the evidence denies, with no word near it that excludes."""
    words = match.evidence.words
    covered = _covered(match.evidence, denial)
    places = [at for at, carried in enumerate(match.carriers) if carried & covered]
    said = covered & frozenset[str]().union(*(match.carriers[at] for at in places))
    excuses = excusing_words(match.claim) | denied_words(match.claim)
    named = {words[at].stem for name in match.evidence.names if name.certain for at in name.words}
    enough = len(said) >= min(2, len(covered)) or bool(said & named)
    return bool(places) and enough and not _any_near(match.claim, places, excuses)


def _any_near(text: Reading, places: list[int], others: frozenset[int]) -> bool:
    """Whether one of the others stands near one of the places, in the same sentence."""
    for place in places:
        for other in others:
            first, last = sorted((place, other))
            between = text.text[text.words[first].end : text.words[last].start]
            if last - first <= EXCUSE_REACH and not _SENTENCE_END.search(between):
                return True
    return False


def _nearer(
    claim: Reading, pole: Pole, evidence: Reading, against: list[Pole], along: list[Pole]
) -> bool:
    """Whether what the claim's word is said of stands with the opposite word in the evidence."""
    said_of = _objects(claim, pole.at)
    opposed = max(len(said_of & _objects(evidence, other.at)) for other in against)
    agreed = max((len(said_of & _objects(evidence, other.at)) for other in along), default=0)
    return opposed > agreed


def _objects(text: Reading, at: int) -> frozenset[str]:
    before = [word.stem for word in text.words[max(0, at - 12) : at] if word.content]
    after = [word.stem for word in text.words[at + 1 : at + 13] if word.content]
    return frozenset(before[-OBJECT_REACH:] + after[:OBJECT_REACH])
