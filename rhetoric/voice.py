"""Whose words: quotations, reported speech and their speakers."""

from __future__ import annotations

import re
from dataclasses import dataclass


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


_MARK = re.compile(
    r"""(?P<double>["“”„‟]|``|''|‘‘|’’)|(?P<angle>[«»‹›])"""
    r"""|(?<!\w)(?P<open>['‘’‚](?=[\w$£€#@\[(…¿¡“"]))|(?<=\S)(?P<close>['’](?!\w))|(?P<end>\n)"""
)
_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_ELISION = re.compile(r"(?:em|til|till|cause|twas|tis|bout|round|neath|n['’]?|\d\ds?)(?!\w)", re.IGNORECASE)
_CLOSES_SINGLE = re.compile(r"(?<=[^\s(\[“\"])['’](?!\w)")
_DOUBLE = re.compile(r"[\"“”„‟]")
_FAR = 1500
"""A quotation that no new mark opens again ends at most so many characters later."""
_BEFORE_OPEN = frozenset(" \t\r\n\u00a0([{—–-/:;,*>_\"“‘'‚„«‹")
_AFTER_CLOSE = frozenset(" \t\r\n\u00a0)]}—–-/:;,.!?*<_\"”’'»›…")


def _faces(text: str, start: int, end: int, mark: str) -> int:
    """1 where a double mark opens a quotation, -1 where it closes one, 0 where either may be."""
    before, after = text[start - 1 : start], text[end : end + 1]
    opens = (not before or before in _BEFORE_OPEN) and bool(after) and not after.isspace()
    closes = bool(before) and not before.isspace() and (not after or after in _AFTER_CLOSE)
    if opens != closes:
        return 1 if opens else -1
    return 1 if mark in "“„‟``‘‘" else -1 if mark in "”’’''" else 0


def _closes_single(text: str, start: int, limit: int) -> bool:
    """Whether the single mark at `start`, inside an open quotation, ends it and is no possessive of a plural."""
    if text[start - 1 : start] not in ("s", "S") or not text[start + 1 : start + 3].strip().islower():
        return True
    later = _CLOSES_SINGLE.search(text, start + 1, limit)
    return later is None or text[later.start() - 1] in "sS"


def _is_inch(text: str, start: int, limit: int, open_: bool) -> bool:
    """Whether the double mark at `start` stands for inches, seconds or a ditto."""
    if not text[start - 1 : start].isdigit():
        return False
    if not open_:
        return True
    later = _DOUBLE.search(text, start + 1, limit)
    return bool(
        text[start + 1 : start + 3].strip().islower()
        and later
        and _faces(text, later.start(), later.end(), later[0]) == -1
    )


def find_quotes(text: str) -> list[Quote]:
    """Every quotation in `text`, in order of its start; a quotation over several paragraphs has one range a paragraph.

    An apostrophe, a possessive, inches and minutes are no marks. A paragraph is a block between blank lines, or a line
    where the text has no blank line.
    """
    blank = {m.start(): m.end() for m in _BREAK.finditer(text)}
    found: list[Quote] = []
    stack: list[tuple[str, int, bool]] = []
    again = False  # the paragraph before ended inside a quotation, and this one opens it again
    pending = -1  # index in `found` of a quotation left open by an earlier paragraph
    limit = 0

    def close(level: int, end: int, closed: bool) -> None:
        _, start, continues = stack[level]
        found.append(Quote(start, end, level, closed, continues))
        del stack[level:]

    def leave_open(end: int, after: int) -> None:
        nonlocal again, pending
        while stack and stack[-1][0] == "single":
            stack.pop()
        if not stack:
            return
        start = stack[0][1]
        again = text[after : after + 1] == text[start]
        inner = [q.start for q in found if q.start > start and q.depth] if not again else []
        close(0, len(text[: min(inner, default=end)].rstrip()), again)
        if inner:
            found[:] = [Quote(q.start, q.end, q.depth - (q.start > start), q.closed, q.continues) for q in found]
        elif not again:
            pending = len(found) - 1

    for m in _MARK.finditer(text):
        group, at, end = m.lastgroup, m.start(), m.end()
        if group == "end":
            if not blank or at in blank:
                leave_open(at, blank.get(at, end))
            continue
        if at >= limit:
            limit = next((b for b in blank if b > at), len(text)) if blank else text.find("\n", at)
            limit = len(text) if limit < 0 else limit
        if group == "open":
            if _ELISION.match(text, end) or not _CLOSES_SINGLE.search(text, end, limit):
                continue
            stack.append(("single", at, again and not stack))
            continue
        if group == "close":
            level = next((i for i in range(len(stack) - 1, -1, -1) if stack[i][0] == "single"), -1)
            if level >= 0 and _closes_single(text, at, limit):
                close(level, end, True)
            continue
        kind = str(group)
        level = next((i for i in range(len(stack) - 1, -1, -1) if stack[i][0] == kind), -1)
        if kind == "double" and m[0] in ('"', "”", "''") and _is_inch(text, at, limit, level >= 0):
            continue
        way = _faces(text, at, end, m[0])
        if way == 0:
            way = -1 if level >= 0 else 1
        if way == 1:
            stack.append((kind, at, again and not stack))
            again, pending = False, -1
        elif level >= 0:
            close(level, end, True)
        elif pending >= 0 and at - found[pending].start < _FAR:
            found[pending] = Quote(found[pending].start, end, 0, True, found[pending].continues)
            pending = -1
    leave_open(len(text), len(text))
    return sorted(found, key=lambda q: (q.start, -q.end))
