"""Lines of JSON in, lines of JSON out."""

from __future__ import annotations

import random

import orjson
import pytest

from rhetoric import Analyzer
from rhetoric.scoring import score_lines

TEXTS = (
    "The thugs of Dravo will inevitably fall. The court sits on 4 March.",
    "“We may lose,” said Mara Quill, who runs the harbour.\n\nEveryone knows that the plan is doomed.",
    "It rains.",
    "",
    " \n\t ",
    "…",
    "Ein Satz in einer anderen Sprache; niemand prüft das. 👩‍👧 مرحبا",
)

BAD = [
    (b"no JSON", None, "not JSON: "),
    (b'{"id": "a", "text": "cut', None, "not JSON: "),
    (b'{"id": "a", "text": "\\ud800"}', None, "not JSON: "),
    (b'{"id": "a", "text": "caf\xe9"}', None, "not JSON: "),
    (b'["a", "b"]', None, "not a JSON object"),
    (b"null", None, "not a JSON object"),
    (b"{}", None, 'no "id", or one that is no string'),
    (b'{"text": "It rains."}', None, 'no "id", or one that is no string'),
    (b'{"id": 7, "text": "It rains."}', 7, 'no "id", or one that is no string'),
    (b'{"id": "a"}', "a", 'no "text", or one that is no string'),
    (b'{"id": "a", "text": null}', "a", 'no "text", or one that is no string'),
    (b'{"id": "a", "text": ["It rains."]}', "a", 'no "text", or one that is no string'),
    (b'{"id": "a", "text": "It rains.", "title": 3}', "a", '"title" is neither a string nor null'),
    (b'{"id": "a", "text": "It rains.", "published": {"year": 1}}', "a", '"published" is neither a string nor null'),
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer.load()


def line(identity: str, text: str, **more: str | None) -> bytes:
    return orjson.dumps({"id": identity, "text": text, **more}) + b"\n"


@pytest.mark.parametrize(("given", "identity", "error"), BAD, ids=[given.decode("latin-1") for given, _, _ in BAD])
def test_a_bad_line_says_why(given: bytes, identity: object, error: str, analyzer: Analyzer) -> None:
    ((made, right),) = score_lines([given], analyzer)
    assert not right
    assert made.endswith(b"\n")
    told = orjson.loads(made)
    assert list(told) == ["id", "error"]
    assert told["id"] == identity
    assert told["error"].startswith(error)


def test_what_came_with_the_article_is_carried_through(analyzer: Analyzer) -> None:
    given = {
        "title": "Rain over Dravo",
        "url": "https://news.example/rain",
        "outlet": "The Dravo Courier",
        "byline": "Mara Quill",
        "published": "2024-03-04",
    }
    ((made, right),) = score_lines([line("a", "It rains.", **given, leaning="none")], analyzer)
    assert right
    analysis = orjson.loads(made)
    assert {key: analysis[key] for key in given} == given
    assert "leaning" not in analysis
    ((made, _),) = score_lines([line("a", "It rains.", title=None)], analyzer)
    assert [orjson.loads(made)[key] for key in given] == [None] * 5


def test_every_text_gives_an_analysis(analyzer: Analyzer) -> None:
    for text, (made, right) in zip(TEXTS, score_lines([line("a", t) for t in TEXTS], analyzer), strict=True):
        analysis = orjson.loads(made)
        assert right
        assert analysis["text"] == text
        assert bool(analysis["sentences"]) == bool(text.strip())


def test_order_is_kept_whatever_fails(analyzer: Analyzer) -> None:
    numbered = [line(str(i), TEXTS[i % len(TEXTS)]) for i in range(40)]
    mixed = [(given, True) for given in numbered] + [(given, False) for given, _, _ in BAD] + [(b" \n", None)] * 3
    random.Random(7).shuffle(mixed)
    made = list(score_lines([given for given, _ in mixed], analyzer))
    kept = [(given, right) for given, right in mixed if right is not None]
    assert [right for _, right in made] == [right for _, right in kept]
    for (given, right), (written, _) in zip(kept, made, strict=True):
        if right:
            assert orjson.loads(written)["id"] == orjson.loads(given)["id"]


def test_same_bytes_again_alone_or_among_others(analyzer: Analyzer) -> None:
    lines = [line(str(i), text * 3) for i, text in enumerate(TEXTS)]
    together = [made for made, _ in score_lines(lines, analyzer)]
    assert [made for made, _ in score_lines(lines, Analyzer.load())] == together
    assert [next(score_lines([given], analyzer))[0] for given in lines] == together
    assert [made for made, _ in score_lines(lines[::-1], analyzer)] == together[::-1]
