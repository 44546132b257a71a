"""Records as figures. The strip: one bar a sentence in reading order, the author above the line, other voices below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from io import StringIO
from math import ceil
from typing import TYPE_CHECKING

from rhetoric.records import SCORED, Analysis, Sentence, Signal
from rhetoric.tables import MARKED, OTHERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS: dict[Signal, str] = {"charged": "#b3341f", "prediction": "#1f5fa8", "unhedged": "#a97c00"}
"""Colour of each scored signal; on a page the style sheet's variables of the same names replace them."""

PAPER = "#fbfaf7"
INK = "#1d1c1a"
HATCHES: dict[Signal, str] = {"charged": "", "prediction": "////", "unhedged": "-----"}
LABELS: dict[Signal, str] = {"charged": "charged", "prediction": "prediction", "unhedged": "unhedged assertion"}

WIDTH, HEIGHT = 720, 150
"""Size of the drawing for pages in points; a page stretches it to the room there is."""

BOX = re.compile(r"M (\S+) (\S+) L (\S+) \2 L \3 (\S+) L \1 \4 (?:L \1 \2 )?z ?")
"""A rectangle as matplotlib writes it."""

LINK = re.compile(r'<g id="bar(\d+)"><a xlink:href[^>]*><path d="([^"]*)"[^>]*/></a></g>')
"""A link over a bar as matplotlib writes it."""

GAP = 0.09
"""Share of a sentence's width left blank on either side of its bar."""


def strip(analysis: Analysis, ax: Axes | None = None) -> Axes:
    """Draw the strip on matplotlib axes.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where there is none.

    Returns
    -------
    matplotlib.axes.Axes
        One bar a sentence. Its height is the sum of the expected grades (0 to 3 each; higher means stronger), stacked
        by signal, strong where the sentence is marked for the signal and pale where it is not. Junk is a gap.
    """
    from matplotlib.patches import Patch
    from matplotlib.ticker import FuncFormatter

    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(10, 2.6), layout="constrained")
    _draw(ax, analysis)
    ax.spines[["top", "right", "bottom"]].set_visible(False)
    ax.spines["left"].set_color("#9a958a")
    ax.tick_params(colors="#6a665f", labelsize=8)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))
    ax.set_xlabel("sentences in reading order", fontsize=9, color="#6a665f")
    ax.set_ylabel("others | author\nexpected grade", fontsize=9, color="#6a665f")
    keys = [Patch(facecolor=COLOURS[s], hatch=HATCHES[s], edgecolor=PAPER, lw=0, label=LABELS[s]) for s in SCORED]
    ax.legend(
        handles=keys, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=9, borderaxespad=0
    )
    return ax


def strip_svg(analysis: Analysis, *, label: str = "", links: bool = True, most: int | None = None) -> str:
    """Return the strip as an SVG element for a page; the same bytes for the same analysis.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    label : str, optional
        The drawing in words, for those who do not see it.
    links : bool, optional
        Lay a link over each bar, to `#s0` for the first sentence, `#s1` for the next.
    most : int, optional
        So many bars at most: in a longer text sentences that follow each other share one, the tallest of theirs.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    style = {"svg.hashsalt": "rhetoric", "svg.fonttype": "none", "path.simplify": False, "hatch.linewidth": 1.1}
    with rc_context(style):  # type: ignore[arg-type]
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), frameon=False)
        FigureCanvasSVG(figure)
        ax = figure.add_axes((0, 0, 1, 1))
        _draw(ax, analysis, most)
        ax.set_axis_off()
        if links:
            low, high = ax.get_ylim()
            for i, sentence in enumerate(analysis.sentences):
                if not sentence.junk:
                    bar = Rectangle((i, low), 1, high - low, gid=f"bar{i}", url=f"#s{i}", facecolor="none", lw=0)
                    bar.set_clip_on(False)
                    ax.add_artist(bar)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _for_page(out.getvalue(), label, analysis)


def _draw(ax: Axes, analysis: Analysis, most: int | None = None) -> None:
    """Draw bars, a line for each grade and the line between the voices, and set the limits."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    bars: dict[tuple[Signal, bool], list[tuple[float, float, float]]] = {
        (s, m): [] for m in (False, True) for s in SCORED
    }
    top, bottom = 3.0, -2.0
    for i, sentence in _tallest(analysis.sentences, most):
        side = -1 if sentence.voice in OTHERS else 1
        level = 0.0
        for signal in SCORED:
            upper = level + side * sentence.grade[signal]
            bars[signal, getattr(sentence, signal) >= MARKED].append((i, level, upper))
            level = upper
        top, bottom = max(top, level), min(bottom, level)
    top, bottom = ceil(top), -ceil(-bottom)
    count = max(min(len(analysis.sentences), most or len(analysis.sentences)), 12)
    ax.set_xlim(0, count)
    ax.set_ylim(bottom - 0.1, top + 0.1)
    ax.hlines([y for y in range(bottom, top + 1) if y], 0, count, color=INK, alpha=0.12, lw=0.5, gid="grades")
    for (signal, marked), places in bars.items():
        if not places:
            continue
        corners = [(x, y) for i, low, high in places for x, y in _corners(i, low, high)]
        codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(places)
        look = {"hatch": HATCHES[signal] or None, "edgecolor": PAPER} if marked else {"alpha": 0.2}
        patch = PathPatch(
            Path(corners, codes),
            facecolor=COLOURS[signal],
            lw=0,
            gid=f"{'strong' if marked else 'pale'}-{signal}",
            **look,
        )
        patch.set_clip_on(False)
        ax.add_artist(patch)
    ax.hlines([0], 0, count, color=INK, lw=0.9, gid="line")


def _tallest(sentences: Sequence[Sentence], most: int | None) -> Iterator[tuple[int, Sentence]]:
    """Yield place and sentence of each bar; junk has none. Where sentences share a bar, the tallest on either side."""
    count = len(sentences)
    if most is None or count <= most:
        yield from ((i, s) for i, s in enumerate(sentences) if not s.junk)
        return
    best: dict[tuple[int, bool], Sentence] = {}
    for i, s in enumerate(sentences):
        key = (i * most // count, s.voice in OTHERS)
        if not s.junk and (key not in best or sum(s.grade.values()) > sum(best[key].grade.values())):
            best[key] = s
    yield from ((place, s) for (place, _), s in best.items())


def _corners(i: float, low: float, high: float) -> list[tuple[float, float]]:
    """Return the outline of one part of a bar, closed."""
    left, right = i + GAP, i + 1 - GAP
    return [(left, low), (right, low), (right, high), (left, high), (left, low)]


def _link(analysis: Analysis, i: int, outline: str) -> str:
    """Return a link over a bar that tells the number and the first words of its sentence."""
    sentence = analysis.sentences[i]
    begins = " ".join(analysis.article.text[sentence.start : sentence.end].split()[:6])
    name = f"<title>{i + 1} {escape(begins)} …</title>"
    return f'<a id="bar{i}" href="#s{i}" tabindex="-1">{name}<path d="{outline}" fill="none"/></a>'


def _for_page(svg: str, label: str, analysis: Analysis) -> str:
    """Return matplotlib's SVG of the strip cut down to what a page needs, with the page's colours."""
    body = re.sub(r' id="(pale|strong|grades|line)', r' class="\1', cut_svg(svg))
    body = re.sub(BOX, r"M\1 \2H\3V\4H\1z", body)
    body = LINK.sub(lambda m: _link(analysis, int(m[1]), m[2]), body)
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="strip" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" {named}>{body}</svg>'


def cut_svg(svg: str, *, decimals: int = 1) -> str:
    """Return the inside of matplotlib's SVG, short, with the page's colours and numbers of so many decimals."""
    body = svg[svg.index('<g id="figure_1">') : svg.rindex("</svg>")]
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"\s*\n\s*", " ", body).replace("> <", "><")
    body = re.sub(r"\d+\.\d\d+", lambda m: f"{float(m[0]):.{decimals}f}".rstrip("0").rstrip("."), body)
    body = re.sub(r' clip-path="[^"]*"|<defs><clipPath.*?</clipPath></defs>| id="(?:figure|axes)_1"', "", body)
    for signal, colour in COLOURS.items():
        body = body.replace(colour, f"var(--{signal},{colour})")
    body = body.replace(PAPER, f"var(--paper,{PAPER})").replace(INK, f"var(--ink,{INK})")
    return re.sub(r'fill="(var\([^"]*\))"', r'style="fill: \1"', body)
