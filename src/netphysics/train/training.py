"""Training: what comes out of a training, for all members at once."""

from __future__ import annotations

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int, PyTree

RUNNING = -1


@dataclass(frozen=True)
class Training:
    """Trained members.

    Attributes:
        models: the models of all members as one: every array has a leading axis of members. Evaluate them
            together with `eqx.filter_vmap`, or take one with `model`.
        losses: mean loss of each chunk of steps, shape (chunks, members); NaN where a member did not run
            any more.
        diverged_at: the step at which a member's loss or weights were not finite, -1 for members that
            finished, shape (members,). The model of a diverged member is the one before that step.
        notes: what happened on the way, one sentence each.
    """

    models: PyTree
    losses: Float[np.ndarray, "chunks members"]
    diverged_at: Int[np.ndarray, " members"]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.diverged_at)

    @property
    def finished(self) -> np.ndarray:
        """Whether each member was trained to the end, shape (members,)."""
        return self.diverged_at == RUNNING

    def model(self, member: int) -> PyTree:
        """The model of one member."""
        # Cut out by numpy: jax compiles a program for each shape that it indexes.
        return jax.tree.map(
            lambda leaf: jnp.asarray(np.asarray(leaf)[member]) if eqx.is_array(leaf) else leaf, self.models
        )
