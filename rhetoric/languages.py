"""Which language a text is in, told offline."""

from __future__ import annotations

import re

from rhetoric.decoding import ReadError
from rhetoric.signals import FUNCTION

SHORT = 60
"""Shorter texts are too short to tell."""
PIECE = 150
"""Characters looked at from the start, and again from the middle."""
WHOLE = 10_000
"""Characters looked at where these do not look English: names and lists mislead."""

ENGLISH = frozenset(
    ("the", "and", "that", "with", "this", "from", "which", "have", "has", "been", "their", "they", "said", "who")
    + ("would", "about")
)
"""Words that no other language of the model writes alike and as often."""
ENOUGH = 4
"""So many of them in the two pieces, and one at least in each, are English without asking the model."""


SMALL = 0.15
"""Share of small words (of, the, and …) that English text has at least."""
FEWEST = 12
"""Words of the shortest text that can be told by them."""
FOREIGN = "This does not read like English; scores of another language mean nothing."


def is_english(text: str, least: int = FEWEST) -> bool:
    """Return whether a text has as many small words of English as English has; one of under `least` words passes."""
    words = re.findall(r"[^\W\d_]+", text[:3000].lower())
    return len(words) < least or sum(word in FUNCTION for word in words) >= SMALL * len(words)


def language_of(text: str) -> str | None:
    """Return the two-letter code of the language of a text; None where it is too short to tell.

    The first call loads the model, a third of a second, whatever the text.
    """
    try:
        from py3langid import classify
    except ImportError:
        raise ReadError(
            "telling the language needs py3langid: pip install 'rhetoric-analyzer[batch]', or take any language"
        ) from None
    if len(text) < SHORT:
        classify("")
        return None
    middle = max(len(text) // 2, PIECE)
    pieces = (text[:PIECE], text[middle : middle + PIECE])
    known = [sum([word in ENGLISH for word in piece.lower().split()]) for piece in pieces]
    if min(known) and sum(known) >= ENOUGH:
        return "en"
    found = str(classify(" ".join(pieces))[0])
    return found if found == "en" or len(text) <= 2 * PIECE else str(classify(text[:WHOLE])[0])
