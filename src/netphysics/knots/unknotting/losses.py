"""What learners share: ratios of policies, entropy, and the fit of values to returns."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, PRNGKeyArray, PyTree

from .agents import Network
from .view import View


def log_ratio(
    after: Float[Array, "words actions"], before: Float[Array, "words actions"], taken: Int[Array, " words"]
) -> Float[Array, " words"]:
    """How much likelier the actions that were taken have become, as a logarithm."""
    return jnp.take_along_axis(after - before, taken[:, None], axis=1)[:, 0]


def entropy(chances: Float[Array, "words actions"]) -> Float[Array, ""]:
    """Mean entropy of a policy, in nats."""
    probabilities = jnp.exp(chances)
    return -jnp.mean(jnp.where(probabilities > 0, probabilities * chances, np.float32(0)).sum(axis=1))


def squared_error(value: Network, front: View, returns: Float[Array, " words"]) -> Array:
    """Of values beside the returns that came."""
    return jnp.mean((jax.vmap(value)(*front)[:, 0] - returns) ** 2)


def fit_value(
    value: Network,
    memory: PyTree,
    front: View,
    returns: Float[Array, " words"],
    steps: int,
    batch: int,
    rate: float,
    *,
    key: PRNGKeyArray,
) -> tuple[Network, PyTree]:
    """The value after some steps of Adam towards the returns, each on random words."""
    optimizer = optax.adam(rate)

    def step(carry: tuple[Network, PyTree], key: PRNGKeyArray) -> tuple[tuple[Network, PyTree], None]:
        value, memory = carry
        rows = jax.random.randint(key, (batch,), 0, len(returns), jnp.int32)
        gradient = jax.grad(squared_error)(value, View(front.classes[rows], front.amounts[rows]), returns[rows])
        return adapted(optimizer, gradient, memory, value), None

    return jax.lax.scan(step, (value, memory), jax.random.split(key, steps))[0]


def adapted(
    optimizer: optax.GradientTransformation, gradient: PyTree, memory: PyTree, weights: PyTree
) -> tuple[PyTree, PyTree]:
    """Weights and memory after a step of an optimizer."""
    # Optimizers multiply floats by counts of steps; a caller's strictness about types is not theirs.
    with jax.numpy_dtype_promotion("standard"):
        updates, memory = optimizer.update(gradient, memory, weights)
    return eqx.apply_updates(weights, updates), memory


def flattened(tree: PyTree) -> PyTree:
    """Moves and games as one axis."""
    return jax.tree.map(lambda leaf: leaf.reshape(-1, *leaf.shape[2:]), tree)
