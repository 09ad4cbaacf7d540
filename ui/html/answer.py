"""An answer as HTML: prose, cards or table by its kind; a calm notice when it abstains.

Pure functions; the sentences and markers themselves are made in `ui.html.claims`.
"""

from __future__ import annotations

from rag.contract import table_title
from rag.types import Answer, Source, Suggestion
from ui.html.claims import claim_html, labels_of, markers_html, stretch_html, title_html
from ui.html.markup import EMPTY, Markup, counted, isolated, join, paper_facts
from ui.talk.tables import Cell, table_rows

RECORD_LEGEND = Markup(
    '<p class="legend">What is told of a <span class="chip field">Record</span> is what your files'
    " say of the paper, as they say it.</p>"
)
LEGEND = Markup(
    '<p class="legend"><q class="claim quoted">&ldquo;Words of the paper&rdquo;</q> are in'
    ' quotation marks; <span class="claim supported">words of the model</span> were checked'
    " against the sentences they cite. Numbers open the paper.</p>"
)


def answer_html(answer: Answer, *, turn: str, finished: bool = True) -> Markup:
    """The answer proper.

    Args:
        answer: any answer.
        turn: a name for this turn, unique in the page; element ids are made from it.
        finished: whether this is all of it; while it grows nothing is said of its being partial.
    """
    if answer.outcome == "abstained":
        return abstention_html(answer, turn=turn)
    shape = {"list": cards_html, "compare": table_html}.get(answer.kind, prose_html)
    return Markup('<div class="answer">{}{}{}{}</div>').format(
        shape(answer, turn=turn),
        _remark(answer) if finished else EMPTY,
        _beside(answer, turn=turn) if finished else EMPTY,
        _legend(answer),
    )


def _legend(answer: Answer) -> Markup:
    verdicts = {claim.verdict for claim in answer.claims}
    words = LEGEND if verdicts - {"record"} else EMPTY
    return words + RECORD_LEGEND if "record" in verdicts else words


def screened_html(answer: Answer) -> Markup:
    """How much was looked at: "screened 40 of 253 papers, 12 matched"."""
    seen = answer.screened
    if not seen.corpus:
        return EMPTY
    return Markup('<p class="screened">Screened {} of {}, <strong>matched {}</strong>.</p>').format(
        f"{seen.candidates:,}", counted(seen.corpus, "paper"), f"{seen.matched:,}"
    )


def prose_html(answer: Answer, *, turn: str) -> Markup:
    """The text as it stands, with claims and markers made visible."""
    return Markup('<div class="prose-answer">{}</div>').format(
        stretch_html(answer, 0, len(answer.text), turn=turn)
    )


def cards_html(answer: Answer, *, turn: str) -> Markup:
    """A list: one card a paper, in the order of the labels, under what the answer says first."""
    cards = join(
        Markup('<li class="card">{}<p class="facts">{}</p>{}</li>').format(
            title_html(source, answer.claims, turn=turn),
            paper_facts(source.paper),
            _claims_of(answer, source, turn=turn),
        )
        for source in answer.sources
    )
    return Markup('{}<ol class="cards">{}</ol>').format(_opening(answer), cards)


def table_html(answer: Answer, *, turn: str) -> Markup:
    """A comparison: the table of the text with a column a paper; prose when it has none."""
    rows = table_rows(answer)
    if len(rows) < 2:
        return prose_html(answer, turn=turn)
    by_title = {table_title(source.paper): source for source in answer.sources}

    def head(cell: Cell) -> Markup:
        words = answer.text[cell.start : cell.end].strip()
        source = by_title.get(words)
        if source is None:
            return Markup('<th scope="col">{}</th>').format(isolated(words) if words else "Aspect")
        return Markup('<th scope="col">{}<span class="facts">{}</span></th>').format(
            title_html(source, answer.claims, turn=turn), paper_facts(source.paper)
        )

    def body(row: list[Cell]) -> Markup:
        first, *others = (stretch_html(answer, cell.start, cell.end, turn=turn) for cell in row)
        cells = join(Markup("<td>{}</td>").format(other) for other in others)
        return Markup('<tr><th scope="row">{}</th>{}</tr>').format(first, cells)

    before = answer.text[: rows[0][0].start - 1].strip()
    after = stretch_html(answer, rows[-1][-1].end + 1, len(answer.text), turn=turn)
    return Markup(
        '{}<div class="scroll" tabindex="0" role="region" aria-label="Comparison">'
        '<table class="comparison"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>{}'
    ).format(
        Markup("<p>{}</p>").format(before) if before else EMPTY,
        join(head(cell) for cell in rows[0]),
        join(body(row) for row in rows[1:]),
        after,
    )


def abstention_html(answer: Answer, *, turn: str) -> Markup:
    """Nothing in the corpus answers: said plainly, with what came closest."""
    nearest = join(
        Markup(
            '<li><a href="#{0}" class="opens" data-event="paper" data-turn="{0}" data-paper="{1}"'
            ' data-spans="">{2}</a> <span class="facts">{3}</span></li>'
        ).format(turn, near.paper.paper_id, isolated(near.paper.title), near.paper.date or "")
        for near in answer.nearest
    )
    listed = (
        Markup("<p>The nearest papers, not confirmed to answer it:</p><ul>{}</ul>").format(nearest)
        if nearest
        else EMPTY
    )
    reason = answer.reason or "no paper of this corpus was found to answer this"
    if answer.kind == "other":  # no paper was asked about, so none lacks the answer
        return Markup('<div class="answer notice"><p>{}</p></div>').format(isolated(answer.text))
    return Markup(
        '<div class="answer notice"><p class="notice-head">No answer in these papers</p>'
        "<p>{}</p>{}</div>"
    ).format(isolated(_sentence(reason)), listed)


def _beside(answer: Answer, *, turn: str) -> Markup:
    """What is shown apart, folded: papers that may belong too, the best of the other shape."""
    folded = (
        (f"{counted(len(answer.perhaps), 'more paper')}, perhaps", answer.perhaps),
        ("Also: papers on it" if answer.kind != "list" else "Also: what answers it", answer.also),
    )
    return join(
        Markup('<details class="beside"><summary>{}</summary><ul>{}</ul></details>').format(
            head, join(_suggested(one, turn=turn) for one in suggestions)
        )
        for head, suggestions in folded
        if suggestions
    )


def _suggested(one: Suggestion, *, turn: str) -> Markup:
    return Markup(
        '<li><a href="#{0}" class="opens" data-event="paper" data-turn="{0}" data-paper="{1}"'
        ' data-spans="{2}-{3}">{4}</a> <span class="facts">{5}</span> <q>{6}</q></li>'
    ).format(
        turn,
        one.paper.paper_id,
        one.passage.start,
        one.passage.end,
        isolated(one.paper.title),
        one.paper.date or "",
        isolated(one.passage.text(one.paper.abstract)),
    )


def _claims_of(answer: Answer, source: Source, *, turn: str) -> Markup:
    """What the answer says of one paper alone, or first."""
    return join(
        Markup("<p>{} {}</p>").format(claim_html(claim), markers_html(claim, answer, turn=turn))
        for claim in answer.claims
        if labels_of(claim)[0] == source.label
    )


def _opening(answer: Answer) -> Markup:
    """The lines before that of the first claim, which begins with its paper's title."""
    end = min((claim.start for claim in answer.claims), default=len(answer.text))
    lines = answer.text[:end].split("\n")
    lines = lines[:-1] if answer.claims else lines
    return join(Markup("<p>{}</p>").format(line) for line in lines if line.strip())


def _remark(answer: Answer) -> Markup:
    if not answer.reason:
        return EMPTY
    if answer.outcome == "partial":
        return Markup('<p class="partial" role="note">Partial answer: {}</p>').format(
            isolated(answer.reason)
        )
    return Markup('<p class="screened">{}</p>').format(isolated(_sentence(answer.reason)))


def _sentence(words: str) -> str:
    return (
        words[:1].upper() + words[1:] + ("" if words.rstrip('"').endswith((".", "!", "?")) else ".")
    )
