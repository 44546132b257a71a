"""Reports: the text comes back exactly, JSON keeps its contract, pages load nothing and judge nobody."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from io import StringIO
from math import log
from pathlib import Path

import invented
import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rhetoric.render as render
from rhetoric import analyze
from rhetoric.records import SCORED, SIGNALS, Analysis, Article, Finding, Headline, MadeBy, Sentence, Voice
from rhetoric.render.marks import marked_sentences, marked_text, number
from rhetoric.render.prose import headline_line, plain_words
from rhetoric.tables import COLUMNS, summary

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ARTICLES = sorted({*EXAMPLES.glob("*.txt"), *EXAMPLES.glob("*.html"), *EXAMPLES.glob("[a-z]*.md")})
SOURCE = Path(render.__file__).parent
VERDICTS = ("bias", "mislead", "manipulat", "propagand", "extremis", "unreliable", "untrustworth", "dishonest", "fake")


class Page(HTMLParser):
    """Collects what a browser would show as text, and every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:  # noqa: D102
        if not self.tags or self.tags[-1][0] not in ("style", "script"):
            self.words.append(data)

    @property
    def ids(self) -> list[str]:
        """Return the ids in order."""
        return [attrs["id"] for _, attrs in self.tags if attrs.get("id")]


def article_text(page: str) -> str:
    """Return the text of the page's article, tags taken out."""
    inside = re.search(r'<article id="text"[^>]*>(.*)</article>', page, re.DOTALL)[1]
    return unescape(re.sub(r"<[^>]*>", "", inside))


@st.composite
def analyses(draw: st.DrawFn) -> Analysis:
    """Return a text of awkward characters with sentences, findings and voices anywhere in it, overlapping."""
    text = draw(st.text(st.sampled_from("ab <>&\"'’“”\n\r\t;#😀é\u0301\u200f\u00a0/=-"), min_size=1, max_size=60))
    bound = st.integers(0, len(text))
    cuts = sorted(draw(st.sets(bound, min_size=2, max_size=8)) | {0, len(text)})
    sentences, paragraph = [], 0
    for start, end in zip(cuts, cuts[1:], strict=False):
        paragraph += draw(st.booleans())
        if draw(st.booleans()) and text[start:end].strip():
            nothing = dict.fromkeys(SCORED, 0.0)
            sentences.append(Sentence(start, end, paragraph, draw(st.booleans()), "author", None, False,
                                      0.5, 0.0, 0.0, nothing, {s: () for s in SCORED}))  # fmt: skip
    spans = st.tuples(bound, bound).map(sorted).filter(lambda span: span[0] < span[1])
    speaker = st.sampled_from([None, 'A "B" <C>'])
    findings = sorted(
        (
            Finding(a, b, text[a:b], draw(st.sampled_from(SIGNALS)), "loaded_word", 'Because "x" < y.',
                    draw(st.integers(0, 3)), draw(st.sampled_from(["author", "quoted"])), draw(speaker), False, None,
                    "<b>")
            for a, b in draw(st.lists(spans, max_size=6 if sentences else 0))
        ),
        key=lambda f: (f.start, f.end, f.signal),
    )  # fmt: skip
    voices = sorted(
        (Voice(a, b, "quoted", draw(speaker), False, None, None, True) for a, b in draw(st.lists(spans, max_size=4))),
        key=lambda v: v.start,
    )
    return Analysis(
        Article(text, id="x"), None, tuple(sentences), tuple(findings), tuple(voices), MadeBy("0", "m", "l")
    )


@settings(max_examples=300, deadline=None)
@given(analyses())
def test_without_its_tags_the_marked_text_is_the_text(analysis: Analysis) -> None:
    for notes in (True, False):
        marked = marked_text(analysis, speakers={}, notes=notes)
        assert unescape(re.sub(r"<[^>]*>", "", marked)) == analysis.article.text
        assert "".join(Page(marked).words) == analysis.article.text


@settings(max_examples=20, deadline=None)
@given(analyses())
def test_any_analysis_gives_a_whole_page(analysis: Analysis) -> None:
    page = render.to_html(analysis)
    assert article_text(page) == analysis.article.text
    ids = Page(page).ids
    assert len(ids) == len(set(ids))
    render.to_markdown(analysis)
    render.to_fragment(analysis)
    render.to_html(analysis, excerpts=True)


def test_the_page_holds_the_text_exactly_and_text_stays_text() -> None:
    analysis = invented.analysis()
    page = render.to_html(analysis)
    assert article_text(page) == analysis.article.text
    assert "<script>alert(1)</script>" in article_text(page)
    assert [tag for tag, _ in Page(page).tags].count("script") == 1


@pytest.mark.parametrize("field", ["title", "outlet", "byline", "published", "url", "id"])
def test_markup_in_any_field_stays_text(field: str) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    plain = invented.analysis()
    analysis = replace(plain, article=replace(plain.article, **{"title": None, field: hostile}), headline=None)
    for page in (
        render.to_html(analysis),
        render.to_fragment(analysis),
        render.to_index([render.index_row(analysis, "a")]),
    ):
        tags = [tag for tag, _ in Page(page).tags]
        assert tags.count("script") <= 1
        assert "img" not in tags


def test_warnings_about_the_reading_stand_on_the_page() -> None:
    plain = invented.analysis()
    warned = replace(plain, article=replace(plain.article, warnings=("Some characters could not be decoded.",)))
    assert "Some characters could not be decoded." in render.to_html(warned)
    assert render.to_json(warned) == render.to_json(plain)


def headed(title: str, *body: tuple[str, str], apart: bool) -> Analysis:
    """Return a text with a headline over it, or as its first line; `body` has sentences and their voices."""
    lines = [(title, "author"), *body]
    text = "\n\n".join(line for line, _ in (body if apart else lines))
    model = invented.plain("x").sentences[0]
    sentences = []
    for k, (line, voice) in enumerate(body if apart else lines):
        start = text.index(line)
        sentences.append(replace(model, start=start, end=start + len(line), paragraph=k, voice=voice))
    head = Headline(replace(model, start=0, end=len(title)), ()) if apart else None
    return Analysis(Article(text, title=title), head, tuple(sentences), (), (), MadeBy("0", "m", "l"))


@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize(
    ("body", "line"),
    [
        ([("It rained.", "author")], "No sentence of the body says what the headline says in like words."),
        (
            [("It rained.", "author"), ("Harbour owners looted the town, she said.", "reported")],
            "The headline says in the author’s voice what the body only reports or quotes (sentence {}).",
        ),
        (
            [("Harbour owners looted it.", "author"), ("“Harbour owners looted it.”", "quoted")],
            "The body says what the headline says in the author’s voice too (sentence {}).",
        ),
    ],
)
def test_one_line_says_whose_the_headlines_claim_is(apart: bool, body: list[tuple[str, str]], line: str) -> None:
    analysis = headed("Harbour owners looted town", *body, apart=apart)
    place = 1 + (not apart) + (body[0][0] == "It rained.")
    assert headline_line(analysis) == line.format(place)
    assert headline_line(analysis) in unescape(render.to_html(analysis))


def test_without_a_title_there_is_no_line_on_it() -> None:
    assert headline_line(invented.plain("It rained.")) == ""
    assert "headline" not in article_text(render.to_html(invented.plain("It rained.")))


def test_a_link_to_the_source_is_a_web_address() -> None:
    plain = invented.analysis()
    assert 'href="https://news.example/merrin/terminal"' in render.to_html(plain)
    for url in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"):
        assert url not in render.to_html(replace(plain, article=replace(plain.article, url=url)))


def test_what_no_file_can_hold_is_replaced() -> None:
    analysis = invented.plain("A \0 and \ud800 here.", title="\udfff title")
    for content in (render.to_html(analysis), render.to_fragment(analysis)):
        content.encode()
        assert "\0" not in content


def test_every_inner_link_leads_somewhere_and_every_id_is_unique() -> None:
    for page in (render.to_html(invented.analysis()), render.to_html(invented.analysis(), excerpts=True)):
        made = Page(page)
        assert len(made.ids) == len(set(made.ids))
        for _, attrs in made.tags:
            for name in ("href", "aria-describedby", "aria-labelledby"):
                for target in (attrs.get(name) or "").split():
                    if name != "href" or target.startswith("#"):
                        assert target.removeprefix("#") in made.ids


def test_a_page_loads_nothing() -> None:
    analysis = invented.analysis()
    index = render.to_index([render.index_row(analysis, "a.html")])
    for page in (render.to_html(analysis), render.to_fragment(analysis), index):
        for tag, attrs in Page(page).tags:
            assert tag not in ("link", "img", "iframe", "object", "base", "form[action]")
            assert "src" not in attrs
        assert "@import" not in page
        assert not re.search(r"url\((?!#)", page)


def test_every_finding_has_a_mark_and_a_note() -> None:
    analysis = invented.analysis()
    page = render.to_html(analysis)
    made = Page(page)
    told = {attrs.get("id"): (attrs.get("aria-describedby") or "").split() for _, attrs in made.tags}
    for mark in number(analysis.findings):
        finding = mark.finding
        assert mark.note in told[mark.anchor]
        note = re.search(rf'<li id="{mark.note}".*?</li>', page, re.DOTALL)[0]
        shown = unescape(re.sub(r"<[^>]*>", "", note))
        whose = finding.voice if finding.voice != "author" else "the author’s voice"
        for part in (finding.category.replace("_", " "), finding.why, finding.neutral, finding.target, whose):
            assert part is None or part in shown
        assert finding.text.casefold() in shown.casefold()


def test_supporting_findings_that_are_alike_share_a_note() -> None:
    analysis = invented.analysis()
    said = [mark.note for mark in number(analysis.findings) if mark.finding.text == "said"]
    assert len(said) > 3
    assert len(set(said)) == 1
    scored = [mark.note for mark in number(analysis.findings) if mark.finding.signal in SCORED]
    assert len(set(scored)) == len(scored)


def test_overlapping_findings_are_cut_where_they_meet() -> None:
    text = "abcdefgh"
    sentence = replace(invented.plain(text).sentences[0])
    first = Finding(0, 5, "abcde", "charged", "loaded_word", "W.", 2, "author", None, False, None, None)
    second = replace(first, start=3, end=8, text="defgh", signal="prediction", category="flat", grade=3)
    analysis = replace(invented.plain(text), sentences=(sentence,), findings=(first, second))
    marks = re.findall(r'<a class="(m[^"]*)"[^>]*?( data-.*?)?>([^<]*)</a>', marked_text(analysis, speakers={}))
    assert marks == [("m c2", "", "abc"), ("m c2 p3", ' data-c="C2"', "de"), ("m p3", ' data-p="P3"', "fgh")]


def test_each_sentence_shows_its_scores_and_parts_that_add_up() -> None:
    analysis = invented.analysis()
    page = render.to_html(analysis)
    for i, sentence in enumerate(analysis.sentences):
        found = re.search(rf'<li id="x{i}">.*?</li>', page, re.DOTALL)
        if sentence.junk:
            assert found is None
            continue
        for signal, inner in zip(SCORED, re.findall(r'<p class=".">(.*?)</p>', found[0]), strict=True):
            score = getattr(sentence, signal)
            assert f"{signal} {score:.2f}".replace(" 0.", " .") in inner
            parts = [float(x.replace("−", "-")) for x in re.findall(r"[+−]\d+\.\d\d", inner)]
            assert sum(parts) == pytest.approx(log(score / (1 - score)), abs=0.05)


def test_above_the_article_stand_title_strip_cards_and_one_paragraph() -> None:
    page = render.to_html(invented.analysis())
    fold = re.search(r'<header class="fold">(.*?)</header>', page, re.DOTALL)[1]
    outer = re.sub(r"<figure.*?</figure>", "<figure/>", fold, flags=re.DOTALL)
    outer = re.sub(r"<section.*?</section>", "<section/>", outer, flags=re.DOTALL)
    assert re.findall(r"<(\w+)", outer) == ["p", "h1", "p", "span", "span", "span", "span", "span", "a",
                                           "figure", "div", "section", "section", "section", "p"]  # fmt: skip


def test_the_cards_give_the_authors_figure_and_that_of_others() -> None:
    analysis = invented.analysis()
    cards = re.search(r'<div class="cards">.*?\n</div>', render.to_html(analysis), re.DOTALL)[0]
    shown = " ".join("".join(Page(cards).words).split())
    assert "Charged words judge in the act of naming 12 of 37 sentences the author 8 others 4" in shown
    assert "31.5 marks per 1,000 words: author 18.9, others 12.6" in shown


def test_excerpts_hold_the_marked_sentences_only() -> None:
    analysis = invented.analysis()
    page = render.to_html(analysis, excerpts=True)
    marked = set(marked_sentences(analysis))
    for i, sentence in enumerate(analysis.sentences):
        text = analysis.article.text[sentence.start : sentence.end]
        assert (text in unescape(re.sub(r"<[^>]*>", "", page))) == (i in marked), text
    assert 0 < len(marked) < len(analysis.sentences)


def test_a_page_stays_small() -> None:
    analysis = invented.analysis()
    size = len(render.to_html(analysis).encode())
    assert size < 62_000 + 15 * len(analysis.article.text.encode())
    assert len(render.to_fragment(analysis)) < 60_000 + len(analysis.article.text)


def test_the_index_lists_every_text_with_its_figures() -> None:
    analysis = invented.analysis()
    rows = [render.index_row(analysis, "a.html"), render.index_row(invented.plain("It rained.", id="rain"), "b.html")]
    assert json.loads(json.dumps(rows)) == rows, "a row can be kept as JSON"
    page = render.to_index(rows)
    made = Page(page)
    links = [attrs["href"] for tag, attrs in made.tags if tag == "a" and attrs.get("tabindex") is None]
    assert links == ["a.html", "b.html"]
    assert "32 %" in page
    assert [tag for tag, _ in made.tags].count("svg") == 2
    render.to_index([])


def test_an_index_has_no_column_that_is_empty() -> None:
    bare = render.to_index([render.index_row(invented.plain("It rained."), "a.html")])
    told = render.to_index([render.index_row(invented.plain("It rained.", outlet="The Courier"), "a.html")])
    assert [(">Outlet<" in page, ">Date<" in page) for page in (bare, told)] == [(False, False), (True, False)]


def test_json_has_exactly_the_agreed_form() -> None:
    schema = json.loads((SOURCE / "schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for analysis in (invented.analysis(), invented.plain("It rained."), invented.plain("")):
        validator.validate(render.to_dict(analysis))
    form = render.to_dict(invented.analysis())
    assert list(form) == ["format", "id", "text", "title", "url", "outlet", "byline", "published", "headline",
                          "sentences", "findings", "voices", "summary", "made_by"]  # fmt: skip
    assert list(form["sentences"][0]) == ["start", "end", "paragraph", "junk", "voice", "speaker", "vague",
                                          "charged", "prediction", "unhedged", "grade", "because"]  # fmt: skip
    assert list(form["headline"]) == [*form["sentences"][0], "findings"]
    assert list(form["findings"][0]) == ["start", "end", "text", "signal", "category", "why", "grade", "voice",
                                         "speaker", "vague", "target", "neutral"]  # fmt: skip
    assert list(form["voices"][0]) == ["start", "end", "voice", "speaker", "vague", "source", "cue", "closed"]
    assert list(form["summary"]) == ["words", "sentences", "by_signal", "by_voice", "speakers", "ledger", "borrowed"]
    for break_it in ({"format": 2}, {"extra": 1}, {"headline": {}}, {"text": None}):
        assert not validator.is_valid({**form, **break_it})


def test_json_repeats_and_holds_the_analysis() -> None:
    analysis = invented.analysis()
    assert render.to_json(analysis) == render.to_json(invented.analysis())
    form = render.to_dict(analysis)
    assert (
        form["findings"][3]["text"] == analysis.article.text[form["findings"][3]["start"] : form["findings"][3]["end"]]
    )
    assert form["headline"]["findings"][0]["text"] == "Harbour grab"
    assert form["sentences"][2]["because"]["charged"][0] == list(analysis.sentences[2].because["charged"][0])
    assert b"\n" not in render.to_json(analysis)


def test_csv_has_a_line_a_row_and_the_documented_columns() -> None:
    analysis = invented.analysis()
    files = render.FORMATS["csv"](analysis)
    assert list(files) == [".sentences.csv", ".findings.csv", ".ledger.csv"]
    for content, table in zip(files.values(), ("sentences", "findings", "ledger"), strict=True):
        lines = list(csv.DictReader(StringIO(content.decode())))
        assert len(lines) == len(getattr(analysis, table))
        assert list(lines[0]) == list(COLUMNS[table])
        assert table != "findings" or lines[3]["text"] == analysis.findings[3].text


def test_markdown_tells_what_the_page_tells() -> None:
    shown = render.to_markdown(invented.analysis())
    for part in (
        "# Harbour grab",
        "| Charged words | 12 | 8 | 4 | 31.5 | 18.9 | 12.6 |",
        "| experts (vague) |",
        "**brazen land grab** (charged: loaded word, grade 2, the author’s voice)",
        "Flatter: transfer.",
    ):
        assert part in shown


def test_markdown_shows_special_characters_as_they_are() -> None:
    shown = render.to_markdown(invented.plain("x", title="# *a* _b_ [c](d) <e> `f` | 1. g"))
    assert shown.startswith("# \\# \\*a\\* \\_b\\_ \\[c\\](d) \\<e\\> \\`f\\` \\| 1. g\n")


@pytest.mark.parametrize("name", list(render.FORMATS))
def test_every_format_writes_bytes_that_repeat(name: str) -> None:
    one, two = (render.FORMATS[name](invented.analysis()) for _ in range(2))
    assert one == two
    assert all(isinstance(content, bytes) and content for content in one.values())


def test_another_process_writes_the_same_bytes() -> None:
    code = "import hashlib, invented, rhetoric.render as r; a = invented.analysis();"
    code += "print(hashlib.sha256(b''.join(c for f in r.FORMATS.values() for c in f(a).values())).hexdigest())"
    here = b"".join(content for write in render.FORMATS.values() for content in write(invented.analysis()).values())
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()


@pytest.mark.parametrize("text", ["", " \n ", "Word"])
def test_little_or_no_text_gives_a_page(text: str) -> None:
    for content in (render.to_html(invented.plain(text)), render.to_fragment(invented.plain(text))):
        assert "nan" not in " ".join(Page(content).words).lower().split()
    assert article_text(render.to_html(invented.plain(text))) == text


def test_no_verdict_words() -> None:
    analysis = invented.analysis()
    assert not any(word in analysis.article.text.lower() for word in VERDICTS)
    shown = [content.decode() for write in render.FORMATS.values() for content in write(analysis).values()]
    shown += [render.to_fragment(analysis), render.to_index([render.index_row(analysis, "a.html")])]
    shown += [path.read_text() for path in SOURCE.iterdir() if path.suffix in (".html", ".py", ".json")]
    for content in shown:
        assert [word for word in VERDICTS if word in content.lower()] == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_examples_are_shown_whole_and_without_verdicts(path: Path) -> None:
    analysis = analyze(path)
    page = render.to_html(analysis)
    assert article_text(page) == analysis.article.text
    schema = json.loads((SOURCE / "schema.json").read_text())
    jsonschema.validate(render.to_dict(analysis), schema)
    flatter = [f.neutral or "" for f in analysis.findings]
    own = " ".join([analysis.article.title or "", analysis.article.text, *flatter]).lower()
    for content in (page, render.to_markdown(analysis)):
        assert [word for word in VERDICTS if word in content.lower() and word not in own] == []


def test_text_can_be_read_against_its_ground() -> None:
    """Text colours differ from every ground they stand on by 4.5 to 1, in light and in dark."""
    colours = dict(re.findall(r"--(\w+): light-dark\((#\w+, #\w+)\)", (SOURCE / "colours.css").read_text()))
    for mode in (0, 1):
        shade = {name: luminance(pair.split(", ")[mode]) for name, pair in colours.items()}
        for ink in ("ink", "soft", "charged", "prediction", "unhedged"):
            for ground in ("paper", "raise"):
                high, low = sorted((shade[ink], shade[ground]), reverse=True)
                assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground, mode)


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([], "There is no sentence to count here."),
        (
            [(0.1, 0.1, 0.1, "author")],
            "No sentence reaches the mark for any signal. Nobody but the author speaks.",
        ),
        (
            [(0.9, 0.1, 0.6, "author"), (0.9, 0.1, 0.1, "reported")],
            "Charged words lead: 2 of 2 sentences use charged words, 1 in the author’s own voice and 1 quoted"
            " or reported. 1 states a contestable claim flat (the author’s); no sentence predicts."
            " Nobody but the author speaks.",
        ),
        (
            [(0.1, 0.9, 0.6, "quoted"), (0.1, 0.9, 0.6, "quoted")],
            "Predictions lead: 2 of 2 sentences predict, all quoted or reported from others."
            " 2 state a contestable claim flat (none the author’s); no sentence uses charged words."
            " Nobody but the author speaks.",
        ),
    ],
)
def test_the_paragraph_says_what_the_figures_show(scores: list[tuple], words: str) -> None:
    model = invented.plain("x").sentences[0]
    sentences = tuple(
        replace(model, start=2 * k, end=2 * k + 1, charged=c, prediction=p, unhedged=u, voice=voice)
        for k, (c, p, u, voice) in enumerate(scores)
    )
    analysis = replace(invented.plain("x x x"), sentences=sentences)
    assert plain_words(analysis, summary(analysis)) == words
