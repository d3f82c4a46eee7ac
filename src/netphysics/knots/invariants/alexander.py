r"""The Alexander polynomial from the reduced Burau representation.

With B the reduced Burau matrix of a braid on n strands with writhe w,

$\Delta(t) = \pm t^{(n-1-w)/2}\, \frac{1-t}{1-t^n} \det(1 - B(t))$,

in the symmetric normalization $\Delta(t) = \Delta(1/t)$, $\Delta(1) = 1$, in which a knot has no units left to
choose. One value of it modulo a prime costs n operations a letter and n^3 for the determinant.
"""

from __future__ import annotations

from ..braids import Braid
from .laurent import Laurent
from .modular import PRIME, centered, interpolate, mersenne_prime

LARGEST_WORD = 1000


def alexander_value(braid: Braid, t: int, prime: int = PRIME) -> int:
    """Delta(t) modulo a prime, in the symmetric normalization; 1 for the unknot at every t.

    Raises:
        ValueError: for a closure that is no knot, or a t that is 0 or an n-th root of 1 modulo the prime.
    """
    half = (braid.require_knot().strands - 1 - braid.writhe) // 2
    return burau_value(braid, t, prime) * pow(t, half, prime) % prime


def alexander(braid: Braid) -> Laurent:
    """The Alexander polynomial of a knot, exact, with Delta(t) = Delta(1/t) and Delta(1) = 1.

    Delta is a polynomial in u = t + 1/t of degree at most (letters - strands + 1)/2. It is interpolated
    modulo a Mersenne prime that is larger than twice any coefficient: these are smaller than 2^letters, the
    number of ways to split all crossings.

    Raises:
        ValueError: for a closure that is no knot, or a word of more than 1000 letters.
    """
    letters, strands = len(braid.require_knot()), braid.strands
    check_length(letters)
    genus = (letters - strands + 1) // 2
    prime = mersenne_prime(letters + 1)
    points = list(range(2, genus + 3))
    values = [alexander_value(braid, t, prime) for t in points]
    arguments = [(t + pow(t, -1, prime)) % prime for t in points]
    in_u = interpolate(arguments, values, prime)
    symmetric = in_t(in_u)
    return Laurent([centered(c, prime) for c in symmetric], -(len(symmetric) // 2))


def in_t(in_u: list[int]) -> list[int]:
    """A polynomial in u = t + 1/t as one in t, divided by its lowest power."""
    total = [0]
    for coefficient in reversed(in_u):
        # Horner's rule: u = (1 + t^2) / t.
        total = [a + b for a, b in zip([*total, 0, 0], [0, 0, *total], strict=True)]
        total[len(total) // 2] += coefficient
    return total


def check_length(letters: int) -> None:
    """Raise ValueError for a word that is too long for the exact polynomial."""
    if letters > LARGEST_WORD:
        raise ValueError(f"the word has {letters} letters; the exact Alexander polynomial takes up to {LARGEST_WORD}")


def burau_value(braid: Braid, t: int, prime: int) -> int:
    """(1 - t) / (1 - t^n) det(1 - B(t)) modulo a prime, for the closure of any braid.

    Raises:
        ValueError: for a t that is 0 or an n-th root of 1 modulo the prime.
    """
    n = braid.strands
    power = pow(t, n, prime)
    if t % prime == 0 or power == 1:
        raise ValueError(f"t is {t}; Delta(t) needs a t other than 0 with t^{n} different from 1 modulo {prime}")
    columns = [[-x for x in column] for column in _burau(braid, t, prime)]
    for i in range(n - 1):
        columns[i][i] += 1
    return _determinant(columns, prime) * (1 - t) * pow(1 - power, -1, prime) % prime


def _burau(braid: Braid, t: int, prime: int) -> list[list[int]]:
    """Columns of the reduced Burau matrix modulo a prime.

    s_i is the identity but for row i, (t, -t, 1) at columns i-1, i, i+1; multiplying by it from the right
    changes three columns.
    """
    size = braid.strands - 1
    inverse = pow(t, -1, prime)
    columns = [[int(i == j) for i in range(size)] for j in range(size)]
    for letter in braid.letters:
        i = abs(letter) - 1
        own = columns[i]
        # (left, own, right) of the row, and of the row of the inverse matrix
        left, middle, right = (t, -t, 1) if letter > 0 else (1, -inverse, inverse)
        if i > 0:
            columns[i - 1] = [(a + left * b) % prime for a, b in zip(columns[i - 1], own, strict=True)]
        if i + 1 < size:
            columns[i + 1] = [(a + right * b) % prime for a, b in zip(columns[i + 1], own, strict=True)]
        columns[i] = [middle * b % prime for b in own]
    return columns


def _determinant(rows: list[list[int]], prime: int) -> int:
    """Gaussian elimination modulo a prime; the matrix is used up."""
    determinant = 1
    while rows:
        pivot = next((k for k, row in enumerate(rows) if row[-1] % prime), None)
        if pivot is None:
            return 0
        # Pivot row to the bottom, next to the corner that it stands for.
        sign = -1 if (len(rows) - 1 - pivot) % 2 else 1
        top = rows.pop(pivot)
        determinant = sign * determinant * top[-1] % prime
        inverse = pow(top[-1], -1, prime)
        eliminated = []
        for row in rows:
            factor = row[-1] * inverse % prime
            eliminated.append([(a - factor * b) % prime for a, b in zip(row[:-1], top, strict=False)])
        rows = eliminated
    return determinant
