"""Hidden moments of the error function, by Plackett's identity for the moments of signs.

Since erf(z) = E[sgn(z + t)] with t ~ N(0, 1/2), the moment E[erf(z_1) ... erf(z_n)] is that of the signs of
n Gaussians u_a = z_a + t_a; each factor has its own t, also when a point is repeated. Their covariance S is
that of z, with 1/2 added on the diagonal. Let one variable, u_0, be tied to the others by S_0b -> t S_0b.
At t = 0 it is independent and the moment vanishes; Plackett's identity for the derivative in t gives

    E[s_0 s_1 ... s_{n-1}] = (2/pi) SUM_b INT_0^{arcsin r_b} dphi  E[PROD_{c != 0,b} s_c | u_0 = u_b = 0]

with r_b the correlation of u_0 and u_b, and t = sin(phi) / r_b under the integral; the angle takes away the
square-root singularity of each term. The conditional moment is one of the same kind with two variables
less, down to E[s_c s_d] = (2/pi) arcsin(correlation). Four points cost a one-dimensional integral and six
points a two-dimensional one, whatever the rank of S.
"""

import numpy as np
from jaxtyping import Float64, Int64

from netphysics.fields.quadrature import gauss_legendre

Array = np.ndarray
Covariances = dict[tuple[int, int], np.ndarray]

_FEWEST_NODES, _MOST_NODES, _GROWTH = 8, 80, 1.5
_ROUNDING = 1e-15
# So many evaluations at once amortize the calls and still keep the temporaries in a core's cache.
_CHUNK = 1 << 15


def erf_moments(
    covariance: Float64[Array, "k k"], indices: Int64[Array, "m n"], *, tolerance: float = 1e-12
) -> tuple[Float64[Array, " m"], Float64[Array, " m"]]:
    """E[erf(z_{a1}) ... erf(z_{an})] for every row a of `indices`, n = 2, 4 or 6, and its quadrature error.

    Nodes are added, entry by entry, until the moment changes by less than `tolerance`. The error given is
    that last change: it is the error of the coarser rule, and so a generous one.
    """
    # Untying the variable with the weakest ties first needs the fewest nodes.
    scale = np.sqrt(np.diag(covariance) + 0.5)
    ties = (covariance / np.outer(scale, scale)) ** 2
    strength = np.sum(ties[indices[:, :, None], indices[:, None, :]], axis=2)
    indices = np.take_along_axis(indices, np.argsort(strength, axis=1), axis=1)

    value = np.full(len(indices), np.inf)
    error = np.full(len(indices), np.inf)
    unsettled, nodes = np.arange(len(indices)), _FEWEST_NODES
    while unsettled.size and nodes <= _MOST_NODES:
        chunk = max(1, _CHUNK // nodes ** (indices.shape[1] // 2 - 1))
        for start in range(0, unsettled.size, chunk):
            part = unsettled[start : start + chunk]
            refined = _moment(_covariances(covariance, indices[part]), nodes)
            error[part] = np.abs(refined - value[part]) + _ROUNDING
            value[part] = refined
        unsettled = unsettled[error[unsettled] > tolerance]
        nodes = round(_GROWTH * nodes)
    return value, error


def _covariances(covariance: Float64[Array, "k k"], indices: Int64[Array, "m n"]) -> Covariances:
    order = indices.shape[1]
    return {
        (i, j): covariance[indices[:, i], indices[:, j]] + (0.5 if i == j else 0.0)
        for i in range(order)
        for j in range(i, order)
    }


def _moment(covariances: Covariances, nodes: int) -> np.ndarray:
    """The identity above with a fixed number of nodes per integral; nodes are the leading axes."""
    order = 1 + max(j for _, j in covariances)
    if order == 2:
        product = covariances[0, 0] * covariances[1, 1]
        gap = np.maximum(product - covariances[0, 1] ** 2, 0.0)
        return (2 / np.pi) * np.arctan2(covariances[0, 1], np.sqrt(gap))

    unit, weights = gauss_legendre(nodes)
    shape = (nodes,) + (1,) * covariances[0, 0].ndim
    fraction, weights = (1 + unit.reshape(shape)) / 2, weights.reshape(shape) / 2
    total = np.zeros(())
    for partner in range(1, order):
        others = [index for index in range(1, order) if index != partner]
        correlation = covariances[0, partner] / np.sqrt(covariances[0, 0] * covariances[partner, partner])
        # A zero correlation adds nothing, but t would be 0/0.
        correlation = np.where(np.abs(correlation) < 1e-100, 1e-100, correlation)
        angle = np.arcsin(np.clip(correlation, -1.0, 1.0))
        tie = (np.tan(angle * fraction) / correlation) ** 2

        # Given u_partner = 0, the covariances of the others and their pull on u_0 do not depend on t.
        across = {c: covariances[min(c, partner), max(c, partner)] for c in (0, *others)}
        ratio = {c: across[c] / covariances[partner, partner] for c in (0, *others)}
        pull = {c: (covariances[0, c] - ratio[0] * across[c]) / np.sqrt(covariances[0, 0]) for c in others}
        given = {
            (i, j): covariances[c, d] - ratio[c] * across[d] - tie * (pull[c] * pull[d])
            for i, c in enumerate(others)
            for j, d in enumerate(others)
            if i <= j
        }
        total = total + angle * np.sum(weights * _moment(given, nodes), axis=0)
    return (2 / np.pi) * total
