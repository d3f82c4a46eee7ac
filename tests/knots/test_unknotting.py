"""The unknotting environment: its plain and its compiled form, its face for gymnasium, and its certificates."""

import warnings
from random import Random

import gymnasium
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from netphysics.knots.braids import Braid, Certificate, apply_all, check, proves_unknot, smart_collapse
from netphysics.knots.priors import uniform_knot
from netphysics.knots.unknotting import Actions, Environment
from netphysics.knots.unknotting.words import act, collapse, legal

ACTIONS = Actions(12, extended=True)


def knots(count, generator):
    """Random knots of up to 20 letters, many of which collapse."""
    for _ in range(count):
        strands = int(generator.integers(2, 8))
        yield uniform_knot(strands, strands - 1 + 2 * int(generator.integers(7)), generator=generator)


def padded(braid, room=ACTIONS.room):
    return np.pad(np.array(braid.letters, np.int8), (0, room - len(braid)))


def test_collapse_is_that_of_the_braids_on_ten_thousand_words():
    generator = np.random.default_rng(0)
    braids = [braid for braid in knots(10_000, generator) if len(braid) <= ACTIONS.room]
    found = jax.jit(lambda words: jax.lax.map(collapse, words))(np.stack([padded(braid) for braid in braids]))
    wanted = np.stack([padded(smart_collapse(braid)[0]) for braid in braids])
    assert len(braids) == 10_000
    np.testing.assert_array_equal(found, wanted)


def test_both_forms_of_every_action_agree():
    random = Random(0)
    step = jax.jit(lambda word, action: (act(word, action, ACTIONS), legal(word, ACTIONS)))
    seen = set()
    for braid in knots(40, np.random.default_rng(1)):
        for _ in range(25):
            possible = ACTIONS.possible(braid)
            choices = [action for action, can in enumerate(possible) if can] or [0]
            action = random.choice([random.randrange(len(ACTIONS)), *[random.choice(choices)] * 3])
            after, mask = step(padded(braid), np.int32(action))
            np.testing.assert_array_equal(mask, possible)
            braid = apply_all(braid, ACTIONS.moves(braid, action))
            np.testing.assert_array_equal(after, padded(braid), ACTIONS.name(action))
            if possible[action]:
                seen.add(ACTIONS.name(action).split()[0])
    assert seen >= {"shift", "commute", "braid", "collapse", "conjugate", "exchange", "stabilize", "relate"}


def test_a_game_ends_at_the_empty_word_or_when_time_is_up():
    environment = Environment(Actions(6))
    parameters = environment.parameters(np.array([[1, 2, 3]]), horizon=2)
    key = jax.random.key(0)
    word, state = environment.reset(key, parameters)
    np.testing.assert_array_equal(word, [1, 2, 3] + 9 * [0])
    word, state, reward, done, info = environment.step(key, state, jnp.int32(0), parameters)
    assert (reward, done, info["terminated"], info["truncated"]) == (-3, False, False, False)
    np.testing.assert_array_equal(word[:3], [2, 3, 1])
    over = environment.step(key, state, jnp.int32(0), parameters)
    assert (over[3], over[4]["terminated"], over[4]["truncated"]) == (True, False, True)
    np.testing.assert_array_equal(over[0][:3], [1, 2, 3])
    over = environment.step(key, state, jnp.int32(4), parameters)
    assert (over[2], over[3], over[4]["terminated"], over[4]["truncated"]) == (0, True, True, False)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Actions(2), "letters is 2"),
        (lambda: Actions(255), "letters is 255; letters are kept in eight bits, so it must be at most 254"),
        (lambda: Environment(Actions(3)).parameters(np.ones((1, 7))), "words has 7 letters; there is room for 6"),
        (lambda: Environment(Actions(3)).parameters(np.ones((1, 3)), 0), "horizon is 0"),
    ],
)
def test_bad_environments_are_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


def test_gymnasium_accepts_the_environment():
    environment = gymnasium.make("netphysics.knots.unknotting.gym:Unknot-v0", letters=12)
    with warnings.catch_warnings():
        # It says so of every observation that is no image.
        warnings.simplefilter("ignore")
        check_env(environment.unwrapped)
    observation, info = environment.reset(seed=1)
    np.testing.assert_array_equal(info["action_mask"], environment.unwrapped.action_masks())
    assert Braid(observation[observation != 0].tolist()).components == 1


def test_gymnasium_gives_a_certificate():
    environment = gymnasium.make("netphysics.knots.unknotting.gym:Unknot-v0", letters=6)
    environment.reset(options={"word": [1, 2, 3, 2, -2]})
    environment.step(0)
    _, reward, terminated, truncated, info = environment.step(4)
    assert (reward, terminated, truncated) == (0, True, False)
    certificate = Certificate.from_json(info["certificate"])
    check(certificate)
    assert proves_unknot(certificate)
    with pytest.raises(ValueError, match="link of 2 components"):
        environment.reset(options={"word": [1, 1]})
    with pytest.raises(ValueError, match="word has 13 letters"):
        environment.reset(options={"word": 13 * [1]})
