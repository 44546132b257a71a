"""Whatever holds articles to articles: texts, files, folders, frames, stores."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.analysis import names_file
from rhetoric.decoding import Failure
from rhetoric.made import DATABASE
from rhetoric.reading import read_many
from rhetoric.records import FIELDS, Analysis, Article
from rhetoric.rows import columns_of
from rhetoric.store import Store, open_store

if TYPE_CHECKING:
    import pandas as pd


class CorpusError(ValueError):
    """What a corpus cannot be made of or asked for; the message names the fix."""


def read_articles(source: Any, text: str = "text") -> tuple[list[Article], list[Failure]]:
    """Return the articles of a source, and what could not be read."""
    if isinstance(source, Article | Analysis | str | Path):
        source = [source]
    if hasattr(source, "columns") and hasattr(source, "itertuples"):
        return _from_frame(source, text)
    if isinstance(source, Store):
        return _from_store(source)
    if isinstance(source, Mapping) or not isinstance(source, Iterable):
        raise CorpusError(f"{type(source).__name__} holds no articles; give texts, files, a frame or a store")
    found: list[Article] = []
    failures: list[Failure] = []
    for i, item in enumerate(source):
        for one in _from_item(item, i):
            if isinstance(one, Failure):
                failures.append(one)
            elif not one.text.strip():
                failures.append(Failure(one.id or str(i), f"article {one.id or i}: there is no text in it"))
            else:
                found.append(one)
    return found, failures


def read_sources(sources: Iterable[str | Path]) -> tuple[list[Article], list[Failure]]:
    """Return the articles of files, folders, patterns, addresses, tables and stores: no string is a text here."""
    return read_articles(found for source in sources for found in _from_path(source))


def _from_item(item: Any, number: int) -> Iterable[Article | Failure]:
    """Return the article or articles that one item stands for."""
    if isinstance(item, Analysis):
        return [item.article]
    if isinstance(item, Article | Failure):
        return [item]
    if isinstance(item, Path) or (isinstance(item, str) and (names_file(item) or _is_folder(item))):
        return _from_path(Path(item))
    if isinstance(item, str):
        return [Article(item, id=str(number))]
    given = type(item).__name__
    return [Failure(str(number), f"item {number} is a {given}; give texts, files or articles")]


def _is_folder(text: str) -> bool:
    try:
        return "\n" not in text and 0 < len(text) < 1000 and Path(text).is_dir()
    except OSError:
        return False


def _from_path(path: str | Path) -> Iterable[Article | Failure]:
    """Return the articles of a file, folder, table or store."""
    if (Path(path) / DATABASE).exists():
        found, failures = _from_store(open_store(path))
        return [*found, *failures]
    return read_many([path])


def _from_frame(frame: pd.DataFrame, text: str) -> tuple[list[Article], list[Failure]]:
    """Return the articles of a frame, one a row."""
    known = columns_of(map(str, frame.columns), {})
    column = text if text in frame.columns else known.get("text")
    if column is None or (text != "text" and text not in frame.columns):
        have = ", ".join(map(str, frame.columns[:12])) or "none"
        raise CorpusError(f"the frame has no column {text!r} (it has: {have}); name the column: text=…")
    found: list[Article] = []
    failures: list[Failure] = []
    fields = {field: frame[name].tolist() for field, name in known.items() if field != "text"}
    for i, body in enumerate(frame[column].tolist()):
        own = {field: _cell(values[i]) for field, values in fields.items()}
        name = own.pop("id", None) or str(i)
        if isinstance(body, str) and body.strip():
            found.append(Article(body, name, **own))  # type: ignore[arg-type]
        else:
            failures.append(Failure(name, f"row {i}: there is no text in column {column!r}"))
    return found, failures


def _from_store(store: Store) -> tuple[list[Article], list[Failure]]:
    """Return the articles of a store."""
    return _from_frame(store.frame("articles", columns=[*FIELDS, "text"]), "text")


def span_of(since: str | None, until: str | None) -> tuple[date, date]:
    """Return the first and the last day of a span as a reader writes it: days, months or years, open ends as None.

    Raises
    ------
    CorpusError
        One of them is no date.
    """
    return _days_of(since)[0] if since else date.min, _days_of(until)[1] if until else date.max


def _days_of(said: str) -> tuple[date, date]:
    """Return the first and the last day of a day, month or year as a reader writes it."""
    try:
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", said):
            raise ValueError
        first = date.fromisoformat(f"{said}-01-01"[:10])
    except ValueError:
        raise CorpusError(f"no date: {said!r}; write 2020-03-01, a month as 2020-03, a year as 2020") from None
    if len(said) == 10:
        return first, first
    month = 12 if len(said) == 4 else first.month
    return first, date(first.year, month, monthrange(first.year, month)[1])


def known_outlets(wanted: str | Iterable[str], articles: Iterable[Article]) -> frozenset[str]:
    """Return the outlets wanted, as `known_names` does."""
    return known_names([wanted] if isinstance(wanted, str) else wanted, (article.outlet for article in articles))


def known_names(wanted: Iterable[str], there: Iterable[str | None]) -> frozenset[str]:
    """Return the names wanted, of outlets or other parts of a collection.

    Parameters
    ----------
    wanted
        The names.
    there
        The name for each article.

    Raises
    ------
    CorpusError
        No article is of one of them; the message names some that there are.
    """
    names, known = frozenset(wanted), set(there)
    if lost := sorted(names - known):
        have = ", ".join(sorted(name for name in known if name)[:12]) or "none"
        raise CorpusError(f"no article of {', '.join(lost)}; there are: {have}")
    return names


def _cell(value: Any) -> str | None:
    """Return a cell as text; None for a missing one."""
    if isinstance(value, str):
        return value or None
    text = str(value).removesuffix(" 00:00:00")
    return None if text in ("None", "nan", "NaT", "<NA>") else text
