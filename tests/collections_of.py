"""Invented collections of articles, and what a store holds as plain data: shared by the tests of batch and store."""

from __future__ import annotations

import hashlib
import json
import random
import sqlite3
from pathlib import Path
from typing import Any

from pyarrow import parquet

OPENING = (
    "The council of {town} voted on Monday to close the old bridge for a year.",
    "The port of {town} will reopen in the spring, its director said on Friday.",
    "A regime of thugs has ruled {town} for too long, and everyone in the valley knows it.",
    "Prices in {town} rose again in March, the statistics office reported.",
)
MIDDLE = (
    "“This is a betrayal of the valley,” said Mara Quill, who leads the opposition.",
    "The mayor, {name}, said that the repairs could cost {n} million crowns.",
    "Critics warn that the reckless plan will inevitably ruin the town.",
    "About {n} people took part, according to the police.",
    "The company did not answer questions about the {n} missing files.",
    "Nobody can deny that the so-called reform has failed.",
    "A spokeswoman declined to say whether {name} would stand again.",
    "The heroic rescuers worked through the night, and {n} families were saved.",
    "It may take until {n} June before the line runs again, the railway said.",
)
TOWNS = ("Merrin", "Orle", "Dravo", "Ulm Karsk", "Vell", "Kestria")
NAMES = ("Ada Lenk", "Tomas Hale", "Joanna Strake", "Ida Vance")
OUTLETS = ("The Orle Courier", "Dravo Gazette", "Vell Evening Post")


def article(number: int) -> dict[str, Any]:
    """The invented article of that number."""
    chance = random.Random(number)

    def filled(sentence: str) -> str:
        return sentence.format(town=chance.choice(TOWNS), name=chance.choice(NAMES), n=chance.randint(2, 900))

    body = [filled(chance.choice(MIDDLE)) for _ in range(chance.randint(4, 9))]
    return {
        "id": f"a{number}",
        "title": f"Report {number} from {chance.choice(TOWNS)}",
        "text": " ".join([filled(chance.choice(OPENING)), f"It was entry {number} in the book.", *body]),
        "url": f"https://courier.example/{number}",
        "outlet": OUTLETS[number % len(OUTLETS)],
        "date": f"2025-{1 + number % 6:02}-{1 + number % 28:02}",
    }


def write_table(path: Path, numbers: range) -> Path:
    """A file of JSON lines with invented articles."""
    path.write_text("".join(json.dumps(article(n)) + "\n" for n in numbers), encoding="utf-8")
    return path


def contents(store: Path) -> dict[str, list[Any]]:
    """All that a store holds, sorted, without what tells one run from another: parts, runs and their numbers."""
    found: dict[str, list[Any]] = {}
    with sqlite3.connect(store / "state.sqlite") as db:
        parts = [row[0] for row in db.execute("SELECT part FROM parts ORDER BY 1")]
        for table, columns in {
            "state": "article, outlet, day, url, edition",
            "places": "article, source, place, id, title, url, outlet, byline, published",
            "failures": "source, place, reason, article",
            "skipped": "article, source, place, reason",
            "sources": "source, sha256, settings",
        }.items():
            name = "articles" if table == "state" else table
            found[table] = sorted(db.execute(f"SELECT {columns} FROM {name}").fetchall(), key=repr)
    db.close()
    for table in ("articles", "sentences", "findings", "ledger"):
        files = [store / table / f"part-{part:08d}.parquet" for part in parts]
        assert sorted(files) == sorted((store / table).glob("*")), "files that the state does not name, or the reverse"
        rows = [json.dumps(row, default=str) for file in files for row in parquet.read_table(file).to_pylist()]
        assert len(rows) == len(set(rows))
        found[table] = sorted(rows)
    return found


def digest(store: Path) -> str:
    """A hash of all that a store holds."""
    return hashlib.sha256(repr(contents(store)).encode()).hexdigest()
