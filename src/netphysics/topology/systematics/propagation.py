"""Propagation: mean and width of a network's output whose inputs are uncertain, to first and second order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PyTree

from .covariance import Nuisances

# A network, from the inputs of one example to its outputs, shape (outputs,), or to one number.
Network = Callable[[Float[Array, " inputs"]], Float[Array, "*outputs"]]


@dataclass(frozen=True)
class Propagated:
    """What uncertain inputs do to the outputs of one example.

    Attributes:
        output: at the nominal inputs, shape (outputs,).
        bias: by which the mean output differs from it; zero to first order.
        sigma: standard deviation of the outputs.
        coherent: the part of sigma of every coherent nuisance, with its sign, shape (nuisances, outputs).
        incoherent: the part of sigma of all inputs by themselves, shape (outputs,).
    """

    output: np.ndarray
    bias: np.ndarray
    sigma: np.ndarray
    coherent: np.ndarray
    incoherent: np.ndarray


def propagate_jacobian(
    output: np.ndarray, jacobian: np.ndarray, nuisances: Nuisances, hessian: np.ndarray | None = None
) -> Propagated:
    r"""First order from a Jacobian, second from a Hessian too, from whatever framework they come.

    First order: $\sigma^2 = J C J^T$. Second order for normal nuisances: the mean moves by
    $\tfrac12 \mathrm{tr}(HC)$ and the variance grows by $\tfrac12 \mathrm{tr}(HCHC)$.

    Args:
        output: shape (outputs,).
        jacobian: shape (outputs, inputs).
        hessian: shape (outputs, inputs, inputs).

    Raises:
        ValueError: for arrays of other shapes, or not finite.
    """
    outputs, inputs = len(output), len(nuisances.incoherent)
    for name, array, shape in (
        ("jacobian", jacobian, (outputs, inputs)),
        ("hessian", hessian, (outputs, inputs, inputs)),
    ):
        if array is not None and array.shape != shape:
            raise ValueError(f"{name} has shape {array.shape}; for {outputs} outputs and {inputs} inputs it is {shape}")
        if array is not None and not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite")
    coherent = nuisances.coherent @ jacobian.T
    incoherent = np.sqrt(np.square(jacobian) @ nuisances.incoherent**2)
    variance, bias = np.sum(coherent**2, axis=0) + incoherent**2, np.zeros(outputs)
    if hessian is not None:
        curved = hessian @ nuisances.covariance
        bias = np.trace(curved, axis1=1, axis2=2) / 2
        variance = variance + np.einsum("oij,oji->o", curved, curved) / 2
    return Propagated(np.asarray(output, np.float64), bias, np.sqrt(variance), coherent, incoherent)


def propagate(network: Network, inputs: np.ndarray, nuisances: Nuisances, order: int = 1) -> Propagated:
    """Propagate through a network that jax can differentiate, in the precision of float64.

    Args:
        network: any jax callable, from inputs of shape (inputs,) to outputs of shape (outputs,) or one number.
        inputs: of one example, shape (inputs,).
        order: 1 or 2.

    Raises:
        ValueError: for another order, and where `propagate_jacobian` does.
    """
    if order not in (1, 2):
        raise ValueError(f"order is {order}; it must be 1 or 2")
    output, jacobian, hessian = derivatives(network, inputs[None], order)
    return propagate_jacobian(output[0], jacobian[0], nuisances, None if hessian is None else hessian[0])


def in_double(network: PyTree) -> PyTree:
    """An Equinox network with weights of float64, which `propagate` takes where types are not promoted silently."""
    return jax.tree.map(lambda leaf: np.asarray(leaf, np.float64) if eqx.is_inexact_array(leaf) else leaf, network)


def derivatives(network: Network, examples: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Outputs, Jacobians and, for order 2, Hessians of all examples, float64 with the examples first.

    Args:
        examples: shape (examples, inputs).
    """

    def flat(x: Array) -> Array:
        return jnp.atleast_1d(network(x))

    with jax.enable_x64(True):
        x = jnp.asarray(examples, jnp.float64)
        hessians = np.asarray(jax.vmap(jax.hessian(flat))(x)) if order == 2 else None
        return np.asarray(jax.vmap(flat)(x)), np.asarray(jax.vmap(jax.jacobian(flat))(x)), hessians
