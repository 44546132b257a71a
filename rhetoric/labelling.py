"""How a label is tied to what it is put on: phrases round it, as ranges of words."""

from __future__ import annotations

from functools import lru_cache

from rhetoric.grammar import PAST
from rhetoric.reporting import phrase_before
from rhetoric.speakers import INITIALS, MONTHS, Lines


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE = _words(
    "is are was were be been being am 's 're become becomes became becoming remain remains remained seem seems "
    "seemed look looks looked appear appears appeared sound sounds sounded prove proves proved isn't aren't wasn't "
    "weren't it's he's she's they're that's who's"
)
AUXILIARY = _words("has have had will would could can may might must should not never also still now to n't")
SKIP = _words(
    "a an the so very more most less such really just simply not never too quite rather pretty also both nothing but "
    "only truly even as utterly at best worst all already no one of those little bit kind sort somewhat equally "
    "another clearly still now increasingly “ ‘ ' \""
)
ARTICLE = _words("a an the this that these those")
BOUNDARY = _words(
    "of in on at to for with from by about against into between through under over after before during without "
    "within that which who whom whose where when while if because and or but nor as than so is are was were be been "
    "has have had do does did will would could can may might must should it he she they we you i not then there "
    "here now also his her their its our my your the a an this these those"
)
CALLS = _words(
    "call calls called calling brand brands branded branding label labels labeled labelled labeling dub dubs dubbed "
    "describe describes described describing deem deems deemed consider considers considered denounce denounces "
    "denounced denouncing portray portrays portrayed portraying depict depicts depicted characterize characterizes "
    "characterized characterise characterised decry decried condemn condemned condemns dismiss dismissed dismisses"
)
LOOSE = _words(
    "both neither either other latter former him her them it me us you himself herself themselves itself he she they "
    "this that these those what who"
)
ADJECTIVE = (
    "ous", "ive", "al", "ic", "ful", "less", "ble", "ed", "ing", "ary", "ory", "ish", "like", "style", "wing", "line",
    "ian", "id", "ile", "ite", "y", "ent", "ant", "right", "left",
)  # fmt: skip
NOUN = ("ry", "ny", "cy", "ty", "gy", "phy", "sy", "my", "ment", "ident")
PLAIN = _words(
    "fake false corrupt rogue evil sick bad crooked extreme stupid dumb absurd rotten cruel brutal tired old so- "
    "called lame weak great strong brave puppet terror hate sham mob failed fiery bloody dirty nasty phony ugly "
    "heavy wild fierce dire grim stark harsh bitter savage vile obscene bizarre insane hostile obese rabid radical "
    "hardline hard-line socialist leftist terrorist extremist racist fascist communist marxist islamist populist "
    "loser abject absolute absurdist absolutist astute awesome awkward backward bland bleak blunt brash brazen brittle "
    "broken bright clandestine coarse covert crass craven crude dark deft "
    "desperate dishonest dour drab drunken dull fearsome flat-out foul frail gargantuan "
    "genuine glaring grand grandiose grave grotesque gruesome gruff hapless hard hardcore "
    "haughty headlong heartbroken heartfelt hollow humane illegitimate immature inane inarticulate "
    "indiscriminate inept inhuman inhumane insecure insincere intense intemperate isolationist lavish left-leaning "
    "loathsome lone loony made-up mad mediocre militarist mundane naive nationalist nativist obdurate obscure "
    "obsolete obstinate obtuse opaque overblown overdone overwrought passionate perverse petty picayune "
    "profound proud rampant resolute rude rampaging sane severe shallow shrewd shrill sinister "
    "smug staunch stubborn substandard sudden supine superb supreme threadbare "
    "tiresome tone-deaf top-notch torn triumphalist troublesome ultranationalist unfortunate unjust "
    "unknown unsung untold untrue unwelcome unwise utter vague vain vast vulgar wanton war-torn watered-down "
    "wayward weird well-worn wholesome widespread worn-out worrisome zero-sum"
)
LIKE_ADJECTIVES = _words(
    "spiral scandal betrayal denial rival trial arsenal carnival festival journal signal animal proposal approval "
    "removal survival arrival refusal ritual cabal vandal jackal appeal ordeal deal meal goal zeal coal soul moral "
    "narrative invective fanatic heretic lunatic relic panic traffic music topic epidemic pandemic critic tactic "
    "rhetoric logic republic public malcontent government event moment content intent talent accident student agent "
    "president parent patient client resident opponent giant tyrant infant servant merchant warrant restaurant "
    "barbarian guardian raid bid aid kid squid bile smile file pile mile exile crocodile hate bribe tribe fatalities "
    "feed need seed deed greed breed speed creed king thing spring string wing ring evening morning building meeting "
    "feeling hearing killing spending beginning warning dish fish wish rubbish anguish motive initiative alternative "
    "incentive detective executive representative perspective objective native drive dive archive hive"
)
"""Nouns that end like adjectives."""
WILLS = _words(
    "try tries tried trying want wants wanted seek seeks sought seeking attempt attempts attempted attempting "
    "continue continues continued begin began begins start started vow vowed threaten threatened threatening plan "
    "plans planned hope hopes hoped manage managed going able willing eager ready used refuse refused fail failed"
)
OBJECT = _words("the a an his her their its our my your this that these those him them us me it")
COUNTED = _words("two three four five six seven eight nine ten dozens hundreds thousands both several")
TIMES = _words(
    "too far today ago year years day days month months week weeks time point one something someone anything nothing"
)
DEFINITE = _words("the this that these those 's")
NO_MODIFIER = BOUNDARY | _words("said says told more many most all both such other another same own new")
MAKES = _words("make makes made making render renders rendered")
AS = _words(
    "keep keeps kept see sees saw seen seeing view views "
    "viewed viewing regard regards regarded slam slams slammed slamming blast "
    "blasts blasted blasting attack attacks attacked attacking deride derides derided deriding mock mocks mocked "
    "mocking ridicule ridiculed criticize criticized criticise criticised slam treat treats treated treating paint "
    "paints painted painting cast casts casting frame frames framed framing hail hails hailed hailing praise "
    "praises praised praising reject rejects rejected rejecting lambast lambasted present presents presented "
    "presenting know known remember remembered use used using sell sold selling"
)
"""Verbs that put a label on their object with "as"."""
DOES = _words(
    "espousing embracing adopting exhibiting hurling wielding sowing fomenting orchestrating perpetrating spewing "
    "offer offers offered offering attempt attempts attempted give gives gave giving take takes took taken taking "
    "stoke stokes stoked stoking sow sows sowed sowing foment foments fomented orchestrate orchestrates orchestrated "
    "espouse espouses espoused embrace embraces embraced embracing adopt adopts adopted exhibit exhibits exhibited "
    "hurl hurls hurled level levels leveled levelled fire fires "
    "fired firing wield wields wielded lead leads led leading "
    "attract attracts attracted harbour harbours harboured harbor harbors harbored draw "
    "draws drew drawing spark sparks sparked sparking provoke provokes provoked commit "
    "commits committed committing launch launches launched launching wage wages waged waging pursue pursues "
    "pursued pursuing show shows showed shown showing display displays displayed displaying demonstrate "
    "demonstrates demonstrated spread spreads spreading peddle peddles peddled peddling push pushes pushed pushing "
    "promote promotes promoted promoting impose imposes imposed imposing make makes made making tell tells telling "
    "told suffer suffers suffered suffering engage engages engaged engaging resort resorts resorted resorting use "
    "uses used using promise promises promised promising have has had having unleash unleashes unleashed unleashing "
    "run runs ran running build builds built building represent represents represented spew spews spewed spewing "
    "produce produces produced producing perpetrate perpetrated carry carries carried practise practised practice "
    "practiced pose poses posed posing issue issues issued stage stages staged staging mount mounts mounted "
    "mounting endure endures endured enduring throw throws threw deliver delivers delivered indulge indulges "
    "indulged indulging play plays played playing exude exudes exuded exuding inflict inflicts inflicted inflicting "
    "unveil unveils unveiled peddle peddles cultivate cultivated sell sells sold selling utter utters uttered "
    "learn learns learned repeat repeats repeated face faces faced facing invite invites invited court courts courted"
)
"""Verbs whose subject bears the label that is their object."""
LINKS = {
    "in": _words("engage engages engaged engaging indulge indulges indulged indulging deal deals dealt"),
    "from": _words("suffer suffers suffered suffering"),
    "to": _words("resort resorts resorted resorting descend descends descended stoop stoops stooped"),
    "into": _words("descend descends descended plunge plunged slide slid collapse collapsed"),
}
"""Verbs whose subject bears the label behind the preposition."""
PARTS = _words(
    "act acts campaign campaigns series combination pattern litany string years history record brand kind sort form "
    "piece pieces bit level sense climate culture policy policies program programme language means wave torrent "
    "stream dose web spree orgy season age era moment source display show lack"
)
"""Nouns that say how much or what kind of the label there is: "a *campaign* of smears"."""
FULL = _words(
    "full riddled rife plagued tainted steeped marred fraught devoid bereft ridden filled laden laced infested packed "
    "guilty capable incapable consumed gripped racked wracked beset blinded driven fuelled fueled overcome motivated "
    "obsessed"
)
"""Words whose subject bears the label behind "of", "with" or "by"."""
FAULTS = _words(
    "accused attack attacks attacked attacking blame blames blamed blaming criticise criticises criticised criticize "
    "criticizes criticized criticizing blast blasts blasted blasting slam slams slammed slamming mock mocks mocked "
    "mocking condemn condemns condemned condemning praise praises praised praising hail hails hailed rebuke rebukes "
    "rebuked chide chides chided scold scolded fault faults faulted faulting berate berates berated denounce denounces "
    "denounced denouncing deride derides derided ridicule ridiculed lambast lambasted fired fire sacked suspended "
    "banned ban deleted removed punish punished punishing jailed arrested charged convicted indicted sued fined "
    "investigated censured reprimanded impeached known notorious famous admired despised remembered loathed thanked "
    "commended commend lauded laud excoriated pilloried pillory vilified castigated castigate"
)
"""Verbs whose object, and in the passive whose subject, bears the label behind "for"."""
SENDS = _words(
    "send sends sent sending throw throws threw thrown throwing plunge plunges plunged plunging drive drives drove "
    "driven driving drag drags dragged dragging lead leads led leading tip tips tipped push pushes pushed pushing turn "
    "turns turned turning transform transforms transformed transforming bring brings brought "
    "reduce reduces reduced"
)
"""Verbs whose object bears the label behind "into" or "to"."""
PUSHES = _words(
    "want wants wanted urge urges urged urging help helps helped helping force forces forced forcing allow allows "
    "allowed allowing ask asks asked asking tell tells told get gets got push pushes pushed let lets enable enables "
    "enabled order orders ordered lead leads led cause causes caused encourage encourages encouraged expect expects "
    "expected need needs needed invite invited persuade persuaded convince convinced"
)
"""Verbs whose object does what the infinitive behind it says."""
HOLDS = _words(
    "accused accuse accuses accusing suspected suspects guilty keep keeps kept keeping stop stops stopped stopping "
    "prevent prevents prevented preventing convicted convict convicts"
)
"""Words whose object does what the gerund or noun behind "of" or "from" says."""
NO_PART = _words(
    "be whom know knows knew further two first second meant keeps mean "
    "means consider prefer to and or such not likewise again just more "
    "less even like down up off out away over back so thus hence still ever never always often perhaps maybe almost "
    "nearly about soon once here there how why yes seen taken done been being having doing gone i'll he'll she'll "
    "they'll we'll you'll it'll i'd he'd she'd they'd we'd you'd i'm i've we've they've you've we're you're they're "
    "he's she's it's that's there's who's what's let's am i we you he she they it says said told make makes made "
    "get gets got take takes took give gives gave put puts announce engage prove proves closer together"
)
"""No part of a name or noun phrase that a label is put on."""
EFFORTS = _words(
    "effort efforts attempt attempts plan plans bid campaign move "
    "moves plot scheme schemes desire push vow pledge promise "
    "threat threats decision determination willingness ability sweep power authority"
)
SUBORDINATE = _words("if when while whether as after before since because although though once until unless that")
PARTICLES = _words("off up out in on down away over back around")
DETERMINERS = _words("a an the this that these those his her its their our my your another every any no each some such")
OWNERS = _words("the his her their our my its")
PERSONS = _words("he she it they who which people that")
AWAY = _words("out from off up")
ACROSS = _words("with for in on at by to of about")
BODIES = _words(
    "regime regimes junta lobby machine cabal clique brigade mob gang cult establishment elite elites dictatorship camp"
)
PEOPLE = _words(
    "establishment dictatorships conservatives liberals progressives judges elites officials media press party "
    "parties government administration congress parliament council police army troops left right public youths "
    "families mothers fathers women men children kids students clerks tenants residents immigrants migrants "
    "refugees agents pundits allies bureaucrats chiefs heads voters class classes masses crowds crowd unions union "
    "states state countries country nations nation company companies"
)
NO_PEOPLE = _words(
    "matters papers numbers powers orders errors terrors letters chapters quarters dollars wars years offers rumours "
    "rumors colours colors doors floors borders corners answers barriers disasters encounters factors figures hours "
    "horrors layers measures pictures pressures procedures procedures shoulders sisters summers tears tenors waters"
)
PRONOUNS = _words("he she it that there who what this here")
MARKS = "\"“”‘’'[]"


def modifiers(line: Lines, begin: int, lo: int) -> int:
    """Where the words before a noun begin that say which: "the *Hale* regime", "*international* elites"."""
    k, low = begin - 1, line.low
    while k > lo + 2 and low[k - 1] == "-" and line.end[k - 1] == line.start[k]:  # "hi-vis posturing"
        k -= 2 if low[k - 3] == "-" else 3
    while k >= lo and begin - k < 6 and line.word[k] and (w := low[k]) not in NO_MODIFIER:
        if not line.capital[k] and (not w.endswith(ADJECTIVE) or w in DOES):
            break
        k -= 1
    return k + 1


def with_tail(line: Lines, end: int, hi: int) -> int:
    """Where the phrase ends with an "of …" or "in Name" behind it."""
    low = line.low
    if end + 1 >= hi or low[end] not in {"of", "in", "on", "against", "for", "from", "by"}:
        return end
    k = end + 1
    if low[k] in ("the", "a", "an"):
        k += 1
    first = k
    if low[k] in MONTHS:
        return end
    while k < hi and k - first < 4 and line.word[k] and low[k] not in BOUNDARY and low[k] not in NO_PART:
        if low[k].endswith("ly"):
            break
        k += 1
    return k if k > first and (low[end] == "of" or line.capital[first]) else end


def phrase_end(line: Lines, end: int, hi: int) -> int:
    """Where the noun phrase ends whose adjective ends at `end`; `end` itself where none follows."""
    low, word = line.low, line.word
    last = low[end - 1]
    named = end < hi and line.capital[end] and not line.capital[end - 1]
    if not named and not describes(last):
        return end
    k = end
    if k + 1 < hi and low[k] in "\"”’'":  # the "deeply troubling" leaks
        k += 1
        end += 1
    if k + 2 < hi and low[k] in (",", "and") and low[k + 1].endswith(ADJECTIVE):  # corrupt, broken politics
        k += 2
    while k < hi and k - end < 4 and (word[k] or low[k] == "-") and low[k] not in BOUNDARY:
        if (low[k].endswith(("ed", "ing", "ly")) or low[k] in PAST or low[k] == "'s") and not line.capital[k]:
            break
        k += 1
    return k


def back(line: Lines, begin: int, lo: int) -> int:
    """The word before the label and what belongs to it: articles, adverbs, marks."""
    low = line.low
    k = begin - 1
    while k >= lo and begin - k < 8 and (low[k] in SKIP or low[k].endswith("ly")):
        k -= 1
    if k > lo and low[k] in ("and", "or", ","):  # "was sick and demented"
        j = k - 1
        while j > lo and k - j < 4 and (low[j] in SKIP or low[j].endswith(ADJECTIVE)):
            j -= 1
        if low[j] in BE:
            return j
    j = k
    while j > lo and begin - j < 5 and line.word[j] and low[j] not in BOUNDARY:  # "is a cruel terror kingpin"
        j -= 1
    if low[j] in ("a", "an") and j > lo:
        while j > lo and (low[j] in SKIP or low[j].endswith("ly")):
            j -= 1
        if low[j] in BE:
            return j
    return k


def called(line: Lines, begin: int, lo: int, k: int) -> tuple[int, int] | None:
    """What is called so: "called the *plan* a disaster", "the *plan* was called a disaster"; `k` is `back`."""
    low, word = line.low, line.word
    first = max(lo, k - 12)
    if k < first or _CALLERS.isdisjoint(low[first : k + 1]):
        return None
    for verb in range(k, first - 1, -1):
        if low[verb] not in _CALLERS:
            if not word[verb] and low[verb] not in MARKS and low[verb] != "-":
                return None
            continue
        names = low[verb] not in _ONLY_AS or "as" in low[k + 1 : begin]
        if names and not (verb > lo and (low[verb - 1] in DETERMINERS or low[verb - 1] == "'s")):
            if not AWAY.isdisjoint(low[verb + 1 : k + 1]):
                return None
            if low[verb] in MAKES and not ACROSS.isdisjoint(low[verb + 1 : k + 1]):
                return None
            if verb < k:
                return (verb + 1, k + 1) if low[verb + 1] not in {"on", "for", "to", "in", "by", "as", "with"} else None
            if verb > lo and low[verb - 1] in BE and low[verb] not in MAKES:
                return subject(line, verb - 1, lo)
            known = verb - 1
            while known > lo and (low[known] in ("better", "best") or low[known].endswith("ly")):
                known -= 1
            if known < verb - 1 and low[known] in BE:
                return subject(line, known, lo)
            told = low[verb] in AS and "as" in low[verb:begin] and low[verb].endswith(("ed", "n"))
            found = phrase_before(line, verb - 1, lo) if told else None  # "a remark *seen* as a slap"
            return (found[0] + (low[found[0]] in ("a", "an")), found[1]) if found else None
    return None


_CALLERS = CALLS | MAKES | AS
_ONLY_AS = AS - CALLS - MAKES


def subject(line: Lines, verb: int, lo: int) -> tuple[int, int] | None:
    """The subject of the verb."""
    low = line.low
    k = verb - 1
    while k >= lo and (low[k] in AUXILIARY or low[k].endswith("ly") or low[k] in BE or _opens(line, k)):
        k -= 1
    if k >= lo and low[k] in {"who", "which", "that", "who's"}:
        k -= 1
        if k >= lo and low[k] == ",":
            k -= 1
    return phrase_before(line, k, lo)


def _opens(line: Lines, k: int) -> bool:
    """Whether word `k` is a bracket or a mark that opens a quotation."""
    low = line.low[k]
    return low in {"“", "‘", "[", "]"} or low == '"' and line.end[k] == line.start[k + 1]


def predicate(line: Lines, lo: int, k: int) -> tuple[int, int] | None:
    """The subject of "is a …"; `k` is what `back` gives for the label."""
    low = line.low
    if k <= lo or low[k] not in BE or low[k] in ("being", "be") and low[k - 1] not in AUXILIARY:
        return None
    if low[k] == "'s" and low[k - 1] not in PRONOUNS and low[k + 1] not in ("a", "an", "not"):  # the owner's
        return None
    return subject(line, k, lo)


def apposed(line: Lines, lo: int, k: int) -> tuple[int, int] | None:
    """The name before the comma of "Hale, the butcher of …"; `k` is what `back` gives for the label."""
    low = line.low
    if k > lo and low[k] == "," and low[k + 1] in ("a", "an", "the") and line.capital[k - 1]:
        return phrase_before(line, k - 1, lo)
    return None


def held(low: list[str], k: int, lo: int) -> tuple[int, int] | None:
    """Who stands between "accused" and "of"."""
    for verb in range(k - 1, max(lo, k - 9) - 1, -1):
        if low[verb] in HOLDS:
            return (verb + 1, k) if verb + 1 < k else None
        if low[verb] in ",;:":
            return None
    return None


@lru_cache(1 << 14)
def describes(word: str) -> bool:
    """Whether a word looks like an adjective."""
    if word.endswith("ly") or word in LIKE_ADJECTIVES:
        return False
    return word in PLAIN or word.endswith(("ary", "ory")) or (word.endswith(ADJECTIVE) and not word.endswith(NOUN))


def noun_end(line: Lines, begin: int, hi: int) -> int:
    """Where the noun phrase ends that begins with word `begin`."""
    low, k = line.low, begin
    while k < hi and k - begin < 8 and (line.word[k] or low[k] == "." and low[k - 1] in INITIALS):
        if low[k] in BOUNDARY and k > begin:
            break
        k += 1
    return k


def owner_start(line: Lines, k: int, lo: int) -> int:
    """Where the phrase of an owner begins whose last word is `k`: "*the old king*'s folly"."""
    low, first = line.low, k
    while first > lo and k - first < 4 and line.word[first - 1]:
        before = low[first - 1]
        if before in ARTICLE or before in {"his", "her", "their", "its", "our", "my"}:
            return first - 1
        if before in BOUNDARY or (line.capital[k] and not line.capital[first - 1]):
            break
        first -= 1
    return first


def inverted(line: Lines, end: int, lo: int) -> tuple[int, int] | None:
    """The subject behind "More *startling* were …"."""
    low = line.low
    if end + 1 < len(low) and low[end] in {"is", "are", "was", "were"} and low[lo] in ("more", "most", "so"):
        return end + 1, noun_end(line, end + 1, len(low))
    return None


def sentences_before(line: Lines, lo: int) -> list[int]:
    """Where the three sentences before word `lo` begin, the nearest first."""
    low, found = line.low, []
    for k in range(lo - 3, max(lo - 120, 0), -1):
        if low[k] in (".", "?", "!") and low[k - 1] not in INITIALS:
            begin = k + 1
            while begin < lo and not line.word[begin]:
                begin += 1
            if begin < lo and line.capital[begin]:
                found.append(begin)
                if len(found) == 3:
                    return found
    return [*found, 0] if 0 < lo <= 120 else found


def is_owning(line: Lines, k: int) -> bool:
    """Whether word `k` is the ending of an owner: "Hale*'s*", "the dockers*'*"."""
    low = line.low[k]
    return low == "'s" or low == "'" and line.low[k - 1].endswith("s") and line.end[k - 1] == line.start[k]


def is_people(noun: str) -> bool:
    """Whether a noun stands for people or a body of them."""
    if noun in PEOPLE:
        return True
    return noun.endswith(("ers", "ors", "ists", "ians", "crats", "men", "ees")) and noun not in NO_PEOPLE


def framed(line: Lines, first: int, lo: int) -> tuple[int, int] | None:
    """Who bears a label that a phrase leads up to: "a port full of *lies*", "mocked Hale for *lies*".

    `first` is what `modifiers` gives for the label.
    """
    low = line.low
    k = first - 1
    while k > lo and (low[k] in MARKS or low[k] in SKIP and low[k] != "of" or low[k] in OWNERS):
        k -= 1
    if k <= lo + 1:
        return None
    if low[k] in {"of", "with", "by", "in"} and low[k - 1] in FULL:
        return subject(line, k - 1, lo)
    if low[k] == "for":
        for verb in range(k - 1, max(lo, k - 8), -1):
            if low[verb] in FAULTS:
                if low[verb - 1] in BE or low[verb - 1].endswith("ly") and low[verb - 2] in BE:
                    return subject(line, verb, lo)
                return (verb + 1, k) if verb + 1 < k else None
            if not line.word[verb]:
                return None
    if low[k] in ("into", "to"):
        for verb in range(k - 1, max(lo, k - 8), -1):
            if low[verb] in SENDS:
                return (verb + 1, k) if verb + 1 < k else subject(line, verb, lo) if low[verb - 1] in BE else None
            if not line.word[verb] or low[verb] in BOUNDARY and low[verb] not in OBJECT:
                return None
    return None


def likened(line: Lines, begin: int, end: int, hi: int, lo: int) -> tuple[int, int] | None:
    """Who stands behind "as *reckless* as …"; word `end` is "as"."""
    low, k = line.low, begin - 1
    while k > lo and (low[k] in MARKS or low[k].endswith("ly")):
        k -= 1
    if k < lo or low[k] not in ("as", "so"):
        return None
    stop = noun_end(line, end + 1, hi)
    return end + 1, stop - (low[stop - 1] in BE)
