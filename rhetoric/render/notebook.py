"""The marked text as a notebook shows it: spans merged, details in short words, never more than a stated size.

What a browser shows on hover or focus stands in `data-t`; the style sheet draws it, so that no script is needed. Marks
are `b`, so that they can be told where a viewer takes style sheets away (GitHub, a notebook that is not trusted yet).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rhetoric.records import SCORED, Analysis, Finding, Voice
from rhetoric.render.marks import SHORT, by_sentence, escape, whose
from rhetoric.tables import MARKED, OTHERS, flat_voices

ROOM = 60_000
"""Bytes that the notebook's picture of an analysis may have beyond its text."""


def notebook_text(analysis: Analysis, room: int) -> tuple[str, str]:
    """Return the marked text in at most `room` bytes beyond the text as HTML, and a line on what was left out.

    Parameters
    ----------
    analysis : Analysis
        What the program says about the article.
    room : int
        Bytes for the marks. Where they do not do, the scores of unmarked sentences go first, then hedges and reporting
        words, then the marks of the text's end.
    """
    size = len(_text(analysis.article.text).encode("utf-8", "replace"))
    for scores, supporting in ((True, True), (False, True), (False, False)):
        sentences = list(_sentences(analysis, scores, supporting))
        made = "".join(sentences)
        if len(made.encode("utf-8", "replace")) - size <= room:
            left = "" if supporting else "Hedges and reporting words are not marked here, to keep this small."
            return made, left
    kept, used = [], 0
    plain = list(_sentences(analysis, False, False, marks=False))
    spent = sum(len(p.encode("utf-8", "replace")) for p in plain) - size
    for rich, bare in zip(sentences, plain, strict=True):
        used += len(rich.encode("utf-8", "replace")) - len(bare.encode("utf-8", "replace"))
        if spent + used > room:
            break
        kept.append(rich)
    cut = f"Marks stand on the first {len(kept):,} of {len(plain):,} sentences here, to keep this small"
    return "".join(kept + plain[len(kept) :]), f"{cut}; a page of to_html() has all."


def _sentences(analysis: Analysis, scores: bool, supporting: bool, marks: bool = True) -> Iterator[str]:
    """Yield the HTML of each sentence with what stands before it, and last what follows all."""
    text = analysis.article.text
    voices = flat_voices(analysis.voices) if marks else []
    starts = [start for start, _, _ in voices]
    placed = by_sentence(analysis) if marks else {}
    at, paragraph = 0, None
    for i, sentence in enumerate(analysis.sentences):
        gap = _text(text[at : sentence.start])
        if sentence.paragraph != paragraph:
            gap += "<p>"  # HTML closes it where the next begins
            paragraph = sentence.paragraph
        found = [m.finding for m in placed.get(i, ()) if supporting or m.finding.signal in SCORED]
        first = max(bisect_right(starts, sentence.start) - 1, 0)
        near = voices[first : bisect_right(starts, sentence.end)]
        inner = "".join(_pieces(text, sentence.start, sentence.end, found, near))
        marked = max(sentence.charged, sentence.prediction, sentence.unhedged) >= MARKED
        if sentence.junk and marks:
            inner = f'<span class="j">{inner}</span>'
        elif marks and (scores or marked):
            told = " ".join(f"{signal} {getattr(sentence, signal):.2f}" for signal in SCORED)
            inner = f'<span data-t="{i}: {told}">{inner}</span>'
        yield gap + inner
        at = sentence.end
    yield _text(text[at:])


def _pieces(
    text: str, start: int, end: int, found: Sequence[Finding], voices: Sequence[tuple[int, int, Voice]]
) -> Iterator[str]:
    """Yield a sentence as stretches that differ in their marks or in who speaks."""
    ranges = [(a, b, v.voice[0]) for a, b, v in voices if a < end and b > start]
    spans = [(f.start, f.end) for f in found] + [(a, b) for a, b, _ in ranges]
    bounds = sorted({start, end, *(min(max(b, start), end) for span in spans for b in span)})
    shade, held = "", ""
    for low, high in zip(bounds, bounds[1:], strict=False):
        here = [f for f in found if f.start <= low and high <= f.end]
        voice = next((name for a, b, name in ranges if a <= low and high <= b), "")
        piece = _mark(_text(text[low:high]), here, high) if here else _text(text[low:high])
        if voice != shade:
            yield f'<span class="{shade}">{held}</span>' if shade else held
            shade, held = voice, ""
        held += piece
    yield f'<span class="{shade}">{held}</span>' if shade else held


def sentence_pieces(text: str, start: int, found: Sequence[Mapping[str, Any]]) -> str:
    """Return one sentence, which begins at `start` of its text, with the findings of a table's rows marked."""
    findings = [
        Finding(
            row["start"] - start, row["end"] - start, row["text"], row["signal"], row["category"], row["why"],
            int(row["grade"]), row["voice"], row["speaker"] if isinstance(row["speaker"], str) else None, row["vague"],
            None, row["neutral"] if isinstance(row["neutral"], str) else None,
        )
        for row in found
    ]  # fmt: skip
    return "".join(_pieces(text, 0, len(text), findings, ()))


def _mark(inner: str, here: Sequence[Finding], high: int) -> str:
    """Return a stretch with the marks that lie on it."""
    grades: dict[str, int] = {}
    ends: dict[str, int] = {}
    for f in here:
        letter = SHORT[f.signal]
        grades[letter] = max(grades.get(letter, 0), f.grade)
        if f.end == high and f.grade:
            ends[letter] = max(ends.get(letter, 0), f.grade)
    classes = " ".join(["m", *(f"{letter}{grade}" for letter, grade in grades.items())])
    labels = "".join(f" data-{letter}={letter.upper()}{grade}" for letter, grade in ends.items())
    told = escape("; ".join(dict.fromkeys(map(_told, here))))
    return f'<b class="{classes}"{labels} tabindex=0 data-t="{told}">{inner}</b>'


def _text(text: str) -> str:
    """Return text as HTML; quotation marks need no escape outside attributes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def _told(finding: Finding) -> str:
    """Return what a mark is, in as few words as do."""
    grade = f" {finding.grade}" if finding.grade else ""
    flatter = f", flatter: {finding.neutral}" if finding.neutral else ""
    own = whose(finding.voice, finding.speaker) if finding.voice in OTHERS else "author"
    return f"{finding.signal}{grade}, {finding.category.replace('_', ' ')}, {own}{flatter}"
