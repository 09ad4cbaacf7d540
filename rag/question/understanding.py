"""How a question is read before anything is looked up, with the turns before it.

By itself it is read in `rag.question.reading`; what it leans on is told here, by rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from rag.language.wording import normalize
from rag.library.filtering import joined
from rag.names import Names
from rag.question.asker import Asked, Asker
from rag.question.filters.wanted import filters_of
from rag.question.reading import LISTING, Understanding
from rag.question.reading import alone as read_alone
from rag.question.record_fields import NUMBERS, fields_asked
from rag.question.slots import SUBJECTS
from rag.question.subject import subject
from rag.question.turns import history as turns
from rag.question.turns import talk
from rag.question.turns.followups import Leaning, leaning, recent_words
from rag.question.turns.history import SURE_MENTION, standalone
from rag.question.turns.shown import Wish, is_bare, wish
from rag.types import Kind, Turn

__all__ = ["LISTING", "SURE_MENTION", "Understanding", "understand"]


_LEANS: Final = 0.5
_TURNED: Final = 0.6
"""Probabilities, as the asker sees it: that a question leans on what was said; that papers are to
be listed, or told of all at once."""
_DEEPEST: Final = 6
"""Turns of the user that are read again to know what the last one leans on."""


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
    return _Reader(asker, names, today)(question, history[-2 * _DEEPEST :])


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the questions of one conversation, each once: `known`, by its text and its place."""

    asker: Asker
    names: Names
    today: date
    known: dict[tuple[str, int], Understanding] = field(default_factory=dict)

    def __call__(self, question: str, history: Sequence[Turn] = ()) -> Understanding:
        """The question after these turns, which are the first of the conversation."""
        place = (question, len(history))
        if place not in self.known:
            self.known[place] = self._read(question, history)
        return self.known[place]

    def _read(self, question: str, history: Sequence[Turn]) -> Understanding:
        rest = talk.correction(question) if history else ""
        if rest and not turns.named_in(rest, names=self.names):
            return replace(self(rest), question=question)
        if rest:  # "no, I mean OwlNet" is the question before, of another paper
            question = f"and {rest}"
        asked = self.asker.read(normalize(question), turns.before(history, names=self.names))
        alone, asks_for_papers = read_alone(
            question, asked=asked, names=self.names, today=self.today, first=not history
        )
        if history:
            alone = _continued(alone, asked, history, self, asks_for_papers=asks_for_papers)
        return _alike(alone, history, self.names)


def _continued(
    alone: Understanding,
    asked: Asked,
    history: Sequence[Turn],
    again: _Reader,
    *,
    asks_for_papers: bool,
) -> Understanding:
    """The question with the turns before it; `alone` is how it reads by itself."""
    question = alone.question
    previous = _previous(history, again)
    if talk.asks_what_was_asked(question):
        said = turns.last_question(history)
        return replace(alone, kind="other", standalone_question=said, settled=True)
    if talk.doubts(question) and previous is not None:
        return replace(previous, question=question, follow_up=True)
    named = any(mention.score >= SURE_MENTION for mention in alone.mentions)
    narrows = alone.topic == "" and alone.filters.asked
    lean = leaning(
        question, has_own_name=named, asks_for_papers=asks_for_papers, filters_only=narrows
    )
    shown = None if named else _of_the_list(alone, asked, lean, history, again)
    if shown is not None:
        return shown
    of_none = alone.kind in ("collection", "other") and not lean.numbers
    adds = _adds_a_side(alone, asked, previous)
    if of_none or not (lean.leans or adds):
        return alone
    turned = lean.sign == "carries on" and asked.kinds["list"] >= _TURNED
    if turned and any(slot.label == "topic" for slot in asked.slots):
        return alone  # "what about owls?" asks for papers, whatever was spoken of
    if alone.kind in ("count", "collection", "other") and lean.numbers:
        # "How many ... in the second one?" counts no papers.
        fields = tuple(NUMBERS.intersection(fields_asked(normalize(question), ())))
        point: Kind = "metadata" if fields else "fact"
        alone = replace(alone, kind=point, fields=fields, topic=normalize(question), mention="")
    papers = turns.listed(history) or turns.last_cited(history)
    if (alone.kind == "count" or (alone.mention and lean.many)) and papers:
        return replace(alone, focus_paper_ids=papers, follow_up=True, settled=True)
    if narrows and previous is not None:
        return _narrowed(alone, previous)
    if alone.kind == "list" and not asks_for_papers:
        alone = replace(alone, kind="fact")
    return _resolved(alone, lean, history, previous, names=again.names)


def _of_the_list(
    alone: Understanding,
    asked: Asked,
    lean: Leaning,
    history: Sequence[Turn],
    again: _Reader,
) -> Understanding | None:
    """What is wished of the list shown last, as a list of its papers; None: nothing is."""
    papers = turns.listed(history)
    if not papers or asked.leans < _LEANS or any(one.label in SUBJECTS for one in asked.slots):
        return None
    place = max(i for i, turn in enumerate(history) if turn.paper_ids == papers)
    asking = max((i for i in range(place) if history[i].role == "user"), default=None)
    if asking is None:
        return None
    listing = again(history[asking].content, history[:asking])
    wished = wish(alone.question, alone.filters, listing.filters)
    some = talk.asks_which_of_them(alone.question)
    among = filters_of(asked.slots if some else (), today=again.today)
    if wished is None and among.active:
        wished = Wish(among.order, among.limit)
    plain = alone.topic == "" and alone.filters.asked and not alone.filters.active
    several = sum(asked.kinds[kind] for kind in ("list", "overview", "paper")) >= _TURNED
    pointed = turns.numbered(lean, alone.question, history) if lean.numbers else ()
    if wished is None and plain and not talk.asks_for_others(alone.question):
        wished = Wish(alone.filters.order, alone.filters.limit)
    if wished is None and several and (len(pointed) > 1 or (lean.many and not lean.numbers)):
        wished = Wish()
    if wished is None or (lean.numbers and not pointed):
        return None
    if pointed:
        papers = tuple(one for one in papers if (one in pointed) != wished.drops)
    return replace(
        alone,
        standalone_question=standalone(alone.question, after=listing.standalone_question),
        kind="list",
        filters=replace(among, order=wished.order, limit=wished.limit),
        topic=listing.topic or listing.standalone_question,
        focus_paper_ids=papers,
        fields=(),
        mention="",
        sides=(),
        settled=True,
        follow_up=True,
    )


def _adds_a_side(alone: Understanding, asked: Asked, previous: Understanding | None) -> bool:
    """Whether a question names one paper more for the comparison before it."""
    compares = previous is not None and previous.kind == alone.kind == "compare"
    return compares and len(alone.focus_paper_ids) == 1 and asked.leans >= _LEANS


def _alike(meant: Understanding, history: Sequence[Turn], names: Names) -> Understanding:
    """A request for papers like one that is named or was spoken of: its title is the topic."""
    if meant.kind not in ("list", "collection", "other") or not talk.asks_for_alike(meant.question):
        return meant
    papers = turns.papers_of([one for one in meant.mentions if one.score >= SURE_MENTION])
    if not papers and history:
        lean = leaning(
            meant.question, has_own_name=False, asks_for_papers=False, filters_only=False
        )
        papers, _ = turns.spoken_of(lean, meant.question, history, names=names)
    title = names.title(papers[0]) if papers else None
    rest = meant.question
    for one in meant.mentions:
        rest = rest.replace(one.text, " ")
    if not title or not is_bare(normalize(rest)):
        return meant
    return replace(
        meant,
        standalone_question=standalone(meant.question, about=title),
        kind="list",
        topic=title,
        filters=replace(meant.filters, exclude=(*meant.filters.exclude, title)),
        mentions=(),
        focus_paper_ids=(),
        mention="",
        settled=True,
        follow_up=bool(history),
        context_query="",
    )


def _previous(history: Sequence[Turn], again: _Reader) -> Understanding | None:
    """The last question of the user, read with the turns before it; None when there is none."""
    places = [place for place, turn in enumerate(history) if turn.role == "user"]
    return again(history[places[-1]].content, history[: places[-1]]) if places else None


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
        focus_paper_ids=previous.focus_paper_ids if previous.kind == "list" else (),
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
    focus, words = turns.spoken_of(lean, alone.question, history, names=names)
    told = lean.numbers or any(turn.paper_ids for turn in history)
    own = turns.papers_of([one for one in alone.mentions if one.score >= SURE_MENTION])
    both = _both_sides(alone, lean, history, previous, focus)
    if both:
        alone, focus = replace(alone, kind="compare"), both
    same_of_another = lean.sign == "asks the same of another" and previous is not None
    if same_of_another:
        focus, words = own, ""
        if previous is not None and previous.kind == "metadata":
            named_at = [(one.start, one.end) for one in alone.mentions]
            fields = fields_asked(normalize(alone.question), (), named_at)
            alone = replace(alone, kind="metadata", fields=fields or previous.fields)
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


def _both_sides(
    alone: Understanding,
    lean: Leaning,
    history: Sequence[Turn],
    previous: Understanding | None,
    focus: Sequence[str],
) -> tuple[str, ...]:
    """The papers of a comparison that goes on, or of one with what was spoken of; () for none."""
    compared = previous is not None and previous.kind == "compare"
    last = turns.last_cited(history)
    if lean.numbers:
        it = last[:1] if len(lean.numbers) == 1 else ()
        sides = tuple(dict.fromkeys((*it, *focus))) if alone.kind == "compare" else ()
    elif compared and alone.kind in ("compare", "fact", "paper"):
        sides = last
    else:
        sides = last if alone.kind == "compare" and not alone.focus_paper_ids else ()
    return sides if len(sides) > 1 or (sides and alone.focus_paper_ids) else ()
