"""Options of the near-Gaussian integral, and what its partial sums miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from jaxtyping import Float

from netphysics.lab import StudyConfig, option
from netphysics.stats import Estimate

MOST_DIAGRAMS, FEWEST_ORDERS, MOST_ORDERS = 4, 8, 150
# A figure cannot tell more apart.
MOST_COLORS = 9


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the near-Gaussian integral."""

    powers: tuple[int, ...] = option((2, 4, 6), least=2, multiple=2, distinct=True)
    """Powers of x to average, even and positive."""
    couplings: tuple[float, ...] = option((0.003125, 0.00625, 0.0125, 0.025), above=0, distinct=True)
    """Couplings lambda."""
    quadratic: float = option(1.0, above=0)
    """The coefficient a of x^2/2. The series is one in lambda / a^2."""
    sign: Literal["minus", "plus"] = "minus"
    """minus: the weight is e^(-a x^2/2 - lambda x^4), as in field theory. plus: e^(-a x^2/2 + lambda x^4), as
    in the talk; that integral diverges, so only its series is shown."""
    orders: int = option(40, between=(FEWEST_ORDERS, MOST_ORDERS))
    """Orders of the series from Gaussian moments."""
    diagram_orders: int = option(3, between=(0, MOST_DIAGRAMS))
    """Orders that are computed from diagrams, too, at most 4."""

    presets: ClassVar[dict[str, dict[str, Any]]] = {"quick": {}, "paper": {"orders": 60, "diagram_orders": 4}}

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("powers", "couplings"):
            values = getattr(self, name)
            if len(values) > MOST_COLORS:
                raise ValueError(f"{name} is {values}; it may have {MOST_COLORS} entries at most")


def strengths(config: Config) -> Float[np.ndarray, " couplings"]:
    """The dimensionless couplings g = lambda / a^2 in ascending order."""
    return np.sort(config.couplings) / config.quadratic**2


def missed(results: Mapping[str, Estimate]) -> Estimate:
    """What each partial sum misses, shape (couplings, orders + 1)."""
    exact_values = results["exact"]
    errors = np.abs(results["sums"].value - exact_values.value[:, None])
    return Estimate(errors, np.broadcast_to(exact_values.error[:, None], errors.shape), 0)


def missed_at_best(results: Mapping[str, Estimate]) -> Estimate:
    """What the sums miss that end with the smallest term, for each coupling."""
    best = np.argmin(results["terms"].value, axis=1)
    return missed(results)[np.arange(len(best)), best]
