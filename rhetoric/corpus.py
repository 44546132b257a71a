"""Many articles analysed: tables over all of them, groups, filters, and each article again when asked for.

What is kept are the articles and their tables. An analysis is made anew when it is asked for: the same text gives the
same analysis, in a few milliseconds, and a corpus of thousands stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, overload

from rhetoric.analysis import Analyzer
from rhetoric.counting import ARTICLES, frames_of, run, tables_of
from rhetoric.decoding import Failure
from rhetoric.gathering import CorpusError, known_outlets, read_articles, span_of
from rhetoric.progress import follow
from rhetoric.records import FIELDS, SCORED, SIGNALS, VOICES, Analysis, Article
from rhetoric.tables import COLUMNS, MARKED, OTHERS, SIDES

if TYPE_CHECKING:
    import pandas as pd

    from rhetoric.plots import CorpusPlots

TableName = Literal["articles", "sentences", "findings", "voices", "ledger"]

FEWEST = 20
"""Articles that a group needs before an interval is given for it."""
RUNS = 500
"""Times that the articles of a group are drawn anew for an interval."""
GROUPED: dict[str, str] = {
    "signal": "object",
    **dict.fromkeys(("articles", "words", "sentences", "marked"), "int64"),
    **dict.fromkeys(
        ("share", "low", "high", "author", "author_low", "author_high", "others", "others_low", "others_high")
        + ("per_1000_words",),
        "float64",
    ),
}
"""Columns of `Corpus.by` after those it groups by, with their types in pandas; `signal` becomes a category."""
PERIODS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}
"""Periods that articles can be grouped by, and how each is written."""


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Many articles with their tables, as `rhetoric.analyze_many` gives them."""

    articles: tuple[Article, ...]
    analyzer: Analyzer
    tables: Mapping[str, pd.DataFrame]
    failures: tuple[Failure, ...] = ()
    """What could not be read, each with the reason."""
    passes: Mapping[str, Any] | None = None
    """What `where` was asked to let pass, of rows."""

    def __len__(self) -> int:
        return len(self.articles)

    def __iter__(self) -> Iterator[Analysis]:
        return self.analyzer.analyze_all(self.articles)

    @overload
    def __getitem__(self, which: int) -> Analysis: ...
    @overload
    def __getitem__(self, which: slice) -> Corpus: ...
    def __getitem__(self, which: int | slice) -> Analysis | Corpus:
        """The analysis of one article, or a corpus of a slice."""
        if isinstance(which, slice):
            return self.pick(range(len(self))[which])
        if not -len(self) <= which < len(self):
            raise IndexError(f"no article {which}: there are {len(self)}, numbered from 0")
        return self.analyzer(self.articles[which])

    def frame(self, table: TableName = "articles", *more: str) -> pd.DataFrame:
        """One table over all articles as a pandas frame.

        Parameters
        ----------
        table
            "articles" has the columns of `counting.ARTICLES`, one row an article; "sentences", "findings", "voices" and
            "ledger" those of `tables.COLUMNS`, after `article`, the position of the article in the corpus.
        more
            Columns of the articles to be set behind it: "outlet", "title", or a period, "month".
        """
        if table not in ("articles", *COLUMNS):
            raise CorpusError(f"no table {table!r}; there are articles, {', '.join(COLUMNS)}")
        if table not in self.tables:
            kept = ", ".join(self.tables)
            raise CorpusError(f"the table {table!r} was not kept (only {kept}); name it in `tables` of analyze_many")
        made = self.tables[table]
        if self.passes and table != "articles":
            made = made[_passing(made, table, self.passes)]
        made = made.reset_index(drop=True)
        for k, name in enumerate(more):
            values = self.column(name)
            made.insert(k + 1, name, (values if table == "articles" else values.take(made["article"])).array)
        return made

    def by(self, *columns: str) -> pd.DataFrame:
        """Signals by group of articles: shares of sentences with intervals, rates per 1,000 words, by voice.

        Parameters
        ----------
        columns
            Columns of the articles ("outlet", "byline") and periods of their dates ("day", "week", "month", "year").

        Returns
        -------
        pandas.DataFrame
            One row a group and signal, sorted by group. `articles`, `words`, `sentences` of the group; `marked`
            sentences and their `share` of 100, with `low` and `high`, the 95 % interval when the articles are drawn
            anew (missing under 20 articles); the same for the `author` and `others`; `per_1000_words` findings. Where
            the column is missing for an article (no date), its group is a missing value. After a filter by voice,
            signal or grade only what passes is counted, among all sentences and words of the articles.
        """
        import pandas as pd

        if not columns:
            raise CorpusError('name a column to group by: by("outlet"), by("outlet", "month")')
        if no_group := [name for name in columns if name in ARTICLES and name not in (*FIELDS, *PERIODS)]:
            raise CorpusError(f"{no_group[0]!r} is a count; group by {', '.join((*FIELDS, *PERIODS))}")
        groups = pd.DataFrame({name: self.column(name) for name in columns})
        for name in columns:
            if len(self) and groups[name].isna().all():
                raise CorpusError(f"no article has {_needs(name)}; group by another column, or give it with the texts")
        counts = self._counts()
        found = []
        for key, own in groups.groupby(list(columns), sort=True, dropna=False, observed=True).indices.items():
            here = {name: values[own] for name, values in counts.items()}
            draws = drawn(len(own)) if len(own) >= FEWEST else None
            for signal in [s for s in SCORED if s in (self.passes or {}).get("signal", SCORED)]:
                row: dict[str, Any] = {
                    "signal": signal, "articles": len(own), "words": int(here["words"].sum()),
                    "sentences": int(here["sentences"].sum()), "marked": int(here[f"{signal}_all"].sum()),
                }  # fmt: skip
                for side, name, begin in (("all", "share", ""), *((s, s, f"{s}_") for s in SIDES)):
                    value, low, high = share_of(here[f"{signal}_{side}"], here["sentences"], draws)
                    row |= {name: value, f"{begin}low": low, f"{begin}high": high}
                row["per_1000_words"] = round(1000 * here[f"{signal}_found"].sum() / max(row["words"], 1), 3)
                found.append((*(key if isinstance(key, tuple) else (key,)), row))
        made = pd.DataFrame([row for *_, row in found], columns=list(GROUPED)).astype(GROUPED)
        made["signal"] = pd.Categorical(made["signal"], SCORED)
        for k, name in enumerate(columns):
            made.insert(k, name, pd.array([row[k] for row in found], dtype=groups[name].dtype))
        return made

    def where(
        self,
        *,
        outlet: str | Sequence[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        text: str | None = None,
        voice: str | Sequence[str] | None = None,
        signal: str | Sequence[str] | None = None,
        grade: int | None = None,
    ) -> Corpus:
        """A corpus of what passes every filter given.

        Parameters
        ----------
        outlet
            Articles of one outlet or several.
        since, until
            Articles from this day on, and to this day (2020-03-01, or a month or year: 2020-03, 2020); articles
            without a date do not pass.
        text
            Articles in which words begin with these.
        voice
            In every table but that of articles, rows in this voice or these.
        signal
            Sentences marked for one of these signals, and findings of them.
        grade
            Sentences whose expected grade is this or more, and findings and labels of this grade or more.
        """
        kept = list(range(len(self)))
        if outlet is not None:
            wanted = known_outlets(outlet, self.articles)
            kept = [i for i in kept if self.articles[i].outlet in wanted]
        if since is not None or until is not None:
            kept = self._between(kept, since, until)
        if text is not None:
            from rhetoric.explanation import places

            kept = [i for i in kept if places(self.articles[i].text, text)]
        passes = dict(self.passes or {})
        for name, value, known_values in (("voice", voice, VOICES), ("signal", signal, SIGNALS)):
            if value is not None:
                passes[name] = (value,) if isinstance(value, str) else tuple(value)
                if odd := [v for v in passes[name] if v not in known_values]:
                    raise CorpusError(f"no {name} {odd[0]!r}; there are {', '.join(known_values)}")
        if grade is not None:
            if grade not in (0, 1, 2, 3):
                raise CorpusError(f"no grade {grade!r}; give 0, 1, 2 or 3")
            passes["grade"] = grade
        return replace(self.pick(kept), passes=passes or None)

    def find(self, words: str) -> pd.DataFrame:
        """Every place where words begin with `words`, as `Analysis.find` gives them, after the article's position."""
        import pandas as pd

        from rhetoric.explanation import find, places

        found = []
        for i, article in enumerate(self.articles):
            if places(article.text, words):
                found.append(find(self.analyzer(article), words).assign(article=i))
        made = pd.concat(found or [find(self.analyzer(Article("")), words).assign(article=0)], ignore_index=True)
        made.insert(0, "article", made.pop("article").astype("int32"))
        return made

    def sample(self, count: int, *, seed: int = 0) -> Corpus:
        """A corpus of so many articles, drawn by chance and in their order; the same seed draws the same ones."""
        import numpy as np

        if not 0 <= count <= len(self):
            raise CorpusError(f"{count} articles cannot be drawn of {len(self)}; ask for fewer, 0 at least")
        return self.pick(sorted(np.random.default_rng(seed).choice(len(self), count, replace=False).tolist()))

    def pick(self, positions: Iterable[int]) -> Corpus:
        """A corpus of the articles at these positions, in this order."""
        import numpy as np

        chosen = list(positions)
        tables = {}
        for name, made in self.tables.items():
            if name == "articles":
                tables[name] = made.take(chosen).reset_index(drop=True)
                continue
            starts = np.searchsorted(made["article"].to_numpy(), np.arange(len(self) + 1))
            at = [np.arange(starts[i], starts[i + 1]) for i in chosen]
            part = made.take(np.concatenate(at) if at else np.empty(0, np.intp)).reset_index(drop=True)
            part["article"] = np.repeat(np.arange(len(chosen), dtype=np.int32), [len(a) for a in at])
            tables[name] = part
        return replace(self, articles=tuple(self.articles[i] for i in chosen), tables=tables, failures=())

    @property
    def plot(self) -> CorpusPlots:
        """Pictures on matplotlib axes: `plot.outlets()`."""
        from rhetoric.plots import CorpusPlots

        return CorpusPlots(self)

    def __repr__(self) -> str:
        from rhetoric.render.prose import count

        return f"<Corpus of {count(len(self), 'article')}{', ' if self.failures else ''}{_failed(self.failures)}>"

    def _repr_html_(self) -> str:
        """How many articles of which outlets and days, and their signals, for a notebook."""
        from rhetoric.render.comparison import corpus_fragment

        return corpus_fragment(self)

    def column(self, name: str) -> pd.Series:
        """A column of the articles, or the period that each falls in ("month")."""
        articles = self.tables["articles"]
        if name in PERIODS:
            return articles["day"].dt.strftime(PERIODS[name]).astype("string")
        if name not in articles:
            raise CorpusError(f"no column {name!r}; there are {', '.join((*FIELDS, *PERIODS))} and the counts")
        return articles[name]

    def _between(self, kept: list[int], since: str | None, until: str | None) -> list[int]:
        """Return the positions of articles dated within the days given."""
        first, last = span_of(since, until)
        days = self.tables["articles"]["day"].take(kept).dt.date.tolist()
        return [i for i, day in zip(kept, days, strict=True) if day == day and first <= day <= last]

    def _counts(self) -> dict[str, Any]:
        """Return counts an article as arrays: words, sentences, marked sentences by side, findings."""
        import numpy as np

        articles = self.tables["articles"]
        counts: dict[str, Any] = {name: articles[name].to_numpy(np.int64) for name in ("words", "sentences")}
        if not self.passes:
            for signal in SCORED:
                for side in SIDES:
                    counts[f"{signal}_{side}"] = articles[f"{signal}_sentences_{side}"].to_numpy(np.int64)
                counts[f"{signal}_all"] = counts[f"{signal}_author"] + counts[f"{signal}_others"]
                counts[f"{signal}_found"] = sum(articles[f"{signal}_findings_{s}"].to_numpy(np.int64) for s in SIDES)
            return counts
        sentences, findings = self.frame("sentences"), self.frame("findings")
        others = sentences["voice"].isin(OTHERS).to_numpy()
        wanted = self.passes.get("signal", SCORED)
        for signal in SCORED:
            marked = (sentences[signal] >= MARKED).to_numpy() & (signal in wanted)
            for side, mine in (("all", marked), ("author", marked & ~others), ("others", marked & others)):
                counts[f"{signal}_{side}"] = np.bincount(sentences["article"][mine], minlength=len(self))
            own = findings["article"][(findings["signal"] == signal).to_numpy()]
            counts[f"{signal}_found"] = np.bincount(own, minlength=len(self))
        return counts


def analyze_many(
    source: Any,
    *,
    jobs: int = 1,
    text: str = "text",
    tables: Sequence[TableName] = ("sentences", "findings", "voices", "ledger"),
    analyzer: Analyzer | None = None,
    progress: bool | None = None,
) -> Corpus:
    """Return the analyses of many articles as a corpus.

    Parameters
    ----------
    source
        Texts, articles or files, in any mixture; a folder or table; a pandas frame with one article a row (columns
        named like those of a table: text, title, outlet, date …); an open store, or the folder of one.
    jobs
        Processes that share the work.
    text
        The column of a frame that holds the text.
    tables
        What is kept beside the table of articles; fewer need less memory.
    analyzer
        In place of the shipped lexicons and model.
    progress
        Show how far the run is; by default on a terminal and in a notebook.

    Raises
    ------
    CorpusError
        There is no article, or the frame has no such column.
    """
    found, failures = read_articles(source, text)
    if not found:
        why = f": {failures[0].message}" if failures else ""
        raise CorpusError(f"there is no article in what was given{why or '; give texts, files or a frame of them'}")
    analyzer = analyzer or Analyzer.load()
    done = list(follow(run(found, analyzer, tuple(tables), jobs), len(found), show=progress))
    return Corpus(tuple(found), analyzer, frames_of(done, tuple(tables)), tuple(failures))


def count_articles(found: Sequence[Article], *, jobs: int = 1, analyzer: Analyzer | None = None) -> pd.DataFrame:
    """Return the table of articles alone."""
    analyzer = analyzer or Analyzer.load()
    done = list(follow(run(found, analyzer, (), jobs), len(found)))
    return frames_of(done, ())["articles"]


def corpus_of(analyses: Sequence[Analysis], analyzer: Analyzer) -> Corpus:
    """Return a corpus of articles that are analysed already."""
    names = ("sentences", "findings", "voices", "ledger")
    made = frames_of([tables_of(analyses, names)], names)
    return Corpus(tuple(a.article for a in analyses), analyzer, made)


def _passing(frame: pd.DataFrame, table: str, passes: Mapping[str, Any]) -> Any:
    """Return which rows pass the filters by voice, signal and grade."""
    import numpy as np

    kept = np.ones(len(frame), np.bool_)
    if "voice" in passes:
        kept &= frame["voice"].isin(passes["voice"]).to_numpy()
    scored = [s for s in passes.get("signal", SCORED) if s in SCORED]
    if table == "sentences":
        if "signal" in passes:
            kept &= (frame[scored] >= MARKED).any(axis=1).to_numpy()
        if "grade" in passes:
            kept &= (frame[[f"grade_{s}" for s in scored]] >= passes["grade"]).any(axis=1).to_numpy()
        return kept
    if "signal" in passes and table == "findings":
        kept &= frame["signal"].isin(passes["signal"]).to_numpy()
    if "signal" in passes and table == "ledger":
        kept &= "charged" in passes["signal"]
    if "grade" in passes and "grade" in frame:
        kept &= (frame["grade"] >= passes["grade"]).to_numpy()
    return kept


def drawn(count: int, runs: int = RUNS) -> Any:
    """Return how often each of so many articles is drawn in each run; the same every time."""
    import numpy as np

    return np.random.default_rng(7).multinomial(count, np.full(count, 1 / count), size=runs)


def share_of(part: Any, whole: Any, draws: Any) -> tuple[float, float, float]:
    """Return 100 × part / whole over articles, with the 95 % interval of the draws; missing without them."""
    import numpy as np

    total = whole.sum()
    value = 100 * part.sum() / total if total else float("nan")
    if draws is None or not total:
        return round(float(value), 3), float("nan"), float("nan")
    wholes = draws @ whole
    shares = 100 * (draws @ part)[wholes > 0] / wholes[wholes > 0]
    low, high = np.percentile(shares, (2.5, 97.5))
    return round(float(value), 3), round(float(low), 3), round(float(high), 3)


def _needs(name: str) -> str:
    return "a date" if name in PERIODS else f"a value in {name!r}"


def _failed(failures: Sequence[Failure]) -> str:
    return f"{len(failures)} not read" if failures else ""
