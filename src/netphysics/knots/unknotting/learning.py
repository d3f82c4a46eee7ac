"""Learning: agents that play and improve side by side, in one compiled program that can be stopped and resumed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int, Key, PRNGKeyArray, PyTree

from ...train import TrainingProgress, compiled
from ...train.checkpoint import Checkpoints, identity
from ...train.loop import all_finite, check_members, choose
from ...train.training import RUNNING
from .actions import KINDS, Actions
from .agents import Agent
from .environment import Environment, Parameters, State
from .experience import Stretch, collect
from .policy_gradients import ActorCritic, Proximal
from .trust_region import TrustRegion

# So few moves take less time than optimizing their program: that costs a second or two, and makes it ten times as fast.
FEW = 10_000
# What is told of every improvement, and the share of each kind of action.
TOLD = ("solved", "games", "moves", "gain", "divergence", "entropy")


# How agents improve.
Learner = TrustRegion | ActorCritic | Proximal


class LearningState(eqx.Module):
    """All that changes while agents learn, with a leading axis of members."""

    agents: Agent
    memory: PyTree
    games: State
    diverged_at: Int[Array, "*members"]


@dataclass(frozen=True)
class Learned:
    """Agents that have learned.

    Attributes:
        agents: all members as one: every array has a leading axis of members.
        curves: means over each chunk of improvements, shape (chunks, members): `solved` and `games`, the games that
            ended at the empty word and all that ended, for each improvement; `moves`, the moves of a game that ended;
            `gain` of the surrogate and `divergence` from the policy before; `entropy` of the policy, in nats;
            and of each kind of action its share.
        diverged_at: the improvement at which an agent was not finite, -1 where it never happened.
        notes: what happened on the way, one sentence each.
    """

    agents: Agent
    curves: dict[str, np.ndarray]
    diverged_at: np.ndarray
    notes: tuple[str, ...] = ()

    def agent(self, member: int) -> Agent:
        """One of the agents."""
        return jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf)[member]), self.agents)


def make_learning(
    learner: Learner,
    environment: Environment,
    *,
    improvements: int,
    games: int = 64,
    width: int = 64,
    chunk: int = 20,
) -> Callable[..., Learned]:
    """A function `learn(keys, parameters, agents=None, *, folder=None, watch=...)`: one agent for each key.

    - `parameters`: the words to learn from, `environment.parameters(words)`.
    - `agents`: stacked agents to go on from, for instance those that learned shorter words; otherwise new ones.
    - `folder`: where checkpoints go, one after every chunk, the last two kept. The same call goes on from the
      newest; the result has the same bits as one that was never interrupted.
    - `watch`: told a `TrainingProgress` after every chunk; its loss is the share of games that were not solved.

    An agent depends on its key, the words and where it started, on no other agent. One that is not finite any more
    is frozen as it was before, and the others go on.

    Args:
        improvements: how many there are; between two of them each agent makes `learner.moves` moves in each game.
        games: that an agent plays at a time.
        width: of an agent's networks.
        chunk: improvements between two checkpoints.

    Raises:
        ValueError: for improvements, games, a width or a chunk below 1.
    """
    for name, value in (("improvements", improvements), ("games", games), ("width", width), ("chunk", chunk)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1")
    actions = environment.actions

    def one_improvement(
        state: LearningState, parameters: Parameters, key: PRNGKeyArray, step: Array
    ) -> tuple[LearningState, dict[str, Array]]:
        playing, improving = jax.random.split(jax.random.fold_in(key, step))
        dealt, stretch = collect(
            state.agents, state.games, environment, parameters, learner.moves, learner.discount, key=playing
        )
        agent, memory, told = learner.improve(state.agents, state.memory, stretch, key=improving)
        running, finite = state.diverged_at == RUNNING, all_finite(agent)
        agent, memory = choose(running & finite, (agent, memory), (state.agents, state.memory))
        diverged_at = jnp.where(running & ~finite, step, state.diverged_at)
        return LearningState(agent, memory, dealt, diverged_at), told | summary(stretch, actions)

    @compiled(once=improvements * games * learner.moves <= FEW, donate="all-except-first")
    def advance(
        fixed: tuple[Array, Parameters, Array, Array], state: LearningState
    ) -> tuple[LearningState, dict[str, Array]]:
        keys, parameters, start, stop = fixed

        def body(step: Array, carry: tuple[LearningState, dict[str, Array]]) -> tuple[LearningState, dict[str, Array]]:
            # One member after the other: with an axis of members, adding to rows of weights takes twice as long.
            state, told = jax.lax.map(
                lambda member: one_improvement(member[0], parameters, member[1], step), (carry[0], keys)
            )
            return state, jax.tree.map(jnp.add, carry[1], told)

        zeros = {name: jnp.zeros(len(keys), jnp.float32) for name in told_of(actions)}
        return jax.lax.fori_loop(start, stop, body, (state, zeros))

    @compiled(once=True)
    def begin(keys: Array, parameters: Parameters, agents: Agent | None) -> LearningState:
        def one(key: PRNGKeyArray, agent: Agent | None) -> tuple[Agent, PyTree, State]:
            drawing, dealing = jax.random.split(key)
            agent = Agent(width, actions.extended, key=drawing) if agent is None else agent
            dealt = jax.vmap(lambda key: environment.reset(key, parameters)[1])(jax.random.split(dealing, games))
            return agent, learner.begin(agent), dealt

        started, memory, dealt = eqx.filter_vmap(one)(keys, agents)
        state = LearningState(started, memory, dealt, jnp.full(len(keys), RUNNING, jnp.int32))
        # Copied, because learning gives its buffers away, and these agents belong to the caller.
        return jax.tree.map(lambda leaf: jnp.array(leaf, copy=True), state)

    def learn(
        keys: Key[Array, " members"],
        parameters: Parameters,
        agents: Agent | None = None,
        *,
        folder: str | Path | None = None,
        watch: Callable[[TrainingProgress], None] = lambda progress: None,
    ) -> Learned:
        check_members(keys, agents)
        names = told_of(actions)
        state = begin(keys, parameters, agents)
        done, told = 0, np.zeros((0, len(keys), len(names)), np.float32)
        notes: list[str] = []
        if folder is not None:
            saved = Checkpoints(Path(folder), identity(keys, parameters, state, improvements))
            done, state, found, notes = saved.latest(state)
            told = found if done else told
        for note in notes:
            watch(TrainingProgress(done, improvements, unsolved(told, len(keys)), note=note))
        while done < improvements:
            started, stop = time.monotonic(), min(done + chunk, improvements)
            fixed = (keys, parameters, jnp.asarray(done, jnp.int32), jnp.asarray(stop, jnp.int32))
            state, totals = advance(fixed, state)
            means = np.stack([np.asarray(totals[name]) for name in names], axis=1) / np.float32(stop - done)
            told = np.concatenate([told, means[None]])
            if folder is not None:
                saved.write(stop, state, told)
            left = (time.monotonic() - started) / (stop - done) * (improvements - stop)
            done = stop
            diverged = tuple(np.flatnonzero(np.asarray(state.diverged_at) != RUNNING).tolist())
            watch(TrainingProgress(done, improvements, unsolved(told, len(keys)), diverged, left))
        diverged_at = np.asarray(state.diverged_at)
        for member in np.flatnonzero(diverged_at != RUNNING):
            notes.append(f"member {member} was not finite at improvement {diverged_at[member]}; it is frozen there")
        curves: dict[str, np.ndarray] = {name: told[..., place] for place, name in enumerate(names)}
        curves["moves"] = games * learner.moves / np.maximum(curves["games"], 1 / chunk)
        return Learned(state.agents, curves, diverged_at, tuple(notes))

    return learn


def kinds_of(actions: Actions) -> list[str]:
    """The kinds of actions that there are."""
    return list(dict.fromkeys(KINDS[kind] for kind, _ in actions.table))


def told_of(actions: Actions) -> list[str]:
    """The names of all curves that are summed up."""
    return [name for name in TOLD if name != "moves"] + kinds_of(actions)


def summary(stretch: Stretch, actions: Actions) -> dict[str, Array]:
    """How many games ended, and the share of each kind of action in one agent's stretch."""
    kinds = jnp.asarray([kind for kind, _ in actions.table], jnp.int32)[stretch.taken]
    shares = {name: (kinds == KINDS.index(name)).mean(dtype=jnp.float32) for name in kinds_of(actions)}
    solved, ended = (array.sum(dtype=jnp.float32) for array in (stretch.terminated, stretch.done))
    return {"solved": solved, "games": ended, **shares}


def unsolved(told: np.ndarray, members: int) -> np.ndarray:
    """The share of games of the last chunk that were not solved; NaN where none ended."""
    if not len(told):
        return np.full(members, np.nan, np.float32)
    solved, ended = told[-1, :, 0], told[-1, :, 1]
    return np.where(ended > 0, 1 - solved / np.maximum(ended, np.float32(1e-6)), np.float32(np.nan)).astype(np.float32)
