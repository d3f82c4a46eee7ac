"""Claim: one sentence with a number, and whether the measurement bears it out."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from .estimate import Estimate, Numbers, p_value, pull
from .intervals import binomial_interval, student_interval

Kind = Literal["equal", "within", "at-least", "at-most", "fraction", "count"]
Origin = Literal["theory", "literature", "conjecture"]
Side = Literal["at-least", "at-most"]
Verdict = Literal["agrees", "disagrees", "undecided"]

# Two-sided probability of 4 sigma: what an honest comparison exceeds once in 16 000 times.
SIGNIFICANCE = 6.3e-5
# Bounds and tolerances are decided by intervals at this confidence: either end is missed once in 200 times.
CONFIDENCE = 0.99
# In a large tensor a few error bars are out of order by chance.
MOST_UNKNOWN = 0.01


@dataclass(frozen=True, init=False)
class Claim:
    """The product of a study: a statement, what was expected, what was seen, and the verdict.

    The kind says how the two are compared. Every kind keeps the number that was measured.

    | kind | made by | agrees when |
    |---|---|---|
    | equal | `Claim(...)` | observed - expected is below 4 sigma |
    | within | `Claim.within` | the interval of observed - expected lies within the tolerance |
    | at-least, at-most | `Claim.at_least`, `Claim.at_most` | the interval lies on the right side of the bound |
    | fraction | `Claim.fraction` | the binomial interval lies on the right side of the bound |
    | count | `Claim.count` | the two numbers are the same |

    Intervals cover 99 %. What they exclude disagrees, what they leave open is undecided. Few blocks make an interval
    wide (Student's t); they never make a verdict green.

    Attributes:
        id: short name, unique within its study.
        statement: the sentence, readable without the code.
        expected: the prediction, with the error of the theory if it has one; of a bound or a fraction, the bound.
        observed: the measured estimate, same shape as `expected`.
        origin: `theory` must hold if code and mathematics are right; `literature` is a published
            statement put to the test; `conjecture` is open.
        source: where the statement comes from, for instance "arXiv:2008.08601, eq. (2.13)".
        resolution: of an equality, the largest error bar, in units of `observed`, with which it can agree.
        reason: why a published statement fails, where that is known; shown beside the verdict.
        kind: how observed and expected are compared.
        tolerance: of a claim `within`, how far observed may lie from expected.
        side: of a fraction, on which side of the bound it should lie.
    """

    id: str
    statement: str
    expected: Estimate
    observed: Estimate
    origin: Origin
    source: str
    resolution: float
    reason: str
    kind: Kind
    tolerance: float
    side: Side

    def __init__(
        self,
        id: str,
        statement: str,
        expected: Estimate | Numbers,
        observed: Estimate,
        origin: Origin,
        source: str,
        resolution: float = math.inf,
        reason: str = "",
        kind: Kind = "equal",
        tolerance: float = 0.0,
        side: Side = "at-least",
    ) -> None:
        expected = expected if isinstance(expected, Estimate) else Estimate.exact(expected)
        if expected.shape != observed.shape:
            raise ValueError(f"claim {id}: expected has shape {expected.shape}, observed {observed.shape}")
        values = (id, statement, expected, observed, origin, source, resolution, reason, kind, tolerance, side)
        for part, value in zip(fields(self), values, strict=True):
            object.__setattr__(self, part.name, value)

    @staticmethod
    def within(
        id: str,
        statement: str,
        expected: Estimate | Numbers,
        tolerance: float,
        observed: Estimate,
        origin: Origin,
        source: str,
        reason: str = "",
    ) -> Claim:
        """That observed lies no farther from expected than the tolerance says."""
        return Claim(id, statement, expected, observed, origin, source, math.inf, reason, "within", tolerance)

    @staticmethod
    def at_least(
        id: str, statement: str, bound: Numbers, observed: Estimate, origin: Origin, source: str, reason: str = ""
    ) -> Claim:
        """That observed is the bound or more; a number bounds every entry of an array."""
        return _bounded("at-least", id, statement, bound, observed, origin, source, reason)

    @staticmethod
    def at_most(
        id: str, statement: str, bound: Numbers, observed: Estimate, origin: Origin, source: str, reason: str = ""
    ) -> Claim:
        """That observed is the bound or less; a number bounds every entry of an array."""
        return _bounded("at-most", id, statement, bound, observed, origin, source, reason)

    @staticmethod
    def fraction(
        id: str,
        statement: str,
        bound: float,
        hits: int,
        trials: int,
        origin: Origin,
        source: str,
        reason: str = "",
        side: Side = "at-least",
    ) -> Claim:
        """That of independent trials a share of `bound` or more (or less) succeeds.

        Raises:
            ValueError: unless 0 <= hits <= trials and trials >= 1.
        """
        observed = Estimate.fraction(hits, trials)
        return Claim(id, statement, bound, observed, origin, source, math.inf, reason, "fraction", 0.0, side)

    @staticmethod
    def count(
        id: str, statement: str, expected: int, observed: int, origin: Origin, source: str, reason: str = ""
    ) -> Claim:
        """That something was counted as often as expected, with nothing random about it."""
        counted = Estimate.exact(observed)
        return Claim(id, statement, expected, counted, origin, source, math.inf, reason, "count")

    @property
    def known(self) -> np.ndarray:
        """Where both sides are finite numbers, and the error bar of the observation can be trusted."""
        gap = self.observed - self.expected
        return np.asarray(np.isfinite(gap.value) & np.isfinite(gap.error) & self.observed.trusted)

    @property
    def pulls(self) -> np.ndarray | None:
        """(observed - expected) / standard error for each entry; only an equality has them."""
        return pull(self.observed, self.expected) if self.kind == "equal" else None

    @property
    def pull(self) -> float | None:
        """The pull that is largest in size, among the known entries if there are any; None but for an equality."""
        pulls = self.pulls
        if pulls is None:
            return None
        pulls = pulls[self.known] if self.known.any() else np.ravel(pulls)
        return float(pulls[np.argmax(np.abs(pulls))])

    @property
    def confidence(self) -> float:
        """Of the interval."""
        return 1 - SIGNIFICANCE if self.kind == "equal" else CONFIDENCE

    @property
    def interval(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The ends of the interval of the observed value that decides, each of its shape; a count has none.

        The error of the theory widens it, as it does the pull.
        """
        if self.kind == "count":
            return None
        if self.kind == "fraction":
            hits = round(float(self.observed.value) * self.observed.draws)
            low, high = binomial_interval(hits, self.observed.draws, CONFIDENCE)
            return np.asarray(low), np.asarray(high)
        gap_low, gap_high = student_interval(self.observed - self.expected, self.confidence)
        low, high = self.expected.value + gap_low, self.expected.value + gap_high
        if self.kind == "equal":
            return np.asarray(low), np.asarray(high)
        # Blocks that agree to the last bit do not tell how far others would lie from them.
        mute = (self.observed.error == 0) & np.isfinite(self.observed.dof)
        return np.where(mute, -np.inf, low), np.where(mute, np.inf, high)

    @property
    def verdict(self) -> Verdict:
        """What the interval says; `undecided` too where more than one entry in a hundred is not known."""
        if self.kind == "count":
            return "agrees" if np.array_equal(self.observed.value, self.expected.value) else "disagrees"
        if np.mean(~self.known) > MOST_UNKNOWN:
            return "undecided"
        return self._equality() if self.kind == "equal" else self._bound()

    def _equality(self) -> Verdict:
        """Beyond 4 sigma for the number of entries (Bonferroni) it disagrees, if the blocks' few degrees of freedom
        allow that to be said (Student's t); if they do not, it is undecided.
        """
        observed, entries = self.observed, max(self.observed.value.size, 1)
        dof = min(observed.dof, self.expected.dof)
        pull = 0.0 if self.pull is None else self.pull
        if p_value(pull, dof) * entries < SIGNIFICANCE:
            return "disagrees"
        far = p_value(pull) * entries < SIGNIFICANCE
        return "undecided" if far or np.any(observed.error > self.resolution) else "agrees"

    def _bound(self) -> Verdict:
        low, high = (end[self.known] for end in self.interval or ())
        expected = self.expected.value[self.known]
        side = self.side if self.kind == "fraction" else self.kind
        # The smallest and the largest value that the claim allows.
        least = expected - self.tolerance if side == "within" else expected if side == "at-least" else -np.inf
        most = expected + self.tolerance if side == "within" else expected if side == "at-most" else np.inf
        if np.any((high < least) | (low > most)):
            return "disagrees"
        return "agrees" if np.all((low >= least) & (high <= most)) else "undecided"

    def _repr_html_(self) -> str:
        """In a notebook: the verdict, the statement, and what was observed, if that is one number."""
        seen = f" ({self.observed[(0,) * len(self.observed.shape)]})" if self.observed.value.size == 1 else ""
        words = html.escape(self.statement + seen)
        reason = f"<br><i>{html.escape(self.reason)}</i>" if self.reason and self.verdict != "agrees" else ""
        return f"<b>{self.verdict}</b> {words}{reason}"

    def to_json(self) -> dict[str, Any]:
        """The claim as plain JSON values, with the field names that the command prints; numbers that are not finite
        are null.
        """
        expected = _plain(self.expected.value)
        reference = {"equal": "expected", "within": "expected", "count": "expected"}.get(self.kind, "bound")
        interval = self.interval
        return {
            "id": self.id,
            "statement": self.statement,
            "kind": self.kind,
            "origin": self.origin,
            reference: expected,
            **({"expected_error": _plain(self.expected.error)} if self.kind in ("equal", "within") else {}),
            **({"tolerance": self.tolerance} if self.kind == "within" else {}),
            **({"side": self.side} if self.kind == "fraction" else {}),
            "observed": _plain(self.observed.value),
            "error": _plain(self.observed.error),
            "interval": None if interval is None else [_plain(end) for end in interval],
            "confidence": None if interval is None else self.confidence,
            "pull": None if self.pull is None else _plain(self.pull),
            "verdict": self.verdict,
            "source": self.source,
            "reason": self.reason,
        }


def _bounded(
    kind: Side, id: str, statement: str, bound: Numbers, observed: Estimate, origin: Origin, source: str, reason: str
) -> Claim:
    bounds = np.broadcast_to(np.asarray(bound, np.float64), observed.shape)
    return Claim(id, statement, bounds, observed, origin, source, math.inf, reason, kind)


def _plain(values: Numbers) -> Any:
    """Numbers as JSON has them: infinity and NaN are null."""
    array = np.asarray(values, np.float64)
    plain = array.astype(object)
    plain[~np.isfinite(array)] = None
    return plain.tolist()
