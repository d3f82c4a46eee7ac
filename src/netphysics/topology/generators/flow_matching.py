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
from .coordinates import Coordinates, Point, Turning
from .velocity import PlainVelocity, SymmetricVelocity


@dataclass(frozen=True)
class TrainingSettings:
    """How a flow is trained: Adam, its rate falling to zero along a cosine.

    Attributes:
        symmetric: whether the velocity turns with the event, in coordinates that do; else it is a plain network.
    """

    steps: int = 3000
    batch: int = 512
    rate: float = 3e-3
    width: int = 96
    symmetric: bool = True


class Flow(eqx.Module):
    """A velocity for every point and time, and the events that it carries there."""

    velocity: PlainVelocity | SymmetricVelocity
    coordinates: Coordinates = eqx.field(static=True)

    def __init__(self, coordinates: Coordinates, settings: TrainingSettings, *, key: PRNGKeyArray):
        if settings.symmetric and isinstance(coordinates, Turning):
            self.velocity = SymmetricVelocity(coordinates, settings.width, key=key)
        else:
            self.velocity = PlainVelocity(coordinates, settings.width, key=key)
        self.coordinates = coordinates

    def generate(self, steps: int, *, key: PRNGKeyArray) -> Float[Array, "n 4"]:
        """An event: a point of the prior, carried along by midpoint steps."""
        move, size = self.coordinates.move, 1 / steps

        def step(point: Point, time: Float[Array, ""]) -> tuple[Point, None]:
            middle = move(point, size / 2 * self.velocity(point, time))
            return move(point, size * self.velocity(middle, time + size / 2)), None

        times = jnp.arange(steps, dtype=jnp.float32) / steps
        point, _ = jax.lax.scan(step, self.coordinates.prior(key=key), times)
        return self.coordinates.decode(point)


def mismatch(
    flow: Flow, start: Float[Array, "n 4"], end: Float[Array, "n 4"], *, key: PRNGKeyArray
) -> Float[Array, ""]:
    """Squared difference of the flow from the velocity of the path between two events, at a random time."""
    for_rest, for_time = jax.random.split(key)
    # What events do not tell stays as it is along the path.
    here, there = (flow.coordinates.encode(event, key=for_rest) for event in (start, end))
    time = jax.random.uniform(for_time, (), jnp.float32)
    here, velocity = flow.coordinates.path(here, there, time)
    return jnp.sum((flow.velocity(here, time) - velocity) ** 2)


def make_training(coordinates: Coordinates, settings: TrainingSettings) -> Callable[..., Training]:
    """A function `train(keys, settings=(starts, ends))` that trains one flow for each key along paths between events.

    Starts are flat in phase space, ends are events of the process: float32 of shape (members, events, n, 4). Both must
    have no preferred direction. See `make_train`.
    """

    def init(setting: tuple[Array, Array], *, key: PRNGKeyArray) -> Flow:
        return Flow(coordinates, settings, key=key)

    def loss(flow: Flow, setting: tuple[Array, Array], data: None, *, key: PRNGKeyArray) -> Float[Array, ""]:
        for_examples, for_paths = jax.random.split(key)
        starts, ends = minibatch(setting, settings.batch, key=for_examples)
        keys = jax.random.split(for_paths, settings.batch)
        return jnp.mean(jax.vmap(lambda start, end, key: mismatch(flow, start, end, key=key))(starts, ends, keys))

    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adam(optax.cosine_decay_schedule(settings.rate, settings.steps))
    )
    return make_train(init, loss, optimizer, steps=settings.steps)


@compiled
def _generate(flows: Flow, steps: int, keys: Array) -> Array:
    def one_member(flow: Flow, keys: Array) -> Array:
        return jax.vmap(lambda key: flow.generate(steps, key=key))(keys)

    return eqx.filter_vmap(one_member)(flows, keys)


def generate(training: Training, count: int, steps: int = 10, *, keys: Array) -> np.ndarray:
    """Events of all members, one key for each, float64 of shape (members, count, n, 4)."""
    keys = jax.vmap(lambda key: jax.random.split(key, count))(keys)
    return np.asarray(_generate(training.models, steps, keys), np.float64)
