"""Data: the results of a run as one xarray tree and as one table, theory and measurement side by side."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..stats import Estimate

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from .run import Run

# Names of the axes of a quantity, in order, with the values along each.
Coordinates = Mapping[str, Sequence[Any] | np.ndarray]


def tree(run: Run) -> xr.DataTree:
    """One node for each cell; docs/data.md says what is in it."""
    import xarray as xr

    nodes = {"/": xr.Dataset(attrs={"run": json.dumps(run.record), "study": run.study.name})}
    for cell in cell_names(run):
        nodes[f"/{cell}"] = _node(run, cell)
    return xr.DataTree.from_dict(nodes)


def table(run: Run) -> pd.DataFrame:
    """One row for each number of a run: its cell with parameters, quantity, place along each named axis or index,
    `theory` and `measured` with their standard errors; NaN where there is none.
    """
    import pandas as pd

    return pd.concat([pd.DataFrame(part) for part in _parts(run)], ignore_index=True)


def cell_names(run: Run) -> list[str]:
    return list(dict.fromkeys([*run.predicted, *run.measured]))


def parameters(run: Run, cell: str) -> dict[str, Any]:
    """The parameters of a cell, as far as they are numbers or words; a cell of theory alone may have none."""
    found = {each.name: each.parameters for each in run.study.cells(run.config)}.get(cell, {})
    return {name: value if isinstance(value, (bool, int, float, str)) else str(value) for name, value in found.items()}


def _node(run: Run, cell: str) -> xr.Dataset:
    import xarray as xr

    variables: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for name, predicted, measured in _quantities(run, cell):
        shape = _shape(predicted, measured)
        axes = _axes(run, name, shape)
        coordinates |= {axis: list(values) for axis, values in axes.items() if values is not None}
        for estimate, kind in ((measured, ""), (predicted, "_theory")):
            if estimate is None:
                continue
            dims = (
                tuple(axes)
                if estimate.shape == shape
                else tuple(f"{name}{kind}_{i}" for i in range(len(estimate.shape)))
            )
            attrs = {"draws": estimate.draws, "dof": estimate.dof}
            variables[name + kind] = (dims, estimate.value, attrs)
            variables[f"{name}{kind}_err"] = (dims, estimate.error, {"long_name": f"standard error of {name}{kind}"})
            if not kind:
                variables[f"{name}_trusted"] = (dims, estimate.trusted)
    clash = variables.keys() | coordinates.keys()
    coordinates |= {key: value for key, value in parameters(run, cell).items() if key not in clash}
    return xr.Dataset(variables, coordinates)


def _parts(run: Run) -> Iterator[dict[str, Any]]:
    """Columns of the table for each quantity of each cell."""
    for cell in cell_names(run):
        for name, predicted, measured in _quantities(run, cell):
            shape = _shape(predicted, measured)
            places = np.indices(shape).reshape(len(shape), math.prod(shape))
            columns: dict[str, Any] = {"cell": cell, **parameters(run, cell), "quantity": name}
            unnamed = []
            for place, (axis, values) in zip(places, _axes(run, name, shape).items(), strict=True):
                if values is None:
                    unnamed.append(place)
                else:
                    columns[axis] = np.asarray(values)[place]
            if unnamed:
                columns["index"] = [", ".join(map(str, each)) for each in zip(*unnamed, strict=True)]
            for estimate, kind in ((predicted, "theory"), (measured, "measured")):
                missing = np.full(places.shape[1], np.nan)
                columns |= {kind: missing, f"{kind}_error": missing}
                if estimate is not None and estimate.shape == shape:
                    columns |= {kind: np.ravel(estimate.value), f"{kind}_error": np.ravel(estimate.error)}
            yield {key: np.broadcast_to(value, places.shape[1]) for key, value in columns.items()}


def _quantities(run: Run, cell: str) -> Iterator[tuple[str, Estimate | None, Estimate | None]]:
    """Name, theory and measurement of each quantity of a cell."""
    predicted, measured = run.predicted.get(cell, {}), run.measured.get(cell, {})
    for name in dict.fromkeys([*predicted, *measured]):
        yield name, predicted.get(name), measured.get(name)


def _shape(predicted: Estimate | None, measured: Estimate | None) -> tuple[int, ...]:
    """The shape of a quantity: as it is measured, or as theory has it where nothing is measured."""
    return next(estimate.shape for estimate in (measured, predicted) if estimate is not None)


def _axes(run: Run, quantity: str, shape: tuple[int, ...]) -> dict[str, Sequence[Any] | np.ndarray | None]:
    """The axes of a quantity by name: those that its study names, where they fit; `quantity_0`, ... elsewhere."""
    named = run.study.coordinates(run.config).get(quantity, {})
    if tuple(len(values) for values in named.values()) == shape:
        return dict(named)
    return {f"{quantity}_{i}": None for i in range(len(shape))}
