"""Sides set beside each other: articles, collections, outlets or periods; what differs, how surely, and where.

A difference is shown only where there is enough text on both sides, and is corrected for the number of differences
looked at. Sides stand in alphabetical order: nothing here ranks them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rhetoric.analysis import Analyzer
from rhetoric.beside import Side, tables_beside
from rhetoric.corpus import FEWEST, PERIODS, Corpus, analyze_many, corpus_of
from rhetoric.decoding import Failure
from rhetoric.frames import day_of
from rhetoric.gathering import CorpusError, known_names, read_sources, span_of
from rhetoric.records import FIELDS, Analysis, Article

if TYPE_CHECKING:
    import pandas as pd

Name = Literal["signals", "differences", "terms", "targets", "speakers", "aligned"]
NAMES: tuple[Name, ...] = ("signals", "differences", "terms", "targets", "speakers", "aligned")


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What differs between sides, as frames and as a page."""

    sides: tuple[Side, ...]
    """In alphabetical order."""
    left_out: tuple[str, ...]
    """One line each: what is not compared, and why."""
    tables: Mapping[str, pd.DataFrame]

    @property
    def unit(self) -> str:
        """What is drawn anew for the intervals: "article" or "sentence"."""
        return "sentence" if any(side.single for side in self.sides) else "article"

    def frame(self, table: Name = "signals") -> pd.DataFrame:
        """One table of the comparison.

        Parameters
        ----------
        table
            "signals": `side`, `signal`, `voice` ("all", "author", "others"), `articles`, `sentences`, `marked`,
            `share` of 100 sentences, `low`, `high` (95 %).
            "differences": `signal`, `voice`, sides `a` and `b` (of more than four sides `b` is "all others"),
            `difference` of the shares (a less b) with `low`, `high`, `ratio`, `effect` (Cohen's h; .2 is small, .5
            medium, .8 large), `p`, `p_corrected` (Holm), `shown`.
            "terms": `side`, `kind` ("label", "word"), `term`, `count` here, `others` there, `articles`, `log_odds`,
            `z`, `p_corrected` (Benjamini and Hochberg).
            "targets": `target`, `side`, `label`, `voice`, `speaker`, `grade`, `article`, `sentence`.
            "speakers": `side`, `speaker`, `vague`, `articles`, `words`, `share` of the side's words in per cent.
            "aligned": sides `a` and `b`, sentences `sentence_a`, `sentence_b`, `likeness`, `text_a`, `text_b`.
        """
        if table not in NAMES:
            raise CorpusError(f"no table {table!r}; there are {', '.join(NAMES)}")
        return self.tables[table].copy()

    def lines(self) -> list[str]:
        """What can be said, in a few lines."""
        from rhetoric.render.comparison import lines

        return lines(self)

    def to_html(self) -> str:
        """One page that loads nothing."""
        from rhetoric.render.comparison import to_page

        return to_page(self)

    def plot(self, ax: Any = None) -> Any:
        """A dot with its interval for each side and voice, one picture a signal, on matplotlib axes."""
        from rhetoric.plots import sides

        return sides(self.tables["signals"], ax)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(side.name for side in self.sides)}>"

    def _repr_html_(self) -> str:
        from rhetoric.render.comparison import to_fragment

        return to_fragment(self)


def compare(*sides: Any, names: Sequence[str] | None = None, by: str | None = None) -> Comparison:
    """Return what differs between articles, collections or the parts of one.

    Parameters
    ----------
    sides
        Two or more: an analysis, a corpus, or what `analyze_many` takes. One corpus with `by`.
    names
        What the sides are called; by default their titles, or the values of `by`.
    by
        A column of the articles or a period ("outlet", "month"): every value is a side. Values with under 20
        articles are left out, and named in `left_out`.

    Raises
    ------
    CorpusError
        There are fewer than two sides.
    """
    corpora = [_corpus(side) for side in sides]
    if by is not None:
        found, left = _parts(corpora, by)
    else:
        called = (
            list(names) if names else [_called(c, i, s) for i, (c, s) in enumerate(zip(corpora, sides, strict=True))]
        )
        if len(called) != len(corpora):
            raise CorpusError(f"{len(corpora)} sides and {len(called)} names; give one name a side")
        found, left = [Side(name, c) for name, c in zip(_apart(called), corpora, strict=True)], []
    if len(found) < 2:
        why = f": {left[0]}; group by something wider, or give more articles" if left else ""
        give = "; give two articles or more, or one collection and --by outlet (by=)"
        raise CorpusError(f"there are not two sides to compare{why or give}")
    ordered = sorted(found, key=lambda s: (s.name.casefold(), s.name))
    found = [side for side in (_english(side, left) for side in ordered) if side is not None]
    if len(found) < 2:
        raise CorpusError(f"there are not two sides to compare: {'; '.join(left)}")
    left += [f"{side.name}: {side.lack}; its figures stand without differences" for side in found if side.lack]
    return Comparison(tuple(found), tuple(left), tables_beside(found))


def compare_sources(
    sources: Sequence[str],
    *,
    analyzer: Analyzer | None = None,
    by: str | None = None,
    only: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    jobs: int = 1,
) -> tuple[Comparison, list[Failure]]:
    """Return the comparison of sources given by name, and what could not be read; `NAME=SOURCE` names a side."""
    if by is not None and by not in (*FIELDS, *PERIODS):
        raise CorpusError(f"no column {by!r}; there are {', '.join((*FIELDS, *PERIODS))}")
    first, last = span_of(since, until)
    given: list[tuple[str, str, list[Article], list[Failure]]] = []
    for source in sources:
        name, equals, path = source.partition("=")
        if not equals or Path(source).exists():
            name, path = "", source
        if not Path(path).exists() and "://" not in path and not any(c in path for c in "*?["):
            raise CorpusError(f"{path}: there is no such file or folder; check the path")
        articles, lost = read_sources([path])
        if since or until:
            articles = [a for a in articles if (day := day_of(a.published)) and first <= day <= last]
            if not articles:
                raise CorpusError(f"{path}: no article is dated between {since or 'ever'} and {until or 'now'}")
        given.append((name, path, articles, lost))
    failures = [failure for *_, lost in given for failure in lost]
    if by is not None:
        every = [article for _, _, articles, _ in given for article in articles]
        if only:
            wanted = known_names(only, (_part(article, by) for article in every))
            every = [article for article in every if _part(article, by) in wanted]
        return compare(analyze_many([*failures, *every], jobs=jobs, analyzer=analyzer), by=by), failures
    made = [analyze_many([*lost, *articles], jobs=jobs, analyzer=analyzer) for _, _, articles, lost in given]
    names = [name or _called(made[i], i, path) for i, (name, path, _, _) in enumerate(given)]
    return compare(*made, names=names), failures


def write_tables(comparison: Comparison, folder: Path) -> None:
    """Write every table as CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        comparison.tables[name].to_csv(folder / f"{name}.csv", index=False)


def _corpus(side: Any) -> Corpus:
    """Return what is compared as a corpus."""
    if isinstance(side, Corpus):
        if not len(side):
            raise CorpusError("a side has no article; widen its filter, or leave it out")
        return side
    if isinstance(side, Analysis):
        from rhetoric.analysis import Analyzer

        return corpus_of([side], Analyzer.load())
    if isinstance(side, Sequence) and side and all(isinstance(one, Analysis) for one in side):
        return corpus_of(list(side), Analyzer.load())
    return analyze_many([side] if isinstance(side, str | Path | Article) else side)


def _called(corpus: Corpus, number: int, given: Any) -> str:
    """Return what a side is called where nobody says: an article by its title, a folder or table by its name."""
    if len(corpus) == 1:
        article = corpus.articles[0]
        own = "" if article.id.isdigit() else article.id  # texts in a row are numbered
        return article.title or article.outlet or own or f"article {number + 1}"
    if isinstance(given, str | Path):
        path = Path(given)
        name = path.resolve().name if path.is_dir() else path.name.removesuffix(".gz").removesuffix(".zst")
        return Path(name).stem if path.is_file() else name
    outlets = {a.outlet for a in corpus.articles}
    return next(iter(outlets)) or f"side {number + 1}" if len(outlets) == 1 else f"side {number + 1}"


def _apart(names: Sequence[str]) -> list[str]:
    """Return names that differ."""
    return [f"{name} ({i + 1})" if names.count(name) > 1 else name for i, name in enumerate(names)]


def _part(article: Article, by: str) -> str | None:
    """Return the part of a collection that an article is of, by a field or the period of its day."""
    if by not in PERIODS:
        return getattr(article, by)  # type: ignore[no-any-return]
    day = day_of(article.published)
    return day.strftime(PERIODS[by]) if day else None


def _parts(corpora: Sequence[Corpus], by: str) -> tuple[list[Side], list[str]]:
    """Return the parts of corpora by a column that have enough articles, and what is left out."""
    found, left = [], []
    whole = corpora[0] if len(corpora) == 1 else _joined(corpora)
    values = whole.column(by)
    groups = values.groupby(values, observed=True).indices
    for value in sorted(groups, key=lambda v: str(v).casefold()):
        rows = groups[value].tolist()
        if len(rows) < FEWEST:
            left.append(f"{value}: {len(rows)} article{'' if len(rows) == 1 else 's'}, {FEWEST} are needed")
        else:
            found.append(Side(str(value), whole.pick(rows)))
    if missing := int(values.isna().sum()):
        left.append(f"{missing} article{'' if missing == 1 else 's'} without {'a date' if by in PERIODS else by}")
    return found, left


def _joined(corpora: Sequence[Corpus]) -> Corpus:
    """Return several corpora as one."""
    import pandas as pd

    tables = {}
    for name in corpora[0].tables:
        base, parts = 0, []
        for corpus in corpora:
            part = corpus.tables[name]
            parts.append(part if name == "articles" else part.assign(article=part["article"] + base))
            base += len(corpus)
        tables[name] = pd.concat(parts, ignore_index=True)
    return Corpus(tuple(a for c in corpora for a in c.articles), corpora[0].analyzer, tables)


def _english(side: Side, left: list[str]) -> Side | None:
    """Return a side without texts that are not English; None where nothing is left."""
    english = side.corpus.frame()["english"].to_numpy()
    lost = int((~english).sum())
    if lost:
        left.append(f"{side.name}: {lost} text{'' if lost == 1 else 's'} not in English")
    if lost == len(english):
        return None
    return Side(side.name, side.corpus.pick(english.nonzero()[0].tolist())) if lost else side
