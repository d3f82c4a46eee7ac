"""Sweep: SciNets with several numbers of latents, trained on a world and looked at on fresh systems of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float, PRNGKeyArray

from .probe import Activity, activities
from .scinet import SciNet, Shape
from .search import Schedule, make_search
from .worlds import Sample, World

# Training folds the numbers of its steps into its key; what comes after lies beyond them.
AFTER_TRAINING = 2**31


@dataclass(frozen=True)
class Sweep:
    """Trained networks and what they do, all arrays with a leading axis of the numbers of latents.

    Attributes:
        models: the networks.
        test: fresh systems.
        activity: what the neurons do on them.
        finished: whether each was trained to the end.
    """

    models: SciNet
    test: Sample
    activity: Activity
    finished: Bool[np.ndarray, " members"]

    def model(self, member: int) -> SciNet:
        return jax.tree.map(lambda leaf: leaf[member] if eqx.is_array(leaf) else leaf, self.models)

    def means(self, member: int) -> Float[np.ndarray, "systems latents"]:
        return np.asarray(self.activity.means[member], np.float64)

    def information(self, member: int) -> Float[np.ndarray, " latents"]:
        return np.asarray(self.activity.information[member], np.float64)


def make_sweep(
    world: World,
    shape: Shape,
    latents: Sequence[int],
    schedule: Schedule,
    *,
    systems: int = 128,
    questions: int = 8,
    test_systems: int = 2048,
) -> Callable[[PRNGKeyArray], Sweep]:
    """A function `sweep(key)` that trains one network for each number of latents, all on the same examples.

    Args:
        latents: how many of `shape.latents` neurons each network is offered.
        systems, questions: systems per step, and questions about each.

    Raises:
        ValueError: for a number of latents beyond the shape's.
    """
    if not all(0 <= k <= shape.latents for k in latents):
        raise ValueError(f"latents is {tuple(latents)}; each must lie between 0 and {shape.latents}")
    search = make_search(lambda data, *, key: world.samples(systems, questions, key=key), shape, schedule)
    masks = jnp.asarray(np.arange(shape.latents) < np.array(latents)[:, None], jnp.float32)
    draw_test = jax.jit(lambda key: world.samples(test_systems, questions, key=key))

    def sweep(key: PRNGKeyArray) -> Sweep:
        found = search(jnp.stack([key] * len(masks)), masks)
        for_test, for_noise = (jax.random.fold_in(key, AFTER_TRAINING + i) for i in range(2))
        test = draw_test(for_test)
        return Sweep(found.models, test, activities(found.models, found.mask, test, key=for_noise), found.finished)

    return sweep
