"""The notebooks run, and show what is committed with them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import notebooks

SHARED = notebooks.FOLDER.parents[1] / "shared" / "corpus" / "dev.jsonl"
AGAIN = "run `python tests/notebooks.py`"


def apart(text: str) -> tuple[list[str], list[str]]:
    """An output's words and its decimal numbers, which may differ a little from machine to machine."""
    pieces = re.split(r"(-?\d+\.\d+)", text)
    return pieces[::2], pieces[1::2]


def about(number: str) -> object:
    """What a number may be on another machine: its last digit may be rounded the other way."""
    last = 10.0 ** -len(number.partition(".")[2])
    return pytest.approx(float(number), abs=max(0.02, 1.01 * last), rel=0.01)


def outputs_of(path: Path) -> list[list[tuple[str, str]]]:
    cells = notebooks.code_cells(notebooks.read(path))
    return [[notebooks.text_of(output) for output in cell["outputs"]] for cell in cells]


@pytest.mark.parametrize("name", ["first_look", "tour"])
def test_a_notebook_runs_and_shows_what_comes_out(name: str) -> None:
    path = notebooks.FOLDER / f"{name}.ipynb"
    for shown, made in zip(outputs_of(path), notebooks.run(path), strict=True):
        now = [notebooks.text_of(output) for output in made]
        assert [kind for kind, _ in now] == [kind for kind, _ in shown], AGAIN
        for (_, text), (_, kept) in zip(now, shown, strict=True):
            words, numbers = apart(text)
            kept_words, kept_numbers = apart(kept)
            assert words == kept_words, AGAIN
            assert list(map(float, numbers)) == list(map(about, kept_numbers)), AGAIN


def test_the_evaluation_makes_the_cards_tables_again(monkeypatch: pytest.MonkeyPatch) -> None:
    if not SHARED.exists():
        pytest.skip("needs ../shared/corpus")
    monkeypatch.delenv("RHETORIC_TRAIN", raising=False)
    made = notebooks.run(notebooks.FOLDER / "evaluation.ipynb", without=["onesided"])
    text = "".join(text for cell in made for _, text in map(notebooks.text_of, cell))
    assert "All texts are there." in text
    assert "{'sources': True, 'picked': True, 'grades': True, 'voices': True}" in text
    assert "AUC, grade 2 or more" in text


def test_the_evaluation_says_what_to_fetch_without_them(tmp_path: Path) -> None:
    root = notebooks.FOLDER.parent
    for name in ("notebooks", "models", "examples"):
        shutil.copytree(root / name, tmp_path / "project" / name)
    made = notebooks.run(tmp_path / "project" / "notebooks" / "evaluation.ipynb")
    text = "".join(text for cell in made for _, text in map(notebooks.text_of, cell))
    assert "models/labels/README.md names" in text
    assert "nothing to measure" in text
    assert "all windows" in text and "illegal alien" in text, "the committed tables stand in"


def test_every_notebook_is_committed_with_what_it_shows() -> None:
    for path in sorted(notebooks.FOLDER.glob("*.ipynb")):
        counts = [cell["execution_count"] for cell in notebooks.code_cells(notebooks.read(path))]
        assert counts == list(range(1, len(counts) + 1)), f"{path.name}: {AGAIN}"
        text = path.read_text(encoding="utf-8")
        assert "Traceback" not in text
        assert "/tmp/" not in text and "/home/" not in text
