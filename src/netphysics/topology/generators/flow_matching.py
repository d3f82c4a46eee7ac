"""Flow matching: a velocity field that carries a prior to data, learned from straight paths between them.

(Lipman et al., arXiv:2210.02747; on manifolds Chen and Lipman, arXiv:2302.03660.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, PRNGKeyArray

from ...train import Training, compiled, make_train, minibatch
from .coordinates import Coordinates, Point

# The time enters with these many sines and cosines beside itself.
FREQUENCIES = 3


@dataclass(frozen=True)
class Course:
    """How a flow is trained: Adam, its rate falling to zero along a cosine."""

    steps: int = 3000
    batch: int = 512
    rate: float = 2e-3
    width: int = 128


class Flow(eqx.Module):
    """A velocity for every point and time."""

    mlp: eqx.nn.MLP
    coordinates: Coordinates = eqx.field(static=True)

    def __init__(self, coordinates: Coordinates, width: int = 128, *, key: PRNGKeyArray):
        numbers = coordinates.numbers
        inputs = numbers + 1 + 2 * FREQUENCIES
        self.mlp = eqx.nn.MLP(inputs, numbers, width, 3, jax.nn.silu, dtype=jnp.float32, key=key)
        self.coordinates = coordinates

    def __call__(self, point: Point, time: Float[Array, ""]) -> Point:
        waves = 2 * jnp.pi * time * 2.0 ** jnp.arange(FREQUENCIES, dtype=jnp.float32)
        return self.mlp(jnp.concatenate([point, time[None], jnp.sin(waves), jnp.cos(waves)]))

    def generate(self, steps: int, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
        """An event: a point of the prior, carried along by midpoint steps."""
        move, size = self.coordinates.move, 1 / steps

        def step(point: Point, time: Float[Array, ""]) -> tuple[Point, None]:
            middle = move(point, size / 2 * self(point, time))
            return move(point, size * self(middle, time + size / 2)), None

        times = jnp.arange(steps, dtype=jnp.float32) / steps
        point, _ = jax.lax.scan(step, self.coordinates.prior(key=key), times)
        return self.coordinates.decode(point)


def mismatch(flow: Flow, event: Float[Array, "n 4"], *, key: PRNGKeyArray) -> Float[Array, ""]:
    """Mean squared difference of the flow from the velocity of one path, at a random time."""
    for_start, for_end, for_time = jax.random.split(key, 3)
    start, end = flow.coordinates.prior(key=for_start), flow.coordinates.encode(event, key=for_end)
    time = jax.random.uniform(for_time, (), jnp.float32)
    here, velocity = flow.coordinates.path(start, end, time)
    return jnp.mean((flow(here, time) - velocity) ** 2)


def make_training(coordinates: Coordinates, course: Course) -> Callable[..., Training]:
    """A function `train(keys, data=events)` that trains one flow for each key, from flat phase space to the events.

    Events are float32 of shape (events, n, 4). See `make_train`.
    """

    def init(setting: None, *, key: PRNGKeyArray) -> Flow:
        return Flow(coordinates, course.width, key=key)

    def loss(flow: Flow, setting: None, data: Array, *, key: PRNGKeyArray) -> Float[Array, ""]:
        for_examples, for_paths = jax.random.split(key)
        shown = minibatch(data, course.batch, key=for_examples)
        keys = jax.random.split(for_paths, course.batch)
        return jnp.mean(jax.vmap(lambda event, key: mismatch(flow, event, key=key))(shown, keys))

    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adam(optax.cosine_decay_schedule(course.rate, course.steps))
    )
    return make_train(init, loss, optimizer, steps=course.steps)


@compiled
def _generate(flows: Flow, steps: int, keys: Array) -> Array:
    return eqx.filter_vmap(lambda flow: jax.vmap(lambda key: flow.generate(steps, key=key))(keys))(flows)


def generate(training: Training, count: int, steps: int = 20, *, key: PRNGKeyArray) -> np.ndarray:
    """Events of all members, float64 of shape (members, count, n, 4)."""
    return np.asarray(_generate(training.models, steps, jax.random.split(key, count)), np.float64)
