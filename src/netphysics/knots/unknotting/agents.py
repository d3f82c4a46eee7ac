"""Agents: a policy and a value, small networks that see a word from its front and know nothing of its length."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray, UInt8

from .actions import CONJUGATE, EXCHANGE, Actions
from .view import AMOUNTS, CLASSES, SIGHTS, SIGHTS_AT_PLACE, View, conjugations, view, views_at_places
from .words import Word, legal

IMPOSSIBLE = np.float32(-1e9)
# Gains of hidden layers and of the last ones of a policy and of a value, as in stable-baselines3: with so small a last
# layer, all actions begin equally likely.
HIDDEN, UNDECIDED, WORTH = math.sqrt(2), 0.01, 1.0
# In the extended set the kinds begin about as likely as for the weighted walker, in the order of `KINDS` with both
# signs of a stabilization: all alike, a quarter of the moves would stabilize, and nothing would ever be untied.
EXTENDED = (0.02, 0.03, 0.02, 0.02, 0.3, 0.06, 0.3, 0.01, 0.01, 0.6)


class Network(eqx.Module):
    """A multilayer perceptron with tanh on what is seen: classes, and amounts.

    The first layer is that of a vector with a single one for each class: it adds up one row of weights for each sight.
    Weights begin as rows or columns that are orthogonal to each other (Saxe et al., 1312.6120), biases at zero.

    Args:
        sights, amounts: how many of each are seen.
        widths: units of the layers.
        gain: of the last one.
    """

    rows: Float[Array, "sights classes units"]
    matrices: tuple[Float[Array, "_ _"], ...]
    biases: tuple[Float[Array, " _"], ...]

    def __init__(self, sights: int, amounts: int, widths: tuple[int, ...], gain: float, *, key: PRNGKeyArray):
        inputs = sights * CLASSES + amounts
        shapes = list(itertools.pairwise((inputs, *widths)))
        gains = [*[HIDDEN] * (len(shapes) - 1), gain]
        first, *others = (
            jax.nn.initializers.orthogonal(gain)(key, shape, jnp.float32)
            for shape, gain, key in zip(shapes, gains, jax.random.split(key, len(shapes)), strict=True)
        )
        self.rows = first[: sights * CLASSES].reshape(sights, CLASSES, -1)
        self.matrices = (first[sights * CLASSES :], *others)
        self.biases = tuple(jnp.zeros(units, jnp.float32) for units in widths)

    def __call__(self, classes: UInt8[Array, " sights"], amounts: Float[Array, " amounts"]) -> Float[Array, " outputs"]:
        def add(total: Array, sight: tuple[Array, Array]) -> tuple[Array, None]:
            rows, one = sight
            return total + row(rows, one), None

        x = amounts @ self.matrices[0] + self.biases[0]
        x = jax.lax.scan(add, x, (self.rows, classes))[0]
        for matrix, bias in zip(self.matrices[1:], self.biases[1:], strict=True):
            x = jnp.tanh(x) @ matrix + bias
        return x


class Seen(NamedTuple):
    """All that an agent is told of a word; computed once, however often its networks are evaluated.

    Attributes:
        front: the word from its front.
        conjugations: each letter to conjugate by, next to the ends of the word.
        places: the letters around each place, in the extended set only.
        legal: which actions do something of their own.
    """

    front: View
    conjugations: UInt8[Array, "*batch letters 2"]
    places: UInt8[Array, "*batch places _"] | None
    legal: Bool[Array, "*batch actions"]


def see(word: Word, actions: Actions) -> Seen:
    """What an agent is told of a word."""
    places = views_at_places(word) if actions.extended else None
    return Seen(view(word), conjugations(word, actions), places, legal(word, actions))


class Policy(eqx.Module):
    """How likely each action is.

    The first choice is between kinds; which letter to conjugate by, and at which place to apply a relation, is a
    second one, by how each letter or place looks: so the policy does not depend on how many there are.
    """

    kinds: Network
    places: Network | None

    def __init__(self, width: int, extended: bool, *, key: PRNGKeyArray):
        one, other = jax.random.split(key)
        choices = CONJUGATE + 1 + (4 if extended else 0)
        kinds = Network(SIGHTS, AMOUNTS, (width, width, choices + 2 * CLASSES), UNDECIDED, key=one)
        beginning = jnp.log(jnp.array(EXTENDED if extended else choices * (1.0,), jnp.float32))
        self.kinds = eqx.tree_at(lambda kinds: kinds.biases[-1], kinds, kinds.biases[-1].at[:choices].set(beginning))
        self.places = Network(SIGHTS_AT_PLACE, 0, (width // 2, 1), UNDECIDED, key=other) if extended else None

    def __call__(self, seen: Seen) -> Float[Array, " actions"]:
        """Log probabilities; what is not legal is as good as impossible."""
        found = self.kinds(*seen.front)
        kinds, letters = found[: -2 * CLASSES], found[-2 * CLASSES :].reshape(2, CLASSES)
        count = len(seen.conjugations)
        conjugating = slice(CONJUGATE, CONJUGATE + count)
        looks = row(letters[0], seen.conjugations[:, 0]) + row(letters[1], seen.conjugations[:, 1])
        scores = [kinds[:CONJUGATE], kinds[CONJUGATE] + among(looks, seen.legal[conjugating])]
        if self.places is not None and seen.places is not None:
            relating = jax.vmap(self.places, in_axes=(0, None))(seen.places, jnp.zeros(0, jnp.float32))[:, 0]
            scores += [kinds[EXCHANGE:-1], kinds[-1] + among(relating, seen.legal[-len(relating) :])]
        return among(jnp.concatenate(scores), seen.legal)


class Agent(eqx.Module):
    """A policy, and a value: the discounted sum of rewards to come, in units that are the learner's.

    Args:
        width: units of each of two hidden layers.
        extended: whether it acts in the extended set.
    """

    policy: Policy
    value: Network

    def __init__(self, width: int = 64, extended: bool = False, *, key: PRNGKeyArray):
        one, other = jax.random.split(key)
        self.policy = Policy(width, extended, key=one)
        self.value = Network(SIGHTS, AMOUNTS, (width, width, 1), WORTH, key=other)

    def __call__(self, word: Word, actions: Actions) -> Float[Array, " actions"]:
        """Log probabilities of all actions at a word."""
        return self.policy(see(word, actions))

    def worth(self, word: Word) -> Float[Array, ""]:
        """The value of a word."""
        return self.value(*view(word))[0]


def row(rows: Float[Array, " *_"], number: UInt8[Array, " *_"]) -> Float[Array, " *_"]:
    """Some of the rows. Classes are never out of bounds, and not to look makes it three times as fast."""
    return rows.at[number].get(mode="promise_in_bounds")


def among(scores: Float[Array, " choices"], possible: Bool[Array, " choices"]) -> Float[Array, " choices"]:
    """Log probabilities of what is possible, by scores."""
    return jax.nn.log_softmax(jnp.where(possible, scores, IMPOSSIBLE))


def chosen(log_probabilities: Float[Array, " actions"], number: Float[Array, ""]) -> Array:
    """The action that a uniform random number in [0, 1) stands for."""
    total = jnp.cumsum(jnp.exp(log_probabilities))
    action = (total <= number * total[-1]).sum(dtype=jnp.int32)
    return jnp.minimum(action, len(log_probabilities) - 1)
