"""Worker processes of this machine: pieces of work go in, results come out in the same order.

A worker that dies or hangs is replaced and its piece is done again, one article at a time; if it happens again, the
article that was in hand is left out and told.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from rhetoric.parts import Made, Task

Work = Callable[[Task, Callable[[int], None]], Made]

PR_SET_PDEATHSIG = 1
TRIES = 4
"""A part whose workers die or hang so many times, whatever the article, ends the run."""
ASIDE = 5.0
"""Seconds more for what a worker does with no article in hand: loading, writing."""


class WorkError(ValueError):
    """The work itself failed, whatever the article: a full disk, a fault of the program."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    at: int = -1
    """The row in hand; -1 for none."""
    since: float = 0.0
    gone: bool = False
    """Its end of the pipe is closed."""


def work_here(tasks: Iterator[Task], work: Work, *, jobs: int, limit: float) -> Iterator[tuple[Task, Made]]:
    """Yield each task with its result, in order; tasks are asked for as workers become free.

    Parameters
    ----------
    tasks
        The pieces of work, by rising number.
    work
        Does one; it is given a function to call with the row that comes next.
    jobs
        Worker processes.
    limit
        Seconds that one article may take.

    Raises
    ------
    WorkError
        The work failed.
    """
    workers: list[_Worker] = []
    ready: deque[Task] = deque()
    order: deque[int] = deque()
    results: dict[int, tuple[Task, Made]] = {}
    notes: dict[int, tuple[str, ...]] = {}
    more = True
    try:
        while more or order:
            for worker in workers:
                if ready and worker.task is None:
                    _give(worker, ready.popleft())
            if more and not ready and len(order) < 2 * jobs + 1:
                task = next(tasks, None)
                more = task is not None
                if task:
                    ready.append(task)
                    order.append(task.number)
                    if len(workers) < jobs and all(worker.task for worker in workers):
                        workers.append(_start(work))
                    continue
            for worker in _heard(workers, 0.0 if more and not ready and len(order) < 2 * jobs + 1 else 0.2):
                for made in _messages(worker):
                    results[made.number] = (_task(worker), made)
                    worker.task = None
            for k, worker in enumerate(workers):
                if worker.task and (why := _wrong(worker, limit)):
                    told = notes.get(worker.task.number, ())
                    task, note = _again(worker.task, worker.at, why, len(told))
                    notes[task.number] = (*told, note)
                    ready.appendleft(task)
                    _kill(worker)
                    workers[k] = _start(work)
            while order and order[0] in results:
                task, made = results.pop(order.popleft())
                yield task, replace(made, notes=(*made.notes, *notes.pop(task.number, ())))
    finally:
        for worker in workers:
            _kill(worker)


def _start(work: Work) -> _Worker:
    """A new worker. A fork shares the model that this process has loaded; elsewhere each loads its own."""
    context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work, os.getpid()), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(pipe: Connection, work: Work, parent: int) -> None:
    """Do one task after another, until there are no more or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt of the terminal goes to all; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with(parent)
    gc.disable()  # analyses hold no cycles; what else makes some is collected after each part
    gc.freeze()  # what came with the fork is never garbage: not looked through, its memory stays shared

    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            answer: Made | str = work(task, pipe.send)
        except MemoryError:
            os._exit(1)
        except OSError as error:
            answer = f"{error.filename or task.place}: {error.strerror or error}"
        except Exception as error:
            answer = f"a fault of the program: {type(error).__name__}: {error}"
        pipe.send(answer)
        del task, answer
        gc.collect()


def _die_with(parent: int) -> None:
    """Have the system end this process when its parent ends, however that ends.

    A fork holds the pipes of its siblings open, so that none of them would see an end. Elsewhere there are no forks.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _give(worker: _Worker, task: Task) -> None:
    """Hand a task to a worker; one that has died is found dead later."""
    worker.task, worker.at, worker.since = task, -1, time.monotonic()
    try:
        worker.pipe.send(task)
    except OSError:
        return


def _heard(workers: list[_Worker], patience: float) -> list[_Worker]:
    """The workers that have said something or died, waiting for one if there is time."""
    pipes: dict[Any, _Worker] = {worker.pipe: worker for worker in workers if worker.task}
    return [pipes[pipe] for pipe in wait(list(pipes), patience)] if pipes else []


def _messages(worker: _Worker) -> Iterator[Made]:
    """Yield the result of a worker if it has one; note where it stands."""
    try:
        while worker.pipe.poll():
            said = worker.pipe.recv()
            if isinstance(said, str):
                raise WorkError(said)
            if isinstance(said, Made):
                yield said
                return
            worker.at, worker.since = said, time.monotonic()
    except (EOFError, OSError):
        worker.gone = True
        worker.process.join(1)


def _task(worker: _Worker) -> Task:
    if worker.task is None:
        raise WorkError("a worker answered without a task")
    return worker.task


def _wrong(worker: _Worker, limit: float) -> str | None:
    """What is wrong with a worker that has a task; None if nothing is."""
    if worker.gone:
        return f"the worker died ({_end(worker.process.exitcode)})"
    if time.monotonic() - worker.since > limit + (ASIDE if worker.at < 0 else 0):
        return f"it took longer than {limit:g} seconds"
    return None


def _end(code: int | None) -> str:
    return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"


def _again(task: Task, at: int, why: str, before: int) -> tuple[Task, str]:
    """The task to do after a worker died or hung over one, `before` that so many times, and what to say about it."""
    if not task.alone:
        return replace(task, alone=True), f"part {task.number}: {why}; it is done again, one article at a time"
    if at < 0 and before + 1 - len(task.bad) >= TRIES:
        raise WorkError(
            f"part {task.number}: {why}, {TRIES} times, the last with no article in hand;"
            " look at the memory and the disk"
        )
    if at < 0:
        return task, f"part {task.number}: {why} with no article in hand; it is done again"
    return replace(task, bad={**task.bad, at: why}), f"part {task.number}: {why} over one article, which is left out"


def _kill(worker: _Worker) -> None:
    """End a worker, whatever it is doing."""
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()
