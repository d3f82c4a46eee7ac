"""Gram-Schmidt: exact factors for well-conditioned vectors, no surprises for any others."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.nets import normal
from netphysics.nets.orthogonalization import gaussian_frame, gram_schmidt


@pytest.mark.parametrize("shape", [(1, 5), (3, 40), (12, 30)])
def test_factors_of_random_vectors(shape, key):
    vectors = normal(shape, key=key)
    frame, triangle = jax.jit(gram_schmidt)(vectors)
    np.testing.assert_allclose(triangle @ frame, vectors, atol=2e-6)
    np.testing.assert_allclose(frame @ frame.T, np.eye(len(vectors)), atol=5e-6)
    assert np.array_equal(triangle, np.tril(triangle)) and np.all(np.diagonal(triangle) > 0)


def test_dependent_vectors_get_no_direction():
    base = np.array([[3.0, 4.0, 0.0], [0.0, 1.0, 2.0]], np.float32)
    vectors = jnp.asarray(np.stack([base[0], 2 * base[0], 0 * base[0], base[1], base[0] - base[1], base[1]]))
    frame, triangle = jax.jit(gram_schmidt)(vectors)
    assert np.array_equal(np.diagonal(triangle) > 0, [True, False, False, True, False, False])
    np.testing.assert_allclose(triangle @ triangle.T, vectors @ vectors.T, rtol=1e-6, atol=1e-6)
    assert np.array_equal(np.any(frame != 0, axis=1), np.diagonal(triangle) > 0)


@pytest.mark.parametrize("distance", [1e-2, 1e-3, 1e-4])
def test_small_differences_keep_their_length(distance, key):
    """The Gram matrix in float32 would not know a distance below 3e-4 at all."""
    first, second = np.asarray(normal((2, 64), key=key), np.float64)
    vectors = np.stack([first, first + distance * second]).astype(np.float32)
    exact = np.linalg.cholesky(vectors.astype(np.float64) @ vectors.T.astype(np.float64))
    triangle = jax.jit(gram_schmidt)(jnp.asarray(vectors))[1]
    np.testing.assert_allclose(triangle, exact, rtol=1e-6 / distance, atol=1e-6)


@pytest.mark.parametrize("shape", [(8, 8), (4, 16)])
def test_frames_are_orthonormal(shape, key):
    keys = jax.random.split(key, 5000)
    frames = np.asarray(jax.jit(jax.vmap(lambda key: gaussian_frame(normal(shape, key=key))))(keys))
    gram = frames @ frames.transpose(0, 2, 1)
    assert np.max(np.abs(gram - np.eye(shape[0]))) < 2e-6


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_vectors_whose_squares_leave_float32(size, key):
    vectors = np.float32(size) * normal((3, 40), key=key)
    frame, triangle = jax.jit(gram_schmidt)(vectors)
    np.testing.assert_allclose(triangle @ frame, vectors, atol=2e-6 * size)
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=5e-6)
