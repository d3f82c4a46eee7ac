"""Methods: how events of a process are generated from flat phase space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import numpy as np

from ..phase_space import PhaseSpace, sample
from .coordinates import COORDINATES
from .flow_matching import TrainingSettings, generate, make_training
from .pairs import shortest_pairs
from .processes import Process
from .resolved import closed, opened


@dataclass(frozen=True)
class Method:
    """How events are generated.

    Attributes:
        coordinates: of the flow, a name of `COORDINATES`.
        symmetric: whether the velocity turns with the event, in coordinates that do; else it is a plain network.
        paired: whether flat events are joined to near events of the process; else at random.
        opened: whether the flow starts from events that are flat where the process has any, so that the edge of the
            process is the edge of phase space; else it has to learn the edge.
    """

    coordinates: str
    symmetric: bool = True
    paired: bool = True
    opened: bool = True


METHODS = {
    "sphere": Method("sphere"),
    "rambo": Method("rambo"),
    "sphere-edge": Method("sphere", opened=False),
    "sphere-unpaired": Method("sphere", paired=False),
    "sphere-plain": Method("sphere", symmetric=False),
    "plane": Method("plane", symmetric=False),
    "sphere-plain-unpaired": Method("sphere", symmetric=False, paired=False),
    "plane-unpaired": Method("plane", symmetric=False, paired=False),
    "spinors": Method("spinors", symmetric=False),
}


def flat_events(process: Process, count: int, *, key: jax.Array) -> np.ndarray:
    """Events that are flat in the part of phase space where the process has any, float64 of shape (count, n, 4)."""
    flat = sample(PhaseSpace.massless(process.bodies), count, key=key).momenta
    return opened(flat, process.cut) if process.cut else flat


def make_generator(
    process: Process, method: Method, settings: TrainingSettings, events: int
) -> Callable[[jax.Array, int], np.ndarray]:
    """A function `generate(keys, count)` that trains a flow for each key and draws as many events from each.

    It gives float64 of shape (keys, count, n, 4). Flows of all keys are trained in one program.

    Args:
        events: how many flat events, and events of the process, each flow learns from.
    """
    cut = process.cut if method.opened else 0.0
    coordinates = COORDINATES[method.coordinates](process.bodies)
    train = make_training(coordinates, replace(settings, symmetric=method.symmetric))

    def examples(key: jax.Array) -> tuple[np.ndarray, np.ndarray]:
        starts = sample(PhaseSpace.massless(process.bodies), events, key=jax.random.fold_in(key, 1)).momenta
        ends = process.events(events, seed_of(key, 2))
        ends = closed(ends, cut) if cut else ends
        return starts, shortest_pairs(starts, ends) if method.paired else ends

    def draw(keys: jax.Array, count: int) -> np.ndarray:
        pairs = [np.stack(each).astype(np.float32) for each in zip(*map(examples, keys), strict=True)]
        drawn = generate(train(keys, tuple(pairs)), count, keys=jax.vmap(lambda key: jax.random.fold_in(key, 3))(keys))
        return np.stack([opened(each, cut) for each in drawn]) if cut else drawn

    return draw


def seed_of(key: jax.Array, number: int) -> int:
    """A seed for numpy: another one for each number."""
    return int(jax.random.bits(jax.random.fold_in(key, number)))
