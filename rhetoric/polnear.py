"""How well voices agree with marked attributions: ranges of source, cue and content, as the PolNeAR corpus has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric.analysis import Analyzer
from rhetoric.labels import LabelError, read_articles
from rhetoric.measures import Estimate, estimate, f_score, share
from rhetoric.records import Analysis, Article

Flags = NDArray[np.bool_]

ATTRIBUTED = 0.25
"""A sentence is attributed where more than this share of its characters is content."""
FOUND = 0.5
"""An attribution is found where this share of its content or more is not in the author's voice."""
PARTS = ("source", "cue", "content")


class Measured(NamedTuple):
    """One measure, with its interval."""

    of: str
    what: str
    program: Estimate


def read_attributions(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The articles of JSONL files: `id`, `text` and `attributions`, each with ranges `source`, `cue` and `content`.

    Raises
    ------
    LabelError
        For a line or an article that is not so; and where there is no article.
    """
    articles = [_checked(article) for path in paths for article in read_articles(path)]
    if not articles:
        raise LabelError("no article in the given files; see docs/voice.md for their form")
    return articles


def _checked(article: dict[str, Any]) -> dict[str, Any]:
    attributions, size = article.get("attributions"), len(article["text"])
    if not isinstance(attributions, list):
        raise LabelError(f"article {article['id']}: no list 'attributions'; see docs/voice.md for the form")
    for one in attributions:
        for low, high in (pair for part in PARTS for pair in one.get(part) or ()):
            if not 0 <= low < high <= size:
                raise LabelError(f"article {article['id']}: [{low}, {high}] is no range of its text")
    return article


def measure_attributions(articles: Sequence[dict[str, Any]], analyzer: Analyzer) -> list[Measured]:
    """How well the voices that `analyzer` hears agree with the marked attributions of `articles`."""
    analyses = analyzer.analyze_all(Article(a["text"], str(a["id"])) for a in articles)
    rows = [_counts(article, analysis) for article, analysis in zip(articles, analyses, strict=True)]
    count = {name: np.array([row[name] for row in rows], np.float64) for name in rows[0]}
    each = np.arange(len(rows))

    def part(of: str, what: str, some: str, whole: str) -> Measured:
        return Measured(of, what, estimate(share(count[some], count[whole]), each))

    found = []
    for of, unit in (("sentence attributed", "sentence"), ("content, by character", "character")):
        right, said, marked = (f"{unit} {kind}" for kind in ("right", "said", "marked"))
        found.append(part(of, "precision", right, said))
        found.append(part(of, "recall", right, marked))
        hits = count[right]
        f_of: Any = f_score(hits, count[said] - hits, count[marked] - hits)
        found.append(Measured(of, "F1", estimate(f_of, each)))
    found.append(part("attributions", "found", "found", "attributions"))
    for kind in ("cue", "source"):
        found.append(part(f"{kind} met", "of those found", f"{kind} of found met", f"{kind} of found"))
        found.append(part(f"{kind} met", "of all", f"{kind} met", kind))
    return found


def _counts(article: dict[str, Any], analysis: Analysis) -> dict[str, int]:
    """What one article adds to each measure."""
    size = len(article["text"])
    attributions = article["attributions"]
    marked = _cover(size, (pair for one in attributions for pair in one.get("content") or ()))
    said = _cover(size, ((v.start, v.end) for v in analysis.voices))
    heard = {
        "cue": _cover(size, (v.cue for v in analysis.voices if v.cue)),
        "source": _cover(size, (v.source for v in analysis.voices if v.source)),
    }
    counts = {
        "character right": int((marked & said).sum()),
        "character said": int(said.sum()),
        "character marked": int(marked.sum()),
    }
    truth = np.array([marked[s.start : s.end].mean() > ATTRIBUTED for s in analysis.sentences], np.bool_)
    ours = np.array([s.voice != "author" for s in analysis.sentences], np.bool_)
    counts |= {
        "sentence right": int((truth & ours).sum()),
        "sentence said": int(ours.sum()),
        "sentence marked": int(truth.sum()),
        "attributions": len(attributions),
        "found": 0,
    }
    counts |= dict.fromkeys(("cue", "cue met", "cue of found", "cue of found met"), 0)
    counts |= dict.fromkeys(("source", "source met", "source of found", "source of found met"), 0)
    for one in attributions:
        content = one.get("content") or ()
        found = bool(content) and _share(said, content) >= FOUND
        counts["found"] += found
        for kind, flags in heard.items():
            if ranges := one.get(kind):
                met = any(flags[low:high].any() for low, high in ranges)
                counts[kind] += 1
                counts[f"{kind} met"] += met
                counts[f"{kind} of found"] += found
                counts[f"{kind} of found met"] += found and met
    return counts


def _cover(size: int, ranges: Iterable[Sequence[int]]) -> Flags:
    """True for each character that a range covers."""
    covered = np.zeros(size, np.bool_)
    for low, high in ranges:
        covered[low:high] = True
    return covered


def _share(covered: Flags, ranges: Iterable[Sequence[int]]) -> float:
    """The share of the ranges that is covered."""
    pieces = [covered[low:high] for low, high in ranges]
    return float(np.concatenate(pieces).mean())


def to_text(articles: Sequence[dict[str, Any]], figures: Sequence[Measured]) -> str:
    """The figures as an aligned table, with what they mean."""
    marked = sum(len(article["attributions"]) for article in articles)
    lines = [f"{marked} marked attributions in {len(articles)} articles", ""]
    last = ""
    for of, what, program in figures:
        lines.append(f"{of if of != last else '':<24}{what:<18}{program}")
        last = of
    return "\n".join([*lines, "", *NOTES])


def to_dict(articles: Sequence[dict[str, Any]], figures: Sequence[Measured]) -> dict[str, Any]:
    """The figures as plain data, each with its 95 % interval."""
    return {
        "articles": len(articles),
        "attributions": sum(len(article["attributions"]) for article in articles),
        "figures": [
            {"of": of, "what": what} | {name: round(x, 6) for name, x in program._asdict().items()}
            for of, what, program in figures
        ],
    }


NOTES = (
    "In brackets: 95 % interval, the articles drawn anew. Higher is better. A sentence is attributed where more than",
    f"{ATTRIBUTED:.0%} of it is content, or where its voice is not the author's. Found: {FOUND:.0%} or more of the",
    "content is not in the author's voice. Met: a cue or a source of the program overlaps the marked one. PolNeAR also",
    "marks wishes, plans and attitudes; this program leaves them to the author.",
)
