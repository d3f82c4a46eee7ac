"""Which rows of a table belong together, and which are held out for testing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool, Int

TEST_SHARE = 0.2


def alike(columns: Mapping[str, np.ndarray]) -> Int[np.ndarray, " rows"]:
    """A number for each row, the same for copies of a row: nobody may learn from one and be tested with another."""
    # pandas takes half a second to import, which only tables need.
    import pandas as pd

    return pd.factorize(pd.util.hash_pandas_object(pd.DataFrame(dict(columns)), index=False))[0]


def members(groups: np.ndarray, name: str) -> Int[np.ndarray, " rows"]:
    """A number for each row, the same for rows of one group.

    Raises:
        ValueError: for rows without a group, in the column of this name.
    """
    import pandas as pd

    labels, _ = pd.factorize(groups, sort=True)
    if missing := int((labels < 0).sum()):
        raise ValueError(f"--group is {name}, which is missing in {missing} rows; every row must have its group")
    return labels


def held_out(labels: Int[np.ndarray, " rows"], name: str | None, seed: int) -> Bool[np.ndarray, " rows"]:
    """Which rows are for testing: a fifth of the groups, or of the rows where there are no groups.

    Raises:
        ValueError: for a single group.
    """
    count = int(labels.max()) + 1
    if count < 2:
        raise ValueError(f"--group is {name}, which has one value; a split needs at least two")
    chosen = np.random.default_rng(seed).permutation(count)[: max(1, round(TEST_SHARE * count))]
    return np.isin(labels, chosen)
