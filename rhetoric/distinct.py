"""Which words one side uses more than the others: log-odds with an informative Dirichlet prior.

Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis 16, 2008), equations 15, 16, 22 and 23. The prior is
the count of each term on all sides together, scaled down to `PRIOR`: terms that everybody uses are drawn to nought,
and rare ones too, for want of evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, log, sqrt

from rhetoric.signals import FUNCTION

PRIOR = 1000.0
"""Words that the prior is worth, but no more than a tenth of all."""
FEWEST = 4
"""Times that a term must stand on all sides together."""
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")

ADDRESS = re.compile(r"\S+(?:://|@)\S+|(?:\w[\w-]*\.)+(?:com|org|net|gov|edu|info|example|co\.uk)\b\S*", re.I)
"""An address on the web or of mail: no words of the article."""

SHORTENED = ("n't", "'re", "'ve", "'ll", "'d", "'m")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of one side against the others."""

    term: str
    count: int
    others: int
    articles: int
    """Articles of the side that have it."""
    log_odds: float
    """Above 0: more often on this side."""
    z: float
    p: float
    """Two-sided; not yet corrected."""


def distinct(
    sides: Sequence[Counter[str]], holds: Sequence[Counter[str]], *, fewest: int = FEWEST, articles: int = 1
) -> list[list[Term]]:
    """Return for each side the terms in order of their z, most distinctive first.

    Parameters
    ----------
    sides
        Counts of every term, by side.
    holds
        Articles that have the term, by side.
    fewest
        Times that a term must stand on all sides together.
    articles
        Articles, of all sides, that must have it.
    """
    every: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for counts, held in zip(sides, holds, strict=True):
        every.update(counts)
        spread.update(held)
    whole = sum(every.values())
    if not whole:
        return [[] for _ in sides]
    scale = min(PRIOR / whole, 0.1)
    found = []
    for counts, held in zip(sides, holds, strict=True):
        total = sum(counts.values())
        found.append(
            sorted(
                (
                    _term(
                        term, counts[term], n - counts[term], total, whole - total, n * scale, scale * whole, held[term]
                    )
                    for term, n in every.items()
                    if n >= fewest and spread[term] >= articles
                ),
                key=lambda t: (-t.z, t.term),
            )
        )
    return found


def _term(
    term: str, count: int, others: int, total: int, rest: int, prior: float, priors: float, articles: int
) -> Term:
    """Return a term with its log-odds ratio and z."""
    one, two = count + prior, others + prior
    odds = log(one / max(total + priors - one, 0.5)) - log(two / max(rest + priors - two, 0.5))
    z = odds / sqrt(1 / one + 1 / two)
    return Term(term, count, others, articles, round(odds, 4), round(z, 4), erfc(abs(z) / sqrt(2)))


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text in small letters, and pairs of words that follow each other; no small words alone."""
    last = ""
    text = ADDRESS.sub(" / ", text)
    for m in WORD.finditer(text):
        word = m[0].casefold().replace("’", "'").removesuffix("'s")
        plain = word not in FUNCTION and len(word) > 2 and not word.endswith(SHORTENED)
        if plain:
            yield word
            if last and text[m.start() - 1] == " ":
                yield f"{last} {word}"
        last = word if plain else ""


def counted(items: Iterable[Iterable[str]]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each term stands in all items, and in how many of them."""
    counts: Counter[str] = Counter()
    holds: Counter[str] = Counter()
    for item in items:
        own = Counter(item)
        counts.update(own)
        holds.update(own.keys())
    return counts, holds


def holm(p: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number after Holm: none of the differences shown is by chance, at 5 %."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    out = [1.0] * len(p)
    most = 0.0
    for rank, i in enumerate(order):
        most = max(most, min((len(p) - rank) * p[i], 1.0))
        out[i] = most
    return out


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Return p-values corrected after Benjamini and Hochberg: of what is shown, at most 5 % is expected by chance."""
    order = sorted(range(len(p)), key=lambda i: -p[i])
    out = [1.0] * len(p)
    least = 1.0
    for k, i in enumerate(order):
        least = min(least, p[i] * len(p) / (len(p) - k))
        out[i] = least
    return out


def alike(one: Sequence[str], two: Sequence[str], *, least: float) -> list[tuple[int, int, float]]:
    """Return pairs of sentences about the same thing, each sentence at most once, in the order of the first.

    Words are weighed by how few of all sentences have them (TF-IDF) and compared by cosine, on the first six letters.
    """
    import numpy as np

    bags = [[{w[:6] for w in words_of(s) if " " not in w} for s in side] for side in (one, two)]
    spread: Counter[str] = Counter(w for side in bags for bag in side for w in bag)
    shared = {w for bag in bags[0] for w in bag} & {w for bag in bags[1] for w in bag}
    column = {w: k for k, w in enumerate(sorted(shared))}
    if not column:
        return []
    total = len(one) + len(two)
    weight: Mapping[str, float] = {w: log((1 + total) / n) for w, n in spread.items()}
    tables = []
    for side in bags:
        table = np.zeros((len(side), len(column)))
        for i, bag in enumerate(side):
            norm = sqrt(sum(weight[w] ** 2 for w in bag)) or 1.0
            for w in bag & shared:
                table[i, column[w]] = weight[w] / norm
        tables.append(table)
    likeness = tables[0] @ tables[1].T
    found: list[tuple[int, int, float]] = []
    for flat in np.argsort(-likeness, axis=None, kind="stable").tolist():
        i, j = divmod(flat, len(two))
        if likeness[i, j] < least:
            break
        if not any(i == a or j == b for a, b, _ in found):
            found.append((i, j, round(float(likeness[i, j]), 3)))
    return sorted(found)
