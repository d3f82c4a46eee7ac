"""Arithmetic modulo Mersenne primes."""

from __future__ import annotations

PRIME = 2**61 - 1
_EXPONENTS = (61, 89, 107, 127, 521, 607, 1279, 2203, 4253)


def mersenne_prime(bits: int) -> int:
    """The least prime 2^k - 1 of the list with k larger than `bits`."""
    return next(2**k - 1 for k in _EXPONENTS if k > bits)


def interpolate(points: list[int], values: list[int], prime: int) -> list[int]:
    """Coefficients, lowest first, of the polynomial through (points, values) modulo a prime: Newton's form."""
    divided = list(values)
    for order in range(1, len(points)):
        for k in range(len(points) - 1, order - 1, -1):
            gap = pow(points[k] - points[k - order], -1, prime)
            divided[k] = (divided[k] - divided[k - 1]) * gap % prime
    coefficients = [0]
    for point, value in zip(reversed(points), reversed(divided), strict=True):
        shifted = [0, *coefficients]
        coefficients = [(a - point * b) % prime for a, b in zip(shifted, [*coefficients, 0], strict=True)]
        coefficients[0] = (coefficients[0] + value) % prime
    return coefficients


def centered(value: int, prime: int) -> int:
    """The integer of least size with this remainder."""
    value %= prime
    return value - prime if value > prime // 2 else value
