"""Lexicons: reading, compiling, matching, and the shipped files against their own examples."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric import lexicon
from rhetoric.lexicon import Lexicons, load
from rhetoric.lexicon_check import begins, check, check_against, find_terms
from rhetoric.lexicon_files import LexiconError, inflect, shipped_folder
from rhetoric.segment import find_words

HEAD = """
signal = "charged"
category = "made_up"
why = "Words nobody uses."
source = "This test."
licence = "MIT"
"""
BODY = """
grade = 2
inflect = "noun"
negated_by = ["no", "not", "hardly", "far from"]
terms = [
  "snark",
  { text = "brillig boojum", grade = 3, neutral = "boojum maker" },
  { text = "boojum", case = "lower", exceptions = ["boojum museum", "grand boojum of"] },
  { text = "galumph about", head = "galumph", inflect = "verb", note = "A note." },
  { text = "vorpal", inflect = "adjective", forms = ["vorpaller"] },
  { text = "frumious vorpal", exceptions = ["vorpal sword"] },
  { text = "Tove", case = "exact", inflect = "none" },
  { text = "outgrabe", case = "exact", inflect = "none" },
  { text = "mimsy", case = "any", negated_by = [] },
  "old-world toff",
]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lexicons")
    (root / "charged").mkdir()
    (root / "charged" / "made_up.toml").write_text(HEAD + BODY)
    return root


@pytest.fixture(scope="module")
def made(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Lexicons:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return load(folder, shipped=False)


def found(lexicons: Lexicons, text: str) -> list[str]:
    """The texts that the made-up category matches."""
    return [text[start:end] for start, end, term in find_terms(lexicons, text) if lexicons.terms[term][1] == "made_up"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The snark fled.", ["snark"]),
        ("The snarks' cave and the snark's den.", ["snarks", "snark"]),
        ("Snarks flee.", ["Snarks"]),
        ("He galumphed about and is galumphing\nabout.", ["galumphed about", "galumphing\nabout"]),
        ("A brillig boojum came.", ["brillig boojum"]),
        ("A brillig-boojum and brillig  boojums.", ["brillig-boojum", "brillig  boojums"]),
        ("An old world toff, an old-world toff.", ["old world toff", "old-world toff"]),
        ("An old‑world-toff.", ["old‑world-toff"]),
        ("A vorpaller day.", ["vorpaller"]),
        ("snark-like and anti-snark", ["snark", "snark"]),
        ("“Snark!” he said, ‘snark’ and (snark).", ["Snark", "snark", "snark"]),
        ("snark — boojum", ["snark", "boojum"]),
        ("", []),
        ("The snarkish snarked unsnark.", []),
        ("Brillig. Boojums flee.", ["Boojums"]),
        ("It was brillig, boojum and all.", ["boojum"]),
        ("brillig - boojum", ["boojum"]),
        ("A 3-snark deal for €5.", ["snark"]),
    ],
)  # fmt: skip
def test_terms_are_found_as_whole_words_the_longest_first(made: Lexicons, text: str, expected: list[str]) -> None:
    assert found(made, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We saw a Snark there.", ["Snark"]),
        ("He works for the Snark Records label.", []),
        ("They met Lena Snark on Monday.", []),
        ("He met J. Snark on Monday.", []),
        ("Now it is Operation Snark, they said.", []),
        ("This is no place; The Snark is here.", ["Snark"]),
        ("Angry Snarks Storm Harbour After Long Wait", ["Snarks"]),
        ("ANGRY SNARKS STORM HARBOUR", ["SNARKS"]),
        ("They are SNARKS indeed.", ["SNARKS"]),
        ("Snark Records rose.", ["Snark"]),
        ("They like Mimsy Hall in spring.", ["Mimsy"]),
        ("The boojum came to Boojum.", ["boojum"]),
        ("Boojum is here.", ["Boojum"]),
        ("The Tove and the tove.", ["Tove"]),
        ("The song “Snark” was played.", []),
        ("The song “snark” was played.", ["snark"]),
        ("“Snark,” he said. “Snark” it is.", ["Snark", "Snark"]),
        ("He said: “Snark”", ["Snark"]),
        ("They outgrabe daily. Outgrabe was a person.", ["outgrabe"]),
    ],
)
def test_capitals_of_names_are_no_hits_and_those_of_headlines_are(
    made: Lexicons, text: str, expected: list[str]
) -> None:
    assert found(made, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He is no snark.", []),
        ("It is hardly a snark.", []),
        ("It is not a very vorpal day.", []),
        ("It is far from vorpal.", []),
        ("He is not “a snark” at all.", []),
        ("He is not a brillig boojum.", []),
        ("No. Snarks came.", ["Snarks"]),
        ("No, snarks came.", ["snarks"]),
        ("Not the usual tall green snark.", ["snark"]),
        ("It is far away, vorpal and big.", ["vorpal"]),
        ("It is not mimsy.", ["mimsy"]),
    ],
)
def test_negated_terms_are_no_hits(made: Lexicons, text: str, expected: list[str]) -> None:
    assert found(made, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In the boojum museum.", []),
        ("Two boojums museum.", []),
        ("The grand boojum of Ostmark.", []),
        ("A brillig boojum museum.", ["brillig boojum"]),
        ("The frumious vorpal sword.", []),
        ("The frumious vorpal knife.", ["frumious vorpal"]),
    ],
)
def test_exceptions_hide_what_they_cover(made: Lexicons, text: str, expected: list[str]) -> None:
    assert found(made, text) == expected


@pytest.mark.parametrize(
    ("text", "head", "kind", "expected"),
    [
        ("thug", None, "noun", ["thugs"]),
        ("witch", None, "noun", ["witches"]),
        ("enemy", None, "noun", ["enemies"]),
        ("toy boy", None, "noun", ["toy boys"]),
        ("zealot-in-chief", "zealot", "noun", ["zealots-in-chief"]),
        ("slam", None, "verb", ["slams", "slammed", "slamming"]),
        ("seize on", "seize", "verb", ["seizes on", "seized on", "seizing on"]),
        ("decry", None, "verb", ["decries", "decried", "decrying"]),
        ("lie", None, "verb", ["lies", "lied", "lying"]),
        ("target", None, "verb", ["targets", "targeted", "targeting", "targetted", "targetting"]),
        ("flee", None, "verb", ["flees", "fleeing"]),
        ("harsh", None, "adjective", ["harsher", "harshest"]),
        ("ugly", None, "adjective", ["uglier", "ugliest"]),
        ("disastrous", None, "adjective", []),
        ("of course", None, "none", []),
    ],
)
def test_forms_follow_spelling_and_stems(text: str, head: str | None, kind: str, expected: list[str]) -> None:
    assert [form for form in inflect(text, head, kind) if form != "fleed"] == expected


def test_terms_carry_what_the_file_says(made: Lexicons) -> None:
    terms = {term.text: term for term in made.terms if term.category == "made_up"}
    assert terms["brillig boojum"][2:6] == ("brillig boojum", 3, "Words nobody uses.", "boojum maker")
    assert terms["galumph about"].why == "A note."
    assert terms["snark"].grade == 2


def test_forms_of_a_term_can_be_shown(made: Lexicons) -> None:
    at = {term.text: index for index, term in enumerate(made.terms)}
    assert made.forms(at["boojum"]) == (
        ["boojum", "boojums"],
        ["boojum museum", "boojums museum", "grand boojum of", "grand boojums of"],
    )
    assert made.forms(at["galumph about"])[0] == [
        "galumph about",
        "galumphed about",
        "galumphing about",
        "galumphs about",
    ]


def test_every_term_finds_itself_and_check_says_nothing(made: Lexicons) -> None:
    assert [problem for problem in check(made)] == []


def test_check_tells_wrong_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "mine" / "charged").mkdir(parents=True)
    (tmp_path / "mine" / "charged" / "made_up.toml").write_text(
        HEAD + 'terms = ["snark"]\n[examples]\nhit = [["A boojum fled.", "boojum"]]\nmiss = ["A snark fled."]\n'
    )
    problems = [problem[1:] for problem in check(load(tmp_path / "mine", shipped=False))]
    assert problems == [("missed", "boojum", "A boojum fled."), ("false hit", "snark", "A snark fled.")]


PIECES = ["snark", "Snark", "boojum", "brillig", "not", "far", "from", "vorpal", "frumious", "sword", "museum", "the"]
PIECES += [".", ",", "-", "“", "”", "Tove"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES)), st.lists(st.sampled_from(PIECES)))
def test_texts_in_a_row_give_the_same_as_alone(made: Lexicons, one: list[str], two: list[str]) -> None:
    one.append("end")
    texts = [" ".join(one), " ".join(two)]
    words = [find_words(text) for text in texts]
    apart = [made.match(w, begins(w)) for w in words]
    both = find_words("\n\n".join(texts))
    first = np.concatenate([begins(w) for w in words])
    shift = len(words[0].lower)
    assert made.match(both, first) == apart[0] + [(b + shift, e + shift, t) for b, e, t in apart[1]]
    for begin, end, term in made.match(both, first):
        assert 0 <= begin < end <= len(both.lower)
        assert made.terms[term].signal
    charged = [m for m in made.match(both, first) if made.terms[m.term].signal == "charged"]
    assert all(a.end <= b.begin for a, b in zip(charged, charged[1:], strict=False))


# --- files ---------------------------------------------------------------------------------------------------------


def write(root: Path, name: str, text: str) -> Path:
    """A folder with one lexicon file."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("charged/made_up.toml", HEAD + "terms = [", "made_up.toml"),
        ("charged/made_up.toml", HEAD + 'terms = ["x"]\ncolour = "red"', "unknown key 'colour' (value 'red')"),
        ("charged/made_up.toml", HEAD + "grade = 4", "grade is 4; use one of 0, 1, 2, 3"),
        ("charged/made_up.toml", HEAD + "grade = true", "grade is True; it must be a int"),
        ("charged/made_up.toml", HEAD + 'inflect = "adverb"', "inflect is 'adverb'"),
        ("charged/made_up.toml", HEAD + 'terms = [{ text = "x", case = "upper" }]', "term 'x': case is 'upper'"),
        ("charged/made_up.toml", HEAD + 'terms = [{ text = "Snark" }]', "term 'Snark': text must be lower case"),
        ("charged/made_up.toml", HEAD + 'terms = [{ text = "a b", head = "c" }]', "term 'a b': head is 'c'"),
        ("charged/made_up.toml", HEAD + "terms = [3]", "terms[1] is 3"),
        ("charged/made_up.toml", HEAD + 'terms = ["x", "x"]', "term 'x' stands twice"),
        ("charged/made_up.toml", HEAD + 'terms = [{ text = "x", forms = [1] }]', "term 'x': forms holds 1"),
        ("charged/made_up.toml", HEAD + 'terms = ["--"]', "term '--': text holds no word"),
        ("charged/made_up.toml", HEAD + '[examples]\nhits = [["a", "b"]]', "unknown key examples.hits"),
        ("charged/made_up.toml", HEAD + '[examples]\nhit = ["a"]', "examples.hit holds 'a'"),
        ("charged/other.toml", HEAD, "category is 'made_up'; its place says 'other'"),
        ("hedge/made_up.toml", HEAD, "signal is 'charged'; its place says 'hedge'"),
        ("loaded/made_up.toml", HEAD, "'loaded' is no signal"),
        ("made_up.toml", HEAD, "put it into a folder named after its signal"),
        ("charged/made_up.toml", HEAD.replace("why", "#") + 'terms = ["x"]', "why is missing"),
        ("charged/made_up.toml", HEAD + 'disable = ["no such snark"]', "disable holds 'no such snark'"),
    ],
)
def test_mistakes_are_told_by_file_key_and_value(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(LexiconError) as error:
        load(write(tmp_path, name, text), shipped=False)
    assert said in str(error.value)
    assert name.rsplit("/", 1)[-1] in str(error.value)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="nowhere: no such folder"):
        load(tmp_path / "nowhere", shipped=False)


def test_later_folders_replace_and_disable(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    mine = write(
        tmp_path / "mine",
        "charged/made_up.toml",
        HEAD + 'disable = ["vorpal"]\ninflect = "noun"\nterms = [{ text = "snark", grade = 1, neutral = "person" }]',
    )
    both = load(folder, mine, shipped=False)
    terms = {term.text: term for term in both.terms if term.category == "made_up"}
    assert (terms["snark"].grade, terms["snark"].neutral) == (1, "person")
    assert "vorpal" not in terms
    assert found(both, "The snarks in a vorpal boojum.") == ["snarks", "boojum"]
    assert both.version != load(folder, shipped=False).version


def test_the_cache_is_used_repaired_and_not_needed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fresh = load(folder, shipped=False)
    (cached,) = (tmp_path / "rhetoric").iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(lexicon, "compile_files", None)
        assert load(folder, shipped=False).terms == fresh.terms
    cached.write_bytes(b"{broken")
    assert load(folder, shipped=False).terms == fresh.terms
    assert orjson.loads(cached.read_bytes())["digest"].startswith(fresh.version)
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert load(folder, shipped=False).terms == fresh.terms


# --- the shipped lexicons --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shipped() -> Lexicons:
    return load()


def test_shipped_files_pass_their_own_examples(shipped: Lexicons) -> None:
    assert check(shipped) == []


def test_shipped_compiled_form_is_in_step_with_the_files(shipped: Lexicons) -> None:
    compiled = orjson.loads((shipped_folder() / "compiled.json").read_bytes())
    assert compiled["digest"][:12] == shipped.version, "run: rhetoric lexicon compile"


def test_shipped_files_have_examples_of_both_kinds(shipped: Lexicons) -> None:
    import tomllib

    for category in shipped.categories:
        examples = tomllib.loads((shipped_folder() / category.file).read_text())["examples"]
        assert examples["hit"] and examples["miss"], category.file


def test_loading_the_shipped_lexicons_needs_neither_nltk_nor_its_data() -> None:
    code = "import sys; from rhetoric.lexicon import load; assert load().terms; print('nltk' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"NLTK_DATA": "/nonexistent"},
    )
    assert run.stdout.strip() == "False"


def test_check_against_counts_hits_precision_and_recall(made: Lexicons) -> None:
    text = "The snark fled. A tall snark and a boojum wept."
    sentences = [
        {"start": 0, "end": 15, "charged": 2, "prediction": 0, "unhedged": 2, "voice": "author", "junk": False,
         "charged_spans": [[4, 9]], "prediction_cues": [], "booster_cues": []},
        {"start": 16, "end": 47, "charged": 2, "prediction": 0, "unhedged": 0, "voice": "author", "junk": False,
         "charged_spans": [[18, 28]], "prediction_cues": [], "booster_cues": []},
    ]  # fmt: skip
    windows = [{"id": "a", "text": text, "sentences": sentences}]
    rows = {row.term: row for row in check_against(made, windows) if row.category == "made_up"}
    assert rows["snark"][3:] == (2, 1.0, pytest.approx(10 / 15), 1)
    assert rows["boojum"][3:] == (1, 0.0, 0.0, 1)
    assert rows[""][3:] == (3, pytest.approx(10 / 16), pytest.approx(10 / 15), 1)
