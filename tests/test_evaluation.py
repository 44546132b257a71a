"""Measures agree with scikit-learn's; labels, scores and lists are compared sentence by sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import labelled
import numpy as np
import orjson
import pytest

from rhetoric import Analyzer
from rhetoric.evaluation import Judged, evaluate, find_disagreements, judge, to_dict, to_text
from rhetoric.labels import strip_window
from rhetoric.measures import (
    Estimate,
    area,
    average_precision,
    calibration_error,
    estimate,
    excess_calibration_error,
    f_of,
    macro_f,
    share,
)
from rhetoric.records import SCORED


@pytest.fixture(scope="module")
def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw calibrated scores with ties, outcomes of them, and weights."""
    rng = np.random.default_rng(7)
    score = np.round(rng.random(2000), 2)
    return (rng.random(2000) < score).astype(np.int64), score, rng.integers(0, 4, 2000)


def test_measures_equal_those_of_scikit_learn(drawn: Any) -> None:
    from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

    truth, score, weights = drawn
    for each in (np.ones_like(weights), weights):
        assert area(truth, score)(each) == pytest.approx(roc_auc_score(truth, score, sample_weight=each))
        want = average_precision_score(truth, score, sample_weight=each)
        assert average_precision(truth, score)(each) == pytest.approx(want)
        want = f1_score(truth, score >= 0.5, sample_weight=each)
        assert f_of(truth > 0, score >= 0.5)(each) == pytest.approx(want)
        four, said = (score * 4).astype(int) % 4, (score * 9).astype(int) % 4
        want = f1_score(four, said, average="macro", sample_weight=each)
        assert macro_f(four, said, 4)(each) == pytest.approx(want)


def test_a_weight_counts_like_a_copy(drawn: Any) -> None:
    truth, score, weights = drawn
    copies = np.repeat(np.arange(len(truth)), weights)
    ones = np.ones(len(copies), np.int64)
    assert area(truth, score)(weights) == pytest.approx(area(truth[copies], score[copies])(ones))
    assert share(truth, score)(weights) == pytest.approx(truth[copies].sum() / score[copies].sum())


def test_calibration_errors_tell_miscalibration_from_noise(drawn: Any) -> None:
    truth, score, _ = drawn
    assert calibration_error(np.array([0, 1]), np.array([0.25, 0.5])) == pytest.approx((0.25 + 0.5) / 2)
    assert calibration_error(truth, score) > 0.005
    assert abs(excess_calibration_error(truth, score)) < 0.01
    assert excess_calibration_error(truth, np.sqrt(score)) > 0.1


def test_few_articles_have_no_interval(drawn: Any) -> None:
    truth, score, _ = drawn
    four, five = (estimate(area(truth, score), np.arange(2000) % count) for count in (4, 5))
    assert (four.low == four.low, four.high == four.high) == (False, False), "no number"
    assert str(four) == f"{four.value:.3f} –"
    assert five.low < five.value < five.high


def test_an_interval_holds_its_value_and_narrows_with_articles(drawn: Any) -> None:
    truth, score, _ = drawn
    few, many = (estimate(area(truth, score), np.arange(2000) % count) for count in (10, 2000))
    for one in (few, many):
        assert one.low < one.value < one.high
    assert few.value == many.value
    clumped = estimate(share(truth * 1.0, np.ones(2000)), truth * 5 + np.arange(2000) % 5)
    assert clumped.high - clumped.low > 0.3
    assert str(Estimate(0.5, 0.25, 0.75)) == "0.500 [0.250, 0.750]"


def test_measures_without_positives_are_not_numbers() -> None:
    none, score = np.zeros(4, np.int64), np.arange(4.0)
    assert np.isnan(area(none, score)(np.ones(4, np.int64)))
    assert np.isnan(average_precision(none, score)(np.ones(4, np.int64)))


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Judge invented articles with the shipped model."""
    windows = labelled.windows(9)
    windows[0]["sentences"][0]["junk"] = True
    windows[0]["offset"] = 100
    return judge(windows, Analyzer.load())


def test_sentences_are_judged_one_by_one(judged: Judged) -> None:
    assert len(judged.places) == 9 * 8 - 1
    assert judged.places[0] == ("made:0", 161, "Corrupt clerks in Dravo have plundered the harbour for years.")
    assert judged.article.tolist()[:8] == [0] * 7 + [1]
    assert judged.truth[0].tolist() == [2, 0, 2]
    assert judged.chance[0, 0] > 0.5 > judged.chance[0, 1]
    assert (judged.listed[0, 0], judged.listed_words[0][0].lower()) in ((2, "corrupt clerks"), (2, "plundered"))
    assert judged.grade[0, 0] > 1
    assert (judged.voice[0], judged.said[0]) == (0, 0)
    hits, false, missed = judged.characters[0, 0, 1]
    assert (hits + missed, false) == (len("Corrupt clerks") + len("plundered"), 0)


def test_figures_stand_beside_those_of_the_lists(judged: Judged) -> None:
    figures = {(f.of, f.what): f for f in evaluate(judged)}
    for signal in SCORED:
        auc = figures[signal, "AUC"]
        assert isinstance(auc.program, Estimate)
        assert auc.program.value > 0.8
        assert auc.lists
        assert 0.5 < auc.lists.value <= 1
        assert not figures[signal, "calibration error"].higher
        assert figures[signal, "calibration error"].lists is None
    for of in ("charged evidence", "prediction evidence"):
        precision, recall, f1 = (figures[of, what].program.value for what in ("precision", "recall", "F1"))
        assert f1 == pytest.approx(2 * precision * recall / (precision + recall))
    assert figures["voice", "F1, author or not"].program.value > 0.8


def test_the_table_is_aligned_and_says_which_way_is_better(judged: Judged) -> None:
    lines = to_text(judged, evaluate(judged)).splitlines()
    assert lines[0] == "71 sentences of 9 articles, junk left out"
    head, *rows = lines[2 : lines.index("", 3)]
    assert all(row.endswith(("  higher", "  lower")) for row in rows)
    column = head.index("better")
    assert {row[column:] for row in rows} == {"higher", "lower"}
    assert max(map(len, lines)) <= 120


def test_disagreements_name_place_words_and_text(judged: Judged) -> None:
    chance, listed, shown = judged.chance.copy(), judged.listed.copy(), judged.shown.copy()
    chance[0], listed[0] = (0.01, 0, 0), (2, 0, 0)
    chance[1], listed[1], shown[1] = (0, 0.97, 0), (0, 0, 0), (0, 0, 0)
    for k in range(2, len(chance)):
        chance[k], listed[k] = 0.5, 0
    words = [("plundered", "", ""), *[("", "", "")] * (len(chance) - 1)]
    changed = Judged(
        judged.places, words, judged.article, judged.truth, chance, judged.grade, listed, judged.voice, judged.said,
        judged.characters, shown,
    )  # fmt: skip
    first, second = find_disagreements(changed)
    assert (first.id, first.offset) == ("made:0", 161)
    assert first.what == "charged 0.01, though lists have “plundered”, grade 2; labelled 2"
    assert first.text == judged.places[0][2]
    assert second.what == "prediction 0.97, though no finding shows why; labelled 2"


def test_figures_are_given_as_plain_data(judged: Judged) -> None:
    figures = evaluate(judged)
    data = to_dict(judged, figures)
    assert (data["articles"], data["sentences"], len(data["figures"])) == (9, 71, len(figures))
    first = data["figures"][0]
    assert (first["of"], first["what"], first["better"]) == ("charged", "AUC", "higher")
    assert first["program"]["low"] <= first["program"]["value"] <= first["program"]["high"] <= 1
    error = next(row for row in data["figures"] if row["what"] == "calibration error")
    assert error["program"]["low"] is error["program"]["high"] is error["lists"] is None
    assert error["better"] == "lower"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run([sys.executable, "-m", "rhetoric", *arguments], capture_output=True, encoding="utf-8")


def test_the_command_measures_labels_with_their_texts_elsewhere(tmp_path: Path) -> None:
    windows = labelled.windows(4)
    labels, articles = tmp_path / "labels.jsonl", tmp_path / "articles.jsonl"
    labels.write_bytes(b"".join(orjson.dumps(strip_window(w)) + b"\n" for w in windows))
    articles.write_bytes(b"".join(orjson.dumps({"id": w["id"], "text": w["text"]}) + b"\n" for w in windows))
    done = run("evaluate", str(labels), "--articles", str(articles))
    assert (done.returncode, done.stderr) == (0, "4 labelled articles, 32 sentences\n")
    assert done.stdout.startswith("32 sentences of 4 articles")
    assert done.stdout.count("AUC") >= 6
    refused = run("evaluate", str(labels))
    assert refused.returncode == 2
    assert "name the files of their articles with --articles" in " ".join(refused.stderr.split())
    assert refused.stdout == ""


def test_the_command_gives_json(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_bytes(b"".join(orjson.dumps(w) + b"\n" for w in labelled.windows(4)))
    done = run("evaluate", "--json", str(labels))
    assert done.returncode == 0
    data = orjson.loads(done.stdout)
    assert (data["articles"], data["sentences"]) == (4, 32)
    assert data["made_by"].keys() == {"version", "model", "lexicons"}
    done = run("evaluate", "--json", "--disagreements", str(labels))
    assert done.stderr.endswith(f"{len(orjson.loads(done.stdout))} disagreements in 32 sentences\n")
