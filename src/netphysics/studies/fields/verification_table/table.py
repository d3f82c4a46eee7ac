"""What the table says: networks, inputs, couplings and test errors, as published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netphysics.nets import Net
from netphysics.stats import Estimate

PAPER = "arXiv:2008.08601, the table of couplings and test errors"
INPUTS = np.array([[0.2], [0.4], [0.6], [0.8], [1.0], [1.2]])
PUBLISHED_NETWORKS = 1e7


@dataclass(frozen=True)
class Setting:
    """The networks, inputs and box of a part of the table, and what it says: in percent, in units of G^2, and
    couplings by model, with the units of their last digits.
    """

    net: Net
    inputs: np.ndarray
    box: float | None
    mean_square: tuple[float, float]
    test_errors: tuple[float, float, float]
    couplings: dict[str, tuple[tuple[float, float], ...]]


SETTINGS = {
    "gauss": Setting(
        Net((1, 1000, 1), "gauss", "gaussian", 1.0, 1.0),
        0.01 * INPUTS,
        None,
        (0.019, 1e-3),
        (0.0145, 0.0144, 0.0156),
        {
            "M1": ((0.0046, 1e-4),),
            "M2": ((0.0043, 1e-4), (0.0011, 1e-4)),
            "M3": ((0.00062, 1e-5), (0.00016, 1e-5), (0.0015, 1e-4)),
        },
    ),
    "relu": Setting(
        Net((1, 20, 1), "relu", "gaussian", 1.0, 0.0),
        INPUTS,
        100.0,
        (0.003, 1e-3),
        (0.0035, 0.0013, 0.0012),
        {
            "M1": ((6.2e-11, 1e-12),),
            "M2": ((1.2e-18, 1e-19), (8.7e-15, 1e-16)),
            "M3": ((1.2e-18, 1e-19), (8.7e-15, 1e-16), (6.8e-17, 1e-18)),
        },
    ),
    "erf": Setting(
        Net((1, 5, 1), "erf", "gaussian", 1.0, 1.0),
        0.01 * INPUTS,
        100.0,
        (0.006, 1e-3),
        (0.030, 0.0042, 0.037),
        {
            "M1": ((0.039, 1e-3),),
            "M2": ((0.040, 1e-3), (-0.00043, 1e-5)),
            "M3": ((0.0019, 1e-4), (-0.0054, 1e-4), (0.0063, 1e-4)),
        },
    ),
}


def as_published(numbers: Sequence[tuple[float, float]], noise: float) -> Estimate:
    """Published numbers with the errors of their rounding and of the ensemble they come from."""
    values, digits = np.array(numbers).T
    return Estimate(values, np.hypot(digits / np.sqrt(12), noise * values), 0)
