"""The collision: conformance on a tiny budget."""

import pytest

from netphysics.studies.discovery.collision import Config, study
from netphysics.testing import check_study


def test_conformance(tmp_path):
    run = check_study(study, Config(latents=(0, 2), steps=10, width=8), tmp_path)
    assert {claim.id for claim in run.claims} == {"accurate", "one", "momentum", "formula", "knee", "floor"}


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match="one must be 2 or more"):
        Config(latents=(0, 1))
