"""Agents: a policy and a value, small networks that see a word from its front and know nothing of its length."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from ...nets import normal
from .actions import CONJUGATE, EXCHANGE, Actions
from .view import CLASSES, SEEN, SEEN_AT_PLACE, conjugations, view, views_at_places
from .words import Word, legal

IMPOSSIBLE = np.float32(-1e9)
# With last weights that are so small all actions begin equally likely, and all values at zero.
LAST = 0.01


class Layers(eqx.Module):
    """A multilayer perceptron with tanh, weights of variance 1 / inputs, the last ones smaller."""

    weights: tuple[Float[Array, "_ _"], ...]
    biases: tuple[Float[Array, " _"], ...]

    def __init__(self, widths: tuple[int, ...], *, key: PRNGKeyArray):
        shapes = list(itertools.pairwise(widths))
        gains = [*[1.0] * (len(shapes) - 1), LAST]
        self.weights = tuple(
            normal(shape, key=key) * np.float32(gain / math.sqrt(shape[0]))
            for shape, gain, key in zip(shapes, gains, jax.random.split(key, len(shapes)), strict=True)
        )
        self.biases = tuple(jnp.zeros(outputs, jnp.float32) for _, outputs in shapes)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = jnp.tanh(x @ weight + bias)
        return x @ self.weights[-1] + self.biases[-1]


class Seen(NamedTuple):
    """All that an agent is told of a word; computed once, however often its networks are evaluated.

    Attributes:
        front: the word from its front.
        conjugations: each letter to conjugate by, next to the ends of the word.
        places: the letters around each place, in the extended set only.
        legal: which actions do something of their own.
    """

    front: Float[Array, "*batch seen"]
    conjugations: Float[Array, "*batch letters _"]
    places: Float[Array, "*batch places _"] | None
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

    kinds: Layers
    places: Layers | None

    def __init__(self, width: int, extended: bool, *, key: PRNGKeyArray):
        one, other = jax.random.split(key)
        choices = CONJUGATE + 1 + (4 if extended else 0)
        self.kinds = Layers((SEEN, width, width, choices + 2 * CLASSES), key=one)
        self.places = Layers((SEEN_AT_PLACE, width // 2, 1), key=other) if extended else None

    def __call__(self, seen: Seen) -> Float[Array, " actions"]:
        """Log probabilities; what is not legal is as good as impossible."""
        found = self.kinds(seen.front)
        kinds, letters = found[: -2 * CLASSES], found[-2 * CLASSES :]
        count = len(seen.conjugations)
        conjugating = slice(CONJUGATE, CONJUGATE + count)
        scores = [kinds[:CONJUGATE], kinds[CONJUGATE] + among(seen.conjugations @ letters, seen.legal[conjugating])]
        if self.places is not None and seen.places is not None:
            relating = jax.vmap(self.places)(seen.places)[:, 0]
            scores += [kinds[EXCHANGE:-1], kinds[-1] + among(relating, seen.legal[-len(relating) :])]
        return among(jnp.concatenate(scores), seen.legal)


class Agent(eqx.Module):
    """A policy, and a value: the discounted sum of rewards to come, in units that are the learner's.

    Args:
        width: units of each of two hidden layers.
        extended: whether it acts in the extended set.
    """

    policy: Policy
    value: Layers

    def __init__(self, width: int = 64, extended: bool = False, *, key: PRNGKeyArray):
        one, other = jax.random.split(key)
        self.policy = Policy(width, extended, key=one)
        self.value = Layers((SEEN, width, width, 1), key=other)

    def __call__(self, word: Word, actions: Actions) -> Float[Array, " actions"]:
        """Log probabilities of all actions at a word."""
        return self.policy(see(word, actions))

    def worth(self, word: Word) -> Float[Array, ""]:
        """The value of a word."""
        return self.value(view(word))[0]


def among(scores: Float[Array, " choices"], possible: Bool[Array, " choices"]) -> Float[Array, " choices"]:
    """Log probabilities of what is possible, by scores."""
    return jax.nn.log_softmax(jnp.where(possible, scores, IMPOSSIBLE))


def chosen(log_probabilities: Float[Array, " actions"], number: Float[Array, ""]) -> Array:
    """The action that a uniform random number in [0, 1) stands for."""
    total = jnp.cumsum(jnp.exp(log_probabilities))
    action = (total <= number * total[-1]).sum(dtype=jnp.int32)
    return jnp.minimum(action, len(log_probabilities) - 1)
