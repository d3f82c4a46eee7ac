"""What studies of sweeps have in common: seeds that diverge count nowhere but in their own sum."""

from types import SimpleNamespace

import numpy as np

from netphysics.blocks import Cell
from netphysics.stats import Estimate, Tally
from netphysics.studies.discovery import sweeps
from netphysics.studies.discovery.options import SweepConfig
from netphysics.studies.discovery.sweep_figures import reading
from netphysics.studies.discovery.sweeps import fraction_claims, over_seeds, seed_means

CONFIG = SweepConfig(latents=(0, 1, 2, 4))


def test_seeds_that_diverged_are_left_out_and_counted(monkeypatch):
    monkeypatch.setattr(sweeps, "common", lambda config, found: {"active": 2, "span": np.diag([1.0, 1, 0, 0])})

    def train(size):
        return SimpleNamespace(finished=size < 3, size=size)

    experiment = over_seeds(CONFIG, train, lambda found, key: {"x": found.size, "y": [key]}, ("y",))
    sums, kept = experiment([1, 2, 3, 9])
    assert kept["y"].tolist() == [[1], [2], [3], [9]]
    found = seed_means(CONFIG, Cell("all"), Tally(4, sums))
    assert (found["x"], found["active"], found["finished"], found["agreement"]) == (1.5, 2, 0.5, 1)
    estimates = {name: Estimate(value, 0.1, 4) for name, value in (found | {"x": 0.5}).items()}
    claims = list(fraction_claims(estimates, {"x": "it is"}, "conjecture", "us"))
    assert [(claim.id, float(claim.observed.value), claim.observed.draws) for claim in claims] == [
        ("x", 0.5, 2),
        ("finished", 0.5, 4),
    ]
    none = seed_means(CONFIG, Cell("all"), Tally(2, experiment([3, 9])[0]))
    assert np.isnan(none["x"])
    assert none["finished"] == 0


def words(**numbers):
    found = {"left": 1.0, "agreement": 1.0, **numbers}
    return reading(CONFIG, {name: Estimate.exact(value) for name, value in found.items()})


def test_the_numbers_in_words():
    assert "a circle or a sphere" in words(knee=2.0, active=3.0, dimension=2.0)
    assert "knee between 3 and 4 latents" in words(knee=4.0, active=3.0, dimension=3.0)
    assert "Fewer neurons" in words(knee=4.0, active=1.0, dimension=3.0)
    assert "noise included" in words(knee=1.0, active=1.0, dimension=9.0)
    assert "3.6-fold" in words(knee=2.0, active=3.0, dimension=2.0, left=3.6)
