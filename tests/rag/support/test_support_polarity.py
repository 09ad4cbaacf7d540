"""Denial, opposites, comparisons and names: the parts that the support check stands on."""

from __future__ import annotations

import pytest

from rag.language.text import expansion, holds_name, name_key, reading
from rag.support.comparisons import comparisons, crossed
from rag.support.polarity import denials, denied_words, opposites, poles


def denied(text):
    found = reading(text)
    return {found.words[at].lower for at in denied_words(found)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It does not improve recall, but it lowers cost.", {"improve", "recall"}),
        ("It works without human labels.", {"human", "labels"}),
        ("A training-free method.", {"training"}),
        ("It fails to converge.", {"to", "converge"}),
        ("It removes the need for human labels.", {"human", "labels"}),
        ("It cannot cope.", {"cope"}),
        ("It doesn't cope.", {"t", "cope"}),
    ],
)
def test_what_is_denied(text, words):
    assert denied(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "It is not only fast.",
        "No, it copes.",
        "Two tools fail.",
        "It copes whether or not it rains.",
        "It is nothing but fast.",
    ],
)
def test_what_only_looks_like_denial(text):
    assert not denials(reading(text))


def test_a_denied_word_stands_on_the_other_side():
    def sides(text):
        return {(pole.group, pole.side) for pole in poles(reading(text))}

    up = sides("It improves recall.")
    assert up and {(group, -side) for group, side in up} == sides("It does not improve recall.")


def test_no_word_is_its_own_opposite():
    for word, sides in opposites().items():
        groups = [group for group, _ in sides]
        assert len(groups) == len(set(groups)), word


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        ("DAPO outperforms GRPO.", "GRPO outperforms DAPO on maths.", True),
        ("GRPO outperforms DAPO.", "GRPO outperforms DAPO on maths.", False),
        ("DAPO is outperformed by GRPO.", "GRPO outperforms DAPO.", False),
        ("DAPO lags behind GRPO.", "GRPO outperforms DAPO.", False),
        ("DAPO is faster than GRPO.", "GRPO is 3x faster on a GPU than DAPO.", True),
    ],
)
def test_comparisons(claim, evidence, wrong):
    found = crossed(comparisons(reading(claim)), comparisons(reading(evidence)))
    assert (found > 0) is wrong


def names(text):
    return [name.text for name in reading(text).names if name.certain]


def test_names():
    assert names("The GPT-4-processed text and a LoRA-tuned Qwen2.5-VL.") == [
        "GPT-4",
        "LoRA",
        "Qwen2.5-VL",
    ]
    assert names("Tuning it at 720p for 35K steps with an 8K-timestep context.") == []
    assert names("It uses Yor\u00f9b\u00e1 and 3D shapes.") == ["Yoruba", "3D"]
    assert name_key("LLMs") == name_key("LLM") and name_key("GPT-4o") == name_key("gpt 4o")


@pytest.mark.parametrize(
    ("name", "text", "held"),
    [
        ("InternVL3-78B", "InternVL3 with 78B parameters", True),
        ("InternVL3", "the InternVL3-78B model", True),
        ("LLMs", "all MLLMs", True),
        ("Zipf", "a Zipfian law", True),
        ("RAG", "a storage", False),
        ("GPT-4", "GPT-3.5 on 4 tasks", False),
    ],
)
def test_holding_a_name(name, text, held):
    assert holds_name(reading(text), reading(f"see {name}").names[0]) is held


def test_initials():
    text = reading("We train large language models by reinforcement learning.")
    assert [text.words[at].lower for at in expansion("llm", text)] == [
        "large",
        "language",
        "models",
    ]
    assert [text.words[at].lower for at in expansion("rl", text)] == ["reinforcement", "learning"]
    assert expansion("wt", text) == () and expansion("xyz", text) == ()


def test_definitions_beyond_initials():
    text = reading("We use low-rank adaptation (LoRA).")
    assert text.definitions["lora"] == {"low", "rank", "adapt"}
