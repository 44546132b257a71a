"""Counts and tables of an analysis. Every figure on a card, an index, a page or in a CSV file comes from here.

Junk sentences count in no figure. A mixed sentence counts with the author's: part of its wording is the author's.
Rates are per 1,000 words of the whole article, so that the author's and the others' rates add up to that of all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rhetoric.because import Sentences
from rhetoric.records import (
    CATEGORIES,
    SCORED,
    SIGNALS,
    VOICES,
    Analysis,
    Finding,
    Sentence,
    Signal,
    Voice,
    VoiceName,
    tuples,
)

if TYPE_CHECKING:
    import pandas as pd

    from rhetoric.segment import Span

Table = Literal["sentences", "findings", "voices", "ledger"]

MARKED = 0.5
"""A sentence counts as marked for a signal from this score on."""

OTHERS: frozenset[str] = frozenset({"quoted", "reported"})
"""The voices that are not the author's."""

SIDES = ("author", "others")
"""Whose sentences and findings are counted apart."""

Policy = Literal["all", "author", "author+reported"]

POLICIES: dict[Policy, frozenset[str]] = {
    "all": frozenset(VOICES),
    "author": frozenset(VOICES) - OTHERS,
    "author+reported": frozenset(VOICES) - {"quoted"},
}
"""The voices that count under each policy."""

NOTHING: dict[str, int] = dict.fromkeys(SCORED, 0)

COLUMNS: dict[Table, dict[str, str]] = {
    "sentences": {
        "sentence": "int32",
        "start": "int32",
        "end": "int32",
        "paragraph": "int32",
        "junk": "bool",
        "voice": "category",
        "speaker": "string",
        "vague": "bool",
        "charged": "float64",
        "prediction": "float64",
        "unhedged": "float64",
        "grade_charged": "float64",
        "grade_prediction": "float64",
        "grade_unhedged": "float64",
        "words": "int32",
        "text": "string",
    },
    "findings": {
        "sentence": "int32",
        "start": "int32",
        "end": "int32",
        "text": "string",
        "signal": "category",
        "category": "category",
        "why": "string",
        "grade": "int8",
        "voice": "category",
        "speaker": "string",
        "vague": "bool",
        "target": "string",
        "neutral": "string",
    },
    "voices": {
        "sentence": "int32",
        "start": "int32",
        "end": "int32",
        "voice": "category",
        "speaker": "string",
        "vague": "bool",
        "source": "string",
        "cue": "string",
        "closed": "bool",
        "words": "int32",
        "text": "string",
    },
    "ledger": {
        "speaker": "string",
        "voice": "category",
        "label": "string",
        "target": "string",
        "category": "category",
        "grade": "int8",
        "sentence": "int32",
        "start": "int32",
        "end": "int32",
    },
}
"""Columns of each table, in order, with their types in pandas; `sentence` is a position in `analysis.sentences`."""


def sentence_of(analysis: Analysis, start: int) -> int:
    """Return the position of the sentence in which offset `start` stands, or of the last one before it."""
    return max(bisect_right(analysis.sentences, start, key=lambda s: s.start) - 1, 0)


def flat_voices(voices: tuple[Voice, ...]) -> list[tuple[int, int, Voice]]:
    """Ranges that do not overlap, in order, each with the voice that speaks there; the innermost of nested ones."""
    pieces: list[tuple[int, int, Voice]] = []
    begin = end = 0
    for k, voice in enumerate(voices):
        if voice.start >= end:
            begin, end = k, voice.end
            pieces.append((voice.start, end, voice))
            continue
        end = max(end, voice.end)
        if k + 1 == len(voices) or voices[k + 1].start >= end:
            pieces[-1:] = _flat_group(voices[begin : k + 1])
    return pieces


def _flat_group(group: tuple[Voice, ...]) -> list[tuple[int, int, Voice]]:
    """Flatten voices that overlap in one chain."""
    bounds = sorted({b for v in group for b in (v.start, v.end)})
    by_size = sorted(group, key=lambda v: v.end - v.start)
    pieces: list[tuple[int, int, Voice]] = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        voice = next(v for v in by_size if v.start <= start and end <= v.end)
        if pieces and pieces[-1][2] is voice:
            pieces[-1] = (pieces[-1][0], end, voice)
        else:
            pieces.append((start, end, voice))
    return pieces


def summary(analysis: Analysis, heard: list[Heard] | None = None) -> dict[str, Any]:
    """Count an article: its figures as plain data.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    heard : list of Heard, optional
        What `heard_in` gives for it, where that is known.

    Returns
    -------
    dict
        `words` and `sentences` without junk; `by_signal`: marked sentences, findings, findings per 1,000 words and the
        sum of expected grades, for all, the author and others; `by_voice`: sentences, words and findings in each voice;
        `speakers`: who is quoted or reported, most words first; `ledger`: who calls whom what.
    """
    text, findings = analysis.article.text, analysis.findings
    real = [s for s in _spans(analysis) if not s.junk]
    words = len(" ".join([text[s.start : s.end] for s in real]).split())
    heard = heard_in(analysis) if heard is None else heard

    by_voice: dict[str, dict[str, int]] = {v: {"sentences": 0, "words": 0, **NOTHING} for v in VOICES}
    rows = _rows(analysis.sentences)
    for voice, _ in rows:
        by_voice[voice]["sentences"] += 1
    for piece in heard:
        by_voice[piece.voice.voice]["words"] += piece.words
    by_voice["author"]["words"] = max(words - sum([piece.words for piece in heard]), 0)

    counts = {signal: [0, 0] for signal in SIGNALS}
    for finding in findings:
        counts[finding.signal][finding.voice in OTHERS] += 1
        if finding.signal in NOTHING:
            by_voice[finding.voice][finding.signal] += 1

    rate = 1000 / words if words else 0.0
    sides = [_scored([row for voice, row in rows if (voice in OTHERS) is others]) for others in (False, True)]
    by_signal: dict[str, dict[str, Any]] = {}
    for signal, found in counts.items():
        one, two = (
            {**side.get(signal, {}), "findings": n, "per_1000_words": round(n * rate, 2)}
            for side, n in zip(sides, found, strict=True)
        )
        both = {key: round(one[key] + two[key], 6) for key in one}
        both["per_1000_words"] = round(sum(found) * rate, 2)
        by_signal[signal] = {**both, "author": one, "others": two}
    return {
        "words": words,
        "sentences": len(real),
        "by_signal": by_signal,
        "by_voice": by_voice,
        "speakers": _speakers(findings, heard),
        "ledger": _ledger(analysis),
    }


def counted(analysis: Analysis, policy: Policy = "all") -> dict[str, Any]:
    """Count what a policy lets count, and what it leaves out.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    policy : {"all", "author", "author+reported"}
        Whose words count.

    Returns
    -------
    dict
        By scored signal `sentences` (marked ones), `findings` and `left_out`, which holds the same two for the voices
        that do not count.
    """
    voices = POLICIES[policy]
    made: dict[str, Any] = {}
    for signal in SCORED:
        score = attrgetter(signal)
        marked = [s.voice in voices for s in analysis.sentences if not s.junk and score(s) >= MARKED]
        found = [f.voice in voices for f in analysis.findings if f.signal == signal]
        out = {"sentences": len(marked) - sum(marked), "findings": len(found) - sum(found)}
        made[signal] = {"sentences": sum(marked), "findings": sum(found), "left_out": out}
    return made


def _spans(analysis: Analysis) -> Sequence[Span | Sentence]:
    """Where the sentences stand, with no record made that is not there."""
    own = analysis.sentences
    return own.spans if isinstance(own, Sentences) else own


def _rows(sentences: Sequence[Sentence]) -> list[tuple[VoiceName, list[float]]]:
    """The voice, scores and expected grades of each sentence that is no junk."""
    if isinstance(sentences, Sentences):
        return sentences.rows
    return [(s.voice, [*_SCORES(s), *_GRADES(s.grade)]) for s in sentences if not s.junk]


def _scored(rows: list[list[float]]) -> dict[Signal, dict[str, Any]]:
    """How many sentences are marked for each scored signal, and their expected grades."""
    columns = [*zip(*rows, strict=True)] or [()] * (2 * len(SCORED))
    return {
        signal: {"sentences": sum(map(MARKED.__le__, score)), "grade": round(sum(grade), 6)}
        for signal, score, grade in zip(SCORED, columns, columns[len(SCORED) :], strict=False)
    }


_SCORES, _GRADES = attrgetter(*SCORED), itemgetter(*SCORED)


class Heard(NamedTuple):
    """A range of `flat_voices` outside junk."""

    voice: Voice
    words: int
    first: int
    """Position of the sentence in which it begins."""
    last: int


def heard_in(analysis: Analysis) -> list[Heard]:
    """Return the ranges of an article in which its author does not speak, in order."""
    text, sentences = analysis.article.text, _spans(analysis)
    if not sentences:
        return []
    starts = [s.start for s in sentences]
    heard = []
    for start, end, voice in flat_voices(analysis.voices):
        first = max(bisect_right(starts, start) - 1, 0)
        if not sentences[first].junk:
            last = first
            if end > sentences[first].end:
                last = max(bisect_right(starts, end - 1, first) - 1, 0)
            heard.append(_heard((voice, len(text[start:end].split()), first, last)))
    return heard


_heard = tuples(Heard)


def _speakers(findings: tuple[Finding, ...], heard: list[Heard]) -> list[dict[str, Any]]:
    """One row a speaker, most words first; the row without a name is everyone the text does not name."""
    rows: dict[tuple[str | None, bool], dict[str, Any]] = {}
    seen: set[int] = set()
    for voice, size, _, _ in heard:
        row = _speaker(rows, voice.speaker, voice.vague)
        row["words"] += size
        if id(voice) not in seen:
            seen.add(id(voice))
            row[voice.voice] += 1
    for finding in findings:
        if finding.signal in NOTHING and finding.voice in OTHERS:
            _speaker(rows, finding.speaker, finding.vague)[finding.signal] += 1
    return sorted(rows.values(), key=lambda row: (-row["words"], row["name"] or "", row["vague"]))


def _speaker(rows: dict[tuple[str | None, bool], dict[str, Any]], name: str | None, vague: bool) -> dict[str, Any]:
    """Return the row of a speaker, made where there is none yet."""
    key = (name, vague)
    if key not in rows:
        rows[key] = {"name": name, "vague": vague, "quoted": 0, "reported": 0, "words": 0, **NOTHING}
    return rows[key]


def _ledger(analysis: Analysis) -> list[dict[str, Any]]:
    """Who calls whom what: one row a charged finding, in the order of the text."""
    starts = [s.start for s in _spans(analysis)]
    return [
        {
            "speaker": f.speaker,
            "voice": f.voice,
            "label": f.text,
            "target": f.target,
            "category": f.category,
            "grade": f.grade,
            "sentence": max(bisect_right(starts, f.start) - 1, 0),
            "start": f.start,
            "end": f.end,
        }
        for f in analysis.findings
        if f.signal == "charged"
    ]


def rows(analysis: Analysis, table: Table) -> list[tuple[Any, ...]]:
    """Return the rows of a table, in the order of the text; one value for each of `COLUMNS[table]`."""
    text = analysis.article.text
    if table == "ledger":
        return [tuple(row.values()) for row in _ledger(analysis)]
    if table == "findings":
        return [
            (sentence_of(analysis, f.start), f.start, f.end, f.text, f.signal, f.category, f.why, f.grade)
            + (f.voice, f.speaker, f.vague, f.target, f.neutral)
            for f in analysis.findings
        ]
    if table == "voices":
        return [
            (sentence_of(analysis, v.start), v.start, v.end, v.voice, v.speaker, v.vague)
            + (v.source and text[slice(*v.source)], v.cue and text[slice(*v.cue)], v.closed)
            + (len(text[v.start : v.end].split()), text[v.start : v.end])
            for v in analysis.voices
        ]
    return [
        (i, s.start, s.end, s.paragraph, s.junk, s.voice, s.speaker, s.vague, s.charged, s.prediction, s.unhedged)
        + tuple(s.grade[signal] for signal in SCORED)
        + (len(text[s.start : s.end].split()), text[s.start : s.end])
        for i, s in enumerate(analysis.sentences)
    ]


def frame(analysis: Analysis, table: Table) -> pd.DataFrame:
    """Return a table as a pandas frame.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    table : {"sentences", "findings", "voices", "ledger"}
        Which table; `COLUMNS` has the columns of each with their types.

    Returns
    -------
    pandas.DataFrame
        One row a sentence, finding, voice or charged label, in the order of the text. Speakers, targets and neutral
        words that the text does not give are missing values.
    """
    import pandas as pd

    if table not in COLUMNS:
        raise ValueError(f"no table {table!r}; there are {', '.join(COLUMNS)}")
    types = COLUMNS[table]
    return typed(pd.DataFrame(rows(analysis, table), columns=list(types)), types)


def typed(frame: pd.DataFrame, types: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame with these types; a category has all known values, then others that are found, sorted."""
    import pandas as pd

    made: dict[str, Any] = dict(types)
    known = {"voice": VOICES, "signal": SIGNALS, "category": [c for signal in SIGNALS for c in CATEGORIES[signal]]}
    for name in known.keys() & made.keys():
        own = sorted(frame[name].dropna().unique())
        made[name] = pd.CategoricalDtype([*dict.fromkeys([*known[name], *own])])
    return frame.astype(made)


def strongest(analysis: Analysis, count: int = 10) -> list[int]:
    """Return the positions of the marked sentences with the highest sums of expected grades, strongest first."""
    marked = [
        (-sum(s.grade[signal] for signal in SCORED), i)
        for i, s in enumerate(analysis.sentences)
        if not s.junk and max(s.charged, s.prediction, s.unhedged) >= MARKED
    ]
    return [i for _, i in sorted(marked)[:count]]
