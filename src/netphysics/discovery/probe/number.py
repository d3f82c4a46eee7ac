"""Number: how many latent neurons answers need, as far as rows and trainings that scatter can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from .knee import REST

# Differences of this many standard errors are beyond doubt.
BEYOND_DOUBT = 2.0


class LatentNumber(NamedTuple):
    """Attributes:

    number: the fewest latents whose squared error is within one standard error, or within a hundredth of what
        latents explain, of the least one.
    fewest, most: the ends of an interval: where more is beyond doubt not worth while, or may be.
    """

    number: int
    fewest: int
    most: int


def latent_number(
    latents: Sequence[int],
    squares: Float[np.ndarray, " sizes"],
    *covariances: Float[np.ndarray, "sizes sizes"],
) -> LatentNumber:
    """How many latents are needed, by mean squared errors on rows that no network learned from.

    Errors on the same rows rise and fall together, so it is differences that are compared, each with its own standard
    error (the one-standard-error rule: Breiman, Friedman, Olshen and Stone 1984).

    Args:
        squares: mean squared errors.
        covariances: of these means, from the scatter of rows and from that of trainings; of several, the one with
            the larger error counts.

    Raises:
        ValueError: when 0 is not among the numbers of latents.
    """
    if 0 not in latents:
        raise ValueError(f"latents is {tuple(latents)}; the gain is counted from 0, which must be there")
    order = np.argsort(latents)
    sizes, means = np.asarray(latents)[order], np.asarray(squares, np.float64)[order]
    best = int(np.argmin(means))
    excess, variance = means - means[best], np.zeros(len(means))
    for covariance in covariances:
        c = np.asarray(covariance, np.float64)[np.ix_(order, order)]
        variance = np.maximum(variance, np.diag(c) + c[best, best] - 2 * c[best])
    error = np.sqrt(np.maximum(variance, 0))
    gain, doubt = excess[0], BEYOND_DOUBT * error
    enough = REST * gain
    if gain <= doubt[0]:
        return LatentNumber(0, 0, int(sizes[best]))
    return LatentNumber(
        *(
            int(sizes[np.argmax(reached)])
            for reached in (
                excess <= np.maximum(enough, error),
                excess <= np.maximum(enough, doubt),
                excess + doubt <= enough,
            )
        )
    )
