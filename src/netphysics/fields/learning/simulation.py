r"""Walkers: many copies of one model under stochastic gradient descent, and what is averaged over their motion.

In a stationary state of any loss, whatever its shape, the moments balance exactly (arXiv:1810.00004; it
follows from the stationarity of $|\theta|^2$ and of $\theta\cdot v$):

$\langle\theta\cdot\nabla f\rangle = \frac{1+\mu}{2\eta}\,\langle v^2\rangle$,

without momentum with $\langle v^2\rangle = \eta^2 \langle|\text{gradient of a batch}|^2\rangle$: fluctuation, on the
right, and dissipation.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32, Key, PyTree

from ...train import minibatch
from .walk import Noise

Loss = Callable[[Float32[Array, " p"], PyTree], Float32[Array, ""]]
"""The loss of one example, of a flat array of parameters."""


def hessian_and_force(
    loss: Loss, parameters: Float32[Array, " p"], data: PyTree
) -> tuple[Float[np.ndarray, "p p"], Float[np.ndarray, "p p"], Float[np.ndarray, " p"]]:
    """At these parameters: the Hessian of the mean loss, the covariance of one example's gradient, and the gradient."""

    @jax.jit
    def derivatives(parameters: Array) -> tuple[Array, Array]:
        def mean_loss(theta: Array) -> Array:
            return jnp.mean(jax.vmap(loss, (None, 0))(theta, data))

        return jax.hessian(mean_loss)(parameters), jax.vmap(jax.grad(loss), (None, 0))(parameters, data)

    hessian, slopes = (np.asarray(each, np.float64) for each in derivatives(parameters))
    return hessian, np.cov(slopes.T, bias=True), slopes.mean(axis=0)


def make_walk(loss: Loss, noise: Noise, steps: int, records: int) -> Callable[..., dict[str, Array]]:
    """A compiled function `walk(start, data, keys)` that lets one walker go per key, from rest at `start`.

    The steps are cut into `records` stretches of equal length; it returns arrays with the axes (records, walkers):
    `position` (..., p) at the end of a stretch, relative to the start; and over the stretch the means `dissipation`
    θ · ∇f of the mean loss f, and `fluctuation` (1+μ) v² / 2η.

    Raises:
        ValueError: for steps that are no multiple of the records.
    """
    if records < 1 or steps % records:
        raise ValueError(f"steps is {steps}; it must be a multiple of the {records} records")
    stretch = steps // records
    rate, friction = np.float32(noise.learning_rate), np.float32(noise.momentum)
    balance = np.float32((1 + noise.momentum) / (2 * noise.learning_rate))

    @jax.jit
    def walk(start: Float32[Array, " p"], data: PyTree, keys: Key[Array, " walkers"]) -> dict[str, Array]:
        def mean_loss(theta: Array, examples: PyTree) -> Array:
            return jnp.mean(jax.vmap(loss, (None, 0))(theta, examples))

        def one(key: Array) -> dict[str, Array]:
            def step(state: tuple[Array, Array], number: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
                position, velocity = state
                examples = minibatch(data, noise.batch, key=jax.random.fold_in(key, number))
                pull = jax.grad(mean_loss)(start + position, data)
                dissipated = jnp.vdot(position, pull)
                velocity = friction * velocity - rate * jax.grad(mean_loss)(start + position, examples)
                return (position + velocity, velocity), (dissipated, balance * jnp.vdot(velocity, velocity))

            def record(state: tuple[Array, Array], number: Array) -> tuple[tuple[Array, Array], tuple[Array, ...]]:
                state, sums = jax.lax.scan(step, state, number * stretch + jnp.arange(stretch, dtype=jnp.int32))
                return state, (state[0], *(jnp.mean(each) for each in sums))

            rest = jnp.zeros_like(start)
            numbers = jnp.arange(records, dtype=jnp.int32)
            _, (position, dissipation, fluctuation) = jax.lax.scan(record, (rest, rest), numbers)
            return {"position": position, "dissipation": dissipation, "fluctuation": fluctuation}

        found = jax.vmap(one)(keys)
        return jax.tree.map(lambda each: jnp.swapaxes(each, 0, 1), found)

    return walk
