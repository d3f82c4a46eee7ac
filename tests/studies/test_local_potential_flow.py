"""The study of the local potential flow keeps the promises of a study."""

import pytest

from netphysics.studies.fields.local_potential_flow import Config, study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    run = check_study(study, Config(dimensions=(1, 3), sextic=0.1), tmp_path)
    assert {claim.verdict for claim in run.claims} == {"agrees"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"dimensions": (0,)}, "at least 1"),
        ({"dimensions": ()}, "at least one entry"),
        ({"quartic": -1.0}, "quartic is -1.0"),
        ({"highest": 0.0}, "highest is 0.0"),
    ],
)
def test_bad_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Config(**options)
