"""Studies of phase space: conformance on small options, and words of refusal."""

import pytest

from netphysics.studies.topology import (
    bump_hunt,
    lorentz_efficiency,
    phase_space_autoencoder,
    phase_space_generator,
    systematics,
)
from netphysics.testing import check_study

SEEDS = dict(draws=4, block_size=1)
SMALL = {
    bump_hunt: dict(events=1000, tests=1000, data=1000, steps=20, width=8),
    lorentz_efficiency: dict(examples=(50, 100), tests=200, steps=20),
    phase_space_autoencoder: dict(bodies=(2,), events=1000, steps=20, width=8),
    phase_space_generator: dict(
        processes=("muon-decay",), methods=("truth", "sphere"), events=1000, tests=1000, steps=20, width=8
    ),
    systematics: dict(sigmas=(0.01, 0.1), events=200, examples=10, shifts=20, steps=20),
}


@pytest.mark.slow
@pytest.mark.parametrize("module", SMALL, ids=lambda module: module.study.name)
def test_conformance(module, tmp_path):
    check_study(module.study, module.Config(**SMALL[module], **SEEDS), tmp_path)


def test_bad_options_are_named():
    with pytest.raises(ValueError, match="methods holds 'torus'; it must be one of truth, flat, sphere, rambo"):
        phase_space_generator.Config(methods=("torus",))
