r"""Orbits: where the Sun and Mars stand in the sky, today and later; the phases of Earth and Mars are hidden.

Angles are seen from Earth against the fixed stars. With heliocentric positions $r_E e^{i\lambda_E}$ and
$r_M e^{i\lambda_M}$,

$\theta_S = \lambda_E + \pi, \qquad \theta_M = \arg(r_M e^{i\lambda_M} - r_E e^{i\lambda_E})
= \lambda_M + \arg(r_M - r_E e^{i(\lambda_E - \lambda_M)})$.

Mars is farther from the Sun than Earth, so the last term, the parallax, is less than a quarter turn and $\theta_M$ is
continuous as it stands. At the time of observation both angles lie on $[-\pi, \pi)$; later they go on without
jumps, as an astronomer counts them who has followed the planet. Phases $\phi_E$ and $\phi_M$, on $[0, 2\pi)$ at the
time of observation, grow at the constant rates $2\pi/T$. On circles they are the longitudes $\lambda$; on ellipses
they are the mean anomalies, and Kepler's equation $E - e \sin E = \phi$ leads to
$\tan(\lambda/2) = \sqrt{(1+e)/(1-e)} \tan(E/2)$ and $r = a (1 - e \cos E)$.

Source: Iten et al., arXiv:1807.10300, section II D, and the code released with it for all numbers; there both
angles differ by half a turn, and both perihelia lie at longitude 0, as here. The elliptic orbits are in the code only.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .world import Sample, World

TURN = 2 * np.pi
MARS_YEAR = 686.97959
# The mean phases at the birth of Copernicus, and how many weeks he lived.
BIRTH, WEEKS, EPOCH_YEAR = (0.965, 5.938), 3665, 365.26
# Formulas take numpy and jax arrays, and return what they got.
AnyArray = TypeVar("AnyArray", np.ndarray, Array)
# Newton doubles the number of right digits each time; from one digit five times are enough for float64.
NEWTON = 5


@dataclass(frozen=True)
class Orbits:
    """The orbits of Earth and Mars, and when they are looked at.

    Attributes:
        radii: semi-major axes, in astronomical units.
        periods: in days.
        eccentricities: 0 for circles.
        step, steps: questions ask for `steps` times, `step` days apart, the first at the observation.
        starts: how phases are drawn. `joint`: those of one week in the life of Copernicus; `product`: of two
            independent weeks, and both of Earth, as in the data of the published networks; `uniform`.

    Raises:
        ValueError: for orbits that meet, negative eccentricities, or periods and steps that are not positive.
    """

    radii: tuple[float, float] = (1.0, 1.52366231)
    periods: tuple[float, float] = (365.0, MARS_YEAR)
    eccentricities: tuple[float, float] = (0.0, 0.0)
    step: float = 7.0
    steps: int = 50
    starts: Literal["joint", "product", "uniform"] = "joint"

    def __post_init__(self) -> None:
        (near, far), (e, f) = self.radii, self.eccentricities
        if min(e, f) < 0 or near <= 0 or near * (1 + e) >= far * (1 - f):
            raise ValueError(
                f"radii are {self.radii} and eccentricities {self.eccentricities}; "
                "neither may be negative, and Earth must stay inside the orbit of Mars"
            )
        for name, value in (("periods", min(self.periods)), ("step", self.step), ("steps", self.steps)):
            if not value > 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be positive")

    @property
    def world(self) -> World:
        name = "orbits-elliptic" if any(self.eccentricities) else "orbits"
        return World(name, functools.partial(sample, self), ("phi_E", "phi_M"))

    @property
    def rates(self) -> np.ndarray:
        """What the phases of Earth and Mars gain, in radians per day."""
        return TURN / np.array(self.periods)

    @property
    def times(self) -> np.ndarray:
        """The times that questions ask for, in days."""
        return self.step * np.arange(self.steps)

    def positions(
        self, phases: Float[AnyArray, "*batch planets"]
    ) -> tuple[Float[AnyArray, "*batch planets"], Float[AnyArray, "*batch planets"]]:
        """Longitudes and radii of both planets; numpy or jax."""
        np_ = jnp if isinstance(phases, jax.Array) else np
        e, axes = (
            np_.broadcast_to(np_.asarray(both, phases.dtype), phases.shape)
            for both in (self.eccentricities, self.radii)
        )
        anomaly = eccentric_anomaly(phases, e)
        # The angle between true and eccentric anomaly has no branch cut where the half-angle formula has one.
        shrink = e / (1 + np_.sqrt(1 - e**2))
        longitudes = anomaly + 2 * np_.arctan2(shrink * np_.sin(anomaly), 1 - shrink * np_.cos(anomaly))
        return longitudes, axes * (1 - e * np_.cos(anomaly))

    def seen(self, phases: Float[AnyArray, "*batch planets"]) -> Float[AnyArray, "*batch planets"]:
        """The angles of the Sun and Mars from Earth; continuous in the phases; numpy or jax."""
        np_ = jnp if isinstance(phases, jax.Array) else np
        longitudes, radii = self.positions(phases)
        (earth, mars), (near, far) = (np_.moveaxis(both, -1, 0) for both in (longitudes, radii))
        gap = earth - mars
        parallax = np_.arctan2(-near * np_.sin(gap), far - near * np_.cos(gap))
        return np_.stack([earth + np_.asarray(np.pi, phases.dtype), mars + parallax], axis=-1)

    def series(
        self, phases: Float[AnyArray, "*batch planets"], times: Float[np.ndarray | Array, " t"]
    ) -> Float[AnyArray, "*batch t planets"]:
        """The angles that are seen at each time, without jumps, and on [-pi, pi) at time 0."""
        np_ = jnp if isinstance(phases, jax.Array) else np
        first = self.seen(phases)
        full = np_.asarray(TURN, phases.dtype)
        turns = np_.floor(first / full + np_.asarray(0.5, phases.dtype))
        gained = np_.asarray(times)[:, None] * np_.asarray(self.rates, phases.dtype)[None]
        return self.seen((phases - full * turns)[..., None, :] + gained)


def eccentric_anomaly(mean: AnyArray, eccentricity: AnyArray | float) -> AnyArray:
    """The solution E of Kepler's equation E - e sin E = M, to rounding for e up to a half; numpy or jax arrays."""
    np_ = jnp if isinstance(mean, jax.Array) else np
    anomaly = mean + eccentricity * np_.sin(mean)
    for _ in range(NEWTON):
        miss = anomaly - eccentricity * np_.sin(anomaly) - mean
        anomaly = anomaly - miss / (1 - eccentricity * np_.cos(anomaly))
    return anomaly


def sample(orbits: Orbits, questions: int, *, key: PRNGKeyArray) -> Sample:
    drawn = jax.random.uniform(key, (2 + questions,), jnp.float32)
    phases = starts(orbits, drawn[:2])
    times = jnp.float32(orbits.step) * jnp.floor(drawn[2:] * orbits.steps)
    # The observation is the answer about time 0.
    angles = orbits.series(phases, jnp.concatenate([jnp.zeros(1, jnp.float32), times]))
    return Sample(phases, angles[0], times[:, None], angles[1:])


def starts(orbits: Orbits, drawn: Float[Array, " planets"]) -> Float[Array, " planets"]:
    """The phases at the time of observation, from two numbers that are uniform on [0, 1]."""
    if orbits.starts == "uniform":
        return TURN * drawn
    weeks = jnp.floor(drawn * WEEKS)
    births, years = BIRTH, (EPOCH_YEAR, MARS_YEAR)
    if orbits.starts == "joint":
        weeks = jnp.broadcast_to(weeks[:1], (2,))
    else:
        births, years = (BIRTH[0],) * 2, (EPOCH_YEAR,) * 2
    gained = weeks * jnp.asarray(7 * TURN / np.array(years), jnp.float32)
    return jnp.mod(jnp.asarray(births, jnp.float32) + gained, jnp.float32(TURN))


elliptic = Orbits(
    radii=(1.00000011, 1.52366231),
    periods=(365.256, MARS_YEAR),
    eccentricities=(0.01671022, 0.09341233),
    step=25.0,
    starts="uniform",
)
