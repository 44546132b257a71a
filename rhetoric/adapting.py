"""A trained model adapted to a user's own labels: the last step is fitted again, held near what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rhetoric.fitting import Base, Labels, load_labels, lone_sentences
from rhetoric.labels import POSITIVE, LabelError, Window, with_unlabelled
from rhetoric.lexicon import Lexicons
from rhetoric.measures import Estimate, Floats, Ints, area, average_precision, estimate, excess_calibration_error
from rhetoric.model import Array, Arrays, Model, expit, shipped_model
from rhetoric.records import SCORED
from rhetoric.render.prose import count
from rhetoric.training import write_model

FEWEST = 15
"""A signal is adapted that marks so many of the labelled sentences or more, and leaves as many unmarked."""
ARTICLES = 5
"""Labelled articles that adapting needs: it is tried on those left out."""
FOLDS = 5
PULL, SLOPE_PULL, SHIFT_PULL = 300.0, 30.0, 10.0
"""How strongly the weights, their common slope and the shift are held near those of the model adapted."""
STEPS, SMALL = 50, 1e-9
"""Newton steps at most, and the change that ends them."""


@dataclass(frozen=True, slots=True)
class Change:
    """What adapting brings to one signal, measured on articles left out of the fit."""

    signal: str
    sentences: int
    marked: int
    adapted: bool
    """False where the labels are too few, or the model does no better for them; the signal then stays as it was."""
    before: tuple[Estimate, Estimate, float] | None
    """AUC, average precision and calibration error beyond noise; None where the labels are too few to tell."""
    after: tuple[Estimate, Estimate, float] | None


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Labelled sentences as one last step sees them."""

    inputs: Array
    grades: Ints
    group: Ints


def adapt(windows: Sequence[Window], lexicons: Lexicons) -> tuple[Arrays, list[Change]]:
    """Weights of the shipped model with its last steps adapted, and what that brings.

    The views stay as they are. Sentences in articles and sentences alone have a last step each; both are adapted.
    Sentences that have no label are read, not learnt from.

    Raises
    ------
    LabelError
        For fewer than `ARTICLES` articles, or where every signal marks, or leaves unmarked, fewer than `FEWEST`
        sentences.
    """
    model = Model.load(kind=np.float64)
    base = Base(model.vocabulary, model.steps, model.rarity)
    labelled = [window for window in windows if window["sentences"]]
    whole, lone = [with_unlabelled(window) for window in labelled], lone_sentences(labelled)
    ears = {str(w.get("group", w["id"])): model.ear for w in labelled} if model.ear else {}
    sets = [load_labels(some, lexicons, base, ears=ears) for some in (whole, lone)]
    steps = [_rows(one, model, alone) for alone, one in enumerate(sets)]
    arrays = {path.stem: np.load(path, allow_pickle=False) for path in sorted(shipped_model().glob("*.npy"))}
    enough = [signal for j, signal in enumerate(SCORED) if _enough(steps[1].grades[:, j] >= POSITIVE[j])]
    articles = len(np.unique(steps[1].group))
    if articles < ARTICLES or not enough:
        marked = ", ".join(
            f"{signal} {int((steps[1].grades[:, j] >= POSITIVE[j]).sum())}" for j, signal in enumerate(SCORED)
        )
        raise LabelError(
            f"too few labels to adapt to: {count(articles, 'article')} with {count(len(steps[1].group), 'sentence')}"
            f" ({marked} marked);"
            f" needed are {ARTICLES} articles, and {FEWEST} marked and {FEWEST} unmarked sentences of one signal"
        )
    weights, bias = arrays["meta"].astype(np.float64), arrays["meta_bias"].astype(np.float64)
    changes = []
    for j, signal in enumerate(SCORED):
        truth = steps[1].grades[:, j] >= POSITIVE[j]
        change = Change(signal, len(truth), int(truth.sum()), False, None, None)
        if signal in enough:
            change = _try(steps, weights[:, j], bias[:, j], j)
        if change.adapted:
            for alone, rows in enumerate(steps):
                weights[alone, j], bias[alone, j] = _fit_signal(rows, weights[alone, j], bias[alone, j], j)
        changes.append(change)
    arrays["meta"], arrays["meta_bias"] = weights.astype(np.float32), bias.astype(np.float32)
    return arrays, changes


def _rows(labels: Labels, model: Model, alone: int) -> Rows:
    """The labelled sentences of texts of more than one sentence, or with `alone` those of one."""
    inputs = model.score(labels.readings).inputs
    sizes = np.diff(labels.sight.stream.bases)
    chosen = ~labels.junk & (np.repeat(sizes == 1, sizes) == bool(alone))
    names = [str(w.get("group", w["id"])) for w in labels.windows]
    group = np.unique(names, return_inverse=True)[1][labels.article]
    return Rows(inputs[chosen], labels.grades[chosen].astype(np.int64), group[chosen])


def _enough(truth: Any) -> bool:
    """Whether there are labels enough of both kinds."""
    return min(int(truth.sum()), int((~truth).sum())) >= FEWEST


def _fit_signal(rows: Rows, weights: Array, bias: Array, j: int) -> tuple[Array, Array]:
    """Weights and biases of one signal's grades; a grade with too few labels moves as the one that counts does."""
    counting = POSITIVE[j] - 1
    weights, bias = weights.copy(), bias.copy()
    if not _enough(rows.grades[:, j] >= POSITIVE[j]):
        return weights, bias
    slope, shift = 1.0, 0.0
    for grade in sorted(range(3), key=lambda g: g != counting):
        truth = rows.grades[:, j] > grade
        if _enough(truth):
            moved, a, b = _fit(rows.inputs, truth, weights[grade], float(bias[grade]))
            weights[grade], bias[grade] = a * weights[grade] + moved, a * bias[grade] + b
            if grade == counting:
                slope, shift = a, b
        else:
            weights[grade], bias[grade] = slope * weights[grade], slope * bias[grade] + shift
    return weights, bias


def _fit(inputs: Array, truth: Any, weights: Array, bias: float) -> tuple[Array, float, float]:
    """What to add to `weights`, their slope and the shift, by Newton's method; each is held near 0, 1 and 0."""
    odds = inputs @ weights + bias
    centre = inputs.mean(0)
    table = np.column_stack([inputs - centre, odds, np.ones(len(odds))])
    pull = np.append(np.full(inputs.shape[1], PULL), [SLOPE_PULL, SHIFT_PULL])
    sign = np.where(truth, 1.0, -1.0)

    def cost(step: Array) -> float:
        return float(np.logaddexp(0, -sign * (odds + table @ step)).sum() + pull @ step**2 / 2)

    step = np.zeros(table.shape[1])
    least = cost(step)
    for _ in range(STEPS):
        chance = expit(odds + table @ step)
        gradient = table.T @ (chance - truth) + pull * step
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + np.diag(pull)
        change = np.linalg.solve(curve, gradient)
        while cost(step - change) > least and np.abs(change).max() > SMALL:
            change = change / 2
        step = step - change
        least = cost(step)
        if np.abs(change).max() <= SMALL:
            break
    moved = step[:-2]
    return moved, 1 + float(step[-2]), float(step[-1] - moved @ centre)


def _try(steps: Sequence[Rows], weights: Array, bias: Array, j: int) -> Change:
    """How adapting one signal does on articles left out; it is kept where the gain is more than its standard error."""
    counting = POSITIVE[j] - 1
    gains = np.zeros(1 + max(int(rows.group.max()) for rows in steps if len(rows.group)))
    told = []
    for rows, own, shift in zip(steps, weights, bias, strict=True):
        truth = rows.grades[:, j] > counting
        if not _enough(truth):
            continue
        before = rows.inputs @ own[counting] + shift[counting]
        after = before.copy()
        fold = rows.group % FOLDS
        for part in range(FOLDS):
            out = fold == part
            kept = Rows(rows.inputs[~out], rows.grades[~out], rows.group[~out])
            moved, by = _fit_signal(kept, own, shift, j)
            after[out] = rows.inputs[out] @ moved[counting] + by[counting]
        sign = np.where(truth, -1, 1)
        np.add.at(gains, rows.group, np.logaddexp(0, sign * before) - np.logaddexp(0, sign * after))
        told.append((truth.astype(np.int64), before, after, rows.group))
    positive, *odds, group = told[0]
    better = gains.sum() > np.sqrt(len(gains)) * gains.std(ddof=1)
    measures = [_measures(positive, expit(side), group) for side in odds]
    return Change(SCORED[j], len(positive), int(positive.sum()), bool(better), measures[0], measures[1])


def _measures(truth: Ints, chance: Floats, article: Ints) -> tuple[Estimate, Estimate, float]:
    """AUC, average precision, calibration error beyond noise."""
    number = np.unique(article, return_inverse=True)[1]
    return (
        estimate(area(truth, chance), number),
        estimate(average_precision(truth, chance), number),
        excess_calibration_error(truth, chance),
    )


def write_adapted(arrays: Arrays, changes: Sequence[Change], where: Path) -> None:
    """The adapted model, with a card that tells what changed and then that of the model it was made from."""
    model = Model.load()
    write_model(arrays, model.vocabulary, where)
    old = shipped_model() / CARD_NAME
    card = CARD.format(version=model.version, changes="\n".join(_lines(changes)))
    (where / CARD_NAME).write_text(card + (old.read_text("utf-8") if old.exists() else ""), encoding="utf-8")


def _lines(changes: Sequence[Change]) -> list[str]:
    """Rows of the card's table, two a signal."""
    lines = []
    for c in changes:
        for name, measures in (("before", c.before), ("after", c.after)):
            if measures is None:
                continue
            kept = "yes" if c.adapted else "no: not clearly better"
            cells = (c.signal, name, c.sentences, c.marked, *measures[:2], f"{measures[2]:.3f}", kept)
            lines.append(f"| {' | '.join(map(str, cells))} |")
        if c.before is None:
            lines.append(f"| {c.signal} | before | {c.sentences} | {c.marked} | | | | no: too few labels |")
    return lines


CARD_NAME = "MODEL_CARD.md"
CARD = """\
# A model adapted to labels of a user's own

Written by `rhetoric train --base`. The last step of model {version}, whose card stands below, was fitted again on the
labels given and held near what it was; words and tone were not learnt anew. So its cut and its calibration
follow the new labels; its order of sentences hardly changes.

Measured on articles left out of the fit, in five parts; in brackets the 95 % interval, the articles drawn anew. AUC and
average precision (AP) are best at 1; the calibration error beyond sample noise (xECE) at 0. A signal is adapted only
where its log loss falls by more than its standard error.

| signal | | sentences | marked | AUC | AP | xECE | adapted |
| --- | --- | --- | --- | --- | --- | --- | --- |
{changes}

"""
