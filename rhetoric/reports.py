"""Reports of many articles in a folder: only what changed is made again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from rhetoric.analysis import Analyzer
from rhetoric.decoding import Failure
from rhetoric.frames import LONGEST, TOO_LONG
from rhetoric.languages import FOREIGN, is_english
from rhetoric.made import ENDS, STATE, read_state
from rhetoric.records import Analysis, Article
from rhetoric.reference import Reference
from rhetoric.reference import load as load_reference
from rhetoric.render import FORMATS, index_row, to_html, to_index, to_json, to_markdown
from rhetoric.tables import Policy, counted, summary

NAME_BYTES = 150
"""Longest file name, without its ending; file systems end at 255."""
SOURCES = "*.py", "*.html", "*.css", "*.js"
"""Files of the package whose change makes every report again."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one article."""

    article: str
    files: tuple[Path, ...]
    figures: dict[str, Any]
    """As `tables.summary` gives them, without speakers and ledger; `counted` is as `tables.counted` gives it."""
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
    voice: Policy = "all",
    inputs: Container[Path] = (),
    reference: Reference | None = None,
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
    voice
        Whose words pages and Markdown count; they tell what is left out. JSON and CSV hold everything.
    inputs
        Files, by resolved path, that are never written over.
    reference
        What is usual, in place of the shipped figures.
    """
    usual = reference or load_reference()
    where.mkdir(parents=True, exist_ok=True)
    state = read_state(where / STATE)
    kept: dict[str, dict[str, Any]] = {}
    taken = {"index"}
    settings = repr((_program(), analyzer.made_by, voice, usual))
    wanted = {format_: excerpts and format_ == "html" for format_ in formats}
    try:
        for article in articles:
            if isinstance(article, Article) and len(article.text) > LONGEST:
                article = Failure(article.id, f"{article.id}: {TOO_LONG}")
            if isinstance(article, Failure):
                yield article
                continue
            if not is_english(article.text):
                article = replace(article, warnings=(*article.warnings, FOREIGN))
            name = _file_name(article.id, taken)
            taken.add(name.casefold())
            digest = hashlib.sha256(orjson.dumps([replace(article, warnings=()), settings])).hexdigest()
            files = {format_: [where / f"{name}{end}" for end in ENDS[format_]] for format_ in formats}
            paths = tuple(path for format_ in formats for path in files[format_])
            if taken_by := next((path for path in (*paths, where / "index.html") if path.resolve() in inputs), None):
                yield Failure(article.id, f"{taken_by}: the report would replace this input; name another folder")
                continue
            entry = state.get(name)
            if not entry or entry["digest"] != digest:
                entry = {"digest": digest, "made": {}, "figures": {}, "row": None}
            missing = {
                format_: short
                for format_, short in wanted.items()
                if entry["made"].get(format_) != short or not all(path.is_file() for path in files[format_])
            }
            if missing:
                entry = entry | _write(analyzer(article), where / name, missing, entry, voice, usual)
            kept[name] = entry
            yield Report(article.id, paths, kept[name]["figures"], bool(missing), article.warnings)
    finally:
        _remember(where, kept, state)


def _remember(where: Path, kept: dict[str, dict[str, Any]], state: dict[str, dict[str, Any]]) -> None:
    """Write the index, this run's articles before the others of the folder, and the state."""
    if not kept:
        return
    known = kept | {name: state[name] for name in sorted(state.keys() - kept.keys())}
    rows = [entry["row"] for name, entry in known.items() if entry["row"] and (where / f"{name}.html").is_file()]
    if rows:
        _replace(where / "index.html", to_index(rows).encode())
    _replace(where / STATE, orjson.dumps(known, option=orjson.OPT_INDENT_2))


def _write(
    analysis: Analysis,
    path: Path,
    formats: dict[str, bool],
    entry: dict[str, Any],
    voice: Policy,
    usual: Reference,
) -> dict[str, Any]:
    """Write the files of an analysis, `path` with their endings; what the state remembers of it."""
    row = entry["row"]
    for format_, short in formats.items():
        if format_ == "html":
            made = {".html": to_html(analysis, excerpts=short, voice=voice, reference=usual).encode()}
        elif format_ == "md":
            made = {".md": to_markdown(analysis, voice=voice, reference=usual).encode()}
        elif format_ == "json":
            made = {".json": to_json(analysis, usual) + b"\n"}
        else:
            made = FORMATS[format_](analysis)
        for end, data in made.items():
            _replace(path.with_name(path.name + end), data)
        if format_ == "html":
            row = index_row(analysis, f"{quote(path.name)}.html")
    figures = {key: value for key, value in summary(analysis).items() if key not in ("speakers", "ledger")}
    figures["counted"] = counted(analysis, voice)
    return {"made": entry["made"] | formats, "figures": figures, "row": row}


def _file_name(article: str, taken: set[str]) -> str:
    """A file name for an article's id whose lower case is not taken."""
    plain = re.sub(r"[^\w.-]+", "_", article).strip("._").encode()[:NAME_BYTES].decode(errors="ignore") or "article"
    numbered = (plain if n == 1 else f"{plain}-{n}" for n in count(1))
    return next(name for name in numbered if name.casefold() not in taken)


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
