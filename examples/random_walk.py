"""A study outside the package, as docs/write-a-study.md explains it: the random walk.

A walker takes n steps of length one, left or right with equal chance. Steps are independent, so
cumulants add: the mean square displacement is n and the fourth cumulant is -2 n, at every n.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.lab import (
    Equation,
    Experiment,
    Results,
    Study,
    StudyConfig,
    agreement,
    budget,
    gather,
    grid,
    option,
)
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally, cumulant, fit_power_law

ADDITIVITY = "additivity of cumulants"


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the random walk."""

    steps: tuple[int, ...] = option((4, 16, 64), least=1, distinct=True)
    """Numbers of steps n."""
    draws: int = budget(200_000)
    """Walkers for each n; rounded up to whole blocks."""

    presets: ClassVar = {"quick": {"draws": 32_768}, "paper": {"draws": 10_000_000}}


def cells(config: Config) -> list[Cell]:
    return grid("n={steps}", steps=config.steps)


def predict(config: Config) -> Results:
    return {
        cell.name: {
            "square": Estimate.exact(cell["steps"]),
            "fourth": Estimate.exact(-2.0 * cell["steps"]),
        }
        for cell in cells(config)
    }


def measure(config: Config, cell: Cell) -> Experiment:
    def place(key: Array) -> Array:
        return jnp.sum(jax.random.rademacher(key, (cell["steps"],), jnp.float32))

    @jax.jit
    def experiment(keys: Array) -> dict[str, Array]:
        x = jax.vmap(place)(keys)
        return {"two": jnp.sum(x**2), "four": jnp.sum(x**4)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> Mapping[str, Numbers]:
    moments = {2: tally.mean("two")[None], 4: tally.mean("four")[None]}
    return {"square": moments[2][0], "fourth": cumulant(moments, points=1, order=4)[0]}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    statements = {"square": "The mean square displacement is n", "fourth": "The fourth cumulant is -2 n"}
    for name, statement in statements.items():
        yield agreement(name, statement, predicted, measured, cells(config), "theory", ADDITIVITY)
    if len(config.steps) > 1:
        squares = gather(measured, "square", cells(config))
        slope = fit_power_law(np.array(config.steps, float), squares).exponent
        yield Claim("exponent", "The square grows as n to the power one", 1.0, slope, "theory", ADDITIVITY)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    squares = Curve(
        labels={},
        x=config.steps,
        theory=gather(predicted, "square", cells(config)),
        measured=gather(measured, "square", cells(config)),
        role="fields",
        legend="walkers",
    )
    yield curves(
        "square",
        "A walker's square distance grows like the number of its steps.",
        [squares],
        x="steps $n$",
        y=r"mean square displacement $\langle x_n^2 \rangle$",
        log="xy",
    )


study = Study.from_module(
    __name__,
    name="random-walk",
    wing="examples",
    question="How far does a random walker get?",
    headline="square",
    equations=(Equation(r"\langle x_n^2 \rangle = n", "mean square displacement"),),
)
