"""The universality plane: conformance."""

import pytest

from netphysics.studies.fields.universality_plane import Config, study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    config = Config(slopes=(0.0, 1.0), width=32, depth=5, draws=2048, block_size=128)
    run = check_study(study, config, tmp_path)
    assert "disagrees" not in {claim.verdict for claim in run.claims}


def test_options_that_make_no_line_are_refused():
    with pytest.raises(ValueError, match="two different sizes"):
        Config(slopes=(0.5, -0.5))
    with pytest.raises(ValueError, match="between -1 and 1"):
        Config(slopes=(0.0, 2.0))
