"""Whose words: the ranges of a text that are not in its author's voice, and the voice of sentences and findings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from rhetoric.blocks import find_blocks
from rhetoric.quotes import Quote as Quote
from rhetoric.quotes import find_quotes as find_quotes
from rhetoric.records import Voice, VoiceName
from rhetoric.reporting import Claim, read_cue
from rhetoric.reporting import Cue as Cue
from rhetoric.segment import Span, Words
from rhetoric.speakers import Cast, Lines, people


class _Reading(NamedTuple):
    """What stands in one sentence: its words, its claims, the indices of its quotations."""

    lo: int
    hi: int
    claims: list[Claim]
    quotes: list[int]


def _read(t: Lines, sentences: Sequence[Span], outer: Sequence[Quote], cues: Sequence[Cue]) -> list[_Reading]:
    """The claims and quotations of each sentence."""
    out = []
    starts, ends = [q.start for q in outer], [q.end for q in outer]
    c = q = 0
    for s in sentences:
        lo, hi = bisect_left(t.start, s.start), bisect_left(t.start, s.end)
        claims: list[Claim] = []
        while q < len(outer) and ends[q] <= s.start:
            q += 1
        inside = []
        k = q
        while k < len(outer) and starts[k] < s.end:
            inside.append(k)
            k += 1
        while c < len(cues) and cues[c].begin < lo:
            c += 1
        while c < len(cues) and cues[c].begin < hi:
            cue = cues[c]
            c += 1
            at = t.start[cue.begin]
            if not any(starts[n] <= at < ends[n] for n in inside):
                claim = read_cue(t, cue, lo, hi, claims[-1] if claims else None)
                if claim:
                    claims.append(claim)
        out.append(_Reading(lo, hi, claims, inside))
    return out


def find_voices(
    text: str,
    words: Words,
    sentences: Sequence[Span],
    quotes: Sequence[Quote],
    cues: Sequence[Cue],
    *,
    cast: Cast | None = None,
) -> tuple[Voice, ...]:
    """The ranges of `text` that are not in the author's voice, in order of their start."""
    outer = [q for q in quotes if not q.depth]
    cast = cast or Cast(text, words)
    line = cast.line
    readings = _read(line, sentences, outer, cues)
    heard = _Heard(cast)
    voices: list[Voice] = []
    done: set[int] = set()
    for s, r in zip(sentences, readings, strict=True):
        if s.junk or not (r.claims or r.quotes):
            continue
        heard.enter(s.paragraph, r.lo)
        spoken: list[tuple[int, int]] = []
        named = {claim.cue: heard.speaker(claim) for claim in r.claims}
        for q in r.quotes:
            if q in done:
                continue
            done.add(q)
            quote = outer[q]
            claim = _claim_of(line, quote, r)
            if claim is None and not _is_speech(text, quote, heard.here):
                continue
            spoken.append((quote.start, quote.end))
            speaker, vague = (named[claim.cue], claim.vague) if claim else heard.here or (None, False)
            voices.append(
                Voice(
                    quote.start,
                    quote.end,
                    "quoted",
                    speaker,
                    vague,
                    _range(line, claim.source) if claim else None,
                    _range(line, claim.cue) if claim else None,
                    quote.closed,
                )  # fmt: skip
            )
        for claim in r.claims:
            source, cue = _range(line, claim.source), _range(line, claim.cue)
            for start, end in _pieces(line, claim, spoken):
                voices.append(Voice(start, end, "reported", named[claim.cue], claim.vague, source, cue, True))
    for block in find_blocks(text, sentences, outer):
        name = heard.named(block.source) if block.source else None
        voices.append(Voice(block.start, block.end, "quoted", name, False, block.source, None, True))
    voices.sort(key=lambda v: (v.start, -v.end))
    return tuple(voices)


class _Heard:
    """Who has spoken so far, for pronouns and for quotations that go on."""

    __slots__ = ("_cast", "_line", "_last", "_paragraph", "_since", "_before", "here")

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._line = cast.line
        self._last: tuple[str, int] | None = None
        self._paragraph = -1
        self._since = self._before = 0
        self.here: tuple[str | None, bool] | None = None
        """Speaker and vagueness of the last claim in this paragraph."""

    def enter(self, paragraph: int, lo: int) -> None:
        """Begin a sentence."""
        if paragraph != self._paragraph:
            self._paragraph = paragraph
            self.here = None
        self._before, self._since = self._since, lo

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
        return name

    def named(self, source: tuple[int, int]) -> str | None:
        """The fullest name of a range of characters that is a name."""
        begin, end = (bisect_left(self._line.start, at) for at in source)
        return self._cast.resolve(begin, end) or self._line.text[source[0] : source[1]].strip()

    def _pronoun(self, pronoun: str, at: int) -> str | None:
        """Whom "he" or "she" means, where only one fits."""
        cast = self._cast
        found = {}
        for name in people(cast.names, self._line, self._before, at):
            last = self._line.low[name.end - 1]
            full = cast.full(name)
            if cast.gender(last) in ("", pronoun) and (" " in full or name.title):
                found[last] = full
        if self.here and self.here[0]:
            found[self.here[0].split()[-1].lower()] = self.here[0]
        elif self._last and self._paragraph - self._last[1] <= 1:
            found.setdefault(self._last[0].split()[-1].lower(), self._last[0])
        return next(iter(found.values())) if len(found) == 1 else None


def _pieces(line: Lines, claim: Claim, spoken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The ranges of characters that the claim reports, less the quotations in them and the marks at their ends."""
    word = line.word
    for begin, end in claim.content:
        cuts = [(bisect_left(line.start, s), bisect_left(line.start, e)) for s, e in spoken]
        for first, last in pairwise((begin, *sorted(x for cut in cuts for x in cut if begin <= x <= end), end)):
            if any(s <= first < e for s, e in cuts):
                continue
            while first < last and not word[first]:
                first += 1
            while first < last and not word[last - 1]:
                last -= 1
            if first < last:
                yield line.start[first], line.end[last - 1]


def _range(t: Lines, span: tuple[int, int] | None) -> tuple[int, int] | None:
    """Characters of a range of words."""
    return (t.start[span[0]], t.end[span[1] - 1]) if span and span[1] > span[0] else None


def _claim_of(t: Lines, quote: Quote, r: _Reading) -> Claim | None:
    """The claim that introduces the quotation, in its first or last sentence."""
    best, far = None, 10**9
    for claim in r.claims:
        begin, end = t.start[claim.cue[0]], t.end[claim.cue[1] - 1]
        away = quote.start - end if end <= quote.start else begin - quote.end if begin >= quote.end else 0
        if away < far:
            best, far = claim, away
    return best


def _is_speech(text: str, quote: Quote, here: tuple[str | None, bool] | None) -> bool:
    """Whether a quotation that no reporting word introduces is speech, and no scare quote, title or word as a word."""
    inner = text[quote.start + 1 : quote.end].rstrip("\"”’'»“")
    size = len(inner.split())
    if quote.continues or not quote.closed:
        return True
    return size >= 8 or (size >= 4 and inner[-1:] in ".,!?…")


def sentence_voices(sentences: Sequence[Span], voices: Sequence[Voice]) -> list[tuple[VoiceName, str | None, bool]]:
    """The voice, the speaker and whether the source is vague, for each sentence."""
    out: list[tuple[VoiceName, str | None, bool]] = []
    first = 0
    for s in sentences:
        while first < len(voices) and voices[first].end <= s.start and voices[first].start < s.start:
            first += 1
        size = s.end - s.start
        quoted = reported = 0
        k = first
        lead: Voice | None = None
        while k < len(voices) and voices[k].start < s.end:
            v = voices[k]
            k += 1
            shared = min(v.end, s.end) - max(v.start, s.start)
            if shared <= 0:
                continue
            if v.voice == "quoted":
                quoted += shared
            else:
                reported += shared
            lead = lead or v
        if lead is None or s.junk:
            out.append(("author", None, False))
        elif quoted > 0.4 * size:
            out.append(("quoted", lead.speaker, lead.vague))
        elif reported + quoted > 0.25 * size:
            out.append(("reported", lead.speaker, lead.vague))
        else:
            out.append(("author", None, False))
    return out


def voice_at(voices: Sequence[Voice], start: int, end: int) -> Voice | None:
    """The innermost of the sorted `voices` that holds the middle of a range; None where the author speaks."""
    middle = (start + end) // 2
    best: Voice | None = None
    for v in voices[bisect_right(voices, middle, key=_start) - 1 :: -1] if voices else ():
        if v.end > middle and (best is None or v.end - v.start < best.end - best.start):
            best = v
        if best and middle - v.start > _LONGEST:
            break
    return best


_start = attrgetter("start")
_LONGEST = 5000
"""No range that begins so far before another is looked for around it."""
