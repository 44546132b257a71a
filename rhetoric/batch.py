"""One run over a collection: what is new is scored and enters the store, once, whatever happens on the way.

sources → texts that are new → the pure function on frames of them → parts, written aside, synced, renamed → the state,
in one transaction a part. Results are entered in the order of the sources, so that the store always holds a beginning
of what an undisturbed run would have written.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import orjson

from rhetoric.frames import LONGEST, day_of, identity, plain
from rhetoric.parts import (
    ROW,
    TABLES,
    Made,
    Task,
    analyzer_of,
    is_address,
    make_part,
    name_of,
    parts_found,
    place_parts,
    read_part,
    sweep,
    sync_folder,
)
from rhetoric.pool import work_here
from rhetoric.records import FIELDS
from rhetoric.sources import AGENT, DELAY, Found, Reader
from rhetoric.state import RUNS, Event, PartRow, State, StoreError, locked

EVENTS = 10_000
"""So many things to remember, and no article to score among them, are entered by themselves."""
PATIENCE = 60.0
"""Seconds after which a part is scored though it is not full, so that little is lost of a slow collection."""
CHARACTERS = 8_000_000
"""A part holds no more text than this."""

Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do; on the command line and in a file the same names."""

    sources: tuple[str, ...] = ()
    store: str = ""
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    scheduler: str | None = None
    parts: str | None = None
    """Address of the parts where they do not lie in the store, as fsspec knows it."""
    limit: int | None = None
    since: str | None = None
    rescore: bool = False
    retry_failed: bool = False
    language: str = "en"
    text_column: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    part_size: int = 500
    time_limit: float = 60.0
    delay: float = DELAY
    user_agent: str = AGENT
    allow_private: bool = False
    lexicon: str | None = None
    model: str | None = None


@dataclass(slots=True)
class Counts:
    """What a run did."""

    new: int = 0
    rescored: int = 0
    known: int = 0
    """Articles that were met again."""
    failed: int = 0
    skipped: int = 0
    """Articles in another language."""
    sentences: int = 0
    findings: int = 0
    ledger: int = 0
    parts: int = 0
    bytes: int = 0
    known_sources: int = 0
    addresses: int = 0


@dataclass(slots=True)
class _Plan:
    """What a task will enter in the state beside its part."""

    articles: list[tuple[str, Found | None, dict[str, Any]]] = field(default_factory=list)
    """By row of the task: identity, where it was met (nowhere, if it comes from the store), its row of the state."""
    events: list[Event] = field(default_factory=list)
    replaces: int | None = None
    """The part that this one replaces, if all its articles can be scored."""


class Run:
    """One run. `go` does it all; `counts` say what it did."""

    def __init__(self, settings: Settings, state: State, number: int, tell: Tell) -> None:
        self.settings, self.state, self.number, self.tell = settings, state, number, tell
        self.counts = Counts()
        self.stopped = False
        self.made_by = " ".join(asdict(analyzer_of(settings.lexicon, settings.model).made_by).values())
        self.reader = Reader(
            state,
            number,
            text_column=settings.text_column,
            columns=settings.columns,
            settings=json.dumps(
                [settings.language, settings.since, settings.text_column, dict(settings.columns)], ensure_ascii=False
            ),
            again=settings.retry_failed,
            allow_private=settings.allow_private,
            agent=settings.user_agent,
            delay=settings.delay,
            stop=lambda: self.stopped,
            tell=lambda line: tell({"event": "note", "message": line}),
        )
        self._plans: dict[int, _Plan] = {}
        self._pending: set[str] = set()
        self._editions: Counter[str] = Counter()
        self._rest: list[Event] = []
        self._next = 1 + (state.one("SELECT max(part) FROM parts") or 0)
        self._began = time.monotonic()

    def go(self) -> None:
        """Do everything that is to be done, or as much as there is time for before `stopped`."""
        tasks = self.tasks()
        settings = self.settings
        if settings.scheduler:
            from rhetoric.cluster import work_on_cluster

            results = work_on_cluster(tasks, settings.scheduler, jobs=settings.jobs)
        else:
            results = work_here(tasks, make_part, jobs=settings.jobs, limit=settings.time_limit)
        for task, made in results:
            self._enter(task, made)
            self.tell({"event": "progress", **self.progress()})
        if self._rest:
            with self.state.transaction():
                self._remember(self._rest)

    def tasks(self) -> Iterator[Task]:
        """Yield the work to do: what is damaged, what is stale, what is new."""
        if self.settings.retry_failed:
            yield from self._damaged()
        if self.settings.rescore:
            for part in self.state.parts():
                if part.made_by != self.made_by and part.rows["articles"] and not self.stopped:
                    yield self._again(part)
        yield from self._new()

    def _new(self) -> Iterator[Task]:
        """Yield what is new in the sources, a part at a time."""
        rows: list[tuple[Any, ...]] = []
        plan, size, since = _Plan(), 0, time.monotonic()
        taken = 0
        for found in self.reader.articles(list(self.settings.sources)):
            if isinstance(found, Event):
                plan.events.append(found)
            elif row := self._row(found, plan):
                rows.append(row)
                size += len(found.article.text)
                taken += 1
            full = len(rows) >= self.settings.part_size or size >= CHARACTERS
            if full or (rows and time.monotonic() - since > PATIENCE) or len(plan.events) >= EVENTS:
                yield self._task(rows, plan)
                rows, plan, size, since = [], _Plan(), 0, time.monotonic()
            if self.stopped or taken == self.settings.limit:
                break
        if rows and not self.stopped:
            yield self._task(rows, plan)
        elif not self.stopped:
            self._rest = plan.events

    def _row(self, found: Found, plan: _Plan) -> tuple[Any, ...] | None:
        """The row of an article that is to be scored; None where there is nothing to score, and the plan says why."""
        article = found.article
        if self.settings.since and (day := day_of(article.published)) and day.isoformat() < self.settings.since:
            return None
        text = plain(article.text) or ""
        own = identity(text)
        state = self.state
        if own in self._pending or state.one("SELECT 1 FROM articles WHERE article=?", own):
            self.counts.known += 1
            asked = "SELECT 1 FROM places WHERE article=? AND source=? AND place=?"
            if not state.one(asked, own, found.source, found.place):
                plan.events.append(_place(own, found))
            return None
        if not self.settings.retry_failed and state.one("SELECT 1 FROM failures WHERE article=?", own):
            return None
        if self.settings.language != "any" and state.one("SELECT 1 FROM skipped WHERE article=?", own):
            return None
        if len(text) > LONGEST:
            said = f"{found.place}: longer than {LONGEST:,} characters; split it into articles"
            plan.events.append(_failure(found, said, own, self.number))
            return None
        url = plain(article.url)
        edition = 1
        if url:
            stored = state.one("SELECT max(edition) FROM articles WHERE url=?", url) or 0
            self._editions[url] = edition = max(stored, self._editions[url]) + 1
        self._pending.add(own)
        day = day_of(article.published)
        kept = {"outlet": plain(article.outlet), "day": day and day.isoformat(), "url": url, "edition": edition}
        plan.articles.append((own, found, kept))
        fields = {name: getattr(article, name, None) for name in ROW}
        fields |= {"text": text, "warnings": "\n".join(article.warnings) or None, "edition": edition}
        return tuple(fields[name] for name in ROW)

    def _task(self, rows: list[tuple[Any, ...]], plan: _Plan, language: str | None = None) -> Task:
        """A task, its plan kept for when it is done."""
        settings, number = self.settings, self._next
        self._next += 1
        self._plans[number] = plan
        return Task(
            number,
            f"{self.number}-{os.getpid()}",
            self.state.place,
            tuple(rows),
            language or settings.language,
            settings.lexicon,
            settings.model,
        )

    def _again(self, part: PartRow) -> Task:
        """The task of scoring the articles of a part again."""
        rows, plan = [], _Plan(replaces=part.part)
        for kept in _rows_of(read_part(self.state.place, "articles", part.part)):
            rows.append(tuple(kept[name] for name in ROW))
            day = day_of(kept["published"])
            known = {"outlet": kept["outlet"], "day": day and day.isoformat(), "url": kept["url"]}
            plan.articles.append((kept["article"], None, known | {"edition": kept["edition"]}))
        return self._task(rows, plan, "any")

    def _damaged(self) -> Iterator[Task]:
        """Yield the parts to make again from their articles; where these are damaged too, forget the part."""
        parts = {part.part: part for part in self.state.parts() if part.sha256}
        bad: dict[int, set[str]] = {}
        for number, table, digest in parts_found(self.state.place, list(parts)):
            if digest != parts[number].sha256[table]:
                bad.setdefault(number, set()).add(table)
        for number, tables in bad.items():
            if "articles" not in tables:
                self._note(f"part {number}: {' and '.join(sorted(tables))} damaged; made again from its articles")
                yield self._again(parts[number])
                continue
            self._note(
                f"part {number}: its {parts[number].rows['articles']} articles are damaged; they are read from their"
                " sources again, as far as these are given"
            )
            with self.state.transaction():
                self._forget(number)
            for table in TABLES:
                self._remove(table, number)

    def _forget(self, number: int) -> None:
        """Take a part out of the state, and all that says that its sources need not be read."""
        db = self.state.db
        inside = "(SELECT article FROM articles WHERE part=?)"
        db.execute(
            f"DELETE FROM sources WHERE source IN (SELECT source FROM places WHERE article IN {inside})", [number]
        )
        for column in ("place", "source"):
            db.execute(
                f"DELETE FROM addresses WHERE url IN (SELECT {column} FROM places WHERE article IN {inside})", [number]
            )
        self._drop(number)

    def _drop(self, number: int) -> None:
        """Take a part out of the state, with what failed when it was scored again."""
        db = self.state.db
        db.execute("DELETE FROM articles WHERE part=?", [number])
        db.execute("DELETE FROM parts WHERE part=?", [number])
        db.execute("DELETE FROM failures WHERE source=?", [name_of("articles", number)])

    def _enter(self, task: Task, made: Made) -> None:
        """Give a part its name and enter it, with all that belongs to it, or leave everything as it was."""
        plan = self._plans.pop(task.number)
        stays = plan.replaces if made.skipped else None  # the old part, where the new one lacks articles of it
        try:
            place_parts(task, made)
            with self.state.transaction():
                self._remember(self._events(made, plan) if stays is None else self._not_again(made, plan, stays))
        except (OSError, StoreError):
            for table in made.sha256:
                with suppress(OSError):
                    self._remove(table, task.number)
            raise
        if plan.replaces is not None:
            for table in TABLES:
                self._remove(table, plan.replaces if stays is None else task.number)
        for note in made.notes:
            self._note(note)
        for own, _, _ in plan.articles:
            self._pending.discard(own)
        if stays is not None:
            return
        done, counts = made.rows["articles"], self.counts
        counts.new += done if plan.replaces is None else 0
        counts.rescored += done if plan.replaces is not None else 0
        for table in ("sentences", "findings", "ledger"):
            setattr(counts, table, getattr(counts, table) + made.rows[table])
        counts.parts += bool(made.sha256)
        counts.bytes += made.bytes

    def _not_again(self, made: Made, plan: _Plan, part: int) -> Iterator[Event]:
        """Yield what failed as a part was scored again that therefore stays as it was."""
        source = name_of("articles", part)
        for row, why in made.skipped.items():
            own = plan.articles[row][0]
            said = f"{own}: {why}; its part stays as it was, run again with the same options"
            place = {"source": source, "place": own, "article": own}
            yield Event("failures", place | {"reason": said, "run": self.number})

    def _events(self, made: Made, plan: _Plan) -> Iterator[Event]:
        """Yield what a finished task enters in the state."""
        if plan.replaces is not None:
            self._drop(plan.replaces)
        if made.sha256:
            own = {"part": made.number, "run": self.number, "made_by": self.made_by, **made.rows}
            yield Event("parts", own | {"bytes": made.bytes, "sha256": json.dumps(made.sha256)})
        for row, (own_id, found, kept) in enumerate(plan.articles):
            if row not in made.skipped:
                yield Event("articles", {"article": own_id, "part": made.number, **kept})
                if found:
                    self.state.db.execute("DELETE FROM failures WHERE article=?", [own_id])
                    self.state.db.execute("DELETE FROM skipped WHERE article=?", [own_id])
                    yield _place(own_id, found)
            elif found:
                yield self._left_out(own_id, found, made.skipped[row])
        yield from plan.events

    def _left_out(self, own: str, found: Found, why: str) -> Event:
        """What is entered of an article that was not scored."""
        if why.startswith("language "):
            place = {"article": own, "source": found.source, "place": found.place}
            return Event("skipped", place | {"reason": why, "run": self.number})
        return _failure(found, f"{found.place}: {why}", own, self.number)

    def _remember(self, events: Iterator[Event] | list[Event]) -> None:
        """Enter events; what failed in a source in an earlier run and not in this one is mended."""
        for event in events:
            self.counts.failed += event.table == "failures"
            self.counts.skipped += event.table == "skipped"
            self.state.enter([event])
            if event.table == "sources":
                mended = "DELETE FROM failures WHERE source=? AND article IS NULL AND run<?"
                self.state.db.execute(mended, [event.row["source"], self.number])
            elif event.table == "addresses":
                mended = "DELETE FROM failures WHERE place=? AND run<?"
                self.state.db.execute(mended, [event.row["url"], self.number])

    def _remove(self, table: str, number: int) -> None:
        """Remove a file that the state does not name."""
        if is_address(self.state.place):
            return  # the next run's sweep does
        (Path(self.state.place) / name_of(table, number)).unlink(missing_ok=True)

    def _note(self, message: str) -> None:
        self.tell({"event": "note", "message": message})

    def progress(self) -> dict[str, Any]:
        """How far the run is, as plain data."""
        counts, reader = self.counts, self.reader
        seconds = time.monotonic() - self._began
        done = counts.new + counts.rescored
        share = min(reader.read / reader.total, 1.0) if reader.total else 0.0
        waiting = len(self._pending)
        left = seconds * (1 / share - 1) + seconds * waiting / done if share and done else None
        return {
            "done": done,
            "failed": counts.failed,
            "skipped": counts.skipped,
            "rate": round(done / seconds, 1) if seconds else 0.0,
            "left": None if left is None else round(left),
        }


def run_batch(settings: Settings, tell: Tell) -> tuple[int, Counts]:
    """Do one run: the exit code of the command, and what was done.

    Parameters
    ----------
    settings
        What to do.
    tell
        Called with what happens, as plain data with an `event`: start, note, progress, end.

    Raises
    ------
    StoreError, WorkError, LexiconError, ModelError
        Nothing more can be done; what was entered before stays.
    """
    folder = Path(settings.store)
    with locked(folder):
        state = State.write(folder, parts=settings.parts)
        try:
            sweep(state.place, {part.part for part in state.parts()})
            (folder / RUNS).mkdir(exist_ok=True)
            run = Run(settings, state, _next_run(folder), tell)
            stale = sum(p.rows["articles"] for p in state.parts() if p.made_by != run.made_by)
            if stale and not settings.rescore:
                tell(
                    {
                        "event": "note",
                        "message": f"{stale:,} articles were scored by another model or other lexicons;"
                        " --rescore does them again",
                    }
                )
            tell({"event": "start", "run": run.number, "store": str(folder)})
            began, started = time.monotonic(), datetime.now(UTC)
            with _interrupts(run):
                run.go()
            run.counts.known_sources, run.counts.addresses = run.reader.known, run.reader.addresses
            code = _code(run)
            _write_manifest(folder, run, started, time.monotonic() - began, code)
            tell({"event": "end", "code": code, **asdict(run.counts), **run.progress()})
            return code, run.counts
        finally:
            state.close()


def plan_batch(settings: Settings, tell: Tell) -> Counts:
    """What a run would do: everything is read but addresses, nothing is scored and nothing is written."""
    state = State.glance(Path(settings.store))
    try:
        run = Run(settings, state, 0, tell)
        run.reader.ask = False
        if settings.rescore:
            run.counts.rescored = sum(p.rows["articles"] for p in state.parts() if p.made_by != run.made_by)
        for task in run._new():
            plan = run._plans.pop(task.number)
            run.counts.new += len(task.rows)
            run.counts.failed += sum(event.table == "failures" for event in plan.events)
        run.counts.failed += sum(event.table == "failures" for event in run._rest)
        run.counts.known_sources, run.counts.addresses = run.reader.known, run.reader.addresses
        return run.counts
    finally:
        state.close()


def _code(run: Run) -> int:
    """The exit code of a run."""
    counts = run.counts
    if run.stopped:
        return 130
    bad = counts.failed + counts.skipped
    nothing = not (counts.new or counts.rescored or counts.known or run.reader.known or run.reader.answered)
    return 2 if counts.failed and nothing and not run.state.parts() else 3 if bad else 0


@contextmanager
def _interrupts(run: Run) -> Iterator[None]:
    """The first interrupt, or the end that a service manager asks for, lets the parts in hand be finished."""

    def stop(number: int, frame: FrameType | None) -> None:
        if run.stopped:
            raise KeyboardInterrupt
        run.stopped = True
        run.tell({"event": "note", "message": "interrupted: the parts in hand are finished; once more leaves at once"})

    old = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


def _next_run(folder: Path) -> int:
    """The number of a new run."""
    numbers = [int(path.stem) for path in (folder / RUNS).glob("*.json") if path.stem.isdigit()]
    return 1 + max(numbers, default=0)


def _write_manifest(folder: Path, run: Run, started: datetime, seconds: float, code: int) -> None:
    """Write what a run was and did."""
    version, model, lexicons = run.made_by.split()
    settings = {key: value for key, value in asdict(run.settings).items() if value not in (None, {}, False)}
    manifest = {
        "run": run.number,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "exit_code": code,
        "made_by": {"version": version, "model": model, "lexicons": lexicons},
        "settings": settings,
        "counts": asdict(run.counts),
    }
    path = folder / RUNS / f"{run.number:06d}.json"
    aside = path.with_suffix(".new")
    try:
        aside.write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
        aside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: the manifest cannot be written ({error.strerror}); the articles are safe") from None


def _place(own: str, found: Found) -> Event:
    """Where an article was met, as a row of the state."""
    fields = {name: plain(getattr(found.article, name)) for name in FIELDS}
    return Event("places", {"article": own, "source": found.source, "place": found.place, **fields})


def _failure(found: Found, said: str, own: str, run: int) -> Event:
    row = {"source": found.source, "place": found.place, "reason": said, "article": own, "run": run}
    return Event("failures", row)


def _rows_of(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the rows of a Parquet file."""
    import pyarrow
    from pyarrow import parquet

    yield from parquet.read_table(pyarrow.BufferReader(data)).to_pylist()
