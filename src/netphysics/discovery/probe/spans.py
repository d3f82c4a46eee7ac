"""Spans: whether the active neurons and the candidates together are functions of each other, whatever the mixture."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.spatial import cKDTree

NEIGHBORS = 10
# A polynomial has at most this many terms per row that it is fitted to.
TERMS = 0.1


class Spans(NamedTuple):
    """Attributes:

    neurons: the share of each neuron's variance that all columns together explain, on rows held out.
    columns: the share of each column's variance that all neurons together explain.
    canonical: canonical correlations between the two groups, the largest first.
    """

    neurons: Float[np.ndarray, " active"]
    columns: Float[np.ndarray, " columns"]
    canonical: Float[np.ndarray, " pairs"]


def spans(z: Float[np.ndarray, "n active"], columns: Float[np.ndarray, "n columns"]) -> Spans:
    """Compare neurons and columns as groups: a rotation of neurons changes nothing.

    Each share is the better one of two fits, on half of the rows, that are tried on the other half: a polynomial of
    the highest order up to 3 that the rows can carry, and the mean over the 10 nearest neighbors.
    """
    z, x = _standardized(z), _standardized(columns)
    bases = [np.linalg.qr(part)[0] for part in (z, x)]
    canonical = np.linalg.svd(bases[0].T @ bases[1], compute_uv=False)
    return Spans(_explained(x, z), _explained(z, x), np.clip(canonical, 0, 1))


def _standardized(x: np.ndarray) -> np.ndarray:
    spread = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1)


def _explained(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    half = len(x) // 2
    fits: tuple[Callable, ...] = (_polynomial, _nearest)
    rests = [((fit(x[:half], y[:half], x[half:]) - y[half:]) ** 2).mean(axis=0) for fit in fits]
    return 1 - np.minimum(*rests) / np.maximum(y[half:].var(axis=0), np.finfo(np.float64).tiny)


def _polynomial(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    powers: list[tuple[int, ...]] = [()]
    for order in range(1, 4):
        more = list(combinations_with_replacement(range(x.shape[1]), order))
        if order > 1 and len(powers) + len(more) > TERMS * len(x):
            break
        powers += more
    terms, terms_at = (np.stack([part[:, list(p)].prod(axis=1) for p in powers], axis=1) for part in (x, at))
    return terms_at @ np.linalg.lstsq(terms, y)[0]


def _nearest(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    return y[cKDTree(x).query(at, k=NEIGHBORS)[1]].mean(axis=1)
