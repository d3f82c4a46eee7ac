"""Networks that learn: explicit weights of any description, in the coordinates that gradient descent moves."""

from __future__ import annotations

import math
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32, Key, PRNGKeyArray

from ...nets import ConvolutionalNet, LearningRates, Net, ResidualNet, Stack
from ..depth.empirical_tangent_kernel import PRODUCTS, lanczos, largest_ritz_value
from ..depth.explicit_networks import draw_stacks, evaluate

Description = Net | ResidualNet | ConvolutionalNet


class Network(eqx.Module):
    r"""One network of a description, as a function of one input.

    With `rates`, a weight of layer l is $\sqrt{\lambda_W/n_{l-1}}$ times a coordinate, and a bias
    $\sqrt{\lambda_b}$ times one. Plain gradient descent of the coordinates is gradient descent of the weights with the
    learning-rate tensor `rates`, and the tangent kernel of the coordinates is the one with these rates. Without,
    coordinates are the weights themselves, as in any library of networks. A net whose biases are zero and
    have no rate keeps them zero.
    """

    coordinates: tuple[Stack, ...]
    description: Description = eqx.field(static=True)
    rates: LearningRates | None = eqx.field(static=True)

    def __call__(self, x: Float32[Array, " d_in"], *, unrolled: bool = False) -> Float32[Array, " d_out"]:
        """The outputs for one input; `unrolled` is for those of fully connected networks that are asked for often."""
        stacks = [
            (unit * matrices, bias_unit * biases)
            for (matrices, biases) in self.coordinates
            for unit, bias_unit in [units(self.description, self.rates, matrices.shape[-1])]
        ]
        if isinstance(self.description, Net):
            return evaluate(self.description, stacks, x, unrolled=unrolled)
        first, rest, last = stacks
        return self.description.evaluate((first, rest, last), x)


def network(description: Description, rates: LearningRates | None = None, *, key: PRNGKeyArray) -> Network:
    """Draw one network.

    Raises:
        ValueError: for a learning rate of zero of parameters that are drawn: nothing would move them.
    """
    check_rates(description, rates)
    stacks = draw_stacks(description, key=key) if isinstance(description, Net) else description.draw(key=key)
    coordinates = []
    for matrices, biases in stacks:
        unit, bias_unit = units(description, rates, matrices.shape[-1])
        coordinates.append((matrices / unit, biases / bias_unit if bias_unit else biases))
    return Network(tuple(coordinates), description, rates)


def draw_networks(description: Description, keys: Key[Array, " n"], rates: LearningRates | None = None) -> Network:
    """One network per key, stacked along a first axis of every array; errors as in `network`."""
    check_rates(description, rates)
    return drawn(description, rates, keys)


@eqx.filter_jit
def drawn(description: Description, rates: LearningRates | None, keys: Key[Array, " n"]) -> Network:
    return jax.lax.map(lambda key: network(description, rates, key=key), keys)


def outputs(networks: Network, inputs: Float[Array | np.ndarray, "k d_in"]) -> Float32[Array, "n k d_out"]:
    """What each of the stacked networks says about every input."""
    return all_outputs(networks, jnp.asarray(inputs, jnp.float32))


@eqx.filter_jit
def all_outputs(networks: Network, inputs: Float32[Array, "k d_in"]) -> Float32[Array, "n k d_out"]:
    arrays, rest = eqx.partition(networks, eqx.is_array)
    # One after another: the signals of one network stay in the cache.
    return jax.lax.map(lambda each: jax.vmap(eqx.combine(each, rest))(inputs), arrays)


def largest_eigenvalues(
    networks: Network, inputs: Float[Array | np.ndarray, "k d_in"], *, key: PRNGKeyArray
) -> Float[np.ndarray, " n"]:
    """λ_max of J J^T / k of each of the stacked networks on a batch of k inputs: gradient descent on half the mean
    squared error shrinks all residuals, as long as the kernel stays what it is, for learning rates below 2 / λ_max."""
    tridiagonal = krylov(networks, jnp.asarray(inputs, jnp.float32), key)
    return np.array([largest_ritz_value(*each).value for each in zip(*tridiagonal, strict=True)])


@eqx.filter_jit
def krylov(
    networks: Network, inputs: Float32[Array, "k d_in"], key: PRNGKeyArray
) -> tuple[Float[Array, "n m"], Float[Array, "n m"]]:
    arrays, rest = eqx.partition(networks, eqx.is_array)
    return jax.lax.map(lambda each: lanczos(eqx.combine(each, rest), inputs, PRODUCTS, key), arrays)


def units(description: Description, rates: LearningRates | None, fan_in: int) -> tuple[np.float32, np.float32]:
    """What one coordinate is worth: of a weight into which `fan_in` numbers flow, and of a bias."""
    if rates is None:
        return np.float32(1), np.float32(_variances(description)[1] > 0)
    return np.float32(math.sqrt(rates.weight / fan_in)), np.float32(math.sqrt(rates.bias))


def check_rates(description: Description, rates: LearningRates | None) -> None:
    """Raise ValueError for a rate of zero of parameters that are drawn."""
    if rates is None:
        return
    for name, rate, variance in zip(
        ("weight", "bias"), (rates.weight, rates.bias), _variances(description), strict=True
    ):
        if rate == 0 and variance > 0:
            raise ValueError(f"rates.{name} is 0 while {name}_variance is {variance}; it must be positive")


def _variances(description: Description) -> Sequence[float]:
    """C_W and C_b."""
    net = description.net if isinstance(description, ResidualNet) else description
    return net.weight_variance, net.bias_variance
