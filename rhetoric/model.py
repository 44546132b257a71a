"""The trained model: reads weights, scores sentences and says what each score is made of. Needs numpy alone.

Two views look at a sentence: **words** (each word in its window; the sentence pools them by noisy-or) and **tone** (the
sentence as a whole, in its article: its mean word and the patterns it shows, see `rhetoric.patterns`). One logistic
regression over their log-odds, the sentences around and the voice gives the score; it is the calibration as well. Texts
of one sentence have a last step of their own.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from rhetoric.because import Told
from rhetoric.ear import Ear
from rhetoric.features import COUNTED, PLAIN, WIDTH, Reading, Stream, Vocabulary, hits, sentence_names, sentence_table
from rhetoric.lexicon import no_collection
from rhetoric.patterns import Patterns
from rhetoric.records import SCORED

Array = NDArray[np.floating[Any]]
Arrays = dict[str, NDArray[np.generic]]

WINDOW = (-2, -1, 0, 1, 2)
"""Words around a word that the word view sees."""
VIEWS = ("words", "tone")
FURTHER = (("charged", 2), ("prediction", 2), ("unhedged", 1), ("unhedged", 3))
"""Grades that the tone view tells apart beside those that count."""
FORMAT = 3
MANIFEST = "manifest.json"
PARTS = 8
"""Parts of a score that are told one by one; the others stand together as `rest`."""
FLOOR = 1e-6
LENGTH = 2.1
"""Word vectors are scaled so that the inputs of the views are of like size."""
TOGETHER = 1400
"""Words whose vectors are summed together, to stay in the processor's cache."""
NEAR = 1000
"""Words that the word view scores together, and sentences of the tone view, to stay in the processor's cache."""
MEANS = 2
"""How much more the tone view makes of mean word vectors than of other inputs."""
SHARED = 0.02
"""Words less likely to be evidence than this are not told apart in the parts of a score."""


class ModelError(ValueError):
    """A model that cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """Inputs of the views for a batch of readings."""

    stream: Stream
    table: Array
    """A row of counts a sentence, see `features.sentence_names`."""
    hits: tuple[NDArray[np.int32], NDArray[np.int32]]
    mean: Array
    """Mean word vector a sentence, rare words first."""
    around: Array
    """The same of the whole article."""
    evidence: NDArray[np.bool_]
    """Words that can be evidence: no names, numbers or marks."""


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What the model says of a batch; first axis: sentences, or words where it says so."""

    probability: Array
    """(sentences, signals), 0 to 1."""
    grade: Array
    """(sentences, signals): expected grade, 0 to 3."""
    word: Array
    """(words of the stream, signals): probability that the word is evidence."""
    stream: Stream
    told: Told
    """For each sentence and signal: the largest parts, then `rest` and `base`; they add up to the log-odds."""
    inputs: Array
    """(sentences, inputs): what the last step looks at."""


def logit(p: Array) -> Array:
    """Log-odds, kept within about 14 of zero."""
    p = np.clip(p, FLOOR, 1 - FLOOR)
    return np.asarray(np.log(p / (1 - p)))


def expit(x: Array) -> Array:
    """The probability of log-odds `x`."""
    return np.asarray(1 / (1 + np.exp(-x)))


def in_order(chance: Array, kept: NDArray[np.integer[Any]]) -> Array:
    """Chances of each grade or more, (sentences, signals, grades), none above that of a lower grade.

    Each grade has a regression of its own, which does not know of the others. The grade `kept` of each signal stays.
    """
    chance = chance.copy()
    for k in range(1, chance.shape[2]):
        above = k > kept
        chance[:, above, k] = np.minimum(chance[:, above, k], chance[:, above, k - 1])
    for k in reversed(range(chance.shape[2] - 1)):
        below = k < kept
        chance[:, below, k] = np.maximum(chance[:, below, k], chance[:, below, k + 1])
    return chance


def scaled(steps: NDArray[np.int8], kind: type[np.floating[Any]] = np.float64) -> Array:
    """Word vectors as the views see them, of their steps."""
    vectors: Array = np.multiply(steps, kind(LENGTH / 127), dtype=kind)
    return vectors


def look(
    readings: Sequence[Reading],
    vocabulary: Vocabulary,
    steps: NDArray[np.int8],
    rarity: Array,
    *,
    kind: type[np.floating[Any]] = np.float64,
) -> Sight:
    """What the views see of `readings`, in the precision of `kind`; `steps` are the word vectors before `scaled`."""
    stream = vocabulary.encode(readings)
    found = hits(readings, stream)
    table = sentence_table(readings, stream, vocabulary).astype(kind)
    mean, around = mean_vectors(stream, steps, rarity, kind)
    return Sight(stream, table, found, mean, around, vocabulary.evidence[stream.ids])


def mean_vectors(
    stream: Stream, steps: NDArray[np.int8], rarity: Array, kind: type[np.floating[Any]] = np.float64
) -> tuple[Array, Array]:
    """The mean word vector of each sentence, rare words first, and that of its whole article."""
    ids, sentence, size = stream.ids, stream.sentence, stream.sentences
    weight = rarity[ids].astype(kind)
    mean, total = np.zeros((size, steps.shape[1]), kind), np.zeros((size, 1), kind)
    if len(ids):
        starts = np.flatnonzero(np.append(True, sentence[1:] != sentence[:-1]))
        owners = sentence[starts]
        mean[owners] = _sums(steps, ids, starts, weight * kind(LENGTH / 127))
        total[owners, 0] = np.add.reduceat(weight, starts)
    around = np.zeros_like(mean)
    for begin, end in zip(stream.bases[:-1].tolist(), stream.bases[1:].tolist(), strict=True):
        around[begin:end] = mean[begin:end].sum(0) / (total[begin:end].sum() + kind(FLOOR))
    mean /= total + kind(FLOOR)
    return mean, around


def _sums(steps: NDArray[np.int8], ids: NDArray[np.int32], starts: NDArray[np.intp], weight: Array) -> Array:
    """Weighted sum of the steps of the words in each run; runs of one length together, few, to stay in the cache."""
    sums = np.empty((len(starts), steps.shape[1]), weight.dtype)
    sizes = np.diff(starts, append=len(ids))
    order = np.argsort(sizes, kind="stable")
    lengths = sizes[order]
    edges = [*np.flatnonzero(np.diff(lengths, prepend=-1)).tolist(), len(order)]
    for first, last in pairwise(edges):
        size = int(lengths[first])
        some = max(1, TOGETHER // size)
        for begin in range(first, last, some):
            runs = order[begin : min(begin + some, last)]
            words = starts[runs, None] + np.arange(size)
            rows = steps.take(ids[words], axis=0).astype(weight.dtype)
            sums[runs] = np.matmul(weight[words][:, None], rows)[:, 0]
    return sums


def _row_sums(rows: Array, which: NDArray[np.integer[Any]], starts: NDArray[np.integer[Any]]) -> Array:
    """What `np.add.reduceat(rows[which], starts)` gives, ten times faster where runs are short."""
    sizes = np.diff(starts, append=len(which))
    first = rows.take(which[starts], axis=0)
    others = np.zeros_like(first)
    for k in range(1, int(sizes.max())):
        longer = np.flatnonzero(sizes > k)
        others[longer] += rows.take(which[starts[longer] + k], axis=0)
    return np.asarray(first + others)


def word_inputs(sight: Sight, vectors: Array) -> Array:
    """The word view's input for each word that can be evidence, as scikit-learn is given it: (words, inputs)."""
    keep = sight.evidence
    own = np.zeros((len(keep), WIDTH), np.float32)
    own[sight.hits] = 1
    sentence = sight.stream.sentence[keep]
    windows = [vectors[sight.stream.shifted(k)[keep]] for k in WINDOW]
    spoken = sight.stream.other[keep, None]
    blocks = [*windows, sight.mean[sentence], sight.table[sentence], own[keep], spoken]
    return np.concatenate(blocks, 1, dtype=vectors.dtype)


def tone_inputs(sight: Sight) -> Array:
    """The tone view's input for each sentence, without the patterns, which stand behind it: (sentences, inputs)."""
    return np.concatenate([sight.mean * MEANS, sight.around * MEANS, sight.table], 1)


def noisy_or(p: Array, sentence: NDArray[np.int32], sentences: int) -> Array:
    """Probability that at least one word is evidence, of words taken as independent: (sentences, signals)."""
    none = np.log1p(-np.minimum(p, 1 - FLOOR))
    return np.stack([-np.expm1(np.bincount(sentence, none[:, j], minlength=sentences)) for j in range(p.shape[1])], 1)


def surroundings(views: Array, bases: NDArray[np.int32]) -> Array:
    """Log-odds of the sentence before, the sentence after and the rest of the article.

    `views` holds mean log-odds (sentences, signals), `bases` where each text begins. What is not there counts as 0.
    """
    before, after, rest = np.zeros_like(views), np.zeros_like(views), np.zeros_like(views)
    for begin, end in zip(bases[:-1].tolist(), bases[1:].tolist(), strict=True):
        if end - begin < 2:
            continue
        before[begin + 1 : end] = views[begin : end - 1]
        after[begin : end - 1] = views[begin + 1 : end]
        rest[begin:end] = (views[begin:end].sum(0) - views[begin:end]) / (end - begin - 1)
    return np.concatenate([before, after, rest], 1)


def meta_inputs(views: Sequence[Array], sight: Sight) -> Array:
    """The last step's input a sentence: log-odds of the views, then voice and counts, then the sentences around."""
    mean = np.asarray(np.mean([view[:, : len(SCORED)] for view in views], 0))
    return np.concatenate([*views, sight.table[:, :PLAIN], surroundings(mean, sight.stream.bases)], 1)


def meta_names() -> list[str]:
    """What each column of `meta_inputs` is."""
    views = [f"{view}:{signal}" for view in VIEWS for signal in SCORED]
    views += [f"tone:{signal}, grade {grade}" for signal, grade in FURTHER]
    around = [part for part in ("sentence before", "sentence after", "rest of the article") for _ in SCORED]
    return [*views, *sentence_names()[:PLAIN], *around]


_NO_SUMS = ("vectors", "pattern_filters", "pattern_bias", "ear_terms", "ear_weights")


class Model:
    """Scores readings. Make one with `Model.load`.

    Parameters
    ----------
    vocabulary
        Words and names.
    arrays
        Weights by name, as `rhetoric train` writes them.
    version
        Content hash.
    kind
        Precision of the sums inside the views; the last step always has double precision.
    """

    def __init__(self, vocabulary: Vocabulary, arrays: Arrays, version: str, kind: type[np.floating[Any]]) -> None:
        self.vocabulary, self.version = vocabulary, version
        self._kind = kind
        self.steps = np.asarray(arrays["vectors"], np.int8)
        self.rarity: Array = np.asarray(arrays["rarity"], np.float64)
        self.ear: Ear | None = None
        """The trained part of voice; None where the labels taught none, and the rules alone hear."""
        if "ear_terms" in arrays:
            self.ear = Ear([term.decode() for term in arrays["ear_terms"].tolist()], arrays["ear_weights"])
        self._w = {name: np.asarray(a, np.float64) for name, a in arrays.items() if name not in _NO_SUMS}
        self.patterns = Patterns(
            np.asarray(arrays["pattern_filters"], np.int16), np.asarray(arrays["pattern_bias"], np.int16), self.steps
        )
        self._w["tone_in"][: 2 * self.steps.shape[1]] *= MEANS
        hidden = self._w["word_window"].shape[2]
        self._seen = np.zeros(vocabulary.size, np.bool_)
        self._window = np.zeros((len(WINDOW), vocabulary.size, hidden), kind)
        self._group, self._names = _groups()
        self._counted = [meta_names().index(name) for name in COUNTED.values()]

    @classmethod
    def load(cls, folder: Path | None = None, *, kind: type[np.floating[Any]] = np.float32) -> Model:
        """The model in `folder`, or the shipped one.

        With `kind` double the scores equal scikit-learn's to 1e-9; with single, the default, to about 1e-5.

        Raises
        ------
        ModelError
            Where a file is missing, changed or of another format; the message names it.
        """
        folder = folder or shipped_model()
        try:
            manifest = orjson.loads((folder / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"{folder / MANIFEST}: cannot be read ({error}); name a folder that `rhetoric train` wrote"
            ) from None
        if manifest.get("format") != FORMAT:
            raise ModelError(
                f"{folder / MANIFEST}: format {manifest.get('format')!r}, this program reads {FORMAT}; train again"
            )
        data = {name: _checked(folder / name, digest) for name, digest in manifest["files"].items()}
        words = data.pop("words.txt").decode().replace("\t", "\n").split("\n")
        names = orjson.loads(data.pop("names.json"))
        with no_collection():
            vocabulary = Vocabulary(words[:-1:2], list(map(int, words[1::2])), names)
        arrays = {Path(name).stem: _array(content) for name, content in data.items()}
        version = hashlib.sha256(orjson.dumps(manifest["files"])).hexdigest()[:12]
        return cls(vocabulary, arrays, version, kind)

    def score(self, readings: Sequence[Reading]) -> Scores:
        """Scores of every sentence of `readings`, with what they are made of."""
        sight = look(readings, self.vocabulary, self.steps, self.rarity, kind=self._kind)
        word, pooled = self._words(sight)
        views = (logit(pooled), self._tone(sight))
        inputs = meta_inputs(views, sight)
        sizes = np.diff(sight.stream.bases)
        alone = np.repeat(sizes == 1, sizes).astype(np.int8)
        weights = self._w["meta"]
        odds = np.stack([inputs @ w.reshape(-1, w.shape[-1]).T for w in weights])[alone, np.arange(len(alone))]
        odds = odds.reshape(-1, *weights.shape[1:3]) + self._w["meta_bias"][alone]
        grade = self._w["grade_scored"].astype(int)
        scored = (slice(None), np.arange(len(SCORED)), grade)
        chance = in_order(expit(odds), grade)
        told = self._tell(sight, readings, word, pooled, inputs, odds[scored], alone)
        return Scores(chance[scored], chance.sum(2), word, sight.stream, told, inputs)

    def _learn_rows(self, ids: NDArray[np.int32]) -> None:
        """Work out, once a word, what it adds to the hidden units at each place of a window."""
        here = np.zeros_like(self._seen)
        here[ids] = True
        new = np.flatnonzero(here & ~self._seen)
        if len(new):
            rows = scaled(self.steps[new], self._kind).astype(np.float64)
            for k in range(len(WINDOW)):
                self._window[k, new] = rows @ self._w["word_window"][k]
            self._seen[new] = True

    def _words(self, sight: Sight) -> tuple[Array, Array]:
        """Probability of each word to be evidence (0 for names and marks), and their noisy-or a sentence."""
        stream, w = sight.stream, self._w
        keep = np.flatnonzero(sight.evidence)
        self._learn_rows(stream.ids)
        of_sentence = np.concatenate([sight.mean, sight.table], 1, dtype=np.float64) @ w["word_sentence"]
        of_sentence += w["word_bias"]
        of_other = w["word_other"].astype(self._kind)
        of_sentence = of_sentence.astype(self._kind)
        near = [stream.shifted(by)[keep] for by in WINDOW]
        sentence, other = stream.sentence[keep], np.flatnonzero(stream.other[keep])
        place = np.cumsum(sight.evidence) - 1
        at, column = sight.hits
        kept = sight.evidence[at]
        at, column = place[at[kept]], column[kept]
        starts = np.flatnonzero(np.append(True, at[1:] != at[:-1])) if len(at) else at
        hit = at[starts]
        of_hits = _row_sums(w["word_hits"].astype(self._kind), column, starts) if len(at) else None
        p = np.zeros((len(stream.ids), len(SCORED)))
        for begin in range(0, len(keep), NEAR):
            some = slice(begin, begin + NEAR)
            hidden = of_sentence.take(sentence[some], axis=0)
            for rows, ids in zip(self._window, near, strict=True):
                hidden += rows.take(ids[some], axis=0)
            first, last = other.searchsorted((begin, begin + NEAR))
            hidden[other[first:last] - begin] += of_other
            if of_hits is not None:
                first, last = hit.searchsorted((begin, begin + NEAR))
                hidden[hit[first:last] - begin] += of_hits[first:last]
            np.maximum(hidden, 0, out=hidden)
            p[keep[some]] = expit(hidden @ w["word_out"] + w["word_out_bias"])
        return p, noisy_or(p, stream.sentence, stream.sentences)

    def _tone(self, sight: Sight) -> Array:
        """Log-odds of each sentence by its mean word vector, its article's, its counts and its patterns."""
        width, first = sight.mean.shape[1], sight.stream.bases[:-1][np.diff(sight.stream.bases) > 0]
        own, around, others = np.split(self._w["tone_in"], (width, 2 * width))
        found = self.patterns.find(sight.stream)
        weights, hidden = np.concatenate([own, others]), np.empty((len(found), own.shape[1]))
        for begin in range(0, len(hidden), NEAR):
            some = slice(begin, begin + NEAR)
            blocks = [block[some] for block in (sight.mean, sight.table, found)]
            np.dot(np.concatenate(blocks, 1, dtype=np.float64), weights, out=hidden[some])
        hidden += np.repeat(sight.around[first] @ around + self._w["tone_bias"], np.diff(first, append=len(hidden)), 0)
        np.maximum(hidden, 0, out=hidden)
        return np.asarray(hidden @ self._w["tone_out"] + self._w["tone_out_bias"])

    def _tell(
        self,
        sight: Sight,
        readings: Sequence[Reading],
        word: Array,
        pooled: Array,
        inputs: Array,
        odds: Array,
        alone: NDArray[np.int8],
    ) -> Told:
        """For each sentence and signal its largest parts, then `rest` and `base`; they add up to the log-odds `odds`.

        A part is what an input adds beyond what it adds in an average sentence, of texts of one sentence (`alone`) or
        of longer ones. The part of the word view is shared among the words in proportion to what each adds to the
        noisy-or; the largest words of a sentence stand in columns behind its other parts. A count of nought is a part
        too, told as a lack.
        """
        stream, count = sight.stream, len(self._names)
        known = [*self._names, *(f"no {name}" for name in COUNTED.values())]
        called = np.tile(np.arange(count), (len(inputs), 1))
        of_count = [self._names.index(name) for name in COUNTED.values()]
        called[:, of_count] = np.where(inputs[:, self._counted] > 0, of_count, count + np.arange(len(of_count)))
        rows = np.arange(stream.sentences)
        beyond = inputs - self._w["meta_mean"][alone]
        values = np.empty((len(rows), len(SCORED), PARTS + 2))
        labels = np.empty((len(rows), len(SCORED), PARTS), np.intp)
        spoken: dict[str, int] = {}
        for j in range(len(SCORED)):
            weights = self._w["meta"][alone, j, int(self._w["grade_scored"][j])]
            parts = (beyond * weights) @ self._group
            base = odds[:, j] - parts.sum(1)
            own = parts[:, j].copy()
            sharing = np.flatnonzero((word[:, j] >= SHARED) & (own[stream.sentence] > 0))
            sentence = stream.sentence[sharing]
            share = _surprise(word[sharing, j]) / _surprise(pooled[sentence, j])
            shared = np.round(np.minimum(share, 1) * own[sentence], 9)  # words alike stand in their order
            parts[:, j] -= np.bincount(sentence, shared, minlength=len(rows))
            least = np.partition(np.abs(parts), -PARTS, axis=1)[:, -PARTS]
            large = np.flatnonzero(np.abs(shared) >= least[sentence])
            large = large[np.lexsort((-np.abs(shared[large]), sentence[large]))]
            rank = np.arange(len(large)) - np.searchsorted(sentence[large], rows)[sentence[large]]
            large, rank = large[rank < PARTS], rank[rank < PARTS]
            wide = (len(rows), count + PARTS)
            value, order, label = np.zeros(wide), np.ones(wide), np.zeros(wide, np.intp)
            value[:, :count], order[:, :count], label[:, :count] = parts, -np.abs(parts), called
            cell = sentence[large], count + rank
            value[cell], order[cell], label[cell] = shared[large], -np.abs(shared[large]), len(known) + sharing[large]
            largest = order.argsort(axis=1, kind="stable")[:, :PARTS] + rows[:, None] * order.shape[1]
            value, label = np.round(value.take(largest), 6), label.take(largest)
            rest = odds[:, j] - base - value.T.copy().sum(0)
            values[:, j] = np.column_stack([value, np.round(rest, 6), np.round(base, 6)])
            of_word = np.nonzero(label >= len(known))
            words = _quoted(readings, stream, label[of_word] - len(known))
            label[of_word] = [spoken.setdefault(one, len(known) + len(spoken)) for one in words]
            labels[:, j] = label
        return Told([*known, *spoken], labels, values)


def _quoted(readings: Sequence[Reading], stream: Stream, at: NDArray[np.intp]) -> list[str]:
    """Words of the stream in quotation marks."""
    place = stream.place[at]
    owner = np.searchsorted(stream.offsets, place, "right") - 1
    inside = (place - stream.offsets[owner]).tolist()
    return [f"“{readings[r].words.lower[k]}”" for r, k in zip(owner.tolist(), inside, strict=True)]


def _surprise(p: Array) -> Array:
    """What a probability adds to a noisy-or, in the scale where it adds up."""
    return np.asarray(-np.log1p(-np.minimum(p, 1 - FLOOR)))


def shipped_model() -> Path:
    """The folder of the shipped model: in the package where it is installed, beside it in the source tree."""
    package = Path(__file__).resolve().parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def _groups() -> tuple[Array, list[str]]:
    """A matrix that adds up the columns of `meta_inputs` which are told as one part, and the names of the parts."""
    told: list[str] = []
    of = []
    for name in meta_names():
        part = _PLAINLY.get(name) or _PLAINLY.get(name.split(":")[0], name)
        if part not in told:
            told.append(part)
        of.append(told.index(part))
    group = np.zeros((len(of), len(told)))
    group[np.arange(len(of)), of] = 1
    return group, told


_PLAINLY = {
    "words:charged": "charged words",
    "words:prediction": "words of prediction",
    "words:unhedged": "words of assurance",
    "tone": "tone of the sentence",
    "voice": "voice",
    "share not the author's": "voice",
    "vague source": "voice",
    "sentence before": "sentences around",
    "sentence after": "sentences around",
    "rest of the article": "sentences around",
}


def _checked(path: Path, digest: str) -> bytes:
    """The content of a file of the model, if it is the one the manifest names."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); install again or train again") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise ModelError(f"{path}: is not the file that {MANIFEST} names; install again or train again")
    return data


def _array(data: bytes) -> NDArray[np.generic]:
    """The array of an .npy file; pickled objects are refused."""
    array: NDArray[np.generic] = np.load(io.BytesIO(data), allow_pickle=False)
    return array
