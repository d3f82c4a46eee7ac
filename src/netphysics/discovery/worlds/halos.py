r"""Halos of dark matter: spheres with two numbers, the mass $M_{200}$ and the concentration $c = R_{200} / r_s$.

$R_{200}$ is the radius within which the mean density is 200 times critical, so that with Hubble's constant
$V_{200} = (10 G H_0 M_{200})^{1/3}$ and $R_{200} = V_{200} / 10 H_0$. Masses in solar masses, radii in kpc, velocities
in km/s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from .disc import GRAVITY
from .world import Values

HUBBLE = 0.07  # km/s/kpc


@dataclass(frozen=True)
class Halo:
    r"""A family of halos, and the law of their concentration.

    $\log_{10} c = a + b \log_{10}(M_{200} h / 10^{12}) + w s$ with the shape s uniform on [-1, 1].

    Attributes:
        enclosed: the mass within x scale radii, up to a factor; of numpy or jax numbers.
        typical, slope, width: a, b and w.
    """

    enclosed: Callable[[Values], Values]
    typical: float
    slope: float
    width: float

    def log_concentration(self, log_mass: Values, shape: Values) -> Values:
        return self.typical + self.slope * (log_mass - 12 + float(np.log10(10 * HUBBLE))) + self.width * shape

    def radius(self, log_mass: Values) -> Values:
        """R200."""
        return (10 * GRAVITY * HUBBLE * 10**log_mass) ** (1 / 3) / (10 * HUBBLE)

    def square(self, log_mass: Values, log_concentration: Values, r: Values) -> Values:
        r"""Squared velocity at radius r: $V_{200}^2 \frac{R_{200}}{r} \frac{m(r / r_s)}{m(c)}$."""
        radius, c = self.radius(log_mass), 10**log_concentration
        return (10 * HUBBLE * radius) ** 2 * radius / r * self.enclosed(c * r / radius) / self.enclosed(c)


def nfw(x: Values) -> Values:
    r"""Navarro, Frenk & White: density $\propto 1 / x (1 + x)^2$."""
    np_ = jnp if isinstance(x, jax.Array) else np
    return np_.log1p(x) - x / (1 + x)


def pseudo_isothermal(x: Values) -> Values:
    r"""Density $\propto 1 / (1 + x^2)$: a core, and a flat rotation curve far out."""
    np_ = jnp if isinstance(x, jax.Array) else np
    return x - np_.arctan(x)


# Concentration by mass: Dutton & Macciò, arXiv:1402.7073, for 200 times critical density today. Scatter and wider
# laws, and those of cores, are our choice.
HALOS = {
    "nfw-relation": Halo(nfw, 0.905, -0.101, 0.0),
    "nfw-scatter": Halo(nfw, 0.905, -0.101, 0.19),
    "nfw": Halo(nfw, 0.905, -0.101, 0.5),
    "core": Halo(pseudo_isothermal, 1.7, 0.0, 0.6),
}
