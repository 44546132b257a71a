"""The straight line as a whole: what holds for every text, alone and among others."""

from __future__ import annotations

import pickle
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rhetoric import Analyzer, analyze
from rhetoric.lexicon_files import LexiconError
from rhetoric.records import CATEGORIES, SCORED, SIGNALS, Analysis, Article
from rhetoric.render.json import to_json

EXAMPLES = [
    path.read_text("utf-8") for path in sorted((Path(__file__).resolve().parents[1] / "examples").glob("*.txt"))
]
ODD = (
    "The puppet regime in Dravo said “we will never yield” . \n\n Everyone knows 1,200 thugs ’ are doomed ! may "
    "According to officials , Ms. Oda Fenn : ' so-called ' experts \r\n \t (it could collapse) – naturally ? "
    "שלום مرحبا Advertisement Share By Tam Orrell 🙂 e\u0301 \u200f \ufeff \u2028 İstanbul ﬁn ǅ \x00 \x85 \xa0"
)


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    """Load the shipped lexicons and model once."""
    return Analyzer.load()


def test_an_analyzer_takes_what_analyze_takes(analyzer: Analyzer, tmp_path: Path) -> None:
    text = "The thugs fled."
    path = tmp_path / "thugs.txt"
    path.write_text(text, encoding="utf-8")
    for source in (text, Article(text), path, str(path)):
        for one in (analyzer(source), analyze(source), *analyzer.analyze_all([source])):
            assert one.article.text == text
    for wrong in (7, None, ["The thugs fled."]):
        with pytest.raises(TypeError, match="give a text, a file or an Article"):
            analyzer(wrong)  # type: ignore[arg-type]


def test_an_analysis_is_shown_in_a_line(analyzer: Analyzer) -> None:
    assert repr(analyzer("The thugs fled.")) == "<Analysis: 1 sentence, 1 finding>"
    made = analyzer(Article("The thugs fled. They won.", "a1", title="A flight"))
    assert repr(made) == "<Analysis of “A flight”: 2 sentences, 1 finding>"


texts = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.sampled_from(ODD.split(" ")), max_size=60).map(" ".join),
    st.sampled_from(EXAMPLES[:3]),
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(analysis: Analysis) -> None:
    """Hold an analysis to what every analysis promises."""
    text = analysis.article.text
    assert bool(analysis.sentences) == bool(text.strip())
    end = 0
    for s in analysis.sentences:
        assert end <= s.start < s.end <= len(text)
        assert text[s.start : s.end].strip() == text[s.start : s.end]
        end = s.end
        assert all(0 <= getattr(s, signal) <= 1 and 0 <= s.grade[signal] <= 3 for signal in SCORED)
        if s.junk:
            assert (s.voice, s.charged, s.prediction, s.unhedged) == ("author", 0, 0, 0)
            assert not any(s.start < f.end and f.start < s.end for f in analysis.findings)
    order = [(f.start, f.end, f.signal, f.category) for f in analysis.findings]
    assert order == sorted(order)
    for f in analysis.findings:
        assert f.text == text[f.start : f.end]
        assert f.text.strip()
        assert f.signal in SIGNALS
        assert f.category in CATEGORIES[f.signal]
        assert f.voice in ("author", "quoted", "reported")
        assert any(s.start <= f.start and f.end <= s.end for s in analysis.sentences)
    for v in analysis.voices:
        assert 0 <= v.start < v.end <= len(text)
        assert v.voice in ("quoted", "reported")


@many
@given(text=texts)
@example(text="")
@example(text=" \n\t ")
@example(text="🙂")
@example(text="“")
@example(text=".")
@example(text="\ud800 The thugs fled. \udfff")
@example(text="The thugs fled.\r\n\r\nThe goons stayed.\rIt will rain.")
@example(text="קבוצה של thugs ברחה. هرب الـ goons.")
@example(text="👩‍👩‍👧‍👦 The thugs 🇪🇺 fled, e\u0301ach of them.")
def test_every_analysis_keeps_its_promises(analyzer: Analyzer, text: str) -> None:
    check(analyzer(Article(text)))


@settings(many, max_examples=40)
@given(some=st.lists(texts, max_size=8))
@example(some=["", "", "The thugs fled.", "", " "])
@example(some=["A", "\x1b\x1b\x1bÁ\x1bß"])
def test_alone_or_together_an_article_has_the_same_analysis(analyzer: Analyzer, some: list[str]) -> None:
    articles = [Article(text, str(k), title=text[:40] if k % 2 else f"On {k}") for k, text in enumerate(some)]
    together = list(analyzer.analyze_all(articles))
    assert together == [analyzer(article) for article in articles]


def test_examples_give_the_same_bytes_alone_and_together(analyzer: Analyzer) -> None:
    articles = [Article(text, str(k)) for k, text in enumerate(EXAMPLES)]
    together = [to_json(analysis) for analysis in analyzer.analyze_all(articles)]
    assert together == [to_json(analyzer(article)) for article in articles]
    assert together[::-1] == [to_json(analysis) for analysis in analyzer.analyze_all(articles[::-1])]


def test_more_text_than_one_batch_changes_nothing(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rhetoric.analysis.BATCH", 2 * len(EXAMPLES[0]))
    articles = [Article(text, str(k)) for k, text in enumerate(EXAMPLES * 3)]
    several = list(analyzer.analyze_all(articles))
    assert several[: len(EXAMPLES)] == [analyzer(article) for article in articles[: len(EXAMPLES)]]
    assert [a.sentences for a in several[len(EXAMPLES) : 2 * len(EXAMPLES)]] == [
        a.sentences for a in several[: len(EXAMPLES)]
    ]


def test_a_batch_that_is_full_with_the_last_article_is_the_last(
    analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rhetoric.analysis.BATCH", 1_000)
    text = "The ferry left. " * 100
    assert [a.article.id for a in analyzer.analyze_all([Article(text, "long")])] == ["long"]
    assert list(analyzer.analyze_all([])) == []


@pytest.mark.parametrize(
    ("title", "text", "apart"),
    [
        ("Thugs storm the harbour", "The harbour was closed.", True),
        ("Thugs storm the harbour", "Thugs storm the harbour\n\nThe harbour was closed.", False),
        ("  Thugs storm the harbour ", "\n Thugs storm the harbour. It was closed.", False),
        ("", "The harbour was closed.", False),
        ("   ", "The harbour was closed.", False),
        (None, "The harbour was closed.", False),
    ],
)
def test_the_headline_is_scored_where_the_text_does_not_begin_with_it(
    analyzer: Analyzer, title: str | None, text: str, apart: bool
) -> None:
    headline = analyzer(Article(text, title=title)).headline
    assert (headline is not None) == apart
    if headline and title:
        assert [(f.text, title[f.start : f.end]) for f in headline.findings][:1] == [("Thugs", "Thugs")]
        assert headline.sentence.charged > 0.5
        assert (headline.sentence.start, headline.sentence.end) == (0, len(title))


def test_a_headline_of_several_sentences_has_the_highest_of_their_scores(analyzer: Analyzer) -> None:
    title = "Thugs storm the harbour. The port will close"
    headline = analyzer(Article("All was quiet.", title=title)).headline
    parts = analyzer(Article(title)).sentences
    assert len(parts) == 2
    assert headline
    for signal in SCORED:
        assert getattr(headline.sentence, signal) == max(getattr(part, signal) for part in parts)


def test_a_category_of_the_readers_own_is_found_and_scored(tmp_path: Path) -> None:
    (tmp_path / "charged").mkdir()
    (tmp_path / "charged" / "harbour_talk.toml").write_text(
        'signal = "charged"\ncategory = "harbour_talk"\nwhy = "Names dockers by what the writer thinks of them."\n'
        'source = "Written for a test."\nlicence = "MIT"\ngrade = 2\ninflect = "noun"\n'
        'terms = [{ text = "quay gremlin", neutral = "docker" }]\n'
        '[examples]\nhit = [["The quay gremlins struck.", "quay gremlins"]]\nmiss = ["The quay was empty."]\n'
    )
    text = "The quay gremlins of Merrin struck again on Monday."
    own, shipped = (Analyzer.load(lexicons=folder)(Article(text)) for folder in (tmp_path, None))
    assert [(f.text, f.category, f.grade, f.neutral) for f in own.findings if f.signal == "charged"] == [
        ("quay gremlins", "harbour_talk", 2, "docker")
    ]
    assert not any(f.category == "harbour_talk" for f in shipped.findings)
    assert own.sentences[0].charged > shipped.sentences[0].charged
    assert own.made_by.lexicons != shipped.made_by.lexicons


def test_a_mistake_in_a_readers_lexicon_is_told(tmp_path: Path) -> None:
    (tmp_path / "charged").mkdir()
    (tmp_path / "charged" / "odd.toml").write_text('signal = "charged"\nterms = 3\n')
    with pytest.raises(LexiconError, match=r"odd\.toml"):
        Analyzer.load(lexicons=tmp_path)


def test_a_path_or_a_line_that_names_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("The thugs fled.")
    assert analyze(path).article.text == analyze(str(path)).article.text == "The thugs fled."
    assert analyze("The thugs fled.").sentences[0].charged > 0.5
    with pytest.raises(ValueError, match="absent"):
        analyze(tmp_path / "absent.txt")


def test_made_by_names_what_made_it(analyzer: Analyzer) -> None:
    made = analyzer(Article("It rained.")).made_by
    assert made == analyzer(Article("It snowed.")).made_by
    assert (len(made.model), made.version.count(".")) == (12, 2)


def test_a_word_that_lists_know_for_another_signal_is_no_charged_word_of_the_model() -> None:
    found = analyze('"The puppet regime will inevitably fall," ranted Mara Quill.').findings
    assert [f.signal for f in found if f.text == "inevitably"] == ["unhedged"]


def test_sentences_of_a_batch_are_as_good_as_a_tuple_of_records(analyzer: Analyzer) -> None:
    texts = [*EXAMPLES[:2], "Share this on Facebook\n\nThe reckless plan may fail.", ""]
    for analysis in analyzer.analyze_all([Article(text, title="A reckless “plan”") for text in texts]):
        records = tuple(analysis.sentences)
        assert analysis.sentences == records
        assert not isinstance(analysis.sentences, Hashable), "records hold mappings"
        assert to_json(analysis) == to_json(replace(analysis, sentences=records))
        assert pickle.loads(pickle.dumps(analysis)) == analysis
