r"""Panels on which an activation and its derivatives are polynomials, to rounding.

All averages over a preactivation are sums over the nodes of these panels, whatever the variance of the
Gaussian: an activation is evaluated once. The panels are octaves of |z|, cut further wherever the values at the
nodes of one are no polynomial of their degree. Around a kink that ends in a panel too short to matter, so that a
function of the user's need not say where its kinks are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from jaxtyping import Bool, Float64
from numpy.polynomial.legendre import legvander

from ...nets import Activation
from ..quadrature import gauss_legendre, panel_rule

NODES = 24
RESOLVED = 1e-10
# Panels are cut in four down to this part of their distance from zero (or of one, near zero).
PARTS = 4
SHORTEST = 1e-12
MOST_PANELS = 1024
# A jump is told from a steep slope by coming this near, and then eight times nearer.
GAP = 1e-9
# Points are handed over in arrays of few sizes: jax compiles a function of the user's once for each.
SIZES = 4 ** np.arange(6, 12)


@dataclass(frozen=True)
class Table:
    """An activation on the nodes of a quadrature.

    Attributes:
        z: the nodes.
        weights: of an integral over z.
        derivatives: the activation and its first three derivatives at the nodes.
        kinks: where one of these derivatives jumps.
    """

    z: Float64[np.ndarray, " nodes"]
    weights: Float64[np.ndarray, " nodes"]
    derivatives: Float64[np.ndarray, "4 nodes"]
    kinks: tuple[float, ...]

    def within(self, distance: float) -> Table:
        """The nodes not farther than that from zero."""
        near = np.abs(self.z) <= distance
        return replace(self, z=self.z[near], weights=self.weights[near], derivatives=self.derivatives[:, near])


@lru_cache(maxsize=64)
def table(activation: Activation, low: int, high: int) -> Table:
    """The activation on -2^high < z < 2^high, with 0 < |z| < 2^low in one panel if it is smooth there.

    Raises:
        ValueError: for an activation that is not a function of z alone, that is infinite, NaN, discontinuous
            or infinitely steep somewhere, or that varies too fast for 1024 panels.
    """
    if activation.normalized:
        raise ValueError(f"activation {activation.name} divides by a function of its input: no function of z alone")
    octaves = 2.0 ** np.arange(low, high + 1)
    known = [kink for kink in activation.kinks if abs(kink) < octaves[-1]]
    corners = np.unique(np.concatenate([-octaves, [0.0], octaves, known]))
    _jumps(activation, corners)  # a step is refused before it costs many panels
    panels = np.stack([corners[:-1], corners[1:]], axis=1)
    done: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    scale: np.ndarray | None = None
    while len(panels):
        if len(done) + len(panels) > MOST_PANELS:
            raise ValueError(f"activation {activation.name} varies too fast near z = {panels[0, 0]:g}")
        z, weights = panel_rule(panels, NODES)
        values = _evaluate(activation, z)
        if scale is None:
            near = np.abs(z) <= max(2.0, octaves[0])
            scale = np.max(np.abs(values), axis=(1, 2), where=near, initial=0.0)
        short = np.ptp(panels, axis=1) < SHORTEST * np.maximum(1, np.abs(panels[:, 0]))
        smooth = short | _is_polynomial(values, scale)
        done += zip(z[smooth], weights[smooth], values[:, smooth].swapaxes(0, 1), strict=True)
        corners = np.append(corners, panels[short].mean(axis=1))
        left, right = panels[~smooth].T
        cuts = np.linspace(left, right, PARTS + 1, axis=1)
        panels = np.stack([cuts[:, :-1].ravel(), cuts[:, 1:].ravel()], axis=1)
    z, weights, values = (np.concatenate(parts, axis=-1) for parts in zip(*done, strict=True))
    return Table(z, weights, values, _jumps(activation, corners))


def _is_polynomial(
    values: Float64[np.ndarray, "4 panels nodes"], scale: Float64[np.ndarray, " 4"]
) -> Bool[np.ndarray, " panels"]:
    """Whether the last coefficients of the values' Legendre series are below rounding, for each panel."""
    points, weights = gauss_legendre(NODES)
    last = (weights[:, None] * legvander(points, NODES - 1))[:, -3:] * NODES
    size = np.maximum(np.max(np.abs(values), axis=2), scale[:, None])
    return np.all(np.max(np.abs(values @ last), axis=2) <= RESOLVED * size, axis=0)


def _evaluate(activation: Activation, z: Float64[np.ndarray, "*shape"]) -> Float64[np.ndarray, orders * shape]:
    padded = np.zeros(SIZES[np.searchsorted(SIZES, z.size)])
    padded[: z.size] = z.ravel()
    with np.errstate(all="ignore"):
        values = np.stack(activation.derivatives(padded))[:, : z.size].reshape(4, *z.shape)
    bad = ~np.isfinite(values).all(axis=0)
    if bad.any():
        raise ValueError(
            f"activation {activation.name} or one of its first three derivatives is not finite at z = {z[bad][0]:g}"
        )
    return values


def _jumps(activation: Activation, corners: Float64[np.ndarray, " corners"]) -> tuple[float, ...]:
    """The corners at which a derivative jumps; raises where the activation does, or is infinitely steep."""
    size = np.abs(corners)
    # The octaves of tiny kernels lie closer to a kink at zero than the gap of others is wide.
    gap = GAP * np.where((size > 0) & (size < 10 * GAP), size, np.maximum(1, size))
    values, *derivatives = _evaluate(
        activation, np.stack([[corners - each, corners + each] for each in (gap, gap / 8)])
    )
    slopes = derivatives[0]
    far, near = np.abs(values[:, 1] - values[:, 0])
    apart = near > np.maximum(far / 2, 1e-12 * np.max(np.abs(values)))
    steep = np.any(np.abs(slopes[1]) > 2 * np.abs(slopes[0]) + 1e-6 * np.max(np.abs(slopes[0])), axis=0)
    for wrong, word in ((apart, "discontinuous"), (steep, "infinitely steep")):
        if wrong.any():
            raise ValueError(f"activation {activation.name} is {word} at z = {corners[wrong][0]:g}")
    below, above = np.stack(derivatives)[:, 1].swapaxes(0, 1)
    bent = np.any(np.abs(above - below) > 1e-6 * (1 + np.abs(above) + np.abs(below)), axis=0)
    return tuple(np.unique(corners[bent]).tolist())
