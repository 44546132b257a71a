"""Workers of other machines: the same pieces of work through dask.distributed."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rhetoric.parts import Made, Task, make_part
from rhetoric.pool import WorkError

AHEAD = 2
"""Tasks in flight for each thread of the cluster."""
LOGGED = {"distributed": "error", "distributed.worker": "critical"}
"""A worker whose scheduler has ended would log a lost heartbeat; failed parts are told otherwise."""
DEATHS = 1
"""A part whose worker dies is done again so many times."""


def work_on_cluster(tasks: Iterator[Task], address: str, *, jobs: int) -> Iterator[tuple[Task, Made]]:
    """Yield each task with its result, in order.

    Parameters
    ----------
    tasks
        The pieces of work.
    address
        Of a Dask scheduler; "local" starts one here with `jobs` worker processes.
    jobs
        Worker processes of a local cluster.

    Raises
    ------
    WorkError
        The work failed, or there is no cluster at the address.
    """
    with _client(address, jobs) as client:
        flying: deque[tuple[Task, Any]] = deque()
        more = True
        while more or flying:
            if more and len(flying) < AHEAD * max(sum(client.nthreads().values()), 1):
                task = next(tasks, None)
                more = task is not None
                if task:
                    flying.append((task, client.submit(make_part, task, pure=False, retries=0)))
                    continue
            if flying:
                task, future = flying.popleft()
                yield task, _result(task, future)


def _result(task: Task, future: Any) -> Made:
    """What became of a task; all its articles are left out where it killed its workers."""
    from distributed.scheduler import KilledWorker

    try:
        made: Made = future.result()
    except KilledWorker:
        why = f"the worker died {DEATHS + 1} times over the part"
        return Made(
            task.number,
            dict.fromkeys(("articles", "sentences", "findings", "ledger"), 0),
            0,
            {},
            dict.fromkeys(range(len(task.rows)), why),
        )
    except OSError as error:
        raise WorkError(f"{error.filename or task.place}: {error.strerror or error}") from None
    except Exception as error:
        raise WorkError(f"a worker of the cluster: {type(error).__name__}: {error}") from None
    return made


@contextmanager
def _client(address: str, jobs: int) -> Iterator[Any]:
    """A client of the cluster."""
    try:
        import dask
        from distributed import Client, LocalCluster

        make: Any = Client
        cluster_of: Any = LocalCluster
    except ImportError:
        raise WorkError("--scheduler needs dask.distributed; pip install 'rhetoric-analyzer[cluster]'") from None
    with dask.config.set({"distributed.scheduler.allowed-failures": DEATHS, "distributed.logging": LOGGED}):
        if address == "local":
            here = signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the client's; workers inherit this
            try:
                cluster = cluster_of(n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=None)
            finally:
                signal.signal(signal.SIGINT, here)
            with cluster, make(cluster) as client:
                yield client
            return
        try:
            client = make(address, timeout=20)
        except (OSError, ValueError) as error:
            raise WorkError(f"{address}: no Dask scheduler answers there ({error}); check the address") from None
        with client:
            yield client
