"""The probability that a network trains, given what it learned in virtual steps."""

import math

import pytest

from netphysics.fields.diagnosis.measuring.probe import NOTHING, Learned
from netphysics.fields.diagnosis.measuring.virtual_task import STEPS
from netphysics.fields.diagnosis.trainability import COEFFICIENTS, FITTED_STEPS, RATES, probability


def odds(learned, steps, optimizer):
    found = probability(learned, steps, optimizer)
    return math.log(found / (1 - found))


@pytest.mark.parametrize("optimizer", RATES)
def test_coefficients_are_those_of_the_fit_and_go_with_the_logarithm_of_the_steps_between(optimizer):
    learned = Learned(0.7, 0.4)
    for steps, (skill, alignment, rest) in zip(FITTED_STEPS, COEFFICIENTS[optimizer], strict=True):
        assert odds(learned, steps, optimizer) == pytest.approx(0.7 * skill + 0.4 * alignment + rest)
    ends = [odds(learned, steps, optimizer) for steps in FITTED_STEPS[1:]]
    assert 4 * FITTED_STEPS[1] == STEPS
    assert odds(learned, STEPS // 2, optimizer) == pytest.approx(sum(ends) / 2)


@pytest.mark.parametrize("optimizer", RATES)
@pytest.mark.parametrize("steps", [*FITTED_STEPS, 120])
def test_what_learns_nothing_does_not_train_and_what_learns_all_does(optimizer, steps):
    assert probability(NOTHING, steps, optimizer) < 0.1
    assert probability(Learned(1.0, 0.8), steps, optimizer) > 0.9
    assert probability(Learned(0.5, 0.4), steps, optimizer) < probability(Learned(0.6, 0.4), steps, optimizer)
