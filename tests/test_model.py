"""The model at run time: equal to scikit-learn holding the same weights, explained, small; refused where changed."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import labelled
import numpy as np
import orjson
import pytest

from rhetoric import Analyzer, lexicon
from rhetoric.fitting import (
    Labels,
    fit_all,
    learn_start,
    load_labels,
    lone_sentences,
    tone_weights,
    word_weights,
)
from rhetoric.model import (
    Model,
    ModelError,
    Scores,
    expit,
    in_order,
    logit,
    meta_inputs,
    noisy_or,
    tone_inputs,
    word_inputs,
)
from rhetoric.records import SCORED, Article
from rhetoric.training import fit_meta, load_base, write_model

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"
FILES = sorted(orjson.loads((MODELS / "manifest.json").read_bytes())["files"])
EXAMPLES = sorted((ROOT / "examples").glob("*.txt"))


def rounded(perceptron: Any) -> None:
    """Give a fitted perceptron the weights that are written to files: single precision."""
    perceptron.coefs_ = [w.astype(np.float32).astype(np.float64) for w in perceptron.coefs_]
    perceptron.intercepts_ = [w.astype(np.float32).astype(np.float64) for w in perceptron.intercepts_]


def regression(weights: np.ndarray, bias: float) -> Any:
    """Make a scikit-learn logistic regression that holds given weights."""
    from sklearn.linear_model import LogisticRegression

    one = LogisticRegression()
    one.classes_ = np.array([0, 1])
    one.coef_, one.intercept_ = weights[None].astype(np.float64), np.array([bias], np.float64)
    return one


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Labels], list[np.ndarray], np.ndarray]:
    """Fit views and last steps; give the folder of the model, the labels, and what scikit-learn says of both sets."""
    base, lexicons = load_base(), lexicon.load()
    windows = labelled.windows(12)
    sets = [load_labels(some, lexicons, base) for some in (windows, lone_sentences(windows))]
    rows = np.ones(len(sets[0].junk), np.bool_)
    inputs = [(word_inputs(one.sight, base.vectors), tone_inputs(one.sight)) for one in sets]
    words, tone = fit_all(sets[0], inputs[0], rows, learn_start([], lexicons, base, None))
    rounded(words), rounded(tone.perceptron)
    arrays = word_weights(words, base.steps.shape[1], sets[0].sight.table.shape[1]) | tone_weights(tone)
    metas, p = [], None
    for one, (of_words, of_sentences) in zip(sets, inputs, strict=True):
        stream = one.sight.stream
        chance = np.zeros((len(stream.ids), len(SCORED)))
        chance[one.sight.evidence] = words.predict_proba(of_words)
        p = chance if p is None else p
        by_tone = tone.odds(one, of_sentences, np.ones(len(of_sentences), np.bool_))
        views = [logit(noisy_or(chance, stream.sentence, stream.sentences)), by_tone]
        metas.append(meta_inputs(views, one.sight))
    steps = [fit_meta(m, one.grades, np.ones(len(m))) for m, one in zip(metas, sets, strict=True)]
    for name, pair in zip(("meta", "meta_bias", "meta_mean"), zip(*steps, strict=True), strict=True):
        arrays[name] = np.stack(pair).astype(np.float32)
    arrays |= {"grade_scored": np.array([0, 0, 1], np.int8), "vectors": base.steps, "rarity": base.rarity}
    arrays["rarity"] = base.rarity.astype(np.float32)
    folder = tmp_path_factory.mktemp("model")
    write_model(arrays, base.vocabulary, folder)
    truth = []
    for k, meta in enumerate(metas):
        grades = [
            [
                regression(arrays["meta"][k, j, g], arrays["meta_bias"][k, j, g]).predict_proba(meta)[:, 1]
                for g in range(3)
            ]
            for j in range(3)
        ]
        truth.append(np.array(grades).transpose(2, 0, 1))
    return folder, sets, truth, p


@pytest.mark.parametrize(("kind", "apart"), [(np.float64, 1e-9), (np.float32, 1e-4)])
def test_scores_equal_those_of_scikit_learn(fitted: Any, kind: Any, apart: float) -> None:
    folder, sets, truth, words = fitted
    model = Model.load(folder, kind=kind)
    for one, chances in zip(sets, truth, strict=True):
        scores = model.score(one.readings)
        assert np.ptp(chances[:, 0, 0]) > 0.3
        assert np.abs(scores.probability - chances[:, [0, 1, 2], [0, 0, 1]]).max() < apart
        assert np.abs(scores.grade - in_order(chances, np.array([0, 0, 1])).sum(2)).max() < 3 * apart
    assert np.abs(model.score(sets[0].readings).word - words).max() < apart


def test_the_last_step_of_lone_sentences_is_their_own(fitted: Any) -> None:
    folder, sets, _, _ = fitted
    model = Model.load(folder)
    together, alone = model.score(sets[0].readings), model.score(sets[1].readings)
    assert len(together.probability) == len(alone.probability)
    assert np.abs(together.probability - alone.probability).max() > 1e-3


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    """Load the shipped lexicons and model once."""
    return Analyzer.load()


@pytest.mark.parametrize("path", EXAMPLES[:4], ids=lambda path: path.stem)
def test_parts_add_up_to_the_log_odds(analyzer: Analyzer, path: Path) -> None:
    analysis = analyzer(Article(path.read_text("utf-8")))
    told = 0
    for sentence in analysis.sentences:
        for signal in SCORED:
            parts = sentence.because[signal]
            if sentence.junk:
                assert parts == ()
                continue
            assert [name for name, _ in parts[-2:]] == ["rest", "base"]
            assert len(parts) <= 10
            assert [abs(x) for _, x in parts[:-2]] == sorted((abs(x) for _, x in parts[:-2]), reverse=True)
            odds = math.fsum(x for _, x in parts)
            assert expit(np.float64(odds)) == pytest.approx(getattr(sentence, signal), abs=2e-6)
            told += 1
    assert told > 30


def test_a_count_of_nought_is_told_as_a_lack(analyzer: Analyzer) -> None:
    with_number, without = (
        {name for parts in analyzer(Article(text)).sentences[0].because.values() for name, _ in parts}
        for text in ("The thugs took 40 of the cows, and 12 are dead.", "The thugs took the cows")
    )
    assert "numbers" in with_number
    assert "no numbers" not in with_number
    assert "no numbers" in without
    assert "numbers" not in without


def test_parts_are_the_same_as_json(analyzer: Analyzer) -> None:
    analysis = analyzer(Article((EXAMPLES[0]).read_text("utf-8") + '\n\nHe said "\\ and \u0007 rose".'))
    form = analysis.to_dict()
    for sentence, told in zip(analysis.sentences, form["sentences"], strict=True):
        assert {s: [list(part) for part in parts] for s, parts in sentence.because.items()} == told["because"]
        assert list(sentence.because) == list(SCORED)
        with pytest.raises(KeyError):
            sentence.because["hedge"]


def test_grades_lie_between_nought_and_three(analyzer: Analyzer) -> None:
    for path in EXAMPLES:
        for sentence in analyzer(Article(path.read_text("utf-8"))).sentences:
            assert sentence.grade.keys() == set(SCORED)
            assert all(0 <= grade <= 3 for grade in sentence.grade.values())
            for signal, least, most in (("charged", 1, 3), ("prediction", 1, 3), ("unhedged", 2, 3)):
                score, grade = getattr(sentence, signal), sentence.grade[signal]
                assert least * score - 1e-5 <= grade <= (most * score if least == 1 else 2 + score) + 1e-5


def test_no_chance_is_above_that_of_a_lower_grade() -> None:
    chance = np.array([[[0.2, 0.5, 0.4], [0.2, 0.5, 0.6], [0.5, 0.2, 0.4]]])
    wanted = [[[0.2, 0.2, 0.2], [0.5, 0.5, 0.5], [0.5, 0.2, 0.2]]]
    assert np.array_equal(in_order(chance, np.array([0, 1, 1])), wanted)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the shipped model."""
    return Path(shutil.copytree(MODELS, tmp_path / "models", ignore=shutil.ignore_patterns("labels")))


@pytest.mark.parametrize("name", FILES)
def test_a_flipped_byte_is_refused_by_name(copy: Path, name: str) -> None:
    data = bytearray((copy / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copy / name).write_bytes(data)
    with pytest.raises(ModelError, match=rf"{name}: is not the file that manifest\.json names"):
        Model.load(copy)


def test_a_missing_file_is_told(copy: Path) -> None:
    (copy / "meta.npy").unlink()
    with pytest.raises(ModelError, match=r"meta\.npy: cannot be read"):
        Model.load(copy)


@pytest.mark.parametrize(
    ("content", "told"), [(None, "cannot be read"), (b"{", "cannot be read"), (b'{"format": 99}', "format 99")]
)
def test_a_folder_without_a_model_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(ModelError, match=told):
        Model.load(tmp_path)


def test_pickled_objects_are_refused(copy: Path) -> None:
    import hashlib

    np.save(copy / "meta_bias.npy", np.array([{"a": 1}], object), allow_pickle=True)
    manifest = orjson.loads((copy / "manifest.json").read_bytes())
    manifest["files"]["meta_bias.npy"] = hashlib.sha256((copy / "meta_bias.npy").read_bytes()).hexdigest()
    (copy / "manifest.json").write_bytes(orjson.dumps(manifest))
    with pytest.raises(ValueError, match="allow_pickle"):
        Model.load(copy)


def test_the_shipped_model_is_small_and_plain() -> None:
    files = [path for path in MODELS.iterdir() if path.is_file()]
    assert {path.suffix for path in files} <= {".npy", ".json", ".txt", ".md"}
    assert {path.name for path in files} - {"manifest.json", "MODEL_CARD.md"} == set(FILES)
    assert sum(path.stat().st_size for path in files) <= 12e6


def test_no_text_has_no_scores() -> None:
    scores = Model.load().score([])
    assert isinstance(scores, Scores)
    assert scores.probability.shape == scores.grade.shape == (0, len(SCORED))
