"""Papers per year, and the map: the same places every time, near things near."""

from __future__ import annotations

import numpy as np
import pytest
from ui_helpers import HOSTILE, Seen, make_paper

from rag.language.sane import visible
from ui.html.plots import map_html, years_html
from ui.talk.plots import (
    SHOWN_LIMIT,
    Point,
    coordinates,
    kept_coordinates,
    papers_per_year,
    shown_points,
    spread,
)


def clusters(count: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    centres = rng.normal(size=(3, 32)) * 10
    return (centres[np.arange(count) % 3] + rng.normal(size=(count, 32))).astype(np.float32)


def test_years_between_have_their_zero():
    papers = [make_paper(n, date=date) for n, date in enumerate(["2020", "2023-05", "2023", None])]
    assert papers_per_year(papers) == [(2020, 1), (2021, 0), (2022, 0), (2023, 2)]
    seen = Seen(years_html(papers, label="Papers per year"))
    assert "(1 without a date)" in seen.text
    assert "2021" in seen.text


def test_one_year_is_no_plot():
    assert years_html([make_paper(1), make_paper(7)], label="x") == ""
    assert years_html([], label="x") == ""


def test_near_vectors_lie_near():
    places = coordinates(clusters(60))
    assert places.shape == (60, 2)
    assert places.min() >= 0
    assert places.max() <= 1
    group = np.arange(60) % 3
    distance = np.linalg.norm(places[:, None] - places[None], axis=2)
    same = group[:, None] == group[None]
    assert distance[same].mean() < 0.4 * distance[~same].mean()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_small_corpora_have_places_too(count):
    assert coordinates(clusters(count)).shape == (count, 2)


def test_a_large_corpus_is_laid_out_in_seconds():
    assert coordinates(clusters(4000)).shape == (4000, 2)


def test_places_are_computed_once_an_index(tmp_path):
    calls = []

    def vectors():
        calls.append(1)
        return clusters(12)

    path = tmp_path / "map.npz"
    first = kept_coordinates(path, fingerprint="a", vectors=vectors)
    again = kept_coordinates(path, fingerprint="a", vectors=vectors)
    np.testing.assert_array_equal(first, again)
    assert len(calls) == 1
    other = kept_coordinates(path, fingerprint="b", vectors=vectors)
    np.testing.assert_allclose(first, other)
    assert len(calls) == 2


def test_dots_on_one_place_part_so_that_each_can_be_hit():
    moved = np.asarray(spread([(5.0, 5.0)] * 8 + [(40.0, 5.0)], apart=2.0))
    gaps = np.linalg.norm(moved[:, None] - moved[None], axis=2)
    np.fill_diagonal(gaps, 9)
    assert gaps.min() > 1.7
    np.testing.assert_allclose(moved[8], (40, 5), atol=0.01)
    assert spread([], apart=1) == []


def test_marked_papers_are_always_drawn_and_on_top():
    points = [Point(f"p{n}", f"T{n}", 0.5, 0.5) for n in range(3 * SHOWN_LIMIT)]
    shown = shown_points(points, ["p1", "p5"])
    assert len(shown) <= SHOWN_LIMIT + 2
    assert [point.paper_id for point in shown[-2:]] == ["p1", "p5"]


def test_the_map_names_and_opens_each_paper():
    points = [Point(f"p{n}", f"Title {n}", n / 4, 0.5) for n in range(4)]
    seen = Seen(map_html(points, marked={"p2": 1}, turn="t1", title="Where"))
    assert [found["data-paper"] for found in seen.with_event("paper")] == ["p0", "p1", "p3", "p2"]
    assert all(f"Title {n}" in seen.text for n in range(4))
    marked = seen.with_event("paper")[-1]
    assert (marked["role"], marked["tabindex"]) == ("button", "0")
    assert marked["aria-label"] == "Source 1: Title 2"
    assert marked["data-turn"] == "t1"


@pytest.mark.parametrize("words", HOSTILE)
def test_titles_on_the_map_are_text(words):
    html = map_html([Point(words, words, 0, 0), Point("b", words, 1, 1)], marked={"b": 1})
    seen = Seen(html)
    assert seen.text.count(visible(words)) == 2
    assert seen.tags <= {
        "div", "figure", "svg", "g", "circle", "title", "text", "figcaption"
    }  # fmt: skip
