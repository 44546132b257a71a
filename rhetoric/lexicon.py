"""Load, compile and match the lexicons: TOML files of terms, one a category, in a folder a signal."""

from __future__ import annotations

import gc
import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from rhetoric.lexicon_files import (
    ANY,
    CASES,
    DEFAULT,
    EXACT,
    FILLERS,
    HYPHEN,
    HYPHENS,
    LOWER,
    QUOTES,
    UNKNOWN,
    WORD_BITS,
    Category,
    compile_files,
    digest_of,
    lexicon_files,
    read_forms,
    shipped_folder,
)
from rhetoric.records import SIGNALS, Signal, tuples
from rhetoric.segment import Words
from rhetoric.word_numbers import Numbers, number_words

COMPILED = "compiled.json"
CLOSING = (*QUOTES, "”", "’")
HASH_BITS = 19
SMALL = frozenset((
    "of", "the", "and", "for", "in", "on", "a", "an", "to", "at", "de", "al", "&", "this", "that", "these", "those",
    "our", "my", "his", "her", "its", "their", "your", "but", "no", "such", "as", "by", "or", "if",
))  # fmt: skip
"""Capitalised they make no name; in lower case they may stand inside one."""


class Term(NamedTuple):
    """One entry. `why` is the term's note, or its category's sentence; a higher grade means stronger."""

    signal: Signal
    category: str
    text: str
    grade: int
    why: str
    neutral: str | None
    rare: str | None
    inflect: str
    """noun, verb or none; adjective for a word that describes another, which is then part of the phrase."""
    company: int
    """Too mild to count alone: how many strong terms must stand in its sentence or the ones beside it."""


class Match(NamedTuple):
    """Where a term stands: words `begin` to `end` (half-open), and its index in `Lexicons.terms`."""

    begin: int
    end: int
    term: int


@dataclass(frozen=True, slots=True, eq=False)
class Lexicons:
    """Compiled lexicons. `version` is a hash of the files they were made from."""

    terms: tuple[Term, ...]
    shown: list[tuple[Signal, str, str, int, str | None] | None]
    """What a hit of each term is evidence of: signal, category, why, grade, neutral word; None for a charged one."""
    verbs: list[str]
    """By term: its text, where it is a reporting word."""
    categories: tuple[Category, ...]
    version: str
    folders: tuple[Path, ...]
    _ids: dict[str, int]
    _starts: list[list[int]]
    """The one, two and three words, as a key, that the forms at each place of `_forms` begin with."""
    _forms: list[Any]
    """Forms as text until they are first met; nothing at place 0."""
    _numbers: Numbers
    """`_ids` by hash."""
    _alone: NDArray[np.intp]
    """Where in `_forms` is what begins with each word; 0 for nothing."""
    _pairs: tuple[NDArray[np.int64], NDArray[np.intp]]
    _triples: tuple[NDArray[np.int64], NDArray[np.intp]]
    """What begins with two and three words, sorted, and where it is in `_forms`."""
    _maybe: NDArray[np.bool_]
    """True at the hash of each two or three words that begin a form."""
    _rules: list[int]
    """By term: the number of its negations times the number of case rules, plus its case rule."""
    _negations: list[list[list[int]]]
    _negates: NDArray[np.bool_]
    _fillers: frozenset[int]

    def match(self, words: Words, first: NDArray[np.bool_]) -> list[Match]:
        """Every hit of every signal, by place; within a signal the longest first, left to right, never overlapping.

        Parameters
        ----------
        words
            The words of one text, or of many in a row.
        first
            True for each word that begins a sentence or a quotation. No hit runs across one.
        """
        return matches_of(self.hits(words, first))

    def hits(self, words: Words, first: NDArray[np.bool_]) -> NDArray[np.int64]:
        """What `match` gives, as three rows: where hits begin, where they end, their terms."""
        ids = self._numbers.look_up(words.hashes)
        place = _without_hyphens(ids, words)
        if place is not None:
            ids, first = ids[place], first[place]
        capital = words.capital if place is None else words.capital[place]
        inner = np.append(np.where(first, UNKNOWN, ids), (UNKNOWN, UNKNOWN))
        two = _hash(ids, inner[1:-1])
        of_two, of_three = self._maybe[two], self._maybe[_hash(two, inner[2:])]
        spots = np.flatnonzero((self._alone[ids] > 0) | of_two | of_three)
        forms = self._places(ids, inner, spots, of_two[spots], of_three[spots])
        spots, forms = spots[forms > 0], forms[forms > 0]
        seen = _Seen(ids, first, capital, words, place)
        begins: list[int] = []
        ends: list[int] = []
        terms: list[int] = []
        until = [0] * len(SIGNALS)
        last = [-1] * len(SIGNALS)
        rules = self._rules
        known = self._forms
        columns = (spots, forms, capital[spots], self._after_negation(ids, spots))
        for i, at, big, no in zip(*(column.tolist() for column in columns), strict=True):
            own = known[at]
            if own.__class__ is str:
                own = self._read(at)
            for signal, term, size, shape, rest in own:
                if (i < until[signal] and term >= 0) or (rest and inner[i + 3 : i + size].tolist() != rest):
                    continue
                end = i + size
                if term < 0:
                    if (hit := last[signal]) >= 0 and ends[hit] > i and terms[hit] == -1 - term:
                        terms[hit] = -1
                    until[signal] = max(until[signal], end)
                    continue
                if big or rules[term]:
                    negation, case = divmod(rules[term], len(CASES))
                    if (case > ANY or (big and case == DEFAULT)) and not seen.case_allows(i, size, case, shape):
                        continue
                    if no and negation and self._is_negated(seen, i, negation - 1):
                        until[signal] = end
                        continue
                until[signal], last[signal] = end, len(terms)
                begins.append(i)
                ends.append(end)
                terms.append(term)
        hits = np.array((begins, ends, terms), np.int64)[:, np.array(terms, np.int64) >= 0]
        if place is not None:
            hits[:2] = place[hits[0]], place[hits[1] - 1] + 1
        return hits

    def _places(
        self,
        ids: NDArray[np.int32],
        inner: NDArray[np.int32],
        spots: NDArray[np.intp],
        of_two: NDArray[np.bool_],
        of_three: NDArray[np.bool_],
    ) -> NDArray[np.intp]:
        """Where in `_forms` is what begins at each spot, with as many words in common as can be; 0 for nothing."""
        found = self._alone[ids[spots]]
        two = np.flatnonzero(of_two | of_three)
        keys = ids[spots[two]].astype(np.int64) << WORD_BITS | inner[spots[two] + 1]
        three = np.flatnonzero(of_three[two])
        longer = keys[three] << WORD_BITS | inner[spots[two[three]] + 2]
        for which, key, (known, places) in ((two, keys, self._pairs), (two[three], longer, self._triples)):
            at = known.searchsorted(key)
            hit = known[at] == key
            found[which[hit]] = places[at[hit]]
        return found

    def forms(self, term: int) -> tuple[list[str], list[str]]:
        """Every form in which a term is found, and every exception to it; hyphens are written as spaces."""
        names = {number: word for word, number in self._ids.items()}
        found: tuple[list[str], list[str]] = ([], [])
        places = count(1)
        for size, start in enumerate(self._starts, 1):
            for key, place in zip(start, places):  # noqa: B905
                known = [names[key >> WORD_BITS * k & (1 << WORD_BITS) - 1] for k in reversed(range(size))]
                for _, index, length, _, rest in self._read(place):
                    if index in (term, -1 - term) and length == size + len(rest):
                        found[index < 0].append(" ".join([*known, *(names[number] for number in rest)]))
        return sorted(found[0]), sorted(found[1])

    def _read(self, place: int) -> list[tuple[int, int, int, str, list[int]]]:
        """The forms at a place, made of their text when they are first asked for."""
        if isinstance(self._forms[place], str):
            self._forms[place] = read_forms(self._forms[place])
        return cast(list[tuple[int, int, int, str, list[int]]], self._forms[place])

    def _after_negation(self, ids: NDArray[np.int32], spots: NDArray[np.intp]) -> NDArray[np.bool_]:
        """True for each spot with a negating word, of whatever category, among the four words before it."""
        negates = np.concatenate((np.zeros(4, np.bool_), self._negates[ids]))
        near: NDArray[np.bool_] = negates[spots] | negates[spots + 1] | negates[spots + 2] | negates[spots + 3]
        return near

    def _is_negated(self, seen: _Seen, i: int, negation: int) -> bool:
        """True where a negating word stands before word `i`, with at most two fillers and a quotation mark between."""
        for _ in range(4):
            if i == 0 or (seen.first[i] and seen.words.lower[seen.at(i) - 1] not in QUOTES):
                return False
            before = seen.ids[max(i - 4, 0) : i].tolist()
            if any(before[-len(phrase) :] == phrase for phrase in self._negations[negation]):
                return True
            if before[-1] not in self._fillers:
                return False
            i -= 1
        return False


class _Seen:
    """Texts in a row while they are matched: word numbers without joining hyphens, and what capitals mean."""

    __slots__ = ("capital", "capitals", "first", "headlines", "ids", "place", "shouts", "starts", "words")

    def __init__(
        self,
        ids: NDArray[np.int32],
        first: NDArray[np.bool_],
        capital: NDArray[np.bool_],
        words: Words,
        place: NDArray[np.intp] | None,
    ) -> None:
        self.ids, self.words, self.place = ids, words, place
        self.first, self.capital = first.tobytes(), capital.tobytes()
        """As bytes, of which one is read five times faster than from an array."""
        self.capitals, self.shouts = words.capital.tobytes(), words.shout.tobytes()
        """With joining hyphens."""
        self.starts: list[int] = np.flatnonzero(first).tolist()
        self.headlines: dict[int, bool] = {}

    def at(self, i: int) -> int:
        """The place of word `i` in the text's own words, joining hyphens counted."""
        return i if self.place is None else self.place.item(i)

    def case_allows(self, i: int, size: int, case: int, shape: str) -> bool:
        """True unless the capitals of words `i` to `i + size` speak against a hit."""
        if case == EXACT:
            return self._is_shaped(i, shape)
        if case == LOWER:
            return 1 not in self.capital[i + self.first[i] : i + size] or self._in_headline(i)
        if self.shouts[self.at(i)]:
            return True
        if self._is_title(i, size):
            return False
        for k in range(i + 1, i + size):
            if not self.capital[k] and self.words.lower[self.at(k)] not in SMALL:
                return True
        return not (self._name_before(i) or self._name_after(i, i + size)) or self._in_headline(i)

    def _is_shaped(self, i: int, shape: str) -> bool:
        """True where each word is lower case, Capitalised or SHOUTED as `shape` says.

        A term with a capital may begin a sentence with its small first word capitalised; one all in lower case may not.
        """
        opens = self.first[i] and shape != "l" * len(shape)
        for k, want in enumerate(shape):
            j = self.at(i + k)
            have = "s" if self.shouts[j] else "c" if self.capitals[j] else "l"
            if have != want and not (want == "l" and have == "c" and k == 0 and opens):
                return False
        return True

    def _is_title(self, i: int, size: int) -> bool:
        """True where quotation marks inside a sentence hold just these capitalised words: the name of a work."""
        words, begin = self.words, self.at(i)
        if begin < 2 or words.lower[begin - 1] not in QUOTES:
            return False
        end = self.at(i + size - 1) + 1
        return end < len(words.lower) and words.lower[end] in CLOSING and words.word.item(begin - 2)

    def _name_before(self, i: int) -> bool:
        """True where the word before, in the same sentence, is capitalised as part of a name."""
        if self.first[i] or i == 0:
            return False
        j = self.at(i) - 1
        words = self.words
        if words.lower[j] == "." and j and 0 < words.start.item(j) - words.start.item(j - 1) < 5:
            return bool(self.capitals[j - 1])
        return bool(self.capitals[j]) and words.lower[j] not in SMALL

    def _name_after(self, i: int, end: int) -> bool:
        """True where word `end`, in the sentence of word `i` that does not begin with it, is capitalised."""
        return end < len(self.ids) and not self.first[end] and not self.first[i] and bool(self.capital[end])

    def _in_headline(self, i: int) -> bool:
        """True where capitals tell nothing: most long words of the sentence have one, and no full stop ends it."""
        number = bisect_right(self.starts, i)
        if number not in self.headlines:
            words = self.words
            begin = self.at(self.starts[number - 1]) if number else 0
            end = self.at(self.starts[number]) if number < len(self.starts) else len(words.lower)
            long = words.word[begin:end] & (words.end[begin:end] - words.start[begin:end] > 3)
            count = np.count_nonzero(long)
            capitals = np.count_nonzero(long & words.capital[begin:end])
            shouts = np.count_nonzero(long & words.shout[begin:end])
            stops = "." in words.lower[max(begin, end - 2) : end] and shouts < count
            self.headlines[number] = bool(count >= 3 and capitals >= 0.75 * count and not stops)
        return self.headlines[number]


def matches_of(hits: NDArray[np.int64]) -> list[Match]:
    """What `Lexicons.hits` gives, as records."""
    return list(map(_match, zip(*hits.tolist(), strict=True)))


_match = tuples(Match)


def _without_hyphens(ids: NDArray[np.int32], words: Words) -> NDArray[np.intp] | None:
    """Places of all words except hyphens that join two; None where there are none."""
    hyphens = np.flatnonzero(ids == HYPHEN)
    hyphens = hyphens[(hyphens > 0) & (hyphens < len(ids) - 1)]
    joins = hyphens[
        (words.end[hyphens - 1] == words.start[hyphens]) & words.word[hyphens - 1] & words.word[hyphens + 1]
    ]
    if not len(joins):
        return None
    keep = np.ones(len(ids), np.bool_)
    keep[joins] = False
    return np.flatnonzero(keep)


def _hash(a: NDArray[np.integer[Any]], b: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """A small number for each pair; 0, where no form is, if the second word is unknown or the first number is 0."""
    mixed = (a.astype(np.int64) * 40503 + b.astype(np.int64) * 30011) & ((1 << HASH_BITS) - 1) | 1
    return np.where((a == 0) | (b == UNKNOWN), 0, mixed)


def _sorted(keys: NDArray[np.int64], place: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The keys in order, closed by one that none reaches, and their places, counted from `place` as they stand."""
    order = np.argsort(keys)
    return np.append(keys[order], np.iinfo(np.int64).max), order + place


def bear_out(needed: Sequence[int], sentences: Sequence[int]) -> list[bool]:
    """Whether each charged hit counts: a mild one needs strong ones in its sentence and the ones beside it.

    Parameters
    ----------
    needed
        For each hit, how many strong ones it needs: `Term.company`; a strong one needs none.
    sentences
        For each hit, the number of its sentence.
    """
    strong = Counter(k for k, company in zip(sentences, needed, strict=True) if not company)
    return [
        not company or strong[k - 1] + strong[k] + strong[k + 1] >= company
        for k, company in zip(sentences, needed, strict=True)
    ]


def load(*folders: Path, shipped: bool = True) -> Lexicons:
    """The shipped lexicons with the terms of `folders` added; a later term replaces an earlier one of the same text.

    Parameters
    ----------
    folders
        Folders of TOML files, `SIGNAL/CATEGORY.toml` in each.
    shipped
        False leaves the shipped lexicons out.

    Raises
    ------
    LexiconError
        For any mistake in a file, by file, key and value.
    """
    every = ((shipped_folder(),) if shipped else ()) + tuple(map(Path, folders))
    files = [{path: path.read_bytes() for path in lexicon_files(folder)} for folder in every]
    digest = digest_of(files)
    caches = ([shipped_folder() / COMPILED] if shipped and not folders else []) + [_cache_file(digest)]
    with no_collection():
        for cache in caches:
            if compiled := _read_cache(cache, digest):
                return _assemble(compiled, every)
    compiled = compile_files(files, digest)
    with suppress(OSError):  # a cache that cannot be written only costs time
        _write(caches[-1], orjson.dumps(compiled))
    return _assemble(compiled, every)


@contextmanager
def no_collection() -> Iterator[None]:
    """Garbage collection switched off: ten thousand records that all stay would make it run again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def write_compiled() -> Path:
    """Compile the shipped lexicons and write the result beside them, where `load` looks first; gives its path."""
    files = [{path: path.read_bytes() for path in lexicon_files(shipped_folder())}]
    target = shipped_folder() / COMPILED
    _write(target, orjson.dumps(compile_files(files, digest_of(files)), option=orjson.OPT_APPEND_NEWLINE))
    return target


def _cache_file(digest: str) -> Path:
    """Where lexicons that are not shipped compiled are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(home) / "rhetoric" / f"lexicons-{digest[:16]}.json"


def _read_cache(path: Path, digest: str) -> dict[str, Any] | None:
    """The compiled lexicons in `path`, or None where it is missing, broken or of other files."""
    try:
        compiled = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return compiled if isinstance(compiled, dict) and compiled.get("digest") == digest else None


def _write(path: Path, data: bytes) -> None:
    """Write aside and rename, so that no reader meets half a file."""
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as aside:
        aside.write(data)
    Path(aside.name).replace(path)


def _assemble(compiled: dict[str, Any], folders: tuple[Path, ...]) -> Lexicons:
    """Lexicons ready to match from their compiled form."""
    categories = tuple(map(Category._make, compiled["categories"]))
    of, texts, grades, notes, neutrals, rares, inflects, companies = compiled["terms"]
    signals, names, whys = ([category[k] for category in categories] for k in range(3))
    columns = (
        [signals[c] for c in of],
        [names[c] for c in of],
        texts,
        grades,
        [note or whys[c] for c, note in zip(of, notes, strict=True)],
        neutrals,
        rares,
        inflects,
        companies,
    )
    terms = tuple(map(tuples(Term), zip(*columns, strict=True)))
    ids = dict(zip(compiled["words"], range(HYPHEN + 1, len(compiled["words"]) + HYPHEN + 1), strict=True))
    ids |= dict.fromkeys(HYPHENS, HYPHEN)
    one, two, three = (np.array(start, np.int64) for start in compiled["starts"])
    alone = np.zeros(len(ids) + 2, np.intp)
    alone[one] = np.arange(1, len(one) + 1)
    low = (1 << WORD_BITS) - 1
    maybe = np.zeros(1 << HASH_BITS, np.bool_)
    maybe[_hash(two >> WORD_BITS, two & low)] = True
    maybe[_hash(_hash(three >> 2 * WORD_BITS, three >> WORD_BITS & low), three & low)] = True
    negates = np.zeros(len(ids) + 2, np.bool_)
    for phrases in compiled["negations"]:
        negates[[phrase[-1] for phrase in phrases]] = True
    shown = zip(*(columns[k] for k in (0, 1, 4, 3, 5)), strict=True)
    return Lexicons(
        terms=terms,
        shown=[None if one[0] == "charged" else one for one in shown],
        verbs=[term.text if term.signal == "attribution" else "" for term in terms],
        categories=categories,
        version=compiled["digest"][:12],
        folders=folders,
        _ids=ids,
        _starts=compiled["starts"],
        _forms=[[], *compiled["forms"]],
        _numbers=number_words(ids, UNKNOWN),
        _alone=alone,
        _pairs=_sorted(two, len(one) + 1),
        _triples=_sorted(three, len(one) + len(two) + 1),
        _maybe=maybe,
        _rules=compiled["rules"],
        _negations=compiled["negations"],
        _negates=negates,
        _fillers=frozenset(ids[word] for word in FILLERS if word in ids),
    )
