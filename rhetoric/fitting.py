"""Labels as the views see them, and the views fitted to them with scikit-learn. Used in training only."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.ear import Ear
from rhetoric.features import Reading, Vocabulary, prepare
from rhetoric.labels import EVIDENCE, POSITIVE
from rhetoric.lexicon import Lexicons
from rhetoric.model import (
    FURTHER,
    WINDOW,
    Array,
    Sight,
    logit,
    look,
    mean_vectors,
    noisy_or,
    scaled,
    tone_inputs,
    word_inputs,
)
from rhetoric.pattern_training import Lessons, learn_patterns
from rhetoric.patterns import Patterns
from rhetoric.records import SCORED, VOICES
from rhetoric.segment import Span

Arrays = dict[str, NDArray[Any]]

SEED = 0
HIDDEN_WORD, HIDDEN_TONE = 48, 128
WRITTEN = "written"
"""`picked` of single sentences written for training; they count in the last step of texts of one sentence alone."""
WRITTEN_TIMES = 5
"""How often a written sentence counts when the views are fitted; more often costs precision in the news."""
SILVER = "silver"
"""`picked` of windows that a larger model labelled: the views learn from them first; nothing is calibrated on them."""
ANNOTATED = "annotated"
"""`picked` of windows that annotators graded too, but in haste: they teach as those of a larger model do."""
BLOCK = 200
"""So many windows that only teach are looked at together."""
TEACHING_WORD, TEACHING_TONE = 2, 4
"""Passes over the teaching labels alone."""
ROUNDS_PATTERNS = 6
"""Passes over the labels that patterns are learnt from: the teaching ones, or where there are none the others."""
ROUNDS_WORD, BATCHES_TONE = 3, (256, 2048)
"""Passes of the word view over the others after them, and sentences of a step in each pass of the tone view: many at
last, which leaves less to chance. The tone view sees the teaching ones again in each pass,"""
GOLD_TIMES = 10
"""and each of the others so many times."""
TOLD = len(SCORED) + len(FURTHER)
"""Outputs of the tone view that the last step looks at."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Labelled windows of articles, and what the views see of them."""

    windows: list[dict[str, Any]]
    readings: list[Reading]
    sight: Sight
    grades: NDArray[np.int8]
    """(sentences, signals)"""
    junk: NDArray[np.bool_]
    """Not to be learnt from: no part of an article, or without a label."""
    voice: NDArray[np.int8]
    evidence: NDArray[np.int8]
    """(words of the stream, signals): 1 where the labels mark the word."""
    article: NDArray[np.int32]
    """The window of each sentence."""
    chances: NDArray[np.float32]
    """(sentences, signals, 3): how likely grades 1, 2 and 3 or more are; certain where a label gives a grade alone."""

    @property
    def positive(self) -> NDArray[np.int8]:
        """(sentences, signals): 1 from the grade that counts."""
        return (self.grades >= POSITIVE).astype(np.int8)


def draw_grades(chances: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.int8]:
    """Grades (sentences, signals), drawn by the chances of 1, 2 and 3 or more."""
    return np.asarray((chances > rng.random((*chances.shape[:2], 1))).sum(2), np.int8)


def load_labels(
    windows: list[dict[str, Any]],
    lexicons: Lexicons,
    base: Base,
    *,
    ears: Mapping[str, Ear] | None = None,
    kind: type[np.floating[Any]] = np.float64,
) -> Labels:
    """`windows` as the views see them, in the precision of `kind`.

    `ears` are by group, and without them the rules alone hear.
    """
    ears = ears or {}
    readings = [
        prepare(w["text"], lexicons, spans=label_spans(w), ear=ears.get(str(w.get("group", w["id"])))) for w in windows
    ]
    sight = look(readings, base.vocabulary, base.steps, base.rarity, kind=kind)
    sentences = [s for w in windows for s in w["sentences"]]
    stream = sight.stream
    evidence = np.zeros((len(stream.ids), len(SCORED)), np.int8)
    bounds = np.searchsorted(stream.place, stream.offsets)
    for window, reading, begin, end, offset in zip(windows, readings, bounds, bounds[1:], stream.offsets, strict=False):
        place = stream.place[begin:end] - offset
        starts, ends = reading.words.start[place], reading.words.end[place]
        for s in window["sentences"]:
            for j, key in enumerate(EVIDENCE):
                for low, high in s.get(key, ()):
                    evidence[begin:end, j] |= (starts < high) & (ends > low)
    return Labels(
        windows,
        readings,
        sight,
        np.array([[s[signal] for signal in SCORED] for s in sentences], np.int8),
        np.array([bool(s.get("junk") or s.get("open")) for s in sentences]),
        np.array([VOICES.index(s["voice"]) for s in sentences], np.int8),
        evidence,
        np.repeat(np.arange(len(windows), dtype=np.int32), [len(w["sentences"]) for w in windows]),
        _chances(sentences),
    )


def _chances(sentences: list[dict[str, Any]]) -> NDArray[np.float32]:
    """(sentences, signals, 3): how likely grades 1, 2 and 3 or more are; certain where only a grade is given."""
    certain = [[[100 * (s[signal] > k) for k in range(3)] for signal in SCORED] for s in sentences]
    given = [s.get("chances", sure) for s, sure in zip(sentences, certain, strict=True)]
    return np.array(given, np.float32).reshape(len(sentences), len(SCORED), 3) / np.float32(100)


def label_spans(window: dict[str, Any]) -> list[Span]:
    """The labelled sentences, with paragraphs as `split_sentences` counts them."""
    text, spans = window["text"], list[Span]()
    gap = re.compile(r"\n\s*\n" if re.search(r"\n\s*\n", text) else r"\n")
    paragraph = last = 0
    for s in window["sentences"]:
        paragraph += bool(spans and gap.search(text, last, s["start"]))
        spans.append(Span(s["start"], s["end"], paragraph, bool(s.get("junk"))))
        last = s["end"]
    return spans


def lone_sentences(windows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each sentence as a text of its own, so that the last step learns to do without the sentences around."""
    lone = []
    for window in windows:
        for k, s in enumerate(window["sentences"]):
            start, end = s["start"], s["end"]
            own = {key: [[low - start, high - start] for low, high in s.get(key, ())] for key in EVIDENCE}
            sentence = s | own | {"start": 0, "end": end - start}
            group = {"id": f"{window['id']}#{k}", "group": window.get("group", window["id"])}
            lone.append(window | group | {"text": window["text"][start:end], "sentences": [sentence]})
    return lone


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What is learnt without labels: the vocabulary, its vectors (in steps of 1/127) and how rare each word is."""

    vocabulary: Vocabulary
    steps: NDArray[np.int8]
    rarity: Array
    tuned: bool = False
    """Whether the vectors are no more to be learnt from labels."""

    @property
    def vectors(self) -> Array:
        """The vectors as the views see them."""
        return scaled(self.steps)


def _perceptron(hidden: int, alpha: float, batch: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((hidden,), alpha=alpha, batch_size=batch, random_state=SEED)


def _pass(model: Any, inputs: NDArray[Any], targets: NDArray[Any], rounds: int = 1) -> Any:
    """`model` after so many more passes over the inputs."""
    model.set_params(batch_size=min(model.batch_size, len(inputs)))
    for _ in range(rounds):
        model.partial_fit(inputs, targets, classes=np.arange(targets.shape[1]))
    return model


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """A tone view: the patterns it sees, and what is made of them and of its other inputs."""

    patterns: Patterns
    perceptron: Any

    def inputs(self, labels: Labels, beside: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the perceptron sees of `labels`; `beside` is what `tone_inputs` gives."""
        return np.concatenate([beside, self.patterns.find(labels.sight.stream)], 1)

    def odds(self, labels: Labels, beside: NDArray[np.float32], rows: NDArray[np.bool_]) -> Array:
        """Log-odds of the sentences `rows`; 0 for others."""
        odds = np.zeros((len(rows), TOLD))
        odds[rows] = logit(self.perceptron.predict_proba(self.inputs(labels, beside)[rows])[:, :TOLD])
        return odds


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Teaching labels, and what the tone view sees of them."""

    inputs: NDArray[np.float32]
    chances: NDArray[np.float32]
    voice: NDArray[np.int8]

    def drawn(self, rng: np.random.Generator) -> NDArray[np.int8]:
        """Targets, drawn by the chances of the grades."""
        return tone_targets(draw_grades(self.chances, rng), self.voice)


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """What the views begin with: perceptrons, new or taught by labels that only teach, and the patterns of these."""

    words: Any
    tone: Any
    patterns: Patterns | None
    """None where they are to be learnt from the labels themselves."""
    taught: Taught | None
    """What the tone view goes on seeing beside other labels; None where there are none that only teach."""
    steps: NDArray[np.int8]
    """Word vectors before they are scaled, learnt further from teaching labels."""


def learn_start(teaching: list[dict[str, Any]], lexicons: Lexicons, base: Base, ear: Ear | None) -> Start:
    """The views after the labels that only teach, which may be none."""
    words, tone = _perceptron(HIDDEN_WORD, 1e-3, 512), _perceptron(HIDDEN_TONE, 0.1, 256)
    blocks, lessons = list[Labels](), list[Lessons]()
    for some in (teaching[begin : begin + BLOCK] for begin in range(0, len(teaching), BLOCK)):
        ears = {str(w.get("group", w["id"])): ear for w in some} if ear else None
        block = replace(load_labels(some, lexicons, base, ears=ears, kind=np.float32), readings=[])
        lessons.append(_lessons(block, tone_inputs(block.sight), np.flatnonzero(~block.junk)))
        blocks.append(_with_means(block, np.zeros((0, 0)), np.zeros((0, 0))))
    if not blocks:
        return Start(words, tone, None, None, base.steps)
    patterns = learn_patterns(lessons, base.steps, ROUNDS_PATTERNS, tuned=not base.tuned)
    del lessons
    base = replace(base, steps=patterns.steps)
    blocks = [
        _with_means(block, *mean_vectors(block.sight.stream, base.steps, base.rarity, np.float32)) for block in blocks
    ]
    vectors = base.vectors.astype(np.float32)
    for _ in range(TEACHING_WORD):
        for block in blocks:
            _pass(words, *word_rows(block, word_inputs(block.sight, vectors), ~block.junk))
    whole, rng = Tone(patterns, tone), np.random.default_rng(SEED)
    inputs = np.concatenate([whole.inputs(block, tone_inputs(block.sight))[~block.junk] for block in blocks])
    chances = np.concatenate([block.chances[~block.junk] for block in blocks])
    voice = np.concatenate([block.voice[~block.junk] for block in blocks])
    seen = Taught(inputs, chances, voice)
    for _ in range(TEACHING_TONE):
        _pass(tone, inputs, seen.drawn(rng))
    return Start(words, tone, patterns, seen, base.steps)


def _with_means(labels: Labels, mean: Array, around: Array) -> Labels:
    """The same, with other mean word vectors of sentences and articles."""
    return replace(labels, sight=replace(labels.sight, mean=mean, around=around))


def _lessons(labels: Labels, beside: NDArray[np.float32], chosen: NDArray[np.intp]) -> Lessons:
    """The sentences `chosen`, to learn patterns from."""
    stream = labels.sight.stream
    begin = np.searchsorted(stream.sentence, np.arange(len(labels.junk) + 1))
    targets = tone_targets(labels.grades, labels.voice).astype(np.float32)
    each = [*enumerate(POSITIVE), *((SCORED.index(signal), grade) for signal, grade in FURTHER)]
    for column, (signal, grade) in enumerate(each):
        targets[:, column] = labels.chances[:, signal, grade - 1]
    return Lessons(stream.ids, begin[chosen], np.diff(begin)[chosen], beside[chosen], targets[chosen])


def _times(labels: Labels, rows: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How often each sentence counts when a view is fitted on the sentences `rows`."""
    written = np.array([w.get("picked") == WRITTEN for w in labels.windows])
    return np.where(rows & ~labels.junk, np.where(written, WRITTEN_TIMES, 1)[labels.article], 0)


def word_rows(labels: Labels, inputs: NDArray[np.float32], rows: NDArray[np.bool_]) -> tuple[Any, Any]:
    """Inputs and targets of the word view for the sentences `rows`; `inputs` are those of all words of evidence."""
    keep = labels.sight.evidence
    times = _times(labels, rows)[labels.sight.stream.sentence[keep]]
    chosen = np.repeat(np.arange(len(times)), times)
    return inputs[chosen], labels.evidence[keep][chosen]


def tone_targets(grades: NDArray[np.int8], voice: NDArray[np.int8]) -> NDArray[np.int8]:
    """Targets of the tone view: further grades and the voice beside the signals."""
    further = [grades[:, [SCORED.index(signal)]] >= grade for signal, grade in FURTHER]
    return np.concatenate([grades >= POSITIVE, *further, np.eye(len(VOICES))[voice]], 1).astype(np.int8)


def fit_words(labels: Labels, inputs: NDArray[np.float32], rows: NDArray[np.bool_], start: Start) -> Any:
    """The word view, fitted on the words of the sentences `rows`."""
    return _pass(deepcopy(start.words), *word_rows(labels, inputs, rows), ROUNDS_WORD)


def fit_tone(labels: Labels, beside: NDArray[np.float32], rows: NDArray[np.bool_], start: Start) -> Tone:
    """The tone view, fitted on the sentences `rows` and, beside them, the teaching ones."""
    often = np.repeat(np.arange(len(rows)), _times(labels, rows))
    patterns = start.patterns or learn_patterns([_lessons(labels, beside, often)], start.steps, ROUNDS_PATTERNS)
    tone, chosen = Tone(patterns, deepcopy(start.tone)), np.repeat(often, GOLD_TIMES)
    inputs = tone.inputs(labels, beside)[chosen]
    targets = tone_targets(labels.grades, labels.voice)[chosen]
    if start.taught:
        inputs = np.concatenate([start.taught.inputs, inputs])
    rng = np.random.default_rng(SEED)
    for size in BATCHES_TONE:
        tone.perceptron.set_params(batch_size=size)
        taught = start.taught.drawn(rng) if start.taught else targets[:0]
        _pass(tone.perceptron, inputs, np.concatenate([taught, targets]))
    return tone


def fit_all(labels: Labels, inputs: tuple[Any, Any], rows: NDArray[np.bool_], start: Start) -> tuple[Any, Tone]:
    """The two views, fitted on the sentences `rows`."""
    return fit_words(labels, inputs[0], rows, start), fit_tone(labels, inputs[1], rows, start)


def mean_fit(fits: Sequence[tuple[Any, Tone]]) -> tuple[Any, Tone]:
    """The two views with the mean weights of fits that began alike and see the same patterns.

    What the last batches did to each fit falls out (Wortsman et al. 2022, "Model soups").
    """
    words, tone = deepcopy(fits[0])
    for one, own in ((words, [fit[0] for fit in fits]), (tone.perceptron, [fit[1].perceptron for fit in fits])):
        one.coefs_ = [np.mean(layer, 0) for layer in zip(*(fit.coefs_ for fit in own), strict=True)]
        one.intercepts_ = [np.mean(layer, 0) for layer in zip(*(fit.intercepts_ for fit in own), strict=True)]
    return words, tone


def view_inputs(labels: Labels, vectors: Array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Inputs of the word view, and of the tone view without the patterns."""
    return word_inputs(labels.sight, vectors.astype(np.float32)), tone_inputs(labels.sight).astype(np.float32)


def view_odds(
    labels: Labels, inputs: tuple[Any, Any], fitted: tuple[Any, Tone], rows: NDArray[np.bool_]
) -> tuple[list[Array], Array]:
    """Log-odds of the two views for the sentences `rows`, and the probability of each word."""
    words, tone = fitted
    sight = labels.sight
    stream = sight.stream
    chosen = rows[stream.sentence] & sight.evidence
    p = np.zeros((len(stream.ids), len(SCORED)))
    p[chosen] = words.predict_proba(inputs[0][chosen[sight.evidence]])
    return [logit(noisy_or(p, stream.sentence, len(rows))), tone.odds(labels, inputs[1], rows)], p


def word_weights(model: Any, dimensions: int, width: int) -> Arrays:
    """The word view's weights in the blocks that `Model` adds up."""
    first, out = model.coefs_
    edges = np.cumsum([dimensions * len(WINDOW), dimensions + width])
    window, sentence, rest = np.split(first, edges)
    return {
        "word_window": window.reshape(len(WINDOW), dimensions, -1).astype(np.float32),
        "word_sentence": sentence.astype(np.float32),
        "word_hits": rest[:-1].astype(np.float32),
        "word_other": rest[-1].astype(np.float32),
        "word_bias": model.intercepts_[0].astype(np.float32),
        "word_out": out.astype(np.float32),
        "word_out_bias": model.intercepts_[1].astype(np.float32),
    }


def tone_weights(tone: Tone) -> Arrays:
    """The tone view's weights; of its outputs the voices are left out."""
    (first, out), (bias, out_bias) = tone.perceptron.coefs_, tone.perceptron.intercepts_
    return {
        "pattern_filters": tone.patterns.filters,
        "pattern_bias": tone.patterns.bias,
        "tone_in": first.astype(np.float32),
        "tone_bias": bias.astype(np.float32),
        "tone_out": out[:, :TOLD].astype(np.float32),
        "tone_out_bias": out_bias[:TOLD].astype(np.float32),
    }
