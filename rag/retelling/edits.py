"""What of a sentence may be left out or has to change when it is retold.

    lead    "To this end, ", "We show that "      what announces a statement
    adverb  "further", "novel"                    what links or praises
    aside   "(...)", ", which ..., "              what interrupts
    tail    ", achieving ...", "; ..."            what is added after a whole clause
    person  "our" -> "the authors'", "our model" -> the name that the abstract gives it

What restricts a statement ("only", "if", "except") or turns it ("but", "although") never goes, nor
does a number. Rules of form, by closed classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.language.trimming import lead_end
from rag.language.wording import word_set
from rag.retelling.clauses import clauses, is_clause
from rag.retelling.persons import persons
from rag.retelling.tokens import Edit, Token, restricts, tokens
from rag.types import Paper

_LEADS = re.compile(
    r"(?:(?:more )?(?:specifically|importantly|precisely|concretely),\s+|"
    r"(?:accordingly|in fact|as such|likewise|similarly|also|additionally|furthermore|moreover)"
    r",?\s+|"
    # Only where a subject follows at once: "Based on A, a model with B, it ..." has more of it.
    r"(?:to [a-z]+|based on|building (?:up)?on|motivated by|inspired by|in response|in light of|"
    r"in this|here|through (?:extensive|comprehensive)|by)\b[^,;:]{0,90},\s+"
    r"(?=(?:we|our|this|the|it|these)\b)|"
    r"we (?:also |further |then |empirically |theoretically |experimentally )?(?:show|find|"
    r"demonstrate|observe|prove|reveal|report|discover|confirm|verify|found|showed|demonstrated|"
    r"observed) that\s+)+",
    re.IGNORECASE,
)
_POINT = re.compile(r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])\)\s+", re.IGNORECASE)
_ADVERBS = word_set(
    """also further additionally furthermore moreover notably importantly interestingly remarkably
    surprisingly specifically novel extensively"""
)
_PRAISE = (
    ("simple", "yet", "effective"),
    ("simple", "but", "effective"),
    ("effective", "yet", "simple"),
)
_BINDS_ADVERB = word_set("not no never cannot without nor neither hardly but more most less")
"""Before an adverb it belongs to them: "not only A but also B", "does not further improve"."""


@lru_cache(maxsize=512)
def edits(text: str, paper: Paper) -> tuple[Edit, ...]:
    """What may and what has to be changed in a sentence of a paper, by where it begins.

    A sentence that cannot be put into the third person has an edit that nothing satisfies.
    """
    told = tokens(text)
    found = [*_leads(text, told), *_adverbs(told), *_parentheses(told), *clauses(told)]
    lead = max((edit.last for edit in found if edit.first == 0 and not edit.instead), default=0)
    found += persons(told, paper, lead=lead)
    return tuple(sorted(dict.fromkeys(found), key=lambda edit: (edit.first, -edit.last)))


def _leads(text: str, told: Sequence[Token]) -> Iterator[Edit]:
    """What comes before the statement proper; the number of a point has to go."""
    numbered = _POINT.match(text)
    begin = end = numbered.end() if numbered else 0
    if numbered:
        yield Edit(0, _tokens_before(told, end), needed=True)
    while True:
        found = _LEADS.match(text, end)
        further = max(lead_end(text[end:]) + end, found.end() if found else end)
        if further == end:
            return
        end = further
        last = _tokens_before(told, end)
        if is_clause(told[last:]) and not restricts(told[_tokens_before(told, begin) : last]):
            yield Edit(0, last)


def _tokens_before(told: Sequence[Token], end: int) -> int:
    return sum(token.start < end for token in told)


def _adverbs(told: Sequence[Token]) -> Iterator[Edit]:
    for first, token in enumerate(told):
        phrases = [*_PRAISE, (token.lower,)] if token.lower in _ADVERBS else _PRAISE
        for phrase in phrases:
            last = first + len(phrase)
            if tuple(t.lower for t in told[first:last]) == phrase and _is_free(told, first, last):
                yield _without(told, first, last)


def _is_free(told: Sequence[Token], first: int, last: int) -> bool:
    """Whether words belong to none beside them: not "not only", "more", "novel and fast"."""
    before = [token.lower for token in told[max(0, first - 2) : first]]
    after = [token.lower for token in told[last : last + 1]]
    return _BINDS_ADVERB.isdisjoint(before) and not {"and", "or"} & set(after)


def _without(told: Sequence[Token], first: int, last: int) -> Edit:
    """Words left out with the commas around them; the article before as the next word wants it."""
    comma_behind = last < len(told) and told[last].text == ","
    if first and told[first - 1].lower in ("a", "an"):
        last += comma_behind  # "a novel, fast method"
        following = told[last].lower if last < len(told) else ""
        return Edit(first - 1, last, "an" if _sounds_open(following) else "a")
    if comma_behind and first and told[first - 1].text == ",":
        return Edit(first - 1, last + 1, " ")
    return Edit(first, last + (comma_behind and first == 0))


def _parentheses(told: Sequence[Token]) -> Iterator[Edit]:
    opened: list[int] = []
    for i, token in enumerate(told):
        if token.text == "(":
            opened.append(i)
        elif token.text == ")" and opened:  # one word in it may be a number: "(1) ..., (ii) ..."
            first = opened.pop()
            argument = first > 0 and told[first - 1].end == told[first].start  # "O(n log n)"
            if i - first > 2 and not (opened or argument or restricts(told[first:i])):
                yield Edit(first, i + 1)


def _sounds_open(word: str) -> bool:
    """Whether "an" stands before a word, by its letters."""
    return word[:1] in "aeiou" and not word.startswith(("uni", "use", "usa", "one", "eu"))
