r"""Field theory in zero dimensions: one number x in the place of a field, with weight e^{-S}.

    S = a x^2/2 + \lambda x^4,    <x^{2n}> = a^{-n} SUM_k c_k g^k,    g = \lambda / a^2

Here everything that perturbation theory does can be seen in full. The coefficients follow from diagrams, with
all integrals equal to one, or at any order from the Gaussian moments (2m-1)!!. The series converges nowhere:
its coefficients grow as (-16)^k (k+n-1)!, since e^{-S} is not integrable for any g < 0, and no number of orders
brings the error below about e^{-1/16g}, the weight of the saddle points x^2 = -a/4\lambda.
All functions have a = 1; the coefficients are exact rational numbers.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import factorial, prod

import numpy as np
from jaxtyping import Float64

from netphysics.fields.interactions import Diagram, Vertex, contract
from netphysics.fields.quadrature import HALF_RANGE, panel_rule
from netphysics.stats import Estimate

Array = np.ndarray

QUARTIC = Vertex(r"\lambda", (4,))


def gaussian_moment(power: int) -> int:
    """<x^{2m}> = (2m-1)!! of the standard normal distribution. Raises ValueError for an odd or negative power."""
    if power < 0 or power % 2:
        raise ValueError(f"power is {power}; it must be even and >= 0.")
    return prod(range(power - 1, 0, -2))


def unnormalized_series(power: int, order: int) -> tuple[Fraction, ...]:
    """Coefficients up to g^order of the Gaussian average <x^power e^{-g x^4}>: (-1)^k (power + 4k - 1)!! / k!."""
    if order < 0:
        raise ValueError(f"order is {order}; the order of perturbation theory must be >= 0.")
    return tuple(Fraction((-1) ** k * gaussian_moment(power + 4 * k), factorial(k)) for k in range(order + 1))


def moment_series(power: int, order: int) -> tuple[Fraction, ...]:
    """Coefficients up to g^order of <x^power>, the quotient of two unnormalized series."""
    above, below = unnormalized_series(power, order), unnormalized_series(0, order)
    series: list[Fraction] = []
    for k in range(order + 1):
        series.append(above[k] - sum(c * b for c, b in zip(series, below[k:0:-1], strict=True)))
    return tuple(series)


def free_energy_series(order: int) -> tuple[Fraction, ...]:
    """Coefficients up to g^order of log Z, with Z = 1 at g = 0.

    From Z' = Z (log Z)': k z_k = SUM_j j l_j z_{k-j}.
    """
    z = unnormalized_series(0, order)
    series = [Fraction(0)]
    for k in range(1, order + 1):
        series.append(z[k] - sum(Fraction(j, k) * series[j] * z[k - j] for j in range(1, k)))
    return tuple(series)


def diagram_series(power: int, order: int, *, vacuum_bubbles: bool = False) -> tuple[Fraction, ...]:
    """The series of `moment_series` as a sum over diagrams; with vacuum bubbles that of `unnormalized_series`."""
    return tuple(
        _sum(d for d in contract(power, [QUARTIC] * k) if vacuum_bubbles or not d.has_vacuum_bubble)
        for k in range(order + 1)
    )


def vacuum_series(order: int) -> tuple[Fraction, ...]:
    """The series of `free_energy_series` as a sum over connected vacuum bubbles (linked-cluster theorem)."""
    return tuple(_sum(d for d in contract(0, [QUARTIC] * k) if d.is_connected) for k in range(order + 1))


def _sum(diagrams: Iterable[Diagram]) -> Fraction:
    """With all propagators equal to one a diagram is its sign, its weight and its number of channels."""
    return sum(((-1) ** d.order * d.weight * len(d.channels) for d in diagrams), start=Fraction(0))


def partial_sums(series: Sequence[Fraction], coupling: float) -> Float64[Array, " orders"]:
    """Sums of the series up to each of its orders, in exact arithmetic until the last step.

    Terms of opposite sign cancel far beyond the smallest one, where floating point would lose them.
    """
    g, total, sums = Fraction(coupling), Fraction(0), []
    for k, coefficient in enumerate(series):
        total += coefficient * g**k
        sums.append(float(total))
    return np.array(sums)


def exact_moment(power: int, coupling: float) -> Estimate:
    """<x^power> at a coupling g >= 0 by quadrature; its error is the difference of two rules.

    Raises ValueError for a negative coupling, where the integral diverges.
    """
    if not (np.isfinite(coupling) and coupling >= 0):
        raise ValueError(f"coupling is {coupling}; it must be >= 0, or the integral diverges.")
    gaussian_moment(power)
    # One length for both ends: the weight is about e^{-u^2/2} at weak and e^{-u^4/16} at strong coupling.
    scale = (1 + 16 * coupling) ** -0.25
    reach = HALF_RANGE + np.sqrt(2 * power)
    found = []
    for nodes in (12, 18):
        u, weights = panel_rule(np.linspace(-reach, reach, 25), nodes)
        x = scale * u
        weights = weights * np.exp(-(x**2) / 2 - coupling * x**4)
        found.append(weights @ x**power / weights.sum())
    coarse, fine = found
    return Estimate(fine, abs(fine - coarse) + 1e-15 * fine, draws=0)


def least_error(power: int, couplings: Float64[Array, " g"]) -> Float64[Array, " g"]:
    r"""What the best truncation misses, to leading order in g, for power = 2n > 0.

    |c_k| -> 4^n 16^k \Gamma(k+n) / (\sqrt{2} \pi) by Stirling's formula. The smallest term stands at k + n = u = 1/16g,
    and an alternating series misses half of it: 4^n u^n e^{-u} / (2 \sqrt{\pi u}).
    """
    u, n = 1 / (16 * couplings), power // 2
    return (4 * u) ** n * np.exp(-u) / (2 * np.sqrt(np.pi * u))
