"""Words and sentences with exact offsets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import sentencex
from numpy.typing import NDArray

from rhetoric.junk import is_junk
from rhetoric.records import tuples
from rhetoric.word_numbers import Hashes, Numbers, hash_ranges

SPACE, LETTER, DIGIT, APOSTROPHE, POINT, MARK = range(6)
"""Classes of characters; POINT is a full stop or comma, which can stand inside a number."""


@dataclass(frozen=True)
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
    number: NDArray[np.bool_]
    """The first character is a digit."""
    hashes: Hashes
    """Of `lower`."""
    met: NDArray[np.int32]
    """The number of each among the words met in any text, or -1; see `Chosen`."""

    @cached_property
    def starts(self) -> list[int]:
        """`start` as a plain list."""
        return _plain_numbers(self.start)

    @cached_property
    def ends(self) -> list[int]:
        """`end` as a plain list."""
        return _plain_numbers(self.end)


def _plain_numbers(places: NDArray[np.int32]) -> list[int]:
    """Numbers in rising order as a list; the small ones are not made anew, which takes half the time."""
    known = _small()
    numbers: list[int] = (known[places] if len(places) and places[-1] < len(known) else places).tolist()
    return numbers


@cache
def _small() -> NDArray[np.object_]:
    """Numbers from 0, as many as most texts have characters."""
    return np.arange(1 << 14).astype(np.object_)


class Joined(NamedTuple):
    """Several texts as one, a `JOINT` between them."""

    words: Words
    """A joint is a word too."""
    offsets: list[int]
    """Where each text begins, and where one more would."""
    places: list[int]
    """The same in words."""


JOINT = "\0"
"""Belongs to no word and no sentence."""


@cache
def _classes() -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Class and upper case of every character of the basic plane."""
    chars = np.arange(0x10000, dtype=np.uint32).view("U1")
    kind = np.full(len(chars), MARK, np.uint8)
    kind[np.char.isspace(chars)] = SPACE
    kind[np.char.isdigit(chars)] = DIGIT
    kind[np.char.isalpha(chars)] = LETTER
    kind[0x300:0x370] = LETTER
    for codes, own in (("'’", APOSTROPHE), (".,", POINT), ("\u200b\ufeff\u00ad", SPACE)):
        kind[list(map(ord, codes))] = own
    upper = np.char.isupper(chars)
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
    return find_all_words((text,))[1][0]


def find_all_words(texts: Sequence[str]) -> tuple[Joined, list[Words]]:
    """The words of several texts in one row, and of each text: faster than one by one."""
    offsets = [0, *accumulate(len(text) + 1 for text in texts)]
    joined = _find(JOINT.join([*texts, ""]), JOINT.join([*map(fold, texts), ""]))
    places = joined.start.searchsorted(np.array(offsets, np.int32)).tolist()
    each = []
    for offset, (begin, past) in zip(offsets, pairwise(places), strict=False):
        part = slice(begin, past - 1)
        each.append(
            Words(
                joined.start[part] - np.int32(offset),
                joined.end[part] - np.int32(offset),
                joined.lower[part],
                joined.word[part],
                joined.capital[part],
                joined.shout[part],
                joined.number[part],
                joined.hashes[part],
                joined.met[part],
            )
        )
    return Joined(joined, offsets, places), each


def _find(text: str, folded: str) -> Words:
    """The words and marks of a text that is not empty; `folded` is what `fold` makes of it."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    table, upper_table = _classes()
    near = np.minimum(codes, 0xFFFF)
    kind, upper = table.take(near), upper_table.take(near)
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
    capital = upper[start]
    second = np.minimum(start + 1, len(codes) - 1)
    shout = capital & (end - start > 1) & upper[second]
    hashes = hash_ranges(np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32), start, end)
    lower, met = _cut(folded, start, end, hashes)
    return Words(start, end, lower, inside[start], capital, shout, kind[start] == DIGIT, hashes, met)


MOST_MET, LONGEST_MET = 1 << 15, 40


class _Met:
    """The first `MOST_MET` words of any text, none of `LONGEST_MET` letters: their strings are not made again."""

    def __init__(self) -> None:
        self.numbers = Numbers(np.zeros(0, np.uint64), np.zeros(0, np.int32), -1, room=MOST_MET)
        self.words = np.empty(MOST_MET, np.object_)
        self.count = 0


_met = cache(_Met)


def _cut(
    folded: str, start: NDArray[np.int32], end: NDArray[np.int32], hashes: Hashes
) -> tuple[list[str], NDArray[np.int32]]:
    """The words of a text and their numbers, most of them met before: two of one hash are taken for one."""
    met = _met()
    at = met.numbers.look_up(hashes)
    words = met.words[at]
    new = np.flatnonzero(at < 0)
    if len(new):
        words[new] = [folded[s:e] for s, e in zip(start[new].tolist(), end[new].tolist(), strict=True)]
        new = new[end[new] - start[new] < LONGEST_MET]
        kept, first = np.unique(hashes[new], return_index=True)
        kept, first = kept[: MOST_MET - met.count], first[: MOST_MET - met.count]
        places = np.arange(met.count, met.count + len(kept), dtype=np.int32)
        met.words[places] = words[new[first]]
        met.numbers.add(kept, places)
        met.count += len(kept)
        at[new] = met.numbers.look_up(hashes[new])
    return words.tolist(), at


class Chosen:
    """Picks the words of any text for which `test` holds; it is asked once for each word met."""

    def __init__(self, test: Callable[[str], bool]) -> None:
        self._test = test
        self._holds = np.zeros(MOST_MET, np.bool_)
        self._asked = 0

    def __call__(self, words: Words) -> NDArray[np.intp]:
        """The places of the words for which the test holds."""
        met = _met()
        fresh = slice(self._asked, met.count)
        self._holds[fresh] = [*map(self._test, met.words[fresh])]
        self._asked = met.count
        found = self._holds[words.met]
        unmet = np.flatnonzero(words.met < 0)
        found[unmet] = [self._test(words.lower[i]) for i in unmet.tolist()]
        return np.flatnonzero(found)


LONGEST_LINE = 8_000
"""Longer lines are split in pieces, because sentencex takes quadratic time over open quotation marks."""
LONG_QUOTE = 400
"""Sentences end inside a quotation that is longer."""
WIDEST_WRAP = 120
"""Text with a longer line is not hard-wrapped."""
WRAPPED_SHARE = 0.3
"""So many line ends of hard-wrapped text stand between a word and a small letter."""
WIDE_SPACES = "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LINE_ENDS = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")
OPENING, CLOSING = "“‘«„([", "\"'”’»"
BRACKETS = dict.fromkeys(map(ord, '"“”„«»()[]'), " ")

TITLES = frozenset(
    "Mr. Mrs. Ms. Mx. Dr. Prof. Messrs. Sen. Sens. Rep. Reps. Gov. Govs. Pres. Amb. Atty. Hon. Rev. Msgr. Fr. Gen. Lt. "  # noqa: SIM905
    "Col. Maj. Capt. Cpt. Cmdr. Cdr. Adm. Sgt. Cpl. Pvt. Brig. Supt. Insp. Det. Sec. Dep. Asst. v. vs. cf. e.g. i.e. "
    "viz. approx. ca.".split()
)
"""Never the last word of a sentence, where a letter, a digit or a currency follows."""
PLACES = frozenset({"St.", "Ste.", "Mt.", "Ft."})
"""Never the last word of a sentence, where the next word does not look like the first of one."""
NUMBERED = frozenset(
    "no. nos. ch. vol. vols. fig. figs. eq. ex. art. arts. para. p. pp. bn. c. circa.".split()  # noqa: SIM905
)
"""Never the last word of a sentence, where a digit follows."""
STARTERS = (
    "The|A|An|He|She|It|They|We|I|You|This|That|These|Those|There|Here|But|And|Or|So|Yet|Nor|In|On|At|As|If|When|"
    "While|After|Before|Since|Because|Although|Though|However|Still|Then|Now|Not|No|Yes|What|Who|Why|How|Where|His|"
    "Her|Their|Its|Our|My|Your|One|Some|Many|Most|All|Both|Each|Every|Nobody|Everyone|For|From|With|Without|Only|Even"
)
"""Words that begin a sentence where the mark before them leaves it open."""
STARTER = re.compile(rf"(?:{STARTERS})\b")
MISSED_END = re.compile(rf"(?:…|\.\.\.|\. \.)[\"”’)]*\s+(?=(?:{STARTERS})\b)")
BRACKETED = re.compile(r"\([^()]+[.!?][\"”’]?\)\s+(?=[A-Z“\"])")
SMALL_WORD = re.compile(r"[a-zà-öø-ÿ]+(?![\w@/]|[.:][\w/])")
CLOCK_TAIL = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)"
    r"|[A-Z]{1,2}[SD]?T\b|Eastern|Central|Pacific"
)
NUMBER = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)\]]{1,2}")
INITIAL = re.compile(r"(?:^|[\W_])[A-Z]\.$")
TAIL = re.compile(r"[\"”’»)\]]*\s*")
SAYS = re.compile(
    r"(?!(?:He|She|They|It|We|I|You|Who|What|That|This|The)\b)(?:[A-Z][\w.’'-]*\s+){1,4}"
    r"(?:said|says|asked|asks|added|adds|told|tells|wrote|writes|shouted|cried|replied|tweeted|demanded|wondered|"
    r"exclaimed|yelled|screamed)\b"
)


class Span(NamedTuple):
    """One sentence: `text[start:end]` begins and ends with a character that is no space."""

    start: int
    end: int
    paragraph: int
    """Counts blank-line blocks from 0, or lines where the text has no blank line."""
    junk: bool
    """The sentence is no article: a share link, a byline, a comment form."""


_span = tuples(Span)


def split_sentences(text: str, quotes: Sequence[tuple[int, int]] = ()) -> list[Span]:
    """Return the sentences of `text` in order; text with any character that is no space has at least one.

    Parameters
    ----------
    text
        Any text. A line end ends a sentence, unless the text is hard-wrapped.
    quotes
        Ranges of quotations with their marks, sorted and apart. No sentence ends inside one that is closed and shorter
        than `LONG_QUOTE`, except at a line end.

    Returns
    -------
    list[Span]
        Sorted, apart, without the space around them.

    Examples
    --------
    >>> [s[:2] for s in split_sentences("Dr. Hale left at 5 p.m. on Monday. Nobody saw her.")]
    [(0, 34), (35, 50)]
    """
    spans: list[Span] = []
    start = len(text) - len(text.lstrip())
    lines = _plain(text[start:].rstrip()).splitlines(keepends=True)
    by_block = any(map(str.isspace, lines))
    short = [(s, e) for s, e in quotes if e - s < LONG_QUOTE and text[e - 1] in CLOSING]
    paragraph = 0
    width = _wrap_width(lines)
    for line in _unwrapped(lines, width) if width else lines:
        if line.isspace():
            paragraph += spans[-1].paragraph == paragraph
        else:
            begin = 0
            for end in _ends(line):
                if short and end < len(line) and _inside(short, start + end):
                    continue
                sentence = line[begin:end].strip()
                if sentence:
                    left = start + line.find(sentence[0], begin)
                    spans.append(_span((left, left + len(sentence), paragraph, is_junk(sentence))))
                begin = end
            paragraph += not by_block
        start += len(line)
    return spans


def _plain(text: str) -> str:
    """Return `text` with what sentencex cannot read, wide spaces and lone surrogates, replaced one for one."""
    if text.isascii():
        return text
    for space in WIDE_SPACES:
        text = text.replace(space, " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        return LONE_SURROGATE.sub("\ufffd", text)
    return text


def _unwrapped(lines: list[str], width: int) -> Iterator[str]:
    """Yield the lines of a paragraph that were wrapped by hand at `width` as one."""
    joined = ""
    for line in lines:
        if len(line) > width / 2 and not line.isspace():
            joined += line.translate(LINE_ENDS)
            continue
        if joined and line.isspace():
            yield joined
            yield line
        else:
            yield joined + line
        joined = ""
    if joined:
        yield joined


def _wrap_width(lines: list[str]) -> int:
    """Return the width at which the lines were wrapped by hand, or 0 where they were not."""
    width = max(map(len, lines), default=0)
    if width > WIDEST_WRAP or len(lines) < 3:
        return 0
    ends = [(a.rstrip()[-1], b.lstrip()[0]) for a, b in pairwise(lines) if not a.isspace() and not b.isspace()]
    broken = sum((a.isalnum() or a == ",") and b.islower() for a, b in ends)
    return width if broken > 1 and broken >= len(ends) * WRAPPED_SHARE else 0


def _inside(quotes: list[tuple[int, int]], place: int) -> bool:
    """Tell whether `place` stands between the marks of one of `quotes`."""
    i = bisect_left(quotes, (place,)) - 1
    return i >= 0 and place < quotes[i][1]


def _ends(line: str) -> list[int]:
    """Return where the sentences of a line end, its own end included; white space may stand round them."""
    pieces = sentencex.segment("en", line) if len(line) <= LONGEST_LINE else _pieces(line)
    unsure = "…" in line or ".." in line or ". ." in line or "(" in line
    if len(pieces) == 1 and not unsure and len(line) < LONG_QUOTE:
        return [len(line)]
    ends: list[int] = []
    begin = end = 0
    for i, piece in enumerate(pieces, 1):
        end += len(piece)
        cut = end
        if i < len(pieces):
            if _goes_on(piece if begin + len(piece) == end else line[begin:end], pieces[i]):
                continue
            while cut > begin and line[cut - 1] in OPENING:
                cut -= 1
        if cut > begin:
            if unsure or cut - begin > LONG_QUOTE:
                ends += [begin + inner for inner in _missed(line[begin:cut])]
            ends.append(cut)
        begin = cut
    return ends


def _pieces(line: str) -> list[str]:
    """Return the segments of a line that is too long to be split at once."""
    pieces: list[str] = []
    start = 0
    while start < len(line):
        window = line[start : start + LONGEST_LINE]
        if start + LONGEST_LINE < len(line):
            cut = max(window.rfind(mark) for mark in (". ", "? ", "! ", ".” ", '." ')) + 1
            window = window[: cut or window.rfind(" ") + 1 or LONGEST_LINE]
        pieces += sentencex.segment("en", window)
        start += len(window)
    return pieces


def _goes_on(before: str, after: str) -> bool:
    """Tell whether the sentence `before` does not end where sentencex ended it."""
    if before[-1] == "." and INITIAL.search(before, len(before) - 3 if len(before) > 3 else 0):
        return True
    after = after.lstrip()
    before = before.strip()
    if not after or not before:
        return False
    head, last = after[0], before[before.rfind(" ") + 1 :]
    if head.islower():
        return not before[0].islower() and SMALL_WORD.match(after) is not None
    if last[-1] in CLOSING:
        return last[-2:-1] in ("?", "!") and SAYS.match(after) is not None
    if len(last) > 9:
        return False
    last = last.lstrip("(\"“‘'[")
    if last[last.rfind("-") + 1 :] in TITLES or (last in PLACES and not STARTER.match(after)):
        return head.isalnum() or head in "$£€"
    if head.isdigit() and last.lower() in NUMBERED:
        return True
    if last in ("a.m.", "p.m."):
        return CLOCK_TAIL.match(after) is not None
    return len(before) < 7 and NUMBER.fullmatch(before) is not None


def _missed(sentence: str) -> list[int]:
    """Return where sentences end inside what sentencex took for one: at dots, after brackets, in a long quotation."""
    ends: list[int] = []
    if "…" in sentence or ".." in sentence or ". ." in sentence:
        ends += [m.end() for m in MISSED_END.finditer(sentence) if _outside(sentence[: m.end()])]
    if sentence.startswith("(") and (bracketed := BRACKETED.match(sentence)):
        ends.append(bracketed.end())
    if len(sentence) > LONG_QUOTE:
        end = 0
        for piece in sentencex.segment("en", sentence.translate(BRACKETS)):
            begin, end = end, end + len(piece)
            tail = TAIL.match(sentence, begin + len(piece.rstrip()))
            cut = tail.end() if tail else end
            if cut < len(sentence) and not _goes_on(sentence[begin:cut], sentence[cut:]):
                ends.append(cut)
    return sorted(set(ends))


def _outside(text: str) -> bool:
    """Tell whether every quotation begun in `text` has ended."""
    return text.count("“") <= text.count("”") and text.count('"') % 2 == 0
