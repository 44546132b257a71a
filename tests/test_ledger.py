"""Who calls whom what: borrowed charge, flows, tables over many articles, the drawing, and whose words count."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import invented
import labelled
import pytest
from test_cli import run
from test_tables import finding, sentence, small, voice

from rhetoric.ledger import AUTHOR, SOMEONE, borrowed, flows, ledger_frame, outlets
from rhetoric.ledger_chart import SHOWN, ledger, ledger_svg
from rhetoric.records import SCORED, Analysis, Article, MadeBy
from rhetoric.render import to_html, to_markdown
from rhetoric.render.html import to_fragment
from rhetoric.tables import POLICIES, counted, summary


def crowd(size: int) -> Analysis:
    """So many speakers, each of whom calls the next one vile."""
    text = "\n".join(f"“A vile plan,” said Mara Hale{k}." for k in range(size))
    starts = [m.start() for m in re.finditer("“", text)]
    sentences = tuple(sentence(at, at + 20, voice="quoted", scores=(0.9, 0.1, 0.1)) for at in starts)
    voices = tuple(voice(at, at + 14, f"Mara Hale{k}") for k, at in enumerate(starts))
    found = tuple(
        replace(finding(at + 3, at + 7, "vile", "quoted", f"Mara Hale{k}"), target=f"Mara Hale{(k + 1) % size}")
        for k, at in enumerate(starts)
    )
    return Analysis(Article(text), None, sentences, found, voices, MadeBy("0", "m", "l"))


def test_borrowed_charge_is_counted_by_speaker_and_reporting_word() -> None:
    figures = borrowed(invented.analysis())
    assert (figures["author"], figures["others"]) == (24, 21)
    assert figures["share"] == round(21 / 45, 4)
    assert figures["speakers"][0] == {"name": "Tomas Hale", "vague": False, "words": 12, "share": 0.2667}
    assert sum(row["words"] for row in figures["speakers"]) == 21
    assert figures["verbs"] == [{"verb": verb, "marks": 1} for verb in ("called", "ranted", "said", "told")]
    assert figures["run"] == {"name": "Tomas Hale", "words": 22, "first": 3, "last": 4}


def test_a_source_that_is_not_named_ends_a_run() -> None:
    text = "“One two three.” “Four.” “Five six.” “Seven eight.”"
    starts = [m.start() for m in re.finditer("“", text)]
    names = ("Mara Hale", None, "Mara Hale", "Mara Hale")
    ends = [text.index("”", at) + 1 for at in starts]
    spans = [sentence(at, end, voice="quoted") for at, end in zip(starts, ends, strict=True)]
    voices = [voice(at, end, name) for at, end, name in zip(starts, ends, names, strict=True)]
    analysis = Analysis(Article(text), None, tuple(spans), (), tuple(voices), MadeBy("0", "m", "l"))
    assert borrowed(analysis)["run"] == {"name": "Mara Hale", "words": 4, "first": 2, "last": 3}


def test_nothing_borrowed_is_nothing() -> None:
    assert borrowed(invented.plain("")) == {
        "author": 0,
        "others": 0,
        "share": 0.0,
        "speakers": [],
        "verbs": [],
        "run": None,
    }


def test_flows_hold_every_label_once() -> None:
    rows = summary(invented.analysis())["ledger"]
    found = flows(rows)
    assert sorted(label for f in found for label in f.labels) == sorted(row["label"] for row in rows)
    assert {f.speaker for f in found if f.own} == {AUTHOR}
    assert flows([{**rows[0], "voice": "quoted", "speaker": None}])[0].speaker == SOMEONE


def test_outlets_are_told_apart_and_nothing_is_dropped_silently() -> None:
    one = invented.analysis()
    other = replace(one, article=replace(one.article, id="two", outlet="An Early Post"))
    rows = ledger_frame([one, other])
    assert list(rows.columns)[:5] == ["article", "outlet", "published", "speaker", "voice"]
    table = outlets(rows)
    assert table.outlet.unique().tolist() == ["An Early Post", "The Merrin Courier"]
    assert table.times.sum() + sum(table.attrs["left_out"].values()) == len(rows)
    regime = table[(table.target == "the government") & (table.outlet == "An Early Post")]
    assert regime[["times", "articles", "grade", "labels"]].values.tolist() == [[1, 1, 1, "regime"]]
    assert "parasites" not in " ".join(table.labels)
    assert "parasites" in " ".join(outlets(rows, voice="all").labels)
    assert "parasites" in " ".join(outlets(rows, voice="author+reported").labels)


@pytest.mark.parametrize("policy", list(POLICIES))
def test_what_a_policy_leaves_out_is_counted(policy: str) -> None:
    analysis = invented.analysis()
    everything, counts = counted(analysis), counted(analysis, policy)
    for signal in SCORED:
        assert everything[signal]["left_out"] == {"sentences": 0, "findings": 0}
        for what in ("sentences", "findings"):
            assert counts[signal][what] + counts[signal]["left_out"][what] == everything[signal][what]
    assert counted(small(), "author")["charged"] == {
        "sentences": 1,
        "findings": 1,
        "left_out": {"sentences": 1, "findings": 1},
    }


def test_the_card_shows_both_figures_and_what_is_left_out() -> None:
    analysis = invented.analysis()
    whole, own = to_html(analysis), to_html(analysis, voice="author")
    card = re.compile(r'<section class="card c">(.*?)</section>', re.DOTALL)
    both = r"<dt>the author</dt> <dd>8</dd></div> <div><dt>others</dt> <dd>4</dd>"
    assert "<b>12</b>" in card.search(whole)[1] and "left out" not in card.search(whole)[1]
    assert "<b>8</b>" in card.search(own)[1] and "left out: 4 sentences, 6 marks of others" in card.search(own)[1]
    for page in (whole, own):
        assert re.search(both, card.search(page)[1])
    assert 'id="v-author" checked' in own and 'id="v-all" checked' in whole
    assert whole.count('class="m ') == own.count('class="m '), "every mark is still there"


def test_the_page_says_that_borrowed_charge_is_counted_in_words() -> None:
    analysis = small()
    found, page = borrowed(analysis), to_html(analysis)
    total, own = found["author"] + found["others"], found["author"]
    assert f"The charged marks hold {total} words: {own} of the author’s and {total - own} of others." in page


def test_markdown_tells_what_is_left_out() -> None:
    analysis = invented.analysis()
    assert "Left out" not in to_markdown(analysis)
    told = to_markdown(analysis, voice="author+reported")
    assert re.search(
        r"Counted: the author’s words and reported ones\. Left out: \d+ marks that others say \(quoted\)", told
    )


def test_each_row_on_the_page_leads_to_its_place() -> None:
    analysis = invented.analysis()
    page = to_html(analysis)
    section = page[page.index('id="ledger-title"') : page.index('id="how-title"')]
    links = re.findall(r'<dd><a href="#(\w+)">(.*?)</a>', section)
    rows = summary(analysis)["ledger"]
    assert len(links) == len(rows) + sum(row["target"] is not None for row in rows)
    for anchor, label in links:
        place = page[page.index(f'id="{anchor}"') :]
        assert re.sub(r"<[^>]*>", "", place[place.index(">") + 1 :]).startswith(label.split()[0][:4])


def test_the_drawing_has_a_band_for_each_flow_and_repeats() -> None:
    analysis = invented.analysis()
    svg = ledger_svg(analysis, label="Who")
    assert svg == ledger_svg(analysis, label="Who")
    assert svg.count("<a ") == len([f for f in flows(summary(analysis)["ledger"]) if f.target])
    assert "Tomas Hale → the transfer: robbery in a tie and collar" in svg
    assert 'class="own"' in svg and 'class="other"' in svg
    assert "<a " not in ledger_svg(analysis, links=False)
    assert ledger_svg(invented.plain("It rained.")) == ""


@pytest.mark.parametrize("size", [2, SHOWN, SHOWN + 9])
def test_the_drawing_adds_up_what_is_too_much(size: int) -> None:
    svg = ledger_svg(crowd(size))
    names = re.findall(r"<text .*?>(?:<title>.*?</title>)?(.*?)</text>", svg)
    assert len(names) == 2 * min(size, SHOWN)
    assert names.count("10 others") == (2 if size > SHOWN else 0)
    ys = [float(y) for y in re.findall(r'<text x="\S+" y="(\S+)"', svg)]
    gaps = [b - a for a, b in zip(ys, ys[1:], strict=False) if b > a]
    assert min(gaps) >= 19.9, "names do not touch"


def test_the_drawing_on_axes() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    ax = ledger(invented.analysis())
    assert len(ax.patches) == len([f for f in flows(summary(invented.analysis())["ledger"]) if f.target])
    assert {"the author", "Tomas Hale"} <= {text.get_text() for text in ax.texts}
    assert not len(ledger(invented.plain("It rained.")).texts)


def test_names_of_the_text_stay_text() -> None:
    odd = replace(invented.analysis(), findings=(replace(invented.analysis().findings[0], target='<b>"&$x'),))
    assert "<b>" not in re.sub(r"<(text|/text|title|/title|a |/a|g|/g|svg|/svg|path)", "", ledger_svg(odd))
    ledger(odd)
    to_fragment(odd)


def test_hovering_a_range_tells_who_and_by_which_word() -> None:
    page = to_html(invented.analysis())
    assert 'title="reported: Governor Ada Lenk, “ranted”"' in page


def test_explain_tells_what_a_policy_leaves_out() -> None:
    text = "Critics say that the thugs of Dravo won."
    whole, own = run("explain", text).stdout, run("explain", text, "--voice", "author").stdout
    assert "“thugs” charged: name_calling, grade 2, reported." in whole and "left out" not in whole
    assert "left out, reported: “thugs” charged: name_calling, grade 2" in own


def test_report_counts_by_voice_and_makes_the_page_again(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("“The thugs have won,” said Mara Hale. The vile plan failed.", encoding="utf-8")
    args = ("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / "pages"), "--format", "html,csv")
    whole, own = run(*args).stdout, run(*args, "--voice", "author").stdout
    assert "Left out" not in whole and "(unchanged)" not in own
    assert re.search(r"Counted: the author’s words\. Left out: [1-9] marks?", own)
    rows = (tmp_path / "pages" / "short.ledger.csv").read_text(encoding="utf-8")
    assert "quoted" in rows and "author" in rows, "a table holds every row"


def test_labels_of_other_voices_are_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in labelled.windows(12)), encoding="utf-8")
    done = run("evaluate", str(path), "--voice", "author")
    assert done.exit_code == 0
    own = sum(s["voice"] == "author" for one in labelled.windows(12) for s in one["sentences"])
    assert done.stdout.startswith(f"{own} sentences of 12 articles")
    assert f"Left out by --voice author: {96 - own} sentences" in done.stderr
    hits = run("lexicon", "check", "--against", str(path), "--voice", "author")
    assert "shameful" not in hits.stdout and "plunder" in hits.stdout
    assert "shameful" in run("lexicon", "check", "--against", str(path)).stdout
