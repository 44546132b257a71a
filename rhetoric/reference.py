"""What is usual: quantiles of the figures of many articles, and where one article stands among them.

A value is compared with articles of like length. The article itself is a small sample of its writer's sentences; the
interval says how far its figure, and with it the place, would move if as many sentences were written once more.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from rhetoric.records import SCORED, Analysis, Article
from rhetoric.tables import summary

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
KINDS = ("all", "agency", "news", "opinion")
KIND_NAMES = {"all": "articles", "agency": "agency reports", "news": "news articles", "opinion": "opinion pieces"}
LEVELS = (0, 1, 2.5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 97.5, 99, 100)
"""Per cent of the articles that have at most the value kept."""
BANDS = 5
"""Bands of length, with as many articles in each."""
FEWEST = 100
"""Articles that a band needs; below it the kind's articles of every length stand in."""
SHORT_WORDS, SHORT_SENTENCES = 200, 10
"""A text with fewer words or sentences is too short to say."""
SIDES = ("all", "author", "others")
Z = 1.96

AGENCY = re.compile(
    r"\b(?:reuters|associated press|agence france[- ]presse|united press international|press association"
    r"|deutsche presse-agentur|xinhua|tass|interfax|kyodo|anadolu agency|news agency)\b|^(?:ap|afp|upi|dpa|pa media)\b",
    re.I,
)
"""Outlets that are agencies."""
DATELINE = re.compile(r"^.{0,80}?\((?:reuters|ap|afp|upi)\)\s*[-–—]", re.I | re.S)
"""How an agency's report begins where another outlet prints it."""
OPINION = re.compile(r"\b(?:opinions?|editorials?|op-?eds?|commentary|columnists?|guest writer|letters?)\b", re.I)
"""In the name of an outlet or section."""
OPINION_TITLE = re.compile(
    r"^\W*(?:opinion|editorial|op-?ed|commentary|column|analysis)\b\s*[:|–—-]|[|:–—-]\s*(?:opinion|editorial|commentary)\W*$",
    re.I,
)
OPINION_PATH = re.compile(
    r"/(?:opinions?|editorials?|op-?eds?|commentisfree|commentary|columns?|columnists?|blogs?)/", re.I
)


class ReferenceFileError(ValueError):
    """A reference that cannot be read or made; the message names the fix."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Quantiles of the figures of many articles, by kind and length."""

    about: Mapping[str, Any]
    """How it was made: articles by kind, version and content hashes of model and lexicons, the sample."""
    bands: Mapping[str, Sequence[Mapping[str, Any]]]
    """By kind, bands of length: `words` from and to, `articles`, and the `quantiles` of marked sentences of 100, by
    `{signal}_{side}_per_100_sentences`; the last has every length."""

    @classmethod
    def load(cls, path: Path | str | None = None) -> Reference:
        """The shipped reference, or one that `rhetoric reference build` wrote."""
        return load(None if path is None else Path(path))

    @classmethod
    def build(cls, articles: Sequence[Article], *, jobs: int = 1, analyzer: Any = None, **about: Any) -> Reference:
        """A reference made of these articles; `about` is kept with it."""
        return build(articles, jobs=jobs, analyzer=analyzer, about=about)

    def save(self, path: Path | str) -> None:
        """Write the reference; the same articles and model give the same bytes."""
        form = {"format": FORMAT, "about": self.about, "levels": LEVELS, "bands": self.bands}
        Path(path).write_bytes(orjson.dumps(form, option=orjson.OPT_APPEND_NEWLINE))

    def place(self, analysis: Analysis) -> dict[str, Any]:
        """Where an article stands among those of like length.

        Returns
        -------
        dict
            `too_short`, and why in `note`; `note` says too where another model or other word lists made the reference.
            `own_kind` is the kind of the article as its outlet, title and address tell it. `kinds`: by kind the
            `articles` compared with, and their `words` from and to. `rows`: for each kind, signal, side ("all",
            "author", "others") the marked sentences of 100 (`value`, `low`, `high`, 95 %), and of 100 articles how
            many have a lower share (`below`, and at the ends of the interval `below_low`, `below_high`) and how many
            a higher one (`above`).
        """
        figures = summary(analysis)
        return place(self, figures, kind_of(analysis.article), analysis.made_by)


def kind_of(article: Article) -> str:
    """Return the kind of an article, by stated rules: "opinion", "agency" or "news".

    Opinion: the name of the outlet, the beginning or end of the title, or the path of the address says so. Agency: the
    outlet is a news agency, or the text begins with an agency's dateline. Everything else is news.
    """
    outlet, title, url = article.outlet or "", article.title or "", article.url or ""
    if OPINION.search(outlet) or OPINION_TITLE.search(title) or OPINION_PATH.search(url):
        return "opinion"
    return "agency" if AGENCY.search(outlet) or DATELINE.match(article.text[:200].lstrip()) else "news"


def shipped() -> Path:
    """Return the file of the shipped reference."""
    return Path(__file__).parent / "reference.json"


def load(path: Path | None = None) -> Reference:
    """Return the shipped reference, or that of a file."""
    return _read(path) if path else _shipped()


@cache
def _shipped() -> Reference:
    return _read(shipped())


def _read(path: Path) -> Reference:
    try:
        form = orjson.loads(path.read_bytes())
    except OSError:
        raise ReferenceFileError(f"{path}: there is no such file; `rhetoric reference build` writes one") from None
    except ValueError:
        form = None
    if not isinstance(form, dict) or form.get("format") != FORMAT or form.get("levels") != list(LEVELS):
        raise ReferenceFileError(f"{path}: this is no reference; make one with `rhetoric reference build`")
    return Reference(form["about"], form["bands"])


def place(reference: Reference, figures: Mapping[str, Any], own_kind: str, made_by: Any) -> dict[str, Any]:
    """Return what `Reference.place` says, for the figures of `tables.summary`."""
    words, sentences = figures["words"], figures["sentences"]
    about = reference.about["made_by"]
    note = None
    if (about["model"], about["lexicons"]) != (made_by.model, made_by.lexicons):
        note = "The reference was made with another model or other word lists: take its figures as near ones."
    placed: dict[str, Any] = {"too_short": False, "note": note, "own_kind": own_kind, "kinds": {}, "rows": []}
    if words < SHORT_WORDS or sentences < SHORT_SENTENCES:
        small = (
            f"With {words} words in {sentences} sentence{'' if sentences == 1 else 's'} the text is too short to say"
        )
        placed |= {
            "too_short": True,
            "note": f"{small} what is usual; {SHORT_WORDS} words and {SHORT_SENTENCES} sentences are needed.",
        }
        return placed
    for kind in KINDS:
        band = band_of(reference, kind, words)
        if band is None:
            continue
        placed["kinds"][kind] = {"articles": band["articles"], "words": band["words"]}
        for signal in SCORED:
            for side in SIDES:
                of = figures["by_signal"][signal]
                count = (of if side == "all" else of[side])["sentences"]
                low, high = interval(count, sentences)
                quantiles = band["quantiles"][f"{signal}_{side}_per_100_sentences"]
                value = 100 * count / sentences
                placed["rows"].append({
                    "kind": kind, "signal": signal, "side": side, "value": round(value, 1), "low": round(low, 1),
                    "high": round(high, 1), "below": ranked(quantiles, value)[0], "above": ranked(quantiles, value)[1],
                    "below_low": ranked(quantiles, low)[0], "below_high": ranked(quantiles, high)[0],
                })  # fmt: skip
    return placed


def band_of(reference: Reference, kind: str, words: int) -> Mapping[str, Any] | None:
    """Return the band of a kind with articles of so many words; None where there are too few of the kind."""
    bands = reference.bands.get(kind)
    if not bands:
        return None
    *lengths, every = bands
    fitting = next((band for band in lengths if words < band["words"][1]), lengths[-1] if lengths else every)
    band = fitting if fitting["articles"] >= FEWEST else every
    return band if band["articles"] >= FEWEST else None


def interval(count: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of 100 × count / total."""
    p, zz = count / total, Z * Z / total
    middle, spread = p + zz / 2, Z * sqrt(p * (1 - p) / total + zz / (4 * total))
    low, high = 100 * (middle - spread) / (1 + zz), 100 * (middle + spread) / (1 + zz)
    return (low if count else 0.0), (high if count < total else 100.0)


def ranked(quantiles: Sequence[float], value: float) -> tuple[int, int]:
    """Return of how many of 100 articles the value is higher, and of how many lower, by the quantiles at `LEVELS`."""
    low, high = bisect_left(quantiles, value), bisect_right(quantiles, value)
    if high > low:  # as many articles have exactly this value as lie between the levels
        return round(LEVELS[low]), round(100 - LEVELS[high - 1])
    if low in (0, len(quantiles)):
        return (100, 0) if low else (0, 100)
    a, b = quantiles[low - 1], quantiles[low]
    level = round(LEVELS[low - 1] + (LEVELS[low] - LEVELS[low - 1]) * (value - a) / (b - a))
    return level, 100 - level


def draw(articles: Sequence[Article], count: int | None, seed: int = 0) -> list[Article]:
    """Return so many of the articles, drawn by chance and in their order; all of them without a number."""
    if count is None or count >= len(articles):
        return list(articles)
    chosen = set(Random(seed).sample(range(len(articles)), count))
    return [article for i, article in enumerate(articles) if i in chosen]


def build(
    articles: Sequence[Article], *, jobs: int = 1, analyzer: Any = None, about: Mapping[str, Any] | None = None
) -> Reference:
    """Return a reference made of these articles.

    Raises
    ------
    ReferenceFileError
        There are too few articles with enough words.
    """
    from rhetoric.analysis import Analyzer
    from rhetoric.corpus import count_articles

    analyzer = analyzer or Analyzer.load()
    return _of_counts(count_articles(articles, jobs=jobs, analyzer=analyzer), [kind_of(a) for a in articles],
                      analyzer.made_by, about or {})  # fmt: skip


def _of_counts(counts: pd.DataFrame, kinds: Sequence[str], made_by: Any, about: Mapping[str, Any]) -> Reference:
    """Return the reference of a table of articles."""
    import numpy as np

    words, sentences = counts["words"].to_numpy(float), counts["sentences"].to_numpy(float)
    long_enough = (words >= SHORT_WORDS) & (sentences >= SHORT_SENTENCES) & counts["english"].to_numpy()
    if long_enough.sum() < FEWEST:
        raise ReferenceFileError(
            f"{int(long_enough.sum())} English articles of {SHORT_WORDS} words or more: {FEWEST} are needed; give more"
        )
    shares = {}
    for signal in SCORED:
        author, others = (counts[f"{signal}_sentences_{side}"].to_numpy(float) for side in ("author", "others"))
        for side, marked in zip(SIDES, (author + others, author, others), strict=True):
            shares[f"{signal}_{side}_per_100_sentences"] = marked / np.maximum(sentences / 100, 1e-9)
    edges = np.unique(np.percentile(words[long_enough], np.linspace(0, 100, BANDS + 1)[1:-1]).round(-1))
    bounds = [SHORT_WORDS, *edges.astype(int).tolist(), int(words.max()) + 1]
    own = np.array(kinds)
    bands: dict[str, list[dict[str, Any]]] = {}
    for kind in KINDS:
        here = long_enough & ((own == kind) | (kind == "all"))
        bands[kind] = []
        for low, high in [*zip(bounds, bounds[1:], strict=False), (bounds[0], bounds[-1])]:
            chosen = here & (words >= low) & (words < high)
            quantiles = {
                name: np.percentile(share[chosen], LEVELS).round(2).tolist() if chosen.any() else []
                for name, share in shares.items()
            }
            bands[kind].append({"words": [low, high], "articles": int(chosen.sum()), "quantiles": quantiles})
    made = {"version": made_by.version, "model": made_by.model, "lexicons": made_by.lexicons}
    by_kind = {kind: bands[kind][-1]["articles"] for kind in KINDS}
    return Reference({"made_by": made, "articles": by_kind, "left_out": int((~long_enough).sum()), **about}, bands)
