"""Tangent kernels by depth: conformance, and what may not be asked."""

import pytest

from netphysics.studies.fields.tangent_kernel_by_depth import Config, study
from netphysics.testing import check_study

SMALL = Config(activations=("tanh",), widths=(16, 64), depths=(2, 4, 6), draws=2048, block_size=128)


@pytest.mark.slow
def test_conformance(tmp_path):
    run = check_study(study, SMALL, tmp_path)
    assert "disagrees" not in {claim.verdict for claim in run.claims}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"widths": (64, 16)}, "must rise"),
        ({"activations": ()}, "empty"),
        ({"depths": (8, 4)}, "must rise"),
        ({"bias_rates": (-1.0,)}, r"bias_rates is \(-1\.0,\); each must be at least 0"),
    ],
)
def test_bad_options_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Config(**change)
