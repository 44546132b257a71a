"""What rhetoric itself wrote: stores, pages, the reports of a folder. A search for articles passes over all of it."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import cache
from pathlib import Path
from typing import Any

import orjson

DATABASE = "state.sqlite"
"""The file that makes a folder a store."""
STATE = ".rhetoric.json"
"""In a folder of reports: for each article a hash of what its reports were made from, and its row of the index."""
KEPT = {"digest", "made", "figures", "row"}
ENDS = {
    "html": (".html",),
    "md": (".md",),
    "json": (".json",),
    "csv": (".sentences.csv", ".findings.csv", ".ledger.csv"),
}
"""How the names of a format's files end."""
MARK = b'<meta name="generator" content="rhetoric-analyzer">'
"""Stands at the beginning of every page."""
BEGINNING = 500
"""Bytes of a page that are looked through for it."""


def passed_over(root: Path) -> Callable[[Path], bool]:
    """Return what tells whether a file found below `root` is rhetoric's own: in a store, a report or another page."""

    @cache
    def is_store(folder: Path) -> bool:
        return (folder / DATABASE).is_file()

    @cache
    def reports(folder: Path) -> Container[str]:
        state = read_state(folder / STATE)
        names = [f"{name}{end}" for name, entry in state.items() for kind in entry["made"] for end in ENDS[kind]]
        return {"index.html", *names} if names else ()

    def is_own(path: Path) -> bool:
        above = (root / folder for folder in path.relative_to(root).parents)
        return any(map(is_store, above)) or path.name in reports(path.parent) or _is_page(path)

    return is_own


def read_state(path: Path) -> dict[str, dict[str, Any]]:
    """Return what a folder of reports remembers; nothing where the file is missing or broken."""
    try:
        state = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    whole = isinstance(state, dict) and all(isinstance(e, dict) and e.keys() == KEPT for e in state.values())
    return state if whole else {}


def _is_page(path: Path) -> bool:
    """Whether a file is a page that rhetoric wrote."""
    if path.suffix.lower() != ".html":
        return False
    try:
        with path.open("rb") as file:
            return MARK in file.read(BEGINNING)
    except OSError:
        return False
