"""From labels to weights: cross-validates the views, calibrates them, writes the model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from rhetoric.ear_training import learn_ear
from rhetoric.features import SPECIAL, Vocabulary, prepare
from rhetoric.fitting import (
    ANNOTATED,
    SILVER,
    TOLD,
    WRITTEN,
    Arrays,
    Base,
    Labels,
    Start,
    Tone,
    fit_all,
    label_spans,
    learn_start,
    load_labels,
    lone_sentences,
    mean_fit,
    tone_weights,
    view_inputs,
    view_odds,
    word_weights,
)
from rhetoric.labels import POSITIVE, LabelError, read_articles
from rhetoric.lexicon import Lexicons
from rhetoric.model import FORMAT, MANIFEST, Array, Model, meta_inputs
from rhetoric.records import SCORED
from rhetoric.vectors import RARE, build_vectors, build_vocabulary, read_names, read_people

FOLDS = 5
META_C = 0.1
TEACHING = (SILVER, ANNOTATED)
"""`picked` of windows that only teach: both the views, the annotated the ear. Nothing is measured on them."""
PICKED_WEIGHT = {"cue": 0.0, WRITTEN: 8.0}
"""Weight in the last step of a window by how it was picked, where it is not 1."""


def learn_base(articles: Path, lexicons: Lexicons, *, without: set[str]) -> Base:
    """Vocabulary and vectors from a JSONL file of news; the articles whose ids are in `without` are left out."""

    def texts() -> Iterator[str]:
        return (a["text"] for a in read_articles(articles) if a["id"] not in without)

    vocabulary = build_vocabulary(texts(), read_names())
    steps, counts = build_vectors(texts(), vocabulary, lexicons)
    rarity = RARE / (RARE + counts / counts.sum())
    rarity[:4] = 0
    return Base(vocabulary, steps, rarity.astype(np.float32).astype(np.float64))


def load_base() -> Base:
    """Vocabulary and vectors of the shipped model, names by today's list."""
    model = Model.load()
    people = read_people()
    kept = [i for i, word in enumerate(model.vocabulary.words) if word not in people]
    words = [model.vocabulary.words[i] for i in kept[len(SPECIAL) :]]
    flags = [model.vocabulary.flags[i - len(SPECIAL)] for i in kept[len(SPECIAL) :]]
    return Base(Vocabulary(words, flags, read_names()), model.steps[kept], model.rarity[kept], tuned=True)


def cross_fit(
    sets: Sequence[Labels], inputs: Sequence[tuple[Any, Any]], start: Start
) -> tuple[list[list[Array]], Array, list[NDArray[np.int8]], list[tuple[Any, Tone]]]:
    """Log-odds of the views from fits on other groups of articles, for every sentence of every set of labels.

    The views are fitted on the first set. Given beside the log-odds: the probability of each of its words, the fold of
    each sentence of each set, and the fits.
    """
    from sklearn.model_selection import GroupKFold

    groups = [np.array([str(w.get("group", w["id"])) for w in one.windows])[one.article] for one in sets]
    views: list[list[Array]] = [[np.zeros((len(one.junk), width)) for width in (len(SCORED), TOLD)] for one in sets]
    words: Array = np.zeros((len(sets[0].sight.stream.ids), len(SCORED)))
    folds, fits = [np.zeros(len(one.junk), np.int8) for one in sets], []
    for number, (train, test) in enumerate(GroupKFold(FOLDS).split(folds[0], groups=groups[0])):
        rows = np.zeros(len(folds[0]), np.bool_)
        rows[train] = True
        fitted = fit_all(sets[0], inputs[0], rows, start)
        fits.append(fitted)
        held = set(groups[0][test])
        for k, one in enumerate(sets):
            out = np.fromiter((group in held for group in groups[k]), np.bool_, len(groups[k]))
            folds[k][out] = number
            odds, p = view_odds(one, inputs[k], fitted, out)
            for view, found in zip(views[k], odds, strict=True):
                view[out] = found[out]
            if k == 0:
                words += p
    return views, words, folds, fits


def step_weights(sets: Sequence[Labels]) -> list[NDArray[np.float64]]:
    """Weight of each sentence of each set in its last step: windows picked for their cue words, and junk, have none.

    Written sentences have one among lone sentences alone.
    """
    weights = []
    for number, one in enumerate(sets):
        picked = [w.get("picked", "random") for w in one.windows]
        weight = np.array([0.0 if p == WRITTEN and not number else PICKED_WEIGHT.get(p, 1.0) for p in picked])
        weights.append(np.where(one.junk, 0.0, weight[one.article]))
    return weights


def fit_meta(inputs: Array, grades: NDArray[np.int8], weight: NDArray[np.float64]) -> tuple[Array, Array, Array]:
    """The last step: for each signal and grade a logistic regression on the views' log-odds, voice and surroundings.

    Weights (signals, grades, inputs), biases (signals, grades) and the inputs' means.
    """
    from sklearn.linear_model import LogisticRegression

    counts = weight > 0
    inputs, grades, weight = inputs[counts], grades[counts], weight[counts]
    weights, bias = np.zeros((len(SCORED), 3, inputs.shape[1])), np.zeros((len(SCORED), 3))
    for j in range(len(SCORED)):
        for grade in (1, 2, 3):
            target = grades[:, j] >= grade
            if min(target.sum(), (~target).sum()) < 5:
                bias[j, grade - 1] = np.log((target.sum() + 0.5) / (len(target) + 1))
                continue
            fit = LogisticRegression(C=META_C, max_iter=1000).fit(inputs, target, sample_weight=weight)
            weights[j, grade - 1], bias[j, grade - 1] = fit.coef_[0], fit.intercept_[0]
    return weights, bias, np.average(inputs, 0, weight)


def train(windows: list[dict[str, Any]], lexicons: Lexicons, base: Base) -> tuple[Arrays, Found]:
    """Weights of the whole model, and what cross-validation found on the way.

    Raises
    ------
    LabelError
        Where fewer than `FOLDS` articles are labelled.
    """
    teaching = [w for w in windows if w.get("picked") in TEACHING]
    windows = [w for w in windows if w.get("picked") not in TEACHING]
    articles = len({str(w.get("group", w["id"])) for w in windows})
    if articles < FOLDS:
        raise LabelError(f"labels of {articles} articles: too few to train on, {FOLDS} are the least")
    more = [w for w in teaching if w.get("picked") == ANNOTATED]
    read, read_more = ([prepare(w["text"], lexicons, spans=label_spans(w)) for w in own] for own in (windows, more))
    learnt = learn_ear(windows, read, lexicons, more, read_more)
    ears = learnt.apart if learnt else None
    start = learn_start(teaching, lexicons, base, learnt.ear if learnt else None)
    base = replace(base, steps=start.steps)
    sets = [load_labels(some, lexicons, base, ears=ears) for some in (windows, lone_sentences(windows))]
    inputs = [view_inputs(one, base.vectors) for one in sets]
    views, words, folds, fits = cross_fit(sets, inputs, start)
    every = np.ones(len(folds[0]), np.bool_)
    fitted = mean_fit(fits) if start.patterns else fit_all(sets[0], inputs[0], every, start)
    meta = [meta_inputs(v, one.sight) for v, one in zip(views, sets, strict=True)]
    taught = {picked: [w for w in teaching if w.get("picked") == picked] for picked in TEACHING}
    counts = {picked: (len(own), sum(len(w["sentences"]) for w in own)) for picked, own in taught.items()}
    found = Found(sets, meta, words, folds, counts)
    rows = zip(found.meta, sets, step_weights(sets), strict=True)
    steps = [fit_meta(table, one.grades, weight) for table, one, weight in rows]
    arrays = word_weights(fitted[0], base.steps.shape[1], sets[0].sight.table.shape[1])
    arrays |= tone_weights(fitted[1])
    for name, pair in zip(("meta", "meta_bias", "meta_mean"), zip(*steps, strict=True), strict=True):
        arrays[name] = np.stack(pair).astype(np.float32)
    arrays["grade_scored"] = np.array(POSITIVE, np.int8) - 1
    arrays |= learnt.arrays if learnt else {}
    return arrays | {"vectors": base.steps, "rarity": base.rarity.astype(np.float32)}, found


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What cross-validation found: first of whole windows, then of lone sentences."""

    sets: list[Labels]
    meta: list[Array]
    """The last step's inputs for each sentence, from fits on other articles."""
    words: Array
    """(words of the first set's stream, signals): probability, from fits on other articles."""
    folds: list[NDArray[np.int8]]
    taught: dict[str, tuple[int, int]]
    """Texts and sentences that only teach, by how they were picked; they are in no set."""


def write_model(arrays: Arrays, vocabulary: Vocabulary, folder: Path) -> None:
    """The model as arrays and JSON, with a manifest of content hashes."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{word}\t{flag}" for word, flag in zip(vocabulary.words[4:], vocabulary.flags, strict=True)]
    files = {
        "words.txt": ("\n".join(lines) + "\n").encode(),
        "names.json": orjson.dumps(vocabulary.names),
    }
    for name, array in arrays.items():
        files[f"{name}.npy"] = _npy(array)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = {"format": FORMAT, "files": digests}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _npy(array: NDArray[Any]) -> bytes:
    import io

    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(array), allow_pickle=False)
    return out.getvalue()
