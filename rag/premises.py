"""Three forms in which a question for a reason presumes something, and how a paper denies them.

    need       why does A need B?               "unlike work that requires B", "without any B"
    contrast   why does A use B rather than C?  "unlike B, our C"; C is there and no B anywhere
    failure    why does A break down on B?      A does so on B, found with no word of trouble

`rag.contradiction` sees that a word was turned round; these see what is denied without one.
`python -m eval.bench_premises` says what they find and what they wrongly find. Floor 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.closeness import without_asides
from rag.contradiction import LONGEST_STATEMENT
from rag.polarity import denials, excusing_words, poles
from rag.presuppositions import presupposed
from rag.roles import finds
from rag.support_features import compared_words
from rag.support_matching import Grade, match
from rag.support_words import Reading, holds_name, reading

LEAST_SHARED = 0.6
"""The share of what is said of a failure that a sentence of success must say too."""
REACH = 5
"""Words that an excluding word covers to its right, unless the clause ends before."""

# A noun ("removes the need for") or a denied verb ("does not require") presumes no need.
_NEED = re.compile(
    r"(?<!the )(?<!no )(?<!any )(?<!not )(?<!n't )(?<!never )(?<!without )"
    r"\b(?:need|require|rely on|relies on|relied on|depend on|depends on|depended on)"
    r"(?:s|d|ed)?\s+(?P<what>.+)",
    re.IGNORECASE,
)
# Where the noun phrase that is needed, chosen or left is over.
_PHRASE_END = re.compile(
    r"[,;:?(]|\s(?:to|for|on|in|at|of|when|while|during|because|before|after|that|which|who|where"
    r"|with|by|from|as|and|is|are|was|were|does|do|did|sets?|has|have)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"(?P<a>[^,;:?]+?),?\s+(?:rather than|instead of|and not|but not)\s+(?P<b>[^,;:?]+)"
    r"|\b(?:prefer|choose|chose|pick|favou?r|use)(?:red|ed|d|s)?\s+(?P<c>[^,;:?]+?)\s+over\s+"
    r"(?P<d>[^,;:?]+)",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"\b(?:br(?:eak|eaks|oke) down|fail(?:s|ed)?(?: to)?|collaps(?:e|es|ed)|(?:un|not )able to"
    r"|stop(?:s|ped)? working|no longer works?)\b",
    re.IGNORECASE,
)
_HARM = re.compile(
    r"\b(?:fail|degrad|drop|harm|hurt|suffer|diverg|collaps|worse|crucial|essential|necessary"
    r"|difficult|challeng|limit|problem)\w*",
    re.IGNORECASE,
)
_EXCLUDING = frozenset(
    "without no not never unlike instead rather than eliminate eliminates eliminated eliminating "
    "remove removes removed removing avoid avoids avoiding obviate obviates obviating bypass "
    "bypasses bypassing replace replaces replacing nor neither".split()
)
_SELDOM = frozenset("rarely seldom hardly barely scarcely not never cannot no".split())
_CLAUSE_END = re.compile(r"[,;:.]")


def denied(question: str, sentences: Sequence[str], *, title: str) -> str:
    """The sentence that denies what a question presumes; "" where none does.

    Args:
        question: as asked; only "why" and "how come" presume here, see `rag.presuppositions`.
        sentences: of the one paper that the question is about, in reading order.
        title: of that paper.
    """
    stated = presupposed(question)
    if not stated or len(question) > LONGEST_STATEMENT:
        return ""
    for sentence in sentences:
        if denies_need(stated, sentence) or denies_failure(stated, sentence):
            return sentence
    return _denied_choice(question, sentences, title)


def presumes(stated: str) -> bool:
    """Whether a statement is of one of the three forms."""
    why = f"why is it that {stated}"
    return bool(_NEED.search(stated) or _FAILURE.search(stated) or chosen_and_left(why))


def denies_need(stated: str, sentence: str) -> bool:
    """Whether what is said to be needed is what the sentence does without."""
    found = _NEED.search(stated)
    if found is None or _HARM.search(sentence):
        return False
    needed = reading(_phrase(found["what"]))
    if excusing_words(needed):  # "need only few labels" presumes something else
        return False
    told = _plain(sentence)
    places = _places(needed, told)
    return bool(places) and places <= _excluded(told)


def denies_failure(stated: str, sentence: str) -> bool:
    """Whether the sentence found, with no word of trouble, what is said to have failed."""
    found = _FAILURE.search(stated)
    if found is None or not finds(sentence) or _HARM.search(sentence):
        return False
    told = _plain(sentence)
    if denials(told) or excusing_words(told) or any(_is_worse(told)):
        return False
    matched = match(stated, sentence)
    words = matched.claim.words
    rest = [at for at in compared_words(matched) if not _within(found.span(), words[at].start)]
    after = [at for at in rest if words[at].start >= found.end()]
    said = {at for at in rest if matched.grades[at] >= Grade.SYNONYM}
    return len(said.intersection(after)) >= 2 and len(said) >= LEAST_SHARED * len(rest)


def _denied_choice(question: str, sentences: Sequence[str], title: str) -> str:
    """The sentence by which the paper did what the question says it did not choose; or ""."""
    sides = chosen_and_left(question)
    if sides is None:
        return ""
    chosen, left = (reading(side) for side in sides)
    for sentence in sentences:
        told = _plain(sentence)
        taken, spared, out = _places(left, told), _places(chosen, told), _excluded(told)
        kept = taken and taken.isdisjoint(out | spared)
        if kept and spared and spared <= out | _seldom(told, spared):
            return sentence
    names = [name for name in chosen.names if name.certain]
    whole = reading(f"{title}. {' '.join(sentences)}")
    if not names or any(holds_name(whole, name) for name in names):
        return ""
    used = ((sentence, _plain(sentence)) for sentence in sentences)
    return next((sentence for sentence, told in used if _places(left, told) - _excluded(told)), "")


def chosen_and_left(question: str) -> tuple[str, str] | None:
    """The two sides of "B rather than C", "B and not C", "prefer B over C"; None without them."""
    why = re.search(r"\bwhy\b|\bhow come\b", question, re.IGNORECASE)
    found = _CONTRAST.search(question, why.end()) if why else None
    if found is None:
        return None
    chosen, left = found["a"] or found["c"], found["b"] or found["d"]
    return " ".join(chosen.split()[-3:]), _phrase(left)


def _phrase(text: str) -> str:
    end = _PHRASE_END.search(text)
    return text[: end.start()] if end and end.start() else text


def _plain(sentence: str) -> Reading:
    """A sentence without asides: they end no clause."""
    return reading(without_asides(sentence))


def _places(wanted: Reading, told: Reading) -> set[int]:
    """Where a phrase is in a sentence: all of its names, and at least half of its words.

    Empty where it is not. A phrase of one word must be a name.
    """
    names = [name for name in wanted.names if name.certain]
    if not all(holds_name(told, name) for name in names):
        return set()
    stems = {word.stem for word in wanted.words if word.content}
    found = [at for at, word in enumerate(told.words) if word.stem in stems]
    held = {told.words[at].stem for at in found}
    enough = bool(names) or len(stems) >= 2
    return set(found) if enough and held and 2 * len(held) >= len(stems) else set()


def _excluded(told: Reading) -> set[int]:
    """The words that a sentence sets aside: denied ones, and those after "unlike", "instead"."""
    out = {at for denial in denials(told) for at in denial.covers}
    for start, word in enumerate(told.words):
        if word.lower not in _EXCLUDING:
            continue
        for at in range(start + 1, min(start + 1 + REACH, len(told.words))):
            if _CLAUSE_END.search(told.text[word.end : told.words[at].start]):
                break
            out.add(at)
    return out


def _seldom(told: Reading, places: Iterable[int]) -> set[int]:
    """Those of the places that are said to do something seldom or never."""
    last = max(places)
    after = [word.lower for word in told.words[last + 1 : last + 3]]
    return set(places) if _SELDOM.intersection(after) else set()


def _is_worse(told: Reading) -> Iterable[bool]:
    worse = {pole.group for pole in poles(reading("worse degrade fail"))}
    return (pole.side < 0 and pole.group in worse for pole in poles(told))


def _within(span: tuple[int, int], place: int) -> bool:
    return span[0] <= place < span[1]
