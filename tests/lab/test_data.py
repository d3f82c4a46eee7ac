"""The results of a run as a tree and as a table: theory and measurement side by side, with named axes."""

import dataclasses
import json

import numpy as np
import pytest

from netphysics.blocks import Cell
from netphysics.lab import Run, Study, StudyConfig
from netphysics.stats import Estimate

LAYERS = (1, 2, 3)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two cells with an array over layers, an array whose axes have no name, and a number that is only measured."""
    study = Study(
        name="small",
        wing="fields",
        question="?",
        config=StudyConfig,
        cells=lambda config: [Cell(name, {"initialization": name}) for name in ("gaussian", "orthogonal")],
        predict=lambda config: {},
        compare=lambda *results: [],
        figures=lambda *results: ["a figure"],
        coordinates=lambda config: {"norm": {"layer": LAYERS}, "matrix": {"layer": LAYERS}},
    )
    norm, matrix = np.array([1.0, 0.5, 0.25]), np.arange(4.0).reshape(2, 2)
    predicted = {
        name: {"norm": Estimate.exact(norm), "matrix": Estimate.exact(matrix)} for name in ("gaussian", "orthogonal")
    }
    measured = {
        name: {
            "norm": Estimate(norm + shift, 0.1, 100, 9.0),
            "matrix": Estimate(matrix, 0.2, 100),
            "speed": Estimate(3.0, 0.5, 100),
        }
        for name, shift in (("gaussian", 0.01), ("orthogonal", -0.01))
    }
    return Run(study, StudyConfig(), predicted, measured, [], {"study": "small"}, tmp_path_factory.mktemp("run"))


def test_the_tree_has_theory_beside_measurement_on_named_axes(run):
    node = run.dataset["gaussian"]
    assert node["norm"].dims == node["norm_theory"].dims == ("layer",)
    assert node["norm"].sel(layer=2).item() == pytest.approx(0.51)
    assert node["norm_theory"].sel(layer=3).item() == 0.25 and node["norm_err"].max() == 0.1
    assert node["initialization"].item() == "gaussian"
    assert node["norm"].attrs == {"draws": 100, "dof": 9.0}
    assert json.loads(run.dataset.attrs["run"]) == {"study": "small"}


def test_axes_without_a_name_that_fits_are_numbered(run):
    node = run.dataset["orthogonal"]
    assert node["matrix"].dims == ("matrix_0", "matrix_1") and "speed_theory" not in node


def test_the_tree_survives_a_file(run, tmp_path):
    import xarray

    run.dataset.to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xarray.open_datatree(tmp_path / "run.nc", engine="h5netcdf") as again:
        assert again["gaussian/norm"].values.tolist() == run.measured["gaussian"]["norm"].value.tolist()


def test_the_table_has_a_row_for_each_number(run):
    table = run.to_dataframe()
    assert len(table) == 2 * (3 + 4 + 1)
    row = table.query("cell == 'orthogonal' and quantity == 'norm' and layer == 2").iloc[0]
    assert (row.theory, row.measured, row.measured_error) == (0.5, 0.49, 0.1)
    assert table[table.quantity == "speed"].theory.isna().all()
    assert set(table[table.quantity == "matrix"]["index"]) == {"0, 0", "0, 1", "1, 0", "1, 1"}


def test_figures_are_made_once(run):
    assert run.figures == ["a figure"] and run.figures is run.figures
    assert dataclasses.replace(run).figures is not run.figures
