"""What the reader learns from: pairs of texts in groups, some right or none, the rest wrong.

Three skills, a head of the reader each:

    answers    a question and a titled sentence: does the sentence answer it?
    relevant   a request or a claim and the gist of a paper: does the paper bear on it?
    supports   a claim and its titled evidence: do these words carry it?

Wrong ones are hard on purpose: the other sentences of the same abstract, the best sentences of
papers that the fused retriever finds for the same question, the true claim with one thing changed,
and for questions that an abstract leaves open the sentences that come closest to an answer. A pool
holds many more of each; the reader that learned from the groups finds the hardest of them
(`lab.training.reader_refresh`).
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.data.support_cases import ClaimCase, SupportCase, part_of
from lab.training.reader_groups import Group, Lesson
from rag.evidence.passages import ranked_passages
from rag.evidence.retrieval import Candidate, Retriever
from rag.models.reader import titled

GIST = 2
"""Sentences by which a paper is judged."""
SAME_ABSTRACT = 4
OTHER_PAPERS = 2
LEFT_OPEN = 3
OTHER_LISTED = 3
POOLED_PAPERS, POOLED_SENTENCES = 10, 3
"""Of a pool: other papers that were found for a question, and the best sentences of each."""
FAR_ENOUGH = 8
"""Rank from which papers are taken as wrong for a request: those before it may well be right."""
SAID = ("answer_sentence", "topic_sentence")
"""What examples say of their paper, as claims to find it by."""
_ASKED_OF_ONE = ("answer", "wrong", "topic", "elsewhere")


def paper_lessons(
    example: Mapping[str, Any],
    cases: Sequence[SupportCase],
    retriever: Retriever,
    evidence: NDArray[np.float64],
) -> list[Lesson]:
    """Everything that one training paper teaches; pools only where it is learned from.

    Args:
        example: a line of `../shared/train/examples.jsonl`.
        cases: of this paper, by `lab.data.support_cases`.
        retriever: over the training papers.
        evidence: (m,) 1 for the sentences that answer the example's question.
    """
    part = part_of(example["id"])
    asked = ("fact_question", "unanswerable_question", "topic_query")
    said = SAID if part == "train" else ()
    place = retriever.corpus.snapshot.index_of(example["id"])
    assert place is not None
    found = {
        key: retriever.candidates(example[key], also=[place], limit=40) for key in (*asked, *said)
    }
    own = {key: next(c for c in told if c.index == place) for key, told in found.items()}
    rng = random.Random(f"reader {example['id']}")
    fact, left, topic = asked
    groups = (
        answering_group(example[fact], own[fact], evidence, found[fact]),
        open_group(example[left], own[left], found[left]),
        listed_group(example[topic], own[topic], found[topic], rng),
        support_group(cases, rng),
    )
    if part != "train":
        return [Lesson(part, groups)]
    pools = (
        answering_pool(example[fact], own[fact], evidence, found[fact]),
        answering_pool(example[left], own[left], np.zeros_like(evidence), found[left]),
        listed_pool(example[topic], own[topic], found[topic]),
        support_pool(cases),
    )
    claims = [listed_group(example[key], own[key], found[key], rng, far=0) for key in said]
    more = [listed_pool(example[key], own[key], found[key], far=0) for key in said]
    return [Lesson(part, groups, pools), Lesson("more", tuple(claims), tuple(more))]


def answering_group(
    question: str, own: Candidate, right: NDArray[np.float64], found: Sequence[Candidate]
) -> Group:
    """The evidence among the sentences of its abstract and of other papers that were found."""
    order = _best_first(own)
    kept = [i for i in order if right[i]] + [i for i in order if not right[i]][:SAME_ABSTRACT]
    others = [c for c in found if c.index != own.index][:OTHER_PAPERS]
    pairs = [(question, shown(own, i)) for i in kept]
    pairs += [(question, shown(c, _best_first(c)[0])) for c in others]
    labels = [float(right[i]) for i in kept] + [0.0] * len(others)
    return Group("answers", tuple(pairs), tuple(labels))


def open_group(question: str, own: Candidate, found: Sequence[Candidate]) -> Group:
    """A question that the abstract leaves open: the nearest sentences, none of them right."""
    pairs = [(question, shown(own, i)) for i in _best_first(own)[:LEFT_OPEN]]
    others = [c for c in found if c.index != own.index][:1]
    pairs += [(question, shown(c, _best_first(c)[0])) for c in others]
    return Group("answers", tuple(pairs), (0.0,) * len(pairs))


def answering_pool(
    question: str, own: Candidate, right: NDArray[np.float64], found: Sequence[Candidate]
) -> Group:
    """All sentences of the abstract, and the best ones of many papers that were found."""
    others = [c for c in found if c.index != own.index][:POOLED_PAPERS]
    pairs = [(question, shown(own, i)) for i in range(len(own.passages))]
    for other in others:
        pairs += [(question, shown(other, i)) for i in _best_first(other)[:POOLED_SENTENCES]]
    labels = (*map(float, right), *[0.0] * (len(pairs) - len(right)))
    return Group("answers", tuple(pairs), labels)


def listed_group(
    request: str,
    own: Candidate,
    found: Sequence[Candidate],
    rng: random.Random,
    *,
    far: int = FAR_ENOUGH,
) -> Group:
    """The paper that a request was written for, among papers from far enough down the ranking."""
    others = [c for c in found if c.index != own.index][far:]
    places = [min(int(rng.expovariate(4 / len(others))), len(others) - 1) for _ in range(8)]
    wrong = [others[i] for i in list(dict.fromkeys(places))[:OTHER_LISTED]]
    pairs = tuple((request, gist(c)) for c in (own, *wrong))
    return Group("relevant", pairs, (1.0, *[0.0] * len(wrong)))


def listed_pool(
    request: str, own: Candidate, found: Sequence[Candidate], *, far: int = FAR_ENOUGH
) -> Group:
    """The paper that a request was written for, and all from far enough down the ranking."""
    others = [c for c in found if c.index != own.index][far:]
    pairs = tuple((request, gist(c)) for c in (own, *others))
    return Group("relevant", pairs, (1.0, *[0.0] * len(others)))


def support_group(cases: Sequence[SupportCase], rng: random.Random) -> Group:
    """True and false sentences about one paper, each with the words that should carry it."""
    chosen = [case for case in cases if case.source in _ASKED_OF_ONE]
    for source in ("copy", "planted_answer", "planted_copy"):
        of_kind = [case for case in cases if case.source == source]
        chosen += rng.sample(of_kind, min(1, len(of_kind)))
    topic = next(case for case in cases if case.source == "topic")
    told = next(case for case in cases if case.source == "answer").evidence
    pairs = [(case.sentence, titled(case.title, " ".join(case.evidence))) for case in chosen]
    labels = [float(case.true) for case in chosen]
    if not set(topic.evidence) & set(told):
        pairs.append((topic.sentence, titled(topic.title, " ".join(told))))
        labels.append(0.0)
    return Group("supports", tuple(pairs), tuple(labels))


def support_pool(cases: Sequence[SupportCase]) -> Group:
    """Every case of a paper, with all the errors that rules can plant in its sentences."""
    pairs = [(case.sentence, titled(case.title, " ".join(case.evidence))) for case in cases]
    return Group("supports", tuple(pairs), tuple(float(case.true) for case in cases))


def claim_lessons(
    cases: Sequence[ClaimCase], cited: Mapping[str, Sequence[str]], retriever: Retriever
) -> list[Lesson]:
    """SciFact claims of the part that is trained on: carried or not, and the papers they cite.

    Args:
        cases: claims with rationales; `case_id` is "claim.number".
        cited: claim -> ids of the papers it cites.
        retriever: over SciFact's corpus.
    """
    lessons = []
    for case in cases:
        if not held_out(case.case_id.split(".")[0]):
            label = float(case.label == "SUPPORT")
            pair = (case.claim, " ".join(case.evidence))
            group = Group("supports", (pair,), (label,))
            lessons.append(Lesson("train", (group,), (group,)))
    texts = {case.case_id.split(".")[0]: case.claim for case in cases}
    for claim, papers in cited.items():
        place = retriever.corpus.snapshot.index_of(papers[0])
        if held_out(claim) or claim not in texts or place is None:
            continue
        found = retriever.candidates(texts[claim], also=[place], limit=40)
        own = next(c for c in found if c.index == place)
        others = [c for c in found if c.paper.paper_id not in papers]
        rng = random.Random(f"reader {claim}")
        group = listed_group(texts[claim], own, [own, *others], rng, far=0)
        pool = listed_pool(texts[claim], own, others, far=0)
        lessons.append(Lesson("train", (group,), (pool,)))
    return lessons


def held_out(claim: str) -> bool:
    """Whether a SciFact claim is of the fifth that is never trained on."""
    return int(hashlib.md5(f"quoth{claim}".encode()).hexdigest(), 16) % 5 == 0


def gist(candidate: Candidate) -> str:
    """How a paper is shown to the reader: its title and its best sentences, in their order."""
    abstract = candidate.paper.abstract
    best = sorted(ranked_passages(candidate)[:GIST], key=lambda passage: passage.start)
    return titled(candidate.paper.title, " ".join(passage.text(abstract) for passage in best))


def shown(candidate: Candidate, i: int) -> str:
    """How the reader sees a sentence of a paper."""
    return titled(candidate.paper.title, candidate.passages[i].text(candidate.paper.abstract))


def _best_first(candidate: Candidate) -> list[int]:
    return [int(i) for i in np.argsort(-np.asarray(candidate.sentence_scores), kind="stable")]
