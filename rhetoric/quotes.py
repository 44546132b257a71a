"""Quotations: where they begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rhetoric.records import maker


@dataclass(frozen=True, slots=True)
class Quote:
    """Words inside quotation marks; the range includes the marks."""

    start: int
    end: int
    depth: int
    """0, or the number of quotations around this one."""
    closed: bool
    """False where the mark is never closed; the range then ends with its paragraph."""
    continues: bool
    """The paragraph before ended inside this same quotation."""


_quote = maker(Quote)
_MARK = re.compile('["“”„‟«»‹›‘’‚\'`](?:(?<=["“”„‟«»‹›`])|(?<!\\w.)|(?!\\w))')
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_ELISION = re.compile(r"(?:em|til|till|cause|twas|tis|bout|round|neath|n['’]?|\d\ds?)(?!\w)", re.IGNORECASE)
_CLOSES_SINGLE = re.compile(r"(?<=[^\s(\[“\"])['’](?!\w)")
_LINE_END = re.compile(r"\n")
_DOUBLE = re.compile(r"[\"“”„‟]")
_FAR = 1500
"""A quotation that no new mark opens again ends at most so many characters later."""
_FAR_CURLY = 4000
"""The same where a curly mark closes it, which can do nothing else."""
_DEEPEST = 6
"""No more quotations stand inside one another."""
_BEFORE_OPEN = frozenset(" \t\r\n\u00a0([{—–-/*>_\"“‘'‚„«‹")
_AFTER_CLOSE = frozenset(" \t\r\n\u00a0)]}—–-/:;,.!?*<_\"”’'»›…")


def _faces(text: str, start: int, end: int) -> int:
    """1 where the mark opens a quotation, -1 where it closes one, 0 where it may do either."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] in "»›" and before.isspace() and (not after or after in _AFTER_CLOSE):
        return -1  # « ainsi »
    opens = (not before or before in _BEFORE_OPEN) and bool(after) and not after.isspace()
    closes = bool(before) and not before.isspace() and (not after or after in _AFTER_CLOSE)
    if opens != closes:
        return 1 if opens else -1
    mark = text[start]
    return 1 if mark in "“„‟`‘" else -1 if mark in "”’'" else 0


def _closes_single(text: str, start: int, limit: int) -> bool:
    """Whether the single mark at `start`, inside an open quotation, ends it and is no possessive of a plural."""
    if text[start - 1] not in "sS" or not text[start + 1 : start + 3].strip().islower():
        return True
    later = _CLOSES_SINGLE.search(text, start + 1, limit)
    return later is None or text[later.start() - 1] in "sS"


def _is_inch(text: str, start: int, limit: int, inside: bool) -> bool:
    """Whether the double mark after the digit before `start` stands for inches or seconds."""
    if not inside:
        return True
    later = _DOUBLE.search(text, start + 1, limit)
    return bool(
        text[start + 1 : start + 3].strip().islower() and later and _faces(text, later.start(), later.end()) == -1
    )


def find_quotes(text: str) -> list[Quote]:
    """Every quotation in `text`, in order of its start; a quotation over several paragraphs has one range a paragraph.

    An apostrophe, a possessive, inches and minutes are no marks. A paragraph is a block between blank lines, or a line
    where the text has no blank line.
    """
    blank = _BREAK.search(text) is not None
    found: list[Quote] = []
    stack: list[tuple[str, int, bool]] = []  # kind of mark, start, continues
    again = False  # the paragraph before ended inside a quotation, and this one opens it again
    pending = -1  # index in `found` of a quotation that an earlier paragraph left open

    edge = -1  # where the paragraph ends that was last asked for
    closer = -1  # the closing single mark that was last found; the paragraph's end where none is left

    def paragraph_end(at: int) -> int:
        nonlocal edge
        if at >= edge:
            m = _BREAK.search(text, at) if blank else _LINE_END.search(text, at)
            edge = m.start() if m else len(text)
        return edge

    def single_closes(at: int) -> bool:
        """Whether a closing single mark follows in the paragraph."""
        nonlocal closer
        if closer <= at:
            m = _CLOSES_SINGLE.search(text, at, paragraph_end(at))
            closer = m.end() if m else paragraph_end(at) + 1
        return closer <= paragraph_end(at)

    def close(level: int, end: int, closed: bool) -> None:
        _, start, continues = stack[level]
        found.append(_quote(start, end, level, closed, continues))
        del stack[level:]

    def leave_open(end: int, after: int) -> None:
        nonlocal again, pending
        while stack and stack[-1][0] == "'":
            stack.pop()
        if not stack:
            return
        start = stack[0][1]
        again = text[after : after + 1] == text[start]
        inner = end
        for q in reversed(found):
            if again or q.start < start:
                break
            inner = q.start
        close(0, start + len(text[start:inner].rstrip()), again)
        if inner == end and not again:
            pending = len(found) - 1

    def end_paragraph(begin: int, until: int) -> None:
        """Leave open what is where a paragraph ends between the two places."""
        if paragraph_end(begin) < until:
            gap = _BREAK.match(text, edge) if blank else None
            leave_open(edge, gap.end() if gap else edge + 1)

    end = 0
    for m in _MARK.finditer(text):
        at = m.start()
        if at < end:
            continue
        if stack:
            end_paragraph(end, at)
        mark, end = text[at], at + 1
        if mark in "'’‘‚`" and text[end : end + 1] == mark and (mark != "'" or text[end + 1 : end + 2] != "'"):
            kind = '"'  # doubled single marks
            end += 1
        elif mark in "'’‘‚":
            kind = "'"
        elif mark == "`":
            continue
        else:
            kind = "«" if mark in "«»‹›" else '"'
        level = len(stack) - 1
        while level >= 0 and stack[level][0] != kind:
            level -= 1
        if kind == "'":
            if at and text[at - 1].isalnum() or not text[end : end + 1].strip() or text[at - 1 : at] in tuple(".,!?…"):
                if level >= 0 and _closes_single(text, at, paragraph_end(at)):
                    close(level, end, True)
            elif (
                len(stack) < _DEEPEST
                and _faces(text, at, end) == 1
                and not _ELISION.match(text, end)
                and single_closes(end)
            ):
                stack.append((kind, at, again and not stack))
                again = False
            elif level >= 0 and _closes_single(text, at, paragraph_end(at)):
                close(level, end, True)
            continue
        if mark in '"”' and text[at - 1 : at].isdigit() and _is_inch(text, at, paragraph_end(at), level >= 0):
            continue
        way = _faces(text, at, end) or (-1 if level >= 0 else 1)
        if level < 0 and mark in "»›" and not any(c in text[end : paragraph_end(end)] for c in "«‹"):
            continue
        if way == 1 and len(stack) < _DEEPEST:
            stack.append((kind, at, again and not stack))
            again, pending = False, -1
        elif level >= 0:
            close(level, end, True)
        elif pending >= 0 and at - found[pending].start < (_FAR if mark == '"' else _FAR_CURLY):
            found[pending] = Quote(found[pending].start, end, 0, True, found[pending].continues)
            pending = -1
    end_paragraph(end, len(text))
    leave_open(len(text), len(text))
    return _nested(sorted(found, key=lambda q: (q.start, -q.end)))


def _nested(quotes: list[Quote]) -> list[Quote]:
    """The quotations with the depth that their ranges give; an overlap, where marks are muddled, is dropped."""
    ends: list[int] = []
    kept = []
    for q in quotes:
        while ends and ends[-1] <= q.start:
            ends.pop()
        if ends and q.end > ends[-1]:
            continue
        kept.append(q if q.depth == len(ends) else Quote(q.start, q.end, len(ends), q.closed, q.continues))
        ends.append(q.end)
    return kept
