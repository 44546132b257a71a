"""Agreement of annotators: alpha is Krippendorff's, evidence is compared by character, files are matched by place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import labelled
import orjson
import pytest

from rhetoric.agreement import agree, to_text
from rhetoric.labels import LabelError, strip_window

# The example of Krippendorff, "Computing Krippendorff's alpha-reliability" (2011): four observers, twelve units.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)


def observer(labels: tuple[int | None, ...]) -> list[dict[str, Any]]:
    """Make the window of one observer, whose labels stand for grades and voices."""
    return [
        {
            "id": "units",
            "sentences": [
                {"start": 10 * k, "end": 10 * k + 9, "charged": x, "prediction": x, "unhedged": x, "voice": str(x)}
                for k, x in enumerate(labels)
                if x is not None
            ],
        }
    ]


def test_alpha_is_that_of_krippendorffs_example() -> None:
    found = {row.of: row for row in agree([observer(labels) for labels in OBSERVERS])}
    assert found["charged"].alpha == pytest.approx(0.815, abs=5e-4)
    assert found["voice"].alpha == pytest.approx(0.743, abs=5e-4)
    assert found["charged"].sentences == 11
    assert found["charged"].same == pytest.approx(8 / 11)
    assert found["charged"].evidence is found["voice"].evidence is None


def test_labels_of_different_windows_meet_in_the_article() -> None:
    first, second = labelled.windows(6), labelled.windows(6)
    for window in second:
        cut = window["sentences"][2]["start"]
        window["offset"] = cut
        window["sentences"] = [
            s
            | {"start": s["start"] - cut, "end": s["end"] - cut}
            | {k: [[a - cut, b - cut] for a, b in s[k]] for k in ("charged_spans", "prediction_cues", "booster_cues")}
            for s in window["sentences"][2:]
        ]
    second[0]["sentences"][0]["junk"] = True
    found = agree([first, second])
    assert {row.sentences for row in found} == {6 * 6 - 1}
    assert {(row.alpha, row.same) for row in found} == {(1, 1)}
    assert [row.evidence for row in found] == [1, 1, 1, None]


def test_words_that_one_annotator_left_out_cost_agreement() -> None:
    first, second = labelled.windows(2), labelled.windows(2)
    marked = [s for w in second for s in w["sentences"] if len(s["charged_spans"]) > 1]
    sizes = [b - a for w in first for s in w["sentences"] for a, b in s["charged_spans"]]
    left_out = 0
    for sentence in marked:
        low, high = sentence["charged_spans"].pop()
        left_out += high - low
    charged = agree([first, second])[0]
    assert left_out > 0
    assert charged.evidence == pytest.approx(2 * (sum(sizes) - left_out) / (2 * sum(sizes) - left_out))
    assert charged.alpha == 1


def test_labels_without_a_common_sentence_are_refused() -> None:
    with pytest.raises(LabelError, match="two files of labels or more, of the same sentences"):
        agree([labelled.windows(2)])
    with pytest.raises(LabelError, match="of the same sentences"):
        agree([labelled.windows(1), labelled.windows(2)[1:]])


def test_the_command_compares_files_without_their_texts(tmp_path: Path) -> None:
    windows = labelled.windows(4)
    files = []
    for name in ("first", "second"):
        files.append(tmp_path / f"{name}.jsonl")
        files[-1].write_bytes(b"".join(orjson.dumps(strip_window(w)) + b"\n" for w in windows))
        windows[0]["sentences"][1]["charged"] = 0
    done = run("evaluate", "--agreement", *map(str, files))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == to_text(agree([labelled.windows(4), windows])) + "\n"
    rows = orjson.loads(run("evaluate", "--agreement", "--json", *map(str, files)).stdout)
    assert [row["of"] for row in rows] == ["charged", "prediction", "unhedged", "voice"]
    assert rows[0]["same"] == 31 / 32
    assert 0.9 < rows[0]["alpha"] < 1 == rows[1]["alpha"]
    assert run("evaluate", "--agreement", str(files[0])).returncode == 2


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run([sys.executable, "-m", "rhetoric", *arguments], capture_output=True, encoding="utf-8")
