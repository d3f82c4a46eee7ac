"""Couplings at every cutoff, and what is predicted with them."""

from __future__ import annotations

import functools

import numpy as np
from jaxtyping import Float

from netphysics.fields.interactions import (
    connected_four,
    connected_functions,
    multiplicities,
    predictions,
    running,
    unexplained,
)
from netphysics.stats import multi_indices

from .settings import BETWEEN, FITTED, PREDICTED, SETTLING, network


@functools.lru_cache(maxsize=32)
def flow(
    case: str, dimension: int, cutoffs: tuple[float, ...]
) -> tuple[Float[np.ndarray, " cutoffs"], Float[np.ndarray, " steps"], Float[np.ndarray, " steps"]]:
    """Couplings, slopes between cutoffs, and errors of the slopes."""
    net, inputs, output_bias = network(case, dimension)
    indices, weights = multi_indices(len(inputs), 4), multiplicities(len(inputs), 4)
    found = running(net, inputs, indices, cutoffs, output_bias=output_bias)
    four = connected_four(net, inputs)
    return found.coupling(four, weights), found.slopes(four, weights), found.slopes_error


@functools.lru_cache(maxsize=32)
def drift(label: str, cutoffs: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Changes of the predicted 4- and 6-point functions from those at the largest cutoff, in units of the latter;
    the powers with which they settle, where they do; and what they leave unexplained of the exact functions.

    Shapes (orders, cutoffs), (orders or none,) and (orders, cutoffs); orders are 4 and 6.
    """
    net, inputs = PREDICTED[label]
    fitted, others = inputs[FITTED], inputs[BETWEEN]
    found = predictions(net, fitted, connected_functions(net, fitted), others, cutoffs)
    exact = connected_functions(net, others)
    changes, powers, left = [], [], []
    for order, predicted, truth in ((4, found.four, exact.four), (6, found.six, exact.six)):
        weights = multiplicities(len(others), order)
        changes.append(norm(predicted - predicted[-1], weights) / norm(predicted[-1], weights))
        if label in SETTLING:
            powers.append(settling_power(norm(np.diff(predicted, axis=0), weights), np.array(cutoffs)))
        left.append([unexplained(truth, row, weights) for row in predicted])
    return np.array(changes), np.array(powers), np.array(left)


def norm(rows: np.ndarray, weights: Float[np.ndarray, " entries"]) -> np.ndarray:
    """The norm over all entries of a symmetric tensor, packed along the last axis."""
    return np.asarray(np.sqrt(rows**2 @ weights))


def settling_power(steps: Float[np.ndarray, " steps"], cutoffs: Float[np.ndarray, " cutoffs"]) -> float:
    """The power near -1 of the cutoff with which a rest falls, from its last two steps between cutoffs."""
    growth = np.log(steps / -np.diff(1 / cutoffs))
    middles = np.log(cutoffs[1:] * cutoffs[:-1]) / 2
    return (np.diff(growth) / np.diff(middles))[-1] - 1
