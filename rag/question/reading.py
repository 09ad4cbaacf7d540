"""How a question reads by itself: kind, filters, subject, papers named.

The asker tells the kind and tags what of the words are filters; what they mean is read by rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from rag.language.wording import SPEAKS_OF_PAPERS, content_words, normalize, word_set, words
from rag.names import Mention, Names
from rag.question.asker import OF_PAPERS, Asked
from rag.question.counted import Counted, counted, mentioned
from rag.question.filters.wanted import filters_and_topic
from rag.question.record_fields import COMPARED, NUMBERS, fields_asked
from rag.question.slots import SUBJECTS
from rag.question.subject import subject
from rag.question.turns import talk
from rag.question.turns.history import SURE_MENTION, papers_of
from rag.types import RECORD_KINDS, Filters, Kind


@dataclass(frozen=True, slots=True)
class Understanding:
    """A question as it was read.

    Attributes:
        question: as the user wrote it.
        standalone_question: the same with what it leans on, for showing and for searching.
        kind: what is wanted.
        filters: what is asked of the papers themselves.
        topic: the words to search with; "" when the question is nothing but filters.
        mentions: the papers that the question itself names.
        focus_paper_ids: the papers that the answer must be about; empty when none is known.
        sides: for a comparison, the words for each side.
        follow_up: whether it leans on earlier turns.
        context_query: the words to find the papers of the earlier turns with, where it leans on
            them and their sources are not known (`focus_paper_ids` is then only what these words
            seem to name); else "".
        words: log-odds, from the words, that papers are to be listed.
        kinds: how likely each kind is by the words, as the asker sees it.
        settled: whether `kind` follows from more than the words of this question.
        fields: what of the record of a paper is asked for.
        mention: the words whose mention is counted.
        per_year: whether years are counted one by one.
    """

    question: str
    standalone_question: str
    kind: Kind
    filters: Filters
    topic: str
    mentions: tuple[Mention, ...] = ()
    focus_paper_ids: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    follow_up: bool = False
    context_query: str = ""
    words: float = 0.0
    kinds: Mapping[str, float] = field(default_factory=dict)
    settled: bool = False
    fields: tuple[str, ...] = ()
    mention: str = ""
    per_year: bool = False


_OF_RECORDS: Final = word_set("number avg average mean median")
LISTING: Final[tuple[Kind, ...]] = ("list", "count")
"""Kinds that are about all papers which fit, not about one."""


def _titles(mentions: Sequence[Mention], *, names: Names) -> list[str]:
    """What of a question may be a title: that of each paper it names, and what looks like one."""
    known = [names.title(paper_id) for mention in mentions for paper_id in mention.paper_ids]
    like = [mention.text for mention in mentions if mention.kind == "title" and mention.exact]
    return [*filter(None, known), *like]


def alone(
    question: str, *, asked: Asked, names: Names, today: date, first: bool
) -> tuple[Understanding, bool]:
    """The question as if nothing had been said before, and whether it asks for papers in words.

    `first`: whether nothing had; else "why?" leans on what was said, however little it says itself.
    """
    mentions = names.resolve(question)
    text = normalize(question)
    sure = [mention for mention in mentions if mention.score >= SURE_MENTION]
    titles = _titles(mentions, names=names)
    fields = fields_asked(text, asked.slots, [(one.start, one.end) for one in sure])
    kind = _of_records(text, asked, titles, fields=fields, named=len(papers_of(sure)), today=today)
    if first and kind is None and not sure and _says_nothing(text, asked):
        kind = "collection"  # "list all authors": there is nothing that a paper could be on
    kind = kind or asked.kind
    mention = mentioned(text, asked.slots, known=names.known) if kind != "count" else ""
    if mention and (kind == "list" or talk.asks_where(text)):
        kind = "list"
    else:
        mention = ""
    concepts = kind == "compare" and not sure and _are_short_forms(asked)
    kind = "fact" if concepts else kind
    about_papers = kind not in ("collection", "other")
    listing = kind in LISTING or not about_papers
    filters, topic = filters_and_topic(text, asked, titles, listing=listing, today=today)
    wanted = Counted(topic, "", False)
    if kind in ("count", "collection"):
        wanted = counted(text, asked.slots, topic)
        unread = any(slot.label not in SUBJECTS for slot in asked.slots)
        if unread and not (any(wanted) or filters.active):
            wanted = Counted(text, "", False)  # what was said of the papers is no filter we know
    focus = () if kind in LISTING else tuple(dict.fromkeys(p for m in sure for p in m.paper_ids))
    understanding = Understanding(
        question=question,
        standalone_question=text,
        kind=kind,
        filters=filters,
        topic=subject(wanted.topic) if listing and about_papers else wanted.topic * about_papers,
        mentions=mentions,
        focus_paper_ids=focus,
        sides=() if concepts else tuple(slot.text for slot in asked.slots if slot.label == "side"),
        words=asked.survey_odds,
        kinds=asked.kinds,
        settled=filters.asked or kind in RECORD_KINDS or concepts or bool(mention),
        fields=fields if kind == "metadata" else (),
        mention=wanted.mention or mention,
        per_year=wanted.per_year,
    )
    return understanding, kind == "list" and not SPEAKS_OF_PAPERS.isdisjoint(words(text))


def _are_short_forms(asked: Asked) -> bool:
    """Whether what is compared are notions with short names ("DPO vs PPO"), and no papers."""
    sides = [slot.text for slot in asked.slots if slot.label == "side"]
    return len(sides) > 1 and all(side.isupper() and side.isalpha() for side in sides)


def _of_records(
    text: str,
    asked: Asked,
    titles: Sequence[str],
    *,
    fields: Sequence[str],
    named: int,
    today: date,
) -> Kind | None:
    """The kind of a question that the records answer; None where abstracts are to be read.

    What the asker says holds only where the question bears it out: a fact of the record is of a
    field that records have, and who names a paper or a filter speaks of papers, however short
    ("CHES?") and however put ("from 2020: what is there?").
    """
    kind = asked.of_records
    if named > 1 and asked.kind == "compare" and COMPARED.issuperset(fields) and fields:
        return "metadata"  # "is this older than that?"
    if kind == "count" and named and NUMBERS.intersection(fields):  # of authors, not of papers
        return "metadata"
    if kind == "metadata":
        return kind if fields else None
    if kind in ("collection", "other"):
        filters, _ = filters_and_topic(text, asked, titles, listing=True, today=today)
        if named or filters.active:
            likeliest = max(OF_PAPERS, key=lambda name: asked.kinds[name])
            return "count" if likeliest == "count" else None
    return kind


def _says_nothing(text: str, asked: Asked) -> bool:
    """Whether a question has words, but none that a paper could be on."""
    telling = [word for word in content_words(text) if word not in _OF_RECORDS]
    return bool(words(text)) and not (asked.slots or telling or asked.kind == "compare")
