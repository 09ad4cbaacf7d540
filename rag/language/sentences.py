"""Sentences of an abstract, as spans of its exact characters.

Rules, not a model: abstracts are cut when they are indexed, quoted when they are shown, and both
must agree to the character, on every machine and in milliseconds. The word lists are closed
classes of English and of scientific shorthand; what each rule is for stands beside it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rag.language.boilerplate import evidence_of
from rag.types import Passage

SOFT_LIMIT = 600
"""Characters. A longer sentence is nearly always a list: it is cut at its semicolons."""
HARD_LIMIT = 2000
"""Characters. About what a 512-token encoder can read: past it words would never be found."""

_WINDOW = 60  # characters looked at on either side of a stop: keeps the whole linear

_CLOSING = "\"'\u201d\u2019\u00bb)]}"  # straight and curved quotes, brackets
_OPENING = "([{\"'\u201c\u2018\u00ab*`-\u2013\u2022"  # the same, and what items begin with
_WIDE_STOPS = "\u3002\uff01\uff1f"  # Chinese and Japanese: no space follows them
_FIRST_WIDE = "\u2e80"  # where the scripts written without spaces begin

# A run of stops with what closes on it, and a citation glued to it: "models.[12]".
_STOP = re.compile(
    rf"(?:[.!?\u2026]+|[{_WIDE_STOPS}]+)[{re.escape(_CLOSING)}]*(?:\[[\d, -]{{1,20}}\])?"
)
_KEY = re.compile(r"[^\s(\[{\"'/\u201c\u2018\u2013-]+$")  # a word, without what opens before it
_WORD = re.compile(r"[^\W\d_]+")
_DOTTED_LETTERS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # "J", "u.s", "i.i.d"
_ENUMERATOR = re.compile(r"[(\[]?(?:\d{1,2}|[ivx]{1,4}|[A-Za-z])")  # "1." at the start of an item
_ITEM = re.compile(r"[a-z]{1,4}\)")  # "ii) To ..."
_LINK = re.compile(r"https?:|www\.|\w+\.\w+/")

# Always followed by what they introduce, so they never end a sentence.
_INTRODUCING_WORDS = """
e.g eg i.e ie cf vs v.s viz fig figs eq eqs eqn eqns refs dr mr mrs prof approx ca et a.k.a w.r.t
wrt s.t
"""
# May end a sentence; they do when the next word is one that begins sentences.
_SHORTENED_WORDS = """
al no nos inc ltd co corp max min ms std est jr sr st mt sp spp subsp var ph.d u.s u.k e.u u.n
jan feb mar apr jun jul aug sep sept oct nov dec ver app ed eds sec secs ref tab resp vol vols pp
p.p chap thm prop lem def avg acc incl excl dept univ inst deg temp gov gen
"""
# Function words, and the content words that open sentences of abstracts. A capital letter alone
# cannot tell a new sentence from a name ("et al. Transformers", "torch.Tensor").
_STARTING_WORDS = """
a an the this that these those there here it its they their we our i you he she his her in on at
by for from to with within without while where when whether which what who why how if as and but
or so since such some several each every all any both either neither no not only one two three
first firstly second secondly third thirdly finally lastly last next then thus therefore hence
however moreover furthermore further additionally also although though despite after before
because due during given instead rather through thanks under unlike until upon using via into of
over overall across among along another other others many most much more recent recently previous
prior current currently existing extensive experiments experimental experimentally results
comprehensive specifically notably surprisingly interestingly importantly similarly consequently
nevertheless nonetheless meanwhile conversely empirically theoretically motivated based inspired
compared code can do does is are was were has have once concretely crucially unfortunately
traditionally typically generally evaluating evaluation evaluations analysis beyond between
building leveraging combining project
"""
_INTRODUCING = frozenset(_INTRODUCING_WORDS.split())
_SHORTENED = frozenset(_SHORTENED_WORDS.split())
_STARTING = frozenset(_STARTING_WORDS.split())


class Span(NamedTuple):
    """`text[start:end]`: a sentence without the space around it."""

    start: int
    end: int


def passages(paper_id: str, abstract: str) -> tuple[Passage, ...]:
    """The sentences of a paper's abstract that may be evidence, numbered from 0 in reading order.

    An abstract that is boilerplate throughout has all its sentences: readers bring none.
    """
    spans = evidence(abstract) or split(abstract)
    return tuple(
        Passage(paper_id, ordinal, span.start, span.end) for ordinal, span in enumerate(spans)
    )


def evidence(abstract: str) -> tuple[Span, ...]:
    """The sentences of an abstract without its boilerplate and the labels of its sections."""
    return tuple(Span(start, end) for start, end in evidence_of(abstract, split(abstract)))


def told(abstract: str) -> str:
    """What an abstract says: itself, or its evidence put together where it has boilerplate."""
    spans = evidence(abstract)
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(abstract)]
    if not any(abstract[a:b].strip() for a, b in zip(ends, starts, strict=True)):
        return abstract
    return " ".join(abstract[start:end] for start, end in spans) or abstract


def split(abstract: str) -> tuple[Span, ...]:
    """Cut an abstract into sentences: every non-space character is in exactly one span.

    Sentences of more than `SOFT_LIMIT` characters are cut at semicolons, and nothing is longer
    than `HARD_LIMIT`. Time is linear in the length of the text.
    """
    spans: list[Span] = []
    for start, end in _join_wordless(abstract, _pieces(abstract)):
        spans.extend(_cut_long(abstract, start, end))
    return tuple(spans)


def _pieces(text: str) -> list[Span]:
    """Spans between sentence ends, trimmed; empty ones left out."""
    lowered = text == text.lower()
    pieces: list[Span] = []
    start = 0
    for stop in _STOP.finditer(text):
        if _ends_sentence(text, start, stop, lowered=lowered):
            pieces.append(_trim(text, start, stop.end()))
            start = stop.end()
    pieces.append(_trim(text, start, len(text)))
    return [piece for piece in pieces if piece.start < piece.end]


def _ends_sentence(text: str, start: int, stop: re.Match[str], *, lowered: bool) -> bool:
    mark, end = stop[0], stop.end()
    before = text[max(start, stop.start() - _WINDOW) : stop.start()]
    if mark[0] in _WIDE_STOPS or (mark[0] in "!?" and before[-1:] >= _FIRST_WIDE):
        return True
    after = text[end : end + _WINDOW]
    following = after.lstrip()
    if not following:
        return True
    if following == after:  # no space after the stop
        return _ends_glued(before, after)
    opened = following.lstrip(_OPENING + " ")
    if mark[0] != "." or mark.startswith(".."):
        return lowered or not _continues(opened)
    return _ends_at_full_stop(before, following, opened, closed=len(mark) > 1, lowered=lowered)


def _ends_at_full_stop(
    before: str, following: str, opened: str, *, closed: bool, lowered: bool
) -> bool:
    """Whether one full stop between `before` and `following` (space left out) ends a sentence."""
    found = _KEY.search(before.rstrip())
    key = found[0].strip(".").lower() if found else ""
    if key in _INTRODUCING or _ENUMERATOR.fullmatch(before.strip()):
        return False
    if not before or before[-1].isspace():  # " . ", as old tokenised abstracts have it
        return True
    if key in _SHORTENED or _DOTTED_LETTERS.fullmatch(key):
        return _starts_sentence(following)
    if lowered or not _continues(opened):
        return True
    # A small letter follows: a sloppy sentence ("models. we show") or an abbreviation that no
    # list has; those are short, and whatever stands before a bracket's end was inside of it.
    if closed or _LINK.search(before.split()[-1]):
        return False
    return before[-1] in ")]%" or len(key) >= 4 or _ITEM.match(opened) is not None


def _ends_glued(before: str, after: str) -> bool:
    """Whether a stop without a space behind it ends a sentence, as in "such models.We show"."""
    if before[-1:] not in tuple(_CLOSING + "%") and not before[-2:].isalnum():
        return False
    word = _WORD.match(after)
    if word is None or not after[0].isupper() or after[word.end() : word.end() + 1] not in " ,":
        return False
    return word[0].lower() in _STARTING


def _continues(opened: str) -> bool:
    """Whether a text goes on with a small letter that no sentence would begin with.

    "mTOR", "xLSTM", "wav2vec" and addresses do begin sentences.
    """
    word = next(iter(opened.split(maxsplit=1)), "")
    if not word[:1].islower() or _LINK.match(word):
        return False
    return not any(character.isupper() or character.isdigit() for character in word)


def _starts_sentence(following: str) -> bool:
    opened = following.lstrip(_OPENING)
    word = _WORD.match(opened)
    if word is None or not opened[0].isupper():
        return False
    # "A." is an initial; "A method" is not.
    return word[0].lower() in _STARTING and opened[word.end() : word.end() + 1] != "."


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Span(start, max(start, start + len(piece.strip())))


def _join_wordless(text: str, pieces: list[Span]) -> list[Span]:
    """Give a piece without a letter or digit (". . .") to the sentence before it."""
    joined: list[Span] = []
    for piece in pieces:
        wordless = not any(character.isalnum() for character in text[piece.start : piece.end])
        if joined and (wordless or not any(c.isalnum() for c in text[slice(*joined[-1])])):
            joined[-1] = Span(joined[-1].start, piece.end)
        else:
            joined.append(piece)
    return joined


def _cut_long(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    while end - start > SOFT_LIMIT:
        cut = text.rfind("; ", start + SOFT_LIMIT // 4, start + SOFT_LIMIT) + 1
        if not cut:
            cut = text.find("; ", start + SOFT_LIMIT, min(end, start + HARD_LIMIT)) + 1
        if not cut and end - start <= HARD_LIMIT:
            break
        cut = cut or _last_gap(text, start + HARD_LIMIT // 2, start + HARD_LIMIT)
        spans.append(_trim(text, start, cut))
        start = _trim(text, cut, end).start
    return [*spans, Span(start, end)]


def _last_gap(text: str, low: int, high: int) -> int:
    """Where to cut text that has no semicolon: after a comma, else at a space, else anywhere."""
    return text.rfind(", ", low, high) + 1 or text.rfind(" ", low, high) + 1 or high
