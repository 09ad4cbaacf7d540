"""Questions that the records answer, through the whole assistant: no language model writes here.

The phrasings were written before the code was tried on them.
"""

from datetime import date

import pytest

from rag.assistant import Assistant
from rag.config import AnswerConfig
from rag.evidence.retrieval import Retriever
from rag.types import RecordCitation, Turn, recorded

pytestmark = pytest.mark.slow

TODAY = date(2025, 6, 1)
ABSTAINED = "(abstained)"

METADATA = (
    ("Who wrote the Kestrel paper?", "Mira Oduya, Tom Falk, Lin Chen"),
    ("kestrel authors", "Mira Oduya"),
    ("when did TideGPT come out", "2024-09-30"),
    ("In which year was A Ledger of Snow published?", "2019"),
    ("what's the doi of Kestrel?", "10.5555/kestrel.1"),
    ("How many people worked on Night Moths Count Lamps?", "6 authors"),
    ("give me the link to Kestrel pls", "https://example.org/kestrel"),
    ("which journal did Kestrel appear in", "Journal of Small Weather"),
    ("Is Glasswing from 2023 or 2024?", "2024"),
    ("has A Ledger of Snow been retracted?", "the gauge was moved"),
    ("which institute is behind Kestrel?", "Harbour Institute"),
    ("how many upvotes did Kestrel get", "14 upvotes"),
    ("Rivers Remember arxiv number?", "2207.01234"),
    ("is Tom Falk one of the authors of Glasswing?", "Tom Falk"),
    ("Who are the authors of Night Moths Count Lamps?", "6 authors in its record but no names"),
    ("is TideGPT older than Rivers Remember?", "2022-07-19"),
    ("what is the DOI of TideGPT?", ABSTAINED + " holds no DOI"),
    ("who wrote Bees in the Attic, and at which organisation?", "Beekeepers United"),
)
COUNT = (
    ("How many papers are from 2024?", "3 of the 9 papers"),
    ("number of papers since 2022", "6 of the 9 papers"),
    ("how many have we got with a 2024 date", "3 of the 9 papers"),
    ("how many papers mention GPT-4?", "2 of the 9 papers"),
    ("in how many abstracts does GPT-4 turn up", "2 of the 9 papers"),
    ("how many papers did Tom Falk write?", "2 of the 9 papers"),
    ("count of papers with a single author", "2 of the 9 papers"),
    ("how many papers about bees are there?", "2 papers clearly"),
    ("How many papers appeared each year?", "2024: 3"),
    ("do you have more than five papers from 2024?", "3 of the 9 papers"),
    ("how many studies came out before 2020", "1 of the 9 papers"),
    ("papers by Ruiz, how many?", "2 of the 9 papers"),
    ("how many papers per year on beehives", "2021: 1"),
)
COLLECTION = (
    ("How many papers do you have in total?", "9"),
    ("what years does the collection cover", "2019 to 2024"),
    ("how do I add my own papers?", "quoth ingest"),
    ("What's the newest paper in here?", "TideGPT"),
    ("what's in this library", "9 papers"),
    ("can you read my Zotero export", "quoth ingest"),
    ("what topics do you cover?", "9 papers"),
    ("which sources do the papers come from", "records.jsonl"),
    ("what is the oldest thing in your index", "A Ledger of Snow"),
    ("how big is this database?", "9 papers"),
    ("what can you do?", "9 papers"),
)
OTHER = (
    ("hello", "Hello"),
    ("hi there!", "Hello"),
    ("thanks a lot", "welcome"),
    ("thx", "welcome"),
    ("good morning", "Hello"),
    ("ok great", "Good"),
    ("cheers, bye", ""),
    ("who are you?", "9 papers"),
    ("tell me a joke", "9 papers"),
    ("write me a poem about cats", "9 papers"),
)


def misses(assistant, cases, kind, allowed=1) -> list[str]:
    """The cases that did not get the answer, in words; `allowed` of them are."""
    wrong = []
    for question, wanted in cases:
        answer = assistant.ask(question, today=TODAY)
        words = wanted.removeprefix(ABSTAINED).strip()
        silent = answer.outcome == "abstained"
        if answer.kind != kind or words not in answer.text:
            wrong.append(f"{question!r}: {answer.kind}, {answer.outcome}: {answer.text[:160]!r}")
        elif kind in ("metadata", "count") and silent != wanted.startswith(ABSTAINED):
            wrong.append(f"{question!r}: {answer.outcome}: {answer.text[:160]!r}")
    return wrong if len(wrong) > allowed else []


def test_facts_of_the_record_are_told_from_the_record(records):
    assert misses(records, METADATA, "metadata") == []


def test_papers_are_counted(records):
    assert misses(records, COUNT, "count") == []


def test_the_collection_tells_of_itself(records):
    assert misses(records, COLLECTION, "collection") == []


def test_small_talk_gets_a_friendly_sentence(records):
    assert misses(records, OTHER, "other") == []
    answers = [records.ask(question) for question, _ in OTHER]
    assert not [a.text for a in answers if "close" in a.text or "No answer" in a.text]
    assert all(len(answer.text.split()) < 40 for answer in answers)


def talk(assistant, *questions):
    """The answers of a conversation, each told of those before it."""
    history, answers = [], []
    for question in questions:
        answer = assistant.ask(question, history=history, today=TODAY)
        cited = tuple(source.paper.paper_id for source in answer.sources)
        history += [Turn("user", question), Turn("assistant", answer.text, cited)]
        answers.append(answer)
    return answers


def test_every_claim_of_a_record_cites_a_field_that_says_so(records):
    answer = records.ask("who wrote Kestrel and when did it come out?", today=TODAY)
    cited = [(one.field, one.value) for claim in answer.claims for one in claim.citations]
    assert cited == [("authors", "Mira Oduya, Tom Falk, Lin Chen"), ("date", "2023-04-12")]
    for claim in answer.claims:
        (citation,) = claim.citations
        assert claim.verdict == "record" and isinstance(citation, RecordCitation)
        assert citation.value in claim.text
        assert citation.value == recorded(records.paper(citation.paper_id), citation.field)


def test_facts_of_the_record_are_told_of_what_was_spoken_of(records):
    first, second, third = talk(
        records, "what does TideGPT read?", "who wrote it?", "and what year is it from?"
    )
    assert [source.paper.paper_id for source in first.sources][:1] == ["tide"]
    assert (second.kind, "Ana Ruiz" in second.text) == ("metadata", True)
    assert (third.kind, "2024-09-30" in third.text) == ("metadata", True)


def test_an_ordinal_means_the_paper_of_that_number(records):
    listed, told = talk(records, "papers from 2024", "who wrote the second one?")
    second = listed.sources[1].paper
    assert told.kind == "metadata" and second.title in told.text
    assert {source.paper.paper_id for source in told.sources} <= {second.paper_id}


def test_what_was_listed_is_counted_among_itself(records):
    _, told = talk(records, "papers from 2024", "how many of them mention GPT-4?")
    assert told.kind == "count" and told.text.startswith("2 of the 3 papers of the last answer")


def test_two_papers_get_a_claim_each_and_are_put_in_order(records):
    answer = records.ask("which is older, TideGPT or Kestrel?", today=TODAY)
    assert answer.kind == "metadata", answer.text
    assert {one.citations[0].paper_id for one in answer.claims[:2]} == {"tide", "kestrel"}
    assert answer.claims[2].text.startswith('"Kestrel') and "older" in answer.claims[2].text
    assert len(answer.claims[2].citations) == 2


def test_a_paper_that_nobody_can_tell_is_not_guessed(records):
    answer = records.ask("who wrote the paper on volcanic glass in pottery?", today=TODAY)
    assert answer.kind == "metadata" and answer.outcome == "abstained"
    assert "could not be told which paper" in answer.text and answer.nearest


class NoEncoder:
    """Stands where the encoder does, and is asked for nothing."""

    name = "none"

    def ask(self, texts):
        raise AssertionError(f"encoded: {texts}")


def test_a_count_by_filter_needs_no_model(records):
    retriever = Retriever(records.corpus, NoEncoder(), records.retriever.config)
    assistant = Assistant(retriever, None, config=AnswerConfig(), asker=records.asker)
    answer = assistant.ask("How many papers are from 2024?", today=TODAY)
    assert (answer.screened.corpus, answer.screened.candidates, answer.screened.matched) == (
        9,
        9,
        3,
    )
    assert "Screened 9 of 9 papers, matched 3." in answer.text


def test_a_count_by_topic_says_what_was_read(records):
    answer = records.ask("how many papers about bees are there?", today=TODAY)
    assert "clearly bear on it; perhaps" in answer.text
    assert "of the 9 papers" in answer.text.lower()
    assert {source.paper.paper_id for source in answer.sources} <= {"bees", "hive"}


def test_the_collection_counts_who_wrote_most(records):
    answer = records.ask("who has written the most papers here?", today=TODAY)
    assert answer.kind == "collection", answer.text
    assert {"Ana Ruiz (2 papers).", "Tom Falk (2 papers)."} <= {c.text for c in answer.claims}
    assert all(
        citation.holds(records.paper(citation.paper_id))
        for claim in answer.claims
        for citation in claim.citations
    )


def test_the_same_fact_is_told_of_another_paper(records):
    _, told = talk(records, "when was TideGPT published?", "and Kestrel?")
    assert told.kind == "metadata" and "2023-04-12" in told.text


def test_how_many_of_one_that_was_listed_counts_no_papers(records):
    _, told = talk(records, "papers from 2024", "how many lamps are counted in the second one?")
    assert told.kind in ("fact", "paper")
