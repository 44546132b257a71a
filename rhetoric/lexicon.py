"""Load, compile and match the lexicons: TOML files of terms, one a category, in a folder a signal."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from rhetoric.lexicon_files import (
    CASES,
    FILLERS,
    HYPHEN,
    HYPHENS,
    UNKNOWN,
    Category,
    compile_files,
    digest_of,
    lexicon_files,
    shipped_folder,
)
from rhetoric.records import SIGNALS, Signal
from rhetoric.segment import Words

SMALL = ("of", "the", "and", "for", "in", "on", "a", "an", "to", "at", "de", "al", "&", "this", "that", "these",
         "those", "our", "my", "his", "her", "its", "their", "your", "but", "no", "such", "as", "by", "or", "if")  # fmt: skip
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


class Match(NamedTuple):
    """Where a term stands: words `begin` to `end` (half-open), and its index in `Lexicons.terms`."""

    begin: int
    end: int
    term: int


class _Rule(NamedTuple):
    """What must hold before a term is a hit: the case rule and which words before it negate it."""

    case: int
    negation: int


@dataclass(frozen=True, slots=True, eq=False)
class Lexicons:
    """Compiled lexicons. `version` is a hash of the files they were made from."""

    terms: tuple[Term, ...]
    categories: tuple[Category, ...]
    version: str
    folders: tuple[Path, ...]
    _ids: dict[str, int]
    _solo: dict[int, list[Any]]
    _pairs: dict[int, list[Any]]
    _starts: NDArray[np.bool_]
    _table: NDArray[np.bool_]
    _rules: list[_Rule | None]
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
        ids = np.fromiter(map(self._ids.get, words.lower, repeat(UNKNOWN)), np.int32, len(words.lower))
        place = _without_hyphens(ids, words)
        if place is not None:
            ids, first, capital = ids[place], first[place], words.capital[place]
        else:
            capital = words.capital
        inner = np.where(first, UNKNOWN, ids)
        wanted = self._starts[ids]
        wanted[:-1] |= self._table[_hash(ids[:-1], inner[1:])]
        spots = np.flatnonzero(wanted)
        negated = np.zeros(len(ids) + 4, np.bool_)
        negates = self._negates[ids]
        for shift in (1, 2, 3):
            negated[shift : shift + len(ids)] |= negates
        seen = _Seen(ids.tolist(), [*inner.tolist(), UNKNOWN, UNKNOWN], first, capital, words, place)
        found: list[tuple[int, int, int] | None] = []
        until = [0] * len(SIGNALS)
        last = [-1] * len(SIGNALS)
        ids_list, inner_list = seen.ids, seen.inner
        pairs, solo, rules = self._pairs, self._solo, self._rules
        nothing: list[Any] = []
        for i, big, no in zip(spots.tolist(), capital[spots].tolist(), negated[spots].tolist(), strict=True):
            a = ids_list[i]
            for forms in (pairs.get(a << 20 | inner_list[i + 1], nothing), solo.get(a, nothing)):
                for signal, term, size, rest, shape in forms:
                    if (i < until[signal] and term >= 0) or (rest and inner_list[i + 2 : i + size] != rest):
                        continue
                    if term < 0:
                        before = last[signal]
                        if i < until[signal] and before >= 0 and (hit := found[before]) and hit[1] - hit[0] <= size:
                            found[before] = None
                        until[signal] = max(until[signal], i + size)
                        last[signal] = -1
                        continue
                    rule = rules[term]
                    if rule is not None:
                        if (big or rule.case > 1) and not seen.case_allows(i, size, rule.case, shape):
                            continue
                        if no and rule.negation >= 0 and self._is_negated(seen, i, rule.negation):
                            until[signal], last[signal] = i + size, -1
                            continue
                    until[signal], last[signal] = i + size, len(found)
                    found.append((i, i + size, term))
        if place is None:
            return [Match(*hit) for hit in found if hit]
        where = place.tolist()
        return [Match(where[hit[0]], where[hit[1] - 1] + 1, hit[2]) for hit in found if hit]

    def _is_negated(self, seen: _Seen, i: int, negation: int) -> bool:
        """True where a negating word stands before word `i`, with at most two fillers between."""
        ids, inner = seen.ids, seen.inner
        for _ in range(3):
            if inner[i] == UNKNOWN and seen.first[i]:
                return False
            i -= 1
            if i < 0:
                return False
            if any(ids[max(i + 1 - len(phrase), 0) : i + 1] == phrase for phrase in self._negations[negation]):
                return True
            if ids[i] not in self._fillers:
                return False
        return False


class _Seen:
    """One text while it is matched: word numbers without joining hyphens, and what capitals mean in it."""

    __slots__ = ("capital", "first", "headline", "ids", "inner", "place", "words")

    def __init__(
        self,
        ids: list[int],
        inner: list[int],
        first: NDArray[np.bool_],
        capital: NDArray[np.bool_],
        words: Words,
        place: NDArray[np.intp] | None,
    ) -> None:
        self.ids, self.inner, self.first, self.capital = ids, inner, first, capital
        self.words, self.place = words, place
        self.headline: NDArray[np.bool_] | None = None

    def at(self, i: int) -> int:
        """The place of word `i` in the text's own words, joining hyphens counted."""
        return i if self.place is None else int(self.place[i])

    def case_allows(self, i: int, size: int, case: int, shape: str) -> bool:
        """True unless the capitals of words `i` to `i + size` speak against a hit."""
        if case == CASES.index("exact"):
            return self._is_shaped(i, shape)
        capital = self.capital[i : i + size]
        if case == CASES.index("lower"):
            rest = capital[1:] if self.first[i] else capital
            return not rest.any() or self._in_headline(i)
        if self.words.shout[self.at(i)]:
            return True
        for k in range(1, size):
            if not capital[k] and self.words.lower[self.at(i + k)] not in SMALL:
                return True
        return self._in_headline(i) or not (self._name_before(i) or self._name_after(i + size, bool(self.first[i])))

    def _is_shaped(self, i: int, shape: str) -> bool:
        """True where each word is lower case, Capitalised or SHOUTED as `shape` says."""
        for k, want in enumerate(shape):
            j = self.at(i + k)
            have = "s" if self.words.shout[j] else "c" if self.words.capital[j] else "l"
            if have != want and not (want == "l" and have == "c" and k == 0 and self.first[i]):
                return False
        return True

    def _name_before(self, i: int) -> bool:
        """True where the word before, in the same sentence, is capitalised as part of a name."""
        if self.first[i] or i == 0:
            return False
        j = self.at(i) - 1
        words = self.words
        if words.lower[j] == "." and j and 0 < words.start[j] - words.start[j - 1] < 5:
            return bool(words.capital[j - 1])
        return bool(words.capital[j]) and words.lower[j] not in SMALL

    def _name_after(self, i: int, opens: bool) -> bool:
        """True where word `i`, in the same sentence, is capitalised; `opens` tells that the match begins a sentence."""
        if i >= len(self.ids) or self.first[i] or opens:
            return False
        return bool(self.capital[i])

    def _in_headline(self, i: int) -> bool:
        """True where most long words of the sentence are capitalised, so that a capital tells nothing."""
        if self.headline is None:
            words = self.words
            long = words.word & (words.end - words.start > 3)
            if self.place is not None:
                long = long[self.place]
            sentence = np.cumsum(self.first)
            count = np.bincount(sentence, long)
            capitals = np.bincount(sentence, long & self.capital)
            self.headline = ((capitals >= 0.75 * count) & (count >= 3))[sentence]
        return bool(self.headline[i])


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


def _hash(a: NDArray[np.int32], b: NDArray[np.int32]) -> NDArray[np.int32]:
    """A number below 2**18 for each pair of words; 0 only where the second is unknown."""
    return np.where(b == UNKNOWN, 0, (a * 40503 + b * 30011) & 0x3FFFF | 1)


def load(*folders: Path) -> Lexicons:
    """The shipped lexicons with the terms of `folders` added; a later term replaces an earlier one of the same text.

    Parameters
    ----------
    folders
        Folders of TOML files, `SIGNAL/CATEGORY.toml` in each.

    Raises
    ------
    LexiconError
        For any mistake in a file, by file, key and value.
    """
    shipped = shipped_folder()
    files = [lexicon_files(folder) for folder in (shipped, *map(Path, folders))]
    content = {path: path.read_bytes() for listed in files for path in listed}
    digest = digest_of(content, files)
    caches = [_cache_file(digest)] if folders else [shipped / "compiled.json", _cache_file(digest)]
    for cache in caches:
        if compiled := _read_cache(cache, digest):
            return _assemble(compiled, (shipped, *map(Path, folders)))
    compiled = compile_files([{path: content[path] for path in listed} for listed in files], digest)
    _write(caches[-1], orjson.dumps(compiled))
    return _assemble(compiled, (shipped, *map(Path, folders)))


def write_compiled() -> Path:
    """Compile the shipped lexicons again and write `compiled.json` beside them; gives its path."""
    shipped = shipped_folder()
    files = lexicon_files(shipped)
    content = {path: path.read_bytes() for path in files}
    target = shipped / "compiled.json"
    data = orjson.dumps(compile_files([content], digest_of(content, [files])), option=orjson.OPT_APPEND_NEWLINE)
    target.write_bytes(data)
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
    """Write aside and rename, so that no reader meets half a file; nothing where the folder cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as aside:
            aside.write(data)
        Path(aside.name).replace(path)
    except OSError:
        return


def _assemble(compiled: dict[str, Any], folders: tuple[Path, ...]) -> Lexicons:
    """Lexicons ready to match from their compiled form."""
    categories = tuple(map(Category._make, compiled["categories"]))
    terms = tuple(
        Term(categories[c].signal, categories[c].category, text, grade, note or categories[c].why, neutral, rare)
        for c, text, grade, note, neutral, rare in compiled["terms"]
    )
    ids = dict(zip(compiled["words"], range(HYPHEN + 1, len(compiled["words"]) + HYPHEN + 1), strict=True))
    ids |= dict.fromkeys(HYPHENS, HYPHEN)
    solo = dict(zip(*compiled["solo"], strict=True))
    pairs = dict(zip(*compiled["pairs"], strict=True))
    starts = np.zeros(len(ids) + 2, np.bool_)
    starts[list(solo)] = True
    table = np.zeros(1 << 18, np.bool_)
    keys = np.fromiter(pairs, np.int64, len(pairs))
    table[_hash((keys >> 20).astype(np.int32), (keys & 0xFFFFF).astype(np.int32))] = True
    negates = np.zeros(len(ids) + 2, np.bool_)
    for phrases in compiled["negations"]:
        negates[[phrase[-1] for phrase in phrases]] = True
    return Lexicons(
        terms=terms,
        categories=categories,
        version=compiled["digest"][:12],
        folders=folders,
        _ids=ids,
        _solo=solo,
        _pairs=pairs,
        _starts=starts,
        _table=table,
        _rules=[_Rule(*rule) if rule else None for rule in compiled["rules"]],
        _negations=compiled["negations"],
        _negates=negates,
        _fillers=frozenset(ids[word] for word in FILLERS if word in ids),
    )
