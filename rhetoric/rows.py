"""Tables to articles, one a row: JSON lines, JSON, CSV, TSV and Parquet."""

from __future__ import annotations

import codecs
import csv
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from rhetoric.decoding import (
    FILE_BYTES,
    HEAD,
    PACKED,
    UNREADABLE,
    Failure,
    ReadError,
    decode,
    encoding_of,
    kind_of,
    named,
    opened,
    reason,
    stem_of,
    suspect,
)
from rhetoric.records import Article

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "article", "article_text", "full_text", "fulltext", "maintext", "main_text"),
        *("story", "article_body", "content_original"),
    ),
    "id": ("id", "article_id", "uid", "guid", "_id", "key"),
    "title": ("title", "headline", "heading"),
    "url": ("url", "link", "source_url", "permalink", "href"),
    "outlet": (
        "outlet",
        "source",
        "publisher",
        "publication",
        "site",
        "sitename",
        "site_name",
        "newspaper",
        "source_name",
    ),
    "byline": ("byline", "author", "authors", "writer", "creator"),
    "published": (
        *("published", "date", "published_at", "publish_date", "publication_date", "date_published", "pub_date"),
        *("pubdate", "datetime", "timestamp"),
    ),
}
"""Field → names of columns, or keys of front matter, that may hold it, in small letters; the first found is taken."""
DELIMITERS = {".csv": ",", ".tsv": "\t"}
TABLES = frozenset({".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet"})


LINE_BYTES = 3 * FILE_BYTES
"""The longest line of JSON: signs may be written as six."""
FIRST = 100
"""Rows of JSON that are looked through for the columns that are needed; mostly the first has them all."""


def read_rows(
    path: Path,
    *,
    text_column: str | None = None,
    columns: Mapping[str, str] | None = None,
    watch: Callable[[int], None] | None = None,
) -> Iterator[Article | Failure]:
    """Yield the articles of a table; a row that holds none is yielded as a Failure.

    Parameters
    ----------
    path
        The table; its ending tells what it is.
    text_column
        The column that holds the text, where its name does not tell.
    columns
        Columns of other fields (keys of `COLUMNS`), likewise.
    watch
        Called with the number of bytes each time that some are read for good.

    Raises
    ------
    ReadError
        The table cannot be read, is empty, or has no column of text.
    """
    notes: tuple[str, ...] = ()
    kind = kind_of(path)
    given = {**(columns or {}), **({"text": text_column} if text_column else {})}
    records: Iterator[tuple[int, object]]
    if kind == ".parquet":
        records = enumerate(_parquet(path), 1)
    elif kind == ".json":
        records = enumerate(_json(path), 1)
    else:
        encoding, notes = _encoding(path)
        records = (_csv if kind in DELIMITERS else _lines)(path, encoding, watch)
    known: dict[tuple[str, ...], dict[str, str]] = {}
    number = 0
    for number, row in _with_columns(path, _unbroken(path, records), given):
        place = f"{path}:{number}"
        if isinstance(row, ValueError):
            yield Failure(place, f"{place}: this line is no JSON ({reason(row)}); give one object a line")
        elif not isinstance(row, dict):
            yield Failure(place, f"{place}: this is no JSON object; give one object a row")
        else:
            names = tuple(row)  # rows of JSON need not have the same columns
            columns_here = known.get(names)
            if columns_here is None:
                columns_here = known[names] = columns_of(names, given)
            yield _article(path, number, row, columns_here, notes)
    if not number:
        raise ReadError(f"{path}: the table has no rows; give one article a row")


def _with_columns(
    path: Path, records: Iterator[tuple[int, object]], given: Mapping[str, str]
) -> Iterator[tuple[int, object]]:
    """Yield the records of a table, once it is known that it has the columns that are needed.

    Raises
    ------
    ReadError
        None of the first rows has a column of text, or one that was named.
    """
    first: list[tuple[int, object]] = []
    names: dict[str, None] = {}
    broken: ReadError | None = None
    try:
        for record in islice(records, FIRST):
            first.append(record)
            names |= dict.fromkeys(record[1]) if isinstance(record[1], dict) else {}
            if not (wanted := _wanted(names, given)):
                break
    except ReadError as error:
        broken = error
    if names and wanted:
        have = " ".join(", ".join(map(str, list(names)[:12])).split())[:200]
        raise ReadError(
            f"{path}: the table has {wanted} (it has: {have}); rename the column that holds the text to 'text',"
            " or name it with --text-column (text_column=)"
        )
    yield from first
    if broken:
        raise broken
    yield from records


def _wanted(names: Iterable[str], given: Mapping[str, str]) -> str | None:
    """Say which column is needed and is not there; None if all are."""
    lost = next((name for name in given.values() if name not in names), None)
    if lost is not None:
        return f"no column '{lost}'"
    return None if "text" in columns_of(names, given) else "no text column"


def _unbroken(path: Path, records: Iterator[tuple[int, object]]) -> Iterator[tuple[int, object]]:
    """Yield the records of a table; a file that breaks off is told as such, after what came before."""
    try:
        yield from records
    except UNREADABLE as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: BaseException) -> ReadError:
    return ReadError(f"{path}: the file breaks off or is damaged ({reason(error)}); fetch it again")


def fields_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that are known fields of an article, by the field's name."""
    by_name = {_plain(name): value.strip().strip("\"'") for name, value in values.items()}
    found = {field: next((by_name[n] for n in names if by_name.get(n)), "") for field, names in COLUMNS.items()}
    return {field: value for field, value in found.items() if value}


def _article(
    path: Path, number: int, row: Mapping[str, object], columns: Mapping[str, str], notes: tuple[str, ...]
) -> Article | Failure:
    """Return the article in a row."""
    place = f"{path}:{number}"
    if "text" not in columns:
        have = " ".join(", ".join(map(str, list(row)[:12])).split())[:200] or "nothing"
        return Failure(place, f"{place}: this row has no text column (it has: {have}); fill it or leave the row out")
    text = row.get(columns["text"])
    if not isinstance(text, str) or not text.strip():
        return Failure(
            place, f"{place}: there is no text in column '{columns['text'].strip()}'; fill it or leave the row out"
        )
    if len(text) > FILE_BYTES:
        return Failure(place, f"{place}: the text is longer than {FILE_BYTES / 1e6:g} million characters; split it")
    told = [f"{field} from '{name}'" for field, name in columns.items() if field != name]
    cells = {field: cell(row.get(name)) for field, name in columns.items()}
    return Article(
        text,
        id=cells.get("id") or f"{stem_of(path)}-{number}",
        title=cells.get("title"),
        url=cells.get("url"),
        outlet=cells.get("outlet"),
        byline=cells.get("byline"),
        published=cells.get("published"),
        warnings=(*notes, *((f"Columns: {', '.join(told)}.",) if told else ()), *suspect(text)),
    )


def columns_of(names: Iterable[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each field that a row has, by the names of its columns."""
    by_name = {_plain(name): name for name in names if name is not None}
    columns = {
        field: next(by_name[name] for name in names if name in by_name)
        for field, names in COLUMNS.items()
        if not by_name.keys().isdisjoint(names)
    }
    columns = dict(given) | {f: name for f, name in columns.items() if f not in given and name not in given.values()}
    return {"text": columns.pop("text"), **columns} if "text" in columns else columns


def _plain(name: str) -> str:
    """Return the name of a column in small letters, with underscores."""
    return name.strip("\ufeff \t\r\n").lower().replace(" ", "_").replace("-", "_")


def cell(value: object) -> str | None:
    """Return a cell as text; None for an empty one and for one that is not a number."""
    if value is None or value != value:
        return None
    if isinstance(value, list):
        return ", ".join(map(str, value)) or None
    return str(value).strip() or None


def _encoding(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the encoding of a table, and a note where it was guessed; all of it is looked at, in pieces."""
    try:
        with opened(path) as file:
            chunk = file.read(HEAD)
            if not chunk.strip():
                raise ReadError(f"{path}: the table is empty; give one article a row")
            marked = encoding_of(chunk, name=str(path))
            if marked.startswith("utf-") and marked != "utf-8":
                return marked, ()
            decoder = codecs.getincrementaldecoder("utf-8")()
            while chunk:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    encoding = encoding_of(chunk + file.readline(), name=str(path))
                    return encoding, named(encoding)
                try:
                    chunk = file.read(HEAD)
                except (EOFError, zlib.error):  # told when the rows before it have been read
                    break
    except OSError as error:
        raise ReadError(f"{path}: the file cannot be opened ({reason(error)}); check the path") from None
    except (EOFError, zlib.error) as error:
        raise _damaged(path, error) from None
    return "utf-8", ()


def _lines(path: Path, encoding: str, watch: Callable[[int], None] | None) -> Iterator[tuple[int, object]]:
    """Yield number and content of each line of JSON; the error where a line is none."""
    with TextIOWrapper(opened(path, watch), encoding, "replace", newline="\n") as file:
        number = 0
        while line := file.readline(LINE_BYTES):
            number += 1
            long = len(line) == LINE_BYTES
            while long and line and not line.endswith("\n"):
                line = file.readline(LINE_BYTES)
            if long:
                yield number, ValueError(f"the line is longer than {LINE_BYTES / 1e6:g} million characters")
            elif line.strip("\ufeff \t\r\n"):
                yield number, _object(line.strip("\ufeff \t\r\n"))


def _object(line: str) -> object:
    """Return what a line of JSON stands for, or the error; half a surrogate pair becomes a question mark."""
    try:
        found = json.loads(line)
        if "\\ud" in line or "\\uD" in line:
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
        return found
    except ValueError as error:
        return error
    except RecursionError:
        return ValueError("nested too deep")


def _csv(path: Path, encoding: str, watch: Callable[[int], None] | None) -> Iterator[tuple[int, object]]:
    """Yield number and content of each row of CSV or TSV."""
    csv.field_size_limit(FILE_BYTES)
    with TextIOWrapper(opened(path, watch), encoding, "replace", newline="") as file:
        reader = csv.DictReader(file, delimiter=DELIMITERS[kind_of(path)])
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            raise ReadError(
                f"{path}: line {reader.line_num} is no well-formed CSV ({reason(error)}); mend it"
            ) from None


def _json(path: Path) -> Iterator[object]:
    """Yield the objects of a JSON file: a list of them, or one."""
    try:
        with opened(path) as file:
            data = file.read(FILE_BYTES + 1)
    except UNREADABLE as error:
        raise ReadError(f"{path}: the file cannot be opened ({reason(error)}); check the path") from None
    if len(data) > FILE_BYTES:
        raise ReadError(
            f"{path}: the file has more than {FILE_BYTES / 1e6:g} MB; make it JSON lines, one object a line"
        )
    rows = _object(decode(data, name=str(path))[0])
    if isinstance(rows, ValueError):
        raise ReadError(
            f"{path}: this is no JSON ({reason(rows)}); give a list of objects, or one object a line in .jsonl"
        )
    yield from rows if isinstance(rows, list) else [rows]


def _whole(path: Path) -> BinaryIO:
    """Return a file whose every place can be gone to: unpacked into a nameless one where it is packed."""
    if path.suffix.lower() not in PACKED:
        return path.open("rb")
    aside = TemporaryFile()  # noqa: SIM115 (the caller closes it)
    with opened(path) as file:
        copyfileobj(file, aside)
    aside.seek(0)
    return cast("BinaryIO", aside)


def _parquet(path: Path) -> Iterator[object]:
    """Yield the rows of a Parquet table."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ReadError(f"{path}: reading Parquet needs pyarrow; pip install 'rhetoric-analyzer[batch]'") from None
    try:
        with _whole(path) as whole, parquet.ParquetFile(whole) as file:
            for batch in file.iter_batches(batch_size=500):
                yield from batch.to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise ReadError(f"{path}: this is no Parquet table ({reason(error)}); check the file") from None
