"""An article's text as HTML with findings and voices marked: cut at every boundary, so that overlaps need no nesting.

When the tags are taken out, what is left is the text, exactly. Labels, numbers and names stand in attributes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rhetoric.records import SCORED, Analysis, Finding, Signal, Voice
from rhetoric.tables import MARKED, OTHERS, flat_voices, sentence_of

SHORT: dict[Signal, str] = {"charged": "c", "prediction": "p", "unhedged": "u", "hedge": "h", "attribution": "t"}
"""The letter that stands for a signal in labels and class names."""

UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that no HTML file can hold; a replacement character stands for them."""


class Mark(NamedTuple):
    """A finding on its way into the page."""

    finding: Finding
    note: str
    """The id of its explanation. Supporting findings that are alike share one."""
    anchor: str
    """The id of the piece it begins with. Findings that begin together share one."""


def escape(text: str) -> str:
    """Return text as HTML that a browser turns back into exactly that text."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;")


def describe(finding: Finding) -> str:
    """Return what a mark is, in a few words."""
    kind = f"{finding.signal}: {finding.category.replace('_', ' ')}"
    grade = f", grade {finding.grade}" if finding.grade else ""
    return f"{kind}{grade}, {whose(finding.voice, finding.speaker)}"


def whose(voice: str, speaker: str | None) -> str:
    """Return whose words they are."""
    if voice in OTHERS:
        return f"{voice} from {speaker or 'someone else'}"
    return "in both voices" if voice == "mixed" else "the author’s voice"


def marked_sentences(analysis: Analysis) -> list[int]:
    """Return the positions of the sentences with a score of .5 or more or a finding of a scored signal."""
    found = {sentence_of(analysis, f.start) for f in analysis.findings if f.signal in SCORED}
    high = {i for i, s in enumerate(analysis.sentences) if max(s.charged, s.prediction, s.unhedged) >= MARKED}
    return sorted(found | high)


def marked_text(
    analysis: Analysis,
    *,
    speakers: Mapping[str | None, int],
    notes: bool = True,
    only: Sequence[int] | None = None,
) -> str:
    """Return the whole text with its marks.

    Parameters
    ----------
    analysis : Analysis
        What the program says about the article.
    speakers : mapping of str to int
        A number for each speaker, for the filter.
    notes : bool, optional
        Link each mark to its note and number the sentences; otherwise each mark says what it is in its title.
    only : sequence of int, optional
        Show these sentences only.
    """
    text, sentences = analysis.article.text, analysis.sentences
    voices = flat_voices(analysis.voices)
    voice_starts = [start for start, _, _ in voices]
    placed = by_sentence(analysis)
    named = _named(analysis, voices) if notes and sentences else frozenset()
    shown = range(len(sentences)) if only is None else only
    out: list[str] = []
    at, last, paragraph = 0, -1, None
    for i in shown:
        sentence = sentences[i]
        gap = escape(text[at : sentence.start]) if i == last + 1 else '<span class="cut"></span>'
        if sentence.paragraph != paragraph:
            out.append(f"{'</p>' if paragraph is not None else ''}{gap if only is None else ''}<p>")
            paragraph = sentence.paragraph
            gap = gap if only is not None and i != last + 1 else ""
        out.append(gap)
        first = max(bisect_right(voice_starts, sentence.start) - 1, 0)
        near = voices[first : bisect_right(voice_starts, sentence.end)]
        inner = "".join(
            pieces(
                text,
                sentence.start,
                sentence.end,
                placed.get(i, ()),
                near,
                speakers=speakers,
                named=named,
                notes=notes,
            )
        )
        number = f'<a class="n" href="#x{i}" aria-label="Sentence {i + 1}: scores" data-n="{i + 1}"></a>'
        name = f' id="s{i}"' if notes else ""
        kind = " j" if sentence.junk else ""
        out.append(f'<span class="s{kind}"{name}>{number if notes and not sentence.junk else ""}{inner}</span>')
        at, last = sentence.end, i
    if paragraph is not None:
        out.append("</p>")
    if only is None:
        out.append(escape(text[at:]))
    return "".join(out)


def pieces(
    text: str,
    start: int,
    end: int,
    marks: Iterable[Mark],
    voices: Iterable[tuple[int, int, Voice]] = (),
    *,
    speakers: Mapping[str | None, int],
    named: frozenset[int] = frozenset(),
    notes: bool = True,
) -> list[str]:
    """Return a stretch of text as marked pieces; the margin names who speaks at the offsets in `named`."""
    marks = [m for m in marks if m.finding.start < end and m.finding.end > start]
    voices = [v for v in voices if v[0] < end and v[1] > start]
    spans = [(m.finding.start, m.finding.end) for m in marks] + [(a, b) for a, b, _ in voices]
    bounds = sorted({start, end, *(min(max(b, start), end) for span in spans for b in span)})
    out = []
    for low, high in zip(bounds, bounds[1:], strict=False):
        here = [m for m in marks if m.finding.start <= low and high <= m.finding.end]
        voice = next((v for a, b, v in voices if a <= low and high <= b), None)
        inner = escape(text[low:high])
        classes = []
        extra = ""
        if voice:
            classes += [voice.voice[0], f"w{speakers.get(voice.speaker, 0)}"]
            if low in named:
                extra = f' data-who="{escape(voice.speaker or "someone else")}"'
            if not here and voice.voice == "reported":
                extra += f' title="{escape(introduced(text, voice))}"'
        if here:
            out.append(_mark(inner, low, high, here, classes, extra, notes))
        elif classes:
            out.append(f'<span class="{" ".join(classes)}"{extra}>{inner}</span>')
        else:
            out.append(inner)
    return out


def introduced(text: str, voice: Voice) -> str:
    """Return who is heard in a range and by which words it is brought in."""
    cue = f", “{' '.join(text[slice(*voice.cue)].split())}”" if voice.cue else ""
    return f"{voice.voice}: {voice.speaker or 'someone else'}{' (vague)' if voice.vague else ''}{cue}"


def _named(analysis: Analysis, voices: list[tuple[int, int, Voice]]) -> frozenset[int]:
    """Return where the margin names the speaker: where one begins to speak in a paragraph after another or none."""
    named = set()
    last = None
    for start, _, voice in voices:
        key = (analysis.sentences[sentence_of(analysis, start)].paragraph, voice.speaker)
        if key != last:
            named.add(start)
        last = key
    return frozenset(named)


def number(findings: Sequence[Finding], prefix: str = "n") -> list[Mark]:
    """Return the findings with the names of their notes and places, which begin with `prefix`."""
    first: dict[int, int] = {}
    alike: dict[tuple[str, ...], int] = {}
    made = []
    for k, f in enumerate(findings):
        kind = (f.signal, f.category, f.text.casefold(), f.voice, f.speaker or "")
        note = k if f.signal in SCORED else alike.setdefault(kind, k)
        made.append(Mark(f, f"{prefix}{note}", f"{prefix}m{first.setdefault(f.start, k)}"))
    return made


def _mark(inner: str, low: int, high: int, here: list[Mark], classes: list[str], extra: str, notes: bool) -> str:
    """Return one piece with the marks that lie on it."""
    grades: dict[Signal, int] = {}
    ends: dict[Signal, int] = {}
    for f, _, _ in here:
        grades[f.signal] = max(grades.get(f.signal, 0), f.grade)
        if f.end == high and f.grade:
            ends[f.signal] = max(ends.get(f.signal, 0), f.grade)
    classes = ["m", *(f"{SHORT[s]}{grade}" for s, grade in grades.items()), *classes]
    if all(m.finding.voice in OTHERS for m in here):
        classes.append("o")
    label = "".join(f' data-{SHORT[s]}="{SHORT[s].upper()}{grade}"' for s, grade in ends.items())
    starts = [m for m in here if m.finding.start == low]
    named = " ".join(classes)
    if not notes:
        title = escape("; ".join(f"{describe(m.finding)}. {m.finding.why}" for m in here))
        return f'<span class="{named}"{label}{extra} title="{title}"{" tabindex=0" if starts else ""}>{inner}</span>'
    target = min(starts or here, key=lambda m: m.finding.end - m.finding.start).note
    reach = f'id="{starts[0].anchor}"' if starts else 'tabindex="-1"'
    told = " ".join(m.note for m in here)
    return f'<a class="{named}" href="#{target}" {reach} aria-describedby="{told}"{label}{extra}>{inner}</a>'


def by_sentence(analysis: Analysis) -> dict[int, list[Mark]]:
    """Return the findings that lie in each sentence."""
    placed: dict[int, list[Mark]] = {}
    for mark in number(analysis.findings):
        i = sentence_of(analysis, mark.finding.start)
        while i < len(analysis.sentences) and analysis.sentences[i].start < mark.finding.end:
            placed.setdefault(i, []).append(mark)
            i += 1
    return placed
