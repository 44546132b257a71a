"""How far a long run is: a line on a terminal, a bar in a notebook, nothing elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

Item = TypeVar("Item")

EVERY = 0.2
"""Seconds between two pictures."""


def follow(items: Iterable[tuple[int, Item]], total: int | None, *, show: bool | None = None) -> Iterator[Item]:
    """Yield the items, and show how many articles are done.

    Parameters
    ----------
    items
        Each with the number of articles it stands for.
    total
        Of all articles; None where nobody knows.
    show
        True or False to decide; None shows on a terminal and in a notebook only.
    """
    show = False if total == 1 and show is None else show
    handle = _notebook() if show is not False else None
    terminal = handle is None and show is not False and (bool(show) or sys.stderr.isatty())
    done, begin, last = 0, time.monotonic(), 0.0
    for count, item in items:
        done += count
        now = time.monotonic()
        if (handle or terminal) and (now - last >= EVERY or done == total):
            last = now
            _draw(handle, _told(done, total, now - begin), done, total)
        yield item
    if terminal:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
    if handle:
        _draw(handle, _told(done, done, time.monotonic() - begin), done, done)


def _told(done: int, total: int | None, seconds: float) -> str:
    """Return done, rate and time left in words."""
    rate = done / seconds if seconds > 0 else 0.0
    of = f" of {total:,}" if total else ""
    left = f", {(total - done) / rate:.0f} s left" if total and rate and total > done else ""
    return f"{done:,}{of} articles, {rate:.0f} a second{left}"


def _draw(handle: Any, told: str, done: int, total: int | None) -> None:
    """Put one picture in place of the last."""
    if handle is None:
        sys.stderr.write(f"\r\x1b[K{told}")
        sys.stderr.flush()
        return
    from IPython.display import HTML

    picture: Any = HTML
    bar = f'<progress value="{done}" max="{total}" style="width:16rem"></progress> ' if total else ""
    handle.update(picture(f'<div style="font:.85rem sans-serif">{bar}{told}</div>'))


def _notebook() -> Any:
    """Return a place of a notebook to draw on; None outside."""
    if "ipykernel" not in sys.modules:
        return None
    from IPython import get_ipython
    from IPython.display import HTML, display  # type: ignore[attr-defined,unused-ignore]

    shell = get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    show: Any = display
    picture: Any = HTML
    return show(picture(""), display_id=True)
