"""Rank correlation: what two columns share whatever monotone scale each is read on."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def rank_correlation(
    x: Float[np.ndarray, " rows"],
    y: Float[np.ndarray, " rows"],
    given: Float[np.ndarray, "rows columns"] | None = None,
) -> float:
    r"""Spearman's rank correlation; equal values share their mean rank.

    Args:
        given: columns to hold fixed. What is linear in their ranks is taken out of both ranks first, which makes it
            the partial rank correlation $\mathrm{corr}(x - \hat x(g),\, y - \hat y(g))$.

    Returns:
        A number from -1 to 1; 0 where a side is constant, or fixed by the columns `given`.
    """
    # Takes half a second to import; what answers at once needs no ranks.
    from scipy.stats import rankdata

    columns = () if given is None else tuple(np.asarray(given).T)
    design = np.column_stack([np.ones(len(x)), *map(rankdata, columns)])
    left = [ranks - design @ np.linalg.lstsq(design, ranks, rcond=None)[0] for ranks in map(rankdata, (x, y))]
    size = np.linalg.norm(left[0]) * np.linalg.norm(left[1])
    return float(left[0] @ left[1] / size) if size > 1e-9 else 0.0
