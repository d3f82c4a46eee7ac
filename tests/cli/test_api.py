"""Names for scripts and notebooks: progress that a person sees, and nothing where nobody looks."""

import sys
import types

import jax
import numpy as np
import pytest

import netphysics
from netphysics.api import teller
from netphysics.lab import Progress


def test_progress_is_told_in_a_notebook_only(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    tell = teller("random-walk")
    tell(Progress(1, 2, "cell"))
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    tell = teller("random-walk")
    for done in (1, 2, 3):
        tell(Progress(done, 3, "cell", 4.0))
    lines = capsys.readouterr().err.split("\r")
    assert [line.strip() for line in lines] == [
        "",
        "random-walk: 1 of 3 blocks, 4 s left",
        "random-walk: 3 of 3 blocks",
    ]


def test_what_the_command_says_of_a_knot_and_of_a_cloud_is_there_in_python_too():
    assert netphysics.unknot("-1 2 3", seconds=5.0).replayed
    with pytest.raises(ValueError, match=r"seconds is 0\.0; it must be positive"):
        netphysics.unknot("-1 2 3", seconds=0.0)
    angle = np.random.default_rng(0).uniform(0, 2 * np.pi, 60)
    circle = {"x": np.cos(angle), "y": np.sin(angle), "label": np.arange(60)}
    assert netphysics.shape(circle, ["x", "y"]).betti == (1, 1)
    with pytest.raises(ValueError, match="--columns names z, which is no column"):
        netphysics.shape(circle, ["z"])


def test_events_of_two_sets_are_searched_in_python():
    from netphysics.topology.phase_space import PhaseSpace, sample

    events = np.asarray(sample(PhaseSpace.massless(3), 200, key=jax.random.key(0)).momenta)
    found = netphysics.anomaly(events, events[:150], steps=2)
    assert {len(scores) for scores in found.scores.values()} == {200} and set(found.performance) == set(found.scores)
    with pytest.raises(ValueError, match=r"events has shape \(200, 3\); it must be \(events, particles, 4\)"):
        netphysics.anomaly(events[..., 0])
