"""The studies of knots keep their promises."""

import pytest

from netphysics.studies.knots.arc_presentations.study import Config as Arcs
from netphysics.studies.knots.arc_presentations.study import study as arc_presentations
from netphysics.studies.knots.knot_or_not import Config as Game
from netphysics.studies.knots.knot_or_not import game
from netphysics.studies.knots.knot_or_not import study as knot_or_not
from netphysics.studies.knots.rolfsen_prior.study import Config as Rolfsen
from netphysics.studies.knots.rolfsen_prior.study import study as rolfsen_prior
from netphysics.testing import check_study


def test_knot_or_not(tmp_path):
    config = Game(crossings=(5, 12), drawings=6)
    run = check_study(knot_or_not, config, tmp_path)
    assert {claim.verdict for claim in run.claims} == {"agrees"}
    answers = {riddle.answer for riddles in game(config).values() for riddle in riddles}
    assert answers == {"knot", "unknot"}


def test_rolfsen_prior(tmp_path):
    config = Rolfsen(lengths=(7, 9), strand_choices=(4,), stabilization_choices=(0.2,), draws=192, block_size=24)
    run = check_study(rolfsen_prior, config, tmp_path)
    verdicts = {claim.id: claim.verdict for claim in run.claims}
    assert verdicts["jones-of-primes"] == verdicts["first"] == "agrees" and verdicts["mirror"] != "disagrees"
    assert verdicts["jones"] == "disagrees"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Game(crossings=(2,)), r"crossings is \(2,\); each must lie between 3 and 40"),
        (lambda: Game(drawings=0), "drawings is 0"),
        (lambda: Rolfsen(lengths=(8, 9)), "no braid of 8 letters on 4 strands"),
        (lambda: Arcs(arcs=(24, 13)), "arcs is"),
        (lambda: Arcs(crossings=11), "crossings is 11"),
        (lambda: Rolfsen(lengths=(9,)), "it needs at least 2 entries, and none twice"),
    ],
)
def test_bad_options_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


@pytest.mark.slow
def test_arc_presentations(tmp_path):
    config = Arcs(arcs=(12, 16), crossings=6, draws=4, block_size=1)
    run = check_study(arc_presentations, config, tmp_path)
    verdicts = {claim.id: claim.verdict for claim in run.claims}
    assert {verdicts[name] for name in verdicts if name.startswith(("monotone", "untied", "passed"))} == {"agrees"}
    assert verdicts["reached"] == "agrees" and verdicts["guided"] != "agrees"
