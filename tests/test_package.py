"""What is installed: the wheel away from its sources, the pins, what is depended on, and when `make` installs."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import rhetoric

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PIN = re.compile(r"([a-z0-9-]+)==([\w.]+)")
IMPORTED_AS = {"markdown_it": "markdown-it-py", "markupsafe": "jinja2", "sklearn": "scikit-learn"}
"""Names of modules that are not those of what is depended on."""
SOURCES = ("rhetoric", "lexicons", "models", "pyproject.toml", "README.md", "LICENSE")


def test_the_version_is_that_of_the_project() -> None:
    assert rhetoric.__version__ == PROJECT["version"]


def run(*command: str | Path, cwd: Path, **env: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")} | env,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy of what it is made from."""
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip("setuptools is older than the build needs; `make test` installs a newer one")
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        built,
        ".",
        cwd=source,
    )
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; what it depends on is taken from this environment."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place.parent)
    python = place / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip())
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=place,
    )
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "dependencies.pth").write_text("\n".join(sorted(paths)) + "\n", encoding="utf-8")
    return place


def test_the_wheel_holds_what_runs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    for folder in ("lexicons", "rhetoric"):
        kinds = ("*.toml", "compiled.json") if folder == "lexicons" else ("*.py", "*.html", "*.css", "*.js", "*.json")
        for kind in kinds:
            found = sorted((ROOT / folder).rglob(kind))
            assert found
            for path in found:
                inside = path.relative_to(ROOT).as_posix()
                assert (inside if folder == "rhetoric" else f"rhetoric/{inside}") in names
    model = {f"rhetoric/models/{path.name}" for path in (ROOT / "models").iterdir() if path.is_file()}
    assert "rhetoric/models/manifest.json" in model
    assert model <= names
    assert {"rhetoric/py.typed", "rhetoric/render/schema.json", "rhetoric/render/page.html"} <= names
    allowed = ("rhetoric/", f"rhetoric_analyzer-{version('rhetoric-analyzer')}.dist-info/")
    assert not [name for name in names if not name.startswith(allowed)]
    assert not [name for name in names if "labels/" in name or "test" in name or name.endswith((".pkl", ".pickle"))]


def test_the_wheel_states_its_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        (licence,) = (name for name in file.namelist() if name.endswith("licenses/LICENSE"))
        assert file.read(licence) == (ROOT / "LICENSE").read_bytes()


def test_the_installed_command_runs_away_from_the_sources(installed: Path, tmp_path: Path) -> None:
    command, cache = installed / "bin" / "rhetoric", tmp_path / "cache"
    home = run(installed / "bin" / "python", "-c", "import rhetoric; print(rhetoric.__file__)", cwd=tmp_path).strip()
    assert Path(home).is_relative_to(installed)
    shown = run(command, "explain", "The thugs of Dravo will inevitably fall.", cwd=tmp_path, XDG_CACHE_HOME=str(cache))
    assert "“thugs” charged: name_calling" in shown
    assert not cache.exists(), "the compiled lexicons of the wheel are not those of its TOML files"
    (tmp_path / "article.txt").write_text("The thugs of Dravo will inevitably fall.\n", encoding="utf-8")
    shown = run(command, "report", "article.txt", "--format", "html,md,json,csv", cwd=tmp_path)
    assert shown.startswith("article: 1 sentence, 7 words -> reports/article.html, article.md, ")
    assert (tmp_path / "reports" / "article.html").stat().st_size > 10_000
    checked = run(command, "lexicon", "show", "thugs", cwd=tmp_path)
    assert checked.startswith("thug  charged/name_calling")


def test_the_installed_package_needs_no_development_tool(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys, pkgutil, importlib, rhetoric\n"
        "for m in pkgutil.walk_packages(rhetoric.__path__, 'rhetoric.'):\n"
        "    if not m.name.endswith('__main__'): importlib.import_module(m.name)\n"
        "print(sorted({'pytest', 'hypothesis', 'jsonschema', 'selenium', 'mypy', 'ruff'} & set(sys.modules)))"
    )
    assert run(installed / "bin" / "python", "-c", code, cwd=tmp_path) == "[]\n"


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(PIN.fullmatch(line).groups() for line in lines if not line.startswith("#"))  # type: ignore[union-attr, misc]


def test_pins_are_names_and_versions_alone() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert all(PIN.fullmatch(line) for line in lines)
    assert len(pins()) == len(lines)


def test_everything_that_can_be_installed_is_pinned() -> None:
    """What is not installed here is taken at its word: its own needs are not looked up."""
    known = pins()
    waiting = [Requirement(line) for line in PROJECT["dependencies"]]
    waiting += [Requirement(line) for extra in PROJECT["optional-dependencies"].values() for line in extra]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert name in known, f"{requirement} is not pinned in constraints.txt"
        assert known[name] in requirement.specifier, f"{name}=={known[name]} is no {requirement}"
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        try:
            needs = [Requirement(line) for line in requires(name) or []]
        except PackageNotFoundError:
            continue
        for need in needs:
            extras = ("", *requirement.extras)
            if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(need)


def test_what_is_imported_is_depended_on_and_what_is_depended_on_is_used() -> None:
    imported: set[str] = set()
    for path in (ROOT / "rhetoric").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module or "")
    modules = {name.partition(".")[0] for name in imported} - set(sys.stdlib_module_names) - {"rhetoric"}
    used = {canonicalize_name(IMPORTED_AS.get(module, module)) for module in modules}
    needed = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    extras = {"pyarrow", "py3langid", "fsspec", "dask", "distributed", "ipython"}
    assert used - extras == needed - {"lxml-html-clean"}  # which trafilatura needs but may not bring


def test_make_installs_again_only_when_what_is_needed_changed(tmp_path: Path) -> None:
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)

    def planned(target: str) -> list[str]:
        shown = run("make", "--dry-run", "--no-print-directory", target, cwd=tmp_path).splitlines()
        return ["install" if " pip install " in line else line.split()[0] for line in shown if line[:5] != "touch"]

    assert planned("report") == ["python3", "install", ".venv/bin/rhetoric"]
    assert planned("test") == ["python3", "install", ".venv/bin/python"]
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/python", "installed", "installed-dev"):
        (tmp_path / ".venv" / name).touch()
    for _ in range(2):
        assert planned("report") == [".venv/bin/rhetoric"]
        assert planned("test") == [".venv/bin/python"]
        assert "install" not in planned("check")
    later = (tmp_path / ".venv" / "installed").stat().st_mtime + 10
    os.utime(tmp_path / "constraints.txt", (later, later))
    assert planned("report") == ["install", ".venv/bin/rhetoric"]
    assert planned("check")[0] == "install"
