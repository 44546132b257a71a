"""Of whom: the name or noun phrase that a charged label is put on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass

from rhetoric.grammar import SPOKE
from rhetoric.labelling import (
    ARTICLE,
    AUXILIARY,
    BE,
    BODIES,
    BOUNDARY,
    COUNTED,
    DEFINITE,
    DETERMINERS,
    DOES,
    EFFORTS,
    LINKS,
    LOOSE,
    MARKS,
    OBJECT,
    OWNERS,
    PARTICLES,
    PARTS,
    PEOPLE,
    PERSONS,
    PUSHES,
    SKIP,
    SUBORDINATE,
    WILLS,
    apposed,
    back,
    called,
    describes,
    framed,
    held,
    inverted,
    is_owning,
    is_people,
    likened,
    modifiers,
    noun_end,
    owner_start,
    phrase_end,
    predicate,
    subject,
    with_tail,
)
from rhetoric.naming import name_phrase, name_pronoun
from rhetoric.records import Voice
from rhetoric.reporting import first_phrase, phrase_before
from rhetoric.speakers import Cast, Lines, Name, people


def find_target(
    cast: Cast,
    sentence: tuple[int, int],
    label: tuple[int, int],
    category: str,
    *,
    voice: Voice | None = None,
    loaded: Container[str] = (),
) -> str | None:
    """What the charged words at `label` are said of, in the article's fullest words; None where that is not plain.

    Parameters
    ----------
    cast
        The article's words and names.
    sentence, label
        Character ranges.
    category
        The finding's category; a loaded verb is said of its subject.
    voice
        Whose words the label is, where they are not the author's.
    loaded
        Nouns that are labels by themselves: a "reckless plan" is said of the plan, a "reckless thug" is not of a thug.
    """
    line = cast.line
    starts = line.start
    lo, begin = bisect_left(starts, sentence[0]), bisect_left(starts, label[0])
    end = bisect_left(starts, label[1], begin)
    hi = bisect_left(starts, sentence[1], end)
    while begin < end and (not line.word[begin] or line.low[begin] in BE):
        begin += 1
    while end > begin and not line.word[end - 1]:
        end -= 1
    if begin >= end or (end < hi and line.low[end] == "-"):
        return None
    clause = max(lo, bisect_left(starts, voice.start)) if voice else lo
    told = bisect_left(starts, voice.cue[1]) if voice and voice.cue else lo
    if voice and voice.voice == "reported" and lo < told <= clause:
        told = clause  # "told the dockers *the plan* was"
    return _Label(cast, line, lo, hi, begin, end, clause, told, voice, loaded).target(category)


NEAR = 80
"""So many words back a name that a pronoun stands for is looked for."""
_UNITS = ("dysphemism", "metaphor")
"""In these categories a noun with its adjective is one label: "illegal aliens"."""


@dataclass(slots=True)
class _Label:
    """A label: words `begin` to `end` of the sentence `lo` to `hi`, spoken in the clause from `clause` on.

    `told` is where what a reporting word says begins; no phrase reaches over it.
    """

    cast: Cast
    line: Lines
    lo: int
    hi: int
    begin: int
    end: int
    clause: int
    told: int
    voice: Voice | None
    loaded: Container[str]

    def target(self, category: str) -> str | None:
        """The name or noun phrase; the first rule that finds one decides."""
        line, low, begin, end, lo = self.line, self.line.low, self.begin, self.end, self.lo
        if begin + 1 < end and begin > lo and low[begin - 1] == "," and low[begin].endswith("ing"):
            return None  # "prices rose, *infuriating Hale*"
        if begin + 1 < end and not line.capital[begin]:
            inside = next((n for n in self.cast.between(begin + 1, end) if n.end == end and n.begin > begin), None)
            if inside and people(self.cast, inside.begin, end):
                return self.cast.full(inside)
        like = end + 1 < self.hi and low[end] == "as" and likened(line, begin, end, self.hi, lo)
        if like and (name := self._name(*like)):
            return name
        if self._is_verb() or category == "loaded_verb" and not self._is_noun():
            return self._actor(begin, end) or self._sufferer(begin)
        adverb = low[begin].endswith("ly") and (begin + 1 == end or low[begin + 1].endswith("ed"))
        if begin + 2 == end and begin > lo and (low[begin - 1] in PERSONS or line.capital[begin - 1]):
            adverb |= low[begin].endswith("ly") and low[begin + 1].endswith("s")  # she *painfully describes*
        if adverb and begin > lo and low[begin - 1] not in BE and low[begin - 1] not in DETERMINERS:
            told = begin - 1 if begin > lo and low[begin - 1].endswith("ed") else begin
            return self._actor(told, end)
        behind = back(line, begin, lo)
        found = called(line, begin, lo, behind)
        if not found and low[behind] in BE:
            found = predicate(line, lo, behind)
        elif not found and low[behind] == ",":
            found = apposed(line, lo, behind)
        if not found and begin - lo < 3:
            found = inverted(line, end, lo)
        if found:
            own = found[1] - found[0] > 1 or low[found[0]] not in LOOSE
            own |= low[found[0]] in {"itself", "himself", "herself", "themselves"}
            return self._name(*found) or (self._subject_of_clause(begin) if own else None)
        if low[behind] in BE and behind > lo and low[behind] != "'s":
            return self._subject_of_clause(begin)
        first = modifiers(line, begin, lo)
        if first > lo and low[first - 1] == "-":
            return None
        head, stop = self._noun()
        if head == stop and low[end - 1] in BODIES and begin + 1 < end and self.cast.between(begin, begin + 1):
            return self.cast.written(begin, end)
        if head < stop and (thing := self._thing(first, head, stop)):
            return thing
        if head == stop or head < end:
            bearer = self._bearer(first, category)
        else:
            bearer = self._part(first) or self._link(first - 1)
        if bearer is None and (found := framed(line, first, lo)):
            bearer = self._name(*found)
        if bearer is None and head < stop and (head >= end or category not in _UNITS or low[begin + 1] == "-"):
            several = low[stop - 1].endswith("s") or is_people(low[stop - 1])
            if several and not low[head - 1].endswith("ly") and (first == lo or low[first - 1] not in ("a", "an")):
                return self._name(head, stop)
        return bearer or (self._doer(first) if head < stop else None)

    def _noun(self) -> tuple[int, int]:
        """The noun that the label describes, in it or behind it; an empty range where the label is the noun."""
        line, low, begin, end = self.line, self.line.low, self.begin, self.end
        named = end < self.hi and line.capital[end]
        loaded = low[end - 1] in self.loaded and not describes(low[end - 1])
        stop = end if loaded and not named else phrase_end(line, end, self.hi)
        if stop > end:
            head = end + (low[end] in MARKS)
            while head < stop - 1 and (
                low[head] in (",", "and") or low[head].endswith("ly") or low[head - 1] in (",", "and")
            ):
                head += 1
            return head, stop
        last = low[end - 1]
        label = last in self.loaded or last.removesuffix("s") in self.loaded
        if end - begin > 1 and (not label or last in PEOPLE and describes(low[begin])):
            if "and" in low[begin:end]:
                return end, end
            if line.capital[end - 2] and low[end - 3] != "-" and not line.capital[begin] and begin + 2 < end:
                return next(k for k in range(begin, end) if line.capital[k]), end
            head = begin + line.capital[begin]
            while head < end - 1:
                if low[head + 1] == "-" and head + 3 < end:  # made-up titles
                    head += 3
                elif describes(low[head]) or low[head].endswith("ly") or low[head] in "-,":
                    head += 1
                else:
                    break
            if (
                begin + line.capital[begin] < head
                and low[head] not in BOUNDARY
                and not describes(last)
                and last not in PARTICLES
            ):
                return (begin if line.capital[begin] else head), end
        return end, end

    def _thing(self, first: int, head: int, stop: int) -> str | None:
        """The noun at `head` with its owner and what follows it."""
        line, low = self.line, self.line.low
        tail = with_tail(line, stop, self.hi)
        if owner := self._owner(first):
            return f"{owner}{'’' if owner.endswith('s') else '’s'} {self.cast.written(head, tail)}"
        which = first > self.lo and low[first - 1] in {"the", "those", "these", "all"}
        if tail == stop and not any(line.capital[head:stop]) and not which:
            return None
        return self._name(head, tail)

    def _bearer(self, first: int, category: str) -> str | None:
        """Who bears a label that is a noun by itself: its owner, the name before it, "of …" behind it, the doer."""
        line, low, begin, end = self.line, self.line.low, self.begin, self.end
        if owner := self._owner(first):
            return owner
        if first < begin and not line.capital[begin] and any(n.end == begin for n in self.cast.between(first, begin)):
            return self._name(first, end)
        tail = with_tail(line, end, self.hi)
        if (
            category != "name_calling"
            and tail > end
            and low[end] == "of"
            and (low[end + 1] in DEFINITE or line.capital[end + 1] or self._are(tail - 1) and category != "model")
        ):
            return self._name(end + 1, tail)
        return self._part(first) or self._doer(first)

    def _are(self, k: int) -> bool:
        """Whether word `k` is a noun in the plural and no label."""
        noun = self.line.low[k]
        return noun.endswith("s") and noun not in self.loaded and noun[:-1] not in self.loaded

    def _part(self, first: int) -> str | None:
        """The owner of what the label is part of: "*Hale's* history of lies"."""
        low, lo, k = self.line.low, self.lo, first - 1
        if k <= lo + 1 or low[k] != "of" or low[k - 1] not in PARTS:
            return None
        return self._owner(modifiers(self.line, k - 1, lo))

    def _doer(self, first: int) -> str | None:
        """Who does, has or makes what the label names: "Hale *launched* a witch hunt"."""
        low, lo = self.line.low, self.lo
        k = first - 1
        while k > lo and low[k] != "of" and (low[k] in SKIP or low[k].endswith("ly") or low[k] in MARKS):
            k -= 1
        if k > lo and low[k] == "of" and low[k - 1] in PARTS:  # a campaign of smears
            k = modifiers(self.line, k - 1, lo) - 1
            while k > lo and (low[k] in SKIP or low[k] in MARKS):
                k -= 1
        if k > lo + 2 and low[k] in ("and", ","):  # resorts to sophistry and *smears*
            k = next((j for j in range(k - 1, max(lo, k - 10), -1) if low[j] in LINKS), k)
        if found := self._link(k):
            return found
        if k >= lo and low[k] in DOES:
            return self._actor(k, k + 1)
        return None

    def _link(self, k: int) -> str | None:
        """Who does what a verb and its preposition, word `k`, say: "*Hale* resorts to lies"."""
        if k <= self.lo or self.line.low[k - 1] not in LINKS.get(self.line.low[k], ()):
            return None
        return self._actor(k - 1, k) or self._sufferer(k - 1)

    def _owner(self, first: int) -> str | None:
        """The owner in "Hale's debacle" and "her debacle"; `first` is the first word of the noun's own phrase."""
        line, low, lo = self.line, self.line.low, self.lo
        k = first - 1
        while (
            k > lo
            and not is_owning(line, k)
            and (low[k] in MARKS or low[k] in COUNTED or low[k] in SKIP and low[k] not in ("a", "an", "the"))
        ):
            k -= 1
        if k < lo:
            return None
        if low[k] == "own":
            k -= 1
        if low[k] == "its":
            return self._subject_of_clause(k)
        if low[k] in {"his", "her", "their", "my"}:
            return self._who(low[k], k)
        if k > lo and is_owning(line, k):
            return self._name(owner_start(line, k - 1, lo), k)
        return None

    def _is_noun(self) -> bool:
        """Whether a form that is noun and verb is a noun here: "another *swipe*", "every bogus *smear*"."""
        low, k = self.line.low, self.begin - 1
        if k > self.lo and describes(low[k]) and not self.line.capital[k] and not low[k].endswith(("ed", "ing", "y")):
            return True
        return k >= self.lo and (low[k] in DETERMINERS or low[k] == "'s" or low[max(k - 1, 0)] in ("a", "an"))

    def _is_verb(self) -> bool:
        """Whether the label is a verb with its object: "has *hypnotised* the world", "to *ensnare* the council"."""
        line, low, begin, end, lo, hi = self.line, self.line.low, self.begin, self.end, self.lo, self.hi
        before = low[begin - 1] if begin > lo else ""
        if (
            begin + 1 == end
            and low[begin].endswith("ed")
            and (before in PERSONS or line.capital[begin - 1] and begin > lo)
        ):
            return True
        if before == "to" and begin > lo + 1 and (low[begin - 2] in WILLS or low[begin - 2] == "again"):
            return True
        if end >= hi or not (low[end] in OBJECT or (line.capital[end] and not line.capital[end - 1])):
            return False
        acts = before in AUXILIARY or before in {"he", "she", "they", "it", "who", "which"} or before in BE
        return (acts or low[end - 1].endswith(("ed", "ing"))) and before not in ARTICLE

    def _actor(self, begin: int, end: int) -> str | None:
        """Who does what the verb says."""
        line, low, lo = self.line, self.line.low, self.lo
        k = begin - 1
        relative = k > lo and low[k] == "that" and line.word[k - 1]
        if k >= lo and low[k] in ARTICLE and not relative:
            return None
        passive = False
        while k >= lo and (low[k] in AUXILIARY or low[k].endswith("ly") or low[k] in BE or low[k] in MARKS):
            passive |= low[k] in BE
            k -= 1
        if k > lo and low[k] in ("of", "from", "into") and (who := held(low, k, lo)):
            return self._name(*who)
        if k > lo and "to" in low[k + 1 : begin]:
            return self._willing(k)
        if k > lo and low[k] == "," and begin - k > 1 and line.capital[k - 1]:  # "Hale, *blatantly lied*"
            k -= 1
        gerund = low[begin].endswith("ing")
        if gerund and k > lo and low[k] in WILLS:  # "began telling"
            return self._actor(k, k + 1)
        if passive and not gerund and end < self.hi and low[end] in {"with", "about", "at", "of"}:
            return self._name(*found) if (found := subject(line, k + 1, lo)) else None
        if passive and not gerund:
            by = next((j for j in range(end, min(end + 3, self.hi)) if low[j] == "by"), 0)
            return self._name(by + 1, noun_end(line, by + 1, self.hi)) if by and by + 1 < self.hi else None
        if k < lo or low[k] in ("his", "its"):
            return None
        if low[k] in {"by", "of", "for", "in", "with", "from", "without", "while", "after", "before"}:
            return self._subject_of_clause(k) if gerund and low[k] not in ("of", "for", "from") else None
        if low[k] == "'s":
            return self._name(*found) if (found := phrase_before(line, k - 1, lo)) else None
        comma = next((j for j in range(k, max(lo, k - 4), -1) if low[j] == ","), -1)
        if gerund and comma > 0 and (comma == k or low[comma + 1] == "at"):
            return self._subject_of_clause(comma)
        if low[k] in ("and", "or", "but"):
            return self._subject_of_clause(k)
        which = next((j for j in range(k, max(lo, k - 6), -1) if low[j] in ("who", "which")), 0)
        if which and (any(line.capital[which : k + 1]) or not OWNERS.isdisjoint(low[which:k])):
            which = 0  # "in which *the nominee* made"
        if gerund and k > lo and low[k - 1] == "with":  # "with *stocks* plummeting"
            return self._name(k, k + 1)
        name = next((n for n in self.cast.between(k, k + 1) if n.end == k + 1), None) if gerund else None
        if name and name.begin > lo and low[name.begin - 1] in {"despite", "with", "of", "about", "over", "without"}:
            return self.cast.full(name)
        found = subject(line, (which or k) + 1, lo)
        return (self._name(*found) if found else None) or (self._subject_of_clause(begin) if gerund else None)

    def _sufferer(self, begin: int) -> str | None:
        """Whom a passive verb hits, where the text does not tell the doer: "the town was *plundered*"."""
        line, low, k = self.line, self.line.low, begin - 1
        while k > self.lo and (low[k] in AUXILIARY or low[k].endswith("ly")):
            k -= 1
        if k <= self.lo or low[k] not in BE or low[begin].endswith("ing"):
            return None
        found = subject(line, k, self.lo)
        return self._name(*found) if found else None

    def _willing(self, k: int) -> str | None:
        """Who does what an infinitive says; `k` is the last word before its "to"."""
        line, low, lo = self.line, self.line.low, self.lo
        for verb in range(k - 1, max(lo, k - 8) - 1, -1):
            if low[verb] in PUSHES:
                return self._name(verb + 1, k + 1)
            if not line.word[verb]:
                break
        j = k - (low[k] in ("again", "hard", "overtime"))
        while j >= lo and (low[j] in WILLS or low[j] in AUXILIARY or low[j] in BE):
            j -= 1
        if low[j] in EFFORTS:
            first = modifiers(line, j, lo)
            return self._owner(first) or self._doer(first)
        if j < k and low[j] == "," and low[j + 1].endswith("ing"):
            return self._subject_of_clause(j)
        if j < k:
            return self._name(*found) if (found := subject(line, j + 1, lo)) else None
        return self._subject_of_clause(k)

    def _subject_of_clause(self, stop: int) -> str | None:
        """The subject of the clause before word `stop`."""
        line, clause = self.line, self.clause
        if line.low[clause] in SUBORDINATE:
            clause = next((k + 1 for k in range(clause, stop) if line.low[k] == ","), stop)
        found = first_phrase(line, clause, stop)
        if found is None:
            return None
        first = line.low[found[0]]
        plain = not line.capital[found[0]] and first not in OBJECT and first not in LOOSE and first not in DETERMINERS
        return None if plain else self._name(*found)

    def _name(self, begin: int, end: int) -> str | None:
        """The phrase in the article's fullest words, without reporting words: "Critics say *the plan*"."""
        if begin < self.told < end:
            begin = self.told
        found = name_phrase(self.cast, self.lo, self.voice, begin, end)
        alone = end - begin == 1 and self.line.low[begin] in {"he", "she", "him", "her"}
        if found and alone and self.voice and self.voice.voice == "quoted":
            named = [n for n in people(self.cast, max(begin - NEAR, 0), begin) if self.cast.full(n) == found]
            return None if named and self._says(named[-1]) else found
        return found

    def _says(self, name: Name) -> bool:
        """Whether the author names a speaker so: "said *Mara Hale*"; "he" in the next one's words is somebody else."""
        low = self.line.low
        return low[name.end] in SPOKE or not SPOKE.isdisjoint(low[max(name.begin - 4, 0) : name.begin])

    def _who(self, pronoun: str, at: int) -> str | None:
        return name_pronoun(self.cast, self.lo, self.voice, pronoun, at)
