"""Sentences that stand round an article without being part of it: share links, bylines, credits, comment forms.

The rules are data. Precision comes before recall: a line that could be a sentence of the article is kept.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST = 300
"""A longer sentence is never junk."""

_NAME = r"(?:[A-Z][\w.'’-]*|de|van|von|al|bin|el|la|and|&|in|for|of|the)"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DATE = rf"(?:{_MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}} {_MONTH},? \d{{4}}|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}})"
_AGENCY = (
    r"(?:AP|AFP|EPA|Reuters|REUTERS|Getty(?: Images)?|Shutterstock|iStock|Bloomberg|Xinhua|TASS|Sputnik|Newscom"
    r"|ZUMA(?: Press)?"
    r"|Anadolu(?: Agency)?|Alamy|Flickr|Unsplash|Wikimedia(?: Commons)?|Pool|UPI|NurPhoto|LightRocket|Rex|REX)"
)
_END = r"[.!:…]*"
_SOCIAL = (
    r"[\s,|·•/:]*\b(?:facebook|twitter|x|pinterest|whatsapp|linkedin|reddit|telegram|messenger|instagram|flipboard"
    r"|google\+?|email|e-mail"
    r"|print|share|shares|tweet|post|pin|copy|link|more|on|via|to|this|article|story|save|comments?|\d+"
    r"|bookmark|download|viber|vk|sms)\b"
)
_LINK = r"(?:[^.!?]|[.?!](?! [A-Z]))*[^.](?!\.)"
"""The title of another article: one sentence without its full stop."""

STARTS = {
    "a": r" section on .*",
    "accept": r"( all)?( cookies)?",
    "ad": r"",
    "add": r" (a comment|interest|.{3,60} as an interest .*)",
    "advertisement": r":?( continue reading.*| - .*)?",
    "additional": r" reporting by .*",
    "advertising": r"",
    "all": r" (rights reserved.*|comments)",
    "already": r" a (subscriber|member)\?.*",
    "also": rf" (read|see|watch|on [\w ]{{2,30}}):? {_LINK}",
    "an": r" error has occurred.*",
    "analysis": r" by .{3,80}[^.]",
    "article": r" (posted|reprinted|republished) (with|by) permission.*| continues (below|after).*",
    "back": r" to top",
    "browse": r" .{0,40}(newsletters|archive)",
    "buy": r" (now|new .*)",
    "by": r" (signing up|subscribing|submitting|registering|clicking|continuing),? .{0,60}you (agree|accept|consent"
    r"|will).*",
    "cancel": r" reply",
    "categories": r":?.{0,80}",
    "category": r":?.{0,80}",
    "click": r" (here|the (link|button|image|photo)|to (share|tweet|read|print|email|subscribe|enlarge|play|open)"
    r"|for more).*",
    "comment": r"( \(?\d+\)?| \*| are (closed|off)| off| policy)?( this field is for validation.*)?",
    "completing": r" this poll .*",
    "continue": r" reading.*",
    "contributing": r":.*",
    "cookie": r" (policy|settings|preferences|notice).*",
    "copy": r"( link| may not be in its final form| this code to .*)?",
    "copyright": r"[ :]*(©|\(c\)|\d{4}| by | holders?).{0,150}",
    "credit": r": .{0,120}",
    "do": r" not sell .{0,30}information",
    "download": r" (the|our) .{2,40} app\b.*",
    "edited": r" by .{3,60}[^.]",
    "editing": r" by .{3,80}",
    "editor": r"['’]?s note: this (story|article|post|piece) (contains|has been|was|first|originally) .*",
    "email": r"( \*| address.{0,30}| \(required\)| this (field|article|story).*)?",
    "embed": r"( .*autoplay.*| this)?",
    "enable": r" (javascript|cookies).*",
    "enlarge": r" this image.*",
    "enter": r" your (email|name|comment).*",
    "error": r"",
    "facebook": rf"({_SOCIAL})*",
    "filed": r" under:? .{0,120}",
    "follow": r" (us|@\w+|\S+ (and \S+ )?on|.{2,80} on (twitter|facebook|instagram|x|telegram|youtube|linkedin"
    r"|google news)).*",
    "for": r" (immediate release|more (newsletters|information|stories|news|coverage),? (visit|click|check|go to"
    r"|follow|see|contact).*"
    r"|licensing opportunities.*|graphics? .{0,80}click .*|full results and methodology.*"
    r"|your security, we['’]ve sent .*|confidential support.*)",
    "free": r" download: .*|(ly)? sign[- ]?up.*",
    "gallery": rf": {_LINK}",
    "get": r" .{0,120}(newsletters?\b|(to|in) your (inbox|email|phone)|by email|by becoming a member|email alerts"
    r"|breaking news alerts"
    r"|click here|free sign up|(signature|unlimited|full) .{0,30}(access|journalism)).*| the brief",
    "graphics": r" by .{3,60}",
    "have": r" (a tip|something to (share|add|say)|you got a story).*",
    "hide": r" caption",
    "home": r"( page)?",
    "if": r" you(['’]re| are) (seeing this message|(not|already) a (subscriber|member)) ?.*"
    r"| you don['’]t (get|receive) the (confirmation|email).*"
    r"| you (value|like|enjoy|liked|enjoyed) .{0,60}(donat|support|subscrib|shar|sign).*| you wish to (comment"
    r"|unsubscribe).*",
    "image": r" (copyright|credits?|sources?|via|courtesy|by)\b((?! caption ).)*|: .{0,80}",
    "interested": r" in .{0,60}\?",
    "invalid": r" (email|username|password).*",
    "join": r" (the conversation|our|us on|now|.{0,40}(newsletter|vip|membership|telegram|whatsapp|mailing list)).*",
    "jump": r" to .{0,40}",
    "just": r" watched .*",
    "keep": r" up with this story .*",
    "last": r" (updated|modified|edited|changed|reviewed):? .{0,80}",
    "latest": r" update .{0,40}\d{4}.{0,20}",
    "leave": r" a (reply|comment|response|message)\b.{0,60}",
    "let": r" our news meet your inbox.*",
    "like": r" (us|this|.{2,40}) on facebook.*| this:?( loading.*)?|( loading.*)?",
    "listen": r"( now| to (this )?(article|story|podcast).*| · .*)?|:.*",
    "load": r" more.*",
    "loading": r".{0,20}",
    "log": r" ?(in|out)( or .{0,30}| to .{0,60})?",
    "login": r"( .{0,40})?",
    "manage": r" (newsletters|subscription|preferences|cookies).*",
    "media": r" playback is unsupported on your device",
    "menu": r"",
    "more": rf"( on this( story)?| from .{{2,60}}| stories.*| news| coverage| like this| about .{{2,60}}| to read)?"
    rf"|: ?{_LINK}",
    "most": r" (read|popular|viewed|shared|recent|commented)( stories| articles| news)?",
    "music": r": .{3,100}",
    "must": r" (watch|read) .*",
    "name": r"( \*| \(required\)| this field is for validation.*)?",
    "newsletter": r"( sign[- ]?up.*)?",
    "next": r"( article| post| story| page| up)?",
    "no": r" (comments( yet)?|responses( yet)?|related posts.*)",
    "notify": r" me (of|when|by|via) .*",
    "one": r" (comment|response|thought) on .*",
    "open": r" (in app|menu|image .*|extended reply.*)",
    "our": r" standards: .*",
    "page": r" \d+( of \d+)?",
    "phone": r"( \*| this field is for validation.*)",
    "photo": r"( ?credits?| ?illustration| by| courtesy| via|:|/).{0,150}|",
    "photograph": r"(: | by ).{0,150}",
    "photographer": r": .{0,100}",
    "picture": r"( credits?| by| courtesy|: ).{0,100}",
    "pin": r"( it| this)?",
    "play": r"( video.*| facebook.*| now)?",
    "please": r" (enter (your|a|an|the correct) |fill (in|out)|log ?in|login|sign in|register|subscribe|re-?enter"
    r"|check (to proceed|your inbox|the box)|select your"
    r"|consider (subscribing|donating|supporting|making a donation)|verify you|enable|click|note: comments"
    r"|leave a comment"
    r"|share this|follow us|whitelist|disable|try again later|read our (comment|privacy|terms)).*",
    "post": r"( a)? comment.*|ed (in|on|at|by) .{0,80}[^.]|",
    "posted": r" (in|on|at|by|under):? .{0,80}[^.]|:.{0,60}",
    "powered": r" by .{0,40}",
    "previous": r" (article|post|story|page).{0,120}",
    "print": rf"({_SOCIAL})*",
    "privacy": r"( policy| notice| settings| \|.*| & .*| and cookies.*).{0,80}|",
    "produced": r" by .{3,60}",
    "promoted": r"( content| stories| links)?",
    "published": rf":? ?(on |at )?.{{0,30}}{_DATE}.{{0,60}}",
    "quiz": rf": {_LINK}",
    "read": rf"( more| next| also| now| on| this next| the full (story|article|report)( here)?| here"
    rf"|( more| next| also| now| it)?:.*| more (here|at|on|about|from|in) {_LINK}| (full )?(memos|story|article) here"
    r"| or share (this story|this).*| (our|the) (privacy|terms|comment|original) .{0,60})",
    "recommended": r"( for you| stories| reading| articles| videos| by .*)?|:.*",
    "register": r"( now| here| for .{0,60}| to .{0,60})?",
    "related": rf"( articles?| stories| story| coverage| contents?| posts?| topics?| links?| news| reading"
    rf"| videos?)?(:.*|\.\.\.)?"
    rf"| coverage {_LINK}",
    "remember": r" me",
    "reply": r"",
    "report": r" (this|a|an) (ad|abuse|comment|error|typo|problem)\b.{0,40}",
    "reporting": r" by .{3,160}",
    "reprinted": r" (from|with|by) .*",
    "required": r" fields? (are|is) marked.*",
    "save": r" (my name, .*|this (story|article).*|article)|",
    "scroll": r" (down|to|for) .{0,60}",
    "search": r"( for:?| .{0,20}\.\.\.)?",
    "see": r" (more|also|all)(:.*| stories.*| news.*| .{0,40}(here|comments|photos))?| our (privacy policy|terms).*"
    r"| all of the best photos .*",
    "select": r" (your )?(country|language|region|edition).{0,60}",
    "send": r" (us )?(tips|letters|a tip|feedback|news tips|your (comments|letters|thoughts)|an? email) .{0,80}"
    r"|(ing)? to .{0,40}@.*",
    "share": rf"({_SOCIAL})*( with| your (thoughts|views|opinion)| (in|on|using) .{{2,30}}| close extra .*)?",
    "show": r" (comments|more|less|all|caption).{0,30}",
    "sign": r" ?(in|up|out)\b( (for|to|here|now|today|with|or|by|below|and|free|loading|thank you|you)\b.*)?",
    "skip": r" (to|advertisement|this|past).{0,60}",
    "slideshow": r" .{0,30}|:.*",
    "sponsored": r"( content| by .{2,40}[^.]| links?| post| stories)?",
    "story": r" continue[sd] below.*",
    "submit": r"( a .{2,30}| comment| your .*)?",
    "subscribe": r"( now| today| here| for .*| to (our|the|us|my|receive|get|read|continue|unlock|@).*| and .*"
    r"| with .*| via .*| free.*)?",
    "support": r" (our|independent|local|quality|this) (journalism|reporting|newsroom|site|work|site).*",
    "tag": r":.*",
    "take": r" our (poll|survey|quiz).*",
    "tap": r" (here|to) .{0,60}",
    "tell": r" us (what you think|your thoughts|in the comments).*",
    "terms": r" (of|and|&) (use|service|conditions|sale).{0,60}",
    "thank": r" you for (signing up|subscribing|registering|your (subscription|comment|message)).*",
    "thanks": r" for (signing up|subscribing|registering).*",
    "this": r" (article|story|post|page|site|material|email|column|content|website|field) (is more than \d+ .*old"
    r"|(is|was) protected by .*|may not be (published|reproduced|copied).*|(was )?(first|originally) (appeared"
    r"|published|posted) .*"
    r"|has been (updated|corrected|revised|edited).*|uses (cookies|akismet).*|is for validation .*"
    r"|(was|is) (republished|reprinted|reproduced|syndicated) .*|was (amended|updated|corrected) on .*)"
    r"| is a rush transcript.*|(?: video)? is not available.*",
    "to": r" (view|read|continue reading|access|see) .{0,80}(subscribe|log ?in|sign in|register)\b.*",
    "toggle": r" (caption|navigation|menu).*",
    "top": r" (stories|news)",
    "topic": r":.{0,60}",
    "trending": r"( now| stories| today| topics)?(:.*)?",
    "tweet": rf"({_SOCIAL})*",
    "twitter": rf"({_SOCIAL})*|:? @\w+",
    "type": r" (your|to) .{0,40}(search|comment|email|keyword).{0,40}",
    "unsubscribe": r".{0,60}",
    "update": rf"d? ?(at|on)?:? ?\d.{{0,40}}|s?: ?{_DATE}.*",
    "updated": rf"( at| on)?:? ?.{{0,20}}(\d{{1,2}}[:.]\d\d|{_DATE}|\d+ (hours?|minutes?|days?) ago|[ap]\.?m).{{0,40}}",
    "video": r"(: | by | player.*| unavailable.*| playback.*).{0,100}[^.]|",
    "view": r" (all|more|original|full|on|this|in|gallery|photos|comments|slideshow|image|the (comments|gallery)|as"
    r"|\d+)\b.{0,50}",
    "visit": r" .{0,60}(homepage|our website|website) (for|to) .*",
    "vote": r" (here|now|in our poll).*",
    "want": r" (more|to (read|get|see|receive) more|the (latest|best)|.{0,40}in your inbox).{0,60}",
    "watch": rf"( more| now| next| live| video| below| the (video|full .{{2,40}}) (below|here|above))?:? ?|: ?{_LINK}"
    r"| .{0,60}(below|above):?| the latest video at .*",
    "we": r" (use|and our partners use) (cookies|necessary cookies).*| welcome your (comments|letters|feedback).*"
    r"|(['’]d)? love to hear from you.*| value your privacy.*",
    "what": r" (do|did) you think\? .{0,60}(comments|below).*",
    "whatsapp": rf"({_SOCIAL})*",
    "write": r" (a (comment|letter)|to (us|the (author|editor))) ?.{0,60}",
    "written": r" by .{3,60}[^.]",
    "you": r" (may|can) (also )?(opt[- ]?out|unsubscribe|follow (us|me|him|her|them) (at|on)|manage your"
    r"|contact (us|the author|him|her)).*"
    r"| (also )?agree to (our|the|this site|receive).*| must (be (logged|signed) in|log in|select a newsletter"
    r"|have javascript).*"
    r"| have (entered an incorrect|successfully (subscribed|signed)|been (successfully )?(subscribed|unsubscribed)).*"
    r"| (might|may) also (like|be interested in|enjoy).{0,40}| are (now )?(subscribed|signed up|logged in).*"
    r"| will receive (an? )?(emails?|our|the) .*(newsletter|updates|promotions|inbox|confirmation).*",
    "your": r" (email( address)?|name|comment|browser|subscription|personal (data|information)|privacy|ad ?blocker)"
    r" (will not be published|does not support|is|has been|address|choices|could not).*",
    "zip": r" code",
}  # fmt: skip
"""First word, in small letters and in the singular → what may follow it to the end of the sentence, in any case."""

LINES = (
    r"(?:https?://|www\.)\S+",
    r"(?:(?:[#@]\w++|https?://\S++|pic\.twitter\.com/\S++)\s*+)*+(?:— .{2,60} ?\(@\w+\)(?: \w+ \d{1,2}, \d{4})?)?",
    r"\S+@[\w-]+\.[\w.]+",
    rf"(?:[A-Z][a-z]+day,? )?{_DATE}(?:,? (?:at )?\d{{1,2}}[:.]\d\d.{{0,20}})?(?: [|•·-] .{{0,60}}| [A-Z]\w+)?",
    r"\d[\d,.]*[kKmM]? (?:[Cc]omments?|[Ss]hares?|SHARES?|[Vv]iews?|[Ll]ikes?|[Rr]etweets?|[Rr]eplies|[Rr]eactions?"
    r"|COMMENTS?)(?: .{0,60})?",
    r"\d+[ -](?:min|mins|minute|minutes|MIN) (?:read|READ|de lecture)",
    r"(?:\d+|[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree) (?:second|minute|hour|day|week|month|year)s? ago",
    rf"(?:By|BY|by) {_NAME}(?: {_NAME}){{0,9}}(?:[,|•·–-]+ ?.{{0,80}}[^.])?",
    rf"\(?(?:(?:The )?Associated Press|{_AGENCY}|AFP|Agence France-Presse|USA TODAY|PTI|ANI|IANS|Tass"
    rf"|Staff(?: [Ww]riters?| [Rr]eporters?)?"
    r"|Opinion [Cc]ontributor|Editorial [Bb]oard|[Cc]orrespondent|[Cc]ontributor)\)?",
    rf"\(?[^.!?]{{0,70}}(?:/ ?|[Vv]ia |\()(?:{_AGENCY})(?:[/ ].{{0,30}})?(?:, ?(?:[Ff]ile|FILE))?\.?\)?",
    r"\(?(?:AP|AFP|Reuters|REUTERS|Getty)(?: Photo| Images)?/.{2,80}",
    r"\((?:Photo|PHOTO|Image|IMAGE|Picture|Credit|Source|Photos|PHOTOS|RELATED|Related|VIDEO|Video|QUIZ|WATCH|READ"
    r"|MORE|SEE)[ :].{2,150}\)",
    r"\( ?(?:Also on|See also|Read more|Read also|Reporting by|Editing by|Sign up|Click) .{2,200}\)",
    r"(?:©|\([cC]\)).{2,150}",
    r"[A-Z][^.!?]{5,150} Read more",
    r".{0,100}Best Price: \$.*\)",
    r".{0,60}Check Amazon for Pricing\.",
    r"LISTEN TO ARTICLE .*",
    r"\[(?:…|\.\.\.|emphasis added|[Aa]dvertisement|\d+)\]",
)
"""Whole sentences, in this case."""

ENDS = (
    " contributed to this report",
    " contributed to this story",
    " contributed to this article",
    " contributed reporting",
    " contributed reporting to this story",
    " contributed reporting to this article",
    " delivered to your inbox",
    " straight to your inbox",
    "all rights reserved",
    "All rights reserved",
    "All Rights Reserved",
    "story continues below",
    "sign up for our newsletter",
)
"""What a sentence ends with, but for marks."""

_LINES = re.compile("|".join(f"(?:{line})" for line in LINES))
_FIRST = re.compile(r"\W*([^\W_]+)")


def is_junk(sentence: str) -> bool:
    """Tell whether the sentence is no part of the article."""
    first = _FIRST.match(sentence)
    if first is None:
        return True
    word = first[1]
    if word.isdecimal() and not any(map(str.isalpha, sentence)):
        return True
    if len(sentence) >= LONGEST:
        return False
    after = _after(word)
    if after and after.fullmatch(sentence, first.end()):
        return True
    plain = sentence[-1] in '.!?”"’' and "/" not in sentence and "@" not in sentence
    return (not plain and _LINES.fullmatch(sentence) is not None) or sentence.rstrip(".!)*").endswith(ENDS)


@lru_cache(maxsize=5_000)
def _after(word: str) -> re.Pattern[str] | None:
    """Return what follows `word` in junk; None where no junk begins with it."""
    key = word.lower() if word.lower() in STARTS else word.lower().removesuffix("s")
    return re.compile(f"(?:{STARTS[key]}){_END}", re.IGNORECASE) if key in STARTS else None
