"""Hold lexicons against their own examples and against labelled articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhetoric.lexicon import Lexicons, Match, bear_out
from rhetoric.lexicon_files import lexicon_files, read_file
from rhetoric.records import VOICES
from rhetoric.segment import Words, find_words


class Problem(NamedTuple):
    """An example that does not come out as its file says."""

    file: str
    what: str
    """missed, false hit, or not itself."""
    term: str
    sentence: str


class Row(NamedTuple):
    """How a term or a category does on labelled articles."""

    signal: str
    category: str
    term: str
    """Empty in the row of a category or a signal."""
    hits: int
    precision: float
    """Share of the hits (for charged: of their characters) that the labels bear out; higher is better."""
    recall: float
    """Share of the labelled evidence that it finds; higher is better, nan where nothing is labelled."""
    articles: int
    """In how many articles it occurs."""


def find_terms(lexicons: Lexicons, text: str) -> list[tuple[int, int, int]]:
    """Start, end and term of every hit in a text of plain sentences."""
    words = find_words(text)
    return _offsets(words, lexicons.match(words, begins(words)))


def begins(words: Words) -> NDArray[np.bool_]:
    """True for each word that begins a sentence or a quotation, told by the mark before it."""
    first = [True] * min(len(words.lower), 1)
    for i in range(1, len(words.lower)):
        mark = words.lower[i - 1]
        opened = mark in '"“‘' and (i < 2 or words.end[i - 2] < words.start[i - 1])
        first.append(
            mark in "!?" or opened or (mark == "." and words.end[i - 1] < words.start[i] and bool(words.capital[i]))
        )
    return np.array(first, np.bool_)


def _offsets(words: Words, matches: Iterable[Match]) -> list[tuple[int, int, int]]:
    """Matches in code points of the text."""
    start, end = words.start, words.end
    return [(int(start[begin]), int(end[stop - 1]), term) for begin, stop, term in matches]


def check(lexicons: Lexicons) -> list[Problem]:
    """Every hit and miss sentence of the files that comes out wrong, and every term that does not find itself."""
    problems = []
    for folder in lexicons.folders:
        for path in lexicon_files(folder):
            file = read_file(path, path.read_bytes())
            name = f"{path.parent.name}/{path.name}"
            here = (file["signal"], file["category"])
            for sentence, *wanted in file["examples"].get("hit", []):
                found = [sentence[start:end] for start, end, _ in _of(lexicons, sentence, here)]
                problems += [Problem(name, "missed", text, sentence) for text in wanted if text not in found]
            for sentence in file["examples"].get("miss", []):
                found = [sentence[start:end] for start, end, _ in _of(lexicons, sentence, here)]
                problems += [Problem(name, "false hit", text, sentence) for text in found]
            for text in (term["text"] for term in file["terms"]):
                whole = [
                    lexicons.terms[term].text
                    for start, end, term in _of(lexicons, text, here[:1])
                    if end - start == len(text)
                ]
                if text not in whole and not _is_replaced(lexicons, here, text):
                    problems.append(Problem(name, "not itself", text, text))
    return problems


def _of(lexicons: Lexicons, text: str, place: Sequence[str]) -> list[tuple[int, int, int]]:
    """The hits of one signal, or of one signal and category."""
    return [hit for hit in find_terms(lexicons, text) if lexicons.terms[hit[2]][: len(place)] == tuple(place)]


def _is_replaced(lexicons: Lexicons, place: tuple[str, str], text: str) -> bool:
    """True for a term that a later folder has replaced or disabled."""
    return all(term[:3] != (*place, text) for term in lexicons.terms)


_EVIDENCE = {"charged": "charged_spans", "prediction": "prediction_cues"}


def check_against(
    lexicons: Lexicons, windows: Iterable[dict[str, Any]], *, voices: Container[str] = VOICES
) -> list[Row]:
    """How every signal, category and term with a hit does on labelled articles, as `labels.read_windows` gives them.

    What counts as right: for charged and prediction, overlap with the labelled evidence (precision of charged by
    character); for unhedged, a sentence of grade 2 or more; for hedge, a sentence with unhedged below 2; for
    attribution, a sentence in another voice than the author's. Recall is the share of the labelled characters found
    (charged, prediction), or of the labelled sentences with a hit. Sentences labelled with other `voices` do not count.
    """
    tally: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    articles: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    wanted: dict[str, float] = defaultdict(float)
    for number, article in enumerate(windows):
        for signal, amount in _label_amounts(article, voices).items():
            wanted[signal] += amount
        reached: set[tuple[str | int, ...]] = set()
        for start, end, index, sentence in hits_in(lexicons, article):
            if sentence["voice"] not in voices:
                continue
            term = lexicons.terms[index]
            size, right, gain = _borne_out(term.signal, start, end, sentence)
            for key in ((term.signal, "", ""), (term.signal, term.category, ""), term[:3]):
                row = tally[key]
                row[0] += 1
                row[1] += size
                row[2] += right
                if term.signal in _EVIDENCE or (*key, sentence["start"]) not in reached:
                    reached.add((*key, sentence["start"]))
                    row[3] += gain
                articles[key].add(number)
    return [
        Row(*key, int(n), right / size, found / wanted[key[0]] if wanted[key[0]] else float("nan"), len(articles[key]))
        for key, (n, size, right, found) in sorted(tally.items())
    ]


def hits_in(lexicons: Lexicons, article: dict[str, Any]) -> list[tuple[int, int, int, dict[str, Any]]]:
    """Start, end, term and labelled sentence of every hit that counts in an article of the corpus, junk left out."""
    words = find_words(article["text"])
    first = begins(words)
    sentences = article["sentences"]
    bounds = [sentence["start"] for sentence in sentences]
    at = np.searchsorted(words.start, bounds)
    first[at[at < len(first)]] = True
    hits = _offsets(words, lexicons.match(words, first))
    places = np.searchsorted(bounds, [start for start, _, _ in hits], "right").tolist()
    charged = [(place, hit) for place, hit in zip(places, hits, strict=True) if _signal(lexicons, hit) == "charged"]
    counts = bear_out([lexicons.terms[term].company for _, (_, _, term) in charged], [place for place, _ in charged])
    alone = {hit for (_, hit), count in zip(charged, counts, strict=True) if not count}
    found = []
    for place, (start, end, term) in zip(places, hits, strict=True):
        sentence = sentences[max(place - 1, 0)]
        inside = sentence["start"] <= start < sentence["end"] and not sentence.get("junk")
        if inside and (start, end, term) not in alone:
            found.append((start, end, term, sentence))
    return found


def _signal(lexicons: Lexicons, hit: tuple[int, int, int]) -> str:
    """The signal of a hit's term."""
    return lexicons.terms[hit[2]].signal


def _borne_out(signal: str, start: int, end: int, sentence: dict[str, Any]) -> tuple[float, float, float]:
    """Size of a hit, how much of it the labels bear out, and how much of what is labelled it finds."""
    if signal in _EVIDENCE:
        common = float(_common(start, end, sentence.get(_EVIDENCE[signal], ())))
        return (end - start, common, common) if signal == "charged" else (1, float(common > 0), common)
    right = {
        "unhedged": sentence["unhedged"] >= 2,
        "hedge": sentence["unhedged"] < 2,
        "attribution": sentence["voice"] != "author",
    }
    return 1, float(right[signal]), float(right[signal])


def _common(start: int, end: int, spans: Iterable[Sequence[int]]) -> int:
    """How many characters a range shares with some spans."""
    return sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in spans)


def _label_amounts(article: dict[str, Any], voices: Container[str]) -> dict[str, float]:
    """How much there is to find in an article, by signal: characters, or sentences."""
    sentences = [s for s in article["sentences"] if not s.get("junk") and s["voice"] in voices]
    spans = {signal: sum(b - a for s in sentences for a, b in s.get(key, ())) for signal, key in _EVIDENCE.items()}
    return spans | {
        "unhedged": sum(s["unhedged"] >= 2 for s in sentences),
        "hedge": sum(s["unhedged"] < 2 for s in sentences),
        "attribution": sum(s["voice"] != "author" for s in sentences),
    }
