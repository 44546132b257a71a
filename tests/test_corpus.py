"""Many articles: tables, groups, filters, places; what cannot be a corpus is told with its fix."""

from __future__ import annotations

import io
import sys
from datetime import date
from pathlib import Path

import many
import numpy as np
import pandas as pd
import pytest

from rhetoric import Article, Corpus, CorpusError, analyze, analyze_many
from rhetoric.gathering import span_of
from rhetoric.progress import follow
from rhetoric.records import SCORED
from rhetoric.tables import COLUMNS

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return analyze_many(many.frame())


def test_tables_over_all_articles_are_those_of_each(corpus: Corpus) -> None:
    assert len(corpus) == 100
    for table, columns in COLUMNS.items():
        whole = corpus.frame(table)
        assert list(whole.columns) == ["article", *columns]
        assert {name: str(kind) for name, kind in whole.dtypes.items()} == {"article": "int32", **columns}
        for i in (0, 41, 99):
            own = whole[whole["article"] == i].drop(columns="article").reset_index(drop=True)
            pd.testing.assert_frame_equal(own, corpus[i].frame(table), check_categorical=False, rtol=0, atol=2e-6)


def test_the_table_of_articles_counts_what_the_summary_counts(corpus: Corpus) -> None:
    articles = corpus.frame()
    for i in (3, 77):
        summary, row = corpus[i].summary, articles.iloc[i]
        assert (row["words"], row["sentences"]) == (summary["words"], summary["sentences"])
        for signal in SCORED:
            for side in ("author", "others"):
                of = summary["by_signal"][signal][side]
                assert row[f"{signal}_sentences_{side}"] == of["sentences"]
                assert row[f"{signal}_findings_{side}"] == of["findings"]
            strong = [f.grade for f in corpus[i].findings if f.signal == signal]
            assert row[f"{signal}_grade_2"] == sum(g >= 2 for g in strong)
            assert row[f"{signal}_grade_3"] == sum(g >= 3 for g in strong)
    assert str(articles["day"].dtype) == "datetime64[s]"
    assert articles["day"].isna().sum() == 12


def test_an_article_by_number_is_its_analysis(corpus: Corpus) -> None:
    assert corpus[3] == corpus.analyzer(corpus.articles[3])
    assert corpus[-1].article is corpus.articles[-1]
    assert [a.article.title for a in corpus[2:5]] == [a.title for a in corpus.articles[2:5]]
    assert corpus[2:5].frame("findings")["article"].max() <= 2
    with pytest.raises(IndexError, match="there are 100"):
        corpus[100]


def test_several_processes_give_the_same_tables(corpus: Corpus) -> None:
    other = analyze_many(many.frame(), jobs=2)
    for table in ("articles", *COLUMNS):
        pd.testing.assert_frame_equal(corpus.frame(table), other.frame(table), rtol=0, atol=2e-6)


def test_groups_are_counted_with_intervals(corpus: Corpus) -> None:
    groups = corpus.by("outlet")
    assert groups["outlet"].drop_duplicates().tolist() == sorted(many.OUTLETS)
    assert groups["signal"].tolist() == list(SCORED) * 4
    sentences = corpus.frame("sentences", "outlet")
    for row in groups.to_dict("records"):
        own = sentences[(sentences["outlet"] == row["outlet"]) & ~sentences["junk"]]
        marked = own[row["signal"]] >= 0.5
        assert row["marked"] == marked.sum()
        assert row["share"] == pytest.approx(100 * marked.mean(), abs=1e-3)
        assert row["low"] <= row["share"] <= row["high"]
        assert row["author"] + row["others"] == pytest.approx(row["share"], abs=2e-3)
    charged = groups[groups["signal"] == "charged"].set_index("outlet")["author"]
    assert charged["Voice of Kestria"] > 10 * charged["Dravo Gazette"]


def test_groups_by_outlet_and_month_keep_articles_without_a_date(corpus: Corpus) -> None:
    groups = corpus.by("outlet", "month")
    assert set(groups["month"].dropna()) == {"2021-01", "2021-02", "2021-03", "2021-04"}
    assert groups[groups["signal"] == "charged"]["articles"].sum() == 100
    assert groups["month"].isna().any()
    assert groups["low"].isna().all(), "no interval for so few articles"


def test_filters(corpus: Corpus) -> None:
    one = corpus.where(outlet="Truth of Ordan")
    assert len(one) == 25
    assert len(corpus.where(since="2021-02", until="2021-03")) == sum(
        d in (2, 3) for d in corpus.frame()["day"].dt.month
    )
    text = corpus.where(text="puppet regime")
    assert 0 < len(text) < 60
    assert all("puppet regime" in a.text for a in text.articles)
    strict = one.where(voice="author", signal="charged", grade=2)
    findings = strict.frame("findings")
    assert len(findings) and len(strict) == 25
    assert set(findings["voice"]) == {"author"}
    assert set(findings["signal"]) == {"charged"}
    assert findings["grade"].min() == 2
    whole = one.frame("findings")
    wanted = (whole["voice"] == "author") & (whole["signal"] == "charged") & (whole["grade"] >= 2)
    assert len(findings) == wanted.sum()
    assert set(strict.frame("ledger")["voice"]) == {"author"}
    sentences = strict.frame("sentences")
    assert (sentences["charged"] >= 0.5).all() and (sentences["grade_charged"] >= 2).all()
    grouped = one.where(voice="author").by("outlet").set_index("signal")
    plain = one.by("outlet").set_index("signal")
    assert grouped["author"].tolist() == plain["author"].tolist()
    assert (grouped["others"] == 0).all()
    assert one.where(signal="charged").by("outlet")["signal"].tolist() == ["charged"]


def test_a_sample_is_the_same_each_time(corpus: Corpus) -> None:
    assert corpus.sample(5).articles == corpus.sample(5).articles
    assert corpus.sample(5, seed=1).articles != corpus.sample(5).articles
    assert len({a.text for a in corpus.sample(5).articles}) == 5
    with pytest.raises(CorpusError, match="ask for fewer"):
        corpus.sample(101)


def test_words_are_found_in_every_article(corpus: Corpus) -> None:
    found = corpus.find("regime")
    assert found["article"].nunique() == len(corpus.where(text="regime"))
    assert set(found["match"]) == {"regime"}
    assert corpus.find("absent").empty
    assert (
        found.dtypes.to_dict() == corpus.find("absent").dtypes.to_dict() == corpus[:0].find("regime").dtypes.to_dict()
    )


def test_columns_of_the_articles_stand_beside_other_rows(corpus: Corpus) -> None:
    made = corpus.frame("ledger", "outlet", "month")
    assert list(made.columns[:3]) == ["article", "outlet", "month"]
    assert made["outlet"].tolist() == [corpus.articles[i].outlet for i in made["article"]]
    assert made["outlet"].dtype == made["month"].dtype == corpus.frame()["outlet"].dtype


def test_sources_of_all_kinds(tmp_path: Path) -> None:
    texts = analyze_many(["The thugs fled.", Article("It rained.", "b"), EXAMPLES / "court_report.txt"])
    assert [a.id for a in texts.articles] == ["0", "b", "court_report"]
    assert len(analyze_many(EXAMPLES)) >= 15
    many.frame(2).to_json(tmp_path / "t.jsonl", orient="records", lines=True)
    assert len(analyze_many(str(tmp_path / "t.jsonl"))) == 8
    assert analyze_many([analyze("The thugs fled.")])[0] == analyze("The thugs fled.")
    own = analyze_many(pd.DataFrame({"body of it": ["It rained."], "Source": ["A"]}), text="body of it")
    assert own.articles[0].outlet == "A"


def test_a_store_is_a_source(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("py3langid")
    from rhetoric.cli import commands

    if "batch" not in commands.commands:
        pytest.skip("rhetoric batch writes stores; it is not there yet")
    from click.testing import CliRunner

    many.frame(2).to_json(tmp_path / "t.jsonl", orient="records", lines=True)
    done = CliRunner().invoke(commands, ["batch", str(tmp_path / "t.jsonl"), "--store", str(tmp_path / "store")])
    assert done.exit_code == 0, done.output
    from rhetoric import open_store

    for source in (open_store(tmp_path / "store"), tmp_path / "store"):
        made = analyze_many(source)
        assert sorted(a.text for a in made.articles) == sorted(many.frame(2)["text"])
        assert set(made.frame()["outlet"]) == set(many.OUTLETS)


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2020", "2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02", "2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("0900-04", "2021-12", date(900, 4, 1), date(2021, 12, 31)),
        ("2021-03-05", "2021-03-05", date(2021, 3, 5), date(2021, 3, 5)),
        (None, "2021", date.min, date(2021, 12, 31)),
        ("2021", None, date(2021, 1, 1), date.max),
    ],
)
def test_a_span_is_of_whole_days_months_and_years(
    since: str | None, until: str | None, first: date, last: date
) -> None:
    assert span_of(since, until) == (first, last)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ([], "there is no article in what was given; give texts"),
        (["", "  "], "there is no text in it"),
        (pd.DataFrame({"a": ["x"], "b": [1]}), r"no column 'text' \(it has: a, b\); name the column: text="),
        (pd.DataFrame({"text": [None, ""]}), "row 0: there is no text in column 'text'"),
        (7, "int holds no articles; give texts, files, a frame or a store"),
        ([7], "item 0 is a int; give texts"),
        ({"a": "The thugs fled."}, "dict holds no articles; give texts, files, a frame or a store"),
    ],
)
def test_what_holds_no_article_is_told(source: object, told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        analyze_many(source)


def test_questions_without_an_answer_are_told(corpus: Corpus) -> None:
    bare = analyze_many(["It rained.", "The thugs fled."])
    for ask, told in (
        (lambda: corpus.by(), "name a column to group by"),
        (lambda: corpus.by("colour"), "no column 'colour'"),
        (lambda: corpus.by("words"), "'words' is a count; group by id, title"),
        (lambda: corpus.sample(-1), "-1 articles cannot be drawn"),
        (lambda: corpus.where(grade="2"), "no grade '2'; give 0, 1, 2 or 3"),  # type: ignore[arg-type]
        (lambda: corpus.where(grade=4), "no grade 4"),
        (lambda: corpus.where(text="unheard of").plot.outlets(), "no outlet has 20 articles"),
        (lambda: bare.by("month"), "no article has a date"),
        (lambda: bare.by("outlet"), "no article has a value in 'outlet'"),
        (lambda: corpus.where(outlet="The Moon"), "no article of The Moon; there are: Dravo Gazette"),
        (lambda: corpus.where(since="spring"), "no date: 'spring'; write 2020-03-01"),
        (lambda: corpus.where(since="2020", until="zz"), "no date: 'zz'"),
        (lambda: corpus.where(since="2020", until="March"), "no date: 'March'"),
        (lambda: corpus.where(since="2021-02-30"), "no date: '2021-02-30'"),
        (lambda: corpus.where(since="20210301"), "no date: '20210301'"),
        (lambda: corpus.where(until="2021-W05"), "no date: '2021-W05'"),
        (lambda: corpus.where(signal="loud"), "no signal 'loud'; there are charged"),
        (lambda: corpus.frame("words"), "no table 'words'; there are articles"),
        (lambda: analyze_many(["It rained."], tables=()).frame("ledger"), "was not kept"),
        (lambda: bare.plot.outlets(), "no article has a value in 'outlet'"),
    ):
        with pytest.raises(CorpusError, match=told):
            ask()


def test_one_sentence_junk_alone_and_other_languages_divide_by_nothing() -> None:
    odd = analyze_many(
        pd.DataFrame(
            {
                "text": ["Rain.", "Share this article", "LEAVE A REPLY", "Der Rat hat gestern beraten. " * 12],
                "outlet": ["A", "B", "B", "C"],
            }
        )  # fmt: skip
    )
    groups = odd.by("outlet")
    assert np.isfinite(groups["per_1000_words"]).all()
    assert groups[groups["outlet"] == "B"]["share"].isna().all()
    assert odd.frame()["english"].tolist() == [True, True, True, False]
    assert "nan" not in odd._repr_html_().lower().replace("nano", "")


def test_a_corpus_of_nothing_has_the_same_columns(corpus: Corpus) -> None:
    nothing = corpus.where(text="unheard of")
    assert len(nothing) == 0
    assert nothing.by("outlet").dtypes.to_dict() == corpus.by("outlet").dtypes.to_dict()
    for table in ("articles", *COLUMNS):
        assert nothing.frame(table).dtypes.to_dict() == corpus.frame(table).dtypes.to_dict()
    assert "nan" not in nothing._repr_html_().lower()


def test_a_corpus_shows_itself(corpus: Corpus) -> None:
    shown = corpus._repr_html_()
    assert "100 articles" in shown and "4 outlets" in shown and "12 without a date" in shown
    assert repr(corpus) == "<Corpus of 100 articles>"
    assert repr(corpus[:1]) == "<Corpus of 1 article>"
    assert "<script" not in shown


def test_outlets_are_drawn_in_alphabetical_order_with_enough_articles(corpus: Corpus) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    few = corpus.pick([*range(30), *range(50, 100)])  # five of the second outlet
    axes = few.plot.outlets()
    names = [label.get_text() for label in axes[0].get_yticklabels()]
    assert names == ["The Merrin Courier", "Truth of Ordan", "Voice of Kestria"]
    plt.close("all")


def test_progress_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        assert list(follow([(2, "a"), (3, "b")], 5)) == ["a", "b"]
        assert ("5 of 5 articles" in stream.getvalue()) == shown
        assert stream.getvalue().endswith("\x1b[K") == shown
    for count, told in ((1, False), (2, True)):
        monkeypatch.setattr(sys, "stderr", stream := Terminal())
        list(follow([(count, "a")], count))
        assert bool(stream.getvalue()) == told, "one article alone needs no bar"
    quiet = Terminal()
    monkeypatch.setattr(sys, "stderr", quiet)
    list(follow([(1, "a")], 1, show=False))
    assert quiet.getvalue() == ""
