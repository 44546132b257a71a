"""Time of a cold start: help, one sentence, one article, its page; beside VADER and proselint.

    python tests/benchmarks/startup.py [--repeat 7]

Wall time, median and fastest of several runs of each, taken in turn; every run is a process of its own. The least
processor time beside it tells a busy machine from a slow program. VADER and proselint come with
`pip install -c constraints.txt -e .[bench]`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ARTICLE = Path(__file__).resolve().parents[2] / "examples" / "court_report.txt"
SENTENCE = "The puppet regime is doomed."
LIMITS = {"rhetoric --help": 150, "rhetoric score, one article": 700, "rhetoric report, one article": 1500}
VADER = """
import sys
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
score = SentimentIntensityAnalyzer().polarity_scores
for line in open(sys.argv[1], encoding="utf-8"):
    print(score(line)["compound"])
"""


def commands(folder: Path) -> dict[str, list[str]]:
    """What is timed, by name."""
    programs = Path(sys.executable).parent
    line = folder / "in.jsonl"
    line.write_text(json.dumps({"id": "a", "text": ARTICLE.read_text(encoding="utf-8")}) + "\n", encoding="utf-8")
    rhetoric = str(programs / "rhetoric")
    timed = {
        "rhetoric --help": [rhetoric, "--help"],
        "rhetoric explain": [rhetoric, "explain", SENTENCE],
        "rhetoric score, one article": [rhetoric, "score", str(line)],
        "rhetoric report, one article": [rhetoric, "report", str(ARTICLE), "-o", str(folder / "pages")],
        "python -c pass": [sys.executable, "-c", "pass"],
    }
    if importlib.util.find_spec("vaderSentiment"):
        timed["VADER, one article"] = [sys.executable, "-c", VADER, str(ARTICLE)]
    if (proselint := programs / "proselint").exists():
        timed["proselint, one article"] = [str(proselint), "check", str(ARTICLE)]
    return timed


def milliseconds(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall and processor time of one run."""
    for page in (folder / "pages").glob("*"):
        page.unlink()
    (folder / "pages" / ".rhetoric.json").unlink(missing_ok=True)
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return wall * 1000, used * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        timed = commands(folder)
        for command in timed.values():  # the first run only warms the disk's cache
            milliseconds(command, folder)
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in timed}
        for _ in range(options.repeat):
            for name, command in timed.items():
                runs[name].append(milliseconds(command, folder))
    print(f"{options.repeat} runs each, milliseconds     median  fastest  limit  processor")
    for name, taken in runs.items():
        wall, used = zip(*taken, strict=True)
        limit = LIMITS.get(name, "")
        print(f"{name:<30}{statistics.median(wall):7.0f}{min(wall):9.0f}{limit:>7}{min(used):11.0f}")


if __name__ == "__main__":
    main()
