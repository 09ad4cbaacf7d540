"""What a question for a reason presumes without saying, and the sentences that deny it."""

import pytest

from rag.premises import chosen_and_left, denied, denies_failure, denies_need

TITLE = "OwlNet: Hearing Mice under Snow"
NEEDS = "OwlNet needs labelled recordings of mice"
FAILS = "spectral gating and denoising break down when they are applied to field recordings"
WELL = "We find that spectral gating, masking and denoising apply directly to field recordings."


@pytest.mark.parametrize(
    "sentence",
    [
        "OwlNet is trained without any labelled recordings.",
        "Unlike earlier work requiring labelled recordings, OwlNet listens to raw sound.",
        "OwlNet eliminates labelled recordings from its training.",
    ],
)
def test_what_a_paper_does_without_it_does_not_need(sentence):
    assert denies_need(NEEDS, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "OwlNet learns from 4,000 labelled recordings of mice.",
        "Without labelled recordings, training degrades within an hour.",
        "Labelled recordings are rare, unlike raw sound.",
        "OwlNet needs no further supervision (e.g., labelled recordings of owls).",
        "OwlNet is trained without any gradient updates.",
        "Without recordings of wind, OwlNet learns from labelled recordings of mice.",
    ],
)
def test_what_it_uses_or_lacks_something_else_it_may_need(sentence):
    assert not denies_need(NEEDS, sentence)


@pytest.mark.parametrize(
    "stated",
    [
        "OwlNet removes the need for labelled recordings",
        "OwlNet does not require labelled recordings",
        "OwlNet needs only few labelled recordings",
    ],
)
def test_to_need_nothing_is_no_need(stated):
    assert not denies_need(stated, "OwlNet is trained without any labelled recordings.")


def test_an_aside_does_not_end_what_is_excluded():
    stated = "the authors need GPT-4 to label their pairs"
    sentence = "It works without external supervision (e.g., labels) from GPT-4 or larger models."
    assert denies_need(stated, sentence)
    assert not denies_need(stated.replace("GPT-4", "GPT-3.5"), sentence)


def test_success_without_a_word_of_trouble_denies_a_failure():
    assert denies_failure(FAILS, WELL)
    assert not denies_failure(FAILS, WELL.replace("directly", "poorly"))
    assert not denies_failure(FAILS, WELL.replace("We find that", "Whether"))
    assert not denies_failure(FAILS, WELL.replace("field recordings", "clean speech"))
    assert not denies_failure("denoising is fast on field recordings", WELL)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "why does it output strokes rather than raster frames?",
            ("output strokes", "raster frames"),
        ),
        ("Why did they prefer PPO over GRPO for the critic?", ("PPO", "GRPO")),
        ("why is it tuning and not pretraining that sets values?", ("is it tuning", "pretraining")),
        ("Does it use strokes rather than frames?", None),
        ("why is it fast?", None),
    ],
)
def test_both_sides_of_a_choice_are_found(question, sides):
    found = chosen_and_left(question)
    assert (found is None) == (sides is None)
    if found and sides:
        assert found[0].endswith(sides[0])
        assert found[1] == sides[1]


TOLD = (
    "Unlike brittle vector strokes, our raster frames keep the line alive.",
    "Training runs with GRPO on 300 sketches.",
    "Pretraining settles the style, and later tuning rarely changes this style.",
)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("why does it draw vector strokes rather than raster frames?", 0),
        ("why does it draw raster frames rather than vector strokes?", None),
        ("why did the authors prefer PPO over GRPO for training?", 1),
        ("why did the authors prefer GRPO over PPO for training?", None),
        ("why does it use ink rather than paint for its lines?", None),
    ],
)
def test_what_was_left_is_what_the_paper_did(question, place):
    wanted = "" if place is None else TOLD[place]
    assert denied(question, TOLD, title=TITLE) == wanted


def test_only_a_question_for_a_reason_presumes():
    told = ("OwlNet is trained without any labelled recordings.",)
    assert denied(f"why does {NEEDS}?".replace("needs", "need"), told, title=TITLE) == told[0]
    assert denied(f"does {NEEDS}?", told, title=TITLE) == ""
    assert denied("", told, title=TITLE) == ""
    assert denied("why does OwlNet need " + "owls " * 5000, told, title=TITLE) == ""
    assert denied("why does OwlNet need labelled recordings?", (), title=TITLE) == ""
