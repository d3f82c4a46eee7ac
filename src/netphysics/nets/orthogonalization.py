"""Gram-Schmidt orthogonalization in float32 that neither fails nor returns a NaN, whatever it is given."""

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32

# A vector closer than this, relative to its length, to the span of the earlier ones is taken to lie in it:
# float32 arithmetic leaves a few units of rounding (1.2e-7) of a vector that truly does.
DEPENDENT = np.float32(2e-6)


def orthonormalize(
    vectors: Float32[Array, "k n"],
) -> tuple[Float32[Array, "k n"], Float32[Array, "k k"]]:
    """Orthonormal rows Q and a lower triangular factor L with vectors = L Q, for any k, n and rank.

    A vector that depends on the earlier ones gets a zero row in Q and a zero on the diagonal of L (otherwise
    positive). Vectors are projected twice, after which Q is orthonormal to rounding ("twice is enough":
    Giraud, Langou, Rozloznik and van den Eshof, Numer. Math. 101, 87 (2005)). Unlike a Cholesky
    factor of the Gram matrix, L keeps the small differences of nearly equal vectors.
    """
    # Not unrolled over k, so that the compile time does not grow with it: rows still to come are zero in Q.
    k = len(vectors)

    def add_row(i, factors):
        frame, triangle = factors
        rest = vectors[i]
        row = jnp.zeros(k, jnp.float32)
        for _ in range(2):
            overlap = product(frame, rest)
            rest = rest - product(overlap, frame)
            row = row + overlap
        square = product(rest, rest)
        independent = square > DEPENDENT**2 * product(vectors[i], vectors[i])
        length = jnp.sqrt(jnp.where(independent, square, 1))
        frame = frame.at[i].set(jnp.where(independent, rest / length, 0))
        return frame, triangle.at[i].set(row.at[i].set(jnp.where(independent, length, 0)))

    return jax.lax.fori_loop(0, k, add_row, (jnp.zeros_like(vectors), jnp.zeros((k, k), jnp.float32)))


def product(a: Float32[Array, "..."], b: Float32[Array, "..."]) -> Float32[Array, "..."]:
    """A matrix product in full float32; accelerators would round the factors by default."""
    return jnp.matmul(a, b, precision="highest")
