"""What in an abstract is no evidence, and what only looks like it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language import boilerplate
from rag.language.sentences import evidence, passages, split, told

FINDING = "Gulls nest later after wet springs."

# Lines of publishers and registries, each by another form, as they end an abstract.
LINES = [
    "Copyright 2021 The Authors.",
    "Copyright © 2014 by the Harbour Society of Norway.",
    "© 2019 S. Brine & Sons GmbH, Bremen.",
    "(c) 2008 Brine Periodicals, Inc. All rights reserved.",
    "(C) 2010 Brine B.V. All rights reserved.",
    "Crown Copyright © 2012 Published by Brine Ltd. All rights reserved.",
    "Published by Brine Ltd. on behalf of the Gull Society.",
    "© 2020 The Authors. Seabird Letters published by Brine Periodicals LLC on behalf of Gull Trust.",
    "This article is protected by copyright. All rights reserved.",
    "This is an open access article under the CC BY licence.",
    "This article is licensed under a Creative Commons Attribution 4.0 International License.",
    "This article is part of the special issue on shores.",
    "This paper forms part of a themed issue entitled 'Birds and weather'.",
    "Supplementary data are available online.",
    "Supplementary information: Supplementary data are available at Seabird Letters online.",
    "Received 1 May 2018; accepted 2 June 2018.",
    "(Received 3 March 1999; revised 4 April 1999; published online May 5, 1999)",
    "Received: 2 May 2018 / Accepted: 2018-06-03 / Published online: 4 July 2018.",
    "PACS numbers: 42.50.-p, 03.67.Lx.",
    "JEL classification: C12; D40.",
    "2010 Mathematics Subject Classification: Primary 35Q30; Secondary 76D05.",
    "Keywords: gull; nest; rain.",
    "KEY WORDS: gulls, wet springs, egg laying",
    "Index Terms—Nesting, weather, gulls.",
    "Trial registration: ISRCTN00000000.",
    "TRIAL REGISTRATION: ClinicalTrials.gov NCT00000000.",
    "This trial is registered with ClinicalTrials.gov, number NCT00000000.",
    "The protocol was registered prospectively in PROSPERO (CRD42000000000).",
    "Funding: Harbour Council.",
    "FUNDING National Gull Trust.",
    "FUNDING: None.",
    "This work was supported by a grant from the Harbour Council (no. 12).",
    "(Funded by the Gull Foundation and others; ClinicalTrials.gov number, NCT00000000.)",
    "The authors declare no conflict of interest.",
    "Contact: ada@gulls.example",
    "Seabird Lett 37:1069-1078, 2019.",
    "Ann Gull 2016;79:929-39.",
]

# The same words as a paper's own: what it did, and what it found.
ALIKE = [
    "We received funding data from 30 agencies.",
    "Funding: grants to young groups doubled their output.",
    "Funding by lottery was as fair as peer review.",
    "Funded by taxes, the grant scheme doubled the number of trials.",
    "This work was supported by three experiments on mice.",
    "This conclusion was supported by experiments on harbour seals.",
    "Copyright law shapes what models may be trained on.",
    "Copyright by design is what we call this method.",
    "(c) 2019 data were noisier than those of 2018.",
    "We reuse the tables published by the Harbour Council.",
    "Published by three labs, the results disagree.",
    "This is an open access dataset of 3,000 calls.",
    "This article is part of a debate on wet springs.",
    "Supplementary data are available for only 3 of 10 sites.",
    "Supplementary material is available at https://gulls.example/code.",
    "Received signal strength falls by 3 dB a metre.",
    "Received 12 days after hatching, calls were louder.",
    "Accepted in 2018, the rule cut bycatch by half.",
    "PACS: a picture archive cut reading time by 20%.",
    "MSC 25 of 30 cells divided.",
    "Keyword-based search finds 12% of the papers.",
    "Keywords: we show that they are chosen by habit.",
    "Keywords are extracted with a small model.",
    "Index terms of two letters are dropped.",
    "Trial registration rates rose from 20 to 50%.",
    "Registration: two images are aligned in 3 s.",
    "In trial NCT00000000 the drug halved the falls.",
    "ASPIRIN HALVED THE FALLS IN TRIAL NCT00000000.",
    "The authors declare 12 interests on average.",
    "Background\u2013foreground separation gains 3 points.",
    "Abstract meaning is lost in translation.",
    "AIMS Toolkit is what we publish.",
    "Open access papers are cited 18% more often.",
    "The ratio rose in 2019 to 12:30.",
]


def texts(abstract: str) -> list[str]:
    return [abstract[start:end] for start, end in evidence(abstract)]


@pytest.mark.parametrize("line", LINES)
def test_a_publishers_line_is_no_evidence(line):
    for abstract in (f"{FINDING} {line}", f"{FINDING} {line} © 2019 The Authors."):
        assert texts(abstract) == [FINDING]
        assert told(abstract) == FINDING


@pytest.mark.parametrize("sentence", ALIKE)
def test_a_sentence_that_only_looks_like_one_stays_whole(sentence):
    for abstract in (f"{FINDING} {sentence}", f"{sentence} {FINDING}"):
        assert evidence(abstract) == split(abstract)
        assert told(abstract) == abstract


def test_a_line_behind_a_stop_that_ends_no_sentence_is_cut_off():
    for abstract, said in (
        ("Gulls nest later than terns do.© 2019 Brine Ltd", "Gulls nest later than terns do."),
        ("Gulls eat crabs, etc. (c) 2019 Brine Periodicals", "Gulls eat crabs, etc."),
        ("Gulls nest in walls.Keywords: gull; wall", "Gulls nest in walls."),
    ):
        assert texts(abstract) == [said]


def test_what_only_an_end_can_be_is_evidence_elsewhere():
    paid = "Supported by the Harbour Council."
    assert texts(f"{paid} {FINDING}") == [paid, FINDING]
    assert texts(f"{FINDING} {paid}") == [FINDING]


@pytest.mark.parametrize(
    ("abstract", "said"),
    [
        ("BACKGROUND: Gulls nest. RESULTS: Rain delays them.", ["Gulls nest.", "Rain delays them."]),
        ("Background. Gulls nest. Results. Rain delays them.", ["Gulls nest.", "Rain delays them."]),
        ("METHODS We counted gulls. RESULTS Rain delays them.",
         ["We counted gulls.", "Rain delays them."]),
        ("Aim/hypothesis. We asked if gulls wait. They do.", ["We asked if gulls wait.", "They do."]),
        ("Abstract: Background: Gulls nest.", ["Gulls nest."]),
        ("Abstract—Gulls nest.", ["Gulls nest."]),
        ("Materials and Methods: We counted gulls.", ["We counted gulls."]),
        # What a fragment is of is said by its label alone.
        ("Participants: 31 gulls.", ["Participants: 31 gulls."]),
        # Alone, a word in capitals may be somebody's acronym.
        ("RESULTS Toolkit is what we publish.", ["RESULTS Toolkit is what we publish."]),
    ],
)  # fmt: skip
def test_labels_of_sections_are_no_part_of_a_sentence(abstract, said):
    assert texts(abstract) == said
    assert [p.text(abstract) for p in passages("p", abstract)] == said


def test_the_passages_are_numbered_over_what_is_left():
    abstract = f"Keywords: gull; nest. {FINDING} Results. They wait."
    made = passages("p", abstract)
    assert [(p.ordinal, p.text(abstract)) for p in made] == [(0, FINDING), (1, "They wait.")]


def test_an_abstract_of_nothing_else_keeps_its_sentences():
    abstract = "© 2019 Brine Ltd. All rights reserved."
    assert evidence(abstract) == ()
    assert [(p.start, p.end) for p in passages("p", abstract)] == list(split(abstract))
    assert told(abstract) == abstract


def test_each_sentence_is_looked_at_once_however_many_there_are(monkeypatch):
    looked = []
    whole = boilerplate.has_bare_labels
    monkeypatch.setattr(
        boilerplate, "has_bare_labels", lambda text: looked.append(1) or whole(text)
    )
    evidence("RESULTS all of them. " * 500)
    assert len(looked) == 1


@settings(deadline=None)
@given(st.lists(st.sampled_from([*LINES, *ALIKE, FINDING, "RESULTS:", "Keywords:", "©", " "])))
def test_evidence_lies_in_sentences_and_in_order(parts):
    abstract = " ".join(parts)
    spans = evidence(abstract)
    whole = split(abstract)
    assert all(any(a <= start < end <= b for a, b in whole) for start, end in spans)
    assert [*spans] == sorted(spans)
    assert all(abstract[start:end].strip() == abstract[start:end] for start, end in spans)
