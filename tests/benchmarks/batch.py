"""Rate, memory, size and cost of `rhetoric batch` on news: one job and two, a first run and a second.

    python tests/benchmarks/batch.py [--articles 37000]

The whole command counts, from start to end, the store written and synced. Processor seconds beside the wall clock
tell a busy machine from a slow program: two jobs on two idle cores cannot do more articles a second than two divided by
the processor seconds an article. The news is not part of the project: it stands in ../shared/news.
"""

from __future__ import annotations

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

NEWS = Path(__file__).resolve().parents[3] / "shared" / "news" / "articles.jsonl.gz"
FEW = 1000
"""Articles of the small run that the memory of the large one is set against."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took."""

    wall: float
    processor: float
    memory: int
    """Most bytes that any of its processes held."""
    code: int


def write_articles(count: int, into: Path) -> None:
    """Write every n-th article of the news, `count` in all."""
    with gzip.open(NEWS) as lines:
        total = sum(1 for _ in lines)
    with gzip.open(NEWS) as lines, into.open("wb") as out:
        out.writelines(islice(islice(lines, 0, None, max(total // count, 1)), count))


def run(source: Path, store: Path, jobs: int) -> Took:
    """One run of the command, all its processes watched."""
    command = [sys.executable, "-m", "rhetoric", "batch", str(source), "--store", str(store), "--jobs", str(jobs)]
    began = time.monotonic()
    before = os.times()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        watch = _Watch(process.pid)
        watch.start()
        process.wait()
    wall, after = time.monotonic() - began, os.times()
    watch.join()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return Took(wall, used, watch.most, process.returncode)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its children while they run."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.most = pid, 0

    def run(self) -> None:
        """Look ten times a second until the process has ended."""
        while Path(f"/proc/{self.pid}/statm").exists():
            pids = [str(self.pid)]
            for path in Path(f"/proc/{self.pid}/task").glob("*/children"):
                try:
                    pids += path.read_text().split()
                except OSError:
                    continue
            self.most = max(self.most, *(_memory(pid) for pid in pids))
            time.sleep(0.1)


def _memory(pid: str) -> int:
    """The most bytes that a process has held, those that it shares with others included."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=37_000)
    count = parser.parse_args().articles
    if not NEWS.is_file():
        sys.exit(f"{NEWS} is missing; it holds the articles to measure on")
    from rhetoric import open_store

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, small = folder / "large.jsonl", folder / "small.jsonl"
        write_articles(count, large)
        write_articles(min(FEW, count), small)
        shown = {}
        for title, source, store, jobs in (
            (f"{min(FEW, count):,} articles, two jobs", small, "few", 2),
            (f"{count:,} articles, one job", large, "one", 1),
            (f"{count:,} articles, two jobs", large, "two", 2),
            ("the same again", large, "two", 2),
        ):
            shown[title] = took = run(source, folder / store, jobs)
            articles = min(FEW, count) if source == small else count
            print(
                f"{title:<28}{took.wall:9.2f} s {articles / took.wall:9.1f} articles/s"
                f"{took.processor / articles * 1e3:9.2f} ms of a processor an article"
                f"{took.memory / 1e6:8.0f} MB at most  (exit code {took.code})",
                flush=True,
            )
        _, one, two, again = shown.values()
        print(f"two jobs to one       {one.wall / two.wall:9.2f}")
        print(f"first run to second   {two.wall / again.wall:9.1f}")
        size = sum(path.stat().st_size for path in (folder / "two").rglob("*") if path.is_file())
        held = open_store(folder / "two").info()["articles"]
        print(f"store                 {size / held * 1e6 / 1e9:9.2f} GB a million articles")
        print(f"cost                  {two.processor / held * 1e6 / 3600:9.2f} core-hours a million articles")


if __name__ == "__main__":
    main()
