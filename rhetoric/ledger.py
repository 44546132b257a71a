"""Who calls whom what: charged words by speaker, by target and, over many articles, by outlet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from rhetoric.records import VOICES, Analysis
from rhetoric.tables import COLUMNS, OTHERS, POLICIES, Heard, Policy, heard_in, rows

if TYPE_CHECKING:
    import pandas as pd

AUTHOR = "the author"
"""How the author is called where speakers are listed."""
SOMEONE = "someone else"
"""How a speaker is called whom the text does not name."""


class Flow(NamedTuple):
    """All that one speaker calls one target."""

    speaker: str
    own: bool
    """True for the author."""
    target: str | None
    labels: tuple[str, ...]
    """In the order of the text."""
    grade: int
    """The highest."""
    first: int
    """Position in `analysis.sentences` of the first label."""


def speaker_of(row: dict[str, Any]) -> str:
    """Return how the speaker of a row of the ledger is called."""
    return AUTHOR if row["voice"] not in OTHERS else row["speaker"] or SOMEONE


def flows(ledger: Iterable[dict[str, Any]]) -> list[Flow]:
    """Return who calls whom what, most labels first.

    Parameters
    ----------
    ledger : iterable of dict
        Rows as in `summary(analysis)["ledger"]`.
    """
    found: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for row in ledger:
        found.setdefault((speaker_of(row), row["target"]), []).append(row)
    made = [
        Flow(
            speaker,
            own[0]["voice"] not in OTHERS,
            target,
            tuple(row["label"] for row in own),
            max(row["grade"] for row in own),
            own[0]["sentence"],
        )
        for (speaker, target), own in found.items()
    ]
    return sorted(made, key=lambda f: (-len(f.labels), f.first, f.speaker, f.target or ""))


def borrowed(analysis: Analysis, heard: list[Heard] | None = None) -> dict[str, Any]:
    """Return how much of the charge comes through others.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    heard : list of Heard, optional
        What `tables.heard_in` gives for it, where that is known.

    Returns
    -------
    dict
        `author`, `others`: charged words in the author's voice and in others'; `share`: the part of `others` in both, 0
        to 1; `speakers`: name, whether vague, charged words and their share of all, most first; `verbs`: the reporting
        words before the charged words of others with how many marks each brings in, most first; `run`: the longest
        stretch in which one source is heard and no other, with its name, its words, and its first and last sentence, or
        None where nobody is named.
    """
    from rhetoric.voice import Speaking

    text = analysis.article.text
    own = others = last = 0
    speakers: Counter[tuple[str | None, bool]] = Counter()
    verbs: Counter[str] = Counter()
    speaking = Speaking(analysis.voices)
    for f in analysis.findings:
        if f.signal != "charged":
            continue
        size = len(text[max(f.start, last) : f.end].split())  # words under two marks count once
        last = max(last, f.end)
        if f.voice not in OTHERS:
            own += size
            continue
        others += size
        speakers[f.speaker, f.vague] += size
        voice = speaking.at(f.start, f.end)
        if voice and voice.cue:
            verbs[" ".join(text[slice(*voice.cue)].lower().split())] += 1
    total = own + others
    return {
        "author": own,
        "others": others,
        "share": round(others / total, 4) if total else 0.0,
        "speakers": [
            {"name": name, "vague": vague, "words": size, "share": round(size / total, 4) if total else 0.0}
            for (name, vague), size in sorted(speakers.items(), key=lambda x: (-x[1], x[0][0] or "", x[0][1]))
        ],
        "verbs": [{"verb": verb, "marks": n} for verb, n in sorted(verbs.items(), key=lambda x: (-x[1], x[0]))],
        "run": _longest_run(heard_in(analysis) if heard is None else heard),
    }


def _longest_run(heard: list[Heard]) -> dict[str, Any] | None:
    """The longest stretch with one named source and no other; another source, named or not, ends it."""
    best: dict[str, Any] | None = None
    run: dict[str, Any] | None = None
    for voice, size, first, last in heard:
        if voice.speaker is None or voice.vague:
            run = None
            continue
        if run is None or run["name"] != voice.speaker:
            run = {"name": voice.speaker, "words": 0, "first": first, "last": first}
        run["words"] += size
        run["last"] = last
        if best is None or run["words"] > best["words"]:
            best = dict(run)
    return best


def ledger_frame(analyses: Iterable[Analysis]) -> pd.DataFrame:
    """Return the ledgers of many articles as one frame.

    Parameters
    ----------
    analyses : iterable of Analysis
        What the program says about each article.

    Returns
    -------
    pandas.DataFrame
        The columns `article`, `outlet` and `published`, then those of `tables.COLUMNS["ledger"]`; a row a label.
    """
    import pandas as pd

    found = [
        (one.article.id, one.article.outlet, one.article.published, *row)
        for one in analyses
        for row in rows(one, "ledger")
    ]
    types: dict[str, Any] = {"article": "string", "outlet": "string", "published": "string", **COLUMNS["ledger"]}
    types["voice"] = pd.CategoricalDtype(list(VOICES))
    return pd.DataFrame(found, columns=list(types)).astype(types)


def outlets(ledger: pd.DataFrame, *, voice: Policy = "author") -> pd.DataFrame:
    """Return which outlet calls which target what.

    Parameters
    ----------
    ledger : pandas.DataFrame
        Rows of the ledger with their outlet, as `ledger_frame` gives them or as a store does with its articles joined.
    voice : {"author", "author+reported", "all"}
        Whose words count; by default the outlet's own.

    Returns
    -------
    pandas.DataFrame
        One row an outlet and target, outlets in the order of the alphabet and most labels first: `outlet`, `target`,
        `times`, `articles`, `grade` (the highest), `labels` (each once, most often used first, joined by "; ").
        Labels without a named target are in no row; `attrs["left_out"]` counts them and those of other voices.
    """
    counts = ledger[ledger["voice"].astype("string").isin(sorted(POLICIES[voice]))]
    named = counts[counts["target"].notna() & counts["outlet"].notna()]
    lower = named.assign(label=named["label"].str.lower())
    made = (
        lower.groupby(["outlet", "target"], observed=True)
        .agg(
            times=("label", "size"),
            articles=("article", "nunique"),
            grade=("grade", "max"),
            labels=("label", _joined),
        )
        .reset_index()
        .sort_values(["outlet", "times", "target"], ascending=[True, False, True], ignore_index=True)
    )
    made.attrs["left_out"] = {
        "other voices": len(ledger) - len(counts),
        "no target or outlet": len(counts) - len(named),
    }
    return made


def _joined(labels: pd.Series) -> str:
    """Labels, each once, the most frequent first."""
    counts = Counter(labels)
    return "; ".join(sorted(counts, key=lambda label: (-counts[label], label)))
