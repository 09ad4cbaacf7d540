"""Drafts of questions: valid, with gold that the papers hold, and never run unseen."""

import pytest

from eval.sets.drafts import drafts, write_drafts
from eval.sets.questions import check_papers, read_questions
from eval.sets.terms import shared_terms
from rag.types import Paper


@pytest.fixture
def papers():
    made = []
    for number in range(12):
        made.append(
            Paper(
                paper_id=f"p{number}",
                title=f"NAME{number}: Reading Maps in Autumn",
                abstract=f"NAME{number} reads hiking maps. It was tried with {number + 20} "
                f"participants in autumn. Contour lines matter most."
                if number % 2
                else f"NAME{number} reads harbour charts. It covers {number + 40} languages. "
                "Depth soundings matter most.",
                date=str(2020 + number % 2),
            )
        )
    return made


def test_drafts_are_valid_questions_with_gold_from_the_papers(papers, tmp_path):
    found = drafts(papers, count=20)
    write_drafts(found, tmp_path / "drafts.jsonl")
    questions = read_questions(tmp_path / "drafts.jsonl", with_drafts=True)
    assert len(questions.questions) == 20
    check_papers(questions, [(paper.paper_id, paper.title) for paper in papers])
    texts = {paper.title: f"{paper.title} {paper.abstract}" for paper in papers}
    for question in questions.questions:
        for group in question.answers:
            assert any(one in texts[question.papers[0]] for one in group)
    assert {question.type for question in questions.questions} == {
        *("fact", "list", "paper", "filter", "unanswerable")
    }


def test_the_gap_of_a_fact_is_its_gold(papers):
    for draft in drafts(papers, count=30):
        if draft["type"] == "fact":
            (gold,) = draft["answers"][0]
            assert gold not in draft["question"]
            sentence = draft["question"].split('"')[1].replace("___", gold)
            (paper,) = [paper for paper in papers if paper.title in draft["papers"]]
            assert sentence in paper.abstract


def test_the_gold_of_a_list_is_every_paper_that_has_the_term(papers):
    for draft in drafts(papers, count=30):
        if draft["type"] in {"list", "filter"}:
            term = draft["question"].removesuffix("?").split("deal with ")[1]
            having = [
                paper.title
                for paper in papers
                if term in f"{paper.title} {paper.abstract}".lower()
                and draft["filter"].get("year") in (None, paper.year)
            ]
            assert sorted(draft["papers"]) == sorted(having)


def test_unanswerable_drafts_ask_for_what_the_paper_does_not_say(papers):
    for draft in drafts(papers, count=30):
        if draft["type"] == "unanswerable":
            unit = draft["question"].split()[2]
            (paper,) = [paper for paper in papers if paper.title in draft["question"]]
            assert unit not in paper.abstract


def test_equal_seeds_give_equal_drafts(papers):
    assert drafts(papers, count=10, seed=1) == drafts(papers[::-1], count=10, seed=1)
    assert drafts(papers, count=10, seed=1) != drafts(papers, count=10, seed=2)


def test_few_papers_give_few_drafts():
    assert drafts([Paper("p", "Untitled", "Nothing to count here.")], count=10) == []
    assert drafts([], count=10) == []


def test_a_file_with_a_persons_work_is_not_written_over(papers, tmp_path):
    path = tmp_path / "drafts.jsonl"
    path.write_text("work")
    with pytest.raises(FileExistsError):
        write_drafts(drafts(papers, count=3), path)
    assert path.read_text() == "work"


def test_shared_terms_join_forms_and_skip_what_every_abstract_says():
    texts = [
        "hiking trails and proposed methods",
        "a hiking trail",
        "hiking trails. Proposed method",
    ]
    papers = [Paper(f"p{n}", "", f"We saw {text}.") for n, text in enumerate(texts)]
    assert {term: len(found) for term, found in shared_terms(papers, least=2, most=3).items()} == {
        "hiking trails": 3
    }
    assert shared_terms(papers, least=4, most=9) == {}
