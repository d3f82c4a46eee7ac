r"""Attention by locality-sensitive hashing: letters look only at letters in the same bucket.

The Reformer (Kitaev, Kaiser and Levskaya, 2001.04451) hashes a vector x to the bucket $\arg\max [xR; -xR]$ with a
random matrix R, sorts letters by bucket, cuts the sorted row into chunks, and lets a letter see those of its
own bucket in its own chunk and in the one before. Several rounds with other R are combined. A pair that meets
in several rounds counts once, so that the result is exact attention over the pairs that meet in any round.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, PRNGKeyArray

from .attention import ONESELF, UNSEEN, keys_of


def buckets_of(
    query: Float[Array, "letters width"], mask: Bool[Array, " letters"], count: int, *, key: PRNGKeyArray
) -> Int[Array, " letters"]:
    """The bucket of each letter, 0 to `count` - 1; padding has bucket `count`, behind all others.

    Raises:
        ValueError: unless `count` is 1 or even.
    """
    if count != 1 and (count < 1 or count % 2):
        raise ValueError(f"count is {count}; buckets come in pairs, so it must be 1 or even")
    if count == 1:
        found = jnp.zeros(len(query), jnp.int32)
    else:
        rotation = jax.random.normal(key, (query.shape[1], count // 2), jnp.float32)
        turned = jax.lax.stop_gradient(query) @ rotation
        found = jnp.argmax(jnp.concatenate([turned, -turned], axis=1), axis=1).astype(jnp.int32)
    return jnp.where(mask, found, count)


def sorted_places(bucket: Int[Array, " letters"]) -> Int[Array, " letters"]:
    """Where each letter goes when letters are sorted by bucket, those of one bucket in the order of the word."""
    # Words are short: counting who comes before is quicker than a sort, to compile and to run.
    place = jnp.arange(len(bucket), dtype=jnp.int32)
    before = (bucket[None, :] < bucket[:, None]) | (
        (bucket[None, :] == bucket[:, None]) & (place[None, :] < place[:, None])
    )
    return before.sum(axis=1).astype(jnp.int32)


def hashed_attention(
    query: Float[Array, "letters width"],
    value: Float[Array, "letters width"],
    mask: Bool[Array, " letters"],
    *,
    hashes: int,
    chunk: int,
    buckets: int,
    key: PRNGKeyArray,
) -> Float[Array, "letters width"]:
    """Attention of one head over the letters that share a bucket in one of `hashes` rounds.

    Args:
        chunk: letters of a chunk.
        buckets: number of buckets, 1 or even.
    """
    length = len(query)
    short = -length % chunk
    query, value = (jnp.pad(array, ((0, short), (0, 0))) for array in (query, value))
    mask = jnp.pad(mask, (0, short))
    bucket = jax.vmap(lambda key: buckets_of(query, mask, buckets, key=key))(jax.random.split(key, hashes))
    place = jax.vmap(sorted_places)(bucket)
    chunk_of = place // chunk
    key_vectors, scale = keys_of(query), np.float32(1 / np.sqrt(query.shape[1]))

    def meets(i, j):
        """Whether i sees j, in each round: shape (hashes, *pairs)."""
        behind = chunk_of[:, i] - chunk_of[:, j]
        return (bucket[:, i] == bucket[:, j]) & ((behind == 0) | (behind == 1))

    def one_round(number: Int[Array, ""]):
        letters = jnp.arange(len(query), dtype=jnp.int32)
        own = jnp.zeros_like(letters).at[place[number]].set(letters).reshape(-1, chunk)
        seen = jnp.concatenate([own, jnp.roll(own, 1, axis=0)], axis=1)
        i, j = jnp.broadcast_arrays(own[:, :, None], seen[:, None, :])
        meeting = meets(i, j)
        scores = jnp.einsum("cid,cjd->cij", query[own], key_vectors[seen]) * scale
        times = jnp.maximum(meeting.sum(axis=0), 1).astype(jnp.float32)
        scores = jnp.where(i == j, ONESELF, scores) - jnp.log(times)
        # With one chunk, "the chunk before" would be the same letters again.
        first_copy = jnp.arange(2 * chunk, dtype=jnp.int32) < (chunk if len(own) == 1 else 2 * chunk)
        scores = jnp.where(meeting[number] & mask[j] & first_copy[None, None, :], scores, UNSEEN)
        total = jax.nn.logsumexp(scores, axis=-1)
        found = jnp.einsum("cij,cjd->cid", jnp.exp(scores - total[:, :, None]), value[seen])
        return found.reshape(value.shape)[place[number]], total.reshape(-1)[place[number]]

    found, total = jax.vmap(one_round)(jnp.arange(hashes, dtype=jnp.int32))
    weight = jax.nn.softmax(total, axis=0)
    return jnp.sum(weight[:, :, None] * found, axis=0)[:length]
