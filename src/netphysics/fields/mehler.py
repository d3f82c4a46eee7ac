r"""Two-point moments of activations without a closed form, by Mehler's formula.

With h_k the normalized Hermite polynomials and c_k(q) = E[s(\sqrt{q} u) h_k(u)], u ~ N(0, 1),

    E[s(z_a) s(z_b)] = SUM_k c_k(q_aa) c_k(q_bb) rho^k,   rho = q_ab / \sqrt{q_aa q_bb}.

One-dimensional integrals for each variance serve all pairs, and the sum converges faster than any power for
smooth activations. Where it does not (a kink, or a step much steeper than the Gaussian, at a correlation
near one) the pair is integrated in two dimensions, on panels that end at the kinks.
"""

from functools import lru_cache
from math import ceil, log2, sqrt

import numpy as np
from jaxtyping import Float64
from numpy.polynomial.polynomial import polyval

from netphysics.fields.quadrature import EVEN_EDGES, graded_edges, normal_density, panel_rule
from netphysics.nets import Activation

Array = np.ndarray
Values = Float64[Array, "*shape"]

# Numbers of terms, tried in turn until two agree.
_LEVELS = (48, 96, 192, 384, 768)
_SETTLED = 1e-12
# Beyond, a Hermite function of any degree times the density is below rounding: it falls as exp(-u^2 / 4).
_RANGE = 13
_CHUNK = 1 << 11
_PANEL_NODES = (16, 24)


def values(activation: Activation, z: Values, variance: Float64[Array, "..."]) -> Values:
    """s(z) in float64 for preactivations of that variance, which only a normalized activation looks at."""
    return activation.derivatives(z, variance)[0] if activation.normalized else activation.derivatives(z)[0]


def numerical_two_point(
    activation: Activation, q_aa: Float64[Array, " m"], q_ab: Float64[Array, " m"], q_bb: Float64[Array, " m"]
) -> tuple[Float64[Array, " m"], Float64[Array, " m"]]:
    """E[s(z_a) s(z_b)] for m pairs of centered Gaussians, and the difference of two rules as an error."""
    scale = np.sqrt(q_aa * q_bb)
    correlation = np.clip(np.divide(q_ab, scale, out=np.zeros_like(q_ab), where=scale > 0), -1.0, 1.0)
    moment, error = np.empty_like(q_ab), np.empty_like(q_ab)
    for start in range(0, q_ab.size, _CHUNK):
        pairs = np.arange(start, min(start + _CHUNK, q_ab.size))
        moment[pairs] = np.inf
        for terms in _LEVELS:
            total, size = _mehler(activation, q_aa[pairs], correlation[pairs], q_bb[pairs], terms)
            error[pairs] = np.abs(total - moment[pairs])
            moment[pairs] = total
            pairs = pairs[error[pairs] > _SETTLED * size]
            if not pairs.size:
                break
        for pair in pairs:
            law = sqrt(q_aa[pair]), float(correlation[pair]), sqrt(q_bb[pair])
            coarse, fine = (_panels(activation, *law, nodes) for nodes in _PANEL_NODES)
            moment[pair], error[pair] = fine, abs(fine - coarse)
    return moment, error


def _mehler(
    activation: Activation,
    q_aa: Float64[Array, " p"],
    correlation: Float64[Array, " p"],
    q_bb: Float64[Array, " p"],
    terms: int,
) -> tuple[Float64[Array, " p"], Float64[Array, " p"]]:
    r"""The sum up to that many terms, and the bound \sqrt{E[s(z_a)^2] E[s(z_b)^2]} of its size."""
    variances, where = np.unique(np.concatenate([q_aa, q_bb]), return_inverse=True)
    first, second = np.split(where, 2)
    coefficients, square = hermite_coefficients(activation, variances, terms)
    total = polyval(correlation, coefficients[:, first] * coefficients[:, second], tensor=False)
    same = (first == second) & (correlation == 1)
    return np.where(same, square[first], total), np.sqrt(square[first] * square[second])


def hermite_coefficients(
    activation: Activation, variances: Float64[Array, " v"], terms: int
) -> tuple[Float64[Array, "terms v"], Float64[Array, " v"]]:
    """The coefficients c_k for each variance, k = 0 ... terms - 1, and E[s^2]."""
    scales = np.sqrt(variances)
    # Kinks away from zero are somewhere else in u for each variance; else one rule serves all.
    alone = any(activation.kinks)
    groups = np.split(np.arange(scales.size), scales.size) if alone else [np.arange(scales.size)]
    coefficients, square = np.empty((terms, scales.size)), np.empty(scales.size)
    for group in groups:
        # Activations change over distances of order one in z, or a little less, near zero.
        depth = 2 + ceil(log2(max(1.0, np.max(scales[group]))))
        kinks = tuple(kink / scales[group[0]] for kink in activation.kinks if alone and scales[group[0]] > 0)
        u, hermite = _hermite_table(depth, kinks, terms)
        hidden = values(activation, scales[group, None] * u, variances[group, None])
        coefficients[:, group] = hermite @ hidden.T
        square[group] = hidden**2 @ hermite[0]
    return coefficients, square


@lru_cache(maxsize=16)
def _hermite_table(
    depth: int, kinks: tuple[float, ...], terms: int
) -> tuple[Float64[Array, " j"], Float64[Array, "terms j"]]:
    """Points u, and normalized Hermite polynomials there times the weights of a Gaussian average.

    Panels are even, halved `depth` times toward zero, and end at the kinks.
    """
    halved = 0.5 ** np.arange(1, depth + 1)
    edges = np.concatenate([np.arange(-_RANGE, _RANGE + 1), halved, -halved, np.clip(kinks, -_RANGE, _RANGE)])
    # Hermite functions of degree k oscillate with wave number sqrt(k).
    u, weights = panel_rule(edges, 12 + int(0.75 * sqrt(terms)))
    table = np.zeros((terms, u.size))
    before, here = np.zeros_like(u), weights * normal_density(u)
    for degree in range(terms):
        table[degree] = here
        before, here = here, (u * here - sqrt(degree) * before) / sqrt(degree + 1)
    table.setflags(write=False)
    return u, table


def _panels(activation: Activation, scale: float, correlation: float, other_scale: float, nodes: int) -> float:
    """E[s(z) s(z')] by nested panels: z = scale u, z' = other_scale (correlation u + noise v)."""
    noise = sqrt((1 - correlation) * (1 + correlation))

    # A kink of z', seen from u, is blurred by the noise.
    steps = np.array([0.0, *activation.kinks])
    outer = [
        EVEN_EDGES,
        graded_edges(steps, scale, 1.0),
        graded_edges(steps, other_scale * correlation, 1.0),
        graded_edges(np.array(activation.kinks), other_scale * correlation, other_scale * noise),
    ]
    u, u_weights = panel_rule(np.concatenate(outer), nodes)
    shifted = steps - other_scale * correlation * u[:, None]
    inner = [
        np.broadcast_to(EVEN_EDGES, (u.size, EVEN_EDGES.size)),
        graded_edges(shifted, other_scale * noise, 1.0),
    ]
    v, v_weights = panel_rule(np.concatenate(inner, axis=1), nodes)

    first = values(activation, scale * u, np.array(scale**2))
    second = values(activation, other_scale * (correlation * u[:, None] + noise * v), np.array(other_scale**2))
    given_u = np.sum(v_weights * normal_density(v) * second, axis=1)
    return float(np.sum(u_weights * normal_density(u) * first * given_u))
