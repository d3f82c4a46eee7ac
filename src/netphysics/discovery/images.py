"""Images: observations that are pixels, and the convolutions that read them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

PIXEL = re.compile(r"(?P<image>.+)\[(?P<row>\d+),(?P<column>\d+)\]")
# Feature maps of the two convolutions; each sees patches of three by three and halves the image.
CHANNELS = (8, 16)
PATCH, STRIDE = 3, 2
# Larger images would need deeper networks; smaller ones are lists of numbers.
LEAST, MOST = 6, 64


def image_shape(names: Sequence[str]) -> tuple[int, int] | None:
    """Height and width of the image whose pixels the first names are, row by row: `image[0,0]`, `image[0,1]`, ...

    Raises:
        ValueError: for a side that is shorter than 6 or longer than 64 pixels, and for pixels that are not all there.
    """
    first = PIXEL.fullmatch(names[0]) if names else None
    if first is None:
        return None
    image = first["image"]
    found = [pixel for name in names if (pixel := PIXEL.fullmatch(name)) and pixel["image"] == image]
    height, width = (1 + max(int(pixel[part]) for pixel in found) for part in ("row", "column"))
    if not (LEAST <= height <= MOST and LEAST <= width <= MOST):
        raise ValueError(
            f"{image} has images of {height} x {width} pixels; each side may have {LEAST} to {MOST}, so add up pixels "
            "of larger ones"
        )
    if list(names[: height * width]) != [f"{image}[{i},{j}]" for i in range(height) for j in range(width)]:
        raise ValueError(f"{image} has images of {height} x {width} pixels, of which some are not observed")
    return height, width


class Convolutions(eqx.Module):
    """Two convolutions with GELU after each, for the pixels that an observation begins with; the rest passes by.

    Patches are gathered and multiplied by one matrix: with many networks at a time that is a plain product, where a
    convolution with weights of its own for each network is slow.
    """

    weights: tuple[Float[Array, "m n"], ...]
    biases: tuple[Float[Array, " m"], ...]
    shape: tuple[int, int] = eqx.field(static=True)

    def __init__(self, shape: tuple[int, int], *, key: PRNGKeyArray):
        self.shape = shape
        sizes = [PATCH**2 * channels for channels in (1, *CHANNELS[:-1])]
        drawn = [
            jax.random.uniform(k, (m, n + 1), jnp.float32, -1, 1) / n**0.5
            for k, m, n in zip(jax.random.split(key, len(CHANNELS)), CHANNELS, sizes, strict=True)
        ]
        self.weights, self.biases = tuple(part[:, :-1] for part in drawn), tuple(part[:, -1] for part in drawn)

    def __call__(self, observation: Float[np.ndarray | Array, " observation"]) -> Float[Array, " numbers"]:
        height, width = self.shape
        x, rest = jnp.asarray(observation[: height * width])[:, None], jnp.asarray(observation[height * width :])
        for weight, bias in zip(self.weights, self.biases, strict=True):
            patches = jnp.concatenate([x, jnp.zeros((1, x.shape[1]), jnp.float32)])[patch_places(height, width)]
            x = jax.nn.gelu(patches.reshape(len(patches), -1) @ weight.T + bias[None])
            height, width = halved(height), halved(width)
        return jnp.concatenate([x.ravel(), rest])


def convolved(shape: tuple[int, int]) -> int:
    """How many numbers the convolutions make of an image."""
    height, width = (halved(halved(side)) for side in shape)
    return CHANNELS[-1] * height * width


def halved(side: int) -> int:
    """Pixels of a side after a convolution."""
    return -(-side // STRIDE)


def patch_places(height: int, width: int) -> Int[np.ndarray, "patches pixels"]:
    """The places of the pixels of each patch; beyond the margin it is that of a further pixel, which is 0."""
    steps = np.arange(PATCH) - PATCH // 2
    row = (STRIDE * np.arange(halved(height)))[:, None, None, None] + steps[:, None]
    column = (STRIDE * np.arange(halved(width)))[:, None, None] + steps
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    return np.where(inside, row * width + column, height * width).reshape(-1, PATCH**2)
