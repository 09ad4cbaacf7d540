import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.language.sentences import HARD_LIMIT, SOFT_LIMIT, passages, split


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


# "|" marks where one sentence ends and the next begins.
CASES = [
    "Small models forget.| We measure how much.",
    "Methods, e.g. Adam, i.e. adaptive ones, help.| Others do not.",
    "Lee et al. (2022) differ from Ito et al. 2021.| So do we.",
    "It is new, cf. Fig. 3 and Eq. (2) vs. Tab. 1.",
    "We follow Lee et al.| The rest is new.",
    "Accuracy rises by 3.5 points to 87.2%.| A 3.5B model suffices.",
    "We beat GPT-4.| Our model has 1.5 billion weights, against v2.0 of theirs.",
    "Code is at https://github.com/some/tool.git.| It runs anywhere.",
    "Code: https://example.org/a?b=c. | Data will follow.",
    "As J. A. Smith and Dr. Jones held, order matters.",
    "Bought in the U.S. market by Acme Inc. in 2020.| In the U.S.| The rest is elsewhere.",
    "We do three things: (1) read. | (2) Write. | (3) Check the sums.",
    "1. First we read.| 2. Then we write.",
    "It waits... and goes on...| Then it stops.",
    "Is it so?| Yes!| It is.",
    'They call it "safe."| We disagree (see below.)| It is not.',
    'The question "is it safe?" remains open.',
    "a wing in a stream . an experiment was made at mach 3 . the lift rose .",
    "all of it is in small letters. even this. so it goes.",
    "Cells grow.| mTOR slows them.| iRobots do not.| wav2vec hears it.",
    "Large models improve. |but small ones are cheap.",
    "We train on text from models.|We then test them (fully).|The gain is 5%.|It holds.",
    "Built on torch.Tensor and www.Example.com with node.js only.",
    "Let $x_i \\in X. y$ hold.| Then $y=2$.| $z$ follows.",
    "Reported before.[3]| We confirm it.",
    "模型很大。|我们测试它!|很好。",
    "Patients of type B. subtilis and E. coli differ.",
    "OBJECTIVE: To see.| METHODS: We look.| RESULTS: p < .05.| CONCLUSION: Seen.",
    "We use 4 GPUs, etc. for it, latency is 500 ms.| We are done, etc.| Done.",
    "Wait . . .| then go.",
    "Shown for i.i.d. data w.r.t. the norm.",
]


@pytest.mark.parametrize("marked", CASES)
def test_sentences_end_where_a_reader_ends_them(marked):
    marked = marked.replace("small letters. even this. so", "small letters.| even this.| so")
    marked = marked.replace("stream . an", "stream .| an").replace("mach 3 . the", "mach 3 .| the")
    wanted = [part.strip() for part in marked.split("|")]
    assert sentences(marked.replace("|", "")) == wanted


@example("B? [ ")
@settings(deadline=None)
@given(
    st.text(st.sampled_from("aB3 .;,?!(')\n\u3002\u2026["), max_size=300) | st.text(max_size=300)
)
def test_every_character_that_is_not_space_is_in_exactly_one_span(text):
    covered = [0] * len(text)
    for start, end in split(text):
        assert text[start:end] == text[start:end].strip() != ""
        for place in range(start, end):
            covered[place] += 1
    assert all(count == 1 or char.isspace() for count, char in zip(covered, text, strict=True))
    assert max(covered, default=0) <= 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a" * 700, "b; " * 90, "c, " * 90, "D. " * 90]), max_size=12))
def test_nothing_is_longer_than_an_encoder_reads(parts):
    text = "".join(parts)
    assert all(end - start <= HARD_LIMIT for start, end in split(text))


def test_a_long_list_is_cut_at_its_semicolons():
    item = "one more thing that was found in the study"
    text = "We found: " + "; ".join([item] * 40) + "."
    found = sentences(text)
    assert len(found) > 2
    assert all(len(sentence) <= SOFT_LIMIT for sentence in found)
    assert all(sentence.endswith((";", ".")) for sentence in found)


def test_a_long_sentence_without_semicolons_stays_whole():
    text = "We like " + ", ".join(["cats and dogs"] * 60) + "."
    assert SOFT_LIMIT < len(text) < HARD_LIMIT
    assert sentences(text) == [text]


@pytest.mark.parametrize("unit", ["a", "a ", ". ", ".", "a. ", "e.g. ", "; ", "(.", "A.B "])
def test_time_is_linear(unit):
    text = unit * (300_000 // len(unit))
    started = time.process_time()
    split(text)
    assert time.process_time() - started < 6  # a second and a half; quadratic work takes an hour


def test_passages_are_the_sentences_numbered_in_order():
    text = "We read. We write."
    made = passages("p1", text)
    assert [(p.paper_id, p.ordinal, p.text(text)) for p in made] == [
        ("p1", 0, "We read."),
        ("p1", 1, "We write."),
    ]
    assert passages("p1", " ") == ()
