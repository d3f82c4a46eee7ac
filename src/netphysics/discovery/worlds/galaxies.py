r"""Galaxies: from a rotation curve and the visible matter, say how fast a galaxy rotates at any radius.

All galaxies have the same law of visible matter: a disc of stars and a wider one of gas, both exponential. What there
is besides depends on the world. Either gravity is stronger than Newton's where it is weak, in the same way everywhere
(the radial acceleration relation, RAR), or each galaxy sits in a halo of dark matter:

| law | besides visible matter | hidden numbers |
|---|---|---|
| `rar` | $g = g_b / (1 - e^{-\sqrt{g_b/g_\dagger}})$ | 0 |
| `nfw-relation` | an NFW halo, its concentration a function of its mass | 1 |
| `nfw-scatter` | the same, with scatter about that function | 2 |
| `nfw` | an NFW halo, its concentration free | 2 |
| `core` | a pseudo-isothermal halo with a core of free size | 2 |

A hidden ratio of mass to light of the stars adds one. Observed are, at some radii, the velocity v, the velocity $v_b$
that visible matter alone gives, and the share of gas in $v_b^2$. A question is another radius with $v_b$ and the share
of gas there; the answer is $\ln(v / v_b)$, so that its error is the relative error of the velocity.

Sources: McGaugh, Lelli & Schombert, arXiv:1609.05917, eq. (4), for the RAR; Navarro, Frenk & White, astro-ph/9611107,
for the halo. Laws of masses, sizes and concentrations are our choice.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .disc import GRAVITY, disc_square
from .halos import HALOS, Halo
from .world import Sample, Values, World

LAWS = ("rar", *HALOS)
# 1.2e-10 m/s^2 in (km/s)^2/kpc.
RAR_ACCELERATION = 3703.0
POINTS = 16
# What a network is told is counted in these: kpc and km/s.
LENGTH, VELOCITY = 10.0, 100.0

# Hidden numbers: log10 of the halo's mass, shape of the halo, log10 of the ratio of mass to light over the assumed one.
HIDDEN = np.array([(10.5, 12.5), (-1.0, 1.0), (-0.2, 0.2)], np.float32)
NAMES = ("log M200", "log c", "log ratio")
# Visible matter: log10 of its fraction of the halo's mass, share of gas, log10 of the disc over its typical length,
# length of the gas disc, first and last radius in disc lengths (log10).
VISIBLE = np.array([(-2.3, -1.0), (0.1, 0.8), (-0.25, 0.25), (1.5, 3.0), (-0.6, -0.2), (0.5, 0.9)], np.float32)
TYPICAL = {"hidden": HIDDEN.mean(axis=1), "visible": VISIBLE.mean(axis=1)}
SMALLEST = 1e-3


@dataclass(frozen=True)
class Galaxies:
    """A world of galaxies.

    Attributes:
        law: what there is besides visible matter.
        free_ratio: whether the ratio of mass to light of stars is hidden, within 0.2 dex of the assumed one.
        noise: relative error of all velocities that are seen, answers included.

    Raises:
        ValueError: for a law that is none of those, or a negative noise.
    """

    law: str = "nfw"
    free_ratio: bool = False
    noise: float = 0.0

    def __post_init__(self) -> None:
        if self.law not in LAWS:
            raise ValueError(f"law is {self.law!r}; it must be one of {', '.join(LAWS)}")
        if not self.noise >= 0:
            raise ValueError(f"noise is {self.noise}; it must not be negative")

    @property
    def halo(self) -> Halo | None:
        return HALOS.get(self.law)

    @property
    def hidden(self) -> tuple[int, ...]:
        """Which of the hidden numbers (mass, shape, ratio) matter here."""
        matter = (self.halo is not None, self.halo is not None and self.halo.width > 0, self.free_ratio)
        return tuple(np.flatnonzero(matter).tolist())

    @property
    def world(self) -> World:
        names = (*(NAMES[i] for i in self.hidden), "log M_bar", "log R_d")
        return World(
            f"galaxies-{self.law}" + "-ratio" * self.free_ratio,
            functools.partial(sample, self),
            names,
            candidates(self.halo, names),
        )

    def boost(
        self, hidden: Float[Array, " 3"], r: Float[Array, " n"], star: Float[Array, " n"], gas: Float[Array, " n"]
    ) -> Float[Array, " n"]:
        """ln(v / v_b) at radii r, where stars and gas give the squared velocities `star` and `gas`."""
        visible = gas + star * (10 ** hidden[2] if self.free_ratio else 1)
        if self.halo is None:
            newton = visible / r
            square = visible / -jnp.expm1(-jnp.sqrt(newton / RAR_ACCELERATION))
        else:
            square = visible + self.halo.square(hidden[0], self.halo.log_concentration(hidden[0], hidden[1]), r)
        return jnp.log(square / (gas + star)) / 2

    def dimension(self) -> int:
        """How many hidden numbers a curve depends on, visible matter given: the rank of the boost's Jacobian."""
        singular = np.linalg.svd(np.asarray(slopes(self), np.float64), compute_uv=False)
        return int((singular > SMALLEST * max(singular[0], SMALLEST)).sum())


@functools.partial(jax.jit, static_argnums=0)
def slopes(galaxies: Galaxies) -> Float[Array, "n 3"]:
    """Slopes of the boost by the hidden numbers, at typical ones."""
    hidden, visible = jnp.asarray(TYPICAL["hidden"]), jnp.asarray(TYPICAL["visible"])
    r, star, gas = matter(hidden[0], visible, jnp.linspace(0, 1, POINTS, dtype=jnp.float32))
    return jax.jacfwd(lambda hidden: galaxies.boost(hidden, r, star, gas))(hidden)


def matter(
    log_mass: Float[Array, ""], visible: Float[Array, " 6"], place: Float[Array, " n"]
) -> tuple[Float[Array, " n"], Float[Array, " n"], Float[Array, " n"]]:
    """Radii, from the first one at place 0 to the last one at 1, and squared velocities by stars and by gas there."""
    log_fraction, gas_share, scatter, gas_size, first, last = visible
    mass, length = 10 ** (log_mass + log_fraction), disc_length(log_mass + log_fraction, scatter)
    # An exponential is many times faster than a power.
    r = length * jnp.exp(np.float32(np.log(10)) * (first + (last - first) * place))
    shares, lengths = jnp.stack([1 - gas_share, gas_share]), jnp.stack([jnp.ones_like(gas_size), gas_size]) * length
    star, gas = disc_square(mass * shares[:, None], lengths[:, None], r[None])
    return r, star, gas


def disc_length(log_visible: Float[Array, ""], scatter: Float[Array, ""]) -> Float[Array, ""]:
    """Scale length of the stars' disc in kpc, by log10 of the mass of visible matter."""
    return 10 ** (0.5 + 0.3 * (log_visible - 10) + scatter)


def question(r: Float[Array, " n"], visible: Float[Array, " n"], gas_share: Float[Array, " n"]) -> Float[Array, "n 3"]:
    """What is asked, in numbers of order one: ln r, ln v_b, and the share of gas."""
    return jnp.stack([jnp.log(r / LENGTH), jnp.log(visible / VELOCITY**2) / 2, gas_share], axis=1)


def observation(asked: Float[Array, "n 3"], boost: Float[Array, " n"]) -> Float[Array, " m"]:
    """What is seen: questions at radii equally spaced in ln r, of which the ends suffice, with their answers."""
    ends = jnp.stack([asked[0, 0], asked[-1, 0]])
    return jnp.concatenate([ends, asked[:, 1], asked[:, 2], boost])


def view(
    galaxies: Galaxies,
    hidden: Float[Array, " 3"],
    visible: Float[Array, " 6"],
    asked: Float[Array, " questions"],
    noise: Float[Array, " points"] | float = 0.0,
) -> Sample:
    """One galaxy, asked about at places between its first radius, 0, and its last, 1; noise is that of ln v."""
    place = jnp.concatenate([jnp.linspace(0, 1, POINTS, dtype=jnp.float32), asked])
    r, star, gas = matter(hidden[0], visible, place)
    questions = question(r, star + gas, gas / (star + gas))
    boost = galaxies.boost(hidden, r, star, gas) + noise
    known = hidden if galaxies.halo is None else hidden.at[1].set(galaxies.halo.log_concentration(*hidden[:2]))
    log_visible = hidden[0] + visible[0]
    shown = [known[i] for i in galaxies.hidden]
    variables = jnp.stack([*shown, log_visible, jnp.log10(disc_length(log_visible, visible[2]))])
    seen = observation(questions[:POINTS], boost[:POINTS])
    return Sample(variables, seen, questions[POINTS:], boost[POINTS:, None])


def sample(galaxies: Galaxies, questions: int, *, key: PRNGKeyArray) -> Sample:
    for_numbers, for_noise = jax.random.split(key)
    low, high = np.concatenate([HIDDEN, VISIBLE, np.tile(np.array([0, 1], np.float32), (questions, 1))]).T
    numbers = jax.random.uniform(for_numbers, low.shape, jnp.float32, low, high)
    noise: Array | float = 0.0
    if galaxies.noise:
        noise = galaxies.noise * jax.random.normal(for_noise, (POINTS + questions,), jnp.float32)
    hidden, visible, asked = jnp.split(numbers, [len(HIDDEN), len(HIDDEN) + len(VISIBLE)])
    return view(galaxies, hidden, visible, asked, noise)


def candidates(halo: Halo | None, names: tuple[str, ...]) -> Mapping[str, Callable[[np.ndarray], np.ndarray]]:
    """What an astronomer would call a hidden number besides the variables themselves."""
    if halo is None:
        return {}
    place = {name: i for i, name in enumerate(names)}

    def concentration(values: np.ndarray) -> Values:
        return values[:, place["log c"]] if "log c" in place else halo.log_concentration(values[:, 0], 0.0)

    def within(r: float, values: np.ndarray) -> np.ndarray:
        square = halo.square(values[:, 0], concentration(values), r)
        return np.log10(r / GRAVITY * np.asarray(square, np.float64))

    return {
        "log M(5 kpc)": functools.partial(within, 5.0),
        "log M(20 kpc)": functools.partial(within, 20.0),
        "log r_s": lambda values: np.log10(halo.radius(values[:, 0])) - concentration(values),
        "log M_bar/M200": lambda values: values[:, place["log M_bar"]] - values[:, 0],
    }
