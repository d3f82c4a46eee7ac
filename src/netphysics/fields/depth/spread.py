"""Mean and relative spread of a quantity over networks, both with error bars."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from netphysics.stats import Estimate, Numbers, Tally, jackknife


@dataclass(frozen=True)
class Spread:
    """What an ensemble says about a quantity that differs from network to network."""

    mean: Estimate
    relative: Estimate
    """Standard deviation over networks, in units of the mean."""


def spread(values: Float[np.ndarray, "networks *shape"]) -> Spread:
    """The spread of `values`, one entry for each network along the first axis.

    Raises ValueError for fewer than 4 networks: they carry no error bar.
    """
    if len(values) < 4:
        raise ValueError(f"{len(values)} networks are too few for an error bar; at least 4 are needed")
    # In units of the mean, squares neither overflow nor cancel.
    scale = np.abs(values).mean(axis=0)
    unit = values / np.where(scale > 0, scale, 1.0)

    def moments(tally: Tally) -> dict[str, Numbers]:
        mean = tally.mean("first")
        share = tally.count / max(tally.count - 1, 1)
        variance = share * np.maximum(tally.mean("second") - mean**2, 0.0)
        size = np.where(mean == 0, 1.0, np.abs(mean))
        return {"mean": scale * mean, "relative": np.sqrt(variance) / size}

    found = jackknife([Tally(1, {"first": each, "second": each**2}) for each in unit], moments)
    return Spread(found["mean"], found["relative"])
