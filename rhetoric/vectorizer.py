"""Texts to rows of numbers for scikit-learn: what the program finds, as features of one's own models."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from rhetoric.analysis import Analyzer
from rhetoric.records import CATEGORIES, SCORED, SIGNALS, Analysis, Article
from rhetoric.tables import MARKED, OTHERS, SIDES

NAMES = (
    *(f"{signal}_share_{side}" for signal in SCORED for side in SIDES),
    *(f"{signal}_score_{what}" for signal in SCORED for what in ("mean", "max")),
    *(f"{signal}_grade_mean" for signal in SCORED),
    *(f"{signal}_{category}" for signal in SIGNALS for category in CATEGORIES[signal]),
    *(f"words_{voice}" for voice in ("quoted", "reported")),
    "named_speakers",
    "vague_speakers",
    "sentence_words",
)
"""Columns. `share`: marked sentences of all; a category: findings per 1,000 words; `words`: share of all words."""


class RhetoricVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc,unused-ignore]
    """Texts to counts and scores of charged words, predictions and unhedged assertions, by voice.

    There is nothing to learn: `fit` only takes note of the lexicons and model. Rates do not depend on the length of a
    text, so that it needs no scaling by length; scale the columns as your model wants it.

    Parameters
    ----------
    lexicons : str or path, default=None
        Folder of TOML files that add to the shipped lexicons or override them.
    model : str or path, default=None
        Folder of a trained model in place of the shipped one.

    Attributes
    ----------
    analyzer_ : Analyzer
        What the texts are analysed with.

    Examples
    --------
    >>> from rhetoric import RhetoricVectorizer
    >>> rows = RhetoricVectorizer().fit_transform(["The thugs fled.", "The bus left at noon."])
    >>> rows.shape[0], bool(rows[0, 0] > rows[1, 0])
    (2, True)
    """

    def __init__(self, *, lexicons: str | Path | None = None, model: str | Path | None = None) -> None:
        self.lexicons = lexicons
        self.model = model

    def fit(self, raw_documents: Iterable[str], y: Any = None) -> RhetoricVectorizer:
        """Load lexicons and model; the texts are only looked at to tell mistakes.

        Parameters
        ----------
        raw_documents : iterable of str
            Texts.
        y : object, default=None
            Not used.
        """
        _texts(raw_documents)
        self.analyzer_ = Analyzer.load(lexicons=self.lexicons, model=self.model)
        return self

    def transform(self, raw_documents: Iterable[str]) -> NDArray[np.float64]:
        """Return one row of numbers a text.

        Parameters
        ----------
        raw_documents : iterable of str
            Texts.

        Returns
        -------
        ndarray of shape (n_texts, n_features)
            The columns of `get_feature_names_out`.
        """
        check_is_fitted(self)
        analyses = self.analyzer_.analyze_all(Article(text) for text in _texts(raw_documents))
        return np.array([_row(analysis) for analysis in analyses], np.float64).reshape(-1, len(NAMES))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names of the columns.

        Parameters
        ----------
        input_features : object, default=None
            Not used.
        """
        check_is_fitted(self)
        return np.array(NAMES, dtype=object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _texts(given: Iterable[str]) -> list[str]:
    """Return the texts as a list, checked."""
    if isinstance(given, str):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    texts = list(given)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise ValueError(f"text {i} is a {type(text).__name__}; give strings")
    return texts


def _row(analysis: Analysis) -> list[float]:
    """Return the numbers of one text, in the order of `NAMES`."""
    text = analysis.article.text
    real = [s for s in analysis.sentences if not s.junk]
    count = max(len(real), 1)
    lengths = [len(text[s.start : s.end].split()) for s in real]
    words = max(sum(lengths), 1)
    row = []
    for signal in SCORED:
        marked = [s.voice in OTHERS for s in real if getattr(s, signal) >= MARKED]
        row += [(len(marked) - sum(marked)) / count, sum(marked) / count]
    for signal in SCORED:
        scores = [getattr(s, signal) for s in real] or [0.0]
        row += [sum(scores) / count, max(scores)]
    row += [sum(s.grade[signal] for s in real) / count for signal in SCORED]
    found = dict.fromkeys(((signal, category) for signal in SIGNALS for category in CATEGORIES[signal]), 0)
    for f in analysis.findings:
        if (f.signal, f.category) in found:
            found[f.signal, f.category] += 1
    row += [1000 * n / words for n in found.values()]
    for name in ("quoted", "reported"):
        row.append(sum(len(text[v.start : v.end].split()) for v in analysis.voices if v.voice == name) / words)
    row.append(len({v.speaker for v in analysis.voices if v.speaker and not v.vague}))
    row.append(sum(v.vague for v in analysis.voices))
    row.append(words / count if real else 0.0)
    return row
