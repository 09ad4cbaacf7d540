"""Closed classes of English that say how a question is put, not what it is about.

Lists, because the classes are closed: pronouns, auxiliaries, prepositions, the nouns for a piece
of scientific writing, the verbs for publishing and for asking. No topic word belongs here.
"""

from __future__ import annotations

import re
from typing import Final


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


PAPER_NOUNS: Final = word_set(
    """paper papers work works study studies article articles publication publications preprint
    preprints manuscript manuscripts report reports literature research survey surveys review
    reviews thesis theses contribution contributions reference references"""
)
"""What a piece of scientific writing is called."""

THING_NOUNS: Final = word_set(
    """method methods approach approaches technique techniques algorithm algorithms dataset
    datasets corpus corpora benchmark benchmarks model models framework frameworks system systems
    tool tools toolkit toolkits metric metrics resource resources architecture architectures
    strategy strategies trick tricks idea ideas test tests task tasks solution solutions experiment
    experiments evidence protocol protocols trial trials assay assays theory theories analysis
    analyses attempt attempts"""
)
"""What a piece of scientific writing presents: "methods that ...", "is there a dataset of ..."."""

SPEAKS_OF_PAPERS: Final = PAPER_NOUNS | word_set(
    """anything something anyone anybody somebody someone who published latest newest methods
    datasets benchmarks approaches techniques ones authors nothing new"""
)
"""Words that show a question to be about the literature and not about the world."""

FUNCTION_WORDS: Final = word_set(
    """a an the this that these those such some any all each every both either neither no not only
    just also even ever still yet already very more most much many few fewer less least other others
    another same own one ones i me my we us our you your he him his she her it its they them their
    who whom whose what which when where why how whether if than then so as and or but nor because
    while though although since until till before after during about above across against along
    among around at behind below beneath beside besides between beyond by concerning despite down
    except for from in inside into like near of off on onto out outside over past per regarding
    through throughout to toward towards under unlike up upon via with within without is are am was
    were be been being do does did done doing have has had having can could may might must shall
    should will would there here please pls plz kindly thanks ok okay yes well too again actually
    really there's what's who's it's that's whats isn't aren't don't doesn't didn't hasn't haven't
    can't cannot won't let's lets i'm i'd i've you're they're vs versus etc e.g i.e"""
)
"""Words of a closed class: they never tell one subject from another."""

ASKING_WORDS: Final = word_set(
    """show list find give get tell name want wanted need needed looking look search see know known
    have exist exists existing available relevant related published released written appeared
    dealing deal deals concerning covering cover covers discuss discusses discussing topic topics
    subject field area anything something anybody anyone somebody someone everything nothing kind
    sort author authors authored solo year years date dated time corpus index collection database
    library anyhow particular first restrict limit narrow keep filter publish stuff things thing"""
)
"""Words of the request itself: with the paper nouns and function words, they leave no topic."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019.\-+][^\W_]+)*")
_SPACE = re.compile(r"\s+")


def normalize(text: str) -> str:
    """`text` on one line, straight quotes and hyphens for their typographic cousins."""
    table = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2010: "-", 0x2011: "-"}
    return _SPACE.sub(" ", text.translate(table)).strip()


_TAKEN_FOR_ASCII: Final = str.maketrans("\u0131\u0130\u017f\u212a", "iisk")


def folded(word: str) -> str:
    """`word` as IGNORECASE compares it: the key to look up what such a pattern has matched.

    Without regard to case the dotless and the dotted i, the long s and the Kelvin sign are i, s
    and k; `str.lower` leaves the first three of them as they are, or makes two letters of one.
    """
    return word.translate(_TAKEN_FOR_ASCII).lower()


def words(text: str) -> list[str]:
    """The words of `text` in lower case, with what joins them inside ("gpt-4", "what's")."""
    return [match.group().lower() for match in _WORD.finditer(text)]


def content_words(text: str) -> list[str]:
    """The words of `text` that can carry a subject: no function, asking or paper word."""
    dull = FUNCTION_WORDS | ASKING_WORDS | PAPER_NOUNS
    return [word for word in words(text) if word not in dull]
