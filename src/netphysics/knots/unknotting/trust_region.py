"""TRPO: the step that natural gradients propose, as far as the policy may change (Schulman et al., 1502.05477)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, Int, PRNGKeyArray, PyTree

from .agents import Agent, Policy, Seen
from .experience import Stretch, advantages, standardized
from .losses import entropy, fit_value, flattened, log_ratio


@dataclass(frozen=True)
class TrustRegion:
    """Trust region policy optimization.

    Attributes:
        moves: length of the stretch between two steps.
        divergence: the mean Kullback-Leibler divergence that a step may reach.
        discount, decay: of rewards, and of advantages.
        iterations, damping: of conjugate gradients, and what is added to the Fisher matrix.
        thinning: every so many words count for the Fisher matrix.
        backtracking, shrinkage: steps that are tried at most, and the ratio of each to the one before.
        value_steps, value_batch, value_rate: Adam's steps for the value, their words and learning rate.
    """

    moves: int = 128
    divergence: float = 0.02
    discount: float = 0.99
    decay: float = 0.95
    iterations: int = 10
    damping: float = 0.01
    thinning: int = 4
    backtracking: int = 10
    shrinkage: float = 0.7
    value_steps: int = 24
    value_batch: int = 1024
    value_rate: float = 1e-3

    def begin(self, agent: Agent) -> PyTree:
        """What the learner keeps between steps."""
        return optax.adam(self.value_rate).init(agent.value)

    def improve(
        self, agent: Agent, memory: PyTree, stretch: Stretch, *, key: PRNGKeyArray
    ) -> tuple[Agent, PyTree, dict[str, Array]]:
        """The agent after one step on what it did."""
        advantage, returns = advantages(stretch, self.discount, self.decay)
        advantage = standardized(advantage).ravel()
        taken, before = stretch.taken.ravel(), flattened(stretch.chances)
        seen = flattened(stretch.seen)
        policy, step = trust_region_step(self, agent.policy, seen, taken, before, advantage)
        value, memory = fit_value(
            agent.value,
            memory,
            seen.front,
            returns.ravel(),
            self.value_steps,
            self.value_batch,
            self.value_rate,
            key=key,
        )
        agent = eqx.tree_at(lambda agent: (agent.policy, agent.value), agent, (policy, value))
        return agent, memory, {"gain": step.gain, "divergence": step.divergence, "entropy": entropy(before)}


class Step(NamedTuple):
    """A step: parameters, how often it was shortened, its divergence and the gain of the surrogate."""

    parameters: Float[Array, " parameters"]
    tried: Int[Array, ""]
    divergence: Float[Array, ""]
    gain: Float[Array, ""]


def trust_region_step(
    region: TrustRegion, policy: Policy, seen: Seen, taken: Array, before: Array, advantage: Array
) -> tuple[Policy, Step]:
    """The policy after a step of TRPO, and that step; the policy as it was where no step is good enough.

    The surrogate is E[advantage pi(a) / pi_old(a)], Eq. 14; a step is accepted where it gains and keeps
    the divergence within its limit, as in appendix C.
    """
    start, rebuild = ravel_pytree(policy)

    def chances(parameters: Array, seen: Seen) -> Array:
        return jax.vmap(rebuild(parameters))(seen)

    def surrogate(after: Array) -> Array:
        return jnp.mean(jnp.exp(log_ratio(after, before, taken)) * advantage)

    gradient = jax.grad(lambda parameters: surrogate(chances(parameters, seen)))(start)
    fisher = fisher_product(lambda parameters: chances(parameters, thinned(seen, region.thinning)), start)
    direction, image = conjugate_gradients(
        lambda vector: fisher(vector) + np.float32(region.damping) * vector, gradient, region.iterations
    )
    curvature = jnp.maximum(direction @ image, np.float32(1e-12))
    full = jnp.sqrt(2 * np.float32(region.divergence) / curvature) * direction
    mean = surrogate(before)

    def tried(count: Array) -> Step:
        parameters = start + full * np.float32(region.shrinkage) ** count.astype(jnp.float32)
        after = chances(parameters, seen)
        return Step(parameters, count, divergence(before, after), surrogate(after) - mean)

    def too_far(step: Step) -> Array:
        return (step.divergence > region.divergence) | (step.gain <= 0) | ~jnp.isfinite(step.gain)

    step = jax.lax.while_loop(
        lambda step: too_far(step) & (step.tried < region.backtracking),
        lambda step: tried(step.tried + 1),
        tried(jnp.zeros((), jnp.int32)),
    )
    kept = Step(start, step.tried, jnp.zeros_like(step.divergence), jnp.zeros_like(step.gain))
    # What is not finite is no step to hide: it goes on, and names the member that diverged.
    refused = too_far(step) & jnp.isfinite(step.gain)
    step = jax.tree.map(lambda old, new: jnp.where(refused, old, new), kept, step)
    return rebuild(step.parameters), step


def fisher_product(
    chances: Callable[[Array], Array], parameters: Float[Array, " parameters"]
) -> Callable[[Array], Array]:
    """v -> F v with the Fisher matrix F = E[J^T (diag p - p p^T) J], J being the Jacobian of the log probabilities.

    It is the Hessian of the divergence from the policy itself. The network is linearized once, for all products.
    """
    log_probabilities, forward = jax.linearize(chances, parameters)
    backward = jax.linear_transpose(forward, parameters)
    probabilities = jnp.exp(log_probabilities)

    def product(vector: Array) -> Array:
        change = forward(vector)
        weighted = probabilities * (change - (probabilities * change).sum(axis=1, keepdims=True))
        return backward(weighted / np.float32(len(probabilities)))[0]

    return product


def conjugate_gradients(
    product: Callable[[Array], Array], right: Float[Array, " parameters"], iterations: int
) -> tuple[Float[Array, " parameters"], Float[Array, " parameters"]]:
    """The solution x of F x = right after some iterations, from zero, and F x, which the residual tells."""

    def iterate(carry: tuple[Array, Array, Array, Array], _: None) -> tuple[tuple[Array, Array, Array, Array], None]:
        x, residual, direction, size = carry
        image = product(direction)
        # Where the residual is zero already, so is the direction.
        length = size / jnp.maximum(direction @ image, np.float32(1e-30))
        x, residual = x + length * direction, residual - length * image
        new = residual @ residual
        following = residual + new / jnp.maximum(size, np.float32(1e-30)) * direction
        return (x, residual, following, new), None

    begin = (jnp.zeros_like(right), right, right, right @ right)
    x, residual, _, _ = jax.lax.scan(iterate, begin, length=iterations)[0]
    return x, right - residual


def divergence(before: Float[Array, "words actions"], after: Float[Array, "words actions"]) -> Float[Array, ""]:
    """Mean Kullback-Leibler divergence of the policy after from the one before."""
    probabilities = jnp.exp(before)
    return jnp.mean(jnp.where(probabilities > 0, probabilities * (before - after), np.float32(0)).sum(axis=1))


def thinned(seen: Seen, every: int) -> Seen:
    """Every so many words."""
    return jax.tree.map(lambda leaf: leaf[::every], seen)
