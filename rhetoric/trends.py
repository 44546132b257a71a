"""What became of a store: signals over time, by outlet, with how sure they are, and what stands out of late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

from rhetoric.records import SCORED
from rhetoric.state import StoreError
from rhetoric.store import Store

if TYPE_CHECKING:
    import pandas as pd

Period = Literal["day", "week", "month", "quarter", "year"]
Side = Literal["author", "others", "all"]

LEAST = 20
"""Outlets with fewer articles are not shown."""
FEWEST = 5
"""Periods with fewer articles of an outlet are gaps."""
DRAWS = 400
"""Samples of the bootstrap."""
CHUNK = 2_000_000
"""Numbers drawn at once."""
WITHIN = 95
"""Percent of the samples that lie in the band."""
LENGTH = 10
"""Sentences that an article must have to stand among the most charged."""
SHOWN = 10
"""Articles and labels that are listed."""
AGAIN = 3
"""A label is new, or among the most frequent, from so many articles on."""
MANY = 600
"""Periods that fit into a chart."""
CODES: dict[str, str] = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q-DEC", "year": "Y-DEC"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A signal of an outlet in a period: percent of the sentences, with the band."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One outlet, or all of them: a cell a signal and period."""

    outlet: str | None
    articles: int
    counts: tuple[int, ...]
    """Articles in each period."""
    cells: dict[str, tuple[Cell | None, ...]]
    """By signal; None is a gap."""


@dataclass(frozen=True, slots=True)
class Label:
    """A charged label of the last period."""

    label: str
    articles: int
    times: int
    targets: tuple[str, ...]
    before: int
    """Articles with it in the period before."""


@dataclass(frozen=True, slots=True)
class Trends:
    """All that the page of a store shows."""

    period: Period
    side: Side
    periods: tuple[str, ...]
    """First day of each, in order, without gaps."""
    rows: tuple[Row, ...]
    """All outlets together, then each in alphabetical order."""
    few: int
    """Outlets left out because they have too few articles."""
    undated: int
    """Articles left out because they have no day."""
    last: int
    """Position of the period that the lists below are about."""
    articles: tuple[dict[str, Any], ...]
    labels: tuple[Label, ...]
    new: tuple[Label, ...]
    changes: dict[str, tuple[Cell, Cell, Cell]]
    """By signal: the period before, the last one, and the difference, where both have enough articles."""
    made_by: dict[str, str]


def trends_of(
    store: Store,
    *,
    by: Sequence[str] = ("outlet", "week"),
    side: Side = "author",
    since: str | None = None,
    until: str | None = None,
) -> Trends:
    """What a store shows over time; the same store gives the same figures.

    Parameters
    ----------
    store
        As `open_store` gives it.
    by
        "outlet", if outlets are to stand apart, and one of "day", "week", "month", "quarter", "year".
    side
        Sentences in the author's voice, those of others (quoted or reported), or all. Shares are always of all
        sentences of an article.
    since, until
        First and last day, both counted.

    Raises
    ------
    StoreError
        The store holds no article with a date or of the days asked for, there are too many periods, or `by` is not
        as above.
    """
    period = _period(by)
    numbers = ["article", "title", "url", "outlet", "day", "sentences", "model", "lexicons", "version"]
    sides = ("author", "others") if side == "all" else (side,)
    marked = [f"{signal}_sentences_{one}" for signal in SCORED for one in sides]
    articles = store.frame("articles", columns=[*numbers, *marked]).sort_values("article", ignore_index=True)
    dated = articles[articles["day"].notna()]
    undated = len(articles) - len(dated)
    if dated.empty:
        raise StoreError(f"{store.folder}: no article has a date, so there is nothing to show over time")
    days = dated["day"]
    dated = dated[days.between(since or days.min(), until or days.max())].copy()
    if dated.empty:
        asked = ", ".join(f"{name} {day}" for name, day in (("since", since), ("until", until)) if day)
        held = f"{days.min().date()} to {days.max().date()}"
        raise StoreError(f"{store.folder}: no article is of the days asked for ({asked}); they are from {held}")
    for signal in SCORED:
        dated[signal] = dated[[f"{signal}_sentences_{one}" for one in sides]].sum(axis=1)
    when = dated["day"].dt.to_period(CODES[period])
    first = when.min().ordinal
    dated["period"] = [one.ordinal - first for one in when]
    count = int(dated["period"].max()) + 1
    if count > MANY:
        first_day, last_day = dated["day"].min().date(), dated["day"].max().date()
        raise StoreError(
            f"{store.folder}: its articles are from {first_day} to {last_day}, {count:,} times a {period};"
            f" say --since and --until, or a longer period (at most {MANY} fit on a page)"
        )
    starts = tuple((when.min() + k).start_time.date().isoformat() for k in range(count))
    own = dated.groupby("outlet").size() if "outlet" in by else dated.iloc[:0].groupby("outlet").size()
    shown = sorted((name for name, size in own.items() if size >= LEAST), key=lambda name: (name.casefold(), name))
    rows = [_row(None, dated, count), *(_row(name, dated[dated["outlet"] == name], count) for name in shown)]
    last = max(k for k in range(count) if rows[0].counts[k])
    labels = list(_labels(store, starts, last, when.max(), side))
    charged = _most_charged(dated[dated["period"] == last])
    made = articles.iloc[0]
    return Trends(
        period,
        side,
        starts,
        tuple(rows),
        int((own < LEAST).sum()),
        undated,
        last,
        tuple(charged),
        tuple(sorted(labels, key=lambda one: (-one.articles, -one.times, one.label))[:SHOWN]),
        tuple(
            sorted(
                (one for one in labels if not one.before and last and one.articles >= AGAIN),
                key=lambda one: (-one.articles, -one.times, one.label),
            )[:SHOWN]
        ),
        _changes(dated, last),
        {name: str(made[name]) for name in ("version", "model", "lexicons")},
    )


def _period(by: Sequence[str]) -> Period:
    """The period that is asked for."""
    known: tuple[Period, ...] = get_args(Period)
    chosen = [name for name in known if name in by]
    if len(chosen) != 1 or set(by) - {"outlet", *known}:
        raise StoreError(f"by {','.join(by)}: give one of {', '.join(known)}, with or without outlet before it")
    return chosen[0]


def _row(outlet: str | None, articles: pd.DataFrame, count: int) -> Row:
    """The figures of some articles over the periods."""
    groups = {int(k): group for k, group in articles.groupby("period")}
    counts = tuple(len(groups.get(k, ())) for k in range(count))
    cells: dict[str, list[Cell | None]] = {signal: [None] * count for signal in SCORED}
    for k, group in groups.items():
        if len(group) >= FEWEST and group["sentences"].sum():
            shares = _shares(group, seed=k)
            for j, signal in enumerate(SCORED):
                value = 100 * group[signal].sum() / group["sentences"].sum()
                cells[signal][k] = _cell(shares[:, j], value)
    return Row(outlet, len(articles), counts, {signal: tuple(found) for signal, found in cells.items()})


def _shares(articles: pd.DataFrame, *, seed: int) -> Any:
    """Percent of sentences by signal, in each sample of the articles drawn anew: a row a sample."""
    import numpy as np

    numbers = articles[["sentences", *SCORED]].to_numpy(float)
    chance = np.random.default_rng([seed, len(articles)])
    step = max(CHUNK // len(articles), 1)
    even = np.full(len(articles), 1 / len(articles))
    sums = [
        chance.multinomial(len(articles), even, size=min(step, DRAWS - done)) @ numbers
        for done in range(0, DRAWS, step)
    ]
    drawn = np.concatenate(sums)
    return 100 * drawn[:, 1:] / np.maximum(drawn[:, :1], 1)


def _cell(drawn: Any, value: float) -> Cell:
    import numpy as np

    low, high = np.percentile(drawn, [(100 - WITHIN) / 2, (100 + WITHIN) / 2])
    return Cell(round(float(low), 3), round(float(value), 3), round(float(high), 3))


def _changes(articles: pd.DataFrame, last: int) -> dict[str, tuple[Cell, Cell, Cell]]:
    """The last period beside the one before it, all outlets together."""
    now, then = articles[articles["period"] == last], articles[articles["period"] == last - 1]
    if min(len(now), len(then)) < FEWEST or not then["sentences"].sum() or not now["sentences"].sum():
        return {}
    new, old = _shares(now, seed=last), _shares(then, seed=last - 1)
    found: dict[str, tuple[Cell, Cell, Cell]] = {}
    for j, signal in enumerate(SCORED):
        a = 100 * then[signal].sum() / then["sentences"].sum()
        b = 100 * now[signal].sum() / now["sentences"].sum()
        found[signal] = (_cell(old[:, j], a), _cell(new[:, j], b), _cell(new[:, j] - old[:, j], b - a))
    return found


def _most_charged(articles: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the articles with the highest share of charged sentences."""
    long = articles[articles["sentences"] >= LENGTH]
    share = 100 * long["charged"] / long["sentences"]
    ranked = long.assign(share=share).sort_values(["share", "article"], ascending=[False, True])
    for row in ranked[ranked["charged"] > 0].head(SHOWN).astype(object).to_dict("records"):
        told = {name: row[name] if isinstance(row[name], str) else None for name in ("title", "url", "outlet")}
        yield told | {
            "day": row["day"].date().isoformat(),
            "share": float(row["share"]),
            "charged": int(row["charged"]),
            "sentences": int(row["sentences"]),
        }


def _labels(store: Store, starts: tuple[str, ...], last: int, end: Any, side: Side) -> Iterator[Label]:
    """Yield the charged labels of the last period, with how often they stood in the one before."""
    since = starts[max(last - 1, 0)]
    columns = ["article", "day", "label", "target", "voice"]
    ledger = store.frame("ledger", since=since, until=end.end_time.date(), columns=columns)
    if side != "all":
        ledger = ledger[(ledger["voice"] == "author") == (side == "author")]
    ledger = ledger.assign(label=ledger["label"].str.casefold()).sort_values(["label", "article"])
    old = ledger["day"].dt.date < date.fromisoformat(starts[last])
    before = ledger[old].groupby("label")["article"].nunique()
    for label, rows in ledger[~old].groupby("label"):
        targets = rows["target"].dropna().value_counts()
        named = sorted(targets.items(), key=lambda one: (-one[1], one[0]))[:3]
        yield Label(
            str(label),
            rows["article"].nunique(),
            len(rows),
            tuple(name for name, _ in named),
            int(before.get(label, 0)),
        )
