"""What the model sees of a text: words as numbers with every name masked, and a row of counts a sentence.

Training and scoring share this module, so that both see the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.ear import Ear, Ruled, Spoken, listen, look
from rhetoric.lexicon import Lexicons, Match, matches_of
from rhetoric.quotes import Quote, find_quotes
from rhetoric.records import CATEGORIES, SIGNALS, VOICES, Voice, tuples
from rhetoric.segment import Span, Words, find_all_words, find_words, split_sentences
from rhetoric.signals import Evidence, find_evidence, find_spots
from rhetoric.speakers import Cast, cast_all
from rhetoric.voice import Cue, find_opinions, find_voices, sentence_voices, with_asides
from rhetoric.word_numbers import BASE, Hashes, number_words

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]

PAD, UNKNOWN, NAME, NUMBER = range(4)
"""Ids that stand for no word: outside the sentence, unknown, a masked name, a number."""
SPECIAL = ("<pad>", "<unknown>", "<name>", "<number>")
ORDINARY, OFTEN, MOSTLY = range(3)
"""How often a word is capitalised inside sentences, that is, part of a name."""
SAME = {"an": "a", "”": '"', "“": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "–": "—", "―": "—"}
"""Words and marks that count as one."""
COLUMNS = tuple((signal, category) for signal in SIGNALS for category in CATEGORIES[signal] if category != "model")
GRADES = 3
COUNTED = {
    '"': "quotation marks",
    "?": "question mark",
    "!": "exclamation mark",
    ",": "commas",
    ":": "colon",
    "<name>": "names",
    "<number>": "numbers",
    "i": "“I”",
    "we": "“we”",
    "you": "“you”",
    "said": "“said”",
    "not": "“not”",
    "'s": "“’s”",
}
"""Words and marks that are counted, with what the count is called."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One text, read up to the point where scoring begins."""

    text: str
    words: Words
    spans: list[Span]
    sentence: Ints
    """The sentence of each word."""
    first: NDArray[np.bool_]
    """True for each word that begins a sentence or a quotation."""
    quotes: list[Quote]
    matches: list[Match]
    matched: NDArray[np.bool_]
    """True for each word of a match."""
    evidence: list[Evidence]
    """What lexicons and code find."""
    ranges: Ints
    """Where it stands: (evidence, 2), in characters."""
    held: NDArray[np.int64]
    """Its words: (evidence, 2), half-open."""
    columns: list[int]
    """Its categories, as places in `COLUMNS`."""
    graded: list[int]
    """Which of it is charged and has a grade."""
    cast: Cast
    voices: tuple[Voice, ...]
    spoken: list[Spoken]
    """Voice, speaker and vagueness of each sentence."""
    other: NDArray[np.bool_]
    """True for each word that is not in the author's voice."""


def prepare(
    text: str, lexicons: Lexicons, *, spans: list[Span] | None = None, heard: bool = True, ear: Ear | None = None
) -> Reading:
    """`text` read as far as scoring needs it.

    Parameters
    ----------
    text, lexicons
        What to read, and the lists to match.
    spans
        Sentences in place of those that would be found; labels bring their own.
    heard
        False leaves out voices and evidence, which word vectors do without.
    ear
        The trained part of voice; without it, the rules alone say whose a sentence is.
    """
    return prepare_all((text,), lexicons, spans=None if spans is None else (spans,), heard=heard, ear=ear)[0]


def prepare_all(
    texts: Sequence[str],
    lexicons: Lexicons,
    *,
    spans: Sequence[list[Span]] | None = None,
    heard: bool = True,
    ear: Ear | None = None,
) -> list[Reading]:
    """What `prepare` gives for each of several texts: faster than one by one."""
    joined, words = find_all_words(texts)
    quotes = [find_quotes(text) for text in texts]
    if spans is None:
        spans = [
            split_sentences(text, [(q.start, q.end) for q in own if not q.depth])
            for text, own in zip(texts, quotes, strict=True)
        ]
    size, start = len(joined.words.lower), joined.words.start
    moved = list(zip(joined.offsets, spans, quotes, strict=False))
    begins = start.searchsorted(np.array([offset + s.start for offset, own, _ in moved for s in own], np.int32))
    quoted = start.searchsorted(np.array([offset + q.start + 1 for offset, _, own in moved for q in own], np.int32))
    first = np.zeros(size + 1, np.bool_)
    first[begins] = first[quoted] = first[np.array(joined.places[1:], np.intp) - 1] = True
    sentence = np.cumsum(np.bincount(begins, minlength=size + 1), dtype=np.int32)
    hits = lexicons.hits(joined.words, first[:size])
    matched = _within(hits[:2].T, size)
    edges = hits[0].searchsorted(joined.places).tolist()
    hits[:2] -= np.repeat(np.array(joined.places[:-1], np.int64), np.diff(edges))
    matches = [matches_of(hits[:, begin:end]) for begin, end in pairwise(edges)]
    casts = cast_all(texts, joined, words)
    voices: list[tuple[Voice, ...]] = [()] * len(texts)
    spoken: list[list[Spoken]] = [[("author", None, False)] * len(own) for own in spans]
    evidence: list[list[Evidence]] = [[] for _ in texts]
    if heard:
        opinions = find_opinions(joined.words, joined.places)
        ruled = [*map(partial(rule, lexicons), casts, spans, quotes, matches, opinions)]
        if ear:
            told = listen(ear, look(joined, ruled), ruled)
            voices, spoken = [own for own, _ in told], [own for _, own in told]
        else:
            voices, spoken = [with_asides(own.heard) for own in ruled], [own.spoken for own in ruled]
        spots = find_spots(joined.words, joined.places)
        evidence = [
            find_evidence(*found, lexicons, own)
            for found, own in zip(zip(texts, words, spans, quotes, matches, strict=True), spots, strict=True)
        ]
    turns = [(v.start + by, v.end + by) for by, own in zip(joined.offsets, voices, strict=False) for v in own]
    other = _within(start.searchsorted(np.array(turns, np.int32).reshape(-1, 2)), size)
    by = np.repeat(np.array(joined.offsets[:-1], np.int32), [*map(len, evidence)])
    sides = [np.array([e[side] for own in evidence for e in own], np.int32) for side in (0, 1)]
    ranges = np.stack(sides, 1)
    held = start.searchsorted(ranges + by[:, None])
    readings, before, shown = [], 0, 0
    for k, text in enumerate(texts):
        begin, end, own = joined.places[k], joined.places[k + 1] - 1, evidence[k]
        readings.append(
            Reading(
                text, words[k], spans[k], np.maximum(sentence[begin:end] - np.int32(before + 1), 0), first[begin:end],
                quotes[k], matches[k], matched[begin:end], own, ranges[shown : shown + len(own)],
                held[shown : shown + len(own)] - begin,
                [*map(_column, own)], [k for k, e in enumerate(own) if e.signal == "charged" and e.grade],
                casts[k], voices[k], spoken[k], other[begin:end],
            )
        )  # fmt: skip
        before += len(spans[k])
        shown += len(own)
    return readings


def _within(ranges: NDArray[np.integer[Any]], size: int) -> NDArray[np.bool_]:
    """True for each of `size` words that one of the half-open ranges holds."""
    begin, end = ranges.T
    held: NDArray[np.bool_] = (
        np.cumsum(np.bincount(begin, minlength=size + 1) - np.bincount(end, minlength=size + 1)) > 0
    )
    return held


def rule(
    lexicons: Lexicons,
    cast: Cast,
    spans: list[Span],
    quotes: list[Quote],
    matches: list[Match],
    opinions: list[int] | None = None,
) -> Ruled:
    """A text with the voices that the rules find; `opinions` are what `find_opinions` gives for it, where known."""
    cues = find_cues(matches, lexicons)
    found = find_voices(cast.line.text, cast.line.words, spans, quotes, cues, cast=cast, opinions=opinions)
    return Ruled(cast.line, spans, quotes, cues, found, sentence_voices(spans, found.voices))


def overheard(text: str, lexicons: Lexicons, ear: Ear) -> dict[int, tuple[str, list[tuple[str, float]]]]:
    """Where the ear gives a sentence another voice than the rules: theirs, and what spoke for its own against it."""
    reading = prepare(text, lexicons, ear=ear)
    ruled = rule(lexicons, reading.cast, reading.spans, reading.quotes, reading.matches)
    seen = look(find_all_words((text,))[0], (ruled,))
    pairs = enumerate(zip(reading.spoken, ruled.spoken, strict=True))
    return {k: (was[0], ear.parts(seen, k, now[0], was[0])) for k, (now, was) in pairs if now[0] != was[0]}


def find_cues(matches: Sequence[Match], lexicons: Lexicons) -> list[Cue]:
    """The reporting words among `matches`."""
    verbs = lexicons.verbs
    return [_cue((begin, end, verb)) for begin, end, k in matches if (verb := verbs[k])]


_cue = tuples(Cue)


def _pair(ids: NDArray[np.integer[Any]], following: Hashes) -> Hashes:
    """A small number for each pair of a word, by its id, and the one behind it, by its hash."""
    found: Hashes = (ids.astype(np.uint64) * np.uint64(BASE) + following) >> np.uint64(48)
    return found


class Vocabulary:
    """The words the model knows, and the names it must not see.

    Parameters
    ----------
    words
        Known words in the order of their ids, after `SPECIAL`.
    flags
        `ORDINARY`, `OFTEN` or `MOSTLY` for each.
    names
        Lists of forms: `any` (however written), `capital` (only with a capital), `exact` (only so); `groups` of words
        that count as the first of their group.
    """

    def __init__(self, words: Sequence[str], flags: Sequence[int], names: dict[str, list[list[str]]]) -> None:
        self.words = (*SPECIAL, *words)
        self.names = names
        ids = {word: i for i, word in enumerate(self.words)}
        self._flags = [ORDINARY] * len(SPECIAL) + list(flags)
        for group in names["groups"]:
            if group[0] in ids:
                ids.update(dict.fromkeys(group[1:], ids[group[0]]))
        ids.update({word: ids[same] for word, same in SAME.items() if same in ids})
        self.size = len(self.words)
        alone: dict[str, list[int]] = {"any": [], "capital": []}
        self._tails: dict[int, dict[str, list[tuple[list[str], str, list[str]]]]] = {}
        forms = [(kind, form) for kind in ("any", "capital", "exact") for form in names[kind]]
        lines = [" ".join(form) for _, form in forms]
        found = find_words("\n".join(lines))  # all at once: four thousand calls take a fifth of a second
        edges = np.searchsorted(found.start, np.cumsum([0, *(len(line) + 1 for line in lines)])).tolist()
        seconds: list[tuple[int, int]] = []
        for (kind, form), (begin, end) in zip(forms, pairwise(edges), strict=True):
            tokens = found.lower[begin:end]
            head = ids.setdefault(tokens[0], len(ids) + self.size)
            if len(tokens) == 1 and kind in alone:
                alone[kind].append(head)
            else:
                second = tokens[1] if len(tokens) > 1 else ""
                seconds.append((head, begin + 1 if second else -1))
                self._tails.setdefault(head, {}).setdefault(second, []).append((tokens, kind, form))
        top = max(ids.values(), default=0) + 2
        self._any, self._capital, self._opens = (np.zeros(top, np.bool_) for _ in range(3))
        self._any[alone["any"]] = True
        self._capital[alone["capital"]] = True
        self._opens[list(self._tails)] = True
        heads, places = np.array(seconds, np.int64).reshape(-1, 2).T
        several = places >= 0
        self._sole = np.zeros(top, np.bool_)
        self._sole[heads[~several]] = True
        self._maybe = np.zeros(1 << 16, np.bool_)
        self._maybe[_pair(heads[several], found.hashes[places[several]])] = True
        self._flag = np.zeros(top, np.uint8)
        self._flag[: self.size] = self._flags
        self.ids = ids
        self._numbers = number_words(ids, -1)
        letters = np.fromiter((w[0].isalpha() for w in self.words), np.bool_, self.size)
        self.evidence = letters | (np.arange(self.size) == UNKNOWN)
        """True for ids that can be evidence: words, not names, numbers or marks."""
        self._the, self._of = ids.get("the", top), ids.get("of", top)

    @property
    def flags(self) -> list[int]:
        """`ORDINARY`, `OFTEN` or `MOSTLY` of each word after `SPECIAL`."""
        return self._flags[len(SPECIAL) :]

    def _listed(
        self,
        ids: Ints,
        hashes: Hashes,
        capital: NDArray[np.bool_],
        readings: Sequence[Reading],
        offsets: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """True for each word of a listed name. Of a name of several words, one of the first two has a capital."""
        mask = self._any[ids] | (self._capital[ids] & capital)
        near = capital.copy()
        near[:-1] |= capital[1:]
        spots = np.flatnonzero(self._opens[ids] & near)
        following = hashes[np.minimum(spots + 1, len(hashes) - 1)]
        spots = spots[self._sole[ids[spots]] | self._maybe[_pair(ids[spots], following)]]
        owners = np.searchsorted(offsets, spots, "right") - 1
        for i, r in zip(spots.tolist(), owners.tolist(), strict=True):
            words, k = readings[r].words, i - int(offsets[r])
            tails = self._tails[int(ids[i])]
            second = words.lower[k + 1] if k + 1 < len(words.lower) else ""
            for tail, kind, form in (*tails.get(second, ()), *tails.get("", ())):
                size = len(tail)
                if size > 1 and words.lower[k : k + size] != tail:
                    continue
                if kind == "exact" and readings[r].text[words.start[k] : words.end[k + size - 1]] != " ".join(form):
                    continue
                mask[i : i + size] = True
        return mask

    def encode(self, readings: Sequence[Reading]) -> Stream:
        """The words of all `readings` in one row, names masked and run together.

        A listed name, and any other capitalised word inside a sentence, becomes `NAME`, together with the names beside
        it, an "of" between and a "the" before them. Words of a lexicon hit keep their weight.
        """
        counts = [len(r.words.lower) for r in readings]
        offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        total = int(offsets[-1])
        bases = np.concatenate(([0], np.cumsum([len(r.spans) for r in readings]))).astype(np.int32)
        join = np.concatenate
        if not total:
            none = np.zeros(0, np.int32)
            return Stream(none, none, none, none.astype(np.bool_), int(bases[-1]), bases, offsets)
        hashes = join([r.words.hashes for r in readings])
        ids = self._numbers.look_up(hashes)
        sentence = join([r.sentence + b for r, b in zip(readings, bases, strict=False)])
        first = join([r.first for r in readings])
        word = join([r.words.word for r in readings])
        capital = join([r.words.capital for r in readings]) & word
        shout = join([r.words.shout for r in readings])
        length = join([r.words.end - r.words.start for r in readings])
        unknown = (ids < 0) | (ids >= self.size)
        flag = self._flag[ids]
        long = (length > 3) & word
        size = int(bases[-1])
        capitals = np.bincount(sentence[long & capital], minlength=size)
        longs = np.bincount(sentence[long], minlength=size)
        headline = (capitals >= 0.6 * longs) & (longs >= 3)
        loose = first | headline[sentence]
        mask = capital & ~loose & ((length > 1) | unknown)
        mask |= capital & loose & (unknown | (flag == MOSTLY))
        mask |= unknown & shout
        mask &= ~(shout & (length > 3) & ~unknown & (flag == ORDINARY))
        mask |= self._listed(ids, hashes, capital, readings, offsets)
        mask &= ~join([r.matched for r in readings])
        same = sentence[1:] == sentence[:-1]
        ahead = np.zeros(total, np.bool_)
        behind = np.zeros(total, np.bool_)
        ahead[:-1] = mask[1:] & same
        mask |= capital & loose & (flag >= OFTEN) & ahead
        ahead[:-1] = mask[1:] & same
        behind[1:] = mask[:-1] & same
        mask |= (ids == self._of) & ahead & behind
        ahead[:-1] = mask[1:] & same
        mask |= (ids == self._the) & ahead
        behind[1:] = mask[:-1] & same
        ids = np.where(unknown, np.int32(UNKNOWN), ids)
        ids[join([r.words.number for r in readings])] = NUMBER
        ids[mask] = NAME
        place = np.flatnonzero(~(mask & behind)).astype(np.int32)
        other = join([r.other for r in readings])
        return Stream(ids[place], sentence[place], place, other[place], size, bases, offsets)


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The words of several readings in one row, as the model sees them; arrays have one entry a word."""

    ids: Ints
    sentence: Ints
    """Counted through all readings."""
    place: Ints
    """Index of the (first) word among all words of all readings."""
    other: NDArray[np.bool_]
    """Not in the author's voice."""
    sentences: int
    bases: Ints
    """Number of the first sentence of each reading, and their sum."""
    offsets: NDArray[np.int64]
    """Index of the first word of each reading, and their sum."""

    def shifted(self, by: int) -> Ints:
        """The id `by` words further in the same sentence, or `PAD`."""
        out = np.zeros_like(self.ids)
        if by == 0:
            return self.ids
        a, b = (slice(by, None), slice(None, -by)) if by > 0 else (slice(None, by), slice(-by, None))
        out[b] = np.where(self.sentence[a] == self.sentence[b], self.ids[a], PAD)
        return out


def hits(readings: Sequence[Reading], stream: Stream) -> tuple[Ints, Ints]:
    """Which word of the stream stands in evidence of which column (`COLUMNS`, then the grades of charged evidence)."""
    held = [r.held + base for r, base in zip(readings, stream.offsets.tolist(), strict=False)]
    held += [r.held[r.graded] + base for r, base in zip(readings, stream.offsets.tolist(), strict=False)]
    columns = [column for r in readings for column in r.columns] + [grade for r in readings for grade in _grades(r)]
    if not columns:
        none = np.zeros(0, np.int32)
        return none, none
    edges = np.searchsorted(stream.place, np.concatenate(held, dtype=np.int32))
    first = edges[:, 0]
    sizes = np.maximum(edges[:, 1] - first, 0)
    rows = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(int(sizes.sum()))
    both = np.sort(rows * WIDTH + np.repeat(np.array(columns), sizes))
    both = both[np.append(True, both[1:] != both[:-1])[: len(both)]]  # `np.unique` would import numpy.ma, 15 ms
    return (both // WIDTH).astype(np.int32), (both % WIDTH).astype(np.int32)


WIDTH = len(COLUMNS) + GRADES
_COLUMN = {key: i for i, key in enumerate(COLUMNS)}


def _column(evidence: Evidence) -> int:
    """The column of a finding's category; a category of a user's own counts as its signal's first."""
    found = _COLUMN.get(evidence[2:4])
    return _COLUMN[evidence.signal, CATEGORIES[evidence.signal][0]] if found is None else found


def _grades(reading: Reading) -> list[int]:
    """The columns of the grades of graded evidence; they stand behind `COLUMNS`."""
    return [len(COLUMNS) - 1 + reading.evidence[k].grade for k in reading.graded]


def sentence_names() -> list[str]:
    """What each column of `sentence_table` counts; the first `PLAIN` are not lexical."""
    lexical = [f"{category} ({signal})" for signal, category in COLUMNS]
    lexical += [f"charged, grade {grade + 1}" for grade in range(GRADES)]
    voices = [f"voice: {voice}" for voice in VOICES]
    plain = ["length", "place in the text", "opens the text", *voices, "vague source", "share not the author's"]
    counts = list(COUNTED.values())
    return [*plain, *counts, *(f"{n}, author" for n in lexical), *(f"{n}, others" for n in lexical)]


PLAIN = 5 + len(VOICES) + len(COUNTED)


def sentence_table(readings: Sequence[Reading], stream: Stream, vocabulary: Vocabulary) -> Floats:
    """One row a sentence, columns as in `sentence_names`, each about 0 to 1."""
    size, ids, sentence = stream.sentences, stream.ids, stream.sentence
    length = np.bincount(sentence, minlength=size).astype(np.float32)
    at_least = np.maximum(length, 1)
    place = np.concatenate([np.arange(len(r.spans), dtype=np.float32) for r in readings]) if readings else length
    voice = np.fromiter((VOICES.index(v) for r in readings for v, _, _ in r.spoken), np.int32, size)
    vague = np.fromiter((g for r in readings for _, _, g in r.spoken), np.bool_, size)
    columns = [np.log1p(length) / 4, np.log1p(place) / 4, place == 0]
    columns += [voice == i for i in range(len(VOICES))]
    columns += [vague, np.bincount(sentence[stream.other], minlength=size) / at_least]
    for word in COUNTED:
        count = np.bincount(sentence[ids == vocabulary.ids.get(word, -1)], minlength=size)
        columns.append(np.minimum(count, 3) / 3)
    cells = []
    for r, base in zip(readings, stream.bases.tolist(), strict=False):
        begins = r.held[:, 0]
        row = ((base + r.sentence[begins]) * 2 + r.other[begins]) * WIDTH
        cells += [row + np.array(r.columns, np.int64), row[r.graded] + np.array(_grades(r), np.int64)]
    table = np.bincount(np.concatenate(cells, dtype=np.int64), minlength=size * 2 * WIDTH) if cells else np.zeros(0)
    lexical = np.minimum(table.reshape(size, 2 * WIDTH), 3) / 3
    return np.concatenate([np.stack(columns, 1).astype(np.float32), lexical.astype(np.float32)], 1)
