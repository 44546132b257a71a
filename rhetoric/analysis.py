"""The straight line: an article in, an analysis out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric import lexicon
from rhetoric.because import Because
from rhetoric.features import Reading, prepare_all
from rhetoric.lexicon import Lexicons
from rhetoric.model import Model, Scores
from rhetoric.records import SCORED, Analysis, Article, Finding, Headline, MadeBy, Sentence, Signal
from rhetoric.signals import FUNCTION, Evidence, find_main_verb
from rhetoric.targets import find_target
from rhetoric.voice import voice_at

BATCH = 60_000
"""Characters that are scored together: more falls out of the processor's cache."""
LIKELY = {"charged": 0.3, "prediction": 0.3, "unhedged": 0.35}
"""A word this likely to be evidence is shown even where no list has it."""
UNLIKELY = {"charged": 0.06, "prediction": 0.04, "unhedged": 0.04}
"""A hit of a list whose words are all less likely than this to be evidence is not shown."""
MODEL_WHY = "The trained model sees this signal here, though no word list has it."
BARE_WHY = "States a contestable claim flat: no hedge, no source, no evidence in the sentence."
SHOWN = 0.5
"""A sentence counts as showing a signal from this probability."""


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
        self.made_by = MadeBy(version("rhetoric-analyzer"), model.version, lexicons.version)

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

    def __call__(self, article: Article) -> Analysis:
        """What the program says about one article."""
        return next(self.analyze_all((article,)))

    def analyze_all(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        """The analyses of many articles, in order; faster than one by one."""
        batch: list[Article] = []
        size = 0
        for article in articles:
            batch.append(article)
            size += len(article.text)
            if size >= BATCH:
                yield from self._analyze(batch)
                batch, size = [], 0
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
                headline = _headline(readings[len(articles) + titled.index(i)], *headlines[i])
            yield Analysis(article, headline, sentences, findings, readings[i].voices, self.made_by)


def _is_separate(article: Article) -> bool:
    """Whether the title is scored apart: there is one and the text does not begin with it."""
    title = (article.title or "").strip()
    return bool(title) and not article.text.lstrip().startswith(title)


def _headline(reading: Reading, sentences: tuple[Sentence, ...], findings: tuple[Finding, ...]) -> Headline:
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
) -> list[tuple[tuple[Sentence, ...], tuple[Finding, ...]]]:
    """Sentences and findings of each reading."""
    chances, grades = np.round(scores.probability, 6).tolist(), np.round(scores.grade, 6).tolist()
    stream = scores.stream
    bounds = np.searchsorted(stream.place, stream.offsets).tolist()
    done = []
    for r, reading in enumerate(readings):
        base = int(stream.bases[r])
        sentences = []
        for k, ((start, end, paragraph, junk), (voice, speaker, vague)) in enumerate(
            zip(reading.spans, reading.spoken, strict=True), base
        ):
            if junk:
                sentences.append(_junk(start, end, paragraph))
                continue
            a, b, c = chances[k]
            x, y, z = grades[k]
            grade: dict[str, float] = {"charged": x, "prediction": y, "unhedged": z}
            sentences.append(
                Sentence(start, end, paragraph, False, voice, speaker, vague, a, b, c, grade, Because(scores.told, k))
            )
        begin, end = bounds[r], bounds[r + 1]
        at = stream.place[begin:end] - int(stream.offsets[r])
        findings = _findings(reading, sentences, scores.word[begin:end], at, loaded)
        done.append((tuple(sentences), findings))
    return done


def _junk(start: int, end: int, paragraph: int) -> Sentence:
    zero: dict[str, float] = dict.fromkeys(SCORED, 0.0)
    nothing: dict[str, tuple[tuple[str, float], ...]] = dict.fromkeys(SCORED, ())
    return Sentence(start, end, paragraph, True, "author", None, False, 0.0, 0.0, 0.0, zero, nothing)


def _findings(
    reading: Reading,
    sentences: Sequence[Sentence],
    word: NDArray[Any],
    at: NDArray[Any],
    loaded: frozenset[str],
) -> tuple[Finding, ...]:
    """Evidence of lists and code that the word view does not deny, what it sees beyond them, and bare claims."""
    shown: list[Evidence] = []
    starts = [s.start for s in sentences]
    cues = sorted({voice.cue for voice in reading.voices if voice.cue})
    cue_starts, cue_ends = [start for start, _ in cues], list(accumulate((end for _, end in cues), max))
    edges = np.searchsorted(at, reading.held)
    likely = np.maximum.reduceat(np.append(word, np.zeros((1, len(SCORED))), 0), edges.ravel())[::2].tolist()
    for e, chances, (low, high) in zip(reading.evidence, likely, edges.tolist(), strict=True):
        if e.signal == "attribution":
            k = bisect_left(cue_starts, e.end)
            if not k or cue_ends[k - 1] <= e.start:
                continue
        elif (
            e.signal in UNLIKELY
            and low < high
            and e.category != "scare_quote"
            and chances[SCORED.index(e.signal)] < UNLIKELY[e.signal]
        ):
            continue
        shown.append(e)
    for j, signal in enumerate(SCORED):
        shown += _beyond(reading, sentences, word[:, j], at, signal, [e for e in shown if e.signal == signal])
    lacking = {bisect_right(starts, e.start) - 1 for e in shown if e.signal == "unhedged"}
    for k in [k for k, s in enumerate(sentences) if s.unhedged >= SHOWN and not s.junk]:
        if k not in lacking and (verb := find_main_verb(reading.words, starts[k], sentences[k].end)):
            shown.append(Evidence(*verb, "unhedged", "bare", BARE_WHY, 2, None))
    findings = []
    for e in sorted(dict.fromkeys(shown), key=itemgetter(0, 1, 2, 3)):
        start, end, signal, category, why, grade, neutral = e
        k = bisect_right(starts, start) - 1
        if k < 0 or sentences[k].junk or end > sentences[k].end:
            continue
        voice = None if signal == "attribution" else voice_at(reading.voices, start, end)
        whose = (voice.voice, voice.speaker, voice.vague) if voice else ("author", None, False)
        target = None
        if signal == "charged":
            target = find_target(reading.cast, reading.spans[k][:2], (start, end), category, voice=voice, loaded=loaded)
        text = reading.text[start:end]
        findings.append(Finding(start, end, text, signal, category, why, grade, *whose, target, neutral))
    return tuple(findings)


def _beyond(
    reading: Reading,
    sentences: Sequence[Sentence],
    word: NDArray[Any],
    at: NDArray[Any],
    signal: Signal,
    known: Sequence[Evidence],
) -> Iterator[Evidence]:
    """Runs of words that the model takes for evidence of `signal` in a sentence that shows it, and no list does."""
    words, own = reading.words, at[word >= LIKELY[signal]]
    if signal == "charged":
        own = own[[words.lower[k] not in FUNCTION for k in own.tolist()]] if len(own) else own
    own = own[[getattr(sentences[k], signal) >= SHOWN for k in reading.sentence[own].tolist()]] if len(own) else own
    if not len(own):
        return
    for run in np.split(own, np.flatnonzero(np.diff(own) > 1) + 1):
        start, end = int(words.start[run[0]]), int(words.end[run[-1]])
        if not any(e.start < end and start < e.end for e in known):
            yield Evidence(start, end, signal, "model", MODEL_WHY, 1, None)


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

    Examples
    --------
    >>> analyze("Critics warn that the reckless plan may fail.").sentences[0].prediction > 0.5
    True
    """
    if isinstance(source, str) and not _names_file(source):
        source = Article(source)
    if not isinstance(source, Article):
        from rhetoric.reading import read

        source = read(source)
    return shared()(source)


def _names_file(text: str) -> bool:
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
