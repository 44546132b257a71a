"""What a reader at a notebook asks for: one sentence explained, words found, other forms, pictures."""

from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import invented
import matplotlib as mpl
import numpy as np
import pytest

from rhetoric import Analysis, Analyzer, Article, analyze
from rhetoric.records import SCORED
from rhetoric.render.notebook import ROOM, notebook_text

mpl.use("Agg")
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="module")
def state_media() -> Analysis:
    return analyze(EXAMPLES / "state_media.txt")


@pytest.fixture(scope="module")
def long() -> Analysis:
    """Return an article of about 5,000 words."""
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.txt"))]
    words = " ".join(texts).split(" ")[:5000]
    return Analyzer.load()(Article(" ".join(words), title="All of them"))


def stripped(html: str) -> str:
    """The text of a fragment's marked part."""
    inner = re.search(r'<div class="text[^"]*">(.*?)</div>', html, re.S)
    assert inner
    return unescape(re.sub(r"<[^>]*>", "", inner[1]))


def test_a_sentence_is_explained_by_its_position() -> None:
    analysis = invented.analysis()
    place = next(i for i, s in enumerate(analysis.sentences) if s.charged > 0.9)
    one = analysis.explain(place)
    frame = one.frame()
    assert dict(frame.dtypes.astype(str)) == {"signal": "category", "part": "string", "log_odds": "float64"}
    sums = frame.groupby("signal", observed=True)["log_odds"].sum()
    for signal in SCORED:
        score = getattr(one.sentence, signal)
        assert sums[signal] == pytest.approx(np.log(score / (1 - score)), abs=1e-4)
    assert str(one).startswith(f"{place}: {one.text}\nvoice: author")
    assert all(f.text in str(one) and f.why in str(one) for f in one.findings)
    of_whom = re.findall(r"  of whom: (.*)", str(one))
    assert of_whom and of_whom == [f.target for f in one.findings if f.target]
    assert analysis.explain(-1).number == len(analysis.sentences) - 1


@pytest.mark.parametrize("number", [99, -99])
def test_a_sentence_that_is_not_there_is_told_with_how_many_there_are(number: int) -> None:
    analysis = invented.analysis()
    with pytest.raises(IndexError, match=rf"no sentence {number}: there are {len(analysis.sentences)}, numbered 0"):
        analysis.explain(number)
    with pytest.raises(IndexError, match="the text has none"):
        invented.plain("").explain(0)


def test_words_are_found_with_their_voice_and_marks() -> None:
    text = "The puppet regime fell.\n\n“Regimes  like this   regime fall,” Ana Reyn said. A preregime age."
    found = analyze(text).find("regime")
    assert found["match"].tolist() == ["regime", "Regimes", "regime"]
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == found["match"].tolist()
    assert found["voice"].tolist() == ["author", "quoted", "quoted"]
    assert found["speaker"].tolist()[1:] == ["Ana Reyn", "Ana Reyn"]
    assert found["marks"].str.contains("charged").tolist()[0]
    assert analyze(text).find("this regime")["match"].tolist() == ["this   regime"]
    assert analyze(text).find("absent").empty
    assert found.dtypes.equals(analyze(text).find("absent").dtypes)
    with pytest.raises(ValueError, match="give a word"):
        analyze(text).find("  ")


def test_displacy_gets_what_it_draws() -> None:
    analysis = invented.analysis()
    text = analysis.article.text
    data = analysis.to_displacy()
    assert data["text"] == text
    ends = [0] + [e["end"] for e in data["ents"]]
    assert all(end <= e["start"] < e["end"] for end, e in zip(ends, data["ents"], strict=False))
    spans = analysis.to_displacy(style="span")
    scored = [f for f in analysis.findings if f.signal in SCORED]
    assert len(spans["spans"]) == len(scored)
    for span, f in zip(spans["spans"], scored, strict=True):
        words = "".join(spans["tokens"][span["start_token"] : span["end_token"]])
        assert "".join(f.text.split()) in words
        assert span["label"] == f"{f.signal} {f.grade}"
    assert "".join(spans["tokens"]) == "".join(text.split())
    with pytest.raises(ValueError, match="ent, span"):
        analysis.to_displacy(style="dep")  # type: ignore[arg-type]


def test_other_forms_are_those_of_the_reports(state_media: Analysis) -> None:
    from rhetoric import render

    assert state_media.to_html() == render.to_html(state_media)
    assert state_media.to_html(excerpts=True) == render.to_html(state_media, excerpts=True)
    assert state_media.to_json().encode() == render.to_json(state_media)
    assert state_media.to_markdown() == render.to_markdown(state_media)


def test_the_notebooks_picture_is_quick_and_small(long: Analysis) -> None:
    text = long.article.text
    long._repr_html_()
    times = []
    for _ in range(5):
        begin = time.process_time()
        shown = long._repr_html_()
        times.append(time.process_time() - begin)
    assert min(times) < 0.15
    assert len(shown.encode()) <= ROOM + len(text.encode())
    assert stripped(shown) == text
    assert "<script" not in shown
    assert not re.search(r"url\((?!#)|https?://(?!www\.w3\.org)", shown)


@pytest.mark.parametrize("copies", [1, 3, 12, 40])
def test_the_picture_of_any_length_stays_small_and_says_what_is_left_out(long: Analysis, copies: int) -> None:
    text = "\n\n".join([long.article.text] * copies)
    analysis = Analyzer.load()(Article(text))
    shown = analysis._repr_html_()
    assert len(shown.encode()) <= ROOM + len(text.encode()) * 1.002  # & < > are longer as HTML
    assert stripped(shown) == text
    assert ("to keep this small" in shown) or copies == 1


def test_what_room_there_is_goes_to_the_first_sentences() -> None:
    analysis = invented.analysis()
    size = len(analysis.article.text.encode())
    rich, told = notebook_text(analysis, 10**6)
    assert not told
    some, told = notebook_text(analysis, 2500)
    assert re.match(r"Marks stand on the first \d+ of \d+ sentences here", told)
    assert size < len(some.encode()) <= size + 2600 < len(rich.encode())
    assert rich.count("data-t") > some.count("data-t") > 0


def test_every_mark_tells_what_it_is_in_the_notebook() -> None:
    class Told(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += [value for name, value in attrs if name == "data-t" and value]

    analysis = invented.analysis()
    page = Told()
    shown = analysis._repr_html_()
    page.feed(shown)
    for f in analysis.findings:
        assert any(f.signal in told and f.category.replace("_", " ") in told for told in page.found)
        assert f.neutral is None or any(f"flatter: {f.neutral}" in told for told in page.found)
        assert f.why.replace("’", "’") in unescape(shown)


def test_pictures_draw_on_axes_given_or_new(state_media: Analysis) -> None:
    import matplotlib.pyplot as plt

    names = ("strip", "voices", "ledger", "calibration")
    for name in names:
        assert getattr(state_media.plot, name)().get_figure() is not None
    figure, grid = plt.subplots(2, 2)
    for name, ax in zip(names, grid.flat, strict=True):
        assert getattr(state_media.plot, name)(ax=ax) is ax
    assert state_media.plot(grid[0, 0]) is grid[0, 0]
    figure.canvas.draw()
    plt.close("all")


def test_the_picture_of_voices_says_who_holds_how_many_words(state_media: Analysis) -> None:
    import matplotlib.pyplot as plt

    ax = state_media.plot.voices()
    names = [text.get_text() for text in ax.texts]
    assert "the author" in names
    assert "Piotr Gerlin" in names
    widths = [bar.get_width() for bar in ax.patches]
    assert sum(widths) == pytest.approx(100, abs=1)
    plt.close("all")


@pytest.mark.parametrize("text", ["", "It rained.", "Share this article"])
def test_pictures_of_little_text_are_drawn(text: str) -> None:
    import matplotlib.pyplot as plt

    for name in ("strip", "voices", "ledger", "calibration"):
        getattr(invented.plain(text).plot, name)().get_figure().canvas.draw()
    plt.close("all")


def test_calibration_is_that_of_the_card(state_media: Analysis, tmp_path: Path) -> None:
    import matplotlib.pyplot as plt

    from rhetoric.plots import read_calibration

    found = read_calibration(EXAMPLES.parent / "models" / "MODEL_CARD.md")
    assert all(len(found[signal]) == 10 for signal in SCORED)
    drawn = [line.get_xydata() for line in state_media.plot.calibration().lines]
    for signal in SCORED:
        assert any(np.array_equal(points, found[signal]) for points in drawn)
    plt.close("all")
    with pytest.raises(ValueError, match="rhetoric train"):
        state_media.plot.calibration(card=tmp_path / "absent.md")
    (tmp_path / "card.md").write_text("# A card\n")
    with pytest.raises(ValueError, match="no table of calibration"):
        state_media.plot.calibration(card=tmp_path / "card.md")
