"""Patterns of three words in a row: what a sentence shows that its words without their order do not.

A convolution over word vectors with the largest response a sentence kept (Kim 2014, "Convolutional Neural Networks for
Sentence Classification"). All sums are of whole numbers, so that they come out the same in whatever company a text is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.features import Stream

PLACES = (-1, 0, 1)
"""Words around a word that a pattern sees."""
UNIT = 1024
"""A response of one, in the whole numbers that responses are counted in."""
FINE = 64
"""Filters are this much finer than responses."""
MOST = 2000
"""Largest weight of a filter: with it the sums stay below 2**24, up to which single precision counts exactly."""
LIMIT = 10_000
"""Largest response of one place; three of them fit 16 bits."""
NEAR = 1000
"""Sentences that are looked at together, to stay in the processor's cache."""


class Patterns:
    """Finds how strongly each sentence shows each pattern.

    Parameters
    ----------
    filters
        (places, dimensions, patterns), for word vectors in steps of 1/127, in units of 1 / (`UNIT` * `FINE`).
    bias
        (patterns,), in units of 1 / `UNIT`.
    steps
        Word vectors before they are scaled: (words, dimensions).
    """

    def __init__(self, filters: NDArray[np.int16], bias: NDArray[np.int16], steps: NDArray[np.int8]) -> None:
        self.filters, self.bias, self.steps = filters, bias, steps
        self._rows = np.zeros((len(PLACES), len(steps), len(bias)), np.int16)
        self._seen = np.zeros(len(steps), np.bool_)

    def find(self, stream: Stream) -> NDArray[np.float32]:
        """The strongest response of each pattern in each sentence, 0 or more: (sentences, patterns)."""
        found = np.zeros((stream.sentences, len(self.bias)), np.float32)
        ids, sentence = stream.ids, stream.sentence
        if not len(ids) or not len(self.bias):
            return found
        self._learn_rows(ids)
        starts = np.flatnonzero(np.append(True, sentence[1:] != sentence[:-1]))
        sizes = np.diff(starts, append=len(ids))
        order = np.argsort(-sizes, kind="stable")
        places = [stream.shifted(by) for by in PLACES]
        for begin in range(0, len(order), NEAR):
            some = order[begin : begin + NEAR]
            at = starts[some]
            top = np.zeros((len(some), len(self.bias)), np.int16)
            longer = len(some) - np.searchsorted(sizes[some][::-1], np.arange(sizes[some[0]]), "right")
            for k, count in enumerate(longer.tolist()):
                words = at[:count] + k
                response = self._rows[0].take(places[0][words], axis=0)
                for rows, near in zip(self._rows[1:], places[1:], strict=True):
                    response += rows.take(near[words], axis=0)
                np.maximum(top[:count], response, out=top[:count])
            found[sentence[at]] = top
        found /= np.float32(UNIT)
        return found

    def _learn_rows(self, ids: NDArray[np.int32]) -> None:
        """Work out, once a word, its response at each place."""
        here = np.zeros_like(self._seen)
        here[ids] = True
        new = np.flatnonzero(here & ~self._seen)
        if not len(new):
            return
        steps = self.steps[new].astype(np.float32)
        for place, filters, rows in zip(PLACES, self.filters, self._rows, strict=True):
            response = np.rint(steps @ filters.astype(np.float32) / np.float32(FINE))
            np.clip(response, -LIMIT, LIMIT, out=response)
            rows[new] = response.astype(np.int16) + (self.bias if place == 0 else np.int16(0))
        self._seen[new] = True


def in_whole_numbers(filters: NDArray[Any], bias: NDArray[Any]) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Filters for vectors in steps of 1/127, and biases, in the units of `Patterns`."""
    fine = np.clip(np.rint(filters * (UNIT * FINE)), -MOST, MOST)
    return fine.astype(np.int16), np.clip(np.rint(bias * UNIT), -LIMIT, LIMIT).astype(np.int16)
