"""The figures of `lab.bench.support` as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def lines(figures: Mapping[str, Any]) -> list[str]:
    """All tables, line by line."""
    planted, wrong = figures["planted"], figures["wrong"]
    told = [f"Test papers: {figures['papers']} (never read in learning)", ""]
    told += ["true sentences rejected"]
    told += [_share(name, one) for name, one in figures["rejected"].items()]
    told += ["", "planted errors caught"]
    told += [_share(name, one) for name, one in planted.items() if name != "true_rejected"]
    told += [_share("(true rejected)", planted["true_rejected"])]
    told += ["", "  kind           in answers  in copies"]
    kinds = {**planted["planted_answer"]["kinds"], **planted["planted_copy"]["kinds"]}
    told += [
        f"  {kind:14s} {planted['planted_answer']['kinds'].get(kind, float('nan')):10.3f}"
        f" {planted['planted_copy']['kinds'].get(kind, float('nan')):10.3f}"
        for kind in kinds
    ]
    told += [
        "",
        f"sentences people made false: caught {wrong['share']:.3f}, AUC {wrong['auc']:.3f}",
    ]
    told += [
        f"  {kind:14s} caught {share:.3f}  AUC {wrong['kinds_auc'][kind]:.3f}"
        for kind, share in wrong["kinds"].items()
    ]
    told += ["", "trade-off: thresholds chosen out of fold on the other papers"]
    told += ["  meant | rejected: answer topic copy | caught: in answers, in copies, made false"]
    told += [
        f"  {row['meant']:.2f}  |  {row['answers_rejected']:.3f} {row['topics_rejected']:.3f} "
        f"{row['copies_rejected']:.3f}  |  {row['planted_answers_caught']:.3f} "
        f"{row['planted_copies_caught']:.3f} {row['wrong_caught']:.3f}"
        for row in figures["curve"]
    ]
    told += ["", "not supported when the abstract is not given as context"]
    told += [_share(name, one) for name, one in figures["without_context"].items()]
    for name in ("attributionbench", "scifact", "three_labels", "milliseconds"):
        told += ["", name]
        told += [f"  {key:32s} {_plain(value)}" for key, value in figures[name].items()]
    return told


def _share(name: str, one: Mapping[str, Any]) -> str:
    return f"  {name:26s} {one['share']:.3f}  of {one['n']}"


def _plain(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
