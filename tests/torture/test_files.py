"""Files: whatever happens to one, the numbers of a run are the right ones, or it is named as damaged and heals."""

import collections
import functools
import os
import random
import shutil
from pathlib import Path

import pytest
import tiny
from faults import OF_FILES, OF_FOLDERS
from looking import numbers

from netphysics.api import run_and_report
from netphysics.blocks import Threads, load_archive
from netphysics.blocks.ledger import APART
from netphysics.cli.check import repair
from netphysics.lab import catalog, load_run
from netphysics.lab.inspection import inspect
from netphysics.lab.manifest import MANIFEST
from netphysics.lab.store import LOG, RECORD, REPORT, RESULT, Store
from netphysics.report.gallery import summary


def kept(run):
    return {cell.name: run.kept(cell.name)["x"].tobytes() for cell in tiny.cells(run.config)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A run that nothing has happened to, and a run of another seed."""
    place = tmp_path_factory.mktemp("sound")
    return [run_and_report(tiny.study, tiny.Config(seed=seed), place, Threads(1)) for seed in (0, 1)]


@pytest.fixture
def installed(monkeypatch):
    """The study can be found by its name."""
    monkeypatch.setattr(catalog, "load", lambda name: tiny.study)


@functools.cache
def known(path):
    """What is right of a sound run: its numbers, what it kept, and what a gallery shows of it."""
    run, shown = load_run(path, catalog.load), summary(path)
    return numbers(run), kept(run), (shown.standings, shown.thumbnail)


def look(place, run, report=None):
    """Everything that reads a run, which must give what is right or refuse: what was found, and who refused.

    A report that was made anew tells how that went, too, and is another.
    """
    found = inspect(place)
    refused = ["check"] if found.harms else []
    try:
        loaded = load_run(place, catalog.load)
        assert (numbers(loaded), kept(loaded)) == known(run.path)[:2]
    except ValueError as refusal:
        assert str(refusal)
        refused.append("load")
    shown = summary(place)
    if shown is None or shown.damage:
        refused.append("gallery")
    else:
        assert (shown.standings, shown.thumbnail) == known(run.path)[2]
    try:
        page = Store(place).read([REPORT])
        assert page is None or report is None or page[REPORT] == report
    except ValueError:
        refused.append("serve")
    return found, refused


def victims(place, dice):
    """What is to suffer: a folder or the manifest alone; or a file of the run and some blocks, all at once."""
    paths = sorted(path.relative_to(place) for path in place.rglob("*"))
    blocks = [path for path in paths if path.suffix in (".npz", APART)]
    alone = [path for path in paths if (place / path).is_dir() or path.name == MANIFEST]
    if dice.random() < 0.15:
        return [dice.choice(alone)]
    return [dice.choice([path for path in paths if path not in (*blocks, *alone)]), *dice.sample(blocks, 8)]


def suffer(sound, out, number):
    """Faults, drawn by their number; which files were named, and which were not."""
    dice = random.Random(number)
    run, other = sound
    place = out / tiny.study.name / run.path.name
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(run.path, place)
    done = []
    try:
        for victim in victims(place, dice):
            fault = dice.choice(OF_FOLDERS if (place / victim).is_dir() else OF_FILES)
            fault(place / victim, other.path / victim, dice)
            done.append((fault.__name__, victim))
        listed = sorted(place.rglob("*"))
        found, _ = look(place, run, run.report.read_bytes())
        assert sorted(place.rglob("*")) == listed, "a reader moved files"
        named = [victim for _, victim in done if is_named(victim, found.harms)]
        silent = [victim for _, victim in done if victim not in named]
        # How many blocks there were is in two files; where both are damaged, a block that is gone is only made again.
        uncounted = {RECORD, RESULT} <= found.harms.keys()
        for victim in silent:
            gone = uncounted and not os.path.lexists(place / victim)
            assert gone or without_effect(place / victim, run.path / victim), f"{victim} is not named"
        heal(found, run, out)
    except Exception as problem:
        problem.add_note(f"faults {number}: {', '.join(f'{name} of {victim}' for name, victim in done)}")
        raise
    return named, silent


def is_named(victim, harms):
    """Whether a file is named, or a folder by what is in it, or a block by the cell that lacks it.

    Where the manifest is damaged, nothing vouches for the files beside it.
    """
    path = victim.as_posix()
    if MANIFEST in harms and victim.parent == Path("."):
        return True
    return any(path == harm or harm.startswith(f"{path}/") or harm == victim.parent.as_posix() for harm in harms)


def without_effect(path, before):
    """Whether a file says what it said, to the last bit of its arrays; or nothing reads it.

    The log tells how a run went. That a block is not finite is found again where nothing tells of it.
    """
    if path.suffix == APART and not path.exists():
        return True
    if path.suffix not in (".npz", APART):
        return path.name == LOG or path.read_bytes() == before.read_bytes()
    one, two = load_archive(path), load_archive(before)
    return one.keys() == two.keys() and all(one[name].tobytes() == two[name].tobytes() for name in one)


def heal(found, run, out):
    """`check --repair` where something is named, else the same command again: all is as it was."""
    if found.harms:
        assert repair(found) == "repaired"
    else:
        run_and_report(tiny.study, run.config, out, Threads(1))
    after, refused = look(found.folder, run)
    assert after.state == "sound" and not refused
    assert not list(found.folder.rglob("*.tmp"))


def test_no_fault_gives_a_wrong_number(sound, out, installed, often, tell, part):
    named, silent = collections.Counter(), collections.Counter()
    count = often(20, 480)
    for number in range(part * count, (part + 1) * count):
        for found, victims in zip((named, silent), suffer(sound, out, number), strict=True):
            found.update(victim.suffix or victim.name for victim in victims)
    assert named.total() > silent.total()
    tell(f"{named.total() + silent.total()} faults, named {dict(named)}, without effect {dict(silent)}; all healed")
