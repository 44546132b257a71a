"""Reports of many articles in a folder: only what changed is made again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from rhetoric.analysis import Analyzer
from rhetoric.decoding import Failure
from rhetoric.records import Article
from rhetoric.render import FORMATS, index_row, to_html, to_index
from rhetoric.tables import summary

STATE = ".rhetoric.json"
"""In the folder of reports: for each article a hash of what its reports were made from, and its row of the index."""
SOURCES = "*.py", "*.html", "*.css", "*.js"
"""Files of the package whose change makes every report again."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one article."""

    article: str
    files: tuple[Path, ...]
    figures: dict[str, Any]
    """As `tables.summary` gives them, without speakers and ledger."""
    new: bool
    """False where nothing had changed and the files were left alone."""
    warnings: tuple[str, ...]


def write_reports(
    articles: Iterable[Article | Failure],
    analyzer: Analyzer,
    where: Path,
    *,
    formats: Sequence[str] = ("html",),
    excerpts: bool = False,
) -> Iterator[Report | Failure]:
    """Yield what became of each article, after its files are written; last, write the index.

    Parameters
    ----------
    articles
        As `rhetoric.read_many` gives them; failures are passed on.
    analyzer
        Analyses what is new.
    where
        The folder of the reports; made where it is missing.
    formats
        Keys of `rhetoric.render.FORMATS`.
    excerpts
        Pages hold the marked sentences only.
    """
    where.mkdir(parents=True, exist_ok=True)
    state = _read_state(where / STATE)
    kept: dict[str, dict[str, Any]] = {}
    settings = (*formats, excerpts, _program(), analyzer.made_by)
    for article in articles:
        if isinstance(article, Failure):
            yield article
            continue
        name = _file_name(article.id, kept)
        digest = hashlib.sha256(orjson.dumps([replace(article, warnings=()), repr(settings)])).hexdigest()
        old = state.get(name)
        files = tuple(where / f"{name}{end}" for format_ in formats for end in _ends(format_))
        if new := not (old and old["digest"] == digest and all(path.is_file() for path in files)):
            old = _write(article, analyzer, where, name, formats, excerpts) | {"digest": digest}
        assert old
        kept[name] = old
        yield Report(article.id, files, old["figures"], new, article.warnings)
    if kept and "html" in formats:
        rows = [entry["row"] for entry in kept.values() if entry["row"]]
        _replace(where / "index.html", to_index(rows).encode())
    _replace(where / STATE, orjson.dumps(state | kept, option=orjson.OPT_INDENT_2))


def _write(
    article: Article, analyzer: Analyzer, where: Path, name: str, formats: Sequence[str], excerpts: bool
) -> dict[str, Any]:
    """Analyse an article and write its files; what the state remembers of it."""
    analysis = analyzer(article)
    for format_ in formats:
        made = (
            {".html": to_html(analysis, excerpts=True).encode()}
            if excerpts and format_ == "html"
            else FORMATS[format_](analysis)
        )
        for end, data in made.items():
            _replace(where / f"{name}{end}", data)
    figures = {key: value for key, value in summary(analysis).items() if key not in ("speakers", "ledger")}
    return {"figures": figures, "row": index_row(analysis, f"{name}.html") if "html" in formats else None}


def _ends(format_: str) -> tuple[str, ...]:
    """How the names of a format's files end."""
    return (".sentences.csv", ".findings.csv") if format_ == "csv" else (f".{format_}",)


def _file_name(article: str, taken: Iterable[str]) -> str:
    """A file name for an article's id, unlike those taken."""
    plain = re.sub(r"[^\w.-]+", "_", article).strip("._")[:120] or "article"
    name, number = plain, 1
    while name in taken or name == "index":
        number += 1
        name = f"{plain}-{number}"
    return name


def _read_state(path: Path) -> dict[str, dict[str, Any]]:
    """What was written before; nothing where the file is missing or broken."""
    try:
        state = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _replace(path: Path, data: bytes) -> None:
    """Write aside and rename, so that no reader meets half a file."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_bytes(data)
    aside.replace(path)


def _program() -> str:
    """A hash of the program's own source."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(package.rglob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
