"""Standard normal numbers at the speed of the processor: the Threefry cipher and the Box-Muller transform.

Nearly all the time of an ensemble goes into normal numbers. `jax.random.normal` draws from the same
cipher, but on CPUs keeps its rounds in a loop that the compiler cannot vectorize well, throws half of the
output away, and inverts the error function. Here the rounds are written out, both output words are used,
and a pair of words becomes a pair of normals. The numbers depend on the key and the shape only, never on
how the call is batched.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key, PRNGKeyArray, UInt32

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = np.uint32(0x1BD11BDA)

# Taylor coefficients in θ² of cos θ and sin θ / θ: exact to 7e-9 for |θ| <= π/2.
SERIES = np.array([[(-1) ** i / math.factorial(2 * i + odd) for i in range(7)] for odd in (0, 1)], np.float32)


def random_words(count: int, *, key: PRNGKeyArray) -> tuple[UInt32[Array, "count"], UInt32[Array, "count"]]:
    """Both output words of the cipher Threefry-2x32 with 20 rounds, on the counters 0 ... count - 1.

    Their exclusive or is `jax.random.bits(key, (count,), jnp.uint32)`.

    Raises ValueError if the key is not a Threefry key, or if there are more counters than 32 bits can tell
    apart.

    Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
    """
    words = jax.random.key_data(key)
    if words.shape != (2,):
        raise ValueError(f"key must be one threefry2x32 key, got key data of shape {words.shape}")
    if not 0 <= count <= 2**32:
        raise ValueError(f"count must be between 0 and 2**32, got {count}")
    schedule = (words[0], words[1], words[0] ^ words[1] ^ PARITY)
    low = jax.lax.iota(jnp.uint32, count) + schedule[1]
    high = jnp.broadcast_to(schedule[0], low.shape)
    for group in range(5):
        for rotation in ROTATIONS[group % 2]:
            high = high + low
            low = (low << np.uint32(rotation)) | (low >> np.uint32(32 - rotation))
            low = low ^ high
        high = high + schedule[(group + 1) % 3]
        low = low + schedule[(group + 2) % 3] + np.uint32(group + 1)
    return high, low


def split(key: PRNGKeyArray, count: int) -> Key[Array, "{count}"]:
    """The keys of `jax.random.split(key, count)`, which on CPUs takes the compiler five times as long.

    Raises ValueError as `random_words` does.
    """
    words = jnp.stack(random_words(count, key=key), axis=1)
    return jax.random.wrap_key_data(words, impl="threefry2x32")


def normal(shape: tuple[int, ...], *, key: PRNGKeyArray) -> Float32[Array, "..."]:
    r"""Independent standard normal numbers, float32, of any shape.

    Box-Muller: r = \sqrt{-2 \ln u} with u uniform on (0, 1] to 32 bits, so that the tails end at 6.7 instead
    of the 5.4 of a 23-bit uniform; the point at radius r and a uniform angle has two independent normal
    coordinates. One bit of the second word turns the point by π, the others are an angle within ±π/2.

    Raises ValueError as `random_words` does.
    """
    size = math.prod(shape)
    first, second = random_words((size + 1) // 2, key=key)
    uniform = (first.astype(jnp.float32) + np.float32(0.5)) * np.float32(2**-32)
    radius = jnp.sqrt(np.float32(-2) * jnp.log(uniform))
    radius = jnp.where(second >> np.uint32(31) == 0, radius, -radius)
    signed = jax.lax.bitcast_convert_type(second << np.uint32(1), jnp.int32)
    angle = signed.astype(jnp.float32) * np.float32(math.pi / 2 * 2**-31)

    def coordinate(trigonometry: tuple[Array, Array]) -> Array:
        series, odd = trigonometry
        value = jnp.broadcast_to(series[-1], angle.shape)
        for i in reversed(range(len(series) - 1)):
            value = value * angle**2 + series[i]
        return radius * jnp.where(odd, angle, 1) * value

    # A loop over the two coordinates, because compilers do not fuse through one. Written as a concatenation,
    # the numbers would be computed inside the loops of their consumer: slowly, and once for each use.
    pair = jax.lax.map(coordinate, (SERIES, np.array([False, True])))
    return pair.reshape(-1)[:size].reshape(shape)
