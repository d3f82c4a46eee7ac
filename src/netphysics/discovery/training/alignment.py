r"""Alignment: latent neurons turned so that each moves the answers in a way of its own.

Where readings are few and noisy, training leaves neurons that are mixtures. Any mixture answers as well, as far as the
means go, so the coordinates may be chosen: uncorrelated with unit variance, and such that the mean sensitivity
$M = \langle J^T J \rangle$ of the answers is diagonal, $J$ the slope of an answer with the neurons. Quantities that are
independent and move answers by different amounts and in different ways are then a neuron each; this is what a
bottleneck of independent neurons does locally (Rolinek, Zietlow and Martius, arXiv:1812.06775), done at once.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ...train import compiled
from ..scinet import SciNet
from ..worlds import Sample

# Systems that neurons and slopes are averaged over.
SYSTEMS = 512
# Where posteriors begin after a turn; training goes on from there.
LOG_SIGMA = -1.5


def aligned(models: SciNet, masks: Float[np.ndarray | Array, "members latents"], sample: Sample) -> SciNet:
    """The networks of a stack with their kept neurons turned, the one that moves answers most first.

    Answers from the means are what they were. Posteriors are forgotten, and must be learned again.

    Args:
        models: networks without evolution, whose decoder reads latents and question together.
        masks: which neurons are kept; each takes a kept place.
    """
    part = jax.tree.map(lambda array: array[:SYSTEMS], sample)
    means, squares = (np.asarray(array, np.float64) for array in _sensitivity(models, jnp.asarray(masks), part))
    encoder_weight, encoder_bias = (
        np.array(array) for array in (models.encoder.weights[-1], models.encoder.biases[-1])
    )
    decoder_weight, decoder_bias = (np.array(array) for array in (models.decoder.weights[0], models.decoder.biases[0]))
    latents = means.shape[2]
    for member, mask in enumerate(np.asarray(masks)):
        kept = np.flatnonzero(mask)
        covariance = np.atleast_2d(np.cov(means[member][:, kept].T)) if len(kept) > 1 else np.zeros((0, 0))
        if not len(covariance) or np.linalg.matrix_rank(covariance) < len(kept):
            continue
        root = np.linalg.cholesky(covariance)
        turn = np.linalg.eigh(root.T @ squares[member][np.ix_(kept, kept)] @ root)[1].T[::-1] @ np.linalg.inv(root)
        center = means[member][:, kept].mean(axis=0)
        encoder_weight[member, kept] = turn @ encoder_weight[member, kept]
        encoder_bias[member, kept] = turn @ (encoder_bias[member, kept] - center)
        encoder_weight[member, latents + kept] = 0
        encoder_bias[member, latents + kept] = LOG_SIGMA
        decoder_bias[member] += decoder_weight[member][:, kept] @ center
        decoder_weight[member][:, kept] = decoder_weight[member][:, kept] @ np.linalg.inv(turn)
    return eqx.tree_at(
        lambda model: (
            model.encoder.weights[-1],
            model.encoder.biases[-1],
            model.decoder.weights[0],
            model.decoder.biases[0],
        ),
        models,
        tuple(jnp.asarray(a, jnp.float32) for a in (encoder_weight, encoder_bias, decoder_weight, decoder_bias)),
    )


@compiled(once=True)
def _sensitivity(
    models: SciNet, masks: Float[Array, "members latents"], sample: Sample
) -> tuple[Float[Array, "members systems latents"], Float[Array, "members latents latents"]]:
    """Means of the neurons, and the mean of J^T J over systems and their questions."""

    def one(
        model: SciNet, mask: Float[Array, " latents"]
    ) -> tuple[Float[Array, "systems latents"], Float[Array, "latents latents"]]:
        z = jax.vmap(model.encode)(sample.observation)[0] * mask[None]
        slopes = jax.vmap(jax.jacfwd(model.decode))(z, sample.questions[:, 0])
        return z, jnp.einsum("naj,nak->jk", slopes, slopes) / len(z)

    return eqx.filter_vmap(one)(models, masks)
