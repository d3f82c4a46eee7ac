r"""The trajectory of a linear training: what residuals, and what they added up to, are in each of its modes.

With θ an eigenvalue of the tangent kernel on N examples and $h = \eta/N$, a residual of a mode is
$d^t = (1-h\theta)^t$ times its first value after t steps, and its moves have added up to $\phi_t = h\sum_{s<t} d^s$.
Gradient flow is the limit $h \to 0$ at fixed time. What perturbs a training at first order in 1/width is a sum over its
trajectory of products of these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.special import exprel

from ..quadrature import panel_rule

# Gauss-Legendre nodes of each of the intervals of time, which halve toward the start.
NODES, HALVINGS = 12, 24


@dataclass(frozen=True)
class Trajectory:
    """A training at some times, which are all steps of gradient descent, or nodes of a quadrature.

    Attributes:
        step: h; zero for gradient flow.
        weights: of the times in sums over them, h for a step.
        remaining: d^t, for each time and mode.
        moved: φ_t.
        later: what becomes of a change at this time until the end.
        final: what remains at the end.
        propagated: h times the sum over s < t of d_a^(t-1-s) d_b^s.
        ordered: h times the sum over s < t of d_a^s φ_b(s).
    """

    step: float
    weights: Float64[np.ndarray, " times"]
    remaining: Float64[np.ndarray, "times n"]
    moved: Float64[np.ndarray, "times n"]
    later: Float64[np.ndarray, "times n"]
    final: Float64[np.ndarray, " n"]
    propagated: Float64[np.ndarray, "times n n"]
    ordered: Float64[np.ndarray, "times n n"]


TrajectoryOf = Callable[[Float64[np.ndarray, " n"]], Trajectory]


def descent_trajectory(learning_rate: float, steps: int) -> TrajectoryOf:
    """Of gradient descent of half the mean squared error, as a function of the eigenvalues of the tangent kernel.

    Raises:
        ValueError: for a learning rate that is not positive, or fewer than one step.
    """
    if not learning_rate > 0:
        raise ValueError(f"learning_rate is {learning_rate}; it must be positive")
    if steps < 1:
        raise ValueError(f"steps is {steps}; it must be at least 1")

    def trajectory(eigenvalues: Float64[np.ndarray, " n"]) -> Trajectory:
        h, n = learning_rate / len(eigenvalues), len(eigenvalues)
        decay = 1 - h * eigenvalues
        remaining = decay ** np.arange(steps + 1)[:, None]
        moved, propagated, ordered = np.zeros((steps, n)), np.zeros((steps, n, n)), np.zeros((steps, n, n))
        for t in range(steps - 1):
            moved[t + 1] = moved[t] + h * remaining[t]
            propagated[t + 1] = decay[:, None] * propagated[t] + h * remaining[t]
            ordered[t + 1] = ordered[t] + h * np.outer(remaining[t], moved[t])
        weights = np.full(steps, h)
        later = remaining[steps - 1 :: -1]
        return Trajectory(h, weights, remaining[:-1], moved, later, remaining[-1], propagated, ordered)

    return trajectory


def flow_trajectory(time: float) -> TrajectoryOf:
    """Of gradient flow for a time, likewise.

    Raises:
        ValueError: for a time that is not positive.
    """
    if not time > 0:
        raise ValueError(f"time is {time}; it must be positive")

    def trajectory(eigenvalues: Float64[np.ndarray, " n"]) -> Trajectory:
        end = time / len(eigenvalues)
        edges = np.concatenate([[0.0], end * 0.5 ** np.arange(HALVINGS)])
        times, weights = panel_rule(edges, NODES)
        t, theta = times[:, None], np.maximum(eigenvalues, np.finfo(float).tiny)
        remaining, moved = np.exp(-theta * t), t * exprel(-theta * t)
        t, a, b = times[:, None, None], theta[:, None], theta[None]
        propagated = t * np.exp(-np.minimum(a, b) * t) * exprel(-np.abs(a - b) * t)
        ordered = (moved[:, :, None] - t * exprel(-(a + b) * t)) / b
        later, final = np.exp(-theta * (end - times[:, None])), np.exp(-theta * end)
        return Trajectory(0.0, weights, remaining, moved, later, final, propagated, ordered)

    return trajectory
