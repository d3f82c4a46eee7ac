"""Learning to tell decays: how many examples each kind of network needs, and what it makes of faster ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Int, PRNGKeyArray

from ...train import Training, compiled, make_train
from .decays import BODIES, KINDS, W_BOSON, boosted, labeled_decay
from .networks import EquivariantNetwork, InvariantNetwork, PlainNetwork

Arm = Literal["plain", "augmented", "invariants", "equivariant"]
Classifier = PlainNetwork | InvariantNetwork | EquivariantNetwork
SLOW, FAST = (0.0, 0.5), (0.9, 0.98)
# Samples of all sizes share one program.
CHUNK = 4000


@dataclass(frozen=True)
class TrainingSettings:
    """How a classifier is trained: Adam, its rate falling to zero along a cosine; augmentation boosts up to a speed."""

    steps: int = 1500
    batch: int = 128
    rate: float = 3e-3
    decay: float = 1e-3
    augmented_to: float = 0.98


def build(arm: Arm, *, key: PRNGKeyArray) -> Classifier:
    """The network of an arm."""
    if arm == "equivariant":
        return EquivariantNetwork(KINDS, key=key)
    return (InvariantNetwork if arm == "invariants" else PlainNetwork)(BODIES, key=key)


def decays(speeds: tuple[float, float], count: int, *, key: PRNGKeyArray) -> tuple[Array, Array]:
    """`count` labeled decays with speeds in a range: float32 momenta and boolean labels."""
    keys = jax.random.split(key, count + -count % CHUNK)
    slowest, fastest = (jnp.asarray(speed, jnp.float32) for speed in speeds)
    chunks = [_decays(slowest, fastest, keys[start : start + CHUNK]) for start in range(0, count, CHUNK)]
    momenta, labels = (jnp.concatenate(each)[:count] for each in zip(*chunks, strict=True))
    return momenta, labels


@compiled(once=True)
def _decays(slowest: Array, fastest: Array, keys: Array) -> tuple[Array, Array]:
    return jax.vmap(lambda key: labeled_decay(slowest, fastest, key=key))(keys)


def trainer(arm: Arm, settings: TrainingSettings) -> Callable[..., Training]:
    """A function `train(keys, examples, (momenta, labels))` that trains one classifier for each key.

    Each learns from so many of the decays, the first ones: classifiers that learn from few and from many are trained
    side by side. `examples` are int32 of shape (members,).
    """

    def init(examples: Int[Array, ""], *, key: PRNGKeyArray) -> Classifier:
        return build(arm, key=key)

    def loss(
        model: Classifier, examples: Int[Array, ""], data: tuple[Array, Array], *, key: PRNGKeyArray
    ) -> Float[Array, ""]:
        for_examples, for_boosts = jax.random.split(key)
        rows = jax.random.randint(for_examples, (settings.batch,), 0, examples, jnp.int32)
        momenta, labels = data[0][rows], data[1][rows]
        if arm == "augmented":
            keys = jax.random.split(for_boosts, settings.batch)
            momenta = jax.vmap(lambda p, key: boosted(p, settings.augmented_to, key=key))(momenta, keys)
        logits = jax.vmap(model)(momenta)
        return jnp.mean(optax.sigmoid_binary_cross_entropy(logits, labels.astype(jnp.float32)))

    optimizer = optax.adamw(optax.cosine_decay_schedule(settings.rate, settings.steps), weight_decay=settings.decay)
    return make_train(init, loss, optimizer, steps=settings.steps)


@compiled(once=True)
def logits(models: Classifier, momenta: Array) -> Array:
    """Outputs of all members for all events, shape (members, events)."""
    return eqx.filter_vmap(lambda model: jax.vmap(model)(momenta))(models)


def areas(training: Training, momenta: Array, labels: Array) -> np.ndarray:
    """Area under the curve of every member, shape (members,)."""
    from sklearn.metrics import roc_auc_score

    return np.array([roc_auc_score(labels, scores) for scores in np.asarray(logits(training.models, momenta))])


def best_area(momenta: np.ndarray, labels: np.ndarray) -> float:
    """Area of the optimal classifier, the ratio of densities in the mass of the light quarks.

    Flat decays are uniform over all pair masses, those of a resonance along its line, whose length is 1 - y.
    """
    from sklearn.metrics import roc_auc_score

    total = momenta.sum(axis=1)
    y = mass_squared(momenta[:, 0] + momenta[:, 1]) / mass_squared(total)
    line = np.exp(-(((y - W_BOSON.mass_squared) / W_BOSON.width) ** 2) / 2)
    return float(roc_auc_score(labels, line / np.maximum(1 - y, np.finfo(float).eps)))


def mass_squared(p: np.ndarray) -> np.ndarray:
    """Of momenta with shape (events, 4)."""
    return p[:, 0] ** 2 - np.sum(p[:, 1:] ** 2, axis=1)
