"""Citation metrics, over a judge whose every verdict is written down."""

from eval.metrics.citation_precision import citation_precision
from eval.metrics.citation_recall import citation_recall
from eval.metrics.citation_validity import claims_cited, markers_valid
from eval.metrics.quote_exactness import Quote, quotes_exact
from eval.metrics.statements import Statement


def letters(statement, passages):
    """Supports a sentence when the passages together hold all of its letters."""
    return set(statement.text) <= set("".join(passages))


STATEMENTS = (
    Statement("ab", ("a", "b", "x")),  # a and b are both needed, x is idle
    Statement("c", ("c", "c")),  # each supports it alone: neither is idle
    Statement("de", ("d",)),  # not supported: its citation is not precise
    Statement("f", ()),  # nothing cited
)


def test_citation_recall_is_over_sentences():
    assert citation_recall(STATEMENTS, letters) == 2 / 4
    assert citation_recall((), letters) is None


def test_citation_precision_is_over_citations():
    assert citation_precision(STATEMENTS, letters) == (2 + 2 + 0) / (3 + 2 + 1)
    assert citation_precision((Statement("f", ()),), letters) is None


def test_a_citation_is_needed_when_the_others_fail_without_it():
    # neither passage supports "ab" alone, and without either the other does not: both count
    assert citation_precision((Statement("ab", ("a", "b")),), letters) == 2 / 2
    # "ab" supports it alone; "a" does not, and is not missed
    assert citation_precision((Statement("ab", ("ab", "a")),), letters) == 1 / 2


def test_claims_cited():
    assert claims_cited(STATEMENTS) == 3 / 4
    assert claims_cited(()) is None


def test_markers_valid():
    assert markers_valid("One [1]. Two [1, 4]. Three [9].", {1, 4}) == 3 / 4
    assert markers_valid("No markers, and [sic].", {1}) is None


def test_quotes_exact_to_the_character():
    abstracts = {"p": "Words of it. More."}
    right = Quote("p", "Words of it.", 0, 12)
    moved = Quote("p", "Words of it.", 1, 13)
    changed = Quote("p", "words of it.", 0, 12)
    unknown = Quote("q", "Words of it.", 0, 12)
    beyond = Quote("p", "", 40, 40)
    assert quotes_exact((right,), abstracts) == 1.0
    assert quotes_exact((right, moved, changed, unknown, beyond), abstracts) == 1 / 5
    assert quotes_exact((), abstracts) is None
