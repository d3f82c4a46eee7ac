"""What first order in 1/width says about a trained ensemble, and whether it can be trusted."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

# Corrections larger than so many times what they correct, root mean squares of all entries of the mean and of the
# covariance, were not confirmed by trained ensembles; docs/learning.md has the cases.
TRUSTED_MEAN, TRUSTED_COVARIANCE = 0.2, 2.0


@dataclass(frozen=True)
class FirstOrderProcess:
    """The outputs of a trained ensemble at m points.

    Attributes:
        mean: at infinite width.
        covariance: at infinite width, of every output; different outputs are independent.
        mean_correction: to be divided by `width`.
        covariance_correction: to be divided by `width`; targets correlate the outputs.
        width: n.
    """

    mean: Float64[np.ndarray, "m outputs"]
    covariance: Float64[np.ndarray, "m m"]
    mean_correction: Float64[np.ndarray, "m outputs"]
    covariance_correction: Float64[np.ndarray, "outputs outputs m m"]
    width: float

    @property
    def warning(self) -> str:
        """One sentence if the first order is too large for the second one to be small at this width, empty if not."""
        # Infinitely wide networks have no covariance of different outputs.
        zeroth = root_mean_square(self.covariance) / math.sqrt(self.mean.shape[1])
        shares = (
            root_mean_square(self.mean_correction) / (TRUSTED_MEAN * root_mean_square(self.mean)),
            root_mean_square(self.covariance_correction) / (TRUSTED_COVARIANCE * zeroth),
        )
        needed = max(shares)
        if needed <= self.width:
            return ""
        which = ("mean", "covariance")[int(np.argmax(shares))]
        return f"width is {self.width:g}, where first order is no small change of the {which}; that takes {needed:.3g}"


def root_mean_square(values: np.ndarray) -> float:
    """Of all entries; not zero, so that it can be divided by."""
    return max(math.sqrt(np.mean(values**2)), sys.float_info.min)
