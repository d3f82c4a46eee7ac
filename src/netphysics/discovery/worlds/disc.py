r"""The rotation of a thin exponential disc, $\Sigma(R) = \Sigma_0 e^{-R/R_d}$, under its own gravity.

$v^2 = 4 \pi G \Sigma_0 R_d\, y^2 [I_0(y) K_0(y) - I_1(y) K_1(y)]$ with $y = r / 2 R_d$ (Freeman, ApJ 160 (1970) 811).
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float64
from scipy.special import i0e, i1e, k0e, k1e

GRAVITY = 4.30091e-6  # kpc (km/s)^2 / solar mass
# The shape is read from a table, equally spaced in ln y: jax has no K_n. Straight lines between its points are good
# to 3e-5.
FIRST, LAST, SIZE = np.log(1e-3), np.log(50.0), 1024


def exact_shape(y: Float64[np.ndarray, " n"]) -> Float64[np.ndarray, " n"]:
    """$y^2 [I_0(y) K_0(y) - I_1(y) K_1(y)]$, in double precision."""
    return y**2 * (i0e(y) * k0e(y) - i1e(y) * k1e(y))


TABLE = np.log(exact_shape(np.exp(np.linspace(FIRST, LAST, SIZE)))).astype(np.float32)


def disc_square(
    mass: Float[Array, "*#shape"], length: Float[Array, "*#shape"], r: Float[Array, "*#shape"]
) -> Float[Array, "*#shape"]:
    r"""Squared velocity in (km/s)^2 at radii r in the plane of a disc of that mass and scale length.

    Masses in solar masses, $M = 2 \pi \Sigma_0 R_d^2$; lengths in kpc, r between 0.002 and 100 scale lengths.
    """
    place = (jnp.log(r / (2 * length)) - np.float32(FIRST)) * np.float32((SIZE - 1) / (LAST - FIRST))
    left = jnp.clip(place.astype(jnp.int32), 0, SIZE - 2)
    table = jnp.asarray(TABLE)
    shape = jnp.exp(table[left] + (place - left.astype(jnp.float32)) * (table[left + 1] - table[left]))
    return 2 * GRAVITY * mass / length * shape
