"""Rotation curves: conformance on a tiny budget, with measured galaxies that are made up."""

import numpy as np
import pytest

from netphysics.discovery.probe import needed
from netphysics.stats import Estimate
from netphysics.studies.discovery.rotation_curves.data import data_claim, data_table, measured_galaxies
from netphysics.studies.discovery.rotation_curves.study import Config, study
from netphysics.testing import check_study


def made_up(folder, galaxies=30, points=13):
    rng = np.random.default_rng(0)
    for number in range(galaxies):
        r = np.sort(rng.uniform(1, 20, points))
        v, disc = rng.uniform(80, 200), rng.uniform(50, 80)
        rows = np.stack([r, v * r / (r + 1), 0 * r + 5, 20 * np.sqrt(r / 20), disc * r / (r + 2), 0 * r], axis=1)
        lines = ["# Rad Vobs errV Vgas Vdisk Vbul", *(" ".join(f"{x:.4f}" for x in row) for row in rows)]
        (folder / f"G{number}_rotmod.dat").write_text("\n".join(lines))
    return str(folder)


@pytest.mark.slow
def test_conformance(tmp_path):
    folder = tmp_path / "sparc"
    folder.mkdir()
    options = {"worlds": ("nfw",), "latents": (0, 1, 2), "steps": 10, "width": 8, "sparc": made_up(folder)}
    run = check_study(study, Config(**options), tmp_path)
    assert {claim.id for claim in run.claims} == {"numbers-nfw", "numbers-measured"}
    (folder / "G0_rotmod.dat").unlink()
    with pytest.raises(ValueError, match="not what it was when the run began"):
        study.resolve(run.config)


def test_measured_velocities_keep_their_errors(tmp_path):
    sample, error, _ = measured_galaxies(Config(sparc=made_up(tmp_path)))
    data = data_table(sample, error, 2, seed=0)
    # Errors of 5 km/s of about 100 km/s, in the unit of a table: standard deviations of the answer.
    assert 0.02 < error < 0.08
    assert data.error * data.scales.spread["answer"] == pytest.approx(error, rel=1e-6)


def test_the_claim_about_measured_galaxies_has_an_interval():
    squares, trainings = np.array([0.04, 0.0105, 0.01]), 4
    found = {"squares": squares, "products": np.outer(squares, squares), "needed": [0.0, 0.75, 0.25]}
    found |= {"finished": 1.0, "galaxies": np.eye(3) * 0.002**2}
    found = {name: Estimate(value, 0.0, trainings) for name, value in found.items()}
    (claim,) = data_claim(Config(latents=(0, 1, 2)), found, {"error": Estimate.exact(0.05)})
    assert "need 1 hidden number (1 to 2 cannot be told apart) at the errors of their velocities, 0.05" in (
        claim.statement
    )
    assert "4 of 4 trainings" in claim.statement


def test_bad_options_are_refused():
    for options, sentence in (
        ({"worlds": ()}, "worlds is"),
        ({"latents": (1, 2)}, "it needs 0"),
        ({"accuracy": 0.0}, "accuracy is 0"),
        ({"noise": -0.1}, "noise is -0.1"),
    ):
        with pytest.raises(ValueError, match=sentence):
            Config(**options)
    with pytest.raises(ValueError, match="there is no such folder"):
        study.resolve(Config(sparc="nowhere"))


def test_numbers_that_are_needed():
    errors = np.array([0.3, 0.04, 0.01, 0.009])
    assert needed((0, 1, 2, 3), errors, np.array([0.001, 0.01, 0.05, 0.5])).tolist() == [3, 2, 1, 0]
