"""An analysis as JSON, format 1: the contract other programs rely on. `schema.json` beside this file describes it."""

from __future__ import annotations

from typing import Any

import orjson

from rhetoric.because import Because, Sentences
from rhetoric.ledger import borrowed
from rhetoric.records import Analysis, Finding, Sentence, Voice
from rhetoric.reference import Reference, kind_of, place
from rhetoric.tables import heard_in, summary

FORMAT = 1
"""Changes when a key changes its name, its meaning or its place. 1: the first."""


def to_json(analysis: Analysis, reference: Reference | None = None, *, end: bool = False) -> bytes:
    """Return an analysis as one line of JSON.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    reference : Reference, optional
        What is usual: with it the summary says under `usual` where the article stands.
    end : bool
        Whether the line end is part of it.
    """
    article, headline, own = analysis.article, analysis.headline, analysis.sentences
    heard = heard_in(analysis)
    figures = summary(analysis, heard) | {"borrowed": borrowed(analysis, heard)}
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
        "sentences": orjson.Fragment(own.json) if isinstance(own, Sentences) else [*map(_sentence, own)],
        "findings": [_finding(f) for f in analysis.findings],
        "voices": [_voice(v) for v in analysis.voices],
        "summary": figures,
        "made_by": analysis.made_by,
    }
    if headline:
        form["headline"] = _sentence(headline.sentence) | {"findings": [_finding(f) for f in headline.findings]}
    return orjson.dumps(form, option=orjson.OPT_APPEND_NEWLINE if end else None)


def _sentence(s: Sentence) -> dict[str, Any]:
    """A sentence as a dictionary, which orjson writes faster than a record; most parts are JSON already."""
    return {
        "start": s.start, "end": s.end, "paragraph": s.paragraph, "junk": s.junk, "voice": s.voice,
        "speaker": s.speaker, "vague": s.vague, "charged": s.charged, "prediction": s.prediction,
        "unhedged": s.unhedged, "grade": s.grade,
        "because": orjson.Fragment(s.because.json) if isinstance(s.because, Because) else s.because,
    }  # fmt: skip


def _finding(f: Finding) -> dict[str, Any]:
    """The same of a finding."""
    return {
        "start": f.start, "end": f.end, "text": f.text, "signal": f.signal, "category": f.category, "why": f.why,
        "grade": f.grade, "voice": f.voice, "speaker": f.speaker, "vague": f.vague, "target": f.target,
        "neutral": f.neutral,
    }  # fmt: skip


def _voice(v: Voice) -> dict[str, Any]:
    """The same of a voice."""
    return {
        "start": v.start, "end": v.end, "voice": v.voice, "speaker": v.speaker, "vague": v.vague, "source": v.source,
        "cue": v.cue, "closed": v.closed,
    }  # fmt: skip


def to_dict(analysis: Analysis) -> dict[str, Any]:
    """Return an analysis as plain data, the same as its JSON."""
    form: dict[str, Any] = orjson.loads(to_json(analysis))
    return form
