r"""Statistics of signals and tangent kernels at initialization, measured: $K_1, V, \Theta, \Theta_1, D, F, A, B$.

The tensors of layer l + 1 (defined in `finite_width`) are averages over the weights of that layer, given the
signals s and $M_{km} = s'_k s'_m H_{km}$ of the n neurons of layer l. This last average is done by hand (Rao and
Blackwell), exactly at any width: with $G = |s|^2/n$, $\hat\mu = C_W\,\mathrm{tr} M/n$, $T = \lambda_b + \lambda_W G +
\hat\mu$, $f = C_W^2\, s^T M s/n$, Gaussian weights have

$V = n C_W^2 \mathrm{Var}\,G,\quad D = n C_W \mathrm{Cov}(G, T),\quad A = n \mathrm{Var}\,T,\quad F = E f,\quad
 B = C_W^2\,E\,\mathrm{tr} M^2 / n$,

and Haar-orthogonal ones, by their fourth moments,

$V = \frac{n C_W^2}{n+2}\,(n\,\mathrm{Var}\,G - 2\,E[G]^2),\quad F = \frac{n^2 E[f - C_W G \hat\mu]}{(n-1)(n+2)},\quad
 B = \frac{n^2}{(n-1)(n+2)} E[C_W^2\,\mathrm{tr} M^2 / n - \hat\mu^2]$,

$D = n C_W \mathrm{Cov}(G, T) - 2F/n,\quad A = n \mathrm{Var}\,T - 2B/n$.

Traces of M are not computed but estimated without bias from a few uniformly random orthonormal directions o,
$h_{ij} = C_W\, o_i^T M o_j$: products of two different diagonal entries, and squares of the others. Their noise
vanishes where M is a multiple of the identity, as the tangent kernels of orthogonal networks nearly are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key, PRNGKeyArray

from ...nets import LearningRates, Net, batch_size, draw_weights, in_batches, sampler, tangent_forms
from ...stats import Tally
from .finite_width import finite_width_flow, variance_flow

DIRECTIONS = 5

Sums = dict[str, Float32[Array, "..."]]
Experiment = Callable[[Key[Array, " networks"]], Sums]


def signal_sums(net: Net, mean_square: float) -> Experiment:
    """An experiment whose `signal_statistics` are $K_1$ and V of the layers 2 ... L + 1.

    One input of mean square `mean_square`; the law of its signals depends on nothing else of it.

    Raises:
        ValueError: unless the hidden layers have one width and the weights are Gaussian or orthogonal.
    """
    _check(net)
    kernel = variance_flow(net, mean_square)
    expected = (kernel[1:] - net.bias_variance) / net.weight_variance
    scale = jnp.asarray(1 / expected, jnp.float32)
    variance = np.float32(kernel[:1])

    def observe(z: Array) -> Array:
        return jnp.mean(net.activation(z[0], jnp.asarray(variance)) ** 2)

    sample = sampler(net, _input(net, mean_square), observe)

    def sums(keys: Array) -> dict[str, Array]:
        excess = jax.vmap(lambda key: jnp.stack(sample(key)[:-1]))(keys) * scale[None] - 1
        return {"excess": excess.sum(axis=0), "excess_square": jnp.sum(excess**2, axis=0)}

    return jax.jit(in_batches(sums, batch_size(net, 1)))


def signal_statistics(net: Net, mean_square: float, tally: Tally) -> dict[str, np.ndarray]:
    """`kernel_correction` $K_1/K$ and `four_point` $V/K^2$ of the layers 2 ... L + 1, from `signal_sums`."""
    kernel = variance_flow(net, mean_square)[1:]
    mean = tally.mean("excess")
    variance = tally.mean("excess_square") - mean**2
    n, weight = net.widths[1], (kernel - net.bias_variance) / kernel
    return {"kernel_correction": n * weight * mean, "four_point": weight**2 * _four_point(net, variance, 1 + mean)}


def tangent_sums(
    net: Net, mean_square: float, rates: Sequence[LearningRates], depths: Sequence[int], directions: int = DIRECTIONS
) -> Experiment:
    """An experiment whose `tangent_statistics` are all tensors of the layers `depths`, for each pair of rates.

    Every depth has networks of its own, so that its errors are independent of the others'. One compilation
    serves all depths.

    Raises:
        ValueError: unless the hidden layers have one width and the weights are Gaussian or orthogonal; for fewer
            than two directions or more than neurons, and depths outside 2 ... L + 1.
    """
    _check(net)
    n = net.widths[1]
    if not 2 <= directions <= n:
        raise ValueError(f"directions is {directions}; it must be at least 2 and at most the width {n}")
    if not all(2 <= depth <= net.layers for depth in depths):
        raise ValueError(f"depths are {tuple(depths)}; they must lie between 2 and the {net.layers} layers of the net")

    def choose(signal: Array, key: PRNGKeyArray) -> tuple[Array, tuple[()]]:
        frame = draw_weights("orthogonal", directions, n, 1.0, key=key)
        return jnp.concatenate([signal, frame])[None], ()

    sample = tangent_forms(net, _input(net, mean_square), choose, 1 + directions)
    _, squares, _, traces = (jnp.asarray(x, jnp.float32) for x in _infinite_width(net, mean_square, rates, depths))
    mix = jnp.asarray([[each.bias, each.weight] for each in rates], jnp.float32)
    off_diagonal = jnp.asarray((1 - np.eye(directions)) / (directions * (directions - 1)), jnp.float32)

    def one(key: PRNGKeyArray, depth: Array, square: Array, trace: Array) -> dict[str, Array]:
        signal, _, parts = sample(key, depth - 1)
        forms = np.float32(net.weight_variance) * jnp.tensordot(mix, parts[:, 0, :, 0, :], 1) / trace[:, None, None]
        inner, diagonal = forms[:, 1:, 1:], jnp.diagonal(forms[:, 1:, 1:], axis1=1, axis2=2) - 1
        x, y = jnp.mean(signal**2) / square - 1, jnp.mean(diagonal, axis=1)
        return {
            "x": x,
            "xx": x**2,
            "y": y,
            "xy": x * y,
            "yy": jnp.einsum("ri,rj,ij->r", diagonal, diagonal, off_diagonal),
            "cross": jnp.einsum("rij,rij,ij->r", inner, inner, off_diagonal),
            "along": forms[:, 0, 0] / (n * square),
        }

    def sums(keys: Array) -> dict[str, Array]:
        def at_depth(arguments: tuple[Array, Array, Array, Array]) -> dict[str, Array]:
            depth, square, trace, index = arguments
            own = jax.vmap(lambda key: jax.random.fold_in(key, index))(keys)
            values = jax.vmap(one, in_axes=(0, None, None, None))(own, depth, square, trace)
            return jax.tree.map(lambda value: value.sum(axis=0), values)

        indices = jnp.arange(len(depths), dtype=jnp.uint32)
        return jax.lax.map(at_depth, (jnp.asarray(depths, jnp.int32), squares[:, 0], traces, indices))

    return jax.jit(in_batches(sums, batch_size(net, 1 + directions)))


def tangent_statistics(
    net: Net, mean_square: float, rates: Sequence[LearningRates], depths: Sequence[int], tally: Tally
) -> dict[str, np.ndarray]:
    r"""All tensors from the means of `tangent_sums`, shape (depths, rates), those of signals (depths,).

    Named as in `FiniteWidthFlow`, in units of K and $\Theta$ at infinite width: `kernel_correction` $K_1/K$,
    `four_point` $V/K^2$, `tangent_kernel_correction` $\Theta_1/\Theta$, D, F, A and B.
    """
    n = net.widths[1]
    kernel, square, theta, trace = _infinite_width(net, mean_square, rates, depths)
    # What fluctuates of K and Θ: the shares C_W G / K, λ_W G / Θ and C_W tr M / (n Θ).
    signal = net.weight_variance * square / kernel
    direct = np.array([each.weight for each in rates]) * square / theta
    passed = trace / theta
    x, xx = tally.mean("x")[:, None], tally.mean("xx")[:, None]
    y, xy, yy, cross, along = (tally.mean(name) for name in ("y", "xy", "yy", "cross", "along"))
    variance, covariance = xx - x**2, xy - x * y
    D = n * signal * (direct * variance + passed * covariance)
    A = n * (direct**2 * variance + 2 * direct * passed * covariance + passed**2 * (yy - y**2))
    if net.initialization == "gaussian":
        F = signal * passed * along
        B = passed**2 * (1 + 2 * y + yy + (n + 1) * cross)
        # Directions that are orthogonal to each other are less alike than independent ones.
        A = A + 2 * passed**2 * cross
    else:
        F = signal * passed * (along - (1 + x + y + xy)) * n**2 / ((n - 1) * (n + 2))
        B = passed**2 * n * cross
        D = D - 2 * F / n
    return {
        "kernel_correction": (n * signal * x)[:, 0],
        "four_point": (signal**2 * _four_point(net, variance, 1 + x))[:, 0],
        "tangent_kernel_correction": n * (direct * x + passed * y),
        "D": D,
        "F": F,
        "A": A,
        "B": B,
    }


def _four_point(net: Net, variance: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """n times the connected 4-point function of two neurons, from mean and variance of what feeds their layer."""
    n = net.widths[1]
    if net.initialization == "gaussian":
        return n * variance
    return n / (n + 2) * (n * variance - 2 * mean**2)


def _infinite_width(
    net: Net, mean_square: float, rates: Sequence[LearningRates], depths: Sequence[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """K and G, shape (depths, 1), and Θ and C_W tr M / n, shape (depths, rates), at infinite width."""
    flows = [finite_width_flow(net, mean_square, each) for each in rates]
    at = np.asarray(depths) - 1
    kernel = flows[0].kernel[at][:, None]
    square = (kernel - net.bias_variance) / net.weight_variance
    theta = np.stack([flow.tangent_kernel[at] for flow in flows], axis=1)
    own = np.array([each.bias for each in rates]) + np.array([each.weight for each in rates]) * square
    return kernel, square, theta, theta - own


def _input(net: Net, mean_square: float) -> np.ndarray:
    """One input of that mean square."""
    return np.sqrt(mean_square * net.widths[0]) * np.eye(1, net.widths[0])


def _check(net: Net) -> None:
    hidden = net.widths[1:-1]
    if len(set(hidden)) != 1:
        raise ValueError(f"hidden widths are {hidden}; these statistics need one and the same width")
