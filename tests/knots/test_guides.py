"""Guides: walks that prefer short lines, and what they learn to prefer."""

import math
from random import Random

import pytest

from netphysics.knots.arcs import ArcPresentation, Guide, arc_presentation, check, grow, learn_guide, simplify
from netphysics.knots.braids import Braid

TRIVIAL = ArcPresentation([(0, 1), (0, 1)])


@pytest.mark.parametrize("guide", [Guide(1.0), Guide(1e9), Guide(0.5, -0.5), Guide(0.0, 2.0)])
def test_guided_walks_untie_and_replay(guide):
    for seed in range(3):
        walk = simplify(grow(TRIVIAL, 14, Random(seed)), seed=seed, guide=guide)
        check(walk.certificate)
        assert walk.certificate.proves_unknot
    assert len(simplify(arc_presentation(Braid([1, 1, 1])), 500, guide=guide).smallest) == 5


def test_a_guide_without_weights_changes_nothing_but_the_random_numbers():
    """Every move is kept: on average it takes the steps of the uniform walk."""
    grids = [grow(TRIVIAL, 24, Random(seed)) for seed in range(60)]
    logs = [[math.log(simplify(each, seed=7, guide=guide).steps) for each in grids] for guide in (None, Guide())]
    differences = [one - other for one, other in zip(*logs, strict=True)]
    mean = sum(differences) / len(differences)
    deviation = (sum((each - mean) ** 2 for each in differences) / (len(differences) - 1)) ** 0.5
    assert abs(mean) < 5 * deviation / len(differences) ** 0.5


def test_energies_go_round_the_circle():
    energies = Guide(1.0, 2.0).energies(6)
    assert energies[1] == energies[5] == 1.0 and energies[2] == energies[4] == pytest.approx(2 + 2 * math.log(2))
    assert energies[3] == pytest.approx(3 + 2 * math.log(3)) and len(energies) == 6


def test_learning_repeats_and_prefers_short_lines():
    grids = [grow(TRIVIAL, 16, Random(seed)) for seed in range(4)]
    guides = [learn_guide(grids, Random(1), rounds=2, candidates=6, kept=2) for _ in range(2)]
    assert guides[0] == guides[1]
    short, long = guides[0].energies(16)[1], guides[0].energies(16)[8]
    assert short < long
