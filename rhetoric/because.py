"""What scores are made of: kept as arrays for many sentences, made into records or JSON when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import orjson
from numpy.typing import NDArray

from rhetoric.records import SCORED

CLOSING = ("rest", "base")
"""The last two parts of every score."""


class Told:
    """The parts of every score of a batch.

    Parameters
    ----------
    names
        What a part can be called.
    label
        Which name each part has: (sentences, signals, parts). `CLOSING` stands in none.
    value
        What each part adds: (sentences, signals, parts and the two of `CLOSING`).
    """

    def __init__(self, names: Sequence[str], label: NDArray[np.intp], value: NDArray[np.float64]) -> None:
        self._names, self._label, self._value = names, label, value

    def parts(self, sentence: int, signal: int) -> tuple[tuple[str, float], ...]:
        """The parts of one score, largest first, then the rest and the base."""
        names = (self._names[label] for label in self._label[sentence, signal].tolist())
        return tuple(zip((*names, *CLOSING), self._value[sentence, signal].tolist(), strict=True))

    @cached_property
    def json(self) -> list[bytes]:
        """The parts of each sentence as JSON, by signal."""
        known = orjson.dumps([*self._names, *CLOSING])[2:-2].split(b'","')
        before = [
            b'],["',
            *((b"]]," if j else b"{") + orjson.dumps(signal) + b':[["' for j, signal in enumerate(SCORED)),
        ]
        which = np.empty(self._value.shape, np.intp)
        which[..., : -len(CLOSING)] = self._label
        which[..., -len(CLOSING) :] = np.arange(len(self._names), len(known))
        which[:, :, 0] += np.arange(1, len(before)) * len(known)
        flat = which.ravel()
        used = np.flatnonzero(np.bincount(flat))
        pieces = np.empty(len(before) * len(known), np.object_)
        pieces[used] = [b'%b%b",' % (before[k // len(known)], known[k % len(known)]) for k in used.tolist()]
        numbers = orjson.dumps(np.ascontiguousarray(self._value).ravel(), option=orjson.OPT_SERIALIZE_NUMPY)
        row: list[bytes] = [b""] * (2 * flat.size)
        row[::2] = pieces[flat].tolist()
        row[1::2] = numbers[1:-1].split(b",") if flat.size else []
        size = 2 * self._value[:1].size
        return [b"".join(row[begin : begin + size]) + b"]]}" for begin in range(0, len(row), size or 1)]


class Because(Mapping[str, tuple[tuple[str, float], ...]]):
    """The parts of one sentence's scores by signal, a view into what was told of its batch."""

    __slots__ = ("_sentence", "_told")

    def __init__(self, told: Told, sentence: int) -> None:
        self._told, self._sentence = told, sentence

    def __getitem__(self, signal: str) -> tuple[tuple[str, float], ...]:
        if signal not in SCORED:
            raise KeyError(signal)
        return self._told.parts(self._sentence, SCORED.index(signal))

    def __iter__(self) -> Iterator[str]:
        return iter(SCORED)

    def __len__(self) -> int:
        return len(SCORED)

    def __repr__(self) -> str:
        return repr(dict(self))

    @property
    def json(self) -> bytes:
        """The same as JSON."""
        return self._told.json[self._sentence]
