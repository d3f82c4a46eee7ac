r"""The tangent kernel of one network as it is: any Equinox module, any batch, and the learning rate it allows.

With J the Jacobian of all outputs on a batch by all parameters, the tangent kernel is

    H_{ai,bj} = Σ_μ (∂z_i(x_a) / ∂θ_μ) (∂z_j(x_b) / ∂θ_μ) = (J J^T)_{ai,bj},

every parameter with rate 1, as plain gradient descent moves it. Nothing here writes J down: J J^T v is one
backward and one forward derivative. Gradient descent on the mean over k samples of |z(x_a) - y_a|² / 2 takes
residuals r to (1 - η J J^T / k) r, so that all of them shrink, as long as the kernel stays what it is, for

    η < 2 / λ_max,    λ_max = the largest eigenvalue of J J^T / k.
"""

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key, PRNGKeyArray, PyTree

from netphysics.fields.depth.spread import Spread, spread

Model = Callable[[Array], Array]
# So many products of the tangent kernel with a vector bring λ_max to four digits and more.
PRODUCTS = 12


@dataclass(frozen=True)
class LargestEigenvalue:
    """λ_max of one network, by Lanczos iteration."""

    value: float
    """The largest Ritz value, the Rayleigh quotient of a vector v; λ_max is not smaller, up to rounding."""
    residual: float
    """|A v - value · v| for this unit vector v. Since A is symmetric, an eigenvalue lies within this of
    `value`; if a gap separates it from the others, even within residual² / gap."""


def empirical_tangent_kernel(model: Model, inputs: Float[Array, "k ..."]) -> Float[Array, "k c k c"]:
    """H_{ai,bj} of `model` on a batch, c outputs each, at the cost of k c backward and forward derivatives.

    `model` maps one input to its outputs, of any shape; c is their number. Its parameters are the floating
    arrays in it: it is an Equinox module, or `jax.tree_util.Partial(function, parameters)` for a function of
    parameters and an input.

    Raises ValueError for a model without parameters, or that does not return one array of floating numbers.
    """
    check_model(model, inputs)
    return columns(model, inputs)


def largest_eigenvalue(
    model: Model, inputs: Float[Array, "k ..."], products: int = PRODUCTS, *, key: PRNGKeyArray
) -> LargestEigenvalue:
    """λ_max of J J^T / k by Lanczos iteration from a random vector; model, inputs and errors as in
    `empirical_tangent_kernel`."""
    check_model(model, inputs)
    return largest_ritz_value(*lanczos(model, inputs, products, key))


def largest_eigenvalue_spread(
    make: Callable[[PRNGKeyArray], Model],
    inputs: Float[Array, "k ..."],
    networks: int = 16,
    products: int = PRODUCTS,
    *,
    key: PRNGKeyArray,
) -> Spread:
    """Mean and spread of λ_max over initializations: the networks that `make(key)` draws, one after another.

    Raises ValueError as `empirical_tangent_kernel` does, and for fewer than 4 networks.
    """
    # Only the shapes: to draw a large network step by step takes longer than all that follows.
    check_model(eqx.filter_eval_shape(make, key), inputs)
    found = map(largest_ritz_value, *ensemble(make, inputs, products, jax.random.split(key, networks)))
    return spread(np.array([each.value for each in found]))


def check_model(model: Model, inputs: Float[Array, "k ..."]) -> None:
    """Raise ValueError unless the model has parameters and returns one array of floating numbers."""
    kinds = [getattr(leaf, "dtype", np.bool) for leaf in jax.tree.leaves(model)]
    if not any(jnp.issubdtype(kind, jnp.floating) for kind in kinds):
        raise ValueError(
            "model holds no floating arrays, so nothing in it learns; pass an Equinox module or "
            "jax.tree_util.Partial(function, parameters)"
        )
    output = eqx.filter_eval_shape(model, inputs[0])
    if not jnp.issubdtype(getattr(output, "dtype", None) or object, jnp.floating):
        raise ValueError(f"model must return one array of floating numbers, got {output}")


def operator(model: Model, inputs: Float[Array, "k ..."]) -> tuple[Callable[[Array], Array], jax.ShapeDtypeStruct]:
    """v ↦ J J^T v on arrays of shape (k, c), and what such an array looks like. Call it under `jax.jit`: there
    the network is evaluated once for all products."""
    parameters, rest = eqx.partition(model, eqx.is_inexact_array)

    def outputs(parameters: PyTree) -> Array:
        return jax.vmap(lambda x: jnp.ravel(eqx.combine(parameters, rest)(x)))(inputs)

    values, forward = jax.linearize(outputs, parameters)
    backward = jax.linear_transpose(forward, parameters)
    return lambda v: forward(*backward(v)), jax.ShapeDtypeStruct(values.shape, values.dtype)


@eqx.filter_jit
def columns(model: Model, inputs: Float[Array, "k ..."]) -> Float[Array, "k c k c"]:
    """J J^T, one column after another: all at once would take the memory of as many copies of the model."""
    apply, shape = operator(model, inputs)
    units = jnp.eye(shape.size, dtype=shape.dtype).reshape(shape.size, *shape.shape)
    return jax.lax.map(apply, units).reshape(*shape.shape, *shape.shape)


@eqx.filter_jit
def lanczos(
    model: Model, inputs: Float[Array, "k ..."], products: int, key: PRNGKeyArray
) -> tuple[Float[Array, " m"], Float[Array, " m"]]:
    """The diagonal of J J^T / k in an orthonormal basis of its Krylov space, and what couples each vector of the
    basis to the next; m = `products`, or the number of outputs if that is less."""
    apply, shape = operator(model, inputs)
    most = min(products, shape.size)

    def step(basis: Array, place: Array) -> tuple[Array, tuple[Array, Array]]:
        v = basis[place]
        image = apply(v.reshape(shape.shape)).reshape(-1) / len(inputs)
        diagonal = jnp.vdot(v, image)
        # Twice, since rounding leaves the first remainder far from orthogonal once eigenvalues have converged.
        for _ in range(2):
            image = image - basis.T @ (basis @ image)
        coupling = jnp.linalg.norm(image)
        # A Krylov space that is complete has no next vector.
        following = jnp.where(coupling > 0, image / jnp.where(coupling > 0, coupling, 1), image)
        return basis.at[place + 1].set(following), (diagonal, coupling)

    start = jax.random.normal(key, (shape.size,), shape.dtype)
    basis = jnp.zeros((most + 1, shape.size), shape.dtype).at[0].set(start / jnp.linalg.norm(start))
    return jax.lax.scan(step, basis, jnp.arange(most))[1]


def largest_ritz_value(diagonal: Float[Array, " m"], couplings: Float[Array, " m"]) -> LargestEigenvalue:
    """The largest eigenvalue of the tridiagonal matrix that `lanczos` leaves, and how much its vector misses."""
    alpha, beta = (np.asarray(part, np.float64) for part in (diagonal, couplings))
    values, vectors = np.linalg.eigh(np.diag(alpha) + np.diag(beta[:-1], 1) + np.diag(beta[:-1], -1))
    return LargestEigenvalue(float(values[-1]), float(beta[-1] * abs(vectors[-1, -1])))


@eqx.filter_jit
def ensemble(
    make: Callable[[PRNGKeyArray], Model], inputs: Float[Array, "k ..."], products: int, keys: Key[Array, " networks"]
) -> tuple[Float[Array, "networks m"], Float[Array, "networks m"]]:
    """`lanczos` for one network after another: each may be large."""

    def one(key: PRNGKeyArray) -> tuple[Array, Array]:
        draw_key, start_key = jax.random.split(key)
        return lanczos(make(draw_key), inputs, products, start_key)

    return jax.lax.map(one, keys)
