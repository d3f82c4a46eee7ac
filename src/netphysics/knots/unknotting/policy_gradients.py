"""A2C and PPO: gradients of the policy and of the value in one loss, once or several times over."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, PRNGKeyArray, PyTree

from .agents import Agent, Seen
from .experience import Stretch, advantages, standardized
from .losses import adapted, entropy, flattened, log_ratio, squared_error
from .trust_region import divergence


@dataclass(frozen=True)
class PolicyGradient:
    """What both have in common.

    Attributes:
        moves: length of the stretch between two improvements.
        discount, decay: of rewards, and of advantages.
        rate: Adam's learning rate.
        exploration: weight of the entropy of the policy.
        value_weight: of the squared error of the value.
        clip: gradients have this norm at most.
    """

    moves: int = 16
    discount: float = 0.99
    decay: float = 0.95
    rate: float = 1e-3
    exploration: float = 0.01
    value_weight: float = 0.5
    clip: float = 0.5

    @property
    def optimizer(self) -> optax.GradientTransformation:
        return optax.chain(optax.clip_by_global_norm(self.clip), optax.adam(self.rate))

    def begin(self, agent: Agent) -> PyTree:
        """What the learner keeps between improvements."""
        return self.optimizer.init(agent)

    def loss(self, actor: Array, agent: Agent, seen: Seen, chances: Array, returns: Array) -> Array:
        """That of the policy, and with it the squared error of the value and the entropy that it should keep."""
        critic = squared_error(agent.value, seen.front, returns)
        return actor + np.float32(self.value_weight) * critic - np.float32(self.exploration) * entropy(chances)


@dataclass(frozen=True)
class ActorCritic(PolicyGradient):
    """Advantage actor-critic: the synchronous form of A3C (Mnih et al., 1602.01783)."""

    def gradient(self, agent: Agent, stretch: Stretch) -> Agent:
        """Of -E[log pi(a) advantage], and of the rest of the loss."""
        advantage, returns = advantages(stretch, self.discount, self.decay)
        advantage, seen = standardized(advantage).ravel(), flattened(stretch.seen)
        taken = stretch.taken.ravel()

        def loss(agent: Agent) -> Array:
            chances = jax.vmap(agent.policy)(seen)
            actor = -jnp.mean(jnp.take_along_axis(chances, taken[:, None], axis=1)[:, 0] * advantage)
            return self.loss(actor, agent, seen, chances, returns.ravel())

        return jax.grad(loss)(agent)

    def improve(
        self, agent: Agent, memory: PyTree, stretch: Stretch, *, key: PRNGKeyArray
    ) -> tuple[Agent, PyTree, dict[str, Array]]:
        """The agent after one step on what it did."""
        gradient = self.gradient(agent, stretch)
        agent, memory = adapted(self.optimizer, gradient, memory, agent)
        return agent, memory, diagnosis(agent, stretch, self.discount, self.decay)


@dataclass(frozen=True)
class Proximal(PolicyGradient):
    """Proximal policy optimization: several passes, with ratios clipped (Schulman et al., 1707.06347, Eq. 7).

    Attributes:
        ratio_limit: how far a ratio may go from 1 before it earns nothing.
        passes, parts: over the stretch, and minibatches of each.
    """

    moves: int = 128
    ratio_limit: float = 0.2
    passes: int = 4
    parts: int = 8

    def improve(
        self, agent: Agent, memory: PyTree, stretch: Stretch, *, key: PRNGKeyArray
    ) -> tuple[Agent, PyTree, dict[str, Array]]:
        """The agent after several passes over what it did."""
        advantage, returns = advantages(stretch, self.discount, self.decay)
        seen = flattened(stretch.seen)
        rows = (seen, stretch.taken.ravel(), flattened(stretch.chances), advantage.ravel(), returns.ravel())

        def loss(agent: Agent, rows: tuple[Seen, Array, Array, Array, Array]) -> Array:
            seen, taken, before, advantage, returns = rows
            chances = jax.vmap(agent.policy)(seen)
            ratio, advantage = jnp.exp(log_ratio(chances, before, taken)), standardized(advantage)
            clipped = jnp.clip(ratio, np.float32(1 - self.ratio_limit), np.float32(1 + self.ratio_limit))
            actor = -jnp.mean(jnp.minimum(ratio * advantage, clipped * advantage))
            return self.loss(actor, agent, seen, chances, returns)

        def step(carry: tuple[Agent, PyTree], part: Array) -> tuple[tuple[Agent, PyTree], None]:
            agent, memory = carry
            gradient = jax.grad(loss)(agent, jax.tree.map(lambda leaf: leaf[part], rows))
            return adapted(self.optimizer, gradient, memory, agent), None

        orders = jax.vmap(lambda key: jax.random.permutation(key, len(rows[1])))(jax.random.split(key, self.passes))
        (agent, memory), _ = jax.lax.scan(step, (agent, memory), orders.reshape(self.passes * self.parts, -1))
        return agent, memory, diagnosis(agent, stretch, self.discount, self.decay)


def diagnosis(agent: Agent, stretch: Stretch, discount: float, decay: float) -> dict[str, Array]:
    """How far a policy has moved from the one that made the stretch, and what the surrogate of TRPO has gained."""
    before, taken = flattened(stretch.chances), stretch.taken.ravel()
    advantage = standardized(advantages(stretch, discount, decay)[0]).ravel()
    after = jax.vmap(agent.policy)(flattened(stretch.seen))
    gain = jnp.mean((jnp.exp(log_ratio(after, before, taken)) - np.float32(1)) * advantage)
    return {"gain": gain, "divergence": divergence(before, after), "entropy": entropy(before)}
