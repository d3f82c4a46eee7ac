"""The training loop: one program for members side by side, cut into chunks of steps that can be stopped between."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Bool, Float, Float32, Int, PRNGKeyArray, PyTree

from ..blocks.executors import cores
from .checkpoint import Checkpoints, identity
from .compiling import compiled
from .groups import group_members, join_members, take_members
from .progress import TrainingProgress
from .training import RUNNING, Training

ONE, ZERO = np.float32(1), np.float32(0)
# Steps are folded into keys; what all members see is drawn with a key that no number of steps reaches.
SHARED = 2**32 - 1
# So few steps take less time than optimizing their program.
SHORT_TRAINING = 64


class State(eqx.Module):
    """All that changes during training: of one member, or of all with a leading axis of members."""

    weights: PyTree
    memory: PyTree
    diverged_at: Int[Array, "*members"]


def make_train(
    init: Callable[..., PyTree],
    loss: Callable[..., Float[Array, ""]],
    optimizer: optax.GradientTransformation,
    *,
    steps: int,
    chunk: int = 500,
    shared: Callable[..., PyTree] | None = None,
) -> Callable[..., Training]:
    r"""A function `train(keys, settings=None, data=None, *, folder=None, watch=...)` that trains one member per key.

    Both functions are written for one member and its own `setting`:

    - `init(setting, *, key)` draws a model, an Equinox module. Its floating point arrays are trained.
    - `loss(model, setting, data, *, key)` is a float32 scalar. It draws its examples from the key, by
      simulation or with `minibatch(data, size, key=key)`; the key is another one at each step.

    Members are stacked along a first axis and go through every step in one program, the optimizer included:
    `optax.clip_by_global_norm` clips each by its own norm. On CPUs such a program has up to eight members, and
    the groups are spread over the cores. A member depends on its key, its setting and the
    data, on no other member; two members with the same key see the same examples. One whose loss or weights
    are not finite is frozen as it was before, and the others go on. With `shared` all members see the same in any
    case, drawn with the first key: examples that take long to draw are then drawn once for all, in one program.

    `train` takes:

    - `keys`, shape (members,).
    - `settings`: what differs between members, such as masks and strengths of penalties: a tree of arrays with
      a leading axis of members.
    - `data`: a tree of arrays that all members share; it is never copied per member.
    - `folder`: where checkpoints go, one after every chunk, the last two kept. The same call goes on from the
      newest; the result has the same bits as one that was never interrupted. Code is no part of a checkpoint's
      identity: after a change of `loss` or `optimizer`, name another folder.
    - `watch`: told a `TrainingProgress` after every chunk, for instance `show_progress`.

    It raises ValueError for keys that are no list of keys, settings of another length, or a folder with the
    checkpoints of another training.

    Args:
        optimizer: any optax transformation; its schedules count steps.
        steps: number of steps.
        chunk: steps between two checkpoints. Results do not depend on it, but for the grouping of `losses`.
        shared: `shared(data, *, key)` draws what all members see in a step; `loss` gets it in the place of `data`.

    Raises:
        ValueError: for steps or a chunk below 1.
    """
    for name, value in (("steps", steps), ("chunk", chunk)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")

    def one_step(
        state: State, rest: PyTree, setting: PyTree, data: PyTree, key: PRNGKeyArray, step: Array
    ) -> tuple[State, tuple[Array, Array]]:
        def objective(weights: PyTree) -> Array:
            return loss(eqx.combine(weights, rest), setting, data, key=jax.random.fold_in(key, step))

        value, gradient = jax.value_and_grad(objective)(state.weights)
        # Optimizers multiply floats by counts of steps; a caller's strictness about types is not theirs.
        with jax.numpy_dtype_promotion("standard"):
            updates, memory = optimizer.update(gradient, state.memory, state.weights)
        weights = eqx.apply_updates(state.weights, updates)
        running, finite = state.diverged_at == RUNNING, all_finite((value, weights))
        going = running & finite
        memory, weights = choose(going, (memory, weights), (state.memory, state.weights))
        diverged_at = jnp.where(running & ~finite, step, state.diverged_at)
        return State(weights, memory, diverged_at), choose(going, (value, ONE), (ZERO, ZERO))

    every_member = eqx.filter_vmap(one_step, in_axes=(0, eqx.if_array(0), eqx.if_array(0), None, 0, None))

    # The number of steps is no constant of the program: the last chunk may be shorter without a second compilation.
    @compiled(once=steps <= SHORT_TRAINING, donate="all-except-first")
    def advance(
        fixed: tuple[PyTree, PyTree, Array, PyTree, Array, Array], state: State
    ) -> tuple[State, Float[Array, " members"]]:
        rest, settings, keys, data, start, stop = fixed

        def body(step: Array, carry: tuple[State, tuple[Array, Array]]) -> tuple[State, tuple[Array, Array]]:
            state, totals = carry
            shown = data if shared is None else shared(data, key=jax.random.fold_in(fold_shared(keys[0]), step))
            state, found = every_member(state, rest, settings, shown, keys, step)
            return state, jax.tree.map(jnp.add, totals, found)

        zeros = jnp.zeros(len(keys), jnp.float32)
        state, (total, count) = jax.lax.fori_loop(start, stop, body, (state, (zeros, zeros)))
        return state, total / count

    @compiled(once=True)
    def begin(settings: PyTree, keys: Array) -> tuple[State, PyTree]:
        models = eqx.filter_vmap(lambda setting, key: init(setting, key=key))(settings, keys)
        weights, rest = eqx.partition(models, eqx.is_inexact_array)
        state = State(weights, eqx.filter_vmap(optimizer.init)(weights), jnp.full(len(keys), RUNNING, jnp.int32))
        # Copied, because training gives its buffers away and `init` may hand on what belongs to the caller.
        return jax.tree.map(lambda leaf: jnp.array(leaf, copy=True), state), rest

    def train(
        keys: Array,
        settings: PyTree = None,
        data: PyTree = None,
        *,
        folder: str | Path | None = None,
        watch: Callable[[TrainingProgress], None] = lambda progress: None,
    ) -> Training:
        check_members(keys, settings)
        data = jax.tree.map(lambda leaf: jnp.asarray(leaf) if eqx.is_array_like(leaf) else leaf, data)
        state, rest = begin(settings, keys)
        done, losses = 0, np.zeros((0, len(keys)), np.float32)
        notes: list[str] = []
        if folder is not None:
            saved = Checkpoints(Path(folder), identity(keys, settings, data, state, steps))
            done, state, losses, notes = saved.latest(state)
        for note in notes:
            watch(TrainingProgress(done, steps, last(losses, len(keys)), note=note))
        groups = group_members(len(keys), one=shared is not None)
        fixed = [take_members((rest, settings, keys), rows) for rows in groups]
        states = [take_members(state, rows) for rows in groups]

        def run(group: int, start: int, stop: int) -> Float32[np.ndarray, " members"]:
            span = jnp.asarray(start, jnp.int32), jnp.asarray(stop, jnp.int32)
            states[group], means = advance((*fixed[group], data, *span), states[group])
            # Waits until the steps are done, which keeps this core at this group.
            return np.asarray(means)

        with ThreadPoolExecutor(cores()) as pool:
            if done < steps and len(groups) > 1:
                # No steps, but the program is there when all groups ask for it at once.
                run(0, done, done)
            while done < steps:
                start, stop = time.monotonic(), min(done + chunk, steps)
                means = list(pool.map(run, range(len(groups)), repeat(done), repeat(stop)))
                state = join_members(states, len(keys))
                losses = np.concatenate([losses, np.concatenate(means)[None, : len(keys)]])
                if folder is not None:
                    saved.write(stop, state, losses)
                # By the last chunk alone: the first one waits for the compiler.
                left = (time.monotonic() - start) / (stop - done) * (steps - stop)
                done = stop
                watch(TrainingProgress(done, steps, losses[-1], frozen(state), left))
        for member in frozen(state):
            notes.append(f"member {member} was not finite at step {state.diverged_at[member]}; it is frozen there")
        return Training(eqx.combine(state.weights, rest), losses, np.asarray(state.diverged_at), tuple(notes))

    return train


def fold_shared(key: PRNGKeyArray) -> PRNGKeyArray:
    """The key of what all members see."""
    return jax.random.fold_in(key, np.uint32(SHARED))


def check_members(keys: Array, settings: PyTree) -> None:
    """Refuse keys that are no list of keys, and settings that do not have one entry for each of them.

    Raises:
        ValueError: saying which.
    """
    if not jnp.issubdtype(keys.dtype, jax.dtypes.prng_key) or keys.ndim != 1:
        raise ValueError(
            f"keys is an array of {keys.dtype} and shape {keys.shape}; it must be jax.random.key(...)s, one per member"
        )
    for leaf in filter(eqx.is_array, jax.tree.leaves(settings)):
        if leaf.shape[:1] != keys.shape:
            raise ValueError(
                f"settings has an array of shape {leaf.shape}; its first axis must be the {len(keys)} members"
            )


def choose(condition: Bool[Array, ""], one: PyTree, other: PyTree) -> PyTree:
    """`one` where the condition holds, else `other`, leaf by leaf."""
    return jax.tree.map(lambda a, b: jnp.where(condition, a, b), one, other)


def all_finite(tree: PyTree) -> Bool[Array, ""]:
    return jnp.stack([jnp.isfinite(leaf).all() for leaf in jax.tree.leaves(tree)]).all()


def frozen(state: State) -> tuple[int, ...]:
    """The members that diverged."""
    return tuple(np.flatnonzero(np.asarray(state.diverged_at) != RUNNING).tolist())


def last(losses: np.ndarray, members: int) -> np.ndarray:
    """The losses of the last chunk, NaN before the first one."""
    return losses[-1] if len(losses) else np.full(members, np.nan, np.float32)
