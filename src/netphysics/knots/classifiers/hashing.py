r"""Attention by locality-sensitive hashing: letters look only at letters in the same bucket.

The Reformer (Kitaev, Kaiser and Levskaya, 2001.04451) hashes a vector x to the bucket $\arg\max [xR; -xR]$ with a
random matrix R, sorts letters by bucket, cuts the sorted row into chunks, and lets a letter see those of its
own bucket in its own chunk and in the one before. Several rounds with other R are combined, and a pair that meets
in several of them counts once. The result is exact attention over the pairs that meet in any round, and is
computed as such: chunks save memory in texts of thousands of letters, and cost time in braid words.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from ...nets import normal
from .attention import shared_attention


@dataclass(frozen=True)
class Hashing:
    """How a Reformer hashes: rounds, letters of a chunk, and number of buckets.

    Raises:
        ValueError: for a number of buckets that is neither 1 nor even, or rounds or chunks below 1.
    """

    hashes: int = 4
    chunk: int = 8
    buckets: int = 4

    def __post_init__(self) -> None:
        for name in ("hashes", "chunk", "buckets"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.buckets > 1 and self.buckets % 2:
            raise ValueError(f"buckets is {self.buckets}; buckets come in pairs, so it must be 1 or even")

    def rotations(self, heads: tuple[int, ...], width: int, *, key: PRNGKeyArray) -> Float[Array, "*_"]:
        """The random matrices of all rounds and heads, shape (*heads, hashes, width, buckets // 2)."""
        # All in one draw, because each draw is compiled on its own.
        return normal((*heads, self.hashes, width, self.buckets // 2), key=key)


def buckets_of(
    query: Float[Array, "letters width"], mask: Bool[Array, " letters"], rotation: Float[Array, "width half"]
) -> Int[Array, " letters"]:
    """The bucket of each letter, from 0; padding has one of its own, behind all others."""
    turned = jax.lax.stop_gradient(query) @ rotation
    sides = jnp.concatenate([turned, -turned], axis=1)
    count = sides.shape[1]
    found = jnp.argmax(sides, axis=1) if count else jnp.zeros(len(query), jnp.int32)
    return jnp.where(mask, found, max(count, 1)).astype(jnp.int32)


def sorted_places(bucket: Int[Array, " letters"]) -> Int[Array, " letters"]:
    """Where each letter goes when letters are sorted by bucket, those of one bucket in the order of the word."""
    # Counting who comes before is quicker than a sort, to compile and, for words, to run.
    order = jnp.arange(len(bucket), dtype=jnp.int32)
    tied = (bucket[None, :] == bucket[:, None]) & (order[None, :] < order[:, None])
    return ((bucket[None, :] < bucket[:, None]) | tied).sum(axis=1).astype(jnp.int32)


def meetings(bucket: Int[Array, " letters"], chunk: int) -> Bool[Array, "letters letters"]:
    """Whether letter i sees letter j in one round: same bucket, and j's chunk is i's or the one before."""
    chunk_of = sorted_places(bucket) // chunk
    behind = chunk_of[:, None] - chunk_of[None, :]
    return (bucket[:, None] == bucket[None, :]) & ((behind == 0) | (behind == 1))


def hashed_attention(
    query: Float[Array, "letters width"],
    value: Float[Array, "letters width"],
    mask: Bool[Array, " letters"],
    rotations: Float[Array, "hashes width half"],
    chunk: int,
) -> Float[Array, "letters width"]:
    """Attention of one head over the letters that meet in one of the rounds, of which each has a rotation."""

    def one_round(rotation: Array) -> Array:
        return meetings(buckets_of(query, mask, rotation), chunk)

    met = jax.vmap(one_round)(rotations).any(axis=0)
    return shared_attention(query, value, mask[None, :] & met)
