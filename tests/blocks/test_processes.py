"""Processes: a worker that dies is replaced, one that always dies is named, and none outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from netphysics.blocks import Processes
from netphysics.blocks.files import MACHINE, sweep, write_atomic


def die_once(task):
    """Kills its process the first time it sees the item 3."""
    folder, item = task
    mark = Path(folder) / "died"
    if item == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item**2


def die_always(item):
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item**2


def test_the_items_of_a_dead_worker_are_done_again(tmp_path):
    with Processes(2).open() as compute:
        found = {task[1]: square for task, square in compute(die_once, [(str(tmp_path), i) for i in range(8)])}
        assert found == {i: i**2 for i in range(8)}
        # The pool goes on with later rounds.
        assert sorted(compute(abs, [-1, -2])) == [(-2, 2), (-1, 1)]


def test_an_item_that_kills_its_workers_is_named():
    found = []
    with Processes(1).open() as compute, pytest.raises(ChildProcessError, match=r"died 3 times, .*, at 3$"):
        found.extend(compute(die_always, range(8)))
    assert all(square == item**2 for item, square in found)


PARENT = """
import os, signal, time
from netphysics.blocks import Processes

# It is ignored where the tests themselves were told to outlive their terminal.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

if __name__ == "__main__":
    with Processes(1).open() as compute:
        for pair in compute(time.sleep, [0, 600]):
            print(*[child.pid for child in __import__("multiprocessing").active_children()], flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_workers_end_with_their_parent(tmp_path, number):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        workers = [int(word) for word in parent.stdout.readline().split()]
        assert workers
        parent.send_signal(number)
        parent.wait()
    deadline = time.monotonic() + 20
    while any(lives(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def lives(process):
    """Whether a process runs; one that has ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_temporary_files_of_dead_writers_are_swept(tmp_path):
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    left = [
        tmp_path / "cell" / f".000001.npz.{MACHINE}.{dead.stdout.strip()}.abcd_12.tmp",
        tmp_path / f".theory.nc.{MACHINE}.{os.getpid()}.abcd_12.tmp",
        tmp_path / ".theory.nc.elsewhere.1.abcd_12.tmp",
        tmp_path / ".vimrc.tmp",
    ]
    write_atomic(tmp_path / "cell" / "000000.npz", b"")
    for path in left:
        path.touch()
    sweep(tmp_path)
    assert [path.exists() for path in left] == [False, True, True, True]
