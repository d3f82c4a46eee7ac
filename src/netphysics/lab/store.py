"""The run store: where a run lives on disk, and how results are written and read back."""

from __future__ import annotations

import hashlib
import html
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5netcdf
import numpy as np

from ..blocks import Cell, Ledger, Plan, atomic_path, write_atomic
from ..stats import Claim, Estimate
from . import data
from .options import StudyConfig
from .study import Results, Study

if TYPE_CHECKING:
    import pandas
    import xarray

THEORY = "theory.nc"
RESULT = "result.nc"
CLAIMS = "claims.json"
RECORD = "run.json"
REPORT = "report.html"
LOG = "log.jsonl"
# Of `Run.to_json`; raised when a reader would have to change.
SCHEMA_VERSION = 1


def run_id(study: Study, config: StudyConfig) -> str:
    """Ten hexadecimal digits that name a run: the study, its version and its config without the budget."""
    identity = {"study": study.name, "version": study.version, "config": config.identity()}
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Store:
    """The folder of one run.

    `theory.nc` is written before anything is measured; `blocks/` fills up; `result.nc`, `claims.json`
    and `run.json` close the run; `report.html` shows it and `log.jsonl` tells how it went.
    """

    folder: Path

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.folder / "blocks")

    def log(self, event: str, **details: Any) -> None:
        """Add one line to the log; a single write, so that lines of two runs never mix."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / LOG, "a") as stream:
            stream.write(json.dumps({"event": event, **details}) + "\n")

    def write_results(self, name: str, results: Results, record: dict[str, Any]) -> None:
        with atomic_path(self.folder / name) as path:
            write_results(path, results, record)

    def read_results(self, name: str) -> Results | None:
        """Stored results, or None when there are none or the file is damaged."""
        try:
            return read_results(self.folder / name)
        except (OSError, KeyError, ValueError):
            return None

    def write_json(self, name: str, content: Any) -> None:
        write_atomic(self.folder / name, (json.dumps(content, indent=2) + "\n").encode())

    def read_json(self, name: str) -> Any:
        """Stored JSON, or None when there is none or the file is damaged."""
        try:
            return json.loads((self.folder / name).read_text())
        except (OSError, ValueError):
            return None


def write_results(path: Path, results: Results, record: dict[str, Any]) -> None:
    """Results as netCDF: a group for each cell; for each quantity a variable and its `<name>_err` twin.

    The whole record of the run goes into the attribute `run`.
    """
    with h5netcdf.File(path, "w") as file:
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


def read_results(path: Path) -> Results:
    """What `write_results` wrote.

    Raises:
        OSError, KeyError: when the file is missing or damaged.
    """
    results = {}
    with h5netcdf.File(path, "r") as file:
        for cell, group in file.groups.items():
            names = [name for name in group.variables if f"{name}_err" in group.variables]
            results[cell] = {
                name: Estimate(
                    group.variables[name][...],
                    group.variables[f"{name}_err"][...],
                    int(group.variables[name].attrs["draws"]),
                    float(group.variables[name].attrs["dof"]),
                    np.asarray(group.variables[f"{name}_trusted"][...], bool),
                )
                for name in names
            }
    return results


@dataclass(frozen=True)
class Run:
    """A finished run: what was asked, predicted, measured and concluded.

    In a notebook it shows its report.
    """

    study: Study
    config: StudyConfig
    predicted: Results
    measured: Results
    claims: Sequence[Claim]
    record: dict[str, Any]
    path: Path

    @property
    def report(self) -> Path:
        return self.path / REPORT

    @cached_property
    def dataset(self) -> xarray.DataTree:
        """All results, theory and measurement side by side: a node for each cell. See docs/data.md."""
        return data.tree(self)

    def to_dataframe(self) -> pandas.DataFrame:
        """All results as one table, a row for each number."""
        return data.table(self)

    @cached_property
    def figures(self) -> list[Any]:
        """The figures of the report, each with its caption, its matplotlib plot and its table."""
        return list(self.study.figures(self.config, self.predicted, self.measured))

    def kept(self, cell: str) -> dict[str, np.ndarray]:
        """The arrays that a cell's experiment kept beside its sums, an entry for each realization.

        Realizations of blocks that are set apart are not there.
        """
        place = Cell(cell)
        blocks = Plan((place,), self.config.draws, self.config.block_size).blocks(place)
        found = [kept for block in blocks if (kept := Store(self.path).ledger.kept(block)) is not None]
        return {name: np.concatenate([kept[name] for kept in found]) for name in found[0]} if found else {}

    def to_json(self) -> dict[str, Any]:
        """What `netphysics run --json` prints; `netphysics/schema/run.json` is its JSON schema."""
        return {
            "schema_version": SCHEMA_VERSION,
            "study": self.study.name,
            "config": self.config.to_json(),
            "claims": [claim.to_json() for claim in self.claims],
            "path": str(self.path),
            "report": str(self.report),
        }

    def _repr_html_(self) -> str:
        if not self.report.exists():
            return html.escape(str(self.path))
        # A frame keeps the page's styles to itself.
        page = html.escape(self.report.read_text())
        return f'<iframe srcdoc="{page}" style="width:100%;height:36rem;border:0"></iframe>'


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written, without leaving a trace.

    Raises:
        ValueError: naming the first existing ancestor that is no writable folder.
    """
    ancestor = folder.absolute()
    while not ancestor.exists():
        ancestor = ancestor.parent
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK | os.X_OK):
        raise ValueError(f"--out is {folder}; {ancestor} is not a folder that can be written to")


def load_run(folder: Path, load_study: Callable[[str], Study]) -> Run:
    """A finished run from its folder; `load_study(name)` finds the study.

    Raises:
        ValueError: when the folder holds no complete run.
    """
    stored = Store(folder)
    record, predicted, measured = (
        stored.read_json(RECORD),
        stored.read_results(THEORY),
        stored.read_results(RESULT),
    )
    if record is None or predicted is None or measured is None:
        raise ValueError(f"{folder} holds no finished run, or a damaged one; run the study again")
    study = load_study(record["study"])
    # JSON has lists where configs have tuples.
    options = {k: tuple(v) if isinstance(v, list) else v for k, v in record["config"].items()}
    config = study.config(**options)
    claims = list(study.compare(config, predicted, measured))
    return Run(study, config, predicted, measured, claims, record, folder)
