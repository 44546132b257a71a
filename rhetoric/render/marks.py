"""An article's text as HTML with findings and voices marked: cut at every boundary, so that overlaps need no nesting.

When the tags are taken out, what is left is the text, exactly. Labels, numbers and names stand in attributes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

from rhetoric.records import SCORED, Analysis, Finding, Signal, Voice
from rhetoric.tables import MARKED, OTHERS, flat_voices, sentence_of

SHORT: dict[Signal, str] = {"charged": "c", "prediction": "p", "unhedged": "u", "hedge": "h", "attribution": "t"}
"""The letter that stands for a signal in labels and class names."""

UNREADABLE = re.compile("[\0\ud800-\udfff]")
"""Characters that no HTML file can hold; a replacement character stands for them."""

Numbered = tuple[int, Finding]
"""A finding with its position, which names its note."""


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
    findings: Iterable[Numbered],
    voices: Iterable[tuple[int, int, Voice]] = (),
    *,
    speakers: Mapping[str | None, int],
    named: frozenset[int] = frozenset(),
    notes: bool = True,
    prefix: str = "n",
) -> list[str]:
    """Return a stretch of text as marked pieces.

    `named` holds the offsets at which the margin names who speaks; a note's name is `prefix` and the finding's number.
    """
    findings = [(k, f) for k, f in findings if f.start < end and f.end > start]
    voices = [v for v in voices if v[0] < end and v[1] > start]
    spans = [(f.start, f.end) for _, f in findings] + [(a, b) for a, b, _ in voices]
    bounds = sorted({start, end, *(min(max(b, start), end) for span in spans for b in span)})
    out = []
    for low, high in zip(bounds, bounds[1:], strict=False):
        here = [(k, f) for k, f in findings if f.start <= low and high <= f.end]
        voice = next((v for a, b, v in voices if a <= low and high <= b), None)
        inner = escape(text[low:high])
        classes = []
        extra = ""
        if voice:
            classes += [voice.voice[0], f"w{speakers.get(voice.speaker, 0)}"]
            if low in named:
                extra = f' data-who="{escape(voice.speaker or "someone else")}"'
        if here:
            out.append(_mark(inner, low, high, here, classes, extra, notes, prefix))
        elif classes:
            out.append(f'<span class="{" ".join(classes)}"{extra}>{inner}</span>')
        else:
            out.append(inner)
    return out


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


def anchors(findings: Sequence[Finding], prefix: str = "n") -> list[str]:
    """Return for each finding the id of the mark it begins with; findings that begin together share one."""
    first: dict[int, int] = {}
    return [f"{prefix}m{first.setdefault(f.start, k)}" for k, f in enumerate(findings)]


def _mark(
    inner: str, low: int, high: int, here: list[Numbered], classes: list[str], extra: str, notes: bool, prefix: str
) -> str:
    """Return one piece with the marks that lie on it."""
    grades: dict[Signal, int] = {}
    for _, f in here:
        grades[f.signal] = max(grades.get(f.signal, 0), f.grade)
    classes = ["m", *(f"{SHORT[s]}{grade}" for s, grade in grades.items()), *classes]
    if all(f.voice in OTHERS for _, f in here):
        classes.append("o")
    ends = {
        SHORT[f.signal]: f.grade for _, f in sorted(here, key=lambda pair: pair[1].grade) if f.end == high and f.grade
    }
    label = "".join(f' data-{short}="{short.upper()}{grade}"' for short, grade in sorted(ends.items()))
    starts = [k for k, f in here if f.start == low]
    named = " ".join(classes)
    if not notes:
        title = escape("; ".join(f"{describe(f)}. {f.why}" for _, f in here))
        return f'<span class="{named}"{label}{extra} title="{title}"{" tabindex=0" if starts else ""}>{inner}</span>'
    target = min(here, key=lambda pair: (pair[0] not in starts, pair[1].end - pair[1].start))[0]
    reach = f'id="{prefix}m{starts[0]}"' if starts else 'tabindex="-1"'
    told = " ".join(f"{prefix}{k}" for k, _ in here)
    return f'<a class="{named}" href="#{prefix}{target}" {reach} aria-describedby="{told}"{label}{extra}>{inner}</a>'


def by_sentence(analysis: Analysis) -> dict[int, list[Numbered]]:
    """Return the findings that lie in each sentence."""
    placed: dict[int, list[Numbered]] = {}
    for k, finding in enumerate(analysis.findings):
        i = sentence_of(analysis, finding.start)
        while i < len(analysis.sentences) and analysis.sentences[i].start < finding.end:
            placed.setdefault(i, []).append((k, finding))
            i += 1
    return placed
