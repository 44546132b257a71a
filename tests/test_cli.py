"""The commands as a shell sees them: what they print where, and how they end."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from rhetoric.cli import commands

ROOT = Path(__file__).resolve().parents[1]
RHETORIC = str(Path(sys.executable).parent / "rhetoric")
TEXT = "The thugs of Dravo will inevitably fall. The court sits on 4 March."
HEAVY = {"pandas", "matplotlib", "sklearn", "scipy", "nltk", "trafilatura", "jinja2", "lxml", "markdown_it", "pyarrow"}
LINE = 200


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(commands, args, input=stdin)


def shell(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What the installed command does in a process of its own."""
    return subprocess.run(
        [RHETORIC, *args],
        env=os.environ | env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def articles(*texts: str) -> str:
    return "".join(json.dumps({"id": f"a{i}", "text": text}) + "\n" for i, text in enumerate(texts))


def every_command(group: click.Group = commands, path: str = "rhetoric") -> Iterator[tuple[str, click.Command]]:
    yield path, group
    path += "".join(f" {one.metavar}" for one in group.params if isinstance(one, click.Argument))
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize("path", [path for path, _ in every_command()])
def test_help_shows_an_example_and_the_exit_codes(path: str) -> None:
    done = run(*path.replace("DIR", ".").split()[1:], "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith(f"Usage: {path.replace('rhetoric', 'commands', 1)} ")
    example = path.replace("DIR", r"\S+")
    assert re.search(rf"^  {example}( |$)", done.stdout, re.M), "no example"
    for code in (0, 1, 2, 3, 130):
        assert re.search(rf"^    {code} ", done.stdout, re.M)
    assert "..." not in done.stdout.partition("Commands:")[2], "a summary is cut off"
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_version() -> None:
    done = run("--version")
    assert re.fullmatch(r"rhetoric, version \d+\.\d+\.\d+\n", done.stdout)


def test_python_dash_m_is_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "rhetoric", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout == shell("--help").stdout
    assert done.stdout.startswith("Usage: rhetoric ")


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import rhetoric; dir(rhetoric)", HEAVY | {"numpy", "click", "orjson"}),
        ("from rhetoric.cli import commands; commands.main(['--help'])", HEAVY | {"numpy", "orjson"}),
        (f"from rhetoric.cli import commands; commands.main(['explain', {TEXT!r}])", HEAVY),
        ("import rhetoric; rhetoric.Analyzer.load()", HEAVY),
    ],
)
def test_a_command_pays_only_for_what_it_does(code: str, absent: set[str]) -> None:
    told = f"import atexit, sys; atexit.register(lambda: print(sorted(set(sys.modules) & {absent}), file=sys.stderr)); "
    done = subprocess.run([sys.executable, "-c", told + code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["nonsense"],
        ["report"],
        ["report", "--nonsense", "x.txt"],
        ["explain"],
        ["score"],
        ["score", "no_such.jsonl"],
        ["train", "no_such.jsonl", "-o", "model"],
        ["evaluate", "no_such.jsonl"],
        ["lexicon"],
        ["lexicon", "check", "--against", "no_such.jsonl"],
        ["completion", "tcsh"],
        ["report", "--lexicon", "no_such_folder", "x.txt"],
        ["report", "--model", "no_such_folder", "x.txt"],
    ],
)
def test_wrong_usage(args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Usage: ")
    assert not list(tmp_path.iterdir())


# Reports


def test_report_prints_a_summary_and_where_the_page_is(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    done = run("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / "pages"))
    assert (done.exit_code, done.stderr) == (0, "")
    page = tmp_path / "pages" / "short.html"
    assert page.is_file()
    assert done.stdout.splitlines() == [
        f"short: 2 sentences, 13 words -> {page}",
        "  Charged words           1 sentence (1 author, 0 others)     76.9 findings per 1,000 words",
        "  Predictions             1 sentence (1 author, 0 others)     76.9 findings per 1,000 words",
        "  Unhedged assertions     1 sentence (1 author, 0 others)     76.9 findings per 1,000 words",
    ]
    again = run("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / "pages"))
    assert again.stdout.splitlines()[0] == f"short: 2 sentences, 13 words -> {page} (unchanged)"


def test_report_of_one_voice_counts_that_voice_in_every_figure(tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text(f"{TEXT} “The thugs will return,” said Mara Quill.", encoding="utf-8")
    whole, own = (
        run("report", str(path), "-o", str(tmp_path / voice), "--voice", voice) for voice in ("all", "author")
    )
    counts = r"Charged words +(\d+) sentences? \((?:(\d+) author, )?(\d+) (?:others|of others left out)\) +([\d.]+) "
    every, author, others, often = re.findall(counts, whole.stdout)[0]
    assert int(every) == int(author) + int(others) and (author, others) == ("1", "1")
    alone, none, left, rarer = re.findall(counts, own.stdout)[0]
    assert (alone, none, left) == (author, "", others) and 0 < float(rarer) < float(often)
    page = (tmp_path / "author" / "two.html").read_text(encoding="utf-8")
    assert f"{float(rarer):.0f} marks per 1,000 words</p>" in page and f"{float(often):.0f} marks" not in page
    run("report", str(path), "-o", str(tmp_path / "author"), "--voice", "author", "--format", "md")
    row = f"| Charged words | 1 | 1 | 1 | {rarer} | {rarer} | {float(often) - float(rarer):.1f} |"
    assert row in (tmp_path / "author" / "two.md").read_text("utf-8")


GERMAN = (
    "Die Regierung hat am Montag erklärt, dass die Verhandlungen mit den Gewerkschaften gescheitert seien. Nach Angaben"
    " des Ministeriums werden die Gespräche in der kommenden Woche nicht wieder aufgenommen."
)


def test_a_text_in_another_language_is_told(tmp_path: Path) -> None:
    path = tmp_path / "de.txt"
    path.write_text(GERMAN, encoding="utf-8")
    done = run("report", str(path), "-o", str(tmp_path / "pages"))
    assert done.exit_code == 0
    assert done.stderr.startswith("Warning: de: This does not read like English")
    assert "This does not read like English" in (tmp_path / "pages" / "de.html").read_text(encoding="utf-8")
    assert "This does not read like English" in run("explain", GERMAN).stderr
    assert run("explain", "The plan is doomed, and everybody in the town of Dravo knows that it is.").stderr == ""


def test_report_refuses_what_batch_refuses(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("It rains in Dravo. " * 27_000, encoding="utf-8")
    done = run("report", str(path), "-o", str(tmp_path / "pages"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: book: longer than 500,000 characters: split it into articles, ")


def test_report_of_several_names_the_index(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    done = run("report", str(tmp_path), "-o", str(tmp_path / "pages"))
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == f"2 articles: {tmp_path / 'pages' / 'index.html'}"


UNREADABLE: list[tuple[str, bytes | None, str]] = [
    ("missing.txt", None, "no such file"),
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\t\n", "white space"),
    ("binary.txt", bytes(range(256)) * 8, "binary"),
    ("archive.txt", b"PK\x03\x04rest", "zip"),
    ("page.html", b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
    ("table.csv", b"name,age\nMara,41\n", "column"),
    ("rows.jsonl", b'{"id": "a"}\n', "column"),
    ("folder", None, "no file"),
    ("no*match.txt", None, "pattern"),
]


@pytest.mark.parametrize(("name", "content", "said"), UNREADABLE, ids=[name for name, _, _ in UNREADABLE])
def test_report_of_what_cannot_be_read(name: str, content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    elif name == "folder":
        path.mkdir()
    done = run("report", str(path), "-o", str(tmp_path / "pages"))
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: {path}: ")
    assert said in line
    assert not list((tmp_path / "pages").glob("*"))


def test_what_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    done = run("report", str(tmp_path / "no.txt"), str(tmp_path / "good.txt"), "-o", str(tmp_path / "pages"))
    assert done.exit_code == 3
    assert done.stderr.startswith(f"Error: {tmp_path / 'no.txt'}: there is no such file")
    assert done.stdout.startswith("good: 2 sentences")
    assert (tmp_path / "pages" / "good.html").is_file()


@pytest.mark.parametrize(
    "command",
    [
        ("report", "-o", "out", "--format", "html,json,csv,md"),
        ("compare", "b.txt", "-o", "page.html", "--tables", "tables"),
        ("batch", "--store", "store"),
    ],
)
def test_half_a_surrogate_pair_ends_no_run(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    row = {"id": "a\ud800", "text": "The \udfff thugs fled the town.", "title": "Of \ud800", "outlet": "\ud800 News"}
    Path("a.jsonl").write_text(f'{json.dumps(row)}\n{{"a\\ud800": 1}}\n', encoding="utf-8")
    Path("b.txt").write_text("It rained.", encoding="utf-8")
    name, *options = command
    done = run(name, "a.jsonl", *options)
    assert done.exit_code == 3, done.output
    assert "a.jsonl:2: this row has no text column (it has: a?)" in done.output + (
        run("store", "store", "failures").output if name == "batch" else ""
    )


def test_another_encoding_is_read_and_told(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("The café of Dravo – closed – won’t open.".encode("cp1252"))
    done = run("report", str(tmp_path / "old.txt"), "-o", str(tmp_path / "pages"), "--format", "json")
    assert done.exit_code == 0
    assert done.stderr == "Warning: old: No encoding is declared and the bytes are no UTF-8; read as Windows-1252.\n"
    made = json.loads((tmp_path / "pages" / "old.json").read_bytes())
    assert made["text"] == "The café of Dravo – closed – won’t open."


def test_reports_are_not_read_as_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one.txt", "two.md"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    for pattern in (".", "**/*"):
        for again in (False, True):
            done = run("report", pattern, "-o", "pages", "--format", "html,md,csv")
            assert done.exit_code == 0
            assert re.findall(r"^(\w+): .*?( \(unchanged\))?$", done.stdout, re.M) == [
                (name, " (unchanged)" if again or pattern != "." else "") for name in ("one", "two")
            ]


@pytest.mark.parametrize(("name", "source"), [("page.html", "page.html"), ("note.md", "."), ("index.html", "*.html")])
def test_a_report_never_replaces_an_input(
    name: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(f"<!doctype html><html><body><p>{TEXT * 9}</p></body></html>", encoding="utf-8")
    before = Path(name).read_bytes()
    done = run("report", source, "-o", ".", "--format", "html,md")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"Error: {name}: the report would replace this input; name another folder\n"
    assert Path(name).read_bytes() == before
    assert run("report", source, "-o", "pages").exit_code == 0


def test_report_of_standard_input(tmp_path: Path) -> None:
    done = run("report", "-", "-o", str(tmp_path), stdin=TEXT)
    assert done.exit_code == 0
    assert (tmp_path / "stdin.html").is_file()
    empty = run("report", "-", "-o", str(tmp_path), stdin="")
    assert (empty.exit_code, empty.stderr) == (2, "Error: standard input: this is empty; give a file with text\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--format", "pdf"], "'pdf' is no format; choose from html, md, json, csv"),
        (["--format", "html,docx"], "'docx' is no format"),
        (["--format", ""], "'' is no format"),
        (["--format", "md", "--excerpts"], "add html to --format"),
    ],
)
def test_report_options_that_make_no_sense(args: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    done = run("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / "pages"), *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (tmp_path / "pages").exists()


def test_every_format_is_named_and_may_be_given_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    ways = [["--format", "md,csv,json"], ["--format", "md", "--format", "csv,json"]]
    for i, way in enumerate(ways):
        done = run("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / str(i)), *way)
        first = tmp_path / str(i) / "short.md"
        assert done.stdout.splitlines()[0] == (
            f"short: 2 sentences, 13 words -> {first}, short.sentences.csv, short.findings.csv, short.ledger.csv,"
            " short.json"
        )


def test_columns_that_were_guessed_are_told_once_a_table(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,body\n1,The thugs fled.\n2,They won.\n", encoding="utf-8")
    done = run("report", str(tmp_path / "x.csv"), "-o", str(tmp_path / "pages"))
    assert done.stderr == "Warning: Columns: text from 'body'.\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["compare", "short.txt"], "--by outlet"),
        (["report", "http://127.0.0.1:9/x"], "--allow-private"),
        (["report", "y.csv"], "--text-column"),
    ],
)
def test_errors_name_the_option(args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("short.txt").write_text(TEXT, encoding="utf-8")
    Path("y.csv").write_text("name,age\nMara,41\n", encoding="utf-8")
    done = run(*args)
    assert done.exit_code == 2
    assert said in done.stderr


def test_every_format(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    done = run("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / "pages"), "--format", "HTML, md,json,csv,md")
    assert done.exit_code == 0
    names = {path.name for path in (tmp_path / "pages").glob("[!.]*")}
    ends = ("html", "md", "json", "sentences.csv", "findings.csv", "ledger.csv")
    assert names == {"index.html", *(f"short.{end}" for end in ends)}


def test_where_the_reports_cannot_go(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    done = run("report", str(tmp_path / "short.txt"), "-o", str(tmp_path / "taken" / "pages"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"Error: {tmp_path / 'taken' / 'pages'}: Not a directory\n"


# Score


def test_score_keeps_the_order_and_says_what_failed_in_its_place(tmp_path: Path) -> None:
    lines = [articles(TEXT).strip(), "no JSON", '{"id": "b", "txt": "x"}', "", '{"id": "c", "text": "It rains."}']
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run("score", str(tmp_path / "in.jsonl"))
    assert done.exit_code == 3
    first, second, third, fourth = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["format"], fourth["id"], fourth["format"]) == ("a0", 1, "c", 1)
    assert (second["id"], third["id"]) == (None, "b")
    assert second.keys() == third.keys() == {"id", "error"}
    assert done.stderr == "Warning: 2 of 4 lines could not be scored; each says why in its place\n"


def test_plain_text_for_score_is_led_to_report() -> None:
    done = run("score", "-", stdin="The thugs fled.\n")
    assert done.exit_code == 3
    assert done.stderr == (
        "Warning: 1 of 1 line could not be scored; each says why in its place;"
        " score reads JSON, one article a line; for plain text take `rhetoric report -`\n"
    )


def test_score_from_and_to_a_file_or_the_standard_streams(tmp_path: Path) -> None:
    given = articles(TEXT, "", "A calm day.")
    (tmp_path / "in.jsonl").write_text(given, encoding="utf-8")
    from_file = run("score", str(tmp_path / "in.jsonl"), "-o", str(tmp_path / "out.jsonl"))
    assert (from_file.exit_code, from_file.stdout, from_file.stderr) == (0, "", "")
    piped = run("score", "-", "-o", "-", stdin=given)
    assert piped.exit_code == 0
    assert piped.stdout_bytes == (tmp_path / "out.jsonl").read_bytes()
    assert piped.stdout_bytes == shell("score", str(tmp_path / "in.jsonl")).stdout.encode()


def test_score_takes_a_byte_order_mark_and_windows_line_ends() -> None:
    done = run("score", "-", stdin=b"\xef\xbb\xbf" + articles("Rain.", "Snow.").replace("\n", "\r\n").encode())
    assert done.exit_code == 0
    assert [json.loads(line)["text"] for line in done.stdout.splitlines()] == ["Rain.", "Snow."]


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_score_of_nothing(content: str, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(content, encoding="utf-8")
    done = run("score", str(path), "-o", str(tmp_path / "out.jsonl"))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"Error: {path}: there is no line in it; give one JSON object a line\n"


def test_score_never_writes_over_its_input(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(articles(TEXT), encoding="utf-8")
    done = run("score", str(path), "-o", str(tmp_path / "." / "in.jsonl"))
    assert done.exit_code == 2
    assert "both input and output" in done.stderr
    assert path.read_text(encoding="utf-8") == articles(TEXT)


def test_score_of_a_folder(tmp_path: Path) -> None:
    done = run("score", str(tmp_path))
    assert done.exit_code == 2
    assert str(tmp_path) in done.stderr


# Explain


def test_explain_of_a_file_says_that_its_name_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("head.txt").write_text(TEXT, encoding="utf-8")
    done = run("explain", "head.txt")
    assert done.exit_code == 0
    assert done.stderr == (
        "Warning: head.txt names a file, and its name is explained; `rhetoric report head.txt` reads it\n"
    )


def test_explain_shows_scores_parts_and_words() -> None:
    done = run("explain", TEXT)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "The thugs of Dravo will inevitably fall."
    assert lines[1] == "voice: author"
    for name in ("charged", "prediction", "unhedged"):
        line = next(line for line in lines if line.startswith(name))
        assert re.match(rf"{name} +[01]\.\d\d █*", line)
    assert "log-odds: " in done.stdout
    assert any(line.startswith("  “thugs” charged: name_calling, grade 2, author. ") for line in lines)
    assert "\x1b" not in done.stdout
    assert all(len(line) <= 80 for line in lines if line.startswith(" " * 11))


@pytest.mark.parametrize("sentence", ["", " \n"])
def test_explain_of_nothing(sentence: str) -> None:
    done = run("explain", sentence)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "empty" in done.stderr


def test_a_terminal_without_the_letters_gets_others() -> None:
    done = shell("explain", "“Thugs”, said Łucja.", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "?Thugs?" in done.stdout


def on_a_terminal(**env: str) -> bytes:
    """What `rhetoric explain` writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [RHETORIC, "explain", TEXT], stdout=theirs, stderr=theirs, env=os.environ | {"TERM": "xterm"} | env
    )
    os.close(theirs)
    written = b""
    try:
        while more := os.read(ours, 4096):
            written += more
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait() == 0
    return written


def test_no_color_is_honoured() -> None:
    assert b"\x1b[1mThe thugs" in on_a_terminal(NO_COLOR="")
    assert b"\x1b[" not in on_a_terminal(NO_COLOR="1")


# Lexicons and models of one's own


def lexicon(folder: Path, body: str) -> Path:
    """A folder of one lexicon file."""
    path = folder / "charged" / "local.toml"
    path.parent.mkdir(parents=True)
    head = 'signal = "charged"\ncategory = "local"\nwhy = "Local names."\nsource = "us"\nlicence = "MIT"\ngrade = 2\n'
    path.write_text(head + body, encoding="utf-8")
    return folder


GOOD = """\
inflect = "noun"
terms = ["parish baron"]
[examples]
hit = [["The parish barons met.", "parish barons"]]
miss = ["The baron left."]
"""


def test_own_terms_are_found(tmp_path: Path) -> None:
    own = str(lexicon(tmp_path, GOOD))
    done = run("explain", "The parish barons met.", "--lexicon", own)
    assert "“parish barons” charged: local, grade 2, author. Local names." in done.stdout
    check = run("lexicon", "check", "--lexicon", own)
    assert (check.exit_code, check.stdout) == (0, "")
    assert re.fullmatch(r"[\d,]+ terms, 0 problems\n", check.stderr)
    shown = run("lexicon", "show", "parish barons", "--lexicon", own)
    assert shown.stdout == "parish baron  charged/local, grade 2\n  Local names.\n"
    assert "charged/local " in run("lexicon", "list", "--lexicon", own).stdout


def test_lexicon_check_tells_a_wrong_example(tmp_path: Path) -> None:
    own = lexicon(tmp_path, GOOD.replace('"parish barons"]]', '"parish barons met"]]'))
    done = run("lexicon", "check", "--lexicon", str(own))
    assert done.exit_code == 1
    assert done.stdout.startswith("charged/local.toml: ")
    assert "'The parish barons met.'" in done.stdout
    assert done.stderr.endswith(" 1 problem\n")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("terms = [", "local.toml"),
        (GOOD.replace('inflect = "noun"', 'inflect = "nuon"'), "nuon"),
        (GOOD.replace("grade = 2", "grade = 9"), "grade"),
        ("term = []", "term"),
    ],
)
def test_a_mistake_in_a_lexicon_is_told(body: str, said: str, tmp_path: Path) -> None:
    own = lexicon(tmp_path / "mine", body)
    if "grade" in said:
        path = own / "charged" / "local.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("grade = 2", "grade = 9"), encoding="utf-8")
    done = run("lexicon", "check", "--lexicon", str(own))
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.match(r"Error: .*local\.toml", done.stderr)
    assert said in done.stderr


@pytest.mark.parametrize("args", [["explain", TEXT], ["score", "-"], ["report", "-", "-o", "pages"]])
def test_a_mistake_in_a_lexicon_stops_every_command(
    args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lexicon(tmp_path / "mine", "terms = [")
    done = run(*args, "--lexicon", "mine", stdin=articles(TEXT))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "mine/charged/local.toml" in done.stderr
    assert not (tmp_path / "pages").exists()


def test_a_folder_without_lexicons_is_told(tmp_path: Path) -> None:
    done = run("explain", TEXT, "--lexicon", str(tmp_path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {tmp_path}: no lexicon in it")
    (tmp_path / "charged.toml").touch()
    assert (
        f"Error: {tmp_path / 'charged.toml'}: put it into a folder"
        in run("explain", TEXT, "--lexicon", str(tmp_path)).stderr
    )


def test_lexicon_show_of_an_unknown_term() -> None:
    done = run("lexicon", "show", "teaspoon")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "Error: 'teaspoon' stands in no lexicon; see `rhetoric lexicon list`\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped model."""
    copy = tmp_path_factory.mktemp("model") / "copy"
    shutil.copytree(ROOT / "models", copy, ignore=shutil.ignore_patterns("labels"))
    return copy


def test_a_model_elsewhere_scores_the_same(model: Path) -> None:
    given = articles(TEXT)
    assert run("score", "-", "--model", str(model), stdin=given).stdout == run("score", "-", stdin=given).stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [("meta_bias.npy", b"changed"), ("vectors.npy", None), ("manifest.json", b"{"), ("manifest.json", None)],
)
def test_a_broken_model_is_refused_by_name(name: str, content: bytes | None, model: Path) -> None:
    path = model / name
    whole = path.read_bytes()
    path.unlink()
    if content:
        path.write_bytes(content)
    done = run("explain", TEXT, "--model", str(model))
    path.write_bytes(whole)
    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Error: {path}: ")


@pytest.mark.parametrize("args", [["train", "-o", "model"], ["evaluate"], ["lexicon", "check", "--against"]])
@pytest.mark.parametrize(
    ("content", "said"),
    [("", "no labelled article"), ("{}", ":1: no key 'id'"), ("[]", ":1: a labelled"), ("x", ":1: not JSON")],
)
def test_labels_that_are_none(
    args: list[str], content: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("labels.jsonl").write_text(content, encoding="utf-8")
    done = run(*args, "labels.jsonl")
    assert (done.exit_code, done.stdout) == (2, "")
    assert re.match(rf"Error: .*{said}.*\n$", done.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["labels.jsonl"]


def test_lexicon_check_against_labels(tmp_path: Path) -> None:
    sentence = {"start": 0, "end": 15, "charged": 2, "prediction": 0, "unhedged": 0, "voice": "author"}
    label = {"id": "a", "text": "The thugs fled.", "sentences": [sentence | {"charged_spans": [[4, 9]]}]}
    (tmp_path / "labels.jsonl").write_text(json.dumps(label) + "\n", encoding="utf-8")
    done = run("lexicon", "check", "--against", str(tmp_path / "labels.jsonl"))
    assert done.exit_code == 0
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["signal/category:", "term", "hits", "precision", "recall", "articles"]
    assert ["charged/name_calling:", "thug", "1", "1.000", "1.000", "1"] in rows
    assert done.stderr.startswith("1 labelled article, 1 sentence\n")


# How a run ends


def test_a_reader_that_has_enough_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(articles(*["The thugs fled. " * 40] * LINE), encoding="utf-8")
    process = subprocess.Popen(
        [RHETORIC, "score", str(tmp_path / "in.jsonl")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.read(10) == b'{"format":'
    process.stdout.close()
    assert process.stderr
    with process.stderr as messages:
        assert messages.read() == b""
    assert process.wait() == 0


def test_an_interrupted_run_ends_with_130() -> None:
    process = subprocess.Popen(
        [RHETORIC, "score", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr
    process.stdin.write(articles(*["It rains in Dravo. " * 20] * LINE).encode())
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.stdin.close()
    with process.stdout, process.stderr as messages:
        assert messages.read().strip() == b"interrupted"
    assert process.wait() == 130


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_told(unbuffered: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 (a device)
        done = subprocess.run(
            [RHETORIC, "lexicon", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 2
    assert done.stderr == b"Error: standard output: No space left on device\n"


def test_a_fault_of_the_program_ends_with_2_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a fault put here by the test")

    monkeypatch.setattr("rhetoric.analysis.Analyzer.load", fail)
    done = run("explain", TEXT)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "RuntimeError: a fault put here by the test" in done.stderr
    assert done.stderr.endswith("Error: this is a fault of the program; please report it with the lines above\n")


# Completion


@pytest.mark.parametrize("kind", ["bash", "zsh", "fish"])
def test_completion_script(kind: str) -> None:
    script = run("completion", kind).stdout
    assert f"_RHETORIC_COMPLETE={kind}_complete" in script
    if program := shutil.which(kind):
        assert subprocess.run([program, "-n"], input=script, text=True, check=False).returncode == 0


def test_completion_completes() -> None:
    done = shell(_RHETORIC_COMPLETE="bash_complete", COMP_WORDS="rhetoric re", COMP_CWORD="1")
    assert done.stdout == "plain,reference\nplain,report\n"
    done = shell(_RHETORIC_COMPLETE="bash_complete", COMP_WORDS="rhetoric report --fo", COMP_CWORD="2")
    assert done.stdout == "plain,--format\n"
