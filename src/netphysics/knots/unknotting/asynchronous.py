"""A3C: processes that play on their own and change common weights without waiting for one another.

Asynchronous advantage actor-critic (Mnih et al., 1602.01783). Who comes first is decided by the machine, so that a
training cannot be repeated bit by bit; `ActorCritic` in `make_learning` is its synchronous form, which can.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized, SynchronizedArray

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, PRNGKeyArray

from .agents import Agent
from .environment import HORIZON, Environment, State
from .experience import collect
from .policy_gradients import ActorCritic

# Of RMSProp, whose mean squares all workers share: the weight of the past, and what keeps steps finite.
MEMORY, SMALLEST = 0.99, 1e-5
LEARNER = ActorCritic(moves=20)


@dataclass(frozen=True)
class Common:
    """What workers share: weights, RMSProp's mean squares, and the number of updates so far."""

    weights: SynchronizedArray
    squares: SynchronizedArray
    done: Synchronized


def asynchronous(
    environment: Environment,
    words: np.ndarray,
    *,
    learner: ActorCritic = LEARNER,
    updates: int = 2000,
    workers: int = 2,
    games: int = 16,
    width: int = 64,
    key: PRNGKeyArray,
) -> Agent:
    """One agent, trained by several processes.

    Each worker copies the common weights, plays `learner.moves` moves in its own games, and adds its
    gradient to the weights as they are by then. Workers are started afresh ("spawn"), so a script that calls this
    keeps its calls under `if __name__ == "__main__":`.

    Args:
        words: what games begin with, shape (words, letters).
        updates: of all workers together.

    Raises:
        ValueError: for updates, workers or games below 1, or words that do not fit.
        RuntimeError: when a worker fails.
    """
    for name, value in (("updates", updates), ("workers", workers), ("games", games)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")
    environment.parameters(words)
    start, dealing = jax.random.split(key)
    weights, rebuild = ravel_pytree(Agent(width, environment.actions.extended, key=start))
    context = multiprocessing.get_context("spawn")
    common = Common(
        context.Array("f", np.asarray(weights).tolist()), context.Array("f", len(weights)), context.Value("q", 0)
    )
    data = np.asarray(jax.random.key_data(jax.random.split(dealing, workers)))
    processes = [
        context.Process(
            target=work,
            args=(common, environment, np.asarray(words), learner, updates, games, width, data[worker]),
            daemon=True,
        )
        for worker in range(workers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if failed := [process.exitcode for process in processes if process.exitcode]:
        raise RuntimeError(f"{len(failed)} of {workers} workers failed, the first with exit code {failed[0]}")
    return rebuild(jnp.asarray(np.array(common.weights[:], np.float32)))


def work(
    common: Common,
    environment: Environment,
    words: np.ndarray,
    learner: ActorCritic,
    updates: int,
    games: int,
    width: int,
    data: np.ndarray,
) -> None:
    """One worker, until all updates are made."""
    # Gradients of one worker must not take the cores of the others.
    os.environ.setdefault("PJRT_NPROC", "1")
    key = jax.random.wrap_key_data(jnp.asarray(data))
    _, rebuild = ravel_pytree(Agent(width, environment.actions.extended, key=key))
    parameters = environment.parameters(words, HORIZON)

    @jax.jit
    def play(weights: Array, states: State, key: PRNGKeyArray) -> tuple[State, Array]:
        agent = rebuild(weights)
        states, stretch = collect(agent, states, environment, parameters, learner.moves, learner.discount, key=key)
        tree = learner.gradient(agent, stretch)
        gradient = ravel_pytree(tree)[0]
        norm = jnp.sqrt(gradient @ gradient)
        return states, gradient * jnp.minimum(np.float32(1), np.float32(learner.clip) / norm)

    states = jax.vmap(lambda key: environment.reset(key, parameters)[1])(jax.random.split(key, games))
    weights, squares = (
        np.frombuffer(memoryview(array.get_obj()), np.float32) for array in (common.weights, common.squares)
    )
    stretch_number = 0
    while common.done.value < updates:
        stretch_number += 1
        states, gradient = play(jnp.array(weights, copy=True), states, jax.random.fold_in(key, stretch_number))
        gradient = np.asarray(gradient)
        if not np.isfinite(gradient).all():
            raise FloatingPointError(f"the gradient of round {stretch_number} is not finite")
        with common.weights.get_lock():
            squares[:] = MEMORY * squares + np.float32(1 - MEMORY) * gradient**2
            weights -= np.float32(learner.rate) * gradient / np.sqrt(squares + np.float32(SMALLEST))
            common.done.value += 1
