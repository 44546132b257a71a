"""The trained part of voice: whose a sentence is, from what the rules found in it and beside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric.grammar import FIRST, MODAL, NEGATION, SECOND, THIRD
from rhetoric.quotes import Quote
from rhetoric.records import VOICES, Voice, VoiceName
from rhetoric.reporting import Claim, Cue
from rhetoric.segment import Span, Words
from rhetoric.speakers import Lines
from rhetoric.voice import Heard
from rhetoric.word_numbers import hash_word, number_words

Floats = NDArray[np.float64]
Spoken = tuple[VoiceName, str | None, bool]

LEAN = (0.5, 1.0, 1.0, 5.0)
"""What each chance is multiplied by before the highest wins: annotators seldom call a sentence mixed, and the ear never
would; a sentence of others that is taken for the author's is the graver mistake."""
WHOLE = 0.6
"""Where a claim that is more than this share of its sentence introduces it, the rules need no second opinion."""
SURE = 0.6
"""A range is added to a sentence without any where another's voice is this likely."""
STRENGTHS = ("strong", "weak", "empty")
ABOUT_CLAIM = ("claims", "share", "place", "under an auxiliary")
TRAITS = (
    "share quoted", "share reported", "quoted", "reported", "ranges reported", "ranges quoted", "vague", "source",
    "longest quotation", "share in marks", "begins in marks", "ends in marks",
    "by the rules: author", "by the rules: quoted", "by the rules: reported",
    "length", "paragraph goes on before", "paragraph goes on behind",
    "ends with ?", "ends with :", "colon", "ends without a mark", "begins with a mark", "begins small",
    "I or we", "you", "he, she or they",
    *(f"{what}, {strength}" for strength in STRENGTHS for what in ABOUT_CLAIM),
)  # fmt: skip
"""What is counted of a sentence, of the one before it and of the one behind it."""
RANGES = TRAITS.index("by the rules: author")
"""So many traits tell what is quoted, reported and in marks."""
_STRONG_SHARE = TRAITS.index("share, strong")
_PRONOUNS = FIRST | SECOND | THIRD | {"it", "who", "that", "which", "this"}
_SIDES = ("here", "before", "behind")


class Look(NamedTuple):
    """What the ear sees of a text."""

    traits: Floats
    """(sentences, `TRAITS`)"""
    told: list[str]
    """What each cue and claim is like."""
    where: list[int]
    """The sentence of each."""


def look(
    line: Lines,
    sentences: Sequence[Span],
    quotes: Sequence[Quote],
    cues: Sequence[Cue],
    heard: Heard,
    ruled: Sequence[Spoken],
) -> Look:
    """What the rules found of each sentence, and how it is written."""
    traits = np.zeros((len(sentences), len(TRAITS)))
    starts = [s.start for s in sentences]
    edges = line.words.start.searchsorted(np.array([s[:2] for s in sentences], np.int32).reshape(-1, 2))
    bounds = [*edges[:, 0].tolist(), len(line.low)]
    measure = _measure(line.words)
    sizes = np.maximum(measure[edges[:, 1]] - measure[edges[:, 0]], 1).tolist()
    counts = measure.tolist()
    _see_ranges(traits[:, :RANGES], starts, sizes, sentences, quotes, heard.voices, line, counts)
    at = len(TRAITS) - len(STRENGTHS) * len(ABOUT_CLAIM)
    _see_writing(traits[:, RANGES:at], line, sentences, ruled, np.array(bounds), measure)
    return Look(traits, *_see_claims(traits[:, at:], line, counts, bounds, cues, heard))


def _see_writing(
    traits: Floats,
    line: Lines,
    sentences: Sequence[Span],
    ruled: Sequence[Spoken],
    bounds: NDArray[np.intp],
    measure: NDArray[np.int64],
) -> None:
    """Set the traits that tell how a sentence is written."""
    text = line.text
    ends = [(text[start], text[end - 1]) for start, end, *_ in sentences]
    held = np.bitwise_or.reduceat(np.append(_HOLDS.look_up(line.words.hashes), 0), bounds[:-1])
    held[bounds[1:] == bounds[:-1]] = 0
    paragraph = np.array([s.paragraph for s in sentences])
    voice = np.array([VOICES.index(voice) for voice, _, _ in ruled])
    traits[:, :3] = voice[:, None] == np.arange(3)
    traits[:, 3] = np.log1p(measure[bounds[1:]] - measure[bounds[:-1]]) / 4
    traits[1:, 4] = traits[:-1, 5] = paragraph[1:] == paragraph[:-1]
    traits[:, (6, 7, 9, 10, 11)] = [
        (last == "?", last == ":", last not in '.!?"”’:', first in "\"“‘'", first.islower()) for first, last in ends
    ]
    for column, what in zip((8, 12, 13, 14), range(4), strict=True):
        traits[:, column] = held >> what & 1


_HELD = (frozenset(":"), FIRST, SECOND, THIRD)
_HOLDS = number_words({w: sum((w in s) << k for k, s in enumerate(_HELD)) for w in frozenset().union(*_HELD)}, 0)
"""Which of `_HELD` each word is in, a bit each."""


def _measure(words: Words) -> NDArray[np.int64]:
    """How many words stand before each, a name counted as one whatever its length, with its "the"."""
    capital, of, the = words.capital, words.hashes == _OF, words.hashes == _THE
    follows, leads = np.zeros_like(capital), np.zeros_like(capital)
    follows[1:], leads[:-1] = capital[:-1], capital[1:]
    goes_on = follows & (capital | (of & leads))
    goes_on[2:] |= capital[2:] & of[1:-1] & capital[:-2]
    return np.append(0, np.cumsum(~goes_on & ~(the & leads)))


_OF, _THE = hash_word("of"), hash_word("the")


def _see_ranges(
    traits: Floats,
    starts: list[int],
    sizes: list[int],
    sentences: Sequence[Span],
    quotes: Sequence[Quote],
    voices: Sequence[Voice],
    line: Lines,
    measure: list[int],
) -> None:
    """Set the traits that tell what is quoted, reported and in marks; `sizes` are those of the sentences."""
    rows: dict[int, list[float]] = defaultdict(lambda: [0.0] * RANGES)

    def size(start: int, end: int) -> int:
        return measure[bisect_left(line.start, end)] - measure[bisect_left(line.start, start)]

    for v in voices:
        for k in range(max(bisect_right(starts, v.start) - 1, 0), bisect_left(starts, v.end)):
            s = sentences[k]
            if min(v.end, s.end) > max(v.start, s.start):
                row = rows[k]
                share = size(max(v.start, s.start), min(v.end, s.end)) / sizes[k]
                reported = int(v.voice == "reported")
                row[reported] += share
                row[2 + reported] = 1
                row[5 - reported] += 1
                row[6] = max(row[6], v.vague)
                row[7] = max(row[7], v.source is not None)
                if not reported:
                    row[8] = max(row[8], share)
    for q in quotes:
        if q.depth:
            continue
        for k in range(max(bisect_right(starts, q.start) - 1, 0), bisect_left(starts, q.end)):
            s = sentences[k]
            row = rows[k]
            row[9] += max(size(max(q.start, s.start), min(q.end, s.end)), 0) / sizes[k]
            row[10] = max(row[10], q.start <= s.start)
            row[11] = max(row[11], q.end >= s.end - 1)
    if rows:
        traits[list(rows)] = list(rows.values())


def _see_claims(
    traits: Floats, line: Lines, measure: list[int], bounds: list[int], cues: Sequence[Cue], heard: Heard
) -> tuple[list[str], list[int]]:
    """Set the traits of each sentence's claims; what each cue and claim is like, and the sentence of each."""
    low, capital = line.low, line.capital
    told = [f"cue {cue.verb}" for cue in cues]
    where = [bisect_right(bounds, cue.begin) - 1 for cue in cues]
    verbs = {(cue.begin, cue.end): cue.verb for cue in cues}
    rows: dict[int, list[float]] = {}
    for n, claims in heard.claims.items():
        lo, hi = bounds[n], bounds[n + 1]
        size = max(1, measure[hi] - measure[lo])
        row = rows[n] = [0.0] * traits.shape[1]
        for claim in claims:
            i, j = claim.cue
            grade = 0 if claim.strong else 1 if claim.content else 2
            strength = STRENGTHS[grade]
            before = low[max(lo, i - 4) : i]
            aux = "modal" if not MODAL.isdisjoint(before) else "not" if not NEGATION.isdisjoint(before) else "none"
            at = grade * len(ABOUT_CLAIM)
            row[at] += 1
            said = 0
            for b, e in claim.content:
                said += measure[e] - measure[b] if e > b else 0
            row[at + 1] = max(row[at + 1], said / size)
            row[at + 2] = (measure[i] - measure[lo]) / size
            row[at + 3] = aux != "none"
            side = "behind" if claim.content and claim.content[0][0] >= j else "before"
            told += (
                f"{strength} {verbs.get((i, j), 'frame')}",
                f"{strength} by {_kind(claim, low, capital)}",
                f"{strength} {side}",
                f"{strength} form {low[i]}",
                f"{strength} then {_masked(j, hi, low, capital)}",
                f"{strength} after {_masked(i - 1, hi, low, capital) if i > lo else ''}",
                f"{strength} {aux}",
            )
            where += [n] * 7
    if rows:
        traits[list(rows)] = list(rows.values())
    return told, where


def _masked(k: int, hi: int, low: list[str], capital: list[bool]) -> str:
    """A word that is no name, or what it is."""
    return "" if k >= hi else low[k] if low[k] in _PRONOUNS or not capital[k] else "<name>"


def _kind(claim: Claim, low: list[str], capital: list[bool]) -> str:
    """What the source of a claim is: a pronoun, a name, a noun."""
    if claim.source is None:
        return "nobody"
    begin, end = claim.source
    if claim.vague:
        return "vague"
    if end - begin == 1 and low[begin] in _PRONOUNS:
        return low[begin]
    return "name" if any(capital[begin + (end - begin > 1) : end]) else "noun"


def columns(look: Look) -> Floats:
    """The traits of each sentence, of the one before it and of the one behind it."""
    out = np.zeros((len(look.traits), len(_SIDES) * len(TRAITS)))
    width = len(TRAITS)
    out[:, :width] = look.traits
    out[1:, width : 2 * width] = look.traits[:-1]
    out[:-1, 2 * width :] = look.traits[1:]
    return out


class Ear:
    """Weights of traits and of what cues and claims are like; multinomial logistic regression over `VOICES`."""

    __slots__ = ("_bias", "_place", "_sides", "_told")

    def __init__(self, terms: Sequence[str], weights: NDArray[Any]) -> None:
        size = len(_SIDES) * len(TRAITS)
        given = np.asarray(weights, np.float64)
        self._bias = given[0]
        self._sides = given[1 : 1 + size].reshape(len(_SIDES), len(TRAITS), len(VOICES))
        self._told = np.zeros((len(VOICES), len(terms) + 1))  # the last column is that of unknown terms
        self._told[:, :-1] = given[1 + size :].T
        self._place = {term: place for place, term in enumerate(terms)}

    def odds(self, look: Look) -> Floats:
        """(sentences, `VOICES`): log-odds up to a constant a sentence."""
        here, before, behind = (look.traits @ side for side in self._sides)
        out: Floats = here + self._bias
        out[1:] += before[:-1]
        out[:-1] += behind[1:]
        if look.told:
            place = list(map(self._place.get, look.told, repeat(len(self._place))))
            rows = np.array(look.where)
            out += np.stack([np.bincount(rows, own, minlength=len(out)) for own in self._told[:, place]], 1)
        return out

    def chances(self, look: Look) -> Floats:
        """(sentences, `VOICES`): probabilities."""
        odds = self.odds(look)
        raised = np.exp(odds - odds.max(1, keepdims=True))
        chances: Floats = raised / raised.sum(1, keepdims=True)
        return chances


def listen(
    ear: Ear, seen: Look, sentences: Sequence[Span], voices: Sequence[Voice], ruled: Sequence[Spoken]
) -> tuple[tuple[Voice, ...], list[Spoken]]:
    """The ranges and the sentences' voices, as the ear hears them.

    The ranges of the rules stay; a sentence that is surely not the author's and has none is one range, and its speaker
    is the one heard before it in its paragraph.
    """
    chances = ear.chances(seen)
    best = (chances * LEAN).argmax(1).tolist()
    whole = (seen.traits[:, _STRONG_SHARE] > WHOLE).tolist()
    covered = (seen.traits[:, 2] + seen.traits[:, 3]).tolist()
    sure = (chances.max(1) >= SURE).tolist()
    spoken: list[Spoken] = []
    added = []
    for k, (s, (voice, speaker, vague)) in enumerate(zip(sentences, ruled, strict=True)):
        said = VOICES[best[k]]
        if said == "author" and whole[k]:
            said = voice
        if s.junk or said == "author":
            spoken.append(("author", None, False))
            continue
        if voice == "author" and k and spoken[-1][0] != "author" and sentences[k - 1].paragraph == s.paragraph:
            speaker, vague = spoken[-1][1:]
        spoken.append((said, speaker, vague))
        if not covered[k] and sure[k] and said != "mixed":
            added.append(Voice(s.start, s.end, said, speaker, vague, None, None, True))
    if added:
        return tuple(sorted([*voices, *added], key=lambda v: (v.start, -v.end))), spoken
    return tuple(voices), spoken
