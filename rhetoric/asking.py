"""Labels by hand: which sentence to ask for next, what an answer means, and a file that each answer goes to at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from rhetoric.labels import EVIDENCE, LabelError, Window, read_labels
from rhetoric.records import SCORED, VOICES, Analysis, Sentence

ASKED = (1, 1, 3)
"""The grade from which the words that carry a signal are asked for: labels of unhedged assertions mark boosters."""
HELP = """\
Three grades, 0 to 3, for charged, prediction, unhedged: 200 is a clear charged label, no prediction, nothing unhedged.
Behind them, where it is not as shown, the voice: a author, q quoted, r reported, m mixed. 200q
  Enter  000      j  junk, no part of the article      s  skip for now
  b      back     ?  this help                         q  quit; every answer is kept
Judge the wording, not the side; between two grades take the lower. What each grade means: docs/labels.md"""
_ANSWER = re.compile(r"([0-3])[ ,]*([0-3])[ ,]*([0-3])[ ,]*([aqrm]?)")


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence to label."""

    article: int
    sentence: int
    start: int
    end: int


def uncertainty(sentence: Sentence) -> float:
    """How unsure the model is of a sentence, in bits over the three signals."""
    chances = (sentence.charged, sentence.prediction, sentence.unhedged)
    return sum(-p * math.log2(p) for chance in chances for p in (chance, 1 - chance) if p)


def questions(analyses: Sequence[Analysis], windows: Iterable[Window], *, in_order: bool = False) -> list[Question]:
    """The sentences that have no label in `windows` yet, most uncertain first, or with `in_order` as they stand.

    Raises
    ------
    LabelError
        Where a window has the id of an article, but another text.
    """
    texts = {a.article.id: a.article.text for a in analyses}
    labelled: dict[str, list[tuple[int, int]]] = {}
    for window in windows:
        name = str(window["id"])
        if name in texts and window.get("text") != texts[name]:
            raise LabelError(f"{name}: was labelled with another text; give another file to -o")
        labelled.setdefault(name, []).extend((s["start"], s["end"]) for s in window["sentences"])
    found = []
    for number, analysis in enumerate(analyses):
        done = labelled.get(analysis.article.id, [])
        for k, s in enumerate(analysis.sentences):
            if not s.junk and not any(start < s.end and s.start < end for start, end in done):
                found.append((0.0 if in_order else -uncertainty(s), Question(number, k, s.start, s.end)))
    return [question for _, question in sorted(found, key=lambda pair: pair[0])]


def read_answer(answer: str, voice: str) -> dict[str, Any] | None:
    """The label of an answer such as `200`, `2 0 0 q` or `j`, or None where it is no such answer."""
    if answer.strip().lower() == "j":
        return dict.fromkeys(SCORED, 0) | {"voice": "author", "junk": True}
    matched = _ANSWER.fullmatch(answer.strip().lower() or "000")
    if not matched:
        return None
    *grades, letter = matched.groups()
    return dict(zip(SCORED, map(int, grades), strict=True)) | {
        "voice": next((name for name in VOICES if letter and name.startswith(letter)), voice)
    }


def find_marked(text: str, start: int, end: int, answer: str) -> list[list[int]]:
    """The ranges of the words of an answer, `;` between, in the sentence; in capitals or not.

    Raises
    ------
    LabelError
        For words that the sentence does not have.
    """
    found = []
    for words in filter(None, (part.strip() for part in answer.split(";"))):
        match = re.compile(re.escape(words), re.IGNORECASE).search(text, start, end)
        if not match:
            raise LabelError(f"“{words}” is not in the sentence; write the words as they stand there, ; between")
        found.append([match.start(), match.end()])
    return sorted(found)


def asked(label: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Signals whose words are asked for after an answer, and the key of their ranges."""
    for signal, key, least in zip(SCORED, EVIDENCE, ASKED, strict=True):
        if label[signal] >= least:
            yield signal, key


def put(windows: list[Window], analysis: Analysis, question: Question, label: dict[str, Any]) -> None:
    """Put a label into its article's window, in the order of the text; `windows` gains one where there is none."""
    article = analysis.article
    window = next((w for w in windows if str(w["id"]) == article.id), None)
    if window is None:
        window = {"id": article.id, "text": article.text, "sentences": []}
        if article.outlet:
            window["outlet"] = article.outlet
        windows.append(window)
    own = {"start": question.start, "end": question.end} | label
    window["sentences"] = sorted([*window["sentences"], own], key=lambda s: int(s["start"]))


def take_back(windows: list[Window], analysis: Analysis, question: Question) -> None:
    """Take the label of a sentence out again; a window without any goes too."""
    for window in windows:
        if str(window["id"]) == analysis.article.id:
            window["sentences"] = [s for s in window["sentences"] if s["start"] != question.start]
    windows[:] = [w for w in windows if w["sentences"]]


def load(path: Path) -> list[Window]:
    """The labels given so far; none where there is no file yet.

    Raises
    ------
    LabelError
        For a line that is no label, or one without its text.
    """
    if not path.exists() or not path.stat().st_size:
        return []
    windows = read_labels([path])
    for window in windows:
        if "text" not in window:
            raise LabelError(f"{path}: labels without text cannot be added to; give another file to -o")
    return windows


def save(path: Path, windows: Sequence[Window]) -> None:
    """Write the labels in one go: the file is the old one or the new one, whatever happens."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(b"".join(orjson.dumps(window) + b"\n" for window in windows))
    new.replace(path)
