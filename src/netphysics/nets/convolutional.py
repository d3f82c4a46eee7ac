r"""Convolutional networks on a line or a plane, with periodic boundaries.

A layer is z^(l+1)_p = b + Σ_t W_t σ(z^(l)_{p+t}) at every pixel p, with taps t of an odd window. A kernel whose only
tap that is not zero is the one in the middle, a "delta" kernel, is a fully connected layer at each pixel: such a
network is, pixel by pixel, exactly the `Net` of its channels. Delta-orthogonal kernels: arXiv:1806.05393.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets import activations
from netphysics.nets.activations import Activation
from netphysics.nets.draws import split
from netphysics.nets.net import Ensemble
from netphysics.nets.orthogonalization import product
from netphysics.nets.stacks import Stack, draw_stack

Kernels = Literal["gaussian", "orthogonal", "delta-gaussian", "delta-orthogonal"]
Stacks = tuple[Stack, Stack, Stack]


@dataclass(frozen=True, init=False)
class ConvolutionalNet:
    r"""`depth` convolutions with `channels` channels, and a dense layer from all pixels and channels to the outputs.

    Every kernel has mean square C_W / channels_in summed over its taps. "gaussian" entries are independent, each of
    variance C_W / (taps · channels_in); "orthogonal" kernels are corners of an orthogonal matrix of shape (channels,
    taps · channels_in), as `torch.nn.init.orthogonal_` draws them; "delta-..." kernels have the middle tap alone.

    Raises ValueError for sizes below 1, an image that is neither a line nor a plane, an even window, unknown kernels,
    an activation that needs the variance of its preactivations, or a variance that is negative or not finite.
    """

    image: tuple[int, ...]
    """(length,) or (height, width) of what is fed."""
    channels: int
    depth: int
    """The number of convolutions, L."""
    outputs: int
    activation: Activation
    """Given as a name or an `Activation`."""
    kernels: Kernels
    window: int
    """Taps in each direction."""
    colors: int
    """Channels of what is fed."""
    weight_variance: float
    """C_W."""
    bias_variance: float
    """C_b."""

    def __init__(
        self,
        image: Sequence[int],
        channels: int,
        depth: int,
        outputs: int,
        activation: Activation | str,
        kernels: Kernels = "gaussian",
        window: int = 3,
        colors: int = 1,
        weight_variance: float = 1.0,
        bias_variance: float = 0.0,
    ) -> None:
        sizes = {"channels": channels, "depth": depth, "outputs": outputs, "window": window, "colors": colors}
        variances = {"weight_variance": weight_variance, "bias_variance": bias_variance}
        chosen = {"image": tuple(image), "activation": activations.activation(activation), "kernels": kernels}
        for name, value in {**sizes, **variances, **chosen}.items():
            object.__setattr__(self, name, value)
        self._check()

    def _check(self) -> None:
        if len(self.image) not in (1, 2) or min(self.image) < 1:
            raise ValueError(f"image is {self.image}; it must be (length,) or (height, width)")
        for name in ("channels", "depth", "outputs", "window", "colors"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.window % 2 == 0:
            raise ValueError(f"window is {self.window}; it must be odd")
        if self.kernels not in get_args(Kernels):
            raise ValueError(f"kernels is {self.kernels!r}; it must be one of {', '.join(get_args(Kernels))}")
        if self.activation.normalized:
            raise ValueError(f"activation is {self.activation.name}; a convolution needs one that acts on z alone")
        for name in ("weight_variance", "bias_variance"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ValueError(f"{name} is {getattr(self, name)}; it must be finite and at least 0")

    @property
    def taps(self) -> tuple[tuple[int, ...], ...]:
        """The offsets of the window; the middle one is zero."""
        reach = self.window // 2
        return tuple(itertools.product(range(-reach, reach + 1), repeat=len(self.image)))

    @property
    def pixels(self) -> int:
        return math.prod(self.image)

    @property
    def _law(self) -> Ensemble:
        return "orthogonal" if self.kernels.endswith("orthogonal") else "gaussian"

    def draw(self, *, key: PRNGKeyArray) -> Stacks:
        """One realization: the first convolution, the others, and the dense layer, each as a `Stack` whose matrices
        map all taps and channels, the tap changing slowest, to channels."""
        first, rest, last = split(key, 3)
        dense = (self.outputs, self.pixels * self.channels)
        return (
            self._draw_kernels(1, self.colors, key=first),
            self._draw_kernels(self.depth - 1, self.channels, key=rest),
            draw_stack(self._law, 1, dense, self.weight_variance, self.bias_variance, key=last),
        )

    def _draw_kernels(self, layers: int, channels_in: int, *, key: PRNGKeyArray) -> Stack:
        law, count = self._law, len(self.taps)
        variances = self.weight_variance, self.bias_variance
        if law == self.kernels:
            return draw_stack(law, layers, (self.channels, count * channels_in), *variances, key=key)
        middle, biases = draw_stack(law, layers, (self.channels, channels_in), *variances, key=key)
        start = (count // 2) * channels_in
        kernels = jnp.zeros((layers, self.channels, count * channels_in), jnp.float32)
        return kernels.at[:, :, start : start + channels_in].set(middle), biases

    def preactivations(self, stacks: Stacks, x: Float32[Array, " d_in"]) -> Float32[Array, "depth pixels channels"]:
        """z^(l) of every convolution for one input, whose numbers run over pixels and then colors."""
        (kernels, biases), rest, _ = stacks
        first = self._convolve(kernels[0], biases[0], x.reshape(*self.image, self.colors))

        def layer(z: Array, parameters: tuple[Array, Array]) -> tuple[Array, Array]:
            z = self._convolve(*parameters, self.activation.value(z))
            return z, z

        _, others = jax.lax.scan(layer, first, rest)
        return jnp.concatenate([first[None], others]).reshape(self.depth, self.pixels, self.channels)

    def evaluate(self, stacks: Stacks, x: Float32[Array, " d_in"]) -> Float32[Array, " outputs"]:
        """The outputs for one input."""
        matrices, biases = stacks[-1]
        signal = self.activation.value(self.preactivations(stacks, x)[-1])
        return product(matrices[0], signal.reshape(-1)) + biases[0]

    def _convolve(
        self, kernel: Float32[Array, "channels _"], bias: Float32[Array, " channels"], signal: Float32[Array, "..."]
    ) -> Float32[Array, "..."]:
        # One matrix product: convolutions with kernels of many networks at once are slow on processors.
        axes = tuple(range(len(self.image)))
        shifted = [jnp.roll(signal, [-step for step in tap], axes) for tap in self.taps]
        z = product(jnp.concatenate(shifted, axis=-1), kernel.T)
        return z + jnp.broadcast_to(bias, z.shape)
