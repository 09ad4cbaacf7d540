"""The first person of a paper in the third."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.language.wording import word_set
from rag.retelling.clauses import is_finite
from rag.retelling.tokens import Edit, Token
from rag.types import Paper

_BEGINS = word_set(", ; : ( ) \u2014 \u2013 and then here thus therefore hence which")
"""Behind these "we" begins a clause and is who writes; elsewhere it may be anybody ("concepts of
the kind we manipulate", "how we perceive the world")."""
_EVERYBODYS = word_set(
    "understanding knowledge world society planet lives life daily everyday minds"
)
"""What is ours and not only the authors'."""
_OTHER_FORMS = {"us": "them", "ours": "theirs", "ourselves": "themselves"}
_FIRST_PERSONS = word_set("we us ours ourselves my me mine")
_METHODS = "method approach framework model system algorithm technique pipeline architecture"
_DATA = "dataset benchmark corpus collection suite testbed"
_THINGS = {noun: frozenset(kind.split()) for kind in (_METHODS, _DATA) for noun in kind.split()}


def persons(told: Sequence[Token], paper: Paper, *, lead: int) -> Iterator[Edit]:
    """The first person in the third, and "our method" by its name.

    `lead`: tokens that may go; who is named among them may be named nowhere.
    """
    name, things = own_name(paper)
    authors = "the author" if paper.author_count == 1 else "the authors"
    named = False  # whether the authors are: "their" could be anybody's before
    for i, token in enumerate(told):
        word = token.lower if token.text != "US" else ""
        if word == "our" or (word == "the" and _is_proposed(told, i)):
            after = i + 1 + _is_proposed(told, i)
            if after < len(told) and told[after].lower in things:
                yield Edit(i, after + 1, name)
        if word == "our":
            owner = f"{authors}'s" if authors.endswith("r") else f"{authors}'"
            said = [near.lower for near in told[max(0, i - 1) : i + 2]]
            everybodys = said[-1] in _EVERYBODYS and said != ["to", "our", "knowledge"]
            own = "their" if named else owner
            yield Edit(i, i + 1, None if everybodys else own, needed=True)
        elif word == "we" and paper.author_count != 1 and _writes(told, i):
            yield Edit(i, i + 1, authors, needed=True)
            named = named or i >= lead
        elif word in _FIRST_PERSONS or token.text == "I":
            yield Edit(i, i + 1, _OTHER_FORMS.get(word) if named else None, needed=True)


def _writes(told: Sequence[Token], at: int) -> bool:
    """Whether a "we" is who writes: it begins a clause, or what somebody shows."""
    if at == 0 or told[at - 1].lower in _BEGINS:
        return True
    return told[at - 1].lower == "that" and at > 1 and is_finite(told, at - 2)


def _is_proposed(told: Sequence[Token], at: int) -> bool:
    return at + 1 < len(told) and told[at + 1].lower == "proposed"


@lru_cache(maxsize=512)
def own_name(paper: Paper) -> tuple[str, frozenset[str]]:
    """The name before the colon of a title, and the nouns that the abstract calls it by.

    No nouns where the abstract does not say what it is: "our dataset" may be another thing.
    """
    head, colon, _ = paper.title.partition(":")
    name = head.strip()
    if not colon or len(name.split()) > 2 or not any(c.isupper() for c in name[1:]):
        return "", frozenset()
    said = re.search(
        rf"\b{re.escape(name)}\b(?: \([^)]*\))?(?:,| is) (?:a|an|the)\b([^.,;]{{0,80}})",
        paper.abstract,
    )
    if said is None:
        return "", frozenset()
    nouns = [word for word in re.findall(r"[a-z]+", said.group(1).lower()) if word in _THINGS]
    return (name, _THINGS[nouns[0]]) if nouns else ("", frozenset())
