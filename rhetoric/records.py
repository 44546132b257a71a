"""The records that every other module speaks in, and a fast way to make many. Nothing here computes anything.

Offsets are code points, half-open, into ``Article.text`` unless a record says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, make_dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

if TYPE_CHECKING:
    import pandas as pd

    from rhetoric.explanation import Explanation
    from rhetoric.plots import Plots

Record = TypeVar("Record")
Signal = Literal["charged", "prediction", "unhedged", "hedge", "attribution"]
VoiceName = Literal["author", "quoted", "reported", "mixed"]

SCORED: tuple[Signal, ...] = ("charged", "prediction", "unhedged")
SIGNALS: tuple[Signal, ...] = (*SCORED, "hedge", "attribution")
CATEGORIES: Mapping[Signal, tuple[str, ...]] = {
    "charged": (
        "name_calling", "loaded_word", "loaded_verb", "dehumanising", "dysphemism", "metaphor", "hyperbole", "praise",
        "scare_quote", "coinage", "stacked", "model",
    ),
    "prediction": ("hedged", "flat", "fated", "analogy", "model"),
    "unhedged": ("booster", "absolute", "factive", "presupposition", "vague_source", "bare", "model"),
    "hedge": ("modal", "approximator", "shield", "conditional"),
    "attribution": ("neutral", "distancing", "endorsing", "manner"),
}  # fmt: skip
VOICES: tuple[VoiceName, ...] = ("author", "quoted", "reported", "mixed")

FIELDS = ("id", "title", "url", "outlet", "byline", "published")
"""Fields of an article that tables carry beside its text."""


@dataclass(frozen=True, slots=True)
class Article:
    """What was read. `text` never changes after reading."""

    text: str
    id: str = ""
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    byline: str | None = None
    published: str | None = None
    warnings: tuple[str, ...] = ()
    """One line each: what the reader should know about how the text was obtained. Not part of the analysis."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its three scores (0 to 1; higher means more) and what they are made of."""

    start: int
    end: int
    paragraph: int
    junk: bool
    voice: VoiceName
    speaker: str | None
    vague: bool
    charged: float
    prediction: float
    unhedged: float
    grade: Mapping[str, float]
    """Expected grade by signal, 0 to 3; higher means stronger."""
    because: Mapping[str, tuple[tuple[str, float], ...]]
    """Parts by signal; they add up to the log-odds of the score."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One span of evidence: `article.text[start:end] == text`. A finding into the headline points into the title."""

    start: int
    end: int
    text: str
    signal: Signal
    category: str
    why: str
    grade: int
    """0 to 3; higher means stronger. 0 for supporting evidence (hedge, attribution)."""
    voice: VoiceName
    speaker: str | None
    vague: bool
    target: str | None
    neutral: str | None


@dataclass(frozen=True, slots=True)
class Voice:
    """A range of the text in a voice that is not the author's."""

    start: int
    end: int
    voice: VoiceName
    speaker: str | None
    vague: bool
    source: tuple[int, int] | None
    """Where the text names the source."""
    cue: tuple[int, int] | None
    """The reporting words, "said" or "according to"."""
    closed: bool
    """False where a quotation mark is never closed; the range then ends with its paragraph."""


@dataclass(frozen=True, slots=True)
class Headline:
    """The title scored like a sentence. Offsets are into `Article.title`."""

    sentence: Sentence
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made an analysis: the program's version and content hashes of model and lexicons."""

    version: str
    model: str
    lexicons: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the program says about one article."""

    article: Article
    headline: Headline | None
    sentences: Sequence[Sentence]
    findings: tuple[Finding, ...]
    voices: tuple[Voice, ...]
    made_by: MadeBy

    def to_dict(self) -> dict[str, Any]:
        """The analysis as plain data, the same as its JSON."""
        from rhetoric.render.json import to_dict

        return to_dict(self)

    def frame(self, table: Literal["sentences", "findings", "voices", "ledger"] = "sentences") -> pd.DataFrame:
        """One table of the analysis as a pandas frame; `rhetoric.tables.frame` documents its columns."""
        from rhetoric.tables import frame

        return frame(self, table)

    @property
    def ledger(self) -> pd.DataFrame:
        """Who calls whom what, a row a charged finding: the same as `frame("ledger")`."""
        return self.frame("ledger")

    @property
    def plot(self) -> Plots:
        """Pictures on matplotlib axes: `plot()` or `plot.strip()`, `.voices()`, `.ledger()`, `.calibration()`."""
        from rhetoric.plots import Plots

        return Plots(self)

    @property
    def summary(self) -> dict[str, Any]:
        """The figures of the cards as plain data; "borrowed" is what of the charge comes through others.

        "usual" tells how the figures stand beside those of other articles.
        """
        from rhetoric.ledger import borrowed
        from rhetoric.reference import load
        from rhetoric.tables import summary

        return {**summary(self), "borrowed": borrowed(self), "usual": load().place(self)}

    def explain(self, sentence: int) -> Explanation:
        """One sentence with its scores, the parts they are made of and its findings; `sentence` is a position."""
        from rhetoric.explanation import explain

        return explain(self, sentence)

    def find(self, words: str) -> pd.DataFrame:
        """Every place where words begin with `words`, case left aside: the sentence, its voice and the marks on it."""
        from rhetoric.explanation import find

        return find(self, words)

    def to_html(self, *, excerpts: bool = False) -> str:
        """The report as one page that loads nothing; `excerpts` leaves only the marked sentences in it."""
        from rhetoric.render.html import to_html

        return to_html(self, excerpts=excerpts)

    def to_json(self) -> str:
        """The analysis as one line of JSON, format 1."""
        from rhetoric.render.json import to_json

        return to_json(self).decode()

    def to_markdown(self) -> str:
        """The report as Markdown."""
        from rhetoric.render.markdown import to_markdown

        return to_markdown(self)

    def to_displacy(self, *, style: Literal["ent", "span"] = "ent") -> dict[str, Any]:
        """Plain data for spaCy's displacy (`manual=True`): "ent" without overlaps, "span" with every scored finding."""
        from rhetoric.render.displacy import to_displacy

        return to_displacy(self, style)

    def __repr__(self) -> str:
        from rhetoric.render.prose import count

        name = self.article.title or self.article.id
        size = f"{count(len(self.sentences), 'sentence')}, {count(len(self.findings), 'finding')}"
        return f"<Analysis{f' of “{name}”' if name else ''}: {size}>"

    def _repr_html_(self) -> str:
        """Strip, cards and marked text for a notebook."""
        from rhetoric.render.html import to_fragment

        return to_fragment(self)


def tuples(kind: type[Record]) -> Callable[[Iterable[Any]], Record]:
    """What makes a named tuple of the values of all its fields, three times faster than its class does."""
    return cast(Callable[[Iterable[Any]], Record], partial(tuple.__new__, cast(Any, kind)))


def maker(record: type[Record]) -> Callable[..., Record]:
    """What makes a frozen, slotted record of the values of all its fields, four times faster than its class does.

    A frozen record sets each field through `object.__setattr__`. This fills a record of the same slots that is not
    frozen, and then gives it its class.
    """
    twin = make_dataclass(record.__name__, [field.name for field in fields(cast(Any, record))], slots=True)

    def make(*values: object) -> Any:
        made = twin(*values)
        made.__class__ = record
        return made

    return make
