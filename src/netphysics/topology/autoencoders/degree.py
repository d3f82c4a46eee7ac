"""Winding numbers and degrees: how often a map wraps its source around its target."""

from __future__ import annotations

import itertools

import numpy as np
from jaxtyping import Float, Int

PENTAGON = (1 + 5**0.5) / 2


def winding_numbers(loop: Float[np.ndarray, "*maps points 2"]) -> Int[np.ndarray, "*maps"]:
    """How often closed loops of unit vectors go around the circle.

    Args:
        loop: consecutive points along each loop, which closes by itself; consecutive ones less than half a turn apart.
    """
    angle = np.arctan2(loop[..., 1], loop[..., 0])
    steps = np.diff(np.concatenate([angle, angle[..., :1]], axis=-1), axis=-1)
    total = ((steps + np.pi) % (2 * np.pi) - np.pi).sum(axis=-1)
    return np.asarray(np.rint(total / (2 * np.pi)), np.int64)


def torus_loops(circles: int, points: int = 256) -> Float[np.ndarray, "circles points columns"]:
    """Loops around each circle of a torus in turn, the others at rest."""
    angle = np.zeros((circles, points, circles))
    for circle in range(circles):
        angle[circle, :, circle] = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=3).reshape(circles, points, 2 * circles)


def winding_matrix(codes: Float[np.ndarray, "loops points columns"]) -> Int[np.ndarray, "loops circles"]:
    """How often codes of loops go around each circle of a latent torus; the determinant is the degree of the map."""
    loops, points, _ = codes.shape
    return winding_numbers(np.moveaxis(codes.reshape(loops, points, -1, 2), 2, 1))


def sphere_triangles(refinements: int = 4) -> tuple[Float[np.ndarray, "points 3"], Int[np.ndarray, "triangles 3"]]:
    """A triangulated sphere: an icosahedron whose triangles are cut into four again and again."""
    corners = [(0, s, t * PENTAGON) for s, t in itertools.product((-1, 1), repeat=2)]
    points = np.array([np.roll(corner, shift) for shift in range(3) for corner in corners], np.float64)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    triples = [t for t in itertools.combinations(range(12), 3) if max(distance[i, j] for i, j in _pairs(t)) < 2.1]
    outward = [t if np.linalg.det(points[list(t)]) > 0 else t[::-1] for t in triples]
    points, triangles = points / np.linalg.norm(points, axis=1, keepdims=True), np.array(outward)
    for _ in range(refinements):
        points, triangles = _refined(points, triangles)
    return points, triangles


def sphere_degree(codes: Float[np.ndarray, "points 3"], triangles: Int[np.ndarray, "triangles 3"]) -> int:
    """The degree of a map from a triangulated sphere to the sphere: the signed solid angle of its image over 4 pi.

    Solid angles by Van Oosterom and Strackee, IEEE Trans. Biomed. Eng. 30 (1983) 125.
    """
    a, b, c = np.moveaxis(codes[triangles], 1, 0).astype(np.float64)
    volume = np.einsum("ij,ij->i", a, np.cross(b, c))
    cosines = 1 + sum(np.einsum("ij,ij->i", u, v) for u, v in ((a, b), (b, c), (c, a)))
    return int(np.rint(2 * np.arctan2(volume, cosines).sum() / (4 * np.pi)))


def _pairs(triangle: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    return tuple(itertools.combinations(triangle, 2))


def _refined(points: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each triangle as four, with new corners in the middles of its sides."""
    sides = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    unique, place = np.unique(sides, axis=0, return_inverse=True)
    middles = points[unique].sum(axis=1)
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    ab, bc, ca = len(points) + place.reshape(3, -1)
    a, b, c = triangles.T
    corners = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
    return np.concatenate([points, middles]), np.concatenate([np.stack(corner, axis=1) for corner in corners])
