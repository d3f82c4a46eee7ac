"""Straight lines and power laws through estimates, with errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from .estimate import Estimate, Numbers, pooled_dof


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
    x = _check_points(x, y)
    design = np.stack([np.ones_like(x), x], axis=1) / y.error[:, None]
    covariance = np.linalg.inv(design.T @ design)
    # What each point adds to intercept and slope, in units of its error.
    shares = covariance @ design.T
    intercept, slope = shares @ (y.value / y.error)
    residuals = (y.value - intercept - slope * x) / y.error
    errors = np.sqrt(np.diag(covariance))
    trusted = bool(np.all(y.trusted))
    return Line(
        slope=Estimate(slope, errors[1], y.draws, pooled_dof(shares[1], y.dof), trusted),
        intercept=Estimate(intercept, errors[0], y.draws, pooled_dof(shares[0], y.dof), trusted),
        chi_squared=float(residuals @ residuals / max(len(x) - 2, 1)),
    )


@dataclass(frozen=True)
class PowerLaw:
    """amplitude * x**exponent, and chi-squared per degree of freedom."""

    exponent: Estimate
    amplitude: Estimate
    chi_squared: float


def fit_power_law(x: Numbers, y: Estimate) -> PowerLaw:
    """The power law through points with independent errors, by weighted nonlinear least squares.

    The fit is to y itself, not to its logarithm: noisy points of either sign then count with their
    true weight and bias nothing.

    Args:
        x: positive abscissas, shape (m,), at least two distinct ones.
        y: ordinates, an estimate of shape (m,) with positive errors.

    Raises:
        ValueError: when fewer than two distinct abscissas or a zero or infinite error is given, or the
            points are too noisy for any power law.
    """
    x = _check_points(x, y)
    certain = np.argsort(-np.abs(y.value) / y.error)[:2]
    start_exponent = np.log(np.abs(y.value[certain[0]] / y.value[certain[1]])) / np.log(x[certain[0]] / x[certain[1]])
    # Scaling by the best point keeps amplitude and exponent of order one.
    pivot, scale = x[certain[0]], y.value[certain[0]]

    def residuals(parameters: np.ndarray) -> np.ndarray:
        return (scale * parameters[0] * (x / pivot) ** parameters[1] - y.value) / y.error

    solution = least_squares(residuals, (1.0, start_exponent))
    try:
        covariance = np.linalg.inv(solution.jac.T @ solution.jac)
    except np.linalg.LinAlgError:
        raise ValueError("the points are too noisy for a power law") from None
    amplitude, exponent = solution.x
    # a = scale * A * pivot**-e, so its error follows from those of A and e.
    value = scale * amplitude * pivot**-exponent
    gradient = np.array([value / amplitude, -value * np.log(pivot)])
    trusted = bool(np.all(y.trusted))
    return PowerLaw(
        exponent=Estimate(exponent, np.sqrt(covariance[1, 1]), y.draws, y.dof, trusted),
        amplitude=Estimate(value, np.sqrt(gradient @ covariance @ gradient), y.draws, y.dof, trusted),
        chi_squared=float(solution.fun @ solution.fun / max(len(x) - 2, 1)),
    )


def _check_points(x: Numbers, y: Estimate) -> np.ndarray:
    x = np.asarray(x, np.float64)
    if len(np.unique(x)) < 2:
        raise ValueError(f"a fit needs two distinct abscissas; got {x.tolist()}")
    if not np.all((y.error > 0) & np.isfinite(y.error)):
        raise ValueError("a fit needs points with positive, finite errors")
    return x
