"""Reports in a folder: what is made, what is made again, what is left alone."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rhetoric import Analyzer, Article, Failure
from rhetoric.made import BEGINNING, ENDS, MARK, STATE
from rhetoric.records import Analysis
from rhetoric.render import FORMATS
from rhetoric.reports import write_reports

ROOT = Path(__file__).resolve().parents[1]
RAIN = Article("It rains in Dravo. The harbour is shut.", "rain")
THUGS = Article("The thugs of Dravo will inevitably fall.", "thugs", title="Thugs & others")
PLAN = Article("“The plan is doomed,” said Mara Quill.", "plan", warnings=("Something to know.",))


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer.load()


def made(folder: Path, articles: list[Article], analyzer: Analyzer, **options: object) -> list[str]:
    """The ids of the articles whose reports were made, not left alone."""
    done = list(write_reports(articles, analyzer, folder, **options))  # type: ignore[arg-type]
    assert [report.article for report in done] == [article.id for article in articles]  # type: ignore[union-attr]
    return [report.article for report in done if report.new]  # type: ignore[union-attr]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def listed(folder: Path) -> list[str]:
    """The pages that the index leads to, in order."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    return list(dict.fromkeys(re.findall(r'href="([^"#]+\.html)"', text)))


def test_the_ends_are_those_of_the_formats(analyzer: Analyzer) -> None:
    analysis = analyzer(THUGS)
    assert {name: tuple(make(analysis)) for name, make in FORMATS.items()} == ENDS


def test_every_page_bears_the_mark_at_its_beginning() -> None:
    pages = [path for path in (ROOT / "rhetoric/render").glob("*.html") if b"<!doctype" in path.read_bytes()]
    assert len(pages) == 4
    for path in pages:
        page = path.read_bytes()
        assert 0 < page.index(MARK, page.index(b"<!doctype")) - page.index(b"<!doctype") < BEGINNING - len(MARK)


def test_a_second_run_makes_nothing_again(tmp_path: Path, analyzer: Analyzer) -> None:
    articles = [RAIN, THUGS, PLAN]
    assert made(tmp_path, articles, analyzer) == ["rain", "thugs", "plan"]
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("[!i]*.html")}
    assert len(before) == 3
    first = contents(tmp_path)
    assert made(tmp_path, articles, analyzer) == []
    assert contents(tmp_path) == first
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_what_changed_is_made_again(tmp_path: Path, analyzer: Analyzer) -> None:
    made(tmp_path, [RAIN, THUGS, PLAN], analyzer)
    assert made(tmp_path, [RAIN, replace(THUGS, text="They went home."), PLAN], analyzer) == ["thugs"]
    assert b"They went home." in (tmp_path / "thugs.html").read_bytes()
    assert made(tmp_path, [replace(RAIN, title="Rain"), PLAN], analyzer) == ["rain"]
    (tmp_path / "plan.html").unlink()
    assert made(tmp_path, [RAIN, PLAN], analyzer) == ["rain", "plan"]


def test_a_change_of_lexicons_makes_all_again(tmp_path: Path, analyzer: Analyzer) -> None:
    file = tmp_path / "mine" / "charged" / "local.toml"
    file.parent.mkdir(parents=True)
    file.write_text(
        'signal = "charged"\ncategory = "local"\nwhy = "Local."\nsource = "us"\nlicence = "MIT"\ngrade = 2\n'
        'inflect = "noun"\nterms = ["harbour"]\n[examples]\nhit = [["The harbour.", "harbour"]]\nmiss = ["A port."]\n',
        encoding="utf-8",
    )
    pages = tmp_path / "pages"
    made(pages, [RAIN, PLAN], analyzer)
    assert b"Local." not in (pages / "rain.html").read_bytes()
    assert made(pages, [RAIN, PLAN], Analyzer.load(lexicons=tmp_path / "mine")) == ["rain", "plan"]
    assert b"Local." in (pages / "rain.html").read_bytes()


def test_a_change_of_the_model_makes_all_again(tmp_path: Path, analyzer: Analyzer) -> None:
    model, pages = tmp_path / "model", tmp_path / "pages"
    shutil.copytree(ROOT / "models", model, ignore=shutil.ignore_patterns("labels"))
    made(pages, [RAIN, PLAN], analyzer)
    assert made(pages, [RAIN, PLAN], Analyzer.load(model=model)) == []
    array = np.load(model / "meta_bias.npy") + 0.5
    data = io.BytesIO()
    np.save(data, array)
    (model / "meta_bias.npy").write_bytes(data.getvalue())
    manifest = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["meta_bias.npy"] = hashlib.sha256(data.getvalue()).hexdigest()
    (model / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert made(pages, [RAIN, PLAN], Analyzer.load(model=model)) == ["rain", "plan"]


def test_another_format_adds_only_its_files(tmp_path: Path, analyzer: Analyzer) -> None:
    made(tmp_path, [THUGS], analyzer)
    page = (tmp_path / "thugs.html").stat().st_mtime_ns
    assert made(tmp_path, [THUGS], analyzer, formats=["html", "csv", "md", "json"]) == ["thugs"]
    assert (tmp_path / "thugs.html").stat().st_mtime_ns == page
    assert made(tmp_path, [THUGS], analyzer, formats=["json", "html"]) == []
    assert {path.name for path in tmp_path.glob("thugs*")} == {f"thugs{end}" for ends in ENDS.values() for end in ends}
    assert made(tmp_path, [THUGS], analyzer, excerpts=True) == ["thugs"]
    assert made(tmp_path, [THUGS], analyzer) == ["thugs"]


def test_the_index_lists_every_page_of_the_folder_this_run_first(tmp_path: Path, analyzer: Analyzer) -> None:
    made(tmp_path, [THUGS, RAIN], analyzer)
    assert listed(tmp_path) == ["thugs.html", "rain.html"]
    made(tmp_path, [PLAN], analyzer)
    assert listed(tmp_path) == ["plan.html", "rain.html", "thugs.html"]
    made(tmp_path, [RAIN], analyzer, formats=["json"])
    assert listed(tmp_path) == ["rain.html", "plan.html", "thugs.html"]
    (tmp_path / "plan.html").unlink()
    made(tmp_path, [RAIN], analyzer)
    assert listed(tmp_path) == ["rain.html", "thugs.html"]
    assert "Thugs &amp; others" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_same_bytes_in_another_folder(tmp_path: Path, analyzer: Analyzer) -> None:
    for name in ("one", "two"):
        made(tmp_path / name, [RAIN, THUGS, PLAN], analyzer, formats=list(FORMATS))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_an_interrupted_run_keeps_what_it_made(tmp_path: Path, analyzer: Analyzer) -> None:
    def interrupted() -> Iterator[Article]:
        yield RAIN
        yield THUGS
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(write_reports(interrupted(), analyzer, tmp_path))
    assert listed(tmp_path) == ["rain.html", "thugs.html"]
    assert made(tmp_path, [RAIN, THUGS, PLAN], analyzer) == ["plan"]
    assert not list(tmp_path.glob(".*.new"))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"rain": 1}', b'{"rain": {"digest": "x"}}', b"\xff"])
def test_a_broken_state_costs_only_time(content: bytes, tmp_path: Path, analyzer: Analyzer) -> None:
    made(tmp_path, [RAIN], analyzer)
    (tmp_path / STATE).write_bytes(content)
    assert made(tmp_path, [RAIN], analyzer) == ["rain"]
    assert made(tmp_path, [RAIN], analyzer) == []


def test_failures_are_passed_on(tmp_path: Path, analyzer: Analyzer) -> None:
    failure = Failure("gone.txt", "gone.txt: there is no such file; check the path")
    first, second = write_reports([failure, PLAN], analyzer, tmp_path)
    assert first == failure
    assert not isinstance(second, Failure)
    assert second.warnings == ("Something to know.",)
    assert second.files == (tmp_path / "plan.html",)


def test_nothing_but_failures_leaves_no_file(tmp_path: Path, analyzer: Analyzer) -> None:
    list(write_reports([Failure("gone.txt", "gone.txt: there is no such file")], analyzer, tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("identities", "names"),
    [
        (["../../etc/passwd", "..", ""], ["etc_passwd", "article", "article-2"]),
        (["index", "Index"], ["index-2", "Index-3"]),
        (["a b", "a_b", "A B"], ["a_b", "a_b-2", "A_B-3"]),
        (["news.example/2024/03?id=1&x=<b>"], ["news.example_2024_03_id_1_x_b"]),
        (["記" * 200], ["記" * 50]),
    ],
)
def test_every_id_gives_a_file_of_its_own(
    identities: list[str], names: list[str], tmp_path: Path, analyzer: Analyzer
) -> None:
    made(tmp_path, [replace(RAIN, id=identity) for identity in identities], analyzer, formats=["json"])
    assert {path.name for path in tmp_path.glob("[!.]*")} == {f"{name}.json" for name in names}


def test_links_of_the_index_lead_to_the_pages(tmp_path: Path, analyzer: Analyzer) -> None:
    from urllib.parse import unquote

    made(tmp_path, [replace(RAIN, id="100% of été"), replace(RAIN, id="plain")], analyzer)
    assert all((tmp_path / unquote(href)).is_file() for href in listed(tmp_path))


def test_figures_are_those_of_the_analysis(tmp_path: Path, analyzer: Analyzer) -> None:
    analysis: Analysis = analyzer(THUGS)
    (report,) = write_reports([THUGS], analyzer, tmp_path)
    assert not isinstance(report, Failure)
    assert report.figures["sentences"] == len(analysis.sentences)
    (again,) = write_reports([THUGS], analyzer, tmp_path)
    assert not isinstance(again, Failure)
    assert again.figures == report.figures
