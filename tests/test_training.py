"""Labels in, weights out: labels are read and cut, training repeats itself, nothing personal or rare is learnt."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import labelled
import numpy as np
import orjson
import pytest

from rhetoric import lexicon
from rhetoric.fitting import Base, draw_grades, load_labels, lone_sentences
from rhetoric.labels import LabelError, read_articles, read_windows, strip_window
from rhetoric.lexicon import Lexicons
from rhetoric.training import TEACHING, load_base, train
from rhetoric.vectors import build_vocabulary, read_people

SHARED = Path(__file__).resolve().parents[2] / "shared"
WORDS = Path(__file__).resolve().parents[1] / "models" / "words.txt"
LABELS = Path(__file__).resolve().parents[1] / "models" / "labels" / "train.jsonl"


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    """Write records to a file, one a line."""
    path.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    return path


@pytest.fixture
def by_offset(tmp_path: Path) -> tuple[Path, Path, list[dict[str, Any]]]:
    """Give labels without text, the folder of their articles, and the whole windows."""
    windows = labelled.windows(30)
    folder = tmp_path / "articles"
    folder.mkdir()
    articles = []
    for number, window in enumerate(windows):
        before = "Ein Vorspann – 🙂. " * (number % 3)
        window["offset"] = len(before)
        key = window["id"] if number % 2 else window["id"].partition(":")[2]
        articles.append({"id": key, "text": before + window["text"] + " The rest."})
    write(folder / "some.jsonl", articles[:20])
    (folder / "more.jsonl.gz").write_bytes(gzip.compress(b"".join(orjson.dumps(a) + b"\n" for a in articles[20:])))
    (folder / "notes.txt").write_text("no articles here")
    return write(tmp_path / "labels.jsonl", [strip_window(w) for w in windows]), folder, windows


def test_windows_are_cut_from_their_articles(by_offset: Any) -> None:
    labels, folder, windows = by_offset
    assert b"harbour" not in labels.read_bytes()
    found, lost = read_windows([labels], [folder])
    assert not lost
    assert [w["text"] for w in found] == [w["text"] for w in windows]
    for one, other in zip(found, windows, strict=True):
        for sentence, whole in zip(one["sentences"], other["sentences"], strict=True):
            assert sentence.items() <= whole.items()
            assert all(not whole[key] for key in whole.keys() - sentence.keys())


def test_changed_and_missing_articles_are_left_out_and_counted(by_offset: Any) -> None:
    labels, folder, windows = by_offset
    articles = list(read_articles(folder / "some.jsonl"))
    articles[3]["text"] = articles[3]["text"].replace("the", "a")
    write(folder / "some.jsonl", articles)
    found, lost = read_windows([labels], [folder])
    assert (len(found), lost) == (len(windows) - 1, [f"made:3: the article has another text at {windows[3]['offset']}"])
    write(folder / "some.jsonl", articles[2:])
    with pytest.raises(LabelError, match=r"3 of 30 labelled windows .* --articles. First: made:0: not among the art"):
        read_windows([labels], [folder])


def test_labels_without_text_say_what_they_need(by_offset: Any) -> None:
    with pytest.raises(LabelError, match="30 of 30 labelled windows have no text"):
        read_windows([by_offset[0]])


def spoil(change: str) -> bytes:
    """Give a line of labels with one mistake."""
    window = labelled.windows(1)[0]
    sentence = window["sentences"][1]
    match change:
        case "text":
            del window["text"]
        case "grade":
            sentence["charged"] = 4
        case "voice":
            sentence["voice"] = "narrator"
        case "key":
            del sentence["unhedged"]
        case "order":
            sentence["start"] = 3
        case "end":
            window["sentences"][-1]["end"] += 5
        case "json":
            return b'{"id": '
        case "list":
            return b"[1]"
    return orjson.dumps(window)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("text", "no key 'text'; a labelled article has id, text, sentences"),
        ("grade", "sentences[1].charged is 4; a grade is 0, 1, 2 or 3"),
        ("voice", "sentences[1].voice is 'narrator'; one of author, quoted, reported, mixed"),
        ("key", "sentences[1] has no key 'unhedged'"),
        ("order", "sentences[1] has start 3, end 122: not a range after the last"),
        ("end", "not a range after the last"),
        ("json", "not JSON"),
        ("list", "a labelled article is a JSON object"),
    ],
)
def test_mistakes_are_told_by_file_line_and_key(tmp_path: Path, change: str, told: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(orjson.dumps(labelled.windows(1)[0]) + b"\n\n" + spoil(change))
    with pytest.raises(LabelError) as error:
        read_windows([path])
    assert str(error.value).startswith(f"{path}:3: ")
    assert told in str(error.value)


def test_files_without_labels_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with pytest.raises(LabelError, match="no labelled article"):
        read_windows([empty])
    with pytest.raises(LabelError, match="cannot be read"):
        read_windows([tmp_path / "absent.jsonl"])
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(b"no gzip")
    with pytest.raises(LabelError, match="cannot be read"):
        read_windows([broken])


@pytest.fixture(scope="module")
def base() -> Base:
    """Give the shipped vocabulary and vectors."""
    return load_base()


@pytest.fixture(scope="module")
def lexicons() -> Lexicons:
    """Give the shipped lexicons."""
    return lexicon.load()


def test_evidence_lands_on_the_words_it_marks(lexicons: Lexicons, base: Base) -> None:
    windows = labelled.windows(4)
    found = load_labels(windows, lexicons, base)
    lower = [word for reading in found.readings for word in reading.words.lower]
    for j, want in enumerate(
        (
            {"corrupt", "clerks", "plundered", "shameful", "betrayal", "puppet", "reckless"},
            {"will", "could", "is", "doomed", "are", "likely", "to"},
            {"everyone", "knows", "clearly"},
        )
    ):
        marked = found.sight.stream.place[found.evidence[:, j] > 0]
        assert {lower[place] for place in marked.tolist()} == want


def test_lone_sentences_keep_their_labels_and_their_group() -> None:
    windows = labelled.windows(2)
    del windows[1]["group"]
    lone = lone_sentences(windows)
    assert len(lone) == 16
    assert {w["group"] for w in lone} == {"made:0", "made:1"}
    for one in lone:
        (sentence,) = one["sentences"]
        assert (sentence["start"], sentence["end"]) == (0, len(one["text"]))
    words = [w["text"][a:b] for w in lone for a, b in w["sentences"][0]["charged_spans"]]
    assert words == [w["text"][a:b] for w in windows for s in w["sentences"] for a, b in s["charged_spans"]]


def test_too_few_labels_are_told(lexicons: Lexicons, base: Base) -> None:
    with pytest.raises(LabelError, match="labels of 3 articles: too few to train on, 5 are the least"):
        train(labelled.windows(3), lexicons, base)


@pytest.mark.parametrize("picked", TEACHING)
def test_labels_that_only_teach_are_not_measured_on(lexicons: Lexicons, base: Base, picked: str) -> None:
    proper, teaching = labelled.windows(10), labelled.windows(40)
    for number, window in enumerate(teaching):
        window |= {"id": f"taught:{number}", "group": f"taught:{number}", "picked": picked}
        window["text"] += " The orange shoes stood in the way."
        last = window["sentences"][-1]
        end = last["end"]
        own = last | {
            "start": end + 1,
            "end": len(window["text"]),
            "charged": 2,
            "charged_spans": [[end + 5, end + 17]],
        }
        window["sentences"].append(own)
    plain, found = train(proper, lexicons, base)
    taught, also = train(proper + teaching, lexicons, base)
    for one, other in zip(found.sets, also.sets, strict=True):
        assert [w["id"] for w in one.windows] == [w["id"] for w in other.windows]
    for weights in ("tone_in", "word_out", "pattern_filters"):
        assert not np.array_equal(plain[weights], taught[weights])


def test_grades_are_drawn_by_their_chances(lexicons: Lexicons, base: Base) -> None:
    windows = labelled.windows(40)
    for window in windows:
        for sentence in window["sentences"]:
            sentence["chances"] = [[100, 50, 0], [0, 0, 0], [20, 20, 20]]
    rng = np.random.default_rng(0)
    chances = load_labels(windows, lexicons, base).chances
    drawn = np.mean([draw_grades(chances, rng) for _ in range(9)], (0, 1))
    assert np.allclose(drawn, [1.5, 0, 0.6], atol=0.1)
    plain = load_labels(labelled.windows(5), lexicons, base)
    assert np.array_equal(draw_grades(plain.chances, rng), plain.grades)


@pytest.mark.parametrize(
    "chances", [50, [[1, 1, 1]], [[50, 60, 0], [0, 0, 0], [0, 0, 0]], [[101, 0, 0]] * 3, [["50", 0, 0]] * 3]
)
def test_chances_that_are_none_are_told(tmp_path: Path, chances: Any) -> None:
    windows = labelled.windows(5)
    windows[3]["sentences"][2]["chances"] = chances
    with pytest.raises(LabelError, match=r"labels.jsonl:4: sentences\[2\].chances: for each of charged"):
        read_windows([write(tmp_path / "labels.jsonl", windows)])


def test_no_word_of_the_shipped_model_is_a_persons_name() -> None:
    words = {line.split("\t")[0] for line in WORDS.read_text("utf-8").splitlines()}
    assert len(words) > 10_000
    known = words & read_people()
    assert not known


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Train twice on the same labels, each time in a process of its own: the two folders."""
    folder = tmp_path_factory.mktemp("trained")
    labels = write(folder / "labels.jsonl", labelled.windows(10))
    for name in ("first", "second"):
        subprocess.run(
            [sys.executable, "-m", "rhetoric", "train", str(labels), "-o", str(folder / name)],
            check=True,
            capture_output=True,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
    return folder / "first", folder / "second"


def test_the_same_labels_give_the_same_bytes(trained: tuple[Path, Path]) -> None:
    first, second = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in trained)
    assert first == second
    manifest = json.loads(first["manifest.json"])
    assert manifest["files"].keys() == first.keys() - {"manifest.json", "MODEL_CARD.md"}


def test_the_card_tells_what_was_trained_on(trained: tuple[Path, Path]) -> None:
    card = (trained[0] / "MODEL_CARD.md").read_text("utf-8")
    assert "10 labelled texts: 80 sentences, and 0 lines" in card
    assert "| charged | 53 | 6 | 21 | 0 |" in card
    assert "Nothing is known here of how the labels of made were made." in card
    assert "language models that read whole windows" not in card
    for heading in ("Calibration", "What each part brings", "The same for every side", "Intended use", "Limits"):
        assert f"\n## {heading}\n" in card
    for part in ("words", "tone", "voice", "sentences around"):
        assert f"| without {part} |" in card
    assert "nan" not in card
    assert max(map(len, card.replace("|", "\n").splitlines())) <= 125


def test_shipped_labels_give_the_windows_they_were_made_from() -> None:
    if not SHARED.is_dir():
        pytest.skip("needs the texts of the labelled articles in ../shared")
    whole, _ = read_windows([SHARED / "corpus" / "train.jsonl"])
    assert [strip_window(w) for w in whole] == [orjson.loads(line) for line in LABELS.read_bytes().splitlines()]
    originals = [w for w in whole if not w["id"].startswith("allsides:")]
    texts = {a["id"]: a["text"] for a in read_articles(SHARED / "corpus" / "originals.jsonl")}
    assert len(originals) == 250
    for window in originals:
        assert texts[window["id"]].startswith(window["text"], window["offset"])


def test_shipped_labels_hold_no_text() -> None:
    for line in LABELS.read_bytes().splitlines():
        assert not {"text", "title"} & orjson.loads(line).keys()


def test_written_sentences_show_what_their_grades_rest_on() -> None:
    rows = [json.loads(line) for line in LABELS.with_name("written.jsonl").read_text("utf-8").splitlines()]
    assert len({row["text"] for row in rows}) == len({row["id"] for row in rows}) == len(rows) > 4000
    for row in rows:
        (sentence,) = row["sentences"]
        assert (sentence["start"], sentence["end"]) == (0, len(row["text"]))
        for signal, key in zip(("charged", "prediction"), ("charged_spans", "prediction_cues"), strict=True):
            assert bool(sentence[signal]) == bool(sentence[key]), row["text"]
        spans = [span for key in ("charged_spans", "prediction_cues", "booster_cues") for span in sentence[key]]
        assert all(row["text"][low:high].strip() == row["text"][low:high] != "" for low, high in spans), row["text"]


def test_no_tested_look_alike_is_trained_on() -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[k : k + 6]) for k in range(len(words) - 5)}

    pairs = (Path(__file__).parent / "data" / "pairs.jsonl").read_text("utf-8").splitlines()
    tested = {run for row in pairs for run in runs(json.loads(row)["text"])}
    for row in LABELS.with_name("written.jsonl").read_text("utf-8").splitlines():
        assert not runs(json.loads(row)["text"]) & tested


def test_words_of_ten_articles_are_kept_and_names_are_not() -> None:
    texts = [f"The harbour of {name} was rebuilt." for name in ("Dravo", "Merrin", "Lowick")] * 4
    texts += ["A lantern hung there, and another lantern."] * 9
    texts += ["They saw Orrell and a plain letter from Orrell."] * 10
    names: dict[str, list[list[str]]] = {"any": [["plain"]], "capital": [], "exact": [], "groups": []}
    words = set(build_vocabulary(texts, names).words)
    assert {"harbour", "rebuilt", "letter"} <= words
    assert not {"lantern", "orrell", "dravo", "plain"} & words


def test_the_news_that_vectors_are_learnt_from_is_listed_in_order() -> None:
    listed = gzip.decompress((LABELS.parent / "news.txt.gz").read_bytes()).decode().split()
    assert listed == sorted(set(listed))
    assert len(listed) == 37_464
    keys = {orjson.loads(line)["id"].partition(":") for line in LABELS.read_bytes().splitlines()}
    assert {key for source, _, key in keys if source == "allsides"} <= set(listed)


def test_the_card_tells_of_labels_that_a_model_made(tmp_path: Path) -> None:
    windows = labelled.windows(14)
    for window in windows[10:]:
        window["picked"] = "silver"
    windows[-1]["picked"] = "annotated"
    labels = write(tmp_path / "labels.jsonl", windows)
    command = [sys.executable, "-m", "rhetoric", "train", str(labels), "-o", str(tmp_path / "model")]
    subprocess.run(command, check=True, capture_output=True)
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text("utf-8")
    assert "10 labelled texts: 80 sentences" in card
    assert "learn from 24 sentences of 3 other texts that a larger model labelled" in card
    assert "from 8 of 1 that language models annotated in haste" in card
    assert "flattered" in card
