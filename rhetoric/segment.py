"""Words and sentences with exact offsets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

SPACE, LETTER, DIGIT, APOSTROPHE, POINT, MARK = range(6)
"""Classes of characters; POINT is a full stop or comma, which can stand inside a number."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words and punctuation marks of a text, in order; all arrays have one entry a word."""

    start: NDArray[np.int32]
    end: NDArray[np.int32]
    lower: list[str]
    """In lower case, with straight apostrophes; as long as the word in the text."""
    word: NDArray[np.bool_]
    """False for punctuation marks."""
    capital: NDArray[np.bool_]
    """The first character is an upper-case letter."""
    shout: NDArray[np.bool_]
    """Two or more letters, the first two in upper case."""


@cache
def _classes() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Class and upper case of every character of the basic plane."""
    chars = [chr(i) for i in range(0x10000)]
    kind = np.fromiter((_kind(c) for c in chars), np.uint8, len(chars))
    upper = np.fromiter((c.isupper() for c in chars), np.bool_, len(chars))
    return kind, upper


def _kind(char: str) -> int:
    if char.isalpha() or "\u0300" <= char <= "\u036f":
        return LETTER
    if char.isdigit():
        return DIGIT
    if char in "'’":
        return APOSTROPHE
    if char in ".,":
        return POINT
    return SPACE if char.isspace() or char in "\u200b\ufeff\u00ad" else MARK


def fold(text: str) -> str:
    """`text` in lower case with straight apostrophes, never longer or shorter."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lower.replace("’", "'")


def find_words(text: str) -> Words:
    """The words and marks of `text`: letters and digits together, a possessive 's apart, each mark by itself."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    table, upper_table = _classes()
    kind = table[np.minimum(codes, 0xFFFF)]
    upper = upper_table[np.minimum(codes, 0xFFFF)]
    for i in np.flatnonzero(codes > 0xFFFF):
        kind[i], upper[i] = _kind(text[i]), text[i].isupper()
    inner = (kind == LETTER) | (kind == DIGIT)
    after = np.zeros_like(kind)
    after[:-1] = kind[1:]
    before = np.zeros_like(kind)
    before[1:] = kind[:-1]
    joint = (kind == APOSTROPHE) & (before == LETTER) & (after == LETTER)
    joint |= (kind == POINT) & (before == DIGIT) & (after == DIGIT)
    initial = np.zeros_like(joint)  # a lone capital before a full stop: "U.S." and "J." are words
    initial[1:] = upper[:-1] & (codes[1:] == 0x2E)
    initial[2:] &= ~inner[:-2]
    joint |= initial
    possessive = np.flatnonzero(joint & (kind == APOSTROPHE))
    low = codes | 0x20
    for i in possessive[low[np.minimum(possessive + 1, len(codes) - 1)] == 0x73]:
        if i + 2 >= len(codes) or not inner[i + 2]:
            joint[i] = False
            kind[i] = LETTER + 100  # begins the word 's
    clitic = kind == LETTER + 100
    inside = inner | joint | clitic
    begins = (kind != SPACE) & ~(inside & np.concatenate(([False], inside[:-1]))) | clitic
    start = np.flatnonzero(begins).astype(np.int32)
    ends = np.ones(len(codes), np.bool_)
    ends[:-1] = begins[1:] | (kind[1:] == SPACE)
    end = (np.flatnonzero(ends & (kind != SPACE)) + 1).astype(np.int32)
    folded = fold(text)
    capital = upper[start] if len(start) else np.zeros(0, np.bool_)
    second = np.minimum(start + 1, max(len(codes) - 1, 0))
    shout = capital & (end - start > 1) & upper[second] if len(start) else capital
    return Words(
        start,
        end,
        [folded[s:e] for s, e in zip(start.tolist(), end.tolist(), strict=True)],
        inside[start] if len(start) else np.zeros(0, np.bool_),
        capital,
        shout,
    )
