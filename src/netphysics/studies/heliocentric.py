"""A network that follows Mars and the Sun across the sky finds the phases of the planets around the Sun.

Iten et al. (1807.10300): SciNet sees the angles of the Sun and Mars from Earth once, and says where they will be
at later times. Two latent neurons hold what it knows, and they may only drift: z(t) = z + v t with one learned
vector v for all. As seen from Earth Mars does not move evenly, at times it turns back; the phases of the two
planets around the Sun do. So the neurons must become (mixtures of) these phases, and v their two periods.

Angles go in and come out as numbers of radians without jumps, as in the paper. With cosines and sines the neurons
would have to follow a torus, which no plane can.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.discovery import Shape, SweepConfig, answers, make_sweep, total
from netphysics.discovery.probe import knee, nearest_turn, plane
from netphysics.discovery.worlds.orbits import TURN, Orbits, elliptic
from netphysics.lab import Equation, Study
from netphysics.report import Figure, Table, figure, legend, literature, measured, name_axes, sweep, theory
from netphysics.stats import Claim, Estimate

from .sweeps import error_figure

PAPER = "Iten et al., arXiv:1807.10300, section II D"
Kind = Literal["circular", "elliptic"]
Starts = Literal["joint", "product", "uniform"]
SEEN = {"circular": "circular orbits", "elliptic": "elliptic orbits"}
PHASES = 2
PLANETS = ("Earth", "Mars")

# Per cent of a full turn, root of the mean square over both angles and all times.
ACCURACY = {"circular": 0.4, "elliptic": 1.0}
PLANE = {"circular": 0.985, "elliptic": 0.995}
GAIN = 5.0
PERIOD_TOLERANCE = (0.01, 0.03)
# The networks released with the paper, run on fresh series of the same law.
RELEASED_ERROR = {"circular": (0.0090, 0.0173)}
RELEASED_PERIODS = {"circular": (365.0, 677.0)}
RELEASED_UNEXPLAINED = {
    "circular": {"raw": (0.20, 0.40), "geocentric": (0.028, 0.071), "heliocentric": (0.002, 0.013)},
    "elliptic": {"heliocentric": (0.0018, 0.0025)},
}
COORDINATES = {
    "raw": "phases,\nbetween 0 and $2\\pi$",
    "geocentric": "angles\nseen from Earth",
    "heliocentric": "phases,\nwithout jumps",
}
# Neurons that do not move at all have a very long period, in place of none.
STANDSTILL = 1e-9
# Lines through the sky of the first figure: the Sun at three angles, Mars's phase along each.
SUN_AT = np.array([-2.0, 0.0, 2.0])
MARS_ALONG = np.linspace(-1.9, 1.9, 12)
# A start shortly before an opposition, so that Mars is seen to turn back.
JOURNEY = np.array([4.87, 0.0])


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
            "steps": 20_000,
            "width": 100,
            "draws": 8,
        },
    }

    def __post_init__(self):
        super().__post_init__()
        for name, known in (("orbits", get_args(Kind)), ("starts", get_args(Starts))):
            value = getattr(self, name)
            chosen = value if name == "orbits" else (value,)
            if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(known):
                raise ValueError(f"{name} is {value}; accepted are {', '.join(known)}, none of them twice")
        if PHASES not in self.latents:
            raise ValueError(f"latents is {self.latents}; one must be 2, for the phases of two planets")


def cells(config):
    return [Cell(kind) for kind in config.orbits]


def orbits_of(config, kind):
    return Orbits(starts=config.starts) if kind == "circular" else elliptic


def predict(config):
    """The periods and, for one start, what an astronomer on Earth and one on the Sun would see."""
    found = {}
    for cell in cells(config):
        orbits = orbits_of(config, cell.name)
        found[cell.name] = {
            "periods": Estimate.exact(orbits.periods),
            "angles": Estimate.exact(orbits.series(JOURNEY, orbits.times)),
        }
    return found


def measure(config, cell):
    orbits, most = orbits_of(config, cell.name), max(config.latents)
    # In a radian's time of Earth everything is of order one.
    unit = float(1 / orbits.rates[0])
    shape = Shape(2, 1, 2, most, config.layers, config.layers, evolution="drift", question_unit=unit)
    sweep_of = make_sweep(orbits.world, shape, config.latents, config.schedule)
    two = config.latents.index(PHASES)

    def one(key):
        found = sweep_of(key)
        model, latents = found.model(two), found.means(two)[:, :PHASES]
        drift = np.asarray(model.motion, np.float64)[:PHASES] / unit
        seen = np.asarray(found.test.observation, np.float64)
        raw = np.asarray(found.test.variables, np.float64)
        phases = nearest_turn(raw, seen - [np.pi, 0])
        fit = plane(latents, phases)
        squares = squared_errors(orbits, model, raw)
        unexplained = {
            "raw": worst_last(latents, raw),
            "geocentric": worst_last(latents, seen),
            "heliocentric": worst_last(latents, phases),
        }
        offered = percent(np.asarray(found.activity.error, np.float64) ** 2 / len(PLANETS))
        return {
            "offered": offered,
            **({"knee": knee(config.latents, offered)} if 0 in config.latents else {}),
            "squares": squares,
            **{f"unexplained-{name}": share for name, share in unexplained.items()},
            "rates": fit.rates(drift),
            **verdicts(cell.name, orbits, squares, unexplained["heliocentric"], fit.rates(drift)),
            "gain": mars_gain(latents, seen, phases) >= GAIN,
            **pictures(orbits, model, fit, drift),
        }

    def experiment(keys):
        return total([one(key) for key in keys])

    return experiment


def percent(squares):
    """A mean squared angle as a share of a full turn."""
    return 100 * np.sqrt(squares) / TURN


def worst_last(latents, coordinates):
    """The shares of the neurons' variances that no plane over the coordinates has."""
    return np.sort(1 - plane(latents, coordinates).explained)


def verdicts(kind, orbits, squares, unexplained, rates):
    """What one network amounts to: 1 for every statement that is true of it."""
    return {
        "accurate": percent(squares.mean()) <= ACCURACY[kind],
        "planes": unexplained.max() <= 1 - PLANE[kind],
        "periods": np.abs(orbits.rates - rates) <= PERIOD_TOLERANCE * np.abs(rates),
    }


def mars_gain(latents, seen, phases):
    """How many times more of Mars's angle than of its phase no linear function of the latents has.

    Asked this way round it does not matter how the two neurons share the two phases. The other way a neuron that holds
    Earth's phase alone could not tell: the Sun's angle is that phase and half a turn.
    """
    angle, phase = (1 - plane(both, latents).explained[1] for both in (seen, phases))
    return angle / max(phase, np.finfo(np.float64).tiny)


@eqx.filter_jit
def encode(model, observations):
    return jax.vmap(model.encode)(observations)[0]


def encoded(model, observations):
    return encode(model, jnp.asarray(observations, jnp.float32))


@eqx.filter_jit
def followed(model, latents, times):
    """The angles that the decoder answers with at all times, shape (systems, times, 2)."""
    return answers(model, latents, jnp.broadcast_to(times[None, :, None], (len(latents), len(times), 1)))


def squared_errors(orbits, model, raw):
    """Mean squared error by time and planet; the Sun's angle counts for Earth."""
    truth = orbits.series(raw, orbits.times)
    found = followed(model, encoded(model, truth[:, 0]), jnp.asarray(orbits.times, jnp.float32))
    return ((np.asarray(found, np.float64) - truth) ** 2).mean(axis=0)


def pictures(orbits, model, fit, drift):
    """Mars's phase as the neurons have it, along lines through the sky; and one journey."""
    lines = encoded(model, orbits.seen(sky()).reshape(-1, 2))
    begin = encoded(model, orbits.series(JOURNEY, orbits.times)[:1])
    moved = np.asarray(begin, np.float64)[:, :PHASES] + orbits.times[:, None] * drift
    return {
        "lines": fit.read(np.asarray(lines, np.float64)[:, :PHASES])[:, 1].reshape(len(SUN_AT), len(MARS_ALONG)),
        "angles": followed(model, begin, jnp.asarray(orbits.times, jnp.float32))[0],
        "phases": fit.read(moved),
    }


def sky():
    """Phases of both planets along the lines, shape (lines, points, 2)."""
    return np.stack(np.broadcast_arrays(SUN_AT[:, None] - np.pi, MARS_ALONG), axis=-1)


def reduce(config, cell, tally):
    found = {name: tally.mean(name) for name in tally.sums}
    squares = found.pop("squares")
    found["error"] = percent(squares.mean())
    found["by-planet"] = percent(squares.mean(axis=0))
    found["by-time"] = percent(squares).T
    found["periods-found"] = TURN / np.where(found["rates"] == 0, STANDSTILL, found["rates"])
    return found


def compare(config, predicted, measured_results):
    claims = []
    for cell in cells(config):
        found, seen = measured_results[cell.name], SEEN[cell.name]
        year, mars_year = predicted[cell.name]["periods"].value
        statements = {
            "earth-period": f"the drift of the neurons holds the year of {year:g} days to 1 %",
            "mars-period": f"the drift of the neurons holds Mars's period of {mars_year:.2f} days to 3 %",
            "accurate": f"a network with two latents is right to {ACCURACY[cell.name]:g} % of a full turn",
            "planes": f"the neurons are planes over heliocentric phases, to {PLANE[cell.name]:g} of their variance",
            "gain": f"the neurons are {GAIN:g} times closer to linear in Mars's phase than in its angle from Earth",
        }
        fractions = {name: found[name] for name in ("accurate", "planes", "gain")}
        fractions["earth-period"], fractions["mars-period"] = found["periods"][0], found["periods"][1]
        claims += [
            Claim(
                f"{name}-{cell.name}",
                f"{seen}: {statement}: fraction of seeds",
                1.0,
                fractions[name],
                "literature",
                PAPER,
                resolution=0.2,
            )
            for name, statement in statements.items()
        ]
        if 0 in config.latents and len(config.latents) > 2:
            statement = f"{seen}: the error has a knee at two latents, the number of phases"
            claims.append(Claim(f"knee-{cell.name}", statement, PHASES, found["knee"], "literature", PAPER, 0.3))
    return claims


def figures(config, predicted, measured_results):
    for cell in cells(config):
        kind, found = cell.name, measured_results[cell.name]
        orbits = orbits_of(config, kind)
        yield line_figure(config, orbits, kind, found)
        yield journey_figure(orbits, kind, predicted[kind], found)
        yield period_figure(kind, predicted[kind], found)
        yield unexplained_figure(kind, found)
        yield time_figure(orbits, kind, found)
        if len(config.latents) > 1:
            yield offered_figure(config, kind, found)


def line_figure(config, orbits, kind, found):
    """What the neurons say about Mars, against its phase and against its angle."""
    plot, (left, right) = figure(panels=2)
    phases, angles = sky()[..., 1], orbits.seen(sky())[..., 1]
    rows = []
    read = "Mars's phase, read from the neurons (rad)"
    name_axes(left, r"phase of Mars around the Sun, $\phi_M$ (rad)", read, title="heliocentric")
    name_axes(right, r"angle of Mars seen from Earth, $\theta_M$ (rad)", read, title="geocentric")
    ends = np.array([MARS_ALONG[0], MARS_ALONG[-1]])
    theory(left, ends, ends, "muted", "the plane")
    theory(right, ends, ends, "muted", "a plane, if it were one")
    for i, role in enumerate(sweep(len(SUN_AT))):
        for axes, x in ((left, phases), (right, angles)):
            measured(axes, x[i], found["lines"][i], role, rf"Sun at $\theta_S$ = {SUN_AT[i]:g}")
        rows += list(zip([SUN_AT[i]] * len(MARS_ALONG), phases[i], angles[i], found["lines"][i], strict=True))
    legend(left, loc="upper left")
    caption = (
        f"Two neurons, read through the plane that was fitted to them, say where Mars is in its orbit "
        f"({SEEN[kind]}). Left: wherever the Sun stands, they say the heliocentric phase. Right: the same numbers "
        f"against what is seen; the position of the Sun matters. Mean over {config.draws} networks, with its error."
    )
    table = Table(("Sun at (rad)", "phase of Mars (rad)", "angle of Mars (rad)", "read from neurons (rad)"), rows)
    return Figure(f"neurons-{kind}", caption, plot, table)


def journey_figure(orbits, kind, predicted, found):
    """One series: as it is seen from Earth, and as the drifting neurons have it around the Sun."""
    plot, (left, right) = figure(panels=2, height=3.7)
    longitudes, radii = orbits.positions(nearest_start(orbits))
    earth, mars = (radii * np.exp(1j * longitudes)).T
    distance = np.abs(mars - earth)
    name_axes(left, "$x$ from Earth (au)", "$y$ from Earth (au)", title="geocentric: answers")
    name_axes(right, "$x$ from the Sun (au)", "$y$ from the Sun (au)", title="heliocentric: neurons")
    shown = slice(None, None, 2)
    rows = []
    answered, read = found["angles"], found["phases"]
    read_longitudes = orbits.positions(read.value)[0]
    for planet, (name, role) in enumerate((("Sun", "other"), ("Mars", "discovery"))):
        away = radii[:, 0] if name == "Sun" else distance
        line = predicted["angles"].value[:, planet]
        theory(left, away * np.cos(line), away * np.sin(line), role)
        points(left, away[shown], answered[shown, planet].value, answered[shown, planet].error, role, name)
    for planet, (name, role) in enumerate((("Earth", "fields"), ("Mars", "discovery"))):
        around = radii[:, planet]
        theory(right, around * np.cos(longitudes[:, planet]), around * np.sin(longitudes[:, planet]), role)
        points(right, around[shown], read_longitudes[shown, planet], read[shown, planet].error, role, name)
    for axes, home in ((left, "Earth"), (right, "Sun")):
        axes.set_aspect("equal", adjustable="datalim")
        axes.plot(0, 0, "+", color="gray")
        axes.annotate(home, (0, 0), xytext=(4, 4), textcoords="offset points", color="gray", fontsize=9)
        legend(axes, loc="upper left")
    rows = [
        (float(t), *(found[part][i, j] for part in ("angles", "phases") for j in range(2)))
        for i, t in enumerate(orbits.times)
    ]
    caption = (
        f"One year in which Mars turns back ({SEEN[kind]}). Left: from one observation the network says in which "
        "direction the Sun and Mars will stand; points are its answers, at the true distances, which it is not asked "
        "for. Right: its neurons meanwhile, read as phases around the Sun, move evenly. Lines: the truth."
    )
    columns = ("t (d)", "Sun (rad)", "Mars (rad)", "phase of Earth (rad)", "phase of Mars (rad)")
    return Figure(f"journey-{kind}", caption, plot, Table(columns, rows))


def nearest_start(orbits):
    """The phases along the journey, without the turns that observation takes off."""
    return JOURNEY + orbits.times[:, None] * orbits.rates


def points(axes, radius, angle, error, role, label):
    """Points on their way around the origin, with the error bar that the angle gives them in y."""
    y = Estimate(radius * np.sin(angle), radius * np.abs(np.cos(angle)) * error, 0)
    measured(axes, radius * np.cos(angle), y, role, label)


def period_figure(kind, predicted, found):
    plot, (axes,) = figure(height=2.4)
    truth = predicted["periods"].value
    place = np.arange(len(PLANETS), dtype=float)
    name_axes(axes, "", "period, off the truth (%)")
    theory(axes, np.array([-0.5, 1.5]), np.zeros(2), "muted", "truth")
    measured(axes, place, (found["periods-found"] / truth - 1) * 100, "discovery", "drift of the neurons")
    published = RELEASED_PERIODS.get(kind)
    if published:
        literature(axes, place + 0.08, 100 * (np.array(published) / truth - 1), "other", "released network")
    axes.set_xticks(place, PLANETS)
    axes.set_xlim(-0.5, 1.5)
    legend(axes, loc="best")
    rows = [
        (planet, float(true), found["periods-found"][i], *((published[i],) if published else ()))
        for i, (planet, true) in enumerate(zip(PLANETS, truth, strict=True))
    ]
    caption = (
        f"The periods of both planets, from nothing but the vector by which the neurons drift and the plane through "
        f"them, $2\\pi / C^{{-1}} v$ ({SEEN[kind]})."
    )
    columns = ("planet", "true (d)", "from the drift (d)", *(("released network (d)",) if published else ()))
    return Figure(f"periods-{kind}", caption, plot, Table(columns, rows))


def unexplained_figure(kind, found):
    plot, (axes,) = figure()
    place = np.arange(len(COORDINATES), dtype=float)
    name_axes(axes, "plane over", "variance of the neuron that is left", log="y")
    rows = []
    for neuron, role in enumerate(("discovery", "fields")):
        label = ("the better neuron", "the other")[neuron]
        for i, name in enumerate(COORDINATES):
            left = found[f"unexplained-{name}"][neuron : neuron + 1]
            measured(axes, place[i : i + 1] + 0.1 * neuron, left, role, "" if i else label)
            rows.append((name, label, left[0], RELEASED_UNEXPLAINED[kind].get(name, ("", ""))[neuron]))
    for i, name in enumerate(COORDINATES):
        if name in RELEASED_UNEXPLAINED[kind]:
            x = place[i] + np.array([0.0, 0.1]) - 0.1
            literature(axes, x, RELEASED_UNEXPLAINED[kind][name], "other", "" if i < 2 else "released network")
    axes.set_xticks(place, COORDINATES.values())
    axes.set_xlim(-0.5, len(place) - 0.5)
    legend(axes, loc="upper right")
    caption = (
        f"How flat the neurons are over three kinds of coordinates ({SEEN[kind]}). A phase that starts again at each "
        "turn cannot be a plane; it must be continued first. Seen from Earth the angles do rather well, since Mars is "
        "never far from where it would be seen from the Sun: what tells is the ratio."
    )
    table = Table(("coordinates", "neuron", "left over", "released network"), rows)
    return Figure(f"unexplained-{kind}", caption, plot, table)


def time_figure(orbits, kind, found):
    plot, (axes,) = figure()
    name_axes(axes, "time after the observation $t$ (d)", "RMSE (% of a full turn)")
    rows = []
    for i, (name, role) in enumerate((("Sun", "other"), ("Mars", "discovery"))):
        measured(axes, orbits.times, found["by-time"][i], role, name)
        if kind in RELEASED_ERROR:
            middle = orbits.times[-1:] / 2
            literature(axes, middle, [100 * RELEASED_ERROR[kind][i] / TURN], role, f"{name}, released network")
        rows += [(name, float(t), error) for t, error in zip(orbits.times, found["by-time"][i], strict=True)]
    axes.set_ylim(bottom=0)
    legend(axes, loc="best")
    caption = (
        f"The error at each time ({SEEN[kind]}); open markers are averages over all times. One vector for the drift "
        "serves for all of them, so the error hardly grows."
    )
    return Figure(f"error-{kind}", caption, plot, Table(("angle of", "t (d)", "RMSE (%)"), rows))


def offered_figure(config, kind, found):
    plotted = error_figure(
        config.latents,
        {SEEN[kind]: found["offered"]},
        {},
        "The error with K neurons offered: two phases, two neurons.",
        unit="% of a full turn",
    )
    return Figure(f"offered-{kind}", plotted.caption, plotted.figure, plotted.table)


study = Study(
    name="heliocentric",
    wing="discovery",
    question="Does a network that predicts Mars in the sky put the Sun in the center?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    equations=(
        Equation(
            r"\theta_M = \arg(r_M e^{i\lambda_M} - r_E e^{i\lambda_E}), \quad \theta_S = \lambda_E + \pi",
            "what is seen from Earth",
        ),
        Equation(r"z(t) = z(0) + v t", "how latent neurons move, the same $v$ for all series"),
        Equation(r"z = C \varphi + c, \quad T = 2\pi / C^{-1} v", "the plane through the neurons, and the periods"),
    ),
    cites=("Iten2020",),
)
