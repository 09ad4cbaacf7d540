"""What a question takes for granted, and that an abstract which denies it is quoted."""

import pytest

from rag.presuppositions import presupposed


@pytest.mark.parametrize(
    ("question", "stated"),
    [
        (
            "Why did the owl trackers lose their signal in snow?",
            "the owl trackers lose their signal in snow",
        ),
        ("In BarnNet, why does depth hurt accuracy? explain", "depth hurt accuracy"),
        ("how come dense models beat sparse ones here", "dense models beat sparse ones here"),
        ("why is it the tail and not the wing that steers an owl?", "the tail steers an owl"),
        # a denial, a question of another kind, and hardly any words state nothing to be checked
        ("why doesn't BarnNet need labels?", ""),
        ("why do owls never collide?", ""),
        ("how much faster is BarnNet?", ""),
        ("why owls?", ""),
        ("why?", ""),
        ("", ""),
    ],
)
def test_the_statement_behind_a_question(question, stated):
    assert presupposed(question) == stated


ABSTRACT = (
    "Barn owls hunt by hearing. We attach microphones to forty owls and record them at night. "
    "Adding snow to the recordings does not lower the localisation accuracy of the owls. "
    "The recordings are released."
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    import json

    from rag import build
    from rag.config import Config, LlmConfig

    folder = tmp_path_factory.mktemp("premise")
    record = {"id": "owls", "title": "Snow and the Hearing of Owls", "abstract": ABSTRACT}
    (folder / "papers.jsonl").write_text(json.dumps(record) + "\n")
    config = Config(index=folder / "index", llm=LlmConfig(model="off"))
    assert build.ingestor(config).run([folder / "papers.jsonl"]).papers == 1
    return build.assistant(config)


def test_a_false_premise_is_named_and_the_abstract_quoted(assistant):
    answer = assistant.ask(
        "In the snow and owls study, why does adding snow lower the localisation accuracy of owls?"
    )
    assert answer.outcome == "abstained"
    assert "takes for granted that adding snow lower the localisation accuracy" in answer.text
    assert "does not lower the localisation accuracy of the owls." in answer.text


def test_a_premise_that_holds_is_no_reason_for_silence(assistant):
    answer = assistant.ask(
        "In the snow and owls study, why do the authors attach microphones to forty owls?"
    )
    assert "takes for granted" not in answer.text
