"""The named cases of voice: whose words, where exactly, by which cue, from which source."""

from __future__ import annotations

from functools import cache

import pytest

from rhetoric import Analyzer
from rhetoric.features import prepare
from rhetoric.lexicon import Lexicons, load
from rhetoric.records import Article
from rhetoric.voice import voice_at


@cache
def lexicons() -> Lexicons:
    return load()


@cache
def analyzer() -> Analyzer:
    return Analyzer.load()


CASES: list[tuple[str, list[tuple[str, str, str | None, str | None]]]] = [
    # text, and of each range: voice, words, cue, source
    # split by its attribution; attribution before, inside, after
    (
        "“The bridge,” she said, “is lost.”",
        [("quoted", "“The bridge,”", "said", "she"), ("quoted", "“is lost.”", "said", "she")],
    ),
    ("She said: “The bridge is lost.”", [("quoted", "“The bridge is lost.”", "said", "She")]),
    (
        "“The bridge is lost,” Oda Fenn told the Port Ely Post on Monday.",
        [("quoted", "“The bridge is lost,”", "told", "Oda Fenn")],
    ),
    (
        "“The bridge is lost.” Hale shook her head. “It will not be built again.”",
        [("quoted", "“The bridge is lost.”", None, None), ("quoted", "“It will not be built again.”", None, None)],
    ),
    (
        "The bridge, Mara Hale said on Monday, was lost.",
        [("reported", "The bridge", "said", "Mara Hale"), ("reported", "was lost", "said", "Mara Hale")],
    ),
    (
        "Port Ely, the mayor warned, will lose the bridge.",
        [
            ("reported", "Port Ely", "warned", "the mayor"),
            ("reported", "will lose the bridge", "warned", "the mayor"),
        ],
    ),
    # several paragraphs, with and without closing marks
    (
        "“We begin.\n\n“We go on.\n\n“We end,” Oda Fenn said.",
        [
            ("quoted", "“We begin.", None, None),
            ("quoted", "“We go on.", None, None),
            ("quoted", "“We end,”", "said", "Oda Fenn"),
        ],
    ),
    (
        "“We begin.\n\nWe go on.\n\nWe end,” Oda Fenn said.",
        [("quoted", "“We begin.\n\nWe go on.\n\nWe end,”", "said", "Oda Fenn")],
    ),
    (
        "“We begin.\n\nWe go on to the ‘end’.\n\nWe end,” Oda Fenn said.",
        [("quoted", "“We begin.\n\nWe go on to the ‘end’.\n\nWe end,”", "said", "Oda Fenn")],
    ),
    # one inside another, and parts
    (
        "“He told me ‘never again’ and left,” she said.",
        [("quoted", "“He told me ‘never again’ and left,”", "said", "she")],
    ),
    (
        "Hale called the bridge “a farce”.",
        [("reported", "the bridge", "called", "Hale"), ("quoted", "“a farce”", "called", "Hale")],
    ),
    (
        "Hale said the bridge was “a farce” and had to go.",
        [
            ("reported", "the bridge was", "said", "Hale"),
            ("quoted", "“a farce”", "said", "Hale"),
            ("reported", "and had to go", "said", "Hale"),
        ],
    ),
    # without marks: letters and block quotations behind a colon
    (
        "The letter reads:\n\nYou have until Monday to leave the harbour. We will not come again.",
        [("quoted", "You have until Monday to leave the harbour. We will not come again.", None, None)],
    ),
    ("The mayor wrote on Friday:\n\nI will not resign.", [("quoted", "I will not resign.", None, None)]),
    ("From the Port Ely Post:\n\nThe bridge is lost.", [("quoted", "The bridge is lost.", None, None)]),
    # tweets, transcripts, questions and answers
    ("Mara Hale (@marahale): The bridge is lost.", [("quoted", "The bridge is lost.", None, "Mara Hale")]),
    ("The bridge is lost. — Mara Hale (@marahale) May 3, 2024", [("quoted", "The bridge is lost.", None, "Mara Hale")]),
    (
        "HALE: Is it lost?\n\nFENN: It is.\n\nHALE: Why?",
        [("quoted", "Is it lost?", None, "HALE"), ("quoted", "It is.", None, "FENN"), ("quoted", "Why?", None, "HALE")],
    ),
    ("Q: Is it lost?\n\nA: It is.", [("quoted", "Is it lost?", None, "Q"), ("quoted", "It is.", None, "A")]),
    (
        "Programme host Oda Fenn: Good evening.\n\nMara Hale: It is lost.\n\nOda Fenn: Why?",
        [
            ("quoted", "Good evening.", None, "Programme host Oda Fenn"),
            ("quoted", "It is lost.", None, "Mara Hale"),
            ("quoted", "Why?", None, "Oda Fenn"),
        ],
    ),
    # reported speech that goes on
    (
        "Hale said the bridge was lost. He added that the port would close.",
        [("reported", "the bridge was lost", "said", "Hale"), ("reported", "that the port would close", "added", "He")],
    ),
    (
        "They would, he argued, lose the vote.",
        [("reported", "They would", "argued", "he"), ("reported", "lose the vote", "argued", "he")],
    ),
    # sources in phrases
    (
        "The bridge is lost, according to the ministry.",
        [("reported", "The bridge is lost", "according to", "the ministry")],
    ),
    (
        "In the ministry's view, the bridge is lost.",
        [("reported", "the bridge is lost", "In the ministry's view", "the ministry")],
    ),
    ("For Hale, the bridge is lost.", [("reported", "the bridge is lost", "For Hale,", "Hale")]),
    # thoughts, fears, hopes, denials
    ("Hale thought the bridge was lost.", [("reported", "the bridge was lost", "thought", "Hale")]),
    ("Hale fears the bridge is lost.", [("reported", "the bridge is lost", "fears", "Hale")]),
    ("She hopes that the bridge will stand.", [("reported", "that the bridge will stand", "hopes", "She")]),
    ("Hale denied that the bridge was lost.", [("reported", "that the bridge was lost", "denied", "Hale")]),
    ("Hale denied being a puppet.", [("reported", "being a puppet", "denied", "Hale")]),
    # headlines
    ("Bridge is lost, says Hale", [("reported", "Bridge is lost", "says", "Hale")]),
    ("Hale: bridge is lost", [("reported", "bridge is lost", None, "Hale")]),
    ("‘Bridge is lost’ – Hale", [("quoted", "‘Bridge is lost’", None, None)]),
    ("Hale: The Bridge Over Port Ely Is Lost.", [("reported", "The Bridge Over Port Ely Is Lost.", None, "Hale")]),
    # hearers and passives
    ("Hale told the council she would go.", [("reported", "she would go", "told", "Hale")]),
    ("The bridge is seen as a farce by many in the port.", [("reported", "a farce", "seen as", "many")]),
    ("Hale was accused by Fenn of neglect.", [("reported", "of neglect", "accused", "Fenn")]),
    # verbs that vouch, distance and colour
    ("Hale revealed that the bridge was lost.", [("reported", "that the bridge was lost", "revealed", "Hale")]),
    ("Hale admitted the bridge was lost.", [("reported", "the bridge was lost", "admitted", "Hale")]),
    ("Hale pointed out that the bridge was lost.", [("reported", "that the bridge was lost", "pointed out", "Hale")]),
    ("Hale claimed that the bridge was lost.", [("reported", "that the bridge was lost", "claimed", "Hale")]),
    ("Hale alleged the bridge was lost.", [("reported", "the bridge was lost", "alleged", "Hale")]),
    ("Hale ranted that the bridge was lost.", [("reported", "that the bridge was lost", "ranted", "Hale")]),
    # sources inside sources
    (
        "Hale said Fenn had called the bridge a farce.",
        [
            ("reported", "Fenn had called the bridge a farce", "said", "Hale"),
            ("reported", "the bridge a farce", "called", "Fenn"),
        ],
    ),
    (
        "Hale said that Fenn had told her that the bridge was lost.",
        [
            ("reported", "that Fenn had told her that the bridge was lost", "said", "Hale"),
            ("reported", "that the bridge was lost", "told", "Fenn"),
        ],
    ),
    # the author quotes itself
    ("I told the council that the bridge was lost.", []),
    ("As I wrote in May, the bridge is lost.", []),
    ("As I said in these pages, “the bridge is lost.”", []),
    # scare quotes and titles
    ("The “experts” met on Monday.", []),
    ("He read “The Long Night of the Bridges” twice.", []),
    # single marks beside apostrophes, marks of other languages
    ("‘The workers’ bridge is lost,’ said Fenn.", [("quoted", "‘The workers’ bridge is lost,’", "said", "Fenn")]),
    ("It’s the workers’ bridge, and it isn’t ‘lost’.", []),
    ("«Il est perdu», said Hale.", [("quoted", "«Il est perdu»", "said", "Hale")]),
    ("„Sie ist verloren“, said Hale.", [("quoted", "„Sie ist verloren“", "said", "Hale")]),
    (
        "Fenn said « perdu » and « tout perdu ».",
        [
            ("quoted", "« perdu »", "said", "Fenn"),
            ("reported", "and", "said", "Fenn"),
            ("quoted", "« tout perdu »", "said", "Fenn"),
        ],
    ),
    # what stands beside the quotation is told by the author
    (
        "“I never saw it,” the docker added, shaking his head.",
        [("quoted", "“I never saw it,”", "added", "the docker")],
    ),
    ("Asked about the bridge, Fenn said, “It is lost.”", [("quoted", "“It is lost.”", "said", "Fenn")]),
    # letters of several paragraphs, an interview with full stops
    (
        "In his letter, Hale wrote:\n\nWe lost the port.\n\nBut we shall be back.\n\nThe council met on Tuesday.",
        [("quoted", "We lost the port.\n\nBut we shall be back.", None, None)],
    ),
    (
        "Q. Who sold the port?\n\nA. The mayor did.\n\nQ. When was that?\n\nA. In May.",
        [
            ("quoted", "Who sold the port?", None, "Q"),
            ("quoted", "The mayor did.", None, "A"),
            ("quoted", "When was that?", None, "Q"),
            ("quoted", "In May.", None, "A"),
        ],
    ),
    (
        "From the guild's point of view, the bridge is lost.",
        [("reported", "the bridge is lost", "From the guild's point of view", "the guild")],
    ),
    # inches and minutes, unbalanced marks
    ('The pipe is 6" wide and 4\' 2" long.', []),
    ("At 40° 3' 12\" N the bridge ends.", []),
    ("“The bridge is lost, said Hale.\n\nThe ferry left.", [("quoted", "“The bridge is lost, said Hale.", None, None)]),
    ("The bridge is lost,” said Hale.", [("reported", "The bridge is lost", "said", "Hale")]),
]


@pytest.mark.parametrize(("text", "want"), CASES)
def test_named_cases(text: str, want: list[tuple[str, str, str | None, str | None]]) -> None:
    found = [
        (v.voice, text[v.start : v.end], v.cue and text[slice(*v.cue)], v.source and text[slice(*v.source)])
        for v in prepare(text, lexicons()).voices
    ]
    assert found == want


@pytest.mark.parametrize(
    ("verb", "category"),
    [
        ("revealed", "endorsing"), ("admitted", "endorsing"), ("pointed out", "endorsing"), ("claimed", "distancing"),
        ("alleged", "distancing"), ("ranted", "manner"), ("said", "neutral"),
    ],
)  # fmt: skip
def test_a_verb_that_vouches_distances_or_colours_is_a_finding_of_the_author(verb: str, category: str) -> None:
    text = f"The council met. Mara Hale {verb} that the bridge was lost."
    (found,) = [f for f in analyzer()(Article(text)).findings if f.signal == "attribution"]
    assert (found.text, found.category, found.voice) == (verb, category, "author")


def test_the_innermost_source_speaks() -> None:
    text = "Mara Hale said that Oda Fenn had called the bridge a farce."
    at = text.index("farce")
    voice = voice_at(prepare(text, lexicons()).voices, at, at + 5)
    assert voice is not None and voice.speaker == "Oda Fenn"


def test_the_author_quoting_itself_stays_the_author() -> None:
    text = "I told the council in May that the bridge was lost."
    assert [voice for voice, _, _ in prepare(text, lexicons()).spoken] == ["author"]


def test_a_letter_is_spoken_by_whoever_announces_it() -> None:
    text = "In his letter, Mara Hale wrote:\n\nWe have lost the port. The guild has won."
    (letter,) = prepare(text, lexicons()).voices
    assert letter.speaker == "Mara Hale"


def test_reports_behind_a_headline_are_a_vague_source() -> None:
    (voice,) = prepare("Mayor to quit over port row - reports", lexicons()).voices
    assert (voice.speaker, voice.vague) == (None, True)
