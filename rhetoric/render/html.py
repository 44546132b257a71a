"""An analysis as a page that loads nothing, works without script, and holds the article's text exactly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rhetoric.ledger import AUTHOR, borrowed, speaker_of
from rhetoric.records import SCORED, Analysis, Finding, Sentence, Signal
from rhetoric.reference import KIND_NAMES, Reference, kind_of, load, place
from rhetoric.render import prose
from rhetoric.render.marks import (
    SHORT,
    UNREADABLE,
    Mark,
    describe,
    marked_sentences,
    marked_text,
    number,
    pieces,
    whose,
)
from rhetoric.render.notebook import ROOM, notebook_text
from rhetoric.tables import MARKED, Policy, counted, sentence_of, strongest, summary

if TYPE_CHECKING:
    from jinja2 import Environment

    from rhetoric.explanation import Explanation

PARTS, FEW = 5, 2
"""So many parts of a score stand on the page, of one that is marked and of one that is not; the rest are added up."""

NOTEBOOK_BARS = 180
"""Bars of the strip in a notebook; of longer texts sentences that follow each other share one."""

SPARE = 400
"""Bytes kept for the line that says what was left out."""

NEAR = 8
"""Findings that lie further apart in the list are not looked at for overlap."""


def to_html(
    analysis: Analysis, *, excerpts: bool = False, voice: Policy = "all", reference: Reference | None = None
) -> str:
    """Return the page of one article.

    Parameters
    ----------
    analysis : Analysis
        What the program says about the article.
    excerpts : bool, optional
        Show the marked sentences only, for sharing when the text is not yours.
    voice : {"all", "author", "author+reported"}, optional
        Whose words the cards count; the marks of the others are told, and come back with the filter.
    reference : Reference, optional
        What is usual, in place of the shipped figures.
    """
    return render("page.html", _page(analysis, excerpts, voice, reference or load()))


def to_fragment(analysis: Analysis) -> str:
    """Return what a notebook shows: strip, cards and marked text, without script and without ids.

    Parameters
    ----------
    analysis : Analysis
        What the program says about the article.
    """
    from markupsafe import Markup

    from rhetoric.charts import strip_svg

    figures = summary(analysis)
    words = prose.plain_words(analysis, figures)
    shown = {
        "title": analysis.article.title,
        "words": words,
        "strip": Markup(strip_svg(analysis, label=words, links=False, most=NOTEBOOK_BARS)),
        "cards": _cards(analysis, figures, place(load(), figures, kind_of(analysis.article), analysis.made_by)),
        "lines": _keeps_lines(analysis),
        "whys": list({_kind(f): f.why for f in analysis.findings}.items()),
        "text": "",
        "left_out": "",
    }
    room = ROOM - len(render("fragment.html", shown).encode("utf-8", "replace")) - SPARE
    text, left_out = notebook_text(analysis, room)
    return render("fragment.html", shown | {"text": Markup(text), "left_out": left_out})


def to_explanation(explanation: Explanation) -> str:
    """Return one sentence explained, for a notebook: its marked words, and a bar for each part of its scores.

    Parameters
    ----------
    explanation : Explanation
        As `Analysis.explain` gives it.
    """
    from markupsafe import Markup

    s = explanation.sentence
    most = max((abs(x) for parts in s.because.values() for _, x in parts), default=1.0) or 1.0
    marks = number([replace(f, start=f.start - s.start, end=f.end - s.start) for f in explanation.findings])
    text = explanation.text
    shown = {
        "number": explanation.number,
        "text": Markup("".join(pieces(text, 0, len(text), marks, speakers={}, notes=False))),
        "whose": whose(s.voice, s.speaker),
        "junk": s.junk,
        "signals": [
            {
                "short": SHORT[signal],
                "name": prose.NAMES[signal],
                "score": _score(getattr(s, signal)),
                "grade": f"{s.grade[signal]:.1f}",
                "parts": [
                    {"what": what, "x": f"{x:+.2f}".replace("-", "−"), "side": "down" if x < 0 else "up",
                     "width": round(50 * abs(x) / most, 1)}
                    for what, x in s.because[signal]
                ],
            }
            for signal in SCORED
        ],
        "findings": [{"text": f.text, "what": describe(f), "why": f.why, "neutral": f.neutral, "short": SHORT[f.signal]}
                     for f in explanation.findings],
    }  # fmt: skip
    return render("explanation.html", shown)


def _kind(finding: Finding) -> str:
    """Return what a finding is, without its place."""
    return f"{finding.signal}: {finding.category.replace('_', ' ')}"


def index_row(analysis: Analysis, href: str) -> dict[str, Any]:
    """Return what the index says about one article, as plain data that can be kept as JSON.

    Parameters
    ----------
    analysis : Analysis
        What the program says about the article.
    href : str
        Where its page is, seen from the index.
    """
    from rhetoric.charts import strip_svg

    figures, article = summary(analysis), analysis.article
    return {
        "href": href,
        "title": prose.title(analysis),
        "outlet": article.outlet,
        "published": article.published,
        "words": figures["words"],
        "sentences": figures["sentences"],
        "signals": {
            signal: {
                "sentences": figures["by_signal"][signal]["sentences"],
                "author": figures["by_signal"][signal]["author"]["sentences"],
                "others": figures["by_signal"][signal]["others"]["sentences"],
            }
            for signal in SCORED
        },
        "strip": strip_svg(analysis, links=False),
    }


def to_index(rows: Sequence[dict[str, Any]]) -> str:
    """Return the page that lists several articles.

    Parameters
    ----------
    rows : sequence of dict
        Rows of `index_row`, in the order in which they are to stand.
    """
    known = {f"{name}s": any(row[key] for row in rows) for name, key in (("outlet", "outlet"), ("date", "published"))}
    return render("index.html", {"rows": rows, "signals": SCORED, **known})


def render(template: str, shown: dict[str, Any]) -> str:
    """Return a template filled in."""
    return UNREADABLE.sub("\ufffd", _environment().get_template(template).render(shown))


@cache
def _environment() -> Environment:
    """Return the templates, which include the style sheets and scripts beside them."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(figure=_figure, percent=_percent)
    made.globals.update(
        NAMES=prose.NAMES,
        MEANING=prose.MEANING,
        HOW=prose.HOW_TO_READ,
        HOW_USUAL=prose.HOW_USUAL,
        LIMITS=prose.LIMITS,
        SHORT=SHORT,
        count=prose.count,
    )
    return made


def _page(analysis: Analysis, excerpts: bool, policy: Policy, reference: Reference) -> dict[str, Any]:
    """Return all that the page's template needs, as plain data."""
    from markupsafe import Markup

    from rhetoric.charts import strip_svg
    from rhetoric.ledger_chart import ledger_svg

    article, headline = analysis.article, analysis.headline
    figures = summary(analysis)
    usual = place(reference, figures, kind_of(article), analysis.made_by)
    words = prose.plain_words(analysis, figures)
    speakers = {row["name"]: i for i, row in enumerate(figures["speakers"], 1)}
    only = marked_sentences(analysis) if excerpts else list(range(len(analysis.sentences)))
    shown = set(only)
    title = ""
    if headline:
        marks = number(headline.findings, "t")
        title = "".join(pieces(article.title or "", 0, len(article.title or ""), marks, speakers={}))
    found = [m for m in number(analysis.findings) if sentence_of(analysis, m.finding.start) in shown]
    return {
        "excerpts": excerpts,
        "title": prose.title(analysis),
        "about": [part for part in (article.outlet, article.byline, _date(article.published)) if part],
        "url": article.url if article.url and re.match("https?://", article.url) else None,
        "warnings": article.warnings,
        "figures": figures,
        "words": words,
        "strip": Markup(strip_svg(analysis, label=words, links=not excerpts)),
        "cards": _cards(analysis, figures, usual, policy),
        "policy": policy,
        "usual": _usual(usual),
        "headline": Markup(title),
        "titled": not excerpts and prose.begins_with_title(analysis),
        "headline_line": prose.headline_line(analysis),
        "text": Markup(marked_text(analysis, speakers=speakers, only=only if excerpts else None)),
        "lines": _keeps_lines(analysis),
        "speakers": figures["speakers"],
        "strongest": [_strong(analysis, i) for i in strongest(analysis)],
        "ledger": [
            ("By target", _grouped(analysis, figures["ledger"], "target")),
            ("By speaker", _grouped(analysis, figures["ledger"], "speaker")),
        ],
        "flows": Markup(ledger_svg(analysis, label=prose.ledger_words(figures["ledger"]))),
        "untold": sum(row["target"] is None for row in figures["ledger"]),
        "borrowed": prose.borrowed_words(borrowed(analysis)),
        "notes": (_notes(marks) if headline else []) + _notes(found, analysis),
        "scores": [_scores(analysis, i) for i in only if not analysis.sentences[i].junk],
        "made_by": analysis.made_by,
    }


def _date(published: str | None) -> str | None:
    """Return a date as people write it; what is no plain date stays as it is."""
    if published and re.fullmatch(r"\d{4}-\d\d-\d\d", published[:10]):
        try:
            day = date.fromisoformat(published[:10])
        except ValueError:
            return published
        return f"{day.day} {day:%B %Y}"
    return published


def _cards(
    analysis: Analysis, figures: dict[str, Any], usual: dict[str, Any], policy: Policy = "all"
) -> list[dict[str, Any]]:
    """Return one card a scored signal; the author's and others' figures stand on it whatever the policy counts."""
    counts = counted(analysis, policy)
    short = "too short to say what is usual" if usual["too_short"] else ""
    return [
        {
            "signal": signal,
            "total": figures["sentences"],
            **figures["by_signal"][signal],
            "counted": counts[signal],
            "rate": prose.per_1000_words(figures, counts[signal]),
            "usual": prose.usual_for(usual, signal, policy) or short,
        }
        for signal in SCORED
    ]


def _usual(usual: dict[str, Any]) -> dict[str, Any]:
    """Return the table of what is usual: one row a signal and side, one column a kind of article."""
    rows = {(r["signal"], r["side"], r["kind"]): r for r in usual["rows"]}
    return {
        "note": usual["note"],
        "kinds": [
            {"name": KIND_NAMES[kind], "own": kind == usual["own_kind"], **of} for kind, of in usual["kinds"].items()
        ],
        "rows": [
            {
                "signal": signal,
                "short": SHORT[signal],
                "side": {"all": "all", "author": "the author", "others": "others"}[side],
                "one": rows[signal, side, next(iter(usual["kinds"]))],
                "places": [rows[signal, side, kind] for kind in usual["kinds"]],
            }
            for signal in (SCORED if rows else ())
            for side in ("all", "author", "others")
        ],
    }


def _keeps_lines(analysis: Analysis) -> bool:
    """Return whether line ends inside a paragraph mean something: not where a sentence runs over one."""
    text = analysis.article.text
    return not any("\n" in text[s.start : s.end] for s in analysis.sentences)


def _notes(marks: Sequence[Mark], analysis: Analysis | None = None) -> list[dict[str, Any]]:
    """Return the notes, each with links to its place, unless it has several, and to the findings on that place."""
    shared = Counter(m.note for m in marks)
    notes: dict[str, dict[str, Any]] = {}
    for k, (finding, note, anchor) in enumerate(marks):
        alone = shared[note] == 1
        near = [m for m in marks[max(k - NEAR, 0) : k + NEAR] if m.note != note]
        also = [m for m in near if m.finding.start < finding.end and m.finding.end > finding.start]
        notes[note] = {
            "id": note,
            "anchor": anchor if alone else None,
            "text": finding.text,
            "short": SHORT[finding.signal],
            "what": describe(finding),
            "why": finding.why,
            "neutral": finding.neutral,
            "target": finding.target,
            "sentence": sentence_of(analysis, finding.start) if analysis and alone else None,
            "also": [(m.note, m.finding.signal) for m in also] if alone else [],
        }
    return list(notes.values())


def _scores(analysis: Analysis, i: int) -> dict[str, Any]:
    """Return a sentence's three scores and what each is made of."""
    sentence = analysis.sentences[i]
    text = " ".join(analysis.article.text[sentence.start : sentence.end].split()[:7])
    return {
        "number": i,
        "begins": text,
        "whose": whose(sentence.voice, sentence.speaker),
        "signals": [
            {
                "short": SHORT[signal],
                "name": signal,
                "score": _score(getattr(sentence, signal)),
                "grade": f"{sentence.grade[signal]:.1f}",
                "parts": _parts(sentence, signal),
            }
            for signal in SCORED
        ],
    }


def _parts(sentence: Sentence, signal: Signal) -> str:
    """Return the largest parts of a score; what is left out is added to the rest, so that they still add up."""
    shown = PARTS if getattr(sentence, signal) >= MARKED else FEW
    named = [part for part in sentence.because[signal] if part[0] not in ("rest", "base")]
    ordered = sorted(named, key=lambda part: -abs(part[1]))
    rest = sum(x for what, x in sentence.because[signal] if what == "rest") + sum(x for _, x in ordered[shown:])
    base = sum(x for what, x in sentence.because[signal] if what == "base")
    parts = [*ordered[:shown], ("rest", rest), ("base", base)]
    return " · ".join(f"{what}\u00a0{x:+.2f}".replace("-", "−") for what, x in parts if abs(x) >= 0.005)


def _score(number: float) -> str:
    """Return a score as .97; never as a certainty."""
    return f"{min(max(number, 0.01), 0.99):.2f}"[1:]


def _figure(number: float) -> str:
    """Return a rate with one decimal."""
    return f"{number:.1f}".removesuffix(".0")


def _percent(part: int, whole: int) -> str:
    """Return a share in per cent."""
    return f"{100 * part / (whole or 1):.0f} %"


def _strong(analysis: Analysis, i: int) -> dict[str, Any]:
    """Return a sentence for the list of the strongest."""
    sentence = analysis.sentences[i]
    return {
        "number": i,
        "text": analysis.article.text[sentence.start : sentence.end],
        "whose": whose(sentence.voice, sentence.speaker),
        "signals": [
            {"short": SHORT[s], "name": s, "score": _score(getattr(sentence, s))}
            for s in SCORED
            if getattr(sentence, s) >= MARKED
        ],
    }


def _grouped(analysis: Analysis, ledger: list[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Return the ledger by target or by speaker, most labels first; by target, those that have one."""
    anchors = [m.anchor for m in number(analysis.findings) if m.finding.signal == "charged"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for row, anchor in zip(ledger, anchors, strict=True):
        speaker, target = speaker_of(row), row["target"] or ""
        name, other = (target, speaker) if by == "target" else (speaker, target and f"of {target}")
        if name:
            groups.setdefault(name, []).append({**row, "other": other, "anchor": anchor})
    ordered = sorted(groups.items(), key=lambda item: (item[0] != AUTHOR, -len(item[1]), item[0]))
    return [{"name": name, "rows": rows} for name, rows in ordered]
