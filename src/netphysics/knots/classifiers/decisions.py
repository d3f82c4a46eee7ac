"""Decisions: networks of one kind, trained together to tell knots from unknots, and how well they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Key, PRNGKeyArray, PyTree

from ...train import Training, TrainingProgress, compiled, make_train, minibatch
from .equivalence import equivalent_word, symmetric_word
from .examples import Examples
from .feedforward import FeedForward
from .hashing import Hashing
from .transformer import Transformer

Keys = Key[Array, " members"]
# Forms of a word that a network is asked about.
FORMS = 8
# How often a training tells how far it is.
REPORTS = 20
ARCHITECTURES = ("feed-forward", "transformer", "reformer", "cyclic")


@dataclass(frozen=True)
class TrainingSettings:
    """How a network is built and trained.

    Attributes:
        architecture: the kind of network: feed-forward, transformer, reformer or cyclic.
        length, largest: letters of a padded word, and size of the largest letter.
        width, depth: of a transformer, which ends with a hidden layer of eight times the width; a feed-forward network
            has 1 + depth of these layers.
        hashing: of a Reformer.
        steps, batch, rate: Adam's steps, examples of each, and the highest learning rate; it is reached after a
            twentieth of the steps, and then falls to zero like a cosine.
        sweeps: of braid relations between a word that was drawn and the word that is learned; a network never sees
            a word twice in the same form, since each is rotated, reversed, mirrored and turned over at random.

    Raises:
        ValueError: for an unknown architecture.
    """

    architecture: str
    length: int
    largest: int
    width: int = 32
    depth: int = 2
    hashing: Hashing = field(default_factory=Hashing)
    steps: int = 1000
    batch: int = 128
    rate: float = 1e-2
    sweeps: int = 0

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise ValueError(f"architecture is {self.architecture!r}; it must be one of {', '.join(ARCHITECTURES)}")

    def network(self, *, key: PRNGKeyArray) -> FeedForward | Transformer:
        """An untrained network."""
        if self.architecture == "feed-forward":
            return FeedForward(self.length, self.largest, width=8 * self.width, depth=1 + self.depth, key=key)
        kinds: dict[str, dict[str, Any]] = {
            "transformer": {},
            "reformer": {"hashing": self.hashing},
            "cyclic": {"cyclic": True},
        }
        kind = kinds[self.architecture]
        return Transformer(self.length, self.largest, width=self.width, depth=self.depth, **kind, key=key)


def log_odds(model: Callable, words: Array, *, key: PRNGKeyArray) -> Float[Array, " count"]:
    """What one network says about each word; all words are hashed alike."""
    return jax.vmap(lambda word: model(word, key=key))(words)


def cross_entropy(
    model: Callable, examples: PyTree, size: int, augment: Callable | None = None, *, key: PRNGKeyArray
) -> Float[Array, ""]:
    """Of one network on `size` random examples; `augment(word, key=key)` is another word for the same closure."""
    drawn, hashed, augmented = jax.random.split(key, 3)
    words, knotted = minibatch(examples, size, key=drawn)
    if augment is not None:
        words = jax.vmap(lambda word, key: augment(word, key=key))(words, jax.random.split(augmented, size))
    return jnp.mean(optax.sigmoid_binary_cross_entropy(log_odds(model, words, key=hashed), knotted))


def make_decider(settings: TrainingSettings) -> Callable[..., Training]:
    """A function `train(keys, examples, watch=...)` that trains one network per key, each on examples of its own.

    `watch` is told a `TrainingProgress` twenty times. Clipping and weight decay are those of common practice:
    gradients of norm 1 at most, decay 0.01. With Nesterov's momentum, and a rate that is reached slowly and so can
    be high, short trainings end at a lower loss.
    """

    def augment(word: Array, *, key: PRNGKeyArray) -> Array:
        if settings.sweeps:
            return equivalent_word(word, settings.sweeps, key=key)
        return symmetric_word(word, key=key)

    schedule = optax.warmup_cosine_decay_schedule(0.0, settings.rate, settings.steps // 20, settings.steps)
    train = make_train(
        lambda setting, *, key: settings.network(key=key),
        lambda model, setting, data, *, key: cross_entropy(model, setting, settings.batch, augment, key=key),
        optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=1e-2, nesterov=True)),
        steps=settings.steps,
        chunk=-(-settings.steps // REPORTS),
    )

    def decider(
        keys: Keys, examples: Sequence[Examples], watch: Callable[[TrainingProgress], None] = lambda progress: None
    ) -> Training:
        words, knotted = (np.stack([getattr(each, name) for each in examples]) for name in ("words", "knotted"))
        return train(keys, (jnp.asarray(words), jnp.asarray(knotted)), watch=watch)

    return decider


@compiled(once=True)
def all_log_odds(models: PyTree, words: Array, key: PRNGKeyArray, forms: int = FORMS) -> Float[Array, "members count"]:
    """What each member says about its own words, of shape (members, count, letters).

    Args:
        forms: the log odds are the mean over so many random forms of a word, rotated, reversed, mirrored, turned
            over, all of which close to the same knot or its mirror image; 0 for the word as it is.
    """

    def one(model: Callable, words: Array) -> Array:
        def of_form(key: PRNGKeyArray) -> Array:
            keys = jax.random.split(key, len(words))
            return log_odds(model, jax.vmap(lambda word, key: symmetric_word(word, key=key))(words, keys), key=key)

        if forms == 0:
            return log_odds(model, words, key=key)
        # One form after the other: attention to all at once needs gigabytes.
        return jax.lax.map(of_form, jax.random.split(key, forms)).mean(axis=0)

    return eqx.filter_vmap(one)(models, words)


def balanced_accuracy(log_odds: Float[np.ndarray, "*_ count"], knotted: Float[np.ndarray, " count"]) -> np.ndarray:
    """The mean of the shares of knots and of unknots that are recognized."""
    said = np.asarray(log_odds) > 0
    truth = knotted > 0
    return np.asarray((said[..., truth].mean(axis=-1) + (~said[..., ~truth]).mean(axis=-1)) / 2)
