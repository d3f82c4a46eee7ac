"""Studies of agents that unknot: conformance, and words of refusal.

One small agent stands for all: trainings are tested on their own.
"""

import functools

import jax
import numpy as np
import pytest

from netphysics.knots.braids import Braid
from netphysics.knots.invariants import jones
from netphysics.knots.invariants.laurent import ONE
from netphysics.knots.unknotting import Environment, TrustRegion, make_learning
from netphysics.studies.knots import (
    ablations,
    agents,
    hard_unknots,
    length_transfer,
    mortons_braid,
    optimal_moves,
    rollouts,
    stirred_words,
)
from netphysics.studies.knots.unknotting import study as unknotting
from netphysics.testing import check_study

SMALL = dict(words=64, improvements=2, games=8, width=8, tests=8, looks=5, draws=4, block_size=1)


@functools.cache
def one_training(environment):
    learn = make_learning(TrustRegion(moves=16), environment, improvements=2, games=8, width=8, chunk=1)
    words = agents.AgentConfig(**SMALL).unknots(environment.actions.letters, 64, key=jax.random.key(0))
    return learn(jax.random.split(jax.random.key(0), 1), environment.parameters(words))


@pytest.fixture
def quick_trainings(monkeypatch):
    """Every training is the same one."""

    def train(config, algorithm, letters, *, without=(), key):
        return one_training(Environment(agents.Actions(12)))

    monkeypatch.setattr(agents.AgentConfig, "train", train)


@pytest.mark.parametrize(
    ("module", "options"),
    [
        pytest.param(
            unknotting,
            {"algorithms": ("TRPO",), "learned": 12, "letters": (11, 12), "stabilizations": (0.2,), "searched": 1},
            marks=pytest.mark.slow,
        ),
        (rollouts, {"algorithms": ("TRPO",), "letters": 12}),
        pytest.param(hard_unknots, {"added": (0,), "relations": 500}, marks=pytest.mark.slow),
        pytest.param(optimal_moves, {"letters": (8,)}, marks=pytest.mark.slow),
        pytest.param(length_transfer, {"learned": (8, 12), "letters": (11, 12)}, marks=pytest.mark.slow),
    ],
    ids=["unknotting", "rollouts", "hard-unknots", "optimal-moves", "length-transfer"],
)
def test_conformance(module, options, quick_trainings, tmp_path):
    run = check_study(module.study, module.Config(**SMALL, **options), tmp_path)
    assert not [claim for claim in run.claims if claim.origin == "theory" and claim.verdict == "disagrees"]


@pytest.mark.slow
def test_ablations(tmp_path):
    check_study(ablations.study, ablations.Config(**SMALL, letters=12), tmp_path)


@pytest.mark.slow
def test_stirred_words(tmp_path):
    options = {"learned": 12, "letters": 12, "sweeps": (0, 3), "stabilizations": (0.2,), "rounds": 1, "searched": 1}
    check_study(stirred_words.study, stirred_words.Config(**SMALL, **options), tmp_path)


@pytest.mark.slow
def test_mortons_braid(tmp_path):
    run = check_study(mortons_braid.study, mortons_braid.Config(**SMALL, conjugations=(0, 2)), tmp_path)
    assert not [claim for claim in run.claims if claim.origin == "theory" and claim.verdict == "disagrees"]


def test_disguises_of_mortons_braid_are_words_of_its_class():
    """Conjugation, relations and symmetries change no Alexander polynomial and no number of strands."""
    words = mortons_braid.disguised(np.array([0, 2, 6, 6]), 12, key=jax.random.key(0))
    assert [int((word != 0).sum()) for word in words] == [11, 15, 23, 23]
    for word in words:
        braid = Braid(word[word != 0].tolist())
        assert braid.strands == 4
        assert jones(braid) == ONE


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: unknotting.Config(letters=(24, 12)), "letters is"),
        (lambda: rollouts.Config(algorithms=("TRPO", "TRPO")), "algorithms is"),
        (lambda: optimal_moves.Config(letters=(40,)), "letters is"),
        (lambda: hard_unknots.Config(added=(10, 0)), "added is"),
        (lambda: stirred_words.Config(sweeps=(0,)), "sweeps is"),
        (lambda: ablations.Config(improvements=0), "improvements is 0"),
        (lambda: mortons_braid.Config(letters=11), "letters is 11"),
        (lambda: length_transfer.Config(learned=(24, 24)), "learned is"),
    ],
)
def test_bad_options_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
