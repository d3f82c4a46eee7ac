r"""One layer without its weight matrix, asked twice: forward for W S^T, then backward for V W.

`deferred` explains the question on the way forward. On the way backward the layer is asked about further
vectors, the rows of V, and must answer with what it said before in mind. Let Q be the orthonormal rows of
S = L Q and Y = Q W^T their images.

- Gaussian W: in the span of Q the answer is V Y^T Q. Outside of it the layer has not been looked at, and what
  it says there is T G (1 - Q^T Q), with standard normal G and V = T E, E orthonormal.
- Orthogonal W: what V has in the span of the images goes back to where it came from, again V Y^T Q. The rest,
  T E, goes to a uniformly random frame in the complement of Q: an orthogonal matrix maps complement to
  complement, and there it is Haar-uniform. Rectangular layers are corners of square orthogonal matrices,
  so their vectors are padded with zeros.

Both answers have exactly the law of the matrix, given all that happened before. Biases are drawn forward;
a Gaussian bias is the weight of one more feature, of which the backward answer has no part.
"""

import math
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, PRNGKeyArray

from netphysics.nets.deferred import draw_images, features
from netphysics.nets.draws import normal, split
from netphysics.nets.initializations import draw_weights
from netphysics.nets.net import Net
from netphysics.nets.orthogonalization import cholesky, gaussian_frame, gram_schmidt, product


class Answered(NamedTuple):
    """What a layer has been asked and has answered: orthonormal features, and their images."""

    frame: Float32[Array, "k features"]
    images: Float32[Array, "k _"]


Memory = Answered | Float32[Array, "n_out n_in"]


def forward_query(
    net: Net, signal: Float32[Array, "k n_in"], n_out: int, vectors: int, *, key: PRNGKeyArray
) -> tuple[Float32[Array, "k {n_out}"], Memory]:
    """Preactivations of a layer that is fed `signal`, and what it must remember of that.

    `vectors` is how many it will be asked about on the way backward. Where those and the signals are as many
    as it has neurons on either side, the matrix itself is the smaller thing to draw, and is remembered.
    """
    k, n_in = signal.shape
    if min(n_in, n_out) <= k + vectors:
        return explicit_layer(net, signal, n_out, key=key)
    frame, triangle = orthonormalized(features(net, signal))
    images, bias = draw_images(net, triangle, n_out, n_in, key=key)
    z = product(triangle, images[:, :n_out])
    return (z if bias is None else z + bias), Answered(frame, images)


def explicit_layer(
    net: Net, signal: Float32[Array, "k n_in"], n_out: int, *, key: PRNGKeyArray
) -> tuple[Float32[Array, "k {n_out}"], Float32[Array, "{n_out} n_in"]]:
    """Preactivations of a layer and the weight matrix that made them."""
    weight_key, bias_key = split(key, 2)
    weights = draw_weights(net.initialization, n_out, signal.shape[1], net.weight_variance, key=weight_key)
    z = product(signal, weights.T)
    if net.bias_variance > 0:
        z = z + np.float32(math.sqrt(net.bias_variance)) * normal((1, n_out), key=bias_key)
    return z, weights


def backward_query(
    net: Net, memory: Memory, vectors: Float32[Array, "m n_out"], n_in: int, *, key: PRNGKeyArray
) -> Float32[Array, "m {n_in}"]:
    """V W for the rows of `vectors`, in the light of what the layer remembers."""
    if not isinstance(memory, Answered):
        return product(vectors, memory)
    frame, images = memory
    m, n_out = vectors.shape
    inside = product(vectors, images[:, :n_out].T)
    if net.initialization == "gaussian":
        fresh = outside(normal((m, frame.shape[1]), key=key), frame)
        triangle = cholesky(product(vectors, vectors.T))
    else:
        n = images.shape[1]
        rest = padded(vectors, n) - product(inside / np.float32(n), images)
        triangle = cholesky(product(rest, rest.T))
        fresh = np.float32(math.sqrt(n)) * gaussian_frame(outside(normal((m, n), key=key), padded(frame, n)))
    answer = product(inside, frame[:, :n_in]) + product(triangle, fresh[:, :n_in])
    return np.float32(math.sqrt(net.weight_variance / n_in)) * answer


def orthonormalized(
    vectors: Float32[Array, "k n"],
) -> tuple[Float32[Array, "k n"], Float32[Array, "k k"]]:
    """The factors of `gram_schmidt` with a frame that is orthonormal to rounding, by a second sweep."""
    frame, triangle = gram_schmidt(vectors)
    if len(vectors) == 1:
        return frame, triangle
    frame, correction = gram_schmidt(frame)
    return frame, product(triangle, correction)


def outside(vectors: Float32[Array, "m n"], frame: Float32[Array, "k n"]) -> Float32[Array, "m n"]:
    """What is left of the vectors in the complement of an orthonormal frame."""
    return vectors - product(product(vectors, frame.T), frame)


def padded(vectors: Float32[Array, "m n"], length: int) -> Float32[Array, "m {length}"]:
    """The vectors with zeros appended."""
    return jnp.pad(vectors, ((0, 0), (0, length - vectors.shape[1])))
