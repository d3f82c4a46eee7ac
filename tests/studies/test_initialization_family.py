"""The initialization family: conformance, and what may not be asked."""

import pytest

from netphysics.studies.fields.initialization_family import Config, study
from netphysics.testing import check_study

FEW = {"widths": (16, 32), "depth": 3, "kappas": (2.0,), "independent": (), "rounds": (0,), "reflectors": ()}
SMALL = Config(**FEW, draws=1024, block_size=32)


@pytest.mark.slow
def test_conformance(tmp_path):
    run = check_study(study, SMALL, tmp_path)
    verdicts = {claim.id: claim.verdict for claim in run.claims}
    assert "disagrees" not in {verdict for name, verdict in verdicts.items() if name != "signed-permutations"}
    assert verdicts["signed-permutations"] == "disagrees"


@pytest.mark.parametrize(
    ("change", "message"),
    [({"widths": (64, 16)}, "must rise"), ({"kappas": ()}, "empty"), ({"rounds": (-1,)}, "rounds is")],
)
def test_bad_options_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Config(**change)
