"""Write `data/misses.toml` anew, after training: what the tables of look-alikes and mirrors show to be missed.

python tests/misses.py
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from test_even_handed import MIRRORS
from test_pairs import DATA, PAIRS, PROBES, decided, labelled

from rhetoric import Analyzer
from rhetoric.records import SCORED, Analysis, Article

HEAD = """\
# What test_pairs.py is known to miss: the reason, and the sentences (ids in pairs.jsonl) that it explains.
# `floor` is the share of sentences right on all three signals that must not be lost again.
"""
WHY = {
    (
        "charged",
        1,
    ): "charged: a charged use of a word that no list can call charged, or a charge too weak for the score",
    ("charged", 0): "charged: a harsh word used plainly",
    ("prediction", 0): 'prediction: \\"will\\" and the like in a schedule, promise, report or general truth',
    ("prediction", 1): "prediction: a forecast whose cue is weak or missing",
    ("unhedged", 0): "unhedged: an evidenced or plain statement in the words of a verdict",
    ("unhedged", 1): "unhedged: motive, cause, verdict or forecast stated flat without a word that shows it",
}
"""Reason by the signal that is wrong and what it should be."""
Misses = dict[str, list[int]]


def score_miss(row: dict[str, Any], analysis: Analysis) -> str | None:
    """Why the scores of a sentence are wrong; None where they are right."""
    wanted, found = labelled(row), decided(analysis)
    wrong = [signal for signal in SCORED if wanted[signal] != found[signal]]
    return WHY[wrong[0], wanted[wrong[0]]] if wrong else None


def voice_miss(row: dict[str, Any], analysis: Analysis) -> str | None:
    """Why the voice of a sentence is wrong."""
    s = analysis.sentences[-1]
    if s.voice != row["voice"]:
        return f"{row['voice']} read as {s.voice}"
    return None if s.vague == row["vague"] else "a vague source missed, or seen where there is none"


def place(row: dict[str, Any], text: str) -> tuple[int, int]:
    """Where a text stands in a row."""
    start = row["text"].index(text)
    return start, start + len(text)


def finding_miss(row: dict[str, Any], analysis: Analysis) -> str | None:
    """Why the findings of a sentence are wrong."""
    for text, signal in row["findings"]:
        own = [f for f in analysis.findings if f.signal == signal]
        if not any(text in f.text for f in own):
            start, end = place(row, text)
            over = any(f.start < end and start < f.end for f in own)
            return "marked with more or fewer words" if over else "no list has the word and the model does not see it"
    for text in row["not"]:
        start, end = place(row, text)
        if any(f.signal in SCORED and f.start < end and start < f.end for f in analysis.findings):
            return "a plain use of a listed word is marked"
    return None


def unequal(analyzer: Analyzer, carrier: str, one: str, other: str) -> bool:
    """Whether mirrored charges differ by more than one grade."""
    grades = [analyzer(Article(carrier.format(charge))).sentences[-1].grade["charged"] for charge in (one, other)]
    return abs(grades[0] - grades[1]) > 1


def write() -> None:
    """Write the file and tell the shares."""
    analyzer = Analyzer.load()
    seen = {row["text"]: analyzer(Article(row["text"])) for row in PAIRS}
    tables: dict[str, Misses] = {}
    for name, miss in (("scores", score_miss), ("voice", voice_miss), ("findings", finding_miss)):
        tables[name] = defaultdict(list)
        for row in PAIRS:
            if reason := miss(row, seen[row["text"]]):
                tables[name][reason].append(row["id"])
    right = 1 - sum(map(len, tables["scores"].values())) / len(PAIRS)
    probes = [json.loads(line) for line in PROBES.read_text("utf-8").splitlines()]
    told = sum(decided(analyzer(Article(row["text"]))) == labelled(row) for row in probes) / len(probes)
    print(f"pairs {right:.3f}, probes {told:.3f} right")
    lines = [HEAD, "[floor]", f"pairs = {int(100 * right) / 100}", f"probes = {int(100 * told) / 100}", ""]
    for name, misses in tables.items():
        lines.append(f"[{name}]")
        for reason in sorted(misses):
            ids = "".join(f"{i}, " for i in misses[reason]).rstrip()
            lines += [f'"{reason}" = [', f"  {ids}", "]"]
        lines.append("")
    names = [one for one, other, carrier in MIRRORS if unequal(analyzer, carrier, one, other)]
    reason = "the lists or the model know one charge better than its mirror"
    lines += ["[mirrors]", *([f'"{reason}" = {json.dumps(names)}'] if names else []), ""]
    (DATA / "misses.toml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write()
