"""Lines that stand round an article without being part of it."""

from __future__ import annotations

import re

JUNK = (r"advertisement:?",)
_JUNK = re.compile(f"(?:{'|'.join(JUNK)})$", re.IGNORECASE)


def is_junk(sentence: str) -> bool:
    """Whether the sentence is no article."""
    return len(sentence) < 300 and _JUNK.match(sentence) is not None
