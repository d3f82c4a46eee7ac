"""What virtual steps are taken on: mixtures of inputs, and labels that are read off them."""

import numpy as np
import pytest

from netphysics.fields.diagnosis.virtual_task import (
    FEWEST_SHOWN,
    FEWEST_STEPS,
    MOST_CLASSES,
    SHOWN,
    STEPS,
    affordable,
    mixtures,
    read_off,
    virtual_task,
)


def test_mixtures_have_the_mean_and_the_covariance_of_the_batch():
    draw = np.random.default_rng(0)
    inputs = (draw.standard_normal((8, 3)) * [1, 2, 5] + [0, 10, -3]).astype(np.float32)
    mixed = mixtures(inputs, 20_000, draw)
    assert mixed.dtype == np.float32 and mixed.shape == (20_000, 3)
    deviations = inputs.std(axis=0)
    shift = (mixed.mean(axis=0) - inputs.mean(axis=0)) / deviations
    assert np.abs(shift).max() < 5 / np.sqrt(20_000)
    products = [np.cov(each.T, bias=True) / np.outer(deviations, deviations) for each in (mixed, inputs)]
    assert products[0] == pytest.approx(products[1], abs=5 * 2 / np.sqrt(20_000))


def test_tokens_are_taken_from_one_of_two_inputs():
    draw = np.random.default_rng(0)
    tokens = np.arange(20).reshape(4, 5)
    mixed = mixtures(tokens, 100, draw)
    assert mixed.dtype == tokens.dtype
    assert (mixed % 5 == np.arange(5)).all() and len({tuple(row) for row in (mixed // 5).tolist()}) > 30
    assert all(len(set(row)) <= 2 for row in (mixed // 5).tolist())
    assert set(mixtures(tokens.astype(np.float32), 100, draw).ravel()) <= set(range(20))


@pytest.mark.parametrize("samples", [2, 8, 64, 300])
def test_there_are_as_many_inputs_whatever_the_batch(samples):
    inputs = np.random.default_rng(0).standard_normal((samples, 2, 3)).astype(np.float32)
    task = virtual_task(inputs, 4)
    assert task.shown.shape == task.kept.shape == (SHOWN, 2, 3)
    first = min(samples, SHOWN)
    assert np.array_equal(task.shown[:first], inputs[:first])
    assert not any((each == task.shown).all(axis=(1, 2)).any() for each in task.kept)
    assert set(task.kept_targets) <= set(range(4)) and len(task.shown_targets) == SHOWN


def test_inputs_that_are_alike_have_the_same_label():
    centers = np.random.default_rng(0).standard_normal((8, 5))
    inputs = np.concatenate([centers + 1e-6, centers - 1e-6])
    labels = read_off(inputs, 3)
    assert np.array_equal(labels[:8], labels[8:]) and set(labels) <= {0, 1, 2} and len(set(labels)) > 1
    assert np.array_equal(labels, read_off(1000 * inputs + 7, 3))
    numbers = read_off(inputs.reshape(16, 5, 1), 1)
    assert numbers.shape == (16,) and numbers.std() == pytest.approx(1)
    assert read_off(np.ones((4, 3)), 2).tolist() == [0, 0, 0, 0]


def test_labels_of_tokens_do_not_depend_on_their_order():
    tokens = np.array([[3, 7, 7, 9], [9, 7, 3, 7], [1, 1, 3, 9], [3, 3, 3, 3]])
    values = read_off(tokens, 1)
    assert values[0] == pytest.approx(values[1]) and len(np.unique(values.round(6))) == 3


def test_labels_are_few_classes_of_many():
    inputs = np.random.default_rng(0).standard_normal((64, 30))
    labels = read_off(inputs, 1000)
    assert len(np.unique(labels)) <= MOST_CLASSES and labels.max() > 500


def test_large_networks_are_given_fewer_steps_and_then_fewer_inputs():
    assert affordable(10_000, 10_000) == (SHOWN, STEPS)
    shown, steps = affordable(5_000_000, 5_000_000)
    assert shown == SHOWN and FEWEST_STEPS < steps < STEPS
    assert affordable(600_000_000, 11_000_000) == (FEWEST_SHOWN, FEWEST_STEPS)
