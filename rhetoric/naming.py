"""Phrases and pronouns in the article's fullest words."""

from __future__ import annotations

from rhetoric.grammar import FINITE, LINKING
from rhetoric.labelling import (
    ACROSS,
    ARTICLE,
    BOUNDARY,
    COUNTED,
    DETERMINERS,
    LOOSE,
    NO_PART,
    OBJECT,
    SUBORDINATE,
    TIMES,
    describes,
    sentences_before,
)
from rhetoric.records import Voice
from rhetoric.reporting import first_phrase
from rhetoric.speakers import MONTHS, ORGANISED, TITLES, Cast, people

_NO_NOUN = TIMES | NO_PART | (FINITE - {"'s"}) | {'"', "“", "”"}
LONG = 6
"""A phrase of more words is cut to what stands behind its last preposition."""


def name_phrase(cast: Cast, lo: int, voice: Voice | None, begin: int, end: int) -> str | None:
    """The phrase in the article's fullest words."""
    line = cast.line
    low = line.low
    for k in range(begin + 1, end):
        if low[k] in '“"':
            if low[k - 1] not in DETERMINERS:  # "the guild's “mix of fear and greed”"
                end = k
            break
    while end > begin and not line.word[end - 1]:
        end -= 1
    while begin < end and (not line.word[begin] or low[begin] in SUBORDINATE or low[begin] in LINKING):
        begin += 1
    while end > begin + 1 and (low[end - 1].endswith("ly") or low[end - 1] in ("both", "'s")):
        end -= 1
    while begin + 1 < end and low[begin] in COUNTED:
        begin += 1
    if begin < end and low[begin] == "to":  # "to ask *your hosts*, who"
        begin = next((k for k in range(end - 1, begin, -1) if low[k] in OBJECT), end)
    if end <= begin or low[begin] in {"a", "an", "any", "some", "no", "there", "what"}:
        return None
    if low[end - 1] in LOOSE:
        return name_pronoun(cast, lo, voice, low[begin], begin) if end - begin == 1 else None
    for cut in range(end - 1, begin, -1):
        if low[cut - 1] in NO_PART or low[cut - 1] in ("how", "why"):
            if low[cut] in DETERMINERS or line.capital[cut]:
                begin = cut
            break
    named = cast.between(begin, end) if low[end - 1].endswith("s") and not line.capital[end - 1] else ()
    known = None if named and named[-1].end == end - 1 else cast.resolve(begin, end)
    if known:
        return known.removeprefix("the ").removeprefix("The ")
    while begin < end and (low[begin] in ARTICLE or low[begin] in ("such", "even") or not line.word[begin]):
        begin += 1
    if begin >= end or low[end - 1] in TITLES:
        return None
    if end - begin > LONG:  # "welcome news for *the mayor's supporters*"
        begin = next((k + 1 for k in range(end - 2, begin, -1) if low[k] in ACROSS and low[k] != "of"), begin)
        plain = not any(line.capital[begin:end]) and "'s" not in low[begin:end]
        if end - begin > LONG and "'s" in low[begin:end]:
            end = low.index("'s", begin)
        return None if plain or end - begin > LONG else name_phrase(cast, lo, voice, begin, end)
    words = low[begin:end]
    if not _NO_NOUN.isdisjoint(words) or any([w.endswith("n't") for w in words]):
        return None
    if (
        words[-1].endswith("ly")
        or words[-1] in BOUNDARY
        or words[0].endswith(("ly", "ing"))
        or words[-1] in MONTHS
        or not line.word[end - 1]
    ):
        return None
    if len(words) == 1 and describes(words[0]) and not line.capital[begin]:
        return None
    return cast.written(begin, end)


def name_pronoun(cast: Cast, lo: int, voice: Voice | None, pronoun: str, at: int) -> str | None:
    """Whom a pronoun means; None where several fit."""
    if pronoun in {"i", "my", "me", "myself"}:
        return voice.speaker if voice and voice.voice == "quoted" else None
    if pronoun in ("he", "him", "his"):
        return _one(cast, lo, voice, at, "he")
    if pronoun in ("she", "her"):
        return _one(cast, lo, voice, at, "she")
    if pronoun in ("they", "their", "them"):
        return _many(cast, lo, voice, at)
    return None


def _one(cast: Cast, first: int, voice: Voice | None, at: int, kind: str) -> str | None:
    """Whom "he" or "she" means: the one person named in the sentence, else the subject of it or of those before."""
    line = cast.line
    gone = voice.speaker if voice and voice.voice == "quoted" else None
    end = at
    for lo in (first, *sentences_before(line, first)):
        fit = {cast.full(n) for n in people(cast, lo, end) if cast.gender(line.low[n.end - 1]) in ("", kind)} - {gone}
        if len(fit) == 1:
            return fit.pop()
        who = first_phrase(line, lo, end) if not fit or lo == first else None
        name = next((n for n in cast.between(*who) if n.end == who[1]), None) if who else None
        if name and (lo == first or cast.is_person(name)) and ORGANISED.isdisjoint(line.low[name.begin : name.end]):
            full = cast.full(name)
            if full != gone and cast.gender(line.low[name.end - 1]) in ("", kind):
                return full
        if fit:
            return None
        if lo == first and voice and voice.voice == "reported" and voice.speaker and cast.person(voice.speaker):
            return voice.speaker
        end = lo
    return None


def _many(cast: Cast, first: int, voice: Voice | None, at: int) -> str | None:
    """Whom "they" means: the subject, in the plural, of the sentence or of the one before."""
    line = cast.line
    for lo in (first, *sentences_before(line, first)[:1]):
        who = first_phrase(line, lo, at)
        if who and line.low[who[0]] not in LOOSE and line.low[who[1] - 1] not in LOOSE:
            plural = line.low[who[1] - 1].endswith("s") or "and" in line.low[who[0] : who[1]]
            return name_phrase(cast, lo, voice, *who) if plural else None
    return None
