"""Files: whatever happens to one, the numbers of a run are the right ones, or it is named as damaged and heals."""

import collections
import functools
import json
import random
import shutil

import pytest
import tiny
from faults import OF_FILES, OF_FOLDERS

from netphysics.api import run_and_report
from netphysics.blocks import Threads
from netphysics.cli.check import repair
from netphysics.lab import catalog, load_run
from netphysics.lab.inspection import inspect
from netphysics.lab.store import REPORT, Store
from netphysics.report.gallery import summary

PARTS = 8


def numbers(run):
    """All numbers of a run, to the last bit: results, claims, and what its blocks kept."""
    found = [
        (kind, cell, name, estimate.value.tobytes(), estimate.error.tobytes(), estimate.draws)
        for kind, results in (("predicted", run.predicted), ("measured", run.measured))
        for cell, quantities in results.items()
        for name, estimate in quantities.items()
    ]
    return found, json.dumps([claim.to_json() for claim in run.claims])


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


def suffer(sound, out, number):
    """One fault, drawn by its number: the file, and who named it."""
    dice = random.Random(number)
    run, other = sound
    place = out / tiny.study.name / run.path.name
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(run.path, place)
    paths = sorted(path.relative_to(place) for path in place.rglob("*"))
    victim = paths[number % len(paths)]
    fault = dice.choice(OF_FOLDERS if (place / victim).is_dir() else OF_FILES)
    fault(place / victim, other.path / victim, dice)
    try:
        listed = sorted(place.rglob("*"))
        found, refused = look(place, run, run.report.read_bytes())
        assert sorted(place.rglob("*")) == listed, "a reader moved files"
        heal(found, run, out)
    except Exception as problem:
        problem.add_note(f"fault {number}: {fault.__name__} of {victim}")
        raise
    return victim, refused


def heal(found, run, out):
    """`check --repair` where something is named, else the same command again: all is as it was."""
    if found.harms:
        assert repair(found) == "repaired"
    else:
        run_and_report(tiny.study, run.config, out, Threads(1))
    after, refused = look(found.folder, run)
    assert after.state == "sound" and not refused
    assert not list(found.folder.rglob("*.tmp"))


def suffer_all(sound, out, choice, tell):
    named, silent = collections.Counter(), collections.Counter()
    for number in choice:
        victim, refused = suffer(sound, out, number)
        (named if refused else silent)[victim.suffix or victim.name] += 1
    tell(f"faults of files: {len(choice)}, named {dict(named)}, without effect {dict(silent)}; all healed")
    return sum(named.values())


@pytest.mark.parametrize("part", range(PARTS))
def test_no_fault_gives_a_wrong_number(sound, out, installed, often, tell, part):
    count = often(15, 2600)
    choice = range(part * count, (part + 1) * count)
    assert suffer_all(sound, out, choice, tell) > 0.6 * count
