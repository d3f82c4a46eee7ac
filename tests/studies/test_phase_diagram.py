"""The phase diagram: conformance."""

import pytest

from netphysics.studies.fields.phase_diagram.study import Config, study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    config = Config(nets=("tanh-torch",), points=12, width=64, depth=3, draws=1024, block_size=128)
    run = check_study(study, config, tmp_path)
    assert "disagrees" not in {claim.verdict for claim in run.claims}


def test_unknown_nets_are_refused():
    with pytest.raises(ValueError, match="each must be one of tanh-ordered"):
        Config(nets=("tanh",))
