"""The number of a word in a list, found for many words at once by their hashes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

BASE = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse among numbers of 64 bits."""
INVERSE = pow(BASE, -1, 1 << 64)
ROOM = 3
"""Slots a word, at least."""


@cache
def _powers(bits: int) -> tuple[Hashes, Hashes]:
    """Powers of `BASE` and of its inverse, 2 ** `bits` of each."""
    ones = np.ones(1 << bits, np.uint64)
    up, down = ones.copy(), ones
    up[1:], down[1:] = np.uint64(BASE), np.uint64(INVERSE)
    return np.multiply.accumulate(up), np.multiply.accumulate(down)


def hash_ranges(codes: NDArray[np.uint32], start: NDArray[np.integer], end: NDArray[np.integer]) -> Hashes:
    """A hash of 64 bits of each range of `codes`, the same wherever the range stands.

    A polynomial in `BASE`: of sums up to each place, two make the hash of a range. It is 0 for no range of words.
    """
    up, down = _powers(max(int(len(codes)).bit_length(), 10))
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum((codes + np.uint32(1)) * up[: len(codes)], out=sums[1:])
    found: Hashes = (sums[end] - sums[start]) * down[start]
    found ^= found >> np.uint64(32)
    found *= np.uint64(BASE)
    found ^= found >> np.uint64(29)
    return found


class WordNumbers:
    """A list of words with a number each, as open addressing: two words of one hash are taken for one.

    Parameters
    ----------
    numbers
        The number of each word.
    unknown
        What any other word gets.
    """

    def __init__(self, numbers: Mapping[str, int], unknown: int) -> None:
        sizes = np.fromiter(map(len, numbers), np.int64, len(numbers))
        codes = np.frombuffer("".join(numbers).encode("utf-32-le", "surrogatepass"), np.uint32)
        ends = np.cumsum(sizes)
        hashes = hash_ranges(codes, ends - sizes, ends)
        values = np.fromiter(numbers.values(), np.int32, len(numbers))
        size = 1 << (ROOM * len(numbers) + 1).bit_length()
        self._last = np.uint64(size - 1)
        self._hashes = np.zeros(size, np.uint64)
        self._numbers = np.full(size, unknown, np.int32)
        slots = hashes & self._last
        while len(slots):
            free = self._hashes[slots] == 0
            self._hashes[slots[free]], self._numbers[slots[free]] = hashes[free], values[free]
            left = self._hashes[slots] != hashes
            hashes, values, slots = hashes[left], values[left], slots[left] + np.uint64(1) & self._last

    def look_up(self, hashes: Hashes) -> NDArray[np.int32]:
        """The number of each word."""
        slots = hashes & self._last
        held = self._hashes[slots]
        found: NDArray[np.int32] = self._numbers[slots]
        away = np.flatnonzero((held != hashes) & (held != 0))
        hashes, slots = hashes[away], slots[away]
        while len(away):
            slots = slots + np.uint64(1) & self._last
            held = self._hashes[slots]
            found[away] = self._numbers[slots]
            left = (held != hashes) & (held != 0)
            away, hashes, slots = away[left], hashes[left], slots[left]
        return found
