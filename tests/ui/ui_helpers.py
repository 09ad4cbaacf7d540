"""Answers made by hand, as the pipeline makes them, and text that tries to break the page."""

from __future__ import annotations

from html.parser import HTMLParser

from rag.types import (
    Answer,
    Citation,
    Claim,
    Filters,
    Kind,
    Nearest,
    Paper,
    RecordCitation,
    Screened,
    Source,
    Verdict,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "](javascript:alert(1)) [x](javascript:alert(2))",
    '"><img src=x onerror=alert(1)>',
    "$\\frac{a}{b}$ \\begin{equation} x_{t+1} \\end{equation} `{{constructor}}` ${alert(1)}",
    "‮txet desrever‬ مرحبا بالعالم שלום",
    "&lt;script&gt; &amp; '\" </textarea></template></style>",
)


def make_paper(number: int, title: str = "", abstract: str = "", **more: object) -> Paper:
    """A paper with an abstract of two sentences."""
    return Paper(
        paper_id=f"p{number}",
        title=title or f"NAME{number}: Paper number {number}",
        abstract=abstract or f"Method {number} halves the cost. It was tried on {number} tasks.",
        **{"date": f"202{number % 6}-01-02", **more},  # type: ignore[arg-type]
    )


def make_answer(
    papers: list[Paper],
    *,
    kind: Kind = "fact",
    question: str = "What halves the cost?",
    verdicts: tuple[Verdict, ...] = ("quoted", "supported"),
    filters: Filters | None = None,
    opening: str = "",
    marks: bool = False,
) -> Answer:
    """An answer with one claim a paper, carried by the first sentence of its abstract."""
    text, claims, sources = opening, [], []
    for label, paper in enumerate(papers, start=1):
        quote = paper.abstract.split(". ")[0]
        verdict = verdicts[(label - 1) % len(verdicts)]
        words = quote if verdict == "quoted" else f"In short: {quote.lower()}."
        citation = Citation(label, paper.paper_id, quote, 0, len(quote))
        around = ("\u201c", "\u201d") if marks and verdict == "quoted" else ("", "")
        text += around[0]
        claims.append(Claim(words, len(text), len(text) + len(words), (citation,), verdict))
        text += f"{words}{around[1]} [{label}]\n"
        sources.append(Source(label, paper, 0.5, {"whole": 0.4, "lexical": 2.0}))
    return Answer(
        question=question,
        standalone_question=question,
        kind=kind,
        outcome="answered",
        text=text,
        claims=tuple(claims),
        sources=tuple(sources),
        screened=Screened(corpus=253, candidates=40, matched=len(papers)),
        filters=filters or Filters(),
    )


def make_comparison() -> Answer:
    """Two papers side by side, as the pipeline writes it; a claim has a bar in it."""
    papers = [make_paper(1, abstract="Set a|b is one. It is big."), make_paper(2)]
    text = f"| | {papers[0].title} | {papers[1].title} |\n|---|---|---|\n"
    claims: list[Claim] = []

    def say(paper: Paper, label: int, sentence: int) -> None:
        nonlocal text
        quote = paper.abstract.split(". ")[sentence]
        start = paper.abstract.index(quote)
        citation = Citation(label, paper.paper_id, quote, start, start + len(quote))
        text += "\u201c"
        claims.append(Claim(quote, len(text), len(text) + len(quote), (citation,), "quoted"))
        text += f"{quote}\u201d [{label}]"

    text += "| Asked | "
    say(papers[0], 1, 0)
    text += " | "
    say(papers[1], 2, 0)
    text += " |\n| Finds | "
    say(papers[0], 1, 1)
    text += " | not stated in the abstract |\n\nafter the table"
    return Answer(
        question="Compare the two",
        standalone_question="Compare the two",
        kind="compare",
        outcome="answered",
        text=text,
        claims=tuple(claims),
        sources=tuple(Source(n, paper, 0.5) for n, paper in enumerate(papers, start=1)),
        screened=Screened(corpus=2, candidates=2, matched=2),
    )


def make_recorded(papers: list[Paper]) -> Answer:
    """What the records say of each paper's date."""
    text, claims = "", []
    for label, paper in enumerate(papers, start=1):
        words = f"{paper.title} is dated {paper.date}."
        cited = RecordCitation(label, paper.paper_id, "date", str(paper.date))
        claims.append(Claim(words, len(text), len(text) + len(words), (cited,), "record"))
        text += f"{words} [{label}]\n"
    return Answer(
        question="When are they from?",
        standalone_question="When are they from?",
        kind="metadata",
        outcome="answered",
        text=text,
        claims=tuple(claims),
        sources=tuple(Source(n, paper, 1.0) for n, paper in enumerate(papers, start=1)),
        screened=Screened(corpus=2, candidates=2, matched=0),
    )


def make_abstained(papers: list[Paper]) -> Answer:
    return Answer(
        question="Who won the cup?",
        standalone_question="Who won the cup?",
        kind="fact",
        outcome="abstained",
        text="",
        nearest=tuple(Nearest(paper, 0.1) for paper in papers),
        reason="No paper speaks of a cup.",
    )


class Seen(HTMLParser):
    """What a browser would make of HTML: its elements, their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def with_event(self, event: str) -> list[dict[str, str]]:
        """The attributes of the elements that send an event."""
        return [found for _, found in self.elements if found.get("data-event") == event]


def assert_harmless(html: str) -> Seen:
    """No element runs or loads anything, and no link leads to a script."""
    seen = Seen(html)
    assert not seen.tags & {"script", "img", "iframe", "object", "embed", "link"}
    for name, value in seen.attributes:
        assert not name.startswith("on"), (name, value)
        if name in ("href", "src", "action"):
            # Our own addresses are relative: the page may lie below a path.
            assert value.startswith(("#", "http://", "https://", "saved/", "/login")), value
    return seen


class Idle:
    """Not a model: an assistant over no papers, for what is not about answers."""

    def papers(self):
        return []

    def info(self):
        return {}

    def warm(self) -> None:
        pass

    def search(self, question, *, k=10, filters=None):
        return []
