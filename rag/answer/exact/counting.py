"""How many papers: by what their records say, by words they hold, by topic, year by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.answer.citations import Draft, quoted
from rag.answer.exact.mentions import Mentioned, mentions
from rag.answer.exact.sight import Belonging, Sight
from rag.answer.exact.told import SHOWN, Told, hit_of, name_paper, name_papers
from rag.contract import title_line, unmarked
from rag.evidence.passages import ranked_passages
from rag.evidence.task import Task
from rag.library.corpus import Corpus
from rag.library.filtering import describe, matches, sort_key
from rag.types import Paper


def count(task: Task, corpus: Corpus, sight: Sight) -> Told:
    """The number first, how it was come by, then the papers where they are few."""
    draft, looked_at = Draft(), len(task.focus) or len(corpus)
    if task.mention:
        found = list(mentions(task.mention, allowed(task, corpus), corpus))
        _told_mentions(draft, task, found)
        papers = [one.paper for one in found]
    elif task.topic:
        belonging = sight.belonging()
        looked_at = belonging.read
        _told_topic(draft, task, belonging)
        papers = [one.paper for one in belonging.papers]
    else:
        papers = sorted(allowed(task, corpus), key=sort_key(task.filters))
        _told_filters(draft, task, papers)
    if task.per_year:
        draft.say("\n" + per_year(papers))
    return Told(draft, screened=looked_at, matched=len(papers))


def allowed(task: Task, corpus: Corpus) -> Iterable[Paper]:
    """The papers that the filters let through, of those in focus where some are."""
    known = [corpus.snapshot.index_of(one) for one in task.focus]
    places = [place for place in known if place is not None] if task.focus else range(len(corpus))
    papers = (corpus.paper_at(place) for place in places)
    return (paper for paper in papers if matches(task.filters, paper))


def per_year(papers: Sequence[Paper]) -> str:
    """A line a year that has any, in order; those without a date last."""
    years = Counter(paper.year for paper in papers)
    undated = years.pop(None, 0)
    lines = [f"- {year}: {years[year]:,}" for year in sorted(filter(None, years))]
    return "\n".join([*lines, *([f"- without a date: {undated:,}"] if undated else [])])


def of_how_many(task: Task) -> str:
    """What was counted over."""
    if task.focus:
        return f"the {len(task.focus):,} papers of the last answer"
    return f"the {task.corpus:,} papers"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _filtered(task: Task) -> str:
    """The filters in words, without how the papers are to be put; "" where there are none."""
    return describe(replace(task.filters, order="relevance", limit=None))


def _told_filters(draft: Draft, task: Task, papers: Sequence[Paper]) -> None:
    """By the records alone: complete."""
    number, words = len(papers), _filtered(task)
    if not words:
        which = "in the last answer" if task.focus else "in this collection"
        draft.say(f"{number:,} paper{'' if number == 1 else 's'} {_are(number)} {which}.")
        return
    dated = "dated " if words.startswith(("since", "until")) else ""
    draft.say(f"{number:,} of {of_how_many(task)} {_are(number)} {dated}{words}.")
    if number <= SHOWN:
        name_papers(draft, papers)


def mention_line(task: Task, found: Sequence[Mentioned]) -> str:
    """How many papers hold the words, and that all were looked through."""
    words = _filtered(task)
    number = len(found)
    line = (
        f"{number:,} of {of_how_many(task)}{f', {words},' if words else ''} "
        f'{"mentions" if number == 1 else "mention"} "{unmarked(task.mention)}". '
    )
    spellings = dict.fromkeys(one.spelling for one in found)
    others = [one for one in spellings if one != task.mention]
    also = f" (also written {', '.join(map(unmarked, others[:4]))})" if others else ""
    return f"{line}Every title and abstract was looked through for it, in all spellings{also}."


def _told_mentions(draft: Draft, task: Task, found: Sequence[Mentioned]) -> None:
    """By the letter, in every title and abstract: complete."""
    draft.say(mention_line(task, found))
    for one in found if len(found) <= SHOWN else ():
        draft.say("\n- ")
        if one.passage is None:
            name_paper(draft, one.paper)
        else:
            draft.say(f"{title_line(one.paper)}: ")
            draft.state(quoted(hit_of(one.paper), one.passage))


def _told_topic(draft: Draft, task: Task, belonging: Belonging) -> None:
    """By reading the nearest papers: an estimate, and said to be one."""
    number, perhaps = len(belonging.papers), len(belonging.perhaps)
    words = _filtered(task)
    draft.say(
        f"{number:,} paper{'' if number == 1 else 's'} clearly bear{'s' if number == 1 else ''} on "
        f"it{f' ({words})' if words else ''}; perhaps {perhaps:,} more. "
        f"Of {of_how_many(task)}, the {belonging.read:,} nearest were read."
    )
    for candidate in belonging.papers[:SHOWN] if number <= SHOWN else ():
        draft.say(f"\n- {title_line(candidate.paper)}: ")
        draft.state(quoted(candidate.hit, ranked_passages(candidate)[0]))
