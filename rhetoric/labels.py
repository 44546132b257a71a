"""Labelled windows of articles: read from files, with their texts or by offset into articles that are elsewhere."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from rhetoric.quotes import find_quotes
from rhetoric.records import SCORED, VOICES
from rhetoric.segment import split_sentences

Window = dict[str, Any]

EVIDENCE = ("charged_spans", "prediction_cues", "booster_cues")
"""Keys of a sentence's evidence, a list of `[start, end]` for each signal."""
POSITIVE = (1, 1, 2)
"""The grade from which a sentence counts, by signal."""
LOST = 0.05
"""A run fails where more than this share of the windows has no text, or another than was labelled."""
_KEPT = ("id", "offset", "outlet", "leaning", "topic", "group", "picked")
_GRADED = ("start", "end", *SCORED, "voice")


class LabelError(ValueError):
    """Labels that cannot be used; the message names file, line and key."""


def read_windows(paths: Iterable[Path], articles: Iterable[Path] = ()) -> tuple[list[Window], list[str]]:
    """The labelled windows of JSONL files, checked, and why windows are left out: one line each.

    Parameters
    ----------
    paths
        Files of labels (plain or .gz). A window has its `text`, or `offset`, `length` and `sha256` of it.
    articles
        JSONL files, or folders of them, with the full texts that windows without their own are cut from; `id` is that
        of the window, or what follows its first colon.

    Raises
    ------
    LabelError
        For a line without what training needs, by file, line and key; and where more than `LOST` of the windows
        are left out.
    """
    windows = read_labels(paths)
    wanted = {str(w["id"]) for w in windows if "text" not in w}
    texts = _find_texts(wanted, articles) if wanted else {}
    found, lost = [], []
    for window in windows:
        whole = window if "text" in window else _cut(window, texts.get(str(window["id"])))
        if isinstance(whole, str):
            lost.append(whole)
        else:
            found.append(whole)
    if len(lost) > LOST * len(windows):
        raise LabelError(
            f"{len(lost)} of {len(windows)} labelled windows have no text, or another than was labelled; "
            f"name the files of their articles with --articles. First: {lost[0]}"
        )
    return found, lost


def read_labels(paths: Iterable[Path]) -> list[Window]:
    """The labelled windows of JSONL files, checked; those labelled by offset have no text.

    Raises
    ------
    LabelError
        For a line without what training needs, by file, line and key.
    """
    windows = [_checked(f"{path}:{number}", line) for path in paths for number, line in _lines(path)]
    if not windows:
        raise LabelError("no labelled article in the given files; each line holds one, see docs/labels.md")
    return windows


def strip_window(window: Window) -> Window:
    """A window without its text: where it stands in which article, its hash and its labels."""
    data = window["text"].encode()
    sentences = [{k: v for k, v in s.items() if v or k in _GRADED} for s in window["sentences"]]
    kept = {key: window[key] for key in _KEPT if key in window}
    return kept | {
        "length": len(window["text"]),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sentences": sentences,
    }


def with_unlabelled(window: Window) -> Window:
    """The window with the sentences of its text that have no label, marked `open`: context, not to be learnt from."""
    text, labelled = window["text"], window["sentences"]
    outer = [(q.start, q.end) for q in find_quotes(text) if not q.depth]
    nothing = dict.fromkeys(SCORED, 0) | {"voice": VOICES[0], "open": True}
    more = [
        {"start": span.start, "end": span.end, "junk": span.junk} | nothing
        for span in split_sentences(text, outer)
        if not any(s["start"] < span.end and span.start < s["end"] for s in labelled)
    ]
    return window | {"sentences": sorted([*labelled, *more], key=lambda s: int(s["start"]))}


def read_articles(path: Path) -> Iterator[dict[str, Any]]:
    """Records of a JSONL file of articles (plain or .gz), each with `id` and `text`.

    Raises
    ------
    LabelError
        For a line that is no such record.
    """
    for number, line in _lines(path):
        try:
            article = orjson.loads(line)
            article["id"], article["text"]
        except (ValueError, KeyError, TypeError):
            raise LabelError(f"{path}:{number}: an article is a JSON object with id and text") from None
        yield article


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that are not blank, with their numbers."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError) as error:
        raise LabelError(f"{path}: cannot be read ({error}); name a JSONL file") from None


def _find_texts(wanted: set[str], articles: Iterable[Path]) -> dict[str, str]:
    """The texts of the articles `wanted`."""
    keys = {name: {name} for name in wanted}
    for name in wanted:
        keys.setdefault(name.partition(":")[2], set()).add(name)
    texts: dict[str, str] = {}
    for given in articles:
        files = sorted(p for p in given.iterdir() if ".jsonl" in p.suffixes) if given.is_dir() else [given]
        for path in files:
            for article in read_articles(path):
                for name in keys.get(str(article["id"]), ()):
                    texts[name] = article["text"]
    return texts


def _cut(window: Window, text: str | None) -> Window | str:
    """The window with its text cut from `text`, or why that cannot be."""
    if text is None:
        return f"{window['id']}: not among the articles"
    own = text[window["offset"] : window["offset"] + window["length"]]
    if hashlib.sha256(own.encode()).hexdigest() != window["sha256"]:
        return f"{window['id']}: the article has another text at {window['offset']}"
    return {"id": window["id"], "text": own} | window


def _checked(where: str, line: bytes) -> Window:
    """One line of labels, with every key that training needs."""
    try:
        window: Window = orjson.loads(line)
    except ValueError as error:
        raise LabelError(f"{where}: not JSON ({error})") from None
    if not isinstance(window, dict):
        raise LabelError(f"{where}: a labelled article is a JSON object")
    needed = ("id", "text", "sentences") if "sha256" not in window else ("id", "offset", "length", "sentences")
    for key in needed:
        if key not in window:
            raise LabelError(f"{where}: no key {key!r}; a labelled article has {', '.join(needed)}")
    last, size = 0, window["length"] if "sha256" in window else len(window["text"])
    for k, s in enumerate(window["sentences"]):
        for key in _GRADED:
            if key not in s:
                raise LabelError(f"{where}: sentences[{k}] has no key {key!r}")
        if not last <= s["start"] < s["end"] <= size:
            raise LabelError(
                f"{where}: sentences[{k}] has start {s['start']}, end {s['end']}: not a range after the last"
            )
        if s["voice"] not in VOICES:
            raise LabelError(f"{where}: sentences[{k}].voice is {s['voice']!r}; one of {', '.join(VOICES)}")
        for signal in SCORED:
            if s[signal] not in (0, 1, 2, 3):
                raise LabelError(f"{where}: sentences[{k}].{signal} is {s[signal]!r}; a grade is 0, 1, 2 or 3")
        if "chances" in s and not _are_chances(s["chances"]):
            raise LabelError(
                f"{where}: sentences[{k}].chances: for each of {', '.join(SCORED)} three percentages that do not rise"
            )
        last = s["end"]
    return window


def _are_chances(given: Any) -> bool:
    """Whether `given` tells how likely grades 1, 2 and 3 or more of each signal are."""
    return (
        isinstance(given, list)
        and len(given) == len(SCORED)
        and all(isinstance(own, list) and len(own) == 3 for own in given)
        and all(isinstance(x, int) for own in given for x in own)
        and all(100 >= own[0] >= own[1] >= own[2] >= 0 for own in given)
    )
