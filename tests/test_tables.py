"""Counts and frames: small analyses built by hand, with the exact figures they must give."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest

from rhetoric.records import SCORED, Analysis, Article, Finding, MadeBy, Sentence, Voice
from rhetoric.tables import COLUMNS, flat_voices, frame, rows, sentence_of, strongest, summary

MADE_BY = MadeBy("0", "m", "l")


def sentence(
    start: int, end: int, *, voice: str = "author", scores: tuple = (0.1, 0.1, 0.1), junk: bool = False
) -> Sentence:
    grade = {signal: 2 * score for signal, score in zip(SCORED, scores, strict=True)}
    return Sentence(start, end, 0, junk, voice, None, False, *scores, grade, {signal: () for signal in SCORED})


def voice(
    start: int, end: int, speaker: str | None = "Ida Brandt", kind: str = "quoted", *, vague: bool = False
) -> Voice:
    return Voice(start, end, kind, speaker, vague, None, None, True)


def finding(start: int, end: int, text: str, kind: str = "author", speaker: str | None = None) -> Finding:
    return Finding(start, end, text, "charged", "loaded_word", "Why.", 2, kind, speaker, False, None, None)


def small() -> Analysis:
    """Return two sentences and a line of junk: five words, four of them and one finding quoted."""
    text = "“A vile old plan” failed. He left. Share this"
    first = sentence(0, 25, voice="quoted", scores=(0.9, 0.1, 0.5))
    second = sentence(26, 34, voice="mixed", scores=(0.6, 0.1, 0.4))
    junk = sentence(35, 45, scores=(0.0, 0.0, 0.0), junk=True)
    findings = (finding(3, 7, "vile", "quoted", "Ida Brandt"), finding(29, 33, "left"))
    return Analysis(Article(text), None, (first, second, junk), findings, (voice(1, 16),), MADE_BY)


def test_summary_counts_each_signal_for_the_author_and_for_others() -> None:
    figures = summary(small())
    assert (figures["words"], figures["sentences"]) == (7, 2)
    charged = figures["by_signal"]["charged"]
    assert charged["sentences"] == 2
    assert charged["author"] == {"sentences": 1, "grade": 1.2, "findings": 1, "per_1000_words": 142.86}
    assert charged["others"] == {"sentences": 1, "grade": 1.8, "findings": 1, "per_1000_words": 142.86}
    assert charged["per_1000_words"] == 285.71
    assert figures["by_signal"]["unhedged"]["others"]["sentences"] == 1, "a score of .5 is marked"


def test_summary_counts_words_by_voice_and_leaves_junk_out() -> None:
    by_voice = summary(small())["by_voice"]
    assert {name: row["words"] for name, row in by_voice.items()} == {
        "author": 3,
        "quoted": 4,
        "reported": 0,
        "mixed": 0,
    }
    assert {name: row["sentences"] for name, row in by_voice.items()} == {
        "author": 0,
        "quoted": 1,
        "reported": 0,
        "mixed": 1,
    }
    with_voice_in_junk = replace(small(), voices=(voice(1, 16), voice(35, 45)))
    assert summary(with_voice_in_junk)["by_voice"] == by_voice


def test_speakers_are_listed_with_what_they_say() -> None:
    assert summary(small())["speakers"] == [
        {
            "name": "Ida Brandt",
            "vague": False,
            "quoted": 1,
            "reported": 0,
            "words": 4,
            "charged": 1,
            "prediction": 0,
            "unhedged": 0,
        }
    ]


def test_ledger_has_a_row_for_every_charged_finding() -> None:
    assert [(row["speaker"], row["voice"], row["label"], row["sentence"]) for row in summary(small())["ledger"]] == [
        ("Ida Brandt", "quoted", "vile", 0),
        (None, "author", "left", 1),
    ]


@pytest.mark.parametrize(
    ("voices", "flat"),
    [
        ([], []),
        ([(0, 5), (5, 9)], [(0, 5, 0), (5, 9, 1)]),
        ([(0, 9), (3, 5)], [(0, 3, 0), (3, 5, 1), (5, 9, 0)]),
        ([(0, 9), (0, 4)], [(0, 4, 1), (4, 9, 0)]),
        ([(0, 9), (2, 7), (3, 5), (20, 22)], [(0, 2, 0), (2, 3, 1), (3, 5, 2), (5, 7, 1), (7, 9, 0), (20, 22, 3)]),
        ([(0, 6), (4, 9)], [(0, 4, 0), (4, 9, 1)]),
    ],
)
def test_the_innermost_voice_speaks(voices: list[tuple[int, int]], flat: list[tuple[int, int, int]]) -> None:
    records = tuple(voice(*span, speaker=str(i)) for i, span in enumerate(voices))
    assert [(start, end, int(v.speaker or "")) for start, end, v in flat_voices(records)] == flat


@pytest.mark.parametrize(("offset", "number"), [(0, 0), (24, 0), (25, 0), (26, 1), (40, 2), (99, 2)])
def test_sentence_of_finds_the_sentence_at_an_offset(offset: int, number: int) -> None:
    assert sentence_of(small(), offset) == number


@pytest.mark.parametrize("text", ["", "   \n", "Share this"])
def test_nothing_to_count_gives_zeros(text: str) -> None:
    junk = (sentence(0, len(text), scores=(0.0, 0.0, 0.0), junk=True),) if text.strip() else ()
    figures = summary(Analysis(Article(text), None, junk, (), (), MADE_BY))
    assert (figures["words"], figures["sentences"], figures["speakers"], figures["ledger"]) == (0, 0, [], [])
    assert figures["by_signal"]["charged"]["per_1000_words"] == 0


@pytest.mark.parametrize("table", list(COLUMNS))
def test_frames_have_the_documented_columns_and_types(table: str) -> None:
    for analysis in (invented.analysis(), invented.plain("")):
        made = frame(analysis, table)
        assert list(made.columns) == list(COLUMNS[table])
        assert {name: str(kind) for name, kind in made.dtypes.items()} == COLUMNS[table]
        assert len(made) == len(rows(analysis, table))


def test_frames_agree_with_the_summary() -> None:
    analysis = invented.analysis()
    figures = summary(analysis)
    sentences, findings = frame(analysis, "sentences"), frame(analysis, "findings")
    real = sentences[~sentences.junk]
    assert figures["words"] == real.words.sum()
    for signal in SCORED:
        one = figures["by_signal"][signal]
        assert one["sentences"] == (real[signal] >= 0.5).sum()
        assert one["findings"] == (findings.signal == signal).sum()
        assert one["grade"] == pytest.approx(real[f"grade_{signal}"].sum(), abs=1e-5)
        assert one["author"]["findings"] == ((findings.signal == signal) & (findings.voice == "author")).sum()
    assert frame(analysis, "ledger").to_dict("records")[0]["label"] == figures["ledger"][0]["label"]
    assert len(frame(analysis, "voices")) == len(analysis.voices)


@pytest.mark.parametrize("table", ["findings", "ledger"])
def test_categories_of_a_readers_lexicon_stand_behind_the_others(table: str) -> None:
    analysis = small()
    own = [replace(f, category=name) for f, name in zip(analysis.findings, ("town", "port"), strict=True)]
    column = frame(replace(analysis, findings=tuple(own)), table)["category"]
    known = frame(analysis, table)["category"].cat.categories
    assert column.tolist() == ["town", "port"]
    assert column.cat.categories.tolist() == [*known, "port", "town"]


def test_missing_values_are_missing() -> None:
    findings = frame(small(), "findings")
    assert findings.speaker.isna().tolist() == [False, True]
    assert findings.neutral.isna().all()


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no table 'words'; there are sentences, findings, voices, ledger"):
        frame(small(), "words")  # type: ignore[arg-type]


def test_strongest_lists_marked_sentences_only() -> None:
    assert strongest(small()) == [0, 1]
    assert strongest(small(), 1) == [0]
    assert strongest(invented.plain("It rained.")) == []
