"""Discovery in a table: conformance, and nothing found where there is nothing."""

import numpy as np
import pytest

from netphysics.lab.testing import check_study
from netphysics.studies.discover import Config, study
from netphysics.studies.qubits import Config as QubitsConfig
from netphysics.studies.qubits import study as qubits

SMALL = {"latents": (0, 2), "steps": 10, "width": 8}


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
    assert {"found", "plain", "knee"} <= {claim.id for claim in run.claims}


def test_another_content_is_another_run(table):
    parts = {"observation": ("x*",), "answer": ("y",)}
    before = Config(data=table, **parts)
    with open(table, "a") as stream:
        stream.write("1,2,3,4,5\n")
    assert Config(data=table, **parts).identity() != before.identity()


def test_bad_options_are_refused(table):
    with pytest.raises(ValueError, match="--data is missing"):
        study.cells(Config())
    with pytest.raises(ValueError, match="did you mean x0"):
        Config(data=table, observation=("x00",), answer=("y",))
    with pytest.raises(ValueError, match="standard error of an answer must be positive"):
        Config(data=table, observation=("x*",), answer=("y",), error=-1.0)


def test_qubits_conform(tmp_path):
    config = QubitsConfig(worlds=("one-shots",), latents=(0, 2, 4), steps=10, width=8)
    run = check_study(qubits, config, tmp_path)
    assert {claim.id for claim in run.claims} == {"floor-one-shots", "knee-one-shots", "shots-one-shots", "state-one-shots"}
