"""n-point functions by depth: conformance, and what may not be asked."""

import pytest

from netphysics.studies.fields.n_point_by_depth import Config, study
from netphysics.testing import check_study

SMALL = Config(activations=("tanh",), widths=(16, 64), depth=6, draws=8192, block_size=512)


def test_conformance(tmp_path):
    run = check_study(study, SMALL, tmp_path)
    assert "disagrees" not in {claim.verdict for claim in run.claims}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"widths": (64, 16)}, "must rise"), ({"activations": ()}, "empty"), ({"depth": 2}, "depth")],
)
def test_bad_options_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Config(**change)
