"""`quoth eval score`, `compare` and `report`: no model runs in any of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.cli import EXIT_REGRESSION
from eval.judging import support_judge
from eval.report.tables import aligned, comparison_text, sets_text, summary_text
from eval.runs.records import Run, read_run
from eval.scores.comparison import Change, Comparison
from eval.scores.comparison import compare as compare_runs
from eval.scores.headline import changes_table, gaps_to_json
from eval.scores.scoring import score_run
from eval.scores.summary import Summary, summarise, summary_to_json
from eval.scores.thresholds import CrossValidated, cross_validated
from eval.sets.questions import questions_path, read_questions
from eval.statistics.numbers import number
from rag.config import Config
from rag.contract.terminal import print_json, write
from rag.contract.wire import json_text
from rag.errors import UsageError


def score(options: argparse.Namespace, config: Config) -> int:
    """Print the figures of a run, or of several side by side, and keep them in RUN/scores.json."""
    if options.others:
        return _score_sets(options)
    run = read_run(options.run)
    gold = None
    if options.questions:
        found = read_questions(questions_path(options.questions), with_drafts=True)
        gold = {question.question_id: question for question in found.questions}
    scored = score_run(run, support_judge(), gold=gold)
    summary = summarise(scored)
    tree = summary_to_json(summary)
    validated = cross_validated(scored) if options.cross_validate else None
    if options.cross_validate and validated is None:
        raise UsageError("too few questions with a confidence to cross-validate a threshold")
    if validated is not None:
        tree["cross_validated"] = _validated_to_json(validated)
    write_json(run.path / "scores.json", tree)
    if options.json:
        print_json(tree, indent=1)
        return 0
    write(summary_text(summary) + "\n")
    if validated is not None:
        write("\n" + _validated_text(summary, validated) + "\n")
    return 0


def _score_sets(options: argparse.Namespace) -> int:
    if options.questions or options.cross_validate:
        raise UsageError("--questions and --cross-validate want one run")
    judge = support_judge()
    runs = named_runs([options.run, *options.others])
    summaries = {name: summarise(score_run(run, judge)) for name, run in runs.items()}
    trees = {name: summary_to_json(summary) for name, summary in summaries.items()}
    for name, run in runs.items():
        write_json(run.path / "scores.json", trees[name])
    if options.json:
        print_json({"sets": trees, "gaps": gaps_to_json(summaries)}, indent=1)
    else:
        write(sets_text(summaries) + "\n")
    return 0


def named_runs(paths: Sequence[Path]) -> dict[str, Run]:
    """Runs by the names of their sets; by their folders where two are of one set."""
    runs = [read_run(path) for path in paths]
    names = [str(run.manifest.get("set", "")) for run in runs]
    if len(set(names)) < len(names) or not all(names):
        names = [str(path) for path in paths]
    if len(set(names)) < len(names):
        raise UsageError("a run is named twice; put runs of other sets beside it")
    return dict(zip(names, runs, strict=True))


def compare(options: argparse.Namespace, config: Config) -> int:
    """Print what changed; 4 on a significant regression or a figure below its floor."""
    judge = support_judge()
    before, after = (score_run(read_run(path), judge) for path in (options.before, options.after))
    found = compare_runs(
        before,
        after,
        alpha=options.alpha,
        gated=[name.strip() for name in options.figures.split(",") if name.strip()],
        floors=_floors(options.fail_under),
    )
    if options.json:
        print_json(comparison_to_json(found), indent=1)
    else:
        write(comparison_text(found, changes_table(before, after)) + "\n")
    return EXIT_REGRESSION if found.regressed else 0


def report(options: argparse.Namespace, config: Config) -> int:
    """Write report.html, report.md and junit.xml."""
    from eval.report.report import write_report

    (_, run), *others = named_runs([options.run, *options.others]).items()
    baseline = read_run(options.against) if options.against else None
    for path in write_report(
        run,
        support_judge(),
        folder=options.out or options.run,
        against=baseline,
        others=dict(others),
    ):
        write(f"{path}\n")
    return 0


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """What `quoth eval compare --json` prints."""
    return {
        "questions": comparison.count,
        "only_before": comparison.only_before,
        "only_after": comparison.only_after,
        "regressed": comparison.regressed,
        "below_floor": list(comparison.below_floor),
        "consistency": asdict(comparison.consistency) if comparison.consistency else None,
        "figures": {change.figure.name: _change_to_json(change) for change in comparison.changes},
    }


def write_json(path: Path, tree: Any) -> None:
    """A JSON document on disk, whole or not at all."""
    temporary = path.with_suffix(".new")
    temporary.write_text(json_text(tree, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)


def _change_to_json(change: Change) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "difference": change.difference,
        "low": change.interval.low if change.interval else None,
        "high": change.interval.high if change.interval else None,
        "p": change.p_value,
        "questions": change.count,
        "verdict": change.verdict,
        "regression": change.regression,
    }


def _floors(settings: Sequence[str]) -> dict[str, float]:
    floors = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        try:
            floors[name.strip()] = float(value)
        except ValueError as error:
            raise UsageError(
                f"--fail-under wants FIGURE=VALUE, e.g. score=0.8, not {setting!r}"
            ) from error
    return floors


_VALIDATED = ("score", "cited_f1", "over_refusal", "abstention_recall", "abstention_precision")


def _validated_text(summary: Summary, validated: CrossValidated) -> str:
    after = summarise(validated.scored)
    inside = summarise(validated.scored_in_sample)
    rows = [["abstention threshold", *_VALIDATED]]
    for name, one in (("of the run", summary), ("cross-validated", after), ("in sample", inside)):
        values = [one.value(figure) for figure in _VALIDATED]
        rows.append([name, *(number(value.value) if value else "-" for value in values)])
    fitted = ", ".join(f"{threshold:.3f}" for threshold in validated.thresholds)
    rows_by_type = [["score by type", *after.figures["score"]]]
    rows_by_type.append(
        ["cross-validated", *(number(v.value) for v in after.figures["score"].values())]
    )
    return "\n".join(
        [*aligned(rows), "", *aligned(rows_by_type), "", f"thresholds of the folds: {fitted}"]
    )


def _validated_to_json(validated: CrossValidated) -> dict[str, Any]:
    return {
        "thresholds": list(validated.thresholds),
        "in_sample_threshold": validated.in_sample,
        "figures": summary_to_json(summarise(validated.scored))["figures"],
        "in_sample_figures": summary_to_json(summarise(validated.scored_in_sample))["figures"],
    }
