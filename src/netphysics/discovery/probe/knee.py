r"""The knee: how many latent neurons an error asks for.

Squared errors add up: $e_0^2 - e_*^2$, with $e_0$ the error without latents and $e_*$ the least of a sweep, is what
latents explain, and $e_*^2$ what none of them does. The knee is where all but a hundredth is explained, and 0 where
next to nothing can be. A share of variance is what the rest of the probe speaks of. A rule about ratios of errors would
fail where some error cannot be removed and hides the later drops: one qubit seen by real projectors has errors of
0.289, 0.179 and 0.167 at best with 0, 1 and 2 latents, so the largest ratio is the first; and real combinations of
two levels of two qubits have 0.174 and 0.173 with 2 and 3, though the third latent tells 4 % of all there is to tell.

It is a convention. A network may gain on after it, as with one qubit, whose sphere of states two numbers
cannot hold without a tear: `remaining_error` says by which factor. `steepest_drop` needs no convention and is shown
beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

# The share of the explainable variance that may be missing at the knee.
REST = 0.01
# What trainings gain through chance and patience alone, as a share of the error.
CHANCE = 0.05


def knee(latents: Sequence[int], errors: Float[np.ndarray, " sizes"]) -> int:
    r"""The smallest number of latents with $e_K^2 - e_*^2 \le (e_0^2 - e_*^2) / 100$; 0 where $e_* \ge 0.95 e_0$.

    Raises:
        ValueError: when 0 is not among the numbers of latents.
    """
    errors = _checked(latents, errors)
    none, best = errors[list(latents).index(0)], errors.min()
    if best >= (1 - CHANCE) * none:
        return 0
    enough = errors**2 - best**2 <= REST * (none**2 - best**2)
    return min(k for k, reached in zip(latents, enough, strict=True) if reached)


def steepest_drop(latents: Sequence[int], errors: Float[np.ndarray, " sizes"]) -> int:
    """The number of latents after the steepest fall of the logarithm of the error, per latent that was added.

    Raises:
        ValueError: when 0 is not among the numbers of latents.
    """
    errors = _checked(latents, errors)
    order = np.argsort(latents)
    slopes = np.diff(np.log(errors[order])) / np.diff(np.asarray(latents)[order])
    return int(np.asarray(latents)[order][1 + np.argmin(slopes)]) if len(slopes) else 0


def remaining_error(latents: Sequence[int], errors: Float[np.ndarray, " sizes"]) -> float:
    """The factor by which the error still falls after the knee: error(knee) / least error.

    Raises:
        ValueError: when 0 is not among the numbers of latents.
    """
    errors = _checked(latents, errors)
    return float(errors[list(latents).index(knee(latents, errors))] / errors.min())


def needed(
    latents: Sequence[int], errors: Float[np.ndarray, " sizes"], accuracies: Float[np.ndarray, " n"]
) -> Int[np.ndarray, " n"]:
    """The fewest latents at each accuracy a, in the unit of the errors: with $e_K^2 - e_*^2 \\le a^2$.

    What they leave out is smaller than an error of a that answers have anyway. Unlike the knee it does not ask how
    much there is to gain, so it is 0 where there is next to nothing.
    """
    order = np.argsort(latents)
    excess = (np.square(errors) - np.min(errors) ** 2)[order]
    first = np.argmax(excess[:, None] <= np.square(accuracies)[None], axis=0)
    return np.asarray(latents)[order][first]


def _checked(latents: Sequence[int], errors: np.ndarray) -> np.ndarray:
    if 0 not in latents:
        raise ValueError(f"latents is {tuple(latents)}; the gain is counted from 0, which must be there")
    return np.asarray(errors, np.float64)
