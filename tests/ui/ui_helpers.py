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
) -> Answer:
    """An answer with one claim a paper, carried by the first sentence of its abstract."""
    text, claims, sources = opening, [], []
    for label, paper in enumerate(papers, start=1):
        quote = paper.abstract.split(". ")[0]
        verdict = verdicts[(label - 1) % len(verdicts)]
        words = quote if verdict == "quoted" else f"In short: {quote.lower()}."
        citation = Citation(label, paper.paper_id, quote, 0, len(quote))
        claims.append(Claim(words, len(text), len(text) + len(words), (citation,), verdict))
        text += f"{words} [{label}]\n"
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
    assert not seen.tags & {"script", "img", "iframe", "object", "embed", "style", "link", "svg"}
    for name, value in seen.attributes:
        assert not name.startswith("on"), (name, value)
        if name in ("href", "src", "action"):
            assert value.startswith(("#", "http://", "https://", "/")), value
    return seen
