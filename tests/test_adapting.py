"""Adapting: follows other annotators, stays as it was where nothing is gained, refuses too few labels."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import labelled
import numpy as np
import orjson
import pytest

from rhetoric import Analyzer, lexicon
from rhetoric.adapting import adapt, write_adapted
from rhetoric.labels import LabelError
from rhetoric.lexicon import Lexicons
from rhetoric.model import Model
from rhetoric.records import SCORED, Article


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    """Give the shipped lexicons."""
    return lexicon.load()


def lenient(count: int) -> list[dict[str, Any]]:
    """Make labels of somebody who marks hardly any charged word: each third, and never by grade 3."""
    windows, seen = labelled.windows(count), 0
    for window in windows:
        for s in window["sentences"]:
            seen += s["charged"] > 0
            s["charged"] = min(s["charged"], 2) if seen % 3 == 0 else 0
    return windows


def test_scores_follow_annotators_who_mark_less(lexicons: Lexicons, tmp_path: Path) -> None:
    windows = lenient(30)
    arrays, changes = adapt(windows, lexicons)
    charged = changes[0]
    assert (charged.signal, charged.adapted) == ("charged", True)
    assert charged.before
    assert charged.after
    assert charged.after[2] < charged.before[2] - 0.1
    write_adapted(arrays, changes, tmp_path)
    sentence = "Corrupt clerks in Dravo have plundered the harbour for years."
    for text, k in ((sentence, 0), (windows[0]["text"], 1)):
        before, after = (Analyzer.load(model=m)(Article(text)).sentences[k] for m in (None, tmp_path))
        assert after.charged < before.charged - 0.2
        assert after.grade["charged"] < before.grade["charged"]
        odds = sum(x for _, x in after.because["charged"])
        assert 1 / (1 + np.exp(-odds)) == pytest.approx(after.charged, abs=2e-6)
    card = (tmp_path / "MODEL_CARD.md").read_text("utf-8")
    assert card.startswith("# A model adapted to labels of a user's own\n")
    assert f"The last step of model {Model.load().version}" in card
    assert f"| charged | after | {charged.sentences} | {charged.marked} |" in card
    assert "\n# Model card\n" in card


def test_only_the_last_step_changes(lexicons: Lexicons, tmp_path: Path) -> None:
    arrays, changes = adapt(lenient(30), lexicons)
    write_adapted(arrays, changes, tmp_path)
    old, new = (orjson.loads((folder / "manifest.json").read_bytes())["files"] for folder in (MODELS, tmp_path))
    assert {name for name in old if old[name] != new[name]} == {"meta.npy", "meta_bias.npy"}
    before = np.load(MODELS / "meta.npy")
    for j, change in enumerate(changes):
        assert (before[:, j] == arrays["meta"][:, j]).all() != change.adapted


MODELS = Path(__file__).resolve().parents[1] / "models"


def test_signals_with_too_few_labels_stay_as_they_were(lexicons: Lexicons) -> None:
    windows = lenient(30)
    for window in windows:
        for s in window["sentences"]:
            s["prediction"] = 0
    arrays, changes = adapt(windows, lexicons)
    assert [change.before is None for change in changes] == [False, True, False]
    for name in ("meta", "meta_bias"):
        assert (arrays[name][:, 1] == np.load(MODELS / f"{name}.npy")[:, 1]).all()


def test_labels_drawn_by_lot_change_nothing_but_the_share(lexicons: Lexicons) -> None:
    windows = labelled.windows(40)
    rng = np.random.default_rng(5)
    for window in windows:
        for s in window["sentences"]:
            for signal in SCORED:
                s[signal] = int(rng.integers(0, 2)) * 2
    _, changes = adapt(windows, lexicons)
    for change in changes:
        assert change.after
        assert 0.35 < change.after[0].value < 0.65
        assert abs(change.after[2]) < 0.12


def test_partly_labelled_articles_are_read_whole(lexicons: Lexicons) -> None:
    windows = labelled.windows(30)
    part = deepcopy(windows)
    for window in part:
        window["sentences"] = window["sentences"][::2]
    _, changes = adapt(part, lexicons)
    assert {change.sentences for change in changes} == {120}


@pytest.mark.parametrize(("count", "told"), [(4, "4 articles with 32 sentences"), (5, "charged 13, ")])
def test_too_few_labels_are_refused(lexicons: Lexicons, count: int, told: str) -> None:
    windows = labelled.windows(count)
    for s in (s for window in windows for s in window["sentences"]):
        s["unhedged"] = min(s["unhedged"], 1)
    with pytest.raises(LabelError, match="too few labels to adapt to") as error:
        adapt(windows, lexicons)
    assert told in str(error.value)
    assert "needed are 5 articles, and 15 marked and 15 unmarked sentences of one signal" in str(error.value)


def test_the_command_adapts_repeatably_and_tells_what_changed(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_bytes(b"".join(orjson.dumps(w) + b"\n" for w in lenient(24)))
    found = []
    for name in ("one", "two"):
        done = run("train", str(labels), "--base", "-o", str(tmp_path / name))
        assert (done.returncode, done.stdout) == (0, f"{tmp_path / name}\n")
        assert "charged: adapted (" in done.stderr
        found.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert found[0] == found[1]
    few = tmp_path / "few.jsonl"
    few.write_bytes(orjson.dumps(labelled.windows(1)[0]) + b"\n")
    done = run("train", str(few), "--base", "-o", str(tmp_path / "no"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error: too few labels to adapt to: 1 article with 8 sentences" in done.stderr
    assert not (tmp_path / "no").exists()
    assert run("train", str(labels), "--base", "--news", str(labels), "-o", str(tmp_path / "no")).returncode == 2


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run([sys.executable, "-m", "rhetoric", *arguments], capture_output=True, encoding="utf-8")
