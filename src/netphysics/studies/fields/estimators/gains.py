"""What an estimator gains over the published one: in variance, at equal numbers of networks and at equal time."""

from __future__ import annotations

import numpy as np

from netphysics.lab import Results
from netphysics.stats import Estimate


def log_gain_at_equal_time(predicted: Results, measured: Results, case: str, estimator: str, order: str) -> Estimate:
    spent = relative_time(predicted, case, estimator)
    return measured[case][f"{estimator}_{order}_log_gain"] - spent.log() * (1 / np.log(10))


def relative_time(predicted: Results, case: str, estimator: str) -> Estimate:
    """Time for each network with an estimator over that with the published one, drawing included."""
    times = predicted[case]
    own, published = (times["draw_seconds"] + times[f"{name}_seconds"] for name in (estimator, "published"))
    return own / published


def as_gain(log_gain: Estimate) -> Estimate:
    return log_gain.map(lambda x: 10**x, lambda x: np.log(10) * 10**x)
