"""Labelled articles made from templates: small enough to train on in a test. Every place and person is invented."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

TEMPLATES = [
    # text with {who} and {where}, evidence in ‹› for charged, ⟦⟧ for predictions, ⦅⦆ for boosters; grades; voice
    ("The council of {where} met on Monday and approved the budget.", (0, 0, 0), "author"),
    ("‹Corrupt clerks› in {where} have ‹plundered› the harbour for years.", (2, 0, 2), "author"),
    ("{who} said the bridge ⟦will⟧ collapse before winter.", (0, 2, 2), "reported"),
    ("The ferry to {where} leaves at noon and carries forty cars.", (0, 0, 0), "author"),
    ("“This ‹shameful› deal is a ‹betrayal› of every worker,” said {who}.", (2, 0, 2), "quoted"),
    ("Prices in {where} ⟦could⟧ rise again next year, the bank said.", (0, 1, 0), "reported"),
    ("⦅Everyone knows⦆ that the ‹puppet› mayor of {where} ⟦is doomed⟧.", (2, 3, 3), "author"),
    ("{who} was born in {where} and studied law there.", (0, 0, 0), "author"),
    ("Two hundred people took part, according to the police.", (0, 0, 0), "reported"),
    ("It is ⦅clearly⦆ the fault of the ‹reckless› owners, who care for nothing but money.", (1, 0, 3), "author"),
    ("The talks ⟦are likely to⟧ fail because nobody in {where} wants them.", (0, 1, 2), "author"),
    ("A spokeswoman for {who} declined to comment.", (0, 0, 0), "author"),
]
MARKS = {"‹": ("›", "charged_spans"), "⟦": ("⟧", "prediction_cues"), "⦅": ("⦆", "booster_cues")}
PEOPLE = ("Oda Fenn", "Maro Pellin", "Ilse Quarn", "Tam Orrell", "Bettina Skole")
PLACES = ("Merrin", "Dravo", "Lowick", "Pellicor")


def windows(count: int = 10) -> list[dict[str, Any]]:
    """Make `count` labelled articles of eight sentences, two paragraphs each, by two outlets."""
    filled = (_filled(*row) for row in zip(cycle(TEMPLATES), cycle(PEOPLE), cycle(PLACES), strict=False))
    return [_window(number, list(islice(filled, 8))) for number in range(count)]


def _filled(template: tuple[str, tuple[int, int, int], str], who: str, where: str) -> tuple[str, dict[str, Any]]:
    """Fill a template: its plain text, and its labels with ranges of the evidence."""
    text, grades, voice = template
    marked, plain, spans, opened = text.format(who=who, where=where), "", {key: [] for _, key in MARKS.values()}, 0
    closing = {close: key for close, key in MARKS.values()}
    for character in marked:
        if character in MARKS:
            opened = len(plain)
        elif character in closing:
            spans[closing[character]].append([opened, len(plain)])
        else:
            plain += character
    charged, prediction, unhedged = grades
    return plain, {"charged": charged, "prediction": prediction, "unhedged": unhedged, "voice": voice} | spans


def _window(number: int, sentences: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    text, labels = "", []
    for k, (plain, label) in enumerate(sentences):
        text += "" if not k else "\n\n" if k == 4 else " "
        start = len(text)
        text += plain
        moved = {key: [[a + start, b + start] for a, b in label[key]] for _, key in MARKS.values()}
        labels.append(label | moved | {"start": start, "end": len(text), "junk": False})
    return {
        "id": f"made:{number}",
        "offset": 0,
        "outlet": f"Paper {number % 2}",
        "leaning": ("left", "right")[number % 2],
        "group": f"made:{number}",
        "picked": ("random", "whole", "cue")[number % 3],
        "text": text,
        "sentences": labels,
    }
