"""What README and docs say is so: their commands run, their output is what comes out, their links lead somewhere.

``python tests/test_docs.py`` writes the present output of every command into README, and the kept sample of a page;
``tests/notebooks.py`` does so for notebooks.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import rhetoric

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
SAMPLE = ROOT / "reports" / "sample.html"
SAMPLED = ROOT / "examples" / "state_media.txt"
NOTEBOOK = ROOT / "notebooks" / "first_look.ipynb"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)

PORT = 8347
NOT_RUN = {
    "python -m http.server": "the tests serve the examples themselves, at the same address",
    "make report": "installs the whole program anew; .ci/run does it",
    "make test": "runs this test",
    "rhetoric train": "takes minutes, and needs the texts of the labelled articles; tests/test_training.py trains",
    "rhetoric evaluate": "needs labels; tests/test_training.py evaluates",
    "rhetoric reference build": "needs a hundred articles; tests/test_reference.py makes one",
    "rhetoric compare archive.jsonl": "needs outlets with 20 articles each; tests/test_comparison.py compares some",
    "rhetoric report examples/court_report.txt --model": "needs the model that was not trained",
}


def blocks(language: str, text: str = README) -> list[str]:
    """The fenced blocks of a language, in order."""
    return [body for name, body in BLOCK.findall(text) if name == language]


def commands(text: str = README) -> list[tuple[str, str]]:
    """Each command of the console blocks with the output that stands below it."""
    found: list[tuple[str, str]] = []
    for block in blocks("console", text):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def reason_not_to_run(command: str) -> str | None:
    return next((why for start, why in NOT_RUN.items() if command.startswith(start)), None)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a command does in a shell, with this Python's programs first on the path."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = os.environ | {"PATH": path, "NO_COLOR": "1", "COLUMNS": "100", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, shell=True, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def prepare(folder: Path) -> None:
    """Put into a folder what README takes for granted: the examples, the reader's own lexicon and labels."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    for block in blocks("toml"):
        path = folder / block.partition("\n")[0].removeprefix("# ")
        path.parent.mkdir(parents=True)
        path.write_text(block, encoding="utf-8")
    (folder / "labels.jsonl").write_text(blocks("jsonl")[0], encoding="utf-8")


def apart(output: str) -> tuple[list[str], list[float]]:
    """An output's words and its decimal numbers, which may differ a little from machine to machine."""
    pieces = re.split(r"(-?\d+\.\d+)", output.rstrip())
    return pieces[::2], [float(number) for number in pieces[1::2]]


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a line about each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served() -> Iterator[None]:
    """The examples at the address that README serves them at."""
    handler = functools.partial(Quiet, directory=str(ROOT / "examples"))
    server = ThreadingHTTPServer(("127.0.0.1", PORT), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("readme")
    prepare(place)
    with served():
        yield place


def test_every_command_is_run_or_has_a_reason_not_to() -> None:
    assert commands()
    for start in NOT_RUN:
        assert any(command.startswith(start) for command, _ in commands()), f"{start} is in no document"


@pytest.mark.parametrize(("command", "output"), [c for c in commands() if not reason_not_to_run(c[0])])
def test_command_does_what_readme_shows(command: str, output: str, folder: Path) -> None:
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    if output:
        shown, now = apart(output), apart(done.stdout)
        assert now[0] == shown[0], "run `python tests/test_docs.py` to write the present output"
        assert now[1] == pytest.approx(shown[1], abs=0.02)


@pytest.mark.parametrize("command", [c for c, _ in commands() if reason_not_to_run(c)])
def test_command_that_is_not_run_exists(command: str) -> None:
    program, name, *rest = command.split()
    if program == "python":
        assert run(f"{program} {name} {rest[0]} --help", ROOT).returncode == 0
        return
    if program == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{name}:", makefile, re.M)
        return
    path = [name, *rest[:1]] if name in ("lexicon", "reference") else [name]
    done = run(" ".join(["rhetoric", *path, "--help"]), ROOT)
    assert done.returncode == 0, done.stderr
    for option in (word for word in rest if word.startswith("-")):
        assert re.search(rf"(?<!\S){option}\b", done.stdout), f"{command}: --help does not name {option}"


def test_what_a_command_reads_is_there_made_before_or_asked_for() -> None:
    for command, _ in commands():
        before = README[: README.index(f"$ {command}\n")]
        for name in re.findall(r"(?<=\s)(?<!-o )(?<!> )[\w/.]+(?:\.jsonl|/)(?=\s|$)", command):
            made = re.search(rf"(?:-o|>|--store) {re.escape(name)}(?:\s|$)", before)
            assert (ROOT / name).exists() or made or f"`{name}`" in before, f"{command}: where does {name} come from?"


def test_python_blocks_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    monkeypatch.chdir(folder)
    shared: dict[str, object] = {}
    for block in blocks("python"):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(compile(block, "README.md", "exec"), shared)
        assert ("print(" in block) == bool(out.getvalue())


def first_finding(folder: Path) -> dict[str, object]:
    """The first finding of the article that README scores."""
    for command, _ in commands():
        if command.startswith(("echo", "rhetoric score")):
            assert run(command, folder).returncode == 0
    return json.loads((folder / "analyses.jsonl").read_text(encoding="utf-8"))["findings"][0]


def test_json_block_is_what_score_writes(folder: Path) -> None:
    (block,) = blocks("json")
    assert json.loads(block) == first_finding(folder)


def test_toml_blocks_are_lexicons() -> None:
    for page in PAGES:
        for block in blocks("toml", page.read_text(encoding="utf-8")):
            if not block.startswith("# nightly.toml"):  # tests/test_batch.py runs it
                assert tomllib.loads(block)["terms"]


def test_every_command_is_in_readme_and_has_help() -> None:
    import click

    from rhetoric.cli import commands as group

    def walk(parent: click.Group, path: str) -> list[tuple[str, click.Command]]:
        found: list[tuple[str, click.Command]] = []
        for name, command in parent.commands.items():
            found.append((f"{path} {name}", command))
            if isinstance(command, click.Group):
                found += walk(command, f"{path} {name}")
        return found

    for path, command in walk(group, "rhetoric"):
        if not command.hidden:
            written = path.replace("rhetoric store ", "rhetoric store my_store ")
            assert written in " ".join(README.split()), f"{path} is not in README.md"
            assert command.help and command.help.strip(), f"{path} has no help"


def test_exit_codes_are_the_same_in_readme_and_help(folder: Path) -> None:
    table = README.partition("## Exit codes")[2].partition("##")[0]
    shown = re.findall(r"^\| (\d+) \|", table, re.M)
    assert shown == ["0", "1", "2", "3", "130"]
    help_text = run("rhetoric --help", folder).stdout
    for code in shown:
        assert re.search(rf"\b{code}\b", help_text), f"--help does not name exit code {code}"


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = README.partition("## Why each dependency is there")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([\w-]+)`", section))
    needed = {re.split(r"[<>=]", line)[0] for line in project["dependencies"]}
    assert needed | set(project["optional-dependencies"]) == named


def test_all_is_complete() -> None:
    import inspect

    import rhetoric

    for name in rhetoric.__all__:
        assert getattr(rhetoric, name).__doc__, f"rhetoric.{name} has no docstring"
    public = {name for name, x in vars(rhetoric).items() if name[0] != "_" and not inspect.ismodule(x)}
    assert public - {"annotations", "import_module", "Any", "TYPE_CHECKING"} == set(rhetoric.__all__)
    named = set(re.findall(r"\brhetoric\.(\w+)\b(?!\.\w+\()", "".join(blocks("python")))) - {"txt"}
    assert named <= set(rhetoric.__all__)


def anchors(text: str) -> set[str]:
    """The anchors that a Markdown page has for its headings."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = BLOCK.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        aim = (page.parent / name).resolve() if name else page
        assert aim.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(aim.read_text(encoding="utf-8")), f"{page.name}: {target}"


def test_modules_import_in_the_order_of_the_design() -> None:
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    order = [name.removesuffix(".py").rstrip("/") for name in re.findall(r"`(\w+(?:\.py|/))`", design)]
    order = order[: order.index("cli") + 1]
    modules = [path for path in (ROOT / "rhetoric").glob("*.py") if not path.stem.startswith("_")]
    assert sorted(order) == sorted([*(path.stem for path in modules), "render"])
    for path in modules:
        for line in re.findall(r"^from (rhetoric.* import .*)", path.read_text(encoding="utf-8"), re.M):
            module, _, names = line.partition(" import ")
            for name in module.split(".")[1:2] or set(names.split(", ")) - {"__version__"}:
                assert order.index(name) < order.index(path.stem), f"{path.name}: from {line}"


def test_every_example_is_listed() -> None:
    listed = set(re.findall(r"^\| `([^`]+)`", (ROOT / "examples" / "README.md").read_text(encoding="utf-8"), re.M))
    assert listed == {path.name for path in (ROOT / "examples").iterdir()} - {"README.md"}


def test_first_look_has_six_lines() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert sum(len(cell["source"]) for cell in cells if cell["cell_type"] == "code") == 6


def test_the_kept_sample_is_of_the_shipped_model() -> None:
    made_by = rhetoric.Analyzer.load().made_by
    page = SAMPLE.read_text(encoding="utf-8")
    assert made_by.model in page and made_by.lexicons in page, "run `python tests/test_docs.py`"


def refresh() -> None:
    """Write the present output of every command into README, the finding, and the kept sample of a page."""
    import tempfile

    SAMPLE.parent.mkdir(exist_ok=True)
    SAMPLE.write_text(rhetoric.analyze(SAMPLED).to_html(), encoding="utf-8")

    text = README
    with tempfile.TemporaryDirectory() as name, served():
        prepare(Path(name))
        for command, output in commands():
            if not output:
                continue
            done = run(command, Path(name))
            if done.returncode:
                raise SystemExit(f"{command}\n{done.stderr}")
            text = text.replace(f"$ {command}\n{output}", f"$ {command}\n{done.stdout.rstrip()}\n")
        finding = json.dumps(first_finding(Path(name)), ensure_ascii=False)
        text = text.replace(blocks("json")[0], finding + "\n")
    (ROOT / "README.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh()
