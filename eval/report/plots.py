"""Plots as SVG to be put into a page: no address, no script, colours of the page's theme."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eval.metrics.calibration import Bin
from eval.scores.comparison import Change
from eval.scores.summary import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Drawn in these, and replaced by the page's variables, so that a plot follows light and dark.
_INK, _GRID, _FIRST, _SECOND = "#010203", "#040506", "#070809", "#0a0b0c"
_THEME = {
    _INK: "var(--ink)",
    _GRID: "var(--grid)",
    _FIRST: "var(--first)",
    _SECOND: "var(--second)",
}
_WIDTH = 6.4  # inches, of which the page makes what fits


def bars_by_type(values: Mapping[str, Value], *, title: str) -> str:
    """A figure by type of question: a dot, its interval, and how many questions it is of."""
    shown = [(name, value) for name, value in values.items() if value.value is not None]
    figure, axes = _canvas(height=0.8 + 0.42 * len(shown))
    for place, (name, value) in enumerate(reversed(shown)):
        colour = _SECOND if name == "all" else _FIRST
        if value.interval is not None:
            axes.plot([value.interval.low, value.interval.high], [place] * 2, color=colour, lw=2)
        axes.plot([value.value or 0.0], [place], "o", color=colour, ms=8)
        axes.annotate(
            f"{value.value:.2f}",
            (value.value or 0.0, place),
            (0, 7),
            color=_INK,
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axes.set_yticks(
        range(len(shown)), [f"{name} ({value.count})" for name, value in reversed(shown)]
    )
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.6, len(shown) - 0.2)
    axes.grid(axis="x", color=_GRID, lw=0.8)
    return _svg(figure, f"{title}, by type of question, with 95 % intervals", name="types")


def reliability_diagram(bins: Sequence[Bin]) -> str:
    """How often answers of each confidence are right, beside the line where they should be."""
    figure, axes = _canvas(height=4.0)
    axes.plot([0, 1], [0, 1], color=_GRID, lw=1.5, ls="--")
    most = max((one.count for one in bins), default=1)
    for one in bins:
        axes.bar(
            (one.low + one.high) / 2,
            one.accuracy,
            width=(one.high - one.low) * 0.9,
            color=_FIRST,
            alpha=0.25 + 0.75 * one.count / most,
        )
        axes.plot([one.confidence], [one.accuracy], "o", color=_SECOND, ms=5)
        axes.annotate(
            str(one.count),
            ((one.low + one.high) / 2, one.accuracy),
            (0, 4),
            color=_INK,
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.08)
    axes.set_xlabel("confidence (dot: mean of the bin; number: questions in it)")
    axes.set_ylabel("share of right answers")
    return _svg(figure, "Reliability of the abstention score", name="reliability")


def risk_curve(points: Sequence[tuple[float, float]], *, base: float) -> str:
    """Risk against coverage; the dashed line is what a confidence that knows nothing would give."""
    figure, axes = _canvas(height=3.4)
    axes.axhline(base, color=_GRID, lw=1.5, ls="--")
    axes.plot([c for c, _ in points], [r for _, r in points], color=_FIRST, lw=2)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, max(0.1, *(risk for _, risk in points)) * 1.08)
    axes.set_xlabel("share of questions answered, surest first")
    axes.set_ylabel("share of wrong answers")
    axes.grid(color=_GRID, lw=0.5)
    return _svg(figure, "Risk against coverage", name="risk")


def latency(total: Sequence[float], first: Sequence[float]) -> str:
    """The share of answers that were there after so many seconds."""
    figure, axes = _canvas(height=3.4)
    for values, colour, name in (
        (first, _SECOND, "first evidence"),
        (total, _FIRST, "whole answer"),
    ):
        if values:
            ordered = [0.0, *sorted(values)]
            shares = [place / len(values) for place in range(len(ordered))]
            axes.step(ordered, shares, where="post", color=colour, lw=2, label=name)
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.04)
    axes.set_xlabel("seconds")
    axes.set_ylabel("share of questions")
    axes.grid(color=_GRID, lw=0.5)
    axes.legend(loc="lower right", frameon=False, labelcolor=_INK)
    return _svg(figure, "Time to the answer", name="latency")


def stage_bars(stages: Mapping[str, Sequence[float]]) -> str:
    """Mean seconds of each stage, the longest first."""
    means = {name: sum(values) / len(values) for name, values in stages.items() if values}
    ordered = sorted(means.items(), key=lambda item: item[1])
    figure, axes = _canvas(height=0.8 + 0.32 * len(ordered))
    axes.barh([name for name, _ in ordered], [value for _, value in ordered], color=_FIRST)
    for place, (_, value) in enumerate(ordered):
        axes.annotate(
            f"{value:.2f}",
            (value, place),
            (4, 0),
            color=_INK,
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
    axes.set_xlim(0, max(means.values(), default=1.0) * 1.15 or 1.0)
    axes.set_xlabel("mean seconds")
    return _svg(figure, "Where the time goes", name="stages")


def differences(changes: Sequence[Change]) -> str:
    """What changed against the baseline: what moved, with its interval; right is better."""
    shown = [c for c in changes if c.figure.unit == "share" and c.interval is not None]
    figure, axes = _canvas(height=0.8 + 0.34 * len(shown))
    axes.axvline(0, color=_GRID, lw=1.5)
    for place, change in enumerate(reversed(shown)):
        sign = -1 if change.figure.better == "lower" else 1
        colour = _SECOND if change.verdict in {"worse", "better"} else _FIRST
        if change.interval is not None:
            ends = [sign * change.interval.low, sign * change.interval.high]
            axes.plot(ends, [place] * 2, color=colour, lw=2)
        axes.plot([sign * change.difference], [place], "o", color=colour, ms=7)
    axes.set_yticks(range(len(shown)), [change.figure.title for change in reversed(shown)])
    axes.set_ylim(-0.7, len(shown) - 0.3)
    axes.set_xlabel("worse  <  difference  >  better")
    return _svg(figure, "Differences to the baseline, with 95 % intervals", name="differences")


def _canvas(*, height: float) -> tuple[Any, Axes]:
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
    axes.set_facecolor("none")
    axes.tick_params(colors=_INK, length=0)
    for spine in axes.spines.values():
        spine.set_color(_GRID)
    axes.xaxis.label.set_color(_INK)
    axes.yaxis.label.set_color(_INK)
    axes.set_axisbelow(True)
    return figure, axes


def _svg(figure: Any, title: str, *, name: str) -> str:
    """The figure as an element of a page: everything with an address is taken out of it."""
    from matplotlib import rc_context

    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    root, rest = text.split(">", 1)
    root = re.sub(r'\s(?:xmlns(?::\w+)?|version|width|height)="[^"]*"', "", root)
    text = f"{root}>{rest}"
    text = text.replace("xlink:href", "href")
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    for colour, variable in _THEME.items():
        text = text.replace(colour, variable)
    label = re.sub(r"[<>&\"]", "", title)
    return text.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
