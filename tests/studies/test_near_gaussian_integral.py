"""The study of the near-Gaussian integral keeps the promises of a study, and refuses what it cannot do."""

import pytest

from netphysics.studies.fields.near_gaussian_integral.study import Config, study
from netphysics.testing import check_study


@pytest.mark.parametrize("options", [{}, {"sign": "plus", "powers": (2,), "quadratic": 2.0}])
def test_conformance(options, tmp_path):
    run = check_study(study, Config(diagram_orders=2, **options), tmp_path)
    assert {claim.verdict for claim in run.claims} == {"agrees"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"powers": (3,)}, "each must be a multiple of 2"),
        ({"powers": (2, 2)}, "none twice"),
        ({"couplings": (-0.1,)}, "each must be greater than 0"),
        ({"quadratic": 0.0}, "quadratic is 0.0"),
        ({"orders": 2}, "orders is 2"),
        ({"diagram_orders": 9}, "diagram_orders is 9"),
    ],
)
def test_bad_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Config(**options)
