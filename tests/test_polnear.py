"""Voices measured against marked attributions: every count of a small invented file is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from rhetoric import Analyzer
from rhetoric.cli import commands
from rhetoric.labels import LabelError
from rhetoric.polnear import measure_attributions, read_attributions, to_text

MARKED = [
    # text with ‹source›, ⟦cue⟧ and ⟨content⟩ of one attribution each
    "‹Mara Hale› ⟦said⟧ ⟨that the bridge was unsafe⟩. The ferry left at noon.",
    "⟨“We are ready to go,”⟩ ⟦said⟧ ‹Oda Fenn›. ‹The council› ⟦prepared⟧ ⟨for a long winter of repairs⟩.",
]


def article(number: int, marked: str) -> dict[str, Any]:
    """Take the marks out of a text; each sentence with marks is one attribution."""
    text, opened, attributions = "", 0, [{}]
    kinds = {"›": "source", "⟧": "cue", "⟩": "content"}
    for character in marked:
        if character in "‹⟦⟨":
            opened = len(text)
        elif character in kinds:
            if kinds[character] in attributions[-1]:
                attributions.append({})
            attributions[-1].setdefault(kinds[character], []).append([opened, len(text)])
        else:
            text += character
    return {"id": f"made:{number}", "text": text, "attributions": attributions}


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "attributions.jsonl"
    path.write_bytes(b"\n".join(orjson.dumps(article(n, marked)) for n, marked in enumerate(MARKED)))
    return path


def test_every_measure_of_a_known_text(labels: Path) -> None:
    articles = read_attributions([labels])
    found = {(f.of, f.what): f.program.value for f in measure_attributions(articles, Analyzer.load())}
    # of the content, "for a long winter of repairs" is not in our ranges
    ours = len("that the bridge was unsafe") + len("“We are ready to go,”")
    missed = len("for a long winter of repairs")
    assert found == pytest.approx({
        ("sentence attributed", "precision"): 1,
        ("sentence attributed", "recall"): 2 / 3,
        ("sentence attributed", "F1"): 4 / 5,
        ("content, by character", "precision"): 1,
        ("content, by character", "recall"): ours / (ours + missed),
        ("content, by character", "F1"): 2 * ours / (2 * ours + missed),
        ("attributions", "found"): 2 / 3,
        ("cue met", "of those found"): 1,
        ("cue met", "of all"): 2 / 3,
        ("source met", "of those found"): 1,
        ("source met", "of all"): 2 / 3,
    })  # fmt: skip


def test_the_command_prints_the_table(labels: Path) -> None:
    done = CliRunner().invoke(commands, ["evaluate", "--polnear", str(labels)])
    articles = read_attributions([labels])
    assert done.stdout == to_text(articles, measure_attributions(articles, Analyzer.load())) + "\n"
    assert done.stdout.startswith("3 marked attributions in 2 articles\n\nsentence attributed     precision")


def test_the_command_gives_json(labels: Path) -> None:
    done = CliRunner().invoke(commands, ["evaluate", "--polnear", "--json", str(labels)])
    data = json.loads(done.stdout)
    assert (data["articles"], data["attributions"]) == (2, 3)
    assert data["figures"][2]["value"] == pytest.approx(0.8)
    assert set(data["made_by"]) == {"version", "model", "lexicons"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "no article"),
        ("[]", ":1: an article is a JSON object"),
        ('{"id": "a", "text": "b"}', "article a: no list 'attributions'"),
        ('{"id": "a", "text": "b", "attributions": [{"cue": [[0, 9]]}]}', r"article a: \[0, 9\] is no range"),
    ],
)
def test_files_without_attributions_are_refused(line: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(LabelError, match=said):
        read_attributions([path])
    assert CliRunner().invoke(commands, ["evaluate", "--polnear", str(path)]).exit_code == 2


def test_two_tables_at_once_are_refused(labels: Path) -> None:
    done = CliRunner().invoke(commands, ["evaluate", "--polnear", "--agreement", str(labels)])
    assert (done.exit_code, done.stdout) == (2, "")
