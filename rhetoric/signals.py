"""Evidence that needs code, one function each, beside what the lexicons find; nothing here knows whose voice it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import compress, pairwise
from operator import attrgetter
from typing import NamedTuple

from rhetoric.lexicon import Lexicons, Match, Term, bear_out
from rhetoric.quotes import Quote
from rhetoric.records import Signal, tuples
from rhetoric.segment import Chosen, Span, Words, fold


def _set(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


class Evidence(NamedTuple):
    """A finding without voice, speaker or target."""

    start: int
    end: int
    signal: Signal
    category: str
    why: str
    grade: int
    neutral: str | None


class Read(NamedTuple):
    """A text with all that was found in it so far."""

    text: str
    words: Words
    bounds: list[int]
    """Where the sentences begin, and the end of the text."""
    starts: list[int]
    ends: list[int]
    """Where the words begin and end."""
    quotes: Sequence[Quote]
    charged: list[Match]
    plain: list[Evidence]
    """What the lexicons find: their charged hits, and the others as evidence."""
    terms: Sequence[Term]
    lexicons: Lexicons

    def sentence(self, place: int) -> tuple[int, int]:
        """Range of the sentence around a place, up to the next one."""
        k = min(max(bisect_right(self.bounds, place), 1), len(self.bounds) - 1)
        return self.bounds[k - 1], self.bounds[k]


def find_evidence(
    text: str,
    words: Words,
    sentences: Sequence[Span],
    quotes: Sequence[Quote],
    matches: Sequence[Match],
    lexicons: Lexicons,
    spots: Spots | None = None,
) -> list[Evidence]:
    """All evidence of a text, by place: the lexicons' hits, charged ones widened to their phrase, and coded signals.

    Where a coded signal meets a hit of the same signal, the longer stays, and the hit where they are of one length.

    Parameters
    ----------
    text, words
        A text and its words.
    sentences
        Its sentences in order; only where they begin is looked at.
    quotes
        Its quotations, marks included.
    matches
        What `lexicons` match in it.
    lexicons
        The lexicons whose terms the matches name.
    spots
        What `find_spots` gives for the words, where that is known.
    """
    bounds = [*[sentence.start for sentence in sentences], len(text)]
    charged, plain = _sorted_out(words, matches, lexicons)
    read = Read(text, words, bounds, words.starts, words.ends, quotes, charged, plain, lexicons.terms, lexicons)
    turns, coined = spots or find_spots(words, (0, len(words.lower) + 1))[0]
    found = [*find_charged(read, charged), *plain]
    for one in [*find_scare_quotes(read), *find_coinages(read, coined), *find_frames(read, turns)]:
        same = [two for two in found if two.signal == one.signal and two.start < one.end and one.start < two.end]
        if all(two.end - two.start < one.end - one.start for two in same):
            found = [two for two in found if two not in same]
            found.append(one)
    return sorted(found)


def _sorted_out(words: Words, matches: Sequence[Match], lexicons: Lexicons) -> tuple[list[Match], list[Evidence]]:
    """The lexicons' charged hits, and the others as evidence."""
    charged, plain = [], []
    starts, ends, shown = words.starts, words.ends, lexicons.shown
    for match in matches:
        begin, end, index = match
        if of := shown[index]:
            plain.append(_evidence((starts[begin], ends[end - 1], *of)))
        else:
            charged.append(match)
    return charged, plain


_evidence = tuples(Evidence)


class Spots(NamedTuple):
    """Words of a text that are worth a look."""

    turns: list[int]
    """Those that a frame or an analogy turns on."""
    coined: list[int]
    """Those that end as coinages do."""


def find_spots(words: Words, places: Sequence[int]) -> list[Spots]:
    """The spots of several texts whose words stand in a row; `places` tells where each begins, and one more would."""
    columns = []
    for chosen in (_turning(), _coined()):
        at = chosen(words)
        edges = at.searchsorted(places).tolist()
        columns.append([(at[i:j] - place).tolist() for place, (i, j) in zip(places, pairwise(edges), strict=False)])
    return [*map(Spots, *columns)]


@cache
def _turning() -> Chosen:
    return Chosen(_TURNS.__contains__)


@cache
def _coined() -> Chosen:
    return Chosen(lambda word: word.endswith(COINED) or ("'" in word and _ends_coined(word)))


def _ends_coined(word: str) -> bool:
    """Whether a part of a word with apostrophes ends as coinages do."""
    return any(part.endswith(COINED) for part in word.split("'"))


# --- charged phrases and stacked labels ------------------------------------------------------------------------------

FUNCTION = _set(
    "a an the this that these those of to in on at by for from with without into onto over under about against "
    "between among through during before after above below up down off out and or but nor so yet as than if because "
    "while although though when where who whom whose which what how why is are was were be been being am has have "
    "had having do does did doing will would shall should can could may might must not no it its he she they them "
    "his her our their my your we you i me him us there here also just only even still very too more most such own "
    "other another any some all both each every much many few several then now s 's said says say told per via like "
    "amid toward towards since until upon within again unless rather ever never always back away"
)
"""Words that end a phrase, beside adverbs in -ly and marks."""
_PLAIN_ADVERBS = _set(
    "only early family likely daily weekly monthly july italy nearly recently reportedly allegedly previously "
    "currently supply reply assembly ally rally anomaly really apply bully fly rely sicily friendly"
)
_TAKES_MODIFIER = {"name_calling", "metaphor"}
_TAKES_NOUN = {"name_calling", "metaphor", "dysphemism"}
_ADJECTIVE = ("ist", "ic", "ous", "ive", "al")
_VERBS = _set(
    "appears asks became becomes began begins believes bought broke brings brought built came chose clings comes "
    "continues denies does exists fears feels fell finds fled fought gave gets gives goes got grew grows held insists "
    "keeps kept knew knows leads led left lets lies lost made makes met needs ought ran refuses remains rose said "
    "sank sat says seeks seems sees sends sent sits spent spoke stands stays stole stood swore takes tells thinks "
    "threw told took tries wants went won wrote"
)
"""Forms that are verbs and seldom nouns: no part of a phrase after its noun."""
_BETWEEN = frozenset(("and", ",", "-", "or", "&"))


class _Phrase(NamedTuple):
    """A charged hit and the words of its phrase."""

    begin: int
    end: int
    hit: Match
    term: Term


def find_charged(read: Read, hits: list[Match]) -> Iterator[Evidence]:
    """Charged hits widened to the phrase that carries the charge; several on one head make one finding of grade 3."""
    hits = _in_company(read, hits)
    group: list[_Phrase] = []
    low = 0
    for k, hit in enumerate(hits, 1):
        phrase = _widen(read, hit, low, hits[k].begin if k < len(hits) else len(read.starts))
        low = phrase.end
        if group and not _touch(read, group[-1], phrase):
            yield _settle(read, group)
            group = []
        group.append(phrase)
    if group:
        yield _settle(read, group)


def _in_company(read: Read, hits: list[Match]) -> list[Match]:
    """The hits without the mild ones that too few strong ones bear out."""
    needed = [read.terms[hit.term].company for hit in hits]
    places = [bisect_right(read.bounds, read.starts[hit.begin]) for hit in hits] if any(needed) else []
    return list(compress(hits, bear_out(needed, places))) if places else hits


def _widen(read: Read, hit: Match, low: int, high: int) -> _Phrase:
    """The phrase of a charged hit: a describing word takes its noun, a noun the word before, both an adverb in -ly.

    A compound with hyphens is taken whole. The phrase stays in the sentence and within the words `low` to `high`,
    which other hits leave free.
    """
    begin, end, index = hit
    lower, starts, term = read.words.lower, read.starts, read.terms[index]
    category = term.category
    if category == "loaded_verb":
        return _phrase((begin, end, hit, term))
    first, stop = read.sentence(starts[begin])
    last = lower[end - 1]
    if term.inflect == "adjective" or last.endswith(_ADJECTIVE):
        most = min(high, end + 2)
        while end < most and starts[end] < stop and _is_content(lower[end]):
            end += 1
            if _is_plural(lower[end - 1]):
                break
    elif category in _TAKES_NOUN and not _is_plural(last) and end < high and _follows(read, end, stop):
        end += 1
    if begin > low and starts[begin - 1] >= first:
        before = lower[begin - 1]
        adverb = before == "very" or (before.endswith("ly") and before not in _PLAIN_ADVERBS)
        modifier = category in _TAKES_MODIFIER and _is_content(before)
        begin -= adverb or modifier
    while begin > low + 1 and lower[begin - 1] == "-" and _is_joint(read, begin - 1):
        begin -= 2
    while end + 1 < high and lower[end] == "-" and _is_joint(read, end):
        end += 2
    return _phrase((begin, end, hit, term))


_phrase = tuples(_Phrase)


def _follows(read: Read, i: int, stop: int) -> bool:
    """Whether word `i`, before `stop`, is a noun that the one before it may describe."""
    word = read.words.lower[i]
    return (
        read.starts[i] < stop
        and not read.words.capital[i]
        and _is_content(word)
        and not word.endswith(("ed", "ing"))
        and word not in _VERBS
    )


def _is_joint(read: Read, i: int) -> bool:
    """Whether word `i`, a hyphen, joins the words around it."""
    return read.ends[i - 1] == read.starts[i] and read.ends[i] == read.starts[i + 1]


def _is_plural(word: str) -> bool:
    """Whether a noun looks plural, so that it is the last of its phrase."""
    return word.endswith("s") and not word.endswith(("ous", "less", "ss", "us", "is"))


def _is_content(word: str) -> bool:
    """Whether a word can belong to a phrase of adjectives and nouns."""
    return word[0].isalpha() and word not in FUNCTION and not word.endswith("ly")


def _touch(read: Read, one: _Phrase, two: _Phrase) -> bool:
    """Whether nothing but a comma or "and" stands between two phrases of one sentence, neither of them a verb."""
    if two.begin > one.end + 2 or "loaded_verb" in (one.term.category, two.term.category):
        return False
    if read.starts[two.begin] >= read.sentence(read.starts[one.begin])[1]:
        return False
    return all(word in _BETWEEN for word in read.words.lower[one.end : two.begin])


def _settle(read: Read, group: list[_Phrase]) -> Evidence:
    """One finding over phrases that touch: of stacked labels, or of the strongest phrase."""
    start, end = read.starts[group[0].begin], read.ends[group[-1].end - 1]
    strongest = group[0].term
    if len(group) > 1:
        labels = [phrase for phrase in group if _is_label(read, phrase)]
        if len(labels) >= 3 or sum(phrase.term.grade >= 2 for phrase in labels) >= 2:
            named = ", ".join(read.text[read.starts[p.hit.begin] : read.ends[p.hit.end - 1]] for p in labels)
            return Evidence(start, end, "charged", "stacked", f"Piles charged words on one target: {named}.", 3, None)
        strongest = max([phrase.term for phrase in group], key=_GRADE)
    _, category, _, grade, why, *_ = strongest
    return _evidence((start, end, "charged", category, why, grade, _flatter(read, group)))


_GRADE = attrgetter("grade")


def _flatter(read: Read, group: list[_Phrase]) -> str | None:
    """The words of a group with the neutral word in place of each hit; None where one has none that fits."""
    if None in [phrase.term.neutral for phrase in group]:
        return None
    text, at = "", read.starts[group[0].begin]
    for begin, end, hit, term in group:
        start, stop = read.starts[begin], read.ends[end - 1]
        neutral = _neutral(term, read.text[start : read.starts[hit.begin]], read.text[read.ends[hit.end - 1] : stop])
        if neutral is None:
            return None
        text, at = text + read.text[at:start] + neutral, stop
    return text


def _neutral(term: Term, before: str, after: str) -> str | None:
    """What to put for a whole phrase; None where it would not fit: for a noun that describes another, in a compound."""
    if term.neutral is None or (after and term.inflect == "noun") or before.endswith("-") or after.startswith("-"):
        return None
    if after and term.neutral.startswith("of "):
        return f"{before}{after.strip()} {term.neutral}"
    return before + term.neutral + after


def _is_label(read: Read, phrase: _Phrase) -> bool:
    """Whether a charged hit names or describes, rather than heightens."""
    if phrase.term.category in ("hyperbole", "scare_quote"):
        return False
    return not read.words.lower[phrase.hit.end - 1].endswith("ly")


# --- scare quotes ----------------------------------------------------------------------------------------------------

_MENTIONS = _set(
    "word words term terms phrase phrases name names named titled entitled means meaning slogan hashtag motto code "
    "codenamed label spelled nicknamed nickname aka or and not than"
)
_PREDICATES = _set("is are was were be been being has had have to will would i'm it's he's she's they're")
_GLOSSES = frozenset(("or", "—", "–", "(", "means", "meaning", "is", "to", "with", "as", "-"))
_NEAR = 15
"""A reporting word so many characters behind the marks may still speak of them."""
SCARE_WORDS = 2
"""Measured on the training articles: marks round three or four words are charged in a fifth of cases only."""


def find_scare_quotes(read: Read) -> Iterator[Evidence]:
    """Quotation marks that hold one or two words at a distance: nobody is quoted near, or strong words stand near."""
    starts = read.starts
    short = [quote for quote in read.quotes if quote.end - quote.start <= 40 and not quote.depth and quote.closed]
    scares = []
    for quote in short:
        begin, end = bisect_left(starts, quote.start) + 1, bisect_left(starts, quote.end) - 1
        if _is_scare(read, begin, end) and not _is_mention(read, begin, end):
            scares.append((quote, begin, end))
    if not scares:
        return
    reported = [one.start for one in read.plain if one.signal == "attribution"]
    strong = [starts[begin] for begin, _, term in read.charged if _is_strong(read.terms[term])]
    for quote, begin, end in scares:
        first, stop = read.sentence(quote.start)
        earlier = read.sentence(first - 1)[0] if first > read.bounds[0] else first
        near = min(quote.end + _NEAR, stop)
        if not _holds(reported, first, near) or _holds(strong, earlier, stop):
            held = read.text[starts[begin] : read.ends[end - 1]]
            yield Evidence(quote.start, quote.end, "charged", "scare_quote", _SCARE_WHY, 1, held)


def _is_strong(term: Term) -> bool:
    """Whether a charged term is clearly so by itself."""
    return term.grade >= 2 and not term.company


def _holds(places: list[int], start: int, end: int) -> bool:
    """Whether a range holds one of some sorted places."""
    return bisect_left(places, end) > bisect_left(places, start)


def _is_scare(read: Read, begin: int, end: int) -> bool:
    """Whether the words between two marks can be held at a distance: one or two, lower case, no adverb or mark."""
    inner = [word for word in read.words.lower[begin:end] if word != "-"]
    if not 0 < len(inner) <= SCARE_WORDS or not all(word[0].isalpha() for word in inner):
        return False
    return not (read.words.capital[begin:end].any() or inner[-1].endswith("ly") or FUNCTION.issuperset(inner))


def _is_mention(read: Read, begin: int, end: int) -> bool:
    """Whether the words around the marks make them a name, a predicate or a word that is spoken of."""
    lower = read.words.lower
    first, stop = _around(read, begin)
    before = lower[begin - 2] if begin - 2 >= first else ""
    after = lower[end + 1] if end + 1 < stop else ""
    if before in ("'s", "'"):
        return after in _GLOSSES and after != "is"
    return not before[:1].isalpha() or before in _MENTIONS or before in _PREDICATES or after in _GLOSSES


_SCARE_WHY = "Marks round words that nobody is quoted with: the writer keeps the word at a distance, or doubts it."


# --- coinages --------------------------------------------------------------------------------------------------------

COINED = ("gate", "stan", "land", "nomics", "mageddon", "pocalypse")
"""Endings that make a mocking name out of another word."""
COINED_FROM = frozenset(("gate", "stan", "land"))
"""Endings so common in names that the word must be made of one the text uses, or of a charged one."""
NO_COINAGE = _set(
    "afghanistan aggregate agronomics ashland auckland balochistan baluchistan bantustan bashkortostan boland "
    "borderland cleveland copeland cortland cumberland dagestan delegate disneyland dixieland dreamland economics "
    "ergonomics farmland fatherland finland floodgate freakonomics freeland friesland garland genomics graceland "
    "grassland greenland heartland highland hindustan hinterland holland homeland iceland inland ireland island "
    "jutland kazakhstan kirkland kurdistan kyrgyzstan lakeland lapland legoland leland lowland macroeconomics "
    "mainland marshland maryland mashonaland matabeleland microeconomics midland motherland nagaland netherland "
    "neverland newfoundland newgate northumberland nuland oakland ogoniland overland pakistan parkland poland "
    "portland proteomics queensland rhineland rowland rutland saarland scotland shetland socioeconomics somaliland "
    "southgate strickland sudetenland sunderland sutherland swaziland switzerland tajikistan tatarstan thailand "
    "togoland turkmenistan upland uzbekistan watergate waziristan westgate westmoreland wetland wonderland woodland "
    "zealand zululand"
)
"""Words with such an ending that mock nobody."""
_COINAGE_WHY = "A name made up for scorn: the ending likens its subject to a scandal, a land or a fashion."


def find_coinages(read: Read, spots: Sequence[int]) -> Iterator[Evidence]:
    """Names made up with a mocking ending: "Taxgate" where the text speaks of a tax too, "Harkeromics" anywhere."""
    text = read.text
    for i in spots:
        for ending in COINED:
            at = text.find(ending, read.starts[i], read.ends[i])
            while at >= 0:
                end = at + len(ending)
                if not text[end : end + 1].isalnum():
                    start = _coinage_start(read, at, ending)
                    if start is not None:
                        yield Evidence(start, end, "charged", "coinage", _COINAGE_WHY, 2, None)
                at = text.find(ending, end, read.ends[i])


def _coinage_start(read: Read, at: int, ending: str) -> int | None:
    """Where the word with an ending at `at` begins, None where it is not made up."""
    text = read.text
    start = at - (text[at - 1 : at] == "-")
    while start and text[start - 1].isalpha():
        start -= 1
    stem = text[start:at].rstrip("-")
    if len(stem) < 3 or fold(text[start : at + len(ending)]) in NO_COINAGE:
        return None
    if ending in COINED_FROM and not (stem[0].isupper() and _is_used(read, stem)):
        return None
    return start


def _is_used(read: Read, stem: str) -> bool:
    """Whether a stem stands in the text as a word by itself, or is a charged term."""
    if read.text.count(stem) > 1 and re.search(rf"(?<![\w-]){re.escape(stem)}\w?(?!\w)", read.text):
        return True
    return fold(stem) in _charged_terms(read.lexicons)


@lru_cache(4)
def _charged_terms(lexicons: Lexicons) -> frozenset[str]:
    """The text of every charged term."""
    return frozenset(term.text for term in lexicons.terms if term.signal == "charged")


# --- frames and analogies --------------------------------------------------------------------------------------------

FRAMES = {
    "clear": 3, "obvious": 3, "evident": 3, "plain": 3, "undeniable": 3, "indisputable": 3, "unquestionable": 3,
    "certain": 3, "inconceivable": 3, "unthinkable": 3, "unmistakable": 3, "secret": 2, "surprise": 2, "wonder": 2,
    "coincidence": 2, "accident": 2, "understandable": 2, "natural": 2, "telling": 2, "apparent": 2, "unsurprising": 2,
    "true": 2,
}  # fmt: skip
"""What settles a matter after "it is", and how firmly."""
_BE = _set("is was 's be been becomes became become seems looks appears are")
_SUBJECTS = _set("it that this which what")
_BEFORE_BE = _set("should has had have will must")
_DEGREES = _set("no quite very now so also all too only self -")
_AFTER_NO = frozenset(("secret", "surprise", "wonder", "coincidence", "accident"))
"""Settle a matter only after "no"."""
_FRAME_WHY = "Declares the matter settled instead of showing it."
_ANALOGY_WHY = "Lets a past case foretell a new one, as if the one followed from the other."
PAST = _set(
    "vietnam iraq afghanistan libya syria somalia rwanda yugoslavia sarajevo srebrenica munich weimar chernobyl "
    "fukushima hiroshima waterloo dunkirk stalingrad suez watergate holodomor holocaust auschwitz chechnya grozny "
    "aleppo mosul fallujah benghazi columbine rome carthage troy pompeii titanic hitler stalin mussolini mao "
    "napoleon franco pinochet saddam gaddafi mubarak lehman enron detroit venezuela zimbabwe greece lebanon beirut "
    "tiananmen maidan crimea georgia kosovo bosnia guernica vichy prohibition"
)
"""Past cases that stand for what became of them."""
_PAST_PHRASES = {("cold", "war"), ("great", "depression"), ("world", "war"), ("dark", "age"), ("dark", "ages"),
                 ("pearl", "harbor"), ("pearl", "harbour"), ("third", "reich"), ("iron", "curtain"),
                 ("civil", "war"), ("killing", "fields"), ("soviet", "union")}  # fmt: skip
_PAST_WORDS = PAST | {first for first, _ in _PAST_PHRASES}
_AGAIN = _set("next another second new")
_FORWARD = _set(
    "will would could may might shall become becoming becomes risk risks risking going heading headed turn turns "
    "turning fear fears soon destined set brink 'll won't be"
)
_NOT_FORWARD = _set("avoid avoids avoiding prevent prevents preventing avert no not never without")
_WILL = _set("will shall would 'll")
_CLAUSE = _set(", ; : — – just but and that words")


def find_frames(read: Read, spots: Sequence[int]) -> Iterator[Evidence]:
    """Frames that settle a matter ("it is plain that") and analogies that yield a future ("the next Vietnam")."""
    lower = read.words.lower
    for i in spots:
        if found := _TURNS[lower[i]](read, i):
            begin, end, signal, category, why, grade = found
            yield Evidence(read.starts[begin], read.ends[end - 1], signal, category, why, grade, None)


class _Frame(NamedTuple):
    """A range of words with what it is evidence of."""

    begin: int
    end: int
    signal: Signal
    category: str
    why: str
    grade: int


def _frame(read: Read, i: int) -> _Frame | None:
    """The frame "it is … ADJECTIVE that" around its adjective."""
    lower = read.words.lower
    if i + 1 == len(lower) or lower[i + 1] not in ("that", "how", "why"):
        return None
    first, stop = _around(read, i)
    if i + 1 >= stop:
        return None
    be = i - 1
    while be > first and (lower[be] in _DEGREES or lower[be].endswith("ly")):
        be -= 1
    subject = be - 1
    while subject > first and lower[subject] in _BEFORE_BE:
        subject -= 1
    if subject < first or lower[be] not in _BE or lower[subject] not in _SUBJECTS:
        return None
    if ("no" in lower[be:i]) is not (lower[i] in _AFTER_NO):
        return None
    return _Frame(subject, i + 1 + (lower[i + 1] == "that"), "unhedged", "booster", _FRAME_WHY, FRAMES[lower[i]])


def _around(read: Read, i: int) -> tuple[int, int]:
    """The words of the sentence around word `i`: the first, and the first of the next."""
    start, stop = read.sentence(read.starts[i])
    return bisect_left(read.starts, start), bisect_left(read.starts, stop)


def _past_again(read: Read, i: int) -> _Frame | None:
    """A past case that comes again: "the next Vietnam", "another Cold War"."""
    lower = read.words.lower
    if i + 1 == len(lower) or lower[i + 1] not in _PAST_WORDS:
        return None
    long = tuple(lower[i + 1 : i + 3]) in _PAST_PHRASES
    if not long and lower[i + 1] not in PAST:
        return None
    first, stop = _around(read, i)
    begin = i - (lower[i] != "another")
    if begin < first or i + 1 >= stop or not read.words.capital[i + 1]:
        return None
    if begin < i and lower[begin] != ("the" if lower[i] == "next" else "a"):
        return None
    if _FORWARD.isdisjoint(lower[first:stop]) or not _NOT_FORWARD.isdisjoint(lower[max(first, begin - 4) : begin]):
        return None
    return _Frame(begin, i + 2 + long, "prediction", "analogy", _ANALOGY_WHY, 3)


def _so_too(read: Read, i: int) -> _Frame | None:
    """What came of one foretold of another: "as X fell, so will Y", "as X fell, Y too will fall"."""
    lower = read.words.lower
    if _WILL.isdisjoint(lower[i + 1 : i + 3]):
        return None
    first, stop = _around(read, i)
    will = next((k for k in range(i + 1, min(i + 3, stop)) if lower[k] in _WILL), None)
    if will is None or (will == i + 2 and lower[i + 1] != "too" and not lower[i + 1].endswith("ly")):
        return None
    if lower[i] == "too" and lower[i - 1] == "so":
        return None
    opens = [k for k in range(first, i) if lower[k] in ("as", "like") and (k == first or lower[k - 1] in _CLAUSE)]
    if not opens or "," not in lower[opens[-1] : i]:
        return None
    return _Frame(i, will + 1, "prediction", "analogy", _ANALOGY_WHY, 3)


def _like_before(read: Read, i: int) -> _Frame | None:
    """One more of a row: "like Rome before it", where the sentence tells what will be."""
    lower = read.words.lower
    if "like" not in lower[max(i - 8, 0) : i]:
        return None
    first, stop = _around(read, i)
    begin = next((k for k in range(i - 1, max(first, i - 8) - 1, -1) if lower[k] == "like"), None)
    if begin is None or i + 1 >= stop or lower[i + 1] not in ("it", "him", "her", "them", "us"):
        return None
    if _WILL.isdisjoint(lower[first:stop]):
        return None
    return _Frame(begin, i + 2, "prediction", "analogy", _ANALOGY_WHY, 3)


_TURNS: dict[str, Callable[[Read, int], _Frame | None]] = {
    **dict.fromkeys(FRAMES, _frame),
    **dict.fromkeys(_AGAIN, _past_again),
    "so": _so_too,
    "too": _so_too,
    "before": _like_before,
}
"""The words that a frame or an analogy turns on, and the function that looks around each."""


# --- bare claims -----------------------------------------------------------------------------------------------------

_AUXILIARY = _set(
    "is isn't are aren't was wasn't were weren't has hasn't have haven't had hadn't will won't would wouldn't can "
    "can't cannot could couldn't should shouldn't must mustn't does doesn't do don't did didn't 're 've 'll i'm "
    "it's that's there's he's she's they're we're you're what's who's"
)
_FINITE = _set(
    "want wants wanted need needs needed know knows knew think thinks thought make makes made take takes took mean "
    "means meant go goes went come comes came give gives gave get gets got keep keeps kept let lets show shows "
    "showed prove proves proved seem seems seek seeks sought fail fails failed cause causes caused lead leads led "
    "force forces forced allow allows allowed threaten threatens threatened serve serves served remain remains "
    "remained become becomes became bring brings brought put puts turn turns turned hold holds held stand stands "
    "stood run runs ran lie lies leave leaves left destroy destroys destroyed undermine undermines undermined "
    "reflect reflects reflected represent represents represented amount amounts amounted explain explains explained "
    "deserve deserves refuse refuses refused use uses used try tries tried ignore ignores ignored matter matters "
    "depend depends begin begins began continue continues continued"
)
_VERBAL = _AUXILIARY | _FINITE | {"'s"}
_NOT_AFTER = _set("to the a an of in on at for by with from this that these those his her their our my your its and")


def find_main_verb(words: Words, start: int, end: int) -> tuple[int, int] | None:
    """The main verb group of the sentence `start` to `end`, by its first finite verb; None where none is known."""
    starts, lower = words.starts, words.lower
    low, high = bisect_left(starts, start), bisect_left(starts, end)
    for k, word in enumerate(lower[low:high], low):
        if word not in _VERBAL:
            continue
        is_short = word == "'s" and k > low and lower[k - 1] in _BEFORE_IS
        if is_short or (word in _AUXILIARY and (k > low or word in ("isn't", "don't"))):
            last = k + 1
            while last < min(high, k + 4) and (
                lower[last].endswith(("ly", "ed", "ing", "en")) or lower[last] in _BETWEEN_VERBS
            ):
                last += 1
            return starts[k], words.ends[last - 1]
        if word in _FINITE and k > low and lower[k - 1] not in _NOT_AFTER:
            return starts[k], words.ends[k]
    return None


_BEFORE_IS = _set("it that there he she this what who here everyone everybody nobody nothing everything")
"""Words after which 's is a verb and no possessive."""
_BETWEEN_VERBS = _set("not never always be been being just only also still")
