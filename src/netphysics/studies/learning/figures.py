"""Figures that studies of training share: losses by step, and a number along an axis for each initialization."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Results
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Estimate

from .ensembles import steps_of
from .options import LearningConfig


def loss_figure(
    caption: str,
    config: LearningConfig,
    cells: Iterable[Cell],
    predicted: Results,
    measured: Results,
    labels: Mapping[str, str],
    panel: Callable[[Cell], str],
    series: str = "initialization",
    roles: Mapping[str, str] | None = None,
) -> Figure:
    """Training loss by step, with lines where theory knows it.

    Args:
        labels: the columns of the table that tell curves apart, and the parameter of a cell in each.
        panel: the panel of a cell.
        series: the parameter that gives a curve its color and its name in the key.
        roles: the colors; those of their names, if left out.
    """
    lines = [
        Curve(
            labels={column: cell[parameter] for column, parameter in labels.items()},
            x=steps_of(config),
            theory=None if (loss := predicted.get(cell.name, {}).get("loss")) is None else loss.value,
            measured=measured[cell.name]["loss"],
            role=roles[cell[series]] if roles else cell[series],
            panel=panel(cell),
            legend=cell[series],
        )
        for cell in cells
    ]
    return curves("loss", caption, lines, x="step", y="training loss", log="y", every=3, band=True, share_y=True)


def initialization_curves(
    x: Sequence[int],
    measured: Mapping[str, Estimate],
    theory: Mapping[str, np.ndarray] | None = None,
    panel: str = "",
    labels: Mapping[str, str] | None = None,
) -> list[Curve]:
    """What was measured along an axis, a curve for each initialization.

    Args:
        x: places, shape (n,).
        measured, theory: by initialization, shape (n,).
        panel: the panel that they are drawn in.
        labels: columns of the table before the initialization.
    """
    return [
        Curve(
            labels={**(labels or {}), "initialization": kind},
            x=np.array(x),
            theory=theory[kind] if theory else None,
            measured=values,
            role=kind,
            panel=panel,
            legend=kind,
        )
        for kind, values in measured.items()
    ]
