"""The pendulum: conformance on a tiny budget."""

import pytest

from netphysics.studies.discovery.pendulum.study import Config, study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    # So little training shows nothing but that every part works.
    run = check_study(study, Config(latents=(0, 3), steps=20, width=16), tmp_path)
    assert {claim.id for claim in run.claims} == {"accurate", "two", "physical", "knee", "floor"}


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match="one must be 3 or more"):
        Config(latents=(0, 2))
    with pytest.raises(ValueError, match="none twice"):
        Config(latents=(3, 3))
    with pytest.raises(ValueError, match="steps is 0"):
        Config(steps=0)
