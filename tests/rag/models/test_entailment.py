"""A configured entailment model, with a random one of a few kilobytes."""

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

from rag.errors import ModelError
from rag.models.entailment import Entailment
from rag.support.check import check

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "owls", "hunt", "mice", "at", "night"]


def small_model(folder, labels):
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        id2label=dict(enumerate(labels)),
        label2id={label: i for i, label in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


def test_the_share_of_the_label_that_says_entailment(tmp_path):
    labels = ("CONTRADICTION", "NEUTRAL", "ENTAILMENT")
    name = small_model(tmp_path / "m", labels)
    there = Entailment(name).probability("owls hunt mice", "mice hunt owls")
    moved = Entailment(small_model(tmp_path / "n", labels[::-1]))
    assert 0.0 < there < 1.0
    assert moved._carried({0: "ENTAILMENT", 1: "NEUTRAL"}) == 0
    assert moved._carried({0: "not_supported", 1: "supported"}) == 1


def test_a_long_text_is_cut_and_the_claim_kept(tmp_path):
    name = small_model(tmp_path / "m", ("entailment", "other"))
    assert 0.0 < Entailment(name).probability("owls hunt mice " * 400, "owls hunt") < 1.0


def test_labels_that_say_nothing_of_entailment_are_refused(tmp_path):
    name = small_model(tmp_path / "m", ("LABEL_0", "LABEL_1"))
    with pytest.raises(ModelError, match=r"LABEL_0.*must begin with entail"):
        Entailment(name).probability("owls", "mice")


def test_a_model_that_is_not_there(tmp_path):
    with pytest.raises(ModelError, match=r"answer\.support_model takes"):
        Entailment(str(tmp_path)).probability("owls", "mice")


def test_its_word_tips_the_check():
    evidence = ["The system raises the accuracy of owls by 4 points on the mouse benchmark."]
    claim = "Owls gain 4 points of accuracy on mice thanks to it."
    told = [check(claim, evidence, learned=lambda e, s, p=p: p).score for p in (0.01, 0.99)]
    assert told[0] < told[1]
