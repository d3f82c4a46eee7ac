"""The Gaussian-process limit: golden kernels, conformance, and error bars that can be trusted."""

import dataclasses

import numpy as np
import pytest

from netphysics.blocks import Plan
from netphysics.lab.experiments import compute_block
from netphysics.lab.runner import reduce_cell
from netphysics.studies.fields.gaussian_process_limit import Config, cells, points, predict, study
from netphysics.testing import check_study

SMALL = Config(activations=("erf",), widths=(5, 10), draws=4096, block_size=256)


def test_conformance(tmp_path):
    run = check_study(study, SMALL, tmp_path)
    assert {claim.verdict for claim in run.claims} == {"agrees"}


@pytest.mark.parametrize("estimator", ["published", "pooled"])
def test_the_other_estimators_agree_with_theory(estimator):
    config = dataclasses.replace(SMALL, estimator=estimator, widths=(5,))
    (cell,) = cells(config)
    expected, (found,) = predict(config)[cell.name], [measure_all(config, cell)]
    for name in ("two", "four", "six"):
        pulls = (found[name] - expected[name]).value / found[name].error
        assert np.max(np.abs(pulls[found[name].trusted])) < 5.5


@pytest.mark.parametrize("inputs", ["paper", "grid", "digits"])
def test_inputs(inputs):
    config = dataclasses.replace(SMALL, inputs=inputs)
    assert points(config, "erf").shape == {"paper": (6, 1), "grid": (4, 2), "digits": (6, 64)}[inputs]


def measure_all(config, cell, repeats=None):
    """Estimates of one run from all its blocks; or of many independent runs from consecutive blocks."""
    plan = Plan((cell,), config.draws * (repeats or 1), config.block_size)
    tallies = [compute_block((study, config, block))[0] for block in plan.blocks(cell)]
    if repeats is None:
        return reduce_cell(study, config, cell, tallies)
    per_run = len(tallies) // repeats
    return [reduce_cell(study, config, cell, tallies[i * per_run : (i + 1) * per_run]) for i in range(repeats)]


RUNS = 200


@pytest.mark.parametrize(
    ("activation", "width", "blocks", "block_size"),
    [
        ("erf", 10, 32, 128),
        pytest.param("relu", 20, 32, 512, marks=pytest.mark.slow),
        pytest.param("gauss", 40, 32, 512, marks=pytest.mark.slow),
    ],
)
def test_pulls_of_two_hundred_runs_have_mean_zero_and_width_one(activation, width, blocks, block_size):
    """One entry of each tensor, as those of one run are not independent; the Gauss-net's tails take larger runs."""
    config = Config(
        activations=(activation,), widths=(width,), draws=blocks * block_size, block_size=block_size, inputs="grid"
    )
    (cell,) = cells(config)
    expected = predict(config)[cell.name]
    runs = measure_all(config, cell, RUNS)
    for name in ("two", "four", "six"):
        entry = len(expected[name].value) // 3
        trusted = [run[name] for run in runs if run[name].trusted[entry]]
        pulls = [(e.value[entry] - expected[name].value[entry]) / e.error[entry] for e in trusted]
        assert len(pulls) > 0.9 * RUNS, f"{name}: only {len(pulls)} runs are trusted"
        assert abs(np.mean(pulls)) < 0.2, f"{name}: pulls have mean {np.mean(pulls):.2f}"
        assert abs(np.std(pulls) - 1) < 0.15, f"{name}: pulls have width {np.std(pulls):.2f}"


def test_log_normal_tails_are_told():
    """At the paper's bias the Gauss-net's tails cannot be seen: the error bars must say so themselves."""
    config = Config(activations=("gauss",), widths=(10,), bias_std=1.0, draws=64 * 128, block_size=128)
    (cell,) = cells(config)
    runs = measure_all(config, cell, 20)
    for name in ("four", "six"):
        told = np.mean([np.mean(~run[name].trusted) > 0.01 for run in runs])
        assert told >= 0.9, f"{name}: only {told:.0%} of runs told that their error bars are unreliable"
