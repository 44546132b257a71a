"""What a reporting word says: which words of its sentence it attributes, and to whom."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from rhetoric.speakers import MONTHS, ORGANISED, Lines, is_vague


class Cue(NamedTuple):
    """Reporting words: the half-open range of words, and the text of the lexicon's term they are a form of."""

    begin: int
    end: int
    verb: str


class Claim(NamedTuple):
    """What a cue says; all ranges are half-open ranges of words. Without content, it only introduces quotations."""

    content: tuple[tuple[int, int], ...]
    source: tuple[int, int] | None
    cue: tuple[int, int]
    vague: bool
    strong: bool
    """The sentence is reported where the claim fills little of it, too."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _terms(text: str) -> frozenset[str]:
    return frozenset(term.strip() for term in text.split(";"))


_AUXILIARY = _words(
    "have has had having is are was were be been being am will would could can may might must should shall do does did "
    "also now then later again already once never not still just even often only both first soon thus therefore "
    "instead simply too himself herself themselves itself always further long much rather quite 've 'd 'll all "
    "hasn't haven't hadn't didn't doesn't don't won't wouldn't couldn't can't isn't wasn't weren't aren't yesterday "
    "today monday tuesday wednesday thursday friday saturday sunday repeatedly recently previously"
)
_BE = _words("is are was were be been being 's 're isn't wasn't aren't weren't")
_NEGATION = _words("not never didn't doesn't don't won't wouldn't couldn't can't hasn't haven't hadn't cannot")
_MODAL = _words("would could can may might must should shall will 'll 'd")
_DETERMINER = _words(
    "the a an this these those his her their its our my your any no every each such another what 's ' more "
    "new false big same"
)
_PREPOSITION = _words(
    "of in on at for with by from about against into between through under over after before during without within "
    "as than like"
)
_NOT_SOURCE = _words("i we you me us i'd i've i'm i'll we'd we've we're we'll you'd you've you're you'll")
_FINITE = _words(
    "is are was were has have had will would could can may might must should shall does did do isn't wasn't aren't "
    "weren't won't wouldn't couldn't can't cannot didn't doesn't don't hasn't haven't hadn't it's he's she's they're "
    "we're i'm you're there's that's 's 're 'll 'd needs wants needed wanted went came took made got gave remains"
)
_PAST = _words(
    "says said told tells sent wrote went came got took made gave held met saw left led began spoke ran put set won "
    "lost"
)
_CLAUSE = _words(
    "he she it they i we you there this these those nobody everyone people it's he's she's they're we're i'm i've i'd "
    "we've we'd we'll they'd they've they'll he'd she'd he'll she'll it'd it'll there's"
)
_QUESTION = _words("whether if how why what who where when which whom")
_AROUND = _words(
    "in on at during after before when while as this last late early yesterday today tonight monday tuesday wednesday "
    "thursday friday saturday sunday via"
)
_NO_CLAUSE = _words("in on at to of for with from about through by via as against not")
_SUBJECT = _words(
    "he she they i we you there it's he's she's they're we're i'm i've i'd we've we'd we'll they'd they've"
)
_WHERE = _words(
    "what whatever how why if when because after though although since unless where whether that while before"
)
"""A clause that begins so is told by the author; what is said in it makes no reported sentence."""
_STOP_LEFT = _words(
    "but while because that if when as after before which who whom whose although though since so whereas where "
    "and or nor then than is are was were has have had will would could may might should do does did said says"
)
_STOP_RIGHT = _words(
    "that who which is are was were has have had will would could may might should can while when as but on in to "
    "after before during told said says because if at with by from about released published posted obtained and since "
    "earlier yesterday monday tuesday wednesday thursday friday saturday sunday last this adding referring speaking "
    "citing seen"
)
_ASIDE = _words("a an the who whose which his her its their one of in from then now both also formerly himself herself")
_TITLE = _words("mr mrs ms dr prof sen rep gov gen lt col sgt rev st jr sr capt maj adm pres") | set(
    "abcdefghijklmnopqrstuvwxyz"
)
_AFTER_NOUN = _words("have has are were is was will would of over about among from by and or but")
_STATED = _words(
    "he she it who which that report letter law statement document constitution article rule policy act memo "
    "website page also clearly"
)
_UNSAID = _NEGATION | _MODAL
_SHOWING = _terms("suggest; indicate; signal; reveal; imply; confirm; say; prove; demonstrate; show")
_IMPERSONAL = _words(
    "it this that which data evidence history fact facts results numbers signs experience figures events development "
    "developments trend trends research finding findings statistics everything nothing name"
)
_LETS_SPEAK = _words("on continued continues quick careful appeared seemed hastened sought used")

_ROUNDING = _terms(
    "according to; in the view of; in the opinion of; in the words of; in the judgement of; from the point of view of"
)
VIEW, AIMED = "in Hale's view", "for Hale,"
"""Cues that hold a name and so are in no lexicon; `find_frames` finds them."""
_VIEW = re.compile(r"['’]s? (?:own )?(?:view|opinion|words|estimation|telling|judge?ment|reading|account)\b")
_FOR = re.compile(r"For (?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][a-z’'-]+(?: [A-Z][\w’'-]+){0,2},")
_HELD = _terms("believe; think; say; report; allege; understand; claim; assume; suspect; estimate; consider; rumour")
_OWN_ROUNDING = _terms("in Hale's view; in his view; by his own account; on his account")
_HEARSAY = _terms(
    "reportedly; is said to; is believed to; is thought to; is reported to; is understood to; be rumoured; "
    "is alleged to; is claimed to; is supposed to have"
)
_ALLEGING = _terms("allegedly; purportedly; supposedly; self-reportedly")
_NO_CUE = _terms(
    "in the eyes of; echo; relate; is expected to; is known to; is considered to; ostensibly; avowedly; in a "
    "statement; pretend; purport to; "
    "if you believe; as told to; refer to; want; present; order; state of"
)
SAYING = _terms(
    "say; tell; claim; argue; insist; believe; think; warn; suggest; allege; contend; maintain; acknowledge; admit; "
    "concede; announce; add; note; explain; fear; feel; predict; assert; hope; report; confirm; complain; joke; "
    "point out; reckon; suspect; conclude; imagine; guess; hear; understand; estimate; testify; write; state; declare; "
    "reply; respond; tweet; swear; vow; promise; reiterate; stress; emphasise; boast; brag; quip; lament; deny; "
    "go on to say; reveal; caution; speculate; agree; assume; doubt; worry; find that; hold that; rule that; "
    "make clear; be quoted as saying; surmise; opine; hypothesise; theorise; counter; retort; remark; observe; "
    "proclaim; affirm; remind; assure; inform; propose; recommend; urge; advise; demand; disclose; profess; posit; "
    "hint; indicate; recall; exclaim; muse; whisper; shout; scream; yell; protest; wonder; ask; expect; forecast; "
    "calculate; imply; infer; mention; repeat; signal; clarify; specify; reaffirm; confess; certify; divulge; gripe; "
    "grumble; moan; whine; fume; rant; mutter; murmur; scoff; plead; beg; attest; communicate; convey; elaborate; "
    "relate; relay; stipulate; make the point; put it; allow that; question; prophesy; foresee; pledge"
)
"""Verbs that take a clause; with "that", or with a comma and their subject behind it, the sentence is reported."""
_BARE = _terms(
    "say; tell; claim; argue; insist; believe; think; warn; suggest; allege; contend; maintain; acknowledge; admit; "
    "concede; announce; fear; feel; predict; assert; hope; confirm; complain; joke; reckon; suspect; estimate; add; "
    "note; explain; deny; swear; vow; point out; doubt; go on to say; be quoted as saying; reply; worry; caution; "
    "boast; state; declare; conclude"
)
"""Verbs that may leave out "that"."""
_SURE = _terms("say; tell; believe; argue; contend; insist; allege; assert; go on to say; be quoted as saying")
"""Verbs that report whatever follows."""
_INVERTED = _terms(
    "say; add; write; note; explain; ask; reply; tweet; argue; insist; declare; warn; conclude; announce; report; "
    "claim; "
    "recall; exclaim; acknowledge; admit; observe; remark; quip; joke; lament; testify; recount; respond; think; "
    "estimate; point out; retort; complain; boast; scoff; muse; shout; scream; yell; wonder; go on to say"
)
"""Verbs that may stand before their subject."""
_ADDRESSED = _terms("tell; inform; remind; assure; warn; advise; notify; convince; persuade; brief")
"""Verbs that name the hearer before what is said."""
_SENT = _terms("say; write; explain; complain; report; signal; tweet; reply")
"""Verbs that name the hearer after "to"."""
_BEHIND = (SAYING | {"find", "rule", "show"}) - _terms(
    "agree; hope; expect; demand; question; hear; feel; doubt; assume; promise; imagine; guess; infer; imply; "
    "forecast; "
    "foresee; pledge; relate; convey; communicate; propose; recommend; mention; reaffirm; repeat; ask; calculate"
)
"""Verbs that may stand with their subject behind what is said."""
_NOUNS = _terms(
    "claim; report; state; fear; hope; charge that; demand; question; comment; doubt; estimate; order; answer; "
    "project; "
    "label; voice; post; message; promise; blame; vow; reason; guess; judge; suspect; appeal; call; cry; present; "
    "praise; protest; request; reply; signal; tweet; wonder; worry; note; detail; document; counsel; forecast; boast; "
    "highlight; stress; rage; rant; quote; urge; remark; show; shout; laugh; counter; call for; dispute; mention; "
    "repeat; joke; whisper; scream; cite; query; murmur; groan; moan; lecture; tease; taunt; sigh; pledge; brief; gripe"
)
"""Verbs whose plain and -s forms are nouns as well."""
_PLURAL = _words("they we you i who some many others most critics people and to also")
_KNOWING = _terms(
    "know that; learn; realise; remember; recognise; discover; notice; understand; hear; show; prove; demonstrate"
)
"""Verbs whose clause the author holds true."""
_CHARGING = _terms("accuse; accuse of; deny; blame")
"""Verbs whose object is itself what is said."""
_CALLING = _terms(
    "call; describe; characterise; label; dub; portray; depict; denounce; condemn; criticise; see as; view as; "
    "deem; consider; mock; dismiss; brand; deride; ridicule; blast; slam; lambast; decry; excoriate; berate; rebuke; "
    "scold; chide; bemoan; lament; cite; quote; call for; demand; urge; reject; dispute; question; "
    "express; voice; warn; attribute; ascribe; "
    "expose; highlight; interpret; diagnose; vow; recommend; estimate; "
    "paraphrase; speak of; apologise; counsel"
)
"""Verbs that put a name or a judgement on their object: the range is reported, the sentence where much of it is."""


_NOT_HALF = _terms(
    "suspect; demand; highlight; expose; understand; announce; agree; explain; ask; mock; blast; think; respond; hope; "
    "propose; promise; pledge; expect; write; hear; feel; realise; know that; remember; prove; reveal; tweet; fear; "
    "imagine; testify; report; interpret; warn; question"
)
"""Verbs that report a clause or nothing."""


def find_frames(line: Lines, sentences: Sequence[int]) -> list[Cue]:
    """The cues that hold a name: "in Hale's view", and "For Hale," where one of `sentences` starts."""
    low = line.low
    found = []
    for m in _VIEW.finditer(line.text):
        k = bisect_left(line.start, m.start())
        for i in range(k - 1, max(k - 9, 0) - 1, -1):
            if low[i] in ("in", "by", "from"):
                found.append(Cue(i, bisect_left(line.start, m.end()), VIEW))
                break
            if not line.word[i] and low[i] not in "-'’.":
                break
    for m in _FOR.finditer(line.text):
        at = bisect_left(sentences, m.start())
        if at < len(sentences) and sentences[at] == m.start():
            i, j = bisect_left(line.start, m.start()), bisect_left(line.start, m.end())
            if not MONTHS.intersection(low[i:j]):
                found.append(Cue(i, j, AIMED))
    return found


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
    if verb in _NO_CUE:
        return None
    if verb in _ROUNDING:
        return _read_rounding(line, cue, _clause_start(lo, i, earlier), stop)
    if verb in _OWN_ROUNDING:
        owner = next((k for k in range(j - 1, i, -1) if low[k] in ("'s", "'")), j - 1)
        return Claim(((lo, i), (j, stop)), (i + 1, owner), (i, j), False, True)
    if verb == AIMED:
        return Claim(((j, stop),), (i + 1, j - 1), (i, j), is_vague(line, (i + 1, j - 1)), True)
    if verb in _HEARSAY:
        return Claim(((lo, i), (j, stop)), None, (i, j), True, True)
    if verb in _ALLEGING:
        return Claim(((j, _clause_end(low, j, stop)),), None, (i, j), True, False)
    before = low[i - 1] if i > lo else ""
    gerund = low[i].endswith("ing")
    if line.capital[i] and i > lo and 2 * sum(line.capital[lo:hi]) < hi - lo:  # the name Said
        return None
    if before == "-" or before in _DETERMINER or (before in _PREPOSITION and not gerund):
        return None
    k = i - 1
    passive = False
    while k >= lo and ((w := low[k]) in _AUXILIARY or w.endswith("ly")):
        passive |= w in _BE
        k -= 1
    if k >= lo and low[k] == "on" and low[k + 1].endswith("day"):
        k -= 1
    head = low[k] if k >= lo else ""
    if k < lo and low[i] == verb.split(" ", 1)[0]:
        return None
    if (head in _NOT_SOURCE and head != "us") or (head == "to" and low[k - 1] not in _LETS_SPEAK):
        return None
    if head in _DETERMINER and k == i - 1:
        return None
    if k == i - 1 and verb in _NOUNS and _is_noun(line, cue, lo):
        return None
    if passive and not gerund:
        if any(w in _UNSAID for w in low[k + 1 : i]):
            return None
        return _read_passive(line, cue, lo, stop)
    if not gerund and k == i - 1 and (inverted := _read_inverted(line, cue, lo, stop)):
        return inverted
    source = _subject(line, cue, k, lo, earlier)
    claim = _read_verb(line, cue, lo, stop, source)
    unsaid = any(w in _UNSAID for w in low[k + 1 : i])
    if claim is None or not claim.strong:
        return claim and claim._replace(content=()) if unsaid or verb in _NOT_HALF else claim
    first = source[0] - 1 if source and source[0] < i else k
    told = first >= lo and low[first] in _WHERE and claim.content and claim.content[0][0] > i
    impersonal = verb in _SHOWING and source is not None and low[source[1] - 1] in _IMPERSONAL
    doubtful = source is None or told or low[hi - 1] == "?" or unsaid or impersonal
    if low[hi - 1] == "?" and (low[lo] in _AUXILIARY or low[lo] in _QUESTION):
        return claim._replace(content=())
    if unsaid and low[j] not in _QUESTION and low[j] not in _CLAUSE and low[j] != "that" and claim.content[0][0] >= j:
        return claim._replace(content=())
    return claim._replace(strong=False) if doubtful else claim


def _is_noun(line: Lines, cue: Cue, lo: int) -> bool:
    """Whether a form that is noun and verb is a noun here: "stoked fears that", "the three-day state visit"."""
    low = line.low
    i = cue.begin
    word, before = low[i], low[i - 1] if i > lo else ""
    if word.endswith("ed") or word.endswith("ing"):
        return False
    after = low[cue.end] if cue.end < len(low) else ""
    if not before or after in _AFTER_NOUN or before in _BE:
        return True
    if before == ",":
        return False
    if word.endswith("s") and not word.endswith("ss"):
        if cue.verb == "state":
            return not (line.capital[i - 1] or before in _STATED)
        plural = before.endswith("s") and not before.endswith(("ss", "us", "'s")) and not line.capital[i - 1]
        return plural or before in ("and", "or") or (before.endswith("ed") and not line.capital[i - 1])
    if before in _PLURAL or before.endswith(("s", "ly")) or before in _AUXILIARY:
        return False
    return after != "that" or _PLURAL.isdisjoint(low[max(lo, i - 5) : i])


def _subject(line: Lines, cue: Cue, k: int, lo: int, earlier: Claim | None) -> tuple[int, int] | None:
    """Who does the speaking; `k` is the last word before the verb and its auxiliaries."""
    low = line.low
    head = low[k] if k >= lo else ""
    gerund = low[cue.begin].endswith("ing")
    again = head != "," or gerund or low[cue.begin] in low[max(k - 12, 0) : k]  # "calls for it, calls them names"
    if head in ("and", "or", "but", ",") and earlier and earlier.source and again:
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
    if source is None:
        return None
    content = [(lo, i)] if i - lo > 2 else []
    begin = source[1]
    if begin < stop and line.low[begin] == "," and line.low[begin + 1] in _ASIDE:
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
    vague = source is None or is_vague(line, source)
    if after == "that" or (verb == "tell" and after not in ("to", "")):
        return Claim(((j, stop),), source, (i, j), vague, verb in SAYING)
    if verb in _CHARGING or verb in _CALLING:
        if source and source[1] < stop:
            return Claim(((source[1], stop),), source, (i, j), vague, False)
        return Claim(((j, by if source else _clause_end(low, j, stop)),), source, (i, j), vague, False)
    if after == "to" and verb in _HELD:
        return Claim(((lo, i), (j, stop)), None, (i, j), True, True)
    return None


def _read_inverted(line: Lines, cue: Cue, lo: int, stop: int) -> Claim | None:
    """What stands before a verb with its subject behind it: `…, said Smith`."""
    low = line.low
    i, j, verb = cue
    k = i - 1
    head = low[k] if k >= lo else ""
    after = low[j] if j < stop else ""
    if verb not in _INVERTED or not after or after == "that" or (head and head not in ",\"”’'»“"):
        return None
    if not (line.capital[j] or after in _DETERMINER or after in _CLAUSE or after in ("some", "many") or stop - j < 3):
        return None
    behind = _source_after(line, j, stop)
    if behind is None:
        return None
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
    vague = is_vague(line, source)
    span = (i, j)
    says = verb in SAYING
    if verb in _BEHIND and source and (behind := _read_behind(line, cue, lo, stop, source)):
        return behind
    if not after:
        return None
    if after == "that" and not _has_finite(low, j + 2, stop):
        return None
    if after == "that":
        return Claim(((j + 1, stop),), source, span, vague, verb not in _KNOWING)
    if says and after == "," and "that" in low[j + 2 : j + 12] and low[low.index("that", j) - 1] == ",":
        return Claim(((low.index("that", j) + 1, stop),), source, span, vague, True)
    if low[j - 1] == "that":
        return Claim(((j, stop),), source, span, vague, verb not in _KNOWING)
    if says and (verb in _ADDRESSED or after in _NO_CLAUSE or after in _AROUND) and "that" in low[j : min(j + 9, stop)]:
        at = low.index("that", j)
        if "," not in low[j : at - 1] and not _has_finite(low, j, at):
            return Claim(((at + 1, stop),), source, span, vague, verb not in _KNOWING)
    if verb in _SURE and after not in ("of", "to", "not"):
        return Claim(((j, stop),), source, span, vague, True)
    if verb in _BARE and (after in _SUBJECT or (word[j] and after not in _NO_CLAUSE and _begins_clause(low, j, stop))):
        return Claim(((j, stop),), source, span, vague, True)
    if says and after == ":":
        return Claim(((j + 1, stop),), source, span, vague, True)
    if says and after in _QUESTION:
        return Claim(((j, stop),), source, span, vague, False)
    if verb in _CHARGING and after != "to":
        return Claim(((j, stop),), source, span, vague, True)
    if after == "to" and j + 1 < stop and (low[j + 1] in _DETERMINER or line.capital[j + 1]):
        return Claim((), source, span, vague, False)
    if verb in _CALLING or (says and source and after in ("to", "of", "about", "on", "against", "as")):
        if j + 1 < stop and low[j + 1] in MONTHS:
            return Claim((), source, span, vague, False)
        return Claim(((j, _clause_end(low, j, stop)),), source, span, vague, False)
    return Claim((), source, span, vague, False) if source else None


def _read_behind(line: Lines, cue: Cue, lo: int, stop: int, source: tuple[int, int]) -> Claim | None:
    """What stands before a verb and its subject: `…, Smith said`, `as Smith said, …`."""
    low, word = line.low, line.word
    i, j, verb = cue
    after = low[j] if j < stop else ""
    if after == ":" and j + 1 < stop:
        return None
    rest = next((k for k in range(j, min(j + 9, stop)) if low[k] == ","), stop)
    if after in _AROUND or (verb in _ADDRESSED and after and word[j]) or (after == "to" and verb in _SENT):
        if "that" in low[j : min(j + 9, rest)] or _has_finite(low, j, min(j + 9, rest)):
            return None
    elif after and word[j]:
        return None
    comma = source[0] - 1
    like = comma >= lo and low[comma] == "as"
    if comma > lo and low[comma] in ("as", "and", "but"):
        comma -= 1
    around = after == "," or like or (verb in _ADDRESSED and not _has_finite(low, lo, max(comma, lo)))
    tail = ((rest + 1, stop),) if rest + 1 < stop and around else ()
    vague = is_vague(line, source)
    if comma - lo >= 2 and not word[comma] and (comma - lo > 4 or _has_finite(low, lo, comma)):
        return Claim(((lo, comma), *tail), source, (i, j), vague, True)
    if tail and (like or comma - lo >= 2):
        return Claim(((lo, comma), *tail) if comma > lo else tail, source, (i, j), vague, True)
    if tail and comma < lo:  # Hale claims, the bridge is safe
        return Claim(tail, source, (i, j), vague, True)
    return None


def phrase_before(line: Lines, k: int, lo: int) -> tuple[int, int] | None:
    """The noun phrase whose last word is `k`, past the insertions between it and the verb."""
    low = line.low
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
            aside = attempt and (low[begin] in _ASIDE or low[begin][0].isdigit())
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
        ):  # "its director, Ida Vance, said"
            return (j + 1, k)
        k = j - 1
    return None


def _is_aside(line: Lines, begin: int, end: int) -> bool:
    """Whether the words between two commas say who somebody is: "the mayor of Hale", "who left", "45"."""
    first = line.low[begin]
    if first in _ASIDE or line.capital[begin] or first[0].isdigit():
        return True
    return end - begin < 4 and not _has_finite(line.low, begin, end)


def _phrase_start(line: Lines, k: int, lo: int) -> int:
    """Where the noun phrase that ends with word `k` begins."""
    low, word, capital = line.low, line.word, line.capital
    if low[k] in _SUBJECT:
        return k
    end = k + 1
    while k >= lo and end - k < 18:
        w = low[k]
        if w in _STOP_LEFT and not (w == "and" and k > lo and capital[k - 1] and capital[k + 1]):
            break
        if not word[k] and w not in "-'’&" and not (w == "." and k > lo and low[k - 1] in _TITLE):
            break
        if w.endswith("ed") and len(w) > 4 and not capital[k] and (k == lo or low[k - 1] not in _DETERMINER):
            break
        if w in _CLAUSE and end - k > 1:
            break
        k -= 1
    begin = k + 1
    while begin < end and low[begin] in _PREPOSITION:  # "In March Smith said"
        begin += 1
        if begin < end - 1:
            begin += 1
    return begin


def first_phrase(line: Lines, lo: int, stop: int) -> tuple[int, int] | None:
    """The subject of the sentence: the words before its first finite verb."""
    low = line.low
    while lo < stop and (not line.word[lo] or low[lo] in ("and", "but", "so", "yet", "also", "then")):
        lo += 1
    if lo < stop and (low[lo] in _PREPOSITION or low[lo].endswith("ing")):
        comma = next((k for k in range(lo, min(lo + 16, stop)) if low[k] == ","), -1)
        if comma < 0:
            return None
        lo = comma + 1
    for k in range(lo, min(lo + 12, stop)):
        w = low[k]
        past = len(w) > 4 and w.endswith("ed") and not line.capital[k]
        if past or (w in _FINITE and w != "'s") or w in _PAST or w in (",", "who", "("):
            return (lo, k) if k > lo else None
        if not line.word[k] and w not in "-'’&\"“”" and not (w == "." and low[k - 1] in _TITLE):
            return None
    return None


def _source_after(line: Lines, begin: int, stop: int) -> tuple[int, int] | None:
    """The noun phrase whose first word is `begin`."""
    low, word = line.low, line.word
    k = begin
    while k < stop and k - begin < 16:
        w = low[k]
        if not word[k] and w not in "-'’&" and not (w == "." and low[k - 1] in _TITLE):
            break
        if k > begin and (w in _STOP_RIGHT or w in _SUBJECT or w == "it"):
            break
        k += 1
    return (begin, k) if k > begin else None


def _begins_clause(low: list[str], begin: int, stop: int) -> bool:
    """Whether the words are a noun phrase and a finite verb."""
    reach = 3 if low[begin] in _CLAUSE else 9
    for w in low[begin + 1 : min(begin + 1 + reach, stop)]:
        if w in _FINITE or w in _PAST:
            return True
        if w in ",;:()":
            return False
    return False


def _has_finite(low: list[str], begin: int, end: int) -> bool:
    """Whether a finite verb stands among the words."""
    return any(w in _FINITE or (len(w) > 4 and w.endswith("ed")) for w in low[begin:end])


def _clause_end(low: list[str], begin: int, stop: int) -> int:
    """Where the clause that begins at `begin` ends."""
    for k in range(begin, stop):
        if low[k] in ",;—–" or (low[k] == "-" and k + 1 < stop and low[k + 1] == "-"):
            return k
    return stop
