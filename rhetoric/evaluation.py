"""How well scores, voices and evidence agree with labels, beside what word lists and coded signals reach alone."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from rhetoric.analysis import Analyzer
from rhetoric.features import prepare
from rhetoric.labels import EVIDENCE, POSITIVE, Window
from rhetoric.measures import (
    FEWEST,
    RUNS,
    Estimate,
    Floats,
    Ints,
    Weights,
    area,
    average_precision,
    calibration_error,
    estimate,
    excess_calibration_error,
    f_of,
    f_score,
    macro_f,
    share,
)
from rhetoric.records import SCORED, VOICES, Analysis, Article, Finding, Sentence
from rhetoric.render.prose import count
from rhetoric.signals import Evidence
from rhetoric.tables import MARKED

HIGH = (2, 2, 3)
"""The grade that the expected grade should put first, by signal."""
STRONG, SURE = 2, (0.2, 0.8)
"""A disagreement: a listed finding of this grade and a score below the first, or one above the second without any."""
BY_CHARACTER = ("charged", "prediction")
"""Signals whose evidence is measured by character: labels mark boosters, not whole unhedged claims."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one thing, for the program and, where they have it, for the lists alone."""

    of: str
    what: str
    program: Estimate | float
    lists: Estimate | None
    higher: bool
    """Whether higher is better."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A sentence whose score and whose listed evidence disagree."""

    id: str
    offset: int
    """Of the sentence in its article."""
    what: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Labelled sentences beside what the program says of them, junk left out. First axis: sentences."""

    places: list[tuple[str, int, str]]
    """Id, offset in the article, text."""
    listed_words: list[tuple[str, ...]]
    """(sentences, signals): the words of the highest grade of lists and code."""
    article: Ints
    truth: Ints
    """(sentences, signals): labelled grade."""
    chance: Floats
    grade: Floats
    """(sentences, signals): expected grade."""
    listed: Ints
    """(sentences, signals): highest grade of lists and code."""
    voice: Ints
    said: Ints
    """Index of the program's voice in `VOICES`."""
    characters: Floats
    """(sentences, `BY_CHARACTER`, program or lists, (hits, false, missed)): characters of evidence."""
    shown: Ints
    """(sentences, signals): findings."""


def judge(windows: Sequence[Window], analyzer: Analyzer, *, voices: Container[str] = VOICES) -> Judged:
    """What `analyzer` says of labelled windows, sentence by sentence that is labelled with one of `voices`."""
    analyses = analyzer.analyze_all(Article(w["text"], str(w["id"])) for w in windows)
    rows = []
    for number, (window, analysis) in enumerate(zip(windows, analyses, strict=True)):
        evidence = prepare(window["text"], analyzer.lexicons).evidence
        rows += [
            (number, *_row(window, label, analysis, evidence))
            for label in window["sentences"]
            if not label.get("junk") and label["voice"] in voices
        ]
    columns = list(zip(*rows, strict=True))
    numbers = [np.array(column) for column in (columns[0], *columns[3:])]
    return Judged(list(columns[1]), list(columns[2]), *numbers)


def _row(window: Window, label: dict[str, Any], analysis: Analysis, evidence: Sequence[Evidence]) -> tuple[Any, ...]:
    """The columns of `Judged`, but `article`, of one labelled sentence."""
    start, end = label["start"], label["end"]
    over: list[Sentence] = _over(analysis.sentences, start, end)
    findings: list[Finding] = _over(analysis.findings, start, end)
    listed: list[Evidence] = _over(evidence, start, end)
    most = max(over, key=lambda s: int(min(s.end, end) - max(s.start, start)), default=None)
    best = [max((e for e in listed if e.signal == signal), key=lambda e: e.grade, default=None) for signal in SCORED]
    characters = []
    for signal in BY_CHARACTER:
        want = _covered(label.get(EVIDENCE[SCORED.index(signal)], ()), start, end)
        for found in (findings, listed):
            have = _covered(((f.start, f.end) for f in found if f.signal == signal), start, end)
            characters.append(((want & have).sum(), (have & ~want).sum(), (want & ~have).sum()))
    return (
        (str(window["id"]), window.get("offset", 0) + start, window["text"][start:end]),
        tuple(window["text"][e.start : e.end] if e else "" for e in best),
        [label[signal] for signal in SCORED],
        [max((getattr(s, signal) for s in over), default=0.0) for signal in SCORED],
        [max((s.grade[signal] for s in over), default=0.0) for signal in SCORED],
        [e.grade if e else 0 for e in best],
        VOICES.index(label["voice"]),
        VOICES.index(most.voice) if most else 0,
        np.reshape(characters, (len(BY_CHARACTER), 2, 3)),
        [sum(f.signal == signal for f in findings) for signal in SCORED],
    )


def _over(spans: Iterable[Any], start: int, end: int) -> list[Any]:
    """The spans that overlap a range."""
    return [s for s in spans if s.start < end and start < s.end]


def _covered(ranges: Iterable[Sequence[int]], start: int, end: int) -> np.ndarray:
    """True for each character of a sentence that a range covers."""
    covered = np.zeros(end - start, np.bool_)
    for low, high in ranges:
        covered[max(low - start, 0) : max(high - start, 0)] = True
    return covered


def evaluate(judged: Judged) -> list[Figure]:
    """Every measure of `judged`, in the order of the printed table."""
    return list(_figures(judged))


def _figures(judged: Judged) -> Iterator[Figure]:
    article = judged.article

    def figure(
        of: str, what: str, program: Callable[[Weights], float], lists: Callable[[Weights], float] | None = None
    ) -> Figure:
        return Figure(of, what, estimate(program, article), lists and estimate(lists, article), True)

    for j, signal in enumerate(SCORED):
        right, chance, listed = judged.truth[:, j] >= POSITIVE[j], judged.chance[:, j], judged.listed[:, j] * 1.0
        if right.all() or not right.any():
            continue
        truth = right.astype(np.int64)
        yield figure(signal, "AUC", area(truth, chance), area(truth, listed))
        yield figure(signal, "average precision", average_precision(truth, chance), average_precision(truth, listed))
        yield figure(signal, "F1 at .5", f_of(right, chance >= MARKED), f_of(right, listed >= POSITIVE[j]))
        yield Figure(signal, "calibration error", calibration_error(truth, chance), None, False)
        yield Figure(signal, "  beyond noise", excess_calibration_error(truth, chance), None, False)
        high = (judged.truth[:, j] >= HIGH[j]).astype(np.int64)
        if high.any():
            yield figure(signal, f"AUC, grade {HIGH[j]} or more", area(high, judged.grade[:, j]), area(high, listed))
    for k, marked in enumerate(BY_CHARACTER):
        ours, lists = judged.characters[:, k, 0].T * 1.0, judged.characters[:, k, 1].T * 1.0
        if ours[0].sum() + ours[2].sum():
            of = f"{marked} evidence"
            yield figure(of, "precision", share(ours[0], ours[0] + ours[1]), share(lists[0], lists[0] + lists[1]))
            yield figure(of, "recall", share(ours[0], ours[0] + ours[2]), share(lists[0], lists[0] + lists[2]))
            yield figure(of, "F1", f_score(*ours), f_score(*lists))
    same = (judged.voice == judged.said) * 1.0
    yield figure("voice", "F1, author or not", f_of(judged.voice > 0, judged.said > 0))
    yield figure("voice", "F1, mean of four", macro_f(judged.voice, judged.said, len(VOICES)))
    yield figure("voice", "accuracy", share(same, np.ones_like(same)))


def to_text(judged: Judged, figures: Sequence[Figure]) -> str:
    """The figures as an aligned table, with what they mean."""
    articles, sentences = len(np.unique(judged.article)), len(judged.places)
    head = f"{'':<20}{'':<24}{'program':<24}{'lists alone':<24}better"
    lines = [f"{count(sentences, 'sentence')} of {count(articles, 'article')}, junk left out", "", head]
    last = ""
    for f in figures:
        program = str(f.program) if isinstance(f.program, Estimate) else f"{f.program:.3f}"
        name = f.of if f.of != last else ""
        last = f.of
        lines.append(f"{name:<20}{f.what:<24}{program:<24}{str(f.lists or ''):<24}{'higher' if f.higher else 'lower'}")
    return "\n".join([*lines, "", *NOTES])


def to_dict(judged: Judged, figures: Sequence[Figure]) -> dict[str, Any]:
    """The figures as plain data; an interval that there is not is null."""
    return {
        "articles": len(np.unique(judged.article)),
        "sentences": len(judged.places),
        "figures": [
            {
                "of": f.of,
                "what": f.what.strip(),
                "program": _interval(f.program),
                "lists": _interval(f.lists) if f.lists else None,
                "better": "higher" if f.higher else "lower",
            }
            for f in figures
        ],
    }


def _interval(value: Estimate | float) -> dict[str, float | None]:
    """A measure and, where it has one, its 95 % interval."""
    if not isinstance(value, Estimate):
        return {"value": round(value, 6), "low": None, "high": None}
    return {name: None if isnan(x) else round(x, 6) for name, x in value._asdict().items()}


NOTES = (
    f"In brackets: 95 % interval, the articles drawn anew {RUNS} times; calibration errors have none, it would lie.",
    f"A dash stands where there are fewer than {FEWEST} articles: drawn anew, so few say nothing of others.",
    "A sentence counts from grade 1 (charged, prediction) or 2 (unhedged). AUC .5 is chance. The calibration error is",
    "the mean distance of score and share over ten bins; “beyond noise” is its part that no sample noise explains.",
    "Evidence is measured by character. Lists alone: word lists and coded signals, the highest grade as the score.",
    "The labels are what their annotators said, not truth; those of this project were made by language models.",
)


def find_disagreements(judged: Judged) -> list[Disagreement]:
    """Sentences with strong listed evidence and a low score, or a high score and no finding; the widest apart first."""
    low, high = SURE
    found = []
    for j, signal in enumerate(SCORED):
        for k, (chance, listed) in enumerate(zip(judged.chance[:, j], judged.listed[:, j], strict=True)):
            if listed >= STRONG and chance < low:
                what = f"{signal} {chance:.2f}, though lists have “{judged.listed_words[k][j]}”, grade {listed}"
            elif chance >= high and not judged.shown[k, j]:
                what = f"{signal} {chance:.2f}, though no finding shows why"
            else:
                continue
            id_, offset, text = judged.places[k]
            what += f"; labelled {judged.truth[k, j]}"
            found.append((-abs(chance - 0.5), Disagreement(id_, offset, what, " ".join(text.split()))))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]
