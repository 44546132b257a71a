"""Even-handedness in figures: differences by leaning and topic with their intervals, terms most one-sided in use."""

from __future__ import annotations

import labelled
import numpy as np
import pytest

from rhetoric import lexicon
from rhetoric.fitting import load_labels
from rhetoric.lexicon import Lexicons
from rhetoric.records import SCORED
from rhetoric.sides import FAR, SMALLEST, Difference, differences, one_sided
from rhetoric.training import Found, load_base


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    """Give the shipped lexicons."""
    return lexicon.load()


@pytest.fixture(scope="module")
def found(lexicons: Lexicons) -> Found:
    """Give labels as the card sees them, without scores: odd articles lean right, few are about rents."""
    windows = labelled.windows(40)
    for number, window in enumerate(windows):
        window["topic"] = "rents" if number < SMALLEST - 1 else "harbours" if number < 30 else ""
    one = load_labels(windows, lexicons, load_base())
    return Found([one], [], np.zeros(0), [], {})


def rows(found: Found, chance: np.ndarray, key: str = "leaning") -> dict[tuple[str, str], Difference]:
    """Give the differences by signal and part."""
    chosen = ~found.sets[0].junk
    return {(d.signal, d.part): d for d in differences(found, chance, chosen, key)}


def test_scores_that_are_right_everywhere_differ_nowhere(found: Found) -> None:
    for d in rows(found, found.sets[0].positive * 1.0).values():
        assert (d.too_high.value, d.errors.value, d.alarms.value, d.far) == (0, 0, 0, 0)


def test_scores_too_high_on_one_side_are_seen_there(found: Found) -> None:
    one = found.sets[0]
    chance = one.positive * 1.0
    right = np.array([w["leaning"] == "right" for w in one.windows])[one.article]
    chance[right, 0] = 0.6
    by = rows(found, chance)
    assert by.keys() == {(signal, side) for signal in SCORED for side in ("left", "right")}
    left_, right_ = by["charged", "left"], by["charged", "right"]
    assert right_.sentences == left_.sentences == 160
    assert right_.too_high.value == pytest.approx(-left_.too_high.value)
    assert right_.too_high.low > FAR > 0 > left_.too_high.high
    assert right_.alarms.value > 0.4
    assert right_.errors.value > 0.2
    assert 0 < right_.unforeseen.value < right_.errors.value
    assert (right_.far, left_.far) == (3, 3)
    assert by["prediction", "right"].far == 0


def test_small_topics_are_left_out_but_count_in_the_whole(found: Found) -> None:
    by = rows(found, np.full(found.sets[0].positive.shape, 0.4), "topic")
    assert {part for _, part in by} == {"harbours"}
    assert by["charged", "harbours"].sentences == 21 * 8
    assert rows(found, np.zeros(found.sets[0].positive.shape), "date") == {}


def test_terms_are_one_sided_by_articles_not_by_repetition(lexicons: Lexicons) -> None:
    articles = [
        *({"leaning": "left", "text": "The thugs met the thugs and the thugs. It was a disgrace."} for _ in range(30)),
        *({"leaning": "right", "text": "The regime fell. It was a disgrace."} for _ in range(30)),
        *({"leaning": "center", "text": "The vermin came."} for _ in range(9)),
        {"leaning": "left", "text": " "},
    ]
    uses, read = one_sided(articles, lexicons)
    assert read == {"left": 30, "right": 30}
    by = {use.term: use for use in uses}
    assert (by["thug"].left, by["thug"].right) == (1000, 0)
    assert by["thug"].z == pytest.approx(-by["regime"].z)
    assert by["regime"].z > 2
    assert by["disgrace"].z == pytest.approx(0)
    assert (by["thug"].where, by["thug"].grade) == ("charged: name_calling", 2)
    assert "vermin" not in by
    assert [abs(use.z) for use in uses] == sorted((abs(use.z) for use in uses), reverse=True)
    assert one_sided(articles[:30], lexicons) == ([], {"left": 30, "right": 0})
