"""Heliocentric: conformance on a tiny budget."""

import pytest

from netphysics.studies.discovery.heliocentric.study import Config, study
from netphysics.testing import check_study


@pytest.mark.slow
def test_conformance(tmp_path):
    run = check_study(study, Config(latents=(0, 2, 3), orbits=("elliptic",), steps=10, width=8), tmp_path)
    names = ("earth-period", "mars-period", "accurate", "planes", "gain", "bend", "knee")
    assert {claim.id for claim in run.claims} == {f"{name}-elliptic" for name in names}


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match="one must be 2"):
        Config(latents=(0, 3))
    with pytest.raises(ValueError, match="orbits is"):
        Config(orbits=("circular", "circular"))
