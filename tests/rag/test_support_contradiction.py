"""What a question presumes, and the sentences that deny it."""

from __future__ import annotations

import pytest

from rag.contradiction import contradiction, contradicts

DENIED = [
    (
        "Why did the authors of TinyAlign need GPT-4 to label its pairs?",
        "Without any supervision from GPT-4 or other larger models, TinyAlign wins 28% of pairs.",
    ),
    ("Why is FlashRow slower than the baseline?", "FlashRow is 3x faster than the baseline."),
    ("Why does RiverNet fail to scale to long rivers?", "RiverNet scales to long rivers."),
    (
        "Why did the method break down when scaled to 7B?",
        "The method keeps working when scaled to 7B parameters.",
    ),
    ("How much does pruning increase memory use?", "Pruning reduces memory use by 40%."),
    ("How does it train its reference model?", "It removes the need for a reference model."),
    ("Why does GRPO outperform DAPO on maths?", "DAPO outperforms GRPO by 5 points on maths."),
    ("Which reward model does TinyAlign train?", "TinyAlign is trained without a reward model."),
    ("Pruning does not reduce memory use.", "Pruning reduces memory use by 40%."),
]
NOT_DENIED = [
    ("Why is FlashRow faster than the baseline?", "FlashRow is 3x faster than the baseline."),
    ("Does TinyAlign need a reward model?", "TinyAlign is trained without a reward model."),
    ("How much does pruning reduce memory use?", "Pruning reduces memory use by 40%."),
    ("Which data does RiverNet use?", "RiverNet is trained without labels from experts."),
    ("Why does pruning hurt recall?", "Quantisation reduces memory use by 40%."),
    ("How does RiverNet avoid labels?", "RiverNet needs no labels, as rivers label themselves."),
    ("Why does GRPO outperform DAPO?", "GRPO outperforms DAPO, and PPO outperforms SGD."),
    ("What does RiverNet lower on gauges?", "RiverNet lowers the error on 412 gauges."),
    ("", "Pruning reduces memory use."),
    ("Why does pruning increase memory use?", ""),
]


@pytest.mark.parametrize(("question", "sentence"), DENIED)
def test_a_false_premise_is_contradicted(question, sentence):
    assert contradicts(question, sentence)


@pytest.mark.parametrize(("question", "sentence"), NOT_DENIED)
def test_nothing_else_is(question, sentence):
    assert contradiction(question, sentence) is None


def test_it_says_why_and_how_sure_the_subject_is():
    found = contradiction(*DENIED[1])
    assert "the paper says the opposite" in found.reasons
    assert 0.5 <= found.shared <= 1.0
