"""Results as netCDF: written to memory in one piece, so that a full disk meets no library in the middle of it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import h5netcdf
import h5py
import numpy as np

from ..stats import Estimate

if TYPE_CHECKING:
    from .study import Results


def to_netcdf(results: Results, record: dict[str, Any]) -> bytes:
    """Results as netCDF: a group for each cell; for each quantity a variable and its `<name>_err` twin.

    The whole record of the run goes into the attribute `run`.
    """
    content = io.BytesIO()
    with h5netcdf.File(content, "w") as file:
        file.attrs["run"] = json.dumps(record)
        for cell, quantities in results.items():
            group = file.create_group(cell)
            for name, estimate in quantities.items():
                sizes = {f"{name}_{axis}": size for axis, size in enumerate(estimate.shape)}
                for dimension, size in sizes.items():
                    group.dimensions[dimension] = size
                arrays = {name: estimate.value, f"{name}_err": estimate.error}
                for key, array in arrays.items():
                    variable = group.create_variable(key, tuple(sizes), data=array)
                group.create_variable(f"{name}_trusted", tuple(sizes), data=estimate.trusted.astype(np.int8))
                variable = group.variables[name]
                variable.attrs["draws"] = estimate.draws
                variable.attrs["dof"] = estimate.dof
    return content.getvalue()


def from_netcdf(content: bytes) -> dict[str, dict[str, Estimate]]:
    """What `to_netcdf` made.

    Raises:
        ValueError: for any other content; links to other files are not followed.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            return {cell: _quantities(_hard(file, cell, h5py.Group), len(content)) for cell in file}
    except Exception:  # whatever the library makes of damaged bytes
        raise ValueError("the results are damaged, or not netCDF of netphysics") from None


def _quantities(group: h5py.Group, most: int) -> dict[str, Estimate]:
    def dataset(name: str) -> h5py.Dataset:
        found = _hard(group, name, h5py.Dataset)
        # Nothing is packed in a file of ours, so that a size larger than the file is a lie.
        if found.external or found.is_virtual or found.nbytes > most:
            raise ValueError(f"{name} does not lie in this file")
        return found

    def estimate(name: str) -> Estimate:
        value = dataset(name)
        return Estimate(
            value[...],
            dataset(f"{name}_err")[...],
            int(np.asarray(value.attrs["draws"]).item()),
            float(np.asarray(value.attrs["dof"]).item()),
            np.asarray(dataset(f"{name}_trusted")[...], bool),
        )

    names = set(group)
    return {name: estimate(name) for name in group if f"{name}_err" in names}


def _hard(group: h5py.Group, name: str, kind: type) -> Any:
    """What a group holds itself, of the kind that is expected."""
    found = group[name] if isinstance(group.get(name, getlink=True), h5py.HardLink) else None
    if not isinstance(found, kind):
        raise ValueError(f"{name} does not lie in this file")
    return found
