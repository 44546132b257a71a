"""A small chart of one signal over time, as SVG for a page: the band, the line, gaps where nothing is known, counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from io import StringIO
from itertools import groupby
from typing import Any

from rhetoric.charts import COLOURS, INK, cut_svg
from rhetoric.records import Signal
from rhetoric.trends import Cell

WIDTH, HEIGHT = 300, 146
"""Points; a page scales them."""
SIZE = 9.5
"""Of the letters, in points."""
SOFT = "#67625a"
LABELS = 3
"""Periods named below a chart, at most."""


def trend_svg(
    signal: Signal,
    cells: Sequence[Cell | None],
    counts: Sequence[int],
    starts: Sequence[str],
    *,
    top: float,
    name: str,
    label: str,
) -> str:
    """Return the chart as an SVG element; the same bytes for the same figures.

    Parameters
    ----------
    signal
        Gives the colour.
    cells
        One a period; None is a gap.
    counts
        Articles in each period.
    starts
        First day of each period.
    top
        Where the axis ends, in percent; the same for all outlets.
    name
        Tells the ids of this chart from those of the others on the page.
    label
        The chart in words.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    style = {"svg.hashsalt": "rhetoric", "svg.fonttype": "none", "path.simplify": False}
    with rc_context(style):  # type: ignore[arg-type]
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), frameon=False)
        FigureCanvasSVG(figure)
        ax = figure.add_axes((0.115, 0.39, 0.88, 0.56))
        below = figure.add_axes((0.115, 0.13, 0.88, 0.17))
        for axes in (ax, below):
            axes.patch.set_visible(False)
        _draw(ax, signal, cells, top)
        _count(below, counts, starts)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _for_page(out.getvalue(), name, label)


def _draw(ax: Any, signal: Signal, cells: Sequence[Cell | None], top: float) -> None:
    """Draw band and line, run by run; a period by itself is a dot with a bar."""
    colour = COLOURS[signal]
    count = len(cells)
    ax.set_xlim(-0.6, max(count, 2) - 0.4)
    ax.set_ylim(0, top)
    ax.set_yticks([0, top / 2, top], [f"{y:g} %" if y else "0" for y in (0, top / 2, top)])
    ax.set_xticks([])
    ax.tick_params(length=0, labelsize=SIZE, labelcolor=SOFT, pad=3)
    ax.spines[:].set_visible(False)
    ax.hlines([top / 2, top], -0.6, count - 0.4, color=INK, alpha=0.12, lw=0.5, clip_on=False)
    ax.hlines([0], -0.6, count - 0.4, color=INK, lw=0.6, clip_on=False)
    runs = [list(run) for known, run in groupby(range(count), key=lambda k: cells[k] is not None) if known]
    for run in runs:
        own = [cell for k in run if (cell := cells[k])]
        low, mid, high = ([getattr(cell, side) for cell in own] for side in ("low", "value", "high"))
        if len(run) == 1:
            ax.vlines(run, low, [min(y, top) for y in high], color=colour, alpha=0.35, lw=2.5)
            ax.plot(run, mid, ls="", marker="o", ms=3.2, color=colour, mew=0)
            continue
        ax.fill_between(run, low, [min(y, top) for y in high], color=colour, alpha=0.2, lw=0)
        ax.plot(run, mid, color=colour, lw=1.4, solid_joinstyle="round")


def _count(ax: Any, counts: Sequence[int], starts: Sequence[str]) -> None:
    """Draw how many articles each period has, and name some periods."""
    count = len(counts)
    ax.set_xlim(-0.6, max(count, 2) - 0.4)
    ax.set_ylim(0, max(*counts, 1))
    ax.bar(range(count), counts, width=0.8, color=INK, alpha=0.3, lw=0)
    ax.spines[:].set_visible(False)
    ax.set_yticks([max(counts)], [f"{max(counts):,}"])
    shown = sorted({round(k * (count - 1) / max(LABELS - 1, 1)) for k in range(LABELS)}) if count > 1 else [0]
    shown = [0, count - 1] if 1 < count < LABELS else shown
    edge = {0: -0.4, count - 1: count - 0.6} if count > 1 else {}
    ax.set_xticks([edge.get(k, k) for k in shown], [starts[k] for k in shown])
    for text, place in zip(ax.get_xticklabels(), shown, strict=True):
        text.set_horizontalalignment("left" if place == 0 else "right" if place == count - 1 else "center")
    ax.tick_params(length=0, labelsize=SIZE, labelcolor=SOFT, pad=3)
    ax.yaxis.get_ticklabels()[0].set_verticalalignment("top")


def _for_page(svg: str, name: str, label: str) -> str:
    """Return matplotlib's SVG cut down to what a page needs, with letters of the page's and ids of its own."""
    body = cut_svg(svg, decimals=2).replace(SOFT, f"var(--soft,{SOFT})")
    body = re.sub(r"font: [^;\"]*", f"font: {SIZE}px var(--sans, sans-serif)", body)
    body = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", body)
    return f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">{body}</svg>'
