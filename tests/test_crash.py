"""Whatever cuts a run off, nothing is lost and nothing is there twice: real kills, real disks, real processes."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from collections_of import contents, write_table

from rhetoric.parts import Made, Task
from rhetoric.pool import WorkError, work_here

RHETORIC = [sys.executable, "-m", "rhetoric"]
ARTICLES = 80
PART = 4

KILLER = """
import os, random, signal, sys, time
from pathlib import Path
import pandas, pyarrow.parquet, pyarrow.dataset
from rhetoric.batch import Settings, run_batch
from rhetoric.languages import language_of
from rhetoric.parts import analyzer_of

source, store, part, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
analyzer_of(None, None)  # every run is a fork of this process, which has read the model: none spends a second on it
language_of("The council voted on Monday to close the old bridge for a year, and then went home to sleep.")

def begin(folder):
    child = os.fork()
    if child:
        return child
    code = 2
    try:
        code, _ = run_batch(Settings((source,), str(folder), jobs=2, part_size=part), lambda event: None)
    finally:
        os._exit(code)

began = time.monotonic()
_, status = os.waitpid(begin(store / "calm"), 0)
assert os.waitstatus_to_exitcode(status) == 0, status
calm = time.monotonic() - began
chance = random.Random(5)
killed = rounds = 0
while killed < kills:
    folder = store / f"round{rounds}"
    rounds += 1
    ended = None
    while ended is None:
        child = begin(folder)
        until = time.monotonic() + chance.uniform(0.0, calm / 3)
        while time.monotonic() < until and ended is None:
            done, status = os.waitpid(child, os.WNOHANG)
            ended = os.waitstatus_to_exitcode(status) if done else None
            time.sleep(0.001)
        if ended is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            killed += 1
    assert ended == 0, ended
print(killed, rounds)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_table(tmp_path_factory.mktemp("source") / "news.jsonl", range(ARTICLES))


@pytest.fixture(scope="module")
def calm(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    """What a run that nobody disturbs leaves."""
    store = tmp_path_factory.mktemp("calm") / "store"
    assert batch(source, store).returncode == 0
    found = contents(store)
    assert len(found["articles"]) == ARTICLES
    return found


def command_of(source: Path, store: Path, *options: str) -> list[str]:
    own = ["--store", str(store), "--jobs", "2", "--part-size", str(PART)]
    return [*RHETORIC, "batch", str(source), *own, *options]


def batch(source: Path, store: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A whole run, in a process of its own."""
    command = [
        *RHETORIC,
        "batch",
        str(source),
        "--store",
        str(store),
        "--jobs",
        "2",
        "--part-size",
        str(PART),
        *options,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def running(source: Path, store: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A run that goes on while the test does something to it."""
    command = [
        *RHETORIC,
        "batch",
        str(source),
        "--store",
        str(store),
        "--jobs",
        "2",
        "--part-size",
        str(PART),
        *options,
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.005)


def has_parts(store: Path) -> bool:
    return any((store / "articles").glob("*.parquet"))


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a run has started."""
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in path.read_text().split()]


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes and disks as Linux has them")
needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"), reason="mounts a small disk, as root"
)


@needs_linux
def test_fifty_kills_at_random_moments(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLER, str(source), str(tmp_path), str(PART), "50"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    kills, rounds = map(int, done.stdout.split())
    assert kills >= 50
    for number in range(rounds):
        assert contents(tmp_path / f"round{number}") == calm
        assert not list((tmp_path / f"round{number}" / ".aside").iterdir())


@needs_linux
def test_the_whole_command_is_killed_and_goes_on(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    store = tmp_path / "store"
    with running(source, store) as run:
        wait_for(lambda: has_parts(store))
        children = workers_of(run)
        run.kill()
    assert children
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    done = batch(source, store)
    assert done.returncode == 0, done.stderr
    assert contents(store) == calm


@contextmanager
def disk(folder: Path, *options: str) -> Iterator[Path]:
    """A disk of its own in memory."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "none", folder], check=False)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@needs_root
def test_full_disk(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=1m") as small:
        store = small / "store"
        done = batch(source, store)
        assert done.returncode == 2
        assert "No space left on device" in done.stderr or "the disk is full" in done.stderr
        assert "Traceback" not in done.stderr
        before = len(contents(store)["articles"]) if (store / "articles").exists() else 0
        assert before < ARTICLES
        subprocess.run(["mount", "-o", "remount,size=50m", small], check=True)
        done = batch(source, store)
        assert done.returncode == 0, done.stderr
        assert contents(store) == calm


@needs_root
def test_store_on_a_disk_that_cannot_be_written(source: Path, tmp_path: Path) -> None:
    with disk(tmp_path / "disk", "size=50m") as small:
        store = small / "store"
        assert batch(source, store, "--limit", "8").returncode == 0
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        done = batch(source, store)
        assert done.returncode == 2
        assert str(store) in done.stderr and "Read-only file system" in done.stderr and "Traceback" not in done.stderr
        shown = subprocess.run([*RHETORIC, "store", str(store), "info"], capture_output=True, text=True, check=False)
        assert shown.returncode == 0, shown.stderr
        assert "articles        8" in shown.stdout
        verified = subprocess.run([*RHETORIC, "store", str(store), "verify"], capture_output=True, check=False)
        assert verified.returncode == 0


@needs_linux
def test_worker_killed_by_the_system(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    store = tmp_path / "store"
    with running(source, store) as run:
        wait_for(lambda: has_parts(store))
        os.kill(workers_of(run)[0], signal.SIGKILL)
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0, said
    assert "the worker died (SIGKILL); it is done again" in said
    assert contents(store) == calm


@needs_linux
@pytest.mark.parametrize("deaths", [3, 4])
def test_workers_killed_with_no_article_in_hand(deaths: int, tmp_path: Path) -> None:
    def work(task: Task, beat: Callable[[int], None]) -> Made:
        lives = tmp_path / "lives"
        lives.mkdir(exist_ok=True)
        if len(list(lives.iterdir())) < deaths:
            (lives / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Made(task.number, {}, 0, {}, {})

    tasks = [Task(1, "1", str(tmp_path), (), "en", None, None)]
    if deaths == 4:
        with pytest.raises(WorkError, match="died .SIGKILL., 4 times, the last with no article in hand"):
            list(work_here(iter(tasks), work, jobs=1, limit=5.0))
        return
    ((_, made),) = work_here(iter(tasks), work, jobs=1, limit=5.0)
    assert made.skipped == {} and len(made.notes) == 3


@needs_linux
def test_worker_that_hangs(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    store = tmp_path / "store"
    with running(source, store, "--time-limit", "2") as run:
        wait_for(lambda: has_parts(store))
        os.kill(workers_of(run)[0], signal.SIGSTOP)
        _, said = run.communicate(timeout=120)
        assert run.returncode == 0, said
    assert "it took longer than 2 seconds; it is done again" in said
    assert contents(store) == calm


def test_article_that_takes_too_long_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    source = write_table(tmp_path / "news.jsonl", range(6))
    with source.open("a", encoding="utf-8") as file:
        sentence = "The council of Merrin said on Monday that the reckless plan will inevitably ruin {} towns. "
        text = "".join(sentence.format(n) for n in range(5000))
        file.write(json.dumps({"id": "endless", "text": text}) + "\n")
    store = tmp_path / "store"
    done = batch(source, store, "--time-limit", "0.4", "--part-size", "100", "--jobs", "1")
    assert done.returncode == 3, done.stderr
    found = contents(store)
    assert len(found["articles"]) == 6
    ((_, place, reason, article),) = found["failures"]
    assert place == "endless" and article and "it took longer than 0.4 seconds" in reason


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_finishes_the_parts_in_hand(
    end: signal.Signals, source: Path, calm: dict[str, list[object]], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    with running(source, store) as run:
        wait_for(lambda: has_parts(store))
        os.killpg(run.pid, end) if end == signal.SIGINT else run.send_signal(end)
        _, said = run.communicate(timeout=120)
        assert run.returncode == 130, said
    assert "the parts in hand are finished" in said
    assert 0 < len(contents(store)["articles"]) < ARTICLES
    assert not list((store / ".aside").iterdir())
    assert batch(source, store).returncode == 0
    assert contents(store) == calm


def test_two_runs_on_one_store(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    store = tmp_path / "store"
    with running(source, store) as first:
        wait_for(lambda: (store / "lock").exists() and (store / "lock").read_bytes())
        began = time.monotonic()
        second = batch(source, store)
        assert second.returncode == 2
        assert f"process {first.pid} on " in second.stderr
        assert time.monotonic() - began < 20
        _, said = first.communicate(timeout=120)
        assert first.returncode == 0, said
    assert contents(store) == calm


def test_lock_of_a_dead_holder_is_taken_over(tmp_path: Path) -> None:
    source = write_table(tmp_path / "news.jsonl", range(3))
    store = tmp_path / "store"
    store.mkdir()
    hold = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); f.write('process 1 on here'); "
    )
    hold += "f.flush(); print(flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, store / "lock"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout
    holder.stdout.readline()
    assert "process 1 on here is writing to this store" in batch(source, store).stderr
    holder.kill()
    holder.communicate()
    assert (store / "lock").read_text() == "process 1 on here"
    assert batch(source, store).returncode == 0
    with (store / "lock").open("r+") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("table", ["sentences", "articles"])
def test_damaged_part_is_named_and_made_again(
    table: str, source: Path, calm: dict[str, list[object]], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert batch(source, store).returncode == 0
    path = sorted((store / table).iterdir())[7]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    shown = subprocess.run([*RHETORIC, "store", str(store), "verify"], capture_output=True, text=True, check=False)
    assert shown.returncode == 1
    assert shown.stdout == f"{table}/{path.name}: the file has changed since it was written\n"
    done = batch(source, store, "--retry-failed")
    assert done.returncode == 0, done.stderr
    assert contents(store) == calm


def test_source_that_changes_while_it_is_read(source: Path, calm: dict[str, list[object]], tmp_path: Path) -> None:
    store, moving = tmp_path / "store", tmp_path / "moving.jsonl"
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    moving.write_text("".join(lines[:60]), encoding="utf-8")
    with running(moving, store) as run:
        wait_for(lambda: has_parts(store))
        with moving.open("a", encoding="utf-8") as file:
            file.writelines(lines[60:])
        _, said = run.communicate(timeout=120)
        assert run.returncode == 3, said
    (failure,) = contents(store)["failures"]
    assert "the file changed while it was read; run again" in failure[2]
    done = batch(moving, store)
    assert done.returncode == 0, done.stderr
    found = contents(store)
    assert found["articles"] == calm["articles"] and found["failures"] == []
