"""Laurent polynomials with integer coefficients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Laurent:
    """sum_k coefficients[k] t^(lowest + k); the zero polynomial has no coefficients.

    Attributes:
        coefficients: integers, the first and the last not 0.
        lowest: exponent of the first.
    """

    coefficients: tuple[int, ...]
    lowest: int = 0

    def __init__(self, coefficients: Sequence[int], lowest: int = 0):
        coefficients = list(map(int, coefficients))
        while coefficients and coefficients[-1] == 0:
            coefficients.pop()
        while coefficients and coefficients[0] == 0:
            del coefficients[0]
            lowest += 1
        object.__setattr__(self, "coefficients", tuple(coefficients))
        object.__setattr__(self, "lowest", int(lowest) if coefficients else 0)

    @property
    def highest(self) -> int:
        """The largest exponent."""
        return self.lowest + len(self.coefficients) - 1

    @property
    def span(self) -> int:
        return len(self.coefficients) - 1

    @property
    def reversed(self) -> Laurent:
        """The polynomial of 1/t."""
        return Laurent(self.coefficients[::-1], -self.highest)

    def __call__(self, t: int | Fraction) -> Fraction:
        return sum((c * Fraction(t) ** (self.lowest + k) for k, c in enumerate(self.coefficients)), Fraction(0))

    def __mul__(self, other: Laurent) -> Laurent:
        product = [0] * (len(self.coefficients) + len(other.coefficients))
        for i, a in enumerate(self.coefficients):
            for j, b in enumerate(other.coefficients):
                product[i + j] += a * b
        return Laurent(product, self.lowest + other.lowest)

    def __str__(self) -> str:
        return self.text(str)

    def text(self, written: Callable[[int], str]) -> str:
        """The polynomial with its exponents `written` in some way, `0` and `1` for those that are not shown."""
        terms = []
        for k, c in enumerate(self.coefficients):
            power = written(self.lowest + k)
            variable = {"0": "", "1": "t"}.get(power, f"t^{power}")
            size = "" if abs(c) == 1 and variable else str(abs(c))
            if c:
                terms.append(("- " if c < 0 else "+ ") + size + (" " if size and variable else "") + variable)
        text = " ".join(terms) or "0"
        return text.removeprefix("+ ").replace("- ", "-", 1) if text.startswith("- ") else text.removeprefix("+ ")

    def to_json(self) -> dict:
        return {"lowest": self.lowest, "coefficients": list(self.coefficients)}


ONE = Laurent((1,))
