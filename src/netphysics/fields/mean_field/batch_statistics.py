r"""Batch normalization at infinite width, with the statistics of the batch itself.

A unit's values on the batch are a Gaussian vector x with covariance K; after normalization they are
$\hat z = \sqrt m\,Cx/|Cx|$, C the projection that takes the mean away: a vector on a sphere, whose averages have no
closed form for most activations. They are sums over the points of a scrambled Sobol sequence in m dimensions, right to
about 1e-3. Source of the theory: Yang et al., arXiv:1902.08129.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from jaxtyping import Float64
from scipy.special import ndtri
from scipy.stats import qmc

from ...nets import Activation

Matrix = Float64[np.ndarray, "m m"]
# Points of the sum, and how many are in memory at once.
POINTS, CHUNK = 2**13, 2**10
# Values that the statistics are over, at most.
MOST_VALUES = 64


def normalized_kernel(kernel: Matrix, activation: Activation) -> Matrix:
    """Covariance of a unit over the batch after normalization and activation.

    Raises:
        ValueError: for statistics over more than 64 values.
    """
    total = np.zeros_like(kernel)
    for z, _ in normalized(kernel):
        value = activation.derivatives(z)[0]
        total += value.T @ value
    return total / POINTS


def normalized_gradient(kernel: Matrix, activation: Activation, gradient: Matrix) -> Matrix:
    r"""The covariance of gradients before the normalization: with D the slopes of the activation,

    $E[P D\,\Gamma\,D P\,/\,r^2]$, $P = 1 - 11^T/m - \hat z\hat z^T/m$, $r^2 = |Cx|^2/m$;

    raises ValueError as `normalized_kernel` does.
    """
    total, m = np.zeros_like(kernel), len(kernel)
    for z, size in normalized(kernel):
        slope = activation.derivatives(z)[1]
        inner = slope[:, :, None] * gradient * slope[:, None, :]
        # P A P for each point, by the two vectors that P takes away.
        for vector in (np.ones_like(z), z):
            inner = inner - vector[:, :, None] * np.einsum("si,sij->sj", vector, inner)[:, None] / m
            inner = inner - np.einsum("sij,sj->si", inner, vector)[:, :, None] * vector[:, None, :] / m
        total += np.einsum("sij,s->ij", inner, 1 / size**2)
    return total / POINTS


def normalized(kernel: Matrix) -> Iterator[tuple[Float64[np.ndarray, "chunk m"], Float64[np.ndarray, " chunk"]]]:
    """Normalized values of units on the batch, and their deviations before; in chunks."""
    m = len(kernel)
    if not 1 < m <= MOST_VALUES:
        raise ValueError(
            f"batch statistics are over {m} values; theory follows 2 to {MOST_VALUES}, inputs by positions"
        )
    eigenvalues, vectors = np.linalg.eigh(kernel)
    root = vectors * np.sqrt(np.maximum(eigenvalues, 0))
    for chunk in np.split(normal_points(m), POINTS // CHUNK):
        centered = chunk @ root.T
        centered -= centered.mean(axis=1, keepdims=True)
        size = np.sqrt(np.mean(centered**2, axis=1))
        yield centered / size[:, None], size


@lru_cache(maxsize=4)
def normal_points(dimension: int) -> Float64[np.ndarray, "points dimension"]:
    """Points that fill the space as normal numbers do, more evenly than random ones."""
    uniform = qmc.Sobol(dimension, seed=0).random(POINTS)
    return ndtri(np.clip(uniform, 1e-12, 1 - 1e-12))
