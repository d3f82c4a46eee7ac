"""Studies of interactions keep the promises of studies, and show what they must."""

import numpy as np
import pytest

from netphysics.studies.fields import effective_action, six_point
from netphysics.studies.fields.running_coupling import study as running_coupling
from netphysics.studies.fields.verification_table import study as verification_table
from netphysics.testing import check_study


def verdicts(run):
    return {claim.id: claim.verdict for claim in run.claims}


def test_verification_table(tmp_path):
    run = check_study(verification_table.study, verification_table.Config(draws=32_768, block_size=2048), tmp_path)
    found = verdicts(run)
    failing = {name for name, verdict in found.items() if verdict == "disagrees"}
    assert failing == {"relu-M0", "erf-M2", "erf-M3", "test"}
    assert all(claim.reason for claim in run.claims if claim.verdict == "disagrees")
    # Points seen by the same networks agree hundreds of times better.
    measured = run.measured["erf"]
    assert measured["independent"].value > 300 * measured["shared"].value
    assert run.record["seconds"] < 10


def test_effective_action(tmp_path):
    run = check_study(effective_action.study, effective_action.Config(points=5), tmp_path)
    for claim in run.claims:
        assert claim.verdict == ("agrees" if claim.origin == "theory" else "disagrees"), claim.id


def test_six_point(tmp_path):
    run = check_study(six_point.study, six_point.Config(), tmp_path)
    assert {name for name, verdict in verdicts(run).items() if verdict == "disagrees"} == {"relu-ratio", "gauss-ratio"}
    ratios = {label: float(found["ratio"].value) for label, found in run.predicted.items()}
    expected = {"relu": 0.147, "erf-near-zero": 0.0022, "gauss": 0.5056}
    assert {label: ratios[label] for label in expected} == pytest.approx(expected, rel=0.01)


def test_running_coupling(tmp_path):
    config = running_coupling.Config(dimensions=(1,), cutoffs=(10.0, 1e4, 1e5))
    run = check_study(running_coupling.study, config, tmp_path)
    failing = {name for name, verdict in verdicts(run).items() if verdict == "disagrees"}
    assert failing == {"relu-d1-beta", "gauss-d1-beta", "predictions-erf", "predictions-relu-with-bias"}
    for claim in run.claims:
        if claim.id.endswith("-slope"):
            assert abs(claim.observed.value - claim.expected.value) < 0.02
    # A prediction may hold at every cutoff and still be wrong.
    assert np.all(run.predicted["predictions-gauss-spread-out"]["changes"].value < 1e-9)
    assert np.all(run.predicted["predictions-gauss-spread-out"]["unexplained"].value > 0.5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: effective_action.Config(points=2), "points is 2"),
        (lambda: effective_action.Config(spread=np.nan), "spread is nan"),
        (lambda: six_point.Config(widths=(0,)), r"widths is \(0,\)"),
        (lambda: running_coupling.Config(cutoffs=(1.0, 1e4, 1e5)), r"cutoffs is .* three up to 1000"),
        (lambda: running_coupling.Config(dimensions=(1, 1)), "dimensions is"),
    ],
)
def test_bad_options_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
