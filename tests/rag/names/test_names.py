"""Which papers a question names, and the words it might have used instead."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language.spelling import distance, is_common, other_spellings
from rag.names.coined import definitions, introduced_names, is_name_like, title_names
from rag.names.resolve import Names
from rag.types import Paper

PAPERS = (
    (
        "owl",
        "OwlNet: Hearing Mice in the Dark",
        "OwlNet finds prey by sound alone. We train OwlNet on barn recordings and compare it with "
        "GPT-4 on the ECHO-7 data set.",
    ),
    (
        "rain",
        "RAIN: Forecasting Storms without Radar",
        "Storm forecasts need radar. RAIN needs none, and reduces the error by 12%.",
    ),
    (
        "tide",
        "Tidal Memory 2: Long Records of Sea Level",
        "We introduce a method for sea level, Bayesian Estuary Averaging Model (BEAM), which reads "
        "tide gauges. GPT-4 reads them worse.",
    ),
    (
        "moss",
        "The Hitchhiking Spores of Arctic Moss",
        "How spores travel is unclear. Our approach, called MossTrack, follows them on birds with "
        "the help of GPT-4.",
    ),
    (
        "consent",
        "Informed Consent in Emergency Trials",
        "Consent is hard to get in emergencies. Deferred consent (DC) was given by 9 in 10, says "
        "the analysis, which used GPT-4 for coding and compared BEAM with MossTrack.",
    ),
)


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(Paper(paper_id=i, title=title, abstract=text) for i, title, text in PAPERS)


@pytest.mark.parametrize(
    ("question", "paper", "exact"),
    [
        ("what does the OwlNet paper propose", "owl", True),
        ("what does owlnet propose", "owl", True),
        ("owl net paper, main idea", "owl", True),
        ("Owl-Net: what is it?", "owl", True),
        ("explain OwlNte", "owl", False),
        ("how does RAIN forecast storms?", "rain", True),
        ("the rain paper, please", "rain", True),
        ('explain "rain"', "rain", True),
        ("explain me the tidal memory paper", "tide", True),
        ("tidalmemory2?", "tide", True),
        ("what is BEAM?", "tide", True),
        ("is MossTrack better?", "moss", True),
        ("hitchhiking spores of artic moss, what do they find?", "moss", False),
        ("the arctic moss paper", "moss", False),
        ("informed concent in emergency trials", "consent", False),
    ],
)
def test_papers_are_found_however_they_are_named(names, question, paper, exact):
    mentions = names.resolve(question)
    assert [mention.paper_ids for mention in mentions] == [(paper,)]
    assert mentions[0].exact is exact
    assert question[mentions[0].start : mentions[0].end] == mentions[0].text


@pytest.mark.parametrize(
    "question",
    [
        "did the rain damage the barn?",
        "what does rain do",
        "how does GPT-4 read tide gauges?",
        "is there memory in the sea?",
        "papers on consent",
        "what happens at the beam of light?",
        "",
        "?? [99]",
    ],
)
def test_plain_words_and_common_models_name_no_paper(names, question):
    assert names.resolve(question) == ()


def test_two_papers_in_one_question_come_in_order(names):
    mentions = names.resolve("compare MossTrack with OwlNet")
    assert [mention.paper_ids[0] for mention in mentions] == ["moss", "owl"]


def test_short_and_long_forms_lead_to_each_other(names):
    assert "bayesian estuary averaging model" in names.expand("how good is BEAM?")
    assert "BEAM" in names.expand("what is Bayesian estuary averaging?") or "BEAM" in names.expand(
        "what is the Bayesian estuary averaging model?"
    )


def test_slips_are_corrected_only_towards_words_of_the_corpus(names):
    assert "emergencies" in names.expand("consent in emergancies")
    assert names.expand("watermarking of images") == ()


def test_a_corpus_of_nothing_names_nothing():
    empty = Names(())
    assert empty.resolve("the OwlNet paper") == ()
    assert empty.expand("the OwlNet paper") == ()


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("the Centred Owl Score (COS) is new", "COS", "Centred Owl Score"),
        ("magnetic resonance images (MRIs) show", "MRIs", "magnetic resonance images"),
        ("OSS (owl sound score) is new", "OSS", "owl sound score"),
    ],
)
def test_definitions(text, short, long):
    assert definitions(text) == [(short, long)]


def test_a_bracket_that_spells_nothing_defines_nothing():
    assert definitions("We follow earlier work (Smith) and others (see Table).") == []


def test_names_in_titles_and_abstracts():
    assert title_names("OwlNet 2: Hearing Mice")[0:2] == ["OwlNet 2", "OwlNet"]
    assert title_names("On the Use of Owls") == []
    assert "HootBench" in introduced_names("We present a benchmark called HootBench.")
    assert introduced_names("We present results on MNIST.") == []
    assert [is_name_like(word) for word in ("OwlNet", "R^3", "GPT-4", "Low-Rank", "Owl", "3")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_spelling():
    assert distance("kaliedoscope", "kaleidoscope", most=2) == 1
    assert distance("owl", "elephant", most=2) == 3
    assert is_common("rain")
    assert not is_common("owlnet")
    assert "generalization" in other_spellings("generalisation")
    assert "colour" in other_spellings("color")
    assert "analyzed" in other_spellings("analysed")


def test_plain_words_are_spelt_as_most_papers_spell_them():
    texts = ("owls generalize", "mice generalize and optimise", "they generalise the colour")
    told = Names(Paper(paper_id=text, title="", abstract=text) for text in texts)
    assert told.respelled("who generalises, generalised or generalise?") == (
        "who generalises, generalised or generalize?"
    ), "only what some paper writes is put in its place"
    assert told.respelled("people optimize the color") == "people optimise the colour"
    assert told.respelled("OPTIMIZE Color") == "OPTIMIZE Color", "capitals may be a name"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_resolved(names, question):
    for mention in names.resolve(question):
        assert question[mention.start : mention.end] == mention.text
        assert mention.paper_ids
        assert 0 < mention.score <= 1
    assert isinstance(names.expand(question), tuple)


@pytest.mark.parametrize("piece", ["owl ", "OwlNte ", "xqzzt", "the ", "a-", "RAIN paper "])
def test_twenty_thousand_characters_are_resolved_in_linear_time(names, piece):
    started = process_time()
    names.resolve(piece * (20_000 // len(piece)))
    names.expand(piece * (20_000 // len(piece)))
    assert process_time() - started < 3
