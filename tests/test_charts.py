"""The strip: what stands where, and that it repeats byte for byte."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import invented
import matplotlib
import pytest

from rhetoric.charts import strip, strip_svg
from rhetoric.records import SCORED
from rhetoric.tables import OTHERS

matplotlib.use("agg")


def test_the_same_analysis_gives_the_same_bytes() -> None:
    assert strip_svg(invented.analysis(), label="x") == strip_svg(invented.analysis(), label="x")


def test_the_drawing_is_well_formed_and_says_what_it_shows() -> None:
    root = ElementTree.fromstring(strip_svg(invented.analysis(), label='5 < 6 & "so"'))
    assert root.get("role") == "img"
    assert root.get("aria-label") == '5 < 6 & "so"'
    assert ElementTree.fromstring(strip_svg(invented.analysis())).get("aria-hidden") == "true"


def test_every_sentence_but_junk_has_a_bar_that_leads_to_it() -> None:
    analysis = invented.analysis()
    svg = strip_svg(analysis)
    real = [i for i, s in enumerate(analysis.sentences) if not s.junk]
    assert len(real) < len(analysis.sentences), "the article has junk"
    assert [int(i) for i in re.findall(r'href="#s(\d+)"', svg)] == real
    assert [int(i) for i in re.findall(r'id="bar(\d+)"', svg)] == real
    assert "href" not in strip_svg(analysis, links=False)


def test_the_drawing_loads_nothing_and_has_no_date() -> None:
    svg = strip_svg(invented.analysis())
    assert "http" not in svg
    assert "<metadata" not in svg
    assert "_blank" not in svg


def test_colours_come_from_the_page() -> None:
    svg = strip_svg(invented.analysis())
    bare = re.sub(r"var\(--\w+,#\w+\)", "", svg)
    assert not re.search(r"#[0-9a-f]{6}\b", bare)
    assert all(f"var(--{signal}," in svg for signal in SCORED)


def heights(svg: str, kind: str) -> list[tuple[float, float]]:
    """Return the vertical extent of each part of a kind of bar."""
    path = re.search(rf'class="{kind}"><path d="([^"]*)"', svg)
    return [(float(a), float(b)) for a, b in re.findall(r"M\S+ (\S+)H\S+V(\S+)H", path[1])] if path else []


def test_the_author_stands_above_the_line_and_others_below() -> None:
    analysis = invented.analysis()
    for keep in ("author", "others"):
        sentences = tuple(s for s in analysis.sentences if (s.voice in OTHERS) == (keep == "others"))
        svg = strip_svg(replace(analysis, sentences=sentences))
        line = float(re.search(r'class="line"><path d="M 0 (\S+)', svg)[1])
        parts = [part for signal in SCORED for part in heights(svg, f"strong-{signal}")]
        assert parts
        for from_y, to_y in parts:
            assert (to_y < from_y <= line + 0.1) if keep == "author" else (to_y > from_y >= line - 0.1)


def test_a_higher_grade_is_a_taller_bar_and_a_score_under_half_is_pale() -> None:
    analysis = invented.analysis()
    first = analysis.sentences[0]
    bars = {}
    for grade in (1.0, 2.5):
        marked = replace(first, charged=0.9, grade={**first.grade, "charged": grade})
        ((low, high),) = heights(strip_svg(replace(analysis, sentences=(marked,))), "strong-charged")
        bars[grade] = low - high
    assert bars[2.5] == pytest.approx(2.5 * bars[1.0], rel=0.05)
    svg = strip_svg(replace(analysis, sentences=(replace(first, charged=0.49),)))
    assert not heights(svg, "strong-charged")
    assert heights(svg, "pale-charged")


@pytest.mark.parametrize("text", ["", "One sentence."])
def test_little_or_no_text_is_drawn(text: str) -> None:
    analysis = invented.plain(text)
    assert strip_svg(analysis).startswith("<svg")
    assert strip(analysis).get_ylabel()


def test_strip_draws_on_the_axes_it_is_given() -> None:
    from matplotlib.figure import Figure

    ax = Figure().subplots()
    assert strip(invented.analysis(), ax=ax) is ax
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["charged", "prediction", "unhedged assertion"]


def test_strip_makes_its_own_axes() -> None:
    from matplotlib import pyplot

    ax = strip(invented.analysis())
    assert ax.figure.number in pyplot.get_fignums()
    pyplot.close("all")
