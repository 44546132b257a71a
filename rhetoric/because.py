"""Scored sentences and what their scores are made of: columns of a batch, made into records or JSON when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from rhetoric.records import SCORED, Sentence, VoiceName, maker

if TYPE_CHECKING:
    from rhetoric.ear import Spoken
    from rhetoric.segment import Span

BETWEEN = (b',"prediction":', b',"unhedged":', b',"grade":{"charged":', b',"prediction":', b',"unhedged":')
"""What stands between the scores and grades of a sentence."""
NO_SCORES = b'0.0%b},"because":' % b"0.0".join((*BETWEEN, b"")) + orjson.dumps(dict.fromkeys(SCORED, ())) + b"}"
"""What stands in their place and behind where a sentence is junk."""
NEAR = 256
"""Sentences that are written together: more would not stay in the processor's cache."""
CLOSING = ("rest", "base")
"""The last two parts of every score."""
_sentence = maker(Sentence)


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
        self.names, self.label, self.value = names, label, value

    def parts(self, sentence: int, signal: int) -> tuple[tuple[str, float], ...]:
        """The parts of one score, largest first, then the rest and the base."""
        names = (self.names[label] for label in self.label[sentence, signal].tolist())
        return tuple(zip((*names, *CLOSING), self.value[sentence, signal].tolist(), strict=True))


class Columns:
    """The sentences of a batch.

    Parameters
    ----------
    spans, spoken
        Where each stands, and its voice, speaker and vagueness.
    scores
        Three scores and three expected grades of each.
    told
        What the scores are made of.
    """

    def __init__(self, spans: list[Span], spoken: list[Spoken], scores: NDArray[np.float64], told: Told) -> None:
        self.spans, self.spoken, self.told = spans, spoken, told
        junk = [k for k, span in enumerate(spans) if span.junk]
        scores[junk] = 0
        for k in junk:
            spoken[k] = ("author", None, False)
        self._scores = scores
        self.rows: list[list[float]] = scores.tolist()

    def record(self, k: int) -> Sentence:
        """A sentence by its number in the batch."""
        start, end, paragraph, junk = self.spans[k]
        a, b, c, *grades = self.rows[k]
        because = dict.fromkeys(SCORED, ()) if junk else Because(self, k)
        made: Sentence = _sentence(
            start, end, paragraph, junk, *self.spoken[k], a, b, c, dict(zip(SCORED, grades, strict=True)), because
        )
        return made

    @cached_property
    def json(self) -> list[bytes]:
        """Each sentence as JSON."""
        told, count = self.told, len(self.spans)
        if not count:
            return []
        who: dict[Spoken, bytes] = {}
        heads = []
        for (start, end, paragraph, junk), spoken in zip(self.spans, self.spoken, strict=True):
            if (own := who.get(spoken)) is None:
                form = dict(zip(("voice", "speaker", "vague"), spoken, strict=True))
                own = who[spoken] = orjson.dumps(form)[1:-1] + b',"charged":'
            if junk:
                own += NO_SCORES
            heads.append(
                b'{"start":%d,"end":%d,"paragraph":%d,"junk":%b,%b'
                % (start, end, paragraph, b"true" if junk else b"false", own)
            )
        known = orjson.dumps([*told.names, *CLOSING])[2:-2].split(b'","')
        before = [
            b'],["',
            *((b"]]," if j else b'},"because":{') + orjson.dumps(signal) + b':[["' for j, signal in enumerate(SCORED)),
        ]
        which = np.empty(told.value.shape, np.intp)
        which[..., : -len(CLOSING)] = told.label
        which[..., -len(CLOSING) :] = np.arange(len(told.names), len(known))
        which[:, :, 0] += np.arange(1, len(before)) * len(known)
        used = np.flatnonzero(np.bincount(which.ravel()))
        pieces = np.empty(len(before) * len(known), np.object_)
        pieces[used] = [b'%b%b",' % (before[k // len(known)], known[k % len(known)]) for k in used.tolist()]
        size = 2 * (self._scores.shape[1] + which[0].size)
        lines = []
        for begin in range(0, count, NEAR):
            some = slice(begin, begin + NEAR)
            scores = self._scores[some]
            numbers = np.concatenate([scores, told.value[some].reshape(len(scores), -1)], 1)
            shown = np.empty(numbers.shape, np.object_)
            shown[:, 0] = heads[some]
            shown[:, 1 : len(BETWEEN) + 1] = BETWEEN
            shown[:, len(BETWEEN) + 1 :] = pieces[which[some].reshape(len(scores), -1)]
            row: list[bytes] = [b""] * (2 * numbers.size)
            row[::2] = shown.ravel().tolist()
            row[1::2] = orjson.dumps(numbers.ravel(), option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
            lines += [b"".join(row[at : at + size]) + b"]]}}" for at in range(0, len(row), size)]
        for k, span in enumerate(self.spans):
            if span.junk:
                lines[k] = heads[k]
        return lines


class Sentences(Sequence[Sentence]):
    """The sentences of one article among those of a batch; records are made of them when they are first asked for."""

    __slots__ = ("_columns", "_made", "_part")

    def __init__(self, columns: Columns, begin: int, end: int) -> None:
        self._columns, self._part = columns, slice(begin, end)
        self._made: tuple[Sentence, ...] | None = None

    def _all(self) -> tuple[Sentence, ...]:
        if self._made is None:
            self._made = tuple(map(self._columns.record, range(self._part.start, self._part.stop)))
        return self._made

    @overload
    def __getitem__(self, at: int) -> Sentence: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Sentence, ...]: ...
    def __getitem__(self, at: int | slice) -> Sentence | tuple[Sentence, ...]:
        return self._all()[at]

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self._all())

    def __len__(self) -> int:
        return self._part.stop - self._part.start

    def __eq__(self, other: object) -> bool:
        return self._all() == (other._all() if isinstance(other, Sentences) else other)

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._all(),)

    @property
    def json(self) -> bytes:
        """All as a JSON array."""
        return b"[%b]" % b",".join(self._columns.json[self._part])

    @property
    def spans(self) -> list[Span]:
        """Where they stand."""
        return self._columns.spans[self._part]

    @property
    def rows(self) -> list[tuple[VoiceName, list[float]]]:
        """Of each that is no junk the voice, the scores and the expected grades."""
        own = self._part
        columns = zip(self._columns.spans[own], self._columns.spoken[own], self._columns.rows[own], strict=True)
        return [(spoken[0], row) for span, spoken, row in columns if not span[3]]


class Because(Mapping[str, tuple[tuple[str, float], ...]]):
    """The parts of one sentence's scores by signal, a view into what was told of its batch."""

    __slots__ = ("_columns", "_sentence")

    def __init__(self, columns: Columns, sentence: int) -> None:
        self._columns, self._sentence = columns, sentence

    def __getitem__(self, signal: str) -> tuple[tuple[str, float], ...]:
        if signal not in SCORED:
            raise KeyError(signal)
        return self._columns.told.parts(self._sentence, SCORED.index(signal))

    def __iter__(self) -> Iterator[str]:
        return iter(SCORED)

    def __len__(self) -> int:
        return len(SCORED)

    def __repr__(self) -> str:
        return repr(dict(self))

    @property
    def json(self) -> bytes:
        """The same as JSON."""
        return self._columns.json[self._sentence].partition(b'"because":')[2][:-1]
