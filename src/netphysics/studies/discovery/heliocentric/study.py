"""A network that follows Mars and the Sun across the sky finds the phases of the planets around the Sun.

Iten et al. (1807.10300): SciNet sees the angles of the Sun and Mars from Earth once, and says where they will be
at later times. Two latent neurons hold what it knows, and they may only drift: z(t) = z + v t with one learned
vector v for all. As seen from Earth Mars does not move evenly, at times it turns back; the phases of the two
planets around the Sun do. So the neurons must become (mixtures of) these phases, and v their two periods.

Angles go in and come out as numbers of radians without jumps, as in the paper. With cosines and sines the neurons
would have to follow a torus, which no plane can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.discovery import SciNetSizes, Sweep, make_sweep
from netphysics.discovery.probe import bent_plane, plane, unwrap_towards
from netphysics.discovery.worlds.orbits import TURN, Orbits, elliptic
from netphysics.lab import Coordinates, Equation, Results, Study
from netphysics.lab.study import Experiment
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.stats.claim import Origin

from ..sweep_figures import numbers_figures
from ..sweeps import fraction_claims, knee_claim, over_seeds, seed_means, sweep_coordinates
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
    time_figure,
    unexplained_figure,
)
from .neurons import (
    ACCURACY,
    GAIN,
    PLANE,
    SHARP,
    mars_gain,
    percent,
    pictures,
    squared_errors,
    verdicts,
    within,
    worst_last,
)
from .options import PHASES, Config

PAPER = "Iten et al., arXiv:1807.10300, section II D"

# Neurons that do not move at all have a very long period, in place of none.
STANDSTILL = 1e-9


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


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    planets = {"planet": PLANETS}
    named = dict.fromkeys(("periods", "bent-periods", "periods-right", "by-planet"), planets)
    return {**sweep_coordinates(config), **named, "lines": {"Sun at": SUN_AT, "phase of Mars": MARS_ALONG}}


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
