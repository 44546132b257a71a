"""Analyses as files: one module a format."""

from __future__ import annotations

from collections.abc import Callable

from rhetoric.records import Analysis
from rhetoric.render.csv import to_csv
from rhetoric.render.html import index_row, to_fragment, to_html, to_index
from rhetoric.render.json import to_dict, to_json
from rhetoric.render.markdown import to_markdown

__all__ = [
    "FORMATS",
    "index_row",
    "to_csv",
    "to_dict",
    "to_fragment",
    "to_html",
    "to_index",
    "to_json",
    "to_markdown",
]

FORMATS: dict[str, Callable[[Analysis], dict[str, bytes]]] = {
    "html": lambda analysis: {".html": to_html(analysis).encode()},
    "md": lambda analysis: {".md": to_markdown(analysis).encode()},
    "json": lambda analysis: {".json": to_json(analysis) + b"\n"},
    "csv": lambda analysis: {
        ".sentences.csv": to_csv(analysis, "sentences").encode(),
        ".findings.csv": to_csv(analysis, "findings").encode(),
        ".ledger.csv": to_csv(analysis, "ledger").encode(),
    },
}
"""What each format writes for an article: the end of each file's name, and its content."""
