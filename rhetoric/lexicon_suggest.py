"""Words and phrases that may be charged and stand in no list, mined from articles for a curator to judge."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import isnan, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric.features import Reading, prepare_all
from rhetoric.lexicon import Lexicons
from rhetoric.model import Model
from rhetoric.records import Article
from rhetoric.segment import find_words
from rhetoric.signals import FUNCTION

TOGETHER = 16
"""Articles scored together."""
LINKED = 10.83
"""Likelihood ratio from which words stand together more often than chance gives, at one in a thousand."""
PRIOR = 3
"""Uses of an average word that each candidate is given in addition, so that rare ones do not lead."""
LIKE = 0.4
"""Cosine from which a charged term counts as a neighbour."""
PLACES = 3
"""Example places a candidate."""
Tokens = tuple[str, ...]


class Suggestion(NamedTuple):
    """A word or phrase that no list holds, with what speaks for it."""

    text: str
    uses: int
    """How often it stands where no charged term does."""
    articles: int
    chance: float
    """Mean probability, over its uses, that the model takes it (of a phrase: its strongest word) for charged."""
    odds: float
    """Log-odds of standing in a sentence with a charged term, against sentences without one; 0 is as others do."""
    link: float
    """Likelihood ratio of the words of a phrase; 0 for a single word."""
    near: tuple[str, ...]
    """Charged terms with the nearest word vectors, at most two."""
    places: tuple[tuple[str, int], ...]
    """Example places: article and offset."""
    hits: int
    """Uses in the labelled articles."""
    precision: float
    """Share of them, by character, that the labels call charged; nan where there are none."""


class _Run(NamedTuple):
    """Words in a row that no charged term covers and no name or mark breaks, in one sentence."""

    words: list[str]
    chances: list[float]
    offsets: list[int]
    charged: bool
    """The sentence holds a charged term."""
    article: int


@dataclass(slots=True)
class _Tally:
    """What is counted of one candidate."""

    uses: int = 0
    charged: int = 0
    chance: float = 0.0
    articles: set[int] = field(default_factory=set)
    places: list[tuple[int, int]] = field(default_factory=list)


def suggest(
    articles: Iterable[Article],
    lexicons: Lexicons,
    model: Model,
    *,
    limit: int = 50,
    least: int = 3,
    windows: Sequence[dict[str, Any]] = (),
) -> list[Suggestion]:
    """The likeliest charged words and phrases of `articles` that no charged term covers, likeliest first.

    Parameters
    ----------
    articles
        The more, the better; a few hundred give useful counts.
    lexicons, model
        What is already listed, and the model that judges the rest.
    limit
        How many to give.
    least
        In how many articles each must stand.
    windows
        Labelled articles, as `labels.read_windows` gives them, that each candidate is held against.
    """
    names: list[str] = []
    runs: list[_Run] = []
    source = iter(articles)
    while batch := list(islice(source, TOGETHER)):
        readings = prepare_all([article.text for article in batch], lexicons, ear=model.ear)
        runs += _runs(readings, model, len(names))
        names += [article.id or "" for article in batch]
    links = _linked(runs, least)
    tallies = _count(runs, links)
    kept = {gram: tally for gram, tally in tallies.items() if len(tally.articles) >= least}
    if not kept:
        return []
    words = sum(len(run.words) for run in runs)
    mean = sum(sum(run.chances) for run in runs) / words
    share = sum(len(run.words) for run in runs if run.charged) / words
    ranked = sorted(kept, key=lambda gram: (-_shrunk(kept[gram], mean), -len(gram), gram))
    chosen = _without_parts(ranked, kept, limit)
    right = _held_against(chosen, windows)
    near = _neighbours(chosen, lexicons, model)
    return [
        Suggestion(
            " ".join(gram),
            tally.uses,
            len(tally.articles),
            tally.chance / tally.uses,
            _odds(tally, share),
            links.get(gram, 0.0),
            near[gram],
            tuple((names[article], offset) for article, offset in tally.places),
            right[gram][0],
            right[gram][2] / right[gram][1] if right[gram][0] else float("nan"),
        )
        for gram, tally in ((gram, kept[gram]) for gram in chosen)
    ]


NOTES = (
    "uses: where no listed term stands. chance: how likely, 0 to 1, the model takes it for charged there, on the mean.",
    "odds: log-odds of standing in a sentence with a listed term against one without; 0 is as other words do.",
    "link: of a phrase, how far beyond chance its words stand together. near: listed terms used alike. places: where.",
)
"""What the columns of `to_text` mean."""


def to_text(found: Sequence[Suggestion], *, labelled: bool = False) -> str:
    """A table of suggestions for a terminal; with `labelled`, how each does in the labelled articles too."""
    labels = f"{'hits':>6}{'precision':>11}" if labelled else ""
    lines = [f"{'candidate':<32}{'uses':>6}{'articles':>10}{'chance':>8}{'odds':>7}{'link':>7}{labels}  near; places"]
    for one in found:
        link = f"{one.link:.0f}" if one.link else ""
        precision = "" if isnan(one.precision) else f"{one.precision:.2f}"
        labels = f"{one.hits:>6}{precision:>11}" if labelled else ""
        numbers = f"{one.uses:>6}{one.articles:>10}{one.chance:>8.2f}{one.odds:>+7.1f}{link:>7}{labels}"
        places = ", ".join(f"{article}:{offset}" for article, offset in one.places)
        lines.append(f"{one.text:<32}{numbers}  {', '.join(one.near) or '-'}; {places}")
    return "\n".join(lines)


def _runs(readings: Sequence[Reading], model: Model, base: int) -> Iterator[_Run]:
    """The runs of some readings; `base` is the number of the first article."""
    scores = model.score(readings)
    stream = scores.stream
    bounds = np.searchsorted(stream.place, stream.offsets).tolist()
    for r, reading in enumerate(readings):
        begin, end = bounds[r], bounds[r + 1]
        at = stream.place[begin:end] - int(stream.offsets[r])
        size = len(reading.words.lower)
        chance, free = np.zeros(size), np.zeros(size, np.bool_)
        chance[at] = scores.word[begin:end, 0]
        free[at] = model.vocabulary.evidence[stream.ids[begin:end]]
        charged: set[int] = set()
        for evidence, (low, high) in zip(reading.evidence, reading.held.tolist(), strict=True):
            if evidence.signal == "charged" and low < high:
                free[low:high] = False
                charged.add(int(reading.sentence[low]))
        yield from _cut(reading, chance, free, charged, base + r)


def _cut(
    reading: Reading, chance: NDArray[np.float64], free: NDArray[np.bool_], charged: set[int], article: int
) -> Iterator[_Run]:
    """The runs of one reading, of its free words."""
    places = np.flatnonzero(free)
    if not len(places):
        return
    apart = (np.diff(places) > 1) | (np.diff(reading.sentence[places]) > 0)
    for run in np.split(places, np.flatnonzero(apart) + 1):
        words = [reading.words.lower[k] for k in run.tolist()]
        here = int(reading.sentence[run[0]]) in charged
        yield _Run(words, chance[run].tolist(), reading.words.start[run].tolist(), here, article)


def _linked(runs: Sequence[_Run], least: int) -> dict[Tokens, float]:
    """Likelihood ratio of the pairs and triples of words that stand together more often than chance gives."""
    from nltk.collocations import BigramCollocationFinder, TrigramCollocationFinder
    from nltk.metrics import BigramAssocMeasures, TrigramAssocMeasures

    found = {}
    documents = [run.words for run in runs if len(run.words) > 1]
    for finder, measures in (
        (BigramCollocationFinder, BigramAssocMeasures),
        (TrigramCollocationFinder, TrigramAssocMeasures),
    ):
        pairs = finder.from_documents(documents)
        pairs.apply_freq_filter(least)
        pairs.apply_ngram_filter(lambda *gram: None in gram or gram[0] in FUNCTION or gram[-1] in FUNCTION)
        found.update({gram: link for gram, link in pairs.score_ngrams(measures.likelihood_ratio) if link >= LINKED})
    return found


def _count(runs: Sequence[_Run], links: dict[Tokens, float]) -> dict[Tokens, _Tally]:
    """What is counted of every word and every linked phrase."""
    tallies: dict[Tokens, _Tally] = defaultdict(_Tally)
    for run in runs:
        for size in (1, 2, 3):
            for k in range(len(run.words) - size + 1):
                gram = tuple(run.words[k : k + size])
                if gram not in links if size > 1 else (gram[0] in FUNCTION or len(gram[0]) < 3):
                    continue
                tally = tallies[gram]
                tally.uses += 1
                tally.charged += run.charged
                tally.chance += max(run.chances[k : k + size])
                tally.articles.add(run.article)
                if len(tally.places) < PLACES:
                    tally.places.append((run.article, run.offsets[k]))
    return tallies


def _shrunk(tally: _Tally, mean: float) -> float:
    """The chance of a candidate, drawn towards that of all words the more the rarer it is."""
    return (tally.chance + PRIOR * mean) / (tally.uses + PRIOR)


def _odds(tally: _Tally, share: float) -> float:
    """Log-odds of the sentences of a candidate to hold a charged term, less those of all words, drawn towards 0."""
    charged, plain = tally.charged + PRIOR * share, tally.uses - tally.charged + PRIOR * (1 - share)
    return log(charged / plain) - log(share / (1 - share)) if 0 < share < 1 else 0.0


def _without_parts(ranked: Sequence[Tokens], tallies: dict[Tokens, _Tally], limit: int) -> list[Tokens]:
    """The first `limit` candidates, without words that mostly stand in a phrase before them, and the reverse."""
    chosen: list[Tokens] = []
    inside: Counter[Tokens] = Counter()
    for gram in ranked:
        if len(chosen) == limit:
            break
        parts = [gram[i:j] for i in range(len(gram)) for j in range(i + 1, len(gram) + 1) if j - i < len(gram)]
        if any(part in chosen for part in parts) or inside[gram] * 2 > tallies[gram].uses:
            continue
        chosen.append(gram)
        inside.update(dict.fromkeys(parts, tallies[gram].uses))
    return chosen


def _held_against(grams: Sequence[Tokens], windows: Iterable[dict[str, Any]]) -> dict[Tokens, list[int]]:
    """Hits of each candidate in labelled articles, their characters, and how many of these are labelled charged."""
    found = {gram: [0, 0, 0] for gram in grams}
    for window in windows:
        words = find_words(window["text"])
        kept = [s for s in window["sentences"] if not s.get("junk")]
        spans = [span for s in kept for span in s.get("charged_spans", ())]
        for size in (1, 2, 3):
            for k in range(len(words.lower) - size + 1):
                row = found.get(tuple(words.lower[k : k + size]))
                start, end = int(words.start[k]), int(words.end[k + size - 1])
                if row is None or not any(s["start"] <= start < s["end"] for s in kept):
                    continue
                row[0] += 1
                row[1] += end - start
                row[2] += sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in spans)
    return found


def _neighbours(grams: Sequence[Tokens], lexicons: Lexicons, model: Model) -> dict[Tokens, tuple[str, ...]]:
    """The charged terms of one word whose vectors are nearest to each candidate's."""
    ids = model.vocabulary.ids
    size = model.vocabulary.size
    terms = sorted({t.text for t in lexicons.terms if t.signal == "charged" and ids.get(t.text, size) < size})
    if not terms:
        return dict.fromkeys(grams, ())
    known = _unit(model.steps[[ids[text] for text in terms]])
    near = {}
    for gram in grams:
        own = [ids[word] for word in gram if ids.get(word, size) < size]
        like = known @ _unit(model.steps[own].astype(np.float32).sum(0, keepdims=True))[0]
        best = np.argsort(-like, kind="stable")[:2].tolist()
        near[gram] = tuple(terms[k] for k in best if like[k] >= LIKE and terms[k] != " ".join(gram))
    return near


def _unit(rows: NDArray[Any]) -> NDArray[np.float32]:
    """Rows of length one; those of zeros stay."""
    rows = rows.astype(np.float32)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
