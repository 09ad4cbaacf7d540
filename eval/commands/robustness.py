"""`quoth eval robustness`: a run beside runs of the same questions under perturbations."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.judging import support_judge
from eval.report.tables import aligned
from eval.runs.records import read_run
from eval.scores.consistency import consistency, fail_safe_figures
from eval.scores.scoring import Scored, score_run
from eval.statistics.numbers import number
from rag.config import Config
from rag.contract.terminal import print_json, write
from rag.errors import UsageError

_HEADER = ["perturbation", "score", "silent", "same outcome", "same papers", "same words"]


def robustness(options: argparse.Namespace, config: Config) -> int:
    """Print how a run holds out under perturbations."""
    plain = score_run(read_run(options.run), support_judge())
    perturbed = _perturbed(options.perturbed)
    together = fail_safe_figures(plain, perturbed)
    rows = [
        _HEADER,
        *(_row(name, plain, run) for name, run in {"none": plain, **perturbed}.items()),
    ]
    if options.json:
        table = [dict(zip(_HEADER, row, strict=True)) for row in rows[1:]]
        print_json({"perturbations": table, "fail_safe": asdict(together)}, indent=1)
        return 0
    write("\n".join(aligned(rows)) + "\n\n")
    write(
        f"robustness {number(together.robustness)}, grounding {number(together.grounding)}, "
        f"together {number(together.together)} ({together.count} answerable questions)\n"
    )
    return 0


def _perturbed(paths: Sequence[Path]) -> Mapping[str, Sequence[Scored]]:
    judge = support_judge()
    perturbed: dict[str, Sequence[Scored]] = {}
    for path in paths:
        run = read_run(path)
        name = run.manifest.get("perturb") or ""
        if not name:
            raise UsageError(f"{path} is not a perturbed run; make one with --perturb NAME")
        perturbed[name] = score_run(run, judge)
    return perturbed


def _row(name: str, plain: Sequence[Scored], scored: Sequence[Scored]) -> list[str]:
    by_id = {one.question.question_id: one for one in plain}
    pairs = [
        (by_id[one.question.question_id], one)
        for one in scored
        if one.question.question_id in by_id
    ]
    alike = consistency(pairs)
    cells = (alike.same_outcome, alike.paper_overlap, alike.text_overlap) if alike else (None,) * 3
    values = (_mean(scored, "score"), _mean(scored, "abstained"), *cells)
    return [name, *(number(value) for value in values)]


def _mean(scored: Sequence[Scored], name: str) -> float | None:
    values = [one.row.get(name) or 0.0 for one in scored if one.row.get("failed") == 0.0]
    return sum(values) / len(values) if values else None
