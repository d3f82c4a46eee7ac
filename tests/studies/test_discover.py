"""Discovery in a table: conformance, and nothing found where there is nothing."""

import os

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import netphysics
from netphysics.blocks import Plan
from netphysics.discovery import SciNet, SciNetSizes, TrainedNetworks
from netphysics.lab import store
from netphysics.stats import Estimate, Tally
from netphysics.studies.discovery.discover.findings import about_the_table, findings
from netphysics.studies.discovery.discover.networks import (
    CELL,
    MASK,
    WEIGHTS,
    flattened,
    kept_arrays,
    limits_of,
    load_networks,
    restored,
    scale_results,
)
from netphysics.studies.discovery.discover.remarks import remarks
from netphysics.studies.discovery.discover.study import Config, prepared, study
from netphysics.studies.discovery.qubits import Config as QubitsConfig
from netphysics.studies.discovery.qubits import study as qubits
from netphysics.tables import read_table
from netphysics.testing import check_study

SMALL = {"latents": (0, 2), "steps": 60, "width": 8}


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(1)
    a, b, t = rng.normal(size=(3, 600))
    path = tmp_path / "table.csv"
    rows = np.stack([a, a + b, t, a * t, b], axis=1)
    np.savetxt(path, rows, delimiter=",", header="x0,x1,t,y,b", comments="")
    return str(path)


def test_conformance(table, tmp_path):
    parts = {"observation": ("x*",), "question": ("t",), "answer": ("y",), "candidates": ("b",)}
    run = check_study(study, Config(data=table, **parts, **SMALL), tmp_path)
    assert {"found", "simple", "trees"} <= {claim.id for claim in run.claims}
    assert run.config.observation == ("x0", "x1")
    assert run.config.reading == "commas between columns"
    assert findings(run.config, run.predicted["table"], run.measured["table"])
    check_networks(run, table)


def check_networks(run, path):
    """The networks of a run answer for new rows, after the table is gone."""
    rows = {name: column[:7] for name, column in read_table(path).items()}
    os.remove(path)
    found = netphysics.apply(run, rows)
    assert {"y", "y spread"} <= set(found)
    assert all(np.isfinite(column).all() and len(column) == 7 for column in found.values())
    # Their errors are those of the run: a network with all neurons at their means answers like it did in training.
    networks = load_networks(run.path)
    assert len(networks.networks) == 4
    for formula in filter(None, networks.formulas[0]):
        assert formula.used == ("b",) and 0 <= formula.correlation <= 1
        assert set(formula.to_json()) == {"text", "sympy", "latex", "unit", "correlation", "ranges"}
        low, high = formula.ranges["b"]
        assert low < 0 < high and formula.holds({"b": [low, 2 * high]}).tolist() == [True, False]
    model, x = networks.networks[0], networks.scales.network_inputs(rows, ("x0", "x1"))
    z = np.stack([np.asarray(model.encode(jnp.asarray(row))[0]) for row in x])
    np.testing.assert_allclose(
        np.stack([found[f"z{i + 1}"] for i in range(len(networks.masks[0]))], axis=1),
        z[:, list(networks.masks[0])],
        atol=1e-5,
    )
    with pytest.raises(ValueError, match="--observation names x1, which is no column; the table has x0, t"):
        netphysics.apply(run, {name: column for name, column in rows.items() if name != "x1"})
    with pytest.raises(ValueError, match="--network is 4"):
        netphysics.apply(run, rows, network=4)
    with pytest.raises(ValueError, match="lacks a number in 7 rows"):
        netphysics.apply(run, rows | {"t": np.full(7, np.nan)})
    with pytest.raises(ValueError, match="holds no finished run"):
        netphysics.apply(run.path.parent, rows)


def test_weights_survive():
    shape = SciNetSizes(3, 1, 2, 2, (4,), (5,), "drift")
    model = SciNet(shape, key=jax.random.key(1))
    again = restored(shape, flattened(model).astype(np.float64))
    assert all(np.array_equal(a, b) for a, b in zip(jax.tree.leaves(model), jax.tree.leaves(again), strict=True))


def told(error, plain, **more):
    """What is said of a sweep over 0, 1 and 2 latents with these errors, and that of a plain network."""
    squares = np.square(error)
    found = {"error": error, "squares": squares, "products": np.outer(squares, squares), "rows": np.zeros((3, 3))}
    found |= {"ensemble": error[-1], "far": [0.0, 0.0], "found": 1.0, "simple": 1.0, "finished": 1.0} | more
    config = Config(latents=(0, 1, 2), observation=("x", "phi"), answer=("y",), reading="semicolons between columns")
    floors = {"plain": [*error, plain], "trees": plain, "dropped": 3, "unused": 0, "noise": 0.05}
    floors |= {"degrees": [0.0, 1.0, 0.0], "gaps": [1.0, 0.0, 0.0]}
    found = {name: Estimate.exact(value) for name, value in found.items()}
    return " ".join(findings(config, {name: Estimate.exact(value) for name, value in floors.items()}, found))


@pytest.mark.parametrize(
    ("words", "error", "plain", "more"),
    [
        ("Nothing found", [1.0, 0.99, 0.98], 0.99, {"found": 0.25}),
        ("The bottleneck is closed", [1.0, 1.0, 1.0], 0.3, {"found": 0.0}),
        ("Found: 1 latent; it brings the error from 1 to 0.1.", [1.0, 0.1, 0.1], 0.1, {}),
        ("Found: 1 latent (1 to 2 cannot be told apart)", [1.0, 0.1, 0.09], 0.1, {"rows": np.diag([1e-5] * 3)}),
        ("With 2 latents the error is 0.01; the others do not count", [1.0, 0.05, 0.01], 0.01, {}),
        ("That is as many as were offered", [1.0, 0.5, 0.1], 0.1, {}),
        ("more latents, more steps or a smaller --polish-beta may find more", [1.0, 0.5, 0.4], 0.1, {}),
        ("fold several numbers", [1.0, 0.1, 0.1], 0.1, {"simple": 0.5}),
        ("1.2% of the held-out answers are more than 5 robust", [1.0, 0.1, 0.1], 0.1, {"far": [0.012, 0.7]}),
        ("25% of the seeds diverged", [1.0, 0.1, 0.1], 0.1, {"finished": 0.75}),
        ("nothing can be said", [np.nan] * 3, np.nan, {"finished": 0.0}),
    ],
)
def test_findings(words, error, plain, more):
    text = told(error, plain, **more)
    assert words in text
    if "nothing can be said" not in text:
        assert text.endswith(
            "The table was read with semicolons between columns. 3 rows lack a number and were left out. "
            "Columns taken as degrees: phi. Columns masked where numbers are missing: x."
        )


def test_another_content_is_another_run(table):
    parts = {"observation": ("x*",), "answer": ("y",)}
    before = study.resolve(Config(data=table, **parts))
    with open(table, "a") as stream:
        stream.write("1,2,3,4,5\n")
    assert study.resolve(Config(data=table, **parts)).identity() != before.identity()
    with pytest.raises(ValueError, match="which is not what it was when the run began"):
        study.resolve(before)


def test_time_series_in_long_format(tmp_path):
    rng = np.random.default_rng(2)
    run, t = np.repeat(np.arange(20), 40), np.tile(0.1 * np.arange(40), 20)
    x = rng.uniform(1, 2, 20)[run] * np.cos(t)
    path = tmp_path / "long.csv"
    np.savetxt(path, np.stack([run, t, x], axis=1), delimiter=",", header="run,t,x", comments="")
    parts = {"time": "t", "series": "run", "window": 3, "observation": ("x",), "answer": ("x",)}
    config = study.resolve(Config(data=str(path), **parts))
    assert config.observation == ("x before[0]", "x before[1]", "x before[2]")
    assert (config.question, config.answer, config.group) == (("t ahead",), ("x",), "run")
    assert config.reading == "commas between columns, 740 windows of 3 rows in 20 series"
    assert study.resolve(config) == config
    # A network answers for windows of series that it has never seen.
    data, sizes = prepared(config), SciNetSizes(3, 1, 1, 1, (4,), (4,))
    model = SciNet(sizes, key=jax.random.key(0))
    networks = TrainedNetworks(data.columns, data.scales, (model,), ((0,),), ((),), config.windows)
    found = networks.apply({"run": np.full(5, 7.0), "t": np.arange(5) / 10, "x": np.arange(5.0)})
    assert list(found) == ["run", "t ahead", "z1", "x", "x spread"]
    assert found["run"].tolist() == [7, 7]


def test_what_a_name_would_hide_is_told():
    config = Config(latents=(0, 3), candidates=("k [N/m]", "m [kg]", "T [K]"))
    named = np.zeros((3, 4))
    named[:2, 0] = 1
    floors = {"candidate-correlations": [[1, 0, 0.98], [0, 1, 0], [0.98, 0, 1]]}
    floors |= {"candidate-values": [[np.inf] * 8, [1, 2, 4, *[np.inf] * 5], [np.inf] * 8]}
    found = {"values": [[1, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0]], "ring": np.zeros((3, 3)), "ring_held": [0, 0, 1]}
    found |= {"held": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "verdicts": named, "rivals": np.zeros((3, 3))}

    def said(**more):
        parts = ({name: Estimate.exact(value) for name, value in part.items()} for part in (floors, found | more))
        return list(remarks(config, *parts))

    correlated = "k [N/m] and T [K] are correlated in this table (0.98): "
    assert said() == [
        "Neuron 2 takes 3 values: it holds m [kg], which is 1, 2, 4.",
        correlated + "neuron 1 follows k [N/m] rather than T [K].",
    ]
    unknown = correlated + "which of them neuron 1 holds cannot be said."
    assert said(rivals=[[0, 0, 1], [0, 0, 0], [0, 0, 0]])[1] == unknown
    # Another seed says that it is the other one.
    assert said(held=[[0.75, 0, 0.25], [0, 1, 0], [0, 0, 1]])[1] == unknown
    ring = said(ring=[[0, 0, 1], [0, 0, 0], [0, 0, 0]])[1]
    assert ring.startswith("Neurons 1 and 3 lie on a ring: together they hold one number, an angle that follows T [K].")


def test_outliers_are_told(tmp_path):
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 600))
    rows = np.stack([a, b, a + 0.1 * rng.normal(size=600)], axis=1)
    rows[::40, 2] += 30
    rows[7, 1] = 1e4
    path = tmp_path / "table.csv"
    np.savetxt(path, rows, delimiter=",", header="a,b,y", comments="")
    config = study.resolve(Config(data=str(path), observation=("a", "b"), answer=("y",), robust=True, **SMALL))
    data = prepared(config)
    floors = {"dropped": Estimate.exact(0.0), **scale_results(data)}
    said = " ".join(about_the_table(config, floors))
    assert said.startswith(
        "The table was read with commas between columns. 15 answers are outliers, more than 5 robust"
    )
    assert said.endswith("Columns shown within 5 robust deviations: b.")
    kept = limits_of(data.columns.shown, {name: estimate.value for name, estimate in floors.items()})
    assert kept == data.scales.limits and set(kept) == {"b"}


def test_bad_options_are_refused(table):
    with pytest.raises(ValueError, match="--data is missing"):
        study.resolve(Config())
    with pytest.raises(ValueError, match="did you mean x0"):
        study.resolve(Config(data=table, observation=("x00",), answer=("y",)))
    with pytest.raises(ValueError, match=r"error is -1.0; it must be greater"):
        Config(data=table, error=-1.0)
    with pytest.raises(ValueError, match="time series need both"):
        Config(data=table, time="t")


@pytest.mark.slow
def test_qubits_conform(tmp_path):
    config = QubitsConfig(worlds=("one-shots",), latents=(0, 2, 4), steps=10, width=8)
    run = check_study(qubits, config, tmp_path)
    assert {claim.id for claim in run.claims} == {
        "floor-one-shots",
        "knee-one-shots",
        "shots-one-shots",
        "state-one-shots",
    }


def test_networks_of_older_runs_are_read(tmp_path):
    # They were kept among the sums of their blocks.
    files = store.Store(tmp_path)
    for block in Plan((CELL,), 3, 1).blocks(CELL):
        sums = {"finished": float(block.index != 1), WEIGHTS: np.full(4, block.index), MASK: np.array([0.5, 0.0])}
        files.ledger.write(block, Tally(1, sums))
    kept = list(kept_arrays(files, {"draws": 3, "block_size": 1}, 3))
    assert [arrays[WEIGHTS][0] for arrays in kept] == [0, 2]
    assert all(set(arrays) == {WEIGHTS, MASK} for arrays in kept)
