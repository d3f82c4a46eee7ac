"""The Alexander polynomial of thousands of words at one point, side by side on arrays."""

from __future__ import annotations

import numpy as np

# Products of two residues fit into 64 bits.
PRIME = 2**31 - 1
# Where the polynomial is looked at. It is no k-th root of 1 modulo the prime for k up to 100.
POINT = 1_234_567_891
# Words that are worked on at once: their matrices should stay in the cache.
AT_ONCE = 256


def alexander_values(letters: np.ndarray, strands: np.ndarray) -> np.ndarray:
    """Delta at `POINT` modulo `PRIME` for words whose closures are knots; 1 for the unknot.

    `alexander_value` for one word has the conventions. A value other than 1 proves a knot.

    Args:
        letters: int8, shape (count, N).
        strands: shape (count,).

    Returns:
        Residues, uint64, shape (count,).
    """
    found = np.ones(len(letters), np.uint64)
    for count in np.unique(strands[strands > 1]):
        rows = np.flatnonzero(strands == count)
        for begin in range(0, len(rows), AT_ONCE):
            some = rows[begin : begin + AT_ONCE]
            found[some] = _values(letters[some], int(count))
    return found


def _values(letters: np.ndarray, n: int) -> np.ndarray:
    """The values for words on the same number of strands."""
    matrix = _burau(letters, n)
    diagonal = np.arange(n - 1)
    matrix[:, diagonal, diagonal] += PRIME - 1
    unit = (1 - POINT) * pow(1 - pow(POINT, n, PRIME), -1, PRIME) * (-1) ** (n - 1) % PRIME
    half = (n - 1 - np.sign(letters).sum(axis=1, dtype=np.int64)) // 2
    powers = {int(k): pow(POINT, int(k), PRIME) * unit % PRIME for k in np.unique(half)}
    return _determinants(matrix % PRIME) * np.array([powers[k] for k in half.tolist()], np.uint64) % PRIME


def _burau(letters: np.ndarray, n: int) -> np.ndarray:
    """Columns of the reduced Burau matrices, shape (count, n - 1, n - 1)."""
    rows = np.arange(len(letters))
    # A column on either side takes what goes over the edge.
    columns = np.zeros((len(letters), n + 1, n - 1), np.uint64)
    columns[:, 1:n] = np.eye(n - 1, dtype=np.uint64)
    inverse = pow(POINT, -1, PRIME)
    factors = np.array([[[1], [PRIME - inverse], [inverse]], [[POINT], [PRIME - POINT], [1]]], np.uint64)
    for letter in letters.T.astype(np.intp):
        i = np.abs(letter)
        left, middle, right = factors[(letter > 0).astype(np.intp)].swapaxes(0, 1)
        own = columns[rows, i]
        columns[rows, i - 1] = (columns[rows, i - 1] + left * own) % PRIME
        columns[rows, i + 1] = (columns[rows, i + 1] + right * own) % PRIME
        columns[rows, i] = middle * own % PRIME
    return columns[:, 1:n]


def _determinants(matrices: np.ndarray) -> np.ndarray:
    """Gaussian elimination modulo the prime; the matrices are used up."""
    rows, size = np.arange(len(matrices)), matrices.shape[1]
    determinants = np.ones(len(matrices), np.uint64)
    for k in range(size):
        pivot = k + (matrices[:, k:, k] != 0).argmax(axis=1)
        top = matrices[rows, pivot]
        matrices[rows, pivot] = matrices[:, k]
        corner = top[:, k]
        determinants = determinants * np.where(pivot == k, corner, (PRIME - corner) % PRIME) % PRIME
        factors = matrices[:, k + 1 :, k] * _inverses(corner)[:, None] % PRIME
        matrices[:, k + 1 :, k:] += (PRIME - factors[:, :, None]) * top[:, None, k:] % PRIME
        matrices[:, k + 1 :, k:] %= PRIME
    return determinants


def _inverses(residues: np.ndarray) -> np.ndarray:
    """The power p - 2 of each residue: its inverse, and 0 for 0."""
    result, square, exponent = np.ones_like(residues), residues, PRIME - 2
    while exponent:
        if exponent & 1:
            result = result * square % PRIME
        square, exponent = square * square % PRIME, exponent >> 1
    return result
