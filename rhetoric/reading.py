"""Files, pages, feeds, addresses, folders and tables to articles: which of them an input is, and what it is called."""

from __future__ import annotations

import glob
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from rhetoric.decoding import (
    FILE_BYTES,
    HEAD,
    UNREADABLE,
    Failure,
    ReadError,
    decode,
    encoding_of,
    kind_of,
    opened,
    reason,
    stem_of,
)
from rhetoric.feeds import id_of, is_feed, read_feed
from rhetoric.fetching import fetch
from rhetoric.junk import is_junk
from rhetoric.made import DATABASE, passed_over
from rhetoric.pages import article_of, read_html, read_markdown
from rhetoric.records import Article
from rhetoric.rows import TABLES, read_rows

__all__ = ["Failure", "ReadError", "read", "read_html", "read_many"]

TITLE_LENGTH = 150
"""A longer first line of a plain text is no title."""

TEXT = frozenset({".txt", ".text"})
MARKDOWN = frozenset({".md", ".markdown"})
PAGES = frozenset({".html", ".htm", ".xhtml"})
KNOWN = TEXT | MARKDOWN | PAGES | TABLES
"""What is read out of a folder."""
NOT_ARTICLES = frozenset({"readme", "license", "licence", "changelog", "contributing"})
"""Files of a folder, without suffix, that are about it."""

_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def read(source: str | Path, *, allow_private: bool = False) -> Article:
    """Return the one article in `source`.

    Parameters
    ----------
    source
        A file (plain text, Markdown or a saved page, told by suffix and content), an http or https address, or "-" for
        standard input. A folder, a pattern, a feed or a table will do where it holds one article.
    allow_private
        Fetch addresses in private networks too.

    Returns
    -------
    Article
        Of a plain text every character stands in `text`. `warnings` say what to know about how it was read.

    Raises
    ------
    ReadError
        The input cannot be read, or holds more than one article.
    """
    articles = read_many([source], allow_private=allow_private)
    found = next(articles, None)
    if isinstance(found, Failure):
        raise ReadError(found.message)
    if found is None:
        raise ReadError(f"{source}: there is no article in it")
    if next(articles, None) is not None:
        raise ReadError(f"{source}: this holds more than one article; use read_many for all of them")
    return found


def read_many(
    sources: Iterable[str | Path],
    *,
    text_column: str | None = None,
    allow_private: bool = False,
) -> Iterator[Article | Failure]:
    """Yield the articles of all `sources` in order; what cannot be read is yielded as a Failure and the rest goes on.

    Parameters
    ----------
    sources
        Files, addresses, "-", feeds, tables (JSONL, CSV, TSV, Parquet), and folders and patterns (`news/**/*.txt`).
        Folders are read with all below them, sorted by path; files of other kinds, hidden ones and those about the
        folder (README) are left out, and from patterns too what rhetoric itself wrote: stores, reports and other pages.
    text_column
        The column of tables that holds the text; other columns are told by their names (see `rows.COLUMNS`).
    allow_private
        Fetch addresses in private networks too.

    Yields
    ------
    Article | Failure
        Ids are unique: the id column of a row, else table and row number; the stem of a file; host and path of an
        address.
    """
    taken: set[str] = set()
    for source in [sources] if isinstance(sources, str | Path) else sources:
        for found in _read_source(source, text_column, allow_private):
            yield _with_own_id(found, str(source), taken) if isinstance(found, Article) else found


def input_files(sources: Iterable[str | Path]) -> frozenset[Path]:
    """Return the resolved paths of the files that `read_many` would read."""
    found: set[Path] = set()
    for source in sources:
        if not (str(source) == "-" or ADDRESS.match(str(source))):
            with suppress(ReadError):
                found.update(path.resolve() for path in files_of(source))
    return frozenset(found)


def _with_own_id(article: Article, source: str, taken: set[str]) -> Article:
    """Return the article; where its id is taken, with a hash of what it is behind it."""
    own, salt = article.id, 0
    while own in taken:
        known = f"{source}\0{article.url}\0{salt}\0{article.text}".encode("utf-8", "surrogatepass")
        own, salt = f"{article.id}-{hashlib.sha256(known).hexdigest()[:8]}", salt + 1
    taken.add(own)
    return article if own == article.id else replace(article, id=own)


def _read_source(source: str | Path, text_column: str | None, allow_private: bool) -> Iterator[Article | Failure]:
    """Yield the articles of one source."""
    name = str(source)
    try:
        if name == "-":
            yield from articles_in(_standard_input(), "standard input", identity="stdin")
        elif isinstance(source, str) and ADDRESS.match(source):
            yield from _from_address(source, allow_private)
        else:
            for path in files_of(source):
                yield from read_file(path, text_column=text_column)
    except ReadError as error:
        yield Failure(name, str(error))


def read_file(
    path: Path,
    *,
    text_column: str | None = None,
    columns: Mapping[str, str] | None = None,
    watch: Callable[[int], None] | None = None,
) -> Iterator[Article | Failure]:
    """Yield the articles of one file; the options are those of `rows.read_rows`."""
    kind = kind_of(path)
    try:
        if kind in TABLES:
            yield from read_rows(path, text_column=text_column, columns=columns, watch=watch)
        else:
            yield from articles_in(bytes_of(path), str(path), identity=stem_of(path), suffix=kind)
    except ReadError as error:
        yield Failure(str(path), str(error))


def files_of(source: str | Path) -> list[Path]:
    """Return the files that a path, a folder or a pattern stands for; folders and patterns without rhetoric's own."""
    path = Path(source)
    if path.is_dir():
        if (path / DATABASE).is_file():
            raise ReadError(
                f"{source}: this is a store; `rhetoric compare` and `rhetoric trends` read it,"
                f" `rhetoric store {source} export` writes its articles into a table"
            )
        is_own = passed_over(path)
        found = sorted(p for p in path.rglob("*") if _belongs(p.relative_to(path)) and p.is_file() and not is_own(p))
        if not found:
            raise ReadError(f"{source}: this folder holds no file ending in {', '.join(sorted(KNOWN))}")
        return found
    if path.exists() or not glob.has_magic(str(source)):
        return [path]
    matched = sorted(Path(p) for p in glob.glob(str(source), recursive=True))  # noqa: PTH207 (patterns may be absolute)
    is_own = passed_over(Path(*takewhile(lambda part: not glob.has_magic(part), path.parts)))
    found = [p for p in matched if p.is_file() and not is_own(p)]
    if not found:
        raise ReadError(f"{source}: no file matches this pattern; check it, and quote it in a shell")
    return found


def _belongs(path: Path) -> bool:
    """Whether a file of a folder, by its path inside the folder, is one to read."""
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    beside_a_page = any(part.endswith("_files") for part in path.parts[:-1])
    return kind_of(path) in KNOWN and stem_of(path).lower() not in NOT_ARTICLES and not hidden and not beside_a_page


def bytes_of(path: Path) -> bytes:
    """Return what is in a file."""
    try:
        with opened(path) as file:
            size = path.stat().st_size
            data = file.read(FILE_BYTES + 1)
    except FileNotFoundError:
        raise ReadError(f"{path}: there is no such file; check the path") from None
    except IsADirectoryError:
        raise ReadError(f"{path}: this is a folder; give a file in it, or use read_many") from None
    except ReadError:
        raise
    except (*UNREADABLE, ValueError) as error:
        raise ReadError(f"{path}: the file cannot be opened ({reason(error)}); check it and its permissions") from None
    if len(data) > FILE_BYTES:
        raise ReadError(
            f"{path}: the file has {max(size, len(data)) / 1e6:.1f} MB, more than {FILE_BYTES / 1e6:g}; "
            "split it, or make a table with one article a row"
        )
    return data


def _standard_input() -> bytes:
    """Return all of standard input."""
    data = sys.stdin.buffer.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise ReadError(f"standard input: more than {FILE_BYTES / 1e6:g} MB; split it")
    return data


def _from_address(url: str, allow_private: bool) -> Iterator[Article | Failure]:
    """Yield the article at an address, or those of a feed there."""
    got = fetch(url, allow_private=allow_private)
    suffix = {"text/plain": ".txt", "text/markdown": ".md"}.get(got.kind, ".html")
    yield from articles_in(got.data, url, identity=id_of(got.url), suffix=suffix, url=got.url, charset=got.charset)


def articles_in(
    data: bytes, name: str, *, identity: str, suffix: str = "", url: str | None = None, charset: str | None = None
) -> Iterator[Article | Failure]:
    """Yield the article in the bytes of a text or page, or those of a feed."""
    if not data:
        raise ReadError(f"{name}: this is empty; give a file with text")
    start = data[:HEAD].decode(encoding_of(data[:HEAD], name=name), "replace").lstrip("\ufeff")
    if is_feed(start):
        yield from read_feed(data, name=name, stem=identity)
        return
    if suffix in PAGES or (suffix not in MARKDOWN and _PAGE.match(start)):
        yield replace(article_of(data, name=name, url=url, charset=charset), id=identity)
        return
    text, warnings = decode(data, name=name, declared=charset)
    if not text.strip():
        raise ReadError(f"{name}: there is nothing but white space in it; give a file with text")
    article = read_markdown(text) if suffix in MARKDOWN else Article(text, title=_first_line(text))
    yield replace(article, id=identity, url=article.url or url, warnings=(*warnings, *article.warnings))


def _first_line(text: str) -> str | None:
    """Return the first line of a plain text where it stands alone like a title; it stays in the text."""
    lines = text.strip().splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip() and not is_junk(line.strip())), 0)
    title = lines[first].strip()
    alone = len(lines) > first + 2 and not lines[first + 1].strip()
    sentence = title.endswith((".", ":", ";", ","))
    return title if alone and len(title) <= TITLE_LENGTH and not sentence and not is_junk(title) else None
