"""Straight lines and power laws through estimates, with errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, Numbers


@dataclass(frozen=True)
class Line:
    """A weighted least-squares line: intercept + slope * x, and chi-squared per degree of freedom."""

    slope: Estimate
    intercept: Estimate
    chi_squared: float


def fit_line(x: Numbers, y: Estimate) -> Line:
    """The line through points with independent errors, weighted by 1 / error**2.

    Args:
        x: abscissas, shape (m,), at least two distinct ones.
        y: ordinates, an estimate of shape (m,) with positive errors.

    Raises:
        ValueError: when fewer than two distinct abscissas or a zero or infinite error is given.
    """
    x = np.asarray(x, np.float64)
    if len(np.unique(x)) < 2:
        raise ValueError(f"a line needs two distinct abscissas; got {x.tolist()}")
    if not np.all((y.error > 0) & np.isfinite(y.error)):
        raise ValueError("a line is fitted to points with positive, finite errors")
    design = np.stack([np.ones_like(x), x], axis=1) / y.error[:, None]
    covariance = np.linalg.inv(design.T @ design)
    intercept, slope = covariance @ design.T @ (y.value / y.error)
    residuals = (y.value - intercept - slope * x) / y.error
    errors = np.sqrt(np.diag(covariance))
    trusted = bool(np.all(y.trusted))
    return Line(
        slope=Estimate(slope, errors[1], y.draws, y.dof, trusted),
        intercept=Estimate(intercept, errors[0], y.draws, y.dof, trusted),
        chi_squared=float(residuals @ residuals / max(len(x) - 2, 1)),
    )


def fit_power_law(x: Numbers, y: Estimate) -> Line:
    """The line through (log x, log |y|): its slope is the exponent of y ~ x**slope."""
    return fit_line(np.log(x), abs(y).log())
