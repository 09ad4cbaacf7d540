"""Clauses that only hang on a sentence: what is added behind it, or put in between.

    aside   ", which ..., ", ", a model that ..., "
    tail    ", achieving ...", "; ...", ", and we ..."

A clause is only cut off behind words that are a clause themselves, with a verb of their own, and
never if it restricts the statement. There is no parser here: closed classes, and the verbs that
abstracts are made with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.language.wording import word_set
from rag.retelling.tokens import Edit, Token, restricts

_RELATIVES = word_set("which who whose where")
_ADDING = word_set("including thereby thus hence with especially particularly notably namely")
_SUBJECTS = word_set("we it they this these that our the")
_NO_PARTICIPLE = word_set(
    """during being nothing something anything everything king ring thing string setting training
    learning reasoning understanding processing modeling modelling planning coding tuning testing
    scaling ranking engineering sampling prompting pruning matching grounding embedding"""
)
"""What ends in -ing and is mostly a noun: it may be the next part of an enumeration."""
_AUXILIARIES = word_set(
    """is are was were has have had can could may might will would must should does do did remains
    remain"""
)
_VERBS = word_set(
    """achieve adapt add address adopt aim align allow analyze apply approach argue assess attain
    augment avoid benchmark bridge bring build capture cause challenge change combine compare
    comprise compute conduct consist construct contain contribute control convert cover create
    decompose define degrade deliver demonstrate depend derive describe design determine develop
    discover distill double drop eliminate employ enable encode encourage enhance ensure establish
    estimate evaluate examine exceed exhibit expand explore extend extract facilitate fail find
    focus follow form formalize formulate gain generalize generate give guide handle harm help hide
    highlight hold hurt identify improve include incorporate increase indicate induce infer
    integrate introduce investigate involve iterate lack lead learn leave let leverage lie limit
    link lower maintain make map match mean measure merge mitigate model need obtain occur offer
    operate optimize organize outperform overcome perform permit pose predict present preserve
    prevent produce promote propose prove provide raise reach reason reduce refine release rely
    remove repeat replace report represent require resolve restrict retain retrieve reveal rival
    rise run scale score see select serve show simplify solve span stem store strengthen struggle
    study suffer suggest support surpass sustain tackle take target tend test train transfer
    transform translate treat uncover understand unify update use validate verify weaken work
    yield"""
)
"""What abstracts' clauses are made with; a word that is none of them proves no clause."""
_IRREGULAR = word_set("found showed made took gave led built held kept saw rose fell grew")
_OPEN_ENDED = word_set(
    """that of in on at to for from by with as than into over under between and or nor the a an
    is are was were be been has have had can may will their its such both either not which who
    this these those via using while because where when"""
)
"""A clause does not end in one of them."""
_OPENING = word_set("that which whether how")
FEWEST = 4  # words of a clause


def clauses(told: Sequence[Token]) -> Iterator[Edit]:
    """Tails, and what stands between two marks."""
    end = len(told) - (bool(told) and told[-1].text == ".")
    marks = [i for i in _outside(told) if told[i].text in ",;:\u2014\u2013"]
    for i in marks:
        if not _opens(told, i):
            continue
        closing = next((j for j in marks if j > i and told[j].text == told[i].text), None)
        inside = told[i + 1 : closing or end]
        if (
            closing is not None
            and told[i].text in ",\u2014\u2013"
            and closing + 1 < end
            and is_finite(told, closing + 1)
            and not restricts(inside)
        ):
            yield Edit(i, closing + 1, " ")
        elif is_clause(told[:i]) and not restricts(told[i:end]) and not _goes_on(told, i, end):
            yield Edit(i, end)


def _opens(told: Sequence[Token], mark: int) -> bool:
    """Whether what comes after a mark is an addition, and no part of an enumeration."""
    if told[mark].text in ";:\u2014\u2013":
        return True
    after = [token.lower for token in told[mark + 1 : mark + 3]]
    if not after:
        return False
    if after[0] == "and" and len(after) > 1:
        return after[1] in _SUBJECTS or after[1] in ("thus", "thereby", "hence")
    participle = after[0].endswith("ing") and after[0] not in _NO_PARTICIPLE
    such_as = after == ["such", "as"] or after == ["as", "well"]
    return after[0] in _RELATIVES or after[0] in _ADDING or participle or such_as


def _goes_on(told: Sequence[Token], mark: int, end: int) -> bool:
    """Whether after a comma behind a mark the main clause goes on: what is between is an aside."""
    return told[mark].text == "," and any(
        told[j].text == "," and is_finite(told, j + 1) for j in range(mark + 1, end - 1)
    )


def is_clause(told: Sequence[Token]) -> bool:
    """Whether words can stand as a sentence: they have a verb, after the last "that" too."""
    words = [token.lower for token in told if token.text[0].isalnum()]
    if len(words) < FEWEST or words[-1] in _OPEN_ENDED:
        return False
    if sum(t.text == "(" for t in told) != sum(t.text == ")" for t in told):
        return False
    starts = [i for i, token in enumerate(told) if token.lower in _OPENING]
    last = told[starts[-1] + 1 :] if starts else told
    return any(is_finite(told, i) for i in range(1, len(told))) and any(
        is_finite(last, i) for i in range(len(last))
    )


def is_finite(told: Sequence[Token], at: int) -> bool:
    """Whether a word is a verb with a subject, as far as its form and its neighbour tell."""
    word = told[at].lower
    before = told[at - 1].lower if at else ""
    if word in _AUXILIARIES or before in ("we", "they"):
        return True
    if before in ("to", "a", "an", "the", "of", "and", "for", "in", "with", "by", "their", "our"):
        return before == "and" and word in _VERBS
    if word in _VERBS or word in _IRREGULAR:
        return True
    bases = {word.removesuffix("s"), word.removesuffix("es"), f"{word.removesuffix('ies')}y"}
    return word.endswith("s") and not bases.isdisjoint(_VERBS)


def _outside(told: Sequence[Token]) -> Iterator[int]:
    """Places that are in no parentheses."""
    depth = 0
    for i, token in enumerate(told):
        depth += (token.text in "([") - (token.text in ")]")
        if depth == 0:
            yield i
