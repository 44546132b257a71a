"""Candidates for the lexicons: what is counted of them, what is left out, and the command."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rhetoric import Analyzer
from rhetoric.cli import commands
from rhetoric.lexicon_suggest import Suggestion, suggest
from rhetoric.records import Article

TEXTS = {
    "north": "The thugs of Orlin Bay met their moonlit bargain with grunting. A paper lantern fell on the fleet.",
    "south": "Traitors sold the docks, and grunting filled the hall. The paper lantern of the port fell again.",
    "east": "In Port Merrin the ferry left at nine. Some grunting was heard. The paper lantern is a club.",
    "west": "Orlin Bay repaired the pier. The ferry left at ten. The gulls slept.",
}
ARTICLES = [Article(text, id=name) for name, text in TEXTS.items()]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    """Load lexicons and model."""
    return Analyzer.load()


def mine(analyzer: Analyzer, **options: Any) -> dict[str, Suggestion]:
    """Candidates by text."""
    found = suggest(ARTICLES, analyzer.lexicons, analyzer.model, **({"limit": 100} | options))
    return {one.text: one for one in found}


def test_candidate_is_counted_with_places(analyzer: Analyzer) -> None:
    one = mine(analyzer)["grunting"]
    assert (one.uses, one.articles, one.link) == (3, 3, 0)
    assert one.places == tuple((name, TEXTS[name].index("grunting")) for name in ("north", "south", "east"))
    assert 0 < one.chance < 1
    assert (one.hits, math.isnan(one.precision)) == (0, True)


def test_words_that_stand_together_are_a_phrase_in_place_of_its_parts(analyzer: Analyzer) -> None:
    found = mine(analyzer)
    assert found["paper lantern"].uses == 3
    assert found["paper lantern"].link > 10.83
    assert not {"paper", "lantern"} & found.keys()


def test_company_of_charged_terms_lifts_the_odds(analyzer: Analyzer) -> None:
    found = mine(analyzer)
    assert found["grunting"].odds > found["paper lantern"].odds


def test_listed_terms_names_and_function_words_are_no_candidates(analyzer: Analyzer) -> None:
    found = mine(analyzer, least=1)
    assert (
        not {"thugs", "traitors", "orlin", "orlin bay", "merrin", "port merrin", "the", "with", "of the"} & found.keys()
    )


def test_least_and_limit_hold(analyzer: Analyzer) -> None:
    assert {one.articles for one in mine(analyzer, least=3).values()} == {3}
    assert len(mine(analyzer, least=1, limit=2)) == 2
    assert mine(analyzer, least=4) == {}


def test_likeliest_come_first_and_again_the_same(analyzer: Analyzer) -> None:
    first = suggest(ARTICLES, analyzer.lexicons, analyzer.model, least=1)
    assert repr(first) == repr(suggest(ARTICLES, analyzer.lexicons, analyzer.model, least=1))
    alone = [one.chance for one in first if one.uses == 1]
    assert len(alone) > 5
    assert alone == sorted(alone, reverse=True)


def test_labels_tell_hits_and_precision(analyzer: Analyzer) -> None:
    text = "The grunting went on. Then the grunting stopped."
    start = text.index("grunting")
    window = {
        "text": text,
        "sentences": [
            {"start": 0, "end": 20, "charged_spans": [[start, start + len("grunting")]]},
            {"start": 21, "end": len(text), "charged_spans": []},
        ],
    }
    one = mine(analyzer, windows=[window])["grunting"]
    assert (one.hits, one.precision) == (2, 0.5)


def test_neighbours_are_charged_terms(analyzer: Analyzer) -> None:
    charged = {term.text for term in analyzer.lexicons.terms if term.signal == "charged"}
    near = [term for one in mine(analyzer, least=1).values() for term in one.near]
    assert near
    assert set(near) <= charged


def test_no_article_gives_no_candidate(analyzer: Analyzer) -> None:
    assert suggest([], analyzer.lexicons, analyzer.model) == []
    assert suggest([Article("  ")], analyzer.lexicons, analyzer.model) == []


def write(folder: Path) -> Path:
    """Write the articles as JSONL."""
    path = folder / "news.jsonl"
    path.write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text in TEXTS.items()), "utf-8")
    return path


def test_command_prints_a_table(tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["lexicon", "suggest", str(write(tmp_path)), "-n", "3"])
    assert done.exit_code == 0
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["candidate", "uses", "articles", "chance", "odds", "link", "near;", "places"]
    assert 1 <= len(rows) <= 3
    assert all(f"{column}: " in done.stderr for column in ("uses", "chance", "odds", "link", "near", "places"))
    row = next(row for row in rows if row.startswith("grunting"))
    assert row.split()[1:3] == ["3", "3"]
    assert row.endswith(", ".join(f"{name}:{TEXTS[name].index('grunting')}" for name in ("north", "south", "east")))


def test_command_ends_with_2_where_nothing_is_found_and_3_where_some_inputs_fail(tmp_path: Path) -> None:
    path = str(write(tmp_path))
    none = CliRunner().invoke(commands, ["lexicon", "suggest", path, "--least", "9"])
    assert (none.exit_code, none.stdout) == (2, "")
    assert "no candidate stands in 9 articles" in none.stderr
    some = CliRunner().invoke(commands, ["lexicon", "suggest", path, str(tmp_path / "missing.txt")])
    assert some.exit_code == 3
    assert "missing.txt" in some.stderr
