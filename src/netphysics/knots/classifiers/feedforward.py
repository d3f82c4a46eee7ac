"""The feed-forward network: it sees a word as one long vector, and has no notion of order or symmetry."""

from __future__ import annotations

import itertools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .letters import SURROUNDINGS, WordArray, draw_matrices, embed


class FeedForward(eqx.Module):
    """Vectors of all letters side by side, and a multilayer perceptron with ReLU on top.

    Args:
        length: letters of a padded word.
        largest: size of the largest letter.
        letter_width: size of the vector of a letter.
        width, depth: units of a hidden layer, and number of hidden layers.
    """

    table: Float[Array, "alphabet letter_width"]
    weights: tuple[Float[Array, "_ _"], ...]
    biases: tuple[Float[Array, " _"], ...]

    def __init__(
        self,
        length: int,
        largest: int,
        *,
        letter_width: int = 16,
        width: int = 128,
        depth: int = 2,
        key: PRNGKeyArray,
    ):
        widths = [length * letter_width, *[width] * depth, 1]
        shapes = list(itertools.pairwise(widths))
        table, *weights = draw_matrices([(2 * largest + SURROUNDINGS, letter_width), *shapes], key=key)
        self.table = table * np.float32(np.sqrt(2 * largest + SURROUNDINGS))
        self.weights = tuple(weights)
        self.biases = tuple(jnp.zeros(outputs, jnp.float32) for _, outputs in shapes)

    def __call__(self, word: WordArray, *, key: PRNGKeyArray) -> Float[Array, ""]:
        """The log odds that the closure of the word is a knot; `key` is not used."""
        x = embed(self.table, word).ravel()
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = jax.nn.relu(x @ weight + bias)
        return (x @ self.weights[-1] + self.biases[-1])[0]
