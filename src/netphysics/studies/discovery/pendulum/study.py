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

import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.discovery import SciNetSizes, Sweep, make_sweep
from netphysics.discovery.probe import matched, name_neurons
from netphysics.discovery.worlds import pendulum
from netphysics.discovery.worlds.pendulum import POINTS, error_without_latents, position
from netphysics.lab import Coordinates, Equation, Results, Study, option
from netphysics.lab.study import Experiment
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers

from ..options import SweepConfig
from ..sweep_figures import error_figure, information_figure, numbers_figures, with_and_without_noise
from ..sweeps import floor_claim, fraction_claims, knee_claim, largest, over_seeds, seed_means, sweep_coordinates
from .figures import slice_figure, traversal_figure
from .neurons import QUANTILES, SLICES, TIMES, VARIABLES, at, pictures

PAPER = "Iten et al., arXiv:1807.10300, section II A"
CELL = Cell("pendulum")
# The networks that were released with the paper, run on fresh pendulums of the same law.
RELEASED = {2: 0.0181, 3: 0.0139}
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


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    lines = {"variable": tuple(VARIABLES), "quantile of the other": QUANTILES, "quantile": SLICES}
    turned = {"variable": tuple(VARIABLES), "quantile": QUANTILES, "time": TIMES}
    matched = {"variable": tuple(VARIABLES)}
    return {**sweep_coordinates(config), "slice": lines, "traversal": turned, "match": matched, "leak": matched}


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


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = measured[CELL.name]
    statements = {
        "accurate": f"A network with latents to spare answers to {config.accuracy:g} of the amplitude or better",
        "two": f"Offered {max(config.latents)} neurons, it uses exactly two",
        "physical": "One of them holds the damping, the other the spring constant, and neither knows the other",
    }
    yield from fraction_claims(found, statements, "literature", PAPER)
    yield from knee_claim("knee", config, found, len(VARIABLES), "The error has its knee", "literature", PAPER)
    words = "Without latents a network can only know the mean pendulum: its error is the spread of x(t)"
    yield from floor_claim(config, predicted[CELL.name], found, words, "the law of total variance, by quadrature")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = measured[CELL.name]
    yield slice_figure(config.draws, found)
    yield traversal_figure(predicted[CELL.name], found)
    errors, floor = with_and_without_noise(found), float(predicted[CELL.name]["floor"].value)
    floors = {"spread of $x(t)$: no latents": floor}
    text = (
        "The error with K neurons offered. Two carry everything that a network can use. Open markers: the networks "
        "released with the paper, on fresh pendulums."
    )
    yield error_figure(config.latents, errors, floors, text, unit="amplitude", published=RELEASED)
    text = f"What each of the {max(config.latents)} neurons tells about the pendulum after polishing."
    yield information_figure(found["information"], text)
    yield from numbers_figures(config, found)


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
