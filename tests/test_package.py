"""The wheel, built from the sources alone, installed elsewhere and run away from them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("rhetoric", "lexicons", "models", "pyproject.toml", "README.md", "LICENSE")


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
    assert shown.startswith("article: 1 sentence, 7 words -> reports/article.html\n")
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
