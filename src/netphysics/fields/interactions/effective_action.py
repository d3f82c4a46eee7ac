r"""Effective actions of networks: couplings that explain the connected 4-point function, and the exact vertex.

The action is S = S_GP + SUM_g g V_g[f] in weights e^{-S}: positive couplings are repulsive and make G4c
negative. To first order each coupling adds the diagrams that join all externals to its vertex,

    \lambda_0     INT f^4                     -24 INT dy K~ K~ K~ K~
    \lambda_2     INT |y|^2 f^4               -24 INT dy |y|^2 K~ K~ K~ K~
    \lambda_{NL}  (INT f^2)^2                 -8 SUM_3 (INT dy K~ K~)(INT dy' K~ K~)
    \kappa        INT f^6                     -720 INT dy K~ K~ K~ K~ K~ K~

with the factors from the diagram engine. K~ carries no output bias, which is exactly Gaussian and interacts
with nothing. Tables that write the density as e^{-S_GP + \lambda INT f^4} have the opposite sign.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from netphysics.fields.interactions.diagrams import Vertex
from netphysics.fields.interactions.feynman_integrals import evaluate
from netphysics.fields.interactions.wick import contract
from netphysics.fields.kernels import propagator
from netphysics.nets import Net
from netphysics.stats import multi_indices, packed_positions, partition_sum, unpack, wick_sum

Array = np.ndarray

# With a larger condition number the inverse kernel, in a vertex to the fourth power, has no digits left.
MOST_SINGULAR = 1e4


@dataclass(frozen=True)
class Coupling:
    """A term of the action: its vertex, and how its strength depends on the place (evenly if None)."""

    vertex: Vertex
    profile: Callable[[np.ndarray], np.ndarray] | None = None

    @property
    def name(self) -> str:
        """LaTeX."""
        return self.vertex.coupling


def squared_norm(points: Float64[Array, "q d"]) -> Float64[Array, " q"]:
    """|y|^2."""
    return np.sum(points**2, axis=1)


LAMBDA_0 = Coupling(Vertex(r"\lambda_0", (4,)))
LAMBDA_2 = Coupling(Vertex(r"\lambda_2", (4,)), squared_norm)
LAMBDA_NL = Coupling(Vertex(r"\lambda_{NL}", (2, 2)))
KAPPA = Coupling(Vertex(r"\kappa", (6,)))
# The models of arXiv:2008.08601: free, constant coupling, one that varies in space, and a non-local one.
MODELS = {
    "M0": (),
    "M1": (LAMBDA_0,),
    "M2": (LAMBDA_0, LAMBDA_2),
    "M3": (LAMBDA_0, LAMBDA_2, LAMBDA_NL),
}


@dataclass(frozen=True)
class Response:
    """What each coupling adds to a connected function, per unit, and the errors of the integrals.

    Rows are entries of the function, columns are couplings.
    """

    values: Float64[Array, "m p"]
    error: Float64[Array, "m p"]


@dataclass(frozen=True)
class Fit:
    """Couplings in the sign of e^{-S}, and how well the data determine them.

    Attributes:
        couplings: one for each column of the response.
        covariance: of the couplings, were the residuals independent noise of one size; infinite when there
            are no more data than couplings.
        singular_values: of the response with columns of length one, in units of the largest.
        rank: how many directions in the space of couplings were fitted.
    """

    couplings: Float64[Array, " p"]
    covariance: Float64[Array, "p p"]
    singular_values: Float64[Array, " p"]
    rank: int

    @property
    def condition(self) -> float:
        """The factor by which a relative change of the data may be magnified in the couplings."""
        return float(1 / max(self.singular_values[-1], np.finfo(float).tiny))


def response(
    net: Net,
    inputs: Float64[Array, "k d"],
    indices: Int64[Array, "m n"],
    couplings: Sequence[Coupling],
    *,
    box: float | None,
) -> Response:
    """First-order responses of the connected n-point function at the given rows of inputs.

    The integrals run over |y_i| <= `box`, or over all space for None. Raises ValueError for a box that is
    not positive, and for an integral that diverges over all space.
    """
    kernel = propagator(net, output_bias=False)
    values, errors = (np.empty((len(indices), len(couplings))) for _ in range(2))
    for column, coupling in enumerate(couplings):
        contact = contract(indices.shape[1], [coupling.vertex])[0]
        strength = {coupling.name: coupling.profile or 1.0}
        found = evaluate(contact, inputs, indices, kernel=kernel, couplings=strength, box=box)
        values[:, column], errors[:, column] = found.values, found.error
    return Response(values, errors)


def least_squares(
    responses: Float64[Array, "m p"], target: Float64[Array, " m"], weights: Float64[Array, " m"] | None = None
) -> Fit:
    """The couplings of least weighted square error.

    Raises ValueError when the responses are the same to rounding, so that no data can tell the couplings
    apart; `minimum_norm` then still has an answer.
    """
    length = np.linalg.norm(responses, axis=0)
    fit = _solve(responses / length, target, weights, 0.0)
    if fit.condition > 1e14:
        raise ValueError(f"the responses have condition number {fit.condition:.1e}; they do not tell couplings apart.")
    return Fit(fit.couplings / length, fit.covariance / np.outer(length, length), fit.singular_values, fit.rank)


def minimum_norm(
    responses: Float64[Array, "m p"],
    target: Float64[Array, " m"],
    weights: Float64[Array, " m"] | None = None,
    *,
    tolerance: float,
) -> Fit:
    """The smallest couplings among those of least square error, blind to singular values below `tolerance`
    in units of the largest.

    Only the directions that the responses resolve are fitted. It is where gradient descent from zero comes
    first, and depends on the units of the couplings. Raises ValueError for a tolerance outside [0, 1).
    """
    if not 0 <= tolerance < 1:
        raise ValueError(f"tolerance is {tolerance}; it must be at least 0 and below 1.")
    fit = _solve(responses, target, weights, tolerance)
    length = np.linalg.norm(responses, axis=0)
    return Fit(fit.couplings, fit.covariance, _relative_singular_values(responses / length, weights), fit.rank)


def _solve(
    responses: Float64[Array, "m p"],
    target: Float64[Array, " m"],
    weights: Float64[Array, " m"] | None,
    tolerance: float,
) -> Fit:
    root = np.sqrt(np.ones(len(target)) if weights is None else weights)
    left, values, right = np.linalg.svd(root[:, None] * responses, full_matrices=False)
    rank = int(np.sum(values > tolerance * values[0]))
    inverse = right[:rank].T / values[:rank]
    couplings = inverse @ (left[:, :rank].T @ (root * target))
    rest = root * (target - responses @ couplings)
    spare = len(target) - rank
    noise = rest @ rest / spare if spare > 0 else np.inf
    return Fit(couplings, noise * inverse @ inverse.T, values / values[0], rank)


def _relative_singular_values(
    responses: Float64[Array, "m p"], weights: Float64[Array, " m"] | None
) -> Float64[Array, " p"]:
    root = np.ones(len(responses)) if weights is None else np.sqrt(weights)
    values = np.linalg.svd(root[:, None] * responses, compute_uv=False)
    return values / values[0]


def unexplained(target: Float64[Array, " m"], prediction: Float64[Array, " m"], weights: Float64[Array, " m"]) -> float:
    """1 - R^2 against the free theory: the mean square of what is left, in units of that of the target."""
    return float(weights @ (target - prediction) ** 2 / (weights @ target**2))


def multiplicities(points: int, order: int) -> Float64[Array, " m"]:
    """How often each packed entry occurs in the full tensor: the weights of fits and means over all entries."""
    full = np.moveaxis(np.indices((points,) * order), 0, -1).reshape(-1, order)
    return np.bincount(packed_positions(full, points)).astype(float)


def exact_vertex(kernel: Float64[Array, "k k"], four: Float64[Array, " m4"]) -> Float64[Array, " m4"]:
    r"""The quartic vertex of the action on a finite set of inputs, to leading order in 1/N; packed.

    S = (1/2) SUM f_a K^{-1}_{ab} f_b + (1/4!) SUM v_{abcd} f_a f_b f_c f_d with

        v_{abcd} = -SUM K^{-1}_{aa'} K^{-1}_{bb'} K^{-1}_{cc'} K^{-1}_{dd'} G4c_{a'b'c'd'}.

    There is no cutoff, no box and no fit, and nothing makes it local. `kernel` is the full two-point
    function, output bias included. Raises ValueError for a kernel too near to singular to be inverted: its
    inputs are too close together.
    """
    condition = np.linalg.cond(kernel)
    if not condition < MOST_SINGULAR:
        raise ValueError(
            f"the kernel has condition number {condition:.1e}; the exact vertex takes less than {MOST_SINGULAR:.0e}: "
            "choose fewer inputs, or inputs further apart."
        )
    points = len(kernel)
    inverse = np.linalg.inv(kernel)
    tensor = unpack(four, points, 4)
    for _ in range(4):
        # Each pass contracts the first index and puts the new one last.
        tensor = np.tensordot(tensor, inverse, axes=(0, 0))
    return -tensor[tuple(multi_indices(points, 4).T)]


def six_point_without_sextic(
    two: Float64[Array, " m2"], four: Float64[Array, " m4"], points: int
) -> tuple[Float64[Array, " m6"], Float64[Array, " m6"]]:
    """The full 6-point function that a quartic theory predicts from K and G4c: its free and its interacting
    part, SUM_15 K K K and SUM_15 K G4c.

    What is left of the full 6-point function is G6c, of order 1/N^2: the sextic coupling's.
    """
    return wick_sum(two, 6, points), partition_sum({2: two, 4: four}, (2, 4), points)
