"""What is usual: a reference is made of articles, read back, and says where an article stands, or that nobody can."""

from __future__ import annotations

import re
from pathlib import Path

import invented
import jsonschema
import many
import numpy as np
import orjson
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import rhetoric
from rhetoric import Analyzer, Article, Reference, analyze
from rhetoric.cli import commands
from rhetoric.gathering import read_articles
from rhetoric.records import SCORED
from rhetoric.reference import KINDS, LEVELS, SIDES, ReferenceFileError, draw, interval, kind_of, load, ranked
from rhetoric.render.prose import usual_line

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
READ = {f"{signal}_{side}_per_100_sentences" for signal in SCORED for side in SIDES}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reference of the invented articles."""
    folder = tmp_path_factory.mktemp("reference")
    many.frame(60, sentences=22).to_json(folder / "many.jsonl", orient="records", lines=True)
    done = CliRunner().invoke(
        commands, ["reference", "build", str(folder / "many.jsonl"), "-o", str(folder / "own.json")]
    )
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{folder / 'own.json'}\n"
    return folder / "own.json"


def test_the_shipped_reference_is_small_and_says_how_it_was_made() -> None:
    from rhetoric.reference import shipped

    assert shipped().stat().st_size < 150_000
    about = load().about
    assert about["articles"]["all"] > 1000
    assert all(about["articles"][kind] >= 100 for kind in KINDS)
    assert set(about["made_by"]) == {"version", "model", "lexicons"}
    for kind in KINDS:
        for band in load().bands[kind]:
            assert set(band["quantiles"]) >= READ


def test_the_shipped_reference_was_made_by_the_shipped_model() -> None:
    made_by, about = Analyzer.load().made_by, load().about["made_by"]
    assert (about["model"], about["lexicons"]) == (made_by.model, made_by.lexicons), (
        "make it again: rhetoric reference build NEWS -o rhetoric/reference.json --jobs 2"
    )


def test_quantiles_are_those_of_the_articles(own: Path) -> None:
    reference = Reference.load(own)
    articles, _ = read_articles(own.with_name("many.jsonl"))
    shares = []
    for analysis in Analyzer.load().analyze_all(articles):
        marked = [s.charged >= 0.5 for s in analysis.sentences if not s.junk]
        shares.append(100 * np.mean(marked))
    whole = reference.bands["all"][-1]
    assert whole["articles"] == len(articles) == reference.about["articles"]["all"]
    assert set(whole["quantiles"]) == READ
    assert whole["quantiles"]["charged_all_per_100_sentences"] == pytest.approx(np.percentile(shares, LEVELS), abs=0.01)


def test_the_same_articles_give_the_same_bytes(own: Path, tmp_path: Path) -> None:
    articles, _ = read_articles(own.with_name("many.jsonl"))
    again = Reference.build(articles, jobs=2, given=len(articles), sample=None, seed=0)
    again.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == own.read_bytes()


def test_a_charged_article_stands_high_and_a_plain_one_low(own: Path) -> None:
    reference = Reference.load(own)
    frame = many.frame(60, sentences=22)
    places = {}
    for outlet in ("Dravo Gazette", "Voice of Kestria"):
        text = frame[frame["outlet"] == outlet]["text"].iloc[0]
        placed = reference.place(analyze(text))
        assert not placed["too_short"]
        (row,) = (r for r in placed["rows"] if (r["kind"], r["signal"], r["side"]) == ("all", "charged", "author"))
        assert row["low"] <= row["value"] <= row["high"]
        assert row["below_low"] <= row["below"] <= row["below_high"]
        places[outlet] = row["below"]
    assert places["Voice of Kestria"] > 60 > 40 > places["Dravo Gazette"]


def test_a_short_text_is_too_short_to_say() -> None:
    for text in ("", "The thugs fled.", "The thugs fled to the hills. " * 8):
        usual = analyze(Article(text)).summary["usual"]
        assert usual["too_short"]
        assert "too short to say" in usual["note"]
        assert usual["rows"] == []
    assert "too short to say" in invented.plain("It rained.").to_html()


def test_summary_page_and_markdown_say_where_an_article_stands() -> None:
    analysis = analyze(EXAMPLES / "state_media.txt")
    usual = analysis.summary["usual"]
    (row,) = (r for r in usual["rows"] if (r["kind"], r["signal"], r["side"]) == ("all", "charged", "all"))
    said = f"more than in {row['below']} of 100 articles of like length ({row['below_low']}–{row['below_high']})"
    assert row["below"] > 80
    assert said in analysis.to_html().replace("More", "more")
    assert said in analysis.to_markdown()
    assert {r["signal"] for r in usual["rows"]} == set(SCORED)
    assert len(usual["rows"]) == 9 * len(usual["kinds"])
    assert analysis.summary["by_signal"] == analysis.to_dict()["summary"]["by_signal"]


def test_the_json_of_a_report_says_where_an_article_stands(tmp_path: Path) -> None:
    schema = orjson.loads((Path(rhetoric.__file__).parent / "render" / "schema.json").read_bytes())
    (tmp_path / "short.txt").write_text("The thugs fled.")
    inputs = [str(EXAMPLES / "state_media.txt"), str(tmp_path / "short.txt")]
    done = CliRunner().invoke(commands, ["report", *inputs, "-o", str(tmp_path / "out"), "--format", "json"])
    assert done.exit_code == 0, done.output
    for name in ("state_media", "short"):
        form = orjson.loads((tmp_path / "out" / f"{name}.json").read_bytes())
        jsonschema.validate(form, schema)
        assert form["summary"] == analyze(form["text"]).summary | {"usual": form["summary"]["usual"]}
        assert form["summary"]["usual"]["too_short"] == (name == "short")
    assert form["summary"]["usual"]["rows"] == []
    assert "usual" not in analyze("The thugs fled.").to_dict()["summary"], "a line of `rhetoric score` is without"


def test_no_text_has_more_than_a_hundred_of_a_hundred() -> None:
    usual = {"rows": [{"kind": "all", "signal": "charged", "side": "all", "below": 100, "above": 0, "below_low": 99,
                       "below_high": 100}]}  # fmt: skip
    assert usual_line(usual, "charged") == "more than in 99 of 100 articles of like length (99–100)"
    usual["rows"][0] |= {"below": 0, "above": 100, "below_low": 0, "below_high": 30}
    assert usual_line(usual, "charged") == "less than in 99 of 100 articles of like length (70–100)"


def test_report_takes_a_reference_of_ones_own(own: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    article = str(EXAMPLES / "opinion_rents.txt")
    for name, more in (("shipped", []), ("own", ["--reference", str(own)])):
        done = runner.invoke(commands, ["report", article, "-o", str(tmp_path / name), *more])
        assert done.exit_code == 0, done.output
    pages = [(tmp_path / name / "opinion_rents.html").read_text() for name in ("shipped", "own")]
    assert pages[0] != pages[1]
    assert "240 of" in pages[1]
    again = runner.invoke(commands, ["report", article, "-o", str(tmp_path / "shipped"), "--reference", str(own)])
    assert again.exit_code == 0
    assert (tmp_path / "shipped" / "opinion_rents.html").read_text() == pages[1], "another reference makes it again"


def test_another_model_is_said() -> None:
    reference = load()
    other = Reference(
        {**reference.about, "made_by": {"version": "0", "model": "other", "lexicons": "other"}}, reference.bands
    )
    note = other.place(analyze(EXAMPLES / "state_media.txt"))["note"]
    assert "another model or other word lists" in note


@pytest.mark.parametrize(
    ("article", "kind"),
    [
        (Article("Rain fell.", outlet="Reuters"), "agency"),
        (Article("Rain fell.", outlet="Orle News Agency"), "agency"),
        (Article("Rain fell.", outlet="The Happy Reader"), "news"),
        (Article("SAINT ORLE (AP) — Rain fell on Tuesday.", outlet="The Merrin Courier"), "agency"),
        (Article("The agency (AP) — as it is called — wrote so.", outlet="x"), "agency"),
        (Article("Rain fell.", outlet="The Merrin Courier - Opinion"), "opinion"),
        (Article("Rain fell.", title="Opinion: let it rain"), "opinion"),
        (Article("Rain fell.", title="The opinion polls fell"), "news"),
        (Article("Rain fell.", url="https://news.example/opinion/2021/rain"), "opinion"),
        (Article("Rain fell.", url="https://news.example/2021/opinion-polls"), "news"),
        (Article("Rain fell."), "news"),
    ],
)
def test_the_kind_of_an_article_is_told_by_stated_rules(article: Article, kind: str) -> None:
    assert kind_of(article) == kind


@given(st.lists(st.floats(0, 100), min_size=30, max_size=300), st.floats(0, 100))
def test_a_rank_is_near_the_share_of_smaller_values(values: list[float], value: float) -> None:
    below, above = ranked(np.percentile(values, LEVELS).tolist(), value)
    slack = 100 / len(values) + 6
    assert 100 * sum(v < value for v in values) / len(values) - slack <= below
    assert below <= 100 * sum(v <= value for v in values) / len(values) + slack
    assert below + above <= 100


@pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (10, 10), (12, 400)])
def test_the_interval_holds_the_share(count: int, total: int) -> None:
    low, high = interval(count, total)
    assert 0 <= low <= 100 * count / total <= high <= 100
    assert high - low > 100 / total


def test_a_draw_is_the_same_each_time() -> None:
    articles = [Article(str(i)) for i in range(50)]
    assert draw(articles, 10, 3) == draw(articles, 10, 3) != draw(articles, 10, 4)
    assert draw(articles, None) == draw(articles, 80) == articles


def test_a_source_that_is_missing_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        commands, ["reference", "build", str(tmp_path / "absent"), "-o", str(tmp_path / "r.json")]
    )
    assert done.exit_code == 2
    assert f"{tmp_path / 'absent'}: there is no such file" in done.output


def test_a_file_that_is_written_again_is_read_again(own: Path, tmp_path: Path) -> None:
    first = Reference.load(own)
    first.save(tmp_path / "own.json")
    assert Reference.load(tmp_path / "own.json") == first
    again = Reference({**first.about, "articles": {"all": 7}}, first.bands)
    again.save(tmp_path / "own.json")
    assert Reference.load(tmp_path / "own.json") == again
    assert load() is load(), "the shipped file is read once"


def test_what_is_no_reference_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.json").write_text('{"format": 9}')
    (tmp_path / "odd.txt").write_text("no JSON")
    for name, told in (("absent", "there is no such file"), ("odd.json", "no reference"), ("odd.txt", "no reference")):
        with pytest.raises(ReferenceFileError, match=re.escape(str(tmp_path / name)) + f".*{told}"):
            Reference.load(tmp_path / name)
    done = CliRunner().invoke(commands, ["report", "x.txt", "--reference", str(tmp_path / "odd.json")])
    assert done.exit_code == 2
    with pytest.raises(ReferenceFileError, match="100 are needed; give more"):
        Reference.build([Article("It rained.")])
