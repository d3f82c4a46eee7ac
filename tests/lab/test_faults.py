"""Faults: whatever happens to the files of a run, its numbers are the right ones, or it is named as damaged and heals.

A few hundred faults in each test run; thousands with `-m slow`.
"""

import json
import os
import random
import shutil

import pytest
from random_walk import Config, study

from netphysics.blocks import Threads
from netphysics.lab import load_run, run_study
from netphysics.lab.inspection import inspect
from netphysics.report import write_report
from netphysics.report.gallery import summary

TINY = Config(draws=64, block_size=16, steps=(4,))


def numbers(run):
    """All numbers of a run, to the last bit."""
    found = [
        (kind, cell, name, estimate.value.tobytes(), estimate.error.tobytes(), estimate.draws)
        for kind, results in (("predicted", run.predicted), ("measured", run.measured))
        for cell, quantities in results.items()
        for name, estimate in quantities.items()
    ]
    return found, json.dumps([claim.to_json() for claim in run.claims])


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A run that nothing has happened to, and a run of another seed, both with their reports."""
    runs = [
        run_study(study, Config(draws=64, block_size=16, steps=(4,), seed=seed), tmp_path_factory.mktemp("sound"))
        for seed in (0, 1)
    ]
    for run in runs:
        write_report(run)
    return runs


def files_of(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def flip(path, other, dice):
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def truncate(path, other, dice):
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


def swap(path, other, dice):
    neighbor = dice.choice([each for each in path.parent.iterdir() if each.is_file() and each != path])
    one, two = path.read_bytes(), neighbor.read_bytes()
    path.write_bytes(two)
    neighbor.write_bytes(one)


def replace(path, other, dice):
    path.write_bytes(other.read_bytes())


def remove(path, other, dice):
    path.unlink()


def folder(path, other, dice):
    path.unlink()
    path.mkdir()


def pipe(path, other, dice):
    path.unlink()
    os.mkfifo(path)


def junk(path, other, dice):
    path.write_text(dice.choice(["[]", "{}", "null", "[1, 2]", '{"run": 3}', "[" * 100_000, "\0" * 5000, "[{}]"]))


FAULTS = [flip, flip, flip, truncate, swap, replace, remove, folder, pipe, junk]


def suffer(sound, out, number):
    """One fault, drawn by its number; returns whether a reader named it."""
    dice = random.Random(number)
    run, other = sound
    place = out / study.name / run.path.name
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(run.path, place)
    victim = files_of(place)[number % len(files_of(place))]
    fault = dice.choice(FAULTS)
    fault(place / victim, other.path / victim, dice)
    label = f"fault {number}: {fault.__name__} of {victim}"
    named = bool(inspect(place).harms)
    before = sorted(place.rglob("*"))
    try:
        assert numbers(load_run(place, lambda name: study)) == numbers(run), label
    except ValueError:
        named = True
    shown = summary(place)
    assert shown is None or shown.damage or shown.standings == summary(run.path).standings, label
    assert sorted(place.rglob("*")) == before, f"{label}: a reader moved files"
    healed = run_study(study, TINY, out, Threads(1))
    assert numbers(healed) == numbers(run), label
    assert numbers(load_run(place, lambda name: study)) == numbers(run), label
    assert not list(place.rglob("*.tmp")), label
    return named, label


def test_no_fault_gives_a_wrong_number(sound, tmp_path):
    outcomes = [suffer(sound, tmp_path / "runs", number) for number in range(150)]
    assert sum(named for named, _ in outcomes) > 90


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_thousands_of_faults(sound, tmp_path, part):
    for number in range(1000 * (part + 1), 1000 * (part + 2)):
        suffer(sound, tmp_path / "runs", number)
