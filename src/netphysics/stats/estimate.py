"""Estimate: a number that knows how well it is known."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

# A number or anything numpy makes an array of; stored as a float64 array.
Numbers = ArrayLike | float | int | bool

# Beyond this many degrees of freedom Student's t is the normal law to double precision.
NORMAL_DOF = 1e9


@dataclass(frozen=True, init=False)
class Estimate:
    """A value with its standard error and the number of independent draws behind it.

    Arithmetic between two estimates propagates errors to first order (the delta method) and treats the
    two as independent; functions of *correlated* means go through `jackknife` instead. Plain numbers
    and arrays take part as exact constants.

    Attributes:
        value: the estimate, a float64 array of any shape (shape `()` for a scalar).
        error: its standard error, same shape; 0 for an exact constant.
        draws: number of independent draws (networks, runs) behind it.
        dof: degrees of freedom of the error itself; an error from B jackknife blocks has B - 1.
        trusted: where the error bar can be relied on; False where a few draws dominate the variance,
            the sign of a heavy tail (see `jackknife`).
    """

    value: np.ndarray
    error: np.ndarray
    draws: int
    dof: float
    trusted: np.ndarray

    def __init__(
        self, value: Numbers, error: Numbers, draws: int, dof: float = math.inf, trusted: Numbers = True
    ) -> None:
        value = np.asarray(value, dtype=np.float64)
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "error", np.broadcast_to(np.asarray(error, np.float64), value.shape))
        object.__setattr__(self, "draws", draws)
        object.__setattr__(self, "dof", dof)
        object.__setattr__(self, "trusted", np.broadcast_to(np.asarray(trusted, bool), value.shape))

    @staticmethod
    def exact(value: Numbers) -> Estimate:
        """A constant: no error, infinitely many draws stand behind it."""
        return Estimate(value, np.zeros_like(np.asarray(value, np.float64)), draws=0)

    @staticmethod
    def fraction(hits: int, trials: int) -> Estimate:
        """The share of independent trials that succeeded.

        Its error is that of two more successes and failures (Agresti and Coull, Am. Stat. 52 (1998) 119): the plain
        one is zero where all or none succeed, which says more than any finite number of trials does.

        Raises:
            ValueError: unless 0 <= hits <= trials and trials >= 1.
        """
        if not 0 <= hits <= trials or trials < 1:
            raise ValueError(f"hits is {hits} of {trials} trials; there must be at least one trial and no more hits")
        center = (hits + 2) / (trials + 4)
        return Estimate(hits / trials, math.sqrt(center * (1 - center) / (trials + 4)), trials)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def __getitem__(self, index: Any) -> Estimate:
        return Estimate(self.value[index], self.error[index], self.draws, self.dof, self.trusted[index])

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Estimate]:
        """The estimates along the first axis."""
        return (self[place] for place in range(len(self)))

    def map(self, function: Callable, derivative: Callable) -> Estimate:
        """An elementwise function of the estimate: error |f'(value)| * error."""
        slope = np.abs(derivative(self.value))
        return Estimate(function(self.value), slope * self.error, self.draws, self.dof, self.trusted)

    def log(self) -> Estimate:
        """Natural logarithm of a positive estimate."""
        return self.map(np.log, lambda x: 1 / x)

    def __neg__(self) -> Estimate:
        return self.map(np.negative, np.ones_like)

    def __abs__(self) -> Estimate:
        return self.map(np.abs, np.ones_like)

    def __pow__(self, power: float | int) -> Estimate:
        return self.map(lambda x: x**power, lambda x: power * x ** (power - 1))

    def __add__(self, other: Estimate | Numbers) -> Estimate:
        other = _estimate(other)
        return _combine(self, other, self.value + other.value, 1.0, 1.0)

    def __sub__(self, other: Estimate | Numbers) -> Estimate:
        other = _estimate(other)
        return _combine(self, other, self.value - other.value, 1.0, -1.0)

    def __mul__(self, other: Estimate | Numbers) -> Estimate:
        other = _estimate(other)
        return _combine(self, other, self.value * other.value, other.value, self.value)

    def __truediv__(self, other: Estimate | Numbers) -> Estimate:
        other = _estimate(other)
        ratio = self.value / other.value
        return _combine(self, other, ratio, 1 / other.value, -ratio / other.value)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: Estimate | Numbers) -> Estimate:
        return _estimate(other) - self

    def __rtruediv__(self, other: Estimate | Numbers) -> Estimate:
        return _estimate(other) / self

    # An array on the left must not swallow the estimate elementwise.
    __array_ufunc__ = None

    def __str__(self) -> str:
        if self.value.shape == ():
            return format_error(float(self.value), float(self.error)) + ("" if self.trusted else "?")
        return np.array2string(
            np.vectorize(lambda i: str(self[np.unravel_index(i, self.shape)]), otypes=[object])(
                np.arange(self.value.size).reshape(self.shape)
            ),
            formatter={"object": str},
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        note = f"standard error from {self.draws:,} draws" if self.draws else "exact"
        return f'<span title="{note}">{html.escape(str(self))}</span>'


def _estimate(x: Estimate | Numbers) -> Estimate:
    return x if isinstance(x, Estimate) else Estimate.exact(x)


def _combine(
    a: Estimate, b: Estimate, value: np.ndarray | float, slope_a: np.ndarray | float, slope_b: np.ndarray | float
) -> Estimate:
    """First-order propagation for a function of two independent estimates."""
    error = np.hypot(slope_a * a.error, slope_b * b.error)
    counts = [x.draws for x in (a, b) if x.draws]
    return Estimate(value, error, min(counts, default=0), min(a.dof, b.dof), a.trusted & b.trusted)


def format_error(value: float, error: float) -> str:
    """`0.0040(9)`: the error in brackets counts in units of the last digit shown.

    The error keeps one digit, or two when its first digit is 1, so that rounding changes it by a
    quarter at most. Very small and very large numbers take an exponent: `4.0(9)e-07`.
    """
    if error == 0:
        return f"{value:.6g}"
    if not (math.isfinite(value) and math.isfinite(error)):
        return f"{value:.3g} ± {error:.3g}"
    place = math.floor(math.log10(error))
    if error / 10**place < 1.95:
        place -= 1
    lead = math.floor(math.log10(max(abs(value), error)))
    if not -4 <= lead < 6:
        digits = max(lead - place, 0)
        return f"{value / 10**lead:.{digits}f}({round(error / 10**place)})e{lead:+03d}"
    if place > 0:
        return f"{round(value, -place):.0f}({round(error, -place):.0f})"
    return f"{value:.{-place}f}({round(error / 10**place)})"


def stack(estimates: Sequence[Estimate]) -> Estimate:
    """Estimates of one shape as one, along a new first axis; the fewest draws and degrees of freedom count."""
    return _gather(np.stack, estimates)


def concatenate(estimates: Sequence[Estimate]) -> Estimate:
    """Estimates joined along their first axis; the fewest draws and degrees of freedom count."""
    return _gather(np.concatenate, estimates)


def _gather(join: Callable, estimates: Sequence[Estimate]) -> Estimate:
    parts = (join([getattr(e, name) for e in estimates]) for name in ("value", "error", "trusted"))
    value, error, trusted = parts
    return Estimate(value, error, min(e.draws for e in estimates), min(e.dof for e in estimates), trusted)


def pull(observed: Estimate, expected: Estimate | Numbers) -> np.ndarray:
    """(observed - expected) / combined standard error, elementwise; 0/0 counts as 0."""
    gap = observed - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(gap.value == 0, 0.0, gap.value / gap.error)


def p_value(pulls: Numbers, dof: float = math.inf) -> np.ndarray:
    """Two-sided p-value of pulls whose error bars have `dof` degrees of freedom (Student's t)."""
    return np.asarray(2 * stdtr(min(dof, NORMAL_DOF), -np.abs(pulls)))


def pooled_dof(errors: Numbers, dof: float) -> float:
    """Degrees of freedom of a sum of independent terms with these errors along the first axis, `dof` each.

    Welch and Satterthwaite's rule; of several sums, the smallest number.
    """
    squares = np.square(errors)
    most = np.sum(squares, axis=0) ** 2 / np.maximum(np.sum(squares**2, axis=0), 1e-300)
    return dof * float(np.min(np.where(squares.any(axis=0), most, len(squares))))


def chi_squared(observed: Estimate, expected: Estimate | Numbers) -> float:
    """Sum of squared pulls per degree of freedom, for entries that are independent of each other."""
    return float(np.mean(pull(observed, expected) ** 2))
