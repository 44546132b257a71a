"""The trained part of voice: what it sees, what it learns from labels, and what it does to the rules' answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import labelled
import numpy as np
import pytest
from scipy.special import softmax

from rhetoric import lexicon
from rhetoric.ear import LEAN, TRAITS, Ear, Look, Ruled, Spoken, columns, listen, look
from rhetoric.ear_training import NEVER, Learnt, learn_ear
from rhetoric.features import overheard, prepare, rule
from rhetoric.lexicon import Lexicons
from rhetoric.model import Model
from rhetoric.records import VOICES, Voice
from rhetoric.segment import find_all_words
from rhetoric.training import load_base, train, write_model

TEXT = "Mara Hale said the bridge would fall. It had not been painted. “Nobody cares,” he added."


@cache
def lexicons() -> Lexicons:
    return lexicon.load()


@cache
def learnt() -> Learnt:
    windows = labelled.windows(30)
    found = learn_ear(windows, [prepare(w["text"], lexicons()) for w in windows], lexicons())
    assert found
    return found


def ruled(text: str) -> Ruled:
    r = prepare(text, lexicons())
    return rule(lexicons(), r.cast, r.spans, r.quotes, r.matches)


def seen(*texts: str) -> Look:
    return look(find_all_words(texts)[0], [*map(ruled, texts)])


def heard(text: str, voice: str) -> tuple[tuple[Voice, ...], list[Spoken]]:
    """Give what an ear that hears this voice everywhere makes of a text."""
    (found,) = listen(leaning(voice), seen(text), [ruled(text)])
    return found


def leaning(voice: str) -> Ear:
    """Give an ear that hears this voice everywhere."""
    weights = np.zeros((1 + 3 * len(TRAITS), len(VOICES)))
    weights[0, VOICES.index(voice)] = 9
    return Ear((), weights)


def test_what_an_ear_sees_needs_nothing_of_numpy_2(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = seen(TEXT).traits
    monkeypatch.setattr(np, "strings", None, raising=False)
    assert np.array_equal(seen(TEXT).traits, whole)


def test_the_ear_sees_what_the_rules_found() -> None:
    found = seen(TEXT)
    trait = {name: found.traits[:, k].tolist() for k, name in enumerate(TRAITS)}
    assert trait["by the rules: reported"] == [1, 0, 0]
    assert trait["by the rules: author"] == [0, 1, 0]
    assert trait["share reported"] == pytest.approx([4 / 7, 0, 0])  # words and marks; a name counts as one
    assert trait["share quoted"] == pytest.approx([0, 0, 5 / 8])
    assert (trait["claims, strong"], trait["claims, empty"]) == ([1, 0, 0], [0, 0, 1])
    assert trait["he, she or they"] == [0, 0, 1]
    assert {what for n, what in zip(found.where, found.told, strict=True) if n == 0} == {
        "cue say", "strong say", "strong by name", "strong behind", "strong form said", "strong then the",
        "strong after <name>", "strong none",
    }  # fmt: skip


def test_texts_together_are_seen_as_each_alone() -> None:
    texts = (TEXT, "It rained", "", "Gov. Hale of Merrin: “No,” and “yes”? Oda Fenn said so.\n\nYou won.", TEXT)
    together, apart = seen(*texts), [seen(text) for text in texts]
    np.testing.assert_array_equal(together.traits, np.concatenate([one.traits for one in apart]))
    np.testing.assert_array_equal(columns(together), np.concatenate([columns(one) for one in apart]))
    bases = np.cumsum([0, *(len(one.traits) for one in apart)]).tolist()
    told = [pair for one, base in zip(apart, bases, strict=False) for pair in told_of(one, base)]
    assert sorted(told_of(together)) == sorted(told)
    odds = [learnt().ear.odds(one) for one in apart]
    np.testing.assert_allclose(learnt().ear.odds(together), np.concatenate(odds), atol=1e-12)


def told_of(found: Look, base: int = 0) -> list[tuple[int, str]]:
    return [(base + n, what) for n, what in zip(found.where, found.told, strict=True)]


def test_no_name_is_told() -> None:
    found = seen("Oda Fenn accused Maro Pellin of theft. Pellin told Fenn that Merrin was lost.")
    assert not {"oda", "fenn", "maro", "pellin", "merrin"} & {word for what in found.told for word in what.split()}


def test_an_ear_learns_voices_from_labels() -> None:
    ear = Ear(learnt().terms, learnt().weights)
    windows = labelled.windows(5)
    for window in windows:
        reading = prepare(window["text"], lexicons(), ear=ear)
        assert [voice for voice, _, _ in reading.spoken] == [s["voice"] for s in window["sentences"]]


def test_chances_are_those_of_a_logistic_regression() -> None:
    one = learnt()
    found = seen(TEXT)
    told = np.zeros((3, len(one.terms)))
    for n, what in zip(found.where, found.told, strict=True):
        if what in one.terms:
            told[n, one.terms.index(what)] += 1
    inputs = np.concatenate([np.ones((3, 1)), columns(found), told], 1)
    want = softmax(inputs @ one.weights.astype(np.float64), axis=1)
    np.testing.assert_allclose(Ear(one.terms, one.weights).chances(found), want, atol=1e-12)


def test_every_article_has_an_ear_that_has_not_heard_it() -> None:
    windows = labelled.windows(10)
    for window in windows[5:]:  # these alone are quoted: an ear that has not heard them never says so
        for s in window["sentences"]:
            s["voice"] = "author"
    for window in windows[:5]:
        window["group"] = "together"
    found = learn_ear(windows, [prepare(w["text"], lexicons()) for w in windows], lexicons())
    assert found
    assert set(found.apart) == {"together", *(w["group"] for w in windows[5:])}
    one = seen(TEXT)
    assert (found.apart["together"].odds(one)[:, 1:] == NEVER).all()
    assert (found.apart["made:7"].odds(one)[:, 1:3] > NEVER + 20).all()


def test_a_voice_that_no_label_has_is_never_heard() -> None:
    assert (learnt().weights[0] == NEVER).tolist() == [voice == "mixed" for voice in VOICES]


@pytest.mark.parametrize("voices", [["author"], []])
def test_labels_of_one_voice_teach_nothing(voices: list[str]) -> None:
    windows = labelled.windows(4 if voices else 1)
    for s in (s for w in windows for s in w["sentences"] if voices):
        s["voice"] = voices[0]
    assert learn_ear(windows, [prepare(w["text"], lexicons()) for w in windows], lexicons()) is None


def test_a_sentence_of_others_without_a_range_is_one_and_goes_on() -> None:
    reading = prepare(TEXT, lexicons())
    voices, spoken = heard(TEXT, "reported")
    assert [voice for voice, _, _ in spoken] == ["reported"] * 3
    assert spoken[1][1] == "Mara Hale"
    (added,) = set(voices) - set(reading.voices)
    assert (TEXT[added.start : added.end], added.voice, added.speaker) == (
        "It had not been painted.", "reported", "Mara Hale",
    )  # fmt: skip
    assert list(voices) == sorted(voices, key=lambda v: (v.start, -v.end))


def test_the_ranges_of_the_rules_stay_and_mixed_adds_none() -> None:
    reading = prepare(TEXT, lexicons())
    for voice in ("author", "mixed"):
        voices, spoken = heard(TEXT, voice)
        assert (voices, [own for own, _, _ in spoken]) == (reading.voices, [voice] * 3)


def test_a_sentence_that_is_one_claim_stays_the_rules() -> None:
    _, spoken = heard("The bridge is the ugliest in the whole of the port, Mara Hale said. It rained.", "author")
    assert spoken == [("reported", "Mara Hale", False), ("author", None, False)]


def test_junk_stays_the_authors() -> None:
    text = "Read more: “Merrin is lost”\n\nShare this article on Facebook\n\nIt rained, she said."
    _, spoken = heard(text, "quoted")
    junk = [s.junk for s in prepare(text, lexicons()).spans]
    assert any(junk)
    assert [voice == "author" for voice, _, _ in spoken] == junk


def test_the_ear_is_part_of_the_model_and_repeats(tmp_path: Path) -> None:
    windows = labelled.windows(30)
    base = load_base()
    for name in ("one", "other"):
        arrays, _ = train(windows, lexicons(), base)
        write_model(arrays, base.vocabulary, tmp_path / name)
    assert (tmp_path / "one" / "manifest.json").read_bytes() == (tmp_path / "other" / "manifest.json").read_bytes()
    ear = Model.load(tmp_path / "one").ear
    assert ear
    found = seen(TEXT)
    want = Ear([term.decode() for term in arrays["ear_terms"].tolist()], arrays["ear_weights"]).chances(found)
    np.testing.assert_array_equal(ear.chances(found), want)
    assert len(LEAN) == want.shape[1]


def test_parts_of_a_voice_add_up() -> None:
    look = seen("It rained. Mara Hale said the bridge was lost. They left.")
    ear = learnt().ear
    odds = ear.odds(look)
    for k in range(3):
        parts = ear.parts(look, k, "reported", "author")
        assert sum(x for _, x in parts) == pytest.approx(odds[k, 2] - odds[k, 0], abs=0.05)
    assert any("(sentence before)" in what for what, _ in ear.parts(look, 2, "reported", "author"))


def test_where_the_ear_decides_the_rules_voice_is_told() -> None:
    text = "In Hale's view, the bridge is lost. It rained."
    loud = Ear([], np.full((1 + 3 * len(TRAITS), len(VOICES)), [0.0, 9.0, 0.0, 0.0], np.float32))
    told = overheard(text, lexicons(), loud)
    assert {k: voice for k, (voice, _) in told.items()} == {0: "reported", 1: "author"}
    assert all(parts[0][1] > 0 for _, parts in told.values())


def test_more_windows_are_heard_by_every_ear_and_judged_by_none() -> None:
    windows = labelled.windows(30)
    read = [prepare(w["text"], lexicons()) for w in windows]
    more = [{**w, "id": f"more:{n}", "group": f"more:{n}"} for n, w in enumerate(windows)]
    found = learn_ear(windows, read, lexicons(), more[:1], read[:1])
    assert found
    assert (found.terms, found.apart.keys()) == (learnt().terms, learnt().apart.keys())
    assert not np.allclose(found.weights, learnt().weights)
