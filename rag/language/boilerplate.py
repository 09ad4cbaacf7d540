"""What stands in an abstract and says nothing of what was found: copyright, funding, labels.

Exports of papers carry a publisher's lines in the abstract. They are told by their form, never by
their topic: how such a line begins, what alone may follow there, and whether it can only stand at
the end. A sentence about funding or keywords has a verb of its own, and none of the forms has room
for one. What is no such line to the last word is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rag.language.labels import after_label, has_bare_labels, is_label

_LONGEST = 600
"""Characters. No such line is longer; what is looked at stays linear in the text."""
_AROUND = " \t\r\n.,;:()[]*|-\u2013\u2014"

# A word, with what may be joined to it: "Elsevier", "B.V", "R01-AB", "l'Europe".
_WORD = re.compile(r"[^\W\d_][\w'\u2019.-]*")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+", re.IGNORECASE)
_LEGAL = frozenset(
    """
    a all an and as b.v behalf by c company copyright copyrights author authors da de del der des
    di do doi dos du e et exclusive exclusively for from gmbh government held holder holders in inc
    la le licence license licensed licensee licensees no of on online open access or original
    owner owners per permission publication published publisher publishers reprinted reserved right
    rights some the to trading u und under van von with work works y
    """.split()
)
_GRANT = frozenset(
    """
    agency agencies agreement applicable award awards centre center charity commission consortium
    contract contracts council declared department departments disclosed external fellowship
    fellowships financial financially foundation foundations fund funded funder funders funding
    funds government grant grants innovation institute institutes institution institutional
    institutions ministry national none no. nos not number numbers others part program programme
    programmes programs project projects provided received research scheme scholarship scholarships
    science sciences source sources sponsor sponsored sponsors state study support supported this
    through trust university universities via was were
    """.split()
)
_REGISTRY_ID = re.compile(
    r"\b(?:NCT ?\d{8}|ISRCTN ?\d{5,8}|CRD ?\d{8,}|CTRI/[\w/]+|ChiCTR[\w-]*\d{4,}|10\.17605/\S+"
    r"|(?:ACTRN|UMIN|DRKS|KCT|NTR|NL|RBR-|JMA-IIA|JapicCTI-?|IRCT|PACTR|SLCTR|TCTR|HKUCTR-?|jRCT"
    r"|U1111-|JPRN-)\w*\d{3}[\w-]*|\d{4}-\d{6}-\d{2}(?:-\d\d)?)",
    re.IGNORECASE,
)
_REGISTRATION = frozenset(
    """
    a an and as at before by clinical clinicaltrials clinicaltrials.gov code controlled current
    database date first for from gov has have http https id identifier identifiers in international
    is isrctn it number numbers of on online our platform portal posted prospective prospectively
    prospero protocol protocols randomised randomized reference register registered registers
    registration registries registry retrospectively review reviews stage studies study systematic
    the this to trial trials under unique url via was were who with www
    """.split()
)
_CLAUSE = re.compile(
    r"\b(?:we|it|they|is|are|was|were|be|been|has|have|had|can|could|may|will|would|which|that|this"
    r"|these|those|our|their|does|do|did|when|while|because|than)\b"
)
_CODE = re.compile(r"[A-Z]?\d[\w.+/-]*|primary|secondary|and", re.IGNORECASE)
_DATE = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3,9}\.?,?\s+\d{4}|[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?"
    r"\s+\d{4}|[a-z]{3,9}\.?\s+\d{4}|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4})"
)
_EVENT = (
    r"(?:(?:manuscript\s+|article\s+|first\s+|originally\s+|final\s+version\s+)?(?:received|revised"
    r"|accepted|submitted|published|available|posted)(?:\s+(?:in\s+(?:its\s+)?(?:final|revised)"
    r"(?:\s+form)?|for\s+publication|online|ahead\s+of\s+print|on))*|in\s+(?:its\s+)?"
    r"(?:final|revised)\s+form)"
)


class Form(NamedTuple):
    """A kind of line: how it begins, what all of the rest must be, and where it may stand."""

    why: str
    begins: re.Pattern[str]
    goes_on: Callable[[str], bool]
    at_end: bool = False
    """Only where nothing but such lines follows: these begin as a sentence might."""


def _ends(rest: str) -> bool:
    return not rest.strip(_AROUND)


def _anything(rest: str) -> bool:
    return len(rest) <= _LONGEST


def _names(rest: str, *, beside: frozenset[str] = _LEGAL) -> bool:
    """Whether there are only names, numbers and small words: no verb that could state a thing."""
    words = _WORD.findall(_ADDRESS.sub(" ", rest))
    return all(word[0].isupper() or word.rstrip(".-'\u2019") in beside for word in words)


def _funders(rest: str) -> bool:
    return _names(rest, beside=_LEGAL | _GRANT)


def _registration(rest: str) -> bool:
    """Whether there is the number of a registry, and around it only what says so and names."""
    around, found = _REGISTRY_ID.subn(" ", rest)
    if not found:
        return False
    words = _WORD.findall(_ADDRESS.sub(" ", around))
    shouted = rest == rest.upper()  # then capitals tell no name
    return all(
        (word[0].isupper() and not shouted)
        or "." in word.strip(".")  # "anzctr.org.au"
        or word.casefold().rstrip(".-") in _REGISTRATION
        for word in words
    )


def _codes(rest: str) -> bool:
    parts = [part for part in re.split(r"[\s,;]+", rest) if part.strip(_AROUND)]
    coded = [part for part in parts if _CODE.fullmatch(part.strip(_AROUND))]
    return len(coded) == len(parts) and any(part[-1:].isalnum() for part in parts)


def _terms(rest: str) -> bool:
    """Whether there is a list of terms, each of a few words, and no clause."""
    terms = [term for term in re.split(r"[;,|\u00b7\u2022]", rest) if term.strip(_AROUND)]
    return bool(terms) and not _CLAUSE.search(rest) and all(len(t.split()) <= 6 for t in terms)


def _form(why: str, begins: str, goes_on: Callable[[str], bool], *, at_end: bool = False) -> Form:
    return Form(why, re.compile(begins, re.IGNORECASE), goes_on, at_end)


_SIGN = r"(?:\u00a9|\u24d2|\(c\)\s*(?=\d{4}|copyright))"

FORMS: tuple[Form, ...] = (
    _form(
        "a copyright line: the sign or the word, then a year and whom it belongs to",
        rf"(?:crown\s+)?(?:copyright\s*)?{_SIGN}|copyright\s*(?=[\d(\u00a9,]|by\s+(?:the\s+)?(?-i:[A-Z])"
        r"|(?:remains?|is|are)\s+(?:held|with|owned)|the\s+authors?\b)",
        _names,
    ),
    _form(
        "a line of rights",
        r"(?:all|some)\s+rights\s+reserved|no\s+claim\s+to\s+original\s+u\.?\s?s\.?\s+government"
        r"|this\s+(?:article|paper|work)\s+is\s+(?:protected\s+by|in\s+the\s+public\s+domain)",
        _names,
    ),
    _form(
        "who published it: a publisher's name and no verb after it",
        r"(?:first\s+)?(?:published|hosted|reprinted|reproduced|production\s+and\s+hosting)"
        r"(?:\s+(?:online|\d{4}|here|under\s+licen[cs]e|with\s+permission))*\s+(?:by|from)\s",
        _names,
        at_end=True,
    ),
    _form(
        "a journal that somebody published",
        r"(?-i:[A-Z][\w&.,:'-]*\s+|of\s+|and\s+|the\s+|in\s+|for\s+){1,12}published\s+by\s",
        _names,
        at_end=True,
    ),
    _form(
        "a licence",
        r"this\s+is\s+an\s+open[\s-]access\s+article\b|this\s+(?:article|work|paper)\s+is\s+"
        r"(?:licen[cs]ed|distributed|published|made\s+available)\s+under\s+(?:the|a|an)\s+"
        r"(?:terms|conditions|creative|cc)\b|(?:licen[cs]ed|distributed)\s+under\s+(?:the\s+|a\s+)?"
        r"(?:creative\s+commons|cc[\s-]by)\b",
        _anything,
        at_end=True,
    ),
    _form(
        "which issue it is in",
        r"this\s+(?:article|paper|review|contribution|commentary|editorial)\s+(?:is|forms|was)\s+"
        r"(?:a\s+)?(?:part\s+of|included\s+in|published\s+in|a\s+contribution\s+to)\s+(?:an?|the|this|our)\s+"
        r"(?:[\w'\u2019-]+\s+){0,6}?(?:special|themed?|topical|virtual)\s+(?:issue|section|collection)\b",
        _anything,
        at_end=True,
    ),
    _form(
        "where the supplement is",
        r"(?:\w+\s+information\s*:\s*)?(?:supplement(?:ary|al)|supporting)\s+(?:data|materials?"
        r"|information|files?|tables?|figures?|appendix)\s+(?:for\s+this\s+\w+\s+)?(?:is|are|can\s+be)\s+"
        r"(?:also\s+|freely\s+)?(?:available|found|accessed|provided)\s+"
        r"(?:online|at\s+(?:(?!https?:)\S+\s+){1,6}online|on\s+the\s+\S|in\s+the\s+online|for\s+this\s+article|with\s+the\s+online"
        r"|from\s+the\s+(?:journal|publisher|online)|via\s+the\s)",
        _anything,
        at_end=True,
    ),
    _form(
        "what was received and accepted when: events and dates to the end",
        rf"(?:{_EVENT}\s*[:,]?\s*{_DATE}[\s;,./|\u2013\u2014-]*(?:and\s+)?)+",
        _ends,
    ),
    _form(
        "codes of a classification",
        r"(?:(?:\d{4}\s+)?(?:mathematics|ams|msc|acm|aaa)\s+(?:subject\s+|computing\s+)?classifications?"
        r"|pacs|msc|jel|ams)(?:[\s-]+(?:class\w*|codes?|numbers?|nos?\.?|subject|\d{4}\b|\(\d{4}\)))*\s*"
        r"[:.\u2014-]?\s*",
        _codes,
    ),
    _form(
        "keywords: a list of terms, and no clause in it",
        r"(?:(?:author\s+|additional\s+)?key[\s-]?words?(?:\s+(?:and|or)\s+(?:key\s*)?phrases)?"
        r"|index(?:ing)?\s+terms|mesh\s+(?:terms|headings)|subject\s+(?:headings|terms)"
        r"|mots[\s-]cl[e\u00e9]s|palabras\s+clave|palavras-chave|schl\u00fcsselw\u00f6rter)"
        r"(?:\s*[:\u2014]|\s+[\u2013-])\s*",
        _terms,
    ),
    _form(
        "the registration of a trial or a review: a registry's number and what names it",
        r"(?=.{0,300}\d{4})",
        _registration,
    ),
    _form(
        "a label of funding, then funders",
        r"(?:study\s+|primary\s+)?(?:funding(?:\s+(?:sources?|statement|information|support))?"
        r"|(?:sources?\s+of\s+|grant\s+|financial\s+)(?:funding|support)|sponsors?(?:hip)?)"
        r"(?:\s*[:\u2014]\s*|(?-i:(?<=FUNDING)\s+(?=[A-Z].{0,60}[a-z])))",
        _funders,
        at_end=True,
    ),
    _form(
        "who paid for the work",
        r"(?:(?:this|the|our|these)\s+(?:present\s+|current\s+)?(?:work|study|studies|research|project"
        r"|paper|trial|review|article)\s+(?:was|is|were|has\s+been|have\s+been)\s+)?(?:(?:partly"
        r"|partially|in\s+part|also|generously|financially|jointly|kindly|solely)\s+)*(?:supported"
        r"|funded|sponsored|financed)\s+(?:(?:in\s+part|partly|partially|financially)\s+)?by\s",
        _funders,
        at_end=True,
    ),
    _form(
        "a declaration of interests",
        r"(?:(?:conflicts?\s+of\s+interests?|competing\s+interests?|disclosures?)\s*:\s*)?(?:the\s+)?"
        r"authors?\s+(?:declare|report|have|has)s?\s+(?:that\s+)?(?:they\s+have\s+|there\s+are\s+)?no\s+"
        r"(?:(?:known|potential|competing|financial|conflicts?|or|relevant|of|to)\s+)*(?:interests?"
        r"|conflicts?|disclosures?|disclose)",
        _anything,
        at_end=True,
    ),
    _form(
        "whom to write to",
        r"(?:contact|e-?mail|correspondence(?:\s+to)?)\s*:\s*\S+@\S+",
        _names,
        at_end=True,
    ),
    _form("a database's own line", r"psyc(?:info|articles)\s+database\s+record\b", _names),
    _form(
        "where it was printed: a journal, its volume, pages and year",
        r"(?=.{0,160}\b(?:19|20)\d\d\b)(?-i:[A-Z][\w&.'-]*,?\s+|of\s+|and\s+|the\s+|in\s+){1,10}"
        r"(?:(?:19|20)\d\d;\s?)?\d{1,4}(?:\s?\(\d+\))?\s?:\s?[A-Z]?\d+(?:[\u2013\u2014-][A-Z]?\d+)?"
        r"(?:,?\s*\(?(?:19|20)\d\d\)?)?",
        _ends,
        at_end=True,
    ),
)  # fmt: skip
"""Every kind of line that is no evidence, and by what it is known."""

# Where such a line may begin behind a stop that ends no sentence: "rubber.(c) 2019 ...".
_INSIDE = re.compile(
    r"(?<=[.!?)\]\"\u201d])\s*(?=\u00a9|\([cC]\)\s*\d{4}|Copyright\b|PACS\b|\(?Received\b"
    r"|(?:Key[ -]?[Ww]ords?|KEY ?WORDS)\s*[:\u2014-]|Index Terms|Published by\b|All rights\b)"
)


def evidence_of(text: str, sentences: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences without boilerplate and without the labels of sections before them.

    Args:
        text: an abstract.
        sentences: (start, end) of each, in order.
    """
    kept: list[tuple[int, int]] = []
    at_end, bare = True, has_bare_labels(text)
    for start, end in reversed(sentences):
        end = _end_of_evidence(text, start, end, at_end=at_end)
        start = after_label(text, start, end, bare=bare)
        if start >= end or _is_boilerplate(text[start:end], at_end=at_end):
            continue
        at_end = False
        kept.append((start, end))
    return kept[::-1]


def _end_of_evidence(text: str, start: int, end: int, *, at_end: bool) -> int:
    """Where what a sentence says ends; its start where it says nothing."""
    sentence = text[start:end]
    if is_label(sentence) or _is_boilerplate(sentence, at_end=at_end):
        return start
    for found in _INSIDE.finditer(sentence):
        if _is_boilerplate(sentence[found.end() :], at_end=at_end):
            return _end_of_evidence(text, start, start + found.start(), at_end=at_end)
    return end


def _is_boilerplate(sentence: str, *, at_end: bool) -> bool:
    if len(sentence) > _LONGEST:
        return False
    # "(c) 2019": a bracket at the beginning may be the form's own.
    for line in dict.fromkeys((sentence.strip(), sentence.strip(_AROUND))):
        for form in FORMS:
            found = form.begins.match(line) if at_end or not form.at_end else None
            if found is not None and form.goes_on(line[found.end() :]):
                return True
    return False
