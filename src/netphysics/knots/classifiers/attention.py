r"""Attention with one vector as query and key, as the Reformer has it (Kitaev, Kaiser and Levskaya, 2001.04451).

With queries q and keys $k_j = q_j / |q_j|$, letter i sees letter j with weight
$\exp(q_i \cdot k_j / \sqrt d + b_{ij})$.
A letter is most similar to itself, so it looks at itself only where there is nothing else to look at.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

# Scores of oneself, and of what must not be seen; both underflow in a softmax, the second one first.
ONESELF, UNSEEN = np.float32(-5e4), np.float32(-1e9)
TINY = np.float32(1e-12)


def keys_of(query: Float[Array, "letters width"]) -> Float[Array, "letters width"]:
    """The keys that belong to shared queries: the same vectors at length 1."""
    return query * jax.lax.rsqrt(jnp.sum(query**2, axis=-1, keepdims=True) + TINY)


def shared_attention(
    query: Float[Array, "letters width"],
    value: Float[Array, "letters width"],
    mask: Bool[Array, "#letters letters"],
    bias: Float[Array, "letters letters"] | None = None,
) -> Float[Array, "letters width"]:
    """Exact attention of one head over all letters.

    Args:
        mask: what can be seen: row i, or the only row, by letter i.
        bias: what is added to the scores.
    """
    # Column i is what letter i sees: sums over columns add whole rows, which a CPU does several times faster.
    scores = keys_of(query) @ query.T / np.float32(np.sqrt(query.shape[1]))
    if bias is not None:
        scores = scores + bias.T
    scores = jnp.where(jnp.eye(len(query), dtype=bool), ONESELF, scores)
    return jax.nn.softmax(jnp.where(mask.T, scores, UNSEEN), axis=0).T @ value
