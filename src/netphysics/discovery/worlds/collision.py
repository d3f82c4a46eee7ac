r"""The collision: a free particle hits one that rotates on a string, and sticks to nothing; what is conserved?

A particle rotates at radius 1 with angular velocity $\omega$; another, free one with velocity $v$ hits it at
(0, 1). Afterwards the free one flies with $v'$, drawn at random: energy is not conserved, but angular momentum is,
$J = \omega - v_x = \omega' - v'_x$. Masses and radius are 1.

Observed: both particles before the collision, as five (x, y, t) each. Asked: given five (x, y, t) of the free
particle afterwards, where is the rotating one at time t after the collision? Positions, those of the answer included,
have normal errors of 0.01.

Source: Iten et al., arXiv:1807.10300, and the code released with it for the laws of the variables. When the
particles are looked at is our choice: five jittered times from the start to the collision, and five on [0, 4] after.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .world import Sample, World

NAMES = ("v_x", "v_y", "omega", "x_0")
LOW, HIGH = np.array([1.0, -1.0, 1.0, -3.0], np.float32), np.array([2.0, 1.0, 3.0, -1.0], np.float32)
RECOIL = 2.0
AFTER = 4.0
SIGHTINGS = 5
NOISE = 0.01


def jittered(end: Float[Array, ""], jitter: Float[Array, " n"]) -> Float[Array, " n"]:
    """n times from 0 to about `end`: equally spaced, each moved by half a spacing at most, the first at 0."""
    count = len(jitter)
    times = (jnp.arange(count, dtype=jnp.float32) + jitter) * (end / (count - 1))
    return times.at[0].set(0.0)


def flight(
    x: Float[Array, ""], y: Float[Array, ""], v_x: Float[Array, ""], v_y: Float[Array, ""], t: Float[Array, " n"]
) -> Float[Array, "n 2"]:
    return jnp.stack([x + v_x * t, y + v_y * t], axis=1)


def circle(angle: Float[Array, " n"]) -> Float[Array, "n 2"]:
    return jnp.stack([jnp.cos(angle), jnp.sin(angle)], axis=1)


def sightings(positions: Float[Array, "n 2"], times: Float[Array, " n"]) -> Float[Array, " m"]:
    return jnp.concatenate([positions, times[:, None]], axis=1).ravel()


def observation(
    variables: Float[Array, " v"], jitter: Float[Array, "2 n"], noise: Float[Array, "2 n 2"]
) -> Float[Array, " m"]:
    """Sightings of the free particle, then of the rotating one, each (x, y, t); jitter is uniform on +-1/2."""
    v_x, v_y, omega, x_0 = variables
    contact = -x_0 / v_x
    free_times, rotor_times = jittered(contact, jitter[0]), jittered(contact, jitter[1])
    free = flight(x_0, 1 - contact * v_y, v_x, v_y, free_times)
    rotor = circle(jnp.pi / 2 + (rotor_times - contact) * omega)
    return jnp.concatenate([sightings(free + noise[0], free_times), sightings(rotor + noise[1], rotor_times)])


def ask(
    momentum: Float[Array, ""], numbers: Float[Array, " m"], noise: Float[Array, "n 2"]
) -> tuple[Float[Array, " q"], Float[Array, " a"]]:
    """One question, sightings of the free particle after the collision and a time, and its noisy answer.

    Numbers are uniform on [0, 1]: velocity, time asked, and the jitter of the times.
    """
    recoil_x, recoil_y = RECOIL * (2 * numbers[:2] - 1)
    asked, end = AFTER * numbers[2], jnp.float32(AFTER)
    times = jittered(end, numbers[3:] - jnp.float32(0.5))
    seen = flight(jnp.float32(0), jnp.float32(1), recoil_x, recoil_y, times) + noise[:-1]
    (answer,) = circle(jnp.pi / 2 + asked[None] * (momentum + recoil_x)[None])
    return jnp.concatenate([sightings(seen, times), asked[None]]), answer + noise[-1]


def sample(questions: int, *, key: PRNGKeyArray) -> Sample:
    n = SIGHTINGS
    for_numbers, for_noise = jax.random.split(key)
    # Two calls in all: random generators are what takes long to compile here, and to run.
    numbers = jax.random.uniform(for_numbers, (4 + 2 * n + questions * (3 + n),), jnp.float32)
    noise = NOISE * jax.random.normal(for_noise, (2 * n + questions * (n + 1), 2), jnp.float32)
    variables = jnp.asarray(LOW) + (HIGH - LOW) * numbers[:4]
    jitter = numbers[4 : 4 + 2 * n].reshape(2, n) - jnp.float32(0.5)
    momentum = variables[2] - variables[0]
    asked, answers = jax.vmap(ask, (None, 0, 0))(
        momentum, numbers[4 + 2 * n :].reshape(questions, -1), noise[2 * n :].reshape(questions, n + 1, 2)
    )
    return Sample(variables, observation(variables, jitter, noise[: 2 * n].reshape(2, n, 2)), asked, answers)


def angular_momentum(variables: np.ndarray) -> np.ndarray:
    return variables[:, 2] - variables[:, 0]


def error_without_latents() -> float:
    r"""Root of the mean squared length of the error that the best answer without an observation has.

    The rotor's angle is known up to tJ, so the square is $1 - \langle |\phi_J(t)|^2 \rangle_t + 2\sigma^2$ with the
    characteristic function $\phi_J(t) = \frac{\sin t}{t} \frac{\sin t/2}{t/2}$ in absolute value: J is a
    difference of two uniform variables.
    """
    nodes, weights = np.polynomial.legendre.leggauss(60)
    t = AFTER * (nodes + 1) / 2
    shrink = np.sinc(t / np.pi) * np.sinc(t / (2 * np.pi))
    return float(np.sqrt(1 - weights @ shrink**2 / 2 + 2 * NOISE**2))


collision = World("collision", sample, NAMES, {"J": angular_momentum})
