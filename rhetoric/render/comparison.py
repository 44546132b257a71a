"""A comparison as one page that loads nothing, and as what a notebook shows."""

from __future__ import annotations

import re
from math import ceil, isnan
from typing import TYPE_CHECKING, Any

from rhetoric.beside import OTHERS_TOGETHER, PLACES, SURE, TERMS, Side
from rhetoric.comparison import Comparison
from rhetoric.records import SCORED
from rhetoric.render import prose
from rhetoric.render.html import render
from rhetoric.render.marks import SHORT
from rhetoric.tables import MARKED

if TYPE_CHECKING:
    from rhetoric.corpus import Corpus

TARGETS, SPEAKERS, ALIGNED = 14, 8, 40
"""Rows on the page."""
UNSURE = 6
"""Of so many terms those that could be chance are shown too."""
VOICE_NAMES = {"all": "all sentences", "author": "the author’s voice", "others": "quoted or reported"}
SIZES = ((0.2, "hardly any"), (0.5, "small"), (0.8, "medium"))
"""Cohen's words for an effect below each size; above them it is large."""


def to_page(comparison: Comparison) -> str:
    """Return the page of a comparison.

    Parameters
    ----------
    comparison : Comparison
        As `rhetoric.compare` gives it.
    """
    names = [side.name for side in comparison.sides]
    shown = {
        "title": " and ".join(names) if len(names) == 2 else f"{len(names)} sides",
        "names": names,
        "many": len(names) > 2,
        "sides": [_side(side) for side in comparison.sides],
        "words": _plain_words(comparison),
        "left_out": comparison.left_out,
        "chart": _chart(comparison),
        "differences": _differences(comparison),
        "unit": comparison.unit,
        "terms": _terms(comparison),
        "targets": _targets(comparison),
        "speak": _speak(comparison),
        "aligned": _aligned(comparison),
        "made_by": comparison.sides[0].corpus.analyzer.made_by,
    }
    return render("compare.html", shown)


def to_fragment(comparison: Comparison) -> str:
    """Return what a notebook shows: the chart and the differences."""
    return render("compare_fragment.html", {
        "words": _plain_words(comparison), "left_out": comparison.left_out, "chart": _chart(comparison),
        "differences": _differences(comparison), "unit": comparison.unit,
    })  # fmt: skip


def corpus_fragment(corpus: Corpus) -> str:
    """Return what a notebook shows of a corpus: how much there is, and its signals in either voice."""
    articles = corpus.frame()
    days = articles["day"].dropna()
    outlets = articles["outlet"].dropna()
    total = int(articles["sentences"].sum())
    counts = [
        {
            "signal": signal,
            "short": SHORT[signal],
            "share": _share(
                articles[[f"{signal}_sentences_author", f"{signal}_sentences_others"]].to_numpy().sum(), total
            ),
            "author": _share(articles[f"{signal}_sentences_author"].sum(), total),
            "others": _share(articles[f"{signal}_sentences_others"].sum(), total),
        }
        for signal in SCORED
    ]
    about = [prose.count(len(corpus), "article"), prose.count(int(articles["words"].sum()), "word")]
    if len(outlets):
        about.append(prose.count(outlets.nunique(), "outlet"))
    if len(days):
        about.append(f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}")
    if len(days) < len(articles):
        about.append(f"{len(articles) - len(days)} without a date")
    if corpus.failures:
        about.append(f"{len(corpus.failures)} not read")
    filters = [f"{name} {value}" for name, value in (corpus.passes or {}).items()]
    return render("corpus.html", {"about": about, "counts": counts, "filters": filters})


def lines(comparison: Comparison) -> list[str]:
    """Return what can be said of a comparison, for the terminal."""
    found = [*_plain_words(comparison), *(f"Not compared: {line}." for line in comparison.left_out)]
    table = comparison.frame("differences")
    for row in table[table["shown"]].to_dict("records"):
        found.append(_said(comparison, row))
    return found


def _share(part: float, whole: int) -> str:
    return f"{100 * float(part) / whole:.1f}" if whole else "–"


def _side(side: Side) -> dict[str, Any]:
    """Return what a side consists of."""
    articles = side.corpus.frame()
    days = articles["day"].dropna()
    one = side.corpus.articles[0]
    about = (
        [prose.count(len(articles), "article")]
        if not side.single
        else [part for part in (one.outlet, one.published) if part]
    )
    about += [
        prose.count(int(articles["sentences"].sum()), "sentence"),
        prose.count(int(articles["words"].sum()), "word"),
    ]
    if not side.single and len(days):
        about.append(f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}")
    return {"name": side.name, "about": about, "lack": side.lack}


def _plain_words(comparison: Comparison) -> list[str]:
    """Return what the comparison shows, in a few sentences."""
    table = comparison.frame("differences")
    if table.empty:
        return ["There is too little text to show a difference; the figures below stand as they are."]
    shown = table[table["shown"]]
    looked = f"{len(table)} differences were looked at"
    if shown.empty:
        return [f"No difference in signals is larger than chance would make: {looked}, none remains after correction."]
    remain = "1 remains" if len(shown) == 1 else f"{len(shown)} remain"
    said = [f"{looked}; {remain} after correction for their number."]
    if len(comparison.sides) == 2:
        largest = shown.assign(size=shown["effect"].abs()).sort_values("size", ascending=False, kind="stable")
        said += [_beside(comparison, row) for row in largest.head(2).to_dict("records")]
    return said


def _beside(comparison: Comparison, row: dict[Any, Any]) -> str:
    """Return the two figures of a difference as a sentence."""
    table = comparison.frame("signals")
    own = table[(table["signal"] == row["signal"]) & (table["voice"] == row["voice"])].set_index("side")["share"]
    where = {"all": "", "author": " in the author’s voice", "others": ", quoted or reported"}[row["voice"]]
    name = prose.NAMES[row["signal"]]
    a, b = _named(comparison, row["a"]), _named(comparison, row["b"])
    return f"{name}{where}: {own[row['a']]:.1f} of 100 sentences in {a}, {own[row['b']]:.1f} in {b}."


def _named(comparison: Comparison, name: str) -> str:
    """Return the name of a side as it stands in a sentence: that of an article is a title."""
    single = any(side.single for side in comparison.sides if side.name == name)
    return f"“{name}”" if single else name


def _said(comparison: Comparison, row: dict[Any, Any]) -> str:
    """Return a difference as a sentence."""
    more = "more" if row["difference"] > 0 else "fewer"
    voice = {"all": "", "author": " in the author’s voice", "others": " quoted or reported"}[row["voice"]]
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    a, b = _named(comparison, row["a"]), _named(comparison, row["b"])
    return (
        f"{a} has {abs(row['difference']):.1f} {more} of 100 sentences with {prose.NAMES[row['signal']].lower()}"
        f"{voice} than {b} ({low:.1f} to {high:.1f})."
    )


def _chart(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a panel a signal: a row a side, places in per cent of the panel's width."""
    table = comparison.frame("signals")
    panels = []
    for signal in SCORED:
        own = table[(table["signal"] == signal) & (table["voice"] != "all")]
        most = _round_up(max([1, *own["share"].dropna(), *own["high"].dropna()]))
        rows = []
        for side in comparison.sides:
            dots = []
            for row in own[(own["side"] == side.name) & own["share"].notna()].to_dict("records"):
                known = not isnan(row["low"])
                dots.append({
                    "voice": row["voice"], "value": row["share"], "known": known, "at": 100 * row["share"] / most,
                    "low": row["low"], "high": row["high"],
                    "from": 100 * row["low"] / most if known else 0, "to": 100 * row["high"] / most if known else 0,
                })  # fmt: skip
            rows.append({"name": side.name, "dots": dots})
        panels.append({"signal": signal, "short": SHORT[signal], "most": most, "rows": rows})
    return panels


def _round_up(value: float) -> int:
    """Return the end of an axis."""
    step = 5 if value <= 30 else 10
    return max(int(ceil(value / step) * step), step)


def _differences(comparison: Comparison) -> dict[str, Any]:
    """Return the differences that remain, and how many were looked at."""
    table = comparison.frame("differences")
    rows = []
    for row in table[table["shown"]].to_dict("records"):
        size = next((word for most, word in SIZES if abs(row["effect"]) < most), "large")
        rows.append(row | {"short": SHORT[row["signal"]], "where": VOICE_NAMES[row["voice"]], "size": size})
    sides = list(dict.fromkeys([*table["a"], *table["b"]]))
    return {
        "looked": len(table), "rows": rows, "against_all": OTHERS_TOGETHER in sides, "sure": SURE,
        "pair": [_named(comparison, name) for name in sides] if len(sides) == 2 else None,
    }  # fmt: skip


def _terms(comparison: Comparison) -> list[dict[str, Any]]:
    """Return for each side its labels and words that stand out, with places."""
    import numpy as np

    table = comparison.frame("terms")
    found = []
    for side in comparison.sides:
        kinds = {}
        own = table[(table["side"] == side.name) & (table["z"] > 0)]
        for kind in ("label", "word"):
            rows = own[own["kind"] == kind].head(TERMS)
            rows = rows[(rows["p_corrected"] <= SURE) | (np.arange(len(rows)) < UNSURE)].to_dict("records")
            kinds[kind] = [
                row | {"sure": row["p_corrected"] <= SURE, "places": _places(side, row["term"], kind)} for row in rows
            ]
        found.append({"name": side.name, **kinds})
    return found if len(table) else []


def _places(side: Side, term: str, kind: str) -> list[dict[str, Any]]:
    """Return the first sentences of different articles that have a term."""
    rows = side.corpus.tables["sentences"]
    pattern = re.compile(r"\s+".join(rf"{re.escape(word)}(?:['’]s)?" for word in term.split()), re.I)
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    held = side.corpus.tables["ledger"] if kind == "label" else None
    if held is not None:
        columns = (held[name].tolist() for name in ("article", "sentence", "label"))
        by_place = _by_place(rows)
        sentences = [
            (a, by_place[a, s])
            for a, s, label in zip(*columns, strict=True)
            if " ".join(label.casefold().split()) == term
        ]
    else:
        real = rows[~rows["junk"]]
        near = real["text"].str.contains(pattern.pattern, case=False, regex=True)
        sentences = list(zip(real["article"][near].tolist(), real["text"][near].tolist(), strict=True))
    for article, text in sentences:
        if article in seen and not side.single:
            continue
        match = pattern.search(text)
        if match:
            seen.add(article)
            found.append({"title": "" if side.single else _title(side, article), **_cut(text, *match.span())})
        if len(found) == PLACES:
            break
    return found


def _by_place(rows: Any) -> dict[tuple[int, int], str]:
    return dict(
        zip(zip(rows["article"].tolist(), rows["sentence"].tolist(), strict=True), rows["text"].tolist(), strict=True)
    )


def _cut(text: str, start: int, end: int) -> dict[str, str]:
    """Return a sentence round a place, in three parts; long ones shortened."""
    before, after = text[:start], text[end:]
    if len(before) > 140:
        before = "… " + before[-140:].partition(" ")[2]
    if len(after) > 140:
        after = after[:140].rpartition(" ")[0] + " …"
    return {"before": before, "term": text[start:end], "after": after}


def _title(side: Side, article: int) -> str:
    one = side.corpus.articles[article]
    return one.title or one.id or f"article {article + 1}"


def _targets(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the targets that two sides or more label, each side's labels with whose they are."""
    table = comparison.frame("targets")
    shared = table.groupby("target").agg(sides=("side", "nunique"), labels=("label", "size")).reset_index()
    shared = shared[shared["sides"] > 1].sort_values(["sides", "labels", "target"], ascending=[False, False, True])
    found = []
    for target in shared["target"].head(TARGETS):
        own = table[table["target"] == target]
        found.append({"target": target, "sides": [_called(own[own["side"] == s.name]) for s in comparison.sides]})
    return found


def _called(rows: Any) -> dict[str, Any]:
    """Return the labels of one side for one target, most frequent first."""
    counts: dict[tuple[str, bool], int] = {}
    for label, voice in zip(rows["label"].tolist(), rows["voice"].tolist(), strict=True):
        key = (" ".join(label.casefold().split()), voice == "author")
        counts[key] = counts.get(key, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "count": len(rows),
        "labels": [{"label": label, "own": own, "count": n} for (label, own), n in ordered[:8]],
        "more": max(len(ordered) - 8, 0),
    }


def _speak(comparison: Comparison) -> list[dict[str, Any]]:
    """Return how much of each side's words others hold, how many of them are named, and who speaks most."""
    table = comparison.frame("speakers")
    found = []
    for side in comparison.sides:
        articles = side.corpus.frame()
        words = int(articles["words"].sum()) or 1
        shares = {
            voice: 100 * int(articles[f"words_{voice}"].sum()) / words for voice in ("author", "quoted", "reported")
        }
        own = table[table["side"] == side.name]
        named = own[own["speaker"].notna() & ~own["vague"]]
        total = int(own["words"].sum()) or 1
        found.append({
            "name": side.name, "shares": shares, "sources": len(named),
            "per_article": int(named["articles"].sum()) / len(side.corpus),
            "named": 100 * int(named["words"].sum()) / total,
            "vague": 100 * int(own.loc[own["vague"], "words"].sum()) / total,
            "speakers": named.head(SPEAKERS).to_dict("records"),
        })  # fmt: skip
    return found


def _aligned(comparison: Comparison) -> list[dict[str, Any]]:
    """Return sentences about the same thing, for each two articles, with the marks of either."""
    table = comparison.frame("aligned")
    corpora = {side.name: side.corpus for side in comparison.sides}
    found = []
    for (a, b), rows in table.groupby(["a", "b"], sort=False):
        pairs = []
        for row in rows.head(ALIGNED).to_dict("records"):
            pairs.append([_sentence(corpora[name], row[f"sentence_{s}"]) for name, s in ((a, "a"), (b, "b"))])
        found.append({"a": a, "b": b, "pairs": pairs, "more": max(len(rows) - ALIGNED, 0)})
    return found


def _sentence(corpus: Corpus, number: int) -> dict[str, Any]:
    """Return a marked sentence of the only article of a corpus."""
    from markupsafe import Markup

    from rhetoric.render.notebook import sentence_pieces

    rows = corpus.tables["sentences"]
    row = rows[rows["sentence"] == number].iloc[0]
    found = corpus.tables["findings"]
    own = found[(found["sentence"] == number) & found["signal"].isin(SCORED)]
    return {
        "number": number + 1,
        "voice": row["voice"],
        "speaker": row["speaker"] if isinstance(row["speaker"], str) else None,
        "text": Markup(sentence_pieces(row["text"], int(row["start"]), own.to_dict("records"))),
        "signals": [
            {"name": s, "short": SHORT[s], "score": f"{min(max(row[s], 0.01), 0.99):.2f}"[1:]}
            for s in SCORED
            if row[s] >= MARKED
        ],
    }
