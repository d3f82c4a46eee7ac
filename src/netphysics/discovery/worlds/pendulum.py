r"""The damped pendulum: from its first five seconds, say where it is at any time up to ten.

$x(t) = e^{-bt/2} \cos(t \sqrt{\kappa - b^2/4})$ with unit mass, amplitude and phase zero; $b$ is uniform
on [0.4, 1.2] and $\kappa$ on [4, 12]. Observed are 50 points on [0, 5]; the question is t, uniform on [0, 10].

Source: Iten et al., arXiv:1807.10300, and the code released with it: the paper gives b in [0.5, 1] and
kappa in [5, 10]; the code draws from ranges 20 % wider on either side, as here.
"""

from __future__ import annotations

from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from .world import Sample, Values, World

DAMPING = (0.4, 1.2)
STIFFNESS = (4.0, 12.0)
# Positions come as times do: numpy or jax arrays, or a number.
Time = TypeVar("Time", np.ndarray, Array, float)
OBSERVED_UNTIL, ASKED_UNTIL, POINTS = 5.0, 10.0, 50


def position(b: Values, kappa: Values, t: Time) -> Time:
    """x(t) of the underdamped pendulum; works on numpy and jax arrays alike."""
    np_ = jnp if isinstance(t, jax.Array) else np
    return np_.exp(-b * t / 2) * np_.cos(t * np_.sqrt(kappa - b**2 / 4))


def sample(questions: int, *, key: PRNGKeyArray) -> Sample:
    low, high = jnp.array([DAMPING, STIFFNESS] + questions * [(0, ASKED_UNTIL)], jnp.float32).T
    drawn = jax.random.uniform(key, (2 + questions,), jnp.float32, low, high)
    b, kappa, asked = drawn[0], drawn[1], drawn[2:]
    seen = jnp.linspace(0, OBSERVED_UNTIL, POINTS, dtype=jnp.float32)
    return Sample(drawn[:2], position(b, kappa, seen), asked[:, None], position(b, kappa, asked)[:, None])


def frequency(variables: np.ndarray) -> np.ndarray:
    b, kappa = variables.T
    return np.sqrt(kappa - b**2 / 4)


def error_without_latents() -> float:
    """RMSE of the best answer that knows the question only: the spread of x(t) over pendulums, by quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    b, kappa, t = np.meshgrid(
        *(low + (high - low) * (nodes + 1) / 2 for low, high in (DAMPING, STIFFNESS, (0, ASKED_UNTIL))), indexing="ij"
    )
    x, w = position(b, kappa, t), weights / 2
    first, second = (np.einsum("i,j,ijk->k", w, w, moment) for moment in (x, x**2))
    return float(np.sqrt(w @ (second - first**2)))


pendulum = World("pendulum", sample, ("b", "kappa"), {"omega": frequency})
