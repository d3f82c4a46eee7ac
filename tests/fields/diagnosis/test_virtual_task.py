"""What virtual steps are taken on: mixtures of inputs, and labels that are read off them."""

import numpy as np
import pytest

from netphysics.fields.diagnosis.measuring.virtual_task import (
    LEAST_SHARE,
    MOST_CLASSES,
    MOST_PRODUCTS,
    SAMPLES,
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
    assert task.inputs.shape == (SAMPLES, 2, 3) and task.targets.shape == (SAMPLES,)
    first = min(samples, SAMPLES)
    assert np.array_equal(task.inputs[:first], inputs[:first])
    assert set(task.targets) <= set(range(4))


def test_inputs_that_are_alike_have_the_same_label():
    centers = np.random.default_rng(0).standard_normal((8, 5))
    inputs = np.concatenate([centers + 1e-6, centers - 1e-6])
    labels = read_off(inputs, 3)
    assert np.array_equal(labels[:8], labels[8:]) and set(labels) <= {0, 1, 2} and len(set(labels)) > 1
    assert np.array_equal(labels, read_off(1000 * inputs + 7, 3))
    numbers = read_off(inputs.reshape(16, 5, 1), 1)
    assert numbers.shape == (16,) and 0 < numbers.min() < 0.3 and 0.7 < numbers.max() < 1
    assert read_off(np.ones((4, 3)), 2).tolist() == [0, 0, 0, 0]


def test_labels_of_tokens_do_not_depend_on_their_order():
    tokens = np.array([[3, 7, 7, 9], [9, 7, 3, 7], [1, 1, 3, 9], [3, 3, 3, 3]])
    values = read_off(tokens, 1)
    assert values[0] == pytest.approx(values[1]) and len(np.unique(values.round(6))) == 3


def test_labels_are_few_classes_of_many():
    inputs = np.random.default_rng(0).standard_normal((64, 30))
    labels = read_off(inputs, 1000)
    assert len(np.unique(labels)) <= MOST_CLASSES and labels.max() > 500


def test_large_networks_are_given_fewer_inputs_and_fewer_steps_by_the_same_factor():
    assert affordable(10_000, 10_000) == (SAMPLES, STEPS)
    for products, parameters in ((5_000_000, 5_000_000), (2_000_000, 50_000_000), (0, 400_000_000)):
        samples, steps = affordable(products, parameters)
        assert samples / SAMPLES == pytest.approx(steps / STEPS, rel=0.02) and steps < STEPS
        assert samples * steps * products + steps * parameters == pytest.approx(MOST_PRODUCTS, rel=0.02)
    assert affordable(600_000_000, 11_000_000) == (LEAST_SHARE * SAMPLES, round(LEAST_SHARE * STEPS))
