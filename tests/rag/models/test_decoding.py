"""What the writer may write: only whole words of its evidence, no loops, one sentence."""

import threading

import pytest
import torch

from rag.config import LlmConfig
from rag.models.prompts import Message
from rag.models.writer.decoding import GRAMMAR, NoLoop, first_sentence
from rag.models.writer.writer import Request, Writer

pytestmark = pytest.mark.slow

EVIDENCE = (
    "The Hazel owl catches 41 mice a night in snow, 12.5% more than the barn owl (Tyto alba).",
    "A compact Laplacian encoding stabilizes outputs [3] across Earth-scale ranges.",
)


@pytest.fixture(scope="module")
def writer():
    return Writer(LlmConfig(max_new_tokens=24))


def request(text, question="what does it say?"):
    return Request((Message("user", f"Text: {text}\nQuestion: {question}"),), offered=(text,))


@pytest.fixture(scope="module")
def sentences(writer):
    """What is written over each text."""
    return writer.write([request(text) for text in EVIDENCE]).sentences


def test_only_whole_words_of_the_evidence_and_grammar_are_written(sentences):
    for text, sentence in zip(EVIDENCE, sentences, strict=True):
        offered = {w.strip(".,;:!?()[]{}\"'`").lower() for w in text.split()} | set(GRAMMAR)
        written = [w.strip(".,;:").lower() for w in sentence.split()]
        assert written
        # the last word may have been cut off by the limit of tokens
        assert not set(written[:-1]) - offered, sentence


def test_the_same_requests_give_the_same_sentences(writer, sentences):
    assert writer.write([request(text) for text in EVIDENCE]).sentences == sentences


def test_a_set_stop_computes_nothing(writer):
    stop = threading.Event()
    stop.set()
    written = writer.write([request(EVIDENCE[0])], stop=stop)
    assert written.sentences == ("",)
    assert written.tokens_out == 0


def test_a_stop_ends_generation_within_one_token(writer):
    """Set while the first token is computed: no second one is."""

    class AtFirstToken(threading.Event):
        asked = 0

        def is_set(self):
            self.asked += 1
            if self.asked == 3:  # before the batch, after token 1, after token 2
                self.set()
            return super().is_set()

    stop = AtFirstToken()
    written = writer.write([request(EVIDENCE[0])], stop=stop)
    assert written.sentences == ("",)
    assert written.tokens_out <= 3


def test_a_stop_ends_the_reading_of_a_prompt_between_two_layers(writer):
    writer.warm()
    stop = threading.Event()
    layers = [
        part
        for part in writer._loaded.model.modules()
        if type(part).__name__.endswith("DecoderLayer")
    ]
    done = []

    def press(*_):
        done.append(1)
        if len(done) == 3:
            stop.set()

    hooks = [layer.register_forward_hook(press) for layer in layers]
    try:
        written = writer.write([Request((Message("user", "Say something of owls."),))], stop=stop)
    finally:
        for hook in hooks:
            hook.remove()
    assert written.sentences == ("",)
    assert len(done) == 3 < len(layers)
    again = writer.write([Request((Message("user", "Say something of owls."),))])
    assert again.sentences != ("",)  # the stop left nothing behind


def test_a_run_that_would_come_again_is_masked():
    ids = torch.tensor([[9, 9, 1, 2, 3, 4, 1, 2]])
    scores = torch.zeros(1, 10)
    masked = NoLoop(prompt_length=2)(ids, scores)[0]
    assert masked[3] == float("-inf")
    assert torch.isfinite(masked[[0, 1, 2, 4, 5]]).all()


def test_the_prompt_may_be_repeated():
    ids = torch.tensor([[1, 2, 3, 1, 2]])
    assert torch.isfinite(NoLoop(prompt_length=3)(ids, torch.zeros(1, 5))).all()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Owls fly. Mice run.", "Owls fly."),
        ("Qwen 3.5 is large.", "Qwen 3.5 is large."),
        ("Owls, e.g. barn owls, fly. So", "Owls, e.g. barn owls, fly."),
        ("Owls fly\nMice run", "Owls fly"),
        ("", ""),
    ],
)
def test_first_sentence(text, first):
    assert first_sentence(text) == first
