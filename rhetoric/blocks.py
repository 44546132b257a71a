"""Quotations without marks: block quotations after a colon, tweets, transcripts with speaker labels."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from rhetoric.quotes import Quote
from rhetoric.records import VoiceName
from rhetoric.segment import Span


class Block(NamedTuple):
    """Others' words without marks, and the range that names whose they are."""

    start: int
    end: int
    source: tuple[int, int] | None
    voice: VoiceName = "quoted"
    after: int = -1
    """The sentence that announces it with a colon."""


_TWEET = re.compile(r"[—–-]{1,2} ?([^\n—–()“”\"]{2,50}?) ?\(@\w{1,20}\)")
_AT = re.compile(r"\(@")
_LONGEST_SIGNATURE = 54
"""So many characters stand before the bracket in what `_TWEET` matches, at most."""
_POSTED = re.compile(r"(?:^|(?<=\n))([A-Z][^\n()“”\":]{1,50}?) ?\(@\w{1,20}\): +(?=\S)")
_LABEL_END = re.compile(r":[ \t]+(?=\S)")
_LABEL = re.compile(
    r"(?:(?:^|\n)(?:([A-Z][A-Z.'’ -]{1,40}|[QA])|([A-Z][\w.'’-]+(?: (?:[a-z]+ ){0,3}[A-Z][\w.'’-]+){0,3}))"
    r"|[.!?…”\"] ([A-Z]{2,}[A-Z.'’ -]{2,40}))$"
)
_SHOUTED = "ABCDEFGHIJKLMNOPQRSTUVWXYZ.'’ -"
_ASKS = re.compile(r"\n[QA]\.")
_ASKED = re.compile(r"(?:^|(?<=\n))([QA])\.[ \t]+(?=[A-Z])")
_LONGEST_LABEL = 60
_COLON = re.compile(r":(?=[^\S\n]*\n)")
_NO_SPEAKER = frozenset({
    "earlier", "bonus", "scorecard", "latest", "the latest", "review", "timeline", "quiz", "how to", "plus",
    "related", "read", "read more", "watch", "update", "updated", "note", "photos", "photo", "video", "breaking",
    "exclusive", "also", "see", "see also", "more", "source", "sources", "ps", "p.s", "correction",
    "editor's note", "image", "advertisement", "listen", "caption", "tags", "topics", "via", "date", "time",
    "location", "warning", "q&a", "background", "analysis", "opinion", "by", "from", "to", "subject", "re", "cc",
    "don't miss", "must read", "report", "live", "fact check", "click here", "follow", "share",
    "below", "above", "story continues below", "related story", "related stories", "read next",
})  # fmt: skip
_OFFICE = (
    "officials?|reports?|poll|minister|police|sources?|spokes(?:man|woman|person)|president|mayor|study|court|lawyer|union|"
    "ministry|PM|AP|Reuters|chief"
)
_SOURCED = re.compile(
    rf"(?:((?:[A-Z][\w.’'-]* ){{0,2}}(?:[A-Z][\w’'-]+|{_OFFICE})): (?=\w)[^\n:]+"
    rf"|([^\n:“”\"]+)(?:: | [-–—] )((?:[A-Z]?[\w.’'-]+ ){{0,3}}(?:{_OFFICE})))$"
)
_LETTER = re.compile(
    r"\b(?:letter|statement|e-?mail|message|memo|speech|post|full|text|transcript|note)\b", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me)\b")
_FULL_STOPS = frozenset(".!?:;,\"”’')…»")
_LONGEST_HEADLINE = 160
_ANNOUNCES = re.compile(
    r"\b(?:wrote|writes|said|says|told|reads?|tweet(?:s|ed)?|posted|statement|letter|excerpts?|passage|text|e-?mail|"
    r"message|transcript|following|explain(?:s|ed)|reports?|reported|add(?:s|ed)|continue[sd]|notes?|noted|states?|"
    r"stated|argue[sd]|observe[sd]|respond(?:s|ed)|replie[sd]|declare[sd]|quote[sd]?|according to|"
    r"puts? it|concluded?s?|this way|as follows|describe[sd]|recall(?:s|ed)|remark(?:s|ed)?|post|prayer|"
    r"poem|verse|lyrics|speech|arguments?|edict|went on|goes on|spell(?:s|ed) out|requested)\b",
    re.IGNORECASE,
)


_FROM = re.compile(r"From (?:the )?[A-Z]")


def find_blocks(text: str, sentences: Sequence[Span], quotes: Sequence[Quote]) -> list[Block]:
    """The quotations in `text` that bear no marks, in order."""
    blocks: list[Block] = []
    if "@" in text and "(@" in text:  # most texts have no "@", which is found out much faster
        blocks += _tweets(text, sentences)
    labels = _labels(text)
    if len(labels) > 1:
        blocks += _turns(text, sentences, labels)
    blocks += _headlines(text, sentences)
    starts = [s.start for s in sentences]
    marked = {q.start for q in quotes}
    for m in _COLON.finditer(text):
        n = bisect_right(starts, m.start()) - 1
        if n + 1 >= len(sentences) or sentences[n].end != m.start() + 1 or sentences[n].junk:
            continue
        follows = sentences[n + 1]
        if follows.start in marked or follows.junk or text[follows.start] in "•*":
            continue
        if not _FROM.match(text, starts[n]) and not _ANNOUNCES.search(text, starts[n], m.start()):
            continue
        last = n + 1
        while last + 1 < len(sentences) and sentences[last + 1].paragraph == follows.paragraph:
            last += 1
        while last + 1 < len(sentences) and _goes_on(text, sentences, starts, n, last + 1, marked):
            last += 1
            while last + 1 < len(sentences) and sentences[last + 1].paragraph == sentences[last].paragraph:
                last += 1
        blocks.append(Block(follows.start, sentences[last].end, None, "quoted", n))
    named_first = sorted(blocks, key=lambda block: (block.start, block.end, block.source is None))
    return [one for k, one in enumerate(named_first) if not k or named_first[k - 1][:2] != one[:2]]


_LINES = 4
"""A quotation in a text of single lines has so many, at most."""


def _goes_on(text: str, sentences: Sequence[Span], starts: list[int], n: int, k: int, marked: set[int]) -> bool:
    """Whether the letter or speech that sentence `n` announces goes on with the paragraph that sentence `k` begins.

    It does for some lines where each sentence is a line; elsewhere where the letter speaks as "I" or "we", and the
    paragraph does too and has no marks of its own.
    """
    if text[sentences[k - 1].end : starts[k]].count("\n") < 2 and k < n + _LINES:
        return not sentences[k].junk and sentences[k].start not in marked and sentences[k].end - sentences[k].start > 40
    if not _LETTER.search(text, starts[n], sentences[n].end):
        return False
    last = k
    while last + 1 < len(sentences) and sentences[last + 1].paragraph == sentences[k].paragraph:
        last += 1
    if sentences[k].junk or any(sentences[k].start <= start < sentences[last].end for start in marked):
        return False
    said = text[sentences[n + 1].start : sentences[k].start]
    return bool(_OWN.search(said) and _OWN.search(text, sentences[k].start, sentences[last].end))


_LONGEST_TWEET = 400


def _tweets(text: str, sentences: Sequence[Span]) -> list[Block]:
    """What stands before `— Name (@name)`, in its paragraph or the one before, and behind `Name (@name):`."""
    found = []
    starts = [s.start for s in sentences]
    for m in _POSTED.finditer(text):
        n = last = bisect_right(starts, m.start()) - 1
        while last + 1 < len(sentences) and sentences[last + 1].paragraph == sentences[n].paragraph:
            last += 1
        if n >= 0 and sentences[last].end > m.end():
            found.append(Block(m.end(), sentences[last].end, m.span(1)))
    before = 0
    for at in _AT.finditer(text):
        signed = _TWEET.search(text, max(before, at.start() - _LONGEST_SIGNATURE), at.end() + 21)
        if signed is None:
            continue
        n = bisect_right(starts, signed.start()) - 1
        first = n
        while first > 0 and sentences[first - 1].paragraph == sentences[n].paragraph:
            first -= 1
        if first > 0 and not text[sentences[first].start : signed.start()].strip():
            n = first = first - 1
            while first > 0 and sentences[first - 1].paragraph == sentences[n].paragraph:
                first -= 1
        k = first
        while k > 0 and text.startswith("\n\n\n", sentences[k - 1].end):  # an empty line inside a tweet
            k -= 1
            while k > 0 and sentences[k - 1].paragraph == sentences[k].paragraph:
                k -= 1
        if k and signed.start() - starts[k] < _LONGEST_TWEET:
            first = k
        start = max(sentences[first].start, before)
        before = signed.end()
        end = start + len(text[start : signed.start()].rstrip())
        if end > start:
            found.append(Block(start, end, signed.span(1)))
    return found


def _headlines(text: str, sentences: Sequence[Span]) -> list[Block]:
    """What headlines such as `Minister: bridge is safe` and `Bridge is safe: police` report."""
    found = []
    for k, (start, end, _, junk) in enumerate(sentences):
        if end - start > _LONGEST_HEADLINE or junk:
            continue
        if k and text[end - 1] in _FULL_STOPS and text.find(":", start, end) < 0:
            continue
        last = text.startswith("\n", end) and (not k or _is_title(text[start:end]))
        stop = end
        if last and text[end - 2 : end] in (".’", ".'", ".”", '."'):
            stop -= 2
        elif text[end - 1] == "." and (last or _is_title(text[start:end])):
            stop -= 1
        if text[stop - 1] in _FULL_STOPS:
            continue
        m = _SOURCED.match(text, start, stop)
        if m is None or (m[1] or "").lower() in _NO_SPEAKER:
            continue
        if m[1]:
            found.append(Block(m.end(1) + 2, end, m.span(1), "reported"))
        else:
            found.append(Block(start, m.end(2), m.span(3), "reported"))
    return found


def _is_title(text: str) -> bool:
    """Whether most words begin with a capital, as in a headline of titles."""
    if ":" not in text:
        return False
    words = [word for word in text.split() if len(word) > 3]
    return len(words) > 3 and sum(not word[0].islower() for word in words) >= 0.8 * len(words)


class _Label(NamedTuple):
    """The name before a colon that begins a turn."""

    name: str
    start: int
    end: int
    turn: int
    """Where the turn begins, behind the colon."""
    shouted: bool


def _labels(text: str) -> list[_Label]:
    """The speaker labels: `HALE:`, `Q:`, `Mara Hale:` at the beginning of a line, shouted ones elsewhere too."""
    found = []
    for colon in _LABEL_END.finditer(text):
        before = text[max(colon.start() - _LONGEST_LABEL, 0) : colon.start()]
        if before[-1:] not in _SHOUTED and not before[max(map(before.rfind, " \n")) + 1 :][:1].isupper():
            continue  # the word before the colon ends no label
        m = _LABEL.search(before)
        if m and (name := m[1] or m[2] or m[3]).lower() not in _NO_SPEAKER:
            start = colon.start() - len(name)
            found.append(_Label(name, start, colon.start(), colon.end(), m[2] is None))
    if _ASKS.search(text):
        asked = [_Label(m[1], m.start(1), m.end(1), m.end(), True) for m in _ASKED.finditer(text)]
        if len(asked) > 2:
            found = sorted([*found, *asked], key=lambda x: x.start)
    return found


_SPOKEN = re.compile(r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Oo]ur|[Yy]our|us|me)\b")


def _turns(text: str, sentences: Sequence[Span], labels: Sequence[_Label]) -> list[Block]:
    """What follows each speaker label of a transcript, to the next label or the paragraph's end."""
    shouted = [x for x in labels if x.shouted]
    repeated = len({x.name.rsplit(" ", 1)[-1] for x in labels}) < len(labels)
    kept = shouted if len(shouted) > 1 else labels
    if len(kept) < 2 or (kept is labels and (len(labels) < 3 or not repeated)):
        return []
    if len(kept) > 3 and not repeated:  # "BRIEFING: …", "GALLERY: …"
        return []
    starts = [s.start for s in sentences]
    found = []
    for n, x in enumerate(kept):
        until = kept[n + 1].start if n + 1 < len(kept) else sentences[-1].end
        first = bisect_right(starts, x.turn) - 1
        last = first
        ends = len(kept) > 3 and n + 1 == len(kept)  # the last turn goes on while it says "I", "we" or "you"
        near = len(kept) > 3 and n + 1 < len(kept) and until - x.turn < _LONGEST_TURN
        while last + 1 < len(sentences) and starts[last + 1] < until:
            if not near and sentences[last + 1].paragraph != sentences[last].paragraph:
                after = text.find("\n", sentences[last + 1].end)
                if not ends or not _SPOKEN.search(text, starts[last + 1], after if after > 0 else len(text)):
                    break
            last += 1
        end = min(sentences[last].end, until)
        if end > x.turn:
            found.append(Block(x.turn, end, (x.start, x.end)))
    return found


_LONGEST_TURN = 3000
