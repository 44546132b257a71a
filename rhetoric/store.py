"""A store as a reader sees it: data frames by date and outlet, what failed, whether every file is whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.decoding import reason
from rhetoric.frames import STORED, StoreTable
from rhetoric.parts import TABLES, dataset_of, parts_found
from rhetoric.state import RUNS, PartRow, State, StoreError
from rhetoric.tables import typed

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("parquet", "csv", "jsonl")
"""What a table is exported as."""


def open_store(folder: str | Path, *, model: str | None = None) -> Store:
    """A store that `rhetoric batch` wrote, for reading; nothing but its state is read before a frame is asked for.

    Parameters
    ----------
    folder
        The store.
    model
        Where its rows are of several models or lexicons: which of them to read, by the start of the model's hash as
        `rhetoric store DIR info` shows it; "newest" for those of the last run, "all" for all of them side by side.

    Raises
    ------
    StoreError
        There is no store in the folder, or its rows are of several models and none is named.

    Examples
    --------
    >>> store = open_store("my_store")  # doctest: +SKIP
    >>> store.frame("sentences", outlet="The Orle Courier", since="2025-01-01")  # doctest: +SKIP
    """
    return Store(State.read(Path(folder)), model)


class Store:
    """A store, open for reading. Take `open_store`."""

    def __init__(self, state: State, model: str | None = None) -> None:
        self.state, self.folder = state, state.folder
        self._all = state.parts()
        self._model = model

    @cached_property
    def parts(self) -> list[PartRow]:
        """The parts that frames are made of: those of one model."""
        whole = [part for part in self._all if part.rows["articles"]]
        made = list(dict.fromkeys(part.made_by for part in whole))
        if len(made) < 2 or self._model == "all":
            return whole
        if self._model is None:
            counts = {m: sum(part.rows["articles"] for part in whole if part.made_by == m) for m in made}
            said = "; ".join(
                f"{n:,} articles by model {named(m)['model']}, lexicons {named(m)['lexicons']}"
                for m, n in counts.items()
            )
            raise StoreError(
                f"{self.folder}: the rows are of different models or lexicons ({said}); `rhetoric batch --store"
                f' {self.folder} --rescore` makes them one, or open it with --model newest or all (model="newest")'
            )
        newest = whole[-1].made_by
        wanted = [
            m for m in made if (m == newest if self._model == "newest" else named(m)["model"].startswith(self._model))
        ]
        if len(wanted) != 1:
            known = ", ".join(f"{named(m)['model']} (lexicons {named(m)['lexicons']})" for m in made)
            raise StoreError(f"{self.folder}: no one model is {self._model!r}; there are {known}")
        return [part for part in whole if part.made_by == wanted[0]]

    def frame(
        self,
        table: StoreTable = "articles",
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        outlet: str | Iterable[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        """A table as a pandas frame. Only the parts that hold what is asked for are opened.

        Parameters
        ----------
        table : {"articles", "sentences", "findings", "ledger"}
            Which table; docs/store.md describes every column.
        since, until
            First and last day, both counted; articles without a date are then left out.
        outlet
            One outlet or several.
        columns
            Only these columns.
        """
        frames = list(self.frames(table, since=since, until=until, outlet=outlet, columns=columns, together=True))
        return frames[0]

    def frames(
        self,
        table: StoreTable = "articles",
        *,
        since: str | date | None = None,
        until: str | date | None = None,
        outlet: str | Iterable[str] | None = None,
        columns: Sequence[str] | None = None,
        together: bool = False,
    ) -> Iterator[pd.DataFrame]:
        """Yield a table in frames, a part each, so that a large store fits into the memory; options as of `frame`.

        Yields
        ------
        pandas.DataFrame
            With `together` there is one frame for all parts.
        """
        if table not in STORED:
            raise StoreError(f"no table {table!r}; there are {', '.join(STORED)}")
        for name in columns or ():
            if name not in STORED[table]:
                raise StoreError(f"no column {name!r} in {table}; there are {', '.join(STORED[table])}")
        names = list(columns or STORED[table])
        outlets = None if outlet is None else [outlet] if isinstance(outlet, str) else list(outlet)
        first, last = (None if d is None else date.fromisoformat(str(d)) for d in (since, until))
        numbers = self._parts_with(first, last, outlets)
        for group in [numbers] if together else [[number] for number in numbers]:
            try:
                rows = dataset_of(self.state.place, table, group).to_table(
                    columns=names, filter=_filter(first, last, outlets)
                )
            except (OSError, ValueError) as error:
                raise StoreError(
                    f"{self.folder}: a part of {table} cannot be read ({reason(error)}); `rhetoric store {self.folder}"
                    f" verify` names it, `rhetoric batch --store {self.folder} --retry-failed` makes it again"
                ) from None
            yield _typed(rows.to_pandas(date_as_object=False), table)

    def _parts_with(self, first: date | None, last: date | None, outlets: list[str] | None) -> list[int]:
        """Numbers of the parts that hold an article of these days and outlets."""
        asked: list[str] = ["1"]
        values: list[str] = []
        if first:
            asked, values = [*asked, "day >= ?"], [*values, first.isoformat()]
        if last:
            asked, values = [*asked, "day <= ?"], [*values, last.isoformat()]
        if outlets is not None:
            asked, values = [*asked, f"outlet IN ({', '.join('?' * len(outlets))})"], [*values, *outlets]
        found = {
            row["part"]
            for row in self.state.rows(f"SELECT DISTINCT part FROM articles WHERE {' AND '.join(asked)}", *values)
        }
        return [part.part for part in self.parts if part.part in found]

    def outlets(self) -> dict[str, int]:
        """Articles of each outlet, in alphabetical order; those without one under an empty name."""
        made = list({part.made_by for part in self.parts})
        question = (
            "SELECT coalesce(outlet, '') AS name, count(*) AS n FROM articles WHERE part IN"
            f" (SELECT part FROM parts WHERE made_by IN ({', '.join('?' * len(made))})) GROUP BY 1 ORDER BY 1"
        )
        return {row["name"]: row["n"] for row in self.state.rows(question, *made)}

    def info(self) -> dict[str, Any]:
        """What the store holds, as plain data."""
        count = self.state.one
        made: dict[str, int] = {}
        for part in self._all:
            made[part.made_by] = made.get(part.made_by, 0) + part.rows["articles"]
        return {
            "store": str(self.folder),
            "parts_in": self.state.place,
            "parts": len(self._all),
            "bytes": sum(part.bytes for part in self._all),
            **{table: sum(part.rows[table] for part in self._all) for table in TABLES},
            "places": count("SELECT count(*) FROM places"),
            "outlets": count("SELECT count(DISTINCT outlet) FROM articles"),
            "first_day": count("SELECT min(day) FROM articles"),
            "last_day": count("SELECT max(day) FROM articles"),
            "later_editions": count("SELECT count(*) FROM articles WHERE edition > 1"),
            "failures": count("SELECT count(*) FROM failures"),
            "skipped": count("SELECT count(*) FROM skipped"),
            "runs": len(self.runs()),
            "made_by": [{**named(key), "articles": n} for key, n in made.items()],
        }

    def runs(self) -> list[dict[str, Any]]:
        """The manifest of every run, in order."""
        return [json.loads(path.read_bytes()) for path in sorted((self.folder / RUNS).glob("*.json"))]

    def failures(self) -> list[dict[str, Any]]:
        """What failed and why, in order of the sources."""
        return list(self.state.rows("SELECT source, place, reason, article, run, tries FROM failures ORDER BY 1, 2"))

    def skipped(self) -> list[dict[str, Any]]:
        """What was left out on purpose and why: articles in another language."""
        return list(self.state.rows("SELECT source, place, reason, article, run FROM skipped ORDER BY 1, 2, 4"))

    def places(self) -> list[dict[str, Any]]:
        """Where each article was met, with what was said about it there; one article may have several."""
        return list(self.state.rows("SELECT * FROM places ORDER BY article, source, place"))

    def verify(self) -> Iterator[str]:
        """Yield what is wrong with the files of the store: each is read and compared with its hash."""
        known = {(part.part, table): digest for part in self._all for table, digest in part.sha256.items()}
        held = [part.part for part in self._all if part.sha256]
        for number, table, digest in parts_found(self.state.place, held):
            if digest is None:
                yield f"{table}/part-{number:08d}.parquet: the file is missing or cannot be read"
            elif digest != known[number, table]:
                yield f"{table}/part-{number:08d}.parquet: the file has changed since it was written"

    def export(self, where: Path, formats: Sequence[str] = ("parquet",), **chosen: Any) -> list[Path]:
        """Write every table into one file a format, part after part; `chosen` as of `frame`. The files written."""
        for name in formats:
            if name not in FORMATS:
                raise StoreError(f"{name!r} is no format of an export; choose from {', '.join(FORMATS)}")
        where.mkdir(parents=True, exist_ok=True)
        return [self._export(where / f"{table}.{name}", table, name, chosen) for table in TABLES for name in formats]

    def _export(self, path: Path, table: StoreTable, form: str, chosen: dict[str, Any]) -> Path:
        import pyarrow as pa
        from pyarrow import parquet

        from rhetoric.frames import arrow_schema

        schema = arrow_schema(table)
        if form == "parquet":
            with parquet.ParquetWriter(path, schema, compression="zstd") as out:
                for frame in self.frames(table, **chosen):
                    out.write_table(pa.Table.from_pandas(frame, schema=schema, preserve_index=False))
            return path
        with path.open("w", encoding="utf-8", newline="") as file:
            if form == "csv":
                file.write(",".join(schema.names) + "\n")
            for frame in self.frames(table, **chosen):
                shown = frame.assign(day=frame["day"].dt.strftime("%Y-%m-%d"))
                if form == "csv":
                    shown.to_csv(file, index=False, header=False, lineterminator="\n")
                elif len(shown):
                    shown.to_json(file, orient="records", lines=True, force_ascii=False, double_precision=6)
        return path


def named(made_by: str) -> dict[str, str]:
    """Program, model and lexicons of a key of `made_by`."""
    version, model, lexicons = made_by.split()
    return {"version": version, "model": model, "lexicons": lexicons}


def _filter(first: date | None, last: date | None, outlets: list[str] | None) -> Any:
    """The same choice as an Arrow expression; None for everything."""
    from pyarrow import dataset

    asked = None
    for one in (
        None if first is None else dataset.field("day") >= first,
        None if last is None else dataset.field("day") <= last,
        None if outlets is None else dataset.field("outlet").isin(outlets),
    ):
        if one is not None:
            asked = one if asked is None else asked & one
    return asked


def _typed(frame: pd.DataFrame, table: StoreTable) -> pd.DataFrame:
    """The frame with the types of `frames.STORED`, categories as in `tables.frame`."""
    return typed(frame, {name: STORED[table][name] for name in frame.columns})
