"""Analyses counted and cut into tables, a chunk of articles at a time, by one process or several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from rhetoric.analysis import Analyzer
from rhetoric.frames import day_of
from rhetoric.languages import is_english
from rhetoric.records import FIELDS, SCORED, SIGNALS, Analysis, Article
from rhetoric.tables import COLUMNS, SIDES, rows, summary, typed

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 32
"""Articles that are analysed together."""
ARTICLES: dict[str, str] = {
    **dict.fromkeys(FIELDS, "string"),
    "day": "datetime64[s]",
    "english": "bool",
    "words": "int32",
    "sentences": "int32",
    "words_author": "int32",
    "words_quoted": "int32",
    "words_reported": "int32",
    **{f"{signal}_sentences_{side}": "int32" for signal in SCORED for side in SIDES},
    **{f"{signal}_findings_{side}": "int32" for signal in SIGNALS for side in SIDES},
    **{f"{signal}_grade_{grade}": "int32" for signal in SCORED for grade in (2, 3)},
}
"""Columns of the table of articles, with their types in pandas. `{signal}_sentences_{side}` are marked sentences,
`{signal}_findings_{side}` findings, in the author's voice or others'; `{signal}_grade_2` those of grade 2 or more."""
ENOUGH = 40
"""Words of the shortest text that is left out where it is not English."""
Chunk = dict[str, list[tuple[Any, ...]]]


def run(
    found: Sequence[Article], analyzer: Analyzer, tables: tuple[str, ...], jobs: int
) -> Iterator[tuple[int, Chunk]]:
    """Yield the rows of each chunk of articles, in order, with the number of its articles."""
    chunks = [found[i : i + CHUNK] for i in range(0, len(found), CHUNK)]
    if jobs < 2 or len(chunks) < 2:
        for chunk in chunks:
            yield len(chunk), tables_of(list(analyzer.analyze_all(chunk)), tables)
        return
    with ProcessPoolExecutor(min(jobs, len(chunks)), initializer=_begin, initargs=(analyzer, tables)) as pool:
        for chunk, made in zip(chunks, pool.map(_analyze, chunks), strict=True):
            yield len(chunk), made


_own: list[Any] = []
"""In a worker: the analyzer and the tables wanted."""


def _begin(analyzer: Analyzer, tables: tuple[str, ...]) -> None:
    _own[:] = [analyzer, tables]


def _analyze(chunk: Sequence[Article]) -> Chunk:
    analyzer, tables = _own
    return tables_of(list(analyzer.analyze_all(chunk)), tables)


def tables_of(analyses: Sequence[Analysis], tables: tuple[str, ...]) -> Chunk:
    """Return the rows of a chunk by table, each after the position of its article in the chunk."""
    made: Chunk = {"articles": [_article(analysis) for analysis in analyses]}
    for table in tables:
        made[table] = [(i, *row) for i, a in enumerate(analyses) for row in rows(a, table)]  # type: ignore[arg-type]
    return made


def _article(analysis: Analysis) -> tuple[Any, ...]:
    """Return the row of an article."""
    article, figures = analysis.article, summary(analysis)
    by = figures["by_signal"]
    grades = dict.fromkeys(((signal, grade) for signal in SCORED for grade in (2, 3)), 0)
    for f in analysis.findings:
        for grade in range(2, f.grade + 1):
            grades[f.signal, grade] += 1
    return (
        *(getattr(article, name) for name in FIELDS),
        day_of(article.published),
        is_english(article.text, ENOUGH),
        figures["words"],
        figures["sentences"],
        *(figures["by_voice"][voice]["words"] for voice in ("author", "quoted", "reported")),
        *(by[signal][side]["sentences"] for signal in SCORED for side in SIDES),
        *(by[signal][side]["findings"] for signal in SIGNALS for side in SIDES),
        *grades.values(),
    )


def frames_of(chunks: Sequence[Chunk], tables: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Return the chunks' rows as frames, articles counted through."""
    import numpy as np
    import pandas as pd

    own = pd.DataFrame([row for chunk in chunks for row in chunk["articles"]], columns=list(ARTICLES))
    own["day"] = pd.to_datetime(own["day"])
    made = {"articles": own.astype(ARTICLES)}
    bases = np.cumsum([0, *(len(chunk["articles"]) for chunk in chunks)]).tolist()
    for table in tables:
        types = {"article": "int32", **COLUMNS[table]}  # type: ignore[index]
        every = [(base + row[0], *row[1:]) for base, chunk in zip(bases, chunks, strict=False) for row in chunk[table]]
        made[table] = typed(pd.DataFrame(every, columns=list(types)), types)
    return made
