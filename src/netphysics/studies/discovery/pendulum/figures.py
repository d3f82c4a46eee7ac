"""Figures of the pendulum."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from netphysics.report import Figure, Table, ordered_roles
from netphysics.report.style import draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Estimate

from .neurons import QUANTILES, SLICES, TIMES, VARIABLES

SYMBOLS = {"b": "$b$", "kappa": r"$\kappa$"}


def slice_figure(draws: int, found: Mapping[str, Estimate]) -> Figure:
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
        f"colors coincide. Mean over {draws} networks, brought to the same order and signs, with its error."
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
