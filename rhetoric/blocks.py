"""Quotations without marks: block quotations after a colon, tweets, transcripts with speaker labels."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from rhetoric.quotes import Quote
from rhetoric.segment import Span


class Block(NamedTuple):
    """Quoted words without marks, and the range that names whose they are."""

    start: int
    end: int
    source: tuple[int, int] | None


_TWEET = re.compile(r"[—–-]{1,2} ?([^\n—–()“”\"]{2,50}?) ?\(@\w{1,20}\)")
_LABEL = re.compile(
    r"(?:^|(?<=[.!?…”\"] )(?=[A-Z]{2,}[A-Z.'’ -]{2,40}:))"
    r"(?:([A-Z][A-Z.'’ -]{1,40}|[QA])|([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})):[ \t]+(?=\S)",
    re.MULTILINE,
)
_COLON = re.compile(r":(?=[^\S\n]*\n)")
_NO_SPEAKER = frozenset({
    "related", "read", "read more", "watch", "update", "updated", "note", "photos", "photo", "video", "breaking",
    "exclusive", "also", "see", "see also", "more", "source", "sources", "ps", "p.s", "correction",
    "editor's note", "image", "advertisement", "listen", "caption", "tags", "topics", "via", "date", "time",
    "location", "warning", "q&a", "background", "analysis", "opinion", "by", "from", "to", "subject", "re", "cc",
    "don't miss", "must read", "report", "live", "fact check", "click here", "follow", "share",
    "story continues below", "poll", "related story", "related stories", "read next",
})  # fmt: skip
_ANNOUNCES = re.compile(
    r"\b(?:wrote|writes|said|says|told|reads?|tweet(?:s|ed)?|posted|statement|letter|excerpts?|passage|text|e-?mail|"
    r"message|transcript|following|explain(?:s|ed)|reports?|reported|add(?:s|ed)|continue[sd]|notes?|noted|states?|"
    r"stated|argue[sd]|observe[sd]|respond(?:s|ed)|replie[sd]|declare[sd]|quote[sd]?|according to|"
    r"puts? it|concluded?s?|this way|as follows|describe[sd]|recall(?:s|ed)|remark(?:s|ed)?|post|prayer|"
    r"poem|verse|lyrics|speech)\b",
    re.IGNORECASE,
)


def find_blocks(text: str, sentences: Sequence[Span], quotes: Sequence[Quote]) -> list[Block]:
    """The quotations in `text` that bear no marks, in order."""
    blocks: list[Block] = []
    if "(@" in text:
        blocks += _tweets(text, sentences)
    labels = list(_LABEL.finditer(text)) if ": " in text else []
    if len(labels) > 1:
        blocks += _turns(text, sentences, labels)
    starts = [s.start for s in sentences]
    marked = {q.start for q in quotes}
    for m in _COLON.finditer(text):
        n = bisect_right(starts, m.start()) - 1
        if n + 1 >= len(sentences) or sentences[n].end != m.start() + 1 or sentences[n].junk:
            continue
        follows = sentences[n + 1]
        if follows.start in marked or follows.junk or not _ANNOUNCES.search(text, starts[n], m.start()):
            continue
        last = n + 1
        while last + 1 < len(sentences) and sentences[last + 1].paragraph == follows.paragraph:
            last += 1
        blocks.append(Block(follows.start, sentences[last].end, None))
    blocks.sort()
    return blocks


def _tweets(text: str, sentences: Sequence[Span]) -> list[Block]:
    """What stands before each signature `— Name (@name)` in its paragraph, or in the one before."""
    found = []
    starts = [s.start for s in sentences]
    before = 0
    for m in _TWEET.finditer(text):
        n = bisect_right(starts, m.start()) - 1
        first = n
        while first > 0 and sentences[first - 1].paragraph == sentences[n].paragraph:
            first -= 1
        if first > 0 and not text[sentences[first].start : m.start()].strip():
            n = first = first - 1
            while first > 0 and sentences[first - 1].paragraph == sentences[n].paragraph:
                first -= 1
        start = max(sentences[first].start, before)
        before = m.end()
        end = start + len(text[start : m.start()].rstrip())
        if end > start:
            found.append(Block(start, end, m.span(1)))
    return found


def _turns(text: str, sentences: Sequence[Span], labels: Sequence[re.Match[str]]) -> list[Block]:
    """What follows each speaker label of a transcript, to the next label or the paragraph's end."""
    labels = [m for m in labels if (m[1] or m[2]).lower() not in _NO_SPEAKER]
    shouted = [m for m in labels if m[1]]
    repeated = len({m[2] for m in labels}) < len(labels)
    kept = shouted if len(shouted) > 1 else labels
    if len(kept) < 2 or (kept is labels and (len(labels) < 3 or not repeated)):
        return []
    starts = [s.start for s in sentences]
    found = []
    for n, m in enumerate(kept):
        until = kept[n + 1].start() if n + 1 < len(kept) else len(text)
        first = bisect_right(starts, m.end()) - 1
        last = first
        near = len(kept) > 3 and n + 1 < len(kept) and until - m.end() < 3000
        while last + 1 < len(sentences) and sentences[last + 1].start < until:
            if not near and sentences[last + 1].paragraph != sentences[first].paragraph:
                break
            last += 1
        if sentences[last].end > m.end():
            found.append(Block(m.end(), sentences[last].end, m.span(1 if m[1] else 2)))
    return found
