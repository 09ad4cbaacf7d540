"""The collection itself, and what is no question about papers at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from rag.answer.citations import Draft
from rag.answer.exact.counting import per_year
from rag.answer.exact.records import FIELDS, fact_of
from rag.answer.exact.sight import Sight
from rag.answer.exact.told import SHOWN, Told, hit_of, name_paper, said
from rag.contract import title_line, unmarked
from rag.evidence.task import Task
from rag.language.spelling import stemmer
from rag.language.wording import ASKING_WORDS, FUNCTION_WORDS, PAPER_NOUNS, THING_NOUNS, words
from rag.library.corpus import Corpus
from rag.library.filtering import author_count, sort_key
from rag.question.filters.wishes import order_of
from rag.question.record_fields import fields_asked
from rag.question.turns.talk import asks_what_was_asked
from rag.types import Filters, Order, Paper, recorded

MOST_WORDS = 8
MOST_SOURCES = 4
_LEAST_TITLES = 2
_SHORTEST = 4

# Which part of the collection is asked about: a small table, because the training data have one
# label for all of it ("corpus", 183 lines). What matches nothing gets the whole.
_ADDING: Final = re.compile(
    r"\b(?:add|upload|import|ingest|load|insert|feed|contribute|include|bring|put)(?:ing)?\b|"
    r"\b(?:zotero|endnote|mendeley|bibtex|ris|csv|export|pdfs?)\b",
    re.IGNORECASE,
)
_HOW_MANY: Final = re.compile(r"\bhow (?:many|big|large|much)\b|\bnumber of\b", re.IGNORECASE)
_SUPERLATIVE: Final = re.compile(r"\b(?:\w{2,}est|most|least)\b(?: \w+){0,2}", re.IGNORECASE)
_MOST_PAPERS: Final = re.compile(
    r"\bwho\b.*\bmost\b|\bmost (?:prolific|productive)\b|\bauthors? with (?:the )?most papers",
    re.IGNORECASE,
)
MOST_AUTHORS: Final = 60
_LACKING: Final = re.compile(
    r"\b(?:without|no|lack(?:s|ing)?|miss(?:es|ing)?)\b (?:an? |any |the |their )?"
    r"((?:date|author|abstract|venue|doi|link|url|organi[sz]ation|keyword)\w*)",
    re.IGNORECASE,
)
_FULL_TEXTS: Final = re.compile(r"\bfull[- ]?texts?\b|\bwhole papers\b", re.IGNORECASE)
_AVERAGE: Final = re.compile(r"\b(?:average|avg|mean|median)\b.*\bauthors?\b", re.IGNORECASE)
_ALL_AUTHORS: Final = re.compile(
    r"^(?:please )?(?:list|show|name|give me|who are)\b.{0,12}\bauthors\W*$", re.IGNORECASE
)
_ASSISTANT: Final = re.compile(
    r"\byou\b.*\b(?:do|help|work|use|find|for)\b|\b(?:do|help|can|are|does) (?:you|this|it)\b|"
    r"\bassistant\b|\bmodels?\b|\banswers?\b",
    re.IGNORECASE,
)
_HOLDS: Final = re.compile(
    r"\bhow (?:many|big|large)|\byears?\b|\btopics?\b|\bfields?\b|\bsubjects?\b|\bsources?\b|"
    r"\bcover\w*|\bhave\b|\bcontain\w*|\bcollection\b|\blibrary\b|\bdatabase\b|\bcorpus\b|\bindex\b|"
    r"\bin (?:here|there)\b|\bpapers\b",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"\b(?:thanks?|thank(?:you| you)?|thx|ty|cheers|danke|merci|gracias|appreciate\w*)\b", re.I
)
_HELLO: Final = re.compile(
    r"^\W*(?:hi+|hello|hey+|hiya|howdy|yo|sup|greetings|hola|morning|evening|"
    r"good (?:morning|afternoon|evening|day))\b",
    re.IGNORECASE,
)
_BYE: Final = re.compile(r"\b(?:bye|goodbye|see you|see ya|good ?night|later)\b", re.IGNORECASE)
_FINE: Final = re.compile(
    r"^\W*(?:ok(?:ay|ey)?|k|great|cool|perfect|nice|good|fine|super|awesome|wow|right|yes|yeah|yep|"
    r"no|nope|sure|got it|i see|never ?mind|excellent|lovely|amazing)\b(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
_YOU: Final = re.compile(r"\b(?:who|what|how) (?:are|r) (?:you|u)\b|^\W*are (?:you|u)\b", re.I)
ADDING: Final = (
    "To add papers: `quoth ingest FILE`, where FILE is BibTeX, RIS, CSV, JSON lines or another "
    "export of a library (Zotero, EndNote, Mendeley ...), or the Papers tab of the page."
)


def does(corpus: Corpus) -> str:
    """What the assistant does, in a sentence."""
    return (
        f"I answer questions on the {len(corpus):,} papers of this collection from their abstracts "
        "and records, and show for every sentence which words carry it."
    )


def collection(task: Task, corpus: Corpus, sight: Sight) -> Told:
    """How many papers there are, of which years, from where, on what; how to add more."""
    question = task.question
    papers = corpus.papers()
    special = _special(question, papers)
    if special is not None:
        return special
    if _ADDING.search(question) and not _HOW_MANY.search(question):
        return said(ADDING)
    if task.per_year:
        return said(f"{_size(papers)} By year:\n{per_year(papers)}")
    if _MOST_PAPERS.search(question):
        return _busiest(papers)
    superlative = _SUPERLATIVE.search(question)
    order = order_of(superlative.group()) if superlative else None
    extreme = _extreme(papers, order or task.filters.order, task.filters.limit)
    if extreme is not None:
        return extreme
    if _ASSISTANT.search(question) and not _HOLDS.search(question):
        return said(f"{does(corpus)} {ADDING}")
    parts = [_size(papers), _years(papers), _sources(papers), _titles(papers)]
    draft = Draft(" ".join(part for part in parts if part))
    dated = sorted((paper for paper in papers if paper.date), key=sort_key(Filters(order="oldest")))
    for place, paper in zip(("The oldest", "The newest"), dated[:1] + dated[-1:], strict=False):
        draft.say(f"\n- {place}, of {paper.date}: ")
        name_paper(draft, paper)
    return Told(draft)


def _special(question: str, papers: Sequence[Paper]) -> Told | None:
    """What is asked of all records at once; None: nothing of the kind."""
    missing = lacking(question)
    if missing:
        return said(without_field(missing, papers))
    if _FULL_TEXTS.search(question):
        return said("Only titles, abstracts and records of papers are kept here, no full texts.")
    if _AVERAGE.search(question):
        return _average(papers)
    return _authors(papers) if _ALL_AUTHORS.search(question) else None


def lacking(question: str) -> str:
    """The field of records that do not hold it ("papers without a date"); "" for none."""
    found = _LACKING.search(question)
    if found is None:
        return ""
    asked = fields_asked(found[1], ())
    return "abstract" if found[1].lower().startswith("abstract") else (*asked, "")[0]


def without_field(field: str, papers: Sequence[Paper]) -> str:
    """How many records do not hold a field, as a sentence."""
    name = FIELDS[field].absent if field in FIELDS else field
    number = sum(not recorded(paper, field) for paper in papers)
    have = "has" if number == 1 else "have"
    return f"{number or 'None'} of the {len(papers):,} papers {have} no {name} in the record."


def _average(papers: Sequence[Paper]) -> Told:
    counts = [count for paper in papers if (count := author_count(paper)) is not None]
    if not counts:
        reason = "no record of this collection has a number of authors"
        return said(f"{reason[0].upper()}{reason[1:]}.", outcome="abstained", reason=reason)
    return said(
        f"On average {sum(counts) / len(counts):.1f} authors a paper, over the {len(counts):,} "
        f"of {len(papers):,} papers whose record has a number."
    )


def _authors(papers: Sequence[Paper]) -> Told | None:
    """Everybody who is named in the records; None where nobody is."""
    held = Counter(name for paper in papers for name in dict.fromkeys(paper.authors))
    if not held:
        return None
    names = [unmarked(name) for name, _ in held.most_common(MOST_AUTHORS)]
    more = f" and {len(held) - len(names):,} more" if len(held) > len(names) else ""
    return said(f"{len(held):,} authors, those of most papers first: {', '.join(names)}{more}.")


def small_talk(task: Task, corpus: Corpus, sight: Sight) -> Told:
    """A friendly sentence; what asks for something else is told what can be asked."""
    question = task.question
    if asks_what_was_asked(question):
        return said(f'You asked: "{unmarked(task.standalone_question)}"')
    if _THANKS.search(question):
        return said("You're welcome. Ask on whenever you like.")
    if _HELLO.search(question):
        return said(f"Hello! {does(corpus)}")
    if _BYE.search(question):
        return said("Goodbye. The papers will be here.")
    if _FINE.search(question):
        return said("Good. Ask on whenever you like.")
    if _ADDING.search(question):
        return said(ADDING)
    if _YOU.search(question):
        return said(f"This is Quoth. {does(corpus)}")
    reason = "it asks for nothing that papers could tell"
    return said(does(corpus), outcome="abstained", reason=reason)


def _busiest(papers: Sequence[Paper]) -> Told:
    """Who has written most papers, by the names as the records have them."""
    held = Counter(name for paper in papers for name in set(paper.authors))
    if not held:
        reason = "no record of this collection names an author"
        return said(f"{reason[0].upper()}{reason[1:]}.", outcome="abstained", reason=reason)
    most = max(held.values())
    draft = Draft("Most papers:")
    for name in sorted(one for one, count in held.items() if count == most)[:SHOWN]:
        own = [(hit_of(paper), "authors", name) for paper in papers if name in paper.authors]
        draft.say("\n- ")
        draft.record(f"{unmarked(name)} ({most:,} paper{'' if most == 1 else 's'}).", own[:SHOWN])
    return Told(draft)


def _extreme(papers: Sequence[Paper], order: Order, limit: int | None) -> Told | None:
    """The first papers in an order, or all that share the first place; None: no record tells."""
    if order not in _EXTREMES:
        return None
    key = sort_key(Filters(order=order))
    ranked = sorted(papers, key=key)
    if not ranked or key(ranked[0])[0]:  # the first has nothing to sort by
        return None
    shared = sum(key(paper) == key(ranked[0]) for paper in ranked)
    first = ranked[: limit or shared]
    draft = Draft(f"{_EXTREMES[order]} of the {len(papers):,} papers:")
    for paper in first[:SHOWN]:
        fact = fact_of(paper, SORTED_BY[order], "")
        if fact is not None:
            draft.say("\n- ")
            cited = (hit_of(paper), fact.field, fact.value)
            draft.record(f'"{title_line(paper)}" {fact.words}.', [cited])
    return Told(draft)


SORTED_BY: Final[dict[Order, str]] = {
    "newest": "date",
    "oldest": "date",
    "most_authors": "author_count",
    "fewest_authors": "author_count",
    "comments": "comments",
    "upvotes": "upvotes",
}
_EXTREMES: Final[dict[Order, str]] = {
    "newest": "The newest",
    "oldest": "The oldest",
    "most_authors": "The most authors",
    "fewest_authors": "The fewest authors",
    "comments": "The most comments",
    "upvotes": "The most upvotes",
}


def _size(papers: Sequence[Paper]) -> str:
    return f"This collection has {len(papers):,} paper{'' if len(papers) == 1 else 's'}."


def _years(papers: Sequence[Paper]) -> str:
    years = sorted(paper.year for paper in papers if paper.year is not None)
    if not years:
        return "None of their records holds a date."
    span = str(years[0]) if years[0] == years[-1] else f"{years[0]} to {years[-1]}"
    without = len(papers) - len(years)
    return f"They are from {span}{f'; {without:,} have no date' if without else ''}."


def _sources(papers: Sequence[Paper]) -> str:
    """The files they were read from, by name: their folders are nobody else's business."""
    found = Counter(PurePath(one).name or one for paper in papers for one in paper.source)
    if not found:
        return ""
    shown = ", ".join(name for name, _ in found.most_common(MOST_SOURCES))
    more = len(found) - MOST_SOURCES
    return f"They were read from {shown}{f' and {more:,} more files' if more > 0 else ''}."


def _titles(papers: Sequence[Paper]) -> str:
    """What many titles speak of, counted: no more is claimed of the topics."""
    dull = FUNCTION_WORDS | PAPER_NOUNS | THING_NOUNS | ASKING_WORDS
    stem = stemmer()
    held: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for paper in papers:
        own = [
            w for w in words(paper.title) if len(w) >= _SHORTEST and w.isalpha() and w not in dull
        ]
        held.update({stem(word) for word in own})
        for word in own:
            written.setdefault(stem(word), Counter())[word] += 1
    common = [(one, count) for one, count in held.most_common(MOST_WORDS) if count >= _LEAST_TITLES]
    if not common:
        return ""
    listed = ", ".join(f"{written[one].most_common(1)[0][0]} ({count})" for one, count in common)
    return f"Words of many titles: {listed}."
