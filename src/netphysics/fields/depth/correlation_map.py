r"""How the angle between two signals changes from layer to layer, in wide networks.

Two inputs of equal kernel K and correlation $c = K_{ab} / K$ have, one layer on, the correlation

$c' = [C_b + C_W\langle\sigma(z_a)\,\sigma(z_b)\rangle] \,/\, [C_b + C_W\langle\sigma^2\rangle]$.

c = 1 is always a fixed point. At a fixed kernel its slope is $\chi_\perp$, and where that exceeds 1 another fixed
point attracts: inputs that are nearly equal are torn apart until they have that correlation.

Sources: Poole et al., arXiv:1606.05340; Schoenholz et al., arXiv:1611.01232.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float64
from scipy.optimize import brentq

from ...nets import Activation
from ..kernels import two_point
from .averages import averages, covering

GRID = np.linspace(-1, 1, 201)
# A correlation that moves by less than this is fixed.
FIXED = 1e-9
# Slopes are differences over this distance, right to its square: so much is called marginal.
STEP, MARGINAL = 1e-3, 1e-4


@dataclass(frozen=True)
class FixedCorrelation:
    """A correlation that layers keep, and the slope of the map there."""

    correlation: float
    slope: float

    @property
    def stability(self) -> Literal["stable", "marginal", "unstable"]:
        """Whether correlations nearby come closer; marginal where they do so more slowly than any exponential."""
        if abs(abs(self.slope) - 1) < MARGINAL:
            return "marginal"
        return "stable" if abs(self.slope) < 1 else "unstable"


@dataclass(frozen=True)
class CorrelationMap:
    """c -> c' for one activation, at one kernel.

    Attributes:
        activation: s; kinks that it does not tell are found.
        weight_variance: C_W.
        bias_variance: C_b.
        kernel: K of both inputs, positive; for a fixed point of a correlation it must itself be one.
    """

    activation: Activation
    weight_variance: float
    bias_variance: float
    kernel: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.kernel) and self.kernel > 0):
            raise ValueError(f"kernel is {self.kernel}; a correlation map needs a positive, finite one")
        kinks = covering(self.activation, self.kernel, self.kernel).kinks
        object.__setattr__(self, "activation", replace(self.activation, kinks=kinks))

    def __call__(self, correlation: float | Float64[np.ndarray, "*c"]) -> Float64[np.ndarray, "*c"]:
        """c' for any array of c in -1 ... 1."""
        size = np.array(self.kernel)
        covariance = np.append(np.ravel(correlation), 1.0) * self.kernel
        following = self.bias_variance + self.weight_variance * two_point(self.activation, size, covariance, size)
        return (following[:-1] / following[-1]).reshape(np.shape(correlation))

    def fixed_points(self) -> tuple[FixedCorrelation, ...]:
        """All fixed points in -1 ... 1, from the largest down; empty if every correlation is one."""
        change = self(GRID) - GRID
        if np.all(np.abs(change) < FIXED):
            return ()
        fixed = [float(c) for c in GRID[np.abs(change) < FIXED]]
        for i in np.flatnonzero(
            (change[:-1] * change[1:] < 0) & (np.minimum(*np.abs([change[:-1], change[1:]])) > FIXED)
        ):
            fixed.append(brentq(lambda c: float(self(c)) - c, *GRID[i : i + 2]))
        return tuple(FixedCorrelation(c, self._slope(c)) for c in sorted(fixed, reverse=True))

    def _slope(self, correlation: float) -> float:
        if correlation == 1:
            mean = averages(self.activation, np.array([self.kernel]))
            following = self.bias_variance + self.weight_variance * mean.square[0]
            return float(self.weight_variance * self.kernel * mean.slope_square[0] / following)
        step = STEP if correlation < 0 else -STEP
        first, second, third = self(np.clip(correlation + step * np.arange(3), -1, 1))
        return float((4 * second - 3 * first - third) / (2 * step))
