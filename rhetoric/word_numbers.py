"""Words and other keys as hashes, and the number that a list gives each, looked up for many at once."""

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
    return _mix(found)


def _mix(keys: Hashes) -> Hashes:
    """Keys of 64 bits with their bits stirred, so that any of them can tell keys apart; changes `keys`."""
    keys ^= keys >> np.uint64(32)
    keys *= np.uint64(BASE)
    keys ^= keys >> np.uint64(29)
    return keys


class Numbers:
    """A number for each of many hashes, by open addressing.

    Parameters
    ----------
    hashes, values
        The hashes, none of them 0, and the number of each.
    unknown
        What any other hash gets.
    room
        How many there may be, where more are to be added.
    """

    def __init__(self, hashes: Hashes, values: NDArray[np.int32], unknown: int, *, room: int = 0) -> None:
        size = 1 << (ROOM * max(len(hashes), room) + 1).bit_length()
        self._last = np.uint64(size - 1)
        self._hashes = np.zeros(size, np.uint64)
        self._numbers = np.full(size, unknown, np.int32)
        self.add(hashes, values)

    def add(self, hashes: Hashes, values: NDArray[np.int32]) -> None:
        """Give each of these hashes a number."""
        slots = hashes & self._last
        while len(slots):
            free = self._hashes[slots] == 0
            self._hashes[slots[free]], self._numbers[slots[free]] = hashes[free], values[free]
            left = self._hashes[slots] != hashes
            hashes, values, slots = hashes[left], values[left], slots[left] + np.uint64(1) & self._last

    def look_up(self, hashes: Hashes) -> NDArray[np.int32]:
        """The number of each hash."""
        slots = (hashes & self._last).view(np.intp)  # `take` is faster than brackets, and wants signed places
        held = self._hashes.take(slots)
        found: NDArray[np.int32] = self._numbers.take(slots)
        away = np.flatnonzero((held != hashes) & (held != 0))
        hashes, slots = hashes[away], slots[away]
        while len(away):
            slots = slots + 1 & len(self._hashes) - 1
            held = self._hashes.take(slots)
            found[away] = self._numbers.take(slots)
            left = (held != hashes) & (held != 0)
            away, hashes, slots = away[left], hashes[left], slots[left]
        return found


def number_words(numbers: Mapping[str, int], unknown: int) -> Numbers:
    """The numbers of words, to be looked up by `hash_ranges`; two words of one hash are taken for one."""
    sizes = np.fromiter(map(len, numbers), np.int64, len(numbers))
    codes = np.frombuffer("".join(numbers).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(sizes)
    values = np.fromiter(numbers.values(), np.int32, len(numbers))
    return Numbers(hash_ranges(codes, ends - sizes, ends), values, unknown)


def hash_word(word: str) -> np.uint64:
    """The hash that `hash_ranges` gives a word."""
    codes = np.frombuffer(word.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.uint64(hash_ranges(codes, np.array([0]), np.array([len(codes)]))[0])
