"""Training as motion with a random force: stochastic gradient descent near a minimum.

"The equations by which the weights and biases are optimized are analogous to equations of motion from classical
mechanics with stochastic force terms": batches of few examples push parameters about. Two models are looked at. In
least squares everything is known exactly, in discrete time and with a force that depends on where a walker is. In a
small network the force and the curvature are measured at a minimum; the same equations then predict how far
walkers stray in each direction, without a parameter to fit: in steep directions they settle in a stationary
distribution, along flat ones they diffuse without end.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from netphysics.blocks import Cell
from netphysics.fields.learning import (
    Descent,
    LinearModel,
    Noise,
    covariance,
    hessian_and_force,
    make_ensemble,
    make_walk,
)
from netphysics.fields.learning.simulation import Loss
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.nets import Net
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, Tally

BLURB = "Kahn, Physics of neural networks"
BALANCE = "arXiv:1810.00004"
FLAT = "arXiv:2605.22644"
MODELS = ("linear", "network")
EXAMPLES, DIMENSION, HIDDEN = 48, 4, 4


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of stochastic dynamics."""

    rates: tuple[float, ...] = option((0.05, 0.2), above=0, distinct=True, rising=True)
    """Learning rates, as fractions of 2 (1 - μ)/λ_max of the Hessian."""
    momenta: tuple[float, ...] = option((0.0, 0.9), between=(0, 0.99), distinct=True)
    """Momenta μ."""
    batch: int = option(4, least=1)
    """Examples per step."""
    steps: int = option(6000, least=200, multiple=20)
    """Steps of a walk; the second half is averaged over."""
    draws: int = budget(512)
    """Walkers for each model, learning rate and momentum; rounded up to whole blocks."""
    block_size: int = 64
    """Walkers per block."""

    presets: ClassVar = {
        "quick": {"rates": (0.1,), "steps": 2000, "draws": 1024, "block_size": 64},
        "paper": {"rates": (0.02, 0.05, 0.1, 0.2), "steps": 20_000, "draws": 2048},
    }


RECORDS = 20
# How far a variance may lie from the prediction of a quadratic loss and a constant force, as a part of it.
TOLERANCE = 0.15
SMALL_ONES = (
    "The largest variances, which make up the sum, are as predicted; the smallest exceed what a quadratic loss with "
    "the force at the minimum gives, up to threefold."
)


def cells(config: Config) -> list[Cell]:
    return grid("{model}-rate={rate}-momentum={momentum}", model=MODELS, rate=config.rates, momentum=config.momenta)


@functools.cache
def data() -> tuple[Float[np.ndarray, "n d"], Float[np.ndarray, " n"]]:
    """Inputs, and a function of them that neither model can represent."""
    random = np.random.default_rng(5)
    inputs = random.normal(size=(EXAMPLES, DIMENSION)) * np.array([1.4, 1.0, 0.8, 0.5])
    return inputs, np.sin(2 * inputs[:, 0]) + inputs[:, 1] * inputs[:, 2] + 0.5 * random.normal(size=EXAMPLES)


@dataclass(frozen=True)
class Place:
    """A minimum: the loss of one example as a function of parameters, and derivatives there."""

    loss: Loss
    parameters: Float[np.ndarray, " p"]
    hessian: Float[np.ndarray, "p p"]
    force: Float[np.ndarray, "p p"]

    @property
    def directions(self) -> Float[np.ndarray, "p p"]:
        """Eigenvectors of the Hessian in columns, the steepest first."""
        return np.linalg.eigh(self.hessian)[1][:, ::-1]

    def noise(self, config: Config, cell: Cell) -> Noise:
        stable = 2 * (1 - cell["momentum"]) / np.linalg.eigvalsh(self.hessian)[-1]
        return Noise(cell["rate"] * stable, config.batch, cell["momentum"])


def linear_loss(theta: Array, example: tuple[Array, Array]) -> Array:
    return (jnp.vdot(example[0], theta) - example[1]) ** 2 / 2


@functools.cache
def minimum(model: str) -> Place:
    """The minimum of a model's mean loss; of the network, where gradient descent from one initialization leads to."""
    inputs, targets = data()
    examples = jnp.asarray(inputs, jnp.float32), jnp.asarray(targets, jnp.float32)
    if model == "linear":
        start, loss = jnp.asarray(LinearModel(inputs, targets).minimum, jnp.float32), linear_loss
    else:
        net = Net((DIMENSION, HIDDEN, 1), "tanh")
        train = make_ensemble(net, inputs, targets[:, None], Descent(20_000, 0.5, method="momentum"), chunks=1)
        found = jax.tree.map(lambda leaf: leaf[0], train(jax.random.split(jax.random.key(0), 1)).networks)
        weights, rest = eqx.partition(found, eqx.is_array)
        # Biases that have no coordinate in this network would be directions in which nothing happens.
        matrices, biases = [pair[0] for pair in weights.coordinates], [pair[1] for pair in weights.coordinates]
        start, unravel = ravel_pytree(matrices)

        def loss(theta: Array, example: tuple[Array, Array]) -> Array:
            pairs = tuple(zip(unravel(theta), biases, strict=True))
            network = eqx.combine(eqx.tree_at(lambda each: each.coordinates, weights, pairs), rest)
            return jnp.sum((network(example[0]) - example[1]) ** 2) / 2

    hessian, force, _ = hessian_and_force(loss, start, examples)
    return Place(loss, np.asarray(start), hessian, force)


def spread(config: Config, cell: Cell, steps: int | None) -> Float[np.ndarray, " p"]:
    """The predicted variance along each direction."""
    place = minimum(cell["model"])
    noise = place.noise(config, cell)
    if cell["model"] == "linear" and steps is None:
        found = LinearModel(*data()).covariance(noise)
    else:
        found = covariance(place.hessian, place.force, noise, steps)
    return np.einsum("pi,pq,qi->i", place.directions, found, place.directions)


def predict(config: Config) -> Results:
    found = {}
    ends = config.steps // RECORDS * np.arange(1, RECORDS + 1)
    for cell in cells(config):
        variance = np.stack([spread(config, cell, int(steps)) for steps in ends])
        found[cell.name] = {"variance": Estimate.exact(variance)}
        if cell["model"] == "linear":
            found[cell.name]["stationary"] = Estimate.exact(spread(config, cell, None))
            found[cell.name]["trace"] = Estimate.exact(spread(config, cell, None).sum())
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    place = minimum(cell["model"])
    inputs, targets = data()
    examples = jnp.asarray(inputs, jnp.float32), jnp.asarray(targets, jnp.float32)
    walk = make_walk(place.loss, place.noise(config, cell), config.steps, RECORDS)

    def experiment(keys: Array) -> dict[str, Numbers]:
        found = walk(jnp.asarray(place.parameters), examples, keys)
        along = np.asarray(found["position"], np.float64) @ place.directions
        late = slice(RECORDS // 2, None)
        return {
            "position": along.sum(axis=1),
            "square": np.sum(along**2, axis=1),
            "dissipation": np.asarray(found["dissipation"], np.float64)[late].mean(axis=0).sum(),
            "fluctuation": np.asarray(found["fluctuation"], np.float64)[late].mean(axis=0).sum(),
        }

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    variance = tally.mean("square") - tally.mean("position") ** 2
    late = tally.mean("square")[RECORDS // 2 :].mean(axis=0)
    return {
        "variance": variance,
        "stationary": late,
        "trace": late.sum(),
        "balance": tally.mean("dissipation") / tally.mean("fluctuation"),
        "confined": late[steep(config, cell)].sum(),
        "growth": variance[-1, -1] / variance[RECORDS // 2 - 1, -1],
    }


def steep(config: Config, cell: Cell) -> np.ndarray:
    """Which directions have relaxed, and many times over, halfway through a walk."""
    place = minimum(cell["model"])
    noise = place.noise(config, cell)
    curvature = np.linalg.eigvalsh(place.hessian)[::-1]
    return curvature * noise.learning_rate / (1 - noise.momentum) * config.steps / 2 > 10


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        found, name = measured[cell.name], cell.name
        place = f"{cell['model']} model at {cell['rate']:g} of 2(1-μ)/λ_max, momentum {cell['momentum']:g}"
        if cell["model"] == "linear":
            words = f"{place}: the stationary variance is the exact one"
            total = predicted[name]["trace"]
            share = found["trace"] / float(total.value)
            yield Claim(f"variance-{name}", words, 1.0, share, "theory", "fourth moments of the data", 0.01)
            words = f"{place}: fluctuation and dissipation balance"
            yield Claim(f"balance-{name}", words, 1.0, found["balance"], "theory", BALANCE, 0.05)
            continue
        chosen = steep(config, cell)
        expected = predicted[name]["variance"].value[-1]
        words = f"{place}: in all, steep directions have the variance that force and curvature at the minimum predict"
        share = found["confined"] / float(expected[chosen].sum())
        yield Claim.within(f"confined-{name}", words, 1.0, TOLERANCE, share, "literature", BLURB)
        words = f"{place}: each steep direction has the variance that force and curvature at the minimum predict"
        each = found["stationary"][chosen] / expected[chosen]
        ones = np.ones(int(chosen.sum()))
        yield Claim.within(f"each-{name}", words, ones, TOLERANCE, each, "literature", BLURB, SMALL_ONES)
        if not chosen.all():
            words = f"{place}: along the flattest direction the variance still grows in the second half of the walk"
            yield Claim.at_least(f"flat-{name}", words, 1.0, found["growth"], "literature", FLAT)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    ends = config.steps // RECORDS * np.arange(1, RECORDS + 1)
    shown = [cell for cell in cells(config) if cell["rate"] == config.rates[0]]
    lines = []
    for cell in shown:
        count = predicted[cell.name]["variance"].shape[1]
        for place, role in zip((0, count // 2, count - 1), ("sweep-1", "sweep-5", "sweep-9"), strict=True):
            lines.append(
                Curve(
                    labels={"model": cell["model"], "momentum": cell["momentum"], "direction": place + 1},
                    x=ends,
                    theory=predicted[cell.name]["variance"].value[:, place],
                    measured=measured[cell.name]["variance"][:, place],
                    role=role,
                    panel=f"{cell['model']}, μ = {cell['momentum']:g}",
                    legend={0: "steepest", count - 1: "flattest"}.get(place, "in between"),
                )
            )
    text = (
        "Variance of walkers along three eigenvectors of the Hessian, from rest at the minimum. Lines are the exact "
        "solution of the equation of motion in discrete time, with the force that was measured at the minimum."
    )
    yield curves("walk", text, lines, x="step", y="variance", log="xy", every=2)


study = Study.from_module(
    __name__,
    question="Is stochastic gradient descent near a minimum a motion with a random force?",
    headline="trace",
    equations=(
        Equation(
            r"v \leftarrow \mu v - \eta(H\delta + \xi), \quad \delta \leftarrow \delta + v, \quad E[\xi\xi^T] = C/B",
            "the equation of motion; learning rate over batch size is the temperature",
            (
                (r"v, \delta", "velocity, and distance from the minimum"),
                (r"\mu", "momentum"),
                (r"\eta", "learning rate"),
                ("H", "Hessian"),
                (r"\xi, E[\xi\xi^T]", "random force, and its covariance"),
                ("C", "covariance of the gradients of single examples"),
                ("B", "examples per step"),
            ),
        ),
        Equation(
            r"\Sigma_{ij} = \frac{\eta}{B}\,\frac{C_{ij}}{\lambda_i + \lambda_j - \eta\lambda_i\lambda_j}",
            "where walkers end up, without momentum",
            (
                (r"\Sigma_{ij}", "covariance of walkers, along eigenvectors $i$ and $j$ of the Hessian"),
                (r"\lambda_i", "its eigenvalues"),
            ),
        ),
        Equation(
            r"\langle\theta\cdot\nabla f\rangle = \frac{1+\mu}{2\eta}\langle v^2\rangle",
            "dissipation and fluctuation",
            (
                (r"\theta", "parameters"),
                ("f", "the mean loss"),
            ),
        ),
    ),
    cites=("Yaida2019",),
)
