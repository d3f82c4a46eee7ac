"""A network that predicts a collision discovers angular momentum.

Iten et al. (1807.10300): a free particle hits one that rotates on a string. From five sightings of each before
the collision, and five of the free one after it, SciNet says where the rotating one will be. Energy is not
conserved, so a single number about the past matters: the total angular momentum. A neuron to spare stays silent,
and a search for formulas, which is told velocities but not angular momentum, returns omega - v_x.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.discovery import SciNet, SciNetSizes, Sweep, make_sweep
from netphysics.discovery.probe import ACTIVE, expression, name_neurons
from netphysics.discovery.worlds import collision
from netphysics.discovery.worlds.collision import NOISE, SIGHTINGS, error_without_latents, observation
from netphysics.lab import Coordinates, Equation, Results, Study, option
from netphysics.lab.study import Experiment
from netphysics.report import Figure, Table, draw_measured, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, rank_correlation

from .options import SweepConfig
from .sweep_figures import (
    error_figure,
    information_figure,
    intervention_figure,
    numbers_figures,
    with_and_without_noise,
)
from .sweeps import floor_claim, fraction_claims, knee_claim, largest, over_seeds, seed_means, sweep_coordinates

PAPER = "Iten et al., arXiv:1807.10300, section II B"
CELL = Cell("collision")
# The network that was released with the paper, run on fresh collisions of its own sighting times.
RELEASED = {1: 0.0389}
# Positions reach 8, times 4: halved, both are of order one.
UNIT = 2.0
UNFINISHED = 0.005
VELOCITIES = (1.2, 1.5, 1.8)
MOMENTA = np.linspace(-0.4, 1.4, 13)
SAME_RANKS = 0.9999


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the collision."""

    latents: tuple[int, ...] = (0, 1, 2)
    """Numbers of latent neurons to offer; the claims are about the largest, which must be at least 2."""
    find_beta: float = 1e-2
    """Strength of the bottleneck while neurons are found; a weak one leaves two copies of the same number."""
    polish_beta: float = 2e-4
    """Strength of the bottleneck while answers are made precise."""
    accuracy: float = option(0.05, above=0)
    """Root mean squared distance, in radii, that a network must reach to count as accurate."""

    presets: ClassVar = {
        "quick": {"latents": (0, 2), "steps": 1200, "accuracy": 0.08},
        "paper": {"steps": 30_000, "width": 128, "polish_beta": 2e-5, "draws": 8, "accuracy": 0.04},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if max(self.latents) < 2:
            raise ValueError(f"latents is {self.latents}; one must be 2 or more, so that a neuron can stay silent")


def cells(config: Config) -> list[Cell]:
    return [CELL]


def predict(config: Config) -> Results:
    floor = error_without_latents()
    return {CELL.name: {"floor": Estimate(floor, UNFINISHED * floor, 0)}}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {**sweep_coordinates(config), "slice": {"velocity": VELOCITIES, "angular momentum": MOMENTA}}


def measure(config: Config, cell: Cell) -> Experiment:
    shape = SciNetSizes(30, 16, 2, max(config.latents), config.layers, config.layers, question_unit=UNIT)
    sweep_of = make_sweep(collision, shape, config.latents, config.schedule)
    top = largest(config)
    observe = jax.jit(lines_of_systems)

    def look(found: Sweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        columns, means = collision.table(found.test.variables), found.means(top)
        information = found.information(top)
        named = name_neurons(means, information, columns)
        active = [name for name in named if name.verdict != "dead"]
        main = int(np.argmax(information))
        truth = columns.pop("J")
        followed = expression(means[:, main], columns).values if information[main] > ACTIVE else np.zeros(len(truth))
        sign = np.sign(rank_correlation(means[:, main], truth)) or 1.0
        seen = np.asarray(encode(found.model(top), observe(key)), np.float64)[..., main].mean(axis=-1)
        return {
            "accurate": found.errors[top] <= config.accuracy,
            "one": len(active) == 1,
            "momentum": named[main].verdict == "named" and named[main].name == "J",
            "formula": abs(rank_correlation(followed, truth)) >= SAME_RANKS,
            "rank_correlation": abs(rank_correlation(means[:, main], truth)),
            "slice": sign * (seen - means[:, main].mean()) / max(means[:, main].std(), 1e-6),
        }

    return over_seeds(config, sweep_of, look)


def lines_of_systems(key: PRNGKeyArray) -> Array:
    """Observations by velocity and angular momentum, 64 of each kind: (velocities, momenta, 64, 30)."""
    v_x, momentum = (jnp.asarray(a, jnp.float32) for a in np.meshgrid(VELOCITIES, MOMENTA, indexing="ij"))
    for_jitter, for_noise = jax.random.split(key)
    size = (*v_x.shape, 64, 2, SIGHTINGS)
    jitter = jax.random.uniform(for_jitter, size, jnp.float32, -0.5, 0.5)
    noise = NOISE * jax.random.normal(for_noise, (*size, 2), jnp.float32)
    variables = jnp.stack([v_x, jnp.zeros_like(v_x), v_x + momentum, jnp.full_like(v_x, -2)], axis=-1)
    many = jax.vmap(observation, (None, 0, 0))
    return jax.vmap(jax.vmap(many))(variables, jitter, noise)


@eqx.filter_jit
def encode(model: SciNet, observations: Array) -> Array:
    flat = jax.vmap(model.encode)(observations.reshape(-1, observations.shape[-1]))[0]
    return flat.reshape(*observations.shape[:-1], -1)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = measured[CELL.name]
    statements = {
        "accurate": f"A network with a neuron to spare is right to {config.accuracy:g} of the radius or better",
        "one": f"Offered {max(config.latents)} neurons, it uses exactly one",
        "momentum": "The active neuron holds the total angular momentum and nothing else",
        "formula": "A search for formulas that knows velocities and positions names it omega - v_x",
    }
    yield from fraction_claims(found, statements, "literature", PAPER)
    yield from knee_claim("knee", config, found, 1, "The error has its knee", "literature", PAPER)
    words = "Without latents the answer is blurred by the spread of angular momentum"
    yield from floor_claim(config, predicted[CELL.name], found, words, "the law of total variance, by quadrature")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = measured[CELL.name]
    yield slice_figure(config, found)
    errors, floor = with_and_without_noise(found), float(predicted[CELL.name]["floor"].value)
    text = (
        "The error with K neurons offered, as a distance in radii; positions have errors of 0.01 each. One number "
        "about the past is enough. Open marker: the network released with the paper."
    )
    floors = {"no latents, exact": floor}
    yield error_figure(config.latents, errors, floors, text, unit="radii", published=RELEASED)
    yield information_figure(
        found["information"], f"What each of the {max(config.latents)} neurons tells about the past after polishing."
    )
    yield intervention_figure(found["moved"], "radii")
    yield from numbers_figures(config, found)


def slice_figure(config: Config, found: Mapping[str, Estimate]) -> Figure:
    plot, (axes,) = figure()
    name_axes(axes, r"angular momentum $J = \omega - v_x$", "neuron, in its standard deviations")
    rows = []
    for i, (role, v_x) in enumerate(zip(ordered_roles(len(VELOCITIES)), VELOCITIES, strict=True)):
        draw_measured(axes, MOMENTA, found["slice"][i], role, f"$v_x$ = {v_x:g}")
        rows += [(v_x, float(j), point) for j, point in zip(MOMENTA, found["slice"][i], strict=True)]
    legend(axes, loc="lower right")
    caption = (
        "The active neuron is a function of angular momentum alone: whatever the velocity of the free particle, "
        f"its points fall on one line. Mean over {config.draws} networks, brought to the same sign, with its error."
    )
    return Figure("neuron", caption, plot, Table(("v_x", "J", "neuron (std)"), rows))


reduce = seed_means
study = Study.from_module(
    __name__,
    question="Which quantity does a network carry through a collision?",
    equations=(
        Equation(
            r"J = \omega - v_x = \omega' - v'_x",
            "total angular momentum, before and after",
            (
                ("J", "total angular momentum"),
                (r"\omega", "angular velocity of the rotating particle; a prime: after the collision"),
                ("v_x", "velocity of the free particle along $x$"),
            ),
        ),
        Equation(
            r"a(t) = (\cos, \sin)(\pi/2 + t (J + v'_x))",
            "the rotating particle after the collision",
            (("a(t)", "place of the rotating particle at time $t$ after the collision"),),
        ),
        Equation(
            r"\mathrm{RMSE}_{K=0}^2 = 1 - \langle |\phi_J(t)|^2 \rangle_t + 2\sigma^2",
            "the error without latents; $\\phi_J$ is the characteristic function of J, $\\sigma$ the noise",
            (
                (r"\mathrm{RMSE}_{K=0}", "root mean square error with $K = 0$ latent neurons"),
                (r"\phi_J", "characteristic function of the law of $J$"),
                (r"\sigma", "standard deviation of the noise"),
            ),
        ),
    ),
    cites=("Iten2020",),
    version=2,
)
