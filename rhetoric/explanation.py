"""One sentence explained, and words found in an analysis: what a reader at a notebook asks next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rhetoric.records import SCORED, Analysis, Finding, Sentence, Signal
from rhetoric.tables import sentence_of

if TYPE_CHECKING:
    import pandas as pd

PARTS = 8
"""So many parts of a score are drawn; the rest stand together in one."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One sentence: its voice, its three scores, the parts that add up to them, and its findings."""

    number: int
    """Position in `analysis.sentences`."""
    text: str
    sentence: Sentence
    findings: tuple[Finding, ...]

    def frame(self) -> pd.DataFrame:
        """The parts as a pandas frame: `signal` (category), `part` and `log_odds`, which add up to the score's."""
        import pandas as pd

        rows = [(signal, *part) for signal in SCORED for part in self.sentence.because[signal]]
        made = pd.DataFrame(rows, columns=["signal", "part", "log_odds"])
        return made.astype({"signal": pd.CategoricalDtype(list(SCORED)), "part": "string", "log_odds": "float64"})

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """Bars of the parts and the marked sentence for a notebook."""
        from rhetoric.render.html import to_explanation

        return to_explanation(self)

    def _lines(self) -> Iterator[str]:
        yield f"{self.number}: {self.text}"
        yield voice_line(self.sentence)
        for signal in SCORED:
            yield score_line(self.sentence, signal)
            yield "           " + ", ".join(f"{what} {x:+.2f}" for what, x in self.sentence.because[signal])
        for f in self.findings:
            yield finding_line(f, f"“{f.text}”")


def voice_line(s: Sentence) -> str:
    """Return who speaks in a sentence."""
    said_by = f", {s.speaker}" if s.speaker else ", vague source" if s.vague else ""
    return f"voice: {s.voice}{said_by}{'  (no part of an article: left out of every rate)' if s.junk else ''}"


def score_line(s: Sentence, signal: Signal, bar: str = "") -> str:
    """Return a score and its expected grade, with a bar between them where one is given."""
    return f"{signal:<11}{getattr(s, signal):5.2f}{bar}  expected grade {s.grade[signal]:.1f} of 3"


def finding_line(f: Finding, words: str, *, counts: bool = True) -> str:
    """Return what a finding is; `words` are its own as they are to be shown. One that does not count is only named."""
    grade = f", grade {f.grade}" if f.grade else ""
    named = f"{words} {f.signal}: {f.category}{grade}"
    if not counts:
        return f"  left out, {f.voice}: {named}"
    plainer = f"  plainer: {f.neutral}" if f.neutral else ""
    target = f"  of whom: {f.target}" if f.target else ""
    return f"  {named}, {f.voice}. {f.why}{plainer}{target}"


def explain(analysis: Analysis, number: int) -> Explanation:
    """Return one sentence with what its scores are made of.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    number : int
        Position of the sentence in `analysis.sentences`, as in the column `sentence` of every frame; −1 is the last.

    Raises
    ------
    IndexError
        There is no such sentence; the message says how many there are.
    """
    count = len(analysis.sentences)
    if not -count <= number < count:
        there = f"there are {count}, numbered 0 to {count - 1}" if count else "the text has none"
        raise IndexError(f"no sentence {number}: {there}")
    sentence = analysis.sentences[number]
    found = tuple(f for f in analysis.findings if sentence.start <= f.start < sentence.end)
    return Explanation(number % count, analysis.article.text[sentence.start : sentence.end], sentence, found)


def find(analysis: Analysis, words: str) -> pd.DataFrame:
    """Return every place where words of the text begin with `words`, case and kind of white space left aside.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    words : str
        One or more words; the last may be the beginning of one: "regime" finds "regimes".

    Returns
    -------
    pandas.DataFrame
        One row a place: `sentence` (int32, its position), `start`, `end` (int32), `match`, `voice` (category: whose
        words they are), `speaker`, `marks` (what is marked there, "charged 2" for a charged finding of grade 2, empty
        where nothing is), and `text`, the sentence.
    """
    import pandas as pd

    from rhetoric.records import VOICES
    from rhetoric.voice import voice_at

    text = analysis.article.text
    rows = []
    for start, end in places(text, words):
        i = sentence_of(analysis, start)
        voice = voice_at(analysis.voices, start, end)
        sentence = analysis.sentences[i]
        marks = [f for f in analysis.findings if f.start < end and start < f.end]
        rows.append(
            (i, start, end, text[start:end], voice.voice if voice else "author", voice.speaker if voice else None)
            + (", ".join(f"{f.signal} {f.grade}" if f.grade else f.signal for f in marks),)
            + (text[sentence.start : sentence.end],)
        )
    types = {
        "sentence": "int32", "start": "int32", "end": "int32", "match": "string",
        "voice": pd.CategoricalDtype(list(VOICES)), "speaker": "string", "marks": "string", "text": "string",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words of a text begin with `words`; each place ends with its last word."""
    wanted = words.split()
    if not wanted:
        raise ValueError("nothing to look for; give a word")
    pattern = r"\s+".join(re.escape(word) for word in wanted)
    begin = r"(?<!\w)" if re.match(r"\w", wanted[0]) else ""
    return [m.span() for m in re.finditer(rf"{begin}{pattern}\w*", text, re.IGNORECASE)]
