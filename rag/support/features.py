"""What tells a carried claim from a false one, as named numbers: what the support score is made of.

How much of the claim is new (words, names), whether scope was widened, whether things are bound to
one another as in the evidence, and the conflicts of `rag.support.conflicts`. A conflict is plain in
a near-copy and may be a turn of phrase in a retelling: each of `NEAR` comes a second time, times
how near the claim is to a copy.
"""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from rag.language.text import Reading
from rag.support.alignment import copied_share
from rag.support.bindings import Bindings
from rag.support.conflicts import denial_conflicts, direction_conflicts
from rag.support.edits import edit_conflicts
from rag.support.matching import Grade, Match
from rag.support.numbers import number_conflicts
from rag.support.quantities import quantities

NEAR = (
    "affirm_flips", "denial_flips", "denial_less", "edit_denial_in", "edit_denial_out", "edit_name",
    "edit_number", "edit_pole", "exchange_name", "exchange_number", "name_novel", "name_other",
    "pole_novel", "role_swap", "substitute_number", "swapped",
)  # fmt: skip

_UNIVERSAL_WORDS = """
all every each any always entire entirely whole wholly everything everywhere both regardless only
exclusively solely alone purely universally invariably completely fully never none
"""
_UNIVERSAL = frozenset(_UNIVERSAL_WORDS.split())
_PREPOSITION_WORDS = """
on in for with than over by from to of against at using via under vs versus above through as like
including
"""
_PREPOSITIONS = frozenset(_PREPOSITION_WORDS.split())
_MEASURED_AGAINST = frozenset(("on", "than", "over"))
# What widens, and what in the evidence carries it: "every" is carried by "all".
_SCOPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    name: (frozenset(widens.split()), frozenset((widens + " " + carries).split()))
    for name, widens, carries in (
        ("scope_each", "each every per",
         "all any individual both respective respectively different"),
        ("scope_all", "all any always entire entirely whole everything everywhere regardless "
         "invariably completely fully everyone",
         "every each full complete across comprehensive both consistently universal"),
        ("scope_only", "only solely exclusively alone purely nothing just",
         "single merely mere without limited no less free even"),
    )
}  # fmt: skip


def features(match: Match) -> dict[str, float]:
    """All features of a claim beside its evidence, by name; 0 where there is nothing to say."""
    bindings = Bindings(match.claim, match.evidence, match.carriers)
    found = {
        **_word_features(match),
        **_order_features(match),
        **_name_features(match),
        **_scope_features(match),
        "exchange_name": bindings.exchange("name"),
        "exchange_number": bindings.exchange("number"),
        "substitute_name": bindings.substitute("name", spared=match.own),
        "substitute_number": bindings.substitute("number", spared=frozenset()),
        **denial_conflicts(match),
        **direction_conflicts(match),
        **number_conflicts(match),
        **edit_conflicts(match),
    }
    nearness = max(0.0, 2.0 * copied_share(match.claim, match.evidence) - 1.0)
    found |= {f"near_{name}": found[name] * nearness for name in NEAR}
    return {name: float(value) for name, value in found.items()}


def compared_words(match: Match) -> list[int]:
    """The indices of the claim's content words that are no part of a number."""
    numbers = quantities(match.claim.text)
    return [
        at
        for at, word in enumerate(match.claim.words)
        if word.content and not any(n.start <= word.start < n.end for n in numbers)
    ]


def _word_features(match: Match) -> dict[str, float]:
    grades = [match.grades[at] for at in compared_words(match)]
    size = max(len(grades), 1)
    new = [grade <= Grade.CONTEXT for grade in grades]
    tail = new[-max(3, size // 3) :]
    longest = run = 0
    for one in new:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return {
        "missing_share": sum(new) / size,
        "novel_share": grades.count(Grade.NOVEL) / size,
        "synonym_share": grades.count(Grade.SYNONYM) / size,
        "missing_run": math.log1p(longest),
        "missing_tail": sum(tail) / max(len(tail), 1),
        "length": math.log1p(size),
    }


def _order_features(match: Match) -> dict[str, float]:
    """Neighbours that the evidence has far apart, or the other way round."""
    places: dict[str, list[int]] = {}
    content = [word.stem for word in match.evidence.words if word.content]
    for place, stem in enumerate(content):
        places.setdefault(stem, []).append(place)
    mine = compared_words(match)
    far = turned = 0
    for one, other in pairwise(mine):
        steps = [
            there - here
            for here in places.get(match.claim.words[one].stem, ())
            for there in places.get(match.claim.words[other].stem, ())
            if here != there
        ]
        if steps:
            step = min(steps, key=lambda s: (abs(s), s < 0))
            far += abs(step) > 3
            turned += -4 <= step < 0
    size = max(len(mine), 1)
    return {"far": far / size, "reversed": turned / size}


def _name_features(match: Match) -> dict[str, float]:
    beside = [name for name, grade in match.names if grade == Grade.CONTEXT and name.certain]
    return {
        "name_novel": sum(g == Grade.NOVEL and name.certain for name, g in match.names),
        "name_other": sum(name.key not in match.own for name in beside),
        "name_late": sum(name.words[0] > 3 for name in beside),
        **_roles(match),
    }


def _roles(match: Match) -> dict[str, float]:
    """Names that follow other prepositions than in the evidence: alone, and two in exchange."""
    there: dict[str, set[str]] = {}
    for name in match.evidence.names:
        if name.certain:
            there.setdefault(name.key, set()).add(_role(match.evidence, name.words[0]))
    here = {
        name.key: _role(match.claim, name.words[0])
        for name in match.claim.names
        if name.certain and name.key in there
    }
    moved = {key for key, role in here.items() if role not in there[key]}
    return {
        "role_swap": sum(
            here[one] != here[other] and here[one] in there[other] and here[other] in there[one]
            for one, other in combinations(sorted(moved), 2)
        ),
        "role_change": sum(
            (here[key] in _MEASURED_AGAINST) == there[key].isdisjoint(_MEASURED_AGAINST)
            for key in moved
        ),
    }


def _role(text: Reading, at: int) -> str:
    """The preposition that a name follows, "and" in a list, "," after a break, "" else."""
    for before in range(at - 1, max(-1, at - 4), -1):
        word, following = text.words[before], text.words[before + 1]
        if text.text[word.end : following.start].strip() not in ("", "-", "("):
            return ","
        if word.lower in _PREPOSITIONS:
            return word.lower
        if word.lower in ("and", "or"):
            return "and"
    return "first" if at <= 3 else ""


def _scope_features(match: Match) -> dict[str, float]:
    here = [word.lower for word in match.claim.words]
    there = {word.lower for word in match.evidence.words}
    return {
        **{
            name: not widens.isdisjoint(here) and carries.isdisjoint(there)
            for name, (widens, carries) in _SCOPES.items()
        },
        "universal_added": sum(word in _UNIVERSAL and word not in there for word in here),
    }
