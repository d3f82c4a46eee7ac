"""Conformance of the studies of learning, on budgets far below their quick presets."""

import dataclasses

import pytest

from netphysics.studies.learning import (
    accuracy_spread,
    best_initialization,
    beyond_the_kernel,
    convolutional,
    data_dependence,
    one_point_function,
    repeatability,
    stochastic_dynamics,
    trainability,
    training_by_depth,
)
from netphysics.testing import check_study

DATA = {"train": 20, "test": 20, "steps": 25, "draws": 8, "block_size": 2}
SMALL = {
    training_by_depth: {**DATA, "depths": (2, 3), "widths": (8, 12), "fixed_depth": 2},
    accuracy_spread: {**DATA, "depths": (2, 3), "width": 8},
    one_point_function: {"widths": (8, 16), "steps": (2, 8), "examples": 4, "draws": 64, "block_size": 16},
    stochastic_dynamics: {"rates": (0.1,), "momenta": (0.0,), "steps": 200, "draws": 16, "block_size": 4},
    convolutional: {**DATA, "depths": (2,), "channels": 3},
    beyond_the_kernel: {**DATA, "widths": (8, 16), "depths": (1,), "rates": (0.25,), "train": 6, "test": 4},
    best_initialization: {**DATA, "depth": 3, "width": 8, "kappas": (0.0, 1.0)},
    data_dependence: {**DATA, "depth": 2, "width": 8},
    trainability: {**DATA, "activations": ("tanh",), "depths": (2,), "gains": (0.5, 1.0), "width": 8},
    repeatability: {**DATA, "depths": (2,), "width": 8},
}


# Trainings are compiled once for each cell and number of networks, which is most of the time.
@pytest.mark.slow
@pytest.mark.parametrize("module", SMALL, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_conformance(module, tmp_path):
    run = check_study(module.study, module.Config(**SMALL[module]), tmp_path)
    for claim in run.claims:
        # At such budgets intervals decide nothing; equalities must hold.
        assert claim.kind != "equal" or claim.verdict != "disagrees", claim


def test_presets_are_accepted():
    for module in SMALL:
        for preset in ("quick", "default", "paper"):
            module.Config.preset(preset)


@pytest.mark.parametrize(
    ("module", "change", "message"),
    [
        (training_by_depth, {"fixed_depth": 5}, "fixed_depth is 5; it must be one of the depths"),
        (training_by_depth, {"data": "digit"}, "data is digit; it must be"),
        (accuracy_spread, {"train": 1790}, "at most the 1797 examples"),
        (accuracy_spread, {"fraction": 0.0}, "fraction is 0.0; it must be greater than 0"),
        (data_dependence, {"alignment": 1.0}, "alignment is 1.0"),
    ],
)
def test_bad_options(module, change, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(module.Config(), **change)
