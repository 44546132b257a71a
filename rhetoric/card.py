"""The model card: what the model was trained on, and how well it does on articles it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhetoric.analysis import LIKELY
from rhetoric.features import COLUMNS
from rhetoric.labels import read_articles
from rhetoric.lexicon import Lexicons
from rhetoric.measures import (
    RUNS,
    Estimate,
    Ints,
    area,
    average_precision,
    calibration_error,
    estimate,
    excess_calibration_error,
    f_of,
    f_score,
    share,
)
from rhetoric.model import Array, Model, expit, meta_names
from rhetoric.records import SCORED, VOICES
from rhetoric.sides import EVERY, FAR, SHOWN, SMALLEST, differences, one_sided
from rhetoric.tables import MARKED
from rhetoric.training import FOLDS, META_C, TEACHING, Found, step_weights
from rhetoric.vectors import ARTICLES

Rows = NDArray[np.bool_]

BINS = 10
OWN = "written"
SOURCES = {
    "allsides": "the public repository ramybaly/Article-Bias-Prediction",
    "ptc": "the articles of the propaganda techniques corpus",
    "webis": "Webis editorials (Al Jazeera, Fox News, The Guardian)",
    "ukraine": "the public repository michaelfaerber/ukraine-news-bias",
    OWN: "look-alikes written for this project, with their labels: trained on, not measured on",
}
GROUPS = {
    "words": ("words:",),
    "tone": ("tone:",),
    "voice": ("voice:", "vague source", "share not"),
    "sentences around": ("sentence before", "sentence after", "rest of the article"),
}
"""How the names of the last step's inputs begin that the ablation leaves out together."""
VIEWS = tuple(begin for view in ("words", "tone") for begin in GROUPS[view])

CARD = """\
# Model card

Written by `rhetoric train`. Three probabilities for each sentence of a news text: that an annotator following the
codebook would mark it with a **charged** label (grade 1 or more), with a speculative **prediction** (grade 1 or more),
or as an **unhedged** assertion (grade 2 or more). And the words that carry them.

Two views, fitted with scikit-learn, look at a sentence: words in their window (pooled by noisy-or), and the tone of
the whole sentence in its article: its mean word vector, and how strongly it shows each of {patterns} patterns of three
words in a row. A small convolution learns the patterns, and what word vectors lack for them, from sentences that a
larger model labelled, or annotators in haste; where there are such, the views are the mean of the fits of
cross-validation. One logistic regression a signal over the views' log-odds, the voice, counts of marks and the
sentences around gives the score, and is its calibration; texts of one sentence have one of their own. Whose a sentence
is, one more logistic regression decides, over what the rules of docs/voice.md find in it and beside it; the views see
what such a regression, fitted on other articles, said. Names of people, places, peoples, parties and outlets are
masked in every view, the word vectors included.

## Data

{windows} labelled texts: {sentences} sentences, and {junk} lines that are no part of an article. Windows of articles
belong to their publishers and are not shipped; their labels are, by article and offset.

{sources}

{picked}

“cue” windows are rich in cue words; the last step, and with it the calibration, is fitted on the others alone.

{grades}

{voices}

{labelled}

## How well it does on articles it has not seen

Cross-validation in {folds} parts, near-duplicates kept together: each article is scored by views and a last step that
were fitted on the other parts. In brackets the 95 % interval, the articles drawn anew {runs} times. AUC .5 is chance.
Higher is better for AUC, average precision (AP) and F1; lower for the calibration error (ECE, ten bins) and its part
beyond sample noise (xECE). A lone sentence is scored as a text of its own. The shipped word lists were written with
these labels in view, so what rests on them is flattered; `rhetoric evaluate` on labels of other articles tells more.

{quality}

Evidence by word: words that annotators marked against those that the word view finds likely, on unseen articles, and
against those that the word lists and coded signals mark. For unhedged assertions the labels mark boosters only.

{evidence}

## Calibration

Sentences of windows not picked by cue, in ten bins by score, lowest first: mean score → share that is marked.

{calibration}

## What each part brings

The last step fitted again without it (the sentences around still hold what a view says of them): AUC and average
precision on windows not picked by cue, unseen articles. What is lost is what the part brings.

{ablation}

## The same for every side

Leaning of the outlet and topic as the source of the articles gives them; unseen articles. “Too high” is mean score
less share marked, “errors” the share of sentences on the wrong side of .5, “unforeseen” that share less the one that
the scores themselves lead to expect, “false alarms” the share of the author's sentences of grade 0 that score .5 or
more. Each as the difference from all that name a leaning or a topic; best is 0. Texts with more marked sentences have
more errors whoever wrote them, so plain errors are told but not judged. Far from nought is what exceeds {far} with an
interval that leaves out nought; one interval in twenty leaves it out by chance.

{leanings}

Topics of {smallest} texts or more:

{topics}

The {shown} listed terms most one-sided in use: in how many articles of 1,000 each side uses them, and the log odds over
their standard error (left below nought). A term may be one-sided because one side uses it more, or because it names
what one side is called; the grade is by wording alone.
{counted}

{sided}

## Files

{words} words with vectors of {dimensions} numbers, learnt from plain news; each stands in {word_articles} articles or
more. {size:.1f} MB of plain arrays and JSON, named with their SHA-256 in `manifest.json`; a changed file is refused. No
pickle; numpy alone at run time.

## What is usual

Reports place an article among others of like length by quantiles that `rhetoric reference build` makes with this model
of plain news articles (for the shipped file: American and British online news of 2012 to 2020, mostly politics). Kept
are shares of marked sentences by signal and voice, in five bands of length, for all articles and for agency reports,
news and opinion, told apart by outlet, title and address. The file names the model it was made with and how many
articles; docs/compare.md tells the rules. No text is kept.

## Intended use

To show a reader which words of a news text persuade, how, and in whose voice; to compare texts by counts that can be
traced to words. Not to rank people or outlets by worth, not to moderate or remove texts, not to decide what is true.

## Limits

* The scores say what annotators under the codebook would mark. In the shipped model these are language models, and
  people agree with them less than they with themselves.
* English news and opinion, mostly of the United States and Britain, mostly on politics, war and security. Other
  genres, older texts and translations shift the scores.
* A charged word may be accurate and a plain one false. Nothing here checks facts, and praise counts like blame.
* Irony, allusion and what is left out are not seen.
* The score of a sentence leans on the sentences around it; alone it is less certain.
* Names are masked by lists and capitals; a name written small, or a common word used as a name, can slip through.
"""
BY_MACHINE = """\
The labels of {names} were made by language models that read whole windows under the codebook. Two
passes over 1,500 sentences agree at ordinal alpha .92 (charged), .98 (prediction), .93 (unhedged), .96 (voice). That
is consistency of one kind of annotator, not truth. People who marked loaded language and name-calling in the articles
of the propaganda techniques corpus did so in 2 % of the sentences of charged grade 0, in 17 % of grade 1 and in 43 %
of grade 2."""
BY_MODEL = """\
Before these labels the views learn from {} sentences of {} other texts that a larger model labelled, and
from {} of {} that language models annotated in haste; the voice learns from the latter too. Both are
described in models/labels/README.md. Nothing is calibrated or measured on them. The larger model had learnt from the
labels above, from those of the part left out too; so the figures below are a little flattered, and those of
`rhetoric evaluate` on other articles are not."""
UNKNOWN = "Nothing is known here of how the labels of {names} were made."


def write_card(found: Found, path: Path, lexicons: Lexicons, *, news: Path | None = None) -> None:
    """Write the card of the model that lies in the folder of `path`; the same model gives the same bytes.

    Parameters
    ----------
    found, path, lexicons
        What cross-validation found, where the card goes, the lists that were used.
    news
        Plain news, in which the use of terms is counted; without it that is done in the labelled texts.
    """
    one = found.sets[0]
    sources = Counter(str(w["id"]).partition(":")[0] for w in one.windows)
    picked = Counter(str(w.get("picked", "random")) for w in one.windows)
    written = np.array([str(w["id"]).startswith(f"{OWN}:") for w in one.windows], np.bool_)
    measured = ~written[one.article] & ~one.junk
    plain = measured & (step_weights(found.sets)[0] > 0)
    chances = [out_of_fold(found, number) for number in range(len(found.sets))]
    real = ~one.junk
    counts = [np.bincount(one.grades[real, j], minlength=4).tolist() for j in range(len(SCORED))]
    model = Model.load(path.parent)
    files = [p for p in path.parent.iterdir() if p.suffix in (".npy", ".txt", ".json")]
    card = CARD.format(
        windows=len(one.windows),
        sentences=int(real.sum()),
        junk=int(one.junk.sum()),
        sources=_table(
            ("source", "texts", "what"),
            [(name, n, SOURCES.get(name, "the user's own")) for name, n in sorted(sources.items())],
        ),
        picked=_table(("picked", "texts"), sorted(picked.items())),
        grades=_table(("grade", "0", "1", "2", "3"), [(s, *c) for s, c in zip(SCORED, counts, strict=True)]),
        voices=_table(("voice", *VOICES), [("sentences", *np.bincount(one.voice[real], minlength=len(VOICES)))]),
        labelled=_labelled(sorted(sources), found.taught),
        folds=FOLDS,
        runs=RUNS,
        quality=_quality(found, chances, measured, plain),
        evidence=_evidence(found, measured),
        calibration=_calibration(found, chances[0], plain),
        ablation=_ablation(found, chances[0], plain),
        leanings=_differences(found, chances[0], measured, "leaning"),
        topics=_differences(found, chances[0], measured, "topic"),
        far=f"{FAR:.2f}".lstrip("0"),
        smallest=SMALLEST,
        shown=SHOWN,
        counted=f"Counted in one of {EVERY} articles of the news." if news else "Counted in the labelled texts.",
        sided=_one_sided(islice(read_articles(news), 0, None, EVERY) if news else one.windows, lexicons),
        words=model.vocabulary.size,
        dimensions=model.steps.shape[1],
        patterns=len(model.patterns.bias),
        word_articles=ARTICLES,
        size=sum(p.stat().st_size for p in files) / 1e6,
    )
    path.write_text(card, encoding="utf-8")


def out_of_fold(found: Found, number: int, columns: Rows | None = None) -> Array:
    """Scores of every sentence of a set, its last step fitted on other articles with the inputs `columns` alone."""
    from sklearn.linear_model import LogisticRegression

    one, weight, fold = found.sets[number], step_weights(found.sets)[number], found.folds[number]
    inputs = found.meta[number] if columns is None else found.meta[number][:, columns]
    chance = np.zeros((len(fold), len(SCORED)))
    for part in range(FOLDS):
        kept, held = (weight > 0) & (fold != part), fold == part
        for j, truth in enumerate(one.positive[kept].T):
            if truth.any() and not truth.all():
                fit = LogisticRegression(C=META_C, solver="newton-cholesky")
                fit.fit(inputs[kept], truth, sample_weight=weight[kept])
                chance[held, j] = expit(inputs[held] @ fit.coef_[0] + fit.intercept_[0])
    return chance


def _labelled(sources: Sequence[str], taught: Mapping[str, tuple[int, int]]) -> str:
    """How the labels were made, as far as the program knows."""
    machine = [name for name in sources if name in SOURCES and name != OWN]
    others = [name for name in sources if name not in SOURCES]
    parts = [text.format(names=", ".join(names)) for text, names in ((BY_MACHINE, machine), (UNKNOWN, others)) if names]
    if any(texts for texts, _ in taught.values()):
        counts = [f"{number:,}" for picked in TEACHING for number in reversed(taught[picked])]
        parts.append(BY_MODEL.format(*counts))
    return "\n\n".join(parts)


def _quality(found: Found, chances: Sequence[Array], measured: Rows, plain: Rows) -> str:
    """Measures of each signal, on windows and on lone sentences."""
    one = found.sets[0]
    parts = (
        ("all windows", chances[0], measured),
        ("windows not picked by cue", chances[0], plain),
        ("lone sentences of these", chances[-1], plain),
    )
    rows = []
    for j, signal in enumerate(SCORED):
        for name, chance, chosen in parts:
            truth, score = one.positive[chosen, j].astype(np.int64), chance[chosen, j]
            if not len(truth) or truth.min() == truth.max():
                continue
            article = _numbered(one.article[chosen])
            measures = (area(truth, score), average_precision(truth, score), f_of(truth > 0, score >= MARKED))
            errors = (calibration_error(truth, score), excess_calibration_error(truth, score))
            rows.append(
                (
                    signal,
                    name,
                    len(truth),
                    truth.sum(),
                    *(estimate(measure, article) for measure in measures),
                    *(f"{error:.3f}" for error in errors),
                )
            )
    return _table(("signal", "on", "sentences", "marked", "AUC", "AP", "F1 at .5", "ECE", "xECE"), rows)


def _evidence(found: Found, chosen: Rows) -> str:
    """Precision, recall and F1 by word of each signal's evidence."""
    one = found.sets[0]
    stream = one.sight.stream
    kept = chosen[stream.sentence]
    article = _numbered(one.article[stream.sentence[kept]])
    at, column = one.sight.hits
    rows = []
    for j, signal in enumerate(SCORED):
        truth = one.evidence[kept, j] > 0
        if not truth.any():
            continue
        listed = np.zeros(len(stream.ids), np.bool_)
        listed[at[np.isin(column, [k for k, (name, _) in enumerate(COLUMNS) if name == signal])]] = True
        for name, said in (("word view", found.words[kept, j] >= LIKELY[signal]), ("lists", listed[kept])):
            counts = (truth & said, said & ~truth, truth & ~said)
            hits, false, missed = (np.bincount(article, count) for count in counts)
            measures = (share(hits, hits + false), share(hits, hits + missed), f_score(hits, false, missed))
            rows.append((signal, name, *(estimate(measure, np.arange(len(hits))) for measure in measures)))
    return _table(("signal", "by", "precision", "recall", "F1"), rows)


def _calibration(found: Found, chance: Array, chosen: Rows) -> str:
    """Mean score and share marked in ten bins."""
    truth, rows = found.sets[0].positive, []
    for j, signal in enumerate(SCORED):
        order = np.flatnonzero(chosen)[np.argsort(chance[chosen, j], kind="stable")]
        bins = np.array_split(order, min(BINS, len(order)))
        rows.append((signal, *(f"{chance[b, j].mean():.2f} → {truth[b, j].mean():.2f}" for b in bins)))
    return _table(("signal", *range(1, len(rows[0]))), rows)


def _ablation(found: Found, full: Array, chosen: Rows) -> str:
    """AUC and average precision with parts of the last step's inputs left out."""
    names = meta_names()
    cuts = {f"without {group}": [not name.startswith(begins) for name in names] for group, begins in GROUPS.items()}
    cuts["the two views alone"] = [name.startswith(VIEWS) for name in names]
    truth = found.sets[0].positive[chosen]
    rows = [("everything", *_ranking(truth, full[chosen]))]
    for what, columns in cuts.items():
        rows.append((what, *_ranking(truth, out_of_fold(found, 0, np.array(columns))[chosen])))
    return _table(("", *(f"{signal}, {what}" for signal in SCORED for what in ("AUC", "AP"))), rows)


def _ranking(truth: Ints, chance: Array) -> list[str]:
    """AUC and average precision of each signal."""
    ones = np.ones(len(truth), np.int64)
    pairs = [(area(t, c), average_precision(t, c)) for t, c in zip(truth.T.astype(np.int64), chance.T, strict=True)]
    return [f"{measure(ones):.3f}" for pair in pairs for measure in pair]


def _differences(found: Found, chance: Array, chosen: Rows, key: str) -> str:
    """How far scores, errors and false alarms of each leaning or topic are from those of all."""
    rows = differences(found, chance, chosen, key)
    if not rows:
        return f"The labels name no {key}."
    table = _table(
        ("signal", key, "sentences", "too high", "errors", "unforeseen", "false alarms"),
        [(d.signal, d.part, d.sentences, *map(_signed, (d.too_high, d.errors, d.unforeseen, d.alarms))) for d in rows],
    )
    return f"{table}\n\nFar from nought: {sum(d.far for d in rows)} of {3 * len(rows)}, plain errors left out."


def _one_sided(articles: Iterable[dict[str, Any]], lexicons: Lexicons) -> str:
    """The terms whose use differs most between left and right."""
    uses, read = one_sided(articles, lexicons)
    if not uses:
        return "The articles name no outlets of both leanings."
    head = ("term", "found as", "grade", f"left, of {read['left']}", f"right, of {read['right']}", "z")
    rows = [(u.term, u.where, u.grade, f"{u.left:.1f}", f"{u.right:.1f}", f"{u.z:+.1f}") for u in uses]
    return _table(head, rows)


def _numbered(article: Ints) -> Ints:
    """Articles counted from 0 without gaps."""
    return np.asarray(np.unique(article, return_inverse=True)[1])


def _signed(e: Estimate) -> str:
    """An estimate that may be on either side of nought."""
    return f"{e.value:+.3f} [{e.low:+.3f}, {e.high:+.3f}]"


def _table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
