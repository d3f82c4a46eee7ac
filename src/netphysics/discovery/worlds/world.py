"""World: a piece of physics that can be observed and asked, simulated from keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray


class Sample(NamedTuple):
    """One system: what is hidden, what is seen, what is asked and what is right. Batches have leading axes.

    `weights` say how much each answer counts, with mean 1: inverse squares of errors, or 0 where none is known.
    """

    variables: Float[np.ndarray | Array, "*batch variables"]
    observation: Float[np.ndarray | Array, "*batch observation"]
    questions: Float[np.ndarray | Array, "*batch questions question"]
    answers: Float[np.ndarray | Array, "*batch questions answer"]
    weights: Float[np.ndarray | Array, "*batch questions answer"] | None = None


# What formulas take that serve numpy and jax alike.
Values = np.ndarray | Array | float
# What a variable or a formula is worth for many systems: (systems, variables) -> (systems,).
Candidate = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class World:
    """A simulator and the names a physicist would use.

    Attributes:
        name: lower case with hyphens.
        sample: `sample(questions, *, key) -> Sample`: one system, with as many questions as asked for.
        variables: names of the hidden variables, in the order of `Sample.variables`. No network sees them.
        candidates: further quantities that a latent neuron may turn out to hold, by name.
    """

    name: str
    sample: Callable[..., Sample]
    variables: tuple[str, ...]
    candidates: Mapping[str, Candidate] = field(default_factory=dict)

    def samples(self, count: int, questions: int, *, key: PRNGKeyArray) -> Sample:
        """`count` independent systems with `questions` questions each."""
        return jax.vmap(lambda key: self.sample(questions, key=key))(jax.random.split(key, count))

    def table(self, variables: Float[np.ndarray | Array, "systems variables"]) -> dict[str, np.ndarray]:
        """Variables and candidates of many systems by name; `variables` has shape (systems, variables)."""
        values = np.asarray(variables, np.float64)
        columns = dict(zip(self.variables, values.T, strict=True))
        return columns | {name: np.asarray(formula(values)) for name, formula in self.candidates.items()}
