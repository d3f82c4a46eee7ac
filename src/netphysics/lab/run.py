"""A finished run: what was asked, predicted, measured and concluded, in memory."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..blocks import Cell, Plan
from ..stats import Claim
from . import data
from .manifest import MANIFEST
from .options import StudyConfig
from .store import REPORT, Store
from .study import Results, Study

if TYPE_CHECKING:
    import pandas
    import xarray

# Of `Run.to_json`; raised when a reader would have to change.
SCHEMA_VERSION = 1


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

        Raises:
            ValueError: when a block is damaged or missing.
        """
        place = Cell(cell)
        ledger = Store(self.path, self.record.get("run", "")).ledger
        blocks = Plan((place,), self.config.draws, self.config.block_size).blocks(place)
        found = [seen[1] for block in blocks if (seen := ledger.look(block)) is not None]
        if len(found) < self.record["blocks"].get(cell, 0):
            raise ValueError(f"{self.path} lacks blocks of cell {cell}; run the study again")
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
        try:
            page = Store(self.path).read([REPORT])
        except ValueError as damage:
            return html.escape(str(damage))
        if page is None:
            return html.escape(str(self.path))
        # A frame keeps the page's styles to itself, and its sandbox the notebook from the page.
        text = html.escape(page[REPORT].decode())
        allowed = "allow-scripts allow-downloads allow-popups"
        return f'<iframe sandbox="{allowed}" srcdoc="{text}" style="width:100%;height:36rem;border:0"></iframe>'


def load_run(folder: Path, load_study: Callable[[str], Study]) -> Run:
    """A finished run from its folder; `load_study(name)` finds the study.

    Raises:
        Damaged: naming the files that cannot be believed.
        ValueError: when the folder holds no finished run, or one of a study that has other options now.
    """
    content = Store(folder).read_content()
    if content is None:
        raise ValueError(f"{folder} holds no finished run ({MANIFEST} does not vouch for one); run the study again")
    study = load_study(content.record["study"])
    config = stored_config(study, content.record)
    claims = list(study.compare(config, content.predicted, content.measured))
    return Run(study, config, content.predicted, content.measured, claims, content.record, folder)


def stored_config(study: Study, record: Mapping[str, Any]) -> StudyConfig:
    """The config of a record.

    Raises:
        ValueError: when the study has other options now.
    """
    # JSON has lists where configs have tuples.
    options = {k: tuple(v) if isinstance(v, list) else v for k, v in record["config"].items()}
    try:
        return study.config(**options)
    except TypeError:
        raise ValueError(f"the run was made by a version of {study.name} with other options; run it again") from None
