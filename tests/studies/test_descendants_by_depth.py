"""Descendants by depth: conformance, and what the recursion says about saturation."""

import pytest

from netphysics.studies.fields.descendants_by_depth import Config, study
from netphysics.testing import check_study

SMALL = Config(widths=(16, 32), depths=(3,), draws=1024, block_size=128)


def test_conformance(tmp_path):
    run = check_study(study, SMALL, tmp_path)
    verdicts = {claim.id: claim.verdict for claim in run.claims}
    # R and S near their limits too slowly for what was published.
    assert [verdicts.pop(f"saturation-{name}") for name in "RS"] == ["disagrees"] * 2
    assert set(verdicts.values()) == {"agrees"}, verdicts


def test_bad_options_are_refused():
    with pytest.raises(ValueError, match="it needs at least 2 entries, and none twice"):
        Config(widths=(32,))
    with pytest.raises(ValueError, match="each must be at least 2"):
        Config(depths=(1,))
