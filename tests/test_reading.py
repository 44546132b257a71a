"""Every kind of input, every encoding, every way to fail."""
# ruff: noqa: D102

import csv
import gzip
import io
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rhetoric import decoding, fetching, reading
from rhetoric.reading import Failure, ReadError, read, read_html, read_many
from rhetoric.records import Article
from rhetoric.segment import split_sentences

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, which is not part of the project")

FILLER = "The council of Vell met for a long time and nobody at the table could say what the new bridge would cost. "
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>The bridge stays shut | Vell Courier</title>
<meta property="og:site_name" content="Vell Courier"><meta name="author" content="Ada Quill">
<meta property="article:published_time" content="2021-05-03T08:00:00Z">
<link rel="canonical" href="https://courier.example/bridge">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport of the week</a></li></ul></nav>
<div class="cookie-banner">We use cookies to make this site better. <button>Accept all</button></div>
<article><h1>The bridge stays shut</h1>
<p class="lead">The old bridge of Vell will stay shut all year, the mayor said.</p>
<p>{FILLER * 3}</p>
<blockquote><p>We looked at every beam.</p><p>None of them would hold a cart.</p></blockquote>
<p>The mayor called it <q>a bad day</q> and left.<br><br>{FILLER * 2}</p>
<ul><li>The north arch is cracked.</li><li>The south arch is <b>worse</b>.</li></ul>
<p>The mayor called it <q>a bad day</q> and left.<br><br>{FILLER * 2}</p>
<ul><li><a href="/a">Why bridges fall in spring</a></li><li><a href="/b">Ten bridges to see this year</a></li></ul>
</article>
<section id="comments" class="comments"><h2>Comments</h2><p class="comment">Bo Reed: What a shame, I say!</p></section>
<footer>Copyright 2021 Vell Courier. <a href="/terms">Terms of use</a></footer></body></html>"""

UMLAUTS = "Der Bürgermeister von Köln – „müde“ – sagte: ‚Nein‘. It cost 5 €."
LATIN = "Le maire a été élu à Orléans; il coûte 5 £."


def failure(source, **options) -> str:
    (found,) = list(read_many([source], **options))
    assert isinstance(found, Failure)
    assert "\n" not in found.message
    with pytest.raises(ReadError) as error:
        read(source)
    if not options:
        assert str(error.value) == found.message
    return found.message


# --- plain text -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        "A.\r\nB.\r\n\r\n\tC.\n",
        "\n\n  x  \n",
        "a\rb",
        "e\u0301 \U0001f600 שלום\u2028x\u200b",
        "\x0cA page.\n",
    ],
)
def test_plain_text_keeps_every_character(tmp_path, text):
    path = tmp_path / "note.txt"
    path.write_bytes(text.encode())
    article = read(path)
    assert article.text == text
    assert (article.id, article.warnings) == ("note", ())
    assert read(str(path)) == article


@pytest.mark.parametrize(
    ("text", "encoding", "told"),
    [
        (UMLAUTS, "utf-8", None),
        (UMLAUTS, "utf-8-sig", None),
        (UMLAUTS, "utf-16", None),
        (UMLAUTS, "utf-16-le", None),
        (UMLAUTS, "utf-16-be", None),
        (UMLAUTS, "utf-32", None),
        (UMLAUTS, "cp1252", "Windows-1252"),
        (LATIN, "latin-1", "Windows-1252"),
        (LATIN + "\x81", "latin-1", "Latin-1"),
    ],
)
def test_encodings_are_found_and_a_guess_is_told(tmp_path, text, encoding, told):
    path = tmp_path / "note.txt"
    path.write_bytes(text.encode(encoding))
    article = read(path)
    assert article.text == text
    assert told is None and article.warnings == () or told in article.warnings[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It’s the mayor’s “plan”".encode().decode("cp1252", "replace"), "â€™"),
        ("Café au lait".encode().decode("cp1252"), "Ã©"),
        ("Half \ufffd gone", "�"),
        ("5\xa0£ each".encode().decode("cp1252"), "Â"),
    ],
)
def test_wrongly_decoded_text_is_named_and_left_alone(tmp_path, text, shown):
    path = tmp_path / "note.txt"
    path.write_text(text, encoding="utf-8")
    article = read(path)
    assert article.text == text
    (warning,) = article.warnings
    assert "wrongly decoded" in warning and shown in warning


@pytest.mark.parametrize("text", ["São Paulo, NÃO, Âge", "naïve café, 5 € – “so”", "Ça va? À bientôt"])
def test_right_text_is_not_suspected(text):
    assert decoding.suspect(text) == ()


def test_a_few_bad_bytes_do_not_spoil_utf8(tmp_path):
    path = tmp_path / "note.txt"
    path.write_bytes(UMLAUTS.encode() + b" \xff end")
    article = read(path)
    assert article.text == UMLAUTS + " \ufffd end"
    assert "wrongly decoded" in article.warnings[0]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The dam broke\n\nIt was noon. Nobody was hurt.", "The dam broke"),
        ("Advertisement\n\nThe dam broke\n\nIt was noon.", "The dam broke"),
        ("The dam broke at noon.\n\nNobody was hurt.", None),
        ("The dam broke\nNobody was hurt.", None),
        ("The dam broke", None),
        ("LEAVE A REPLY", None),
        ("The dam broke " * 20 + "\n\nNobody was hurt.", None),
    ],
)
def test_a_first_line_that_stands_alone_is_the_title(tmp_path, text, title):
    path = tmp_path / "note.txt"
    path.write_text(text, encoding="utf-8")
    assert read(path).title == title
    assert read(path).text == text


def test_standard_input(tmp_path):
    code = "from rhetoric.reading import read; a = read('-'); print(a.id, repr(a.text))"
    ran = subprocess.run([sys.executable, "-c", code], input="Bürger.\r\n".encode(), capture_output=True, check=True)
    assert ran.stdout.decode().strip() == "stdin 'Bürger.\\r\\n'"
    assert ran.stderr == b""


# --- Markdown ---------------------------------------------------------------------------------------------------------

MARKDOWN = """\
---
title: "The bridge"
author: Ada Quill
date: 2021-05-03
source: Vell Courier
url: https://courier.example/bridge
mood: grim
---
## The *first* part

The [mayor](https://example.org "M") said **no** to `it`,
and left ![a photo](x.png)early.

> We looked at every beam.
>
> None will hold.
>
> — The inspector

- one thing
- another thing

A &amp; B \\*star\\* <b>bold</b>
"""


def test_markdown_becomes_plain_words(tmp_path):
    path = tmp_path / "bridge.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    article = read(path)
    assert article.text.split("\n\n") == [
        "The first part",
        "The mayor said no to it, and left early.",
        "“We looked at every beam.",
        "“None will hold.”",
        "— The inspector",
        "one thing",
        "another thing",
        "A & B *star* bold",
    ]
    assert (article.title, article.byline, article.published) == ("The bridge", "Ada Quill", "2021-05-03")
    assert (article.outlet, article.url, article.id) == ("Vell Courier", "https://courier.example/bridge", "bridge")


def test_the_first_heading_of_markdown_is_its_title(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# The bridge\n\nIt fell.\n\n# Later\n\nIt stood.", encoding="utf-8")
    assert (read(path).title, read(path).text) == ("The bridge", "It fell.\n\nLater\n\nIt stood.")


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_page_gives_its_article_and_nothing_else():
    article = read_html(PAGE)
    assert article.title == "The bridge stays shut"
    assert (article.outlet, article.byline, article.published) == ("Vell Courier", "Ada Quill", "2021-05-03")
    assert article.url == "https://courier.example/bridge"
    filler = FILLER.strip()
    assert article.text.split("\n\n") == [
        "The old bridge of Vell will stay shut all year, the mayor said.",
        " ".join([filler] * 3),
        "“We looked at every beam.",
        "“None of them would hold a cart.”",
        "The mayor called it “a bad day” and left.",
        " ".join([filler] * 2),
        "The north arch is cracked.",
        "The south arch is worse.",
    ]
    assert article.warnings == ("Quotation marks were put round 1 block quote.",)


def test_the_address_given_wins_over_the_one_on_the_page():
    assert read_html(PAGE, url="https://mirror.example/x").url == "https://mirror.example/x"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-2"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_page_is_decoded_as_it_declares(encoding, declared):
    page = PAGE.replace('<meta charset="utf-8">', f'<meta charset="{encoding}">' if declared else "")
    page = page.replace("The north arch", "Die Brücke über den Fluss")
    if encoding == "iso-8859-2":
        page = page.replace("Ada Quill", "Ada Łukasz" if declared else "Ada Quill")
    article = read_html(page.encode(encoding))
    assert "Die Brücke über den Fluss is cracked." in article.text
    assert article.byline == ("Ada Łukasz" if declared and encoding == "iso-8859-2" else "Ada Quill")
    guessed = not declared and encoding in ("windows-1252", "iso-8859-2")
    assert any("Windows-1252" in warning for warning in article.warnings) == guessed


def test_teasers_below_the_article_are_cut():
    teasers = "".join(f"<p>{FILLER}And so the story number {i} goes... <a href='/{i}'>more</a></p>" for i in range(3))
    page = f"<html><title>The dam</title><body><div class='post'><p>{FILLER * 9}</p>{teasers}</div></body></html>"
    assert read_html(page).text == " ".join([FILLER.strip()] * 9)


def test_the_name_of_the_site_is_no_part_of_the_title():
    page = PAGE.replace("<h1>The bridge stays shut</h1>", "")
    assert read_html(page).title == "The bridge stays shut"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", "empty"),
        (b"", "empty"),
        ("<html><body></body></html>", "no article"),
        ("<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
        ("<div>" * 400 + FILLER * 9 + "</div>" * 400, "deeper than 256"),
        (b"%PDF-1.7 ...", "PDF"),
    ],
)
def test_pages_without_an_article_are_refused(page, said):
    with pytest.raises(ReadError, match=said):
        read_html(page)


def test_a_saved_page_is_known_by_its_content_too(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(PAGE, encoding="utf-8")
    a, b = read_many([tmp_path])
    assert a.text == b.text and (a.id, b.id) == ("a", "b")


@needs_shared
@pytest.mark.parametrize(
    ("name", "title", "outlet", "begins", "ends", "without"),
    [
        (
            "bbc.com.52241221",
            "Coronavirus: New York",
            "BBC News",
            "Images have",
            "Health",
            ["A SIMPLE GUIDE", "cookies"],
        ),
        ("cbsnews.com.carolina", "Black voters", "CBS News", "The stakes", "to know,", ["Download our", "Sign up"]),
        ("haitiantimes.com-family", "Family seeks", "The Haitian", "WEST PALM", "this story.", ["Related", "Leave a"]),
        ("japantimes.co.jp.surgical", "Losing face", "The Japan Times", "KOBE", "in China.", ["Subscribe", "LATEST"]),
        (
            "kaieteurnewsonline.com-essequibo",
            "Essequibo",
            "Kaieteur",
            "Latest update",
            "2022",
            ["... more", "libellous"],
        ),
        (
            "latimes.com.bloomberg",
            "As his first",
            "Los Angeles",
            "WASHINGTON",
            "are over.",
            ["Newsletter", "Advertisement"],
        ),
        (
            "medicalnewstoday.com.318674",
            "How does",
            "Medical News",
            "Neuroscience",
            "generally,",
            ["Share on", "newsletter"],
        ),
        ("mercurynews.com.2023.01.16.letters-1119", "Letters:", "The Mercury", "Submit", "Clayton", ["Join the"]),
        ("reuters.com.parasite", "'Parasite'", "Reuters", "LOS ANGELES", "Principles.", ["Min Read", "SLIDESHOW"]),
    ],
)
def test_real_pages_are_clean(name, title, outlet, begins, ends, without):
    article = read(SHARED / f"articles/pages/{name}.html")
    paragraphs = article.text.split("\n\n")
    assert article.title.startswith(title) and article.outlet.startswith(outlet)
    assert article.published and article.url.startswith("https://")
    assert paragraphs[0].startswith(begins) and ends in paragraphs[-1]
    assert not [word for word in without if word in article.text]
    long = [p for p in paragraphs if len(p) > 40]
    assert len(long) == len(set(long)) and all(p == " ".join(p.split()) for p in paragraphs)
    assert sum(not s.junk for s in split_sentences(article.text)) > 5


# --- folders, patterns, several ---------------------------------------------------------------------------------------


def test_folders_are_read_in_order_with_ids_of_their_own(tmp_path):
    for name in (
        "b.txt",
        "a.txt",
        "a.md",
        "sub/a.txt",
        ".hidden.txt",
        "x_files/ad.html",
        "README.md",
        "pic.png",
        "feed.xml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Text of {name.partition('.')[0]}.", encoding="utf-8")
    found = list(read_many([tmp_path]))
    assert [a.text for a in found] == ["Text of a.", "Text of a.", "Text of b.", "Text of sub/a."]
    ids = [a.id for a in found]
    assert ids[0] == "a" and ids[2] == "b" and len(set(ids)) == 4
    assert [a.id for a in read_many([tmp_path])] == ids
    with pytest.raises(ReadError, match="more than one article; use read_many"):
        read(tmp_path)
    (tmp_path / "one").mkdir()
    (tmp_path / "one/only.txt").write_text("The only one.", encoding="utf-8")
    assert read(tmp_path / "one").text == "The only one."


def test_patterns(tmp_path):
    for name in ("b.txt", "a.txt", "c.log", "deep/down/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    assert [a.id for a in read_many([f"{tmp_path}/*.txt"])] == ["a", "b"]
    assert [a.id for a in read_many([f"{tmp_path}/**/*.txt"])] == ["a", "b", "d"]
    assert [a.id for a in read_many([tmp_path / "c.log"])] == ["c"]
    strange = tmp_path / "what [1].txt"
    strange.write_text("Odd name.", encoding="utf-8")
    assert read(strange).text == "Odd name."
    assert "no file matches" in failure(f"{tmp_path}/*.xyz")


def test_one_bad_input_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.txt").write_text("Good.", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02\x03" * 50)
    (tmp_path / "c.txt").write_text("Good too.", encoding="utf-8")
    found = list(read_many([tmp_path, tmp_path / "gone.txt"]))
    assert [type(f) for f in found] == [Article, Failure, Article, Failure]
    assert found[1].source == str(tmp_path / "b.txt")


def test_a_single_source_need_not_stand_in_a_list(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Good.", encoding="utf-8")
    assert [a.text for a in read_many(str(path))] == ["Good."]


# --- tables -----------------------------------------------------------------------------------------------------------

ROWS = [
    {"key": "n1", "Headline": "The dam", "Body": "The dam “broke”.", "Source": "Vell Courier", "Date": "2021-05-03"},
    {"key": "n2", "Headline": "", "Body": "It held,\nthey say.", "Source": "", "Date": None},
]


def write_table(path, rows):
    kind = path.suffix
    if kind == ".jsonl":
        path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    elif kind == ".json":
        path.write_text(json.dumps(rows), encoding="utf-8")
    elif kind == ".parquet":
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    else:
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), delimiter="\t" if kind == ".tsv" else ",")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("kind", ["jsonl", "json", "csv", "tsv", "parquet"])
def test_tables(tmp_path, kind):
    one, two = read_many([write_table(tmp_path / f"news.{kind}", ROWS)])
    assert one == Article(
        "The dam “broke”.",
        id="n1",
        title="The dam",
        outlet="Vell Courier",
        published="2021-05-03",
        warnings=("Columns: text from 'Body', id from 'key', title from 'Headline', outlet from "
                  "'Source', published from 'Date'.",),
    )  # fmt: skip
    assert (two.id, two.text, two.title, two.outlet, two.published) == ("n2", "It held,\nthey say.", None, None, None)
    with pytest.raises(ReadError, match="more than one article"):
        read(tmp_path / f"news.{kind}")


def test_a_table_of_one_article_can_be_read(tmp_path):
    article = read(write_table(tmp_path / "news.jsonl", [{"text": "The dam held."}]))
    assert article == Article("The dam held.", id="news-1")


def test_the_text_column_can_be_named(tmp_path):
    path = write_table(tmp_path / "news.csv", [{"title": "The dam", "lead": "It broke."}])
    assert [a.text for a in read_many([path], text_column="lead")] == ["It broke."]
    assert [a.title for a in read_many([path], text_column="title")] == [None]
    assert "no text column (it has: title, lead)" in failure(path)
    assert "no column 'corpus' (it has: title, lead)" in failure(path, text_column="corpus")


def test_rows_of_json_need_not_have_the_same_columns(tmp_path):
    rows = [{"note": "x"}, {"text": "One."}, {"Title": "T", "date": "2025-01-02", "text": "Two."}, {"body": "Three."}]
    path = write_table(tmp_path / "news.jsonl", rows)
    found = list(read_many([path]))
    assert isinstance(found[0], Failure) and [a.text for a in found[1:]] == ["One.", "Two.", "Three."]
    assert (found[2].title, found[2].published) == ("T", "2025-01-02")


@pytest.mark.parametrize("kind", ["jsonl", "json"])
def test_half_a_surrogate_pair_in_json_is_a_question_mark(tmp_path, kind):
    path = tmp_path / f"t.{kind}"
    row = {"id": "a\udfff", "text": "A \ud800\ud800 and \U0001f600.", "title": "\udc00 t", "authors": ["\ud83d", "B"]}
    rows = [row, {"a\udbff": "no text"}]
    path.write_text(json.dumps(rows) if kind == "json" else "\n".join(map(json.dumps, rows)), encoding="utf-8")
    article, lost = read_many([path])
    assert (article.id, article.text, article.title, article.byline) == ("a?", "A ?? and \U0001f600.", "? t", "?, B")
    assert "(it has: a?)" in lost.message


def test_bad_rows_are_told_by_number(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text(
        '{"text": "One."}\n{"text": \n\n[1]\n{"text": ""}\n{"text": "Two."}\n{"other": 1}\n{}\n{"text": "Three."}\n',
        encoding="utf-8",
    )
    found = list(read_many([path]))
    assert [f.text if isinstance(f, Article) else f.source.rpartition(":")[2] for f in found] == [
        *("One.", "2", "4", "5", "Two.", "7", "8", "Three."),
    ]
    assert "7: this row has no text column (it has: other)" in found[5].message
    assert found[1].message.startswith(f"{path}:2: this line is no JSON")
    assert found[0].id == "news-1" and found[4].id == "news-6"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_tables_in_other_encodings(tmp_path, kind, encoding):
    path = tmp_path / f"news.{kind}"
    rows = "".join(json.dumps({"text": UMLAUTS}, ensure_ascii=False) + "\n" for _ in range(900))
    path.write_text(rows if kind == "jsonl" else "text\n" + f'"{UMLAUTS}"\n' * 900, encoding=encoding)
    found = list(read_many([path]))
    assert len(found) == 900 and {a.text for a in found} == {UMLAUTS}
    assert any("Windows-1252" in w for w in found[-1].warnings) == (encoding == "cp1252")


def test_same_ids_in_a_table_are_told_apart(tmp_path):
    found = list(read_many([write_table(tmp_path / "news.jsonl", [{"id": 7, "text": f"Text {i}."} for i in range(3)])]))
    ids = [a.id for a in found]
    assert ids[0] == "7" and len(set(ids)) == 3 and all(i.startswith("7") for i in ids)
    assert ids == [a.id for a in read_many([tmp_path / "news.jsonl"])]


def test_parquet_without_pyarrow_names_the_extra(tmp_path, monkeypatch):
    path = tmp_path / "news.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'rhetoric-analyzer[batch]'" in failure(path)


# --- feeds ------------------------------------------------------------------------------------------------------------

RSS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY lol "lol">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Vell Courier</title><link>https://courier.example/</link>
<item><title>The dam</title><link>https://courier.example/dam</link><dc:creator>Ada Quill</dc:creator>
<pubDate>Mon, 03 May 2021 08:00:00 +0000</pubDate><description>In short.</description>
<content:encoded><![CDATA[<p>The dam <b>broke</b>.<br/>It was noon.</p><blockquote>We ran.</blockquote>
<script>x()</script><p>Nobody &amp; nothing was hurt.</p>]]></content:encoded></item>
<item><title>The mill</title><description>It &lt;i&gt;burned&lt;/i&gt; down.</description></item>
<item><title>The lake</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Vell Courier</title><entry><title>The dam</title>
<link rel="edit" href="https://courier.example/edit"/><link href="https://courier.example/dam"/>
<author><name>Ada Quill</name></author><updated>2021-05-03T08:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>The dam broke.</p></div></content></entry></feed>"""


def test_feeds(tmp_path):
    (tmp_path / "a.xml").write_text(RSS, encoding="utf-8")
    (tmp_path / "b.xml").write_text(ATOM, encoding="utf-8")
    dam, mill, lake = read_many([tmp_path / "a.xml"])
    assert dam == Article(
        "The dam broke.\n\nIt was noon.\n\n“We ran.”\n\nNobody & nothing was hurt.",
        id="courier.example-dam",
        title="The dam",
        url="https://courier.example/dam",
        outlet="Vell Courier",
        byline="Ada Quill",
        published="2021-05-03",
        warnings=("Quotation marks were put round 1 block quote.",),
    )
    assert (mill.text, mill.id, mill.warnings) == (
        "It burned down.",
        "a-2",
        ("The feed carries only a summary of this article.",),
    )
    assert isinstance(lake, Failure) and "no text" in lake.message
    atom = read(tmp_path / "b.xml")
    assert (atom.text, atom.title, atom.byline) == ("The dam broke.", "The dam", "Ada Quill")
    assert (atom.outlet, atom.url, atom.published) == ("Vell Courier", "https://courier.example/dam", "2021-05-03")


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("gone.txt", None, "there is no such file"),
        ("gone.jsonl", None, "cannot be opened"),
        ("a.txt", b"", "this is empty"),
        ("a.txt", b" \n\t", "nothing but white space"),
        ("a.md", b"", "this is empty"),
        ("a.html", b"", "this is empty"),
        ("a.jsonl", b"", "the table is empty"),
        ("a.csv", b"\n\n", "the table is empty"),
        ("a.csv", b"text,title\n", "no rows"),
        ("a.json", b"{", "this is no JSON"),
        ("a.parquet", b"text", "no Parquet table"),
        ("a.txt", b"\x7fELF\x02\x01\x01\x00" + bytes(200), "binary"),
        ("a.csv", bytes(range(32)) * 90, "binary"),
        ("a.txt", b"%PDF-1.7 \xe2\xe3", "a PDF"),
        ("a.docx", b"PK\x03\x04abc", "an office document"),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("a.xml", b"<?xml version='1.0'?><rss version='2.0'></rss>", "no entries"),
        ("a.html", b"<html><body><p>.</p></body></html>", "no article"),
    ],
)
def test_errors_name_the_input_and_say_what_to_do(tmp_path, name, data, said):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    message = failure(path)
    assert message.startswith(str(path)) and said in message


def test_an_empty_folder_is_told(tmp_path):
    assert ".html" in failure(tmp_path)


def test_an_unreadable_file_is_told(tmp_path):
    path = tmp_path / "a.txt"
    path.symlink_to(path)
    assert "cannot be opened" in failure(path)
    assert "cannot be opened" in failure("a\0b.txt")


def test_a_file_that_is_too_large_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "FILE_BYTES", 1_000)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 1_000)
    assert len(read(path).text) == 1_000
    path.write_bytes(b"x" * 1_001)
    assert "split it" in failure(path)


def test_a_deep_page_and_deep_json_are_told(tmp_path):
    (tmp_path / "a.html").write_text("<div>" * 5_000 + FILLER, encoding="utf-8")
    assert "nested deeper than 256" in failure(tmp_path / "a.html")
    (tmp_path / "a.html").write_text("<p>The dam.</p>" * 60_000, encoding="utf-8")
    assert "more than 50000 elements" in failure(tmp_path / "a.html")
    (tmp_path / "a.jsonl").write_text("[" * 100_000, encoding="utf-8")
    assert "nested too deep" in failure(tmp_path / "a.jsonl")


# --- addresses --------------------------------------------------------------------------------------------------------


class Site(BaseHTTPRequestHandler):
    """A site with a page, and with every fault."""

    def do_GET(self):  # noqa: N802
        where, _, rest = self.path[1:].partition("/")
        getattr(self, f"send_{where.partition('?')[0]}")(rest)

    def answer(self, data, kind="text/html", status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def send_page(self, rest):
        self.answer(PAGE.replace('<meta charset="utf-8">', "").encode("iso-8859-2"), "text/html; charset=iso-8859-2")

    def send_plain(self, rest):
        self.answer(b"Plain words.\r\n", "text/plain")

    def send_packed(self, rest):
        self.answer(gzip.compress(PAGE.encode()), Content_Encoding="gzip")

    def send_bomb(self, rest):
        self.answer(gzip.compress(b" " * 30_000_000), Content_Encoding="gzip")

    def send_large(self, rest):
        self.answer(b"x" * 2_000)

    def send_pdf(self, rest):
        self.answer(b"%PDF", "application/pdf")

    def send_missing(self, rest):
        self.answer(b"no", status=404)

    def send_short(self, rest):
        self.answer(PAGE.encode(), Content_Length="99999")

    def send_loop(self, rest):
        self.answer(b"", status=302, Location=f"/loop/{rest}x")

    def send_to(self, rest):
        self.answer(b"", status=301, Location=rest)

    def send_slow(self, rest):
        self.send_response(200)
        self.end_headers()
        self.drip()

    def send_silent(self, rest):
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        self.drip()

    def drip(self):
        for _ in range(200):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_is_read(site):
    article = read(f"{site}/page?a=b c", allow_private=True)
    assert article.title == "The bridge stays shut"
    assert article.url == f"{site}/page?a=b c"
    assert article.id == "127.0.0.1-page"
    assert read(f"{site}/plain", allow_private=True).text == "Plain words.\r\n"
    assert read(f"{site}/packed", allow_private=True).text == article.text


def test_redirects_are_followed_to_a_limit(site):
    article = read(f"{site}/to/{site}/page", allow_private=True)
    assert article.url == f"{site}/page" and article.title == "The bridge stays shut"
    with pytest.raises(ReadError, match="more than 5 redirects"):
        read(f"{site}/loop/", allow_private=True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("missing", "404"),
        ("pdf", "application/pdf"),
        ("short", "cannot be fetched"),
        ("bomb", "larger than 10 MB"),
        ("to/file:///etc/passwd", "only http and https"),
    ],
)
def test_what_a_server_may_answer_with(site, path, said):
    with pytest.raises(ReadError, match=said):
        read(f"{site}/{path}", allow_private=True)


def test_a_page_larger_than_the_limit_is_told(site, monkeypatch):
    monkeypatch.setattr(fetching, "URL_BYTES", 1_000)
    with pytest.raises(ReadError, match="larger than 0.001 MB"):
        read(f"{site}/large", allow_private=True)


@pytest.mark.parametrize("path", ["slow", "silent"])
def test_a_slow_server_is_left_in_time(site, monkeypatch, path):
    monkeypatch.setattr(fetching, "URL_SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(ReadError, match=r"no whole answer within 0\.5 seconds"):
        read(f"{site}/{path}", allow_private=True)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "0.0.0.0",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("[::1]", "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[::]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *("224.0.0.1", "255.255.255.255", "2130706433", "127.1", "0x7f.1"),
    ],
)
def test_private_addresses_are_refused(host):
    with pytest.raises(ReadError, match="private or reserved|cannot be fetched"):
        read(f"http://{host}/")


def test_a_name_or_a_redirect_that_leads_inside_is_refused(site, monkeypatch):
    port = site.rpartition(":")[2]
    with pytest.raises(ReadError, match="localhost is the private or reserved address"):
        read(f"http://localhost:{port}/page")
    true_look_up = fetching._is_public
    monkeypatch.setattr(fetching, "_is_public", lambda address: address == "127.0.0.1" or true_look_up(address))
    assert read(f"{site}/page").title == "The bridge stays shut"
    with pytest.raises(ReadError, match=r"127\.0\.0\.2 is the private"):
        read(f"{site}/to/http://127.0.0.2:{port}/page")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://example.org/a", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "names no host"),
        ("http://[::1/", "no address"),
        ("http://example.org:99999/", "no address"),
        ("http://127.0.0.1:1/", "cannot be fetched"),
    ],
)
def test_addresses_that_are_none(address, said):
    (found,) = list(read_many([address], allow_private=True))
    assert said in found.message and found.message.startswith(address)
