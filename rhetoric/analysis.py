"""The straight line: an article in, an analysis out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain, groupby, islice, pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric import __version__, lexicon
from rhetoric.because import Columns, Sentences
from rhetoric.features import COLUMNS, Reading, prepare_all
from rhetoric.lexicon import Lexicons
from rhetoric.model import Model, Scores
from rhetoric.records import (
    SCORED,
    Analysis,
    Article,
    Finding,
    Headline,
    MadeBy,
    Sentence,
    Signal,
    VoiceName,
    maker,
    tuples,
)
from rhetoric.signals import FUNCTION, Evidence, find_main_verb
from rhetoric.tables import MARKED
from rhetoric.targets import find_target
from rhetoric.voice import Speaking

BATCH = 1_000_000
"""Characters that are scored together."""
LIKELY = {"charged": 0.3, "prediction": 0.3, "unhedged": 0.35}
"""A word this likely to be evidence is shown even where no list has it."""
UNLIKELY = {"charged": 0.15, "prediction": 0.04, "unhedged": 0.04}
"""A hit of a list whose words are all less likely than this to be evidence is not shown; of a user's category it is."""
MODEL_WHY = "The trained model sees this signal here, though no word list has it."
BARE_WHY = "States a contestable claim flat: no hedge, no source, no evidence in the sentence."
COVERING = ("charged", "prediction", "unhedged", "hedge")
"""A word that lists know as evidence of one of these is no charged word of the model: *inevitably* is a booster."""


_SEEN = np.array([LIKELY[signal] for signal in SCORED])
_COLUMN_SIGNAL = np.array([SCORED.index(signal) if signal in SCORED else 0 for signal, _ in COLUMNS])
_COLUMN_LEAST = np.array([UNLIKELY.get(signal, 0) * (category != "scare_quote") for signal, category in COLUMNS])
_KNOWN = frozenset(COLUMNS)
_COLUMN_CUE = np.array([signal == "attribution" for signal, _ in COLUMNS])
CHARGED, UNHEDGED = SCORED.index("charged"), SCORED.index("unhedged")
_finding = maker(Finding)
AUTHOR: tuple[VoiceName, str | None, bool] = ("author", None, False)


class _Run(NamedTuple):
    """Words in a row that the model takes for evidence."""

    signal: Signal
    begin: int
    end: int


_Shown = tuple[Evidence, int, bool, bool]
"""Evidence, the position of its sentence, whether that is no junk and holds it, and whether others may speak in it."""


class Analyzer:
    """Analyses articles with one set of lexicons and one model.

    Parameters
    ----------
    lexicons
        Word lists, as `rhetoric.lexicon.load` gives them.
    model
        The trained model.
    """

    def __init__(self, lexicons: Lexicons, model: Model) -> None:
        self.lexicons, self.model = lexicons, model
        self._loaded = frozenset(
            t.text
            for t in lexicons.terms
            if t.signal == "charged" and t.inflect in ("noun", "none") and " " not in t.text
        )
        self.made_by = MadeBy(__version__, model.version, lexicons.version)

    @classmethod
    def load(cls, *, lexicons: Path | str | None = None, model: Path | str | None = None) -> Analyzer:
        """An analyzer with the shipped lexicons and model.

        Parameters
        ----------
        lexicons
            A folder of TOML files whose terms are added to the shipped ones or override them.
        model
            A folder that `rhetoric train` wrote, in place of the shipped model.

        Raises
        ------
        LexiconError, ModelError
            For a mistake in a lexicon, or a model that cannot be read.
        """
        folders = (Path(lexicons),) if lexicons else ()
        return cls(lexicon.load(*folders), Model.load(Path(model) if model else None))

    def __call__(self, source: str | Path | Article) -> Analysis:
        """What the program says about one article; `source` as for `rhetoric.analyze`."""
        return next(self.analyze_all((source,)))

    def analyze_all(self, sources: Iterable[str | Path | Article]) -> Iterator[Analysis]:
        """The analyses of many articles, in order; faster than one by one."""
        batch: list[Article] = []
        size = 0
        for source in sources:
            article = source if isinstance(source, Article) else _article(source)
            batch.append(article)
            size += len(article.text)
            if size >= BATCH:
                yield from self._analyze(batch)
                batch, size = [], 0
        if batch:
            yield from self._analyze(batch)

    def _analyze(self, articles: Sequence[Article]) -> Iterator[Analysis]:
        texts = [article.text for article in articles]
        titled = [i for i, article in enumerate(articles) if _is_separate(article)]
        texts += [articles[i].title or "" for i in titled]
        readings = prepare_all(texts, self.lexicons, ear=self.model.ear)
        scores = self.model.score(readings)
        done = _assemble(readings, scores, self._loaded)
        headlines = dict(zip(titled, done[len(articles) :], strict=True))
        for i, article in enumerate(articles):
            sentences, findings = done[i]
            headline = None
            if i in headlines and headlines[i][0]:
                headline = _headline(*headlines[i])
            yield Analysis(article, headline, sentences, findings, readings[i].voices, self.made_by)


def _is_separate(article: Article) -> bool:
    """Whether the title is scored apart: there is one and the text does not begin with it."""
    title = (article.title or "").strip()
    return bool(title) and not article.text.lstrip().startswith(title)


def _headline(sentences: Sequence[Sentence], findings: tuple[Finding, ...]) -> Headline:
    """One sentence over the whole title: the highest of its scores, where it has several."""
    if len(sentences) == 1:
        return Headline(sentences[0], findings)
    best = {signal: max(sentences, key=lambda s: float(getattr(s, signal))) for signal in SCORED}
    first = sentences[0]
    return Headline(
        Sentence(
            first.start, sentences[-1].end, 0, False, first.voice, first.speaker, first.vague,
            best["charged"].charged, best["prediction"].prediction, best["unhedged"].unhedged,
            {signal: best[signal].grade[signal] for signal in SCORED},
            {signal: best[signal].because[signal] for signal in SCORED},
        ),
        findings,
    )  # fmt: skip


def _assemble(
    readings: Sequence[Reading], scores: Scores, loaded: frozenset[str]
) -> list[tuple[Sentences, tuple[Finding, ...]]]:
    """Sentences and findings of each reading."""
    chances = np.round(scores.probability, 6)
    columns = Columns(
        [*chain.from_iterable(reading.spans for reading in readings)],
        [*chain.from_iterable(reading.spoken for reading in readings)],
        np.concatenate([chances, np.round(scores.grade, 6)], 1),
        scores.told,
    )
    shows = chances >= MARKED
    shows[[k for k, span in enumerate(columns.spans) if span.junk]] = False
    weighed, beyond = _weighed(readings, scores), _beyond(readings, scores, shows)
    edges = scores.stream.bases
    flat = np.flatnonzero(shows[:, UNHEDGED])
    flats = [
        (part - base).tolist()
        for part, base in zip(np.split(flat, flat.searchsorted(edges[1:-1])), edges, strict=False)
    ]
    return [
        (Sentences(columns, base, end), _findings(reading, own, shown, seen, loaded))
        for (base, end), reading, own, shown, seen in zip(
            pairwise(edges.tolist()), readings, flats, weighed, beyond, strict=True
        )
    ]


def _weighed(readings: Sequence[Reading], scores: Scores) -> Iterator[list[_Shown]]:
    """For each reading the evidence of lists and code that neither the word view nor a lacking voice denies."""
    stream = scores.stream
    sizes = [len(reading.evidence) for reading in readings]
    begins = [0, *accumulate(len(reading.text) + 1 for reading in readings)]
    held = np.concatenate([r.held + base for r, base in zip(readings, stream.offsets.tolist(), strict=False)])
    start, end = np.concatenate([r.ranges + by for r, by in zip(readings, begins, strict=False)]).T
    column = np.fromiter(chain.from_iterable(reading.columns for reading in readings), np.intp, len(held))

    edges = stream.place.searchsorted(held.astype(np.int32))
    word = np.append(scores.word, np.zeros((1, len(SCORED))), 0)
    most = np.maximum.reduceat(word, edges.ravel())[::2]
    seen = edges[:, 0] < edges[:, 1]
    users = np.fromiter((e[2:4] not in _KNOWN for reading in readings for e in reading.evidence), np.bool_, len(held))
    denied = seen & ~users & (most[np.arange(len(held)), _COLUMN_SIGNAL[column]] < _COLUMN_LEAST[column])
    cues = {(v.cue[0] + by, v.cue[1] + by) for r, by in zip(readings, begins, strict=False) for v in r.voices if v.cue}
    first, past = np.array([(-1, -1), *sorted(cues)]).T
    cued = np.maximum.accumulate(past)[first.searchsorted(end) - 1] > start
    shown = np.where(_COLUMN_CUE[column], cued, ~denied)

    spans = np.fromiter(chain.from_iterable(chain.from_iterable(r.spans for r in readings)), np.int64).reshape(-1, 4)
    spans[:, :2] += np.repeat(np.array(begins[:-1]), np.diff(stream.bases))[:, None]
    owner = spans[:, 0].searchsorted(start, "right") - 1
    base = np.repeat(stream.bases[:-1], sizes)
    fits = (owner >= base) & (spans[owner, 3] == 0) & (end <= spans[owner, 1])
    others = np.append(0, np.cumsum(np.concatenate([reading.other for reading in readings])))
    heard = others[held[:, 1]] > others[held[:, 0]]
    rows = zip(*(of.tolist() for of in (owner - base, fits, heard, shown)), strict=True)
    for reading, size in zip(readings, sizes, strict=True):
        own = zip(reading.evidence, islice(rows, size), strict=True)
        yield [(e, k, fit, other) for e, (k, fit, other, seen) in own if seen]


def _beyond(readings: Sequence[Reading], scores: Scores, shows: NDArray[np.bool_]) -> list[list[_Run]]:
    """Runs of words that the model takes for evidence of a signal in a sentence that shows it, for each reading."""
    stream = scores.stream
    signal, at = np.nonzero(((scores.word >= _SEEN) & shows[stream.sentence]).T)
    place = stream.place[at]
    owner = stream.offsets.searchsorted(place, "right") - 1
    runs: list[list[_Run]] = [[] for _ in readings]
    last = -1, -1, -1
    for j, r, k in zip(signal.tolist(), owner.tolist(), (place - stream.offsets[owner]).tolist(), strict=True):
        own = runs[r]
        if j == CHARGED and readings[r].words.lower[k] in FUNCTION:
            continue
        if (j, r, k) == last:
            own[-1] = own[-1]._replace(end=k + 1)
        else:
            own.append(_run((SCORED[j], k, k + 1)))
        last = j, r, k + 1
    return runs


_run = tuples(_Run)


def _findings(
    reading: Reading,
    flat: list[int],
    shown: list[_Shown],
    beyond: Sequence[_Run],
    loaded: frozenset[str],
) -> tuple[Finding, ...]:
    """What `_weighed` gives for a reading, what the word view sees beyond it, and bare claims.

    `flat` are the sentences that count as unhedged.
    """
    text, spans = reading.text, reading.spans
    listed = shown[:]
    for signal, runs in groupby(beyond, itemgetter(0)):
        denied = COVERING if signal == "charged" else (signal,)
        known = [one[:2] for one, _, _, _ in listed if one[2] in denied]
        lows, highs = [low for low, _ in known], list(accumulate((high for _, high in known), max))
        for _, begin, stop in runs:
            start, end = reading.words.starts[begin], reading.words.ends[stop - 1]
            at = bisect_left(lows, end)
            if not at or highs[at - 1] <= start:
                k = int(reading.sentence[begin])
                shown.append((Evidence(start, end, signal, "model", MODEL_WHY, 1, None), k, end <= spans[k].end, True))
    lacking = {k for one, k, _, _ in shown if one[2] == "unhedged"}
    for k in flat:
        if k not in lacking and (verb := find_main_verb(reading.words, spans[k].start, spans[k].end)):
            shown.append((Evidence(*verb, "unhedged", "bare", BARE_WHY, 2, None), k, True, True))
    if len(shown) > len(listed):
        shown.sort()
    findings = []
    speaking = Speaking(reading.voices)
    for one, k, fits, other in shown:
        if not fits:
            continue
        start, end, signal, category, why, grade, neutral = one
        voice = speaking.at(start, end) if other and signal != "attribution" else None
        name, speaker, vague = (voice.voice, voice.speaker, voice.vague) if voice else AUTHOR
        target = None
        if signal == "charged":
            target = find_target(reading.cast, spans[k][:2], (start, end), category, voice=voice, loaded=loaded)
        findings.append(
            _finding(start, end, text[start:end], signal, category, why, grade, name, speaker, vague, target, neutral)
        )
    return tuple(findings)


def analyze(source: str | Path | Article) -> Analysis:
    """What the program says about one article, with the shipped lexicons and model.

    Parameters
    ----------
    source
        A text, or a file: a `Path`, or a string of one line that names an existing file. An address is read with
        `rhetoric.read`, and what it gives is a source too.

    Raises
    ------
    ReadError
        The file is missing or cannot be read.
    TypeError
        It is none of these.

    Examples
    --------
    >>> analyze("Critics warn that the reckless plan may fail.").sentences[0].prediction > 0.5
    True
    """
    return shared()(source)


def _article(source: str | Path) -> Article:
    """Return a text as an article, or the one in a file."""
    if not isinstance(source, str | Path):
        raise TypeError(f"{type(source).__name__} is no article; give a text, a file or an Article")
    if isinstance(source, str) and not names_file(source):
        return Article(source)
    from rhetoric.reading import read

    return read(source)


def names_file(text: str) -> bool:
    """Whether a string is one line that names a file, or would name one by its suffix."""
    if "\n" in text or len(text) > 1000 or not text.strip():
        return False
    from rhetoric.reading import KNOWN

    path = Path(text)
    try:
        return path.is_file() or (path.suffix.lower() in KNOWN and " " not in text.strip())
    except (OSError, ValueError):
        return False


@cache
def shared() -> Analyzer:
    """The analyzer with shipped lexicons and model, loaded once a process."""
    return Analyzer.load()
