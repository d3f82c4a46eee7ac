"""Processes: killed at random moments, parents and workers, on three executors; nothing is lost, nothing is left."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import tiny
from looking import numbers

from netphysics.api import run_and_report
from netphysics.blocks import Threads
from netphysics.lab.inspection import inspect

EXECUTORS = {"threads": [], "processes": ["--workers", "2"], "dask": ["--cluster", "local"]}
# Long enough that kills come between blocks and in the midst of them.
PAUSE = 0.1
TOTAL = 10
# How often in each part.
KILLS = {"threads": 12, "processes": 7, "dask": 6}
MARK = "NETPHYSICS_TORTURE"
# Seconds after which a process that is still there is taken for an orphan.
PATIENCE = 60.0


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return run_and_report(tiny.study, tiny.Config(pause=PAUSE), tmp_path_factory.mktemp("sound"), Threads(1))


class Campaign:
    """A run in a process of its own, and all processes that come of it."""

    def __init__(self, out, executor):
        self.mark = uuid.uuid4().hex
        command = [sys.executable, Path(__file__).with_name("campaign.py")]
        options = ["--out", out, "--pause", str(PAUSE), *EXECUTORS[executor]]
        temporary = out.parent / "temporary"
        temporary.mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [*command, *options],
            env={**os.environ, MARK: self.mark, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout.readline() == "begun\n"

    def processes(self):
        """All that live, this one among them."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"{MARK}={self.mark}".encode() in (place / "environ").read_bytes():
                    found.append(int(place.name))
        return found

    def workers(self):
        """Those that compute, or watch one that does."""
        found = []
        for process in self.processes():
            with contextlib.suppress(OSError):
                if b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                    found.append(process)
        return found

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def wait_for_silence(self):
        """Wait until no process is left."""
        deadline = time.monotonic() + PATIENCE
        while left := self.processes():
            assert time.monotonic() < deadline, f"{len(left)} orphans"
            time.sleep(0.05)


def finish(out, sound):
    """Go on from what is there: how many blocks were kept, after a look at everything."""
    place = out / tiny.study.name / sound.path.name
    kept = 0
    if place.is_dir():
        found = inspect(place)
        assert not found.harms
        kept = found.blocks + len(list(place.glob("blocks/*/*.nonfinite")))
    again = run_and_report(tiny.study, tiny.Config(pause=PAUSE), out, Threads(1))
    assert numbers(again) == numbers(sound)
    # A run that was finished before says what it computed itself.
    assert again.record["blocks_computed"] == TOTAL - kept or kept == TOTAL
    assert inspect(place).state == "sound"
    assert not list(out.rglob("*.tmp"))
    return kept


@pytest.mark.parametrize("executor", ["threads", "processes", pytest.param("dask", marks=pytest.mark.slow)])
def test_killed_at_random_moments(sound, out, often, tell, executor, part):
    dice = random.Random(f"{executor} {part}")
    out.mkdir()
    done, kept, seconds = 0, [], {"threads": 1.5, "processes": 5.0, "dask": 8.0}[executor]
    while done < often(1, KILLS[executor]):
        campaign = Campaign(out / str(len(kept)), executor)
        # At any time; or when blocks are computed, which is the shorter part of it.
        late = dice.random() < 0.7
        while late and campaign.process.poll() is None and not any(out.glob(f"{len(kept)}/tiny/*/blocks/*/*")):
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 5 * PAUSE if late else seconds))
        alive = campaign.process.poll() is None
        campaign.kill()
        campaign.wait_for_silence()
        kept.append(finish(out / str(len(kept)), sound))
        # One that was quicker was not killed, and does not count.
        done += alive
    tell(f"killed {executor}: {done} times, with {kept} of {TOTAL} blocks; none lost, no process and no file left")


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["processes", "dask"])
def test_workers_killed_at_random_moments(sound, out, often, tell, executor):
    """The run ends as if nothing had been, or says in a sentence that its workers die."""
    dice = random.Random(executor)
    killed = named = 0
    for number in range(often(1, 5)):
        campaign = Campaign(out.parent / str(number), executor)
        while campaign.process.poll() is None:
            time.sleep(dice.uniform(0.5, 3.0))
            workers = campaign.workers()
            if workers and killed < 4 * (number + 1):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(dice.choice(workers), signal.SIGKILL)
                    killed += 1
        _, err = campaign.process.communicate()
        assert "Traceback" not in err
        if campaign.process.returncode:
            named += 1
            assert err.splitlines()[-1].startswith("netphysics: ")
        campaign.wait_for_silence()
        finish(out.parent / str(number), sound)
    tell(f"workers of {executor}: {killed} killed in {number + 1} runs, {named} of which said so; the others went on")
