"""Answer objects for tests: written from a few words, consistent with their papers."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from eval.runs.records import Record, Run, StoredPaper, append_record, start_run
from eval.scores.scoring import score_run
from eval.sets.questions import question_from_json

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


def judged(statement, passages):
    """A judge that takes a sentence as supported when a passage starts with the same word."""
    return any(passage.split()[0] == statement.text.split()[0] for passage in passages)


def run_of(*pairs, failures=(), hits=()):
    """A run in memory: (question, answer object) each; questions in failures have no answer."""
    records = {
        question.question_id: Record(
            question=question, answer=tree, hits=hits, seconds=1.0, peak_mb=100.0
        )
        for question, tree in pairs
    }
    for question in failures:
        records[question.question_id] = Record(question=question, answer=None, error="it broke")
    papers = {name: StoredPaper(name, title, text) for name, (title, text) in PAPERS.items()}
    return Run(path=Path("run"), manifest={}, records=records, papers=papers)


def many(rights, *, confidences=None, seconds=None, type_="fact"):
    """A scored run of facts, right where the flag is set; None fails, "silent" stays silent."""
    pairs, failures = [], []
    for place, right in enumerate(rights):
        asked = question(type_, id=f"q{place}")
        confidence = confidences[place] if confidences else 0.5
        if right is None:
            failures.append(asked)
        elif right == "silent":
            pairs.append((asked, silent(confidence)))
        else:
            quote = "We route to 8 experts." if right else "Accuracy rises by 3 points."
            tree = answer(("We said so.", "moe", quote), confidence=confidence)
            tree["trace"]["seconds"]["total"] = seconds[place] if seconds else 1.0
            pairs.append((asked, tree))
    return score_run(run_of(*pairs, failures=failures), judged)


def saved(folder, run, **manifest):
    """The run on disk, as `quoth eval run` leaves it."""
    start_run(folder, {"set": "test", "perturb": "", **manifest})
    papers = list(run.papers.values())
    for record in run.records.values():
        append_record(folder, record, papers)
        papers = []
    return folder


@pytest.fixture
def make():
    """Makers of answer objects, questions and runs, with the papers they are made from."""
    return SimpleNamespace(
        answer=answer,
        silent=silent,
        question=question,
        run_of=run_of,
        saved=saved,
        many=many,
        judged=judged,
        abstracts=ABSTRACTS,
        papers=PAPERS,
    )


@pytest.fixture(scope="session")
def rerun(box_config, tmp_path_factory):
    """Runs a question set over the papers in the box, under more arguments; returns the folder."""
    from ui.cli import main

    def run(questions, *more, out=None):
        out = out or tmp_path_factory.mktemp("run") / "run"
        arguments = ["eval", "run", str(questions), "--out", str(out)]
        assert main([*arguments, "--index", str(box_config.index), *more]) == 0
        return out

    return run


@pytest.fixture(scope="session")
def quoted(rerun, once_a_run):
    """The starter set, answered in the papers' own words."""
    return once_a_run("quoted", lambda out: rerun("starter", "--set", "llm.model=off", out=out))
