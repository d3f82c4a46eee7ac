"""The probe: names for neurons whose meaning is known, and silence where there is none."""

import numpy as np
import pytest

from netphysics.discovery.probe import explained, expression, knee, matched, names

RNG = np.random.default_rng(7)
B, KAPPA, NOISE = RNG.uniform(size=(3, 2000))
COLUMNS = {"b": B, "kappa": KAPPA}


def test_explained_sees_any_function():
    assert explained(np.cos(6 * B), B) > 0.99
    assert abs(explained(B, KAPPA)) < 0.02
    assert explained(B + KAPPA, B) == pytest.approx(0.5, abs=0.05)
    assert explained(np.zeros(2000), B) == 0
    with pytest.raises(ValueError, match="at least 64"):
        explained(B[:10], KAPPA[:10])


def verdicts(*neurons):
    found = names(np.stack(neurons, axis=1), np.array([2.0] * len(neurons)), COLUMNS)
    return [(name.verdict, name.name) for name in found]


def test_names():
    assert verdicts(-np.exp(B), KAPPA) == [("named", "b"), ("named", "kappa")]
    assert verdicts(B + KAPPA, B - KAPPA)[0][0] == "span-named"
    assert verdicts(B, NOISE) == [("named", "b"), ("unnamed-but-active", "b")] or verdicts(B, NOISE)[1][0] == (
        "unnamed-but-active"
    )
    # Nearly b, with a part of kappa that is too large.
    assert verdicts(B + 0.3 * KAPPA)[0][0] == "span-named"


def test_dead_neurons_are_not_named():
    (found,) = names(1e-3 * B[:, None], np.array([0.0]), COLUMNS)
    assert (found.verdict, found.name) == ("dead", "")


def test_matching_orders_and_signs():
    assert matched(np.stack([NOISE, -KAPPA, B], axis=1), [B, KAPPA]) == ([2, 1], [1, -1])
    with pytest.raises(ValueError, match="cannot be matched"):
        matched(B[:, None], [B, KAPPA])


def test_an_expression_up_to_a_monotone_function():
    found = expression(np.exp(3 * (B - KAPPA)), {"kappa": KAPPA, "noise": NOISE, "b": B})
    assert found.correlation > 0.9999
    assert found.text in ("b - kappa", "kappa - b")


def test_knee():
    assert knee((0, 1, 2, 3), np.array([0.29, 0.13, 0.008, 0.002])) == 2
    assert knee((3, 0), np.array([0.1, 0.3])) == 3
    assert knee((0, 1), np.array([0.1, 0.1])) == 0
    with pytest.raises(ValueError, match="must be there"):
        knee((1, 2), np.array([0.1, 0.1]))
