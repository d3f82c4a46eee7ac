"""Figures of the heliocentric study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from netphysics.discovery.worlds.orbits import TURN, Orbits
from netphysics.report import Figure, Table, TableEntry, ordered_roles
from netphysics.report.style import draw_measured, draw_published, draw_theory, figure, legend, name_axes
from netphysics.stats import Estimate

from ..sweep_figures import error_figure

SEEN = {"circular": "circular orbits", "elliptic": "elliptic orbits"}
PLANETS = ("Earth", "Mars")
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
    "bent": "these, and\na bend",
}
READINGS = (("periods", "discovery", "drift and plane"), ("bent-periods", "fields", "drift, plane and bend"))
# Lines through the sky of the first figure: the Sun at three angles, Mars's phase along each.
SUN_AT = np.array([-2.0, 0.0, 2.0])
MARS_ALONG = np.linspace(-1.9, 1.9, 12)
# A start shortly before an opposition, so that Mars is seen to turn back.
JOURNEY = np.array([4.87, 0.0])
# Steps of the true path between two times of a series.
FINER = 8


def fine(orbits: Orbits) -> np.ndarray:
    """The times of a series, and those between."""
    return np.linspace(0, orbits.times[-1], FINER * (orbits.steps - 1) + 1)


def sky() -> np.ndarray:
    """Phases of both planets along the lines, shape (lines, points, 2)."""
    return np.stack(np.broadcast_arrays(SUN_AT[:, None] - np.pi, MARS_ALONG), axis=-1)


def line_figure(draws: int, orbits: Orbits, kind: str, found: Mapping[str, Estimate]) -> Figure:
    """What the neurons say about Mars, against its phase and against its angle."""
    plot, (left, right) = figure(panels=2)
    phases, angles = sky()[..., 1], orbits.seen(sky())[..., 1]
    rows = []
    read = "Mars's phase, read from the neurons (rad)"
    name_axes(left, r"phase of Mars around the Sun, $\phi_M$ (rad)", read, title="heliocentric")
    name_axes(right, r"angle of Mars seen from Earth, $\theta_M$ (rad)", read, title="geocentric")
    ends = np.array([MARS_ALONG[0], MARS_ALONG[-1]])
    draw_theory(left, ends, ends, "muted", "the plane")
    draw_theory(right, ends, ends, "muted", "a plane, if it were one")
    for i, role in enumerate(ordered_roles(len(SUN_AT))):
        for axes, x in ((left, phases), (right, angles)):
            draw_measured(axes, x[i], found["lines"][i], role, rf"Sun at $\theta_S$ = {SUN_AT[i]:g}")
        rows += list(zip([SUN_AT[i]] * len(MARS_ALONG), phases[i], angles[i], found["lines"][i], strict=True))
    legend(left, loc="upper left")
    caption = (
        f"Two neurons, read through the plane that was fitted to them, say where Mars is in its orbit "
        f"({SEEN[kind]}). Left: wherever the Sun stands, they say the heliocentric phase. Right: the same numbers "
        f"against what is seen; the position of the Sun matters. Mean over {draws} networks, with its error."
    )
    table = Table(("Sun at (rad)", "phase of Mars (rad)", "angle of Mars (rad)", "read from neurons (rad)"), rows)
    return Figure(f"neurons-{kind}", caption, plot, table)


def journey_figure(
    orbits: Orbits, kind: str, predicted: Mapping[str, Estimate], found: Mapping[str, Estimate]
) -> Figure:
    """One series: as it is seen from Earth, and as the drifting neurons have it around the Sun."""
    plot, (left, right) = figure(panels=2, height=3.7)
    longitudes, radii = orbits.positions(JOURNEY + fine(orbits)[:, None] * orbits.rates)
    earth, mars = (radii * np.exp(1j * longitudes)).T
    distance = np.abs(mars - earth)
    name_axes(left, "$x$ from Earth (au)", "$y$ from Earth (au)", title="geocentric: answers")
    name_axes(right, "$x$ from the Sun (au)", "$y$ from the Sun (au)", title="heliocentric: neurons")
    shown, there = slice(None, None, 2), slice(None, None, 2 * FINER)
    answered, read = found["angles"], found["phases"]
    read_longitudes = orbits.positions(read.value)[0]
    for planet, (name, role) in enumerate((("Sun", "other"), ("Mars", "discovery"))):
        away = radii[:, 0] if name == "Sun" else distance
        line = predicted["angles"].value[:, planet]
        draw_theory(left, away * np.cos(line), away * np.sin(line), role)
        points(left, away[there], answered[shown, planet].value, answered[shown, planet].error, role, name)
    for planet, (name, role) in enumerate((("Earth", "fields"), ("Mars", "discovery"))):
        around = radii[:, planet]
        draw_theory(right, around * np.cos(longitudes[:, planet]), around * np.sin(longitudes[:, planet]), role)
        points(right, around[there], read_longitudes[shown, planet], read[shown, planet].error, role, name)
    for axes, home in ((left, "Earth"), (right, "Sun")):
        axes.margins(0.05, 0.2)  # room for the key
        axes.set_aspect("equal", adjustable="datalim")
        axes.plot(0, 0, "+", color="gray")
        axes.annotate(home, (0, 0), xytext=(4, 4), textcoords="offset points", color="gray", fontsize=9)
        legend(axes, loc="lower left", ncols=2)
    rows: list[tuple[TableEntry, ...]] = [
        (float(t), *(found[part][i, j] for part in ("angles", "phases") for j in range(2)))
        for i, t in enumerate(orbits.times)
    ]
    caption = (
        f"{orbits.times[-1]:.0f} days in which Mars turns back ({SEEN[kind]}). Left: from one observation the network "
        "says in which direction the Sun and Mars will stand; points are its answers, at the true distances, which it "
        "is not asked for. Right: its neurons meanwhile, read as phases around the Sun, move evenly. Lines: the truth."
    )
    columns = ("t (d)", "Sun (rad)", "Mars (rad)", "phase of Earth (rad)", "phase of Mars (rad)")
    return Figure(f"journey-{kind}", caption, plot, Table(columns, rows))


def points(axes: Axes, radius: np.ndarray, angle: np.ndarray, error: np.ndarray, role: str, label: str) -> None:
    """Points on their way around the origin, with the error bar that the angle gives them in y."""
    y = Estimate(radius * np.sin(angle), radius * np.abs(np.cos(angle)) * error, 0)
    draw_measured(axes, radius * np.cos(angle), y, role, label)


def period_figure(kind: str, predicted: Mapping[str, Estimate], found: Mapping[str, Estimate]) -> Figure:
    plot, (axes,) = figure(height=2.4)
    truth = predicted["periods"].value
    place = np.arange(len(PLANETS), dtype=float)
    name_axes(axes, "", "period, off the truth (%)")
    draw_theory(axes, np.array([-0.5, 1.5]), np.zeros(2), "muted", "truth")
    for i, (name, role, label) in enumerate(READINGS):
        draw_measured(axes, place + 0.08 * i, (found[name] / truth - 1) * 100, role, label)
    published = RELEASED_PERIODS.get(kind)
    if published:
        draw_published(axes, place - 0.08, 100 * (np.array(published) / truth - 1), "other", "released network")
    axes.set_xticks(place, PLANETS)
    axes.set_xlim(-0.5, 3.2)  # room for the key
    legend(axes, loc="center right")
    rows = [
        (planet, float(true), *(found[name][i] for name, _, _ in READINGS), *((published[i],) if published else ()))
        for i, (planet, true) in enumerate(zip(PLANETS, truth, strict=True))
    ]
    caption = (
        "The periods of both planets, from nothing but the vector by which the neurons drift and the plane through "
        f"them, $2\\pi / C^{{-1}} v$ ({SEEN[kind]}). Neurons are free to bend with "
        "$\\omega_M \\phi_E - \\omega_E \\phi_M$, a constant of the motion; a plane through a bend is tilted. With "
        "the bend in the fit the tilt is gone."
    )
    columns = (
        "planet",
        "true (d)",
        *(f"{label} (d)" for _, _, label in READINGS),
        *(("released network (d)",) if published else ()),
    )
    return Figure(f"periods-{kind}", caption, plot, Table(columns, rows))


def unexplained_figure(kind: str, found: Mapping[str, Estimate]) -> Figure:
    plot, (axes,) = figure()
    place = np.arange(len(COORDINATES), dtype=float)
    name_axes(axes, "plane over", "variance of the neuron that is left", log="y")
    rows = []
    for neuron, role in enumerate(("discovery", "fields")):
        label = ("the better neuron", "the other")[neuron]
        for i, name in enumerate(COORDINATES):
            left = found[f"unexplained-{name}"][neuron : neuron + 1]
            draw_measured(axes, place[i : i + 1] + 0.1 * neuron, left, role, "" if i else label)
            rows.append((name, label, left[0], RELEASED_UNEXPLAINED[kind].get(name, ("", ""))[neuron]))
    for i, name in enumerate(COORDINATES):
        if name in RELEASED_UNEXPLAINED[kind]:
            x = place[i] + np.array([0.0, 0.1]) - 0.1
            draw_published(
                axes, x, np.array(RELEASED_UNEXPLAINED[kind][name]), "other", "" if i < 2 else "released network"
            )
    axes.set_xticks(place, COORDINATES.values())
    axes.set_xlim(-0.5, len(place) - 0.5)
    legend(axes, loc="upper right")
    caption = (
        f"How flat the neurons are over three kinds of coordinates ({SEEN[kind]}). A phase that starts again at each "
        "turn cannot be a plane; it must be continued first. Seen from Earth the angles do rather well, since Mars is "
        "never far from where it would be seen from the Sun: what tells is the ratio. What the plane leaves is a bend "
        "with a constant of the motion."
    )
    table = Table(("coordinates", "neuron", "left over", "released network"), rows)
    return Figure(f"unexplained-{kind}", caption, plot, table)


def time_figure(orbits: Orbits, kind: str, found: Mapping[str, Estimate]) -> Figure:
    plot, (axes,) = figure()
    name_axes(axes, "time after the observation $t$ (d)", "RMSE (% of a full turn)")
    rows = []
    for i, (name, role) in enumerate((("Sun", "other"), ("Mars", "discovery"))):
        draw_measured(axes, orbits.times, found["by-time"][i], role, name)
        if kind in RELEASED_ERROR:
            middle = orbits.times[-1:] / 2
            draw_published(
                axes, middle, np.array([100 * RELEASED_ERROR[kind][i] / TURN]), role, f"{name}, released network"
            )
        rows += [(name, float(t), error) for t, error in zip(orbits.times, found["by-time"][i], strict=True)]
    axes.set_ylim(0, 1.4 * axes.get_ylim()[1])  # room for the key
    legend(axes, loc="upper center", ncols=2)
    caption = (
        f"The error at each time ({SEEN[kind]}); open markers, if any, are averages over all times. One vector for the "
        "drift serves for all of them. Series start and end at the rim of what the network has seen, where it is worst."
    )
    return Figure(f"error-{kind}", caption, plot, Table(("angle of", "t (d)", "RMSE (%)"), rows))


def offered_figure(latents: Sequence[int], kind: str, found: Mapping[str, Estimate]) -> Figure:
    plotted = error_figure(
        latents,
        {SEEN[kind]: found["offered"]},
        {},
        "The error with K neurons offered: two phases, two neurons.",
        unit="% of a full turn",
    )
    return replace(plotted, name=f"offered-{kind}")
