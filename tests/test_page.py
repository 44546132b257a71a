"""The page in a real browser: wide and narrow, light and dark, with script and without."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import invented
import many
import pytest

from rhetoric import analyze, analyze_many, compare
from rhetoric.records import Analysis, Finding, Voice
from rhetoric.render import index_row, to_fragment, to_html, to_index
from rhetoric.render.marks import number

BROWSER, DRIVER = Path("/usr/bin/chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    not (BROWSER.exists() and DRIVER), reason="needs /usr/bin/chromium and chromedriver (.ci/run installs them)"
)

MADE = ("compare.html", "two.html", "notebook.html")
ALL_LOOKS = [(1280, "light", True), (1280, "dark", False), (390, "light", False), (390, "dark", True)]


class Browser:
    """One Chromium for all tests, set anew for each."""

    def __init__(self, profile: Path) -> None:
        from selenium import webdriver

        options = webdriver.ChromeOptions()
        options.binary_location = str(BROWSER)
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))

    def open(self, path: Path, *, width: int = 1280, scheme: str = "light", script: bool = True) -> None:
        """Open a page with a given look."""
        self.send("Emulation.setScriptExecutionDisabled", value=not script)
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)
        self.driver.get(path.as_uri())

    def send(self, command: str, **parameters: object) -> None:
        """Send a command to the browser itself."""
        self.driver.execute_cdp_cmd(command, parameters)

    def ask(self, expression: str) -> object:
        """Return the value of an expression; works where the page's own script is off."""
        answer = self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def requests(self) -> list[str]:
        """Return what the page asked for since it was opened."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]

    def click(self, css: str) -> None:
        """Click on the middle of an element."""
        self.ask(f"document.querySelector({css!r}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
        where = self.ask(
            f"(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector({css!r}).getClientRects()[0])"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)

    def press(self, key: str) -> None:
        """Press a key."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.driver.quit()


def awkward() -> Analysis:
    """Return a text with words and names too long for any line, and a line from right to left."""
    word = "Donau" * 90
    analysis = invented.plain(
        f"{word} said.\n\n\u05e9\u05dc\u05d5\u05dd, he said.", title=word, outlet=word, url=f"https://x.example/{word}"
    )
    grown = replace(analysis.sentences[0], charged=0.9, voice="quoted", speaker=word)
    mark = Finding(0, len(word), word, "charged", "loaded_word", word, 3, "quoted", word, False, word, word)
    voice = Voice(0, len(word), "quoted", word, True, None, None, True)
    return replace(analysis, sentences=(grown,), findings=(mark,), voices=(voice,))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    analysis = invented.analysis()
    (folder / "page.html").write_text(to_html(analysis))
    (folder / "excerpts.html").write_text(to_html(analysis, excerpts=True))
    head = '<!doctype html><meta charset=utf-8><meta name=viewport content="width=device-width"><title>x</title>'
    (folder / "fragment.html").write_text(head + to_fragment(analysis))
    long_title = replace(analysis.article, title="Council votes to hand over the terminal and the town asks why " * 3)
    (folder / "long_title.html").write_text(to_html(replace(analysis, article=long_title, headline=None)))
    (folder / "awkward.html").write_text(to_html(awkward()))
    corpus = analyze_many(many.frame(20))
    (folder / "compare.html").write_text(compare(corpus, by="outlet").to_html())
    articles = [many.frame(1, sentences=30, seed=seed)["text"].iloc[2] for seed in (1, 1)]
    (folder / "two.html").write_text(compare(*map(analyze, articles), names=["Donau" * 20, "b"]).to_html())
    shown = [corpus._repr_html_(), compare(corpus, by="outlet")._repr_html_(), analysis.explain(3)._repr_html_()]
    (folder / "notebook.html").write_text(head + "".join(shown))
    rows = [index_row(analysis, "page.html"), index_row(invented.plain("It rained.", title="A rain"), "excerpts.html")]
    (folder / "index.html").write_text(to_index(rows))
    return folder


@pytest.mark.parametrize("name", ["page.html", "excerpts.html", "awkward.html", "fragment.html", "index.html", *MADE])
@pytest.mark.parametrize(("width", "scheme", "script"), ALL_LOOKS)
def test_nothing_overflows_and_nothing_is_logged_or_loaded(
    browser: Browser, pages: Path, name: str, width: int, scheme: str, script: bool
) -> None:
    browser.open(pages / name, width=width, scheme=scheme, script=script)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    assert browser.ask("document.documentElement.classList.contains('js')") == (
        script and name not in ("index.html", "fragment.html", *MADE)
    )
    dark = (
        browser.ask("getComputedStyle(document.querySelector('.rhetoric') || document.documentElement).backgroundColor")
        == "rgb(23, 22, 20)"
    )
    assert dark == (scheme == "dark")
    assert browser.driver.get_log("browser") == []
    assert browser.requests() == [(pages / name).as_uri()]


def test_the_browser_holds_the_text_exactly(browser: Browser, pages: Path) -> None:
    browser.open(pages / "page.html")
    assert browser.ask("document.getElementById('text').textContent") == invented.analysis().article.text


@pytest.mark.parametrize("name", ["page.html", "long_title.html"])
def test_the_first_screen_holds_title_strip_cards_and_one_paragraph(browser: Browser, pages: Path, name: str) -> None:
    browser.open(pages / name)
    bottom = "Math.round(document.querySelector('{}').getBoundingClientRect().bottom)"
    for css in ("h1", ".plot", ".cards", ".plain"):
        assert browser.ask(bottom.format(css)) <= 800
    assert browser.ask("Math.round(document.querySelector('main').getBoundingClientRect().top)") >= 800


def drawn(browser: Browser, css: str) -> bool:
    """Return whether a mark has any line under it."""
    return browser.ask(
        "(s => /gradient/.test(s.backgroundImage)"
        " && s.backgroundSize.split(', ').some(x => parseFloat(x.split(' ')[1]) > 0))"
        f"(getComputedStyle(document.querySelector({css!r})))"
    )


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("control", "gone", "stays"),
    [
        ("#f-c", "#text .m.c3", "#text .m.u3"),
        ("#f-p", "#text .m.p3", "#text .m.c3"),
        ("#f-u", "#text .m.u3", "#text .m.c3"),
        ("#v-author", "#text .m.c3.o", "#text .m.c2:not(.o)"),
        ("#v-others", "#text .m.c2:not(.o)", "#text .m.c3.o"),
        ("#g-2", "#text .m.c1:not(.t0)", "#text .m.c2"),
        ("#g-3", "#text .m.c2", "#text .m.c3"),
    ],
)
def test_filters_work(browser: Browser, pages: Path, script: bool, control: str, gone: str, stays: str) -> None:
    browser.open(pages / "page.html", script=script)
    assert drawn(browser, gone)
    assert drawn(browser, stays)
    browser.click(control)
    assert not drawn(browser, gone)
    assert drawn(browser, stays)
    for css, there in ((gone, False), (stays, True)):
        labels = browser.ask(
            f"[...document.querySelectorAll({css!r})].map(e => getComputedStyle(e, '::after').content)"
        )
        assert any(re.search("[cpu][123]", css)[0].upper() in label for label in labels) == there


@pytest.mark.parametrize("script", [True, False])
def test_one_speaker_can_be_singled_out(browser: Browser, pages: Path, script: bool) -> None:
    browser.open(pages / "page.html", script=script)
    colour = "getComputedStyle(document.querySelector('#text .{}')).color"
    assert browser.ask(colour.format("w1")) == browser.ask(colour.format("w2"))
    browser.ask("document.querySelector('#who').value = '2'")
    ink = browser.ask("getComputedStyle(document.documentElement).color")
    assert browser.ask(colour.format("w2")) == ink
    assert browser.ask(colour.format("w1")) != ink
    assert browser.ask("getComputedStyle(document.querySelector('#text .s')).color") != ink
    browser.ask("document.querySelector('#who').value = 'author'")
    assert browser.ask("getComputedStyle(document.querySelector('#text .s')).color") == ink
    assert browser.ask(colour.format("w2")) != ink


def test_every_mark_reaches_its_explanation_by_keyboard(browser: Browser, pages: Path) -> None:
    browser.open(pages / "page.html")
    analysis = invented.analysis()
    missing = {mark.note: mark.finding.why for mark in number(analysis.findings)}
    scores = {f"x{i}" for i, s in enumerate(analysis.sentences) if not s.junk}
    for _ in range(len(analysis.findings) + len(scores) + 60):
        browser.press("Tab")
        focus = browser.ask(
            "(e => e && e.matches('a.m, a.n') ? [e.getAttribute('aria-describedby') || e.getAttribute('href').slice(1),"
            " document.querySelector('#card').hidden ? '' : document.querySelector('#card').innerText] : null)"
            "(document.activeElement)"
        )
        if focus:
            for name in focus[0].split():
                scores.discard(name)
                if name in missing:
                    assert missing.pop(name) in focus[1]
    assert not missing
    assert not scores


def test_the_explanation_follows_hover_and_click_and_goes_with_escape(browser: Browser, pages: Path) -> None:
    browser.open(pages / "page.html")
    card = "document.querySelector('#card').hidden ? '' : document.querySelector('#card').innerText"
    assert browser.ask(card) == ""
    browser.click("#text .m.c3")
    assert "parasites" in browser.ask(card)
    assert "Flatter: owners." in browser.ask(card)
    box = browser.ask(
        "(r => [r.left, r.top, r.right, r.bottom])(document.querySelector('#card').getBoundingClientRect())"
    )
    text = browser.ask("document.querySelector('#text').getBoundingClientRect().right")
    assert text <= box[0] and box[2] <= 1280 and box[1] >= 0 and box[3] <= 800, "beside the text and on the screen"
    browser.click("#card a[href^='#x']")
    assert "charged .95" in browser.ask(card)
    browser.press("Escape")
    assert browser.ask(card) == ""
    browser.click("#text .n")
    assert "charged .22" in browser.ask(card)


@pytest.mark.parametrize("width", [1280, 390])
def test_without_script_a_mark_leads_to_its_note_without_leaving_the_place(
    browser: Browser, pages: Path, width: int
) -> None:
    browser.open(pages / "page.html", width=width, script=False)
    browser.click("#text .m.c3")
    note = "document.querySelector('li:target')"
    assert "parasites" in browser.ask(f"{note}.innerText")
    top, bottom = browser.ask(f"(r => [r.top, r.bottom])({note}.getBoundingClientRect())")
    assert 0 <= top < bottom <= 800
    place = browser.ask("document.querySelector('#text .m.c3').getBoundingClientRect().top")
    assert 0 < place < 800, "the mark is still in view"


def test_a_bar_leads_to_its_sentence(browser: Browser, pages: Path) -> None:
    browser.open(pages / "page.html")
    browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    browser.click("#bar16 path")
    assert browser.ask("location.hash") == "#s16"
    assert 0 < browser.ask("document.querySelector('#s16').getBoundingClientRect().top") < 800


def test_on_paper_the_controls_are_gone_and_the_notes_stay(browser: Browser, pages: Path) -> None:
    browser.open(pages / "page.html", scheme="dark")
    browser.send("Emulation.setEmulatedMedia", media="print")
    shown = "getComputedStyle(document.querySelector('{}')).display"
    assert browser.ask(shown.format(".filters")) == "none"
    assert browser.ask(shown.format(".notes")) != "none"
    assert browser.ask("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    browser.send("Emulation.setEmulatedMedia", media="")


def test_the_index_sorts(browser: Browser, pages: Path) -> None:
    browser.open(pages / "index.html")
    titles = "[...document.querySelectorAll('tbody th')].map(e => e.innerText[0]).join('')"
    assert browser.ask(titles) == "HA"
    browser.click("th[data-key=text] button")
    assert browser.ask(titles) == "AH"
    browser.click("th[data-key=charged] button")
    assert browser.ask(titles) == "HA"
    assert browser.ask("document.querySelector('[aria-sort]').dataset.key") == "charged"
    browser.click("th[data-key=charged] button")
    assert browser.ask(titles) == "AH"


def test_a_notebook_theme_wins_over_the_systems(browser: Browser, pages: Path) -> None:
    browser.open(pages / "fragment.html", scheme="light")
    browser.ask("document.body.dataset.jpThemeLight = 'false'")
    assert browser.ask("getComputedStyle(document.querySelector('.rhetoric')).backgroundColor") == "rgb(23, 22, 20)"


def test_the_places_of_a_term_open_without_script(browser: Browser, pages: Path) -> None:
    browser.open(pages / "compare.html", script=False)
    shown = "document.querySelector('.term ul').checkVisibility({contentVisibilityAuto: true})"
    assert not browser.ask(shown)
    browser.click(".term summary")
    assert browser.ask(shown)
    term = browser.ask("document.querySelector('.term summary span').innerText")
    assert term in browser.ask("document.querySelector('.term mark').innerText").lower()


def test_a_mark_tells_what_it_is_on_focus_in_a_notebook(browser: Browser, pages: Path) -> None:
    browser.open(pages / "fragment.html", script=False)
    told = "getComputedStyle(document.querySelector('.text .m'), '::before').content"
    assert browser.ask(told) == "none"
    browser.ask("document.querySelector('.text .m').focus()")
    assert "unhedged 2, bare, author" in browser.ask(told)


def test_a_dot_stands_where_its_value_is(browser: Browser, pages: Path) -> None:
    browser.open(pages / "compare.html")
    place = browser.ask(
        "[...document.querySelectorAll('.panel.c .track')].map(t => [parseFloat(t.querySelector('b').innerText),"
        " (d => d.x + d.width / 2)(t.querySelector('.dot').getBoundingClientRect()) - t.getBoundingClientRect().x,"
        " t.getBoundingClientRect().width])"
    )
    most = float(browser.ask("document.querySelector('.panel.c .ends span:last-child').innerText").split()[0])
    for value, x, width in place:
        assert abs(x / width - value / most) < 0.02
