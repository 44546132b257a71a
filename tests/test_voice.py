"""Quotations, reported speech, speakers and targets, as tables of text and what must be heard in it."""

from __future__ import annotations

import time
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric import analyze
from rhetoric.features import prepare
from rhetoric.lexicon import Lexicons, load
from rhetoric.records import Voice
from rhetoric.segment import Span, find_words, split_sentences
from rhetoric.speakers import cast_of
from rhetoric.tables import summary
from rhetoric.targets import find_target
from rhetoric.voice import Cue, find_quotes, find_voices, sentence_voices, voice_at


@cache
def lexicons() -> Lexicons:
    return load()


def hear(text: str) -> tuple[list[Span], tuple[Voice, ...]]:
    """The sentences and voices of `text`, with the shipped reporting words."""
    words = find_words(text)
    quotes = find_quotes(text)
    sentences = split_sentences(text, [(q.start, q.end) for q in quotes if not q.depth])
    first = np.isin(words.start, [s.start for s in sentences])
    terms = lexicons().terms
    matches = lexicons().match(words, first)
    cues = [Cue(m.begin, m.end, terms[m.term].text) for m in matches if terms[m.term].signal == "attribution"]
    return sentences, find_voices(text, words, sentences, quotes, cues).voices


def ranges(text: str, voice: str) -> list[str]:
    return [text[v.start : v.end] for v in hear(text)[1] if v.voice == voice]


QUOTED = [
    ('"Yes," she said.', ['"Yes,"']),
    ("“Yes,” she said, “we go.”", ["“Yes,”", "“we go.”"]),
    ("He said 'no way' to the workers' union.", ["'no way'"]),
    ("‘The workers’ union is mad,’ he said.", ["‘The workers’ union is mad,’"]),
    ("The '90s weren't that bad for dogs' owners.", []),
    ("Rock 'n' roll and 'em all.", []),
    ('A 6\'2" man held a 12" disc.', []),
    ('"It was 6" long," he said.', ['"It was 6" long,"']),
    ("“One.\n\n“Two.\n\n“Three,” he said.", ["“One.", "“Two.", "“Three,”"]),
    ("“Left open.\n\nNext paragraph “ok” here.", ["“Left open.", "“ok”"]),
    ("“Opened in one,\n\nclosed in another,” he said.", ["“Opened in one,\n\nclosed in another,”"]),
    ("„So“, said Lena. »Nein«, said Max. «Oui», said Luc.", ["„So“", "»Nein«", "«Oui»"]),
    ("``Hello,'' she said.", ["``Hello,''"]),
    ("‘‘Hello,’’ she said.", ["‘‘Hello,’’"]),
    ("He wrote no closing mark “and left.", ["“and left."]),
    ('He closed one he had not opened", and left.', []),
    ("“First. “Second,” he said. More.", ["“First.", "“Second,”"]),
    ('"He was the last,"[4] she wrote.', ['"He was the last,"']),
    ("Read more »\n\nNext page »", []),
]


@pytest.mark.parametrize(("text", "want"), QUOTED)
def test_quotations(text: str, want: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quotes(text) if not q.depth] == want


def test_a_quotation_inside_another_is_deeper() -> None:
    text = "“He called it ‘a mess’ and left,” she said."
    outer, inner = find_quotes(text)
    assert (outer.depth, inner.depth, text[inner.start : inner.end]) == (0, 1, "‘a mess’")


def test_open_and_continued_quotations_are_told_apart() -> None:
    left_open, continued, last = find_quotes("“Never closed.\n\nThen “one.\n\n“Two.”")
    assert (left_open.closed, continued.closed, last.closed) == (False, True, True)
    assert (continued.continues, last.continues) == (False, True)


@settings(max_examples=300)
@given(st.text(alphabet="aB1 .,!'\"“”‘’«»„`\n-s", max_size=80))
def test_quotations_are_sorted_inside_the_text_and_nested(text: str) -> None:
    quotes = find_quotes(text)
    assert quotes == sorted(quotes, key=lambda q: (q.start, -q.end))
    outer = [q for q in quotes if not q.depth]
    assert all(0 <= q.start < q.end <= len(text) for q in quotes)
    assert all(a.end <= b.start for a, b in zip(outer, outer[1:], strict=False))
    assert all(any(o.start <= q.start and q.end <= o.end for o in outer) for q in quotes)


@pytest.mark.parametrize("unit", ["'a ", "“a ", "“a\n\n", "a” ", "\"a'b “c‘ ", '5" '])
def test_muddled_marks_take_no_more_than_linear_time(unit: str) -> None:
    begin = time.process_time()
    find_quotes(unit * 40_000)
    assert time.process_time() - begin < 5  # a quarter of a second; where time grows with the square, minutes


REPORTED = [
    ("Mara Hale said that the bridge was unsafe.", ["that the bridge was unsafe"]),
    ("Mara Hale said the bridge was unsafe.", ["the bridge was unsafe"]),
    ("The bridge was unsafe, Mara Hale said.", ["The bridge was unsafe"]),
    ("The bridge was unsafe, said Mara Hale.", ["The bridge was unsafe"]),
    ("The bridge, Mara Hale said, was unsafe.", ["The bridge", "was unsafe"]),
    ("The bridge was unsafe, according to the ministry.", ["The bridge was unsafe"]),
    ("According to the ministry, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("In the view of the council, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("As Mara Hale noted, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("Mara Hale told reporters on Monday that the bridge was unsafe.", ["that the bridge was unsafe"]),
    ("The bridge was reportedly unsafe.", ["The bridge was", "unsafe"]),
    ("Mara Hale accused the council of neglect.", ["the council of neglect"]),
    ("Mara Hale denied the bridge was unsafe.", ["the bridge was unsafe"]),
    ("The bridge, Mara Hale told the Port Ely Post, was unsafe.", ["The bridge", "was unsafe"]),
    ("The bridge was unsafe, Mara Hale told the Port Ely Post.", ["The bridge was unsafe"]),
    ("Mara Hale, who opposed it, said the bridge was unsafe.", ["the bridge was unsafe"]),
    ("In the ministry's view, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("For Mara Hale, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("The bridge is widely believed to be unsafe.", ["The bridge is widely", "to be unsafe"]),
    ("According to Mara Hale, a teacher, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("Bridge was unsafe, says minister", ["Bridge was unsafe"]),
    ("They would, he argued, lose the vote.", ["They would", "lose the vote"]),
    ("He denied being a puppet.", ["being a puppet"]),
    ("He ranted that the press was to blame.", ["that the press was to blame"]),
    ("She fears that the bridge will fall.", ["that the bridge will fall"]),
    ("The report claims the bridge was unsafe.", ["the bridge was unsafe"]),
    ("They were told that the bridge was unsafe.", ["that the bridge was unsafe"]),
    ("A survey found last week that the bridge was unsafe.", ["that the bridge was unsafe"]),
    ("A poll showed Mara Hale ahead of Oda Fenn.", ["Mara Hale ahead of Oda Fenn"]),
    ("For many sailors, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("By all accounts, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("Per Port Radio, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("For many years, the bridge was unsafe.", []),
    ("The Post also reported last month Hale had sold the bridge.", ["Hale had sold the bridge"]),
    ("Hale says that alone in the port the bridge stands firm.", ["that alone in the port the bridge stands firm"]),
    ("Fenn claims Hale closed the bridge.", ["Hale closed the bridge"]),
    ("She asked Hale whether the bridge was unsafe.", ["whether the bridge was unsafe"]),
    ("They do not believe the bridge is unsafe.", ["the bridge is unsafe"]),
    ("Hale praised the new bridge.", ["the new bridge"]),
    ("The bridge swayed, recalled 61-year-old Oda Fenn.", ["The bridge swayed"]),
    ("Ida Fenn, another local docker, said there was a crack.", ["there was a crack"]),
    ("Ida Fenn, wearing a red coat, said she saw a crack.", ["she saw a crack"]),
    ("If it rains, Hale said she would stay.", ["If it rains", "she would stay"]),
    ("Any delay, said Mara Hale, the mayor, would cost lives.", ["Any delay", "would cost lives"]),
    ("The bridge was lost, dockers and port officials told the Post.", ["The bridge was lost"]),
    ("Vance was a friend, his wife, Ida Quarn, told the Port Ely Post.", ["Vance was a friend"]),
    ("As a docker wrote for the Post in May, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("The Post reported on Monday the bridge was unsafe.", ["the bridge was unsafe"]),
    ("To Mara Hale, the bridge is a joke.", ["the bridge is a joke"]),
    ("In a Port Radio poll taken on Monday, half chose Hale.", ["half chose Hale"]),
    ("Mara Hale, citing “the wind,” said the bridge was shut.", ["the bridge was shut"]),
    ("Post: Mayor Hale sold the old bridge.\n\nShe did it in May.", ["Mayor Hale sold the old bridge."]),
    ("Ida Fenn, chair of the drafting guild, said its aims were modest.", ["its aims were modest"]),
    ("Tom Quarn (Port Ely), head of the guild, said Hale didn't seem worried.", ["Hale didn't seem worried"]),
    ("Hale said the bridge fell, according to the Post.", ["Hale said the bridge fell", "the bridge fell"]),
    ("As reported by the Post, the bridge was unsafe.", ["the bridge was unsafe"]),
    ("To others, the bridge is a joke.", ["the bridge is a joke"]),
    ("In May's Port Radio poll, half chose Hale.", ["half chose Hale"]),
    ("In Fenn's mind, the bridge was unsafe.", ["the bridge was unsafe"]),
    (
        "Fenn urged the guild to leave the port, sell the ferry and go home.",
        ["the guild to leave the port, sell the ferry and go home"],
    ),
    ("Hale praised the bridge, but the port was shut.", ["the bridge"]),
    ("Hale took issue with the toll and the guild's ban on rain.", ["with the toll and the guild's ban on rain"]),
    ("Hale mocked the sailors' claims that the bridge was unsafe.", ["that the bridge was unsafe"]),
    ("Hale explained the press badly erred in its account.", ["the press badly erred in its account"]),
    # sources that are not named, behind what they say
    ("A fine is likely, two people familiar with the matter said.", ["A fine is likely"]),
    ("Hale will be fined, three people with knowledge of the talks said.", ["Hale will be fined"]),
    ("Hale will be fined, those close to the talks say.", ["Hale will be fined"]),
    # where the author goes on
    (
        "The king, described by sailors as a hero and by dockers as a butcher, died on Sunday.",
        ["as a hero and by dockers as a butcher"],
    ),
    ("Hale, who was accused of neglect, left the hall.", ["neglect"]),
    ("Hale, dubbed a thug by sailors, left the hall.", ["a thug"]),
    ("The firm, which the council says lied for years, will be fined.", ["lied for years"]),
    ("The firm, which said it was broke, closed on Monday.", ["it was broke"]),
    ("Hale met Fenn, who said the bridge, which was old, was unsafe.", ["the bridge, which was old, was unsafe"]),
    ("Fenn accused Hale of neglect, but a docker, Tom Vance, left the room.", ["Hale of neglect"]),
    ("Neither the firm nor its lawyers accused the council of neglect, but a docker left.", []),
    ("Nobody accused Hale of neglect.", []),
    ("No docker accused Hale of neglect.", []),
    ("No 10 accused Hale of neglect.", ["Hale of neglect"]),
    ("Hale told a rally of 3,000 dockers from all over the port in Marlow that it fell.", ["that it fell"]),
    ("Hale told a crowd of sailors the bridge was unsafe.", ["the bridge was unsafe"]),
    # headlines
    ("Pay offer 'an insult' to nurses, says union chief as strike looms", ["Pay offer", "to nurses"]),
    ("Bridge unsafe, council admits\n\nThe council met.", ["Bridge unsafe"]),
    # nouns that are verbs elsewhere
    ("The only question is how much the sailors mean to spill.", []),
    ("Both questions remain.", []),
    ("Hale's only claim is that it fell.", []),
    ("The port has three demands that it fell for.", []),
    ("The port also claims it was safe.", ["it was safe"]),
    ("According to port law, the ferry must stop.", []),
    ("Hale said nothing of it.", []),
    ("The day is also called Hale Day.", []),
    ("He is a master of blame-shifting and delay.", []),
    ("The clique that calls itself the committee met on Monday.", []),
    ("He edits a magazine called Ode in Port Ely.", []),
    ("Watch the moves with, say, the guild of Port Ely.", []),
    ("The council knew that the bridge was unsafe.", []),
    ("The three-day state visit was over.", []),
    ("I think the bridge is unsafe.", []),
    ("The council echoed that sentiment.", []),
    ("It stoked fears that spread.", []),
    ("The bridge was closed on Monday.", []),
]


@pytest.mark.parametrize(("text", "want"), REPORTED)
def test_reported_speech(text: str, want: list[str]) -> None:
    assert ranges(text, "reported") == want


ASIDES = [
    ("Hale announced a new ferry.", ["a new ferry"]),
    ("Fenn proposed a toll, a ferry and a tunnel.", ["a toll, a ferry and a tunnel"]),
    ("Hale hinted darkly at a long winter.", ["at a long winter"]),
    ("Hale announced a new ferry, and the port was shut.", ["a new ferry"]),
    ("His claim that the bridge was unsafe prompted a laugh.", ["that the bridge was unsafe"]),
    ("The fear that the bridge might fall caused delay.", ["that the bridge might fall"]),
    ("Hale is hopeful that the bridge will hold.", ["that the bridge will hold"]),
    ("There is some debate about whether the bridge will hold.", ["whether the bridge will hold"]),
    ("Hale refused to leave the port.", ["to leave the port"]),
    ("Fenn threatened to sell the ferry, and the port was shut.", ["to sell the ferry"]),
    ("The ferry is expected to sail in May.", ["to sail in May"]),
    ("There was talk of a new ferry.", ["a new ferry"]),
    ("The port paid little heed to rumours of a flood.", ["a flood"]),
    ("Hale led by nine points in a Port Radio poll.", ["Hale led by nine points"]),
    ("Hale called on sailors to leave the port.", ["on sailors to leave the port"]),
    ("It would be a mistake to argue that the bridge was unsafe.", ["that the bridge was unsafe"]),
    ("Hale showed the plan of the bridge.", ["the plan of the bridge"]),
    ("The port has once again shown its true face.", []),
    ("The port has shown the patience of a saint.", []),
    ("I would argue that the bridge was unsafe.", []),
    ("She wrote a book about how the bridge was built.", []),
    ("Fenn wants to sell the ferry.", []),
    ("My hope that the bridge will hold is gone.", []),
    ("The ferry that left the port was late.", []),
    ("He commented as if he had seen it.", []),
]


@pytest.mark.parametrize(("text", "want"), ASIDES)
def test_what_is_told_of_in_an_aside_is_reported_in_a_sentence_of_the_author(text: str, want: list[str]) -> None:
    read = prepare(text, lexicons())
    assert [text[v.start : v.end] for v in read.voices if v.voice == "reported"] == want
    assert {voice for voice, _, _ in read.spoken} == {"author"}


def test_an_aside_has_the_speaker_that_its_sentence_names() -> None:
    text = "Mara Hale runs the port. Hale's claim that the bridge was unsafe drew a laugh. So did rumours of a flood."
    text += " Hale refused to leave. The ferry is expected to sail."
    found = [(v.speaker, v.vague) for v in prepare(text, lexicons()).voices]
    assert found == [("Mara Hale", False), (None, False), ("Mara Hale", False), (None, True)]


def test_an_aside_inside_what_is_said_leaves_it_to_who_says_it() -> None:
    text = "Mara Hale said there was a fear that the bridge might fall."
    assert [text[v.start : v.end] for v in prepare(text, lexicons()).voices] == [
        "there was a fear that the bridge might fall"
    ]


SENTENCES = [
    ("“The bridge is a disgrace,” Mara Hale said.", ["quoted"]),
    ("“The bridge,” she said, “is a disgrace to us all.”", ["quoted"]),
    ("Mara Hale said: “The bridge is a disgrace and it must go.”", ["quoted"]),
    ("Mara Hale said the bridge was a “disgrace”.", ["reported"]),
    ("“We are ready,” a spokesman said.", ["quoted"]),
    ("‘Bridge is a death trap’ – minister", ["quoted"]),
    ("I told the court that “this is a farce and must end now.”", ["quoted"]),
    ("Q: Is it mad?\n\nA: It is.\n\nQ: Why?\n\nA: Because.", ["quoted"] * 4),
    ("He signed a so-called “peace” deal on Monday.", ["author"]),
    ("She read “The Long Road Home” on the train.", ["author"]),
    ("The word “bridge” has six letters.", ["author"]),
    ("“It is late.\n\n“It is cold.\n\n“It is over,” he said.", ["quoted", "quoted", "quoted"]),
    ("The road is open. The gate is shut.", ["author", "author"]),
    ("Critics say the plan is a farce.", ["reported"]),
    (
        "The union put out a statement. It reads:\n\nWe shall not move. We are many.",
        ["author", "author", "quoted", "quoted"],
    ),
    ("The plan is mad! — Mara Hale (@marahale) May 2, 2020", ["quoted", "author"]),
    ("HALE: Was the bridge safe?\n\nVANCE: It was not.\n\nHALE: Who knew?", ["quoted", "quoted", "quoted"]),
    ("He lashed out at the press and left the room.", ["author"]),
    ("Minister: bridge was safe all along", ["reported"]),
    ("Bridge was safe all along: police", ["reported"]),
    ("RELATED: Bridge was safe all along", ["author"]),
    ("Hale left.\n\n‘Shame’ of the port\n\nFenn came.", ["author", "quoted", "author"]),
    ("Hale left.\n\nThe port is a ‘tipping point’\n\nFenn came.", ["author", "quoted", "author"]),
    ("Hale left.\n\nThe port’s ‘problems’\n\nFenn came.", ["author"] * 3),
    ("BELOW: Bridge was safe all along", ["author"]),
    (
        "Hale left.\n\nFrom the Port Ely Post:\n\nThe bridge is shut.\n\nFenn came.",
        ["author", "author", "quoted", "author"],
    ),
    ("These have signed the letter:\n\n• Mara Hale, mayor of Port Ely\n\nFenn came.", ["author"] * 3),
    (
        "She put it so in her post:\nThe bridge fell, and nobody in the port had been told of it.\n"
        "Two ferries were lost on the same day, and a third ran aground.\nThey knew.",
        ["author", "quoted", "quoted", "author"],
    ),
    ("Hale left.\n\nBRIEFING: It fell.\n\nGALLERY: The fall.\n\nENGAGE: Write in.\n\nPLACES: Fenn.", ["author"] * 5),
    (
        "HALE: It fell.\n\nVANCE: Who knew?\n\nHALE: Fenn.\n\nVANCE: Why?\n\nI must know.\n\nThe port is shut.",
        ["quoted"] * 5 + ["author"],
    ),
    (
        "Hale left.\n\nWe are shut out!\n\n\n\nNobody read it. — Port Guild (@guild) May 2, 2020\n\nFenn came.",
        ["author", "quoted", "quoted", "author", "author"],
    ),
    ("Data suggests that the plan failed.", ["reported"]),
    ("Does Mara Hale think we are fools?", ["author"]),
    ("This must be condemned with the utmost force.", ["author"]),
]


@pytest.mark.parametrize(("text", "want"), SENTENCES)
def test_sentence_voices(text: str, want: list[str]) -> None:
    sentences, voices = hear(text)
    assert [voice for voice, _, _ in sentence_voices(sentences, voices)] == want


SPEAKERS = [
    ("Mara Hale runs the port. “The bridge is a disgrace,” Hale said.", ["Mara Hale"]),
    ("Mayor Mara Hale came. “It is a disgrace,” the mayor said.", ["Mara Hale"]),
    ("Mara Hale spoke first. “It is a disgrace,” she said.", ["Mara Hale"]),
    ("Mara Hale met Ida Vance. “It is a disgrace,” she said.", [None]),
    ("The ministry rejected all three demands as “blackmail”.", ["the ministry", "the ministry"]),
    # what is denied is the accuser's word
    ("Mara Hale denied that she was a puppet. She denied being corrupt.", [None, None]),
    ("Mara Hale denied being “a puppet”.", [None, None]),
    ("Mara Hale rejected claims that she was a puppet.", [None]),
    ("Mara Hale rejected the plan as a farce.", ["Mara Hale"]),
    ("“I am no puppet,” Mara Hale denied.", ["Mara Hale"]),
    ("Mara Hale denied it: “I am no puppet.” She said Oda Fenn was.", ["Mara Hale", "Mara Hale"]),
    # whom the author names after the last speaker
    ("“It fell,” said Mara Hale. Oda Fenn disagreed. “They lie,” she said.", ["Mara Hale", "Oda Fenn"]),
    ("“It fell,” said Mara Hale.\n\nOda Fenn disagreed.\n\n“They lie,” she said.", ["Mara Hale", "Oda Fenn"]),
    ("“It fell,” said Mara Hale. Her deputy, Oda Fenn, was blunter. “They lie,” he said.", ["Mara Hale", "Oda Fenn"]),
    ("“It fell,” said Mara Hale. In May, Oda Fenn left. “They lie,” she said.", ["Mara Hale", "Oda Fenn"]),
    ("“It fell,” said Mara Hale. Oda Fenn met Ida Vance. “They lie,” she said.", ["Mara Hale", None]),
    ("“It fell,” said Mara Hale. The dockers booed Oda Fenn. “They lie,” she said.", ["Mara Hale", None]),
    ("“It fell,” said Mara Hale. She met Oda Fenn. “They lie,” she said.", ["Mara Hale", "Mara Hale"]),
    ("“It fell,” said Mara Hale. Mr Oda Fenn left. “They lie,” she said.", ["Mara Hale", "Mara Hale"]),
    (
        "“It fell,” said Mara Hale. “Oda Fenn knew of it.” The port is shut. “They lie,” she said.",
        ["Mara Hale", "Mara Hale", "Mara Hale"],
    ),
    ("“It is a disgrace,” said Mara Hale, the mayor of Port Ely.", ["Mara Hale"]),
    ("Mara Hale, the mayor of Port Ely, said the bridge was unsafe.", ["Mara Hale"]),
    ("“It is late,” Mara Hale said. “We must go home now.”", ["Mara Hale", "Mara Hale"]),
    ("The Northern Harbour Union (NHU) met. The NHU said the bridge was unsafe.", ["Northern Harbour Union"]),
    ("Experts say the bridge is unsafe.", [None]),
    ("“One.\n\n“Two,” said Mara Hale.", ["Mara Hale", "Mara Hale"]),
    ("“It is mad.”\n\n— Mara Hale, Port Ely Post", ["Mara Hale"]),
    ("“It is mad,” Mara Hale said.\n\n‘Shame’ of the port\n\nFenn came.", ["Mara Hale", None]),
    ("The union's leader, Mara Hale, said it was mad.", ["Mara Hale"]),
    ("“The bridge will fall,” ranted Mara Hale.", ["Mara Hale"]),
    ('"Prices will fall," raged Mara Hale, the mayor.', ["Mara Hale"]),
    ("Mara Hale came.\n\nHALE: Was it mad?\n\nVANCE: It was.", ["Mara Hale", "Vance"]),
    ("Mara Hale said Ida Vance had called it “a swindle”.", ["Mara Hale", "Ida Vance"]),
    ("A spokesman said the bridge was unsafe.", [None]),
    ("The President of the Republic said the bridge was unsafe.", ["the President of the Republic"]),
    ("Kelly said the bridge was unsafe.", ["Kelly"]),
    ("Ely lost. The Mayor of Ely said the bridge was unsafe.", ["the Mayor of Ely"]),
    ("Secretary of State Mara Hale said the bridge was unsafe.", ["Mara Hale"]),
    ("The plan is mad! — Mara Hale (@marahale) May 2, 2020", ["Mara Hale"]),
    ("Faisal al-Murad came. “It is late,” Murad said.", ["Faisal al-Murad"]),
]


@pytest.mark.parametrize(("text", "want"), SPEAKERS)
def test_speakers(text: str, want: list[str | None]) -> None:
    assert [v.speaker for v in hear(text)[1]] == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Critics say the plan is a farce.", True),
        ("Some experts believe the plan is a farce.", True),
        ("The plan is reportedly a farce.", True),
        ("It was said that the plan was a farce.", True),
        ("Sources close to the mayor say the plan is a farce.", True),
        ("The plan is a farce, two people briefed on the talks said.", True),
        ("Mara Hale says the plan is a farce.", False),
        ("The ministry says the plan is a farce.", False),
    ],
)
def test_vague_sources(text: str, want: bool) -> None:
    assert {v.vague for v in hear(text)[1]} == {want}


def test_source_and_cue_are_named() -> None:
    text = "The bridge was unsafe, Mara Hale warned."
    (voice,) = hear(text)[1]
    assert voice.source is not None and voice.cue is not None
    assert text[slice(*voice.source)] == "Mara Hale"
    assert text[slice(*voice.cue)] == "warned"


def test_the_innermost_voice_holds_a_finding() -> None:
    text = "Mara Hale said the plan was a “swindle” and left the room."
    _, voices = hear(text)
    swindle, plan, name = (text.index(w) for w in ("swindle", "plan", "Mara"))
    quoted, reported = voice_at(voices, swindle, swindle + 7), voice_at(voices, plan, plan + 4)
    assert quoted is not None and quoted.voice == "quoted"
    assert reported is not None and reported.voice == "reported"
    assert voice_at(voices, name, name + 4) is None


TARGETS = [
    ("Mara Hale is a thug.", "thug", "name_calling", "Mara Hale"),
    ("Mara Hale runs it. Critics called Hale a tyrant.", "tyrant", "name_calling", "Mara Hale"),
    ("They called the plan a disaster.", "disaster", "hyperbole", "plan"),
    ("Mara Hale, a tyrant, won.", "tyrant", "name_calling", "Mara Hale"),
    ("She mocked the reckless plan.", "reckless", "loaded_word", "plan"),
    ("Mara Hale betrayed the town.", "betrayed", "loaded_verb", "Mara Hale"),
    ("He accused Mara Hale of plundering the fund.", "plundering", "loaded_verb", "Mara Hale"),
    ("Mara Hale has hypnotised the town.", "hypnotised", "model", "Mara Hale"),
    ("Mara Hale is trying to fool the town.", "fool", "loaded_verb", "Mara Hale"),
    ("She met the conspiracy theorist Mara Hale.", "conspiracy theorist Mara Hale", "name_calling", "Mara Hale"),
    ("She met the thug Mara Hale.", "thug", "name_calling", "Mara Hale"),
    ("The Hale regime fell.", "regime", "name_calling", "Hale regime"),
    ("Mara Hale was clumsy and a little desperate.", "desperate", "loaded_word", "Mara Hale"),
    ("The town condemned the “deeply troubling” leaks.", "troubling", "loaded_word", "leaks"),
    ("Mara Hale runs the port. Critics say she is a tyrant.", "tyrant", "name_calling", "Mara Hale"),
    ("Mara Hale met Ida Vance. Critics say she is a tyrant.", "tyrant", "name_calling", None),
    ("It was a disaster.", "disaster", "hyperbole", None),
    ("There was chaos in the hall.", "chaos", "hyperbole", None),
    ("The thugs fled.", "thugs", "name_calling", None),
    ("Mara Hale has launched a smear campaign.", "smear campaign", "name_calling", "Mara Hale"),
    ("Ida Vance slammed the call for talks as naive.", "naive", "loaded_word", "call"),
    ("Mara Hale's reckless plan failed.", "reckless plan", "loaded_word", "Mara Hale’s plan"),
    ("Mara Hale ran the port. She left with her reckless plan.", "reckless plan", "loaded_word", "Mara Hale’s plan"),
    ("Ida Hale's hi-vis posturing failed.", "posturing", "dysphemism", "Ida Hale"),
    ("Mara Hale started telling a series of bald-faced lies.", "bald-faced lies", "dysphemism", "Mara Hale"),
    ("The town was plundered in May.", "plundered", "loaded_verb", "town"),
    ("The town was plundered by Mara Hale.", "plundered", "loaded_verb", "Mara Hale"),
    ("The debacle of the port still hurts.", "debacle", "hyperbole", "port"),
    ("They urged Mara Hale to betray the town.", "betray", "loaded_verb", "Mara Hale"),
    ("The council kept Mara Hale from bungling it.", "bungling", "loaded_verb", "Mara Hale"),
    ("The dockers, who brazenly defied the court, won.", "brazenly", "loaded_word", "dockers"),
    ("They met the Hale regime.", "Hale regime", "name_calling", "Hale regime"),
    ("More startling were the leaks.", "startling", "loaded_word", "leaks"),
    ("Mara Hale resorted to smears.", "smears", "name_calling", "Mara Hale"),
    ("The port has taken another swipe.", "swipe", "loaded_verb", "port"),
    ("It was another swipe.", "swipe", "loaded_verb", None),
    ("It was a reckless plan.", "reckless plan", "loaded_word", None),
    ("The reckless plan failed.", "reckless plan", "loaded_word", "plan"),
    ("The reckless regime failed.", "reckless regime", "name_calling", None),
    ("The dockers are obsessed with it.", "obsessed", "loaded_verb", "dockers"),
    ("Mara Hale sat with Ida Vance when she betrayed the town.", "betrayed", "loaded_verb", None),
    ("Mara Hale is now engaged in a witch hunt.", "witch hunt", "name_calling", "Mara Hale"),
    ("Mara Hale resorted to delays, feints and smears.", "smears", "name_calling", "Mara Hale"),
    ("Mara Hale fell with her own cult of loyalty.", "cult of loyalty", "name_calling", "Mara Hale"),
    ("Prices rose, infuriating Mara Hale.", "infuriating Mara Hale", "loaded_word", None),
    (
        "That was welcome news all over town for Hale's supporters, who relish it.",
        "relish",
        "loaded_verb",
        "Hale's supporters",
    ),
    ("The dockers were kept as grumpy guests.", "grumpy guests", "name_calling", "dockers"),
    ("Ida Vance took back a vow to slam the door.", "slam", "loaded_verb", None),
    ("The vote drew outrage.", "outrage", "loaded_word", "vote"),
    ("They met the unaccountable judges.", "unaccountable judges", "name_calling", "judges"),
    ("The dockers stayed. The mayor calls them thugs.", "thugs", "name_calling", "dockers"),
    ("There are ways to endure the pointlessly mundane jobs.", "pointlessly mundane", "loaded_word", "jobs"),
    ("You faced violent guards at the gate.", "violent", "loaded_word", "guards"),
    ("They wanted made-up job titles.", "made-up job titles", "loaded_word", "job titles"),
    ("They want quick, headline-grabbing concessions.", "headline-grabbing concessions", "metaphor", "concessions"),
    ("They spoke of illegal aliens.", "illegal aliens", "dysphemism", None),
    ("They left a hated Nixon administration.", "hated", "loaded_verb", "Nixon administration"),
    ("She spoke of Hale's history of racist remarks.", "racist remarks", "loaded_word", "Hale"),
    ("Ida Vance has said nothing as incendiary as Mara Hale has.", "incendiary", "loaded_word", "Mara Hale"),
    ("But as depressing as things look, go on.", "depressing", "loaded_word", "things"),
    ("Two films were deleted for hate speech.", "hate speech", "scare_quote", "films"),
    ("They attacked Mara Hale for cowardice.", "cowardice", "loaded_word", "Mara Hale"),
    ("It sent Port Ely into panic mode.", "panic mode", "loaded_word", "Port Ely"),
    ("If you like towns full of exotic charms, go.", "exotic charms", "loaded_word", "towns"),
    ("He accused the council of “playing roulette with lives”.", "roulette", "loaded_word", "council"),
    ("Despite Mara Hale espousing outright lies, they came.", "outright lies", "hyperbole", "Mara Hale"),
    ("“[Hale] tried again to muck around in our port.”", "muck around", "metaphor", "Hale"),
    ("The firms allowed themselves to become pawns of the port.", "pawns", "name_calling", "firms"),
    ("Vance cast the guild’s “mixture of fear and greed” as “a grave threat”.", "grave", "model", "guild"),
    ("Mara Hale told them, a comment seen as a slap at the council.", "slap", "metaphor", "comment"),
    ("Mara Hale resorts to sophistry, blame-shifting, and smears.", "smears", "loaded_word", "Mara Hale"),
    ("Port Ely led a march in May, trying to suppress it.", "suppress", "loaded_verb", "Port Ely"),
    ("She says men like Hale “try to rip everybody down”.", "rip", "loaded_verb", "Hale"),
    ("The talk prompted a firestorm of protests.", "firestorm", "metaphor", "protests"),
    ("They fed on a tapestry of lies.", "tapestry", "model", None),
    ("Nothing good came of Hale's four years of deceit.", "deceit", "loaded_word", "Hale"),
    (
        "It is the port's website that suffered from rampant glitches.",
        "rampant glitches",
        "loaded_word",
        "port's website",
    ),
    ("“Another attack by a loser,” Hale wrote.", "loser", "name_calling", None),
    ("Trump supporters were outraged.", "outraged", "loaded_word", "Trump supporters"),
    ("Meanwhile the Hale ministry is a shambles.", "shambles", "loaded_word", "Hale ministry"),
    ("His loved ones are marching, and the mayor calls them thugs.", "thugs", "name_calling", "his loved ones"),
]
LOADED = frozenset({"regime", "debacle", "smears", "smear campaign", "thug", "lies"})


@pytest.mark.parametrize(("text", "label", "category", "want"), TARGETS)
def test_targets(text: str, label: str, category: str, want: str | None) -> None:
    start = text.index(label)
    sentence = next(s for s in split_sentences(text) if s.start <= start < s.end)
    cast = cast_of(text, find_words(text))
    assert (
        find_target(cast, (sentence.start, sentence.end), (start, start + len(label)), category, loaded=LOADED) == want
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Hale",
                "said",
                "that",
                ",",
                ".",
                "“",
                "”",
                "the",
                "according to",
                "experts",
                "he",
                "\n\n",
                "was",
                "bad",
                ":",
            ]
        ),
        max_size=25,
    )
)
def test_voices_lie_inside_the_text_in_order(parts: list[str]) -> None:
    text = " ".join(parts)
    sentences, voices = hear(text)
    assert list(voices) == sorted(voices, key=lambda v: (v.start, -v.end))
    assert all(0 <= v.start < v.end <= len(text) for v in voices)
    assert len(sentence_voices(sentences, voices)) == len(sentences)


def test_words_announced_and_signed_are_one_block() -> None:
    text = (
        "The harbour was quiet.\n\nAccording to the pilot Mara Quill:\n\nThe pier will fall. Nobody checked the bolts."
        "\n\n— Mara Quill (@mquill) 4 May\n\nThe council met."
    )
    voices = analyze(text).voices
    assert [(text[v.start : v.end], v.speaker) for v in voices] == [
        ("The pier will fall. Nobody checked the bolts.", "Mara Quill")
    ]


def test_a_role_is_written_as_inside_a_sentence() -> None:
    text = "The lobby warned the town. His aide agreed."
    cast = cast_of(text, find_words(text))
    assert (cast.resolve(0, 2), cast.resolve(6, 8)) == ("the lobby", "his aide")


def ledger(text: str) -> list[tuple[str, str | None, str | None]]:
    """Each label of `text` with who says it and of whom."""
    return [(row["label"], row["speaker"], row["target"]) for row in summary(analyze(text))["ledger"]]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (
            'Tom Vance resigned. "He is a liar," said Council leader Ida Quarn. Her deputy, Oda Fenn, was blunter. '
            '"He is a thief," he said.',
            [("liar", "Ida Quarn", "Tom Vance"), ("thief", "Oda Fenn", None)],
        ),
        ("Critics say the plan is a disaster.", [("disaster", None, "plan")]),
        ("Ida Quarn thinks the council is a disgrace.", [("disgrace", "Ida Quarn", "council")]),
        ("Ida Quarn told a crowd of dockers the plan was a swindle.", [("swindle", "Ida Quarn", "plan")]),
        ("Mayor Mara Hale denied that she was a puppet of the developers.", [("puppet", None, "Mara Hale")]),
    ],
)
def test_who_calls_whom_what(text: str, want: list[tuple[str, str | None, str | None]]) -> None:
    assert ledger(text) == want


@pytest.mark.parametrize(
    "headline",
    ["Union: pay offer is an insult", "Fire chief: Warehouse blaze was sabotage", "Blaze was sabotage: police"],
)
def test_a_headline_that_names_its_source_is_reported_whatever_the_ear_hears(headline: str) -> None:
    assert [s.voice for s in analyze(headline + "\n\nThe port was shut on Monday.").sentences] == ["reported", "author"]
