"""Vocabulary and word vectors from plain news, names masked. Used in training only."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.features import MOSTLY, OFTEN, ORDINARY, Reading, Vocabulary, prepare
from rhetoric.lexicon import Lexicons
from rhetoric.lexicon_files import shipped_folder
from rhetoric.segment import find_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ARTICLES = 10
"""A word is kept that stands in so many articles or more."""
SMOOTHING = 0.75
"""Exponent on context counts (Levy, Goldberg and Dagan 2015)."""
RARE = 1e-3
"""Smooth inverse frequency: a word of frequency f weighs RARE / (RARE + f) (Arora, Liang and Ma 2017)."""
SUBSAMPLE = 1e-4
"""Words more frequent than this are thinned for the wide window (Mikolov et al. 2013)."""
DIMENSIONS = 100
"""Of each of the two halves of a vector."""
NAMES = "names.toml"


def read_names() -> dict[str, list[list[str]]]:
    """The shipped names as lists of words: `any`, `capital`, `exact` and `groups` of words that count as one."""
    table = tomllib.loads((shipped_folder() / NAMES).read_text("utf-8"))
    names: dict[str, list[list[str]]] = {"any": [], "capital": [], "exact": [], "groups": table["pronouns"]["groups"]}
    for kind in table.values():
        if isinstance(kind, dict):
            for how in ("any", "capital", "exact"):
                names[how] += [form.split() for form in kind.get(how, [])]
    return names


def read_people() -> set[str]:
    """Single words that are a person's name however they are written, in lower case: no model may know them."""
    table = tomllib.loads((shipped_folder() / NAMES).read_text("utf-8"))
    return {form.lower() for kind in ("people", "given") for form in table[kind]["any"] if " " not in form}


def build_vocabulary(texts: Iterable[str], names: dict[str, list[list[str]]]) -> Vocabulary:
    """The words of ten articles or more, most frequent first, without words that are nearly always part of a name."""
    articles: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for text in texts:
        words = find_words(text)
        lower = words.lower
        articles.update(set(lower))
        opens = np.ones(len(lower), np.bool_)
        opens[1:] = [w in ".!?:;“”\"‘…|•'" for w in lower[:-1]]
        opens[1:] |= words.start[1:] - words.end[:-1] > 1
        middle = words.word & ~opens
        inside.update(map(lower.__getitem__, np.flatnonzero(middle).tolist()))
        upper.update(map(lower.__getitem__, np.flatnonzero(middle & words.capital).tolist()))
    same = {word for group in names["groups"] for word in group[1:]}
    same |= {form[0].lower() for form in names["any"] if len(form) == 1}
    kept, flags = [], []
    for word, count in sorted(articles.items(), key=lambda item: (-item[1], item[0])):
        share = upper[word] / inside[word] if inside[word] and word != "i" else 0.0
        if count < ARTICLES or word in same or share > 0.9 or any(c.isdigit() for c in word):
            continue
        kept.append(word)
        flags.append(MOSTLY if share > 0.75 else OFTEN if share > 0.3 else ORDINARY)
    return Vocabulary(kept, flags, names)


def build_vectors(
    texts: Iterable[str], vocabulary: Vocabulary, lexicons: Lexicons
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Word vectors in steps of 1/127 and word counts.

    Two halves of `DIMENSIONS` each, from positive pointwise mutual information with the two words on either side (left
    and right apart) and with the eight around, each reduced by a truncated singular value decomposition with the
    square root of the singular values (Levy, Goldberg and Dagan 2015), rows of length one.
    """
    ids, sentences = _streams(texts, vocabulary, lexicons)
    counts = np.bincount(ids, minlength=vocabulary.size)
    near = _reduce(_contexts(ids, sentences, vocabulary.size, window=2, sides=True))
    share = counts / counts.sum()
    keep = np.random.default_rng(0).random(len(ids)) < np.sqrt(SUBSAMPLE / np.maximum(share, 1e-12))[ids]
    keep &= ids > 1
    wide = _reduce(_contexts(ids[keep], sentences[keep], vocabulary.size, window=8, sides=False))
    both = np.concatenate([near, wide], 1)
    both[:4] = 0
    return np.clip(np.rint(both * 127), -127, 127).astype(np.int8), counts


def _streams(
    texts: Iterable[str], vocabulary: Vocabulary, lexicons: Lexicons
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Masked words of all texts in one row, and the sentence of each."""
    ids, sentences, base = [], [], 0
    for readings in _batches(texts, lexicons):
        stream = vocabulary.encode(readings)
        ids.append(stream.ids)
        sentences.append(stream.sentence + np.int32(base))
        base += stream.sentences
    return np.concatenate(ids), np.concatenate(sentences)


def _batches(texts: Iterable[str], lexicons: Lexicons, size: int = 32) -> Iterator[list[Reading]]:
    batch: list[Reading] = []
    for text in texts:
        if text.strip():
            batch.append(prepare(text, lexicons, heard=False))
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _contexts(
    ids: NDArray[np.int32], sentences: NDArray[np.int32], size: int, *, window: int, sides: bool
) -> csr_matrix:
    """How often each word stands near each other, nearer ones counting more: (words, contexts)."""
    from scipy import sparse

    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for by in range(1, window + 1):
        near = sentences[by:] == sentences[:-by]
        weight = np.full(int(near.sum()), (window - by + 1) / window, np.float32)
        total = total + sparse.csr_matrix((weight, (ids[:-by][near], ids[by:][near])), shape=(size, size))
    return sparse.hstack([total, total.T]).tocsr() if sides else total + total.T


def _reduce(contexts: Any) -> NDArray[np.float32]:
    """Rows of length one for each word."""
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    table = contexts.tocoo()
    rows = np.bincount(table.row, table.data, minlength=table.shape[0])
    columns = np.bincount(table.col, table.data, minlength=table.shape[1]) ** SMOOTHING
    information = np.log(table.data * columns.sum() / (rows[table.row] * columns[table.col]))
    keep = information > 0
    positive = sparse.csr_matrix(
        (information[keep].astype(np.float32), (table.row[keep], table.col[keep])), shape=table.shape
    )
    left, values, _ = randomized_svd(positive, n_components=DIMENSIONS, n_iter=3, random_state=0)
    left = left * np.sqrt(values)
    return np.asarray(left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9), np.float32)
