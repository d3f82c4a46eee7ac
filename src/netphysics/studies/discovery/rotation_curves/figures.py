"""Figures of the rotation curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.lab import Results
from netphysics.report import Figure, Table, TableEntry, ordered_roles
from netphysics.report.style import draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Estimate

HALO = ("small $c$", "typical $c$", "large $c$")


def accuracy_figure(accuracies: np.ndarray, needed: Mapping[str, Estimate], chosen: float) -> Figure:
    """How many numbers are needed, by the accuracy of velocities; shape (accuracies,) for each world."""
    plot, (axes,) = figure()
    name_axes(axes, "relative accuracy of velocities", "hidden numbers that are needed", log="x")
    roles = ordered_roles(len(needed))
    for i, (role, (label, number)) in enumerate(zip(roles, needed.items(), strict=True)):
        draw_measured(axes, accuracies * 1.02**i, number, role, label)
    draw_theory(
        axes,
        np.full(2, chosen),
        np.array([-0.1, max(n.value.max() for n in needed.values())]),
        "muted",
        "accuracy of the claims",
    )
    axes.set_yticks(np.arange(int(np.ceil(max(n.value.max() for n in needed.values()))) + 1))
    legend(axes, loc="best")
    caption = (
        "How many numbers a galaxy needs is a question of accuracy: the fewest latents whose squared error is at most "
        "the square of the accuracy above the least one. Where a world steps down, data of that accuracy no longer see "
        "its last number."
    )
    rows: list[tuple[TableEntry, ...]] = [
        (float(a), *(number[i] for number in needed.values())) for i, a in enumerate(accuracies)
    ]
    return Figure("accuracy", caption, plot, Table(("accuracy", *needed), rows))


def numbers_figure(
    labels: Mapping[str, str], predicted: Results, found: Results, offered: int, accuracy: float
) -> Figure:
    """What the equations of each world say of "how many", beside what networks say."""
    plot, (axes,) = figure()
    name_axes(axes, "", "how many numbers")
    place = np.arange(len(labels))
    rows = []
    for i, (law, label) in enumerate(labels.items()):
        exact, needed, active = predicted[law]["numbers"], found[law]["needed"], found[law]["active"]
        name = i == 0
        draw_theory(axes, i + np.array([-0.3, 0.3]), np.full(2, exact.value), "ink", "rank of the equations" * name)
        draw_measured(axes, i - 0.1, needed, "discovery", f"needed to {accuracy:g} of the velocity" * name)
        draw_measured(axes, i + 0.1, active, "fields", f"active of {offered} neurons" * name)
        rows.append((label, int(exact.value), needed, active, found[law]["knee"], found[law]["dimension"]))
    axes.set_xticks(place, [label.replace(" (", "\n(").replace(", ", ",\n") for label in labels.values()])
    axes.set(xlim=(-0.6, len(labels) - 0.4), ylim=(-0.2, offered + 1.2))
    legend(axes, loc="upper left")
    caption = (
        "How many hidden numbers a galaxy has, by the rank of the equations and by networks: those that are needed for "
        "velocities of some accuracy, and the neurons that are active when the most are offered. The table has the "
        "knee of the error and the dimension of observations, which vary with visible matter too."
    )
    columns = ("world", "rank", "needed", "active", "knee of the error", "dimension of observations")
    return Figure("numbers", caption, plot, Table(columns, rows))


def example_figure(
    law: str,
    label: str,
    r: np.ndarray,
    visible: np.ndarray,
    true: np.ndarray,
    found: Mapping[int, Estimate],
) -> Figure:
    """Three rotation curves, and what networks with several numbers of latents say.

    Args:
        r: radii in kpc, (places,).
        visible: what visible matter alone gives, in km/s, (places,).
        true: velocities, (galaxies, places).
        found: by number of latents, estimates of shape (galaxies, places).
    """
    plot, panels = figure(panels=len(found))
    rows = []
    for axes, (k, curves) in zip(panels, found.items(), strict=True):
        name_axes(axes, "radius $r$ (kpc)", "velocity $v$ (km/s)", title=f"$K$ = {k}")
        draw_theory(axes, r, visible, "muted", "visible matter")
        for i, (role, name) in enumerate(zip(ordered_roles(len(HALO)), HALO, strict=True)):
            draw_theory(axes, r, true[i], role)
            draw_measured(axes, r[::2], curves[i][::2], role, name)
            rows += [
                (k, name, float(x), float(v), float(y), curves[i, j])
                for j, (x, v, y) in enumerate(zip(r, visible, true[i], strict=True))
            ]
        axes.set_ylim(0, 1.3 * true.max())
        legend(axes, loc="upper left", ncols=2)
    caption = (
        f"Galaxies of one world, {label}, with the same visible matter and mass of the halo but other concentrations. "
        "Lines: the truth. Points: what networks with K latent numbers say, with the error of the mean over seeds."
    )
    columns = ("K", "galaxy", "r (kpc)", "visible (km/s)", "true (km/s)", "network (km/s)")
    return Figure(f"curves-{law}", caption, plot, Table(columns, rows))


def held_figure(law: str, label: str, columns: Sequence[str], found: Mapping[str, Estimate]) -> Figure:
    """How much each candidate has to do with the neurons."""
    plot, (axes,) = figure()
    place = np.arange(len(columns))
    name_axes(axes, "", "share of variance")
    draw_measured(axes, place - 0.08, found["held"], "discovery", "of the best neuron, explained by it")
    draw_measured(axes, place + 0.08, found["together"], "fields", "of it, explained by all neurons")
    axes.set_xticks(place, [name.replace("log ", "", 1) for name in columns], rotation=25, ha="right")
    axes.set(xlim=(-0.6, len(columns) - 0.4), ylim=(-0.05, 1.4))
    axes.set_yticks(np.linspace(0, 1, 6))
    legend(axes, loc="upper left")
    caption = (
        f"What the neurons hold, {label}. Squares: how much of one neuron is a function of a candidate. Circles: how "
        "much of the candidate all neurons together know; that does not change when neurons are mixed."
    )
    rows = [
        (name, found["held"][i], found["together"][i], found["named"][i], found["other"][i])
        for i, name in enumerate(columns)
    ]
    table = Table(("candidate", "of the neuron", "by all neurons", "seeds that name it", "seeds with it best"), rows)
    return Figure(f"held-{law}", caption, plot, table)


def neuron_figure(law: str, label: str, log_mass: np.ndarray, lines: Estimate) -> Figure:
    """Neurons along the mass of the halo; `lines` has shape (neurons, shapes, masses)."""
    plot, panels = figure(panels=len(lines.value))
    rows = []
    for k, axes in enumerate(panels):
        what = ("mass", "concentration")[k]
        title = f"the neuron nearest to the {what}"
        name_axes(axes, r"$\log_{10} M_{200} / M_\odot$", "neuron, in its standard deviations", title=title)
        shapes = HALO if len(panels) > 1 else HALO[1:2]
        for i, (role, name) in enumerate(zip(ordered_roles(len(shapes)), shapes, strict=True)):
            values = lines[k, i if len(panels) > 1 else 1]
            draw_measured(axes, log_mass, values, role, name)
            rows += [(what, name, float(m), value) for m, value in zip(log_mass, values, strict=True)]
        legend(axes, loc="best")
    caption = (
        f"Neurons against the truth, {label}: along the mass of the halo, for a typical visible part. Mean over seeds, "
        "brought to the same order and signs; large error bars mean that seeds chose different coordinates."
    )
    return Figure(f"neurons-{law}", caption, plot, Table(("neuron of", "halo", "log M200", "neuron (std)"), rows))
