"""Extrapolation in 1/width: what finite networks say about the leading order."""

from collections.abc import Sequence

import numpy as np

from netphysics.stats import Estimate, Line, fit_line


def leading_order(widths: tuple[int, int], narrow: Estimate, wide: Estimate) -> Estimate:
    """What two widths extrapolate to: what is linear in 1/width drops out, the second order remains. The estimates
    have any shape, the same for both."""
    small, large = widths
    return (large * wide - small * narrow) / (large - small)


def extrapolate(widths: Sequence[int], measured: Sequence[Estimate]) -> Line:
    """Richardson extrapolation to infinite width: a weighted straight line in 1/n through scalar estimates, one
    for each width; its `intercept` is the limit and its `chi_squared` tells whether the line is straight.

    Raises ValueError as `fit_line` does: for fewer than two widths, or an estimate without an error.
    """
    values, errors = ([float(getattr(each, name)) for each in measured] for name in ("value", "error"))
    draws, dof = min(each.draws for each in measured), min(each.dof for each in measured)
    return fit_line(1 / np.asarray(widths, np.float64), Estimate(values, errors, draws, dof))
