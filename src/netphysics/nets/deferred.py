r"""Networks without weight matrices: exact samples of all preactivations at O(n k²) a layer.

A random matrix needs to be drawn only where the network looks at it. A layer that is fed k vectors, the rows
of S, sees its weights only through W S^T. Write S = L Q with orthonormal rows Q.

- Gaussian W: the rows of W S^T, given S, are independent normal vectors of covariance C_W S S^T / n_in, so
  that S W^T is \sqrt{C_W / n_in} L G with standard normal G (k x n_out).
- Orthogonal W: Q W^T is a corner of a Haar-uniform frame, so that S W^T is \sqrt{C_W m / n_in} L F, where
  m = max(n_in, n_out) and F are the first n_out columns of k orthonormal rows of length m.

Both statements hold given everything that happened in earlier layers: this is the law of `mlp` itself, no
approximation of it. A layer costs n k numbers in place of n² (Gaussian) or of n² and O(n³) operations
(orthogonal).
"""

import math
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Float32, Float64, PRNGKeyArray, PyTree

from netphysics.nets.draws import normal, split
from netphysics.nets.net import Net
from netphysics.nets.orthogonalization import gaussian_frame, gram_schmidt, product

Preactivations = Float32[Array, "k n"]


def sampler(
    net: Net,
    inputs: Float[np.ndarray, "k d_in"],
    observe: Callable[[Preactivations], PyTree] = lambda preactivations: preactivations,
) -> Callable[[PRNGKeyArray], tuple[PyTree, ...]]:
    """A function of a key that draws one network and returns observe(z^(l)) for every l = 1 ... L + 1.

    z^(l) has shape (k, n_l); the last one is the output. The law is that of `preactivations(net, draw(net,
    key=key), inputs)`, for all layers, neurons and inputs jointly. `observe` is any jax function; one that
    reduces, say to the Gram matrix, saves the memory of the preactivations of a deep net.

    The inputs must be known when the sampler is made: the first layer is factorized on the host in float64,
    so that nearly equal inputs keep their differences. From the second layer on, inputs whose signals
    differ by less than 2e-6 of their length are taken to be equal.

    An ensemble is `jax.lax.map(sample, keys, batch_size=batch_size(net, k))` under `jax.jit`; on an
    accelerator `jax.vmap(sample)(keys)`.

    Raises ValueError for inputs of the wrong shape or not finite, and for an initialization whose law is
    not invariant under rotations, for which there is only `draw`.
    """
    inputs = checked_inputs(net, inputs)
    first_factor = host_factor(net, inputs)
    squares = np.sum(inputs**2, axis=1, keepdims=True)
    variance = np.float32(net.bias_variance + net.weight_variance / net.widths[0] * squares)

    def sample(key: PRNGKeyArray) -> tuple[PyTree, ...]:
        keys = split(key, net.layers)
        z = draw_layer(net, jnp.asarray(first_factor), *net.shapes[0], key=keys[0])
        observed, done = [observe(z)], 1
        for (n_out, n_in), run in groupby(net.shapes[1:]):

            def layer(z: Array, key: PRNGKeyArray, n_out: int = n_out, n_in: int = n_in) -> tuple[Array, PyTree]:
                signal = net.activation(z, jnp.asarray(variance))
                z = draw_layer(net, compressed(features(net, signal), n_out), n_out, n_in, key=key)
                return z, observe(z)

            count = len(list(run))
            if n_out == n_in:  # layers of one shape share one compiled body
                z, stacked = jax.lax.scan(layer, z, keys[done : done + count])
                observed += [jax.tree.map(itemgetter(i), stacked) for i in range(count)]
            else:
                z, last = layer(z, keys[done])
                observed.append(last)
            done += count
        return tuple(observed)

    return sample


def checked_inputs(net: Net, inputs: Float[np.ndarray, "_ _"]) -> Float64[np.ndarray, "k d_in"]:
    """The inputs in float64; refuses what a sampler cannot do, as `sampler` says."""
    if net.initialization not in ("gaussian", "orthogonal"):
        raise ValueError(
            "initialization must be gaussian or orthogonal to defer the weights, "
            f"got {net.initialization!r}: use explicit weights, netphysics.nets.draw"
        )
    inputs = np.asarray(inputs, np.float64)
    if inputs.ndim != 2 or inputs.shape[0] < 1 or inputs.shape[1] != net.widths[0]:
        raise ValueError(f"inputs must have the shape (k, {net.widths[0]}) with k >= 1, got {inputs.shape}")
    if not np.isfinite(inputs).all():
        raise ValueError("inputs must be finite, got NaN or infinity")
    return inputs


def batch_size(net: Net, inputs: int) -> int:
    """How many networks to draw at once, so that the arrays of one batch stay in the cache of a processor.

    Measured: 2^16 numbers of float32 for each array; a factor of 4 in either direction costs up to a third.
    """
    return max(1, 2**16 // (inputs * max(net.widths)))


def host_factor(net: Net, inputs: Float[np.ndarray, "k d_in"]) -> Float32[np.ndarray, "k rank"]:
    """The factor of the first layer: of full column rank, from the singular values in float64."""
    features = math.sqrt(net.weight_variance / net.widths[0]) * inputs
    if net.initialization == "gaussian":
        features = np.hstack([features, np.full((len(inputs), 1), math.sqrt(net.bias_variance))])
    left, values, _ = np.linalg.svd(features, full_matrices=False)
    rank = np.sum(values > values[0] * max(features.shape) * np.finfo(np.float64).eps)
    return (left[:, :rank] * values[:rank]).astype(np.float32)


def features(net: Net, signal: Float32[Array, "k n"]) -> Float32[Array, "k features"]:
    """What a layer is fed, in units of its weights; a Gaussian bias is the weight of one more feature."""
    scaled = np.float32(math.sqrt(net.weight_variance / signal.shape[1])) * signal
    if net.initialization == "orthogonal" or net.bias_variance == 0:
        return scaled
    bias = jnp.full((len(signal), 1), math.sqrt(net.bias_variance), jnp.float32)
    return jnp.concatenate([scaled, bias], axis=1)


def compressed(features: Float32[Array, "k features"], n_out: int) -> Float32[Array, "k rank"]:
    """The factor L, or the features themselves where a layer has fewer neurons than it has inputs: then its
    weight matrix is the smaller thing to draw."""
    return features if n_out < len(features) else gram_schmidt(features)[1]


def draw_layer(
    net: Net, factor: Float32[Array, "k rank"], n_out: int, n_in: int, *, key: PRNGKeyArray
) -> Float32[Array, "k {n_out}"]:
    """Preactivations of one layer, given the factor of what it is fed."""
    rank = factor.shape[1]
    images, bias = draw_images(net, factor, n_out, n_in, key=key)
    z = product(factor, images[:, :n_out] if rank <= n_out else images[:, :rank].T)
    return z if bias is None else z + bias


def draw_images(
    net: Net, factor: Float32[Array, "k rank"], n_out: int, n_in: int, *, key: PRNGKeyArray
) -> tuple[Float32[Array, "short _"], Float32[Array, "1 {n_out}"] | None]:
    r"""What a layer makes of orthonormal features, and its bias where that is none of the features.

    An orthogonal layer is a corner of an orthogonal matrix: its images are \sqrt{m} times orthonormal rows of
    length m = max(n_in, n_out), of which the first n_out columns are seen. Where the neurons are fewer than
    the features, the images are those of the neurons under the transposed matrix.
    """
    short, long = sorted((factor.shape[1], n_out))
    if net.initialization == "gaussian":
        return normal((short, long), key=key), None
    n, biased = max(n_out, n_in), net.bias_variance > 0
    numbers = normal((short + biased, n), key=key)
    rows, bias = numbers[:short], numbers[short:, :n_out]
    if factor.shape[1] <= n_out:
        # Rows that the factor does not use must be gone first: there are only n orthogonal directions.
        rows = jnp.where(jnp.any(factor != 0, axis=0)[:, None], rows, 0)
    images = np.float32(math.sqrt(n)) * gaussian_frame(rows)
    return images, np.float32(math.sqrt(net.bias_variance)) * bias if biased else None
