"""Sentences, words and junk: text → exact pieces, and what holds for any text."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rhetoric.junk import is_junk
from rhetoric.segment import LONG_QUOTE, find_words, split_sentences

ALPHABET = st.characters() | st.sampled_from(" .!?…\n\r\t“”\"'()«»‘’ABab1\u2028\xa0\U0001f600\u0301א")
SHARED = Path(__file__).resolve().parents[2] / "shared"

LINES = [
    # one line each: its sentences, joined by a space
    ["The bus was late.", "Nobody minded."],
    ["Is it over?", "Yes!", "So the mayor says."],
    ["Dr. Hale met Gen. A. K. Brook in Jan. 1971.", "They agreed."],
    ["“We lost,” said Ms. Okoro, a nurse at St. Anne's.", "She left."],
    ["The bill, said Ms. Vale, is dead.", "It was hers."],
    ["The vote was in Boston, Mass.", "It was close."],
    ["It cost approx. $80m in all.", "The city paid half."],
    ["He was No. 2 on the list.", "She was No. 1."],
    ["See Vol. 9 and Fig. 4 of the survey.", "It is long."],
    ["The talks began at 5 a.m. Sunday near the port.", "They ended at noon."],
    ["The train leaves at 5 p.m. EST from here.", "It is full."],
    ["They met at 3 p.m.", "The room was cold."],
    ["The U.N. Security Council met.", "The U.S. Congress did not."],
    ["He moved to the U.S.", "He never returned."],
    ["Sen. Amy Hart, D-W.Va., and Rep. Lou Bell, R-N.D., spoke.", "Few came."],
    ["They met then-Sen. Amy Hart and ex-Gov. Lou Bell.", "Few came."],
    ["The anti-U.S. march and the North-South-U.N. summit were held.", "Both were short."],
    ["The firm, Acme Inc., lost money.", "Beta Corp. and Gamma Ltd. did not."],
    ["Prices rose 2.5 per cent. in spring.", "They fell in June."],
    ["The price rose by $3.5 million.", "Nobody knows why."],
    ["He waited... and then he left.", "The door stayed open."],
    ["The reign… is over.", "Nobody weeps."],
    ["No one knows…", "But the past is a guide."],
    ["It was late...", "The lamps went out."],
    ["“Who sent you?” she asked.", "He said nothing."],
    ["“Who sent you?” Hart asked the boy.", "He ran."],
    ["“Go home!” Mr. Bell shouted.", "They went."],
    ["“Land for bread!” was the cry.", "It faded."],
    ["“What a day!”", "He sat down."],
    ["“They lied to us. They knew it. It was a fraud,” said Ms. Lund.", "The firm denies it."],
    ["He wrote, “The war is over. Go home.”", "They went home."],
    ['"They are liars."', "That is what he said."],
    ['"Is it you?" the guard asked.', '"It is," Mr. Fox said.'],
    ["The ‘so-called’ truce fell apart.", "‘It was never real,’ an aide said."],
    ["The dogs' bowl was empty.", "It was the cats' turn."],
    ["The plan (see p. 14) was dropped.", "The mayor did not say why."],
    ["(It failed twice.)", "Then it worked."],
    ["The camp (as they called it. Twice.) was empty.", "The press left."],
    ["The speech lasted an hour.[12]", "It was mocked.[13]"],
    ["Wow! was the first word.", "There was no second."],
    ["The band Wham! played.", "The crowd sang."],
    ["iPhone sales fell.", "eBay rose."],
    ["The 4/7 attacks changed it all.", "2001 was a hinge year."],
    ["1. The mayor must go.", "2. The council must stay."],
    ["It is on example.com.", "The site is old."],
    ["They live on Main St.", "The house is red."],
    ["He read it to the end.", "https://example.org/a.b"],
    ["He lives near St. Mark's and Mt. Cook.", "They are far apart."],
    ["Prof. Lim, Messrs. Wu and Chan, etc.", "All were freed."],
    ["تم الاتفاق اليوم.", "هل انتهى؟"],
    ["הוא הלך.", "היא נשארה."],
    ["Cafe\u0301 owners \U0001f600 cheered.", "\U0001f1e9\U0001f1ea Fans did too."],
    ["The e\u0301lan was gone.", "\u200bIt came back."],
    ["all small letters here.", "and here too.", "really?", "yes."],
    ["Oil hit $75.20 a barrel on Nov. 3.", "Analysts expect more."],
    ["As the one fell, so will the other.", "So the essay says."],
    ["Lt. Col. Ray and Capt. Orr were hurt; Sgt. Ali was not.", "Both recover."],
    ["Gov. Dell vs. Mr. Quill was dull, e.g. on trade.", "Few watched."],
    ["John Cole Jr. spoke.", "His father did not."],
]

JUNK = """\
0|* * *|• • •|2,431|Advertisement|ADVERTISEMENT:|Continue reading the main story|Story continues below|LEAVE A REPLY
Leave a comment|Please enter your comment!|Please enter your name here|Post a comment|No comments yet|12 Comments
Comments (4)|Your email address will not be published.|Required fields are marked *|Cancel reply
You have entered an incorrect email address!|Notify me of new posts by email.|Log in to leave a comment|Share
Share this article|Share on Facebook|Facebook Twitter WhatsApp Email|Tweet|Follow us on Twitter|Like us on Facebook
Follow @example_news|415 shares|Sign up for our newsletter|Subscribe now|Get our best stories in your inbox.
By signing up, you agree to our terms.|You may opt out at any time.|Thank you for subscribing!
Click here to subscribe.|By Ada Quill|By Ada Quill and Bo Reed, Northern Post|Written by Ada Quill
Reporting by Ada Quill; Editing by Bo Reed|Ada Quill contributed to this report.|Published: 3 May 2021
Updated at 10:32 a.m.|May 3, 2021|3 min read|2 hours ago|Photo: Ada Quill/Northern Post|Photo by Bo Reed
Ada Quill/Getty Images|(AP Photo/Ada Quill)|REUTERS/Ada Quill|Image credit: Bo Reed|Read more: Why the bridge fell
READ MORE|Related: The long road|See also: The short road|Also read: The way home|Related articles
Click here for more|Watch: The bridge falls|More from the north|Most read|Recommended for you|Trending now
© 2021 Northern Post|Copyright 2021 Northern Post Ltd|All rights reserved.
This material may not be published or copied.|https://example.org/story
pic.twitter.com/abc123 — Ada Quill (@adaq) May 3, 2021|— Ada Quill (@adaq) May 3, 2021|ada@example.org
We use cookies to improve this site.|Accept all cookies|Privacy policy|Terms of use|Skip to content|Back to top|Menu
Search|Tags: bridge, river|Filed under: Roads|Associated Press|Reuters|Load more
Enable JavaScript to view the comments.""".replace("\n", "|").split("|")

ARTICLE = """\
The mayor read more than the report.|Read it and weep, she said.|By noon the bridge had fallen.
By Friday Morning it was over.|Share prices fell again.|Follow the money, he urged.
Comment is free, but facts are sacred.|Sign of the times.|Home is where it hurts.|More than 20 people died.
More: that was all he wanted.|Get out of here, he told the crowd.|Click.|Photo evidence was lost.
Watch the skies, the pilot said.|Subscribe to this view and you are lost.|Related cases were dropped.
Post offices will close.|You may leave now.|You also agree with him, do you not?|Please go home.
Please enter the hall by the side door, the guard said.|The photo, by Ada Quill, shows a bridge.|In 2001 it fell.
Reuters reported the fall.|Advertisement of the post drew no reply.|The Associated Press reported it first.
Search teams found nothing.|Published in 1971, the book was banned.|View it as a warning.
Update your maps, the army said.|This article of faith fell.|This story has no end.|Leave a light on.
Thank you for the flowers, she wrote.|Reply came there none.|Top officials resigned.|Updated rules apply from May.
Support our troops, the sign said.|Menu prices rose.
Sponsored by a mill owner, the rule made life hard for the small farms along the river and was dropped in the end.
Supporters wave flags outside the court in Ostrava on Monday.|Names matter.|Email records show the order.
No comment was made.|Vote early, he said.|Terms of trade got worse.|Accept it.
Video of the fall was shown to the court.|Print is dead, they say.|“Not good!”|Why?|No.|He left @noon, she wrote.
12 people died.|2001 was a hinge year.|Copyright law is old.|AP reported it.""".replace("\n", "|").split("|")

WRAPPED = """\
The council met on Monday to talk about the old bridge over
the river, which has been closed since the flood of spring.
Nobody spoke for long. The mayor said that the town had no
money for a new one.

“We will wait,” she said, “until the county pays for it as
it has promised to do.” The meeting ended at nine.
"""


def pieces(text, quotes=()):
    return [text[s.start : s.end] for s in split_sentences(text, quotes)]


@pytest.mark.parametrize("sentences", LINES, ids=lambda s: s[0][:40])
def test_sentences_joined_by_a_space_come_apart_again(sentences):
    assert pieces(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A dry town\n\nThe well is empty.", ["A dry town", "The well is empty."]),
        ("One ends.\r\nTwo ends.\r\n\r\nThree.\r\n", ["One ends.", "Two ends.", "Three."]),
        ("\t One.\t\tTwo.\n \n\t", ["One.", "Two."]),
        ("No end mark here", ["No end mark here"]),
        ("x", ["x"]),
        (" \n\t", []),
        ("", []),
        ("He said\xa0no.\u2028She\u2003said yes.", ["He said\xa0no.", "She\u2003said yes."]),
        ("A \ud800 stray half. Then more.", ["A \ud800 stray half.", "Then more."]),
        ("A J.\u2028\u3000Smith\xa0B.\u2009C met.", ["A J.", "Smith\xa0B.\u2009C met."]),
        ("“An open mark. It stays open.\n\nNext one.", ["“An open mark.", "It stays open.", "Next one."]),
        ("It fell, he said. “The dam broke. We ran.", ["It fell, he said.", "“The dam broke.", "We ran."]),
        ("It ended.The next day came. It rained.", ["It ended.", "The next day came.", "It rained."]),
        ("A list:\n- one thing\n- another thing", ["A list:", "- one thing", "- another thing"]),
    ],
)
def test_lines_spaces_and_odd_characters(text, expected):
    assert pieces(text) == expected


def test_no_sentence_ends_inside_a_short_quotation():
    text = "She said «We came. We saw. We left.» and sat down. He stood."
    quote = (text.index("«"), text.index("»") + 1)
    assert pieces(text, [quote]) == ["She said «We came. We saw. We left.» and sat down.", "He stood."]
    text = "She said “We came. We saw.\nWe left.” He stood."
    quote = (text.index("“"), text.index("”") + 1)
    assert pieces(text, [quote]) == ["She said “We came. We saw.", "We left.”", "He stood."]


def test_a_long_quotation_comes_apart():
    parts = [
        f"The flood took the house of family number {i}, and no one came to help them that year." for i in range(6)
    ]
    quote = "“" + " ".join(parts) + "”"
    assert len(quote) > LONG_QUOTE
    expected = ["“" + parts[0], *parts[1:-1], parts[-1] + "”", "She wept."]
    assert pieces(quote + " She wept.") == expected
    assert pieces(quote + " She wept.", [(0, len(quote))]) == expected


def test_hard_wrapped_text_is_read_across_its_lines():
    expected = [
        "The council met on Monday to talk about the old bridge over\n"
        "the river, which has been closed since the flood of spring.",
        "Nobody spoke for long.",
        "The mayor said that the town had no\nmoney for a new one.",
        "“We will wait,” she said, “until the county pays for it as\nit has promised to do.”",
        "The meeting ended at nine.",
    ]
    assert pieces(WRAPPED) == expected
    assert pieces(WRAPPED.replace("\n", "\r\n")) == [e.replace("\n", "\r\n") for e in expected]
    assert [s.paragraph for s in split_sentences(WRAPPED)] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.\n\nThree.\n\n\nFour.", [0, 0, 1, 2]),
        ("One here.\nTwo here.\n\nThree.", [0, 0, 1]),
        ("One here.\nTwo here.\nThree.", [0, 1, 2]),
        ("\n\nOne here.\nTwo here.\n\n", [0, 1]),
        ("One here.\r\n\r\nTwo here.", [0, 1]),
    ],
)
def test_paragraphs_are_blank_line_blocks_or_else_lines(text, expected):
    assert [s.paragraph for s in split_sentences(text)][-len(expected) :] == expected


@given(
    st.text(
        alphabet=st.characters() | st.sampled_from(" .!?…\n\r\t“”\"'()«»‘’ABab1\u2028\xa0\U0001f600\u0301א"),
        max_size=80,
    )
)
@settings(max_examples=300, deadline=None)
@example("A J.\u2028 B\u3000.")
@example("\ud800\udc00. \udfff")
def test_sentences_hold_every_character_that_is_no_space(text):
    spans = split_sentences(text)
    assert [s.start for s in spans] == sorted(s.start for s in spans)
    end = 0
    for span in spans:
        assert not text[end : span.start].strip()
        piece = text[span.start : span.end]
        assert piece and piece == piece.strip()
        end = span.end
    assert not text[end:].strip()


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000_000, "“a " * 1_700_000, "The quick fox ran. " * 260_000, "a" * 9_000 + ". “B " * 2_000],
    ids=["one word", "open quotation marks", "one line", "no space, then marks"],
)
def test_a_huge_line_is_split_in_seconds(text):
    started = time.process_time()
    spans = split_sentences(text)
    assert time.process_time() - started < 20
    assert sum(len(text[s.start : s.end].split()) for s in spans) >= len(text.split())


@pytest.mark.parametrize("line", JUNK)
def test_lines_round_an_article_are_junk(line):
    assert is_junk(line)


@pytest.mark.parametrize("line", ARTICLE)
def test_sentences_of_an_article_are_no_junk(line):
    assert not is_junk(line)


@pytest.mark.parametrize("word", ["share", "facebook", "you", "read", "#a", "By", "(AP", "by signing up"])
@pytest.mark.parametrize("filler", [" copy link", " https://a#a", " on", " A.", "/a", ". A", " you agree"])
def test_no_sentence_is_long_in_the_judging(word, filler):
    started = time.process_time()
    is_junk((word + filler * 150)[:298] + "\x01")
    assert time.process_time() - started < 0.1


def test_junk_is_marked_where_it_stands():
    text = "The dam broke.\n\nLEAVE A REPLY\n\nPlease enter your comment!"
    assert [s.junk for s in split_sentences(text)] == [False, True, True]


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, which is not part of the project")
def test_boundaries_on_the_segmentation_benchmark():
    hit = wrong = missed = 0
    for item in json.loads((SHARED / "benchmarks/segmentation.json").read_text(encoding="utf-8")):
        text = " ".join(item)
        gold = {len(" ".join(item[:i])) for i in range(1, len(item))}
        quotes = [m.span() for m in re.finditer(r'“[^”]*”|"[^"]*"', text)]
        found = {s.end for s in split_sentences(text)} - {len(text)}
        assert found == {s.end for s in split_sentences(text, quotes)} - {len(text)}
        hit, wrong, missed = hit + len(gold & found), wrong + len(found - gold), missed + len(gold - found)
    assert 2 * hit / (2 * hit + wrong + missed) >= 0.96


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, which is not part of the project")
def test_junk_agrees_with_the_labels():
    right = wrong = missed = 0
    for line in (SHARED / "corpus/train.jsonl").read_text(encoding="utf-8").splitlines()[:300]:
        article = json.loads(line)
        junk = {s.start for s in split_sentences(article["text"]) if s.junk}
        for s in article["sentences"]:
            right += s["junk"] and s["start"] in junk
            wrong += not s["junk"] and s["start"] in junk
            missed += s["junk"] and s["start"] not in junk
    assert right / (right + wrong) > 0.9
    assert right / (right + missed) > 0.6


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared, which is not part of the project")
def test_the_footer_of_the_first_article_is_junk():
    text = (SHARED / "articles/moscow_claims.txt").read_text(encoding="utf-8")
    spans = split_sentences(text)
    assert [text[s.start : s.end].isupper() or s.end - s.start < 30 for s in spans if s.junk] == [True] * 4
    assert [s.junk for s in spans[-3:]] == [True] * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor's “plan” fell.", ["the", "mayor", "'s", "“", "plan", "”", "fell", "."]),
        ("Don't pay 3,500.50 €!", ["don't", "pay", "3,500.50", "€", "!"]),
        ("Cafe\u0301 \U0001f600 über-rich", ["cafe\u0301", "\U0001f600", "über", "-", "rich"]),
        ("İstanbul’s STRASSE", ["İstanbul", "'s", "strasse"]),
        ("", []),
    ],
)
def test_words_and_marks(text, expected):
    words = find_words(text)
    assert words.lower == expected
    assert [len(w) for w in words.lower] == (words.end - words.start).tolist()
