"""A run over every kind of source, twice, with what is bad among it; its commands and its configuration."""

from __future__ import annotations

import configparser
import csv
import gzip
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from collections_of import OUTLETS, article, contents, write_table
from pyarrow import parquet

import rhetoric
from rhetoric.cli import commands
from rhetoric.decoding import HEAD
from rhetoric.frames import KEYS, TABLES, score_tables
from rhetoric.languages import language_of

ROOT = Path(__file__).resolve().parents[1]


def run(*args: object) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(commands, [str(arg) for arg in args])


def batch(store: Path, *args: object, code: int = 0) -> Result:
    done = run("batch", *args, "--store", store, "--jobs", 1)
    assert done.exit_code == code, done.output
    return done


def ids(store: Path) -> list[str]:
    return sorted(json.loads(row)["id"] for row in contents(store)["articles"])


def test_every_kind_of_table_packed_or_not(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_table(folder / "a.jsonl", range(2))
    with gzip.open(folder / "b.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(article(2)) + "\n")
    with (
        pa.OSFile(str(folder / "c.jsonl.zst"), "wb") as raw,
        pa.CompressedOutputStream(raw, "zstd") as packed,
    ):
        packed.write(json.dumps(article(3)).encode() + b"\n")
    with (folder / "d.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, article(4))
        writer.writeheader()
        writer.writerow(article(4))
    parquet.write_table(pa.Table.from_pylist([article(5)]), folder / "e.parquet")
    (folder / "f.parquet.gz").write_bytes(gzip.compress(_parquet(article(6))))
    (folder / "g.txt").write_text(article(7)["text"], encoding="utf-8")
    (folder / "h.html").write_text(
        f"<html><body><article><h1>Bridge</h1><p>{article(8)['text']}</p></article></body></html>", encoding="utf-8"
    )
    store = tmp_path / "store"
    done = batch(store, folder)
    assert "columns: published from 'date'" in done.stderr
    assert ids(store) == ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "g", "h"]
    again = batch(store, folder)
    assert again.stdout == f"0 new articles: 0 sentences, 0 findings -> {store}\nknown: 0 articles, 8 whole sources\n"
    first = next(row for row in map(json.loads, contents(store)["articles"]) if row["id"] == "a1")
    assert (first["outlet"], first["url"], first["day"]) == (OUTLETS[1], "https://courier.example/1", "2025-02-02")


def test_what_rhetoric_wrote_is_no_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        Path(f"{name}.txt").write_text(article(len(name) + ord(name[0]))["text"], encoding="utf-8")
    assert run("report", ".", "-o", "kept/pages", "--format", "html,md,json,csv").exit_code == 0
    assert run("compare", "one.txt", "two.txt", "-o", "kept/both.html").exit_code == 0
    Path("kept/moved.html").write_bytes(Path("kept/pages/one.html").read_bytes())
    store = Path("inside/st")
    assert batch(store, ".").stdout.startswith("2 new articles: ")
    again = batch(store, ".")
    assert again.stdout == f"0 new articles: 0 sentences, 0 findings -> {store}\nknown: 0 articles, 2 whole sources\n"
    assert again.stderr == ""
    for source in (".", "**/*"):
        told = run("report", source, "-o", "elsewhere")
        assert (told.stdout.splitlines()[-1], told.stderr) == ("2 articles: elsewhere/index.html", "")
    refused = run("report", store)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"Error: {store}: this is a store; ")
    assert len(rhetoric.analyze_many(".")) == 2
    assert run("report", "kept/moved.html", "-o", "asked").exit_code == 0, "a file that is named is read"


def _parquet(row: dict[str, object]) -> bytes:
    out = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_pylist([row]), out)
    return out.getvalue().to_pybytes()


def test_rows_are_those_of_the_analysis(tmp_path: Path) -> None:
    store = tmp_path / "store"
    batch(store, write_table(tmp_path / "a.jsonl", range(3)))
    opened = rhetoric.open_store(store)
    one = article(1)
    analysis = rhetoric.Analyzer.load()(rhetoric.Article(one["text"], title=one["title"]))
    own = opened.frame("articles").set_index("id").loc["a1", "article"]
    for table in ("sentences", "findings", "ledger"):
        kept = opened.frame(table)
        kept = kept[kept["article"] == own].drop(columns=["article", "outlet", "day"]).reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, analysis.frame(table), check_categorical=False)
    row = opened.frame("articles").set_index("id").loc["a1"]
    assert row["words"] == analysis.to_dict()["summary"]["words"]
    assert row["headline_charged"] == analysis.headline.sentence.charged


def test_the_same_text_twice_is_one_article_and_a_new_text_is_a_new_edition(tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "a.jsonl"
    first, twin = (
        article(1),
        article(1) | {"id": "twin", "url": "https://post.example/1", "outlet": "Vell Evening Post"},
    )
    later = article(1) | {"id": "later", "text": article(1)["text"] + " The bridge was opened again."}
    path.write_text("\n".join(map(json.dumps, (first, twin, later))) + "\n", encoding="utf-8")
    batch(store, path)
    found = rhetoric.open_store(store)
    assert found.frame("articles")[["id", "edition"]].to_numpy().tolist() == [["a1", 1], ["later", 2]]
    assert [(place["id"], place["url"]) for place in found.places() if place["id"] != "later"] == [
        ("a1", "https://courier.example/1"),
        ("twin", "https://post.example/1"),
    ]
    path.write_text(path.read_text(encoding="utf-8") + json.dumps(article(2)) + "\n", encoding="utf-8")
    assert "1 new article:" in batch(store, path).stdout
    assert ids(store) == ["a1", "a2", "later"]


GERMAN = (
    "Der Stadtrat hat am Montag beschlossen, die alte Brücke für ein Jahr zu sperren. Das sagte die Bürgermeisterin."
)


def test_bad_articles_are_told_and_the_run_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    lines = [json.dumps(article(1)), "no json", "[1]", json.dumps({"id": "empty", "text": " "})]
    lines += [json.dumps({"id": "long", "text": "The bridge is closed. " * 230_000})]
    lines += [
        "[" * 100_000,
        json.dumps({"id": "german", "text": GERMAN}),
        json.dumps({"id": "half", "text": "A \ud800 b."}),
    ]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "b.txt").write_bytes(b"x" * 50_000_000)
    (folder / "c.txt").write_bytes(b"")
    (folder / "d.txt").write_bytes(bytes(range(256)) * 10)
    (folder / "e.txt").write_bytes(
        "Der Kaffee kostet im Caf\xe9 zwei Kronen, said the owner of the caf\xe9.".encode("latin-1")
    )
    (folder / "f.html").write_text("<div>" * 200_000 + "The bridge is closed." + "</div>" * 200_000, encoding="utf-8")
    (folder / "g.jsonl.gz").write_bytes(gzip.compress(json.dumps(article(2)).encode() * 50)[:-40])
    store = tmp_path / "store"
    done = batch(store, folder, code=3)
    assert "failed: " in done.stdout and "in another language: 1" in done.stdout
    assert {"a1", "half"} <= set(ids(store))
    said = run("store", store, "failures").stdout
    for line in (
        rf"{folder}/a.jsonl:2: this line is no JSON",
        rf"{folder}/a.jsonl:3: this is no JSON object",
        rf"{folder}/a.jsonl:4: there is no text",
        r"long: longer than 500,000 characters; split it",
        rf"{folder}/a.jsonl:6: this line is no JSON \(nested too deep\)",
        r"german: language de",
        rf"{folder}/b.txt: the file has 50.0 MB",
        rf"{folder}/c.txt: this is empty",
        rf"{folder}/d.txt: this is binary",
        rf"{folder}/g.jsonl.gz: the file breaks off or is damaged",
    ):
        assert re.search(f"^{line}", said, re.M), line
    assert batch(store, folder).stdout.startswith("0 new articles")
    assert "1 new article:" in batch(store, folder, "--language", "any", code=3).stdout
    assert "german" in ids(store)


def test_languages_are_told_also_where_english_is_quoted() -> None:
    dutch = (
        "De burgemeester zei maandag dat de brug van Merrin een jaar dicht blijft. „The end of the road”, schreef een"
        " krant over het plan, en dat was of het niet erger kon. De gemeente wil het werk laten doen door een bedrijf"
        " uit Orle, dat ook de haven heeft gebouwd. Volgens de raad kost het plan twee miljoen kronen."
    )
    assert language_of(dutch) == "nl" and language_of(GERMAN) == "de"
    assert language_of(GERMAN + " " + GERMAN + " “The plan and the bridge that they have”, sagte sie.") == "de"
    assert language_of(article(1)["text"]) == language_of("A bridge closed. " * 40) == "en"
    assert language_of("Too short.") is None


def test_failed_articles_are_tried_again_when_asked(tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "a.jsonl"
    path.write_text(json.dumps(article(1)) + "\nno json\n", encoding="utf-8")
    batch(store, path, code=3)
    batch(store, path)
    batch(store, path, "--retry-failed", code=3)
    assert rhetoric.open_store(store).failures()[0]["tries"] == 2
    path.write_text(json.dumps(article(1)) + "\n", encoding="utf-8")
    batch(store, path)
    assert rhetoric.open_store(store).failures() == []


def test_limit_since_and_what_they_leave_for_later(tmp_path: Path) -> None:
    store, path = tmp_path / "store", write_table(tmp_path / "a.jsonl", range(6))
    assert "2 new articles" in batch(store, path, "--limit", 2).stdout
    assert "3 new articles" in batch(store, path, "--since", "2025-04-01").stdout
    batch(store, path)
    assert len(ids(store)) == 6


MINE = """
signal = "charged"
category = "local"
why = "Local name-calling."
source = "Written by us."
licence = "MIT"
terms = ["entry"]
[examples]
hit = [["It was an entry.", "entry"]]
miss = ["It was nothing."]
"""


def lexicon(folder: Path) -> Path:
    (folder / "charged").mkdir(parents=True)
    (folder / "charged" / "local.toml").write_text(MINE, encoding="utf-8")
    return folder


def test_rows_of_different_lexicons_are_not_mixed_unnoticed(tmp_path: Path) -> None:
    mine = lexicon(tmp_path / "mine")
    store, path = tmp_path / "store", write_table(tmp_path / "a.jsonl", range(4))
    batch(store, path, "--limit", 2)
    done = batch(store, path, "--lexicon", mine)
    assert "2 articles were scored by another model or other lexicons; --rescore does them again" in done.stderr
    with pytest.raises(rhetoric.StoreError, match="of different models or lexicons.*--rescore"):
        rhetoric.open_store(store).frame("articles")
    assert len(rhetoric.open_store(store, model="newest").frame("articles")) == 2
    assert len(rhetoric.open_store(store, model="all").frame("articles")) == 4
    assert rhetoric.open_store(store, model="newest").outlets() == {OUTLETS[0]: 1, OUTLETS[2]: 1}
    assert rhetoric.open_store(store, model="all").outlets() == {OUTLETS[1]: 1, OUTLETS[2]: 1, OUTLETS[0]: 2}
    path.unlink()
    done = batch(store, "--rescore", "--lexicon", mine)
    assert "2 articles scored again" in done.stdout
    found = rhetoric.open_store(store)
    assert len(found.frame("articles")) == 4
    assert (found.frame("ledger")["category"] == "local").sum() >= 4
    contents(store)  # no file of the old part is left
    assert batch(store, "--rescore", "--lexicon", mine).stdout.startswith("0 new articles")


def test_a_part_that_cannot_be_scored_again_whole_stays_as_it_was(tmp_path: Path) -> None:
    store, path = tmp_path / "store", write_table(tmp_path / "a.jsonl", range(2))
    sentence = "The council of Merrin said on Monday that the reckless plan will inevitably ruin {} towns. "
    endless = {"id": "endless", "text": "".join(sentence.format(n) for n in range(5000))}
    path.write_text(path.read_text(encoding="utf-8") + json.dumps(endless) + "\n", encoding="utf-8")
    batch(store, path)
    before = contents(store)
    again = ["--rescore", "--lexicon", lexicon(tmp_path / "mine")]
    done = batch(store, *again, "--time-limit", 0.4, code=3)
    assert done.stdout.splitlines()[1].startswith("failed: 1"), done.stdout
    ((source, place, reason, article),) = contents(store)["failures"]
    own = next(row["article"] for row in map(json.loads, before["articles"]) if row["id"] == "endless")
    assert (source, place, article) == ("articles/part-00000001.parquet", own, own)
    assert "it took longer than 0.4 seconds" in reason and "its part stays as it was" in reason
    assert contents(store) == before | {"failures": contents(store)["failures"]}
    assert not list((store / ".aside").iterdir())
    assert "3 articles scored again" in batch(store, *again).stdout
    assert ids(store) == ["a0", "a1", "endless"] and contents(store)["failures"] == []


def test_frames_by_day_and_outlet_open_only_the_parts_that_hold_them(tmp_path: Path) -> None:
    store = tmp_path / "store"
    batch(store, write_table(tmp_path / "a.jsonl", range(12)), "--part-size", 3)
    found = rhetoric.open_store(store)
    whole = found.frame("sentences")
    some = found.frame("sentences", since="2025-03-01", until="2025-03-31", outlet=OUTLETS[2])
    wanted = whole[(whole["day"] >= "2025-03-01") & (whole["day"] <= "2025-03-31") & (whole["outlet"] == OUTLETS[2])]
    pd.testing.assert_frame_equal(some, wanted.reset_index(drop=True), check_categorical=False)
    assert len(some)
    assert list(found.frame("findings", columns=["text", "grade"]).columns) == ["text", "grade"]
    assert sum(len(frame) for frame in found.frames("sentences")) == len(whole)
    assert found.outlets() == dict.fromkeys(sorted(OUTLETS), 4)
    for path in (store / "sentences").iterdir():
        if path.name not in ("part-00000001.parquet", "part-00000003.parquet"):
            path.write_bytes(b"broken")
    assert len(found.frame("sentences", since="2025-03-01", until="2025-03-31", outlet=OUTLETS[2])) == len(some)
    with pytest.raises(rhetoric.StoreError, match="cannot be read .* verify` names it"):
        found.frame("sentences")
    with pytest.raises(rhetoric.StoreError, match="no table 'words'; there are articles, sentences"):
        found.frame("words")  # type: ignore[arg-type]


def test_score_frame_keeps_rows_index_and_columns() -> None:
    rows = [article(1), article(2) | {"text": None}, article(3) | {"text": GERMAN}, article(4)]
    frame = pd.DataFrame(rows, index=["w", "x", "y", "z"]).rename(columns={"text": "body"})
    scored = rhetoric.score_frame(frame, text="body")
    assert list(scored.index) == ["w", "x", "y", "z"]
    assert scored["skipped"].tolist()[1:3] == ["no text: fill the row or leave it out", "language de"]
    assert scored["skipped"].isna().tolist() == [True, False, False, True]
    alone = pd.concat([rhetoric.score_frame(frame.iloc[[i]], text="body") for i in range(4)])
    pd.testing.assert_frame_equal(alone, scored)
    empty = rhetoric.score_frame(frame.iloc[:0], text="body")
    assert list(empty.columns) == list(scored.columns)
    assert empty.dtypes.tolist() == scored.dtypes.tolist()
    assert scored["sentence_rows"]["w"][0]["start"] == 0 and scored["sentence_rows"]["x"] == []
    tables, why = score_tables(frame, text="body")
    assert why == scored["skipped"].dropna().to_dict()
    for name, table in TABLES.items():
        rows = [row for own in scored[name] for row in own]
        assert [{k: row[k] for k in row if k not in KEYS} for row in tables[table].to_pylist()] == rows and rows
    with pytest.raises(rhetoric.FrameError, match=r"no column 'text' \(it has: id, title, body"):
        rhetoric.score_frame(frame)


def test_missing_cells_of_a_text_column_are_none() -> None:
    frame = pd.DataFrame({"text": ["The thugs fled.", None], "outlet": ["Orle", None]}, dtype="string")
    scored = rhetoric.score_frame(frame)
    assert scored["outlet"].isna().tolist() == scored["skipped"].notna().tolist() == [False, True]


def test_a_file_whose_name_is_no_utf_8_is_scored(tmp_path: Path) -> None:
    texts, store = tmp_path / "texts", tmp_path / "store"
    texts.mkdir()
    for name, content in ((b"caf\xe9.txt", "The thugs fled. They will return."), (b"\xe9t\xe9.txt", "")):
        (texts / os.fsdecode(name)).write_text(content)
    done = batch(store, texts, code=3)
    assert "failed: 1" in done.output
    assert ids(store) == ["caf?"]
    assert "?t?.txt: this is empty" in run("store", store, "failures").output
    done = run("report", texts, "-o", tmp_path / "reports")
    assert done.exit_code == 3, done.output
    assert (tmp_path / "reports" / "caf.html").is_file()


class Site(BaseHTTPRequestHandler):
    """A feed of two entries with summaries, and the pages that they link to."""

    pages: dict[str, str] = {}
    asked: list[tuple[str, str | None, int]] = []
    agents: set[str] = set()

    def do_GET(self) -> None:  # noqa: N802
        """Answer, and remember what was asked."""
        body = self.pages.get(self.path, "")
        etag = f'"{len(body)}"'
        code = 503 if body == "busy" else 404 if not body else 304 if self.headers["If-None-Match"] == etag else 200
        self.asked.append((self.path, self.headers["If-None-Match"], code))
        self.agents.add(self.headers["User-Agent"])
        self.send_response(code)
        self.send_header("ETag", etag)
        self.send_header("Content-Type", "application/rss+xml" if self.path.endswith("xml") else "text/html")
        self.send_header("Content-Length", str(len(body.encode()) if code == 200 else 0))
        self.end_headers()
        if code == 200:
            self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def served() -> Iterator[str]:
    Site.pages, Site.asked, Site.agents = {}, [], set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(number: int, more: str = "") -> str:
    one = article(number)
    return f"<html><body><article><h1>{one['title']}</h1><p>{one['text']} {more}</p></article></body></html>"


def feed(at: str, numbers: range) -> str:
    items = "".join(
        f"<item><title>Entry {n}</title><link>{at}/{n}.html</link><description>In short, entry {n}.</description>"
        f"<pubDate>Sat, 22 Nov 2025 17:20:00 +0100</pubDate></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Orle Courier</title>{items}</channel></rss>'


def test_feed_of_summaries_is_followed_politely(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with served() as at:
        own = [f"{at}/feed.xml", "--allow-private", "--delay", 0.05, "--user-agent", "desk reader"]
        Site.pages = {"/feed.xml": feed(at, range(1, 4)), "/1.html": page(1), "/2.html": page(2)}
        done = batch(store, *own, code=3)
        assert done.stdout.startswith("2 new articles")
        (failure,) = rhetoric.open_store(store).failures()
        assert failure["place"] == f"{at}/3.html" and "404" in failure["reason"]
        kept = rhetoric.open_store(store).frame("articles")
        assert kept["outlet"].tolist() == ["The Orle Courier"] * 2
        assert kept["day"].dt.strftime("%Y-%m-%d").tolist() == ["2025-11-22"] * 2
        assert Site.agents == {"desk reader"}
        Site.asked.clear()
        Site.pages |= {"/3.html": page(3), "/2.html": page(2, "It is open again.")}
        assert batch(store, *own).stdout.startswith("2 new articles")
        assert [(path, code) for path, _, code in Site.asked] == [
            ("/feed.xml", 200),
            ("/1.html", 304),
            ("/2.html", 200),
            ("/3.html", 200),
        ]
        assert rhetoric.open_store(store).failures() == []
        assert sorted(rhetoric.open_store(store).frame("articles")["edition"]) == [1, 1, 1, 2]
        Site.asked.clear()
        assert batch(store, *own).stdout.startswith("0 new articles")
        assert [(path, code) for path, _, code in Site.asked] == [("/feed.xml", 304)]


def test_list_of_addresses_and_a_busy_server(tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "list.txt"
    with served() as at:
        Site.pages = {"/1.html": page(1), "/2.html": "busy", "/3.html": page(3)}
        path.write_text(f"# pages\n{at}/1.html\n\n{at}/2.html\n{at}/3.html\n", encoding="utf-8")
        assert run("batch", path, "--store", store, "--dry-run").stdout.splitlines()[-1] == "addresses to ask: 3"
        assert Site.asked == []
        done = batch(store, path, "--allow-private", "--delay", 0, code=3)
        assert done.stdout.startswith("1 new article:")
        assert [asked for asked, *_ in Site.asked] == ["/1.html", "/2.html"]
        reasons = [row["reason"] for row in rhetoric.open_store(store).failures()]
        assert "the server is busy (503" in reasons[0] and "left alone in this run" in reasons[1]
        Site.pages["/2.html"] = page(2)
        assert batch(store, path, "--allow-private", "--delay", 0).stdout.startswith("2 new articles")


def test_pages_that_failed_are_asked_again_as_if_new(tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "list.txt"
    with served() as at:
        long = "The bridge is closed. " * 25_000
        Site.pages = {"/1.html": page(1, long), "/2.html": page(2, long), "/feed.xml": feed(at, range(2, 3))}
        path.write_text(f"{at}/1.html\n", encoding="utf-8")
        own = [path, f"{at}/feed.xml", "--allow-private", "--delay", 0]
        batch(store, *own, code=3)
        batch(store, *own)
        assert [row["tries"] for row in rhetoric.open_store(store).failures()] == [1, 1]
        Site.asked.clear()
        batch(store, *own, "--retry-failed", code=3)
        asked = [(name, code) for name, _, code in Site.asked if "html" in name]
        assert asked == [("/1.html", 200), ("/2.html", 200)]
        assert [row["tries"] for row in rhetoric.open_store(store).failures()] == [2, 2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_list_of_addresses_as_other_programs_save_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    with served() as at:
        Site.pages = {"/1.html": page(1), "/2.html": page(2)}
        path.write_text(f"{at}/1.html\n{at}/2.html\n", encoding=encoding)
        done = batch(tmp_path / "store", path, "--allow-private", "--delay", 0)
        assert done.stdout.startswith("2 new articles")


def test_long_list_of_addresses(tmp_path: Path) -> None:
    store, path = tmp_path / "store", tmp_path / "list.txt"
    remark = f"# {'x' * (HEAD - 5)}\nht"
    assert len(remark) == HEAD
    with served() as at:
        Site.pages = {"/1.html": page(1)}
        path.write_text(f"{remark[:-2]}{at}/1.html\n", encoding="utf-8")
        batch(store, path, "--allow-private", "--delay", 0)
    assert rhetoric.open_store(store).frame("articles")["url"].tolist() == [f"{at}/1.html"]


def test_configuration_file_and_command_line(tmp_path: Path) -> None:
    write_table(tmp_path / "a.jsonl", range(3))
    config = tmp_path / "nightly.toml"
    config.write_text('sources = ["a.jsonl"]\nstore = "store"\njobs = 1\nlimit = 1\n[columns]\noutlet = "outlet"\n')
    shown = run("batch", "--config", config, "--limit", "2", "--check")
    assert shown.exit_code == 0, shown.output
    assert 'sources = ["' + str(tmp_path / "a.jsonl") in shown.stdout
    assert "limit = 2" in shown.stdout and "# to score: 2 new articles" in shown.stdout
    assert not (tmp_path / "store").exists()
    done = run("batch", "--config", config)
    assert done.exit_code == 0 and done.stdout.startswith("1 new article:")
    for text, said in (
        ("sorces = []", "'sorces' is no option; there are sources, store"),
        ('jobs = "two"', "jobs is 'two'; give a number"),
        ("jobs = 0", "jobs is 0; give more than 0"),
        ("language = 5", "language is 5; give a string in quotes"),
        ("parts = true", "parts is True; give a string in quotes"),
        ("since = 2025", "since is 2025; give a day, as 2025-11-22"),
        ('rescore = "yes"', "rescore is 'yes'; give true or false"),
        ("store =", "this is no TOML"),
        ('store = "s"', "name something to read"),
        ('sources = ["x"]', "name the folder of the store"),
        ('sources = ["x"]\nstore = "s"\nsince = 2025-11-22T10:00:00', "is no day; write it 2025-11-22"),
        ('sources = ["x"]\nstore = "s"\nsince = "May"', "'May' is no day; write it 2025-11-22"),
        ('sources = ["x"]\nstore = "s"\n[columns]\nauthor = "x"', "'author' is no field; there are text, id"),
    ):
        config.write_text(text)
        wrong = run("batch", "--config", config)
        assert wrong.exit_code == 2 and said in wrong.output, wrong.output


def test_log_is_one_object_a_line(tmp_path: Path) -> None:
    path = write_table(tmp_path / "a.jsonl", range(8))
    done = batch(tmp_path / "store", path, "--log", "json", "--log-every", 0, "--part-size", 2)
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [event["event"] for event in events] == ["start", "note", *["progress"] * 4, "end"]
    assert [event["done"] for event in events[2:6]] == [2, 4, 6, 8]
    assert set(events[-2]) == {"event", "done", "failed", "skipped", "rate", "left"}
    assert events[-1]["code"] == 0 and events[-1]["new"] == 8


def test_manifest_of_a_run(tmp_path: Path) -> None:
    store = tmp_path / "store"
    batch(store, write_table(tmp_path / "a.jsonl", range(3)))
    (manifest,) = rhetoric.open_store(store).runs()
    assert manifest["counts"]["new"] == 3 and manifest["exit_code"] == 0 and manifest["seconds"] > 0
    assert set(manifest["made_by"]) == {"version", "model", "lexicons"}


def test_export_and_no_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    batch(store, write_table(tmp_path / "a.jsonl", range(5)))
    done = run("store", store, "export", "-o", tmp_path / "out", "--format", "parquet,csv,jsonl")
    assert done.exit_code == 0, done.output
    assert len(done.stdout.splitlines()) == 12
    whole = rhetoric.open_store(store).frame("findings")
    assert len(pd.read_parquet(tmp_path / "out" / "findings.parquet")) == len(whole)
    assert pd.read_csv(tmp_path / "out" / "findings.csv")["text"].tolist() == whole["text"].tolist()
    rows = [json.loads(line) for line in (tmp_path / "out" / "findings.jsonl").read_text().splitlines()]
    assert [row["start"] for row in rows] == whole["start"].tolist()
    assert rows[0]["day"] == "2025-01-01"
    none = run("store", tmp_path, "info")
    assert none.exit_code == 2 and "there is no store here; make one with `rhetoric batch" in none.output
    (tmp_path / "state.sqlite").write_text("no database, but a text of more than one line\n" * 20)
    broken = run("store", tmp_path, "info")
    assert broken.exit_code == 2 and "the database is damaged" in broken.output, broken.output
    wrong = run("store", store, "export", "-o", tmp_path / "out", "--format", "xlsx")
    assert wrong.exit_code == 2 and "'xlsx' is no format" in wrong.output
    empty = run("store", store, "export", "-o", tmp_path / "none", "--format", ",")
    assert empty.exit_code == 2 and "',' is no format" in empty.output and not (tmp_path / "none").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_the_run_goes_on(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    done = batch(
        tmp_path / "store", tmp_path / "pipe.jsonl", write_table(tmp_path / "a.jsonl", range(2)), "--dry-run", code=0
    )
    assert done.stdout.splitlines()[0] == "to score: 2 new articles" and "cannot be read: 1" in done.stdout


def test_no_source_that_can_be_read(tmp_path: Path) -> None:
    done = batch(tmp_path / "store", tmp_path / "gone.jsonl", code=2)
    assert "failed: 1" in done.stdout
    batch(tmp_path / "store", "http://127.0.0.1:1/feed.xml", "--allow-private", code=2)


def test_scheduled_files_work_as_they_are(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(re.findall(r"```ini\n(.*?)```", text, re.S)[0])
    program, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/rhetoric")
    config = re.search(r"```toml\n# nightly.toml\n(.*?)```", text, re.S)
    assert config
    (tmp_path / "nightly.toml").write_text(config[1])
    (tmp_path / "articles").mkdir()
    write_table(tmp_path / "articles" / "a.jsonl", range(3))
    (tmp_path / "feeds.txt").write_text("# none yet\n")
    cron = re.search(r"```cron\n.*?&& \S+/rhetoric (.*?) 2>>", text, re.S)
    assert cron and shlex.split(cron[1]) == arguments
    ends = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "rhetoric", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 3), done.stderr
        ends.append(json.loads(done.stderr.splitlines()[-1]))
    assert [end["new"] for end in ends] == [3, 0]
    assert [end["known_sources"] for end in ends] == [0, 2]


def test_every_column_of_the_store_is_described(tmp_path: Path) -> None:
    import sqlite3

    from rhetoric.frames import STORED

    text = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
    store = tmp_path / "store"
    batch(store, write_table(tmp_path / "a.jsonl", range(1)))
    for table, columns in STORED.items():
        section = text.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
        for column in columns:
            if table != "articles" and column in ("article", "outlet", "day"):
                continue
            family = re.sub(r"^(charged|prediction|unhedged|hedge|attribution)_(\w+)_(author|others)$", r"\1_", column)
            assert f"`{column}`" in section or f"`{family}…`" in section, f"{table}.{column}"
    section = text.partition("\n## state.sqlite\n")[2].partition("\n## ")[0]
    with sqlite3.connect(store / "state.sqlite") as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        for table in tables:
            part = section.partition(f"| `{table}` |")[2]
            part = part[
                : min((part.find(f"| `{other}` |") for other in tables if f"| `{other}` |" in part), default=None)
            ]
            for _, column, *_ in db.execute(f"PRAGMA table_info({table})"):
                assert f"`{column}`" in part, f"state.{table}.{column}"
    db.close()
    (manifest,) = rhetoric.open_store(store).runs()
    for key in (*manifest, *manifest["counts"]):
        assert f"`{key}`" in text.partition("\n## The manifest of a run\n")[2], key
