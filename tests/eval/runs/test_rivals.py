"""The trivial answers beside every figure: what they are, and that the same rule scores them."""

from dataclasses import replace

import pytest

from eval.metrics.quote_exactness import Quote
from eval.runs.records import FoundPaper, Record, read_run
from eval.runs.rivals import PAPERS, rival_answer
from eval.scores.correctness import score
from eval.scores.scoring import score_run
from eval.scores.summary import summarise, summary_to_json

SAID = [{"role": "user", "content": "Which papers?"}]


def found(make, paper_id, *sentences):
    title, abstract = make.papers[paper_id]
    places = [abstract.index(sentence) for sentence in sentences]
    quotes = [Quote(paper_id, s, p, p + len(s)) for s, p in zip(sentences, places, strict=True)]
    return FoundPaper(paper_id, title, 0.9, tuple(quotes))


@pytest.fixture
def hits(make):
    """What search found: the best sentence of the first paper is not the gold one."""
    return (
        found(make, "moe", "Accuracy rises by 3 points.", "We route to 8 experts."),
        found(make, "noise", "Anchors help.", "Noise costs 93 percent."),
        found(make, "empty", "There is nothing here."),
    )


@pytest.mark.parametrize("type_", ["fact", "paper", "compare", "metadata", "unanswerable"])
def test_a_point_has_the_two_best_sentences_of_the_first_paper(make, hits, type_):
    papers = ["moe", "noise"] if type_ == "compare" else ["moe"]
    rival = rival_answer(make.question(type_, papers=papers), hits)
    assert rival.text == "Accuracy rises by 3 points. [1]\nWe route to 8 experts. [1]"
    assert rival.sources == {1: ("moe", "A Mixture of Experts")}
    assert not rival.abstained


@pytest.mark.parametrize("type_", ["list", "filter", "overview", "count", "followup"])
def test_a_survey_has_the_first_five_papers(make, hits, type_):
    answers = [] if type_ in {"list", "filter", "followup"} else [["8 experts"]]
    question = make.question(type_, answers=answers, history=SAID)
    more = [found(make, "empty", "There is nothing here.")] * 4
    rival = rival_answer(question, (*hits, *more))
    assert len(rival.claims) == len(rival.sources) == PAPERS
    assert rival.quotes[0].text == "Accuracy rises by 3 points."
    few = rival_answer(question, hits)
    assert [paper_id for paper_id, _ in few.sources.values()] == ["moe", "noise", "empty"]


def test_a_listed_paper_without_sentences_leaves_the_labels_of_the_others_alone(make, hits):
    bare = FoundPaper("bare", "Untold", 0.8)
    rival = rival_answer(make.question("list", answers=[]), (hits[0], bare, hits[2]))
    assert rival.claims[1].labels == (3,)
    assert rival.sources[3] == ("empty", "Nothing of Interest")


def test_the_rule_of_the_answers_scores_the_rivals(make, hits):
    fact, listed = make.question(), make.question("list", papers=["noise"], answers=[])
    assert score(fact, rival_answer(fact, hits)) == 1.0
    assert score(fact, rival_answer(fact, hits[1:])) == 0.0
    assert score(listed, rival_answer(listed, hits)) == 2 * 1 / (3 + 1)


@pytest.mark.parametrize("type_", ["fact", "list", "unanswerable"])
def test_where_search_finds_nothing_the_rival_is_wrong_and_counts(make, hits, type_):
    papers = [] if type_ == "unanswerable" else ["moe"]
    question = make.question(type_, papers=papers, answers=[["8"]] if type_ == "fact" else [])
    assert score(question, rival_answer(question, ())) == 0.0
    run = make.run_of((make.question(id="found"), make.silent()), hits=hits)
    nothing = Record(question=question, answer=make.silent())
    run = replace(run, records={**run.records, "q": nothing})
    assert summarise(score_run(run, make.judged)).value("score").lead.count == 2


def run_with_hits(make, hits):
    """Four facts, of which the answers get one right and the rivals all."""
    trees = [make.answer(("8 experts.", "moe", "We route to 8 experts."))] + [make.silent()] * 3
    pairs = [(make.question(id=f"q{n}"), tree) for n, tree in enumerate(trees)]
    return make.run_of(*pairs, hits=hits)


def test_every_figure_has_its_rival_over_the_same_questions(make, hits):
    summary = summarise(score_run(run_with_hits(make, hits), make.judged))
    lead = summary.value("score", "fact").lead
    assert (lead.before, lead.after, lead.count) == (1.0, 1 / 4, 4)
    assert lead.interval.low < lead.difference == -3 / 4 < lead.interval.high
    assert summary.value("over_refusal").lead.before == 0.0
    assert summary.value("ndcg@10").lead is None  # both are of one ranking
    assert summary.value("shape_right").lead is None  # the rival was told it
    tree = summary_to_json(summary)["figures"]["score"]["all"]["rival"]
    assert (tree["value"], tree["difference"], tree["questions"]) == (1.0, -3 / 4, 4)


def test_a_run_on_disk_keeps_what_the_rivals_are_made_of(make, hits, tmp_path):
    run = read_run(make.saved(tmp_path / "run", run_with_hits(make, hits)))
    assert run.records["q0"].hits == hits


def test_a_run_without_sentences_has_figures_and_no_rivals(make):
    summary = summarise(make.many([True, False]))
    assert summary.value("score").lead is None
    assert "rival" not in summary_to_json(summary)["figures"]["score"]["all"]
