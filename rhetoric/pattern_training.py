"""Patterns learnt from labelled sentences. Used in training only.

scikit-learn has no convolution: this is one, with its gradient, over what the tone view sees beside it. What is kept of
it are the filters; the tone view itself is fitted with scikit-learn afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.features import PAD, SPECIAL
from rhetoric.patterns import PLACES, Patterns, in_whole_numbers

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

PATTERNS = 128
HIDDEN = 96
LONGEST = 64
"""Words of a sentence that are looked at in training."""
BATCH, ALIKE = 256, 40
"""Sentences of a step, and steps among which sentences of like length are put together."""
SCALE = 3 / 127
"""Word vectors as the filters see them, a step."""
RATE, LAST = 1e-3, 0.1
"""Learning rate at first, and the part of it that is left at the end."""
PENALTY = 0.1
"""On the squares of weights behind the patterns."""
FIRST, SECOND, SMALL = 0.9, 0.999, 1e-8
"""Decay of the moments of slopes (Kingma and Ba 2015, "A Method for Stochastic Optimization")."""


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Labelled sentences to learn patterns from."""

    ids: NDArray[np.int32]
    """Words of all sentences in a row."""
    begin: NDArray[np.int64]
    """The first word of each sentence."""
    size: NDArray[np.int64]
    """Words of each sentence."""
    inputs: Floats
    """(sentences, inputs): what the tone view sees beside the patterns."""
    targets: Floats
    """(sentences, outputs), 0 to 1."""


def learn_patterns(parts: Sequence[Lessons], steps: NDArray[np.int8], rounds: int, *, tuned: bool = False) -> Patterns:
    """Patterns that help to tell the targets apart, after so many passes over all `parts`.

    With `tuned` the word vectors `steps` are learnt further on the way; the patterns hold them.
    """
    lessons = _joined(parts)
    rng = np.random.default_rng(0)
    vectors = steps.astype(np.float32) * np.float32(SCALE)
    weights = _begin(steps.shape[1], lessons, rng)
    moments = {name: (np.zeros_like(w), np.zeros_like(w)) for name, w in weights.items()}
    of_words, met = (np.zeros_like(vectors), np.zeros_like(vectors)), np.zeros((len(vectors), 1), np.int64)
    count = rounds * -(-len(lessons.size) // BATCH)
    for number, some in enumerate(_batches(lessons, rounds, rng), 1):
        rate = RATE * (1 - min(number / count, 1) * (1 - LAST))
        slopes, words, slope = _slopes(weights, vectors, lessons, some)
        for name, own in slopes.items():
            weights[name] -= _moved(*moments[name], own, rate, number)
        if tuned:
            slope, words = slope[words >= len(SPECIAL)], words[words >= len(SPECIAL)]
            met[words] += 1
            first, second = (moment[words] for moment in of_words)
            vectors[words] -= _moved(first, second, slope, rate, met[words])
            of_words[0][words], of_words[1][words] = first, second
    if tuned:
        steps = np.clip(np.rint(vectors / np.float32(SCALE)), -127, 127).astype(np.int8)
    return Patterns(*in_whole_numbers(weights["filters"].transpose(1, 0, 2) * SCALE, weights["bias"]), steps)


def _moved(first: Floats, second: Floats, slope: Floats, rate: float, number: Any) -> Floats:
    """How far to go, after the moments have taken up `slope`; it is the `number`-th."""
    first += (1 - FIRST) * (slope - first)
    second += (1 - SECOND) * (slope * slope - second)
    by = np.asarray(rate * np.sqrt(1 - SECOND**number) / (1 - FIRST**number), np.float32)
    return np.asarray(by * first / (np.sqrt(second) + np.float32(SMALL)))


def _joined(parts: Sequence[Lessons]) -> Lessons:
    """All parts as one."""
    before = np.cumsum([0, *(len(part.ids) for part in parts)])
    return Lessons(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.begin + by for part, by in zip(parts, before, strict=False)]),
        np.concatenate([part.size for part in parts]),
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.targets for part in parts]),
    )


def _begin(dimensions: int, lessons: Lessons, rng: np.random.Generator) -> Weights:
    """Weights to begin with, small and drawn."""

    def drawn(*shape: int, into: int) -> Floats:
        return rng.uniform(-(into**-0.5), into**-0.5, shape).astype(np.float32)

    seen, told = lessons.inputs.shape[1] + PATTERNS, lessons.targets.shape[1]
    return {
        "filters": drawn(dimensions, len(PLACES), PATTERNS, into=dimensions * len(PLACES)),
        "bias": drawn(PATTERNS, into=dimensions * len(PLACES)),
        "hidden": drawn(seen, HIDDEN, into=seen),
        "hidden_bias": drawn(HIDDEN, into=seen),
        "out": drawn(HIDDEN, told, into=HIDDEN),
        "out_bias": drawn(told, into=HIDDEN),
    }


def _batches(lessons: Lessons, rounds: int, rng: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Sentences of each step; in a step they are of like length."""
    for _ in range(rounds):
        drawn = rng.permutation(len(lessons.size))
        batches = []
        for begin in range(0, len(drawn), BATCH * ALIKE):
            some = drawn[begin : begin + BATCH * ALIKE]
            some = some[np.argsort(lessons.size[some], kind="stable")]
            batches += [some[k : k + BATCH] for k in range(0, len(some), BATCH)]
        for k in rng.permutation(len(batches)).tolist():
            yield batches[k]


def _slopes(
    weights: Weights, vectors: Floats, lessons: Lessons, some: NDArray[np.intp]
) -> tuple[Weights, NDArray[np.int32], Floats]:
    """The gradient of the cross-entropy of the sentences `some`: by name of the weights; their words, and by vector."""
    size = np.minimum(lessons.size[some], LONGEST)
    longest = max(1, int(size.max()))
    reach = np.arange(-1, longest + 1)
    inside = (reach >= 0) & (reach < size[:, None])
    ids = np.where(inside, lessons.ids[np.where(inside, lessons.begin[some, None] + reach, 0)], PAD)
    words, which = np.unique(ids, return_inverse=True)
    which = which.reshape(ids.shape)
    seen = vectors[words]
    filters = weights["filters"].reshape(len(vectors[0]), -1)
    rows = (seen @ filters).reshape(len(words), len(PLACES), PATTERNS)
    response = rows[which[:, :-2], 0] + rows[which[:, 1:-1], 1] + rows[which[:, 2:], 2]
    response[~inside[:, 1:-1]] = -np.inf
    at = response.argmax(1)
    top = np.take_along_axis(response, at[:, None], 1)[:, 0] + weights["bias"]
    shown = np.concatenate([lessons.inputs[some], np.maximum(top, 0)], 1)
    hidden = shown @ weights["hidden"] + weights["hidden_bias"]
    active = np.maximum(hidden, 0)
    odds = active @ weights["out"] + weights["out_bias"]
    count = np.float32(len(some))
    of_odds = (1 / (1 + np.exp(-odds)) - lessons.targets[some]) / count
    of_hidden = of_odds @ weights["out"].T * (hidden > 0)
    of_top = of_hidden @ weights["hidden"][-PATTERNS:].T * (top > 0)
    pattern = np.arange(PATTERNS)
    cells = [(np.take_along_axis(which, at + k, 1) * len(PLACES) + k) * PATTERNS + pattern for k in range(len(PLACES))]
    of_rows: NDArray[Any] = np.bincount(
        np.stack(cells).ravel(), np.tile(of_top.ravel(), len(PLACES)), minlength=rows.size
    )
    of_filters = of_rows.reshape(len(words), -1).astype(np.float32)
    slopes = {
        "filters": (seen.T @ of_filters).reshape(weights["filters"].shape),
        "bias": of_top.sum(0),
        "hidden": shown.T @ of_hidden + weights["hidden"] * np.float32(PENALTY / count),
        "hidden_bias": of_hidden.sum(0),
        "out": active.T @ of_odds + weights["out"] * np.float32(PENALTY / count),
        "out_bias": of_odds.sum(0),
    }
    return slopes, words, of_filters @ filters.T
