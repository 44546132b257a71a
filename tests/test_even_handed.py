"""Even-handedness: a name put for another moves no score, and opposed camps' charges weigh the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rhetoric import Analyzer
from rhetoric.records import SCORED, Article, Sentence
from rhetoric.vectors import read_people

DATA = Path(__file__).parent / "data"
SWAPS = {kind: row for kind, row in tomllib.loads((DATA / "swaps.toml").read_text("utf-8")).items() if "pairs" in row}
MIRRORS = tomllib.loads((DATA / "mirrors.toml").read_text("utf-8"))["pairs"]
UNEQUAL = tomllib.loads((DATA / "misses.toml").read_text("utf-8"))["mirrors"]
ROOT = Path(__file__).resolve().parents[1]
PRONOUNS = ("he", "his", "him", "himself")


def fill(template: str, kind: str, name: Any) -> str:
    """Put the name in its slot, and a capital first."""
    if kind == "pronoun":
        forms = dict(zip(PRONOUNS, name, strict=True))
        return template.format(**forms, **{slot.capitalize(): form.capitalize() for slot, form in forms.items()})
    text = template.format(**{kind: name})
    return text[0].upper() + text[1:]


@pytest.fixture(scope="module")
def score() -> Any:
    """Analyse a text and return its last sentence."""
    analyzer = Analyzer.load()

    def last(text: str) -> Sentence:
        return analyzer(Article(text)).sentences[-1]

    return last


@pytest.fixture(scope="module")
def swapped(score: Any) -> dict[tuple[str, str], float]:
    """Measure how far each swap moves the score it moves most, by the two texts."""
    moves = {}
    for kind, row in SWAPS.items():
        for template in row["templates"]:
            for pair in row["pairs"]:
                one, other = (fill(template, kind, name) for name in pair)
                a, b = score(one), score(other)
                moves[one, other] = max(abs(getattr(a, signal) - getattr(b, signal)) for signal in SCORED)
    return moves


def test_swap_moves_no_score_by_much(swapped: dict[tuple[str, str], float]) -> None:
    far = {texts: move for texts, move in swapped.items() if move > 0.05}
    assert far == {}


def test_swaps_move_scores_by_a_hundredth_at_most_on_average(swapped: dict[tuple[str, str], float]) -> None:
    assert sum(swapped.values()) / len(swapped) <= 0.01


def mirrors() -> list[Any]:
    """Make one case a pair, its known difference an expected failure."""
    known = {one: reason for reason, charges in UNEQUAL.items() for one in charges}
    assert known.keys() <= {one for one, _, _ in MIRRORS}
    return [
        pytest.param(*row, id=row[0], marks=[pytest.mark.xfail(reason=known[row[0]])] if row[0] in known else [])
        for row in MIRRORS
    ]


@pytest.mark.parametrize(("one", "other", "carrier"), mirrors())
def test_mirrored_charges_differ_by_one_grade_at_most(score: Any, one: str, other: str, carrier: str) -> None:
    grades = [score(carrier.format(charge)).grade["charged"] for charge in (one, other)]
    assert abs(grades[0] - grades[1]) <= 1


def test_no_name_is_a_word_of_the_model() -> None:
    names = tomllib.loads((ROOT / "lexicons" / "names.toml").read_text("utf-8"))
    forms = {form.lower() for kind in names.values() if isinstance(kind, dict) for form in kind.get("any", ())}
    words = {line.split("\t")[0] for line in (ROOT / "models" / "words.txt").read_text("utf-8").splitlines()}
    assert len(words) > 1000
    assert forms & words == set()


def shipped() -> list[Path]:
    """List the files of text that are installed, but those that list names to mask them."""
    files = [p for folder in ("lexicons", "models", "rhetoric") for p in (ROOT / folder).rglob("*") if p.is_file()]
    text = {".toml", ".json", ".txt", ".md", ".py", ".html", ".css", ".js"}
    return [
        p
        for p in files
        if p.suffix in text and p.name not in ("names.toml", "names.json") and p.parent.name != "labels"
    ]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_personal_name_stands_in_a_shipped_file(path: Path) -> None:
    names = tomllib.loads((ROOT / "lexicons" / "names.toml").read_text("utf-8"))
    forms = {form for kind in ("people", "given") for form in names[kind]["any"]}
    assert len(forms) > 1000
    text = path.read_text("utf-8")
    words = re.findall(r"\w+(?:['’-]\w+)*", text)
    runs = {" ".join(words[k : k + size]) for size in (1, 2, 3) for k in range(len(words))}
    if path.suffix == ".txt":
        forms = {form.lower() for form in forms}
    assert runs & forms == set()


def test_no_personal_name_is_a_term_of_the_voice() -> None:
    path = ROOT / "models" / "ear_terms.npy"
    if not path.exists():
        pytest.skip("the model was made before voice had a trained part")
    words = set(re.findall(r"[a-z]+", b" ".join(np.load(path, allow_pickle=False).tolist()).decode().lower()))
    assert words & read_people() == set()


def test_tables_are_large_enough() -> None:
    assert sum(len(row["templates"]) for row in SWAPS.values()) >= 60
    assert sum(len(row["pairs"]) for row in SWAPS.values()) >= 40
    assert len(MIRRORS) >= 80
    assert len({frozenset(row[:2]) for row in MIRRORS}) == len(MIRRORS)
