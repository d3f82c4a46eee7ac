r"""Trainings of whole ensembles: drawn, trained and compared side by side, each with a learning rate of its own."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, Float32, Int, Key, PRNGKeyArray, PyTree

from ...nets import LearningRates
from ...train import SHORT_TRAINING, TrainingProgress, make_train, minibatch
from .networks import Description, Network, check_rates, draw_networks, largest_eigenvalues

Method = Literal["descent", "momentum", "adam"]
Unit = Literal["absolute", "stability"]
Loss = Literal["squared", "cross-entropy"]


@dataclass(frozen=True)
class Descent:
    """How networks are trained.

    Raises ValueError for a learning rate that is not positive, fewer than one step, an empty batch, a momentum
    that is not in [0, 1), names that are not known, and Adam with a rate in units of stability.
    """

    steps: int
    learning_rate: float
    unit: Unit = "stability"
    r"""What the learning rate is measured in: "absolute", or "stability", 2/λ_max of each network's own tangent kernel
    at the start."""
    method: Method = "descent"
    batch: int | None = None
    """Examples drawn for each step, with replacement; None is all of them, in every step."""
    loss: Loss = "squared"
    """Mean over examples of half the squared distance to the one-hot label, or of the cross-entropy."""
    momentum: float = 0.9
    """What remains of the velocity after each step, for the method of that name."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate is {self.learning_rate}; it must be positive")
        for name, kinds in (("unit", Unit), ("method", Method), ("loss", Loss)):
            if getattr(self, name) not in get_args(kinds):
                raise ValueError(f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(get_args(kinds))}")
        if self.steps < 1:
            raise ValueError(f"steps is {self.steps}; it must be at least 1")
        if self.batch is not None and self.batch < 1:
            raise ValueError(f"batch is {self.batch}; it must be at least 1")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum is {self.momentum}; it must be at least 0 and less than 1")
        if self.method == "adam" and self.unit == "stability":
            raise ValueError(
                "unit is 'stability'; it must be 'absolute' for adam, whose steps do not scale with gradients"
            )


@dataclass(frozen=True)
class Ensemble:
    """Trained networks, stacked along a first axis of every array.

    Attributes:
        networks: after training; a diverged one is as it was before it did.
        initial: as they were drawn.
        losses: mean loss of each chunk of steps, shape (chunks, networks); NaN after divergence.
        steps: the last step of each chunk.
        learning_rates: absolute, shape (networks,).
        diverged_at: the step at which a network's loss was not finite, -1 for the others.
        notes: what happened on the way, one sentence each.
    """

    networks: Network
    initial: Network
    losses: Float[np.ndarray, "chunks networks"]
    steps: Int[np.ndarray, " chunks"]
    learning_rates: Float[np.ndarray, " networks"]
    diverged_at: Int[np.ndarray, " networks"]
    notes: tuple[str, ...]

    @property
    def finished(self) -> np.ndarray:
        """Which networks were trained to the end, shape (networks,)."""
        return self.diverged_at < 0

    def steps_to(self, threshold: float) -> Float[np.ndarray, " networks"]:
        """The first step after which each network's loss was below a threshold; infinite if it never was."""
        below = self.losses < threshold
        return np.where(below.any(axis=0), self.steps[below.argmax(axis=0)], np.inf)


class Member(eqx.Module):
    """A network and its learning rate. The rate is among the weights because an optimizer sees these and nothing else
    of a member; its gradient is zero, so that it stays what it is."""

    network: Network
    rate: Float32[Array, ""]


def make_ensemble(
    description: Description,
    inputs: Float[np.ndarray, "k d_in"],
    targets: Float[np.ndarray, "k d_out"],
    descent: Descent,
    rates: LearningRates | None = None,
    *,
    chunks: int = 20,
) -> Callable[..., Ensemble]:
    r"""A function `train(keys, *, folder=None, watch=...)` that draws one network per key and trains all side by side.

    It is compiled once for each number of keys. `folder` is where checkpoints go: the same call goes on from the
    newest, and the result has the same bits. `watch` is told how far training is after every chunk. It raises
    ValueError when every network diverged, with the learning rate that their tangent kernels suggest.

    Args:
        targets: what the outputs should be; one-hot labels, for instance.
        rates: the learning-rate tensor, which multiplies the learning rate; None for 1 for every parameter.
        chunks: how many mean losses are kept.

    Raises:
        ValueError: as `network` and `make_train` do.
    """
    check_rates(description, rates)
    run = make_training(inputs, targets, descent, chunks=chunks)

    def train(
        keys: Key[Array, " networks"],
        *,
        folder: str | Path | None = None,
        watch: Callable[[TrainingProgress], None] = lambda progress: None,
    ) -> Ensemble:
        return run(draw_networks(description, keys, rates), keys, folder=folder, watch=watch)

    return train


def make_training(
    inputs: Float[np.ndarray, "k d_in"], targets: Float[np.ndarray, "k d_out"], descent: Descent, *, chunks: int = 20
) -> Callable[..., Ensemble]:
    """A function `train(networks, keys, *, folder=None, watch=...)` like that of `make_ensemble`, for networks that are
    there already; the keys are for what is drawn during training.

    Raises:
        ValueError: as `make_train` does.
    """
    examples = jnp.asarray(inputs, jnp.float32), jnp.asarray(targets, jnp.float32)
    chunk = -(-descent.steps // chunks)
    run = make_train(first_member, objective(descent), optimizer(descent), steps=descent.steps, chunk=chunk)

    def train(
        networks: Network,
        keys: Key[Array, " networks"],
        *,
        folder: str | Path | None = None,
        watch: Callable[[TrainingProgress], None] = lambda progress: None,
    ) -> Ensemble:
        def limits() -> np.ndarray:
            return 2 / largest_eigenvalues(networks, examples[0], key=jax.random.key(0))

        scale = limits() if descent.unit == "stability" else np.ones(len(keys))
        learning_rates = descent.learning_rate * scale
        settings = {"network": networks, "rate": jnp.asarray(learning_rates, jnp.float32)}
        training = run(keys, settings, examples, folder=folder, watch=watch)
        if not training.finished.any():
            stable = limits()
            raise ValueError(
                f"all {len(keys)} networks diverged with learning rates of {learning_rates.mean():.3g}; their tangent "
                f"kernels have 2 / λ_max = {stable.mean():.3g} (lowest {stable.min():.3g}): stay below"
            )
        ends = np.minimum(chunk * np.arange(1, len(training.losses) + 1), descent.steps)
        return Ensemble(
            training.models.network,
            networks,
            training.losses,
            ends,
            learning_rates,
            training.diverged_at,
            training.notes,
        )

    return train


def first_member(setting: PyTree, *, key: Array) -> Member:
    """What training starts from: the setting holds it already, since its learning rate needs to know it."""
    return Member(setting["network"], setting["rate"])


def objective(descent: Descent) -> Callable[..., Float32[Array, ""]]:
    """The loss of one member on the examples of one step."""
    # What runs long is worth compiling.
    unrolled = descent.steps > SHORT_TRAINING

    def loss(member: Member, setting: PyTree, data: PyTree, *, key: PRNGKeyArray) -> Array:
        inputs, targets = data if descent.batch is None else minibatch(data, descent.batch, key=key)
        values = jax.vmap(functools.partial(member.network, unrolled=unrolled))(inputs)
        return mean_loss(descent.loss, values, targets)

    return loss


def mean_loss(kind: Loss, values: Float32[Array, "k c"], targets: Float32[Array, "k c"]) -> Float32[Array, ""]:
    """The mean over examples of half the squared distance, or of the cross-entropy."""
    if kind == "squared":
        return jnp.mean(jnp.sum(optax.l2_loss(values, targets), axis=1))
    return jnp.mean(optax.softmax_cross_entropy(values, targets))


def optimizer(descent: Descent) -> optax.GradientTransformation:
    """The method, with steps in units of a member's own rate."""
    direction = {
        "descent": optax.identity,
        "momentum": lambda: optax.trace(descent.momentum),
        "adam": optax.scale_by_adam,
    }[descent.method]

    def step(updates: PyTree, member: PyTree) -> PyTree:
        return jax.tree.map(lambda update: -member.rate * update, updates)

    return optax.chain(direction(), optax.stateless(step))
