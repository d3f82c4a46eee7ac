"""Agents that unknot: what they see, how they improve, and what they and the walkers and searches can and cannot do."""

import functools
import runpy
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.knots.braids import Braid, check, proves_unknot
from netphysics.knots.invariants import prime_knots
from netphysics.knots.priors import Prior, random_unknots
from netphysics.knots.published import arc_indices
from netphysics.knots.unknotting import (
    Actions,
    ActorCritic,
    Agent,
    Budget,
    Environment,
    Proximal,
    TrustRegion,
    asynchronous,
    beam_search,
    best_of,
    fewest_moves,
    greedy_sweep,
    make_learning,
    play,
    tree_search,
    uniform_walker,
    weighted_walker,
)
from netphysics.knots.unknotting.agents import chosen, see
from netphysics.knots.unknotting.experience import Stretch, advantages
from netphysics.knots.unknotting.tree import Node, prune
from netphysics.knots.unknotting.trust_region import conjugate_gradients, divergence, fisher_product
from netphysics.knots.unknotting.view import CLASSES, view
from netphysics.knots.unknotting.words import legal

LETTERS = 12
ENVIRONMENT = Environment(Actions(LETTERS))
# Unknot, and no conjugation and destabilization shortens it (Morton, 1983).
MORTON = Braid([-3, -3, 2, -3, 2, 1, 1, 1, -2, 1, -2])


@pytest.fixture(scope="module")
def words():
    return random_unknots(Prior(LETTERS), np.arange(300, dtype=np.uint64)).letters


@pytest.fixture(scope="module")
def learn(words):
    """The training of the documentation's example: what is compiled for one is there for the other."""
    learn = make_learning(TrustRegion(moves=64), ENVIRONMENT, improvements=30, games=32, width=32, chunk=1)
    keys = jax.random.split(jax.random.key(0), 2)
    return functools.partial(learn, keys, ENVIRONMENT.parameters(words[100:]))


@pytest.fixture(scope="module")
def learned(learn):
    return learn()


def test_the_view_is_that_of_a_circle():
    """Mirrored or turned over, a word looks the same."""
    braid = Braid([2, -3, 1, 2, 2, -1, 3, -2, 1])
    forms = [np.pad(np.array(each.letters, np.int8), (0, 15)) for each in (braid, braid.mirror, braid.flipped)]
    seen = jax.jit(jax.vmap(view))(np.stack(forms))
    for part in seen:
        np.testing.assert_array_equal(part[0], part[1])
        np.testing.assert_array_equal(part[0], part[2])


@pytest.mark.parametrize("letters", [[], [1], [-1, 2], [1, -2, 1], 12 * [1, -2], 24 * [1] + [2, 3, 4, 5, 6, 7]])
def test_classes_are_within_bounds(letters):
    """Where they are looked up, nobody asks again."""
    word = np.pad(np.array(letters, np.int8), (0, 40 - len(letters)))
    seen = jax.jit(lambda word: see(word, Actions(20, extended=True)))(word)
    for classes in (seen.front.classes, seen.conjugations, seen.places):
        assert classes.max() < CLASSES


def test_rows_of_weights_are_added_as_by_a_vector_with_single_ones(key):
    """The first layer is that of a plain perceptron on the view written out."""
    word = jnp.array([*MORTON.letters, 0, 0], jnp.int8)

    @jax.jit
    def both_ways(key):
        network, seen = Agent(width=8, key=key).value, view(word)
        written = jnp.concatenate([jax.nn.one_hot(seen.classes, CLASSES, dtype=jnp.float32).ravel(), seen.amounts])
        weights = jnp.concatenate([network.rows.reshape(-1, 8), network.matrices[0]])
        hidden = jnp.tanh(jnp.tanh(written @ weights) @ network.matrices[1])
        return network(*seen), hidden @ network.matrices[2], weights

    found, wanted, weights = both_ways(key)
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(weights.T @ weights, 2 * np.eye(8), atol=1e-5)


@pytest.mark.parametrize("extended", [False, True])
def test_probabilities_are_those_of_legal_actions(extended, key):
    actions = Actions(LETTERS, extended)
    word = np.pad(np.array(MORTON.letters, np.int8), (0, actions.room - len(MORTON)))
    agent = Agent(extended=extended, key=key)
    chances, possible = jax.jit(lambda word: (jnp.exp(agent(word, actions)), legal(word, actions)))(word)
    np.testing.assert_allclose(chances.sum(), 1, rtol=1e-5)
    np.testing.assert_array_equal(np.asarray(chances) > 1e-9, possible)


def test_actions_are_chosen_as_often_as_they_are_likely():
    chances = jnp.log(jnp.array([0.0, 0.5, 0.0, 0.2, 0.3, 0.0]))
    numbers = (jnp.arange(1000, dtype=jnp.float32) + np.float32(0.5)) / np.float32(1000)
    drawn = jax.vmap(lambda number: chosen(chances, number))(numbers)
    np.testing.assert_array_equal(np.bincount(drawn, minlength=6), [0, 500, 0, 200, 300, 0])


def test_advantages_against_their_definition():
    generator = np.random.default_rng(0)
    values, rewards = generator.normal(size=(2, 6, 1)).astype(np.float32)
    last, done = np.array([0.7], np.float32), np.array([[0], [0], [1], [0], [0], [0]], bool)
    nothing = jnp.zeros((6, 1), jnp.int32)
    stretch = Stretch(nothing, nothing, nothing, jnp.array(values), jnp.array(rewards), jnp.array(done), done, last)
    found, returns = advantages(stretch, 0.9, 0.8)
    following = np.append(values[1:], last)
    errors = rewards[:, 0] + 0.9 * following * ~done[:, 0] - values[:, 0]
    wanted = [sum(0.72**k * errors[t + k] for k in range((3 if t < 3 else 6) - t)) for t in range(6)]
    np.testing.assert_allclose(found[:, 0], wanted, rtol=1e-5)
    np.testing.assert_allclose(returns, found + values, rtol=1e-6)


def test_fisher_products_are_those_of_the_divergence(key):
    inputs = jax.random.normal(key, (20, 3), jnp.float32)
    start = jax.random.normal(jax.random.key(1), (12,), jnp.float32)

    def chances(parameters):
        return jax.nn.log_softmax(inputs @ parameters.reshape(3, 4), axis=1)

    @jax.jit
    def both(vector):
        gradient = jax.grad(lambda parameters: divergence(chances(start), chances(parameters)))
        product = fisher_product(chances, start)
        solved, image = conjugate_gradients(product, vector, 12)
        return product(vector), jax.jvp(gradient, (start,), (vector,))[1], product(solved), image

    # The Fisher matrix has zeros: what all logits have in common changes nothing.
    vector = jnp.tile(jnp.array([1, 2, -4, 1], jnp.float32), 3)
    product, hessian, image, told = both(vector)
    np.testing.assert_allclose(product, hessian, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(image, vector, rtol=1e-2, atol=1e-2)
    np.testing.assert_allclose(told, image, rtol=1e-2, atol=1e-2)


def test_trust_region_steps_gain_and_stay_within_their_region(learned):
    assert (learned.curves["gain"] > 0).all()
    assert (learned.curves["divergence"] <= TrustRegion().divergence).all()
    assert (learned.curves["divergence"] > 0).all()


def test_agents_learn(learned, words):
    solved = learned.curves["solved"] / np.maximum(learned.curves["games"], 1e-6)
    assert (solved[-5:].mean(axis=0) > 0.95).all()
    assert (learned.curves["moves"][-5:].mean(axis=0) < learned.curves["moves"][:5].mean(axis=0) / 2).all()
    games = play(learned.agent(1), ENVIRONMENT, words[:100], key=jax.random.key(2))
    walked = play(uniform_walker, ENVIRONMENT, words[:100], key=jax.random.key(3))
    assert games.solved.sum() > walked.solved.sum() + 30
    assert games.verify() == games.solved.sum()


@pytest.mark.parametrize("learner", [ActorCritic(), Proximal(moves=16, parts=2, passes=2)])
def test_learning_can_be_interrupted(learner, words, tmp_path):
    parameters = ENVIRONMENT.parameters(words)
    learn = make_learning(learner, ENVIRONMENT, improvements=3, games=8, width=16, chunk=1)
    keys = jax.random.split(jax.random.key(0), 2)
    whole = learn(keys, parameters, folder=tmp_path)
    (tmp_path / "step-000000003.npz").unlink()
    again = learn(keys, parameters, folder=tmp_path)
    for one, other in zip(jax.tree.leaves(whole.agents), jax.tree.leaves(again.agents), strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.curves["entropy"], again.curves["entropy"])
    with pytest.raises(ValueError, match="another start"):
        learn(jax.random.split(jax.random.key(1), 2), parameters, folder=tmp_path)


def test_a_member_that_is_not_finite_is_named(learn, learned):
    bias = learned.agents.value.biases[-1].at[1].set(jnp.nan)
    broken = eqx.tree_at(lambda agents: agents.value.biases[-1], learned.agents, bias)
    found = learn(broken)
    assert found.diverged_at.tolist() == [-1, 0]
    assert found.notes == ("member 1 was not finite at improvement 0; it is frozen there",)


def padded(braids):
    words = np.zeros((len(braids), 2 * LETTERS), np.int8)
    for row, braid in zip(words, braids, strict=True):
        row[: len(braid)] = braid.letters
    return words


def test_what_is_impossible_never_happens(learned):
    """Knots stay knots, and without exchanges and stabilizations Morton's braid stays as it is."""
    knots = [knot.braid for knot in prime_knots() if 0 < len(knot.braid) <= 2 * LETTERS]
    games = play(learned.agent(0), ENVIRONMENT, padded([*knots, *200 * [MORTON]]), key=jax.random.key(0))
    assert not games.solved.any()
    assert not tree_search(learned.agent(0), ENVIRONMENT.actions, MORTON, Budget(looks=100)).solved


@pytest.mark.parametrize("extended", [False, True])
def test_mortons_braid_is_untied_in_the_extended_set_only_and_no_prime_knot_ever(extended):
    """A thousand games of 300 moves with the one, of which a few in a hundred come to the end; ten thousand with the
    others, 41 with each prime knot to ten crossings."""
    knots = [knot.braid for knot in arc_indices() if len(knot.braid) <= 2 * LETTERS]
    assert len(knots) == 249
    environment = Environment(Actions(LETTERS, extended))
    games = play(weighted_walker, environment, padded([*1000 * [MORTON], *41 * knots]), key=jax.random.key(1))
    solved = np.flatnonzero(games.solved)
    assert games.verify() == len(solved)
    assert (len(solved) > 5) == bool(len(solved)) == extended
    assert (solved < 1000).all() and (games.moves[1000:] == 300).all()


def test_walkers(words):
    key = jax.random.key(4)
    uniform, weighted = (
        play(walker, ENVIRONMENT, words[:100], key=key) for walker in (uniform_walker, weighted_walker)
    )
    best = best_of(8, weighted_walker, ENVIRONMENT, words[:100], key=key)
    sweep = play(greedy_sweep, ENVIRONMENT, words[:100], greedy=True, key=key)
    assert uniform.solved.sum() < weighted.solved.sum() <= best.solved.sum()
    assert sweep.verify() == sweep.solved.sum()
    assert best.moves[best.solved].mean() < weighted.moves[weighted.solved].mean()
    np.testing.assert_allclose(weighted.kinds().sum(axis=1), 1)
    lost = weighted.words[~weighted.solved]
    hardest = weighted.hardest(len(lost) + 1)
    np.testing.assert_array_equal(hardest[:-1], lost)
    longest = np.where(weighted.solved, weighted.moves, 0).argmax()
    np.testing.assert_array_equal(hardest[-1], weighted.words[longest])
    with pytest.raises(ValueError, match="count is 101; there were 100 games"):
        weighted.hardest(101)


@pytest.mark.parametrize("search", [tree_search, beam_search])
def test_searches_find_certificates(search, learned, words):
    for word in words[:3]:
        braid = Braid(word.tolist())
        found = search(learned.agent(0), ENVIRONMENT.actions, braid, Budget(looks=400))
        assert found.solved and found.looks <= 400
        check(found.certificate)
        assert proves_unknot(found.certificate)
        again = search(learned.agent(0), ENVIRONMENT.actions, braid, Budget(looks=400))
        assert again.taken == found.taken


def test_a_word_from_which_nothing_new_comes_leaves_the_tree():
    root = Node(np.array([1, 2], np.int8))
    root.children = [Node(np.array([letter, 0], np.int8), root) for letter in (1, 2, 3)]
    first, second, third = root.children
    prune(second)
    assert root.children == [first, third]
    second.parent, second.children, root.children = first, [], []
    first.children, first.parent = [second], root
    root.children = [third, first]
    prune(second)
    assert root.children == [third]


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Budget(looks=0), "looks is 0"),
        (lambda: Budget(seconds=-1.0), "seconds is -1.0"),
        (lambda: make_learning(TrustRegion(), ENVIRONMENT, improvements=0), "improvements is 0"),
        (lambda: best_of(0, uniform_walker, ENVIRONMENT, np.ones((1, 3)), key=jax.random.key(0)), "tries is 0"),
    ],
)
def test_bad_settings_are_refused(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()


@pytest.mark.slow
def test_workers_learn_without_waiting(words):
    agent = asynchronous(ENVIRONMENT, words[100:], updates=1500, workers=2, games=8, width=32, key=jax.random.key(0))
    games = play(agent, ENVIRONMENT, words[:100], key=jax.random.key(1))
    walked = play(weighted_walker, ENVIRONMENT, words[:100], key=jax.random.key(1))
    assert games.verify() >= 90
    assert games.moves[games.solved].mean() < walked.moves[walked.solved].mean()


@pytest.mark.parametrize(("word", "moves"), [([1, 2, 3], 1), ([1, -2, -1, -2, -2, 1, 1, 2], 2), ([1, 1, 1], None)])
def test_fewest_moves(word, moves):
    assert fewest_moves(ENVIRONMENT.actions, Braid(word), 3) == moves


def test_the_example_of_the_documentation_runs(capsys):
    root = Path(__file__).parents[2]
    script = (root / "examples" / "learn_to_unknot.py").read_text()
    assert script in (root / "docs" / "knots.md").read_text()
    runpy.run_path(str(root / "examples" / "learn_to_unknot.py"))
    share, moves = capsys.readouterr().out.splitlines()
    assert float(share.split()[0]) > 0.9
    assert moves == "['braid', 'collapse']"
