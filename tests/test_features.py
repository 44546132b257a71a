"""What the model sees: names masked and run together, numbers alike, counts where they belong."""

from __future__ import annotations

import numpy as np
import pytest

from rhetoric import lexicon
from rhetoric.features import (
    COLUMNS,
    GRADES,
    PAD,
    PLAIN,
    WIDTH,
    Reading,
    Vocabulary,
    hits,
    prepare,
    sentence_names,
    sentence_table,
)
from rhetoric.lexicon import Lexicons
from rhetoric.model import Model
from rhetoric.segment import Span


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    """Load the shipped lexicons."""
    return lexicon.load()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """Load the shipped vocabulary."""
    return Model.load().vocabulary


def seen(text: str, lexicons: Lexicons, vocabulary: Vocabulary) -> str:
    """Tell the words of a text as the model sees them."""
    return " ".join(vocabulary.words[i] for i in vocabulary.encode([prepare(text, lexicons)]).ids)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Yesterday Maro Pellin spoke.", "yesterday <name> spoke ."),
        ("Maro Pellin spoke yesterday.", "<name> spoke yesterday ."),
        ("The port of Merrin closed.", "the port of <name> closed ."),
        ("Late that evening they left the Bank of Merrin.", "late that evening they left <name> ."),
        ("They met Pellin of the bank.", "they met <name> of the bank ."),
        ("Voters in France and in germany agreed.", "voters in <name> and in <name> agreed ."),
        ("A french minister left.", "a <name> minister left ."),
        ("Prices rose by 12 percent in 1,200 shops.", "prices rose by <number> percent in <number> shops ."),
        ("Police Shut Down Factory After Fire", "police shut down factory after fire"),
        ("He saw the REAL problem.", "he saw the real problem ."),
        ("The UNXQ agreed.", "<name> agreed ."),
        ("She wrote an “odd” note – twice.", 'he wrote a " odd " note — twice .'),
        ("Many called him a Fascist.", "many called his a fascist ."),
    ],
)
def test_names_are_masked_and_run_together(lexicons: Lexicons, vocabulary: Vocabulary, text: str, masked: str) -> None:
    assert seen(text, lexicons, vocabulary) == masked


@pytest.mark.parametrize(
    "template",
    [
        "{} will never accept the disgraceful deal.",
        "The ministers of {} met.",
        "“We need {},” he said.",
        "As for {}: no.",
    ],
)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Russia", "America"), ("Iran", "the United States"), ("Hamas", "Hezbollah"), ("Oda Fenn", "Maro Pellin"),
        ("Islam", "Judaism"), ("Reuters", "Fox News"), ("the Democrats", "the Republicans"), ("Merrin", "Dravo"),
    ],
)  # fmt: skip
def test_one_name_is_seen_as_another(
    lexicons: Lexicons, vocabulary: Vocabulary, template: str, one: str, other: str
) -> None:
    first, second = (seen(template.format(name), lexicons, vocabulary) for name in (one, other))
    assert "<name>" in first
    assert first == second


def test_words_stay_in_their_sentence(lexicons: Lexicons, vocabulary: Vocabulary) -> None:
    stream = vocabulary.encode([prepare(text, lexicons) for text in ("It rained. It snowed.", "", "Why?")])
    assert stream.bases.tolist() == [0, 2, 2, 3]
    assert stream.sentence.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]
    it, dot = (vocabulary.ids[word] for word in ("it", "."))
    assert stream.shifted(0).tolist() == stream.ids.tolist()
    assert stream.shifted(1)[[2, 5, 7]].tolist() == [PAD, PAD, PAD]
    assert stream.shifted(-2).tolist() == [PAD, PAD, it, PAD, PAD, it, PAD, PAD]
    assert stream.shifted(2).tolist() == [dot, PAD, PAD, dot, PAD, PAD, PAD, PAD]
    assert not stream.shifted(9).any()


def table(texts: list[str], lexicons: Lexicons, vocabulary: Vocabulary) -> tuple[list[Reading], np.ndarray]:
    """Read texts, and count what their sentences hold."""
    readings = [prepare(text, lexicons) for text in texts]
    return readings, sentence_table(readings, vocabulary.encode(readings), vocabulary)


def test_counts_stand_under_their_names(lexicons: Lexicons, vocabulary: Vocabulary) -> None:
    texts = ["The thugs fled! Oda Fenn said: “The goons, the thugs and 12 others will never return.”", "", "Why?"]
    _, counts = table(texts, lexicons, vocabulary)
    names = sentence_names()
    assert counts.shape == (3, len(names)) == (3, PLAIN + 2 * (len(COLUMNS) + GRADES))
    assert ((counts >= 0) & (counts <= 1)).all()
    first, second, third = ({n: round(float(x) * 3) for n, x in zip(names, row, strict=True)} for row in counts)
    assert (first["opens the text"], second["opens the text"], third["opens the text"]) == (3, 0, 3)
    assert (first["exclamation mark"], second["exclamation mark"], third["question mark"]) == (1, 0, 1)
    assert (first["voice: author"], second["voice: quoted"], third["voice: author"]) == (3, 3, 3)
    assert (first["name_calling (charged), author"], first["name_calling (charged), others"]) == (1, 0)
    assert (second["name_calling (charged), author"], second["name_calling (charged), others"]) == (0, 2)
    assert (second["quotation marks"], second["names"], second["numbers"], second["“said”"]) == (2, 1, 1, 1)
    assert second["charged, grade 2, others"] == 2
    assert len(set(names)) == len(names)


def test_hits_name_the_words_of_the_evidence(lexicons: Lexicons, vocabulary: Vocabulary) -> None:
    readings = [prepare(text, lexicons) for text in ("It rained.", "The puppet government of Oda Fenn may fall.")]
    stream = vocabulary.encode(readings)
    rows, columns = hits(readings, stream)
    assert (columns < WIDTH).all()
    charged = [k for k, (signal, _) in enumerate(COLUMNS) if signal == "charged"]
    words = [vocabulary.words[stream.ids[row]] for row in rows[np.isin(columns, charged)]]
    assert words == ["puppet", "government"]
    hedged = COLUMNS.index(("prediction", "hedged"))
    assert [vocabulary.words[stream.ids[row]] for row in rows[columns == hedged]] == ["may"]


def test_given_sentences_are_kept(lexicons: Lexicons) -> None:
    text = "One two. Three four five"
    spans = [Span(0, 3, 0, False), Span(4, 14, 0, False), Span(15, 24, 0, False)]
    reading = prepare(text, lexicons, spans=spans)
    assert reading.spans == spans
    assert reading.sentence.tolist() == [0, 1, 1, 1, 2, 2]
    assert reading.first.tolist() == [True, True, False, False, True, False]


def test_a_text_without_words_has_no_rows(lexicons: Lexicons, vocabulary: Vocabulary) -> None:
    readings, counts = table(["", " \n "], lexicons, vocabulary)
    assert counts.shape == (0, len(sentence_names()))
    stream = vocabulary.encode(readings)
    assert (stream.sentences, len(stream.ids)) == (0, 0)
    assert [len(a) for a in hits(readings, stream)] == [0, 0]
