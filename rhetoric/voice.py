"""Whose words: the ranges of a text that are not in its author's voice, and the voice of sentences and findings."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from rhetoric.blocks import find_blocks
from rhetoric.grammar import DENYING, REJECTING, ROUNDING, SPEAKING, STUDIES
from rhetoric.quotes import Quote as Quote
from rhetoric.quotes import find_quotes as find_quotes
from rhetoric.records import Voice, VoiceName, maker, tuples
from rhetoric.reporting import Claim, find_frames, is_subject, read_cue, read_opinion
from rhetoric.reporting import Cue as Cue
from rhetoric.reporting import find_opinions as find_opinions
from rhetoric.segment import Span, Words
from rhetoric.speakers import ORGANISED, PLURAL_VAGUE, TITLES, Cast, Lines, cast_of, people, sentence_start


class _Reading(NamedTuple):
    """What stands in one sentence: its words, its claims, the indices of its quotations."""

    lo: int
    hi: int
    claims: list[Claim]
    quotes: list[int]
    opinions: list[Claim]
    """Clauses that a noun makes somebody's word."""


_reading = tuples(_Reading)


def _read(
    line: Lines, sentences: Sequence[Span], outer: Sequence[Quote], cues: Sequence[Cue], opinions: Sequence[int]
) -> dict[int, _Reading]:
    """The claims and quotations of each sentence that has any and is no junk."""
    begins = [s.start for s in sentences]
    frames = find_frames(line, begins)
    if not (outer or cues or opinions or frames):
        return {}
    low = line.low
    active: dict[int, _Reading] = {}
    starts, ends = [q.start for q in outer], [q.end for q in outer]
    bounds = line.words.start.searchsorted(np.array([*begins, len(line.text), *starts, *ends], np.int32)).tolist()
    size, many = len(starts), len(begins) + 1
    opened, closed = bounds[many : many + size], bounds[many + size :]
    del bounds[many:]
    for q, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for n in range(max(bisect_right(begins, start) - 1, 0), bisect_left(begins, end)):
            if n not in active:
                active[n] = _reading((bounds[n], bounds[n + 1], [], [], []))
            active[n].quotes.append(q)
    n = lo = hi = until = 0
    for cue in sorted([*cues, *frames]) if frames else cues:
        begin = cue[0]
        while until < size and opened[until] <= begin:
            until += 1
        if until and begin < closed[until - 1]:
            continue
        if begin >= hi:
            n = bisect_right(bounds, begin) - 1
            lo, hi = bounds[n], bounds[n + 1]
        reading = active.get(n)
        claim = read_cue(line, cue, lo, hi, reading.claims[-1] if reading and reading.claims else None)
        if claim:
            if reading is None:
                reading = active[n] = _reading((lo, hi, [], [], []))
            elif cue.verb in ROUNDING and low[begin - 1] == ",":  # "Hale said it fell, according to the Post"
                reading.claims[:] = [_until(one, begin - 1) for one in reading.claims]
            reading.claims.append(claim)
    for at in opinions:
        q = bisect_right(opened, at)
        n = bisect_right(bounds, at) - 1
        if n < 0 or (q and at < closed[q - 1]):
            continue
        reading = active.get(n) or _reading((bounds[n], bounds[n + 1], [], [], []))
        told = any(b <= at < e for claim in reading.claims for b, e in claim.content)
        if not told and (claim := read_opinion(line, at, reading.lo, reading.hi)):
            active[n] = reading
            reading.opinions.append(claim)
    return {n: active[n] for n in sorted(active) if not sentences[n].junk}


def _until(claim: Claim, end: int) -> Claim:
    """The claim with its content up to a word."""
    return claim._replace(content=tuple((b, min(e, end)) for b, e in claim.content if b < end))


class Heard(NamedTuple):
    """What the rules find in a text."""

    voices: tuple[Voice, ...]
    """The ranges that are not in the author's voice, in order of their start, without `asides`."""
    asides: tuple[Voice, ...]
    """What others say in a sentence that stays the author's: "Hale announced *a plan*"."""
    claims: dict[int, list[Claim]]
    """What reporting words say, by sentence."""
    headed: frozenset[int] = frozenset()
    """Where what headlines report starts and ends, if a person or an office is named before or behind its colon."""


def find_voices(
    text: str,
    words: Words,
    sentences: Sequence[Span],
    quotes: Sequence[Quote],
    cues: Sequence[Cue],
    *,
    cast: Cast | None = None,
    opinions: Sequence[int] | None = None,
) -> Heard:
    """What of `text` is not in its author's voice, by rules; `opinions` are what `find_opinions` gives for it."""
    outer = [q for q in quotes if not q.depth]
    cast = cast or cast_of(text, words)
    line = cast.line
    if opinions is None:
        opinions = find_opinions(words, (0, len(line.low)))[0]
    readings = _read(line, sentences, outer, cues, opinions)
    heard = _Heard(cast, outer)
    named: dict[tuple[int, int], str | None] = {}
    for n, r in readings.items():
        if r.claims:
            heard.enter(sentences[n].paragraph, r.lo, r.hi)
            for claim in r.claims:
                named[claim.cue] = heard.speaker(claim)
    voices = _quoted(cast, sentences, readings, outer, named)
    quoted = [v.start for v in voices], [v.end for v in voices]
    asides: list[Voice] = []
    for r in readings.values():
        for claim in r.claims:
            said = claim.content
            into = voices
            if claim.aside and not any(b <= claim.aside[0] < e for other in r.claims for b, e in other.content):
                said, into = (claim.aside,), asides
            if pieces := _pieces(line, said, *quoted):
                source, cue = _range(line, claim.source), _range(line, claim.cue)
                for start, end in pieces:
                    name = None if _is_denied(line, claim, start) else named[claim.cue]
                    into.append(_voice(start, end, "reported", name, claim.vague, source, cue, True))
        for claim in r.opinions:
            name = cast.resolve(*claim.source) if claim.source and not claim.vague else None
            source, cue = _range(line, claim.source), _range(line, claim.cue)
            for start, end in _pieces(line, (claim.aside or (0, 0),), *quoted):
                name = None if _is_denied(line, claim, start) else name
                asides.append(_voice(start, end, "reported", name, claim.vague, source, cue, True))
    headed: list[int] = []
    for block in find_blocks(text, sentences, outer):
        name, vague = None, False
        if block.source:
            if block.voice == "reported" and _can_speak(cast, block.source):
                headed += block.start, block.end
            vague = text[slice(*block.source)].strip().lower() in PLURAL_VAGUE
            name = None if vague else heard.named(block.source)
        elif claims := readings[block.after].claims if block.after in readings else ():
            name, vague = named[claims[-1].cue], claims[-1].vague
        voices.append(_voice(block.start, block.end, block.voice, name, vague, block.source, None, True))
    voices.sort(key=lambda v: (v.start, -v.end))
    claimed = {n: r.claims for n, r in readings.items() if r.claims}
    return Heard(tuple(voices), tuple(asides), claimed, frozenset(headed))


def _can_speak(cast: Cast, source: tuple[int, int]) -> bool:
    """Whether what stands beside a colon is a person or an office, and no subject: "Fire chief", not "Trade"."""
    *_, last = cast.line.text[slice(*source)].lower().split()
    return last in SPEAKING or last in TITLES or last in PLURAL_VAGUE or last in STUDIES or cast.person(last)


def with_asides(heard: Heard, more: Sequence[Voice] = ()) -> tuple[Voice, ...]:
    """All ranges that are not the author's, with `more`, in order of their start."""
    if not heard.asides and not more:
        return heard.voices
    return tuple(sorted([*heard.voices, *heard.asides, *more], key=lambda v: (v.start, -v.end)))


_voice = maker(Voice)


class _Speech(NamedTuple):
    """A quotation that is speech, and the claim that introduces it."""

    quote: Quote
    claim: Claim | None
    sentence: int
    """Index of the sentence it begins in."""


def _quoted(
    cast: Cast,
    sentences: Sequence[Span],
    readings: Mapping[int, _Reading],
    outer: Sequence[Quote],
    named: Mapping[tuple[int, int], str | None],
) -> list[Voice]:
    """The quotations that are speech, with their speakers."""
    line = cast.line
    speeches: list[_Speech] = []
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for n, r in readings.items():
        for q in r.quotes:
            first.setdefault(q, n)
            last[q] = n
    talking = -1  # the paragraph in which somebody has been heard
    for q, n in first.items():
        quote = outer[q]
        claim = _claim_of(line, quote, readings[n])
        if claim is None and last[q] != n:
            claim = _claim_of(line, quote, readings[last[q]])
        goes_on = quote.continues or (q + 1 < len(outer) and outer[q + 1].continues)
        if claim or goes_on or _is_speech(line.text, quote, talking == sentences[n].paragraph):
            speeches.append(_Speech(quote, claim, n))
            talking = sentences[last[q]].paragraph
    spoke = {
        sentences[n].paragraph: (named[r.claims[-1].cue], r.claims[-1].vague) for n, r in readings.items() if r.claims
    }
    return [
        _voice(
            x.quote.start,
            x.quote.end,
            "quoted",
            *_speaker(cast, sentences, speeches, k, named, spoke),
            _range(line, x.claim.source) if x.claim else None,
            _range(line, x.claim.cue) if x.claim else None,
            x.quote.closed,
        )
        for k, x in enumerate(speeches)
    ]


def _speaker(
    cast: Cast,
    sentences: Sequence[Span],
    speeches: Sequence[_Speech],
    k: int,
    named: Mapping[tuple[int, int], str | None],
    spoke: Mapping[int, tuple[str | None, bool]],
) -> tuple[str | None, bool]:
    """Who speaks the quotation, and whether that is vague: by its own claim or by that of one it goes on from."""
    x = speeches[k]
    if x.claim:
        denied = _is_denied(cast.line, x.claim, x.quote.start)
        return None if denied else named[x.claim.cue], x.claim.vague
    if signed := _signed(cast, x):
        return signed, False
    paragraph = sentences[x.sentence].paragraph
    for j in range(k - 1, max(k - _CHAIN, -1), -1):
        before, after = speeches[j], speeches[j + 1]
        same = sentences[before.sentence].paragraph == sentences[after.sentence].paragraph
        if not same and not after.quote.continues:
            break
        if before.claim:
            return named[before.claim.cue], before.claim.vague
    for j in range(k + 1, min(k + _CHAIN, len(speeches))):
        after = speeches[j]
        if sentences[after.sentence].paragraph != paragraph and not after.quote.continues:
            break
        if after.claim:
            return named[after.claim.cue], after.claim.vague
        if signed := _signed(cast, after):
            return signed, False
    before_it = sentences[x.sentence - 1]
    opens = x.sentence and before_it.paragraph == paragraph - 1 and sentences[x.sentence].start == x.quote.start
    heads = _heads(cast.line.text, x.quote, 0)
    if opens and not heads and cast.line.text[before_it.end - 1] != "?":
        return spoke.get(paragraph - 1, (None, False))
    return None, False


def _is_denied(line: Lines, claim: Claim, start: int) -> bool:
    """Whether the words from character `start` on are what the source of the claim denies: its accuser's words."""
    begin, end = claim.cue
    behind = line.end[end - 1]
    if start < behind or ":" in line.text[behind:start]:
        return False
    if line.low[begin] in DENYING:
        return True
    that = claim.content[0][0] if claim.content else 0
    return line.low[begin] in REJECTING and that > end and line.low[that] == "that"  # "rejected claims that he lied"


def _signed(cast: Cast, x: _Speech) -> str | None:
    """The name that stands behind a quotation like a signature: `— Mara Hale, Port Ely Post`."""
    text = cast.line.text
    m = _SIGNATURE.match(text, x.quote.end)
    if not m:
        return None
    begin, end = (bisect_left(cast.line.start, at) for at in m.span(1))
    name = next((n for n in cast.names if n.begin < end and n.end > begin), None)
    if name is None or name.end - name.begin < 2:
        return None
    if not ORGANISED.isdisjoint(cast.line.low[name.begin : name.end]):
        return m[0].strip(" \n—–-")
    return cast.full(name)


_OWN = re.compile(
    r"\b(?:I|[Ww]e)(?: have| had|['’]ve|['’]d)?(?: once| also)? "
    r"(?:said|wrote|called|argued|warned|asked|noted|put it|predicted|suggested)\b[^.;:“”\"‘’]{0,45}[,:]?\s*\Z"
)
"""The author quotes itself before the mark."""
_CHAIN = 40
"""So many quotations back or on a speaker is looked for."""
_SIGNED = re.compile(r"\s*[–—-]\s*\w[\w’'.]*(?: \w[\w’'.]*){0,3}$", re.MULTILINE)
_SIGNATURE = re.compile(
    r"(?=\s*[A-Z—–-])(?:\s*[—–]{1,2}\s*|[^\S\n]*\n\s*[-—–]*\s*|[^\S\n]+)((?:[A-Z][\w.'’-]*[^\S\n]?){2,4})(?:\([^()\n]*\))?(?:,[^.!?\n“”\"]{0,70})?$",
    re.MULTILINE,
)


_NEAR = 40
"""So many words back a pronoun's person is looked for, and the sentence before at least."""


class _Heard:
    """Who has spoken so far, for pronouns and for quotations that go on."""

    __slots__ = ("_cast", "_line", "_closed", "_opened", "_last", "_paragraph", "_since", "_before", "_until", "_told",
                 "here")  # fmt: skip

    def __init__(self, cast: Cast, quotes: Sequence[Quote]) -> None:
        self._cast = cast
        self._line = cast.line
        self._opened, self._closed = [q.start for q in quotes], [q.end for q in quotes]
        self._last: tuple[str, int] | None = None
        self._paragraph = -1
        self._since = self._before = self._until = self._told = 0
        self.here: tuple[str | None, bool] | None = None
        """Speaker and vagueness of the last claim in this paragraph."""

    def enter(self, paragraph: int, lo: int, hi: int) -> None:
        """Begin a sentence."""
        if paragraph != self._paragraph:
            self._paragraph = paragraph
            self.here = None
        self._before, self._since, self._until = self._since, lo, hi

    def speaker(self, claim: Claim) -> str | None:
        """The name of the source of `claim`, or None."""
        name = None
        if claim.source and not claim.vague:
            begin, end = claim.source
            head = self._line.low[begin]
            if end - begin == 1 and head in ("he", "she", "his", "her"):
                name = self._pronoun("he" if head in ("he", "his") else "she", begin)
            elif end - begin > 1 or head not in ("they", "it", "who", "that", "which"):
                name = self._cast.resolve(begin, end)
        if name is None and claim.source is None and self.here and not claim.vague:
            name = self.here[0]
        self.here = (name, claim.vague)
        if name:
            self._last = (name, self._paragraph)
            self._told = self._until
        return name

    def named(self, source: tuple[int, int]) -> str | None:
        """The fullest name of a range of characters that is a name."""
        begin, end = (bisect_left(self._line.start, at) for at in source)
        label = self._line.text[source[0] : source[1]].strip()
        if len(label) == 1 or label.lower() in STUDIES:
            return None
        name = self._cast.resolve(begin, end) or label
        if name.isupper() and len(name) > 4:
            known = self._cast.surnamed(name.split()[-1].lower())
            return known or name.title()
        return name if len(name) > 1 else None

    def _pronoun(self, pronoun: str, at: int) -> str | None:
        """Whom "he" or "she" means: who spoke last where the sentence begins with it, or the only person who fits."""
        cast, line = self._cast, self._line
        spoke = self.here[0] if self.here else None
        begins = at == self._since or not line.word[at - 1]
        if spoke is None and self._last and self._paragraph - self._last[1] <= 1 and begins:
            spoke = self._last[0]
        last = spoke.split()[-1].lower() if spoke else ""
        if begins and self._last:
            far = self._told if spoke else max(self._told, at - _NEAR)
            if (told := self._introduced(pronoun, far)) and told.keys() != {last}:
                who, name = next(iter(told.items()))
                alone = len(told) == 1 and name and who not in self._fitting(pronoun, self._since, at)
                return name if alone else None
        if spoke and (
            spoke.lower().startswith(("the ", "his ", "her ", "its ")) or cast.gender(last) not in ("", pronoun)
        ):
            spoke = None
        sure = spoke if spoke and begins and cast.person(spoke) else None
        if sure and not self._fitting(pronoun, self._since, at):
            return sure
        found = self._fitting(pronoun, min(self._before, at - _NEAR), at)
        if sure and list(found) == [last]:
            return sure
        if spoke:
            found[last] = spoke
        return next(iter(found.values())) if len(found) == 1 else None

    def _introduced(self, pronoun: str, begin: int) -> dict[str, str | None]:
        """The persons whom the author names between word `begin` and this sentence, by their last word.

        Their fullest names, and None for who is no subject; whom a sentence of the same "he" or "she" tells of is left
        out.
        """
        cast, line = self._cast, self._line
        low = line.low
        told: dict[str, str | None] = {}
        for name in people(cast, begin, self._since):
            last, at = low[name.end - 1], line.start[name.begin]
            quote = bisect_right(self._opened, at) - 1
            if cast.gender(last) not in ("", pronoun) or (quote >= 0 and at < self._closed[quote]):
                continue
            lo = sentence_start(line, name.begin, begin)
            if low[lo] != pronoun:
                told[last] = told.get(last) or (cast.full(name) if is_subject(line, name, lo) else None)
        return told

    def _fitting(self, pronoun: str, begin: int, end: int) -> dict[str, str]:
        """The fullest names of the persons between two words whom a pronoun can mean, by their last word."""
        cast, low = self._cast, self._line.low
        return {
            last: cast.full(name)
            for name in people(cast, begin, end)
            if cast.gender(last := low[name.end - 1]) in ("", pronoun)
        }


def _pieces(
    line: Lines, said: Sequence[tuple[int, int]], opened: Sequence[int], closed: Sequence[int]
) -> list[tuple[int, int]]:
    """The ranges of characters that a claim reports, less the marks at their ends and the quotations in them.

    `opened` and `closed` are where the quotations start and end, in order.
    """
    word, starts, ends = line.word, line.start, line.end
    pieces = []
    for begin, end in said:
        if begin >= end:
            continue
        rests = [(begin, end)]
        for k in range(bisect_right(closed, starts[begin]), bisect_left(opened, ends[end - 1])):
            rests[-1] = rests[-1][0], bisect_left(starts, opened[k])
            rests.append((bisect_left(starts, closed[k]), end))
        for first, last in rests:
            while first < last and not word[first]:
                first += 1
            while first < last and not word[last - 1]:
                last -= 1
            if last - first > 1 or (last > first and line.low[first] not in _PRONOUN):
                pieces.append((starts[first], ends[last - 1]))
    return pieces


def _range(t: Lines, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """Characters of a range of words."""
    if span is None:
        return None
    begin, end = span
    return (t.start[begin], t.end[end - 1]) if begin < end else None


def _claim_of(t: Lines, quote: Quote, r: _Reading) -> Claim | None:
    """The claim nearest to the quotation in the sentence."""
    best, far = None, 10**9
    for claim in r.claims:
        begin, end = t.start[claim.cue[0]], t.end[claim.cue[1] - 1]
        away = quote.start - end if end <= quote.start else begin - quote.end if begin >= quote.end else 0
        if away < far and (claim.content or _is_whole(t.text[quote.start : quote.end])):
            best, far = claim, away
    return best


def _is_whole(quoted: str) -> bool:
    """Whether what stands in quotation marks ends like a sentence, or is of some length and no title."""
    inner = quoted.rstrip("\"”’'»“")
    return inner[-1:] in ",.!?…" or (len(inner.split()) > 2 and not _is_title(inner[1:].split()))


def _is_speech(text: str, quote: Quote, talking: bool) -> bool:
    """Whether a quotation that no reporting word introduces is speech, and no scare quote, title or word as a word."""
    return _looks_spoken(text, quote, talking) and not _OWN.search(text, max(quote.start - 90, 0), quote.start)


def _looks_spoken(text: str, quote: Quote, talking: bool) -> bool:
    """Whether a quotation is signed, stands alone, follows speech or is long enough for a sentence."""
    inner = text[quote.start + 1 : quote.end].rstrip("\"”’'»“")
    words = inner.split()
    if not quote.closed or _SIGNED.match(text, quote.end) or _SIGNATURE.match(text, quote.end):
        return True
    alone = text[quote.start - 1 : quote.start] in ("", "\n") and text[quote.end : quote.end + 1] in ("", "\n", "\r")
    if alone and len(words) > 1:
        return True
    if talking and (len(words) > 3 or inner[-1:] in ".,!?…"):
        return True
    if _is_title(words):
        return False
    if _heads(text, quote, len(words)):
        return True
    return len(words) >= 8 or (len(words) >= 4 and inner[-1:] in ".,!?…")


def _heads(text: str, quote: Quote, words: int) -> bool:
    """Whether a heading inside the text begins with the quotation, or ends with it: "‘Shame’ of the port"."""
    begin = text.rfind("\n", max(quote.start - _LONGEST_HEADING, 0), quote.start) + 1
    end = text.find("\n", quote.end, quote.end + _LONGEST_HEADING)
    if not begin or not quote.end <= end < begin + _LONGEST_HEADING or text[end - 1] in ".!?…:;,|":
        return False
    return quote.start == begin or (quote.end == end and words > 1 and text[end - 2] not in ".!?…,")


_LONGEST_HEADING = 60


def _is_title(words: list[str]) -> bool:
    """Whether the words are written like the title of a work."""
    return sum(w[0].isupper() for w in words) > 1 and all(w[0].isupper() or len(w) < 5 for w in words)


_PRONOUN = frozenset(("it", "him", "her", "them", "us", "me", "this", "that", "you"))
_AUTHOR: tuple[VoiceName, str | None, bool] = ("author", None, False)
_FEW = 18
"""So many characters in quotation marks, one or two words, make no quoted sentence."""


def sentence_voices(sentences: Sequence[Span], voices: Sequence[Voice]) -> list[tuple[VoiceName, str | None, bool]]:
    """The voice, the speaker and whether the source is vague, for each sentence."""
    first, count = 0, len(voices)
    if not count:
        return [_AUTHOR] * len(sentences)
    out: list[tuple[VoiceName, str | None, bool]] = []
    for start, end, _, junk in sentences:
        while first < count and voices[first].end <= start and voices[first].start < start:
            first += 1
        if junk or first == count or voices[first].start >= end:
            out.append(_AUTHOR)
            continue
        size = end - start
        quoted = reported = few = 0
        k = first
        lead: Voice | None = None
        while k < count and voices[k].start < end:
            v = voices[k]
            k += 1
            shared = min(v.end, end) - max(v.start, start)
            if shared <= 0:
                continue
            if v.voice != "quoted":
                reported += shared
            elif v.end - v.start > min(_FEW, size / 2):
                quoted += shared
            else:
                few += shared
            lead = lead or v
        if reported:
            reported += few
        else:
            quoted += few
        if lead is None:
            out.append(_AUTHOR)
        elif quoted > 0.35 * size or quoted > max(reported, 0.2 * size):
            out.append(("quoted", lead.speaker, lead.vague))
        elif reported + quoted > 0.2 * size:
            out.append(("reported", lead.speaker, lead.vague))
        else:
            out.append(_AUTHOR)
    return out


def voice_at(voices: Sequence[Voice], start: int, end: int) -> Voice | None:
    """The innermost of the sorted `voices` that holds the middle of a range; None where the author speaks."""
    return Speaking(voices).at(start, end)


class Speaking:
    """The sorted voices of a text, to ask who speaks at many places."""

    __slots__ = ("_reach", "_starts", "_voices")

    def __init__(self, voices: Sequence[Voice]) -> None:
        self._voices = voices
        self._starts = [v.start for v in voices]
        self._reach = list(accumulate((v.end for v in voices), max))

    def at(self, start: int, end: int) -> Voice | None:
        """The innermost voice that holds the middle of a range; None where the author speaks."""
        middle = (start + end) // 2
        best: Voice | None = None
        k = bisect_right(self._starts, middle) - 1
        while k >= 0 and self._reach[k] > middle:
            v = self._voices[k]
            if v.end > middle and (best is None or v.end - v.start < best.end - best.start):
                best = v
            if middle - v.start > _LONGEST:
                break
            k -= 1
        return best


_LONGEST = 5000
"""No range that begins so far before another is looked for around it."""
