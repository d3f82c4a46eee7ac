"""Grids: the cells of a sweep over several axes, and claims about all of them at once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

from ..blocks import Cell
from ..stats import Claim, Estimate, concatenate, stack
from ..stats.claim import Origin
from .study import Results


def grid(template: str = "", /, **axes: Iterable[object]) -> list[Cell]:
    """A cell for each point of a grid, the last axis running fastest.

    A cell is named by its values, joined by hyphens (`gaussian-critical`), or by `template`, a format string
    with the names of the axes (`"{activation}_N={width}"`); its parameters are the values by axis.
    """
    template = template or "-".join(f"{{{axis}}}" for axis in axes)
    points = (dict(zip(axes, values, strict=True)) for values in itertools.product(*axes.values()))
    return [Cell(template.format(**{axis: _word(value) for axis, value in point.items()}), point) for point in points]


def _word(value: object) -> object:
    """What stands for a value in a name: numbers at six digits; whatever else may have parts to name it by."""
    return _Short(value) if isinstance(value, float) else value


class _Short(float):
    def __str__(self) -> str:
        return f"{float(self):g}"

    def __format__(self, spec: str) -> str:
        return format(float(self), spec or "g")


def gather(results: Results, quantity: str, cells: Iterable[Cell | str]) -> Estimate:
    """One quantity of several cells as one estimate: numbers stacked, arrays joined along their first axis."""
    names = [cell if isinstance(cell, str) else cell.name for cell in cells]
    parts = [results[name][quantity] for name in names]
    return concatenate(parts) if parts[0].shape else stack(parts)


def agreement(
    id: str,
    statement: str,
    predicted: Results,
    measured: Results,
    cells: Iterable[Cell | str],
    origin: Origin,
    source: str,
    *,
    quantity: str = "",
    resolution: float = math.inf,
    reason: str = "",
) -> Claim:
    """The claim that a quantity was measured as predicted, in every one of some cells.

    Args:
        cells: the cells, or their names.
        quantity: what is compared; left out: the quantity that is called as the claim.
    """
    cells, quantity = list(cells), quantity or id
    expected, observed = (gather(results, quantity, cells) for results in (predicted, measured))
    return Claim(id, statement, expected, observed, origin, source, resolution, reason)
