"""Whether a text says something or asks for it.

What is said is another task for a search than what is asked: a claim is looked for as it stands,
and has no words that only ask. Told from the form alone: a sentence that ends as one, with a verb,
that neither asks nor requests. Only verbs of a closed class are looked for, so half of all claims
are taken for questions; a bare subject ("Owls of the north.") never is taken for a claim.
"""

from __future__ import annotations

import re
from typing import Final

from rag.language.wording import PAPER_NOUNS, SPEAKS_OF_PAPERS, normalize, word_set, words

_VERBS: Final = word_set(
    """is isn't are aren't was wasn't were weren't has hasn't have haven't had hadn't do don't does
    doesn't did didn't can can't cannot could couldn't may might must shall should shouldn't will
    won't would wouldn't"""
)
_ASKING: Final = word_set(
    """who whom whose what which when where why how whether what's who's where's how's am show list
    find give get tell name want need look search see compare explain describe summarise summarize
    recommend suggest obtain point help let let's please pls any i i'm i'd i've me my we we're we've
    us our you your"""
)
_OPENINGS: Final = _ASKING | _VERBS | SPEAKS_OF_PAPERS
"""First words of questions, of requests, and of what users tell of themselves."""
_BEFORE: Final = word_set(
    """and but so or well ok okay hi hello hey now also then of in on at to for from by with about
    under through"""
)
"""Words that may stand before them: "and which", "in what"."""
_PAPERS: Final = rf"(?:{'|'.join(sorted(PAPER_NOUNS))})\b"
_ASKS_FOR_PAPERS: Final = re.compile(
    rf"\b(?:which|what|whose|any) {_PAPERS}|"
    rf"^(?:\w+ ){{0,2}}{_PAPERS} (?:on|about|of|for|that|with)\b",
    re.IGNORECASE,
)


def states(text: str) -> bool:
    """Whether a text is a sentence with a verb and neither asks nor requests anything."""
    text = normalize(text)
    said = words(text)
    while len(said) > 1 and said[0] in _BEFORE:
        said.pop(0)
    return (
        text.endswith(".")
        and not _VERBS.isdisjoint(said)
        and "?" not in text
        and said[0] not in _OPENINGS
        and _ASKS_FOR_PAPERS.search(text) is None
    )
