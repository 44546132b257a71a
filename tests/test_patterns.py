"""Patterns of three words in a row: what they show, how they are learnt, that their sums are exact."""

from __future__ import annotations

import numpy as np
import pytest

from rhetoric import lexicon
from rhetoric.features import Stream, Vocabulary, prepare
from rhetoric.model import Model
from rhetoric.pattern_training import PATTERNS, Lessons, learn_patterns
from rhetoric.patterns import PLACES, UNIT, Patterns, in_whole_numbers

WORDS = ("ship", "not", "sank", "slowly", "the", "old")
IDS = {word: number for number, word in enumerate(WORDS, 4)}


def stream(*sentences: str) -> Stream:
    """Make the stream of sentences of known words, each a text of its own."""
    split = [s.split() for s in sentences]
    ids = np.array([IDS[word] for words in split for word in words], np.int32)
    owner = np.repeat(np.arange(len(split), dtype=np.int32), [len(words) for words in split])
    bases = np.arange(len(split) + 1, dtype=np.int32)
    nobody = np.zeros(len(ids), np.bool_)
    return Stream(ids, owner, np.arange(len(ids), dtype=np.int32), nobody, len(split), bases, bases.astype(np.int64))


def one_word_each() -> np.ndarray:
    """Word vectors: a dimension a word."""
    steps = np.zeros((4 + len(WORDS), len(WORDS)), np.int8)
    steps[4:] = np.eye(len(WORDS)) * 127
    return steps


def phrase(*words: str, bias: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Make the filter that answers 1 for each of three words at its place, and `bias` beside."""
    filters = np.zeros((len(PLACES), len(WORDS), 1))
    for place, word in enumerate(words):
        if word:
            filters[place, IDS[word] - 4] = 1 / 127
    return filters, np.array([bias])


@pytest.mark.parametrize(
    ("sentence", "response"),
    [
        ("the ship not sank", 2.0),
        ("not the ship sank", 1.0),
        ("sank", 1.0),
        ("not", 0.0),  # the place before the last word of a sentence is no middle of the phrase
        ("old slowly", 0.0),
        ("the old ship sank slowly the ship not sank", 2.0),
    ],
)
def test_a_pattern_answers_to_words_in_their_order(sentence: str, response: float) -> None:
    filters, bias = phrase("not", "sank", "")
    found = Patterns(*in_whole_numbers(filters, bias), one_word_each()).find(stream(sentence))
    assert found.shape == (1, 1)
    assert found[0, 0] == pytest.approx(response, abs=1 / UNIT)


def test_words_of_another_sentence_do_not_count() -> None:
    filters, bias = phrase("not", "sank", "", bias=-1.5)
    patterns = Patterns(*in_whole_numbers(filters, bias), one_word_each())
    assert patterns.find(stream("the ship not", "sank slowly")).tolist() == [[0.0], [0.0]]
    assert patterns.find(stream("the ship not sank", "slowly"))[:, 0] == pytest.approx([0.5, 0], abs=2 / UNIT)


def test_no_sentence_and_a_sentence_without_words() -> None:
    patterns = Patterns(*in_whole_numbers(*phrase("not", "sank", "")), one_word_each())
    assert patterns.find(stream()).shape == (0, 1)
    assert patterns.find(stream("", "not sank", ""))[:, 0] == pytest.approx([0, 2, 0], abs=2 / UNIT)


def test_responses_are_the_same_in_any_company() -> None:
    rng = np.random.default_rng(3)
    sentences = [" ".join(rng.choice(WORDS, size)) for size in rng.integers(1, 90, 2500)]
    filters, bias = rng.normal(0, 0.004, (len(PLACES), len(WORDS), 9)), rng.normal(0, 0.1, 9)
    whole = in_whole_numbers(filters, bias)
    together = Patterns(*whole, one_word_each()).find(stream(*sentences))
    for k in (0, 1, 999, 1000, 2499):
        assert (Patterns(*whole, one_word_each()).find(stream(sentences[k])) == together[k]).all()
    assert len(np.unique(together, axis=0)) > 1000


def lessons(count: int) -> Lessons:
    """Sentences that say a thing if "not" stands before "sank", and another if it stands behind."""
    rng = np.random.default_rng(0)
    rows = [
        [*rng.choice(["the", "old", "ship", "slowly"], 3), *(("not", "sank") if k % 2 else ("sank", "not"))]
        for k in range(count)
    ]
    ids = np.array([[IDS[word] for word in row] for row in rows], np.int32)
    targets = np.stack([np.arange(count) % 2, 1 - np.arange(count) % 2], 1).astype(np.float32)
    size = np.full(count, 5)
    return Lessons(ids.ravel(), np.arange(count) * 5, size, np.ones((count, 2), np.float32), targets)


def test_patterns_are_learnt_that_tell_orders_apart() -> None:
    learnt = learn_patterns([lessons(3000), lessons(3000)], one_word_each(), 4)
    here, there = learnt.find(stream("the ship not sank", "the ship sank not"))
    assert here.shape == (PATTERNS,)
    assert np.abs(here - there).max() > 0.5
    assert (learnt.steps == one_word_each()).all()


def test_the_same_lessons_give_the_same_patterns_and_vectors() -> None:
    first, second = (learn_patterns([lessons(4000)], one_word_each(), 3, tuned=True) for _ in range(2))
    for name in ("filters", "bias", "steps"):
        assert (getattr(first, name) == getattr(second, name)).all()
    assert (first.steps != one_word_each()).any()
    assert not first.steps[:4].any(), "what stands for no word has no vector"


def test_sums_of_the_shipped_model_are_exact_in_single_precision() -> None:
    model = Model.load()
    largest = np.abs(model.patterns.filters.astype(np.int64)).max() * np.abs(model.steps.astype(np.int64)).sum(1).max()
    assert 0 < largest < 2**24


def test_names_carry_no_weight_in_any_pattern() -> None:
    model, lexicons = Model.load(), lexicon.load()
    readings = [prepare(f"The envoy of {place} sank the deal.", lexicons) for place in ("Norway", "Chile")]
    found = [model.patterns.find(model.vocabulary.encode([reading])) for reading in readings]
    assert (found[0] == found[1]).all()
    assert found[0].any()
    assert isinstance(model.vocabulary, Vocabulary)
