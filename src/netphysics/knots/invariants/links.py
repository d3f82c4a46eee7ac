r"""Invariants of links of several components: linking numbers and the Alexander polynomial of one variable.

$\Delta(t) = \nabla(t^{1/2} - t^{-1/2})$ with Conway's polynomial $\nabla$, which has no units left to choose. From a
braid on n strands with writhe w and reduced Burau matrix B,

$\Delta(t) = (-t^{1/2})^{n-1-w}\, \frac{1-t}{1-t^n} \det(1 - B(t))$.

It is 0 for a split link. With c components $\nabla(z) = z^{c-1} P(z^2)$, and $z^2 = t + 1/t - 2$, so that P is
interpolated as a polynomial in t + 1/t. Exponents of polynomials here count halves: they are polynomials in
$t^{1/2}$.
"""

from __future__ import annotations

from ..braids import Braid, Diagram
from .alexander import burau_value, check_length, in_t
from .laurent import Laurent
from .modular import centered, interpolate, mersenne_prime


def linking_matrix(link: Braid | Diagram) -> tuple[tuple[int, ...], ...]:
    """Linking numbers of the components: half the signs of the crossings in which two of them meet; 0 on the diagonal.

    Components come in the order of their smallest label or first strand; those without a crossing are last.
    """
    diagram = Diagram.of_braid(link) if isinstance(link, Braid) else link
    component = {label: k for k, labels in enumerate(diagram.strands) for label in labels}
    twice = [[0] * diagram.components for _ in range(diagram.components)]
    for (below, beside, _, _), sign in zip(diagram.crossings, diagram.signs, strict=True):
        one, other = component[below], component[beside]
        if one != other:
            twice[one][other] += sign
            twice[other][one] += sign
    return tuple(tuple(number // 2 for number in row) for row in twice)


def alexander_of_link(braid: Braid) -> Laurent:
    """The Alexander polynomial of the closure of a braid, exact, in s = t^(1/2); s - 1/s for the positive Hopf link.

    Raises:
        ValueError: for a word of more than 1000 letters.
    """
    letters, strands, components = len(braid), braid.strands, braid.components
    check_length(letters)
    if not Diagram.of_braid(braid).is_connected:
        return Laurent(())
    degree = max(letters - strands + 2 - components, 0) // 2
    prime = mersenne_prime(letters + 1)
    points = list(range(2, degree + 3))
    values = []
    for s in points:
        unit = pow(-s, strands - 1 - braid.writhe, prime)
        z = (s - pow(s, -1, prime)) % prime
        values.append(burau_value(braid, s * s, prime) * unit * pow(z, 1 - components, prime) % prime)
    arguments = [(s * s + pow(s, -2, prime)) % prime for s in points]
    found = in_t(interpolate(arguments, values, prime))
    lowest = -2 * (len(found) // 2)
    in_s = Laurent([c for coefficient in found for c in (centered(coefficient, prime), 0)], lowest)
    for _ in range(components - 1):
        in_s = in_s * Laurent((-1, 0, 1), -1)
    return Laurent([centered(c, prime) for c in in_s.coefficients], in_s.lowest)


def in_halves(polynomial: Laurent) -> str:
    """A polynomial in t^(1/2) as text: `-t^(1/2) - t^(5/2)`."""
    return polynomial.text(lambda power: f"({power}/2)" if power % 2 else str(power // 2))
