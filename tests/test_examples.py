"""Every example is read, analysed and rendered, and the program sees in it what it was written for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import rhetoric
from rhetoric.records import SCORED, Analysis

FOLDER = Path(__file__).resolve().parents[1] / "examples"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.name not in ("README.md", "feed.xml"))
PLAIN = ("court_report.txt", "agency_report.txt", "science_report.txt")
FIERY = ("state_media.txt", "opinion_rents.txt", "opinion_border.txt")


@cache
def analyzer() -> rhetoric.Analyzer:
    return rhetoric.Analyzer.load()


@cache
def analyse(name: str) -> Analysis:
    return analyzer()(rhetoric.read(FOLDER / name))


def words(name: str) -> int:
    return analyse(name).to_dict()["summary"]["words"]


def marks(name: str, signal: str, *voices: str) -> float:
    """Marks of a signal in the given voices in 1,000 words."""
    found = [f for f in analyse(name).findings if f.signal == signal and f.voice in voices]
    return 1000 * len(found) / words(name)


def found(name: str, signal: str, voice: str) -> str:
    """All marks of a signal in a voice, in lower case, joined."""
    return " | ".join(f.text.lower() for f in analyse(name).findings if (f.signal, f.voice) == (signal, voice))


def test_there_are_enough() -> None:
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_is_of_an_article_s_length(name: str) -> None:
    assert 300 <= words(name) <= 900


@pytest.mark.parametrize("name", NAMES)
def test_offsets_hold_and_something_is_scored(name: str) -> None:
    analysis = analyse(name)
    text = analysis.article.text
    assert all(text[f.start : f.end] == f.text for f in analysis.findings)
    assert [(f.start, f.end, f.signal, f.category) for f in analysis.findings] == sorted(
        (f.start, f.end, f.signal, f.category) for f in analysis.findings
    )
    for sentence in analysis.sentences:
        for signal in SCORED:
            assert 0 <= getattr(sentence, signal) <= 1
            assert not (sentence.junk and getattr(sentence, signal))
    assert len({s.charged for s in analysis.sentences}) > 5


@pytest.mark.parametrize("plain", PLAIN)
@pytest.mark.parametrize("fiery", FIERY)
def test_author_is_more_charged_in_opinion_than_in_plain_reports(plain: str, fiery: str) -> None:
    assert marks(fiery, "charged", "author") > 3 * marks(plain, "charged", "author")
    mean = {}
    for name in (plain, fiery):
        scores = [s.charged for s in analyse(name).sentences if not s.junk and s.voice in ("author", "mixed")]
        mean[name] = sum(scores) / len(scores)
    assert mean[fiery] > 2 * mean[plain]


def test_left_and_right_are_marked_alike() -> None:
    shares = []
    for name in ("opinion_rents.txt", "opinion_border.txt"):
        own = [s.charged >= 0.5 for s in analyse(name).sentences if not s.junk and s.voice == "author"]
        shares.append(sum(own) / len(own))
    assert 0.6 < shares[0] / shares[1] < 1.6


def test_charged_words_of_the_feature_are_other_people_s() -> None:
    name = "feature_quotations.txt"
    assert marks(name, "charged", "quoted", "reported") > 2 * marks(name, "charged", "author")


def test_feature_names_its_speakers() -> None:
    speakers = {v.speaker for v in analyse("feature_quotations.txt").voices if v.speaker}
    for surname in ("Hollas", "Farrow", "Abel", "Corr"):
        assert any(surname in speaker for speaker in speakers), f"{surname} is not among {sorted(speakers)}"
    assert any(v.vague for v in analyse("feature_quotations.txt").voices)


@pytest.mark.parametrize(
    ("name", "signal", "voice", "wanted"),
    [
        (
            "state_media.txt",
            "charged",
            "author",
            ["clique", "regime", "warmongers", "heroic", "traitors"],
        ),
        ("state_media.txt", "charged", "quoted", ["clown"]),
        ("state_media.txt", "prediction", "author", ["doomed", "inevitable", "never"]),
        ("state_media.txt", "unhedged", "author", ["there can be no doubt", "nobody believes"]),
        ("economy_column.txt", "prediction", "author", ["will", "could", "likely", "inevitably"]),
        ("opinion_rents.txt", "charged", "author", ["racket", "vulture", "shameless"]),
        ("opinion_border.txt", "charged", "author", ["sham", "zealots", "spineless"]),
        ("opinion_border.txt", "prediction", "author", ["only a matter of time"]),
        ("press_release.txt", "charged", "author", ["beautiful"]),
        ("press_release.txt", "charged", "quoted", ["brilliant"]),
        ("sports_column.txt", "charged", "author", ["villain", "fearless"]),
        ("science_report.txt", "hedge", "author", ["may", "appears"]),
        ("interview.txt", "prediction", "quoted", ["never", "might"]),
        ("rail_strike_page.html", "charged", "quoted", ["playing with fire"]),
        ("school_inquiry_page.html", "charged", "quoted", ["disgraceful", "so-called"]),
        ("city_budget.md", "charged", "reported", ["slush fund"]),
        ("harbour_fire_with_footer.txt", "charged", "reported", ["vicious"]),
    ],
)
def test_finds_what_it_was_written_for(name: str, signal: str, voice: str, wanted: list[str]) -> None:
    have = found(name, signal, voice)
    assert not [word for word in wanted if word not in have], have


def test_science_is_hedged_more_than_it_is_charged() -> None:
    every = ("author", "quoted", "reported")
    assert marks("science_report.txt", "hedge", *every) > 2 * marks("science_report.txt", "charged", *every)


def test_footer_is_junk_and_the_article_is_not() -> None:
    analysis = analyse("harbour_fire_with_footer.txt")
    text = analysis.article.text
    junk = [text[s.start : s.end] for s in analysis.sentences if s.junk]
    kept = [text[s.start : s.end] for s in analysis.sentences if not s.junk]
    for line in (
        "LEAVE A REPLY",
        "Please enter your comment",
        "Save my name",
        "All rights reserved",
        "Share this article",
    ):
        assert any(line in sentence for sentence in junk), line
        assert not any(line in sentence for sentence in kept), line
    for line in ("The alarm was raised", "Ferries are running normally", "We were lucky with the wind"):
        assert any(line in sentence for sentence in kept), line


@pytest.mark.parametrize("name", [name for name in NAMES if name != "harbour_fire_with_footer.txt"])
def test_hardly_anything_else_is_junk(name: str) -> None:
    analysis = analyse(name)
    junk = [analysis.article.text[s.start : s.end] for s in analysis.sentences if s.junk]
    assert len(junk) <= 3, junk


@pytest.mark.parametrize(
    ("name", "title", "outlet", "byline", "published", "url"),
    [
        (
            "rail_strike_page.html",
            "Rail strike enters third week as talks stall",
            "The Orle Courier",
            "Katrin Vole",
            "2025-10-14",
            "https://courier.example/2025/10/rail-strike-third-week",
        ),
        (
            "school_inquiry_page.html",
            "What the Ashgrove report says, and what the school replied",
            "Lowick Ledger",
            "Samuel Ferris",
            "2025-06-03",
            "https://ledger.example/education/ashgrove-report",
        ),
    ],
)
def test_saved_page_gives_the_article_alone(
    name: str, title: str, outlet: str, byline: str, published: str, url: str
) -> None:
    article = analyse(name).article
    assert (article.title, article.outlet, article.byline, article.url) == (title, outlet, byline, url)
    assert (article.published or "").startswith(published)
    for line in (
        "cookies",
        "Subscribe",
        "Related stories",
        "Goose that stopped",
        "parasites",
        "calmdown",
        "newsletter",
    ):
        assert line not in article.text
    page = (FOLDER / name).read_text(encoding="utf-8")
    body = re.sub(r"<[^>]+>", "", page[page.index("<h1>") : page.index("</article>")])
    for paragraph in article.text.split("\n\n"):
        assert paragraph.lstrip("“")[:60] in body


def test_quotation_blocks_are_quoted() -> None:
    analysis = analyse("school_inquiry_page.html")
    text = analysis.article.text
    for line in ("Teaching at Ashgrove is good", "This is a disgraceful hatchet job"):
        (sentence,) = [s for s in analysis.sentences if line in text[s.start : s.end]]
        assert sentence.voice == "quoted", line


def test_answers_of_the_interview_are_quoted() -> None:
    analysis = analyse("interview.txt")
    text = analysis.article.text
    for line in ("It was a cheap joke", "It will never be finished", "I took no money"):
        (sentence,) = [s for s in analysis.sentences if line in text[s.start : s.end]]
        assert sentence.voice == "quoted", line
