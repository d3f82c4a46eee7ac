"""Recommendation: the initial conditions with which networks of a given shape train alike."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from netphysics.nets import Net

from ...depth.critical_points import critical_point
from ...depth.finite_width import finite_width_flow
from .described import plain_rates, tangent_spread

# First order in L / n is not asked for more than it can say.
LARGEST_RATIO = 0.5


@dataclass(frozen=True)
class Recommendation:
    """Initial conditions of one kind, and what they achieve.

    Attributes:
        initialization: `gaussian` or `orthogonal`.
        weight_variance: C_W, the critical one.
        bias_variance: C_b, the critical one.
        input_mean_square: |x|²/d_in at which the first layer starts where the others stay.
        spread: predicted relative spread of the tangent kernel over networks.
        narrowest: the smallest width with the tolerated spread at this depth, where L / n is at most 1/2.
        deepest: the most hidden layers with the tolerated spread at this width, where L / n is at most 1/2.
        achieves: whether the spread is within the tolerance.
    """

    initialization: str
    weight_variance: float
    bias_variance: float
    input_mean_square: float
    spread: float
    narrowest: int
    deepest: int
    achieves: bool

    @property
    def gain(self) -> float:
        r"""\sqrt{C_W}, the gain of PyTorch's initializers."""
        return math.sqrt(self.weight_variance)


def recommend(net: Net, tolerance: float) -> tuple[Recommendation, ...]:
    """Gaussian and orthogonal initial conditions for the activation, depth and width of `net`, the smaller spread
    first. Its own variances play no part; hidden layers of different widths count with their harmonic mean.

    Raises:
        ValueError: for a tolerance that is not positive, no hidden layer, and an activation that is critical
            nowhere.
    """
    if not (math.isfinite(tolerance) and tolerance > 0):
        raise ValueError(f"tolerance is {tolerance}; it must be positive")
    if net.layers < 2:
        raise ValueError(f"widths are {net.widths}; a single layer has no depth to recommend anything for")
    critical = critical_point(net.activation)
    if critical.weight_variance is None or critical.bias_variance is None:
        raise ValueError(f"there is nothing to recommend: {critical.reason}")
    # Without a scale of its own, an activation takes inputs that arrive at K = 1.
    kernel = critical.kernel or 1.0
    mean_square = (kernel - critical.bias_variance) / critical.weight_variance
    hidden = net.widths[1:-1]
    depth, width = len(hidden), len(hidden) / sum(1 / n for n in hidden)
    start = dataclasses.replace(net, weight_variance=critical.weight_variance, bias_variance=critical.bias_variance)
    found = []
    for initialization in ("gaussian", "orthogonal"):
        drawn = dataclasses.replace(start, initialization=initialization)
        reach = max(1, int(LARGEST_RATIO * width))
        spreads = spread_by_depth(drawn, round(width), max(reach, depth), mean_square)
        too_large = np.flatnonzero(spreads > tolerance).tolist()
        spread = float(spreads[depth - 1])
        found.append(
            Recommendation(
                initialization=initialization,
                weight_variance=critical.weight_variance,
                bias_variance=critical.bias_variance,
                input_mean_square=float(mean_square),
                spread=spread,
                narrowest=narrowest(drawn, depth, mean_square, tolerance),
                deepest=min([reach, *too_large[:1]]),
                achieves=spread <= tolerance,
            )
        )
    return tuple(sorted(found, key=lambda each: each.spread))


def spread_by_depth(net: Net, width: int, depth: int, mean_square: float) -> Float64[np.ndarray, " depth"]:
    """Relative spread of the tangent kernel of nets with 1, 2, ..., `depth` hidden layers of one width."""
    deep = dataclasses.replace(net, widths=(width,) * (depth + 2))
    return tangent_spread(finite_width_flow(deep, mean_square, plain_rates(deep)))[1:]


def narrowest(net: Net, depth: int, mean_square: float, tolerance: float) -> int:
    """The smallest width with at most that spread. Its square falls nearly like 1 / n, so that a few steps get
    there; they stop growing once biases count for nothing beside n weights."""
    width = math.ceil(depth / LARGEST_RATIO)
    while (spread := float(spread_by_depth(net, width, depth, mean_square)[-1])) > tolerance:
        width = math.ceil(width * (spread / tolerance) ** 2)
    return width
