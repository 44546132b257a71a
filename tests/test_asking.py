"""Labelling in the terminal: most uncertain first, each answer kept at once, interrupted and taken up again."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from rhetoric import Analyzer
from rhetoric.asking import find_marked, questions, read_answer, uncertainty
from rhetoric.labels import LabelError, read_windows, with_unlabelled
from rhetoric.records import SCORED, Analysis, Article

TEXT = (
    "The council of Merrin met on Monday. The thugs in the ministry will never give up. Prices could rise in spring. "
    "Forty people took part, according to the police. The plan is a disgrace and everyone knows it."
)
COMMAND = [sys.executable, "-m", "rhetoric", "label"]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Analyse the text once."""
    return Analyzer.load()(Article(TEXT, "merrin"))


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """Give the text as a file."""
    path = tmp_path / "merrin.txt"
    path.write_text(TEXT, "utf-8")
    return path


def label(article: Path, answers: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Answer through a pipe."""
    return subprocess.run(
        [*COMMAND, str(article), "-o", str(article.parent / "labels.jsonl"), *options],
        input=answers,
        capture_output=True,
        encoding="utf-8",
    )


def kept(article: Path) -> list[tuple[str, tuple[int, ...]]]:
    """Read the labels that are in the file: sentence and grades."""
    (window,) = read_windows([article.parent / "labels.jsonl"])[0]
    return [(window["text"][s["start"] : s["end"]], tuple(s[k] for k in SCORED)) for s in window["sentences"]]


def test_the_most_uncertain_sentence_comes_first(analysis: Analysis) -> None:
    asked = [analysis.sentences[q.sentence] for q in questions([analysis], [])]
    bits = [uncertainty(sentence) for sentence in asked]
    assert len(asked) == 5
    assert bits == sorted(bits, reverse=True)
    assert bits[0] > bits[-1] > 0
    assert [q.sentence for q in questions([analysis], [], in_order=True)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("answer", "grades", "voice"),
    [
        ("", (0, 0, 0), "reported"),
        ("200", (2, 0, 0), "reported"),
        (" 1 0 3 A ", (1, 0, 3), "author"),
        ("0,2,2q", (0, 2, 2), "quoted"),
    ],
)
def test_an_answer_is_three_grades_and_perhaps_a_voice(answer: str, grades: tuple[int, ...], voice: str) -> None:
    assert read_answer(answer, "reported") == dict(zip(SCORED, grades, strict=True)) | {"voice": voice}


@pytest.mark.parametrize("answer", ["20", "2000", "400", "200x", "yes", "2-0-0"])
def test_other_answers_are_none(answer: str) -> None:
    assert read_answer(answer, "author") is None


def test_marked_words_are_found_in_the_sentence_alone() -> None:
    text = "The thugs fled. The THUGS and the vermin came back."
    assert find_marked(text, 16, len(text), "vermin; thugs;") == [[20, 25], [34, 40]]
    with pytest.raises(LabelError, match="“fled” is not in the sentence"):
        find_marked(text, 16, len(text), "fled")


def test_answers_become_labels_that_training_reads(article: Path) -> None:
    done = label(article, "\n230\nTHUGS\nwill never\n010r\ncould\nj\n103q\na disgrace\neveryone knows\n", "--in-order")
    assert (done.returncode, done.stdout) == (0, f"{article.parent / 'labels.jsonl'}\n")
    assert done.stderr.endswith("5 sentences labelled, 0 left\n")
    (window,) = read_windows([article.parent / "labels.jsonl"])[0]
    assert (window["id"], window["text"]) == ("merrin", TEXT)
    plain, thugs, prices, junk, plan = window["sentences"]
    assert [thugs[k] for k in SCORED] == [2, 3, 0]
    words = [
        TEXT[a:b] for s in (thugs, prices, plan) for key in s if key.endswith(("spans", "cues")) for a, b in s[key]
    ]
    assert words == ["thugs", "will never", "could", "a disgrace", "everyone knows"]
    assert (plain["voice"], prices["voice"], plan["voice"], junk["junk"]) == ("author", "reported", "quoted", True)


def test_wrong_answers_are_asked_again_and_the_last_is_taken_back(article: Path) -> None:
    done = label(article, "nine\n?\ns\n100\nrascals\nthugs\nb\n000\nq\n", "--in-order")
    assert done.returncode == 0
    assert "Three grades from 0 to 3, such as 200" in done.stderr
    assert "“rascals” is not in the sentence" in done.stderr
    assert done.stderr.count("no part of the article") == 2
    assert kept(article) == [("The thugs in the ministry will never give up.", (0, 0, 0))]
    label(article, "b\nb\nb\nq\n", "--in-order")
    assert len(kept(article)) == 1


def test_what_is_labelled_is_not_asked_again(article: Path) -> None:
    first = label(article, "000\n000\n")
    assert first.stderr.endswith("2 sentences labelled, 3 left\n")
    second = label(article, "000\n" * 9)
    assert second.stderr.startswith("3 sentences to label.")
    assert sorted(text for text, _ in kept(article)) == sorted({text for text, _ in kept(article)})
    assert len(kept(article)) == 5
    third = label(article, "")
    assert (third.returncode, third.stderr.splitlines()[0]) == (0, "0 sentences to label. ")


def test_another_text_of_the_same_name_is_refused(article: Path) -> None:
    label(article, "000\n")
    before = (article.parent / "labels.jsonl").read_bytes()
    article.write_text(TEXT.replace("Merrin", "Lowick"), "utf-8")
    done = label(article, "000\n")
    assert (done.returncode, done.stderr) == (
        2,
        "Error: merrin: was labelled with another text; give another file to -o\n",
    )
    assert (article.parent / "labels.jsonl").read_bytes() == before


def test_the_scores_are_not_shown(article: Path) -> None:
    shown = label(article, "q\n").stderr.split("1 of 5")[1]
    assert not any(character.isdigit() for character in shown.split("sentences labelled")[0].rsplit("\n", 2)[0])


def test_unlabelled_sentences_stay_as_context(article: Path) -> None:
    label(article, "s\n120\nthugs\nwill\nq\n", "--in-order")
    (window,) = read_windows([article.parent / "labels.jsonl"])[0]
    whole = with_unlabelled(window)
    assert [bool(s.get("open")) for s in whole["sentences"]] == [True, False, True, True, True]
    assert len(window["sentences"]) == 1
    assert with_unlabelled(whole) == whole


@pytest.fixture
def terminal(article: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the command in a terminal of its own: what is typed and shown, and the process."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, str(article), "-o", str(article.parent / "labels.jsonl"), "--in-order"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=own_terminal,
    )
    os.close(theirs)
    yield ours, process
    process.kill()
    process.wait()
    os.close(ours)


def own_terminal() -> None:
    """Make standard input the terminal that Ctrl-C comes from."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def wait_for(ours: int, what: str) -> str:
    """Read what the terminal shows until `what` stands there."""
    shown = ""
    until = time.monotonic() + 30
    while what not in shown:
        assert select.select([ours], [], [], until - time.monotonic())[0], shown
        shown += os.read(ours, 4096).decode("utf-8", "replace")
    return shown


def test_ctrl_c_in_a_terminal_loses_no_answer(terminal: tuple[int, subprocess.Popen[bytes]], article: Path) -> None:
    ours, process = terminal
    wait_for(ours, "unhedged; author> ")
    os.write(ours, b"000\n")
    assert "\x1b[1m> The thugs" in wait_for(ours, "unhedged; author> ")
    os.write(ours, b"200\n")
    wait_for(ours, "words of charged")
    os.write(ours, b"thugs\n")
    assert "3 of 5" in wait_for(ours, "unhedged; author> ")
    os.write(ours, b"\x03")
    assert process.wait(30) == 130
    assert [grades for _, grades in kept(article)] == [(0, 0, 0), (2, 0, 0)]
    assert [path.name for path in sorted(article.parent.iterdir())] == ["labels.jsonl", "merrin.txt"]
    assert label(article, "q\n").stderr.startswith("3 sentences to label.")


def test_a_killed_run_keeps_its_answers(article: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, str(article), "-o", str(article.parent / "labels.jsonl")],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stderr
    process.stdin.write(b"000\n")
    process.stdin.flush()
    while b"2 of 5" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(kept(article)) == 1
    assert all(orjson.loads(line) for line in (article.parent / "labels.jsonl").read_bytes().splitlines())
