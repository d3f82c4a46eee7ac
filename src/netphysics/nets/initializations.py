"""Explicit weight matrices of one layer, every ensemble with the same variance C_W / n_in of an entry."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.draws import normal, split
from netphysics.nets.net import GivensProduct, HouseholderProduct, Initialization, Spectrum
from netphysics.nets.orthogonal_products import givens_product, householder_product
from netphysics.nets.orthogonalization import gaussian_frame, product


def draw_weights(
    initialization: Initialization, n_out: int, n_in: int, weight_variance: float, *, key: PRNGKeyArray
) -> Float32[Array, "{n_out} {n_in}"]:
    r"""One weight matrix, E[W_ij W_kl] = δ_ik δ_jl C_W / n_in.

    All but those with independent entries are corners: with m = max(n_in, n_out), W is \sqrt{C_W m / n_in}
    times the first n_out rows and n_in columns of a random m x m matrix, Haar-orthogonal, U diag(s) V^T of
    `Spectrum`, or a product of rotations or reflections. A corner of an orthogonal matrix has orthonormal rows
    or columns, whichever are fewer; κ is exact, at every m, for the m x m matrix.

    Raises ValueError for an initialization that does not exist.
    """
    shape = (n_out, n_in)
    deviation = np.float32(math.sqrt(weight_variance / n_in))
    corner = deviation * np.float32(math.sqrt(max(shape)))
    match initialization:
        case "gaussian":
            return deviation * normal(shape, key=key)
        case "uniform":
            bound = np.float32(math.sqrt(3))
            return deviation * jax.random.uniform(key, shape, jnp.float32, -bound, bound)
        case "rademacher":
            return deviation * jax.random.rademacher(key, shape, jnp.float32)
        case "orthogonal":
            frame = gaussian_frame(normal((min(shape), max(shape)), key=key))
            return corner * (frame if n_out <= n_in else frame.T)
        case Spectrum(kappa):
            left_key, right_key = split(key, 2)
            left = gaussian_frame(normal((n_out, max(shape)), key=left_key))
            right = gaussian_frame(normal((n_in, max(shape)), key=right_key))
            values = jnp.asarray(singular_values(max(shape), kappa), jnp.float32)
            return corner * product(left * values[None], right.T)
        case GivensProduct(rounds):
            return corner * givens_product(max(shape), rounds, key=key)[:n_out, :n_in]
        case HouseholderProduct(reflectors):
            return corner * householder_product(max(shape), reflectors, key=key)[:n_out, :n_in]
    raise ValueError(f"initialization {initialization!r} is not known")


def singular_values(n: int, kappa: float) -> np.ndarray:
    r"""n singular values, of two sizes, with mean(s²) = 1 and mean(s⁴) - 1 = κ, both exactly, for κ <= n - 1.

    A fraction f of the s² is 1 + \sqrt{κ (1-f)/f}, the others are 1 - \sqrt{κ f/(1-f)}. f is the largest
    multiple of 1/n up to 1/2 that leaves none negative: s² = 1 ± \sqrt{κ} for even n and κ <= 1.
    """
    if kappa == 0:
        return np.ones(n)
    count = math.floor(n * min(0.5, 1 / (1 + kappa)) * (1 + 1e-12))
    odds = count / (n - count)
    squares = np.full(n, 1 - math.sqrt(kappa * odds))
    squares[:count] = 1 + math.sqrt(kappa / odds)
    return np.sqrt(np.maximum(squares, 0.0))
