"""Signals over time: outlets in order, gaps where nothing is known, the same page for the same store."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from collections_of import article

import rhetoric
from rhetoric.cli import commands
from rhetoric.render.trends import to_trends
from rhetoric.trends import trends_of

WEEKS = ("2025-03-03", "2025-03-10", "2025-03-24")
SHARED = "The junta of ghouls, a phrase from the square, was heard again."


def run(*args: object) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(commands, [str(arg) for arg in args])


def rows() -> list[dict[str, object]]:
    """Articles of three outlets in three of four weeks, of one outlet that has too few, and one without a date."""
    found = []
    for n in range(70):
        outlet = ("Vell Evening Post", "dravo Gazette", "The Orle Courier")[n % 3]
        found.append(article(n) | {"outlet": outlet, "date": WEEKS[n % 7 // 3]})
        if WEEKS[n % 7 // 3] == WEEKS[2]:
            found[-1]["text"] = f"{article(n)['text']} {SHARED}"
    found += [article(n) | {"outlet": "Kestria Weekly", "date": WEEKS[0]} for n in range(70, 75)]
    return [*found, article(80) | {"date": None}]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trends")
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows()), encoding="utf-8")
    assert run("batch", path, "--store", folder / "store", "--jobs", 1).exit_code == 0
    return folder / "store"


def test_outlets_weeks_and_gaps(store: Path) -> None:
    found = trends_of(rhetoric.open_store(store))
    assert [row.outlet for row in found.rows] == [None, "dravo Gazette", "The Orle Courier", "Vell Evening Post"]
    assert (found.few, found.undated) == (1, 1)
    assert found.periods == ("2025-03-03", "2025-03-10", "2025-03-17", "2025-03-24")
    assert sum(found.rows[0].counts) == 75
    for row in found.rows:
        for cells in row.cells.values():
            assert cells[2] is None and row.counts[2] == 0
            assert all(cell is not None and cell.low <= cell.value <= cell.high for cell in (cells[0], cells[1]))
    frame = rhetoric.open_store(store).frame("articles", until="2025-03-09")
    share = 100 * frame["charged_sentences_author"].sum() / frame["sentences"].sum()
    cell = found.rows[0].cells["charged"][0]
    assert cell and cell.value == pytest.approx(share, abs=1e-3)


def test_what_is_new_and_most_charged(store: Path) -> None:
    found = trends_of(rhetoric.open_store(store), by=["outlet", "month"])
    assert found.periods == ("2025-03-01",) and found.new == () and found.changes == {}
    assert all(one["sentences"] >= 10 for one in found.articles)
    assert [one["share"] for one in found.articles] == sorted((one["share"] for one in found.articles), reverse=True)
    weekly = trends_of(rhetoric.open_store(store), by=["week"])
    assert len(weekly.rows) == 1
    assert any("ghouls" in one.label and one.before == 0 for one in weekly.new)
    assert all(one.articles >= 3 for one in weekly.new)
    assert weekly.changes == {}  # the week before has no article
    daily = trends_of(rhetoric.open_store(store), by=["quarter"], side="others")
    assert daily.rows[0].counts == (75,)


def test_page_is_the_same_for_the_same_store_and_loads_nothing(store: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    assert run("trends", store, "-o", one).stdout == f"{one}\n"
    again = tmp_path / "store"
    path = store.parent / "a.jsonl"
    assert run("batch", path, "--store", again, "--jobs", 2, "--part-size", 9).exit_code == 0
    assert run("trends", again, "-o", two).exit_code == 0
    page = one.read_text(encoding="utf-8")
    assert two.read_text(encoding="utf-8") == page
    assert not re.search(r"<(?:script|link|img|iframe)\b|@import|url\((?!#)", page)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert [m for m in re.findall(r'<section class="outlet" aria-label="([^"]+)"', page)] == [
        "All outlets",
        "dravo Gazette",
        "The Orle Courier",
        "Vell Evening Post",
    ]
    assert "Kestria Weekly" not in page.partition('id="most-title"')[0]
    assert page.count("<svg") == 12
    assert "height of a bar" not in page  # that of the strip of a report
    sizes = {float(size) for size in re.findall(r"font: ([\d.]+)px", page)}
    assert sizes and min(sizes) >= 9.5


def test_page_says_no_verdict(store: Path) -> None:
    said = re.sub(r"<[^>]+>", " ", to_trends(trends_of(rhetoric.open_store(store))))
    assert not re.search(r"\b(?:biased|misleading|manipulative|propaganda|extremist|unreliable)\b", said)


def test_errors_name_the_fix(store: Path, tmp_path: Path) -> None:
    wrong = run("trends", store, "-o", tmp_path / "x.html", "--by", "outlet,fortnight")
    assert wrong.exit_code == 2 and "give one of day, week, month, quarter, year" in wrong.output
    old = tmp_path / "old.jsonl"
    old.write_text(json.dumps(article(99) | {"date": "0001-11-30"}), encoding="utf-8")
    path = store.parent / "a.jsonl"
    run("batch", path, old, "--store", tmp_path / "old", "--jobs", 1)
    many = run("trends", tmp_path / "old", "-o", tmp_path / "x.html")
    assert many.exit_code == 2 and "from 0001-11-30 to 2025-03-24" in many.output and "--since" in many.output
    assert run("trends", tmp_path / "old", "-o", tmp_path / "x.html", "--since", "2025-01-01").exit_code == 0
    late = run("trends", store, "-o", tmp_path / "x.html", "--since", "2025-04-01")
    assert late.exit_code == 2 and "(since 2025-04-01); they are from 2025-03-03 to 2025-03-24" in late.output
    other = run("trends", store, "-o", tmp_path / "x.html", "--since", "2024-01-01", "--until", "2024-12-31")
    assert other.exit_code == 2 and "(since 2024-01-01, until 2024-12-31); they are" in other.output
    path = tmp_path / "undated.jsonl"
    path.write_text(json.dumps(article(1) | {"date": None}), encoding="utf-8")
    run("batch", path, "--store", tmp_path / "undated", "--jobs", 1)
    none = run("trends", tmp_path / "undated", "-o", tmp_path / "x.html")
    assert none.exit_code == 2 and "no article has a date" in none.output
