"""TRPO against that of sb3-contrib, where it is installed: learning curves from the same view, actions and rewards."""

import json
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
from scipy.stats import ttest_ind

from netphysics.knots.priors import Prior, random_unknots
from netphysics.knots.unknotting import Actions, Environment, TrustRegion, make_learning

pytest.importorskip("sb3_contrib")

PEER = Path(__file__).parents[2] / "benchmarks" / "peers" / "sb3_unknotting.py"
LETTERS, GAMES, IMPROVEMENTS, SEEDS = 12, 32, 12, 6
# sb3-contrib thins out all of the step, and we the Fisher matrix only: so neither does.
REGION = TrustRegion(thinning=1)


@pytest.mark.slow
def test_learning_curves_differ_no_more_than_seeds():
    """The mean logarithm of the moves of a game over each training, by Welch's test.

    Each seed begins with its own weights, which both sides draw from the same distribution.
    """
    words = random_unknots(Prior(LETTERS), np.arange(256, dtype=np.uint64)).letters
    environment = Environment(Actions(LETTERS, without=("conjugate",)))
    learn = make_learning(REGION, environment, improvements=IMPROVEMENTS, games=GAMES, chunk=1)
    ours = learn(jax.random.split(jax.random.key(0), SEEDS), environment.parameters(words)).curves["moves"].T
    question = {
        "words": words.tolist(),
        "moves": REGION.moves,
        "thinning": REGION.thinning,
        "games": GAMES,
        "improvements": IMPROVEMENTS,
        "seeds": list(range(SEEDS)),
    }
    done = subprocess.run(
        [sys.executable, PEER], input=json.dumps(question), text=True, stdout=subprocess.PIPE, check=True
    )
    theirs = np.array(json.loads(done.stdout)["moves"])
    assert ours.shape == theirs.shape == (SEEDS, IMPROVEMENTS)
    assert (ours[:, -1] < ours[:, 0] / 1.5).all() and (theirs[:, -1] < theirs[:, 0] / 1.5).all()
    assert ttest_ind(np.log(ours).mean(axis=1), np.log(theirs).mean(axis=1), equal_var=False).pvalue > 1e-3
