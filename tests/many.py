"""A few hundred invented articles of four outlets, made the same way each time."""

from __future__ import annotations

import random

import pandas as pd

PLACES = ("Merrin", "Dravo", "Kestria", "Ordan", "Saint Orle", "Verezh")
PEOPLE = ("Mara Quill", "Tam Orrell", "Ana Reyn", "Piotr Gerlin", "Oda Fenn")
PLAIN = (
    "The council of {place} met on Tuesday and heard the report on the harbour.",
    "About {n} people came to the hearing, and {n} letters were read.",
    "The road to {place} was closed for {n} hours after the storm.",
    "The budget for the schools of {place} rose by {n} thousand crowns.",
    "{person} said that the repairs had taken {n} days.",
    "According to {person}, the ferry runs {n} times a week.",
    "The clinic in {place} opened in March and has {n} beds.",
)
CHARGED = (
    "The puppet regime in {place} grovels before its paymasters.",
    "These thugs and traitors have plundered {place} for {n} years.",
    "Everyone knows that the corrupt clique of {person} is doomed.",
    "The shameless lackeys of {place} will inevitably be swept away.",
    "{person} raved about freedom while the mob looted the harbour.",
)
QUOTED = (
    "“This disgraceful swindle will ruin {place},” {person} said.",
    "“They are liars and cowards,” {person} told reporters in {place}.",
)
OUTLETS = {
    "The Merrin Courier": (PLAIN * 3 + QUOTED),
    "Dravo Gazette": (PLAIN * 3 + QUOTED * 2),
    "Truth of Ordan": (PLAIN + CHARGED * 2 + QUOTED),
    "Voice of Kestria": (PLAIN + CHARGED * 3),
}


def frame(each: int = 25, *, sentences: int = 14, seed: int = 5) -> pd.DataFrame:
    """Return so many articles an outlet; every seventh has no date."""
    rng = random.Random(seed)
    rows = []
    for outlet, sources in OUTLETS.items():
        for k in range(each):
            lines = [
                rng.choice(sources).format(place=rng.choice(PLACES), person=rng.choice(PEOPLE), n=rng.randint(12, 90))
                for _ in range(sentences)
            ]
            day = None if k % 7 == 6 else f"2021-{1 + k % 4:02}-{1 + k % 27:02}"
            title = f"{rng.choice(PLACES)}, number {k}"
            rows.append({"text": " ".join(lines), "title": title, "outlet": outlet, "date": day})
    return pd.DataFrame(rows)
