"""Parts of a store: what one piece of work makes, how it reaches the disk, and where it lies."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

from rhetoric.analysis import Analyzer
from rhetoric.frames import StoreTable, score_tables
from rhetoric.languages import language_of
from rhetoric.records import FIELDS
from rhetoric.state import ASIDE

TABLES: tuple[StoreTable, ...] = get_args(StoreTable)
ROW = (*FIELDS, "text", "warnings", "edition")
"""What a piece of work holds of each article."""
ALL_DIFFERENT = frozenset({"text"})
"""Strings that a dictionary of a column only makes larger; numbers need none either."""
TOGETHER = 125
"""Articles that are scored in one frame; a longer one only takes more memory."""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work: articles that become one part."""

    number: int
    run: str
    place: str
    """Folder or address that the parts lie in."""
    rows: tuple[tuple[Any, ...], ...]
    """The articles, with the columns of `ROW`."""
    language: str
    lexicons: str | None
    model: str | None
    bad: Mapping[int, str] = field(default_factory=dict)
    """Rows that are left out, and why."""
    alone: bool = False
    """Each article in a frame of its own, so that it is known which one goes wrong."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a task."""

    number: int
    rows: Mapping[str, int]
    bytes: int
    sha256: Mapping[str, str]
    """Of the file of each table; empty where no article was scored and there are no files."""
    skipped: Mapping[int, str]
    """Rows that were not scored, and why."""
    notes: tuple[str, ...] = ()
    """One line each: what went wrong on the way and was mended."""


def make_part(task: Task, beat: Callable[[int], None] = lambda row: None) -> Made:
    """Score the articles of a task and write their part aside; on an address other than a folder, in its place.

    Parameters
    ----------
    task
        The articles.
    beat
        Called with the row that comes next, before it is scored.
    """
    import pandas as pd
    import pyarrow as pa

    analyzer = analyzer_of(task.lexicons, task.model)
    language_of("")
    skipped = dict(task.bad)
    made: dict[StoreTable, list[pa.Table]] = {table: [] for table in TABLES}
    kept = [i for i in range(len(task.rows)) if i not in skipped]
    step = 1 if task.alone else TOGETHER
    for first in range(0, len(kept), step):
        beat(kept[first])
        numbers = kept[first : first + step]
        source = pd.DataFrame([task.rows[i] for i in numbers], columns=list(ROW), index=numbers)
        tables, left_out = score_tables(source, language=task.language, analyzer=analyzer)
        skipped |= left_out
        for table, rows in tables.items():
            made[table].append(rows)
    beat(-1)
    whole = {table: pa.concat_tables(pieces) for table, pieces in made.items() if pieces}
    if not whole or not whole["articles"].num_rows:
        return Made(task.number, dict.fromkeys(TABLES, 0), 0, {}, skipped)
    written = {table: _write(task, table, rows) for table, rows in whole.items()}
    return Made(
        task.number,
        {table: rows.num_rows for table, rows in whole.items()},
        sum(size for size, _ in written.values()),
        {table: digest for table, (_, digest) in written.items()},
        skipped,
    )


@cache
def analyzer_of(lexicons: str | None, model: str | None) -> Analyzer:
    """The analyzer of some lexicons and model, loaded once a process."""
    return Analyzer.load(lexicons=lexicons, model=model)


def _write(task: Task, table: StoreTable, rows: Any) -> tuple[int, str]:
    """Write a table, all of it on the disk when this returns; its size and hash."""
    import pyarrow as pa
    from pyarrow import parquet

    out = pa.BufferOutputStream()
    few = [field.name for field in rows.schema if field.type == "string" and field.name not in ALL_DIFFERENT]
    parquet.write_table(rows, out, compression="zstd", compression_level=3, use_dictionary=few)
    data = out.getvalue()
    if is_address(task.place):
        fs, folder = _file_system(task.place)
        fs.makedirs(f"{folder}/{table}", exist_ok=True)
        fs.pipe_file(f"{folder}/{name_of(table, task.number)}", bytes(data))
    else:
        aside = aside_of(task, table)
        aside.parent.mkdir(exist_ok=True)
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    return data.size, hashlib.sha256(data).hexdigest()


def aside_of(task: Task, table: StoreTable) -> Path:
    """Where a table is written before it has its name."""
    return Path(task.place) / ASIDE / f"{task.run}-{task.number}-{table}.parquet"


def name_of(table: str, number: int) -> str:
    """Where the file of a part lies below the place of the parts."""
    return f"{table}/part-{number:08d}.parquet"


def is_address(place: str) -> bool:
    """Whether the parts lie at an address that fsspec knows, and not in a folder."""
    return "://" in place


def place_parts(task: Task, made: Made) -> None:
    """Give the files of a part their names; they stay after a power cut."""
    if is_address(task.place):
        return
    for table in TABLES if made.sha256 else ():
        path = Path(task.place) / name_of(table, task.number)
        path.parent.mkdir(exist_ok=True)
        aside_of(task, table).replace(path)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(place: str, known: set[int]) -> None:
    """Remove what a run that was cut off left: files aside, and parts that the state does not know."""
    if is_address(place):
        fs, folder = _file_system(place)
        for table in TABLES:
            found = fs.ls(f"{folder}/{table}", detail=False) if fs.exists(f"{folder}/{table}") else []
            for name in found:
                if _number(Path(name).name) not in known:
                    fs.rm_file(name)
        return
    for path in (Path(place) / ASIDE).glob("*"):
        path.unlink(missing_ok=True)
    for table in TABLES:
        for path in (Path(place) / table).glob("part-*.parquet"):
            if _number(path.name) not in known:
                path.unlink()


def _number(name: str) -> int | None:
    with suppress(ValueError):
        return int(name.removeprefix("part-").removesuffix(".parquet"))
    return None


def read_part(place: str, table: str, number: int) -> bytes:
    """The file of a part."""
    if is_address(place):
        fs, folder = _file_system(place)
        return bytes(fs.cat_file(f"{folder}/{name_of(table, number)}"))
    return (Path(place) / name_of(table, number)).read_bytes()


def dataset_of(place: str, table: StoreTable, numbers: list[int]) -> Any:
    """The Arrow dataset over some parts of a table; nothing is read yet."""
    from pyarrow import dataset

    from rhetoric.frames import arrow_schema

    names = [name_of(table, number) for number in numbers]
    if is_address(place):
        fs, folder = _file_system(place)
        files = [f"{folder}/{name}" for name in names]
        return dataset.dataset(files, schema=arrow_schema(table), format="parquet", filesystem=fs)
    files = [str(Path(place) / name) for name in names]
    return dataset.dataset(files, schema=arrow_schema(table), format="parquet")


def parts_found(place: str, numbers: list[int]) -> Iterator[tuple[int, str, str | None]]:
    """Yield number, table and hash of each file of some parts; no hash where it cannot be read."""
    for number in numbers:
        for table in TABLES:
            try:
                yield number, table, hashlib.sha256(read_part(place, table, number)).hexdigest()
            except OSError:
                yield number, table, None


def _file_system(place: str) -> tuple[Any, str]:
    try:
        import fsspec
    except ImportError:
        raise OSError(0, "addresses of parts need fsspec; pip install 'rhetoric-analyzer[cluster]'", place) from None
    fs, folder = fsspec.core.url_to_fs(place)
    return fs, folder.rstrip("/")
