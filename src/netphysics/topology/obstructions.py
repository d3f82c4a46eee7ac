"""Obstructions: errors that no continuous autoencoder can avoid, whatever its weights, each with the argument.

An autoencoder is a continuous encoder E into R^k followed by a continuous decoder D; its worst error is the largest
|D(E(x)) - x|.
"""

from __future__ import annotations

from dataclasses import dataclass

from .homology import Bars
from .manifolds import DISTANCE_OF_EDGES, Graph, Manifold, skewness


@dataclass(frozen=True)
class Bound:
    """A lower bound.

    Attributes:
        value: what the worst error, or the number of tears, cannot be below; 0 where nothing stands in the way.
        argument: why, in a sentence or two.
    """

    value: float
    argument: str


NOTHING = Bound(0.0, "nothing found that stands in the way of a latent of this size")


def antipodal_bound(radius: float, dimension: int, latent: int) -> Bound:
    """The bound for a set that is the same under x -> -x and contains an odd copy of S^m, all of it at least `radius`
    from the origin.

    Args:
        dimension: m.
        latent: k of the plain latent R^k.
    """
    if latent > dimension:
        return NOTHING
    return Bound(
        radius,
        f"By Borsuk and Ulam a continuous map from S^{dimension} to R^{latent} gives some point and its opposite the "
        "same code; one answer serves both, so it is off by the radius for one of them.",
    )


def degree_bound(dimension: int, latent: int) -> Bound:
    """The bound for the unit sphere S^m when the decoder answers with points of the sphere, as well trained ones do.

    Args:
        dimension: m.
        latent: k of the plain latent R^k.
    """
    if latent > dimension:
        return NOTHING
    return Bound(
        2.0,
        f"A map of S^{dimension} to itself through R^{latent} has degree 0, and a map that sends no point to its "
        "opposite has degree 1: some point comes back as its opposite.",
    )


def reach_bound(reach: float, dimension: int, latent: int) -> Bound:
    """The bound for a closed manifold: its reach, the distance up to which points have one nearest point on it.

    Args:
        dimension: of the manifold.
        latent: k of the plain latent R^k.
    """
    if latent > dimension or not reach:
        return NOTHING
    return Bound(
        reach,
        "With a smaller error the nearest point on the manifold would lead back to the identity, whose action on "
        f"cohomology of degree {dimension} cannot pass through R^{latent}, where it vanishes.",
    )


def persistence_bound(bars: Bars, covering_radius: float, latent: int) -> Bound:
    r"""The bound for a sampled space, from the bars that belong to it: the largest death / 2 - r of a bar.

    X lies within r of the landmarks L. With a worst error below e, D(E(x)) deforms into x inside of the
    balls of radius r + e around L; all classes of degree k and more that X has in these balls then pass through
    R^k, where cohomology of such degree vanishes. A bar says that one does not vanish before the balls reach
    half its death: balls of radius t that meet have centers at most 2 t apart.

    Args:
        bars: of degree k or more, of the Vietoris-Rips complex of landmarks. They are taken to belong to X itself.
        covering_radius: r. Half the birth is taken where that is larger: before, the balls did not cover X.
        latent: k of the plain latent R^k.
    """
    values = bars.deaths / 2 - [max(covering_radius, birth / 2) for birth in bars.births]
    if bars.degree < latent or not len(values) or values.max() <= 0:
        return NOTHING
    return Bound(
        float(values.max()),
        f"A class of degree {bars.degree} cannot pass through R^{latent}, and balls around the points keep it "
        "until they are this much larger than it takes to cover the space.",
    )


def tear_bound(graph: Graph, latent: int) -> Bound:
    """How many edges of a graph have a point with an error of at least half the distance of edges.

    Args:
        latent: k of the plain latent R^k; for k = 2 it is the skewness.
    """
    if latent >= 3 or (latent == 2 and not skewness(graph)):
        return NOTHING
    if latent == 1:
        return Bound(float(len(graph.edges) > graph.vertices - 1), "A graph with a cycle has no embedding in a line.")
    return Bound(
        float(skewness(graph)),
        f"Where edges without a common vertex share a code one of them is off by {DISTANCE_OF_EDGES / 2:g}; if the "
        "other edges never do, they are planar by the theorem of Hanani and Tutte.",
    )


def plain_bound(manifold: Manifold, latent: int) -> Bound:
    """The best of these bounds on the worst error of a manifold with the plain latent R^k."""
    if not manifold.closed or latent > manifold.dimension:
        return NOTHING
    return reach_bound(manifold.reach, manifold.dimension, latent)


def mean_square_of_tear(fraction: float) -> float:
    r"""Mean square error of a circle with a tear over a fraction f of it: 2 f.

    Along the tear the answer runs once around the circle, and the mean square distance of two points on it is 2.
    """
    return 2 * fraction
