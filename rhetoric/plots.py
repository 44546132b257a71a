"""Pictures of an analysis on matplotlib axes, for notebooks and papers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from rhetoric.charts import COLOURS, INK, LABELS, strip
from rhetoric.ledger_chart import ledger
from rhetoric.model import shipped_model
from rhetoric.records import SCORED, Analysis
from rhetoric.tables import summary

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from rhetoric.corpus import Corpus

SOFT, FAINT = "#6a665f", "#9a958a"
MARKERS: Mapping[str, str] = {"charged": "o", "prediction": "s", "unhedged": "^"}
AUTHOR, SPEAKER = "#4a463f", "#8c8577"
"""Colours of the bars of the author and of others."""
ROWS = 12
"""So many rows of speakers are drawn at most; the last of these adds up the rest."""
ARROW = " → "
"""Stands in the model card between mean score and share marked."""


@dataclass(frozen=True, slots=True)
class Plots:
    """The pictures of one analysis; each draws on `ax`, or on new axes, and returns the axes."""

    analysis: Analysis

    def __call__(self, ax: Axes | None = None) -> Axes:
        """The strip."""
        return self.strip(ax)

    def strip(self, ax: Axes | None = None) -> Axes:
        """One bar a sentence in reading order: the author's voice above the line, others' below."""
        return strip(self.analysis, ax)

    def voices(self, ax: Axes | None = None) -> Axes:
        """Who speaks, and how much: a bar for the author and each speaker by words, with the number of marks."""
        return voices(self.analysis, ax)

    def ledger(self, ax: Axes | None = None) -> Axes:
        """Who calls whom what: a band from speaker to target, as wide as there are labels; the author's are strong."""
        return ledger(self.analysis, ax)

    def calibration(self, ax: Axes | None = None, *, card: Path | str | None = None) -> Axes:
        """How often sentences of a score are marked by annotators, and which scores this article has."""
        return calibration(self.analysis, ax, card=card)


def voices(analysis: Analysis, ax: Axes | None = None) -> Axes:
    """Draw the words of the author and of each speaker as bars, most first.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where there is none.

    Returns
    -------
    matplotlib.axes.Axes
        A bar is as long as the words are many (share of all in per cent); beside it stand how many charged (C),
        prediction (P) and unhedged (U) marks these words hold. Vague sources are in italics.
    """
    figures = summary(analysis)
    own = figures["by_voice"]["author"]
    rows: list[tuple[str, int, bool, bool, dict[str, Any]]] = [("the author", own["words"], False, True, own)]
    named = figures["speakers"]
    for row in named[: ROWS - 1]:
        unnamed = "vague sources" if row["vague"] else "someone not named"
        rows.append((row["name"] or unnamed, row["words"], row["vague"], False, row))
    if rest := named[ROWS - 1 :]:
        marks: dict[str, Any] = {signal: sum(row[signal] for row in rest) for signal in SCORED}
        rows.append((f"{len(rest)} more", sum(row["words"] for row in rest), False, False, marks))
    ax = _axes(ax, len(rows))
    total = figures["words"] or 1
    for y, (name, words, vague, author, marks) in enumerate(rows):
        share = 100 * words / total
        ax.barh(y, share, color=AUTHOR if author else SPEAKER, height=0.62)
        told = "  ".join(f"{signal[0].upper()} {marks[signal]}" for signal in SCORED if marks[signal])
        ax.annotate(
            f"{share:.0f} %   {told}" if told else f"{share:.0f} %",
            (share, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8.5, color=SOFT,
        )  # fmt: skip
        ax.text(-0.012, y, shorten(name, 34, placeholder="…"), transform=ax.get_yaxis_transform(), ha="right",
                va="center", fontsize=9, style="italic" if vague else "normal", color=INK)  # fmt: skip
    ax.set_yticks([])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(0, max(100 * rows[0][1] / total, *(100 * row[1] / total for row in rows)) * 1.32 or 1)
    ax.set_xlabel("share of the words in per cent; marks: C charged, P prediction, U unhedged", fontsize=9, color=SOFT)
    return _plain(ax)


def calibration(analysis: Analysis, ax: Axes | None = None, *, card: Path | str | None = None) -> Axes:
    """Draw how often sentences of a score were marked by annotators, on articles the model had not seen.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article; ticks at the foot stand where its scores lie.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where there is none.
    card : path, optional
        `MODEL_CARD.md` of the model that made the analysis, where it is not the shipped one.

    Returns
    -------
    matplotlib.axes.Axes
        One line a signal, ten bins: mean score across, share marked up, both from 0 to 1. On the diagonal a score is
        what it says.
    """
    path = Path(card) if card else shipped_model() / "MODEL_CARD.md"
    found = read_calibration(path)
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(5.2, 5), layout="constrained")
    ax.plot([0, 1], [0, 1], color=FAINT, lw=0.8, ls=(0, (4, 3)))
    for k, signal in enumerate(SCORED):
        x, y = zip(*found[signal], strict=True)
        ax.plot(x, y, marker=MARKERS[signal], ms=5, lw=1.4, color=COLOURS[signal], label=LABELS[signal])
        scores = [getattr(s, signal) for s in analysis.sentences if not s.junk]
        ax.plot(scores, [-0.045 - 0.035 * k] * len(scores), "|", ms=7, mew=0.8, color=COLOURS[signal], alpha=0.6)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.15, 1.02), xticks=[0, 0.25, 0.5, 0.75, 1], yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.set_aspect("equal")
    ax.set_xlabel("mean score (ticks: sentences of this article)", fontsize=9, color=SOFT)
    ax.set_ylabel("share that annotators marked", fontsize=9, color=SOFT)
    ax.legend(frameon=False, fontsize=9, loc="upper left")
    return _plain(ax)


def read_calibration(card: Path) -> dict[str, list[tuple[float, float]]]:
    """Return mean score and share marked in each bin, by signal, from a model card.

    Raises
    ------
    ValueError
        The card has no table of calibration.
    """
    try:
        text = card.read_text(encoding="utf-8")
    except OSError:
        raise ValueError(f"{card}: there is no such model card; `rhetoric train` writes one beside the model") from None
    section = text.partition("## Calibration")[2].partition("\n## ")[0]
    rows = {
        row[0].strip(): [cell for cell in row[1:] if ARROW in cell]
        for row in (line.strip("| ").split("|") for line in re.findall(r"^\|.*", section, re.M))
    }
    found: dict[str, list[tuple[float, float]]] = {
        signal: [(float(a), float(b)) for a, b in (cell.split(ARROW) for cell in rows.get(signal, ()))]
        for signal in SCORED
    }
    if not all(found.values()):
        raise ValueError(f"{card}: no table of calibration in it; give the MODEL_CARD.md that `rhetoric train` wrote")
    return found


def _axes(ax: Axes | None, rows: int) -> Axes:
    """Return the axes given, or new ones with room for so many rows and for names on the left."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(9, 1.0 + 0.36 * rows), layout="constrained")[1]


def _plain(ax: Axes) -> Axes:
    """Return axes with the lines that carry nothing taken away."""
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(FAINT)
    ax.tick_params(colors=SOFT, labelsize=8)
    return ax


@dataclass(frozen=True, slots=True)
class CorpusPlots:
    """The pictures of a corpus; each draws on `ax`, or on new axes, and returns the axes."""

    corpus: Corpus

    def __call__(self, ax: Any = None) -> Any:
        """The signals of each outlet."""
        return self.outlets(ax)

    def outlets(self, ax: Any = None, *, by: str = "outlet") -> Any:
        """A dot with its interval for each outlet of 20 articles or more, in alphabetical order: own voice and others'.

        Parameters
        ----------
        ax
            Three axes to draw on, one a signal; new ones where there are none.
        by
            Another column of the articles, or a period, "month".
        """
        from rhetoric.corpus import FEWEST
        from rhetoric.gathering import CorpusError

        groups = self.corpus.by(by)
        groups = groups[(groups["articles"] >= FEWEST) & groups[by].notna()]
        if groups.empty:
            raise CorpusError(f"no {by} has {FEWEST} articles; group by something wider, or give more articles")
        rows = [
            {"side": row[by], "signal": row["signal"], "voice": voice, "share": row[voice], "low": row[f"{voice}_low"],
             "high": row[f"{voice}_high"]}
            for row in groups.to_dict("records") for voice in ("author", "others")
        ]  # fmt: skip
        return _sides(rows, ax)


def sides(signals: pd.DataFrame, ax: Any = None) -> Any:
    """Draw the shares of each side: one picture a signal, a filled dot for the author's voice, an open one for others'.

    Parameters
    ----------
    signals : pandas.DataFrame
        As `Comparison.frame("signals")` gives it.
    ax : sequence of matplotlib.axes.Axes, optional
        Three axes, one a signal; a new figure where there are none.

    Returns
    -------
    numpy.ndarray of matplotlib.axes.Axes
        Marked sentences of 100 across, with the 95 % interval where there is one.
    """
    return _sides(signals.to_dict("records"), ax)


def _sides(rows: list[dict[Any, Any]], ax: Any) -> Any:
    names = sorted({str(row["side"]) for row in rows}, key=str.casefold)
    if ax is None:
        import matplotlib.pyplot as plt

        size = (10, 1.2 + 0.42 * len(names))
        _, ax = plt.subplots(1, len(SCORED), figsize=size, sharey=True, layout="constrained")
    for axes, signal in zip(ax, SCORED, strict=True):
        for voice, shift, face in (("author", -0.14, COLOURS[signal]), ("others", 0.14, "white")):
            own = {str(r["side"]): r for r in rows if r["signal"] == signal and r["voice"] == voice}
            for y, name in enumerate(names):
                row = own[name]
                if row["low"] == row["low"]:
                    axes.plot([row["low"], row["high"]], [y + shift] * 2, color=COLOURS[signal], lw=1.4, alpha=0.7)
                axes.plot(row["share"], y + shift, "o", ms=6, mfc=face, mec=COLOURS[signal], mew=1.2)
        axes.set_title(LABELS[signal], fontsize=10, color=COLOURS[signal], loc="left")
        axes.set_yticks(range(len(names)), [shorten(name, 30, placeholder="…") for name in names])
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_xlim(left=0)
        for line in axes.lines:
            line.set_clip_on(False)  # a dot at nought is whole
        axes.hlines([y + 0.5 for y in range(len(names) - 1)], 0, 1, transform=axes.get_yaxis_transform(), color=FAINT,
                    lw=0.3)  # fmt: skip
        _plain(axes)
        axes.tick_params(axis="y", length=0, labelsize=9, labelcolor=INK)
    ax[1].set_xlabel(
        "marked sentences of 100; filled: the author’s voice, open: quoted or reported; line: 95 %",
        fontsize=9, color=SOFT,
    )  # fmt: skip
    return ax
