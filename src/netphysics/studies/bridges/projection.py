"""Projection: a closed polygon in space, seen from above, as a diagram of the knot that it is."""

from __future__ import annotations

import numpy as np

from netphysics.knots.braids import Diagram


def diagram_of_polygon(corners: np.ndarray) -> Diagram:
    """The diagram of a polygon in general position, seen along the third axis.

    Each crossing of two edges is passed twice on a walk along the polygon, once above and once below; it is positive
    if the edge above turns counterclockwise into the one below.

    Args:
        corners: float64 of shape (n, 3).
    """
    edges = np.roll(corners, -1, axis=0) - corners
    first, second = np.triu_indices(len(corners), 2)
    # The last edge ends where the first begins.
    apart = (first > 0) | (second < len(corners) - 1)
    first, second = first[apart], second[apart]
    one, other, between = edges[first], edges[second], corners[second] - corners[first]
    turn = _cross(one, other)
    at_first, at_second = _cross(between, other) / turn, _cross(between, one) / turn
    crosses = (at_first > 0) & (at_first < 1) & (at_second > 0) & (at_second < 1)
    one, other, between, turn = one[crosses], other[crosses], between[crosses], turn[crosses]
    at_first, at_second = at_first[crosses], at_second[crosses]
    first_above = at_first * one[:, 2] > between[:, 2] + at_second * other[:, 2]
    signs = np.where((turn > 0) == first_above, 1, -1)
    # Both passages of every crossing have numbers from 1 in the order of the walk; an edge has that of its end.
    places = np.concatenate([first[crosses] + at_first, second[crosses] + at_second])
    passages = (np.argsort(np.argsort(places)) + 1).reshape(2, len(signs))
    rows = []
    for pair, first_is_above, sign in zip(passages.T.tolist(), first_above, signs, strict=True):
        over, under = pair if first_is_above else pair[::-1]
        after_over, after_under = (passage % passages.size + 1 for passage in (over, under))
        rows.append((under, after_over, after_under, over) if sign > 0 else (under, over, after_under, after_over))
    return Diagram(tuple(rows), tuple(signs.tolist()), 0 if rows else 1)


def total_curvature(corners: np.ndarray) -> float:
    """The sum of the angles by which a closed polygon turns at its corners, float64 of shape (n, 3)."""
    edges = np.roll(corners, -1, axis=0) - corners
    directions = edges / np.linalg.norm(edges, axis=1, keepdims=True)
    following = np.roll(directions, -1, axis=0)
    across = np.linalg.norm(np.cross(directions, following), axis=1)
    return float(np.sum(np.arctan2(across, np.sum(directions * following, axis=1))))


def _cross(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The cross product of the first two components."""
    return one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
