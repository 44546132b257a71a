"""The vectorizer is a transformer as scikit-learn wants them, and its columns are what they are called."""

from __future__ import annotations

import inspect
from pathlib import Path

import many
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks

from rhetoric import RhetoricVectorizer, analyze

TEXTS = ["The thugs will inevitably fall, said Ana Reyn.", "The bus left at noon.", ""]
ALONE = [
    "check_no_attributes_set_in_init", "check_estimator_cloneable", "check_estimator_tags_renamed",
    "check_valid_tag_types", "check_estimator_repr", "check_parameters_default_constructible",
    "check_get_params_invariance", "check_set_params",
    "check_mixin_order", "check_set_output_transform", "check_transformer_get_feature_names_out",
]  # fmt: skip
"""Checks of scikit-learn that `check_estimator` leaves out for transformers of text, and that need no numbers."""


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_scikit_learns_estimator_checks_pass() -> None:
    results = estimator_checks.check_estimator(RhetoricVectorizer(), on_fail=None, on_skip=None)
    assert [r["check_name"] for r in results if r["status"] == "failed"] == []


@pytest.mark.parametrize("name", ALONE)
def test_checks_that_need_no_numbers_pass_too(name: str) -> None:
    check = getattr(estimator_checks, name)
    estimator = RhetoricVectorizer()
    if name in ("check_set_output_transform", "check_transformer_get_feature_names_out"):
        fitted = estimator.set_output(transform="pandas").fit(TEXTS)
        assert list(fitted.transform(TEXTS).columns) == fitted.get_feature_names_out().tolist()
    elif len(inspect.signature(check).parameters) == 1:
        check(estimator)
    else:
        check("RhetoricVectorizer", estimator)


def test_columns_hold_what_their_names_say() -> None:
    made = RhetoricVectorizer().fit(TEXTS)
    rows = made.transform(TEXTS)
    names = made.get_feature_names_out().tolist()
    assert rows.shape == (3, len(names)) and rows.dtype == np.float64 and np.isfinite(rows).all()
    assert len(set(names)) == len(names)
    column = dict(zip(names, rows.T, strict=True))
    analysis = analyze(TEXTS[0])
    assert column["charged_score_max"][0] == analysis.sentences[0].charged
    assert column["prediction_fated"][0] == pytest.approx(
        1000 * sum(f.category == "fated" for f in analysis.findings) / 8
    )
    assert column["named_speakers"][0] == 1
    assert (rows[2] == 0).all(), "an empty text has nothing"
    assert (rows == RhetoricVectorizer().fit_transform(TEXTS)).all()
    assert (clone(made).fit([]).transform(TEXTS[:1]) == rows[:1]).all()


def test_it_serves_a_model_of_ones_own() -> None:
    frame = many.frame(12)
    hostile = frame["outlet"].isin(["Truth of Ordan", "Voice of Kestria"])
    model = make_pipeline(RhetoricVectorizer(), StandardScaler(), LogisticRegression())
    assert cross_val_score(model, frame["text"], hostile, cv=3).mean() > 0.95


def test_ones_own_words_make_a_difference(tmp_path: Path) -> None:
    (tmp_path / "charged").mkdir()
    (tmp_path / "charged" / "quay_talk.toml").write_text(
        'signal = "charged"\ncategory = "quay_talk"\nwhy = "For a test."\nsource = "Written for a test."\n'
        'licence = "MIT"\ngrade = 2\ninflect = "noun"\nterms = ["quay gremlin"]\n'
        '[examples]\nhit = [["The quay gremlins struck.", "quay gremlins"]]\nmiss = ["The quay was empty."]\n'
    )
    text = ["The quay gremlins of Merrin struck again on Monday."]
    own = RhetoricVectorizer(lexicons=tmp_path).fit(text)
    place = own.get_feature_names_out().tolist().index("charged_score_max")
    assert own.transform(text)[0, place] > RhetoricVectorizer().fit_transform(text)[0, place]


def test_mistakes_are_told() -> None:
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        RhetoricVectorizer().transform(TEXTS)
    with pytest.raises(ValueError, match="string object received"):
        RhetoricVectorizer().fit("one text")
    with pytest.raises(ValueError, match="text 1 is a int; give strings"):
        RhetoricVectorizer().fit(["a", 3])
