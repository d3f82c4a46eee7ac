"""Manifold: a space whose topology is known, and points on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jaxtyping import Array, Float32


@dataclass(frozen=True)
class Manifold:
    """A compact space in Euclidean space, with the facts that a network that compresses it comes up against.

    Some are no manifolds in the strict sense: graphs have vertices, a double cone has an apex.

    Attributes:
        name: lower case with hyphens.
        dimension: numbers that locally say where a point is.
        columns: numbers that a point is given by.
        betti: Betti numbers over the integers modulo 2, from degree 0 to the dimension.
        odd_betti: over the integers modulo 3; another answer is torsion.
        plain_latent: the smallest k such that the space embeds in R^k, where a plain latent becomes possible.
        matched_latent: the name of a latent of the same topology, empty where there is none.
        reach: any point closer than this has one nearest point on the space; 0 where it has corners.
        draw: `draw(count, *, key)` draws points, float32 of shape (count, columns).
    """

    name: str
    dimension: int
    columns: int
    betti: tuple[int, ...]
    odd_betti: tuple[int, ...]
    plain_latent: int
    matched_latent: str
    reach: float
    draw: Callable[..., Float32[Array, "count columns"]]

    def __post_init__(self) -> None:
        if len(self.betti) != self.dimension + 1 or len(self.odd_betti) != self.dimension + 1:
            raise ValueError(
                f"betti is {self.betti}; it needs the {self.dimension + 1} degrees from 0 to the dimension"
            )

    @property
    def closed(self) -> bool:
        """Whether it has a fundamental class: no latent R^k with k up to its dimension takes it without a tear."""
        return self.betti[-1] > 0
