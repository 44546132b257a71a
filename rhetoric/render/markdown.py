"""An analysis as Markdown: figures, the strongest sentences, and every marked sentence with its findings."""

from __future__ import annotations

import re
from typing import Any

from rhetoric.ledger import borrowed, speaker_of
from rhetoric.records import SCORED, Analysis
from rhetoric.reference import Reference, kind_of, load, place
from rhetoric.render import prose
from rhetoric.render.marks import by_sentence, describe, marked_sentences, whose
from rhetoric.tables import MARKED, Policy, counted, strongest, summary

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])|^(\s*)([-+=]|\d+(?=[.)]))", re.MULTILINE)
"""What Markdown would take for its own."""


def to_markdown(analysis: Analysis, *, voice: Policy = "all", reference: Reference | None = None) -> str:
    """Return the report of one article as Markdown.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    voice : {"all", "author", "author+reported"}, optional
        Whose words the table of signals counts; what is left out is told below it.
    reference : Reference, optional
        What is usual, in place of the shipped figures.
    """
    article, figures = analysis.article, summary(analysis)
    counts = counted(analysis, voice)
    about = [part for part in (article.outlet, article.byline, article.published, article.url) if part]
    size = f"{prose.count(figures['words'], 'word')}, {prose.count(figures['sentences'], 'sentence')}"
    made_by = analysis.made_by
    blocks = [
        f"# {_plain(prose.title(analysis))}",
        _plain(" · ".join([*about, size])),
        _plain(prose.plain_words(analysis, figures)),
        _signals(figures, counts),
        prose.left_out(counts, voice),
        _usual(place(reference or load(), figures, kind_of(article), made_by), voice),
    ]
    if line := prose.headline_line(analysis):
        marks = [f"- {_mark(f)}" for f in analysis.headline.findings] if analysis.headline else []
        blocks += ["## The headline", _plain(line), "\n".join(marks)]
    best = strongest(analysis)
    if best:
        blocks += [
            "## The strongest sentences",
            "\n".join(f"{n}. {_sentence(analysis, i)}" for n, i in enumerate(best, 1)),
        ]
    blocks += ["## Who speaks", _speakers(figures)]
    if figures["ledger"]:
        told = _plain(" ".join(prose.borrowed_words(borrowed(analysis))))
        blocks += ["## Who calls whom what", told, _ledger(figures)]
    marked = marked_sentences(analysis)
    if marked:
        found = by_sentence(analysis)
        blocks.append("## Every marked sentence")
        for i in marked:
            marks = [f"- {_mark(m.finding)}" for m in found.get(i, ())]
            blocks += [f"**{i + 1}.** {_sentence(analysis, i)}", "\n".join(marks)]
    blocks += ["## How to read this, and its limits", *map(_plain, prose.HOW_TO_READ + prose.LIMITS)]
    blocks.append(f"Made by rhetoric-analyzer {made_by.version} · model {made_by.model} · lexicons {made_by.lexicons}")
    return "\n\n".join(block for block in blocks if block) + "\n"


def _plain(text: str) -> str:
    """Return text on one line, so that Markdown shows it as it is."""
    return SPECIAL.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", " ".join(text.split()))


def _signals(figures: dict[str, Any], counts: dict[str, Any]) -> str:
    """Return the three cards as one table."""
    lines = [
        "| signal | sentences counted | author | others | marks counted per 1,000 words | author | others |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for signal in SCORED:
        one = figures["by_signal"][signal]
        sides = (one, one["author"], one["others"])
        cells = [str(side["sentences"]) for side in sides] + [f"{side['per_1000_words']:.1f}" for side in sides]
        cells[0] = str(counts[signal]["sentences"])
        cells[3] = f"{prose.per_1000_words(figures, counts[signal]):.1f}"
        lines.append(f"| {prose.NAMES[signal]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _usual(usual: dict[str, Any], voice: Policy) -> str:
    """Return where the article stands among those of like length."""
    lines = [f"- {prose.NAMES[s]}: {line}." for s in SCORED if (line := prose.usual_for(usual, s, voice))]
    return "\n".join([*lines, *([usual["note"]] if usual["note"] else [])])


def _speakers(figures: dict[str, Any]) -> str:
    """Return who speaks, as a table."""
    lines = [
        "| speaker | words | quoted | reported | charged | predictions | unhedged |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    own = figures["by_voice"]["author"]
    rows = [("the author", own["words"], "", "", own["charged"], own["prediction"], own["unhedged"])]
    for row in figures["speakers"]:
        name = (row["name"] or "someone else") + (" (vague)" if row["vague"] else "")
        counts = (row[key] for key in ("words", "quoted", "reported", *SCORED))
        rows.append((_plain(name), *counts))
    return "\n".join(lines + [f"| {' | '.join(map(str, row))} |" for row in rows])


def _ledger(figures: dict[str, Any]) -> str:
    """Return who calls whom what, as a table by target; labels without a named target stand last."""
    lines = ["| target | label | speaker | voice | category | grade | sentence |", "|---|---|---|---|---|--:|--:|"]
    for row in sorted(figures["ledger"], key=lambda row: (row["target"] is None, row["target"] or "", row["start"])):
        words = (row["target"] or "", row["label"], speaker_of(row), row["voice"], row["category"].replace("_", " "))
        cells = [*map(_plain, words), str(row["grade"]), str(row["sentence"] + 1)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _sentence(analysis: Analysis, i: int) -> str:
    """Return a sentence with its marked scores and its voice."""
    sentence = analysis.sentences[i]
    scores = [f"{signal} {getattr(sentence, signal):.2f}" for signal in SCORED if getattr(sentence, signal) >= MARKED]
    text = _plain(analysis.article.text[sentence.start : sentence.end])
    return f"{text} *({_plain(', '.join([*scores, whose(sentence.voice, sentence.speaker)]))})*"


def _mark(finding: Any) -> str:
    """Return a finding with its explanation."""
    neutral = f" Flatter: {finding.neutral}." if finding.neutral else ""
    return f"**{_plain(finding.text)}** {_plain(f'({describe(finding)}) {finding.why}{neutral}')}"
