"""One invented article and its analysis, built by hand: what the rendering tests draw.

Everything in it is made up. `analysis()` returns the same records every time; it needs no model and no lexicon.
"""

# ruff: noqa: E501 - one sentence of the table a line

from __future__ import annotations

from dataclasses import replace
from math import log

from rhetoric.records import SCORED, Analysis, Article, Finding, Headline, MadeBy, Sentence, Voice

A, Q, R, M = "author", "quoted", "reported", "mixed"
C, P, U, H, T = "charged", "prediction", "unhedged", "hedge", "attribution"
LENK, HALE, UNION, EXPERTS = "Governor Ada Lenk", "Tomas Hale", "Dockers' Union of Merrin", "experts"

TITLE = "Harbour grab will strip Port Merrin to the bone"

WHY = {
    "name_calling": "Names a person or group by what the writer thinks of them.",
    "loaded_word": "A word with a charge that a flatter word would not carry.",
    "loaded_verb": "Tells what someone did or said and judges it in the same breath.",
    "metaphor": "Turns an event into a picture of violence, sickness or disaster.",
    "hyperbole": "Says more than the facts told here can carry.",
    "praise": "Praises where a plain word would name.",
    "scare_quote": "Quotation marks that distance the writer from a word nobody is quoted as saying.",
    "hedged": "Says that something may come about.",
    "flat": "Says flatly that something will come about.",
    "fated": "Makes the future sound settled.",
    "booster": "Adds certainty that the sentence gives no ground for.",
    "absolute": "Leaves no exception.",
    "presupposition": "Takes as given what a reader may doubt.",
    "vague_source": "Gives a source that nobody can ask.",
    "bare": "The main verb of a claim that has no hedge, source or ground here.",
    "modal": "Leaves room for doubt.",
    "neutral": "A reporting word that takes no side.",
    "distancing": "A reporting word that leaves the truth of what is said open.",
    "manner": "A reporting word that tells how it was said.",
}

# text, voice, speaker, (charged, prediction, unhedged), findings: (words, signal, category, grade[, target, neutral]),
# voices: (words, voice[, words naming the source, cue]); None begins a paragraph
ROWS = [
    ("PORT MERRIN — The harbour council voted on Tuesday to hand the container terminal to a state company for 30 years.",
     A, None, (.22, .02, .12), [], []),
    ("The vote, nine to six, came after four hours of debate and a walkout by the opposition.",
     A, None, (.06, .01, .05), [], []),
    ("It is the most brazen land grab this coast has seen in a generation.",
     A, None, (.97, .03, .91), [("brazen land grab", C, "loaded_word", 2, "the vote", "transfer"),
                               ("is", U, "bare", 2), ("most brazen land grab this coast has seen", C, "hyperbole", 2)], []),
    None,
    ("“This is a robbery in a tie and collar,” said Tomas Hale, who runs the largest private berth.",
     Q, HALE, (.93, .02, .78), [("robbery in a tie and collar", C, "metaphor", 2, "the transfer", "transfer of the lease"),
                               ("is a", U, "bare", 2), ("said", T, "neutral", 0)],
     [("This is a robbery in a tie and collar,", Q, "Tomas Hale", "said")]),
    ("“They will strip the port to the bone and leave us the rust.”",
     Q, HALE, (.88, .86, .62), [("will strip", P, "flat", 2), ("strip the port to the bone", C, "metaphor", 2, "They", "sell its assets")],
     [("They will strip the port to the bone and leave us the rust.", Q)]),
    ("Governor Ada Lenk ranted that the berth owners were parasites who had never laid a stone.",
     R, LENK, (.95, .02, .74), [("ranted", C, "loaded_verb", 1, LENK, "said"), ("ranted", T, "manner", 0),
                               ("parasites", C, "name_calling", 3, "the berth owners", "owners"), ("never", U, "absolute", 3)],
     [("that the berth owners were parasites who had never laid a stone", R, "Governor Ada Lenk", "ranted")]),
    None,
    ("According to the council’s own minutes, the company would pay 41 million crowns a year, rising with inflation.",
     R, "the council", (.03, .18, .06), [("According to", T, "neutral", 0)],
     [("the company would pay 41 million crowns a year, rising with inflation", R, "the council", "According to")]),
    ("The figure is less than half of what the berths earned last year.", A, None, (.05, .02, .33), [], []),
    ("Experts say the true price could be three times as high.",
     R, EXPERTS, (.09, .61, .41), [("Experts say", U, "vague_source", 1), ("could", P, "hedged", 1), ("could", H, "modal", 0)],
     [("the true price could be three times as high", R, "Experts", "say")]),
    ("Of course, nobody in the governor’s circle has asked for a second valuation.",
     A, None, (.19, .03, .72), [("Of course", U, "booster", 3), ("nobody", U, "absolute", 3)], []),
    None,
    ("The dockers, who were not consulted, stood outside in the rain.", A, None, (.08, .01, .07), [], []),
    ("Their union called for calm and said it was studying the contract.",
     R, UNION, (.02, .03, .04), [("said", T, "neutral", 0)], [("it was studying the contract", R, "Their union", "said")]),
    ("“We may go to court, or we may not,” said its secretary, Ines Varga.",
     Q, "Ines Varga", (.02, .57, .03), [("may", P, "hedged", 1), ("may", H, "modal", 0), ("said", T, "neutral", 0)],
     [("We may go to court, or we may not,", Q, "Ines Varga", "said")]),
    ("The governor’s so-called “partnership” with the workers lasted eleven days.",
     A, None, (.79, .01, .29), [("so-called", C, "loaded_word", 1, "partnership", None),
                               ("“partnership”", C, "scare_quote", 1, "partnership", "agreement")], []),
    None,
    ("What happens next is no mystery.", A, None, (.15, .42, .64), [("is no mystery", U, "booster", 3)], []),
    ("As the Orlin shipyards fell to the same company and closed, so Port Merrin will fall silent.",
     A, None, (.48, .98, .89), [("As the Orlin shipyards fell to the same company and closed, so Port Merrin will", P, "analogy", 3),
                               ("will", P, "flat", 2), ("will fall silent", U, "bare", 2)], []),
    ("The town is destined to become a car park for a regime that produces nothing but medals.",
     A, None, (.94, .96, .93), [("is destined to", P, "fated", 3), ("regime", C, "name_calling", 1, "the government", "government"),
                               ("nothing but", U, "absolute", 3), ("a car park for a regime that produces nothing but medals", C, "hyperbole", 2)], []),
    ("Rents will rise, and the young will leave.", A, None, (.07, .95, .58), [("will rise", P, "flat", 2), ("will leave", P, "flat", 2)], []),
    None,
    ("Ministers in the capital see it another way.", A, None, (.03, .01, .05), [], []),
    ("The transport ministry said the terminal had missed its maintenance targets in each of the past six years.",
     R, "the transport ministry", (.06, .01, .11), [("said", T, "neutral", 0)],
     [("the terminal had missed its maintenance targets in each of the past six years", R, "The transport ministry", "said")]),
    ("A spokeswoman claimed that private owners had “bled the quays dry”.",
     M, "a spokeswoman", (.76, .02, .55), [("claimed", T, "distancing", 0), ("bled the quays dry", C, "metaphor", 2, "private owners", "underinvested")],
     [("that private owners had “bled the quays dry”", R, "A spokeswoman", "claimed"), ("bled the quays dry", Q)]),
    ("She did not say where the figures came from, and two later requests went unanswered.", A, None, (.11, .01, .09), [], []),
    None,
    ("In the ministry’s view the state company “will bring order and 600 jobs”.",
     R, "the transport ministry", (.12, .83, .44), [("In the ministry’s view", T, "neutral", 0), ("will bring", P, "flat", 2)],
     [("the state company “will bring order and 600 jobs”", R, "the ministry", "In the ministry’s view"),
      ("will bring order and 600 jobs", Q)]),
    ("It published no plan for them.", A, None, (.09, .02, .21), [], []),
    ("The company lost 12 million crowns in 2021 and 9 million in 2022, according to its accounts.",
     R, "its accounts", (.03, .01, .04), [("according to", T, "neutral", 0)],
     [("The company lost 12 million crowns in 2021 and 9 million in 2022", R, "its accounts", "according to")]),
    None,
    ("<script>alert(1)</script> & other strings were found in the tender file, which the council later replaced.",
     A, None, (.05, .01, .08), [], []),
    ("Lenk’s cronies on the board signed it all the same.",
     A, None, (.91, .01, .66), [("cronies", C, "name_calling", 2, "Lenk’s … on the board", "allies"), ("signed", U, "bare", 2)], []),
    ("They knew exactly what they were doing, and they did not care.",
     A, None, (.52, .02, .88), [("exactly", U, "booster", 3), ("knew", U, "presupposition", 2)], []),
    ("Two of them have since left the board.", A, None, (.03, .01, .06), [], []),
    None,
    ("The opposition has 30 days to appeal.", A, None, (.01, .05, .03), [], []),
    ("Its leader, Marek Dorn, called the vote “a shameless betrayal” and promised to fight it.",
     M, "Marek Dorn", (.87, .09, .47), [("a shameless betrayal", C, "loaded_word", 2, "the vote", "a mistake")],
     [("a shameless betrayal", Q, "Marek Dorn", "called")]),
    ("“The heroic dockers of this town will never kneel,” he told supporters.",
     Q, "Marek Dorn", (.9, .74, .69), [("heroic", C, "praise", 2, "dockers of this town", None), ("will never", P, "fated", 3),
                                     ("never", U, "absolute", 3), ("told", T, "neutral", 0)],
     [("The heroic dockers of this town will never kneel,", Q, "he", "told")]),
    ("About 200 people marched to the gate and went home before dark.", A, None, (.03, .01, .03), [], []),
    None,
    ("The governor has not spoken in public since the vote.", A, None, (.06, .02, .08), [], []),
    ("In a written answer her office said the transfer “follows the law in every point”.",
     R, "her office", (.04, .02, .46), [("said", T, "neutral", 0), ("every", U, "absolute", 3)],
     [("the transfer “follows the law in every point”", R, "her office", "said"), ("follows the law in every point", Q)]),
    ("The truth is simpler: a town that built a harbour with its own hands has been mugged.",
     A, None, (.96, .03, .95), [("The truth is", U, "booster", 3), ("mugged", C, "metaphor", 2, "a town", "deprived of it")], []),
    ("The court sits on 4 March.", A, None, (.01, .03, .02), [], []),
    None,
    ("Share this article", A, None, None, [], []),
    ("LEAVE A REPLY", A, None, None, [], []),
]  # fmt: skip


def _parts(score: float, words: list[str]) -> tuple[tuple[str, float], ...]:
    """Parts that add up to the log-odds of `score`: the words share what is not base or rest."""
    base, rest = -1.6, -0.25
    odds = round(log(score / (1 - score)), 6)
    names = words or ["the", "length", "voice"]
    share = round((odds - base - rest) / len(names), 3)
    last = odds - base - rest - share * (len(names) - 1)
    parts = [(name, share) for name in names[:-1]] + [(names[-1], last)]
    return (*parts, ("rest", rest), ("base", base))


def _sentence(start: int, text: str, paragraph: int, row: tuple) -> Sentence:
    """Return a sentence of the table as a record."""
    _, voice, speaker, scores, findings, _ = row
    junk = scores is None
    scores = scores or (0.0, 0.0, 0.0)
    grade, because = {}, {}
    for signal, score in zip(SCORED, scores, strict=True):
        marked = [f for f in findings if f[1] == signal]
        top = max((f[3] for f in marked), default=0)
        grade[signal] = round(score * (0.9 + 0.45 * top), 6)
        because[signal] = () if junk else _parts(score, [f[0].lower() for f in marked])
    return Sentence(
        start, start + len(text), paragraph, junk, voice, speaker, speaker == EXPERTS, *scores, grade, because
    )


def _findings(text: str, offset: int, row: tuple, voices: list[Voice]) -> list[Finding]:
    """Return the findings of one sentence, each in the voice of the narrowest range round it."""
    found = []
    for words, signal, category, grade, *more in row[4]:
        start = offset + text.index(words)
        end = start + len(words)
        around = [v for v in voices if v.start <= start and end <= v.end]
        voice = min(around, key=lambda v: v.end - v.start) if around else Voice(0, 0, A, None, False, None, None, True)
        target, neutral = more or (None, None)
        found.append(Finding(start, end, words, signal, category, WHY.get(category, "A likeness made into a forecast."),
                             grade, voice.voice, voice.speaker, voice.vague, target, neutral))  # fmt: skip
    return found


def _voices(text: str, offset: int, row: tuple) -> list[Voice]:
    """Return the voices of one sentence."""
    found = []
    for words, voice, *named in row[5]:
        start = offset + text.index(words)
        source, cue = (
            ((offset + text.index(w), offset + text.index(w) + len(w)) for w in named) if named else (None, None)
        )
        found.append(Voice(start, start + len(words), voice, row[2], row[2] == EXPERTS, source, cue, True))
    return found


def article() -> Article:
    """Return the invented article."""
    text = ""
    for row in ROWS:
        if row is None:
            text = text.rstrip(" ") + "\n\n"
        elif row[3] is None:
            text = text.rstrip(" ") + row[0] + "\n"
        else:
            text += row[0] + " "
    return Article(text, id="merrin", title=TITLE, url="https://news.example/merrin/terminal",
                   outlet="The Merrin Courier", byline="Staff writer", published="2023-11-21")  # fmt: skip


def analysis() -> Analysis:
    """Return the invented article's analysis."""
    made = article()
    sentences, findings, voices = [], [], []
    at = paragraph = 0
    for row in ROWS:
        if row is None:
            paragraph += 1
            continue
        start = made.text.index(row[0], at)
        at = start + len(row[0])
        here = _voices(row[0], start, row)
        sentences.append(_sentence(start, row[0], paragraph, row))
        voices += here
        findings += _findings(row[0], start, row, here)
    findings.sort(key=lambda f: (f.start, f.end, f.signal, f.category))
    row = (TITLE, A, None, (0.9, 0.93, 0.81), [("Harbour grab", C, "loaded_word", 2, "Lenk", "port transfer"),
           ("will strip", P, "flat", 2), ("will strip", U, "bare", 2),
           ("strip Port Merrin to the bone", C, "metaphor", 2, "Port Merrin", "sell its assets")], [])  # fmt: skip
    headline = Headline(_sentence(0, TITLE, 0, row), tuple(sorted(_findings(TITLE, 0, row, []), key=lambda f: f.start)))
    made_by = MadeBy("0.1.0", "5f0c9d31aa72", "b81e07d4c3f9")
    return Analysis(made, headline, tuple(sentences), tuple(findings), tuple(voices), made_by)


def plain(text: str, **more: str) -> Analysis:
    """Return `text` as one unmarked sentence, or none where it is blank."""
    made = replace(Article(text), **more)
    inner = text.strip()
    start = text.find(inner)
    row = (inner, A, None, (0.1, 0.1, 0.1), [], [])
    sentences = (_sentence(start, inner, 0, row),) if inner else ()
    return Analysis(made, None, sentences, (), (), MadeBy("0.1.0", "none", "none"))
