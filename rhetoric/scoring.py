"""Lines of JSON in, lines of JSON out: the contract of `rhetoric score`."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from rhetoric.analysis import Analyzer
from rhetoric.records import Article
from rhetoric.render.json import to_json

CARRIED = ("title", "url", "outlet", "byline", "published")


def score_lines(lines: Iterable[bytes], analyzer: Analyzer) -> Iterator[tuple[bytes, bool]]:
    """For each line of JSON its analysis as a line, and True; or `{"id", "error"}`, and False.

    Blank lines are passed over, and a byte-order mark before the first.
    """
    read = [_article(line) for line in lines if line.strip()]
    analyses = analyzer.analyze_all(a for a in read if isinstance(a, Article))
    for one in read:
        if isinstance(one, Article):
            yield to_json(next(analyses), end=True), True
        else:
            yield orjson.dumps(one) + b"\n", False


def _article(line: bytes) -> Article | dict[str, Any]:
    """The article on a line, or what is wrong with it."""
    try:
        record = orjson.loads(line.removeprefix(BOM_UTF8))
    except ValueError as error:
        return {"id": None, "error": f"not JSON: {error}"}
    if not isinstance(record, dict):
        return {"id": None, "error": "not a JSON object"}
    given = record.get("id")
    if not isinstance(given, str):
        return {"id": given, "error": 'no "id", or one that is no string'}
    if not isinstance(record.get("text"), str):
        return {"id": given, "error": 'no "text", or one that is no string'}
    carried: dict[str, Any] = {key: record.get(key) for key in CARRIED}
    for key, value in carried.items():
        if not isinstance(value, str | None):
            return {"id": given, "error": f'"{key}" is neither a string nor null'}
    return Article(record["text"], given, **carried)
