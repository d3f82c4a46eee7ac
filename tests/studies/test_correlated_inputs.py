"""Correlated inputs: conformance."""

import pytest

from netphysics.studies.fields.correlated_inputs import Config, study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    run = check_study(study, Config(width=32, depth=3, draws=1024, block_size=128), tmp_path)
    assert "disagrees" not in {claim.verdict for claim in run.claims}


def test_a_line_of_equal_points_is_refused():
    with pytest.raises(ValueError, match=r"step is 0\.0; it must lie between"):
        Config(step=0.0)
