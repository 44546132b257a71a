"""Whose words: reported speech, quotations that are speech, and the voice of every sentence and finding."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from rhetoric.quotes import Quote as Quote
from rhetoric.quotes import find_quotes as find_quotes
from rhetoric.records import Voice, VoiceName
from rhetoric.segment import Words


class Place(Protocol):
    """A sentence's range and the number of its paragraph."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def paragraph(self) -> int: ...
    @property
    def junk(self) -> bool: ...


class Cue(NamedTuple):
    """Reporting words: the half-open range of words, and the term of the lexicon they are a form of."""

    begin: int
    end: int
    verb: str


class _Claim(NamedTuple):
    """What a cue says: ranges of words."""

    content: list[tuple[int, int]]
    source: tuple[int, int] | None
    cue: tuple[int, int]
    vague: bool
    strong: bool
    """The sentence is reported; otherwise only the range is."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AUXILIARY = _set(
    "have has had having is are was were be been being am will would could can may might must should shall do does did "
    "also now then later again already once never not still just even often only both first soon thus therefore "
    "instead simply too himself herself themselves itself always further long much rather quite 've 'd 'll all "
    "hasn't haven't hadn't didn't doesn't don't won't wouldn't couldn't can't isn't wasn't weren't aren't yesterday "
    "today monday tuesday wednesday thursday friday saturday sunday"
)
_BE = _set("is are was were be been being 's 're isn't wasn't aren't weren't")
_NEGATION = _set("not never didn't doesn't don't won't wouldn't couldn't can't hasn't haven't hadn't cannot")
_MODAL = _set("would could can may might must should shall will 'll 'd")
_DETERMINER = _set(
    "the a an this these those his her their its our my your any no every each some such another what 's ' more "
    "many most several few other new false big same"
)
_PREPOSITION = _set("of in on at for with by from about against into between through under over after before during without within as than like")
_NOT_SOURCE = _set("i we you me us")
_FINITE = _set(
    "is are was were has have had will would could can may might must should shall does did do isn't wasn't aren't "
    "weren't won't wouldn't couldn't can't cannot didn't doesn't don't hasn't haven't hadn't it's he's she's they're "
    "we're i'm you're there's that's 's 're 'll 'd needs wants needed wanted went came took made got gave remains"
)
_CLAUSE = _set(
    "he she it they i we you there this these those nobody everyone people it's he's she's they're we're i'm i've i'd "
    "we've we'd we'll they'd they've they'll he'd she'd he'll she'll it'd it'll there's"
)
_QUESTION = _set("whether if how why what who where when which whom")
_AROUND = _set("in on at during to after before when while as for with from about through by via at this last late early yesterday today tonight")
_ROUNDING = {
    "according to", "in the view of", "in the opinion of", "in the words of", "in the eyes of",
    "in the judgement of", "from the point of view of",
}  # fmt: skip
_OWN_ROUNDING = {"in his view", "by his own account", "on his account"}
_HEARSAY = {"reportedly"}
_ALLEGING = {"allegedly", "purportedly", "supposedly", "self-reportedly"}
_PASSIVE = {"is said to", "is believed to", "is thought to", "is reported to", "is understood to", "be rumoured", "is alleged to",
            "is claimed to", "is supposed to have"}  # fmt: skip
_NO_CUE = {"is expected to", "is known to", "is considered to", "ostensibly", "avowedly", "in a statement", "pretend",
           "purport to", "if you believe", "as told to"}  # fmt: skip
_SAYING = frozenset(
    "say;tell;claim;argue;insist;believe;think;warn;suggest;allege;contend;maintain;acknowledge;admit;concede;"
    "announce;add;note;explain;fear;feel;predict;assert;hope;report;confirm;complain;joke;point out;reckon;suspect;"
    "conclude;imagine;guess;hear;understand;estimate;testify;write;state;declare;reply;respond;tweet;swear;vow;"
    "promise;reiterate;stress;emphasise;boast;brag;quip;lament;deny;go on to say;reveal;caution;speculate;"
    "agree;assume;doubt;worry;find that;hold that;rule that;make clear;be quoted as saying;surmise;opine;"
    "hypothesise;theorise;counter;retort;remark;observe;proclaim;affirm;remind;assure;inform;propose;recommend;"
    "urge;advise;demand;disclose;profess;posit;hint;indicate;recall;exclaim;muse;whisper;shout;scream;yell;protest;"
    "wonder;ask;expect;forecast;calculate;imply;infer;mention;repeat;signal;clarify;specify;reaffirm;confess;"
    "certify;divulge;gripe;grumble;moan;whine;fume;rant;mutter;murmur;scoff;plead;beg;attest;communicate;convey;"
    "elaborate;relate;relay;stipulate;make the point;put it;allow that".split(";")
)
"""Verbs that take a clause; with "that", or with a comma and their subject behind it, the sentence is reported."""
_BARE = frozenset(
    "say;tell;claim;argue;insist;believe;think;warn;suggest;allege;contend;maintain;acknowledge;admit;concede;"
    "announce;fear;feel;predict;assert;hope;confirm;complain;joke;reckon;suspect;estimate;add;note;explain;deny;"
    "swear;vow;point out;doubt;go on to say;be quoted as saying;reply;worry;caution;boast;state;declare;conclude".split(";")
)
"""Verbs that may leave out "that"."""
_SURE = frozenset("say;tell;go on to say;be quoted as saying".split(";"))
"""Verbs that report whatever follows."""
_KNOWING = frozenset("know that;learn;realise;remember;recognise;discover;notice;understand;hear;show;prove;demonstrate".split(";"))
_CHARGING = frozenset("accuse;accuse of;deny;blame".split(";"))
"""Verbs whose object is itself what is said."""
_CALLING = frozenset(
    "call;describe;characterise;label;dub;portray;depict;denounce;condemn;criticise;see as;view as;refer to;brand;"
    "deem;consider;praise;hail;mock;deride;ridicule;blast;slam;lambast;decry;excoriate;berate;rebuke;scold;chide;"
    "bemoan;lament;tout;trumpet;cite;quote;call for;demand;urge;reject;dispute;question;express;voice;warn;hit out;"
    "lash out;rail against;hit back;fire back;shoot back;attribute;ascribe;expose;highlight;interpret;diagnose;"
    "promise;pledge;vow;propose;recommend;threaten;suspect;estimate;paraphrase;speak of;apologise;counsel".split(";")
)
"""Verbs that put a name or judgement on their object: the range is reported, the sentence only where much of it is."""
_VAGUE_HEADS = _set(
    "critics experts analysts observers officials sources supporters opponents some many others most people insiders "
    "commentators pundits scholars scientists researchers economists reports rumours rumors skeptics sceptics detractors "
    "activists advocates historians insider authorities few several everyone anyone somebody someone one it reporters "
    "witnesses diplomats politicians lawmakers voters residents locals"
)


_TITLE = _set("mr mrs ms dr prof sen rep gov gen lt col sgt rev st jr sr capt maj adm pres u s a b c d e f g h i j k l m n o p q r t v w x y z")
_STOP_LEFT = _set(
    "but while because that if when as after before which who whom whose although though since so whereas where "
    "and or nor then than is are was were has have had will would could may might should do does did said says"
)
_STOP_RIGHT = _set(
    "that who which is are was were has have had will would could may might should can while when as but on in to "
    "after before during told said says because if at with by from about released published posted obtained and since earlier "
    "yesterday monday tuesday wednesday thursday friday saturday sunday last this adding referring speaking citing seen"
)


class _Text(NamedTuple):
    """The words of a text as plain lists."""

    low: list[str]
    start: list[int]
    end: list[int]
    word: list[bool]
    capital: list[bool]


def _source_before(t: _Text, k: int, lo: int) -> tuple[int, int] | None:
    """The noun phrase whose last word is `k`."""
    low, word, capital = t.low, t.word, t.capital
    if k < lo:
        return None
    if low[k] == "," or low[k] in ")-–—":
        close = low[k]
        opening = {")": "("}.get(close, close)
        k -= 1
        while k >= lo and low[k] != opening:
            k -= 1
        k -= 1
        if k < lo:
            return None
    end = k + 1
    while k >= lo and end - k < 16:
        w = low[k]
        if w in _STOP_LEFT and not (w == "and" and k > lo and capital[k - 1] and capital[k + 1]):
            break
        if not word[k] and w not in "-'’&" and not (w == "." and k > lo and low[k - 1] in _TITLE):
            break
        k -= 1
    begin = k + 1
    while begin < end and low[begin] in _PREPOSITION:  # "in March Smith said"
        begin += 1
        if begin < end and capital[begin]:
            begin += 1
    return (begin, end) if begin < end else None


def _source_after(t: _Text, j: int, hi: int) -> tuple[int, int] | None:
    """The noun phrase whose first word is `j`."""
    low, word = t.low, t.word
    k = j
    while k < hi and k - j < 16:
        w = low[k]
        if not word[k] and w not in "-'’&" and not (w == "." and low[k - 1] in _TITLE):
            break
        if w in _STOP_RIGHT and k > j:
            break
        k += 1
    return (j, k) if k > j else None


def _has_finite(low: list[str], begin: int, end: int) -> bool:
    """Whether a finite verb stands among the words."""
    return any(w in _FINITE or (len(w) > 4 and w.endswith("ed")) for w in low[begin:end])


def _read_cue(t: _Text, cue: Cue, lo: int, hi: int, earlier: _Claim | None) -> _Claim | None:
    """What the cue says, and who says it; None where it reports nothing."""
    low, word, capital = t.low, t.word, t.capital
    i, j, verb = cue
    span = (i, j)
    stop = hi
    while stop > j and not word[stop - 1]:
        stop -= 1
    if verb in _NO_CUE:
        return None
    if verb in _ROUNDING:
        source = _source_after(t, j, stop)
        if source is None:
            return None
        content = [(lo, i)] if i - lo > 2 else []
        if i - lo <= 2 or (source[1] < stop and low[source[1]] == ","):
            content.append((source[1], stop))
        if not content:
            content = [(source[1], stop)]
        return _Claim(content, source, span, _is_vague(t, source), True)
    if verb in _OWN_ROUNDING:
        return _Claim([(lo, i), (j, stop)], (i + 1, i + 2), span, False, True)
    if verb in _HEARSAY:
        return _Claim([(lo, i), (j, stop)], None, span, True, True)
    if verb in _ALLEGING:
        return _Claim([(j, _clause_end(low, j, stop))], None, span, True, False)
    if verb in _PASSIVE:
        return _Claim([(lo, i), (j, stop)], None, span, True, True)
    before = low[i - 1] if i > lo else ""
    gerund = low[i].endswith("ing")
    if before in _DETERMINER or (before in _PREPOSITION and not gerund):
        return None
    k = i - 1
    modal = negated = passive = False
    while k >= lo and ((w := low[k]) in _AUXILIARY or w.endswith("ly")):
        modal |= w in _MODAL
        negated |= w in _NEGATION
        passive |= w in _BE
        k -= 1
    passive = passive and not gerund
    head = low[k] if k >= lo else ""
    after = low[j] if j < stop else ""
    if head in _NOT_SOURCE or (head == "to" and not _continues(low, k, lo)):
        return None
    if k >= lo and head in _DETERMINER and k == i - 1:
        return None
    source: tuple[int, int] | None
    if head in ("and", "or", "but", ",") and earlier and earlier.source and (head != "," or gerund):
        source = earlier.source
    elif head in ("and", "or", "but", "to") or (head == "," and gerund):
        source = _source_after(t, lo, k)
    elif head in ("that", "which", "who"):
        source = _source_before(t, k - 1, lo)
    else:
        source = _source_before(t, k, lo)
    vague = _is_vague(t, source)
    if passive:
        return _read_passive(t, cue, lo, stop, after)
    # said Smith: the subject follows
    comma = head in (",", "") or (k >= lo and head in "\"”’'»“")
    if k == i - 1 and comma and verb in _SAYING and after and not gerund and (capital[j] or after in _DETERMINER or after in _CLAUSE):
        behind = _source_after(t, j, stop)
        if behind and (head != "," or not _has_finite(low, j, stop) or _has_finite(low, lo, k)) and after not in ("that",):
            rest = [(behind[1], stop)] if head != "," and behind[1] < stop else []
            return _Claim([(lo, k)] if k > lo else rest, behind, span, _is_vague(t, behind), True)
    # the clause, Smith said
    if verb in _SAYING and source and (after in ("", ",", ";", ":", "—", "–", "-", "(") or after in _AROUND):
        comma_at = source[0] - 1
        if comma_at > lo and low[comma_at] in ("as", "and", "but"):
            comma_at -= 1
        if comma_at - lo >= 2 and (low[comma_at] in ",—–-" or not word[comma_at]) and (after != "," or True):
            content = [(lo, comma_at)]
            if after == "," and j + 1 < stop:
                content.append((j + 1, stop))
            return _Claim(content, source, span, vague, True)
    if after == "that" or (after and "that" in low[j : min(j + 9, stop)] and verb in _SAYING):
        at = low.index("that", j)
        between = low[j:at]
        if verb in _KNOWING:
            return _Claim([(at + 1, stop)], source, span, vague, False)
        if after == "that" or not _has_finite(low, j, at) and "," not in between[:-1]:
            return _Claim([(at + 1, stop)], source, span, vague, True)
    if not after:
        return None
    if verb in _SURE and after != "of":
        if verb == "tell" and after in ("to",):
            return None
        return _Claim([(j, stop)], source, span, vague, True)
    if verb in _BARE and (after in _CLAUSE or capital[j] or after in _DETERMINER or word[j]) and after not in ("to", "of", "for", "in", "on", "with", "by", "at"):
        if after in _CLAUSE or _has_finite(low, j + 1, min(j + 14, stop)):
            return _Claim([(j, stop)], source, span, vague, True)
    if after == ":" and verb in _SAYING:
        return _Claim([(j + 1, stop)], source, span, vague, True)
    if after in _QUESTION and verb in _SAYING:
        return _Claim([(j, stop)], source, span, vague, False)
    if verb in _CHARGING and after not in ("to",):
        return _Claim([(j, stop)], source, span, vague, True)
    if verb in _CALLING:
        return _Claim([(j, _clause_end(low, j, stop))], source, span, vague, False)
    if verb in _SAYING and source and after in ("to", "of", "about", "on", "against", "as"):
        return _Claim([(j, _clause_end(low, j, stop))], source, span, vague, False)
    return None


def _continues(low: list[str], k: int, lo: int) -> bool:
    """Whether "to" at `k` follows a verb that lets the speaking happen: "went on to say"."""
    return k > lo and low[k - 1] in {"on", "continued", "continues", "quick", "careful", "appeared", "seemed", "hastened", "sought", "used"}


def _clause_end(low: list[str], begin: int, stop: int) -> int:
    """Where the clause that begins at `begin` ends."""
    for k in range(begin, stop):
        if low[k] in (",", ";", "—", "–") or (low[k] == "-" and k + 1 < stop and low[k + 1] == "-"):
            return k
    return stop


def _read_passive(t: _Text, cue: Cue, lo: int, stop: int, after: str) -> _Claim | None:
    """What is said in "was told that", "it was reported that", "was accused of"."""
    low = t.low
    i, j, verb = cue
    by = next((k for k in range(j, min(j + 4, stop)) if low[k] == "by"), -1)
    source = _source_after(t, by + 1, stop) if by >= 0 and by + 1 < stop else None
    vague = source is None or _is_vague(t, source)
    if after == "that" or (verb == "tell" and after not in ("to", "")):
        return _Claim([(j, stop)], source, (i, j), vague, verb in _SAYING)
    if verb in _CHARGING or verb in _CALLING:
        return _Claim([(j, _clause_end(low, j, stop))], source, (i, j), vague, False)
    return None


def _is_vague(t: _Text, source: tuple[int, int] | None) -> bool:
    """Whether the source is generic and answerable to nobody: "critics", "some experts"."""
    if source is None:
        return False
    begin, end = source
    low = t.low
    if any(t.capital[k] and k > 0 and t.word[k - 1] for k in range(begin, end)):
        return False
    of = next((k for k in range(begin, end) if low[k] in _PREPOSITION), end)
    return of > begin and low[of - 1] in _VAGUE_HEADS


def find_voices(
    text: str, words: Words, sentences: Sequence[Place], quotes: Sequence[Quote], cues: Sequence[Cue]
) -> tuple[Voice, ...]:
    """The ranges of `text` that are not in the author's voice, in order of their start."""
    claims = _claims(words, sentences, quotes, cues)
    return ()


def _claims(words: Words, sentences: Sequence[Place], quotes: Sequence[Quote], cues: Sequence[Cue]) -> list[list[_Claim]]:
    """The claims of each sentence."""
    t = _Text(words.lower, words.start.tolist(), words.end.tolist(), words.word.tolist(), words.capital.tolist())
    out = []
    outer = [q for q in quotes if not q.depth]
    ends = [q.end for q in outer]
    c = 0
    for s in sentences:
        lo, hi = bisect_left(t.start, s.start), bisect_left(t.start, s.end)
        found: list[_Claim] = []
        while c < len(cues) and cues[c].begin < lo:
            c += 1
        while c < len(cues) and cues[c].begin < hi:
            cue = cues[c]
            c += 1
            at = t.start[cue.begin]
            q = bisect_right(ends, at)
            if q < len(outer) and outer[q].start <= at:
                continue
            claim = _read_cue(t, cue, lo, hi, found[-1] if found else None)
            if claim:
                found.append(claim)
        out.append(found)
    return out
