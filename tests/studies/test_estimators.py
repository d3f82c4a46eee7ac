"""The comparison of estimators keeps the promises of a study, and finds the gain in variance."""

import numpy as np
import pytest

from netphysics.studies.fields.estimators.cases import CASES, Config
from netphysics.studies.fields.estimators.gains import as_gain
from netphysics.studies.fields.estimators.study import study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    run = check_study(study, Config(cases=("erf-5",), networks=256, draws=128, block_size=8), tmp_path)
    assert not [claim.id for claim in run.claims if claim.origin == "theory" and claim.verdict == "disagrees"]
    results = run.measured["erf-5"]
    for estimator, least in (("rao_blackwell", 1e3), ("pooled", 1e4)):
        gain = as_gain(results[f"{estimator}_four_log_gain"])
        assert gain.value - 3 * gain.error > least
    times = [run.predicted["erf-5"][f"{task}_seconds"].value for task in ("draw", "published", "pooled")]
    assert np.all(np.array(times) > 0)


def test_near_points_are_the_same_ensemble_seen_closer():
    assert np.allclose(CASES["erf-5-near"].inputs, 0.01 * CASES["erf-5"].inputs)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"networks": 100}, "multiple of 16"),
        ({"networks": 32}, "at least 64"),
        ({"cases": ()}, "at least one entry"),
    ],
)
def test_bad_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Config(**options)
