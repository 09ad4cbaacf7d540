"""How a question is read before anything is looked up: kind, filters, subject, papers named.

The asker tells the kind and tags what of the words are filters; follow-ups are read by rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from rag.language.wording import SPEAKS_OF_PAPERS, normalize, words
from rag.library.filtering import joined
from rag.names import Mention, Names
from rag.question.asker import OF_PAPERS, Asked, Asker
from rag.question.counted import Counted, counted
from rag.question.filters.wanted import filters_and_topic
from rag.question.followups import Leaning, leaning, recent_words, segment, without_markers
from rag.question.record_fields import NUMBERS, fields_asked
from rag.question.rows import Before
from rag.question.subject import subject
from rag.types import RECORD_KINDS, Filters, Kind, Turn


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


LISTING: Final[tuple[Kind, ...]] = ("list", "count")
"""Kinds that are about all papers which fit, not about one."""
SURE_MENTION: Final = 0.7
"""Score of a mention from which on the question is taken to be about the paper."""
_DEEPEST: Final = 6
"""Turns of the user that are read again to know what the last one leans on."""
_LONGEST_SHOWN: Final = 160


def understand(
    question: str,
    *,
    asker: Asker,
    names: Names,
    today: date,
    history: Sequence[Turn] = (),
) -> Understanding:
    """Reads `question`, with the turns before it.

    Args:
        question: any text.
        asker: tags its words.
        names: the names of the corpus.
        today: what "in the last two years" counts from.
        history: earlier turns, oldest first; assistant turns may carry the ids of their sources.

    Raises:
        ModelError: the asker's weights are missing or altered.
    """
    asked = asker.read(normalize(question), _before(history, names=names))
    alone, asks_for_papers = _alone(question, asked=asked, names=names, today=today)
    if not history:
        return alone
    named = any(mention.score >= SURE_MENTION for mention in alone.mentions)
    narrows = alone.topic == "" and alone.filters.asked
    lean = leaning(
        question, has_own_name=named, asks_for_papers=asks_for_papers, filters_only=narrows
    )
    of_none = alone.kind in ("collection", "other") and not lean.numbers
    if of_none or not lean.leans:
        return alone
    if alone.kind in ("count", "collection", "other") and lean.numbers:
        # "How many ... in the second one?" counts no papers.
        fields = tuple(NUMBERS.intersection(fields_asked(normalize(question), ())))
        point: Kind = "metadata" if fields else "fact"
        alone = replace(alone, kind=point, fields=fields, topic=normalize(question), mention="")
    shown = next((turn.paper_ids for turn in reversed(history) if turn.role == "assistant"), ())
    if alone.kind == "count" and shown:
        return replace(alone, focus_paper_ids=shown, follow_up=True, settled=True)
    previous = _previous(history, asker=asker, names=names, today=today)
    if narrows and previous is not None:
        return _narrowed(alone, previous)
    if alone.kind == "list" and not asks_for_papers:
        alone = replace(alone, kind="fact")
    return _resolved(alone, lean, history, previous, names=names)


def _titles(mentions: Sequence[Mention], *, names: Names) -> list[str]:
    """What of a question may be a title: that of each paper it names, and what looks like one."""
    known = [names.title(paper_id) for mention in mentions for paper_id in mention.paper_ids]
    like = [mention.text for mention in mentions if mention.kind == "title" and mention.exact]
    return [*filter(None, known), *like]


def _alone(question: str, *, asked: Asked, names: Names, today: date) -> tuple[Understanding, bool]:
    """The question as if nothing had been said before, and whether it asks for papers in words."""
    mentions = names.resolve(question)
    text = normalize(question)
    sure = [mention for mention in mentions if mention.score >= SURE_MENTION]
    titles = _titles(mentions, names=names)
    fields = fields_asked(text, asked.slots, [(one.start, one.end) for one in sure])
    kind = _of_records(text, asked, titles, fields=fields, named=bool(sure), today=today)
    kind = kind or asked.kind
    about_papers = kind not in ("collection", "other")
    listing = kind in LISTING or not about_papers
    filters, topic = filters_and_topic(text, asked, titles, listing=listing, today=today)
    wanted = Counted(topic, "", False)
    if kind in ("count", "collection"):
        wanted = counted(text, asked.slots, topic)
        if topic != text and not (any(wanted) or filters.active):
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
        sides=tuple(slot.text for slot in asked.slots if slot.label == "side"),
        words=asked.survey_odds,
        kinds=asked.kinds,
        settled=filters.asked or kind in RECORD_KINDS,
        fields=fields if kind == "metadata" else (),
        mention=wanted.mention,
        per_year=wanted.per_year,
    )
    return understanding, kind == "list" and not SPEAKS_OF_PAPERS.isdisjoint(words(text))


def _of_records(
    text: str,
    asked: Asked,
    titles: Sequence[str],
    *,
    fields: Sequence[str],
    named: bool,
    today: date,
) -> Kind | None:
    """The kind of a question that the records answer; None where abstracts are to be read.

    What the asker says holds only where the question bears it out: a fact of the record is of a
    field that records have, and who names a paper or a filter speaks of papers, however short
    ("CHES?") and however put ("from 2020: what is there?").
    """
    kind = asked.of_records
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


def _previous(
    history: Sequence[Turn], *, asker: Asker, names: Names, today: date
) -> Understanding | None:
    """The last question of the user, read with the turns before it; None when there is none."""
    recent = history[-2 * _DEEPEST :]
    for place in range(len(recent) - 1, -1, -1):
        if recent[place].role == "user":
            return understand(
                recent[place].content,
                asker=asker,
                names=names,
                today=today,
                history=recent[:place],
            )
    return None


def _narrowed(alone: Understanding, previous: Understanding) -> Understanding:
    """The previous question with more filters: "only the ones from 2024"."""
    filters = joined(previous.filters, alone.filters)
    added = re.sub(r"^(?:and|but|so|ok|now)[, ]+", "", normalize(alone.question), flags=re.I)
    return replace(
        alone,
        standalone_question=f"{previous.standalone_question.rstrip('?.! ')}, {added}",
        kind="count" if "count" in (alone.kind, previous.kind) else "list",
        mention=alone.mention or previous.mention,
        settled=True,
        filters=filters,
        topic=subject(previous.topic),
        follow_up=True,
        context_query=previous.context_query,
    )


def _resolved(
    alone: Understanding,
    lean: Leaning,
    history: Sequence[Turn],
    previous: Understanding | None,
    *,
    names: Names,
) -> Understanding:
    """The question with the papers that earlier turns were about."""
    asks_for_papers = alone.kind == "list"
    focus, words = _focus(lean, history, names=names)
    told = lean.numbers or any(turn.paper_ids for turn in history)
    own = tuple(paper for m in alone.mentions if m.score >= SURE_MENTION for paper in m.paper_ids)
    same_of_another = lean.sign == "asks the same of another" and previous is not None
    if same_of_another:
        focus, words = own, ""
        if previous is not None and previous.kind == "metadata":
            alone = replace(alone, kind="metadata", fields=alone.fields or previous.fields)
    elif own:
        focus = tuple(dict.fromkeys((*focus, *own)))
    titles = [title for paper in focus[:2] if (title := names.title(paper))]
    last = previous.standalone_question if previous else ""
    about = "" if asks_for_papers or same_of_another or len(focus) > 2 else " / ".join(titles)
    return replace(
        alone,
        standalone_question=standalone(alone.question, about=about, after=last),
        topic=f"{previous.topic} {alone.topic}" if previous and same_of_another else alone.topic,
        focus_paper_ids=() if asks_for_papers else focus,
        settled=True,
        sides=tuple(titles) if alone.kind == "compare" and len(titles) > 1 else alone.sides,
        follow_up=True,
        context_query=""
        if told and focus and not asks_for_papers
        else words or recent_words(history),
    )


def _focus(lean: Leaning, history: Sequence[Turn], *, names: Names) -> tuple[tuple[str, ...], str]:
    """The papers that earlier turns were about, and the words to find them by if none is known."""
    answers = [turn for turn in reversed(history) if turn.role == "assistant"]
    if lean.numbers and answers:
        last = answers[0]
        chosen = tuple(
            last.paper_ids[number - 1 if number > 0 else number]
            for number in lean.numbers
            if 0 < abs(number) <= len(last.paper_ids)
        )
        if chosen:
            return chosen, ""
        said = " ".join(segment(last.content, number) for number in lean.numbers)
        found = _named_in(said, names=names)
        return found[:1] if found else (), said
    for turn in reversed(history):
        papers = turn.paper_ids or _named_in(turn.content, names=names)
        if papers:
            return (tuple(papers) if lean.many or len(papers) == 1 else tuple(papers[:1])), ""
    return (), ""


def _before(history: Sequence[Turn], *, names: Names) -> Before:
    """The last exchange, as the asker is told of it."""
    asked = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    last = next((turn for turn in reversed(history) if turn.role == "assistant"), None)
    if last is None:
        return Before(asked)
    papers = last.paper_ids or _named_in(last.content, names=names)
    titles = tuple(names.title(paper) or paper for paper in papers)
    return Before(asked, without_markers(last.content), titles)


def _named_in(text: str, *, names: Names) -> tuple[str, ...]:
    """The papers that a turn names for sure, in order."""
    sure = [mention for mention in names.resolve(text) if mention.score >= SURE_MENTION]
    return tuple(dict.fromkeys(paper for mention in sure for paper in mention.paper_ids))


def standalone(question: str, *, about: str = "", after: str = "") -> str:
    """`question` with what it leans on, in plain words, for a reader and for a search.

    Args:
        question: as the user wrote it.
        about: the title of the paper it is about, where that is known.
        after: else the question that it follows.
    """
    text = normalize(question)
    if about:
        return f'{text} (about "{about}")'
    if after:
        shown = after if len(after) <= _LONGEST_SHOWN else f"{after[: _LONGEST_SHOWN - 1]}\u2026"
        return f'{text} (after "{shown}")'
    return text
