"""Whether a written sentence is carried by its evidence: the check before anything is shown.

Deterministic vetoes first (a number or a name that the paper doesn't have, a bound or a comparison
turned round), then one logistic score over the features of `rag.support.features`. What fails is
replaced by the paper's own words, so the threshold is strict: it gives up some true paraphrases to
let few errors pass. Weights and threshold come from `rag/data/support.json`, which
`lab.training.support` makes; `python -m lab.bench.support` prints what they are worth on papers
that they never saw.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.package_data import DATA
from rag.support.features import compared_words, features
from rag.support.matching import Grade, Match, match
from rag.support.quantities import quantities, same_quantity

LONGEST_CLAIM = 1000
"""Characters. What is longer is no sentence; it is refused unread, which bounds the time."""
NAMED_WORDS = 6
"""Words of a claim that a reason lists as missing from the evidence."""

VETOES = ("number_novel", "name_novel", "bound_opposite", "from_to", "turned_round")
"""Hardly a true sentence of the training papers has one of these: no score outweighs them."""

READ = "read"
"""The name of the reader's log-odds among the features."""

_CONFLICTS = {
    "bound_opposite": "a bound is turned round",
    "from_to": "'from' and 'to' are exchanged",
    "denial_flips": "it denies what the evidence says",
    "affirm_flips": "it says what the evidence denies",
    "edit_denial_in": "a denial is put in",
    "edit_denial_out": "a denial is left out",
    "edit_pole": "a word stands where the evidence has its opposite",
    "pole_novel": "a word is the opposite of one in the evidence",
    "pole_attached": "a direction is given to something else than in the evidence",
    "turned_round": "the sides of a comparison are exchanged",
    "edit_name": "a name stands where the evidence has another",
    "edit_number": "a number stands where the evidence has another",
    "role_swap": "two names are exchanged",
    "scope_all": "it says 'all' where the evidence does not",
    "scope_only": "it says 'only' where the evidence does not",
}


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on one sentence: `score` in [0, 1], 0 when vetoed; `reasons` speak against it.

    The score is no probability of truth: only its order and the stored threshold have a meaning.
    """

    supported: bool
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """The logistic model: score = sigmoid(bias + sum of weight times feature).

    `curve`: the share of true sentences given up -> the threshold that gives up so many.
    """

    bias: float
    threshold: float
    weights: Mapping[str, float]
    curve: Mapping[str, float]


def check(
    sentence: str,
    evidence: Sequence[str],
    *,
    title: str = "",
    context: str = "",
    question: str = "",
    read: float | None = None,
    learned: Callable[[str, str], float] | None = None,
) -> Support:
    """Whether the sentence says nothing but what its evidence says.

    Args:
        sentence: one written sentence, without citation markers.
        evidence: the sentences of one abstract that it is to be carried by, one to five.
        title: of the paper; with `context` it tells the paper's own names, which the evidence
            calls "we" or "our method", from names that have no business in the sentence.
        context: the whole abstract. It names things and spells out acronyms; it carries no claim.
        question: what was asked. Words of the question carry nothing, a question may presume what
            is false; letting them count changed nothing either (AUC .875 and .876).
        read: what the reader says (`rag.models.reader`, skill "supports"), in log-odds; None
            without one.
        learned: (evidence, sentence) -> probability in [0, 1] that the first entails the second,
            from a model. It is weighed equally with the score; it cannot lift a veto.
    """
    premise = " ".join(part.strip() for part in evidence if part.strip())
    if not premise:
        return Support(False, 0.0, ("there is no evidence",))
    if len(sentence) > LONGEST_CLAIM:
        return Support(False, 0.0, (f"{len(sentence)} characters are more than a sentence",))
    matched = match(sentence, premise, title=title, context=context)
    if not compared_words(matched):
        return Support(False, 0.0, ("it says nothing that could be compared",))
    found = features(matched)
    if any(found[veto] for veto in VETOES):
        return Support(False, 0.0, _reasons(matched, found))
    model = support_weights(read=read is not None)
    score = _score(model, found if read is None else {**found, READ: read})
    if learned is not None:
        score = _weighed(model, score, learned(premise, sentence))
    supported = score >= model.threshold
    return Support(supported, score, () if supported else _reasons(matched, found))


@lru_cache(maxsize=2)
def support_weights(*, read: bool = False) -> Weights:
    """The weights in the box; `read`: those that weigh what the reader says.

    Source: `rag/data/support.json`; its "about" says what they were learned from.
    """
    stored = json.loads((DATA / "support.json").read_text(encoding="utf-8"))
    if read:
        stored = stored["with_reader"]
    return Weights(stored["bias"], stored["threshold"], stored["weights"], stored["curve"])


def _score(model: Weights, found: Mapping[str, float]) -> float:
    total = model.bias + sum(weight * found[name] for name, weight in model.weights.items())
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, total))))


def _weighed(model: Weights, score: float, learned: float) -> float:
    """The mean of both in log-odds, each counted from where it decides (threshold; one half)."""
    decides = _log_odds(model.threshold)
    mean = decides + ((_log_odds(score) - decides) + _log_odds(learned)) / 2
    return 1.0 / (1.0 + math.exp(-mean))


def _log_odds(probability: float) -> float:
    inside = max(1e-6, min(1 - 1e-6, probability))
    return math.log(inside / (1 - inside))


def _reasons(matched: Match, found: Mapping[str, float]) -> tuple[str, ...]:
    reasons = [
        f"the name {name.text!r} is not in the paper"
        for name, grade in matched.names
        if grade == Grade.NOVEL and name.certain
    ]
    known = quantities(matched.evidence.text)
    reasons += [
        f"the number {matched.claim.text[number.start : number.end]!r} is not in the evidence"
        for number in quantities(matched.claim.text)
        if not any(same_quantity(number, other) for other in known)
    ]
    reasons += [text for name, text in _CONFLICTS.items() if found[name]]
    new = [
        matched.claim.words[at].lower
        for at in compared_words(matched)
        if matched.grades[at] <= Grade.CONTEXT
    ]
    if new:
        reasons.append(f"not in the evidence: {', '.join(new[:NAMED_WORDS])}")
    return tuple(reasons) or ("too little of it stands in the evidence",)
