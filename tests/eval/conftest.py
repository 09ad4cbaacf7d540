"""Answer objects for tests: written from a few words, consistent with their papers."""

from types import SimpleNamespace

import pytest

from eval.questions import question_from_json

PAPERS = {
    "moe": ("A Mixture of Experts", "We route to 8 experts. Accuracy rises by 3 points."),
    "noise": ("Labels and Noise", "Noise costs 93 percent. Anchors help."),
    "empty": ("Nothing of Interest", "There is nothing here."),
}
ABSTRACTS = {paper_id: abstract for paper_id, (_, abstract) in PAPERS.items()}


def answer(*claims, outcome="answered", text=None, confidence=0.9, reason="", seconds=None):
    """An answer object whose claims are (sentence, paper_id, quote, ...pairs of them).

    The text is the sentences, each with its markers; sources are the papers in order of use.
    """
    labels = {}
    body, trees = "", []
    for sentence, *cited in claims:
        start = len(body)
        citations = []
        for paper_id, quote in zip(cited[::2], cited[1::2], strict=True):
            label = labels.setdefault(paper_id, len(labels) + 1)
            place = PAPERS[paper_id][1].index(quote)
            citations.append(
                {
                    "label": label,
                    "paper_id": paper_id,
                    "quote": quote,
                    "start": place,
                    "end": place + len(quote),
                }
            )
        verdict = "quoted" if any(sentence == quote for quote in cited) else "supported"
        trees.append(
            {
                "text": sentence,
                "start": start,
                "end": start + len(sentence),
                "verdict": verdict,
                "citations": citations,
            }
        )
        body += sentence + "".join(f" [{citation['label']}]" for citation in citations) + " "
    return {
        "schema": "quoth.answer/1",
        "question": "",
        "standalone_question": "",
        "kind": "fact",
        "outcome": outcome,
        "text": body.strip() if text is None else text,
        "claims": trees,
        "sources": [
            {"label": label, "paper_id": paper_id, "title": PAPERS[paper_id][0], "score": 0.5}
            for paper_id, label in labels.items()
        ],
        "nearest": [],
        "screened": {"corpus": 3, "candidates": 3, "matched": len(labels)},
        "filters": {},
        "confidence": confidence,
        "reason": reason,
        "trace": {
            "seconds": seconds or {"first_evidence": 0.2, "total": 1.0},
            "tokens": {"prompt": 100, "completion": 10},
        },
    }


def silent(confidence=0.1):
    """An answer object that abstains."""
    return answer(outcome="abstained", text="Not found.", confidence=confidence, reason="nothing")


def question(type_="fact", **changes):
    """A question over these papers; by default a fact about the first."""
    tree = {
        "id": "q",
        "type": type_,
        "question": "How many experts?",
        "papers": [PAPERS["moe"][0]],
        "answers": [["8 experts", "eight experts"]],
    }
    return question_from_json(tree | changes)


@pytest.fixture
def make():
    """Makers of answer objects and questions, with the abstracts that they are made from."""
    return SimpleNamespace(
        answer=answer, silent=silent, question=question, abstracts=ABSTRACTS, papers=PAPERS
    )
