"""Lists are objects: what is asked of a list that was shown, and lists told by the letter."""

from datetime import date

import pytest

from rag.types import Turn

pytestmark = pytest.mark.slow

TODAY = date(2025, 6, 1)


def talk(assistant, *questions):
    """The answers of a conversation, each told of those before it."""
    history, answers = [], []
    for question in questions:
        answer = assistant.ask(question, history=history, today=TODAY)
        cited = tuple(source.paper.paper_id for source in answer.sources)
        history += [Turn("user", question), Turn("assistant", answer.text, cited)]
        answers.append(answer)
    return answers


def ids(answer) -> list[str]:
    return [source.paper.paper_id for source in answer.sources]


def test_a_list_shown_is_put_in_another_order(records):
    first, dated = talk(records, "papers since 2022", "sort them by date")
    assert len(ids(first)) == 6
    assert set(ids(dated)) == set(ids(first)) and ids(dated)[0] == "tide"


def test_which_is_the_newest_of_a_list_is_one_of_the_list(records):
    first, newest = talk(records, "papers from 2023", "which is the oldest?")
    assert set(ids(first)) == {"kestrel", "hive"}
    assert (newest.kind, ids(newest)) == ("list", ["kestrel"])


def test_the_titles_of_a_list_are_told_from_its_records(records):
    first, titles = talk(records, "papers from 2024", "just the titles please")
    assert ids(titles) == ids(first)
    assert {claim.verdict for claim in titles.claims} == {"record"}
    assert all(source.paper.title in titles.text for source in first.sources)


def test_how_many_there_are_is_counted_in_the_list(records):
    _, count = talk(records, "papers from 2024", "how many are there?")
    assert count.kind == "count" and count.text.startswith("3 papers")


def test_an_ordinal_reaches_back_to_the_list_over_a_turn_on_one_paper(records):
    first, told, other = talk(
        records, "papers from 2024", "who wrote the second one?", "and when did the third come out?"
    )
    assert ids(told) in ([], [ids(first)[1]])
    assert other.sources[0].paper.paper_id == ids(first)[2]


def test_a_comparison_keeps_both_its_sides(records):
    _, again, three = talk(
        records,
        "compare Kestrel and TideGPT",
        "which of the two is cheaper?",
        "add Glasswing to the comparison",
    )
    assert set(ids(again)) == {"kestrel", "tide"}
    assert set(ids(three)) == {"kestrel", "tide", "glasswing"}


def test_an_answer_that_is_doubted_is_shown_again(records):
    first, again = talk(records, "how much power does Kestrel need?", "are you sure?")
    assert "3 W" in first.text and again.text == first.text


def test_a_correction_asks_the_same_of_another_paper(records):
    _, told = talk(records, "when was TideGPT published?", "no, I mean Kestrel")
    assert told.kind == "metadata" and "2023-04-12" in told.text


def test_every_paper_with_a_name_in_it_is_listed_and_said_to_be_all(records):
    answer = records.ask("which papers mention GPT-4?", today=TODAY)
    assert answer.kind == "list" and set(ids(answer)) == {"tide", "glasswing"}
    assert "2 of the 9 papers mention" in answer.text
    assert "Every title and abstract was looked through" in answer.text
    assert answer.screened.candidates == 9


def test_a_name_that_no_paper_writes_is_said_to_stand_in_none(records):
    answer = records.ask("papers that mention Bard", today=TODAY)
    assert answer.outcome == "abstained" and answer.text.startswith("None of the 9 papers")


def test_an_author_whom_no_record_names_is_said_to_be_named_by_none(records):
    answer = records.ask("papers by Yoshua Bengio", today=TODAY)
    assert answer.outcome == "abstained" and "names Yoshua Bengio as an author" in answer.text


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What has Tom Falk published?", {"kestrel", "glasswing"}),
        ("anything that Ana Ruiz was involved in", {"tide", "glasswing"}),
        ("which papers did Brandt write?", {"rivers", "hive"}),
        ("Ana Ruiz's most recent paper", {"tide"}),
    ],
)
def test_authors_are_found_in_any_form(records, question, wanted):
    assert set(ids(records.ask(question, today=TODAY))) == wanted


def test_an_author_may_be_left_out(records):
    answer = records.ask("papers from 2024 not by Ana Ruiz", today=TODAY)
    assert set(ids(answer)) == {"moths"}


def test_records_without_a_field_are_counted(records):
    answer = records.ask("how many papers are without a date?", today=TODAY)
    assert answer.text.startswith("1 of the 9 papers has no date")


def test_an_order_that_no_record_tells_is_said_to_be_told_by_none(records):
    answer = records.ask("most discussed papers from 2024", today=TODAY)
    assert answer.outcome == "abstained" and "number of comments" in answer.text


def test_a_paper_is_cited_in_bibtex_from_its_record(records):
    answer = records.ask("cite Kestrel in BibTeX", today=TODAY)
    (claim,) = answer.claims
    assert claim.text.startswith("@misc{kestrel,") and "year = {2023}" in claim.text
    assert {one.field for one in claim.citations} >= {"title", "doi", "date", "authors"}
