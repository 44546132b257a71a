"""Sides in tables: shares with intervals, what differs, which terms stand out, who is called what, who speaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import asin, erfc, sqrt
from typing import TYPE_CHECKING, Any

from rhetoric.corpus import FEWEST, Corpus
from rhetoric.distinct import WORD, Term, alike, benjamini_hochberg, counted, distinct, holm, words_of
from rhetoric.records import SCORED
from rhetoric.render.prose import count
from rhetoric.tables import MARKED, OTHERS, SIDES

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = 12
"""Sentences that an article needs before it is compared with another."""
RUNS = 2000
"""Times that articles, or sentences, are drawn anew."""
DEALS = 600
"""Times that they are dealt anew between two sides."""
MOST_PAIRED = 4
"""Of more sides each is compared with all others together, not each with each."""
OTHERS_TOGETHER = "all others"
LIKE = 0.3
"""From this cosine on two sentences are taken to be about the same thing."""
EVENT = 3
"""So many pairs of sentences make two articles one event."""
SURE = 0.05
"""A difference is shown from this corrected p-value down."""
RARELY = 20
"""A word of a name is written small at most once in so many times."""
TERMS, PLACES = 12, 5
"""Terms a side on the page, and places of each."""
VOICES = ("all", *SIDES)
PRONOUNS = frozenset(
    {"i", "we", "you", "he", "she", "it", "they", "him", "her", "them", "us", "me", "this", "that", "who"}
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the things compared."""

    name: str
    corpus: Corpus

    @property
    def single(self) -> bool:
        """Whether it is one article."""
        return len(self.corpus) == 1

    @property
    def lack(self) -> str:
        """Why it is too little to be compared; empty where it is enough."""
        sentences = int(self.corpus.frame()["sentences"].sum())
        if self.single:
            return f"{count(sentences, 'sentence')}, {SENTENCES} are needed" if sentences < SENTENCES else ""
        return f"{count(len(self.corpus), 'article')}, {FEWEST} are needed" if len(self.corpus) < FEWEST else ""


def tables_beside(sides: Sequence[Side]) -> dict[str, pd.DataFrame]:
    """Return every table of the comparison."""
    by_sentence = any(side.single for side in sides)
    units = [_units(side, by_sentence) for side in sides]
    return {
        "signals": _signals(sides, units),
        "differences": _differences(sides, units),
        "terms": _terms(sides),
        "targets": _targets(sides),
        "speakers": _speakers(sides),
        "aligned": _aligned(sides),
    }


def _units(side: Side, by_sentence: bool) -> dict[str, Any]:
    """Return counts of marked sentences by what is drawn anew: articles, or the sentences of an article."""
    import numpy as np

    frame = side.corpus.tables["articles"]
    if not (by_sentence and side.single):
        counts = {"sentences": frame["sentences"].to_numpy(np.int64)}
        for signal in SCORED:
            for voice in SIDES:
                counts[f"{signal} {voice}"] = frame[f"{signal}_sentences_{voice}"].to_numpy(np.int64)
            counts[f"{signal} all"] = counts[f"{signal} author"] + counts[f"{signal} others"]
        return counts
    rows = side.corpus.tables["sentences"]
    rows = rows[~rows["junk"]]
    others = rows["voice"].isin(OTHERS).to_numpy()
    counts = {"sentences": np.ones(len(rows), np.int64)}
    for signal in SCORED:
        marked = (rows[signal] >= MARKED).to_numpy()
        for voice, own in (("all", marked), ("author", marked & ~others), ("others", marked & others)):
            counts[f"{signal} {voice}"] = own.astype(np.int64)
    return counts


def _drawn(units: Mapping[str, Any], seed: int) -> Any:
    """Return how often each unit is drawn in each run."""
    import numpy as np

    count = len(units["sentences"])
    return np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=RUNS) if count else None


def _signals(sides: Sequence[Side], units: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return shares with intervals, by side, signal and voice."""
    import numpy as np
    import pandas as pd

    rows = []
    for side, counts in zip(sides, units, strict=True):
        draws = None if side.lack else _drawn(counts, 7)
        total = int(counts["sentences"].sum())
        for signal in SCORED:
            for voice in VOICES:
                marked = counts[f"{signal} {voice}"]
                share = 100 * marked.sum() / total if total else float("nan")
                low = high = float("nan")
                if draws is not None:
                    low, high = np.percentile(_shares(draws, marked, counts["sentences"]), (2.5, 97.5))
                rows.append((side.name, signal, voice, len(side.corpus), total, int(marked.sum()), share, low, high))
    names = ["side", "signal", "voice", "articles", "sentences", "marked", "share", "low", "high"]
    made = pd.DataFrame(rows, columns=names).round({"share": 3, "low": 3, "high": 3})
    return made.astype(
        {"signal": pd.CategoricalDtype(list(SCORED)), "voice": pd.CategoricalDtype(list(VOICES)), "side": "string"}
    )


def _shares(draws: Any, marked: Any, sentences: Any) -> Any:
    import numpy as np

    return 100 * (draws @ marked) / np.maximum(draws @ sentences, 1)


def _differences(sides: Sequence[Side], units: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the difference of each two sides that have enough text, or of many sides each from all others."""
    import numpy as np
    import pandas as pd

    enough = [k for k, side in enumerate(sides) if not side.lack]
    pairs: list[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]] = []
    if len(enough) > MOST_PAIRED:
        for k in enough:
            rest = {n: np.concatenate([units[j][n] for j in enough if j != k]) for n in units[k]}
            pairs.append((sides[k].name, OTHERS_TOGETHER, units[k], rest))
    else:
        pairs = [(sides[i].name, sides[j].name, units[i], units[j]) for i, j in combinations(enough, 2)]
    rows = []
    for a, b, one, two in pairs:
        wholes = one["sentences"], two["sentences"]
        draws = _drawn(one, 11), _drawn(two, 12)
        dealt = _dealt(len(wholes[0]), len(wholes[1]))
        for signal in SCORED:
            for voice in VOICES:
                marked = one[f"{signal} {voice}"], two[f"{signal} {voice}"]
                x, y = (m.sum() / w.sum() for m, w in zip(marked, wholes, strict=True))
                spread = _shares(draws[0], marked[0], wholes[0]) - _shares(draws[1], marked[1], wholes[1])
                low, high = np.percentile(spread, (2.5, 97.5))
                rows.append({
                    "signal": signal, "voice": voice, "a": a, "b": b, "difference": 100 * (x - y), "low": low,
                    "high": high, "ratio": x / y if y else float("nan"),
                    "effect": 2 * asin(sqrt(x)) - 2 * asin(sqrt(y)), "p": _p(dealt, marked, wholes, 100 * (x - y)),
                })  # fmt: skip
    names = ["signal", "voice", "a", "b", "difference", "low", "high", "ratio", "effect", "p"]
    made = pd.DataFrame(rows, columns=names)
    made["p_corrected"] = holm(made["p"].tolist())
    made["shown"] = made["p_corrected"] <= SURE
    made = made.round({"difference": 3, "low": 3, "high": 3, "ratio": 3, "effect": 3, "p": 5, "p_corrected": 5})
    return made.astype({
        "signal": pd.CategoricalDtype(list(SCORED)), "voice": pd.CategoricalDtype(list(VOICES)), "a": "string",
        "b": "string", **dict.fromkeys(("difference", "low", "high", "ratio", "effect", "p", "p_corrected"), "float64"),
        "shown": "bool",
    })  # fmt: skip


def _dealt(one: int, two: int) -> Any:
    """Return which units fall to the first side when all are dealt anew, in each run."""
    import numpy as np

    rng = np.random.default_rng(13)
    return np.argsort(rng.random((DEALS, one + two)), axis=1)[:, :one]


def _p(dealt: Any, marked: Sequence[Any], wholes: Sequence[Any], difference: float) -> float:
    """Return how likely so great a difference is where the sides are alike: by permutation, taken as normal."""
    import numpy as np

    every, whole = np.concatenate(marked), np.concatenate(wholes)
    part, parts = every[dealt].sum(1), whole[dealt].sum(1)
    apart = 100 * (part / np.maximum(parts, 1) - (every.sum() - part) / np.maximum(whole.sum() - parts, 1))
    spread = float(apart.std())
    return erfc(abs(difference) / spread / sqrt(2)) if spread else 1.0


def _terms(sides: Sequence[Side]) -> pd.DataFrame:
    """Return labels and words by side with their log-odds against the others."""
    import pandas as pd

    enough = [side for side in sides if not side.lack]
    rows: list[tuple[Any, ...]] = []
    for kind in ("label", "word") if len(enough) > 1 else ():
        counted_sides = [counted(_labels(side) if kind == "label" else map(words_of, _texts(side))) for side in enough]
        single = any(side.single for side in enough)
        found = distinct([c for c, _ in counted_sides], [h for _, h in counted_sides],
                         fewest=2 if single else 5, articles=1 if single else 3)  # fmt: skip
        for side, terms in zip(enough, found, strict=True):
            own: list[Term] = [t for t in terms if t.log_odds > 0 and t.count]
            corrected = benjamini_hochberg([t.p for t in terms])
            by_term = dict(zip((t.term for t in terms), corrected, strict=True))
            for t in own[:200]:
                rows.append(
                    (side.name, kind, t.term, t.count, t.others, t.articles, t.log_odds, t.z, round(by_term[t.term], 5))
                )
    names = ["side", "kind", "term", "count", "others", "articles", "log_odds", "z", "p_corrected"]
    made = pd.DataFrame(rows, columns=names)
    return made.astype({
        "side": "string", "kind": pd.CategoricalDtype(["label", "word"]), "term": "string",
        **dict.fromkeys(("count", "others", "articles"), "int64"),
        **dict.fromkeys(("log_odds", "z", "p_corrected"), "float64"),
    })  # fmt: skip


def _labels(side: Side) -> list[list[str]]:
    """Return the charged labels of each article."""
    rows = side.corpus.tables["ledger"]
    found: list[list[str]] = [[] for _ in range(len(side.corpus))]
    for article, label in zip(rows["article"].tolist(), rows["label"].tolist(), strict=True):
        found[article].append(" ".join(label.casefold().split()))
    return found


def _texts(side: Side) -> list[str]:
    """Return the text of each article without its junk."""
    rows = side.corpus.tables["sentences"]
    rows = rows[~rows["junk"]]
    found: list[list[str]] = [[] for _ in range(len(side.corpus))]
    for article, text in zip(rows["article"].tolist(), rows["text"].tolist(), strict=True):
        found[article].append(text)
    return ["\n".join(lines) for lines in found]


def _targets(sides: Sequence[Side]) -> pd.DataFrame:
    """Return who is called what by which side; targets are the same where their words are, or their last names."""
    import pandas as pd

    rows = []
    for side in sides:
        own = side.corpus.tables["ledger"]
        for row in own[own["target"].notna()].itertuples(index=False):
            if row.target.casefold() in PRONOUNS:
                continue
            rows.append(
                (
                    plain_target(row.target),
                    side.name,
                    row.label,
                    row.voice,
                    row.speaker,
                    row.grade,
                    row.article,
                    row.sentence,
                )
            )
    whole = _full_names({name for name, *_ in rows}, sides)
    rows = [(whole.get(name, name), *more) for name, *more in rows]
    names = ["target", "side", "label", "voice", "speaker", "grade", "article", "sentence"]
    made = pd.DataFrame(rows, columns=names).astype({
        "target": "string", "side": "string", "label": "string", "voice": "string", "speaker": "string",
        "grade": "int8", "article": "int32", "sentence": "int32",
    })  # fmt: skip
    return made.sort_values(["target", "side"], kind="stable", ignore_index=True)


def _full_names(targets: set[str], sides: Sequence[Side]) -> dict[str, str]:
    """Return the full names of persons by their last names, where one name alone ends so.

    All words of a person's name are written large nearly wherever they stand, and the last is no plural: the texts
    have no word "sander", but "house", and "Republican".
    """
    last: dict[str, set[str]] = {}
    for name in targets:
        words = name.split(" ")
        if 2 <= len(words) <= 3 and all(word[:1].isupper() and not word.isupper() for word in words):
            last.setdefault(words[-1], set()).add(name)
    found = {short: next(iter(names)) for short, names in last.items() if len(names) == 1 and short in targets}
    if not found:
        return {}
    used = Counter(word for side in sides for text in _texts(side) for word in WORD.findall(text))
    return {
        short: name
        for short, name in found.items()
        if all(used[word.lower()] * RARELY <= used[word] for word in name.split(" "))
        and not (short.endswith("s") and used[short[:-1]])
    }


def plain_target(target: str) -> str:
    """Return a target without its article, possessive and middle initials."""
    target = re.sub(r"(?<=\w )[A-Z]\. (?=[A-Z])", "", target)
    words = " ".join(target.split()).removesuffix("’s").removesuffix("'s").split(" ")
    return " ".join(words[1:] if len(words) > 1 and words[0].lower() in ("the", "a", "an", "this", "that") else words)


def _speakers(sides: Sequence[Side]) -> pd.DataFrame:
    """Return who is quoted or reported, by side; the row without a speaker is everyone who is not named."""
    import pandas as pd

    found = []
    for side in sides:
        rows = side.corpus.tables["voices"]
        words = int(side.corpus.tables["articles"]["words"].sum()) or 1
        grouped = rows.groupby(["speaker", "vague"], dropna=False, observed=True)
        made = grouped.agg(articles=("article", "nunique"), words=("words", "sum")).reset_index()
        made.insert(0, "side", side.name)
        made["share"] = (100 * made["words"] / words).round(3)
        found.append(made.sort_values(["words", "speaker"], ascending=[False, True], kind="stable"))
    return pd.concat(found, ignore_index=True).astype({"side": "string"})


def _aligned(sides: Sequence[Side]) -> pd.DataFrame:
    """Return pairs of sentences about the same thing, for each two articles that tell of one event."""
    import pandas as pd

    rows = []
    for one, two in combinations([side for side in sides if side.single], 2):
        tables = [s.corpus.tables["sentences"] for s in (one, two)]
        tables = [t[~t["junk"]] for t in tables]
        pairs = alike(tables[0]["text"].tolist(), tables[1]["text"].tolist(), least=LIKE)
        if len(pairs) < EVENT:
            continue
        for i, j, likeness in pairs:
            a, b = tables[0].iloc[i], tables[1].iloc[j]
            rows.append((one.name, two.name, a["sentence"], b["sentence"], likeness, a["text"], b["text"]))
    types = {
        "a": "string", "b": "string", "sentence_a": "int32", "sentence_b": "int32", "likeness": "float64",
        "text_a": "string", "text_b": "string",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(types)).astype(types)
