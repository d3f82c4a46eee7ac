"""Activity: which neurons of a SciNet carry something, and how well it answers with and without them."""

from __future__ import annotations

from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from ...train import compiled
from ..objective import divergence, squared_error
from ..scinet import SciNet, answers
from ..worlds import Sample


class Activity(NamedTuple):
    """Attributes:

    means: the neurons' means for each system, shape (systems, latents); silent neurons are 0.
    information: what each neuron tells, its mean divergence from N(0, 1) in nats.
    ablation: mean squared error that comes on top when a neuron is held at its mean value.
    error: root of the mean squared length of (answer - truth), neurons at their means.
    noisy_error: the same with neurons drawn from their posteriors, as in training.
    """

    means: Float[Array, "systems latents"]
    information: Float[Array, " latents"]
    ablation: Float[Array, " latents"]
    error: Float[Array, ""]
    noisy_error: Float[Array, ""]


@compiled(once=True)
def activities(
    models: SciNet, masks: Float[Array, "members latents"], sample: Sample, *, key: PRNGKeyArray
) -> Activity:
    """The `Activity` of every member of a stack on the same systems; arrays get a leading axis of members."""
    return eqx.filter_vmap(activity, in_axes=(eqx.if_array(0), 0, None, None))(models, masks, sample, key)


def activity(model: SciNet, mask: Float[Array, " latents"], sample: Sample, key: PRNGKeyArray) -> Activity:
    """The activity of one SciNet."""
    means, log_sigma = jax.vmap(model.encode)(sample.observation)
    mask = mask[None]
    means = means * mask

    def error(z: Float[Array, "systems latents"]) -> Float[Array, ""]:
        return squared_error(answers(model, z, sample.questions), sample)

    def without(k: Int[Array, ""]) -> Float[Array, ""]:
        held = jnp.arange(means.shape[1]) == k
        return error(jnp.where(held[None], means.mean(axis=0, keepdims=True), means))

    noise = jax.random.normal(key, means.shape, jnp.float32)
    plain = error(means)
    return Activity(
        means,
        (divergence(means, log_sigma) * mask).mean(axis=0),
        jax.lax.map(without, jnp.arange(means.shape[1])) - plain,
        jnp.sqrt(plain),
        jnp.sqrt(error(means + mask * jnp.exp(log_sigma) * noise)),
    )
