"""What a reporting word says: which words of its sentence it attributes, and to whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from rhetoric.grammar import (
    ADDRESSED,
    AFTER_NOUN,
    ALLEGING,
    AROUND,
    ASIDE,
    ASKING,
    AUXILIARY,
    BARE,
    BE,
    BEHIND,
    CALLING,
    CHARGING,
    CLAUSE,
    CONTRAST,
    DEBATE,
    DETERMINER,
    FINDING,
    FINITE,
    HEARSAY,
    HELD,
    HOLDING,
    IMPERSONAL,
    INVERTED,
    KNOWING,
    LETS_SPEAK,
    LINKING,
    MODAL,
    NO_CLAUSE,
    NO_CUE,
    NO_SPEAKERS,
    NOBODY,
    NOT_SOURCE,
    NOUNS,
    NUMBERS,
    OPINION,
    OWN,
    OWN_ROUNDING,
    OWNING,
    PAST,
    PERSONS,
    PLEDGING,
    PLURAL,
    PREPOSITION,
    QUALITIES,
    QUESTION,
    RELATIVE,
    ROUNDING,
    RUMOURED,
    SAYING,
    SENT,
    SHOWING,
    STATED,
    STOP_LEFT,
    STOP_RIGHT,
    STUDIES,
    SUBJECT,
    SURE,
    TELLING,
    TITLE,
    UNSAID,
    UNTOLD,
    UPON,
    WHERE,
)
from rhetoric.segment import Words
from rhetoric.speakers import BREAKS, MONTHS, ORGANISED, Lines, Name, is_vague
from rhetoric.word_numbers import number_words


class Cue(NamedTuple):
    """Reporting words: the half-open range of words, and the text of the lexicon's term they are a form of."""

    begin: int
    end: int
    verb: str


_BEFORE = (UPON, OPINION, PLEDGING, RUMOURED)
_BEHIND = tuple(map(frozenset, (("whether", "how", "what", "why"), ("that",), ("to",), ("of",))))
_PAIRS, _POLL = (1 << len(_BEFORE)) - 1, 1 << len((*_BEFORE, *_BEHIND))
_MARKED = number_words(
    {
        w: sum((w in words) << k for k, words in enumerate((*_BEFORE, *_BEHIND)))
        for w in frozenset().union(*_BEFORE, *_BEHIND)
    }
    | dict.fromkeys(("poll", "survey"), _POLL),
    0,
)
"""A bit for each of `_BEFORE` and `_BEHIND` that a word is in."""


class Claim(NamedTuple):
    """What a cue says; all ranges are half-open ranges of words. Without content, it only introduces quotations."""

    content: tuple[tuple[int, int], ...]
    source: tuple[int, int] | None
    cue: tuple[int, int]
    vague: bool
    strong: bool
    """The sentence is reported where the claim fills little of it, too."""
    aside: tuple[int, int] | None = None
    """What is told of without `content`: "announced *a plan*"; the sentence stays the author's."""


VIEW, AIMED = "in Hale's view", "for Hale,"
"""Cues that hold a name and so are in no lexicon; `find_frames` finds them."""
_VIEWS = tuple(
    re.compile(
        apostrophe + r"s? (?:own )?(?:view|opinion|words|estimation|telling|judge?ment|reading|account|"
        r"point of view|perspective|standpoint|mind|eyes)\b"
    )
    for apostrophe in "'’"  # a pattern that begins with one character is found four times faster than with two
)
_FOR = re.compile(
    r"(?:For|Per|To) (?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][a-z’'-]+(?: [A-Z][\w’'-]+){0,2},"
    r"|In [^,.:;“”\"]{0,70}?\b(?:[Pp]oll|[Ss]urvey)s?\b[^,.:;“”\"]{0,50},"
    r"|(?:But )?(?:[Ff]or|[Tt]o) (?:many|most|some) (?!of\b|time|year|month|week|day|reason)[^,.:;\n“”\"]{3,70},"
    r"|(?:But )?(?:[Ff]or|[Tt]o) (?:others|them|critics|supporters|opponents)\b[^,.:;\n“”\"]{0,50},"
    r"|By (?:all|most|many|some) accounts,"
)
_OPENS = frozenset(("Fo", "Pe", "Bu", "To", "By", "In"))
"""What `_FOR` begins with."""


def find_frames(line: Lines, sentences: Sequence[int]) -> list[Cue]:
    """The cues that hold a name: "in Hale's view", and "For Hale," where one of `sentences` starts."""
    low, text = line.low, line.text
    found = []
    for m in chain(*(view.finditer(text) for view in _VIEWS)):
        k = bisect_left(line.start, m.start())
        for i in range(k - 1, max(k - 9, 0) - 1, -1):
            if low[i] in ("in", "by", "from"):
                found.append(Cue(i, bisect_left(line.start, m.end()), VIEW))
                break
            if not line.word[i] and low[i] not in "-'’.":
                break
    for start in sentences:
        if text[start : start + 2] in _OPENS and (frame := _FOR.match(text, start)):
            i, j = bisect_left(line.start, start), bisect_left(line.start, frame.end())
            i += low[i] == "but"
            if low[i] == "in" or not MONTHS.intersection(low[i:j]):
                found.append(Cue(i, j, AIMED))
    return found


def find_opinions(words: Words, places: Sequence[int]) -> list[list[int]]:
    """Words that open an aside, in each text of a row: "that" in "the fear *that …*", "poll" in "in a *poll*".

    `places` are where the texts begin among `words`, and where one more would.
    """
    kinds = _MARKED.look_up(words.hashes)
    opens = kinds & _POLL
    opens[1:] |= kinds[:-1] & _PAIRS & kinds[1:] >> len(_BEFORE)
    found = np.flatnonzero(opens)
    cuts = found.searchsorted(places).tolist()
    return [(found[a:b] - place).tolist() for place, (a, b) in zip(places, pairwise(cuts), strict=False)]


def read_opinion(line: Lines, at: int, lo: int, hi: int) -> Claim | None:
    """The clause that begins with word `at`, as an aside."""
    low = line.low
    i = at - 1
    if i <= lo:
        return None
    if low[at] in STUDIES:
        return _read_poll(line, at, lo)
    if low[i] in UPON:
        i -= 1
        if low[i] not in DEBATE or i <= lo:
            return None
    stop = hi
    while stop > at and not line.word[stop - 1]:
        stop -= 1
    stop = _clause_end(low, at + 1, stop)
    before = low[i - 1]
    source, vague = None, False
    if before in ("his", "her", "their", "its"):
        source = (i - 1, i)
    elif before in ("my", "our", "your") or not NOT_SOURCE.isdisjoint(low[max(lo, i - 3) : i]):
        return None
    elif before == "'s":
        source = phrase_before(line, i - 2, lo)
    elif before in BE and low[i].endswith("ed") and low[at] == "to":  # "is expected to"
        vague = True
    elif before in BE or (low[at] == "to" and before not in DETERMINER):
        k = i - 1
        while k > lo and (low[k] in AUXILIARY or low[k].endswith("ly")):
            k -= 1
        source = phrase_before(line, k, lo)
    if source and low[source[0]] in NOT_SOURCE:
        return None
    at += low[at] == "of"
    begin = next((k for k in range(i - 1, lo, -1) if low[k] in _OPENING), lo)
    if not _has_finite(low, begin, i):  # "The fear that it falls *grew*"
        verbs = [k for k in range(at + 2, stop) if low[k] in FINITE or low[k] in PAST or _is_past(low[k])]
        if len(verbs) > 1 and verbs[-1] > verbs[0] + 1:
            stop = verbs[-1]
    return Claim((), source, (i, i + 1), vague or is_vague(line, source), False, (at, stop))


def _read_poll(line: Lines, at: int, lo: int) -> Claim | None:
    """What stands before "in a poll"."""
    for i in range(at - 1, max(at - 9, lo + 2), -1):
        if line.low[i] == "in":
            return Claim((), (i + 1, at + 1), (i, i + 1), False, False, (lo, i))
        if not line.word[i] and line.low[i] not in "-'/":
            break
    return None


_OPENING = frozenset((",", ";", ":", "that", "and", "but", "when", "because", "while", "as"))


def _is_past(word: str) -> bool:
    return word.endswith("ed") and len(word) > 4


def read_cue(line: Lines, cue: Cue, lo: int, hi: int, earlier: Claim | None) -> Claim | None:
    """What the cue says, and who says it; None where it reports nothing.

    Parameters
    ----------
    line
        The words of the text.
    cue
        A reporting word or phrase outside quotation marks.
    lo, hi
        The words of the sentence.
    earlier
        The claim before it in the sentence: a second verb may share its subject.
    """
    low = line.low
    i, j, verb = cue
    stop = hi
    while stop > j and not line.word[stop - 1]:
        stop -= 1
    if verb in _NO_VERBS:
        return _read_phrase(line, cue, lo, stop, earlier)
    before = low[i - 1] if i > lo else ""
    if before in ("'", "’") and i - 1 > lo and not line.word[i - 2]:
        before = '"'  # it closes a quotation
    gerund = low[i].endswith("ing")
    if verb == "say":
        if low[i] == "say" and before == "," and j < stop and low[j] == "," and i - 1 > lo:  # "by, say, oil"
            return None
    elif verb == "call" and _names(line, cue, lo, stop):
        return None
    if line.capital[i] and i > lo and 2 * sum(line.capital[lo:hi]) < hi - lo:  # the name Said
        return None
    behind = low[j] if j < len(low) else "."
    if before == "as" and behind == "by" and verb in SAYING:  # "as reported by the Post"
        return _read_rounding(line, Cue(i - 1, j + 1, verb), lo, stop)
    if before == "-" or behind == "-" or before in DETERMINER or (before in PREPOSITION and not gerund):
        return None
    k = i - 1
    passive = False
    while k >= lo and ((w := low[k]) in AUXILIARY or (w.endswith("ly") and not line.capital[k])):  # "Italy said"
        passive |= w in BE
        k -= 1
    if k >= lo and low[k] == "on" and low[k + 1].endswith("day"):
        k -= 1
    head = low[k] if k >= lo else ""
    if k < lo and low[i] == verb.split(" ", 1)[0]:
        return None
    if (head in NOT_SOURCE and head != "us") or (head == "to" and low[k - 1] not in LETS_SPEAK):
        return None
    if head in DETERMINER and k == i - 1 and before != '"':
        return None
    if verb in NOUNS and not _is_formed(low[i]):
        counted = before in NUMBERS and low[i].endswith("s")  # "all three *demands*"
        if counted or (_is_noun(line, cue, lo) if k == i - 1 else head in OWNING):  # "the only *question* is"
            return None
    if passive and not gerund:
        if not UNSAID.isdisjoint(low[k + 1 : i]):
            return None
        return _read_passive(line, cue, lo, _insertion_end(line, k, lo, j, stop))
    after_mark = k == i - 1 and (k < lo or not line.word[k])
    if after_mark and not gerund and (inverted := _read_inverted(line, cue, lo, stop)):
        return inverted
    source = _subject(line, cue, k, lo, earlier)
    first = source[0] - 1 if source and source[0] < i else k
    opener = first if first > lo and low[first] in RELATIVE else k
    whole, stop = stop, _insertion_end(line, opener, lo, j, stop)
    inserted = stop < whole or behind == "by"
    if head == "," and inserted and _is_past(low[i]) and verb in CALLING | CHARGING:
        return _read_passive(line, cue, lo, stop)  # "Hale, described by Fenn as a hero, left"
    claim = _read_verb(line, cue, lo, stop, source)
    nobody = source is not None and low[source[0]] in NOBODY and not low[source[0] + 1][0].isdigit()  # not "No 10"
    unsaid = nobody or (first >= lo and low[first] == "nor") or (k < i - 1 and not UNSAID.isdisjoint(low[k + 1 : i]))
    if unsaid and verb in HOLDING and MODAL.isdisjoint(low[k + 1 : i]):
        unsaid = False  # who does not believe that it is so says so
    if claim is None or not claim.strong:
        return Claim((), *claim[1:]) if claim and claim.content and (unsaid or verb in _KNOWN) else claim
    told = first >= lo and low[first] in WHERE and claim.content and claim.content[0][0] > i
    impersonal = verb in SHOWING and source is not None and low[source[1] - 1] in IMPERSONAL
    doubtful = source is None or told or low[hi - 1] == "?" or unsaid or impersonal
    if low[hi - 1] == "?" and (low[lo] in AUXILIARY or low[lo] in QUESTION):
        return Claim((), *claim[1:])
    if unsaid and behind not in QUESTION and behind not in CLAUSE and behind != "that" and claim.content[0][0] >= j:
        return Claim((), *claim[1:])
    return Claim(*claim[:4], False, claim.aside) if doubtful else claim


def _insertion_end(line: Lines, opener: int, lo: int, j: int, stop: int) -> int:
    """Where the words of `opener` end if they stand between subject and verb: "the port, *which Hale says fell*, is".

    `stop` where they do not; `j` is the word behind the verb that tells of them.
    """
    low = line.low
    comma = opener - (opener > lo and low[opener] in RELATIVE)
    if comma <= lo or low[comma] != "," or _has_finite(low, lo, comma) or not PAST.isdisjoint(low[lo:comma]):
        return stop
    return next((k for k in range(j, stop - 1) if low[k] == "," and _goes_on(low, k + 1, stop)), stop)


def _goes_on(low: list[str], k: int, stop: int) -> bool:
    """Whether word `k` is the verb of a subject before it, and no part of a list."""
    while k < stop - 1 and low[k].endswith("ly"):
        k += 1
    listed = k + 1 < stop and low[k + 1] in ("and", "or", ",")
    return low[k] in _VERBS or low[k] in PAST or (low[k].endswith("ed") and not listed)


_NO_VERBS = NO_CUE | ROUNDING | OWN_ROUNDING | HEARSAY | ALLEGING | {AIMED}
_KNOWN = KNOWING - FINDING


def _read_phrase(line: Lines, cue: Cue, lo: int, stop: int, earlier: Claim | None) -> Claim | None:
    """What is said in "according to Hale", "in Hale's view", "reportedly"."""
    low = line.low
    i, j, verb = cue
    if verb in NO_CUE:
        return None
    if verb in ROUNDING:
        whole = i > lo and low[i - 1] == ","  # "Hale said it would fall, according to the Post"
        return _read_rounding(line, cue, lo if whole else _clause_start(lo, i, earlier), stop)
    if verb in OWN_ROUNDING:
        owner = next((k for k in range(j - 1, i, -1) if low[k] in ("'s", "'")), j - 1)
        return Claim(((lo, i), (j, stop)), (i + 1, owner), (i, j), False, True)
    if verb == AIMED:
        return Claim(((j, stop),), (i + 1, j - 1), (i, j), is_vague(line, (i + 1, j - 1)), True)
    if verb in HEARSAY:
        return Claim(((lo, i), (j, stop)), None, (i, j), True, True)
    return Claim(((j, _clause_end(low, j, stop)),), None, (i, j), True, False)


def _names(line: Lines, cue: Cue, lo: int, stop: int) -> bool:
    """Whether a form of "call" only names: "calls itself the Guild", "a port called Ely"."""
    low = line.low
    i, j, _ = cue
    after = low[j] if j < stop else ""
    if after in ("itself", "themselves", "himself", "herself", "myself", "ourselves"):
        return True
    article = next((k for k in range(i - 1, max(lo, i - 5) - 1, -1) if low[k] in ("a", "an", "of")), -1)
    if (
        low[i - 1] in ("also", "officially", "formally")
        and low[i] == "called"
        and j + 1 < stop
        and after not in ("a", "an")
        and (line.capital[j] or line.capital[j + 1])
    ):
        return True  # "which is also called Hale Day"
    noun = i - 1 > lo and line.word[i - 1] and not line.capital[i - 1] and article >= 0
    return low[i] == "called" and noun and j < stop and line.capital[j]


def _is_noun(line: Lines, cue: Cue, lo: int) -> bool:
    """Whether a form that is noun and verb is a noun here: "stoked fears that", "the three-day state visit"."""
    low = line.low
    i = cue.begin
    word, before = low[i], low[i - 1] if i > lo else ""
    after = low[cue.end] if cue.end < len(low) else ""
    if not before or after in AFTER_NOUN or before in BE:
        return True
    if before == ",":
        return False
    if word.endswith("s") and not word.endswith("ss"):
        if cue.verb == "state":
            return not (line.capital[i - 1] or before in STATED)
        plural = before.endswith("s") and not before.endswith(("ss", "us", "'s")) and not line.capital[i - 1]
        return plural or before in ("and", "or") or (before.endswith("ed") and not line.capital[i - 1])
    if before in PLURAL or before.endswith(("s", "ly")) or before in AUXILIARY:
        return False
    return after != "that" or PLURAL.isdisjoint(low[max(lo, i - 5) : i])


def _is_formed(word: str) -> bool:
    """Whether a form is a verb's alone."""
    return word.endswith(("ed", "ing"))


def _subject(line: Lines, cue: Cue, k: int, lo: int, earlier: Claim | None) -> tuple[int, int] | None:
    """Who does the speaking; `k` is the last word before the verb and its auxiliaries."""
    low = line.low
    head = low[k] if k >= lo else ""
    gerund = low[cue.begin].endswith("ing")
    if (
        earlier
        and earlier.source
        and head in ("and", "or", "but", ",")
        and (head != "," or gerund or low[cue.begin] in low[max(k - 12, 0) : k])  # "calls for it, calls them names"
    ):
        return earlier.source
    if gerund or head in ("and", "or", "but", "to"):
        return first_phrase(line, lo, cue.begin)
    if head in ("that", "which", "who"):
        return phrase_before(line, k - 1, lo)
    return phrase_before(line, k, lo) or (None if earlier or head == "," else first_phrase(line, lo, cue.begin))


def _clause_start(lo: int, i: int, earlier: Claim | None) -> int:
    """Where the clause round word `i` begins: with what an earlier cue reports, or with the sentence."""
    return next((b for b, e in earlier.content if b <= i < e), lo) if earlier else lo


def _read_rounding(line: Lines, cue: Cue, lo: int, stop: int) -> Claim | None:
    """What stands round "according to": all but the source, up to the comma behind it."""
    i, j, _ = cue
    source = _source_after(line, j, stop)
    if source is None or line.low[source[1] - 1] in NO_SPEAKERS or line.low[j] == "whether":
        return None
    content = [(lo, i)] if i - lo > 2 else []
    begin = source[1]
    if begin < stop and line.low[begin] == "," and line.low[begin + 1] in ASIDE:
        begin = next((k for k in range(begin + 1, min(begin + 12, stop)) if line.low[k] == ","), begin)
    if not content or (begin < stop and line.low[begin] == ","):
        content.append((begin, stop))
    return Claim(tuple(content), source, (i, j), is_vague(line, source), True)


def _read_passive(line: Lines, cue: Cue, lo: int, stop: int) -> Claim | None:
    """What is said in "was told that", "it was reported that", "was accused of"."""
    low = line.low
    i, j, verb = cue
    after = low[j] if j < stop else ""
    by = next((k for k in range(j, min(j + 6, stop)) if low[k] == "by"), stop)
    source = _source_after(line, by + 1, stop) if by + 1 < stop else None
    if source and verb in CHARGING and "of" in low[source[0] : source[1]]:
        source = (source[0], low.index("of", source[0]))
    vague = source is None or is_vague(line, source)
    if after == "that" or (verb == "tell" and after not in ("to", "")):
        return Claim(((j, stop),), source, (i, j), vague, verb in SAYING)
    if verb in CHARGING or verb in CALLING:
        if source and source[1] < stop and by - j < 2:
            return Claim(((source[1], stop),), source, (i, j), vague, False)
        return Claim(((j, by if source else _clause_end(low, j, stop)),), source, (i, j), vague, False)
    if after == "to" and verb in HELD:
        return Claim(((lo, i), (j, stop)), None, (i, j), True, True)
    return None


_VERBS = FINITE - {"'s"}
_LEADING = PREPOSITION | {"and", "or"}
"""Behind these stands no subject."""
_STARTING = DETERMINER | SUBJECT
"""What a clause behind "but" begins with."""


def _read_inverted(line: Lines, cue: Cue, lo: int, stop: int) -> Claim | None:
    """What stands before a verb with its subject behind it: `…, said Smith`."""
    low, word = line.low, line.word
    i, j, verb = cue
    k = i - 1
    head = low[k] if k >= lo else ""
    after = low[j] if j < stop else ""
    said = head != "" and head in "\"”’'»"  # any verb does behind a closing mark: "…," ranted Hale
    if not (said or verb in INVERTED) or not after or after == "that" or (head and not said and head not in ",“"):
        return None
    if not (
        line.capital[j]
        or after[0].isdigit()
        or after in DETERMINER
        or after in CLAUSE
        or after in ("some", "many")
        or stop - j < 3
        or (k > lo and low[i].endswith("s") and _is_headline(line, stop))  # "…, says union chief as strike looms"
    ):
        return None
    if said and after in CLAUSE and low[k - 1] not in ",.?!…":  # "an essay in “The Gate” praised it"
        return None
    behind = _source_after(line, j, stop)
    if behind is None:
        return None
    follows = low[behind[1]] if behind[1] < stop else ""
    if after in SUBJECT and not said and j + 1 < stop and word[j + 1]:  # "Hale, a docker, said he went"
        return None
    if (said or head == ",") and (
        follows in FINITE or follows in PAST
    ):  # "Hale, citing “the wind,” said the port was shut"
        return None
    if head == "," and not _VERBS.isdisjoint(low[j : behind[1]]):
        return None
    if head == "," and follows == "," and k - lo > 1:  # "The plan, said Hale, the mayor, would fail"
        rest = next((at for at in range(behind[1] + 1, min(behind[1] + 16, stop)) if low[at - 1] == ","
                     and (low[at] in FINITE or low[at] in PAST)), 0)  # fmt: skip
        if rest:
            return Claim(((lo, k), (rest, stop)), behind, (i, j), is_vague(line, behind), True)
    if head == "," and _has_finite(low, j, stop) and (phrase_before(line, k, lo) or not _has_finite(low, lo, k)):
        return None
    if k > lo:
        return Claim(((lo, k),), behind, (i, j), is_vague(line, behind), True)
    return Claim(((behind[1], stop),), behind, (i, j), is_vague(line, behind), True)


def _read_verb(line: Lines, cue: Cue, lo: int, stop: int, source: tuple[int, int] | None) -> Claim | None:
    """What an active verb says: the clause before it and its subject, or what follows it."""
    low, word = line.low, line.word
    i, j, verb = cue
    after = low[j] if j < stop else ""
    if verb in BEHIND and source and (behind := _read_behind(line, cue, lo, stop, source)):
        return behind
    vague = is_vague(line, source)
    span = (i, j)
    says = verb in SAYING
    if not after:
        return Claim((), source, span, vague, False) if says and source and source[0] > lo else None
    if after == "that" and not (says and stop - j > 4) and not _has_finite(low, j + 2, stop):
        return None
    if after == "that":
        return Claim(((j, stop),), source, span, vague, verb not in KNOWING)
    if says and after == "," and "that" in low[j + 2 : j + 12] and low[low.index("that", j) - 1] == ",":
        return Claim(((low.index("that", j), stop),), source, span, vague, True)
    if low[j - 1] == "that":
        return Claim(((j - 1, stop),), source, span, vague, verb not in KNOWING)
    if (
        (says or verb in FINDING)
        and (verb in ADDRESSED or after in NO_CLAUSE or after in AROUND)
        and "that" in low[j : min(j + 16, stop)]
    ):
        at = low.index("that", j)
        if "," not in low[j : at - 1] and not _has_finite(low, j, at):
            return Claim(((at, stop),), source, span, vague, verb not in KNOWING)
    if verb == "say" and (after in UNTOLD or low[j : j + 2] == ["the", "same"]):
        return Claim((), source, span, vague, False)
    if verb in SURE and after not in ("of", "to", "not"):
        if low[lo] in ("if", "unless") and source and low[source[0] - 1] == ",":  # "If it falls, Hale said it …"
            return Claim(((lo, source[0] - 1), (j, stop)), source, span, vague, True)
        if verb in ADDRESSED and after not in SUBJECT:  # "told a crowd of dockers the port was"
            j = next((k for k in range(j + 1, min(j + 9, stop)) if _begins_speech(line, k, stop)), j)
        return Claim(((j, stop),), source, span, vague, True)
    at = j + 2 if after in ("last", "this") else j + 1 if after in AROUND and after not in NO_CLAUSE else j
    if after == "on" and j + 1 < stop and low[j + 1] in MONTHS or after == "at" and low[j + 1 : j + 2] == ["least"]:
        at = j + 2  # "said on Monday the port was shut"
    if (
        verb in BARE
        and at < stop
        and (low[at] in SUBJECT or (word[at] and low[at] not in NO_CLAUSE and _begins_clause(line, at, stop)))
    ):
        return Claim(((at, stop),), source, span, vague, True)
    if verb in FINDING and source and not STUDIES.isdisjoint(low[source[0] : source[1]]):
        return Claim(((j, stop),), source, span, vague, _has_finite(low, j, stop))
    if says and after == ":":
        return Claim(((j + 1, stop),), source, span, vague, True)
    if says and after in QUESTION:
        return Claim(((j, stop),), source, span, vague, False)
    if verb in ASKING and (at := next((k for k in range(j, min(j + 7, stop)) if low[k] in QUESTION), 0)):
        return Claim(((at, stop),), source, span, vague, False)
    if verb in CHARGING and after != "to":
        return Claim(((j, _clause_end(low, j, stop)),), source, span, vague, True)
    if after == "to" and j + 1 < stop and (low[j + 1] in DETERMINER or line.capital[j + 1]):
        return Claim((), source, span, vague, False)
    if verb in CALLING or (says and source and after in ("to", "of", "about", "on", "against", "as")):
        if j + 1 < stop and low[j + 1] in MONTHS:
            return Claim((), source, span, vague, False)
        end = _clause_end(low, j, stop)
        if verb == "call" and after == "on":
            return Claim((), source, span, vague, False, (j, end))
        claimed = "that" in low[j:end] and low.index("that", j)  # "mocked Fenn's claim *that …*"
        begin = claimed if claimed and low[claimed - 1] in OPINION else j + after.endswith("ly")
        return Claim(((begin, end),), source, span, vague, False)
    tells = word[j] and verb in TELLING
    if verb == "show" and (after in OWN or not QUALITIES.isdisjoint(low[j : min(j + 4, stop)])):
        tells = False  # "shown its true face", "shown the patience of a saint"
    aside = (j + after.endswith("ly"), _clause_end(low, j, stop)) if tells else None
    return Claim((), source, span, vague, False, aside) if source else None


def _is_headline(line: Lines, stop: int) -> bool:
    """Whether a line ends behind the word before `stop` without a full stop, as headlines do."""
    return line.text[line.end[stop - 1] : line.end[stop - 1] + 1] in ("", "\n")


def _begins_speech(line: Lines, k: int, stop: int) -> bool:
    """Whether word `k`, behind the hearers, is the subject of what they are told."""
    low = line.low
    if low[k] in SUBJECT:
        return True
    return low[k] in ("the", "his", "her", "its", "their", "this", "these") and (
        line.word[k - 1] and low[k - 1] not in _LEADING and _begins_clause(line, k, stop)
    )


def _read_behind(line: Lines, cue: Cue, lo: int, stop: int, source: tuple[int, int]) -> Claim | None:
    """What stands before a verb and its subject: `…, Smith said`, `as Smith said, …`."""
    low, word = line.low, line.word
    i, j, verb = cue
    after = low[j] if j < stop else ""
    if after == ":" and j + 1 < stop:
        return None
    like = source[0] > lo and low[source[0] - 1] == "as"
    apart = after in AROUND or (verb in ADDRESSED and after and word[j]) or (after == "to" and verb in SENT)
    if after and word[j] and not apart and not (like and after in PREPOSITION):
        return None
    rest = low.index(",", j, j + 9) if "," in low[j : min(j + 9, stop)] else stop
    if apart:
        if "that" in low[j : min(j + 9, rest)] or _has_finite(low, j, min(j + 9, rest)):
            return None
    elif after and word[j] and rest >= stop:
        return None
    comma = source[0] - 1
    if comma > lo and low[comma] == "and":  # "…, dockers and port officials said"
        k = next((k for k in range(comma - 1, max(lo, comma - 5), -1) if not word[k]), lo)
        if low[k] == ",":
            source, comma = (k + 1, source[1]), k
    if comma > lo and low[comma] in ("as", "and", "but"):
        comma -= 1
    amid = (verb in ADDRESSED or after in AROUND) and not _has_finite(low, lo, max(comma, lo))
    around = after == "," or like or amid
    if after == "," and low[j + 1] in "\"“‘'" and (low[lo] in PREPOSITION | WHERE or low[lo].endswith(("ed", "ing"))):
        return Claim((), source, (i, j), is_vague(line, source), False)  # "Asked about it, Hale said, “No.”"
    quoted = comma >= lo and low[comma] in "\"”’'»"
    gerund = quoted and rest + 1 < stop and low[rest + 1].endswith("ing")  # "“…,” Hale said, *shaking* her head"
    tail = ((rest + 1, stop),) if rest + 1 < stop and around and not gerund else ()
    if source[1] < i and low[source[1]] == "," == low[comma]:  # "…, his wife, Ida Quarn, said"
        role = _phrase_start(line, comma - 1, lo)
        if lo < role < comma and low[role - 1] == "," and low[role] in ("a", "an", "the", "his", "her", "its", "their"):
            comma = role - 1
    vague = is_vague(line, source)
    told = comma - lo > 4 or _has_finite(low, lo, comma) or (low[comma] == "," and _is_headline(line, stop))
    if comma - lo >= 2 and not word[comma] and told:
        return Claim(((lo, comma), *tail), source, (i, j), vague, True)
    if tail and (like or comma - lo >= 2 or (comma > lo and after == "," and low[lo] not in LINKING)):
        return Claim(((lo, comma), *tail) if comma > lo else tail, source, (i, j), vague, True)
    if tail and comma < lo:  # Hale claims, the bridge is safe
        return Claim(tail, source, (i, j), vague, True)
    return None


def phrase_before(line: Lines, k: int, lo: int) -> tuple[int, int] | None:
    """The noun phrase whose last word is `k`, past the insertions between it and the verb."""
    low = line.low
    nearer: tuple[int, int] | None = None
    for attempt in range(3):
        if k < lo:
            return None
        while k > lo and (
            low[k][0].isdigit() or (low[k] in MONTHS and low[k - 1] in ("on", "in", ","))
        ):  # on May 17, said
            k -= 2 if low[k - 1] in MONTHS or not line.word[k - 1] or low[k - 1] in ("on", "in") else 1
        if line.word[k]:
            begin = _phrase_start(line, k, lo)
            if begin > k:
                return None
            if nearer and begin > lo and low[begin - 1] in BE:  # "Hale was a docker, his wife, Ida Quarn, said"
                return nearer
            nearer = (begin, k + 1)
            aside = attempt and (low[begin] in ASIDE or low[begin][0].isdigit())
            if not aside or begin - 1 <= lo or low[begin - 1] != ",":
                return (begin, k + 1)
            k = begin - 2
            continue
        mark = low[k]
        if mark not in ",)-–—":
            return None
        opening = "(" if mark == ")" else mark
        j = k - 1
        while j >= lo and low[j] != opening:
            j -= 1
        if j < lo or k - j > 30 or (mark == "," and not _is_aside(line, j + 1, k)):
            return None
        if (
            2 < k - j < 6 and all(line.capital[j + 1 : k]) and ORGANISED.isdisjoint(low[j + 1 : k])
        ):  # "its director, Ida Quarn, said"
            return (j + 1, k)
        k = j - 1
    return None


def _is_aside(line: Lines, begin: int, end: int) -> bool:
    """Whether the words between two commas say who somebody is: "the mayor of Hale", "who left", "45"."""
    first = line.low[begin]
    if first in ASIDE or line.capital[begin] or first[0].isdigit() or first.endswith("ing"):
        return True
    return end - begin < 4 and not _has_finite(line.low, begin, end)


def _phrase_start(line: Lines, k: int, lo: int) -> int:
    """Where the noun phrase that ends with word `k` begins."""
    low, word, capital = line.low, line.word, line.capital
    if low[k] in SUBJECT:
        return k
    end = k + 1
    while k >= lo and end - k < 18:
        w = low[k]
        if w in _HALTS:
            if w not in CLAUSE and not (w == "and" and k > lo and capital[k - 1] and capital[k + 1]):
                break
            if w in CLAUSE and end - k > 1 and not (w in PERSONS and low[k + 1] in BREAKS):
                break
        elif not word[k]:
            if w not in "-'’&" and not (w == "." and k > lo and low[k - 1] in TITLE):
                break
        elif _is_past(w) and w not in BREAKS and not capital[k] and (k == lo or low[k - 1] not in DETERMINER):
            break
        k -= 1
    begin = k + 1
    while begin < end and low[begin] in PREPOSITION:  # "In March Smith said"
        begin += 1
        if begin < end - 1:
            begin += 1
    return begin


_HALTS = STOP_LEFT | CLAUSE


def first_phrase(line: Lines, lo: int, stop: int) -> tuple[int, int] | None:
    """The subject of the sentence: the words before its first finite verb."""
    low = line.low
    while lo < stop and (not line.word[lo] or low[lo] in ("and", "but", "so", "yet", "also", "then")):
        lo += 1
    if lo < stop and (low[lo] in PREPOSITION or low[lo].endswith("ing")):
        comma = next((k for k in range(lo, min(lo + 16, stop)) if low[k] == ","), -1)
        if comma < 0:
            return None
        lo = comma + 1
    for k in range(lo, min(lo + 12, stop)):
        w = low[k]
        past = len(w) > 4 and w.endswith("ed") and not line.capital[k] and low[k - 1] not in DETERMINER
        if past or (w in FINITE and w != "'s") or w in PAST or w in (",", "who", "("):
            return (lo, k) if k > lo else None
        if not line.word[k] and w not in "-'’&\"“”" and not (w == "." and low[k - 1] in TITLE):
            return None
    return None


def is_subject(line: Lines, name: Name, lo: int) -> bool:
    """Whether the name leads its sentence, which begins with word `lo`: "Her deputy, *Oda Fenn*, was blunter"."""
    low, (begin, end, _) = line.low, name
    before = [w for w in low[lo:begin] if w not in MONTHS]
    if end >= len(low) or low[end] in _NO_DOING or (begin > lo and low[begin - 1] in _LEADING):
        return False
    verbs = _VERBS.isdisjoint(before) and PAST.isdisjoint(before) and not any([_is_past(w) for w in before])
    return verbs and SUBJECT.isdisjoint(before) and begin - lo < 12


_NO_DOING = _LEADING | {".", "?", "!", "’", "'s"}
"""What stands behind a name that is no subject."""


def _source_after(line: Lines, begin: int, stop: int) -> tuple[int, int] | None:
    """The noun phrase whose first word is `begin`."""
    low, word = line.low, line.word
    k = begin
    while k < stop and k - begin < 16:
        w = low[k]
        if not word[k] and w not in "-'’&" and not (w == "." and low[k - 1] in TITLE):
            break
        if k > begin and (w in STOP_RIGHT or w in SUBJECT or w == "it"):
            break
        k += 1
    return (begin, k) if k > begin else None


def _begins_clause(line: Lines, begin: int, stop: int) -> bool:
    """Whether the words are a noun phrase and a finite verb."""
    low = line.low
    reach = 3 if low[begin] in CLAUSE else 9
    for k in range(begin + 1, min(begin + 1 + reach, stop)):
        w = low[k]
        if w in FINITE or w in PAST:
            return True
        if w.endswith("ed") and not line.capital[k]:
            told = (
                low[k - 1].endswith("ly") and k + 1 < stop and low[k + 1] in PREPOSITION
            )  # "the press badly erred in"
            if line.capital[k - 1] or told:
                return True
        if w in ",;:()":
            return False
    return False


def _has_finite(low: list[str], begin: int, end: int) -> bool:
    """Whether a finite verb stands among the words."""
    words = low[begin:end]
    return not FINITE.isdisjoint(words) or any([w.endswith("ed") and len(w) > 4 for w in words])


def _clause_end(low: list[str], begin: int, stop: int) -> int:
    """Where the clause that begins at `begin` ends."""
    for k in range(begin, stop):
        if low[k] in ";—–" or (low[k] == "-" and k + 1 < stop and low[k + 1] == "-"):
            return k
        if low[k] == "," and not _is_list(low, k + 1, stop):
            return k
    return stop


def _is_list(low: list[str], begin: int, stop: int) -> bool:
    """Whether the words behind a comma go on with what stands before it: no verb is among them, "calls" none."""
    if begin + 1 >= stop or _has_finite(low, begin, stop):
        return False
    if low[begin] in CONTRAST and low[begin + 1] in _STARTING:  # "of neglect, but a docker left"
        return False
    return not low[begin].endswith("s") or low[begin + 1] in (",", "and", "or")
