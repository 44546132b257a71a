"""How far annotators agree: Krippendorff's alpha of grades and voices, and the words they marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from rhetoric.labels import EVIDENCE, LabelError, Window
from rhetoric.records import SCORED
from rhetoric.render.prose import count

Place = tuple[str, int, int]
Sentences = dict[Place, dict[str, Any]]
NAMES = [*SCORED, "voice"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far annotators agree on one thing. Each measure is best at 1."""

    of: str
    sentences: int
    """Labelled by two annotators or more."""
    alpha: float
    """1: agreement; 0: what chance alone gives."""
    same: float
    """Share of these sentences that have one label."""
    evidence: float | None
    """F score of the marked characters, over all pairs of annotators; None where the labels mark none."""


def agree(annotators: Sequence[Sequence[Window]]) -> list[Agreement]:
    """Agreement of two annotators or more on each signal and on the voice.

    Sentences are the same where article, start and end are; those that only one annotator labelled, and junk, are left
    out. Alpha is ordinal for grades: to take 0 for 3 counts more than 0 for 1.

    Raises
    ------
    LabelError
        Where there is one annotator alone, or no sentence that two of them labelled.
    """
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance

    labels = [_by_place(windows) for windows in annotators]
    counts = Counter(place for one in labels for place in one)
    shared = [place for place, count in counts.items() if count > 1]
    if len(labels) < 2 or not shared:
        raise LabelError(
            "agreement needs two files of labels or more, of the same sentences; the same is a sentence of the same"
            " article with the same start and end"
        )
    found = []
    for name in NAMES:
        rows = [(str(k), place, one[place][name]) for place in shared for k, one in enumerate(labels) if place in one]
        distance = binary_distance if name == "voice" else _ordinal([grade for *_, grade in rows])
        alpha = AnnotationTask(rows, distance=distance).alpha()
        same = sum(len({one[place][name] for one in labels if place in one}) == 1 for place in shared)
        evidence = None if name == "voice" else _evidence(labels, EVIDENCE[SCORED.index(name)])
        found.append(Agreement(name, len(shared), float(alpha), same / len(shared), evidence))
    return found


def _by_place(windows: Sequence[Window]) -> Sentences:
    """Labelled sentences by article, start and end in the article."""
    found: Sentences = {}
    for window in windows:
        offset = window.get("offset", 0)
        for s in window["sentences"]:
            if not s.get("junk"):
                found[str(window["id"]), offset + s["start"], offset + s["end"]] = s
    return found


def _ordinal(grades: Sequence[int]) -> Callable[[int, int], float]:
    """Krippendorff's ordinal distance: the square of how many labels lie between two grades, their own by half."""
    counts = Counter(grades)

    def distance(one: int, other: int) -> float:
        low, high = min(one, other), max(one, other)
        between = sum(counts[grade] for grade in range(low, high + 1))
        return float(between - (counts[low] + counts[high]) / 2) ** 2

    return distance


def _evidence(labels: Sequence[Sentences], key: str) -> float | None:
    """F score of marked characters, over all pairs of annotators and the sentences that both labelled."""
    both = either = 0
    for one, other in combinations(labels, 2):
        for place in one.keys() & other.keys():
            marked = [{c for low, high in side[place].get(key, ()) for c in range(low, high)} for side in (one, other)]
            starts = [side[place]["start"] for side in (one, other)]
            first, second = ({c - start for c in own} for own, start in zip(marked, starts, strict=True))
            both += 2 * len(first & second)
            either += len(first) + len(second)
    return both / either if either else None


def to_text(found: Sequence[Agreement]) -> str:
    """The agreement as an aligned table, with what it means."""
    lines = [f"{count(found[0].sentences, 'sentence')} labelled by two or more, junk left out", ""]
    lines.append(f"{'':<12}{'alpha':>7}{'same':>7}{'words':>7}")
    for row in found:
        evidence = "" if row.evidence is None else f"{row.evidence:.2f}"
        lines.append(f"{row.of:<12}{row.alpha:>7.2f}{row.same:>7.2f}{evidence:>7}".rstrip())
    return "\n".join([*lines, "", *NOTES])


NOTES = (
    "alpha: Krippendorff's, ordinal for grades; 1 is agreement, 0 what chance gives. same: share with one label.",
    "words: F score of the marked characters. All are best at 1. Agreement is consistency, not truth.",
)
