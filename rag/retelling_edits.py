"""What of a sentence may be left out or has to change when it is retold. Floor 1.

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

from rag.retelling_clauses import clauses, is_clause
from rag.retelling_persons import persons
from rag.retelling_tokens import Edit, Token, restricts, tokens
from rag.trimming import lead_end
from rag.types import Paper
from rag.wording import word_set

_LEADS = re.compile(
    r"(?:(?:more )?(?:specifically|importantly|precisely|concretely),\s+|"
    r"(?:to (?:this end|that end|address|tackle|overcome|bridge|fill|mitigate|solve|achieve|"
    r"answer|enable|remedy|resolve|alleviate|combat|support|facilitate)|based on|"
    r"building (?:up)?on|motivated by|inspired by|in response|in light of|in this|here|"
    r"through (?:extensive|comprehensive)|by)\b[^,;:]{0,90},\s+|"
    r"we (?:also |further |then |empirically |theoretically |experimentally )?(?:show|find|"
    r"demonstrate|observe|prove|reveal|report|discover|confirm|verify|found|showed|demonstrated|"
    r"observed) that\s+|(?:additionally|also|furthermore|moreover),?\s+)+",
    re.IGNORECASE,
)
_ADVERBS = word_set(
    """also further additionally furthermore moreover thus therefore hence accordingly notably
    importantly interestingly remarkably surprisingly specifically novel extensively"""
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
    """What comes before the statement proper: at most to where both kinds of lead have ended."""
    end = 0
    while True:
        found = _LEADS.match(text, end)
        further = max(lead_end(text[end:]) + end, found.end() if found else end)
        if further == end:
            return
        end = further
        last = sum(token.start < end for token in told)
        kept = told[last:]
        if is_clause(kept) and not restricts(told[:last]):
            yield Edit(0, last)


def _adverbs(told: Sequence[Token]) -> Iterator[Edit]:
    for i, token in enumerate(told):
        last = next(
            (
                i + len(words)
                for words in (*_PRAISE, (token.lower,))
                if tuple(t.lower for t in told[i : i + len(words)]) == words
                and (len(words) > 1 or token.lower in _ADVERBS)
            ),
            0,
        )
        if not last or any(t.lower in _BINDS_ADVERB for t in told[max(0, i - 2) : i]):
            continue
        if last < len(told) and told[last].text == "," and token.lower == "novel":
            last += 1  # "a novel, fast method"
        if i and told[i - 1].lower in ("a", "an") and last < len(told):
            yield Edit(i - 1, last, "an" if _sounds_open(told[last].lower) else "a")
        elif i > 0 and told[i - 1].text == "," and told[last : last + 1] and told[last].text == ",":
            yield Edit(i - 1, last + 1, " ")
        elif i == 0 and told[last : last + 1] and told[last].text == ",":
            yield Edit(0, last + 1)
        else:
            yield Edit(i, last)


def _parentheses(told: Sequence[Token]) -> Iterator[Edit]:
    opened: list[int] = []
    for i, token in enumerate(told):
        if token.text == "(":
            opened.append(i)
        elif token.text == ")" and opened:  # one word in it may be a number: "(1) ..., (ii) ..."
            first = opened.pop()
            if i - first > 2 and not opened and not restricts(told[first:i]):
                yield Edit(first, i + 1)


def _sounds_open(word: str) -> bool:
    """Whether "an" stands before a word, by its letters."""
    return word[:1] in "aeiou" and not word.startswith(("uni", "use", "usa", "one", "eu"))
