"""Of whom: the name or noun phrase that a charged label is put on."""

from __future__ import annotations

from bisect import bisect_left

from rhetoric.reporting import first_phrase, phrase_before
from rhetoric.speakers import MONTHS, TITLES, Cast, Lines


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BE = _words(
    "is are was were be been being am 's 're become becomes became becoming remain remains remained seem seems seemed "
    "look looks looked appear appears appeared sound sounds sounded prove proves proved isn't aren't wasn't weren't "
    "it's he's she's they're that's"
)
_AUXILIARY = _words("has have had will would could can may might must should not never also still now to n't")
_SKIP = _words(
    "a an the so very more most less such really just simply not never too quite rather pretty also both nothing but "
    "only truly even as utterly at best worst all already no one of those little bit kind sort somewhat equally "
    "another clearly still now increasingly “ ‘ ' \""
)
_ARTICLE = _words("a an the this that these those")
_BOUNDARY = _words(
    "of in on at to for with from by about against into between through under over after before during without within "
    "that which who whom whose where when while if because and or but nor as than so is are was were be been has have "
    "had do does did will would could can may might must should it he she they we you i not then there here now also "
    "his her their its our my your the a an this these those"
)
_CALLS = _words(
    "call calls called calling brand brands branded branding label labels labeled labelled labeling dub dubs dubbed "
    "describe describes described describing deem deems deemed consider considers considered denounce denounces "
    "denounced denouncing portray portrays portrayed portraying depict depicts depicted characterize characterizes "
    "characterized characterise characterised decry decried condemn condemned condemns dismiss dismissed dismisses"
)
_LOOSE = _words(
    "him her them it me us you himself herself themselves itself he she they this that these those what who"
)
_ADJECTIVE = (
    "ous", "ive", "al", "ic", "ful", "less", "ble", "ed", "ing", "ary", "ory", "ish", "like", "style", "wing", "line",
    "ian", "id", "ile", "ite", "y", "ent", "ant", "right", "left",
)  # fmt: skip
_NOUN = ("ry", "ny", "cy", "ty", "gy", "phy", "sy", "my", "ment", "ident")
_PLAIN = _words(
    "fake false corrupt rogue evil sick bad crooked extreme stupid dumb absurd rotten cruel brutal tired old so-called "
    "lame weak great strong brave puppet terror hate sham mob failed fiery bloody dirty nasty phony ugly heavy wild "
    "fierce dire grim stark harsh bitter savage vile obscene bizarre insane hostile obese rabid radical hardline "
    "hard-line socialist leftist terrorist extremist racist fascist communist marxist islamist populist loser"
)
_WILLS = _words(
    "try tries tried trying want wants wanted seek seeks sought seeking attempt attempts attempted attempting continue "
    "continues continued begin began begins start started vow vowed threaten threatened threatening plan plans planned "
    "hope hopes hoped manage managed going able willing eager ready used refuse refused fail failed"
)
_OBJECT = _words("the a an his her their its our my your this that these those him them us me it")
_TIMES = _words(
    "too far today ago year years day days month months week weeks time point one something someone anything nothing"
)
_DEFINITE = _words("the this that these those 's")
_NO_MODIFIER = _words("said says told more many most all both such other another same own new")
_MAKES = _words("make makes made making find finds found keep keeps kept render renders rendered")
_VERBAL = frozenset({"loaded_verb"})


def find_target(cast: Cast, sentence: tuple[int, int], label: tuple[int, int], category: str) -> str | None:
    """What the charged words at `label` are said of, in the article's fullest words; None where that is not plain.

    Parameters
    ----------
    cast
        The article's words and names.
    sentence, label
        Character ranges.
    category
        The finding's category; a loaded verb is said of its subject.
    """
    line = cast.line
    lo, hi = bisect_left(line.start, sentence[0]), bisect_left(line.start, sentence[1])
    begin, end = bisect_left(line.start, label[0]), bisect_left(line.start, label[1])
    while begin < end and not line.word[begin]:
        begin += 1
    while end > begin and not line.word[end - 1]:
        end -= 1
    if begin >= end or (end < hi and line.low[end] == "-"):
        return None
    inside = next((n for n in cast.between(begin, end) if n.end == end and n.begin > begin), None)
    if inside and not line.capital[begin] and cast.is_person(inside):
        return cast.full(inside)
    if category in _VERBAL or line.low[end - 1].endswith("ly") or _is_verb(line, begin, end, lo, hi):
        found = _actor(line, begin, lo)
        return _named(cast, *found) if found else None
    until = _phrase_end(line, end, hi)
    found = _called(line, begin, lo) or _predicate(line, begin, lo) or _apposed(line, begin, lo)
    if found:
        return _named(cast, *found)
    first = _modifiers(line, begin, lo)
    if first > lo and line.low[first - 1] == "-":
        return None
    left = first - 1
    while left > lo and (line.low[left] in '“‘"' or line.low[left].endswith("ly")):
        left -= 1
    definite = first > lo and line.low[left] in _DEFINITE
    if until > end:
        tail = _with_tail(line, until, hi)
        return _named(cast, end, tail) if definite or line.capital[until - 1] or tail > until else None
    if category == "name_calling" and (definite or any(line.capital[first:begin])):
        return _named(cast, first, _with_tail(line, end, hi))
    owner = _owner(line, begin, lo)
    return _named(cast, *owner) if owner else None


def _modifiers(line: Lines, begin: int, lo: int) -> int:
    """Where the words before a noun begin that say which: "the *Hale* regime", "*international* elites"."""
    k = begin - 1
    while (
        k >= lo and begin - k < 4 and line.word[k] and line.low[k] not in _BOUNDARY and line.low[k] not in _NO_MODIFIER
    ):
        if not line.capital[k] and not line.low[k].endswith(_ADJECTIVE):
            break
        k -= 1
    return k + 1


def _with_tail(line: Lines, end: int, hi: int) -> int:
    """Where the phrase ends with an "of …" or "in Name" behind it."""
    low = line.low
    if end + 1 >= hi or low[end] not in ("of", "in", "on", "against", "for", "from", "by"):
        return end
    k = end + 1
    if low[k] in ("the", "a", "an"):
        k += 1
    first = k
    if low[k] in MONTHS:
        return end
    while k < hi and k - first < 4 and line.word[k] and (low[k] not in _BOUNDARY):
        k += 1
    return k if k > first and (low[end] == "of" or line.capital[first]) else end


def _named(cast: Cast, begin: int, end: int) -> str | None:
    """The phrase in the article's fullest words."""
    line = cast.line
    low = line.low
    while end > begin and not line.word[end - 1]:
        end -= 1
    if end <= begin or low[begin] in ("a", "an", "any", "some", "no", "there", "it", "what"):
        return None
    if low[end - 1] in _LOOSE:
        return cast.one_person(begin) if low[end - 1] in ("he", "she", "him", "her") and end - begin == 1 else None
    known = cast.resolve(begin, end)
    if known:
        return known.removeprefix("the ").removeprefix("The ")
    while begin < end and (low[begin] in _ARTICLE or not line.word[begin]):
        begin += 1
    if low[end - 1] in TITLES:
        return None
    if begin >= end or end - begin > 6 or any(w in _TIMES for w in low[begin:end]):
        return None
    return cast.written(begin, end)


def _is_verb(line: Lines, begin: int, end: int, lo: int, hi: int) -> bool:
    """Whether the label is a verb with its object: "has *hypnotised* the world", "to *ensnare* the council"."""
    low = line.low
    before = low[begin - 1] if begin > lo else ""
    after = low[end] if end < hi else ""
    takes = after in _OBJECT or (end < hi and line.capital[end] and not line.capital[end - 1])
    acts = before in _AUXILIARY or before in ("he", "she", "they", "it", "who", "which") or before in _BE
    return takes and (acts or low[end - 1].endswith(("ed", "ing"))) and before not in _ARTICLE


def _phrase_end(line: Lines, end: int, hi: int) -> int:
    """Where the noun phrase ends whose adjective ends at `end`; `end` itself where none follows."""
    low, word = line.low, line.word
    last = low[end - 1]
    named = end < hi and line.capital[end] and not line.capital[end - 1]
    plain = last in _PLAIN or last.endswith(("ary", "ory")) or (last.endswith(_ADJECTIVE) and not last.endswith(_NOUN))
    if not named and not plain:
        return end
    k = end
    if k + 1 < hi and low[k] in "\"”’'":  # the "deeply troubling" leaks
        k += 1
        end += 1
    if k + 2 < hi and low[k] in (",", "and") and low[k + 1].endswith(_ADJECTIVE):  # corrupt, broken politics
        k += 2
    while k < hi and k - end < 4 and (word[k] or low[k] == "-") and low[k] not in _BOUNDARY:
        if low[k].endswith(("ed", "ing", "ly")) and not line.capital[k]:
            break
        k += 1
    return k


def _back(line: Lines, begin: int, lo: int) -> int:
    """The word before the label and what belongs to it: articles, adverbs, marks."""
    low = line.low
    k = begin - 1
    while k >= lo and begin - k < 8 and (low[k] in _SKIP or low[k].endswith("ly")):
        k -= 1
    if k > lo and low[k] in ("and", "or", ","):  # "was sick and demented"
        j = k - 1
        while j > lo and k - j < 4 and (low[j] in _SKIP or low[j].endswith(_ADJECTIVE)):
            j -= 1
        if low[j] in _BE:
            return j
    j = k
    while j > lo and begin - j < 5 and line.word[j] and low[j] not in _BOUNDARY:  # "is a cruel terror kingpin"
        j -= 1
    if low[j] in ("a", "an") and j > lo:
        while j > lo and (low[j] in _SKIP or low[j].endswith("ly")):
            j -= 1
        if low[j] in _BE:
            return j
    return k


def _called(line: Lines, begin: int, lo: int) -> tuple[int, int] | None:
    """What is called so: "called the *plan* a disaster", "the *plan* was called a disaster"."""
    low = line.low
    k = _back(line, begin, lo)
    for verb in range(k, max(lo, k - 8) - 1, -1):
        if low[verb] in _CALLS or low[verb] in _MAKES:
            if any(w in ("of", "out", "from", "off", "up") for w in low[verb + 1 : k + 1]):
                return None
            if verb < k:
                return (verb + 1, k + 1) if low[verb + 1] not in ("on", "for", "to", "in", "by", "as", "with") else None
            if verb > lo and low[verb - 1] in _BE and low[verb] in _CALLS:
                return _subject(line, verb - 1, lo)
            return None
        if not line.word[verb] and low[verb] not in "-'’":
            return None
    return None


def _subject(line: Lines, verb: int, lo: int) -> tuple[int, int] | None:
    """The subject of the verb."""
    low = line.low
    k = verb - 1
    while k >= lo and (low[k] in _AUXILIARY or low[k].endswith("ly") or low[k] in _BE):
        k -= 1
    if k >= lo and low[k] in ("who", "which", "that"):
        k -= 1
        if k >= lo and low[k] == ",":
            k -= 1
    return phrase_before(line, k, lo)


def _predicate(line: Lines, begin: int, lo: int) -> tuple[int, int] | None:
    """The subject of "is a …"."""
    k = _back(line, begin, lo)
    return _subject(line, k, lo) if k > lo and line.low[k] in _BE else None


def _apposed(line: Lines, begin: int, lo: int) -> tuple[int, int] | None:
    """The name before the comma of "Hale, the butcher of …"."""
    low = line.low
    k = _back(line, begin, lo)
    if k > lo and low[k] == "," and low[k + 1] in ("a", "an", "the") and line.capital[k - 1]:
        return phrase_before(line, k - 1, lo)
    return None


def _owner(line: Lines, begin: int, lo: int) -> tuple[int, int] | None:
    """The owner in "Hale's debacle"."""
    k = begin - 1
    if k > lo and line.low[k] == "'s" and line.capital[k - 1]:
        first = k - 1
        while first > lo and line.capital[first - 1]:
            first -= 1
        return (first, k)
    return None


def _accused(low: list[str], k: int, lo: int) -> tuple[int, int] | None:
    """Who stands between "accused" and "of"."""
    for verb in range(k - 1, max(lo, k - 9) - 1, -1):
        if low[verb] in ("accused", "accuse", "accuses", "accusing", "suspected", "guilty"):
            return (verb + 1, k) if verb + 1 < k else None
        if low[verb] in ",;:":
            return None
    return None


def _actor(line: Lines, begin: int, lo: int) -> tuple[int, int] | None:
    """Who does what the verb says."""
    low = line.low
    k = begin - 1
    if k >= lo and low[k] in _ARTICLE:
        return None
    passive = False
    while k >= lo and (low[k] in _AUXILIARY or low[k].endswith("ly") or low[k] in _BE or low[k] in '"“‘'):
        passive |= low[k] in _BE
        k -= 1
    if k > lo and low[k] == "of" and (accused := _accused(low, k, lo)):
        return accused
    if k > lo and "to" in low[k + 1 : begin]:
        if low[k] not in _WILLS or passive:
            return None
        while k >= lo and (low[k] in _WILLS or low[k] in _AUXILIARY or low[k] in _BE):
            k -= 1
        return _subject(line, k + 1, lo) if low[k + 1] != "to" else None
    gerund = low[begin].endswith("ing")
    if (
        k < lo
        or (passive and not gerund)
        or low[k] in ("by", "of", "for", "in", "with", "from", "without", "his", "its")
    ):
        return None
    if low[k] == "'s":
        return phrase_before(line, k - 1, lo)
    comma = next((j for j in range(k, max(lo, k - 4), -1) if low[j] == ","), -1)
    if gerund and comma > 0 and (comma == k or low[comma + 1] == "at"):
        return first_phrase(line, lo, comma)
    return _subject(line, k + 1, lo)
