"""Lists that need no reading: papers with certain words, papers by nobody here, bare titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rag.answer.citations import Draft, quoted
from rag.answer.exact.collection import SORTED_BY
from rag.answer.exact.counting import allowed, mention_line, of_how_many
from rag.answer.exact.mentions import mentions
from rag.answer.exact.records import FIELDS, fact_of
from rag.answer.exact.told import Told, hit_of, name_paper, said
from rag.contract import title_line, unmarked
from rag.evidence.retrieval import Candidate
from rag.evidence.task import Task
from rag.language.wording import PAPER_NOUNS, words
from rag.library.corpus import Corpus
from rag.library.filtering import matches, sort_key
from rag.question.turns.shown import TITLES
from rag.types import Filters, Order, Paper

_PAPERS: Final = re.compile(rf"\b(?:{'|'.join(sorted(PAPER_NOUNS))}|by|from|of)\b", re.IGNORECASE)
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2}")
MOST_LISTED = 40
"""Papers of which a sentence is shown; there may be more, and how many is said."""


def mentioning(task: Task, corpus: Corpus) -> Told:
    """Every paper with certain words in it, and the sentence: complete by construction."""
    order = task.filters if task.filters.order != "relevance" else Filters(order="newest")
    key = sort_key(order)
    found = sorted(
        mentions(task.mention, allowed(task, corpus), corpus), key=lambda m: key(m.paper)
    )
    if not found:
        reason = f'none of {of_how_many(task)} mentions "{unmarked(task.mention)}"'
        looked = "every title and abstract was looked through, in all spellings"
        return said(f"N{reason[1:]}: {looked}.", outcome="abstained", reason=reason)
    draft = Draft(mention_line(task, found))
    shown = found[: task.filters.limit or MOST_LISTED]
    if len(shown) < len(found):
        draft.say(f" The first {len(shown)}:")
    for one in shown:
        draft.say("\n- ")
        year = f" ({one.paper.year})" if one.paper.year else ""
        if one.passage is None:
            name_paper(draft, one.paper)
        else:
            draft.say(f"{title_line(one.paper)}{year}: ")
            draft.state(quoted(hit_of(one.paper), one.passage))
    return Told(draft, screened=len(task.focus) or len(corpus), matched=len(found))


def titles(task: Task, corpus: Corpus) -> Told | None:
    """The titles of the papers shown before, where nothing but these is wanted."""
    papers = shown_before(task, corpus)
    if not papers or not TITLES.search(task.question):
        return None
    draft = Draft()
    for place, paper in enumerate(papers):
        draft.say("\n- " if place else "- ")
        name_paper(draft, paper)
        draft.say(f" ({paper.year})" if paper.year else "")
    return Told(draft)


def made_by(task: Task, corpus: Corpus) -> Told | None:
    """The papers of an author or organisation whose name is all that is asked for; None: it is not.

    The name is that of a record, to the letter: "Hive Lab papers" may as well be on a hive. In a
    script without spaces it may stand anywhere in the question.
    """
    if task.filters.active or task.focus:
        return None
    wanted = words(_PAPERS.sub(" ", task.topic))
    draft, found = Draft(), 0
    for paper in sorted(corpus.papers(), key=sort_key(Filters(order="newest"))):
        for name, field, says in _makers(paper):
            if (wanted and words(name) == wanted) or (
                _UNSPACED.search(name) and name in task.question
            ):
                draft.say("\n- " if found else "- ")
                cited = (hit_of(paper), field, name)
                draft.record(f'"{title_line(paper)}" {says} {unmarked(name)}.', [cited])
                found += 1
                break
    return Told(draft, screened=len(corpus), matched=found) if found else None


def _makers(paper: Paper) -> Iterator[tuple[str, str, str]]:
    """Who made a paper: the name, its field, and the words before it."""
    yield from ((name, "authors", "names as an author") for name in paper.authors)
    if paper.organization:
        yield paper.organization, "organization", "names the organisation"


def shown_before(task: Task, corpus: Corpus) -> list[Paper]:
    """The papers that a list is of, in the order asked for; those of the last list as they were."""
    known = [corpus.snapshot.index_of(one) for one in task.focus]
    papers = [corpus.paper_at(place) for place in known if place is not None]
    return sorted(papers, key=sort_key(task.filters))[: task.filters.limit]


def shown_again(task: Task) -> list[Candidate]:
    """The papers of a list shown before, as they were put then, as far as the filters let them."""
    place = {paper_id: number for number, paper_id in enumerate(task.focus)}
    kept = [c for c in task.candidates if c.paper.paper_id in place]
    kept = [c for c in kept if matches(task.filters, c.paper)]
    return sorted(kept, key=lambda candidate: place[candidate.paper.paper_id])


def cannot_list(order: Order, papers: Sequence[Paper]) -> str:
    """Why papers cannot be put in an order, or be listed at all; "" where they can."""
    if not papers:
        return "none of the papers listed is so"
    field = SORTED_BY.get(order)
    if field is None or any(fact_of(paper, field, "") for paper in papers):
        return ""
    return f"the records of these papers hold no {FIELDS[field].absent}"


def nobody(task: Task, corpus: Corpus) -> Told | None:
    """That no paper here is by whom it should be; None where one is."""
    asked = [Filters(authors=(name,)) for name in task.filters.authors]
    unknown = [
        one.authors[0] for one in asked if not any(matches(one, paper) for paper in corpus.papers())
    ]
    if not unknown:
        return None
    named = any(paper.authors for paper in corpus.papers())
    who = " or ".join(map(unmarked, unknown))
    reason = f"no record of {of_how_many(replace(task, focus=()))} names {who} as an author"
    reason += "" if named else "; they name no authors at all"
    return said(f"{reason[0].upper()}{reason[1:]}.", outcome="abstained", reason=reason)
