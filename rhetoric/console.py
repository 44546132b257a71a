"""What every command shares: its exit codes, how it speaks, and the progress of a long one."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import click

EXIT_CODES = """\b
Exit codes:
  0    done
  1    a check found something wrong: lexicon check, store verify
  2    wrong usage, unreadable input, nothing done, or a fault of the program
  3    some inputs failed; the others are done
  130  interrupted"""


def say(message: str) -> None:
    """A message to standard error."""
    click.echo(message, err=True)


@dataclass(slots=True)
class Progress:
    """Tells the events of a run: to a person on a terminal, or as lines of JSON to a log."""

    log: bool
    every: float
    """Seconds between two lines of the log."""
    _last: float = 0.0
    _shown: bool = False

    def __call__(self, event: dict[str, Any]) -> None:
        """Tell one event."""
        if self.log:
            now = time.monotonic()
            if event["event"] != "progress" or now - self._last >= self.every:
                self._last = now if event["event"] == "progress" else self._last
                say(json.dumps(event, ensure_ascii=False))
        elif event["event"] == "note":
            self.clear()
            say(event["message"])
        elif event["event"] == "progress" and sys.stderr.isatty():
            left = "" if event["left"] is None else f", {_span(event['left'])} left"
            bad = "".join(f", {event[name]:,} {name}" for name in ("failed", "skipped") if event[name])
            click.echo(f"\r\x1b[K{event['done']:,} done{bad}, {event['rate']:,.0f} a second{left}", err=True, nl=False)
            self._shown = True
        elif event["event"] == "end":
            self.clear()

    def clear(self) -> None:
        """Wipe the line of progress."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
        self._shown = False


def _span(seconds: int) -> str:
    """A length of time in words."""
    if seconds < 100:
        return f"{seconds} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
