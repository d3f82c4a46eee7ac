"""Processes: a pool of workers on this machine that ends with its parent and outlives the death of a worker."""

from __future__ import annotations

import collections
import contextlib
import functools
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

from .executors import AHEAD, Compute, Item, Result, first_done_of, in_flight, never

# How often an item is begun before it is taken to be what kills its workers.
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Processes:
    """A pool of fresh processes on this machine (spawned: jax does not survive a fork).

    Raises:
        ValueError: for fewer than one worker.
    """

    workers: int

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError(f"workers is {self.workers}; it must be at least 1")

    @contextlib.contextmanager
    def open(self) -> Iterator[Compute]:
        pool = _Pool(self.workers)
        try:
            yield pool.compute
        finally:
            pool.executor.shutdown()


class _Pool:
    """Workers that are replaced, all of them, when one has died."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.executor = self._fresh()

    def _fresh(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, mp_context=context, initializer=_begin)

    def compute(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        stopping: Callable[[], bool] = never,
    ) -> Generator[tuple[Item, Result], None, None]:
        """Items that were under way when a worker died are begun again.

        Raises:
            ChildProcessError: for items that were under way whenever a worker died, `MOST_ATTEMPTS` times.
        """
        rest = (_Task(item) for item in items)
        lost: collections.deque[_Task] = collections.deque()
        while True:
            # Whatever was under way begins again one by one, so that it shows which of them is to blame.
            singly = bool(lost)
            begun: set[_Task] = set()
            tasks = _handed_out(_taken(lost) if singly else rest, begun)
            most = 1 if singly else AHEAD * self.workers
            submit, work = self.executor.submit, functools.partial(_compute, function)
            try:
                for task, result in in_flight(submit, first_done_of, Future.cancel, most, work, tasks, stopping):
                    begun.remove(task)
                    yield task.item, result
                if not singly or stopping():
                    return
            except BrokenProcessPool:
                self.executor.shutdown()
                self.executor = self._fresh()
            lost.extend(begun)
            if given_up := [task.item for task in begun if task.attempts >= MOST_ATTEMPTS]:
                raise ChildProcessError(
                    f"a worker died {MOST_ATTEMPTS} times, perhaps for lack of memory, at {_named(given_up)}"
                )


@dataclass(eq=False)
class _Task:
    """An item, and how often it was begun."""

    item: Any
    attempts: int = 0


def _taken(tasks: collections.deque[_Task]) -> Iterator[_Task]:
    while tasks:
        yield tasks.popleft()


def _compute(function: Callable[[Any], Result], task: _Task) -> Result:
    return function(task.item)


def _handed_out(tasks: Iterator[_Task], begun: set[_Task]) -> Iterator[_Task]:
    """The tasks, each counted when it is handed out."""
    for task in tasks:
        task.attempts += 1
        begun.add(task)
        yield task


def _named(items: list) -> str:
    """The items in words: the blocks of tasks, or whatever they are."""
    last = [item[-1] if isinstance(item, tuple) else item for item in items]
    return ", ".join(str(each) for each in last[:4]) + (", ..." if len(last) > 4 else "")


def _begin() -> None:
    """What a worker does first: leave Ctrl-C, which reaches the whole group, to the parent; and end with the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
