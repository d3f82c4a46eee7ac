r"""Beyond the kernel: a network's own training, predicted from derivatives at its start.

Write $\theta = \theta_0 + \epsilon\,\delta$ and let δ descend with the outputs
$f_\epsilon(\delta) = f(\theta_0) + [f(\theta_0+\epsilon\delta) - f(\theta_0)]/\epsilon$. At $\epsilon = 1$ this is
the training of the network; at $\epsilon = 0$ that of its linearization, which the tangent kernel governs. The
expansion of the trained outputs in ε adds the effect of one order of derivatives at a time: at first order that of the
kernel's first derivative (dNTK), at second order that of its second derivatives (ddNTK) and of the first one
squared. No tensor is written down: with $\delta = \delta_0 + \epsilon\delta_1 + \epsilon^2\delta_2$, all that is
needed are derivatives by one number ε of the outputs and of their pullback along the curve
$\theta_0 + \epsilon\delta(\epsilon)$.

The scaling is that of lazy training (arXiv:1812.07956); what the orders mean: arXiv:2106.10165, chapter "the end of
training".
"""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32, PyTree

from .networks import Network

# Kernel, dNTK, ddNTK.
ORDERS = 3


def predicted_training(
    networks: Network,
    inputs: Float[np.ndarray, "m d_in"],
    targets: Float[np.ndarray, "n d_out"],
    learning_rates: Float[np.ndarray, " networks"],
    steps: int,
) -> Float32[Array, "networks 3 m d_out"]:
    """The outputs after full-batch gradient descent of half the mean squared error on the first n inputs, as predicted
    at the orders 0 (tangent kernel), 1 and 2; each includes the ones before.

    Raises:
        ValueError: for more targets than inputs, or fewer than one step.
    """
    if not 1 <= len(targets) <= len(inputs):
        raise ValueError(f"there are {len(targets)} targets and {len(inputs)} inputs; 1 to {len(inputs)} are possible")
    if steps < 1:
        raise ValueError(f"steps is {steps}; it must be at least 1")
    points, goals, rates = (jnp.asarray(each, jnp.float32) for each in (inputs, targets, learning_rates))
    return all_predicted(networks, points, goals, rates, steps)


@eqx.filter_jit
def all_predicted(
    networks: Network,
    inputs: Float32[Array, "m d_in"],
    targets: Float32[Array, "n d_out"],
    learning_rates: Float32[Array, " networks"],
    steps: int,
) -> Float32[Array, "networks 3 m d_out"]:
    arrays, rest = eqx.partition(networks, eqx.is_array)

    def one(member: tuple[PyTree, Array]) -> Array:
        start, rate = member
        return expansion(start, lambda weights: jax.vmap(eqx.combine(weights, rest))(inputs), targets, rate, steps)

    return jax.lax.map(one, (arrays, learning_rates))


def expansion(
    start: PyTree,
    evaluate: Callable[[PyTree], Float32[Array, "m d_out"]],
    targets: Float32[Array, "n d_out"],
    rate: Float32[Array, ""],
    steps: int,
) -> Float32[Array, "3 m d_out"]:
    """The predictions for one network, whose outputs are a function of its weights."""
    n = len(targets)

    def curve(orders: tuple[PyTree, ...], epsilon: Array) -> PyTree:
        return jax.tree.map(lambda origin, *terms: polynomial((origin, *terms), epsilon), start, *orders)

    def outputs(orders: tuple[PyTree, ...]) -> list[Array]:
        """f_ε by orders of ε: f(θ0) + f', f''/2 and f'''/6 of the outputs along the curve."""
        origin, *terms = coefficients(lambda epsilon: evaluate(curve(orders, epsilon)), ORDERS)
        return [origin + terms[0], *terms[1:]]

    def step(orders: tuple[PyTree, ...], _: None) -> tuple[tuple[PyTree, ...], None]:
        residuals = [term[:n] for term in outputs(orders)]
        residuals[0] -= targets

        def gradient(epsilon: Array) -> PyTree:
            _, pull = jax.vjp(lambda weights: evaluate(weights)[:n], curve(orders, epsilon))
            return pull(polynomial(residuals, epsilon) / n)[0]

        gradients = coefficients(gradient, ORDERS - 1)
        return tuple(
            jax.tree.map(lambda delta, slope: delta - rate * slope, order, slope)
            for order, slope in zip(orders, gradients, strict=True)
        ), None

    rest = jax.tree.map(jnp.zeros_like, start)
    orders, _ = jax.lax.scan(step, (rest,) * ORDERS, None, length=steps)
    return jnp.cumsum(jnp.stack(outputs(orders)), axis=0)


def polynomial(terms: tuple[Array, ...] | list[Array], epsilon: Array) -> Array:
    """The sum of the terms times rising powers of ε."""
    total = terms[-1]
    for term in reversed(terms[:-1]):
        total = total * epsilon + term
    return total


def coefficients(function: Callable[[Array], PyTree], order: int) -> list[PyTree]:
    """Taylor coefficients 0 ... `order` at zero of a function of one number, by nested forward derivatives."""

    def lift(inner: Callable[[Array], list[PyTree]]) -> Callable[[Array], list[PyTree]]:
        def with_next(epsilon: Array) -> list[PyTree]:
            values, slopes = jax.jvp(inner, (epsilon,), (jnp.ones_like(epsilon),))
            return [*values, slopes[-1]]

        return with_next

    def value(epsilon: Array) -> list[PyTree]:
        return [function(epsilon)]

    derivatives: Callable[[Array], list[PyTree]] = value
    for _ in range(order):
        derivatives = lift(derivatives)

    def scaled(term: PyTree, k: int) -> PyTree:
        return jax.tree.map(lambda leaf: np.float32(1 / factorial(k)) * leaf, term)

    return [scaled(term, k) for k, term in enumerate(derivatives(jnp.zeros((), jnp.float32)))]
