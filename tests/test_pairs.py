"""Look-alikes told apart: sentences that share their words and differ in what they do.

`data/pairs.jsonl` holds the sentences with their labels under the codebook, `data/misses.toml` the known failures and
why. They are tests, never training data.
"""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from rhetoric import Analyzer
from rhetoric.records import SCORED, Analysis, Article

DATA = Path(__file__).parent / "data"
PROBES = Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "probes.jsonl"
PAIRS = [json.loads(line) for line in (DATA / "pairs.jsonl").read_text("utf-8").splitlines()]
MISSES = tomllib.loads((DATA / "misses.toml").read_text("utf-8"))


def table(rows: list[dict[str, Any]], name: str) -> list[Any]:
    """Make one case a row, its known miss an expected failure."""
    known = {int(i): reason for reason, ids in MISSES[name].items() for i in ids}
    assert known.keys() <= {row["id"] for row in rows}, f"misses.toml: {name} names a sentence that is not there"
    return [
        pytest.param(
            row, id=str(row["id"]), marks=[pytest.mark.xfail(reason=known[row["id"]])] if row["id"] in known else []
        )
        for row in rows
    ]


@pytest.fixture(scope="module")
def read() -> Any:
    """Analyse a text, once."""
    analyzer = Analyzer.load()
    done: dict[str, Analysis] = {}

    def analyze(text: str) -> Analysis:
        if text not in done:
            done[text] = analyzer(Article(text))
        return done[text]

    return analyze


def decided(analysis: Analysis) -> dict[str, int]:
    """Say which signals the last sentence carries, at one half."""
    return {signal: int(getattr(analysis.sentences[-1], signal) >= 0.5) for signal in SCORED}


def labelled(row: dict[str, Any]) -> dict[str, int]:
    """Say which signals the last sentence should carry."""
    return {signal: row[signal] for signal in SCORED}


@pytest.mark.parametrize("row", table(PAIRS, "scores"))
def test_all_three_scores_are_right(read: Any, row: dict[str, Any]) -> None:
    assert decided(read(row["text"])) == labelled(row)


@pytest.mark.parametrize("row", table(PAIRS, "voice"))
def test_voice_is_right(read: Any, row: dict[str, Any]) -> None:
    sentence = read(row["text"]).sentences[-1]
    assert (sentence.voice, sentence.vague) == (row["voice"], row["vague"])


@pytest.mark.parametrize("row", table([row for row in PAIRS if row["findings"] or row["not"]], "findings"))
def test_findings_hold_the_words_that_carry_them(read: Any, row: dict[str, Any]) -> None:
    analysis = read(row["text"])
    for text, signal in row["findings"]:
        assert any(text in f.text for f in analysis.findings if f.signal == signal), f"{text!r} is no {signal}"
    for text in row["not"]:
        start = row["text"].index(text)
        over = [f for f in analysis.findings if f.signal in SCORED and f.start < start + len(text) and start < f.end]
        assert over == [], f"{text!r} must not be marked"


def test_share_of_sentences_right_does_not_fall(read: Any) -> None:
    right = sum(decided(read(row["text"])) == labelled(row) for row in PAIRS)
    assert right / len(PAIRS) >= MISSES["floor"]["pairs"]


def test_share_of_probes_right_does_not_fall(read: Any) -> None:
    if not PROBES.exists():
        pytest.skip("the probes are not part of the repository (../shared/benchmarks/probes.jsonl)")
    rows = [json.loads(line) for line in PROBES.read_text("utf-8").splitlines()]
    right = sum(decided(read(row["text"])) == labelled(row) for row in rows)
    assert right / len(rows) >= MISSES["floor"]["probes"]


def test_table_is_large_balanced_and_marks_what_it_says() -> None:
    assert len({row["pair"] for row in PAIRS}) >= 300
    assert len({row["text"] for row in PAIRS}) == len({row["id"] for row in PAIRS}) == len(PAIRS)
    assert all(text in row["text"] for row in PAIRS for text in [text for text, _ in row["findings"]] + row["not"])
    assert all(row[signal] for row in PAIRS for _, signal in row["findings"])
    assert min(Counter(row["pair"] for row in PAIRS).values()) >= 2
    assert min(Counter(row["kind"] for row in PAIRS).values()) >= 8
