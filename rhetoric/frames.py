"""Many articles in a pandas frame to many analyses in a pandas frame: the pure function that every engine runs.

One row in, one row out. The columns never depend on what stands in the rows, so that Spark, Dask and Ray can be told
them beforehand; `arrow_schema` gives them as Arrow types, and those of the tables of a store.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

from rhetoric.analysis import Analyzer, shared
from rhetoric.decoding import reason
from rhetoric.languages import language_of
from rhetoric.records import FIELDS, SCORED, SIGNALS, Analysis, Article
from rhetoric.rows import cell
from rhetoric.tables import COLUMNS, SIDES, rows, summary

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

StoreTable = Literal["articles", "sentences", "findings", "ledger"]

LONGEST = 500_000
"""Characters of the longest article that is scored; a table that lost its line ends must not fill the memory."""
TOO_LONG = f"longer than {LONGEST:,} characters: split it into articles, one a file or one a row of a table"
FORMAT = 1
"""Of the store's tables; changes when a column changes its name, its type or its meaning."""
META = "rhetoric.store"
"""Key of the metadata of a Parquet part under which its format stands."""
TABLES: dict[str, Literal["sentences", "findings", "ledger"]] = {
    "sentence_rows": "sentences",
    "finding_rows": "findings",
    "ledger_rows": "ledger",
}
"""Columns of `score_frame` that hold lists of rows, and the tables these are rows of."""

ARTICLE: dict[str, str] = {
    "article": "string",
    **dict.fromkeys(FIELDS, "string"),
    "day": "datetime64[s]",
    "language": "string",
    "skipped": "string",
    "characters": "int32",
    "words": "int32",
    "sentences": "int32",
    "junk": "int32",
    "words_author": "int32",
    "words_quoted": "int32",
    "words_reported": "int32",
    **{f"{signal}_sentences_{side}": "int32" for signal in SCORED for side in SIDES},
    **{f"{signal}_grade_{side}": "float64" for signal in SCORED for side in SIDES},
    **{f"{signal}_findings_{side}": "int32" for signal in SIGNALS for side in SIDES},
    **{f"headline_{signal}": "float64" for signal in SCORED},
    "version": "string",
    "model": "string",
    "lexicons": "string",
}
"""Columns of `score_frame` that hold one value a row, with their types in pandas."""
KEYS = ["article", "outlet", "day"]
"""Columns of `articles` that every row of the other tables bears too."""
STORED: dict[StoreTable, dict[str, str]] = {
    "articles": {name: kind for name, kind in ARTICLE.items() if name != "skipped"}
    | {"text": "string", "warnings": "string", "edition": "int32"},
    **{table: {name: ARTICLE[name] for name in KEYS} | COLUMNS[table] for table in TABLES.values()},
}
"""Columns of the tables of a store, with their types in pandas."""
WRITTEN = ("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%Y/%m/%d", "%Y%m%d")
"""Ways to write a day beside those of ISO 8601 and of mail."""


class FrameError(ValueError):
    """A frame that cannot be scored; the message says what it lacks."""


def score_frame(
    frame: pd.DataFrame, text: str = "text", *, language: str = "en", analyzer: Analyzer | None = None
) -> pd.DataFrame:
    """Return the analyses of the articles of a frame, one row a row, in the same order and with the same index.

    A pure function: the same frame gives the same rows, whatever stands beside them, so that any engine may cut a
    table into frames as it likes. No row fails the frame: `skipped` says why a row was not scored.

    Parameters
    ----------
    frame
        One article a row. Its columns `id`, `title`, `url`, `outlet`, `byline` and `published` are carried through
        where it has them; a title that the text does not begin with is scored as a headline.
    text
        The column that holds the text.
    language
        Code of the only language that is scored, "en"; "any" for all.
    analyzer
        In place of the shipped lexicons and model.

    Returns
    -------
    pandas.DataFrame
        The columns of `frames.ARTICLE`, whatever the frame holds, then `sentence_rows`, `finding_rows` and
        `ledger_rows`: lists of dicts with the columns of those tables (`tables.COLUMNS`). docs/store.md describes each.

    Raises
    ------
    FrameError
        The frame has no column `text`.
    """
    import pandas as pd

    made, rows_of = _scored(frame, text, language, analyzer)
    for name, table in TABLES.items():
        columns = tuple(COLUMNS[table])
        nested = [[dict(zip(columns, row, strict=True)) for row in own] for own in rows_of[table]]
        made[name] = pd.Series(nested, index=frame.index, dtype=object)
    return made


def score_tables(
    frame: pd.DataFrame, text: str = "text", *, language: str = "en", analyzer: Analyzer | None = None
) -> tuple[dict[StoreTable, pa.Table], dict[Any, str]]:
    """Return the rows of `score_frame` as the tables of a store, and why rows were not scored, by their label.

    The frame may hold the columns `warnings` and `edition` too.
    """
    import numpy as np
    import pyarrow as pa

    scored, rows_of = _scored(frame, text, language, analyzer)
    kept = scored["skipped"].isna()
    given = frame[kept]
    articles = scored.loc[kept, [name for name in STORED["articles"] if name in scored.columns]].assign(
        text=given[text].map(plain),
        warnings=given["warnings"] if "warnings" in given.columns else None,
        edition=given["edition"] if "edition" in given.columns else 1,
    )
    made: dict[StoreTable, pa.Table] = {
        "articles": pa.Table.from_pandas(articles, schema=arrow_schema("articles"), preserve_index=False)
    }
    for table in TABLES.values():
        nested = [own for own, scores in zip(rows_of[table], kept, strict=True) if scores]
        keys = made["articles"].select(KEYS).take(np.repeat(np.arange(len(nested)), [len(own) for own in nested]))
        schema = arrow_schema(table)
        columns = list(zip(*chain.from_iterable(nested), strict=True)) or [()] * len(COLUMNS[table])
        arrays = [pa.array(values, kind) for values, kind in zip(columns, schema.types[len(KEYS) :], strict=True)]
        made[table] = pa.Table.from_arrays([*keys.columns, *arrays], schema=schema)
    return made, scored["skipped"].dropna().to_dict()


def _scored(
    frame: pd.DataFrame, text: str, language: str, analyzer: Analyzer | None
) -> tuple[pd.DataFrame, dict[str, list[list[tuple[Any, ...]]]]]:
    """Return the columns `ARTICLE` of `score_frame`, and by table the rows of each article."""
    import pandas as pd

    if text not in frame.columns:
        have = ", ".join(map(str, frame.columns[:12])) or "none"
        raise FrameError(f"the frame has no column {text!r} (it has: {have}); name the column that holds the text")
    analyzer = analyzer or shared()
    articles = list(articles_of(frame, text))
    languages = [None if unreadable(article) else language_of(article.text) for article in articles]
    skipped = [
        unreadable(article) or (f"language {found}" if found and language not in ("any", found) else None)
        for article, found in zip(articles, languages, strict=True)
    ]
    analyses = _analyses([a for a, why in zip(articles, skipped, strict=True) if not why], analyzer)
    values: dict[str, list[Any]] = {name: [] for name in ARTICLE}
    rows_of: dict[str, list[list[tuple[Any, ...]]]] = {table: [] for table in TABLES.values()}
    for article, found, why in zip(articles, languages, skipped, strict=True):
        analysis = None if why else next(analyses)
        if isinstance(analysis, str):
            analysis, why = None, analysis
        row = _row(article, found, why, analysis, analyzer)
        for name, column in values.items():
            column.append(row[name])
        for table in TABLES.values():
            rows_of[table].append(rows(analysis, table) if analysis else [])
    made = {name: pd.Series(values[name], index=frame.index, dtype=ARTICLE[name]) for name in ARTICLE}
    return pd.DataFrame(made, index=frame.index), rows_of


def identity(text: str) -> str:
    """Return what an article is known by: a hash of its text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def unreadable(article: Article) -> str | None:
    """Return why an article cannot be scored, whatever its language; None where it can."""
    if not article.text.strip():
        return "no text: fill the row or leave it out"
    if len(article.text) > LONGEST:
        return TOO_LONG
    return None


@lru_cache(4096)  # many articles are of few days
def day_of(published: str | None) -> date | None:
    """Return the day of a date as it was written; None where it cannot be told."""
    said = (published or "").strip()
    if re.match(r"\d{4}-\d\d-\d\d", said):
        return _day(said[:10], date.fromisoformat)
    for way in WRITTEN:
        if found := _day(said, lambda s, way=way: datetime.strptime(s, way).date()):  # type: ignore[misc]
            return found
    return _day(said, lambda s: parsedate_to_datetime(s).date())


def _day(said: str, read: Callable[[str], date]) -> date | None:
    try:
        return read(said)
    except (ValueError, TypeError, IndexError):
        return None


def articles_of(frame: pd.DataFrame, text: str = "text") -> Iterator[Article]:
    """Yield the articles of a frame; one without text has an empty one."""
    names = [name for name in FIELDS if name in frame.columns and name != text]
    given = frame.astype(object).where(frame.notna(), None)
    columns = [[plain(cell(value)) for value in given[name]] for name in names]
    for body, *values in zip(given[text], *columns, strict=True):
        fields = dict(zip(names, values, strict=True))
        words = plain(body) if isinstance(body, str) else None
        yield Article(words or "", fields.pop("id", None) or "", **fields)


def plain(value: str | None) -> str | None:
    """Return text that can be written as UTF-8, of the same length: half a surrogate pair becomes a question mark."""
    if value is None or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()


def _analyses(articles: list[Article], analyzer: Analyzer) -> Iterator[Analysis | str]:
    """Yield the analysis of each article; where one cannot be made, what went wrong."""
    try:
        yield from list(analyzer.analyze_all(articles))
    except Exception:
        for article in articles:
            try:
                yield analyzer(article)
            except Exception as error:
                yield f"fault of the program ({reason(error)}): please report it with the article"


def _row(
    article: Article, language: str | None, skipped: str | None, analysis: Analysis | None, analyzer: Analyzer
) -> dict[str, Any]:
    """Return the values of one row of `score_frame`."""
    own: dict[str, Any] = dict.fromkeys(ARTICLE, 0) | {name: getattr(article, name) for name in FIELDS}
    own |= {
        "article": identity(article.text),
        "day": day_of(article.published),
        "language": language,
        "skipped": skipped,
        "characters": len(article.text),
        "version": analyzer.made_by.version,
        "model": analyzer.made_by.model,
        "lexicons": analyzer.made_by.lexicons,
    }
    headline = analysis.headline.sentence if analysis and analysis.headline else None
    own |= {f"headline_{signal}": getattr(headline, signal) if headline else None for signal in SCORED}
    if not analysis:
        return own
    figures = summary(analysis)
    own |= {
        "words": figures["words"],
        "sentences": figures["sentences"],
        "junk": len(analysis.sentences) - figures["sentences"],
    }
    own |= {f"words_{voice}": figures["by_voice"][voice]["words"] for voice in ("author", "quoted", "reported")}
    for signal in SIGNALS:
        for side in SIDES:
            of = figures["by_signal"][signal][side]
            own[f"{signal}_findings_{side}"] = of["findings"]
            if signal in SCORED:
                own[f"{signal}_sentences_{side}"] = of["sentences"]
                own[f"{signal}_grade_{side}"] = of["grade"]
    return own


def arrow_schema(table: StoreTable | None = None) -> pa.Schema:
    """Return the columns of a table of a store as Arrow types; without a table those of `score_frame`."""
    import pyarrow as pa

    types = {
        "string": pa.string(), "category": pa.string(), "bool": pa.bool_(), "int8": pa.int8(), "int32": pa.int32(),
        "float64": pa.float64(), "datetime64[s]": pa.date32(),
    }  # fmt: skip
    if table:
        return pa.schema([(name, types[kind]) for name, kind in STORED[table].items()], metadata={META: str(FORMAT)})
    own = [(name, types[kind]) for name, kind in ARTICLE.items()]
    nested = [
        (name, pa.list_(pa.struct([(column, types[kind]) for column, kind in COLUMNS[of].items()])))
        for name, of in TABLES.items()
    ]
    return pa.schema([*own, *nested])
