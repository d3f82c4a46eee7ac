"""Search: find the neurons, prune those that say nothing, polish the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Bool, Float, PyTree

from ...train import Training, compiled, make_train
from ..objective import objective
from ..probe.activity import activities
from ..scinet import SciNet, SciNetSizes, silenced
from ..worlds import Sample

# A neuron that tells less, in nats, is pruned. What is found lies at 0.5 and above, what is dead below 0.02.
PRUNED = 0.05
CLIP = 1.0
WARM_UP = 0.05


@dataclass(frozen=True)
class Schedule:
    """How a SciNet is trained.

    Attributes:
        steps: optimizer steps of each of the two stages.
        find_beta: strength of the bottleneck while neurons are found: large, so that each holds one thing.
        polish_beta: strength while answers become precise: small; neurons that were pruned stay silent.
        learning_rate: the largest one, after the warm-up; it falls along a cosine.

    Raises:
        ValueError: for a number that is not positive.
    """

    steps: int = 2000
    find_beta: float = 1e-3
    polish_beta: float = 1e-4
    learning_rate: float = 1e-2

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ValueError(f"{name} is {value}; it must be positive")


@dataclass(frozen=True)
class Found:
    """What a search leaves behind, for all members.

    Attributes:
        polished: the SciNets after both stages.
        mask: the neurons that were kept.
        finished: whether each member was trained to the end of both stages.
    """

    polished: Training
    mask: Float[Array, "members latents"]
    finished: Bool[np.ndarray, " members"]


def make_optimizer(learning_rate: float, steps: int) -> optax.GradientTransformation:
    """Adam with a warm-up, a cosine to zero, and gradients clipped by the norm of each network."""
    rate = optax.warmup_cosine_decay_schedule(0.0, learning_rate, int(WARM_UP * steps), steps)
    # All weights as one vector: the same steps, in a program that compiles in two thirds of the time.
    return optax.flatten(optax.chain(optax.clip_by_global_norm(CLIP), optax.adam(rate)))


def make_search(examples: Callable[..., Sample], sizes: SciNetSizes, schedule: Schedule) -> Callable[..., Found]:
    """A function `search(keys, masks, known, data=None)` that trains one SciNet per key.

    Args:
        examples: `examples(data, *, key) -> Sample`, the batch of one step, which all networks see.

    Masks have shape (members, latents) and offer neurons: one program serves every number of latents up to
    `sizes.latents`. Both stages share one compiled program, too, since a stage is handed its models. Between them
    neurons are pruned that tell nothing about the systems `known`, which no result may be measured on.
    """
    optimizer = make_optimizer(schedule.learning_rate, schedule.steps)
    train = make_train(
        lambda setting, *, key: setting["model"],
        objective,
        optimizer,
        steps=schedule.steps,
        chunk=1000,
        shared=examples,
    )

    @compiled(once=True)
    def draw(keys: Array) -> SciNet:
        return eqx.filter_vmap(lambda key: SciNet(sizes, key=key))(keys)

    silence = compiled(eqx.filter_vmap(silenced), once=True)

    def search(keys: Array, masks: Float[Array, "members latents"], known: Sample, data: PyTree = None) -> Found:
        def stage(models: SciNet, mask: Float[Array, "members latents"], beta: float) -> Training:
            settings = {"model": models, "mask": mask, "beta": jnp.asarray([beta] * len(keys), jnp.float32)}
            return train(keys, settings, data)

        found = stage(draw(keys), jnp.asarray(masks, jnp.float32), schedule.find_beta)
        information = activities(found.models, masks, known, key=keys[0]).information
        mask = jnp.asarray(np.asarray(information) > PRUNED, jnp.float32)
        polished = stage(found.models, mask, schedule.polish_beta)
        polished = replace(polished, models=silence(polished.models, mask))
        return Found(polished, mask, found.finished & polished.finished)

    return search
