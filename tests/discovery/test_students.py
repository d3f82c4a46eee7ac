"""Noisy tables: divisions of rows, early stopping, alignment, and students that beat their teacher's material."""

from types import SimpleNamespace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.discovery import (
    Columns,
    Schedule,
    SciNet,
    SciNetSizes,
    answers,
    dataset,
    make_table_sweep,
    simple_errors,
)
from netphysics.discovery.data.dataset import Fold
from netphysics.discovery.data.row_errors import RowErrors, grouped_errors, number_by_trainings, unseen_share
from netphysics.discovery.probe import latent_number, name_neurons, substitution
from netphysics.discovery.training.alignment import aligned
from netphysics.discovery.training.early_stopping import train_in_cycles
from netphysics.discovery.training.students import (
    OBSERVATIONS,
    QUESTIONS,
    Strengths,
    best_with_at_most,
    taught_examples,
)
from netphysics.discovery.training.teacher import Repeater, Teacher
from netphysics.discovery.worlds import Sample

RNG = np.random.default_rng(5)
SIZES = SciNetSizes(4, 1, 1, 3, (8,), (8,))


def test_folds_keep_groups_together():
    table = {"x": RNG.normal(size=(600, 2)), "y": RNG.normal(size=600), "run": np.repeat(np.arange(60), 10)}
    data = dataset(table | {"id": table["run"]}, Columns(("x",), (), ("y",), ("id",), group="run"), 1, seed=0)
    folds = [data.fold(seed) for seed in (1, 1, 2)]
    for fold in folds:
        learned, validation = (
            set(data.train.variables[rows, 0]) for rows in (fold.order[: fold.learned], fold.validation)
        )
        assert not learned & validation
        assert len(fold.validation) == 96
        assert sorted(fold.order) == list(range(480))
    np.testing.assert_array_equal(folds[0].order, folds[1].order)
    assert set(folds[0].validation) != set(folds[2].validation)


def test_the_best_cycle_is_kept_for_each_member():
    errors = iter([[5.0, 5.0], [4.0, 6.0], [3.0, 7.0], [8.0, 4.0], [9.0, 9.0], [9.0, 9.0], [0.0, 0.0]])
    cycles = iter(range(1, 9))

    def train(keys, settings, data):
        return SimpleNamespace(models=jnp.full(2, next(cycles), jnp.float32), finished=np.array([True, True]))

    keys = jax.random.split(jax.random.key(0), 2)
    kept = train_in_cycles(
        train, lambda models: jnp.asarray(next(errors)), keys, jnp.zeros(2, jnp.float32), lambda _: {}, None, 8
    )
    assert kept.errors.tolist() == [3.0, 4.0]
    assert kept.models.tolist() == [2.0, 3.0]
    assert kept.finished.all()
    # Two cycles in a row made nobody better.
    assert next(cycles) == 6


@pytest.mark.parametrize(("fall", "cycles"), [(0.006, 20), (0.004, 2)])
def test_training_goes_on_while_it_is_of_use(fall, cycles):
    passed = iter(range(100))

    def train(keys, settings, data):
        assert settings["beta"] == pytest.approx(2 * (1 - fall) ** settings["cycle"])
        return SimpleNamespace(models=jnp.zeros(1, jnp.float32), finished=np.array([True]))

    kept = train_in_cycles(
        train,
        lambda models: (1 - fall) ** np.array([next(passed)]),
        jax.random.split(jax.random.key(0), 1),
        jnp.zeros(1, jnp.float32),
        lambda errors: {"beta": 2 * errors[0], "cycle": round(np.log(errors[0]) / np.log(1 - fall))},
        None,
        20,
    )
    assert kept.errors[0] == pytest.approx((1 - fall) ** cycles)


def test_the_bottleneck_becomes_as_weak_as_errors_are_small():
    strengths = Strengths.of(Schedule(10, 0.05, 0.0025), 0.5, None)
    assert strengths.find == pytest.approx(0.025)
    # Never stronger than the schedule says, nor weaker than what a neuron can make use of.
    np.testing.assert_allclose(strengths.for_errors(np.array([1.0, 0.05, 0.001])), [0.00125, 0.0005, 0.00005])
    # Nothing blurs answers that are wrong by 0.01 more than that.
    known = Strengths.of(Schedule(10, 0.05, 0.0025), 0.5, 0.01)
    assert (known.find, known.polish) == (pytest.approx(0.0008), pytest.approx(0.0002))


def stack_of(count):
    return eqx.filter_vmap(lambda key: SciNet(SIZES, key=key))(jax.random.split(jax.random.key(3), count))


def sample_of(systems):
    observation = RNG.normal(size=(systems, 4)).astype(np.float32)
    questions = RNG.normal(size=(systems, 1, 1)).astype(np.float32)
    return Sample(np.zeros((systems, 0), np.float32), observation, questions, np.zeros((systems, 1, 1), np.float32))


def test_aligned_networks_answer_alike_and_move_answers_apart():
    models, sample, masks = stack_of(2), sample_of(256), np.array([[1, 1, 1], [1, 0, 1]], np.float32)
    turned = aligned(models, masks, jax.tree.map(jnp.asarray, sample))

    def outcome(stack, member):
        model = jax.tree.map(lambda leaf: leaf[member] if eqx.is_array(leaf) else leaf, stack)
        z = jax.vmap(model.encode)(jnp.asarray(sample.observation))[0] * jnp.asarray(masks[member])[None]
        slopes = jax.vmap(jax.jacfwd(model.decode))(z, jnp.asarray(sample.questions[:, 0]))
        return z, answers(model, z, jnp.asarray(sample.questions)), np.einsum("naj,nak->jk", slopes, slopes) / len(z)

    for member, kept in ((0, [0, 1, 2]), (1, [0, 2])):
        before, after = outcome(models, member), outcome(turned, member)
        np.testing.assert_allclose(after[1], before[1], atol=1e-4)
        np.testing.assert_allclose(np.cov(np.asarray(after[0])[:, kept].T), np.eye(len(kept)), atol=1e-3)
        square = after[2][np.ix_(kept, kept)]
        np.testing.assert_allclose(square, np.diag(np.diag(square)), atol=1e-3 * np.max(square))
        assert (np.diff(np.diag(square)) <= 1e-6).all()


def test_a_candidate_takes_the_place_of_the_neuron_that_holds_it():
    model, sample = SciNet(SIZES, key=jax.random.key(1)), sample_of(2000)
    hidden = RNG.normal(size=(2000, 2))
    # Neurons are what is hidden and noise, which no candidate explains; the truth is what is hidden.
    means = np.stack([hidden[:, 0] + 0.6 * RNG.normal(size=2000), hidden[:, 1], np.zeros(2000)], axis=1)
    truth = np.column_stack([hidden, np.zeros(2000)]).astype(np.float32)
    sample = sample._replace(answers=np.asarray(answers(model, jnp.asarray(truth), jnp.asarray(sample.questions))))
    columns = {"a": hidden[:, 0], "b": hidden[:, 1], "other": RNG.normal(size=2000)}
    shares = substitution(model, means, jax.tree.map(jnp.asarray, sample), columns)
    assert shares[0, 0] > 0.95
    assert shares[1, 1] == pytest.approx(1, abs=0.02)
    assert max(shares[0, 1:]) < 0.6
    verdicts = name_neurons(means, np.array([1.0, 1.0, 0.0]), columns, shares)
    assert [(name.verdict, name.name) for name in verdicts] == [("named", "a"), ("named", "b"), ("dead", "")]
    assert name_neurons(means, np.array([1.0, 1.0, 0.0]), columns)[0].verdict != "named"


def test_what_other_neurons_tell_is_no_part_of_a_name():
    model, sample = SciNet(SIZES, key=jax.random.key(1)), sample_of(4000)
    a, b = RNG.normal(size=(2, 4000))
    columns, information = {"a": a, "b": b}, np.array([1.0, 1.0, 0.0])

    def names(first, second):
        means = np.stack([first + 0.4 * RNG.normal(size=4000), second, np.zeros(4000)], axis=1)
        truth = np.column_stack([first, second, np.zeros(4000)]).astype(np.float32)
        asked = sample._replace(answers=np.asarray(answers(model, jnp.asarray(truth), jnp.asarray(sample.questions))))
        shares = substitution(model, means, jax.tree.map(jnp.asarray, asked), columns)
        return [(name.verdict == "named", name.name) for name in name_neurons(means, information, columns, shares)]

    # A function of b comes with a, and the neuron that holds b knows it.
    assert names(a + np.sin(2 * b), b)[:2] == [(True, "a"), (True, "b")]
    # Beside the difference the sum is either term.
    assert not any(named for named, _ in names(a + b, a - b))


@pytest.mark.parametrize("asked", [0, 1])
def test_a_teacher_answers_questions_of_other_rows(asked):
    sizes = SciNetSizes(4, asked, 1, 2, (8,), (8,))
    members = eqx.filter_vmap(lambda key: Repeater(sizes, key=key))(jax.random.split(jax.random.key(2), 2))
    teacher = Teacher(members, jnp.asarray([0.25, 0.75], jnp.float32))
    sample = jax.tree.map(jnp.asarray, sample_of(40))
    sample = sample._replace(questions=sample.questions[:, :, :asked])
    batch = taught_examples((sample, Fold(jnp.arange(40), jnp.asarray(30)), teacher), key=jax.random.key(0))
    assert batch.questions.shape == (OBSERVATIONS, QUESTIONS, asked)
    one, other = (jax.tree.map(lambda leaf, i=i: leaf[i] if eqx.is_array(leaf) else leaf, members) for i in (0, 1))
    expected = 0.25 * one.answers(batch.observation, batch.questions)
    expected += 0.75 * other.answers(batch.observation, batch.questions)
    np.testing.assert_allclose(batch.answers, expected, atol=1e-5)
    # Rows for validation are neither shown nor asked about.
    seen = {tuple(row) for row in np.asarray(batch.observation).tolist()}
    assert seen <= {tuple(row) for row in np.asarray(sample.observation[:30]).tolist()}


@pytest.mark.parametrize(
    ("squares", "spread", "number"),
    [
        ([1.0, 0.4, 0.1, 0.1], 1e-4, (2, 2, 2)),
        ([1.0, 0.4, 0.104, 0.1], 1e-4, (2, 2, 2)),
        # A hundredth of what latents explain is needed where it is not by chance.
        ([1.0, 0.4, 0.109, 0.1], 1e-3, (3, 3, 3)),
        ([1.0, 0.4, 0.15, 0.1], 1e-3, (3, 3, 3)),
        # The third latent gains 1.8 standard errors of the difference, or 2.5.
        ([1.0, 0.4, 0.136, 0.1], 0.02 / 2**0.5, (2, 2, 3)),
        ([1.0, 0.4, 0.15, 0.1], 0.02 / 2**0.5, (3, 2, 3)),
        ([1.0, 0.999, 0.998, 0.999], 0.01, (0, 0, 2)),
    ],
)
def test_how_many_latents(squares, spread, number):
    found = latent_number((0, 1, 2, 3), np.array(squares), np.eye(4) * spread**2, np.zeros((4, 4)))
    assert tuple(found) == number
    with pytest.raises(ValueError, match="0, which must be there"):
        latent_number((1, 2), np.ones(2))


def test_more_trainings_do_not_make_a_table_longer():
    squares, rows = np.array([1.0, 0.15, 0.1]), np.eye(3) * 0.04**2 / 2
    products = np.outer(squares, squares)
    # A gain of 1.25 standard errors of one fold; of 2.8 of a fifth of its variance.
    numbers = [number_by_trainings((0, 1, 2), squares, products, rows, count) for count in (1, 4, 10_000)]
    assert [tuple(number) for number in numbers] == [(1, 1, 2), (1, 1, 2), (2, 1, 2)]
    # Trainings that differ by more than rows do count.
    scattered = products + np.diag([0, 0, 0.08])
    assert number_by_trainings((0, 1, 2), squares, scattered, rows, 100).number == 1
    # What is worth less than an error that answers have anyway is not needed.
    assert tuple(number_by_trainings((0, 1, 2), squares, products, rows / 1e4, 4, enough=0.06)) == (1, 1, 1)


def test_what_a_further_number_may_explain_without_showing():
    rng, rows = np.random.default_rng(6), 4000
    errors = 0.5 * rng.normal(size=rows)
    squares, covariance = grouped_errors(np.stack([rng.normal(size=rows), errors]) ** 2, np.arange(rows))
    share = unseen_share(squares, covariance, 1)
    # Answers that differ by as much change the squared error by two standard errors, give or take one.
    changed = errors + np.sqrt(share * (squares[0] - squares[1])) * rng.normal(size=(100, rows))
    found = [grouped_errors(np.stack([errors, each]) ** 2, np.arange(rows)).gain(0, 1) for each in changed]
    assert np.mean([gain / error for gain, error in found]) == pytest.approx(2, abs=5 / 10)
    assert unseen_share(np.ones(2), covariance, 1) == np.inf


def test_more_neurons_on_offer_make_nothing_worse():
    # The network that was offered 2 kept 1, and the one that was offered 3 kept 2 and is worse.
    best = best_with_at_most((0, 1, 2, 3), np.array([0.0, 1.0, 1.0, 2.0]), np.array([1.0, 0.5, 0.4, 0.45]))
    assert best.tolist() == [0, 2, 2, 2]


def test_errors_on_the_same_rows_are_compared_row_by_row():
    errors = RowErrors(np.array([1.0, 0.9]), np.array([[1.0, 0.99], [0.99, 1.0]]))
    gain, error = errors.gain(1, 0)
    assert (gain, error) == (pytest.approx(0.1), pytest.approx(0.02**0.5))


def test_rows_of_one_group_are_no_independent_tests():
    rows = RNG.normal(size=(2, 600)) ** 2
    alone = grouped_errors(rows, np.arange(600))
    np.testing.assert_allclose(alone.covariance, np.cov(rows) / 600)
    # Rows that were written down ten times say no more than once.
    ten = grouped_errors(np.tile(rows, 10), np.tile(np.arange(600), 10))
    np.testing.assert_allclose(ten.covariance, alone.covariance)
    np.testing.assert_allclose(ten.squares, rows.mean(axis=1))
    gain, error = grouped_errors(rows, np.zeros(600, int)).gain(0, 1)
    assert error == pytest.approx(abs(gain))


def spring(rows, noise, rng):
    """Twenty readings of x = A cos(sqrt(k) t) and an answer, all with one error."""
    amplitude, stiffness = rng.uniform(0.5, 1.5, rows), rng.uniform(1, 4, rows)
    times, asked = np.linspace(0, 6, 20), rng.uniform(0, 6, rows)
    x = amplitude[:, None] * np.cos(np.sqrt(stiffness)[:, None] * times) + noise * rng.normal(size=(rows, 20))
    y = amplitude * np.cos(np.sqrt(stiffness) * asked) + noise * rng.normal(size=rows)
    return {"x": x, "t": asked, "y": y, "A": amplitude, "k": stiffness}


@pytest.mark.slow
def test_a_spring_seen_with_noise():
    data = dataset(spring(1500, 0.1, np.random.default_rng(0)), Columns(("x",), ("t",), ("y",), ("A", "k")), 3, seed=0)
    sweep = make_table_sweep(data, (0, 1, 2, 3), Schedule(1500, 0.05, 0.0025), (48, 48))(jax.random.key(0))
    assert sweep.finished
    assert latent_number((0, 1, 2, 3), *sweep.validated).number == 2
    # The posterior mean over A and k has 0.14; boosted trees have twice the error.
    assert sweep.errors[2] < 0.2 < simple_errors(data)["trees"]
    found = name_neurons(sweep.means(2), sweep.information(2), data.candidates(data.test))
    assert {name.name for name in found if name.verdict != "dead"} == {"A", "k"}


@pytest.mark.slow
def test_noise_is_called_noise():
    rng = np.random.default_rng(1)
    data = dataset({"x": rng.normal(size=(600, 5)), "y": rng.normal(size=600)}, Columns(("x",), (), ("y",)), 2, seed=0)
    sweep = make_table_sweep(data, (0, 1, 2), Schedule(400, 0.05, 0.0025), (16, 16))(jax.random.key(0))
    gain, error = sweep.tested.gain(int(np.argmin(sweep.validated.squares)), 0)
    assert gain < 2.3 * error
    assert latent_number((0, 1, 2), *sweep.validated).fewest == 0
