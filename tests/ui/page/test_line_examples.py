"""The waiting line is fair; example questions come from the corpus by rule."""

from __future__ import annotations

from ui_helpers import make_paper

from ui.page.examples import example_questions, shared_topics, short_name
from ui.talk.line import Line


def test_first_come_first_served():
    line = Line()
    first, second, third = line.join(), line.join(), line.join()
    assert [place.wait(seconds=0.01) for place in (first, second, third)] == [0, 1, 2]
    second.leave()
    assert third.wait(seconds=0.01) == 1
    with first:
        pass
    assert third.wait(seconds=0.01) == 0
    third.leave()
    third.leave()
    assert len(line) == 0


def test_a_wider_line_admits_more():
    line = Line(width=2)
    places = [line.join() for _ in range(4)]
    assert [place.wait(seconds=0.01) for place in places] == [0, 0, 1, 2]


def test_topics_are_shared_pairs_of_title_words():
    titles = ["Reward Models at Sea", "On Reward Models", "Of Tiny Boats", "The Tiny Boats"]
    papers = [make_paper(n, title=title) for n, title in enumerate(titles)]
    assert shared_topics(papers) == ["reward models", "tiny boats"]


def test_half_a_name_is_no_topic():
    titles = ["Direct Preference Optimization", "Why Direct Preference Optimization Fails", "Boats"]
    papers = [make_paper(n, title=title) for n, title in enumerate(titles)]
    assert shared_topics(papers) == ["preference optimization"]


def test_words_on_two_sides_of_a_colon_are_no_pair():
    titles = ["Owls: Night Birds", "Bats and Owls: Night Flights"]
    papers = [make_paper(n, title=title) for n, title in enumerate(titles)]
    assert shared_topics(papers) == []


def test_a_topic_of_the_whole_corpus_is_none():
    papers = [make_paper(n, title=f"Language Models {n}") for n in range(100)]
    assert shared_topics(papers) == []


def test_names_before_a_colon():
    assert short_name("ORPO: Monolithic") == "ORPO"
    assert short_name("A long way of saying it: x") == ""
    assert short_name("no colon") == ""


def test_examples_name_papers_of_the_corpus():
    papers = [make_paper(n) for n in range(1, 4)]
    questions = example_questions(papers)
    # NAME3 is the newest (2023), then NAME2.
    assert questions == ("What does the NAME3 paper show?", "Compare NAME3 and NAME2.")
    assert example_questions([]) == ()
    assert example_questions(papers) == example_questions(papers[::-1])
