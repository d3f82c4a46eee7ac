r"""Is a set of matrices a representation of the braid group, and is it Burau's?

A representation obeys $M_i M_j M_i = M_j M_i M_j$ for neighbors and $M_i M_j = M_j M_i$ for all others. The reduced
Burau representation on n strands has size n - 1, and $\sigma_i$ has the eigenvalues $1, \ldots, 1, -t$.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

# Words up to this length are compared with Burau's.
LONGEST = 3


def relation_residual(generators: Float[Array, "generators size size"]) -> Float[Array, ""]:
    r"""How far matrices are from a representation of the braid group, in units of the products compared.

    For each pair $|L - R|^2 / (|L|^2 + |R|^2) \cdot 2$ with L, R the two sides of its relation, averaged over pairs: 0
    for a representation, about 2 for unrelated matrices, 4 at most.
    """
    found = []
    for (i, a), (j, b) in itertools.combinations(enumerate(generators), 2):
        left, right = (a @ b @ a, b @ a @ b) if j - i == 1 else (a @ b, b @ a)
        found.append(2 * jnp.sum((left - right) ** 2) / (jnp.sum(left**2) + jnp.sum(right**2)))
    return jnp.stack(found).mean()


def rescaled(generators: Float[np.ndarray, "generators size size"]) -> Float[np.ndarray, "generators size size"]:
    r"""The matrices, each but the first times the factor with which it obeys its relation to the one before best.

    A network that only sees what matrices do to directions cannot know such factors. With B -> cB the two sides
    are $c\, ABA$ and $c^2 BAB$, so that $c = \langle ABA, BAB \rangle / |BAB|^2$.
    """
    found = [np.asarray(generators[0], np.float64)]
    for b in np.asarray(generators[1:], np.float64):
        a = found[-1]
        left, right = a @ b @ a, b @ a @ b
        found.append(b * (left * right).sum() / (right**2).sum())
    return np.stack(found)


def burau(strands: int, t: complex | float) -> np.ndarray:
    """The reduced Burau matrices of the generators at t, shape (strands - 1, strands - 1, strands - 1)."""
    size = strands - 1
    matrices = np.tile(np.eye(size, dtype=complex), (size, 1, 1))
    for i in range(size):
        matrices[i, i, max(i - 1, 0) : i + 2] = np.array([t, -t, 1])[1 if i == 0 else 0 : 2 if i == size - 1 else 3]
    return matrices


def nearest_burau(generators: Float[np.ndarray, "generators size size"]) -> tuple[float, complex]:
    r"""The distance to the nearest multiple c of a reduced Burau representation, and its t.

    Representations are compared by what no change of basis alters, the traces of all words w up to three letters:
    the distance is the root mean square of $(\mathrm{tr}\, M_w - c^{|w|}\, \mathrm{tr}\, B_w(t)) / \mu^{|w|}$, with
    $\mu$ the geometric mean of all eigenvalues' sizes. The eigenvalues suggest c and t; for three strands t is at most
    1 in size.

    Raises:
        ValueError: for matrices that are not as many as they are large.
    """
    count, size = generators.shape[:2]
    if count != size:
        raise ValueError(f"{count} generators have matrices of size {size}; Burau's have size {count}")
    generators = np.asarray(generators, np.float64)
    scale = np.exp(np.log(np.abs(np.linalg.det(generators))).mean() / size)
    generators = generators / scale
    words = [word for length in range(1, LONGEST + 1) for word in itertools.product(range(count), repeat=length)]
    traces = characters(generators, words)
    best = (np.inf, 1.0 + 0.0j)
    for values in np.linalg.eigvals(generators):
        for odd in range(size):
            c = np.delete(values, odd).mean()
            t = -values[odd] / c
            expected = characters(c * burau(count + 1, t), words)
            best = min(best, (float(np.sqrt(np.mean(np.abs(traces - expected) ** 2))), complex(t)), key=lambda x: x[0])
    distance, t = best
    # Of size two, t with factor c and 1/t with factor -ct are the same representation.
    return distance, 1 / t if size == 2 and abs(t) > 1 else t


def characters(generators: np.ndarray, words: Iterable[Sequence[int]]) -> np.ndarray:
    """Traces of words in the generators."""
    return np.array(
        [np.trace(np.linalg.multi_dot([*generators[list(word)], np.eye(len(generators))])) for word in words]
    )
