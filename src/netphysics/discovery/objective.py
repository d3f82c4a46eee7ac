r"""The objective of SciNet, with its sums and means fixed once.

$L = \langle |a - \hat a|^2 \rangle_{\text{systems, questions}} + \beta \langle \sum_k KL_k \rangle_{\text{systems}}$:
a *sum* over the components of an answer and over neurons, a *mean* over systems and questions. If an answer has
independent normal errors of standard deviation s, the logarithm of its likelihood is $-|a - \hat a|^2 / 2s^2$, so L is
$2s^2$ times the negative evidence bound of one answer when $\beta = 2s^2$.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from .scinet import SciNet, answers, silenced
from .worlds import Sample


def beta_from_error(error: float) -> float:
    """The strength of the bottleneck that an error of the answers asks for: beta = 2 error**2.

    Raises:
        ValueError: for an error that is not positive.
    """
    if not error > 0:
        raise ValueError(f"error is {error}; the standard error of an answer must be positive")
    return 2 * error**2


def divergence(mean: Float[Array, "*shape"], log_sigma: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    r"""$KL(N(\mu, \sigma^2) \| N(0, 1)) = (\mu^2 + \sigma^2 - 1)/2 - \ln\sigma$ in nats: what a neuron tells."""
    return (mean**2 + jnp.exp(2 * log_sigma) - 1) / 2 - log_sigma


def squared_error(found: Float[Array, "systems questions answer"], sample: Sample) -> Float[Array, ""]:
    r"""$\langle \sum_i w_i (a_i - \hat a_i)^2 \rangle$ over systems and questions; without weights they are 1."""
    square = (found - sample.answers) ** 2
    return jnp.sum(square if sample.weights is None else square * sample.weights, axis=-1).mean()


def objective(model: SciNet, setting: PyTree, batch: Sample, *, key: PRNGKeyArray) -> Float[Array, ""]:
    """The loss of one member, for `make_train`; its setting has `mask`, shape (latents,), and `beta`, a scalar.

    A neuron with mask 0 stays silent: the decoder reads 0 at all times and nothing is paid for it.
    """
    mean, log_sigma = jax.vmap(model.encode)(batch.observation)
    noise = jax.random.normal(key, mean.shape, jnp.float32)
    z = (mean + jnp.exp(log_sigma) * noise) * setting["mask"][None]
    error = squared_error(answers(silenced(model, setting["mask"]), z, batch.questions), batch)
    information = (divergence(mean, log_sigma) * setting["mask"][None]).sum(axis=-1).mean()
    return error + setting["beta"] * information
