"""Coded signals: text in, exact evidence out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhetoric.lexicon import Lexicons, bear_out, load
from rhetoric.lexicon_check import begins
from rhetoric.quotes import find_quotes
from rhetoric.segment import find_words, split_sentences
from rhetoric.signals import Evidence, find_evidence

FILES = {
    "charged/loaded_word": """
        "brutal", { text = "vile", neutral = "bad" }, { text = "corrupt", grade = 1 }, "utterly",
        { text = "shameful", grade = 1 }, "heroic", { text = "alarming", neutral = "of concern" },
        { text = "lofty", grade = 1, company = 1 } """,
    "charged/name_calling": """
        { text = "thug", inflect = "noun", neutral = "attacker" }, { text = "warlord", inflect = "noun" }, "nazi",
        { text = "fascist", inflect = "noun", neutral = "far-right politician" } """,
    "charged/loaded_verb": '{ text = "slam", inflect = "verb" }',
    "charged/hyperbole": '{ text = "endless", grade = 1 }',
    "unhedged/booster": '"of course", "it is clear"',
    "prediction/analogy": '"history repeats itself"',
    "attribution/neutral": '{ text = "say", forms = ["said", "says"] }, "according to"',
}
Find = Callable[[str], list[Evidence]]


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Find:
    root = tmp_path_factory.mktemp("lexicons")
    for name, terms in FILES.items():
        signal, category = name.split("/")
        path = root / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f'signal = "{signal}"\ncategory = "{category}"\nwhy = "A test."\nsource = "Here."\nlicence = "MIT"\n'
            f'inflect = "{"adjective" if category == "loaded_word" else "none"}"\nterms = [{terms}]\n'
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(root / "cache"))
        lexicons = load(Path(root), shipped=False)
    return lambda text: _evidence(text, lexicons)


def _evidence(text: str, lexicons: Lexicons) -> list[Evidence]:
    """What the straight line would find."""
    words = find_words(text)
    quotes = find_quotes(text)
    sentences = split_sentences(text, [(quote.start, quote.end) for quote in quotes])
    first = begins(words)
    first[[int(words.start.searchsorted(sentence.start)) for sentence in sentences]] = True
    return find_evidence(text, words, sentences, quotes, lexicons.match(words, first), lexicons)


def spans(text: str, found: Iterable[Evidence], category: str) -> list[str]:
    """The matched texts of one category."""
    return [text[one.start : one.end] for one in found if one.category == category]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The minister praised the “reform” of the courts.", ["“reform”"]),
        ('They took part in a "rescue mission" on the coast.', ['"rescue mission"']),
        ("The town lost its “experts” in a week.", ["“experts”"]),
        ("Residents wait for the ‘recovery’ of their street.", ["‘recovery’"]),
        ("The board sold the “worker-owned” mill.", ["“worker-owned”"]),
        ("Nobody saw this “liberation” coming.", ["“liberation”"]),
        ("The firm and its “partners” left town.", ["“partners”"]),
        ("Five years of “progress” brought no jobs.", ["“progress”"]),
        ("He paid for that “free” lunch.", ["“free”"]),
        ("The harbour got another “study” and no crane.", ["“study”"]),
        ("The plan is a “solution” and nothing more, if the ‘numbers’ hold.", ["“solution”", "‘numbers’"]),
        ("The league’s “peace plan” leaves the guns where they are.", ["“peace plan”"]),
        ("The mill’s “manager” is nine years old.", ["“manager”"]),
        ("The “experts” on the board met once and said yes.", ["“experts”"]),
        ("He voted “no” again.", []),
        ("The “reform” said to come is late.", []),
        ("“He is a thug,” said Ilse Brandt.", []),
        ("Ilse Brandt said the “reform” would fail.", []),
        ("Ilse Brandt said so. The “reform” is late.", []),
        ("The word “reform” has six letters.", []),
        ("A boat named “swallow” sank.", []),
        ("They read “The Long Road” in class.", []),
        ("The paper was “ready” by noon.", []),
        ("They wanted to “delay” the vote.", []),
        ("The “wadi” (a dry valley) filled with water.", []),
        ("The “wadi” or dry valley filled with water.", []),
        ("The sign “keep off the grass please” fell.", []),
        ("Bus “42” is late.", []),
        ("The slogan “forward” hung above the door.", []),
        ("It’s the boys’ boat and the girls’ race.", []),
        ("The report calls it “completely” dry.", []),
        ("The “reform is late.", []),
    ],
)
def test_scare_quotes(find: Find, text: str, expected: list[str]) -> None:
    found = find(text)
    assert spans(text, found, "scare_quote") == expected
    assert all((one.signal, one.grade) == ("charged", 1) for one in found if one.category == "scare_quote")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First the tax, then Taxgate. A Tax is due.", ["Taxgate"]),
        ("Call it Harbour-gate: the Harbour case drags on.", ["Harbour-gate"]),
        ("The Nazis left; this is no Naziland.", ["Naziland"]),
        ("Tomorrow it is Naziland.", ["Naziland"]),
        ("Harker won. Welcome to Harkerland.", ["Harkerland"]),
        ("Harker won. Welcome to Harkeristan and Harkerstan.", ["Harkerstan"]),
        ("They sell Harkernomics as science.", ["Harkernomics"]),
        ("Forecasters feared a snowmageddon.", ["snowmageddon"]),
        ("It was the Carpocalypse again.", ["Carpocalypse"]),
        ("Harker's Harkerland's gate.", ["Harkerland"]),
        ("HARKER and the Harker-land rules of Harker.", ["Harker-land"]),
        ("Pakistan and Switzerland met in Poland.", []),
        ("The Scots of Scotland and the Thais of Thailand.", []),
        ("The delegate will investigate and mitigate.", []),
        ("Mr Garland met Ms Copeland on the island.", []),
        ("The gate at Westgate is shut. Go West.", []),
        ("He studies economics and macroeconomics.", []),
        ("They walked inland to the highland farmland.", []),
        ("Armageddon is a film.", []),
        ("Harkerland is a village in the north.", []),
        ("The floodgates and landgates are shut.", []),
        ("Gate, land, stan.", []),
        ("The Landgate and the Newgate are old.", []),
    ],
)
def test_coinages(find: Find, text: str, expected: list[str]) -> None:
    assert spans(text, find(text), "coinage") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They are vile, corrupt thugs.", ["vile, corrupt thugs"]),
        ("The vile thugs left.", ["vile thugs"]),
        ("These brutal and vile warlords rule.", ["brutal and vile warlords"]),
        ("An utterly vile, brutal regimen.", ["utterly vile, brutal regimen"]),
        ("Corrupt, shameful, brutal and loud.", ["Corrupt, shameful, brutal"]),
        ("The brutal-heroic style.", ["brutal-heroic style"]),
        ("They met vile thugs or warlords there.", ["vile thugs or warlords"]),
        ("The nazi warlord fled.", ["nazi warlord"]),
        ("It was vile & brutal.", ["vile & brutal"]),
        ("He slammed the vile brutal rules, of course.", ["vile brutal rules"]),
        ("The corrupt thugs left.", []),
        ("They slammed thugs.", []),
        ("Vile. Brutal. Over.", []),
        ("The vile rules of the thugs.", []),
        ("Utterly vile.", []),
        ("Endless brutal rain.", []),
        ("He is brutal; she met thugs.", []),
        ("The thugs, he said, are vile.", []),
        ("A thug saw the warlord.", []),
        ("No rule is shameful and corrupt.", []),
    ],
)
def test_stacked_labels(find: Find, text: str, expected: list[str]) -> None:
    found = find(text)
    assert spans(text, found, "stacked") == expected
    assert all(one.grade == 3 for one in found if one.category == "stacked")


@pytest.mark.parametrize(
    ("text", "expected", "neutral"),
    [
        ("An alarming pattern.", "alarming pattern", "pattern of concern"),
        ("It is alarming.", "alarming", "of concern"),
        ("The fascist groups left.", "fascist groups", None),
        ("A bread-and-vile diet.", "bread-and-vile diet", None),
        ("Some thug-lovers left.", "thug-lovers", None),
        ("A thug - lovers left.", "thug", "attacker"),
        ("The vile attack on the port.", "vile attack", "bad attack"),
        ("A vile night attack, again.", "vile night attack", "bad night attack"),
        ("It was vile.", "vile", "bad"),
        ("A truly vile idea.", "truly vile idea", "truly bad idea"),
        ("They beat masked thugs.", "masked thugs", "masked attacker"),
        ("The Ostmark thugs fled.", "Ostmark thugs", "Ostmark attacker"),
        ("The thugs fled.", "thugs", "attacker"),
        ("The vile rebels attack.", "vile rebels", "bad rebels"),
        ("They vile and quickly left.", "vile", "bad"),
        ("The vile  end.", "vile  end", "bad  end"),
        ("An early vile.", "vile", "bad"),
    ],
)
def test_charged_hits_take_the_phrase_that_carries_the_charge(
    find: Find, text: str, expected: str, neutral: str | None
) -> None:
    (one,) = [one for one in find(text) if one.signal == "charged"]
    assert (text[one.start : one.end], one.neutral) == (expected, neutral)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A lofty hall.", []),
        ("A lofty plan by thugs.", ["lofty plan", "thugs"]),
        ("Thugs fled. A lofty hall.", ["Thugs", "lofty hall"]),
        ("Thugs fled. It rained. A lofty hall.", ["Thugs"]),
        ("A lofty hall, a lofty roof.", []),
        ("They slammed the lofty plan.", ["slammed", "lofty plan"]),
        ("Of course it is lofty.", []),
    ],
)
def test_mild_terms_count_only_in_charged_company(find: Find, text: str, expected: list[str]) -> None:
    assert [text[one.start : one.end] for one in find(text) if one.signal == "charged"] == expected


@pytest.mark.parametrize(
    ("needed", "sentences", "counts"),
    [
        ([2, 0], [3, 3], [False, True]),
        ([2, 0, 0], [3, 3, 3], [True, True, True]),
        ([0, 2, 0], [2, 3, 4], [True, True, True]),
        ([0, 0, 2], [1, 2, 3], [True, True, False]),
        ([2, 1, 0], [3, 3, 3], [False, True, True]),
    ],
)
def test_the_mildest_terms_need_two_strong_ones_near(
    needed: list[int], sentences: list[int], counts: list[bool]
) -> None:
    assert bear_out(needed, sentences) == counts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is obvious that the bridge fails.", ["It is obvious that"]),
        ("It's perfectly plain that he lied.", ["It's perfectly plain that"]),
        ("By now it is quite clear that he left.", ["it is quite clear that"]),
        ("It is no secret that he left.", ["It is no secret that"]),
        ("It’s no coincidence that prices rose.", ["It’s no coincidence that"]),
        ("It has become undeniable that he left.", ["It has become undeniable that"]),
        ("It should be evident why he left.", ["It should be evident"]),
        ("It is self-evident that he left.", ["It is self-evident that"]),
        ("It is understandable that they left.", ["It is understandable that"]),
        ("It was no surprise that it rained.", ["It was no surprise that"]),
        ("It is clear that he left.", ["It is clear that"]),
        ("It is clear.", ["It is clear"]),
        ("The water is clear that day.", []),
        ("It is not clear that he left.", []),
        ("It is unclear that he left.", []),
        ("It is a secret that he left.", []),
        ("The secret that he kept is out.", []),
        ("It is far from obvious that he left.", []),
        ("She made it plain how to go.", []),
        ("An obvious fault that nobody saw.", []),
        ("Is it certain that he left?", []),
        ("The surprise that he planned is over.", []),
        ("Sure. Obvious that.", []),
        ("It may be true that he left.", []),
    ],
)
def test_frames_that_settle_a_matter(find: Find, text: str, expected: list[str]) -> None:
    assert spans(text, find(text), "booster") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("As the north fell, so will the south.", ["so will"]),
        ("As the north fell, so too will the south.", ["so too will"]),
        ("Just as Ostmark was lost, Westmark too will be lost.", ["too will"]),
        ("As Ostmark slid into war, Westmark too eventually will slide.", ["too eventually will"]),
        ("Marland could become the next Vietnam.", ["the next Vietnam"]),
        ("This war will be another Iraq.", ["another Iraq"]),
        ("The talks may bring a new Cold War.", ["a new Cold War"]),
        ("The island risks a second Chernobyl.", ["a second Chernobyl"]),
        ("The league, like Rome before it, will fall.", ["like Rome before it"]),
        ("Like the old kings before him, he will lose his crown.", ["Like the old kings before him"]),
        ("History repeats itself.", ["History repeats itself"]),
        ("The next train will be late.", []),
        ("They flew to another Greek island.", []),
        ("The new Iraq will hold a vote.", []),
        ("They hope to avoid another Iraq, and may.", []),
        ("The Second World War will be taught.", []),
        ("He was tired, so will sleep.", []),
        ("She will come, and he will come too.", []),
        ("As he left, he was so tired.", []),
        ("He left before it rained and will return.", []),
        ("People like him left before it ended.", []),
        ("He read another Vietnam novel.", []),
        ("It will be over the next day.", []),
    ],
)
def test_analogies_that_yield_the_future(find: Find, text: str, expected: list[str]) -> None:
    assert spans(text, find(text), "analogy") == expected


def test_evidence_is_sorted_exact_and_free_of_doubles(find: Find) -> None:
    text = "Of course vile thugs slammed the “rescue” of Harkerland. Now it is clear that Harker lost. She said so."
    found = find(text)
    assert [one[:2] for one in found] == sorted(one[:2] for one in found)
    assert [(one.category, text[one.start : one.end]) for one in found] == [
        ("booster", "Of course"),
        ("stacked", "vile thugs"),
        ("loaded_verb", "slammed"),
        ("scare_quote", "“rescue”"),
        ("coinage", "Harkerland"),
        ("booster", "it is clear that"),
        ("neutral", "said"),
    ]
    assert find("") == []


PIECES = ["vile", "thugs", "corrupt", "brutal", "slammed", "the", "and", ",", ".", "\n\n", "“", "”", '"', "‘", "’", "-"]
PIECES += ["it", "is", "clear", "that", "no", "secret", "as", "so", "too", "will", "next", "Vietnam", "Harkerland"]
PIECES += ["Harker", "utterly", "said", "before", "like", "😀", "e\u0301", "İ", "ﬁ"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join) | st.text(max_size=60))
def test_evidence_of_any_text_is_exact_and_charged_phrases_do_not_overlap(find: Find, text: str) -> None:
    found = find(text)
    assert [(one.start, one.end) for one in found] == sorted((one.start, one.end) for one in found)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip() == text[one.start : one.end]
    charged = [one for one in found if one.signal == "charged"]
    assert all(one.end <= two.start for one, two in zip(charged, charged[1:], strict=False))


def test_a_label_takes_no_verb_along(find: Find) -> None:
    text = "The warlord took a village. A thug exists only on paper, and the thug state fell."
    assert spans(text, find(text), "name_calling") == ["warlord", "thug", "thug state"]
