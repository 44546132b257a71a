"""An analysis as the plain data that spaCy's displacy draws by hand (`displacy.render(data, manual=True)`)."""

from __future__ import annotations

import re
from typing import Any, Literal

from rhetoric.records import SCORED, Analysis, Finding

TOKEN = re.compile(r"\w+|[^\w\s]")


def to_displacy(analysis: Analysis, style: Literal["ent", "span"] = "ent") -> dict[str, Any]:
    """Return what displacy draws.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    style : {"ent", "span"}
        "ent" gives `ents`, which displacy wants without overlaps: of findings that overlap the one with the higher
        grade stays, then the longer. "span" gives `tokens` and `spans`, with every finding.

    Returns
    -------
    dict
        `text`, `title`, and `ents` or `tokens` and `spans`; a label is a signal with its grade ("charged 2").
    """
    scored = [f for f in analysis.findings if f.signal in SCORED]
    made: dict[str, Any] = {"text": analysis.article.text, "title": analysis.article.title}
    if style == "ent":
        return made | {"ents": [{"start": f.start, "end": f.end, "label": _label(f)} for f in _without_overlap(scored)]}
    if style != "span":
        raise ValueError(f"no style {style!r}; there are ent, span")
    words = [(m.start(), m.end()) for m in TOKEN.finditer(analysis.article.text)]
    spans = []
    for f in scored:
        inside = [i for i, (start, end) in enumerate(words) if start < f.end and end > f.start]
        if inside:
            spans.append({"start_token": inside[0], "end_token": inside[-1] + 1, "label": _label(f)})
    return made | {"tokens": [analysis.article.text[a:b] for a, b in words], "spans": spans}


def _label(finding: Finding) -> str:
    return f"{finding.signal} {finding.grade}"


def _without_overlap(findings: list[Finding]) -> list[Finding]:
    """Return findings that do not overlap, in order; the strongest of those that would."""
    kept: list[Finding] = []
    for f in sorted(findings, key=lambda f: (-f.grade, f.start - f.end, f.start, SCORED.index(f.signal))):
        if not any(f.start < other.end and other.start < f.end for other in kept):
            kept.append(f)
    return sorted(kept, key=lambda f: f.start)
