"""The disk is full, or the process ends, at every operation on files that a run does."""

import contextlib
import os
import shutil
import subprocess

import pytest
import tiny
from disk import Disk, Killed
from looking import numbers

from netphysics.api import run_and_report
from netphysics.blocks import Threads, files
from netphysics.cli import main, sentence
from netphysics.lab import catalog, load_run
from netphysics.lab.inspection import inspect

TOTAL = 10


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return run_and_report(tiny.study, tiny.Config(), tmp_path_factory.mktemp("sound"), Threads(1))


def run(out):
    return run_and_report(tiny.study, tiny.Config(), out, Threads(1))


def damage(out, sound):
    """A run with a damaged result, a damaged block, and one that is missing."""
    place = out / tiny.study.name / sound.path.name
    shutil.copytree(sound.path, place)
    (place / "result.nc").write_bytes(b"nonsense")
    (place / "blocks" / "power=2" / "000001.npz").write_bytes(b"nonsense")
    (place / "blocks" / "power=1" / "000002.npz").unlink()


def nothing(out, sound):
    """A run that has not begun."""


@pytest.mark.parametrize("before", [nothing, damage])
@pytest.mark.parametrize("kind", [{}, {"once": True}, {"killed": True}], ids=["full", "full for once", "killed"])
def test_whatever_fails_nothing_is_lost(sound, out, often, tell, monkeypatch, kind, before):
    # Temporary files of this process would be those of a dead one.
    monkeypatch.setattr(files, "_lives", lambda process: False)
    cases, step = 0, often(17, 1)
    for at in range(1, 10_000, step):
        shutil.rmtree(out.parent, ignore_errors=True)
        out.parent.mkdir()
        before(out, sound)
        disk = Disk(at, **kind)
        with disk.beneath(), contextlib.suppress(Killed):
            try:
                run(out)
            except (OSError, ValueError) as problem:
                assert "no space left" in sentence(problem) and len(sentence(problem)) < 300
        if disk.count < at:
            break
        cases += 1
        place = out / tiny.study.name / sound.path.name
        kept = 0
        if place.is_dir():
            found = inspect(place)
            kept = found.blocks + len(list(place.glob("blocks/*/*.nonfinite")))
            with contextlib.suppress(ValueError):
                assert numbers(load_run(place, lambda name: tiny.study)) == numbers(sound)
        again = run(out)
        assert numbers(again) == numbers(sound), f"operation {at}"
        # A run that was finished before says what it computed itself.
        assert again.record["blocks_computed"] in (TOTAL - kept, *([TOTAL, 2] if kept == TOTAL else [])), at
        assert inspect(place).state == "sound"
        assert not list(out.rglob("*.tmp")), f"operation {at}"
    else:
        raise AssertionError("a run has no end")
    tell(f"{kind or 'full'}, {before.__name__}: {cases} operations of {disk.count}, none lost a block or left a file")


@pytest.fixture
def little(out):
    """A true disk of a few pages, where this process may mount one."""
    out.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", out], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    try:
        yield out
    finally:
        subprocess.run(["umount", out], check=True)


def test_a_true_disk_that_is_full(sound, little, often, tell, monkeypatch, capfd):
    """From a disk with no page left to one with room enough, page by page; as the command says it."""
    monkeypatch.setattr(catalog, "load", lambda name: tiny.study)
    words = ["run", "tiny", "--out", str(little / "runs"), "--json"]
    page, refused = os.statvfs(little).f_bsize, 0
    for free in range(0, 60, often(12, 1)):
        shutil.rmtree(little / "runs", ignore_errors=True)
        ballast = little / "ballast"
        ballast.unlink(missing_ok=True)
        ballast.write_bytes(bytes(max(0, os.statvfs(little).f_bavail - free) * page))
        code = main(words)
        err = capfd.readouterr().err.splitlines()
        if code:
            refused += 1
            assert code == 2 and err[-1].startswith("netphysics: no space left") and len(err[-1]) < 300
        ballast.unlink()
        assert main(words) == 0
        capfd.readouterr()
        place = little / "runs" / tiny.study.name / sound.path.name
        assert numbers(load_run(place, lambda name: tiny.study)) == numbers(sound)
        assert inspect(place).state == "sound"
        assert not list(little.rglob("*.tmp"))
    assert refused
    tell(f"a true full disk: {refused} times refused in one sentence, then finished")
