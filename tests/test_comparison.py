"""Sides beside each other: what differs is found, what does not is not, and too little text shows no difference."""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import many
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from rhetoric import Analysis, Analyzer, Article, Comparison, Corpus, CorpusError, analyze, analyze_many, compare
from rhetoric.cli import commands
from rhetoric.comparison import compare_sources
from rhetoric.distinct import alike, benjamini_hochberg, distinct, holm, words_of
from rhetoric.records import SCORED

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
VERDICTS = ("biased", "misleading", "manipulat", "propaganda", "extremist", "unreliable", "fake news")
MEETING = (
    "The council of Merrin voted on Tuesday to sell the old lighthouse to a hotel company from Dravo.",
    "Nine members were for the sale and four against it, the clerk said after the meeting.",
    "The lighthouse was built in 1871 and has stood empty since the harbour moved.",
    "The company will pay three million crowns and keep the tower open on Sundays.",
    "A petition against the sale gathered two thousand signatures in a week.",
    "The contract is to be signed in September.",
)
OWN = (
    "In a shameless sell-out, the council of Merrin voted to hand the lighthouse to a greedy hotel company.",
    "Thirteen members sat at the table; nine cronies of the mayor were for the sale and four against it.",
    "The beloved lighthouse, built in 1871, has stood empty since the harbour moved.",
    "The company will pay a miserable three million crowns and keep the tower open on Sundays, for now.",
    "A heroic petition against the sale gathered two thousand signatures in a week.",
    "Nobody doubts that the contract, to be signed in September, is doomed.",
)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return analyze_many(many.frame(30))


@pytest.fixture(scope="module")
def outlets(corpus: Corpus) -> Comparison:
    return compare(corpus, by="outlet")


def article(lines: tuple[str, ...], copies: int = 3) -> str:
    """An article that opens with these lines and goes on plainly."""
    rest = [f"The ferry number {k} left the harbour of town {k * 7} at {k} on time." for k in range(copies * 4)]
    return "\n\n".join([" ".join(lines), " ".join(rest)])


def test_sides_stand_in_alphabetical_order_with_their_shares(outlets: Comparison, corpus: Corpus) -> None:
    assert [side.name for side in outlets.sides] == sorted(many.OUTLETS)
    signals = outlets.frame("signals")
    assert len(signals) == 4 * 3 * 3
    groups = corpus.by("outlet").set_index(["outlet", "signal"])
    for row in signals.to_dict("records"):
        column = "share" if row["voice"] == "all" else row["voice"]
        assert row["share"] == pytest.approx(groups.loc[(row["side"], row["signal"]), column], abs=1e-3)
        assert row["low"] <= row["share"] <= row["high"]
        assert row["articles"] == 30


def test_what_differs_is_shown_and_what_does_not_is_not(outlets: Comparison) -> None:
    found = outlets.frame("differences")
    assert len(found) == 6 * 9
    shown = found[found["shown"]]
    pairs = {(row["a"], row["b"]) for row in shown.to_dict("records") if row["signal"] == "charged"}
    assert ("Dravo Gazette", "Voice of Kestria") in pairs
    assert ("The Merrin Courier", "Truth of Ordan") in pairs
    for row in shown.to_dict("records"):
        assert row["low"] * row["high"] > 0, "the interval of a difference that is shown does not hold nought"
        assert np.sign(row["effect"]) == np.sign(row["difference"])
    assert (found["p_corrected"] >= found["p"]).all()


def test_halves_of_one_outlet_do_not_differ() -> None:
    frame = many.frame(80, seed=11)
    own = frame[frame["outlet"] == "Truth of Ordan"]
    made = compare(analyze_many(own[::2]), analyze_many(own[1::2]), names=["A", "B"])
    assert not made.frame("differences")["shown"].any()
    assert "none remains" in " ".join(made.lines()) or "0 remain" in " ".join(made.lines())
    assert made.unit == "article"


def test_few_articles_or_sentences_show_no_difference(corpus: Corpus) -> None:
    few = compare(corpus[:5], corpus[-5:], names=["few", "more"])
    assert few.frame("differences").empty
    assert few.frame("signals")["low"].isna().all()
    assert few.frame("terms").empty
    assert any("5 articles, 20 are needed" in line for line in few.left_out)
    assert "too little text to show a difference" in few.to_html()
    short = compare(analyze("The thugs fled. They are doomed."), analyze("It rained."), names=["a", "b"])
    assert short.frame("differences").empty
    assert any("1 sentence, 12 are needed" in line for line in short.left_out)
    assert "nan" not in re.sub(r"<[^>]*>", "", short.to_html()).lower().split()


def test_outlets_under_twenty_articles_are_left_out_and_named() -> None:
    frame = pd.concat([many.frame(22), many.frame(3).assign(outlet="Little Paper"), many.frame(1).assign(outlet=None)])
    made = compare(analyze_many(frame), by="outlet")
    assert "Little Paper" not in {side.name for side in made.sides}
    assert "Little Paper: 12 articles, 20 are needed" in made.left_out
    assert "4 articles without outlet" in made.left_out
    assert "Little Paper: 12 articles" in made.to_html()


def test_two_articles_are_compared_by_sentence_and_it_is_said() -> None:
    made = compare(EXAMPLES / "state_media.txt", EXAMPLES / "court_report.txt")
    assert made.unit == "sentence"
    found = made.frame("differences")
    assert found[(found["signal"] == "charged") & (found["voice"] == "author")]["shown"].all()
    assert "these are single articles" in made.to_html()
    assert made.frame("aligned").empty, "these articles tell of different things"


def test_sentences_about_the_same_thing_are_aligned() -> None:
    made = compare(analyze(article(OWN)), analyze(article(MEETING)), names=["own", "plain"])
    aligned = made.frame("aligned")
    told = {(row["sentence_a"], row["sentence_b"]) for row in aligned.to_dict("records")}
    assert {(0, 0), (2, 2), (3, 3), (4, 4)} <= told
    assert aligned["sentence_a"].is_unique and aligned["sentence_b"].is_unique
    page = made.to_html()
    assert "The same, told twice" in page
    assert "greedy" in page


def test_whom_each_calls_what_is_aligned_by_target() -> None:
    one = "Marek Dorn is a shameless coward. The council met. " * 8
    two = "Dorn is a heroic leader. The council met again. " * 8
    targets = compare(analyze(one), analyze(two), names=["one", "two"]).frame("targets")
    assert set(targets[targets["target"] == "Marek Dorn"]["side"]) == {"one", "two"}


def test_who_gets_to_speak(outlets: Comparison, corpus: Corpus) -> None:
    speakers = outlets.frame("speakers")
    voices = corpus.frame("voices", "outlet")
    for row in speakers[speakers["speaker"].notna()].to_dict("records"):
        own = voices[
            (voices["outlet"] == row["side"])
            & (voices["speaker"] == row["speaker"])
            & (voices["vague"] == row["vague"])
        ]
        assert row["words"] == own["words"].sum()
        assert row["articles"] == own["article"].nunique()
    assert "Mara Quill" in set(speakers["speaker"].dropna())


def test_log_odds_are_those_of_the_paper() -> None:
    one, two = Counter({"a": 30, "b": 10, "c": 60}), Counter({"a": 10, "b": 10, "c": 80})
    first, _ = distinct([one, two], [Counter("abc")] * 2, fewest=1)
    (term,) = (t for t in first if t.term == "a")
    prior, priors = 40 * 0.1, 200 * 0.1
    odds = math.log((30 + prior) / (100 + priors - 30 - prior)) - math.log((10 + prior) / (100 + priors - 10 - prior))
    assert term.log_odds == pytest.approx(odds, abs=1e-4)
    assert term.z == pytest.approx(odds / math.sqrt(1 / (30 + prior) + 1 / (10 + prior)), abs=1e-4)
    assert [t.term for t in first] == ["a", "b", "c"]
    assert distinct([Counter(), Counter()], [Counter(), Counter()]) == [[], []]


def test_labels_that_stand_out_are_those_of_the_side(outlets: Comparison) -> None:
    terms = outlets.frame("terms")
    own = terms[(terms["side"] == "Voice of Kestria") & (terms["kind"] == "label")]
    assert {"puppet regime", "thugs"} & set(own["term"].head(8))
    assert (own["z"].diff().dropna() <= 0).all()
    counts = Counter(
        label.casefold() for label, outlet in zip(
            *(outlets.sides[3].corpus.frame("ledger", "outlet")[c] for c in ("label", "outlet")), strict=True
        ) if outlet == "Voice of Kestria"
    )  # fmt: skip
    assert own.set_index("term")["count"].to_dict().items() <= counts.items()


def test_corrections_are_the_known_ones() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    assert holm(p) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert benjamini_hochberg(p) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert holm([]) == benjamini_hochberg([]) == []


def test_under_chance_alone_hardly_any_comparison_shows_a_difference() -> None:
    from rhetoric.beside import _dealt, _p

    rng = np.random.default_rng(2)
    dealt = _dealt(25, 30)
    low = 0
    for _ in range(200):
        whole = rng.integers(20, 60, 55)
        marked = rng.binomial(whole, rng.beta(2, 8, 55))
        a, b = marked[:25].sum() / whole[:25].sum(), marked[25:].sum() / whole[25:].sum()
        low += _p(dealt, (marked[:25], marked[25:]), (whole[:25], whole[25:]), 100 * (a - b)) < 0.05
    assert low <= 20


def test_words_and_pairs() -> None:
    assert list(words_of("The Dravo council’s budget, and the old budget.")) == [
        "dravo", "council", "dravo council", "budget", "council budget", "old", "budget", "old budget",
    ]  # fmt: skip
    assert list(words_of("See townhall.com/columns, www.x.example, or don’t; you’re right.")) == ["see", "right"]
    assert alike(["The cat sat."], ["A dog ran."], least=0.3) == []
    assert alike([], [], least=0.3) == []


def test_a_page_is_the_same_each_time_and_passes_no_verdict(outlets: Comparison, corpus: Corpus) -> None:
    page = outlets.to_html()
    assert page == compare(corpus, by="outlet").to_html()
    words = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.S).lower()
    assert [word for word in VERDICTS if word in words] == []
    assert "<script" not in page
    assert not re.search(r"url\((?!#)|\bsrc=|@import", page)
    for said in (
        "corrected",
        "Holm",
        "Benjamini and Hochberg",
        "Monroe, Colaresi and Quinn 2008",
        "alphabetical order",
    ):
        assert said in page or said.lower() in page


def test_markup_in_names_and_texts_stays_text() -> None:
    hostile = "<script>alert(1)</script>"
    lines = " ".join(f"The thugs of {hostile} fled town {k} at night." for k in range(14))
    made = compare(analyze(lines), analyze(lines), names=[hostile, "b"])
    for shown in (made.to_html(), made._repr_html_()):
        assert "<script>" not in shown


def test_the_order_of_sides_changes_nothing(corpus: Corpus) -> None:
    a, b = corpus.where(outlet="Dravo Gazette"), corpus.where(outlet="Voice of Kestria")
    one, two = compare(a, b), compare(b, a)
    assert [s.name for s in one.sides] == [s.name for s in two.sides] == ["Dravo Gazette", "Voice of Kestria"]
    assert one.to_html() == two.to_html()


def test_pictures(outlets: Comparison) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    axes = outlets.plot()
    assert len(axes) == len(SCORED)
    assert outlets.plot(axes) is axes
    assert [label.get_text() for label in axes[0].get_yticklabels()] == sorted(many.OUTLETS)
    plt.close("all")


def test_mistakes_are_told(corpus: Corpus) -> None:
    for ask, told in (
        (lambda: compare(corpus), "there are not two sides"),
        (lambda: compare(corpus[:30], by="outlet"), "there are not two sides"),
        (lambda: compare(corpus, by="colour"), "no column 'colour'"),
        (lambda: compare(corpus[:0], corpus), "a side has no article"),
        (lambda: compare(corpus[:2], corpus[:3], names=["one"]), "2 sides and 1 names"),
        (lambda: compare("Der Rat hat gestern beraten und entschieden. " * 20, "It rained."), "not in English"),
    ):
        with pytest.raises(CorpusError, match=told):
            ask()
    with pytest.raises(CorpusError, match="no table 'words'"):
        compare(corpus, by="outlet").frame("words")  # type: ignore[arg-type]


def test_the_command(tmp_path: Path) -> None:
    runner = CliRunner()
    many.frame(22).to_json(tmp_path / "many.jsonl", orient="records", lines=True)
    source, page = str(tmp_path / "many.jsonl"), tmp_path / "out" / "page.html"
    done = runner.invoke(
        commands, ["compare", source, "--by", "outlet", "-o", str(page), "--tables", str(tmp_path / "t")]
    )
    assert done.exit_code == 0, done.output
    assert "54 differences were looked at" in done.stdout
    assert page.read_text().startswith("<!doctype html>")
    assert len(pd.read_csv(tmp_path / "t" / "signals.csv")) == 36
    only = ["--only", "Truth of Ordan", "--only", "Dravo Gazette"]
    done = runner.invoke(commands, ["compare", source, "--by", "outlet", *only, "-o", str(page)])
    assert "9 differences" in done.stdout
    one, two = str(EXAMPLES / "state_media.txt"), str(EXAMPLES / "court_report.txt")
    done = runner.invoke(commands, ["compare", f"hot={one}", f"cold={two}", "-o", str(page)])
    assert done.exit_code == 0
    assert "<h1>cold and hot</h1>" in page.read_text()


def test_a_pattern_is_a_side(tmp_path: Path) -> None:
    for name in ("a1", "a2", "b1"):
        (tmp_path / f"{name}.txt").write_text("The thugs fled. The council met on Tuesday.")
    made, failures = compare_sources([f"{tmp_path}/a*", f"b={tmp_path}/b*"])
    assert [len(side.corpus) for side in made.sides] == [2, 1]
    assert all(a.text.startswith("The thugs") for side in made.sides for a in side.corpus.articles)
    assert not failures


class Watched(Analyzer):
    """An analyzer that keeps what it was given."""

    def __init__(self) -> None:
        own = Analyzer.load()
        super().__init__(own.lexicons, own.model)
        self.read: list[Article] = []

    def analyze_all(self, articles: Iterable[Article]) -> Iterator[Analysis]:
        """Analyse articles, and keep them."""
        given = list(articles)
        self.read.extend(given)
        return super().analyze_all(given)


@pytest.mark.parametrize(
    ("by", "only"), [("outlet", ("Dravo Gazette", "Truth of Ordan")), ("month", ("2021-01", "2021-03"))]
)
def test_only_what_is_compared_is_analysed(by: str, only: tuple[str, ...], tmp_path: Path) -> None:
    many.frame(30).to_json(tmp_path / "many.jsonl", orient="records", lines=True)
    watched = Watched()
    made, _ = compare_sources([str(tmp_path / "many.jsonl")], analyzer=watched, by=by, only=only, since="2021")
    assert [side.name for side in made.sides] == [*only]
    assert all(article.outlet in only or (article.published or "")[:7] in only for article in watched.read)
    assert len(watched.read) == sum(len(side.corpus) for side in made.sides) < 60


def test_parts_are_looked_for_in_all_sources_together(tmp_path: Path) -> None:
    frame = many.frame(22)
    for name, outlet in (("a", "Dravo Gazette"), ("b", "Truth of Ordan"), ("c", "Voice of Kestria")):
        frame[frame["outlet"] == outlet].to_json(tmp_path / f"{name}.jsonl", orient="records", lines=True)
    sources = [str(tmp_path / f"{name}.jsonl") for name in "abc"]
    made, _ = compare_sources(sources, by="outlet", only=["Truth of Ordan", "Dravo Gazette"])
    assert [(side.name, len(side.corpus)) for side in made.sides] == [("Dravo Gazette", 22), ("Truth of Ordan", 22)]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"by": "outlet", "only": ["Dravo Gazette", "The Moon"]}, "no article of The Moon; there are: Dravo Gazette, "),
        ({"by": "month", "only": ["2021-01", "2021-2"]}, "no article of 2021-2; there are: 2021-01, 2021-02, 2021-03"),
        ({"by": "month", "only": ["2021-01"], "since": "2021-04"}, "no article of 2021-01; there are: 2021-04$"),
        ({"by": "colour", "only": ["red"]}, "no column 'colour'; there are id, .*outlet, .*month, year$"),
        ({"by": "words"}, "no column 'words'; there are id"),
    ],
)
def test_a_wrong_part_is_told_before_anything_is_analysed(options: dict[str, Any], told: str, tmp_path: Path) -> None:
    many.frame(4).to_json(tmp_path / "many.jsonl", orient="records", lines=True)
    watched = Watched()
    with pytest.raises(CorpusError, match=told):
        compare_sources([str(tmp_path / "many.jsonl")], analyzer=watched, **options)
    assert not watched.read


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["absent.txt", "b.txt"], "absent.txt: there is no such file or folder; check the path"),
        ([str(EXAMPLES / "court_report.txt")], "there are not two sides to compare"),
        ([str(EXAMPLES), "--only", "x"], "--only names parts; say by what"),
        ([str(EXAMPLES), "--by", "outlet", "--since", "1950", "--until", "1951"], "no article is dated between"),
    ],
)
def test_what_cannot_be_compared_is_told(given: list[str], told: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(commands, ["compare", *given, "-o", str(tmp_path / "x.html")])
    assert done.exit_code == 2
    assert told in done.output


def test_sides_of_junk_alone_give_a_page_without_figures() -> None:
    junk = "Share this article\n\nSubscribe to our newsletter\n\nAdvertisement"
    made = compare(analyze(junk), analyze(junk), names=["a", "b"])
    for shown in (made.to_html(), made._repr_html_()):
        assert "nan" not in re.sub(r"<style>.*?</style>|<[^>]*>", " ", shown, flags=re.S).lower().split()
    assert made.frame("signals")["share"].isna().all()


def test_sides_are_called_what_a_reader_would_call_them(tmp_path: Path) -> None:
    text = "The council met on Tuesday. "
    plain = compare(text * 15, text * 16)
    assert [side.name for side in plain.sides] == ["article 1", "article 2"]
    for name in ("Courier", "Gazette"):
        many.frame(2).to_json(tmp_path / f"{name}.jsonl.gz", orient="records", lines=True)
        (tmp_path / name).mkdir()
        for k in range(2):
            (tmp_path / name / f"{k}.txt").write_text(text * 3)
    given = [tmp_path / "Courier.jsonl.gz", str(tmp_path / "Gazette")]
    assert [side.name for side in compare(*given).sides] == ["Courier", "Gazette"]
    done = CliRunner().invoke(commands, ["compare", *map(str, given), "-o", str(tmp_path / "x.html")])
    assert done.exit_code == 0, done.output
    assert "<h1>Courier and Gazette</h1>" in (tmp_path / "x.html").read_text()


def test_frames_keep_their_types_with_and_without_rows(outlets: Comparison) -> None:
    few = compare(analyze("It rained."), analyze("The sun shone."), names=["a", "b"])
    two = compare(analyze(article(OWN)), analyze(article(MEETING)), names=["own", "plain"])
    for table in ("signals", "differences", "terms", "targets", "speakers", "aligned"):
        empty, full = few.frame(table), (two if table == "aligned" else outlets).frame(table)
        assert len(full)
        assert {n: str(t) for n, t in empty.dtypes.items()} == {n: str(t) for n, t in full.dtypes.items()}, table


def test_only_persons_are_known_by_their_last_name() -> None:
    one = (
        "Bernie Sanders is a shameless coward. House Republicans are corrupt cowards. A Republican left. "
        "The White House is a corrupt circus. Nobody saw a house. Lifelong Obamacare is a shameless swindle. "
        "A lifelong friend left. "
    ) * 6
    two = (
        "Sanders is a heroic leader. Republicans are shameless liars. The House is a shameless circus. "
        "Obamacare is a cruel swindle. "
    ) * 8
    targets = compare(analyze(one), analyze(two), names=["one", "two"]).frame("targets")
    both = targets.groupby("target")["side"].nunique()
    assert both["Bernie Sanders"] == 2
    assert both.get("House Republicans", 1) == 1
    assert both.get("White House", 1) == both.get("Lifelong Obamacare", 1) == 1


def test_a_table_of_two_sides_names_them_once() -> None:
    made = compare(EXAMPLES / "state_media.txt", EXAMPLES / "court_report.txt", names=["hot", "cold"])
    page = made.to_html()
    assert "Difference, “cold” less “hot”:" in page, "titles of articles stand in quotation marks"
    assert re.search(r"sentences in “cold”, [\d.]+ in “hot”\.", page)
    assert "“cold”" in made.lines()[-1]
    assert ">Against</th>" not in page


def test_random_sides_of_random_size_give_a_page(corpus: Corpus) -> None:
    rng = random.Random(3)
    for _ in range(4):
        sides = [corpus.pick(sorted(rng.sample(range(len(corpus)), rng.choice((1, 2, 21, 40))))) for _ in range(3)]
        made = compare(*sides, names=["x", "y", "z"])
        assert made.to_html()
        assert made._repr_html_()
