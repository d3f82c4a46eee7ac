r"""Stochastic gradient descent near a minimum: the motion of walkers with a random force, and its exact moments.

With the Hessian H at a minimum, batches of B examples drawn with replacement and C the covariance of one example's
gradient there, a step with momentum μ is

$v \leftarrow \mu v - \eta (H\delta + \xi), \qquad \delta \leftarrow \delta + v, \qquad E[\xi\xi^T] = C/B$,

a Langevin equation in discrete time whose temperature is learning rate over batch size. Its moments are sums of a
linear recursion that mixes δ and v of each pair of eigenvectors of H: no approximation is made in the step. Without
momentum the stationary covariance is
$\Sigma_{ij} = \frac{\eta}{B}\,C_{ij}/(\lambda_i+\lambda_j-\eta\lambda_i\lambda_j)$.
A flat direction has none: it diffuses, $\Sigma_{ii}(s) \to s\,\eta^2 C_{ii} / [B (1-\mu)^2]$.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

Matrix = Float64[np.ndarray, "p p"]
Pairs = Float64[np.ndarray, "p p 4 4"]

# From where covariances of successive iterations count as the same.
SETTLED = 1e-12
MOST_ITERATIONS = 10_000


@dataclass(frozen=True)
class Noise:
    """How stochastic gradient descent moves.

    Raises ValueError for a learning rate that is not positive, a batch below 1, or a momentum not in [0, 1).
    """

    learning_rate: float
    batch: int
    momentum: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate is {self.learning_rate}; it must be positive")
        if self.batch < 1:
            raise ValueError(f"batch is {self.batch}; it must be at least 1")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum is {self.momentum}; it must be at least 0 and less than 1")


def covariance(hessian: Matrix, force: Matrix, noise: Noise, steps: int | None = None) -> Matrix:
    """The covariance of δ after `steps` steps from rest at the minimum, or of the stationary distribution.

    Args:
        force: C, the covariance of the gradient of one example.

    Raises:
        ValueError: for a stationary distribution where there is none, along flat or unstable directions.
    """
    eigenvalues, vectors = np.linalg.eigh(hessian)
    rotated = vectors.T @ force @ vectors * (noise.learning_rate**2 / noise.batch)
    growth = pair_growth(eigenvalues, noise)
    # A push changes the velocity and with it the position.
    pushed = np.broadcast_to(np.ones(4)[:, None], (*rotated.shape, 4, 1)) * rotated[:, :, None, None]
    if steps is None:
        largest = np.max(np.abs(np.linalg.eigvals(growth)))
        if largest >= 1 - SETTLED:
            raise ValueError(
                f"the Hessian has eigenvalues from {eigenvalues[0]:.3g} to {eigenvalues[-1]:.3g}; a stationary "
                f"distribution needs them positive and below {2 * (1 + noise.momentum) / noise.learning_rate:.3g}"
            )
        moments = np.linalg.solve(np.eye(4) - growth, pushed)
    else:
        moments = geometric_sum(growth, steps) @ pushed
    return vectors @ moments[:, :, 0, 0] @ vectors.T


def pair_growth(eigenvalues: Float64[np.ndarray, " p"], noise: Noise) -> Pairs:
    """How one step takes the moments (δδ, δv, vδ, vv) of each pair of directions to the next ones."""
    pull = noise.learning_rate * eigenvalues
    drag = np.full_like(pull, noise.momentum)
    step = np.stack([np.stack([1 - pull, drag], axis=-1), np.stack([-pull, drag], axis=-1)], axis=-2)
    p = len(eigenvalues)
    return np.einsum("iab,jcd->ijacbd", step, step).reshape(p, p, 4, 4)


def geometric_sum(matrices: Pairs, terms: int) -> Pairs:
    """1 + M + ... + M^(terms - 1), by doubling."""
    total, power = np.zeros_like(matrices), np.broadcast_to(np.eye(4), matrices.shape)
    for digit in f"{terms:b}":
        total = total + power @ total
        power = power @ power
        if digit == "1":
            total = np.eye(4) + matrices @ total
            power = power @ matrices
    return total


@dataclass(frozen=True)
class LinearModel:
    """Least squares: outputs x_i · θ, targets y_i, and the loss (x_i · θ - y_i)² / 2, averaged over examples."""

    inputs: Float64[np.ndarray, "n p"]
    targets: Float64[np.ndarray, " n"]

    @property
    def hessian(self) -> Matrix:
        return self.inputs.T @ self.inputs / len(self.inputs)

    @property
    def minimum(self) -> Float64[np.ndarray, " p"]:
        return np.linalg.lstsq(self.inputs, self.targets, rcond=None)[0]

    def force(self, spread: Matrix) -> Matrix:
        """The covariance of the gradient of one example, averaged over δ of that covariance and mean zero."""
        residuals = self.inputs @ self.minimum - self.targets
        squares = residuals**2 + np.einsum("np,pq,nq->n", self.inputs, spread, self.inputs)
        second = (self.inputs * squares[:, None]).T @ self.inputs / len(self.inputs)
        return second - self.hessian @ spread @ self.hessian

    def covariance(self, noise: Noise) -> Matrix:
        """The exact stationary covariance: the force depends on where a walker is, and both are solved for together.

        Raises:
            ValueError: where the second moments have no stationary value.
        """
        spread = np.zeros_like(self.hessian)
        for _ in range(MOST_ITERATIONS):
            before, spread = spread, covariance(self.hessian, self.force(spread), noise)
            if not np.isfinite(spread).all() or np.trace(spread) > 1e12 * np.trace(self.hessian):
                break
            if np.abs(spread - before).max() <= SETTLED * np.abs(spread).max():
                return spread
        raise ValueError(
            f"learning_rate is {noise.learning_rate} with a batch of {noise.batch}; the variance of this model's "
            "parameters grows without bound, it must be lower"
        )
