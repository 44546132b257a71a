"""Who is meant: the fullest name in the article for a surname, a title, a role, a pronoun or a short form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric.records import tuples
from rhetoric.segment import JOINT, Joined, Words
from rhetoric.word_numbers import BASE, number_words


@dataclass(slots=True)
class Lines:
    """The words of a text as plain lists."""

    text: str
    low: list[str]
    start: list[int]
    end: list[int]
    word: list[bool]
    capital: list[bool]
    words: Words
    """The same as arrays."""


class Name(NamedTuple):
    """One capitalised name: a range of words without title and role, and what stands directly before it."""

    begin: int
    end: int
    title: str
    """Title or role before the name in lower case: "mr", "prime minister"."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


COURTESY = {"mr": "he", "mrs": "she", "ms": "she", "miss": "she", "sir": "he", "lord": "he", "lady": "she",
            "king": "he", "queen": "she", "prince": "he", "princess": "she"}  # fmt: skip
TITLES = _set(
    "mr mrs ms miss dr prof professor sir sen senator rep representative gov governor gen general lt col colonel sgt "
    "capt captain maj major adm admiral rev reverend pres president premier chancellor minister secretary judge "
    "justice "
    "mayor ambassador speaker chairman chairwoman chair chief director congressman congresswoman spokesman "
    "spokeswoman spokesperson attorney prime vice deputy leader king queen prince princess pope bishop archbishop "
    "cardinal imam sheikh ayatollah commissioner commander sheriff councillor detective officer father sister brother "
    "lord lady baroness baron analyst economist author correspondent reporter columnist editor lawyer prosecutor "
    "candidate lawmaker activist mp mep msp host anchor democrat republican adviser advisor aide lieutenant "
    "sergeant coach "
    "headmaster founder inspector superintendent undersecretary envoy aide counsel"
)
INITIALS = _set("mr mrs ms dr prof sen rep gov gen lt col sgt rev st jr sr capt maj adm pres") | set(
    "abcdefghijklmnopqrstuvwxyz"
)
ARTICLES = _set("al el ul bin ad as")
OFFICES = _set(
    "of national intelligence state defense defence treasury the homeland security energy labor commerce "
    "education staff police interior "
    "foreign affairs health justice finance information opposition majority minority house senate deputy general"
)
JOINTS = _set("of de del della di da van von der den bin ibn al el ul ad as la le & ' - ’ .")
"""What may stand between two capitalised words of one name."""
NO_NAME = _set(
    "the a an this that these those his her their its our my your he she it they we i you who what when where why how "
    "which whose if but and or so yet nor for in on at by to from of with without as after before while since because "
    "although though until unless once during under over between among against despite according also even only just "
    "still then now here there not no yes all some many most few several each every both either neither such one two "
    "three four five six seven eight nine ten first second third last next other another more less much is are was "
    "were be "
    "has have had do does did will would can could may might must shall should let don't it's that's there's he's "
    "she's they're we're i'm i've we've however meanwhile moreover instead indeed perhaps maybe later earlier "
    "today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december jan feb aug sept oct nov dec mon tue wed thu fri "
    "about above across along around behind below beyond like near off through toward towards up upon down out into "
    "never ever always often sometimes again too very well ok please well said says asked told added why new nobody "
    "nothing none everybody everyone everything anybody anyone anything somebody someone something people "
    "critics experts "
    "analysts observers officials sources supporters opponents others whether therefore thus hence regarding given "
    "consumed seemingly advertisement besides otherwise likewise similarly "
    "accordingly consequently nevertheless nonetheless furthermore additionally "
    "finally recently currently ultimately eventually clearly obviously sadly unfortunately fortunately surely "
    "certainly ironically apparently naturally they'll i'll we'll you'll he'll she'll it'll they'd i'd we'd you'd he'd "
    "she'd they've you've you're isn't aren't wasn't doesn't didn't can't won't that'll there'll here's what's who's"
)
MONTHS = _set(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday christmas easter"
)
ORGANISED = _set(
    "house party department ministry university college institute council committee agency bureau court office bank "
    "group association union federation foundation company corporation corp inc ltd commission congress senate "
    "parliament army navy force forces guard police times post journal news press network church center centre "
    "administration government club league society alliance coalition movement front brotherhood army street avenue "
    "square airport hospital school act bill law war treaty deal agreement states nations kingdom republic emirates "
    "city county state island islands river sea ocean east west north south korea york kremlin pentagon "
    "action campaign fund trust service services board authority command media radio television tv magazine daily "
    "post herald tribune gazette command corps institution committee board union america democrats republicans "
    "liberals conservatives americans day week"
)
PLACES = _set(
    "new hong san los las saudi north south east west northern southern eastern western central united sri el "
    "white islamic middle great costa puerto sierra rio santa st port fort lake mount cape black red dead supreme "
    "federal national international general american african asian european muslim christian jewish british "
    "russian chinese european twitter fox cbs nbc abc cnn bbc al"
)
"""First words of names that are no persons' names."""
PLURAL_VAGUE = _set(
    "critics experts analysts observers officials sources supporters opponents some many others most people insiders "
    "commentators pundits scholars scientists researchers economists reports rumours rumors skeptics sceptics "
    "detractors activists advocates historians authorities few several everyone anyone somebody someone one "
    "reporters witnesses diplomats politicians lawmakers voters residents locals source official critic expert "
    "analyst observer insider those majority percent respondents person man woman rumour rumor"
)
"""Heads of a source that is answerable to nobody."""
OWNED = _set("the his her their its")
"""A noun phrase that begins so names one party."""
BREAKS = _set(
    "of for in at from with on by to who which that whose where against about under among between during near over "
    "including and or but as close familiar briefed"
)


class Cast:
    """The names of one article, and what its surnames, roles and short forms stand for."""

    __slots__ = ("_begins", "_by_last", "_by_role", "_fullest", "_gender", "_persons", "_short", "line", "names")

    def __init__(self, line: Lines, names: list[Name]) -> None:
        self.line = line
        self.names = names
        """Every name in order."""
        self._begins = [name.begin for name in names]
        self._by_last: dict[str, list[Name]] = {}
        self._by_role: dict[str, set[str]] = {}
        self._gender: dict[str, set[str]] = {}
        self._fullest: dict[str, str] = {}
        self._persons: dict[int, bool] = {}
        self._short: dict[str, str] | None = None
        self._index(names)

    def _index(self, names: list[Name]) -> None:
        low = self.line.low
        for name in names:
            _, end, title = name
            last = low[end - 1]
            alike = self._by_last.get(last)
            if alike is None:
                self._by_last[last] = [name]
            else:
                alike.append(name)
            if title:
                last_title = title.rsplit(" ", 1)[-1]
                if last_title in COURTESY:
                    self._gender.setdefault(last, set()).add(COURTESY[last_title])
                else:
                    self._by_role.setdefault(title, set()).add(last)
                    if all(w in TITLES or w in OFFICES for w in title.split()):
                        self._by_role.setdefault(last_title, set()).add(last)

    def _long(self, letters: str) -> str | None:
        """The name that a short form such as "nhu" stands for."""
        if self._short is None:
            low, capital = self.line.low, self.line.capital
            self._short = {}
            for name in reversed(self.names):
                if name.end - name.begin > 1:
                    initials = "".join(low[k][0] for k in range(name.begin, name.end) if capital[k])
                    self._short[initials] = self.written(name.begin, name.end)
        return self._short.get(letters) if len(letters) > 1 else None

    def between(self, begin: int, end: int) -> list[Name]:
        """The names that overlap a range of words."""
        names = self.names
        first = bisect_left(self._begins, begin)
        if first and names[first - 1].end > begin:
            first -= 1
        return names[first : bisect_left(self._begins, end)]

    def written(self, begin: int, end: int) -> str:
        """The words as the text has them, on one line."""
        text = self.line.text[self.line.start[begin] : self.line.end[end - 1]]
        return " ".join(text.split()) if "\n" in text or "  " in text else text

    def gender(self, last: str) -> str:
        """The pronoun that a title gives the bearer of a surname, or nothing."""
        known = self._gender.get(last, ())
        return next(iter(known)) if len(known) == 1 else ""

    def full(self, name: Name) -> str:
        """The fullest form of the name in the article; the name as written where several bear it."""
        begin, end, _ = name
        low = self.line.low
        key = low[begin] if end - begin == 1 else " ".join(low[begin:end])
        found = self._fullest.get(key)
        if found is None:
            found = self._fullest[key] = self._find_full(name, low[begin:end])
        return found

    def _find_full(self, name: Name, own: list[str]) -> str:
        line = self.line
        longest = name
        for other in self._by_last.get(own[-1], ()):
            size, first = other.end - other.begin, line.low[other.begin]
            if size <= len(own) or len(own) > 1 and own[0] != first:
                continue
            if longest is name or line.low[longest.begin] == first or len(own) > 1:
                if size > longest.end - longest.begin:
                    longest = other
            else:
                return self.written(name.begin, name.end)
        if longest is name and len(own) == 1:
            word = self.written(name.begin, name.end)
            return (self._long(own[0]) or word) if word.isupper() else word
        return self.written(longest.begin, longest.end)

    def surnamed(self, last: str) -> str | None:
        """The fullest name that ends with this word and is not shouted."""
        for name in self._by_last.get(last, ()):
            full = self.full(name)
            if not full.isupper():
                return full
        return None

    def is_person(self, name: Name) -> bool:
        """True for a name with a title or role, and for one whose last word stands alone elsewhere."""
        size = name.end - name.begin
        alike = self._by_last[self.line.low[name.end - 1]]
        named = 1 < size < 4 and self.line.low[name.begin] not in PLACES
        return named or any(n.title or n.end - n.begin != size for n in alike)

    def can_be_person(self, name: Name) -> bool:
        """True for a person's name that is no body's and not shouted."""
        known = self._persons.get(name.begin)
        if known is None:
            line = self.line
            known = self._persons[name.begin] = (
                ORGANISED.isdisjoint(line.low[name.begin : name.end])
                and not line.text[line.start[name.begin] : line.end[name.end - 1]].isupper()
                and self.is_person(name)
            )
        return known

    def person(self, full: str) -> bool:
        """Whether a full name is a person's."""
        last = full.split()[-1].lower()
        return any(self.is_person(name) for name in self._by_last.get(last, ()))

    def resolve(self, begin: int, end: int) -> str | None:
        """Who the noun phrase names: a full name, a role as written, or None for a pronoun or a generic source."""
        line = self.line
        low, capital = line.low, line.capital
        while begin < end and (
            low[begin] in {"but", "and", "as", "so", "then", "yet", "while", ","} or not line.word[begin]
        ):
            begin += 1
        if begin >= end:
            return None
        inside = self.between(begin, end)
        if len(inside) == 1 and inside[0].begin <= begin and inside[0].end >= end:
            return self.full(inside[0])
        if len(inside) > 1 and inside[-1].end == end and "and" in low[inside[-2].end : inside[-1].begin]:
            return f"{self.full(inside[-2])} and {self.full(inside[-1])}"
        if inside and inside[-1].end == end and inside[-1].title and capital[begin]:
            return self.full(inside[-1])
        head = begin
        while head < end and not (low[head] in BREAKS and head > begin) and low[head] != ",":
            head += 1
        last = head - 1
        while last > begin and not line.word[last]:
            last -= 1
        for name in reversed(inside):
            if name.begin <= last < name.end:
                return self.full(name)
        word = low[last]
        if inside and inside[-1].end == last and word.endswith("s") and word not in ORGANISED:
            return self.full(inside[-1])
        if word in TITLES and capital[last] and low[head : head + 1] == ["of"] and inside and inside[-1].end == end:
            office = self.written(begin, end)  # "The President of the Republic"
            return office[0].lower() + office[1:] if low[begin] == "the" else office
        if word in PLURAL_VAGUE or word in NO_NAME or capital[last]:
            return None
        if low[begin] == "the":
            role = " ".join(low[begin + 1 : head])
            known = self._by_role.get(role) or self._by_role.get(word) or set()
            if len(known) == 1:
                return self.full(self._by_last[next(iter(known))][0])
            if word in TITLES or known:
                return None
        if head - begin > 5 or (low[begin] not in OWNED and not any(w == "'s" for w in low[begin:head])):
            return None
        role = self.written(begin, head)
        return role[0].lower() + role[1:] if low[begin] in OWNED else role


def cast_of(text: str, words: Words) -> Cast:
    """The names of one article."""
    return cast_all((text,), Joined(words, [0], [0, len(words.lower)]), (words,))[0]


def cast_all(texts: Sequence[str], joined: Joined, words: Sequence[Words]) -> list[Cast]:
    """The names of several articles, whose words are also `joined`: faster than one by one."""
    word, capital = joined.words.word.tolist(), joined.words.capital.tolist()
    names = _find_names(texts, joined)
    casts = []
    for text, own, begin, named in zip(texts, words, joined.places, names, strict=False):
        end = begin + len(own.lower)
        line = Lines(text, own.lower, own.starts, own.ends, word[begin:end], capital[begin:end], own)
        casts.append(Cast(line, named))
    return casts


_NO_NAME, _JOINT, _INITIAL, _TITLE, _ARTICLE, _OF, _THE, _STOP, _DASH, _INSIDE = (1 << k for k in range(10))
_SETS = (NO_NAME, JOINTS, INITIALS, TITLES, ARTICLES, {"of"}, {"the"}, {"."}, {"-"}, set(",-'’(&"))
"""Behind a word of the last set no sentence begins."""
_KINDS = number_words({w: sum((w in own) << k for k, own in enumerate(_SETS)) for w in frozenset().union(*_SETS)}, 0)
"""Which of `_SETS` each word is in, a bit each."""


def _find_names(texts: Sequence[str], joined: Joined) -> list[list[Name]]:
    """Every run of capitalised words that is a name, in order, for each text; links between its words belong to it."""
    words, low = joined.words, joined.words.lower
    size = len(low)
    kind, near = np.zeros(size + 3, np.uint16), np.zeros(size + 3, np.bool_)
    capital, word = near.copy(), near.copy()
    kind[:size], capital[:size], word[:size] = _KINDS.look_up(words.hashes), words.capital, words.word
    near[1:size] = words.start[1:] - words.end[:-1] <= 2
    lines = np.fromiter(map(len, JOINT.join(texts).split("\n")), np.int64) + 1
    near[words.start.searchsorted(np.cumsum(lines)[:-1])] = False  # a line ends before the word

    named = capital & (kind & _NO_NAME == 0)
    follows = near & ~capital
    follows[1:] &= named[:-1]
    goes_on = near & named
    goes_on[1:] &= named[:-1]
    stop = kind & _STOP > 0
    stop[1:] &= kind[:-1] & _INITIAL == 0
    link = (follows & (kind & _JOINT > 0) & ~stop)[:-1] & named[1:]
    goes_on[:-1] |= link
    goes_on[1:] |= link & near[1:]
    of_the = ((kind & _OF > 0)[:-1] & (kind & _THE > 0)[1:]) | ((kind & _ARTICLE > 0)[:-1] & (kind & _DASH > 0)[1:])
    both = (of_the & follows[:-1] & ~capital[1:])[:-1] & capital[2:]
    goes_on[:-2] |= both
    goes_on[1:-1] |= both
    goes_on[2:] |= both & named[2:] & near[2:]

    # a run is a capitalised word and all behind it that go on from the word before
    edges = np.flatnonzero(~goes_on[: size + 1])
    first = named[edges[:-1]]
    begins, ends = edges[:-1][first], edges[1:][first]

    is_title = kind & _TITLE > 0
    before: NDArray[np.int64] = np.cumsum(is_title) - is_title
    titled = (before[ends - 1] > before[begins]) | is_title[begins - 1]
    kept = (ends - begins > 2) | ~is_title[ends - 1]
    opens = np.flatnonzero((ends - begins == 1) & ~word[begins - 1] & (kind[begins - 1] & _INSIDE == 0))
    kept[opens] &= ~_are_small(joined, begins[opens])
    titles = [""] * len(begins)
    for k in np.flatnonzero(titled & (kept | (ends - begins > 1))).tolist():
        begin, end = int(begins[k]), int(ends[k])
        begins[k], titles[k] = start, _ = _cut_title(words, begin, end)
        kept[k] = end - start > 2 or low[end - 1] not in TITLES
    cuts = begins.searchsorted(joined.places).tolist()
    by = np.repeat(joined.places[:-1], np.diff(cuts))
    names = list(map(_name, zip((begins - by).tolist(), (ends - by).tolist(), titles, strict=True)))
    return [list(compress(names[a:b], kept[a:b].tobytes())) for a, b in pairwise(cuts)]


_name = tuples(Name)


def _are_small(joined: Joined, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the words at `places` stand in the same text without a capital, too."""
    words = joined.words
    text = np.repeat(np.arange(len(joined.places) - 1, dtype=np.uint64), np.diff(joined.places))
    keys = words.hashes + text * np.uint64(BASE)
    asked = np.zeros(1 << 16, np.bool_)
    asked[keys[places] >> np.uint64(48)] = True
    small = set(keys[asked[keys >> np.uint64(48)] & ~words.capital].tolist())
    return np.array([key in small for key in keys[places].tolist()], np.bool_)


def _cut_title(words: Words, begin: int, end: int) -> tuple[int, str]:
    """Where a name begins without its titles and offices, and these, or the title in small letters before it."""
    low = words.lower
    start = begin
    for t in range(end - 2, begin - 1, -1):
        if low[t] in TITLES:
            start = begin if t == end - 2 and low[t + 1] in ORGANISED else t + 1
            break
    if start > begin:
        while start < end - 1 and not words.word[start]:
            start += 1
        while start < end - 1 and (low[start] in OFFICES or low[start] in TITLES):
            start += 1
        if low[start - 1] in ("of", "the") and end - start < 3:  # "President of the Republic" is no Republic's title
            return start, ""
        return start, " ".join(w for w in low[begin:start] if w != ".")
    back = begin
    while back > 0 and low[back - 1] in TITLES and not words.capital[back - 1]:
        back -= 1
    return begin, " ".join(low[back:begin])


def is_vague(line: Lines, source: tuple[int, int] | None) -> bool:
    """Whether the source is generic and answerable to nobody: "critics", "some experts", "sources in the army"."""
    if source is None:
        return False
    begin, end = source
    low = line.low
    if PLURAL_VAGUE.isdisjoint(low[begin:end]):
        return False
    head = min(begin + 1, end)
    while head < end and low[head] not in BREAKS:
        head += 1
    return low[head - 1] in PLURAL_VAGUE and not any(line.capital[begin + 1 : head])


def people(cast: Cast, begin: int, end: int) -> list[Name]:
    """The names between two words that can be persons."""
    return [name for name in cast.between(begin, end) if cast.can_be_person(name)]


def sentence_start(line: Lines, k: int, lo: int) -> int:
    """Where the sentence round word `k` begins, or `lo`."""
    low = line.low
    while k > lo and not (low[k - 1] in _ENDS and low[k - 2] not in INITIALS):
        k -= 1
    while k < len(low) - 1 and not line.word[k]:
        k += 1
    return k


_ENDS = frozenset(".?!")
