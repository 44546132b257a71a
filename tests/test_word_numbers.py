"""Words found by their hashes."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric import segment
from rhetoric.segment import JOINT, LONGEST_MET, Chosen, find_all_words, find_words
from rhetoric.word_numbers import number_words

TEXT = st.text(st.sampled_from("abAÀß’'. -–\0\n,9Σ𝔘"), max_size=40)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=5), st.dictionaries(TEXT, st.integers(0, 1000), max_size=30))
def test_each_word_gets_the_number_a_dictionary_gives(texts: list[str], numbers: dict[str, int]) -> None:
    joined, each = find_all_words(texts)
    table = number_words({word: k for word, k in numbers.items() if word}, -1)
    for words in (joined.words, *each):
        assert table.look_up(words.hashes).tolist() == [numbers.get(word, -1) for word in words.lower]


def test_many_words_in_few_slots_are_all_found() -> None:
    words = [f"w{k}" for k in range(20_000)]
    found = find_words(" ".join([*words, "w20000", "v1"]))
    numbers = number_words({word: 2 * k for k, word in enumerate(words)}, -1).look_up(found.hashes)
    assert numbers.tolist() == [*range(0, 40_000, 2), -1, -1]


@settings(deadline=None)
@given(st.lists(TEXT, max_size=5))
def test_texts_together_have_the_words_that_each_has_alone(texts: list[str]) -> None:
    joined, each = find_all_words(texts)
    for k, text in enumerate(texts):
        alone = find_words(text)
        assert each[k].lower == alone.lower
        assert each[k].starts == alone.start.tolist() and each[k].ends == alone.end.tolist()
        for name in ("start", "end", "word", "capital", "shout", "number", "hashes"):
            np.testing.assert_array_equal(getattr(each[k], name), getattr(alone, name))
        assert joined.words.lower[joined.places[k + 1] - 1] == JOINT


def test_a_word_met_before_is_the_same_string_and_a_long_one_is_not_kept() -> None:
    told = """if True:
        from rhetoric.segment import LONGEST_MET, find_words
        text = "Mettwice " + "x" * LONGEST_MET
        (one, far), (two, away) = (find_words(text).lower for _ in range(2))
        print(one is two, far is away)
        """  # in a process of its own, where no other test has filled the table
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True)
    assert found.stdout.split() == ["True", "False"]


def test_words_are_chosen_wherever_they_stand_and_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "_met", cache(segment._Met))  # other tests may have filled the words met
    asked: list[str] = []

    def test(word: str) -> bool:
        asked.append(word)
        return word.startswith("askonce")

    chosen = Chosen(test)
    long = "askonce" + "y" * LONGEST_MET
    for text in (f"Askonce ran, askonceagain {long}.", f"{long} AskOnceAgain, ran askonce."):
        words = find_words(text)
        assert [words.lower[i] for i in chosen(words)] == [w for w in words.lower if w.startswith("askonce")]
    assert asked.count("askonce") == asked.count("ran") == 1
    assert chosen(find_words("")).tolist() == []
