"""The ledger as a figure: who calls whom what, a band from each speaker to each target."""

from __future__ import annotations

import re
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

from rhetoric.charts import COLOURS, INK, cut_svg
from rhetoric.ledger import Flow, flows
from rhetoric.records import Analysis
from rhetoric.tables import summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHOWN = 20
"""So many speakers and targets the ledger draws; those with fewer labels are added up in one row."""
ROW, GAP, MARGIN, SIDE = 20.0, 8.0, 6.0, 148.0
"""Points: a row's least height, what it keeps free, the rim above and below, the room for names on either side."""
BAND_WIDTH, TALLEST = 5.0, 320.0
"""Points: a band of one label, and of all labels together at most."""
WIDTH = 440
LETTERS = 21
"""Longer names are cut on the drawing."""
ADDED = re.compile(r"\d+ others")
BAND = re.compile(r'<g id="band(\d+)">(.*?)</g>')
"""A band as matplotlib writes it."""


def ledger(analysis: Analysis, ax: Axes | None = None) -> Axes:
    """Draw who calls whom what on matplotlib axes.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure where there is none.

    Returns
    -------
    matplotlib.axes.Axes
        Speakers on the left, the author first, targets on the right, most labels first; labels without a named target
        are left out. A band is as wide as the number of labels; the author's bands are strong, others' pale.
    """
    found = _few(summary(analysis)["ledger"])
    layout = _lay_out(found)
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(8, max(layout.height / 60, 1)), layout="constrained")
    for x, y, name, right in _draw(ax, found, layout):
        shown = _short(name).replace("$", r"\$")
        ax.text(x, y, shown, ha="left" if right else "right", va="center", fontsize=9, color=INK)
    ax.set_axis_off()
    return ax


def ledger_svg(analysis: Analysis, *, label: str = "", links: bool = True) -> str:
    """Return the ledger as an SVG element for a page, the same bytes for the same analysis; "" without any target.

    Parameters
    ----------
    analysis : Analysis
        What the program says about one article.
    label : str, optional
        The drawing in words, for those who do not see it.
    links : bool, optional
        Make each band a link to the sentence of its first label, `#s0` for the first.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    found = _few(summary(analysis)["ledger"])
    if not found:
        return ""
    layout = _lay_out(found)
    height = layout.height
    style = {"svg.hashsalt": "rhetoric", "svg.fonttype": "none", "path.simplify": False}
    with rc_context(style):  # type: ignore[arg-type]
        figure = Figure(figsize=(WIDTH / 72, height / 72), frameon=False)
        FigureCanvasSVG(figure)
        ax = figure.add_axes((0, 0, 1, 1))
        names = _draw(ax, found, layout)
        ax.set_axis_off()
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    body = BAND.sub(lambda m: _band(found[int(m[1])], m[2], links), cut_svg(out.getvalue()))
    body += "".join(_name(*place) for place in names)
    named = f' role="img" aria-label="{escape(label)}"' if label else ""
    return f'<svg class="flows" viewBox="0 0 {WIDTH} {height:g}"{named}>{body}</svg>'


def _band(flow: Flow, shape: str, links: bool) -> str:
    """Return a band that tells what it stands for, a link to its first label."""
    labels = ", ".join(dict.fromkeys(flow.labels))
    told = f"<title>{escape(f'{flow.speaker} → {flow.target}: {labels}')}</title>"
    kind = "own" if flow.own else "other"
    if not links:
        return f'<g class="{kind}">{told}{shape}</g>'
    return f'<a class="{kind}" href="#s{flow.first}">{told}{shape}</a>'


def _name(x: float, y: float, name: str, right: bool) -> str:
    """Return a name on the drawing; the whole of it where it is cut."""
    whole = f"<title>{escape(name)}</title>" if len(name) > LETTERS else ""
    anchor = "start" if right else "end"
    return f'<text x="{x:g}" y="{y + 4:.1f}" text-anchor="{anchor}">{whole}{escape(_short(name))}</text>'


def _short(name: str) -> str:
    return name if len(name) <= LETTERS else name[: LETTERS - 1].rstrip() + "…"


def _few(rows: list[dict[str, Any]]) -> list[Flow]:
    """Return the flows to a named target, with speakers and targets past `SHOWN` added up."""
    found = [flow for flow in flows(rows) if flow.target]
    speakers = _order([(f.speaker, len(f.labels), f.own) for f in found])
    targets = _order([(f.target or "", len(f.labels), False) for f in found])
    if len(speakers) <= SHOWN and len(targets) <= SHOWN:
        return found
    many, more = f"{len(speakers) - SHOWN + 1} others", f"{len(targets) - SHOWN + 1} others"
    kept = set(speakers) if len(speakers) <= SHOWN else set(speakers[: SHOWN - 1])
    aims = set(targets) if len(targets) <= SHOWN else set(targets[: SHOWN - 1])
    joined: dict[tuple[str, str | None], Flow] = {}
    for f in found:
        speaker = f.speaker if f.speaker in kept else many
        target = f.target if (f.target or "") in aims else more
        old = joined.get((speaker, target))
        labels = (*old.labels, *f.labels) if old else f.labels
        first, grade = (min(old.first, f.first), max(old.grade, f.grade)) if old else (f.first, f.grade)
        joined[speaker, target] = Flow(speaker, f.own, target, labels, grade, first)
    return list(joined.values())


def _order(counts: list[tuple[str, int, bool]]) -> list[str]:
    """Return the names, the author first, then most labels first; those added up last."""
    total: dict[str, int] = {}
    own = {name for name, _, is_author in counts if is_author}
    for name, n, _ in counts:
        total[name] = total.get(name, 0) + n
    return sorted(total, key=lambda name: (name not in own, bool(ADDED.fullmatch(name)), -total[name], name))


class _Layout(NamedTuple):
    """Where everything stands, in points."""

    height: float
    unit: float
    """Width of a band of one label."""
    at: dict[tuple[int, str], float]
    """The middle of each name: speakers on side 0, targets on side 1."""
    sizes: dict[tuple[int, str], float]
    """The width of all bands of a name."""


def _lay_out(found: list[Flow]) -> _Layout:
    """Give each name a row as high as its bands need; the shorter side is spread out."""
    sides = (
        _order([(f.speaker, len(f.labels), f.own) for f in found]),
        _order([(f.target or "", len(f.labels), False) for f in found]),
    )
    unit = min(BAND_WIDTH, TALLEST / max(sum(len(f.labels) for f in found), 1))
    sizes: dict[tuple[int, str], float] = {}
    for f in found:
        for key in ((0, f.speaker), (1, f.target or "")):
            sizes[key] = sizes.get(key, 0) + unit * len(f.labels)
    rows = [[max(ROW, sizes[side, name] + GAP) for name in names] for side, names in enumerate(sides)]
    inner = max(sum(row) for row in rows)
    at = {}
    for side, names in enumerate(sides):
        spare = (inner - sum(rows[side])) / max(len(names), 1)
        y = MARGIN
        for name, row in zip(names, rows[side], strict=True):
            at[side, name] = y + (row + spare) / 2
            y += row + spare
    return _Layout(inner + 2 * MARGIN, unit, at, sizes)


def _draw(ax: Axes, found: list[Flow], layout: _Layout) -> list[tuple[float, float, str, bool]]:
    """Draw the bands, set the limits, and return where the names stand: x, y, name, whether on the right."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    height, unit, at, sizes = layout
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(height, 0)
    left, middle, right = SIDE, WIDTH / 2, WIDTH - SIDE
    free = {key: at[key] - size / 2 for key, size in sizes.items()}
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    order = sorted(range(len(found)), key=lambda k: (at[0, found[k].speaker], at[1, found[k].target or ""]))
    for k in order:
        f = found[k]
        one, two = (0, f.speaker), (1, f.target or "")
        size = unit * len(f.labels)
        a, b = free[one], free[two]
        free[one], free[two] = a + size, b + size
        upper = [(left, a), (middle, a), (middle, b), (right, b)]
        lower = [(right, b + size), (middle, b + size), (middle, a + size), (left, a + size), (left, a)]
        alpha = 0.8 if f.own else 0.38
        look = {"facecolor": COLOURS["charged"], "alpha": alpha, "lw": 0, "gid": f"band{k}"}
        ax.add_patch(PathPatch(Path([*upper, *lower], codes), **look))
    return [(right + 6 if side else left - 6, round(y, 2), name, bool(side)) for (side, name), y in at.items()]
