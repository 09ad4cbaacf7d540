"""What a claim puts in place of words that it otherwise copies: a name, a number, a "not"."""

from __future__ import annotations

from rag.language.text import Reading
from rag.support.alignment import Edit, edits
from rag.support.matching import Match
from rag.support.polarity import denials, opposites
from rag.support.quantities import quantities


def edit_conflicts(match: Match) -> dict[str, float]:
    """What the claim puts in place of words that it otherwise copies."""
    names = (
        "edit_denial_in", "edit_denial_out", "edit_pole", "edit_name", "edit_number",
        "loose_pole", "loose_name", "loose_number",
    )  # fmt: skip
    found = dict.fromkeys(names, 0.0)
    denied_here = {denial.at for denial in denials(match.claim)}
    denied_there = {denial.at for denial in denials(match.evidence)}
    for edit in edits(match.claim, match.evidence):
        here, there = range(*edit.claim), range(*edit.evidence)
        put_in = any(at in denied_here for at in here)
        left_out = any(at in denied_there for at in there)
        kind = "edit" if edit.firm else "loose"
        found[f"{kind}_pole"] += _turns(match, edit)
        found[f"{kind}_name"] += _renames(match, edit)
        found[f"{kind}_number"] += _recounts(match, edit)
        if edit.firm:
            found["edit_denial_in"] += put_in and not left_out
            found["edit_denial_out"] += left_out and not put_in and len(here) <= 3
    return found


def _turns(match: Match, edit: Edit) -> bool:
    """Whether a word was put where the evidence has its opposite."""
    table = opposites()
    there = {match.evidence.words[at].stem for at in range(*edit.evidence)}
    sides = {pole for stem in there for pole in table.get(stem, ())}
    return any(
        (group, -side) in sides
        for at in range(*edit.claim)
        if match.claim.words[at].stem not in there
        for group, side in table.get(match.claim.words[at].stem, ())
    )


def _renames(match: Match, edit: Edit) -> bool:
    here, there = _named(match.claim, edit.claim), _named(match.evidence, edit.evidence)
    return bool(here and there and not here & there)


def _named(text: Reading, span: tuple[int, int]) -> set[str]:
    return {
        text.words[at].stem
        for name in text.names
        if name.certain
        for at in name.words
        if span[0] <= at < span[1]
    }


def _recounts(match: Match, edit: Edit) -> bool:
    here, there = _counted(match.claim, edit.claim), _counted(match.evidence, edit.evidence)
    return bool(here and there and not here & there)


def _counted(text: Reading, span: tuple[int, int]) -> set[float]:
    if span[0] == span[1]:
        return set()
    start, end = text.words[span[0]].start, text.words[span[1] - 1].end
    return {number.value for number in quantities(text.text) if start <= number.start < end}
