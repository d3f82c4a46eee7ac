"""Errors that quadratures state: never much below the true ones, and not far above."""

import sys

import numpy as np
import pytest

from netphysics.fields.interactions import connected_functions
from netphysics.nets import Net

ACTIVATIONS = ("tanh", "gelu", "swish", "sigmoid", "relu", "softplus")
# The package exports a function of the same name.
HIDDEN_MOMENTS = sys.modules["netphysics.fields.interactions.hidden_moments"]


@pytest.fixture(scope="module")
def ratios():
    """Stated over true error of connected functions: the finest rules there are stand for the truth."""
    rng = np.random.default_rng(0)
    found = []
    for name in ACTIVATIONS:
        for dimension in (1, 2):
            # In a plane without biases the finest rules are affordable.
            bias = 0.0 if dimension == 2 else 0.3**2
            net, x = Net((dimension, 7, 1), name, "gaussian", 1.3**2, bias), rng.normal(size=(3, dimension))
            stated = connected_functions(net, x)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(HIDDEN_MOMENTS, "_SETTLED", 0.0)
                truth = connected_functions(net, x)
            for order in ("four", "six"):
                true = np.max(np.abs(getattr(stated, order) - getattr(truth, order)))
                # Where nothing was left to refine there is no truth to compare with.
                if true > 0:
                    found.append(np.max(getattr(stated, f"{order}_error")) / true)
    return np.array(found)


def test_no_error_is_much_larger_than_stated(ratios):
    # The finest rules round, too: by as much as is stated where nothing but rounding is left.
    assert len(ratios) >= 20 and ratios.min() > 0.5


def test_errors_are_stated_within_a_factor_of_ten(ratios):
    assert 1 < np.median(ratios) < 10


def test_changes_that_fall_are_followed_and_others_are_not():
    remaining = HIDDEN_MOMENTS._remaining
    assert remaining([1e-4, 1e-8]) == pytest.approx(1e-12)
    assert remaining([1e-6, 1e-6]) == remaining([1e-7, 1e-6]) == 1e-6
    assert remaining([1e-12]) == pytest.approx(1e-16)
    assert remaining([0.0]) == 0.0
