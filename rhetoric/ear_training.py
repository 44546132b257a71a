"""From labelled voices to the weights of the ear, and ears that have not heard the text they are to judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.ear import Ear, Look, columns, look
from rhetoric.features import Reading, rule
from rhetoric.fitting import WRITTEN
from rhetoric.labels import Window
from rhetoric.lexicon import Lexicons
from rhetoric.records import VOICES
from rhetoric.segment import find_all_words

FOLDS = 5
STRENGTH, STRENGTH_MORE = 0.03, 0.1
"""Inverse of the penalty on weights, without more windows and with them."""
WRITTEN_WEIGHT = 4.0
"""Of a sentence written for training: few stand beside those of news, and the ear shall also judge lone sentences."""
SEEN = 12
"""What cues and claims are like counts where it is so often told of labelled sentences, or oftener."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The ear for the model, and for each group of articles one that has heard none of them."""

    terms: list[str]
    weights: NDArray[np.float32]
    apart: dict[str, Ear]

    @property
    def ear(self) -> Ear:
        """The ear for texts that are in no group."""
        return Ear(self.terms, self.weights)

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """The ear as arrays of the model."""
        return {"ear_terms": np.array([term.encode() for term in self.terms], np.bytes_), "ear_weights": self.weights}


def learn_ear(
    windows: Sequence[Window],
    readings: Sequence[Reading],
    lexicons: Lexicons,
    more: Sequence[Window] = (),
    more_readings: Sequence[Reading] = (),
) -> Learnt | None:
    """The ear that labelled windows teach; None where their sentences are all of one voice or of one group.

    Parameters
    ----------
    windows, readings
        Labelled windows, and each read by the rules alone with the labels' own sentences.
    lexicons
        What they were read with.
    more, more_readings
        The same of windows that nothing is measured on; every ear hears them.
    """
    from sklearn.model_selection import GroupKFold

    looks = [_look(reading, lexicons) for reading in (*readings, *more_readings)]
    voice, junk = _labels(windows)
    groups = np.repeat([str(w.get("group", w["id"])) for w in windows], [len(w["sentences"]) for w in windows])
    count = len(np.unique(groups))
    if count < 2 or len(np.unique(voice[~junk])) < 2:
        return None
    counts = Counter(what for one in looks for what in one.told)
    terms = sorted(what for what, n in counts.items() if n >= SEEN)
    size = len(voice)
    more_voice, more_junk = _labels(more)
    weight = np.concatenate([_weights(windows), np.ones(len(more_voice))])
    table = _table(looks, terms)
    voice = np.append(voice, more_voice)
    heard = size + np.flatnonzero(~more_junk)
    strength, apart = STRENGTH_MORE if len(heard) else STRENGTH, {}
    for train, test in GroupKFold(min(FOLDS, count)).split(groups, groups=groups):
        ear = Ear(terms, _fit(table, voice, weight, np.append(train[~junk[train]], heard), strength))
        apart.update(dict.fromkeys(np.unique(groups[test]).tolist(), ear))
    return Learnt(terms, _fit(table, voice, weight, np.append(np.flatnonzero(~junk), heard), strength), apart)


def _labels(windows: Sequence[Window]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The voice of each sentence, as a place in `VOICES`, and whether it is junk."""
    sentences = [s for w in windows for s in w["sentences"]]
    voice = np.array([VOICES.index(s["voice"]) for s in sentences], np.int64)
    return voice, np.array([bool(s.get("junk")) for s in sentences], np.bool_)


def _weights(windows: Sequence[Window]) -> NDArray[np.float64]:
    """Of each sentence."""
    sizes = [len(w["sentences"]) for w in windows]
    return np.repeat([WRITTEN_WEIGHT if w.get("picked") == WRITTEN else 1.0 for w in windows], sizes)


def _look(r: Reading, lexicons: Lexicons) -> Look:
    """What the ear sees of a text."""
    return look(find_all_words((r.text,))[0], (rule(lexicons, r.cast, r.spans, r.quotes, r.matches),))


def _table(looks: Sequence[Look], terms: Sequence[str]) -> Any:
    """A sparse row a sentence: its traits, those of its neighbours, and how often each of `terms` is told of it."""
    from scipy import sparse

    place = {what: k for k, what in enumerate(terms)}
    traits = np.concatenate([columns(look) for look in looks])
    bases = np.cumsum([0, *(len(look.traits) for look in looks)]).tolist()
    pairs = [
        (base + n, place[what])
        for look, base in zip(looks, bases, strict=False)
        for n, what in zip(look.where, look.told, strict=True)
        if what in place
    ]
    rows, where = np.array(pairs, np.int64).reshape(-1, 2).T
    told = sparse.csr_matrix((np.ones(len(pairs)), (rows, where)), shape=(len(traits), len(terms)))
    return sparse.csr_matrix(sparse.hstack([sparse.csr_matrix(traits), told]))


def _fit(
    table: Any, voice: NDArray[Any], weight: NDArray[Any], rows: NDArray[np.int64], strength: float
) -> NDArray[np.float32]:
    """Weights (1 for the bias, then columns; `VOICES`) of a logistic regression on `rows`, each with its `weight`."""
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((1 + table.shape[1], len(VOICES)), np.float32)
    weights[0] = NEVER
    if len(np.unique(voice[rows])) == 1:
        weights[0, voice[rows[0]]] = 0
        return weights
    fit = LogisticRegression(C=strength, max_iter=400).fit(table[rows], voice[rows], weight[rows])
    if len(fit.classes_) == 2:  # scikit-learn gives the weights of the second against the first alone
        weights[0, fit.classes_] = 0, fit.intercept_[0]
        weights[1:, fit.classes_[1]] = fit.coef_[0]
    else:
        weights[0, fit.classes_] = fit.intercept_
        weights[1:, fit.classes_] = fit.coef_.T
    return weights


NEVER = -30.0
"""Log-odds of a voice that no label has."""
