"""The phase diagram: conformance."""

from netphysics.lab.testing import check_study
from netphysics.studies.phase_diagram import Config, study


def test_conformance(tmp_path):
    config = Config(points=12, width=64, depth=3, draws=1024, block_size=128)
    run = check_study(study, config, tmp_path)
    assert "disagrees" not in {claim.verdict for claim in run.claims}
