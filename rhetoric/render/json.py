"""An analysis as JSON, format 1: the contract other programs rely on. `schema.json` beside this file describes it."""

from __future__ import annotations

from typing import Any

import orjson

from rhetoric.because import Because
from rhetoric.ledger import borrowed
from rhetoric.records import Analysis
from rhetoric.reference import Reference, kind_of, place
from rhetoric.tables import summary

FORMAT = 1
"""Changes when a key changes its name, its meaning or its place. 1: the first."""


def to_json(analysis: Analysis, reference: Reference | None = None) -> bytes:
    """Return an analysis as one line of JSON, without a line end.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    reference : Reference, optional
        What is usual: with it the summary says under `usual` where the article stands.
    """
    article, headline = analysis.article, analysis.headline
    figures = summary(analysis) | {"borrowed": borrowed(analysis)}
    if reference:
        figures["usual"] = place(reference, figures, kind_of(article), analysis.made_by)
    form: dict[str, Any] = {
        "format": FORMAT,
        "id": article.id,
        "text": article.text,
        "title": article.title,
        "url": article.url,
        "outlet": article.outlet,
        "byline": article.byline,
        "published": article.published,
        "headline": None,
        "sentences": analysis.sentences,
        "findings": analysis.findings,
        "voices": analysis.voices,
        "summary": figures,
        "made_by": analysis.made_by,
    }
    if headline:
        sentence = headline.sentence
        form["headline"] = {name: getattr(sentence, name) for name in sentence.__slots__} | {
            "findings": headline.findings
        }
    return orjson.dumps(form, default=_parts)


def _parts(value: object) -> orjson.Fragment:
    """The parts of a sentence, which are JSON already."""
    if isinstance(value, Because):
        return orjson.Fragment(value.json)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_dict(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as plain data, the same as its JSON."""
    form: dict[str, Any] = orjson.loads(to_json(analysis))
    return form
