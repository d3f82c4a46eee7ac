"""Executors: where blocks are computed. All of them give the same results."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar, runtime_checkable

Item = TypeVar("Item")
Result = TypeVar("Result")

CONNECT_SECONDS = 5
# Tasks handed out ahead of the workers: enough to keep them busy, few enough to stop soon.
AHEAD = 2
# Blocks share the memory of a process, and each may use several cores of its own.
MOST_THREADS = 4


def never() -> bool:
    return False


@runtime_checkable
class Compute(Protocol):
    """Applies a picklable function to items; yields (item, result) as they finish, in any order.

    `stopping` is asked before anything is begun and whenever results have come. Once it is true nothing is begun any
    more, and the generator ends with what was under way. Closing it drops that, too.
    """

    def __call__(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        stopping: Callable[[], bool] = never,
    ) -> Generator[tuple[Item, Result], None, None]: ...


@runtime_checkable
class Executor(Protocol):
    """A place to compute; `open` connects to it, and says so in one sentence when it cannot."""

    def open(self) -> contextlib.AbstractContextManager[Compute]: ...


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Threads:
    """Some blocks at once in this process: what one has compiled serves the others.

    Raises:
        ValueError: for fewer than one thread.
    """

    threads: int = field(default_factory=lambda: min(cores(), MOST_THREADS))

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise ValueError(f"threads is {self.threads}; it must be at least 1")

    @contextlib.contextmanager
    def open(self) -> Iterator[Compute]:
        with ThreadPoolExecutor(self.threads) as pool:
            yield partial(in_flight, pool.submit, first_done_of, Future.cancel, AHEAD * self.threads)


@dataclass(frozen=True)
class Dask:
    """A dask cluster: an address such as `tcp://host:8786`, or `local` for one on this machine.

    Raises:
        ValueError: on `open`, when dask is not installed or no scheduler answers at the address.
        ChildProcessError: when workers die again and again, or the cluster is lost.
    """

    address: str
    local_workers: int = 2

    @contextlib.contextmanager
    def open(self) -> Iterator[Compute]:
        try:
            from distributed import Client, KilledWorker, LocalCluster
            from distributed import wait as wait_for
        except ImportError:
            raise ValueError("a dask cluster needs dask: pip install 'netphysics[cluster]'") from None

        def submit(function: Callable[[Item], Result], item: Item) -> Any:
            return client.submit(function, item, pure=False)

        def first_done(futures: Iterable[Any]) -> set[Any]:
            return wait_for(futures, return_when="FIRST_COMPLETED").done

        def drop(future: Any) -> bool:
            # A cluster does not say whether a task has begun; what is not done is given up.
            if future.done():
                return False
            future.cancel()
            return True

        with contextlib.ExitStack() as stack:
            address = self.address
            if address == "local":
                local = {"n_workers": self.local_workers, "threads_per_worker": 1}
                try:
                    address = stack.enter_context(LocalCluster(**local, host="127.0.0.1", dashboard_address=None))
                except RuntimeError as error:  # a worker has died before it began
                    raise ChildProcessError("the workers of a local cluster could not be started") from error
            try:
                client = stack.enter_context(Client(address, timeout=CONNECT_SECONDS))
            except (OSError, TimeoutError, ValueError) as error:
                raise ValueError(f"no dask scheduler answers at {self.address}") from error
            workers = max(len(client.scheduler_info()["workers"]), 1)
            flight = partial(in_flight, submit, first_done, drop, AHEAD * workers)

            def compute(
                function: Callable[[Item], Result], items: Iterable[Item], stopping: Callable[[], bool] = never
            ) -> Generator[tuple[Item, Result], None, None]:
                try:
                    yield from flight(function, items, stopping)
                except KilledWorker:
                    raise ChildProcessError(
                        f"workers of the cluster {self.address} died again and again, perhaps for lack of memory"
                    ) from None
                except CancelledError:
                    raise ChildProcessError(f"the cluster {self.address} was lost") from None

            yield compute


def first_done_of(futures: Iterable[Future]) -> set[Future]:
    return wait(futures, return_when=FIRST_COMPLETED).done


def in_flight(
    submit: Callable[[Callable[[Item], Result], Item], Any],
    first_done: Callable[[Iterable[Any]], set[Any]],
    drop: Callable[[Any], bool],
    most: int,
    function: Callable[[Item], Result],
    items: Iterable[Item],
    stopping: Callable[[], bool] = never,
) -> Generator[tuple[Item, Result], None, None]:
    """Keep at most `most` tasks under way; yield (item, result) as tasks finish.

    `drop(future)` is true if a task could be prevented, which no task under way can be.
    """
    items = iter(items)
    pending: dict[Any, Item] = {}
    try:
        while True:
            if stopping():
                items = iter(())
                pending = {future: item for future, item in pending.items() if not drop(future)}
            while len(pending) < most and (item := next(items, None)) is not None:
                pending[submit(function, item)] = item
            if not pending:
                return
            for future in first_done(list(pending)):
                yield pending.pop(future), future.result()
    finally:
        for future in pending:
            future.cancel()
