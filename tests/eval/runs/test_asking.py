"""What a question of a set becomes when it is asked, and what is kept beside its answer."""

from dataclasses import replace

from eval.runs.asking import assistant_asker, turns
from eval.runs.rivals import SENTENCES
from eval.sets.questions import question_from_json
from rag import build

LIST = {"id": "q", "type": "list", "question": "papers on hallucination from last year"}


def dated(day):
    return question_from_json(LIST | {"papers": ["gold"], "today": day})


def test_a_question_is_asked_on_its_day_and_keeps_what_search_found(box_config):
    quoting = replace(
        box_config, llm=replace(box_config.llm, model="off")
    )  # no sentence is written
    assistant = build.assistant(quoting)
    ask = assistant_asker(assistant, k=3)
    earlier, later = ask(dated("2024-03-01")), ask(dated("2025-03-01"))
    assert earlier.answer["filters"]["year_min"] == 2023
    assert later.answer["filters"]["year_min"] == 2024
    for asked, year in ((earlier, 2023), (later, 2024)):
        assert asked.hits
        assert {assistant.paper(hit.paper_id).year for hit in asked.hits} == {year}
    best = earlier.hits[0]
    abstract = assistant.paper(best.paper_id).abstract
    assert len(best.sentences) == SENTENCES
    assert all(abstract[one.start : one.end] == one.text for one in best.sentences)


def test_the_papers_of_an_earlier_answer_are_told():
    said = [{"role": "assistant", "content": "One.", "paper_ids": ["p1"]}]
    asked = question_from_json(
        {"id": "q", "type": "followup", "question": "?", "papers": ["p"], "history": said}
    )
    assert turns(asked)[0].paper_ids == ("p1",)
