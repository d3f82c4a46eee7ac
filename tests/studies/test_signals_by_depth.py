"""Signals by depth: conformance, and other activations than the default."""

import dataclasses

from netphysics.lab import run_study
from netphysics.studies.fields.signals_by_depth import Config, study
from netphysics.testing import check_study

SMALL = Config(width=64, depth=6, draws=2048, block_size=128)


def test_conformance(tmp_path):
    run = check_study(study, SMALL, tmp_path)
    # So few networks may leave a claim undecided.
    assert "disagrees" not in {claim.verdict for claim in run.claims}


def test_an_activation_without_exact_law(tmp_path):
    run = run_study(study, dataclasses.replace(SMALL, activation="tanh"), tmp_path)
    found = {claim.id: claim for claim in run.claims if claim.verdict == "disagrees"}
    # A bounded activation cannot make a signal explode, and the page says so.
    assert set(found) == {"explodes-gaussian-exploding", "explodes-orthogonal-exploding"}
    assert all(claim.origin == "literature" and claim.observed.value < 1 for claim in found.values())
