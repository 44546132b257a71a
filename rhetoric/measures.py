"""How well numbers agree with labels: each measure, and its 95 % interval by resampling articles.

A measure with an interval takes a weight an item, so that an article drawn twice counts twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]
Counts = NDArray[np.number[Any]]
Weights = NDArray[np.int64]

BINS = 10
FEWEST = 5
"""Articles that an interval needs: fewer, drawn anew, are the same ones again and again."""
RUNS = 500
"""Times that the articles are drawn anew for an interval."""
DRAWS = 200
"""Times that outcomes are drawn from the scores themselves for the excess calibration error."""


class Estimate(NamedTuple):
    """A measure and the range that holds it in 95 of 100 draws of the articles; not a number where they are few."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Value and range, three places; a dash where there is no range."""
        if math.isnan(self.low):
            return f"{self.value:.3f} –"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def estimate(measure: Callable[[Weights], float], article: Ints) -> Estimate:
    """`measure` of all items, with its interval; `article` is the number of each item's article."""
    value = measure(np.ones(len(article), np.int64))
    if len(np.unique(article)) < FEWEST:
        return Estimate(value, math.nan, math.nan)
    count = int(article.max()) + 1
    rng = np.random.default_rng(0)
    drawn = [rng.multinomial(count, np.full(count, 1 / count))[article] for _ in range(RUNS)]
    values = [measure(weights) for weights in drawn]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Estimate(value, float(low), float(high))


def area(truth: Ints, score: Floats) -> Callable[[Weights], float]:
    """Area under the ROC curve: how often a positive item scores above a negative one. Higher is better; .5: chance."""
    order, ends = _ranked(score)
    right = truth[order]

    def measure(weights: Weights) -> float:
        weights = weights[order]
        hits, all_ = np.cumsum(weights * right)[ends], np.cumsum(weights)[ends]
        false = all_ - hits
        if not hits[-1] or not false[-1]:
            return float("nan")
        before = np.append(0, hits[:-1])
        return float(((hits + before) / 2 @ np.diff(false, prepend=0)) / (hits[-1] * false[-1]))

    return measure


def average_precision(truth: Ints, score: Floats) -> Callable[[Weights], float]:
    """Mean precision over the positive items in order of score. Higher is better, the share of positives is chance."""
    order, ends = _ranked(score)
    right = truth[order]

    def measure(weights: Weights) -> float:
        weights = weights[order]
        hits, all_ = np.cumsum(weights * right)[ends], np.cumsum(weights)[ends]
        if not hits[-1]:
            return float("nan")
        return float(np.diff(hits, prepend=0) @ (hits / np.maximum(all_, 1)) / hits[-1])

    return measure


def _ranked(score: Floats) -> tuple[Ints, Ints]:
    """Items in falling order of score, and the last place of each run of equal scores."""
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    return order, np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))


def calibration_error(truth: Ints, score: Floats) -> float:
    """Mean distance of score and share of positives over ten bins of equal size (ECE). Lower is better."""
    order = np.argsort(score, kind="stable")
    return _distance(truth[order][None], score[order])


def excess_calibration_error(truth: Ints, score: Floats) -> float:
    """The calibration error less that of outcomes drawn from the scores: what is no sample noise. Lower is better."""
    ordered = np.sort(score)
    drawn = np.random.default_rng(0).random((DRAWS, len(ordered))) < ordered
    return calibration_error(truth, score) - _distance(drawn, ordered)


def _distance(truth: NDArray[Any], score: Floats) -> float:
    """The calibration error of rows of outcomes against ordered scores, in the mean."""
    size = len(score)
    bins = np.arange(min(BINS, size))
    edges = bins * (size // len(bins)) + np.minimum(bins, size % len(bins))
    gaps = np.abs(np.add.reduceat(truth - score, edges, axis=1))
    return float(gaps.sum(1).mean() / size)


def f_score(hits: Counts, false: Counts, missed: Counts) -> Callable[[Weights], float]:
    """Harmonic mean of precision and recall, from counts an item. Higher is better."""

    def measure(weights: Weights) -> float:
        return float(weights @ hits) * 2 / max(1.0, float(weights @ (2 * hits + false + missed)))

    return measure


def share(part: Counts, whole: Counts) -> Callable[[Weights], float]:
    """The share of `part` in `whole`, from counts an item."""

    def measure(weights: Weights) -> float:
        return float(weights @ part) / max(1.0, float(weights @ whole))

    return measure


def f_of(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> Callable[[Weights], float]:
    """The F score of a yes-or-no answer. Higher is better."""
    return f_score((truth & said) * 1.0, (said & ~truth) * 1.0, (truth & ~said) * 1.0)


def macro_f(truth: Ints, said: Ints, classes: int) -> Callable[[Weights], float]:
    """Mean F score over classes that occur. Higher is better."""
    each = [f_of(truth == k, said == k) for k in range(classes) if (truth == k).any() or (said == k).any()]
    return lambda weights: float(np.mean([measure(weights) for measure in each]))
