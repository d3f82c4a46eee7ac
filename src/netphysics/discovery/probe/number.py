"""Number: how many latent neurons answers need, as far as rows and trainings that scatter can tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

# What latents are not needed for: this share of the squared error that latents explain at all.
NOT_NEEDED = 0.005
# Differences of so many standard errors are not by chance; of so many, they are beyond doubt.
NOT_BY_CHANCE, BEYOND_DOUBT = 2.0, 3.0


class LatentNumber(NamedTuple):
    """Attributes:

    number: the fewest latents whose squared error is within two standard errors, or within one two-hundredth of
        what latents explain, of the least one.
    fewest, most: the ends of an interval: with fewer, the error is larger beyond doubt, at three standard errors; with
        more, it is not smaller by as much as a two-hundredth, at two.
    """

    number: int
    fewest: int
    most: int


def latent_number(
    latents: Sequence[int],
    squares: Float[np.ndarray, " sizes"],
    *covariances: Float[np.ndarray, "sizes sizes"],
    enough: float | None = None,
) -> LatentNumber:
    """How many latents are needed, by mean squared errors on rows that no network learned from.

    Errors on the same rows rise and fall together, so it is differences that are compared, each with its own standard
    error, and the simplest network counts that none is better than for certain (in the manner of the one-standard-error
    rule: Breiman, Friedman, Olshen and Stone 1984).

    Args:
        squares: mean squared errors.
        covariances: of these means, from the scatter of rows and from that of trainings; of several, the one with
            the larger error counts.
        enough: a squared error that latents are not needed for; a two-hundredth of what they explain if left out.

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
    enough = NOT_NEEDED * excess[0] if enough is None else enough
    if excess[0] <= NOT_BY_CHANCE * error[0]:
        return LatentNumber(0, 0, int(sizes[best]))
    return LatentNumber(
        *(
            int(sizes[np.argmax(reached)])
            for reached in (
                excess <= np.maximum(enough, NOT_BY_CHANCE * error),
                excess <= np.maximum(enough, BEYOND_DOUBT * error),
                excess + NOT_BY_CHANCE * error <= enough,
            )
        )
    )
