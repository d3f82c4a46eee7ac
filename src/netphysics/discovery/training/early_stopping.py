"""Early stopping: training in cycles, each annealed to rest, of which the best one on validation rows is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PyTree

from ...train import Training

# A member gets better when its error falls by this share; after so many cycles in which none does, training ends.
WORTHWHILE, PATIENCE = 0.01, 2


class Kept(NamedTuple):
    """The best models of a training by their errors on validation rows.

    Attributes:
        models: the models of all members, with a leading axis.
        errors: root mean square errors on validation rows.
        finished: whether no cycle of a member diverged.
    """

    models: PyTree
    errors: Float[np.ndarray, " members"]
    finished: Bool[np.ndarray, " members"]


def train_in_cycles(
    train: Callable[..., Training],
    validate: Callable[[PyTree], Array],
    keys: Array,
    models: PyTree,
    settings: Callable[[Float[np.ndarray, " members"]], Mapping[str, Any]],
    data: PyTree,
    cycles: int,
) -> Kept:
    """Train again and again from where the last cycle ended, and keep what validates best, the start included.

    At the end of each cycle the learning rate is zero, so that every candidate is annealed (warm restarts: Loshchilov
    and Hutter, arXiv:1608.03983). Short cycles stop early where rows are few and noisy, and go on where they are not:
    time is spent where it is of use.

    Args:
        train: a function made by `make_train` whose members start from `setting["model"]`.
        validate: errors of all members, shape (members,).
        keys: one for each member.
        models: the models to start from, with a leading axis of members.
        settings: what else members need in a cycle, by their least errors so far, with a leading axis of members.
        cycles: at most so many.
    """
    best, errors = models, np.asarray(validate(models), np.float64)
    passed, finished, waited = errors, np.ones(len(keys), bool), 0
    for cycle in range(cycles):
        these = jax.vmap(lambda key, cycle=cycle: jax.random.fold_in(key, cycle))(keys)
        training = train(these, {**settings(errors), "model": models}, data)
        models, finished = training.models, finished & training.finished
        now = np.asarray(validate(models), np.float64)
        better = now < errors
        best, errors = choose(better, models, best), np.where(better, now, errors)
        further = errors < (1 - WORTHWHILE) * passed
        passed, waited = np.where(further, errors, passed), 0 if further.any() else waited + 1
        if waited == PATIENCE:
            break
    return Kept(best, errors, finished)


def choose(better: Bool[np.ndarray, " members"], one: PyTree, other: PyTree) -> PyTree:
    """For each member the one or the other model."""

    def chosen(a: Any, b: Any) -> Any:
        if not eqx.is_array(a):
            return a
        # In numpy, which compiles nothing.
        return jnp.asarray(np.where(better.reshape(-1, *(1,) * (a.ndim - 1)), np.asarray(a), np.asarray(b)))

    return jax.tree.map(chosen, one, other)
