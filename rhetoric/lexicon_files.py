"""Lexicon files: find, read, check and compile them. One TOML file a category, in a folder a signal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rhetoric.records import SIGNALS, Signal
from rhetoric.segment import find_words

FORMAT = 6
"""Number of the compiled form; raised whenever compiling gives something else for the same files."""
HYPHENS = ("-", "‐", "‑")
QUOTES = ('"', "“", "‘", "'")
FILLERS = ("a", "an", "the", "any", "very", "much", "such", "some", "quite", "really", "exactly", "so", "all", "that",
           "just", "too", "more", "only", "of", "been", "be", "being", *QUOTES)  # fmt: skip
"""What may stand between a negating word and the term it negates."""
CASES = ("default", "any", "lower", "exact")
DEFAULT, ANY, LOWER, EXACT = range(4)
INFLECTIONS = ("noun", "verb", "adjective", "none")
NAMES_FILE = "names.toml"
UNKNOWN, HYPHEN = 0, 1
WORD_BITS = 20
"""Bits for the number of a word where several are joined into one key."""


class LexiconError(ValueError):
    """A mistake in a lexicon file; the message names the file, the key and the value."""


class Category(NamedTuple):
    """What is said once for a whole file."""

    signal: Signal
    category: str
    why: str
    source: str
    licence: str
    file: str


def shipped_folder() -> Path:
    """The folder of lexicons that comes with the program: beside the package when installed, else the repository's."""
    inside = Path(__file__).parent / "lexicons"
    return inside if inside.is_dir() else Path(__file__).parents[1] / "lexicons"


def lexicon_files(folder: Path) -> list[Path]:
    """The lexicon files of a folder in a fixed order."""
    if not folder.is_dir():
        raise LexiconError(f"{folder}: no such folder of lexicons")
    for path in sorted(folder.glob("*.toml")):
        if path.name != NAMES_FILE:
            raise LexiconError(f"{path}: put it into a folder named after its signal ({', '.join(SIGNALS)})")
    files = sorted(folder.glob("*/*.toml"))
    for path in files:
        if path.parent.name not in SIGNALS:
            raise LexiconError(f"{path}: {path.parent.name!r} is no signal; use {', '.join(SIGNALS)}")
    if not files:
        raise LexiconError(
            f"{folder}: no lexicon in it; give SIGNAL/CATEGORY.toml, a signal being {', '.join(SIGNALS)}"
        )
    return files


def digest_of(folders: Sequence[dict[Path, bytes]]) -> str:
    """A hash of what the files of some folders are called and hold."""
    whole = hashlib.sha256(f"format {FORMAT}".encode())
    for files in folders:
        whole.update(b"\0folder")
        for path, data in files.items():
            whole.update(f"\0{path.parent.name}/{path.name}\0".encode() + hashlib.sha256(data).digest())
    return whole.hexdigest()


_FILE_KEYS = {
    "signal": str, "category": str, "why": str, "source": str, "licence": str, "grade": int, "inflect": str,
    "company": int, "negated_by": list, "terms": list, "examples": dict, "disable": list,
}  # fmt: skip
_TERM_KEYS = {
    "text": str, "grade": int, "neutral": str, "exceptions": list, "case": str, "head": str, "inflect": str,
    "company": int, "forms": list, "rare": str, "note": str, "negated_by": list,
}  # fmt: skip


def read_file(path: Path, data: bytes) -> dict[str, Any]:
    """What a lexicon file says, checked, every term with every key that it needs.

    Raises
    ------
    LexiconError
        By file, key and value.
    """
    import tomllib

    try:
        file = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: {error}") from error
    _check_keys(str(path), file, _FILE_KEYS)
    for key, place in (("signal", path.parent.name), ("category", path.stem)):
        if file.get(key) != place:
            raise LexiconError(f"{path}: {key} is {file.get(key)!r}; its place says {place!r}")
    if not re.fullmatch("[a-z_]+", path.stem):
        raise LexiconError(f"{path}: category is {path.stem!r}; use small letters and _ only")
    file.setdefault("terms", [])
    for key in ("why", "source", "licence") if file["terms"] else ():
        if not file.get(key, "").strip():
            raise LexiconError(f"{path}: {key} is missing")
    _check_texts(str(path), "disable", file.setdefault("disable", []))
    _check_examples(str(path), file.setdefault("examples", {}))
    file["terms"] = [_read_term(path, file, n, term) for n, term in enumerate(file["terms"], 1)]
    return file


def _check_keys(where: str, table: dict[str, Any], known: dict[str, type]) -> None:
    """Nothing, or an error about an unknown key or a value of the wrong type."""
    for key, value in table.items():
        if key not in known:
            raise LexiconError(f"{where}: unknown key {key!r} (value {value!r}); known are {', '.join(known)}")
        if not isinstance(value, known[key]) or isinstance(value, bool) is not (known[key] is bool):
            raise LexiconError(f"{where}: {key} is {value!r}; it must be a {known[key].__name__}")
    for key, choice in (("case", CASES[1:]), ("inflect", INFLECTIONS), ("grade", range(4)), ("company", range(3))):
        if key in table and table[key] not in choice:
            raise LexiconError(f"{where}: {key} is {table[key]!r}; use one of {', '.join(map(str, choice))}")
    for key in ("exceptions", "forms", "negated_by"):
        _check_texts(where, key, table.get(key, []))


def _check_texts(where: str, key: str, values: list[Any]) -> None:
    """Nothing, or an error about a value that is no text."""
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise LexiconError(f"{where}: {key} holds {value!r}; it must hold texts")


def _check_examples(where: str, examples: dict[str, Any]) -> None:
    """Nothing, or an error about example sentences of another form."""
    for key in examples:
        if key not in ("hit", "miss"):
            raise LexiconError(f"{where}: unknown key examples.{key}; known are hit, miss")
    for row in examples.get("hit", []):
        if not (isinstance(row, list) and len(row) > 1 and all(isinstance(text, str) for text in row)):
            raise LexiconError(f"{where}: examples.hit holds {row!r}; it must be [sentence, matched text, …]")
    _check_texts(where, "examples.miss", examples.get("miss", []))


def _read_term(path: Path, file: dict[str, Any], number: int, given: Any) -> dict[str, Any]:
    """One term of a file with the file's defaults filled in."""
    term = {"text": given} if isinstance(given, str) else given
    where = f"{path}: terms[{number}]"
    if not isinstance(term, dict) or not str(term.get("text", "")).strip():
        raise LexiconError(f"{where} is {given!r}; it must be a text, or a table with a text")
    where = f"{path}: term {term['text']!r}"
    _check_keys(where, term, _TERM_KEYS)
    text = " ".join(term["text"].split())
    if text != text.lower() and term.get("case") != "exact":
        raise LexiconError(f'{where}: text must be lower case unless case = "exact"')
    if not _tokens(text):
        raise LexiconError(f"{where}: text holds no word")
    head = term.get("head", "")
    if head and head not in _tokens(text):
        raise LexiconError(f"{where}: head is {head!r}, which is no word of it")
    grade = 0 if file["signal"] in ("hedge", "attribution") else 2
    defaults = {"grade": file.get("grade", grade), "inflect": file.get("inflect", "none"), "case": "default"}
    defaults |= {
        "company": file.get("company", 0),
        "negated_by": file.get("negated_by", []),
        "exceptions": [],
        "forms": [],
    }
    return defaults | term | {"text": text}


def _tokens(text: str) -> list[str]:
    """The words of a term in lower case, without hyphens."""
    return [word for word in find_words(text).lower if word not in HYPHENS]


def _shape(text: str) -> str:
    """A letter a word: l for lower case, c for Capitalised, s for SHOUTED."""
    words = find_words(text)
    return "".join(
        "s" if shout else "c" if capital else "l"
        for word, capital, shout in zip(words.lower, words.capital, words.shout, strict=True)
        if word not in HYPHENS
    )


def compile_files(folders: Sequence[dict[Path, bytes]], digest: str) -> dict[str, Any]:
    """The compiled form of all files: numbered words, and forms by their first one, two or three words.

    What is found under more words holds all that is found under fewer, the longest first, so that one look is enough.
    """
    categories, terms = _gather(folders)
    ids: dict[str, int] = {}

    def number(text: str) -> tuple[int, ...]:
        return tuple(ids.setdefault(word, len(ids) + HYPHEN + 1) for word in _tokens(text))

    for word in FILLERS:
        ids.setdefault(word, len(ids) + HYPHEN + 1)
    negations: list[list[list[int]]] = []
    rules: list[int] = []
    forms: dict[tuple[int, tuple[int, ...], str], int] = {}
    later: list[tuple[tuple[int, tuple[int, ...], str], int]] = []
    for index, (category, term) in enumerate(terms):
        signal = SIGNALS.index(categories[category].signal)
        shape = _shape(term["text"]) if term["case"] == "exact" else ""
        negated = [list(number(text)) for text in term["negated_by"]]
        if negated and negated not in negations:
            negations.append(negated)
        negation = negations.index(negated) + 1 if negated else 0
        rules.append(negation * len(CASES) + CASES.index(term["case"]))
        forms[signal, number(term["text"]), shape] = index
        for text in inflect(term["text"], term.get("head"), term["inflect"]):
            later.append(((signal, number(text), shape), index))
        for text in term["forms"]:
            later.append(((signal, number(text), _shape(text) if shape else ""), index))
    for key, index in later:
        forms.setdefault(key, index)
    for index, (category, term) in enumerate(terms):
        signal = SIGNALS.index(categories[category].signal)
        for text in _exceptions(term):
            forms[signal, number(text), ""] = -1 - index
    starts: tuple[dict[int, list[str]], ...] = ({}, {}, {})
    for (signal, numbers, shape), index in sorted(
        forms.items(), key=lambda form: (-len(form[0][1]), -len(form[0][2]), form)
    ):
        known = min(len(numbers), 3)
        entry = " ".join(map(str, (signal, index, len(numbers), shape or "-", *numbers[3:])))
        starts[known - 1].setdefault(join_numbers(numbers[:known]), []).append(entry)
    for shorter, longer in ((starts[0], starts[1]), (starts[1], starts[2])):
        for start, entries in longer.items():
            fewer = start >> WORD_BITS
            entries += shorter.get(fewer, starts[0].get(fewer >> WORD_BITS, []))
    columns = [
        [category for category, _ in terms],
        *(
            [term.get(key) for _, term in terms]
            for key in ("text", "grade", "note", "neutral", "rare", "inflect", "company")
        ),
    ]
    return {
        "digest": digest,
        "categories": [list(category) for category in categories],
        "terms": columns,
        "rules": rules,
        "words": list(ids),
        "negations": negations,
        "starts": [list(start) for start in starts],
        "forms": [";".join(entries) for start in starts for entries in start.values()],
    }


def read_forms(text: str) -> list[tuple[int, int, int, str, list[int]]]:
    """Compiled forms: signal, term (negative: an exception of term -1 - n), size, shape, words after the third."""
    forms = []
    for entry in text.split(";"):
        signal, term, size, shape, *rest = entry.split(" ")
        forms.append((int(signal), int(term), int(size), shape, list(map(int, rest))))
    return forms


def join_numbers(numbers: Sequence[int]) -> int:
    """One key for up to three numbered words."""
    key = 0
    for number in numbers:
        key = key << WORD_BITS | number
    return key


def _gather(folders: Sequence[dict[Path, bytes]]) -> tuple[list[Category], list[tuple[int, dict[str, Any]]]]:
    """All categories and the terms that stay when later folders have replaced and disabled earlier ones."""
    categories: list[Category] = []
    terms: dict[tuple[str, str], tuple[int, dict[str, Any]]] = {}
    for folder in folders:
        here: dict[tuple[str, str], Path] = {}
        for path, data in folder.items():
            file = read_file(path, data)
            for text in file["disable"]:
                if terms.pop((file["signal"], text), None) is None:
                    raise LexiconError(f"{path}: disable holds {text!r}, which is no {file['signal']} term")
            if not file["terms"]:
                continue
            name = f"{path.parent.name}/{path.name}"
            categories.append(
                Category(file["signal"], file["category"], file["why"], file["source"], file["licence"], name)
            )
            for term in file["terms"]:
                key = file["signal"], term["text"]
                if key in here:
                    raise LexiconError(f"{path}: term {term['text']!r} stands twice; the other is in {here[key]}")
                here[key] = path
                terms[key] = len(categories) - 1, term
    return categories, list(terms.values())


def _exceptions(term: dict[str, Any]) -> Iterator[str]:
    """The exceptions of a term, with its other forms put in for it where they contain it."""
    for exception in term["exceptions"]:
        yield exception
        for form in (*inflect(term["text"], term.get("head"), term["inflect"]), *term["forms"]):
            other = re.sub(rf"\b{re.escape(term['text'])}\b", form.replace("\\", ""), exception)
            if other != exception:
                yield other


_VOWELS = "aeiou"


@cache
def _stemmer() -> Any:
    """NLTK's Snowball stemmer, which needs no data."""
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english")


@cache
def _stem(word: str) -> str:
    """The Snowball stem."""
    return str(_stemmer().stem(word))


def inflect(text: str, head: str | None, kind: str) -> list[str]:
    """The other forms of a term whose head (the last word, unless given) is a noun, a verb or an adjective."""
    words = re.split(r"(\W+)", text)
    at = words.index(head) if head in words else len(words) - 1
    word = words[at]
    if kind == "none" or not word.isalpha():
        return []
    forms = [form for form in dict.fromkeys(_endings(word, kind)) if kind == "adjective" or _stem(form) == _stem(word)]
    return ["".join([*words[:at], form, *words[at + 1 :]]) for form in forms if form != word]


def _endings(word: str, kind: str) -> Iterator[str]:
    """Every form that the rules of spelling could give; stems sort out the wrong ones."""
    silent = word[:-1] if word.endswith("e") else word
    changed = word[:-1] + "i" if word.endswith("y") and word[-2:-1] not in _VOWELS else ""
    short = len(word) > 2 and word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS
    doubled = word + word[-1] if short else ""
    syllables = len(re.findall("[aeiouy]+", silent))
    if kind == "adjective" and (syllables == 1 or (changed and syllables == 2)):
        for base in filter(None, (changed or silent, doubled)):
            yield from (base + "er", base + "est")
    if kind in ("noun", "verb"):
        if not changed and not word.endswith(("s", "x", "z", "sh", "tch")):
            yield word + "s"
        if changed or word.endswith(("s", "x", "z", "sh", "ch", "o")):
            yield (changed or word) + "es"
    if kind == "verb":
        yield changed + "ed" if changed else silent + "ed"
        yield (
            word[:-2] + "y" if word.endswith("ie") else word if word.endswith(("ee", "ye", "oe")) else silent
        ) + "ing"
        if doubled:
            yield from (doubled + "ed", doubled + "ing")
