"""What a network that predicts a damped pendulum finds out about pendulums.

Iten et al. (1807.10300) show SciNet the first five seconds of a damped pendulum and ask where it is at another
time. Between the observation and the answer everything must pass a few latent neurons. Offered three, the
network uses two: one holds the damping b, the other the spring constant kappa, as a physicist would choose.

Here whole sweeps are trained, several seeds by several numbers of latents, and every statement is a fraction of
seeds. Each training has two stages: a strong bottleneck finds the neurons and keeps them apart, silent ones
are pruned, and a weak bottleneck makes the answers precise.
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
from netphysics.discovery import SciNet, SciNetSizes, Sweep, answers, make_sweep
from netphysics.discovery.probe import matched, name_neurons
from netphysics.discovery.worlds import pendulum
from netphysics.discovery.worlds.pendulum import (
    ASKED_UNTIL,
    DAMPING,
    OBSERVED_UNTIL,
    POINTS,
    STIFFNESS,
    error_without_latents,
    position,
)
from netphysics.lab import Equation, Results, Study, option
from netphysics.lab.study import Experiment
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers

from .options import SweepConfig
from .sweeps import (
    error_figure,
    floor_claim,
    fraction_claims,
    information_figure,
    knee_claim,
    largest,
    numbers_figures,
    over_seeds,
    seed_means,
)

PAPER = "Iten et al., arXiv:1807.10300, section II A"
CELL = Cell("pendulum")
VARIABLES = {"b": DAMPING, "kappa": STIFFNESS}
SYMBOLS = {"b": "$b$", "kappa": r"$\kappa$"}
# The networks that were released with the paper, run on fresh pendulums of the same law.
RELEASED = {2: 0.0181, 3: 0.0139}
QUANTILES = (0.1, 0.5, 0.9)
SLICES, TIMES = np.linspace(0.05, 0.95, 13), np.linspace(0, ASKED_UNTIL, 61)
# The network counts time in units in which an oscillation is of order one.
UNIT = 3.0
# What training to a finite precision adds to the best error, as a share of it.
UNFINISHED = 0.005


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the pendulum."""

    polish_beta: float = 5e-5
    """Strength of the bottleneck while answers are made precise."""
    width: int = 48
    """Width of the two hidden layers of encoder and decoder."""
    accuracy: float = option(0.02, above=0)
    """Root mean squared error, in units of the amplitude, that a network must reach to count as accurate."""
    presets: ClassVar = {
        "quick": {"latents": (0, 1, 2, 3), "steps": 2000, "polish_beta": 2e-4, "accuracy": 0.035},
        "paper": {"latents": (0, 1, 2, 3, 4), "steps": 20_000, "width": 96, "draws": 8},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if max(self.latents) < len(VARIABLES) + 1:
            raise ValueError(f"latents is {self.latents}; one must be 3 or more, so that a neuron can stay silent")


def cells(config: Config) -> list[Cell]:
    return [CELL]


def predict(config: Config) -> Results:
    """Without latents the best answer is the mean over pendulums at each time; its error is an integral."""
    floor = error_without_latents()
    physics = np.array([[position(*at(variable, q), TIMES) for q in QUANTILES] for variable in VARIABLES])
    return {
        CELL.name: {
            "floor": Estimate(floor, UNFINISHED * floor, 0),
            "traversal": Estimate.exact(physics),
        }
    }


def at(variable: str, quantile: float | np.ndarray) -> tuple[float | np.ndarray, float | np.ndarray]:
    """b and kappa with one of them at a quantile of its law and the other at its median."""
    b, kappa = (
        low + (high - low) * (quantile if name == variable else 0.5 + 0 * quantile)
        for name, (low, high) in VARIABLES.items()
    )
    return b, kappa


def measure(config: Config, cell: Cell) -> Experiment:
    shape = SciNetSizes(POINTS, 1, 1, max(config.latents), config.layers, config.layers, question_unit=UNIT)
    sweep_of = make_sweep(pendulum, shape, config.latents, config.schedule)
    top = largest(config)

    def look(found: Sweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        columns, means = pendulum.table(found.test.variables), found.means(top)
        return {
            **verdicts(config, columns, means, found.information(top), found.errors[top]),
            **pictures(found.model(top), columns, means),
        }

    return over_seeds(config, sweep_of, look)


def verdicts(
    config: Config, columns: Mapping[str, np.ndarray], means: np.ndarray, information: np.ndarray, error: float
) -> dict[str, Numbers]:
    """What one network amounts to: 1 for every statement that is true of it."""
    found = name_neurons(means, information, columns)
    active = [name for name in found if name.verdict != "dead"]
    held = {name.name for name in active if name.verdict == "named"}
    neurons, _ = matched(means, [columns[variable] for variable in VARIABLES])
    return {
        "accurate": error <= config.accuracy,
        "two": len(active) == 2,
        # Over these ranges the frequency is kappa, up to a few per mille of its variance.
        "physical": len(active) == 2 and held in ({"b", "kappa"}, {"b", "omega"}),
        "match": [found[k].match for k in neurons],
        "leak": [found[k].leak for k in neurons],
    }


def pictures(model: SciNet, columns: Mapping[str, np.ndarray], means: np.ndarray) -> dict[str, Numbers]:
    """The neurons of b and kappa along slices through the (b, kappa) plane, and what moving them does."""
    neurons, signs = matched(means, [columns[variable] for variable in VARIABLES])
    center, spread = means.mean(axis=0), means.std(axis=0)
    slices, moved = [], []
    for (variable, k), sign in zip(zip(VARIABLES, neurons, strict=True), signs, strict=True):
        slices.append(
            [sign * (encoded(model, line)[:, k] - center[k]) / max(spread[k], 1e-6) for line in lines(variable)]
        )
        z = np.tile(center, (len(QUANTILES), 1))
        z[:, k] = [np.quantile(sign * means[:, k], q) * sign for q in QUANTILES]
        moved.append(played(model, z))
    return {"slice": slices, "traversal": moved}


def lines(variable: str) -> Iterator[np.ndarray]:
    """Pendulums along a variable, one line for each of three values of the other."""
    (other,) = set(VARIABLES) - {variable}
    low, high = VARIABLES[other]
    for q in QUANTILES:
        b_and_kappa = dict(zip(VARIABLES, at(variable, SLICES), strict=True))
        b_and_kappa[other] = np.full_like(SLICES, low + (high - low) * q)
        yield np.stack([b_and_kappa["b"], b_and_kappa["kappa"]], axis=1)


@eqx.filter_jit
def encode(model: SciNet, observations: Array) -> Array:
    return jax.vmap(model.encode)(observations)[0]


def encoded(model: SciNet, variables: np.ndarray) -> np.ndarray:
    b, kappa = variables.T[:, :, None]
    seen = position(b, kappa, np.linspace(0, OBSERVED_UNTIL, POINTS)[None])
    return np.asarray(encode(model, jnp.asarray(seen, jnp.float32)), np.float64)


def played(model: SciNet, z: np.ndarray) -> np.ndarray:
    """x(t) as the decoder has it for given latents, shape (latents given, times)."""
    questions = jnp.broadcast_to(jnp.asarray(TIMES, jnp.float32)[None, :, None], (len(z), len(TIMES), 1))
    return np.asarray(eqx.filter_jit(answers)(model, jnp.asarray(z, jnp.float32), questions))[:, :, 0]


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = measured[CELL.name]
    statements = {
        "accurate": f"A network with latents to spare answers to {config.accuracy:g} of the amplitude or better",
        "two": f"Offered {max(config.latents)} neurons, it uses exactly two",
        "physical": "One of them holds the damping, the other the spring constant, and neither knows the other",
    }
    yield from fraction_claims(found, statements, "literature", PAPER)
    yield from knee_claim("knee", config, found, len(VARIABLES), "The error has its knee", "literature", PAPER)
    yield from floor_claim(
        config,
        predicted[CELL.name]["floor"],
        found["error"],
        "Without latents a network can only know the mean pendulum: its error is the spread of x(t)",
        "the law of total variance, by quadrature",
    )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = measured[CELL.name]
    yield slice_figure(config, found)
    yield traversal_figure(predicted[CELL.name], found)
    yield error_figure(
        config.latents,
        {"neurons at their means": found["error"], "neurons with their noise": found["noisy_error"]},
        {"spread of $x(t)$: no latents": float(predicted[CELL.name]["floor"].value)},
        "The error with K neurons offered. Two carry everything that a network can use. Open markers: the networks "
        "released with the paper, on fresh pendulums.",
        unit="amplitude",
        published=RELEASED,
    )
    yield information_figure(
        found["information"],
        f"What each of the {max(config.latents)} neurons tells about the pendulum after polishing.",
    )
    yield from numbers_figures(config, found)


def slice_figure(config: Config, found: Mapping[str, Estimate]) -> Figure:
    """Each neuron along its variable, for three values of the other one."""
    plot, panels = figure(panels=2)
    rows = []
    for j, (axes, variable) in enumerate(zip(panels, VARIABLES, strict=True)):
        (other,) = set(VARIABLES) - {variable}
        low, high = VARIABLES[variable]
        name_axes(
            axes, SYMBOLS[variable], "neuron, in its standard deviations", title=f"the neuron of {SYMBOLS[variable]}"
        )
        for role, i in zip(ordered_roles(len(QUANTILES)), range(len(QUANTILES)), strict=True):
            value = np.quantile(VARIABLES[other], QUANTILES[i])
            x = low + (high - low) * SLICES
            draw_measured(axes, x, found["slice"][j, i], role, f"{SYMBOLS[other]} = {value:.3g}")
            rows += [
                (variable, float(a), other, float(value), point)
                for a, point in zip(x, found["slice"][j, i], strict=True)
            ]
        legend(axes, loc="lower right")
    caption = (
        f"What the two active neurons hold. Each follows one variable and does not see the other: the three "
        f"colors coincide. Mean over {config.draws} networks, brought to the same order and signs, with its error."
    )
    return Figure("neurons", caption, plot, Table(("neuron of", "at", "other", "other at", "neuron (std)"), rows))


def traversal_figure(predicted: Mapping[str, Estimate], found: Mapping[str, Estimate]) -> Figure:
    plot, panels = figure(panels=2)
    rows = []
    for j, (axes, variable) in enumerate(zip(panels, VARIABLES, strict=True)):
        name_axes(axes, "time $t$ (s)", "position $x$", title=f"turning the neuron of {SYMBOLS[variable]}")
        for i, (role, q) in enumerate(zip(ordered_roles(len(QUANTILES)), QUANTILES, strict=True)):
            line, points = predicted["traversal"].value[j, i], found["traversal"][j, i]
            value = np.quantile(VARIABLES[variable], q)
            draw_theory(axes, TIMES, line, role)
            draw_measured(axes, TIMES[::2], points[::2], role, f"{SYMBOLS[variable]} = {value:.3g}")
            rows += [
                (variable, float(value), float(t), float(x), point)
                for t, x, point in zip(TIMES, line, points, strict=True)
            ]
        legend(axes, loc="upper right")
    caption = (
        "Turning one neuron by hand. Points: what the decoder answers with the neuron at its 10, 50 and 90 % "
        "quantile and the other at rest. Lines: real pendulums with the variable at the same quantile."
    )
    table = Table(("neuron of", "variable at", "t (s)", "pendulum", "network"), rows)
    return Figure("traversal", caption, plot, table)


reduce = seed_means
study = Study.from_module(
    __name__,
    question="Which concepts does a network find when it learns to predict a damped pendulum?",
    equations=(
        Equation(
            r"x(t) = e^{-bt/2} \cos\left(t \sqrt{\kappa - b^2/4}\right)",
            "the pendulum",
            (
                ("x(t)", "place of the pendulum at time $t$"),
                ("b", "damping"),
                (r"\kappa", "spring constant"),
            ),
        ),
        Equation(
            r"L = \langle (x - \hat x)^2 \rangle"
            r" + \beta \sum_k \langle \mathrm{KL}(N(\mu_k, \sigma_k^2) \| N(0, 1)) \rangle",
            "what is minimized; $\\beta$ is twice the squared error that answers are assumed to have",
            (
                ("L", "the loss"),
                (r"\hat x", "the network's answer"),
                (r"\beta", "weight of the bottleneck"),
                (r"N(\mu_k, \sigma_k^2)", "normal law that latent neuron $k$ is drawn from"),
            ),
        ),
        Equation(
            r"\mathrm{RMSE}_{K=0}^2 = \langle \mathrm{Var}_{b,\kappa}(x(t)) \rangle_t",
            "the error without latents",
            ((r"\mathrm{RMSE}_{K=0}", "root mean square error with $K = 0$ latent neurons"),),
        ),
    ),
    cites=("Iten2020", "Higgins2017"),
    version=2,
)
