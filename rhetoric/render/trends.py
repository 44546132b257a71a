"""Trends as one page that loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, log10
from typing import Any

from rhetoric.records import SCORED
from rhetoric.render import prose
from rhetoric.render.html import render
from rhetoric.render.marks import SHORT
from rhetoric.trend_chart import trend_svg
from rhetoric.trends import FEWEST, LEAST, LENGTH, WITHIN, Cell, Row, Trends

VOICES = {
    "author": "in the author’s voice",
    "others": "in others’ voices, quoted or reported",
    "all": "in any voice",
}


def to_trends(trends: Trends) -> str:
    """Return the page of a store's trends; the same trends give the same bytes.

    Parameters
    ----------
    trends : Trends
        As `trends.trends_of` gives them.
    """
    tops: dict[str, float] = {signal: _top([row.cells[signal] for row in trends.rows]) for signal in SCORED}
    last = trends.periods[trends.last]
    shown = {
        "period": trends.period,
        "voice": VOICES[trends.side],
        "first": trends.periods[0],
        "last": _called(trends.period, last),
        "before": _called(trends.period, trends.periods[trends.last - 1]) if trends.last else None,
        "articles": trends.rows[0].articles,
        "few": trends.few,
        "undated": trends.undated,
        "least": LEAST,
        "fewest": FEWEST,
        "within": WITHIN,
        "length": LENGTH,
        "rows": [_row(trends, row, tops, k) for k, row in enumerate(trends.rows)],
        "signals": [(signal, SHORT[signal], prose.NAMES[signal]) for signal in SCORED],
        "charged": trends.articles,
        "labels": trends.labels,
        "new": trends.new,
        "changes": [_change(trends, signal) for signal in trends.changes],
        "made_by": trends.made_by,
    }
    return render("trends.html", shown)


def _row(trends: Trends, row: Row, tops: dict[str, float], number: int) -> dict[str, Any]:
    """Return what the page shows of an outlet."""
    charts = []
    starts = [start[: {"month": 7, "year": 4}.get(trends.period, 10)] for start in trends.periods]
    for signal in SCORED:
        cells = row.cells[signal]
        known = [cell.value for cell in cells if cell]
        said = f"from {min(known):.1f} to {max(known):.1f} percent of the sentences" if known else "too few articles"
        svg = trend_svg(
            signal, cells, row.counts, starts, top=tops[signal], name=f"t{number}{SHORT[signal]}",
            label=f"{prose.NAMES[signal]}, {row.outlet or 'all outlets'}: {said}",
        )  # fmt: skip
        charts.append({"signal": signal, "short": SHORT[signal], "svg": svg})
    figures = [
        {"start": start, "count": count, "cells": [row.cells[signal][k] for signal in SCORED]}
        for k, (start, count) in enumerate(zip(starts, row.counts, strict=True))
        if count
    ]
    some = any(cell for cells in row.cells.values() for cell in cells)
    return {"outlet": row.outlet, "articles": row.articles, "known": some, "charts": charts, "figures": figures}


def _change(trends: Trends, signal: Any) -> dict[str, Any]:
    """Return one signal of the last period beside the one before."""
    old, new, difference = trends.changes[signal]
    sure = difference.low > 0 or difference.high < 0
    word = ("more" if difference.value > 0 else "less") if sure else "no difference that could not be chance"
    return {"name": prose.NAMES[signal], "short": SHORT[signal], "old": old, "new": new, "d": difference, "word": word}


def _top(rows: Sequence[Sequence[Cell | None]]) -> float:
    """Return where an axis ends: a round number that nearly all bands stay below."""
    highs = sorted(cell.high for cells in rows for cell in cells if cell)
    if not highs:
        return 10.0
    high = max(highs[int(0.98 * (len(highs) - 1))], *(c.value for cells in rows for c in cells if c), 1.0)
    step = 10 ** (ceil(log10(high)) - 1)
    return float(min(100, next(step * k for k in (1, 2, 4, 6, 8, 10) if step * k >= high)))


def _called(period: str, start: str) -> str:
    """Return what a period is called."""
    if period == "week":
        return f"the week of {start}"
    if period == "quarter":
        return f"quarter {(int(start[5:7]) + 2) // 3} of {start[:4]}"
    return {"day": start, "month": start[:7], "year": start[:4]}[period]
