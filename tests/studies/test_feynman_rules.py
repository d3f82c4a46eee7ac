"""The gallery of diagrams keeps the promises of a study, and its rules are options."""

import dataclasses

import pytest

from netphysics.studies.fields.feynman_rules import FAMILIES, Config, compact, study
from netphysics.testing import check_study


@pytest.mark.parametrize("options", [{}, {"activation": "relu", "box": 10.0}])
def test_conformance(options, tmp_path):
    run = check_study(study, Config(**options), tmp_path)
    assert {claim.verdict for claim in run.claims} == {"agrees"}


def kept(config):
    figures = study.figures(config, study.predict(config), {})
    return [sum(not drawing.pale for drawing in figure.plot) for figure in figures]


def test_rules_are_options():
    config = Config(box=10.0)
    assert kept(config) == [2, 0, 3, 1]
    assert kept(dataclasses.replace(config, propagator_corrections=True)) == [4, 2, 5, 6]
    assert kept(dataclasses.replace(config, propagator_corrections=True, vacuum_bubbles=True)) == [6, 4, 7, 11]


def test_formulas_are_short():
    contact, *_ = FAMILIES["four-quartic"].diagrams
    assert compact(contact).endswith(r"\int \mathrm{d}y\, K_{1 y}\, K_{2 y}\, K_{3 y}\, K_{4 y}")
    assert "z" in compact(FAMILIES["four-second"].diagrams[0])


@pytest.mark.parametrize(("options", "sentence"), [({"box": 0.0}, "box is 0.0"), ({"weight_std": -1.0}, "weight_std")])
def test_bad_options_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Config(**options)
