"""Figures as sentences of plain words, for the page, Markdown and the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rhetoric.ledger import flows
from rhetoric.records import SCORED, Analysis, Signal
from rhetoric.tables import OTHERS

NAMES: dict[Signal, str] = {
    "charged": "Charged words",
    "prediction": "Predictions",
    "unhedged": "Unhedged assertions",
    "hedge": "Hedges",
    "attribution": "Reporting words",
}
MEANING: dict[Signal, str] = {
    "charged": "judge in the act of naming",
    "prediction": "say what will or may come about",
    "unhedged": "state a contestable claim as settled",
}
DO: dict[Signal, str] = {
    "charged": "use charged words",
    "prediction": "predict",
    "unhedged": "state a contestable claim flat",
}
DOES: dict[Signal, str] = {
    "charged": "uses charged words",
    "prediction": "predicts",
    "unhedged": "states a contestable claim flat",
}
POLICY = {"all": "everybody", "author": "the author’s words", "author+reported": "the author’s words and reported ones"}
THIRDS = ("first", "middle", "last")

HOW_TO_READ = (
    "A sentence is marked for a signal when the program gives it an even chance or more (.5) that a person who follows"
    " the codebook would mark it. The annotators it learned from are language models that follow the codebook.",
    "Charged words name or describe with more feeling than it takes to identify. A prediction says that something will,"
    " may or would come about. An unhedged assertion states a contestable claim without doubt, source or ground.",
    "Grades run from 1, mild, through 2, clear, to 3, extreme, fated or absolute. The height of a bar is the sum of the"
    " expected grades of its sentence; each thin line is one grade.",
    "The author’s voice is the article’s own narration. What stands in quotation marks or is attributed to a source is"
    " counted apart, under its speaker where the text names one; a sentence in both voices counts with the author’s.",
)
HOW_USUAL = (
    "What is usual comes from other articles of like length, agency reports, news and opinion told apart by the name of"
    " the outlet, the title and the address. In brackets the 95 % interval: an article holds few sentences, and as many"
    " more by the same hand would move its figure so far. More and less are meant by share of sentences.",
)
LIMITS = (
    "This shows wording. It does not say what is true: charged words may be accurate, plain words may be false, and a"
    " flat statement may be right.",
    "The program makes mistakes: it misses marks, marks what is harmless, and can take one voice for another. Read the"
    " marks as places to look at. It reads English news prose; irony, poetry and other languages are beyond it.",
    "There is no overall score, and none should be made by adding the figures up.",
)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it needs one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def title(analysis: Analysis) -> str:
    """Return the title, or what names the article where it has none."""
    return analysis.article.title or analysis.article.id or "Untitled text"


def plain_words(analysis: Analysis, figures: dict[str, Any]) -> str:
    """Return one paragraph that says what the figures of `summary` show."""
    total = figures["sentences"]
    if not total:
        return "There is no sentence to count here."
    signals = figures["by_signal"]
    first, *rest = sorted(SCORED, key=lambda s: (-signals[s]["sentences"], -signals[s]["grade"]))
    lead = signals[first]
    whole = count(total, "sentence")
    if not lead["sentences"]:
        return f"No sentence reaches the mark for any signal. {_who_speaks(figures)}"
    one, two = (_smaller(signal, signals[signal]) for signal in rest)
    said = [
        f"{NAMES[first]} lead: {lead['sentences']:,} of {whole} {_does(first, total)}, {_own(lead)}.",
        f"{one}; {two}.".capitalize(),
        _where(analysis, first),
        _who_speaks(figures),
    ]
    return " ".join(part for part in said if part)


def _does(signal: Signal, number: int) -> str:
    """Return what so many marked sentences do."""
    return DOES[signal] if number == 1 else DO[signal]


def _own(figures: dict[str, Any]) -> str:
    """Return how many of a signal's sentences are the author's."""
    own, total = figures["author"]["sentences"], figures["sentences"]
    every = "all " if total > 1 else ""
    if own == total:
        return f"{every}in the author’s own voice"
    if not own:
        return f"{every}quoted or reported from others"
    return f"{own:,} in the author’s own voice and {total - own:,} quoted or reported"


def _smaller(signal: Signal, figures: dict[str, Any]) -> str:
    """Return the same for a signal that does not lead."""
    own, total = figures["author"]["sentences"], figures["sentences"]
    if not total:
        return f"no sentence {DOES[signal]}"
    if total == 1:
        return f"1 {DOES[signal]} ({'the author’s' if own else 'not the author’s'})"
    share = "all" if own == total else f"{own:,}" if own else "none"
    return f"{total:,} {DO[signal]} ({share} the author’s)"


def _where(analysis: Analysis, signal: Signal) -> str:
    """Return where in the text a signal is strongest."""
    grades = [s.grade[signal] for s in analysis.sentences if not s.junk]
    if len(grades) < 9:
        return ""
    cut = len(grades) / 3
    thirds = [sum(grades[round(cut * i) : round(cut * (i + 1))]) for i in range(3)]
    most = max(thirds)
    if most < 0.42 * sum(thirds):
        return f"{NAMES[signal]} are spread over the whole text."
    return f"{NAMES[signal]} are densest in the {THIRDS[thirds.index(most)]} third."


def _who_speaks(figures: dict[str, Any]) -> str:
    """Return how much of the text others hold, and who most."""
    words = sum(figures["by_voice"][voice]["words"] for voice in ("quoted", "reported"))
    if not words:
        return "Nobody but the author speaks."
    share = max(round(100 * words / figures["words"]), 1)
    named = [row for row in figures["speakers"] if row["name"] and not row["vague"]]
    most = f"; {named[0]['name']} speaks most" if named else "; none of them is named"
    return f"Others hold {share} % of the words{most}."


def ledger_words(ledger: list[dict[str, Any]]) -> str:
    """Return in words what the drawing of the ledger shows."""
    found = [flow for flow in flows(ledger) if flow.target][:5]
    said = "; ".join(f"{f.speaker} of {f.target}: {', '.join(dict.fromkeys(f.labels))}" for f in found)
    return f"Who calls whom what. {said}" if said else "Who calls whom what: no target is named."


def borrowed_words(figures: dict[str, Any]) -> list[str]:
    """Return what `ledger.borrowed` found, one sentence each."""
    total = figures["author"] + figures["others"]
    if not total:
        return []
    said = [
        f"The charged marks hold {count(total, 'word')}: {figures['author']:,} of the author’s and"
        f" {figures['others']:,} of others."
    ]
    if figures["others"]:
        share = max(round(100 * figures["share"]), 1)
        named = [f"{row['name']} {row['words']:,}" for row in figures["speakers"] if row["name"]][:4]
        rest = figures["others"] - sum(row["words"] for row in figures["speakers"] if row["name"])
        who = ", ".join([*named, *([f"nobody named {rest:,}"] if rest else [])])
        said.append(f"So {share} % of these words are borrowed: {who}.")
    if figures["verbs"]:
        verbs = ", ".join(f"“{row['verb']}” {row['marks']:,}" for row in figures["verbs"][:6])
        said.append(f"It is brought in by {verbs}.")
    if run := figures["run"]:
        where = (
            _places(range(run["first"], run["last"] + 1))
            if run["last"] - run["first"] < 2
            else (f"sentences {run['first'] + 1} to {run['last'] + 1}")
        )
        said.append(
            f"The longest stretch with one source and no other: {run['name']}, {where}, {count(run['words'], 'word')}."
        )
    return said


def left_out(counts: dict[str, Any], policy: str) -> str:
    """Return what a policy leaves out of all signals, as one line; empty where everybody counts."""
    if policy == "all":
        return ""
    out = [counts[signal]["left_out"] for signal in SCORED]
    marks = sum(one["findings"] for one in out)
    whose = "quoted or reported" if policy == "author" else "quoted"
    return (
        f"Counted: {POLICY[policy]}. Left out: {count(marks, 'mark')} that others say ({whose}); they are still shown."
    )


def per_1000_words(figures: dict[str, Any], counts: dict[str, Any]) -> float:
    """Return the rate of the findings that count, of the `counts` of one signal."""
    return 1000 * float(counts["findings"]) / (figures["words"] or 1)


def begins_with_title(analysis: Analysis) -> bool:
    """Return whether the headline is the beginning of the text."""
    title = (analysis.article.title or "").strip()
    return bool(title and analysis.sentences) and analysis.article.text.lstrip().startswith(title)


def headline_line(analysis: Analysis) -> str:
    """Return what the headline asserts in the author's voice that the body only reports or quotes; empty without it."""
    text, title = analysis.article.text, (analysis.article.title or "").strip()
    body = [(i, s) for i, s in enumerate(analysis.sentences) if not s.junk]
    if analysis.headline:
        head, findings = analysis.headline.sentence, analysis.headline.findings
    elif begins_with_title(analysis):
        end = text.index(title) + len(title)
        head, findings = analysis.sentences[0], tuple(f for f in analysis.findings if f.start < end)
        body = [(i, s) for i, s in body if s.start >= end]
    else:
        return ""
    if head.voice in OTHERS:
        return f"The headline is itself {head.voice}, not in the author’s voice."
    wanted = _stems(title)
    cover = {i: len(wanted & _stems(text[s.start : s.end])) / max(len(wanted), 1) for i, s in body}
    alike = [(i, s) for i, s in body if cover[i] >= 0.5]
    if alike and all(s.voice in OTHERS for _, s in alike):
        where = _places(i for i, _ in alike)
        return f"The headline says in the author’s voice what the body only reports or quotes ({where})."
    first = body[0][1].start if body else 0
    later = [f for f in analysis.findings if f.start >= first]
    lent = []
    for finding in findings:
        same = [f for f in later if f.text.casefold() == finding.text.casefold()]
        if finding.signal in SCORED and same and all(f.voice in OTHERS for f in same):
            lent.append(f"“{finding.text}”")
    if lent:
        words = ", ".join(dict.fromkeys(lent))
        return f"In the author’s voice only in the headline, quoted or reported in the body: {words}."
    if alike:
        where = _places(i for i, s in alike if s.voice not in OTHERS)
        return f"The body says what the headline says in the author’s voice too ({where})."
    return "No sentence of the body says what the headline says in like words."


def _places(numbers: Iterable[int]) -> str:
    """Return positions as a reader counts sentences."""
    shown = [str(i + 1) for i in numbers][:4]
    return f"sentence {shown[0]}" if len(shown) == 1 else f"sentences {', '.join(shown[:-1])} and {shown[-1]}"


def _stems(text: str) -> set[str]:
    """Return the first five letters of each longer word."""
    return {word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())} - {
        "that",
        "this",
        "with",
        "from",
        "have",
    }


def usual_for(usual: dict[str, Any], signal: Signal, policy: str) -> str:
    """Return `usual_line` for the words that a policy counts; where nothing is known of these, for all, and says so."""
    line = usual_line(usual, signal, "author" if policy == "author" else "all")
    return f"all voices together {line}" if line and policy == "author+reported" else line


def usual_line(usual: dict[str, Any], signal: Signal, side: str = "all") -> str:
    """Return where an article stands among those of like length, in a few words; empty where nobody can say."""
    row = next((r for r in usual["rows"] if (r["kind"], r["signal"], r["side"]) == ("all", signal, side)), None)
    if row is None:
        return ""
    if row["below"] >= row["above"]:
        low, high = sorted((row["below_low"], row["below_high"]))
        return f"more than in {min(row['below'], 99)} of 100 articles of like length ({low}–{high})"
    low, high = sorted((100 - row["below_high"], 100 - row["below_low"]))
    return f"less than in {min(row['above'], 99)} of 100 articles of like length ({low}–{high})"
