"""A network that follows Mars and the Sun across the sky finds the phases of the planets around the Sun.

Iten et al. (1807.10300): SciNet sees the angles of the Sun and Mars from Earth once, and says where they will be
at later times. Two latent neurons hold what it knows, and they may only drift: z(t) = z + v t with one learned
vector v for all. As seen from Earth Mars does not move evenly, at times it turns back; the phases of the two
planets around the Sun do. So the neurons must become (mixtures of) these phases, and v their two periods.

Angles go in and come out as numbers of radians without jumps, as in the paper. With cosines and sines the neurons
would have to follow a torus, which no plane can.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.discovery import SciNet, SciNetSizes, Sweep, answers, make_sweep
from netphysics.discovery.probe import Plane, bent_plane, plane, unwrap_towards
from netphysics.discovery.worlds.orbits import TURN, Orbits, elliptic
from netphysics.lab import Equation, Results, Study
from netphysics.lab.study import Experiment
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.stats.claim import Origin

from ..options import SweepConfig
from ..sweeps import fraction_claims, knee_claim, numbers_figures, over_seeds, seed_means
from .figures import (
    JOURNEY,
    MARS_ALONG,
    PLANETS,
    SEEN,
    SUN_AT,
    fine,
    journey_figure,
    line_figure,
    offered_figure,
    period_figure,
    sky,
    time_figure,
    unexplained_figure,
)

PAPER = "Iten et al., arXiv:1807.10300, section II D"
Kind = Literal["circular", "elliptic"]
Starts = Literal["joint", "product", "uniform"]
PHASES = 2

# Per cent of a full turn, root of the mean square over both angles and all times.
ACCURACY = {"circular": 0.4, "elliptic": 1.0}
PLANE = {"circular": 0.985, "elliptic": 0.995}
GAIN = 5.0
PERIOD_TOLERANCE = (0.01, 0.03)
# What is left of both tolerances when the bend is fitted, too.
SHARP = 0.005
# Neurons that do not move at all have a very long period, in place of none.
STANDSTILL = 1e-9


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the orbits."""

    orbits: tuple[Kind, ...] = ("circular",)
    """Shapes of the orbits: circular, looked at every 7 days; elliptic, looked at every 25 days."""
    starts: Starts = "joint"
    """Phases on circles at the time of observation: joint, those of a week in the life of Copernicus; product, of
    two independent weeks and both of Earth, as for the published networks; uniform. On ellipses always uniform."""
    latents: tuple[int, ...] = (2,)
    """Numbers of latent neurons to offer; the claims are about 2."""
    steps: int = 4000
    """Steps of each of the two stages."""
    find_beta: float = 1e-2
    """Strength of the bottleneck while neurons are found."""
    polish_beta: float = 1e-3
    """Strength of the bottleneck while answers are made precise; a weaker one lets the planes bend."""
    width: int = 48
    """Width of the two hidden layers of encoder and decoder."""

    presets: ClassVar = {
        "quick": {"steps": 2000},
        "paper": {
            "orbits": ("circular", "elliptic"),
            "latents": (0, 1, 2, 3),
            "steps": 12_000,
            "width": 64,
            "draws": 8,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("orbits", get_args(Kind)), ("starts", get_args(Starts))):
            value = getattr(self, name)
            chosen = value if name == "orbits" else (value,)
            if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(known):
                raise ValueError(f"{name} is {value}; accepted are {', '.join(known)}, none of them twice")
        if PHASES not in self.latents:
            raise ValueError(f"latents is {self.latents}; one must be 2, for the phases of two planets")


def cells(config: Config) -> list[Cell]:
    return [Cell(kind) for kind in config.orbits]


def orbits_of(config: Config, kind: str) -> Orbits:
    return Orbits(starts=config.starts) if kind == "circular" else elliptic


def predict(config: Config) -> Results:
    """The periods and, for one start, what an astronomer on Earth would see."""
    found = {}
    for cell in cells(config):
        orbits = orbits_of(config, cell.name)
        found[cell.name] = {
            "periods": Estimate.exact(np.array(orbits.periods)),
            "angles": Estimate.exact(orbits.series(JOURNEY, fine(orbits))),
        }
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    orbits, most = orbits_of(config, cell.name), max(config.latents)
    # In a radian's time of Earth everything is of order one.
    unit = float(1 / orbits.rates[0])
    shape = SciNetSizes(2, 1, 2, most, config.layers, config.layers, evolution="drift", question_unit=unit)
    sweep_of = make_sweep(orbits.world, shape, config.latents, config.schedule)
    two = config.latents.index(PHASES)

    def look(found: Sweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        model, latents = found.model(two), found.means(two)[:, :PHASES]
        drift = np.asarray(model.motion, np.float64)[:PHASES] / unit
        seen = np.asarray(found.test.observation, np.float64)
        raw = np.asarray(found.test.variables, np.float64)
        phases = unwrap_towards(raw, seen - [np.pi, 0])
        fit, bent = plane(latents, phases), bent_plane(latents, phases, drift)
        squares = squared_errors(orbits, model, raw)
        unexplained = {
            "raw": worst_last(latents, raw),
            "geocentric": worst_last(latents, seen),
            "heliocentric": worst_last(latents, phases),
            "bent": np.sort(1 - bent.explained),
        }
        return {
            "squares": squares,
            **{f"unexplained-{name}": share for name, share in unexplained.items()},
            "rates": fit.rates(drift),
            "bent-rates": bent.rates(drift),
            "bend": within(orbits, bent.rates(drift), SHARP).all(),
            **verdicts(cell.name, orbits, squares, unexplained["heliocentric"], fit.rates(drift)),
            "gain": mars_gain(latents, seen, phases) >= GAIN,
            **pictures(orbits, model, fit, drift),
        }

    return over_seeds(config, sweep_of, look)


def percent(squares: np.ndarray | np.float64) -> np.ndarray | np.float64:
    """A mean squared angle as a share of a full turn."""
    return 100 * np.sqrt(squares) / TURN


def worst_last(latents: np.ndarray, coordinates: np.ndarray) -> np.ndarray:
    """The shares of the neurons' variances that no plane over the coordinates has."""
    return np.sort(1 - plane(latents, coordinates).explained)


def verdicts(
    kind: str, orbits: Orbits, squares: np.ndarray, unexplained: np.ndarray, rates: np.ndarray
) -> dict[str, Numbers]:
    """What one network amounts to: 1 for every statement that is true of it."""
    return {
        "accurate": percent(squares.mean()) <= ACCURACY[kind],
        "planes": unexplained.max() <= 1 - PLANE[kind],
        "periods-right": within(orbits, rates, np.array(PERIOD_TOLERANCE)),
    }


def within(orbits: Orbits, rates: np.ndarray, tolerance: np.ndarray | float) -> np.ndarray:
    """Whether the periods 2 pi / rates are right, to a share `tolerance` of them."""
    return np.abs(orbits.rates - rates) <= tolerance * np.abs(rates)


def mars_gain(latents: np.ndarray, seen: np.ndarray, phases: np.ndarray) -> float:
    """How many times more of Mars's angle than of its phase no linear function of the latents has.

    Asked this way round it does not matter how the two neurons share the two phases. The other way a neuron that holds
    Earth's phase alone could not tell: the Sun's angle is that phase and half a turn.
    """
    angle, phase = (1 - plane(both, latents).explained[1] for both in (seen, phases))
    return float(angle / max(phase, np.finfo(np.float64).tiny))


@eqx.filter_jit
def encode(model: SciNet, observations: Array) -> Array:
    return jax.vmap(model.encode)(observations)[0]


def encoded(model: SciNet, observations: Array | np.ndarray) -> Array:
    return encode(model, jnp.asarray(observations, jnp.float32))


@eqx.filter_jit
def followed(model: SciNet, latents: Array, times: Array) -> Array:
    """The angles that the decoder answers with at all times, shape (systems, times, 2)."""
    return answers(model, latents, jnp.broadcast_to(times[None, :, None], (len(latents), len(times), 1)))


def squared_errors(orbits: Orbits, model: SciNet, raw: np.ndarray) -> np.ndarray:
    """Mean squared error by time and planet; the Sun's angle counts for Earth."""
    truth = orbits.series(raw, orbits.times)
    found = followed(model, encoded(model, truth[:, 0]), jnp.asarray(orbits.times, jnp.float32))
    return ((np.asarray(found, np.float64) - truth) ** 2).mean(axis=0)


def pictures(orbits: Orbits, model: SciNet, fit: Plane, drift: np.ndarray) -> dict[str, Numbers]:
    """Mars's phase as the neurons have it, along lines through the sky; and one journey."""
    lines = encoded(model, orbits.seen(sky()).reshape(-1, 2))
    begin = encoded(model, orbits.series(JOURNEY, orbits.times)[:1])
    moved = np.asarray(begin, np.float64)[:, :PHASES] + orbits.times[:, None] * drift
    return {
        "lines": fit.read(np.asarray(lines, np.float64)[:, :PHASES])[:, 1].reshape(len(SUN_AT), len(MARS_ALONG)),
        "angles": followed(model, begin, jnp.asarray(orbits.times, jnp.float32))[0],
        "phases": fit.read(moved),
    }


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray | np.float64]:
    found: dict[str, np.ndarray | np.float64] = {**seed_means(config, cell, tally)}
    squares = found.pop("squares")
    found["offered"] = percent(found["error"] ** 2 / len(PLANETS))
    found["all-times"] = percent(squares.mean())
    found["by-planet"] = percent(squares.mean(axis=0))
    found["by-time"] = percent(squares).T
    for kind in ("", "bent-"):
        rates = found.pop(f"{kind}rates")
        found[f"{kind}periods"] = TURN / np.where(rates == 0, STANDSTILL, rates)
    return found


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for cell in cells(config):
        kind, found = cell.name, measured[cell.name]
        year, mars_year = predicted[kind]["periods"].value
        published = {
            "earth-period": f"the drift of the neurons holds the year of {year:g} days to 1 %",
            "mars-period": f"the drift of the neurons holds Mars's period of {mars_year:.2f} days to 3 %",
            "accurate": f"a network with two latents is right to {ACCURACY[kind]:g} % of a full turn",
            "planes": f"the neurons are planes over heliocentric phases, to {PLANE[kind]:g} of their variance",
            "gain": f"the neurons are {GAIN:g} times closer to linear in Mars's phase than in its angle from Earth",
        }
        ours = {
            "bend": "the plane is off by a function of the constant of the motion, which no prediction can see; "
            f"beside it both periods are right to {100 * SHARP:g} %"
        }
        named = {"earth-period": found["periods-right"][0], "mars-period": found["periods-right"][1], **found}
        origins: tuple[Origin, Origin] = ("literature", "conjecture")
        for origin, source, statements in zip(origins, (PAPER, "netphysics"), (published, ours), strict=True):
            whole = {name: f"{SEEN[kind]}: {statement}" for name, statement in statements.items()}
            yield from fraction_claims(named, whole, origin, source, f"-{kind}")
        if "knee" in found and len(config.latents) > 2:
            statement = f"{SEEN[kind]}: there are two phases, and the error has its knee"
            yield from knee_claim(f"knee-{kind}", config, found, PHASES, statement, "literature", PAPER)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for cell in cells(config):
        kind, found = cell.name, measured[cell.name]
        orbits = orbits_of(config, kind)
        yield line_figure(config.draws, orbits, kind, found)
        yield journey_figure(orbits, kind, predicted[kind], found)
        yield period_figure(kind, predicted[kind], found)
        yield unexplained_figure(kind, found)
        yield time_figure(orbits, kind, found)
        if len(config.latents) > 1:
            yield offered_figure(config.latents, kind, found)
        yield from numbers_figures(config, found, f"-{kind}", f"{SEEN[kind]}. ")


study = Study.from_module(
    __name__,
    question="Does a network that predicts Mars in the sky put the Sun in the center?",
    equations=(
        Equation(
            r"\theta_M = \mathrm{arg}(r_M e^{i\lambda_M} - r_E e^{i\lambda_E}), \quad \theta_S = \lambda_E + \pi",
            "what is seen from Earth",
            (
                (r"\theta_M, \theta_S", "directions of Mars and of the Sun, seen from Earth"),
                ("r_M, r_E", "distances of Mars and of Earth from the Sun"),
                (r"\lambda_M, \lambda_E", "their heliocentric longitudes"),
                ("i", "imaginary unit"),
            ),
        ),
        Equation(
            r"z(t) = z(0) + v t",
            "how latent neurons move, the same $v$ for all series",
            (
                ("z(t)", "latent neurons at time $t$"),
                ("v", "their drift"),
            ),
        ),
        Equation(
            r"z = C \varphi + c, \quad T = 2\pi / C^{-1} v",
            "the plane through the neurons, and the periods",
            (
                (r"\varphi", "phases of the planets around the Sun"),
                ("C, c", "matrix and offset of the plane"),
                ("T", "periods"),
            ),
        ),
    ),
    cites=("Iten2020",),
)
