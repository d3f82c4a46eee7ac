"""Residual networks: hidden layers that add to what they are fed."""

import math
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.draws import split
from netphysics.nets.net import Net
from netphysics.nets.orthogonalization import product
from netphysics.nets.stacks import Stack, draw_stack


@dataclass(frozen=True)
class ResidualNet:
    r"""A `Net` whose hidden layers are added to the identity:

        z^(l+1) = z^(l) + α (b^(l+1) + W^(l+1) σ(z^(l)))    for l = 1 ... L - 1,

    with the first and the last layer as they are. At infinite width K' = K + α² (C_b + C_W <σ²>).

    Raises ValueError for hidden layers of different widths, none at all, or a strength that is not finite.
    """

    net: Net
    strength: float = 1.0
    """α."""

    def __post_init__(self) -> None:
        hidden = self.net.widths[1:-1]
        if len(set(hidden)) != 1:
            raise ValueError(f"hidden widths are {hidden}; a residual net needs at least one, all the same")
        if self.net.activation.normalized:
            raise ValueError(f"activation is {self.net.activation.name}; a residual net needs one that acts on z alone")
        if not math.isfinite(self.strength):
            raise ValueError(f"strength is {self.strength}; it must be finite")

    def draw(self, *, key: PRNGKeyArray) -> tuple[Stack, ...]:
        """One realization: the first layer, the L - 1 layers that add, and the last one."""
        net = self.net
        groups = ((1, net.shapes[0]), (net.layers - 2, (net.widths[1],) * 2), (1, net.shapes[-1]))
        return tuple(
            draw_stack(net.initialization, count, shape, net.weight_variance, net.bias_variance, key=each)
            for (count, shape), each in zip(groups, split(key, 3), strict=True)
        )

    def evaluate(self, stacks: tuple[Stack, ...], x: Float32[Array, " d_in"]) -> Float32[Array, " d_out"]:
        """The outputs for one input."""
        (first, first_bias), middle, (last, last_bias) = stacks
        strength = np.float32(self.strength)

        def layer(z: Array, parameters: tuple[Array, Array]) -> tuple[Array, None]:
            matrix, bias = parameters
            return z + strength * (product(matrix, self.net.activation.value(z)) + bias), None

        z, _ = jax.lax.scan(layer, product(first[0], x) + first_bias[0], middle)
        return product(last[0], self.net.activation.value(z)) + last_bias[0]
