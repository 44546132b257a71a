"""What is in a store and what became of everything: one SQLite database, and one lock for whoever writes.

Every part of the data enters here in one transaction, together with all that was learnt on the way to it. What does not
stand here is not in the store, whatever files lie about.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rhetoric.frames import FORMAT
from rhetoric.made import DATABASE

LOCK = "lock"
ASIDE = ".aside"
"""Folder of a store where parts are written before they are given their names."""
RUNS = "runs"

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE parts (
    part INTEGER PRIMARY KEY, run INTEGER NOT NULL, made_by TEXT NOT NULL,
    articles INTEGER NOT NULL, sentences INTEGER NOT NULL, findings INTEGER NOT NULL, ledger INTEGER NOT NULL,
    bytes INTEGER NOT NULL, sha256 TEXT NOT NULL
);
CREATE TABLE articles (
    article TEXT PRIMARY KEY, part INTEGER NOT NULL, outlet TEXT, day TEXT, url TEXT, edition INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_part ON articles (part);
CREATE INDEX articles_url ON articles (url) WHERE url IS NOT NULL;
CREATE TABLE places (
    article TEXT NOT NULL, source TEXT NOT NULL, place TEXT NOT NULL,
    id TEXT, title TEXT, url TEXT, outlet TEXT, byline TEXT, published TEXT,
    PRIMARY KEY (article, source, place)
) WITHOUT ROWID;
CREATE TABLE failures (
    source TEXT NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL, article TEXT, run INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (source, place)
) WITHOUT ROWID;
CREATE INDEX failures_article ON failures (article) WHERE article IS NOT NULL;
CREATE TABLE skipped (
    article TEXT PRIMARY KEY, source TEXT NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE sources (
    source TEXT NOT NULL, sha256 TEXT NOT NULL, settings TEXT NOT NULL, run INTEGER NOT NULL,
    PRIMARY KEY (sha256, settings, source)
) WITHOUT ROWID;
CREATE TABLE addresses (
    url TEXT PRIMARY KEY, etag TEXT, modified TEXT, sha256 TEXT NOT NULL, run INTEGER NOT NULL
) WITHOUT ROWID;
"""


class StoreError(ValueError):
    """A store that cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to enter: a row of a table of the database, by column; a row of the same key is replaced."""

    table: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part as the database knows it."""

    part: int
    run: int
    made_by: str
    rows: Mapping[str, int]
    bytes: int
    sha256: Mapping[str, str]
    """Of the file of each table."""


class State:
    """The database of a store, open for reading or, by the one who holds the lock, for writing."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder, self.db = folder, connection

    @classmethod
    def read(cls, folder: Path) -> State:
        """The state of a store, for reading.

        Raises
        ------
        StoreError
            There is no store in the folder, or one of another format.
        """
        path = folder / DATABASE
        if not path.is_file():
            raise StoreError(
                f"{folder}: there is no store here; make one with `rhetoric batch SOURCE --store {folder}`"
            )
        uri = path.resolve().as_uri()
        try:
            db = sqlite3.connect(f"{uri}?mode=ro", uri=True)
            db.execute("SELECT 1 FROM meta")
        except sqlite3.OperationalError:  # a disk that cannot be written, where the log of SQLite cannot be opened
            db = sqlite3.connect(f"{uri}?immutable=1", uri=True)
        except sqlite3.Error as error:
            raise told(folder, error) from None
        return cls(folder, db)._checked()

    @classmethod
    def write(cls, folder: Path, *, parts: str | None = None) -> State:
        """The state of a store, for writing; made where it is missing. Take the lock first."""
        try:
            db = sqlite3.connect(folder / DATABASE, isolation_level=None)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name='meta'").fetchone():
                db.executescript(f"BEGIN IMMEDIATE;{SCHEMA}INSERT INTO meta VALUES ('format', '{FORMAT}');COMMIT;")
        except sqlite3.Error as error:
            raise told(folder, error) from None
        state = cls(folder, db)._checked()
        known = state.meta("parts")
        if parts and known is None and not state.parts():
            db.execute("INSERT INTO meta VALUES ('parts', ?)", [parts])
        elif parts and parts.rstrip("/") != (known or "").rstrip("/"):
            raise StoreError(f"{folder}: the parts of this store lie in {known or folder}; leave --parts out")
        return state

    @classmethod
    def glance(cls, folder: Path) -> State:
        """The state of a store, for reading; that of an empty one where there is none."""
        if (folder / DATABASE).is_file():
            return cls.read(folder)
        db = sqlite3.connect(":memory:")
        db.executescript(f"{SCHEMA}INSERT INTO meta VALUES ('format', '{FORMAT}');")
        return cls(folder, db)

    def _checked(self) -> State:
        """The state itself, if its format is known."""
        try:
            found = self.meta("format")
        except sqlite3.Error as error:
            raise told(self.folder, error) from None
        if found != str(FORMAT):
            raise StoreError(
                f"{self.folder}: the store has format {found}, this program reads {FORMAT};"
                " use the version of rhetoric-analyzer that made it, or make a new store"
            )
        return self

    def close(self) -> None:
        """Close the database; its log goes into it."""
        self.db.close()

    def meta(self, key: str) -> str | None:
        """A value that the store remembers under a key."""
        row = self.db.execute("SELECT value FROM meta WHERE key=?", [key]).fetchone()
        return row and str(row[0])

    @property
    def place(self) -> str:
        """Folder or address that the parts lie in."""
        return self.meta("parts") or str(self.folder)

    def parts(self) -> list[PartRow]:
        """All parts, in order."""
        names = ("articles", "sentences", "findings", "ledger")
        found = self.db.execute(
            f"SELECT part, run, made_by, {', '.join(names)}, bytes, sha256 FROM parts ORDER BY part"
        )
        return [
            PartRow(part, run, made, dict(zip(names, rows, strict=True)), size, json.loads(hashes))
            for part, run, made, *rows, size, hashes in found
        ]

    def one(self, question: str, *values: Any) -> Any:
        """The first value of the answer to a question, or None."""
        row = self.db.execute(question, values).fetchone()
        return row[0] if row else None

    def rows(self, question: str, *values: Any) -> Iterator[dict[str, Any]]:
        """Yield the rows of the answer to a question."""
        cursor = self.db.execute(question, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is entered inside, or nothing."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")
        except sqlite3.Error as error:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise told(self.folder, error) from None

    def enter(self, events: Iterable[Event]) -> None:
        """Enter rows, inside a transaction."""
        for event in events:
            names = ", ".join(event.row)
            marks = ", ".join("?" * len(event.row))
            more = " ON CONFLICT DO UPDATE SET reason=excluded.reason, run=excluded.run, tries=tries+1"
            self.db.execute(
                f"INSERT {'' if event.table == 'failures' else 'OR REPLACE '}INTO {event.table} ({names})"
                f" VALUES ({marks}){more if event.table == 'failures' else ''}",
                list(event.row.values()),
            )


def told(folder: Path, error: sqlite3.Error) -> StoreError:
    """An error of the database in words that say what to do."""
    said = str(error)
    if "full" in said:
        return StoreError(f"{folder}: the disk is full; make room and run again, it goes on where it stopped")
    if "readonly" in said or "read-only" in said or "unable to open" in said:
        return StoreError(f"{folder}: the store cannot be written ({said}); check the folder's permissions")
    if "malformed" in said or "not a database" in said:
        return StoreError(f"{folder / DATABASE}: the database is damaged ({said}); restore it from a copy")
    return StoreError(f"{folder / DATABASE}: {said}")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a store; whoever dies lets go of it.

    Raises
    ------
    StoreError
        Somebody else holds it, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("r+b") if (folder / LOCK).exists() else (folder / LOCK).open("w+b")
    except OSError as error:
        raise StoreError(
            f"{folder}: the store cannot be written ({error.strerror}); check the disk and the folder's permissions"
        ) from None
    with file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = file.read().decode(errors="replace").strip() or "another run"
            raise StoreError(f"{folder}: {holder} is writing to this store; wait until it ends") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
        file.flush()
        yield
        file.truncate(0)
