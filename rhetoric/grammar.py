"""Words that the rules of reported speech know: small words, and classes of reporting verbs by their terms."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _terms(text: str) -> frozenset[str]:
    return frozenset(term.strip() for term in text.split(";"))


AUXILIARY = _words(
    "have has had having is are was were be been being am will would could can may might must should shall do does did "
    "also now then later again already once never not still just even often only both first soon thus therefore "
    "instead simply too himself herself themselves itself always further long much rather quite 've 'd 'll all "
    "hasn't haven't hadn't didn't doesn't don't won't wouldn't couldn't can't isn't wasn't weren't aren't yesterday "
    "today monday tuesday wednesday thursday friday saturday sunday repeatedly recently previously"
)
BE = _words("is are was were be been being 's 're isn't wasn't aren't weren't")
NEGATION = _words("not never didn't doesn't don't won't wouldn't couldn't can't hasn't haven't hadn't cannot")
MODAL = _words("would could can may might must should shall will 'll 'd")
DETERMINER = _words(
    "the a an this these those his her their its our my your any no every each such another what 's ' more "
    "new false big same"
)
PREPOSITION = _words(
    "of in on at for with by from about against into between through under over after before during without within "
    "as than like"
)
NOT_SOURCE = _words("i we you me us i'd i've i'm i'll we'd we've we're we'll you'd you've you're you'll")
FIRST = _words("i we my our me us i'm i've i'd i'll we're we've we'll we'd myself ourselves")
SECOND = _words("you your you're you'll you've")
THIRD = _words("he she they his her their him them")
OWN = _words("my our your his her its their")
FINITE = _words(
    "is are was were has have had will would could can may might must should shall does did do isn't wasn't aren't "
    "weren't won't wouldn't couldn't can't cannot didn't doesn't don't hasn't haven't hadn't it's he's she's they're "
    "we're i'm you're there's that's 's 're 'll 'd needs wants needed wanted went came took made got gave remains"
)
PAST = _words(
    "says said told tells sent wrote went came got took made gave held met saw left led began spoke ran put set won "
    "lost"
)
SPEAKING = _words("police union unions court ministry council party guild government army committee parliament senate")
"""Bodies that a headline names as its source, beside titles."""
SPOKE = _words("said says told tells wrote added argued insisted asked replied warned")
CLAUSE = _words(
    "he she it they i we you there this these those nobody everyone people it's he's she's they're we're i'm i've i'd "
    "we've we'd we'll they'd they've they'll he'd she'd he'll she'll it'd it'll there's"
)
PERSONS = _words("people those everyone nobody")
"""Words of `CLAUSE` that go on: "*people* close to the talks said"."""
RELATIVE = _words("which who whom")
NOBODY = _words("neither nobody none no")
"""Subjects of what is not said."""
QUALITIES = _words(
    "patience courage restraint contempt respect mercy resilience resolve leadership bravery disdain disregard "
    "weakness strength generosity cowardice kindness compassion cruelty determination dignity grace loyalty humility "
    "arrogance discipline maturity wisdom remorse"
)
"""What somebody shows and does not tell."""
CONTRAST = _words("but while although though whereas yet")
OWNING = _words("the a an his her their its our my your 's")
NUMBERS = _words(
    "two three four five six seven eight nine ten dozens hundreds thousands several few all both these those"
)
"""Behind these a form with -s is a noun: "three *demands*"."""
QUESTION = _words("whether if how why what who where when which whom")
AROUND = _words(
    "in on at during after before when while as this last late early yesterday today tonight monday tuesday wednesday "
    "thursday friday saturday sunday via"
)
NO_CLAUSE = _words("in on at to of for with from about through by via as against not")
SUBJECT = _words(
    "he she they i we you there it's he's she's they're we're i'm i've i'd we've we'd we'll they'd they've"
)
WHERE = _words(
    "what whatever how why if when because after though although since unless where whether that while before"
)
"""A clause that begins so is told by the author; what is said in it makes no reported sentence."""
STOP_LEFT = _words(
    "but while because that if when as after before which who whom whose although though since so whereas where "
    "and or nor then than is are was were has have had will would could may might should do does did said says"
)
STOP_RIGHT = _words(
    "that who which is are was were has have had will would could may might should can while when as but on in to "
    "after before during told said says because if at with by from about released published posted obtained and since "
    "earlier yesterday monday tuesday wednesday thursday friday saturday sunday last this adding referring speaking "
    "citing seen"
)
ASIDE = _words(
    "a an the who whose which his her its their one of in from then now both also formerly himself herself "
    "another including like once"
)
TITLE = _words("mr mrs ms dr prof sen rep gov gen lt col sgt rev st jr sr capt maj adm pres") | set(
    "abcdefghijklmnopqrstuvwxyz"
)
AFTER_NOUN = _words("have has are were is was will would of over about among from by and or but")
STATED = _words(
    "he she it who which that report letter law statement document constitution article rule policy act memo "
    "website page also clearly"
)
UNSAID = NEGATION | MODAL
SHOWING = _terms("suggest; indicate; signal; reveal; imply; confirm; say; prove; demonstrate; show")
IMPERSONAL = _words(
    "it this that which data evidence history fact facts results numbers signs experience figures events development "
    "developments trend trends research finding findings statistics everything nothing name"
)
LINKING = _words("however still indeed instead meanwhile moreover besides then yet but and so now today also thus")
LETS_SPEAK = _words("on continued continues quick careful appeared seemed hastened sought used")

ROUNDING = _terms(
    "according to; in the view of; in the opinion of; in the words of; in the judgement of; from the point of view of"
)
HELD = _terms("believe; think; say; report; allege; understand; claim; assume; suspect; estimate; consider; rumour")
OWN_ROUNDING = _terms("in Hale's view; in his view; by his own account; on his account")
HEARSAY = _terms(
    "reportedly; is said to; is believed to; is thought to; is reported to; is understood to; be rumoured; "
    "is alleged to; is claimed to; is supposed to have"
)
ALLEGING = _terms("allegedly; purportedly; supposedly; self-reportedly")
NO_CUE = _terms(
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
BARE = _terms(
    "say; tell; claim; argue; insist; believe; think; warn; suggest; allege; contend; maintain; acknowledge; admit; "
    "concede; announce; fear; feel; predict; assert; hope; confirm; complain; joke; reckon; suspect; estimate; add; "
    "note; explain; deny; swear; vow; point out; doubt; go on to say; be quoted as saying; reply; worry; caution; "
    "boast; state; declare; conclude; report"
)
"""Verbs that may leave out "that"."""
SURE = _terms("say; tell; believe; argue; contend; insist; allege; assert; go on to say; be quoted as saying")
"""Verbs that report whatever follows."""
FINDING = _terms("find; show; suggest; indicate; reveal; rule")
STUDIES = _words(
    "poll polls polling survey surveys study studies analysis review audit inquiry investigation investigators "
    "research researchers report court judge"
)
"""Subjects whose findings are somebody's word."""
ASKING = _terms("ask; question; wonder")
HOLDING = _terms("believe; think; expect")
INVERTED = _terms(
    "say; add; write; note; explain; ask; reply; tweet; argue; insist; declare; warn; conclude; announce; report; "
    "claim; "
    "recall; exclaim; acknowledge; admit; observe; remark; quip; joke; lament; testify; recount; respond; think; "
    "estimate; point out; retort; complain; boast; scoff; muse; shout; scream; yell; wonder; go on to say"
)
"""Verbs that may stand before their subject."""
ADDRESSED = _terms("tell; inform; remind; assure; warn; advise; notify; convince; persuade; brief")
"""Verbs that name the hearer before what is said."""
SENT = _terms("say; write; explain; complain; report; signal; tweet; reply")
"""Verbs that name the hearer after "to"."""
BEHIND = (SAYING | {"find", "rule", "show"}) - _terms(
    "agree; hope; expect; demand; question; hear; feel; doubt; assume; promise; imagine; guess; infer; imply; "
    "forecast; "
    "foresee; pledge; relate; convey; communicate; propose; recommend; mention; reaffirm; repeat; ask; calculate"
)
"""Verbs that may stand with their subject behind what is said."""
NOUNS = _terms(
    "claim; report; state; fear; hope; charge that; demand; question; comment; doubt; estimate; order; answer; "
    "project; "
    "label; voice; post; message; promise; blame; vow; reason; guess; judge; suspect; appeal; call; cry; present; "
    "praise; protest; request; reply; signal; tweet; wonder; worry; note; detail; document; counsel; forecast; boast; "
    "highlight; stress; rage; rant; quote; urge; remark; show; shout; laugh; counter; call for; dispute; mention; "
    "repeat; joke; whisper; scream; cite; query; murmur; groan; moan; lecture; tease; taunt; sigh; pledge; brief; gripe"
)
"""Verbs whose plain and -s forms are nouns as well."""
PLURAL = _words("they we you i who some many others most critics people and to also")
KNOWING = _terms(
    "know that; learn; realise; remember; recognise; discover; notice; understand; hear; show; prove; demonstrate"
)
"""Verbs whose clause the author holds true."""
CHARGING = _terms("accuse; accuse of; deny; blame")
"""Verbs whose object is itself what is said."""
DENYING = _words(
    "deny denies denied denying denial denials refute refutes refuted refuting dispute disputes disputed disputing "
    "disavow disavows disavowed disavowing"
)
"""Words behind which an accuser's words stand, not those of whoever denies them."""
REJECTING = _words(
    "reject rejects rejected rejecting dismiss dismisses dismissed dismissing mock mocks mocked mocking deride derides "
    "derided deriding ridicule ridicules ridiculed ridiculing question questions questioned questioning denounce "
    "denounces denounced denouncing condemn condemns condemned condemning"
)
"""The same where a noun and "that" stand between: "rejected *claims that* he lied"."""
CALLING = _terms(
    "call; describe; characterise; label; dub; portray; depict; denounce; condemn; criticise; see as; view as; "
    "deem; consider; mock; dismiss; brand; deride; ridicule; blast; slam; lambast; decry; excoriate; berate; rebuke; "
    "scold; chide; bemoan; lament; cite; quote; call for; demand; urge; reject; dispute; question; "
    "express; voice; warn; attribute; ascribe; "
    "expose; highlight; interpret; diagnose; vow; recommend; estimate; "
    "paraphrase; speak of; apologise; counsel; point to; praise; tout; hail; outline; detail; recount; underscore; "
    "underline; request; refute; disavow; instruct; summarise; take issue"
)
"""Verbs that put a name or a judgement on their object: the range is reported, the sentence where much of it is."""
TELLING = _terms(
    "acknowledge; admit; advise; agree; allege; announce; ask; believe; cite; claim; clarify; complain; concede; "
    "confirm; declare; describe; disclose; document; emphasise; estimate; expect; explain; fear; forecast; "
    "foresee; hint; hope; imagine; indicate; insist; make clear; mention; note; observe; pledge; predict; "
    "promise; propose; rail against; reaffirm; recall; recognise; reiterate; remark; remember; repeat; report; "
    "reveal; show; speak about; specify; stress; suggest; think; tweet; warn"
)
"""Verbs whose object is what is told of; the sentence stays the author's."""
OPINION = _words(
    "accusation accusations acknowledgement acknowledgment adamant admission advice afraid agreement alarm "
    "allegation allegations angry announcement anxiety anxious argue argued argues arguing argument arguments "
    "assertion assertions assessment assumption assurance assurances assured aware belief beliefs believe "
    "believes believing certain charge charges claim claims comment comments complaint complaints concern "
    "concerned concerns conclusion conclusions confidence confident contention conviction convinced criticism "
    "decision declaration demand demands denial denials doubt doubtful doubts estimate estimates expectation "
    "expectations fear fearful fears finding findings forecast hint hints hope hopeful hopes hypothesis idea "
    "impression indication indications insinuation insist insistence insistent insisting judgement judgment lie "
    "lies message mindful narrative note noting notion opinion optimistic perception persuaded pessimistic pledge "
    "positive prediction predictions premise promise promises proposal proud rebuke recognition recommendation "
    "remark remarks reminder report reports ruling rumor rumors rumour rumours satisfied say saying sceptical "
    "scepticism show showed showing shows skeptical skepticism speculation statement statements story suggest "
    "suggested suggesting suggestion suggestions suggests suspicion suspicions suspicious testimony theories "
    "theory thesis think thinking threat threats unaware unconvinced understanding unhappy verdict view views vow "
    "warn warning warnings word worried worries worry"
)
"""Words that take a clause with "that", where no claim tells it: it is somebody's word."""
UPON = _words("about on over")
"""What stands between such a word and a question: "doubts about whether …"."""
DEBATE = _words(
    "advice argument arguments ask asked asking asks briefed comment commented concern concerns debate debated "
    "debates debating details disagree disagreement disagreements discuss discussion discussions dispute divided "
    "doubt doubts elaborate fears guidance question questions speak speaking speaks speculate speculated "
    "speculating speculation split spoke talk talked talking talks thoughts views worried worries worry"
)
"""Words before a question with such a preposition: somebody asks it or answers it."""
PLEDGING = _words(
    "agreed agrees called calling calls commitment declined declines declining demand demanded demanding demands "
    "expected hesitant offer offered offering offers pleaded pleading pledge pledged pledges pledging promise "
    "promised promises promising proposal proposals proposed proposes proposing refusal refuse refused refuses "
    "refusing reluctant request requests threat threaten threatened threatening threatens threats unwilling "
    "volunteered vow vowed vowing vows willing willingness"
)
"""Words before "to" that tell of what somebody says that he or others will do."""
RUMOURED = _words(
    "accusation accusations allegation allegations claim claims complaint complaints denial denials fear fears "
    "hope hopes predictions reports rumor rumors rumour rumours suspicion suspicions talk threat threats warning "
    "warnings"
)
"""Words before "of" that tell of what somebody says."""
NO_SPEAKERS = _words("law laws decree procedure procedures sample custom profitability tradition")
"""What one acts "according to"."""
UNTOLD = _words("no yes nothing little much so goodbye farewell hello anything")
"""Behind "say": it is not told what."""
