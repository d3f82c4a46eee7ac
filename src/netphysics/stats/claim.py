"""Claim: one sentence with a number, and whether the measurement bears it out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .estimate import Estimate, Numbers, p_value, pull

Origin = Literal["theory", "literature", "conjecture"]
Verdict = Literal["agrees", "disagrees", "undecided"]

# Two-sided probability of 4 sigma: what an honest comparison exceeds once in 16 000 times.
SIGNIFICANCE = 6.3e-5
# In a large tensor a few error bars are out of order by chance.
MOST_UNKNOWN = 0.01


@dataclass(frozen=True)
class Claim:
    """The product of a study: a statement, what was expected, what was seen, and the verdict.

    Attributes:
        id: short name, unique within its study.
        statement: the sentence, readable without the code.
        expected: the predicted value; an exact number, array, or an estimate with a theory error.
        observed: the measured estimate, same shape as `expected`.
        origin: `theory` must hold if code and mathematics are right; `literature` is a published
            statement put to the test; `conjecture` is open.
        source: where the statement comes from, for instance "arXiv:2008.08601, eq. (2.13)".
        resolution: the largest error bar, in units of `observed`, that still decides the claim; a
            measurement that is less precise leaves it undecided.
        reason: why a published statement fails, where that is known; shown beside the verdict.
    """

    id: str
    statement: str
    expected: Estimate | Numbers
    observed: Estimate
    origin: Origin
    source: str
    resolution: float = math.inf
    reason: str = ""

    def __post_init__(self):
        if not isinstance(self.expected, Estimate):
            object.__setattr__(self, "expected", Estimate.exact(self.expected))
        if self.expected.shape != self.observed.shape:
            raise ValueError(
                f"claim {self.id}: expected has shape {self.expected.shape}, observed {self.observed.shape}"
            )

    @property
    def known(self) -> np.ndarray:
        """Where the observation is a finite number whose error bar can be trusted."""
        observed = self.observed
        return np.asarray(np.isfinite(observed.value) & np.isfinite(observed.error) & observed.trusted)

    @property
    def pulls(self) -> np.ndarray:
        """(observed - expected) / standard error for each entry."""
        return pull(self.observed, self.expected)

    @property
    def pull(self) -> float:
        """The pull that is largest in size, among the known entries if there are any."""
        pulls = self.pulls[self.known] if self.known.any() else np.ravel(self.pulls)
        return float(pulls[np.argmax(np.abs(pulls))])

    @property
    def verdict(self) -> Verdict:
        """`disagrees` beyond 4 sigma, after correcting for the number of entries and the blocks' few
        degrees of freedom (Bonferroni, Student's t). `undecided` where more than one entry in a hundred
        is not known, or an error bar is larger than the resolution.
        """
        observed, entries = self.observed, max(self.observed.value.size, 1)
        if np.mean(~self.known) > MOST_UNKNOWN or np.any(observed.error > self.resolution):
            return "undecided"
        chance = p_value(self.pull, observed.dof) * entries
        return "disagrees" if chance < SIGNIFICANCE else "agrees"

    def to_json(self) -> dict:
        """The claim as plain JSON values, with the field names that the command prints."""
        return {
            "id": self.id,
            "statement": self.statement,
            "origin": self.origin,
            "expected": self.expected.value.tolist(),
            "observed": self.observed.value.tolist(),
            "error": np.hypot(self.observed.error, self.expected.error).tolist(),
            "pull": self.pull,
            "verdict": self.verdict,
            "source": self.source,
            "reason": self.reason,
        }
