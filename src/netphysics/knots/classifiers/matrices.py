r"""A product of learned matrices, one for each generator: the multiplicative model of a braid word.

The word $i_1 i_2 \ldots$ becomes $P = M_{i_1} M_{i_2} \cdots$, with $M_{-i} = M_i^{-1}$, and the closed braid is seen
through numbers that do not change when P is conjugated:
$x = \det(1 - P) / \sqrt{|\det P|}$ and $\mathrm{tr}\, P / \sqrt{|\det P|}$.
If the matrices are a representation of the braid group, so that $M_i M_{i+1} M_i = M_{i+1} M_i M_{i+1}$, the model
is invariant under all moves that keep the number of strands. The reduced Burau representation is one such choice;
x is then the Alexander polynomial at one t, up to a factor that only the strands know.
"""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .letters import WordArray, draw_matrices

TINY = np.float32(1e-6)


class LetterMatrices(eqx.Module):
    """One matrix per generator, their product along the word, and a small perceptron on its invariants.

    Args:
        strands: of all words.
        size: of the matrices; `strands` - 1 is that of the reduced Burau representation.
        width: hidden units of the perceptron.
    """

    generators: Float[Array, "generators size size"]
    up: Float[Array, "2 width"]
    threshold: Float[Array, " width"]
    down: Float[Array, " width"]
    offset: Float[Array, ""]

    def __init__(self, strands: int, size: int, *, width: int = 16, key: PRNGKeyArray):
        matrices, threshold, up, down = draw_matrices(
            [(strands - 1, size, size), (1, width), (2, width), (width, 1)], key=key
        )
        self.generators = matrices
        self.up, self.threshold, self.down = up, threshold[0], down[:, 0]
        self.offset = jnp.zeros((), jnp.float32)

    def product(self, word: WordArray) -> Float[Array, "size size"]:
        """P, the product of the matrices of all letters."""
        one = jnp.eye(self.generators.shape[1], dtype=jnp.float32)
        table = jnp.concatenate([jnp.linalg.inv(self.generators)[::-1], one[None], self.generators])
        rows = len(self.generators) + word.astype(jnp.int32)

        def times(product: Array, row: Array) -> tuple[Array, None]:
            return product @ table[row], None

        return jax.lax.scan(times, one, rows)[0]

    def __call__(self, word: WordArray, *, key: PRNGKeyArray) -> Float[Array, ""]:
        """The log odds that the closure of the word is a knot; `key` is not used."""
        product = self.product(word)
        one = jnp.eye(len(product), dtype=jnp.float32)
        size = jnp.sqrt(jnp.abs(jnp.linalg.det(product)) + TINY)
        numbers = jnp.abs(jnp.stack([jnp.linalg.det(one - product), jnp.trace(product)])) / size
        x = jnp.log(numbers + np.float32(1e-2))
        return jnp.tanh(x @ self.up + self.threshold) @ self.down + self.offset
