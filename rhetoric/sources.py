"""What a run is given to read: files and addresses to articles, and what to remember of them for the next run."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from rhetoric.decoding import HEAD, Failure, ReadError, decode, encoding_of, kind_of, name_of, reason, stem_of
from rhetoric.feeds import SUMMARY, id_of, is_feed, read_feed
from rhetoric.fetching import BusyError, Fetched, fetch
from rhetoric.reading import ADDRESS, articles_in, bytes_of, files_of, read_file
from rhetoric.records import Article
from rhetoric.rows import TABLES
from rhetoric.state import Event, State

AGENT = "rhetoric-analyzer (scheduled reader; one request at a time, waits between them)"
DELAY = 1.0
"""Seconds between two requests to one host."""

_LINE = re.compile(r"https?://\S+|#.*")
"""What every line of a list of addresses is."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article, and where it was met."""

    article: Article
    source: str
    """The file or address that was given, or a file of the folder that was."""
    place: str
    """Where in the source."""


@dataclass(slots=True)
class Reader:
    """Reads sources for one run."""

    state: State
    run: int
    text_column: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""
    """What changes which articles a source gives; a source that is known under others is read again."""
    again: bool = False
    """Read again what had failures."""
    ask: bool = True
    """Fetch addresses."""
    allow_private: bool = False
    agent: str = AGENT
    delay: float = DELAY
    stop: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda line: None
    known: int = 0
    """Sources that were known and passed over whole."""
    addresses: int = 0
    """Addresses asked for, or that would be."""
    answered: int = 0
    """Addresses that gave an answer."""
    total: int = 0
    """Bytes of the files to read."""
    read: int = 0
    """Bytes read so far."""
    _last: dict[str, float] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    def articles(self, sources: list[str]) -> Iterator[Found | Event]:
        """Yield the articles of all sources, in order, and between them what to enter in the state."""
        listed: list[str | Path] = []
        for source in sources:
            if ADDRESS.match(source) and not source.startswith("file:"):
                listed.append(source)
                continue
            try:
                listed += files_of(source)
            except ReadError as error:
                yield self._failure(source, source, str(error))
        self.total = sum(_size(path) for path in listed if isinstance(path, Path))
        for one in listed:
            if self.stop():
                return
            try:
                if isinstance(one, Path):
                    yield from self._file(one)
                else:
                    yield from self._address(one, one)
            except ReadError as error:
                yield self._failure(str(one), str(one), str(error))

    def _file(self, path: Path) -> Iterator[Found | Event]:
        """Yield what a file holds, unless its content is known."""
        name, after = name_of(path), self.read + _size(path)
        if path.exists() and not path.is_file():
            raise ReadError(f"{path}: this is a pipe or a device, which cannot be read twice; give a file")
        try:
            signature, digest = _signature(path), _hash(path)
        except OSError as error:
            raise ReadError(f"{path}: the file cannot be opened ({reason(error)}); check the path") from None
        if self._is_known(name, digest):
            self.known, self.read = self.known + 1, after
            return
        asked, told = self.addresses, False
        try:
            for found in self._inside(path):
                if isinstance(found, Failure):
                    yield self._failure(name, found.source, found.message)
                    continue
                if isinstance(found, Event | Found):
                    yield found
                    continue
                columns = next((line for line in found.warnings if line.startswith("Columns: ")), None)
                if columns and not told:
                    self.tell(f"{path}: {columns[:1].lower()}{columns[1:]}")
                    told = True
                yield Found(found, name, found.url or found.id)
        except ReadError as error:
            yield self._failure(name, name, str(error))
        except Exception as error:
            yield self._failure(name, name, f"{path}: a fault of the program ({type(error).__name__}: {reason(error)})")
        if self.stop():
            return
        self.read = after
        if _signature(path) != signature:
            yield self._failure(name, name, f"{path}: the file changed while it was read; run again")
        elif self.addresses == asked:  # addresses in it are asked again each time
            yield Event("sources", {"source": name, "sha256": digest, "settings": self.settings, "run": self.run})

    def _inside(self, path: Path) -> Iterator[Article | Failure | Found | Event]:
        """Yield what stands in a file: the rows of a table, the entries of a feed, a list's addresses, an article."""
        if kind_of(path) in TABLES:
            yield from read_file(path, text_column=self.text_column, columns=self.columns, watch=self._watch)
            return
        data = bytes_of(path)
        name = name_of(path)
        start = data[:HEAD].decode(encoding_of(data[:HEAD], name=name), "replace").lstrip("\ufeff")
        if is_feed(start):
            yield from self._feed(data, name)
        elif _is_list(start, cut=len(data) > HEAD):
            for line in map(str.strip, decode(data, name=name)[0].splitlines()):
                if ADDRESS.match(line) and not self.stop():
                    try:
                        yield from self._address(line, name)
                    except ReadError as error:
                        yield self._failure(name, line, str(error))
        else:
            yield from articles_in(data, name, identity=stem_of(path), suffix=kind_of(path))

    def _feed(self, data: bytes, source: str) -> Iterator[Found | Event]:
        """Yield the articles of a feed; where it carries only a summary, the pages that it links to."""
        for entry in read_feed(data, name=source, stem=id_of(source), bare=True):
            if self.stop():
                return
            if isinstance(entry, Failure):
                yield self._failure(source, entry.source, entry.message)
            elif entry.url and (SUMMARY in entry.warnings or not entry.text):
                try:
                    yield from self._address(entry.url, source, entry)
                except ReadError as error:
                    yield self._failure(source, entry.url, str(error))
            else:
                yield Found(entry, source, entry.url or entry.id)

    def _address(self, url: str, source: str, entry: Article | None = None) -> Iterator[Found | Event]:
        """Yield what an address answers with, if it has changed since the last time; an `entry` tells what it lacks."""
        self.addresses += 1
        if not self.ask:
            return
        known = next(self.state.rows("SELECT * FROM addresses WHERE url=?", url), None)
        if known and self.again and self._has_failed(url):
            known = None
        got = self._fetch(url, known)
        self.answered += 1
        digest = hashlib.sha256(got.data).hexdigest()
        if known and (got.unchanged or digest == known["sha256"]):
            self.known += 1
            return
        whole = True
        start = got.data[:HEAD].decode("utf-8", "replace").lstrip("\ufeff")
        if is_feed(start) and not entry:
            for found in self._feed(got.data, url):
                whole = whole and not (isinstance(found, Event) and found.table == "failures")
                yield found
        else:
            suffix = {"text/plain": ".txt", "text/markdown": ".md"}.get(got.kind, ".html")
            for read in articles_in(
                got.data, url, identity=id_of(got.url), suffix=suffix, url=got.url, charset=got.charset
            ):
                if isinstance(read, Failure):
                    yield self._failure(source, url, read.message)
                else:
                    yield Found(_with(read, entry), source, url)
        if whole and not self.stop():
            yield Event(
                "addresses",
                {"url": url, "etag": got.etag, "modified": got.modified, "sha256": digest, "run": self.run},
            )

    def _fetch(self, url: str, known: Mapping[str, str] | None) -> Fetched:
        """Ask an address, politely."""
        host = urlsplit(url).hostname or ""
        if host in self._busy:
            raise ReadError(f"{url}: its server asked to be left alone in this run; it is asked again in the next")
        while (rest := self._last.get(host, 0.0) + self.delay - time.monotonic()) > 0 and not self.stop():
            time.sleep(min(rest, 0.2))
        headers = {"User-Agent": self.agent}
        for header, value in (("If-None-Match", "etag"), ("If-Modified-Since", "modified")):
            if known and known[value]:
                headers[header] = known[value]
        try:
            return fetch(url, allow_private=self.allow_private, headers=headers)
        except BusyError:
            self._busy.add(host)
            raise
        finally:
            self._last[host] = time.monotonic()

    def _is_known(self, source: str, digest: str) -> bool:
        """Whether a file of this content was read whole, with the same settings."""
        if self.again and self._has_failed(source):
            return False
        question = "SELECT 1 FROM sources WHERE sha256=? AND settings=?"
        return self.state.one(question, digest, self.settings) is not None

    def _has_failed(self, place: str) -> bool:
        """Whether something failed in a file or an address, also one that stood in a list or a feed."""
        return self.state.one("SELECT 1 FROM failures WHERE source=? OR place=? LIMIT 1", place, place) is not None

    def _failure(self, source: str, place: str, message: str) -> Event:
        told = zip(("source", "place", "reason"), map(name_of, (source, place, message)), strict=True)
        return Event("failures", {**dict(told), "run": self.run})

    def _watch(self, count: int) -> None:
        self.read += count


def _is_list(start: str, *, cut: bool) -> bool:
    """Whether a text begins like a list of addresses, one a line; the last line does not count where it is `cut`."""
    lines = [line.strip() for line in start.splitlines()[: -1 if cut else None] if line.strip()]
    return bool(lines) and all(_LINE.fullmatch(line) for line in lines)


def _with(page: Article, entry: Article | None) -> Article:
    """A page with the outlet and the date that the feed tells, and what else it tells where the page does not."""
    if not entry:
        return page
    return replace(
        page,
        outlet=entry.outlet or page.outlet,
        published=entry.published or page.published,
        title=page.title or entry.title,
        byline=page.byline or entry.byline,
    )


def _size(path: Path) -> int:
    """The bytes of a file; none where it cannot be asked."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _signature(path: Path) -> tuple[int, int, int]:
    """What changes when a file is written to or replaced."""
    try:
        stat = path.stat()
    except OSError:
        return (0, 0, 0)
    return (stat.st_ino, stat.st_size, stat.st_mtime_ns)


def _hash(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
