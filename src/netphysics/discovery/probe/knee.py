"""The knee: how many latent neurons an error asks for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

# What remains to be gained at the knee, as a share of what latents gain at all.
REST = 0.1


def knee(latents: Sequence[int], errors: Float[np.ndarray, " sizes"]) -> int:
    """The smallest number of latents that has nine tenths of the gain of the best one over none.

    Raises:
        ValueError: when 0 is not among the numbers of latents.
    """
    if 0 not in latents:
        raise ValueError(f"latents is {tuple(latents)}; the gain is counted from 0, which must be there")
    errors = np.asarray(errors, np.float64)
    none, best = errors[list(latents).index(0)], errors.min()
    return min(k for k, error in zip(latents, errors, strict=True) if error - best <= REST * (none - best))
