"""The trained part of voice: whose a sentence is, from what the rules found in it and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric.grammar import FIRST, MODAL, SECOND, THIRD, UNSAID
from rhetoric.quotes import Quote
from rhetoric.records import VOICES, Voice, VoiceName
from rhetoric.reporting import Claim, Cue
from rhetoric.segment import Joined, Span, Words
from rhetoric.speakers import Lines
from rhetoric.voice import Heard, with_asides
from rhetoric.word_numbers import hash_word, number_words

Floats = NDArray[np.float64]
Spoken = tuple[VoiceName, str | None, bool]

LEAN = (0.8, 1.0, 1.0, 5.0)
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
_WHERE = ("", " (sentence before)", " (sentence behind)")
_SIDES = ("here", "before", "behind")


class Ruled(NamedTuple):
    """A text as the rules leave it."""

    line: Lines
    sentences: Sequence[Span]
    quotes: Sequence[Quote]
    cues: Sequence[Cue]
    heard: Heard
    spoken: list[Spoken]
    """Of each sentence."""


class Look(NamedTuple):
    """What the ear sees of some texts."""

    traits: Floats
    """(sentences, `TRAITS`)"""
    told: list[str]
    """What each cue and claim is like."""
    where: NDArray[np.int64]
    """The sentence of each."""
    opens: NDArray[np.bool_]
    """True for the first sentence of each text."""


class _Row(NamedTuple):
    """The sentences of several texts in one row."""

    spans: NDArray[np.int64]
    """Start and end of each."""
    bounds: NDArray[np.int64]
    """Its first word, and the first of the next one or the end of the text."""
    bases: list[int]
    """The first sentence of each text."""
    measure: NDArray[np.int64]
    """How many words stand before each, a name counted as one whatever its length, with its "the"."""
    size: NDArray[np.int64]
    """How many words each sentence has so."""


def look(joined: Joined, texts: Sequence[Ruled]) -> Look:
    """What the rules found of each sentence, and how it is written; `joined` holds the words of all texts."""
    bases = [0, *accumulate(len(text.sentences) for text in texts)]
    opens = np.zeros(bases[-1] + 1, np.bool_)
    opens[bases] = True
    traits = np.zeros((bases[-1], len(TRAITS)))
    if not len(traits):
        return Look(traits, [], np.zeros(0, np.int64), opens[:-1])
    sizes = [len(text.sentences) for text in texts]
    every = np.array([field for text in texts for s in text.sentences for field in s[:3]]).reshape(-1, 3)
    paragraph = every[:, 2]
    spans = every[:, :2] + np.repeat(joined.offsets[:-1], sizes)[:, None]
    edges = joined.words.start.searchsorted(spans)
    bounds = np.column_stack([edges[:, 0], np.append(edges[1:, 0], 0)])
    last = np.flatnonzero(opens[1:])
    bounds[last, 1] = [place - 1 for place, text in zip(joined.places[1:], texts, strict=True) if text.sentences]
    measure = _measure(joined.words)
    row = _Row(spans, bounds, bases, measure, np.maximum(measure[edges[:, 1]] - measure[edges[:, 0]], 1))
    at = len(TRAITS) - len(STRENGTHS) * len(ABOUT_CLAIM)
    _see_ranges(traits[:, :RANGES], joined, texts, row)
    _see_writing(traits[:, RANGES:at], joined, texts, row, paragraph, opens)
    return Look(traits, *_see_claims(traits[:, at:], texts, row, joined.places), opens[:-1])


def _see_writing(
    traits: Floats,
    joined: Joined,
    texts: Sequence[Ruled],
    row: _Row,
    paragraph: NDArray[np.int64],
    opens: NDArray[np.bool_],
) -> None:
    """Set the traits that tell how a sentence is written."""
    sides = [(text.line.text, text.sentences) for text in texts]
    first = _characters([text[s[0]] for text, own in sides for s in own])
    last = _characters([text[s[1] - 1] for text, own in sides for s in own])
    held = np.append(_HOLDS.look_up(joined.words.hashes), 0)
    held = np.bitwise_or.reduceat(held, row.bounds.ravel())[::2]
    held[row.bounds[:, 0] == row.bounds[:, 1]] = 0
    voice = np.array([_VOICE[voice] for text in texts for voice, _, _ in text.spoken])
    traits[:, :3] = voice[:, None] == np.arange(3)
    traits[:, 3] = np.log1p(row.measure[row.bounds[:, 1]] - row.measure[row.bounds[:, 0]]) / 4
    traits[1:, 4] = traits[:-1, 5] = (paragraph[1:] == paragraph[:-1]) & ~opens[1:-1]
    traits[:, 6], traits[:, 7], traits[:, 11] = last == "?", last == ":", np.char.islower(first)
    traits[:, 9], traits[:, 10] = ~np.isin(last, list('.!?"”’:')), np.isin(first, list("\"“‘'"))
    for column, what in zip((8, 12, 13, 14), range(4), strict=True):
        traits[:, column] = held >> what & 1


def _characters(found: list[str]) -> NDArray[np.str_]:
    """Single characters as an array."""
    return np.frombuffer("".join(found).encode("utf-32-le", "surrogatepass"), "<U1")


_VOICE = {voice: k for k, voice in enumerate(VOICES)}
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


def _see_ranges(traits: Floats, joined: Joined, texts: Sequence[Ruled], row: _Row) -> None:
    """Set the traits that tell what is quoted, reported and in marks."""
    moved = list(zip(joined.offsets, row.bases, texts, strict=False))
    voices = [
        field
        for by, base, text in moved
        for v in text.heard.voices
        for field in (v.start + by, v.end + by, base, v.voice == "reported", v.vague, v.source is not None)
    ]
    voice, k, start, end = _overlaps(np.array(voices, np.int64).reshape(-1, 6), row)
    inside = end > start
    voice, k = voice[inside], k[inside]
    share = _size(joined, row, start[inside], end[inside]) / row.size[k]
    _, _, _, reported, vague, named = voice.T
    np.add.at(traits, (k, reported), share)
    traits[k, 2 + reported] = 1
    np.add.at(traits, (k, 5 - reported), 1)
    traits[k[vague > 0], 6] = 1
    traits[k[named > 0], 7] = 1
    np.maximum.at(traits[:, 8], k[reported == 0], share[reported == 0])
    marks = [
        x for by, base, text in moved for q in text.quotes if not q.depth for x in (q.start + by, q.end + by, base)
    ]
    quote, k, start, end = _overlaps(np.array(marks, np.int64).reshape(-1, 3), row)
    np.add.at(traits[:, 9], k, np.maximum(_size(joined, row, start, end), 0) / row.size[k])
    traits[k[quote[:, 0] <= row.spans[k, 0]], 10] = 1
    traits[k[quote[:, 1] >= row.spans[k, 1] - 1], 11] = 1


def _overlaps(
    given: NDArray[np.int64], row: _Row
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Each range with each sentence it may reach into, the sentence, and where what they share starts and ends.

    A range is start, end, the first sentence of its text, and anything more.
    """
    starts = row.spans[:, 0]
    first = np.maximum(starts.searchsorted(given[:, 0], "right") - 1, given[:, 2])
    count = np.maximum(starts.searchsorted(given[:, 1]) - first, 0)
    sentence = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    given = np.repeat(given, count, 0)
    start, end = np.maximum(given[:, 0], row.spans[sentence, 0]), np.minimum(given[:, 1], row.spans[sentence, 1])
    return given, sentence, start, end


def _size(joined: Joined, row: _Row, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """The measure of ranges of characters."""
    low, high = joined.words.start.searchsorted(start), joined.words.start.searchsorted(end)
    measured: NDArray[np.int64] = row.measure[high] - row.measure[low]
    return measured


class _Told(dict[str, str]):
    """Words with what is told of them before, each made once."""

    def __init__(self, before: str) -> None:
        self._before = before

    def __missing__(self, word: str) -> str:
        made = self[word] = self._before + word
        return made


def _see_claims(
    traits: Floats, texts: Sequence[Ruled], row: _Row, places: list[int]
) -> tuple[list[str], NDArray[np.int64]]:
    """Set the traits of each sentence's claims; what each cue and claim is like, and the sentence of each."""
    told: list[str] = []
    begins: list[int] = []
    of_claims: list[str] = []
    rows: list[int] = []
    said: list[int] = []
    bounds = row.bounds.tolist()
    cue_told = _Told("cue ")
    of_grade = [[_Told(f"{grade} {what}") for what in ("", "by ", "form ", "then ", "after ")] for grade in STRENGTHS]
    count = 0
    for text, place, base in zip(texts, places, row.bases, strict=False):
        line, cues, claimed = text.line, text.cues, text.heard.claims
        low, capital = line.low, line.capital
        told += [cue_told[verb] for _, _, verb in cues]
        begins += [begin + place for begin, _, _ in cues]
        if not claimed:
            continue
        verbs = {(begin, end): verb for begin, end, verb in cues}
        for n, claims in claimed.items():
            lo, hi = bounds[base + n]
            own, until = lo - place, hi - place
            for claim in claims:
                content, source, cue, vague, strong, _ = claim
                i, j = cue
                grade = 0 if strong else 1 if content else 2
                before = low[max(own, i - 4) : i]
                aux = "none"
                if not UNSAID.isdisjoint(before):
                    aux = "not" if MODAL.isdisjoint(before) else "modal"
                for b, e in content:
                    if e > b:
                        said += (count, b + place, e + place)
                count += 1
                rows += (base + n, grade, aux != "none", i + place)
                plain, by, form, then, after = of_grade[grade]
                follows = "" if j >= until else w if (w := low[j]) in _PRONOUNS or not capital[j] else "<name>"
                leads = (w if (w := low[i - 1]) in _PRONOUNS or not capital[i - 1] else "<name>") if i > own else ""
                of_claims += (
                    plain[verbs.get(cue, "frame")],
                    by[_kind(claim, low, capital)],
                    plain["behind" if content and content[0][0] >= j else "before"],
                    form[low[i]],
                    then[follows],
                    after[leads],
                    plain[aux],
                )
    sentence, grades, under, at = np.array(rows, np.int64).reshape(-1, 4).T
    if rows:
        first, past = row.bounds[sentence].T
        column = grades * len(ABOUT_CLAIM)
        size = np.maximum(row.measure[past] - row.measure[first], 1)
        owner, begin, end = np.array(said, np.int64).reshape(-1, 3).T
        share = np.bincount(owner, row.measure[end] - row.measure[begin], minlength=count) / size
        np.add.at(traits, (sentence, column), 1)
        np.maximum.at(traits, (sentence, column + 1), share)
        traits[sentence, column + 2] = (row.measure[at] - row.measure[first]) / size
        traits[sentence, column + 3] = under
    of_cues = row.bounds[:, 0].searchsorted(begins, "right") - 1
    return told + of_claims, np.append(of_cues, np.repeat(sentence, len(of_claims) // max(count, 1)))


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
    inner = np.flatnonzero(~look.opens)
    out[inner, width : 2 * width] = look.traits[inner - 1]
    out[inner - 1, 2 * width :] = look.traits[inner]
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
        inner = np.flatnonzero(~look.opens)
        out[inner] += before[inner - 1]
        out[inner - 1] += behind[inner]
        if look.told:
            places = map(self._place.get, look.told, repeat(len(self._place)))
            told = self._told[:, np.fromiter(places, np.int64, len(look.told))]
            out += np.stack([np.bincount(look.where, own, minlength=len(out)) for own in told], 1)
        return out

    def parts(self, look: Look, k: int, voice: VoiceName, other: VoiceName) -> list[tuple[str, float]]:
        """What speaks for `voice` rather than `other` in sentence `k`, as log-odds, the largest first."""
        one, two = VOICES.index(voice), VOICES.index(other)
        found = [("base", float(self._bias[one] - self._bias[two]))]
        before = -1 if look.opens[k] else k - 1
        behind = -1 if k + 1 == len(look.opens) or look.opens[k + 1] else k + 1
        for side, n, where in zip(self._sides, (k, before, behind), _WHERE, strict=True):
            if n >= 0:
                own = look.traits[n] * (side[:, one] - side[:, two])
                found += [(name + where, x) for name, x in zip(TRAITS, own.tolist(), strict=True)]
        for what, n in zip(look.told, look.where, strict=True):
            if n == k and what in self._place:
                place = self._place[what]
                found.append((what, float(self._told[one, place] - self._told[two, place])))
        return sorted((part for part in found if abs(part[1]) >= 0.005), key=lambda part: -abs(part[1]))

    def chances(self, look: Look) -> Floats:
        """(sentences, `VOICES`): probabilities."""
        odds = self.odds(look)
        raised = np.exp(odds - odds.max(1, keepdims=True))
        chances: Floats = raised / raised.sum(1, keepdims=True)
        return chances


def listen(ear: Ear, seen: Look, texts: Sequence[Ruled]) -> list[tuple[tuple[Voice, ...], list[Spoken]]]:
    """For each text the ranges and the sentences' voices, as the ear hears them.

    The ranges of the rules stay; a sentence that is surely not the author's and has none is one range, and its speaker
    is the one heard before it in its paragraph.
    """
    chances = ear.chances(seen)
    best = (chances * LEAN).argmax(1).tolist()
    whole = (seen.traits[:, _STRONG_SHARE] > WHOLE).tolist()
    bare = (seen.traits[:, 2] + seen.traits[:, 3] == 0) & (chances.max(1) >= SURE)
    each = zip(best, whole, bare.tolist(), strict=True)
    author: Spoken = ("author", None, False)
    found: list[tuple[tuple[Voice, ...], list[Spoken]]] = []
    for text in texts:
        spoken: list[Spoken] = []
        added = []
        headed = text.heard.headed
        before, last = author, -1
        for s, ruled, (heard, kept, alone) in zip(text.sentences, text.spoken, each, strict=False):
            start, end, paragraph, junk = s
            ruling = kept or start in headed or end in headed
            said = VOICES[heard] if heard or not ruling else ruled[0]
            if junk or said == "author":
                before = author
            else:
                voice, speaker, vague = ruled
                if voice == "author" and before is not author and last == paragraph:
                    _, speaker, vague = before
                before = (said, speaker, vague)
                if alone and said != "mixed":
                    added.append(Voice(start, end, said, speaker, vague, None, None, True))
            spoken.append(before)
            last = paragraph
        voices = with_asides(text.heard, added)
        found.append((voices, spoken))
    return found
