"""A study outside the package, as docs/write-a-study.md explains it: the random walk.

A walker takes n steps of length one, left or right with equal chance. Steps are independent, so
cumulants add: the mean square displacement is n and the fourth cumulant is -2 n, at every n.
"""

from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Equation, Study, StudyConfig, budget
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Claim, Estimate, cumulant, fit_power_law, stack


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the random walk."""

    steps: tuple[int, ...] = (4, 16, 64)
    """Numbers of steps n."""
    draws: int = budget(200_000)
    """Walkers for each n; rounded up to whole blocks."""

    presets: ClassVar = {"quick": {"draws": 32_768}, "paper": {"draws": 10_000_000}}

    def __post_init__(self):
        super().__post_init__()
        if not self.steps or min(self.steps) < 1:
            raise ValueError(f"steps is {self.steps}; every number of steps must be at least 1")


def cells(config):
    return [Cell(f"n={n}", {"steps": n}) for n in config.steps]


def predict(config):
    return {
        cell.name: {
            "square": Estimate.exact(cell["steps"]),
            "fourth": Estimate.exact(-2.0 * cell["steps"]),
        }
        for cell in cells(config)
    }


def measure(config, cell):
    def place(key):
        return jnp.sum(jax.random.rademacher(key, (cell["steps"],), jnp.float32))

    @jax.jit
    def experiment(keys):
        x = jax.vmap(place)(keys)
        return {"two": jnp.sum(x**2), "four": jnp.sum(x**4)}

    return experiment


def reduce(config, cell, tally):
    moments = {2: tally.mean("two")[None], 4: tally.mean("four")[None]}
    return {"square": moments[2][0], "fourth": cumulant(moments, points=1, order=4)[0]}


def gather(results, quantity):
    """One estimate of shape (cells,) from a quantity of every cell."""
    return stack([cell[quantity] for cell in results.values()])


def compare(config, predicted, measured):
    square, fourth = gather(measured, "square"), gather(measured, "fourth")
    source = "additivity of cumulants"
    claims = [
        Claim(
            "square",
            "The mean square displacement is n",
            gather(predicted, "square"),
            square,
            "theory",
            source,
        ),
        Claim("fourth", "The fourth cumulant is -2 n", gather(predicted, "fourth"), fourth, "theory", source),
    ]
    if len(config.steps) > 1:
        slope = fit_power_law(np.array(config.steps, float), square).exponent
        claims.append(Claim("exponent", "The square grows as n to the power one", 1.0, slope, "theory", source))
    return claims


def figures(config, predicted, measured):
    squares = gather(measured, "square")
    plot, (axes,) = figure()
    name_axes(axes, "steps $n$", r"mean square displacement $\langle x_n^2 \rangle$", log="xy")
    draw_theory(axes, config.steps, gather(predicted, "square"), "fields", "$n$")
    draw_measured(axes, config.steps, squares, "fields", "measured")
    legend(axes)
    rows = [(n, n, square) for n, square in zip(config.steps, squares, strict=True)]
    table = Table(("steps n", "theory", "measured"), rows)
    return [Figure("square", "A walker's square distance grows like the number of its steps.", plot, table)]


study = Study(
    name="random-walk",
    wing="examples",
    question="How far does a random walker get?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    headline="square",
    equations=(Equation(r"\langle x_n^2 \rangle = n", "mean square displacement"),),
)
