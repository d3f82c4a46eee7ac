"""Jackknife: exact where it can be, honest where it cannot."""

import numpy as np
import pytest

from netphysics.stats import Estimate, Tally, fit_line, fit_power_law, histogram_sums, jackknife, merge


def tallies(draws, blocks):
    return [Tally(len(x), {"x": x.sum(), "xx": (x**2).sum()}) for x in np.array_split(draws, blocks)]


def variance(tally):
    return {"mean": tally.mean("x"), "variance": tally.mean("xx") - tally.mean("x") ** 2}


def test_mean_of_single_draws_has_the_textbook_error():
    draws = np.random.default_rng(0).normal(size=40)
    found = jackknife(tallies(draws, 40), variance)
    assert found["mean"].value == pytest.approx(draws.mean(), abs=1e-12)
    assert found["mean"].error == pytest.approx(draws.std(ddof=1) / np.sqrt(40), rel=1e-10)


def test_bias_of_the_plug_in_variance_is_removed():
    # The jackknife of the plug-in variance over single draws is the unbiased sample variance, exactly.
    draws = np.random.default_rng(1).normal(size=30)
    assert jackknife(tallies(draws, 30), variance)["variance"].value == pytest.approx(draws.var(ddof=1))


@pytest.mark.parametrize("blocks", [16, 130])
def test_coverage(blocks):
    """Pulls of mean and variance over 300 experiments have width 1, also when blocks differ in size."""
    rng = np.random.default_rng(blocks)
    pulls = []
    for _ in range(300):
        found = jackknife(tallies(rng.normal(size=1037), blocks), variance)
        pulls.append(
            [
                found["mean"].value / found["mean"].error,
                (found["variance"].value - 1) / found["variance"].error,
            ]
        )
    pulls = np.array(pulls)
    dof = min(blocks, 64) - 1
    assert np.all(np.abs(pulls.mean(axis=0)) < 5 / np.sqrt(300))
    assert pulls.std(axis=0) == pytest.approx(np.sqrt(dof / (dof - 2)), abs=5 / np.sqrt(600))


def test_heavy_tails_are_told_and_light_ones_are_not():
    """Log-normal draws with a tail that 4096 of them do not see; Gaussian and exponential ones beside them."""
    rng = np.random.default_rng(3)

    def trusted(draw):
        return sum(bool(jackknife(tallies(draw(4096), 64), variance)["mean"].trusted) for _ in range(100))

    assert trusted(lambda n: np.exp(3 * rng.normal(size=n))) <= 20
    assert trusted(rng.standard_normal) == 100
    assert trusted(rng.standard_exponential) == 100


def test_too_few_blocks_are_refused():
    with pytest.raises(ValueError, match="3 blocks are too few"):
        jackknife(tallies(np.arange(9.0), 3), variance)


def test_merging_does_not_depend_on_the_grouping():
    parts = tallies(np.random.default_rng(4).normal(size=1000), 10)
    left, right = merge(parts[:3]) + merge(parts[3:]), merge(parts)
    assert left.count == right.count == 1000
    assert left.sums["xx"] == pytest.approx(right.sums["xx"], rel=1e-14)
    with pytest.raises(ValueError, match="cannot be merged"):
        parts[0] + Tally(1, {"y": np.zeros(1)})


def test_histogram_sums_count_everything():
    edges = np.linspace(-1, 1, 5)
    counts = histogram_sums(np.array([-7.0, -0.9, 0.1, 0.2, 9.0]), edges)
    assert counts.tolist() == [2.0, 0.0, 2.0, 1.0]


def test_lines_recover_slopes_within_errors():
    rng = np.random.default_rng(5)
    widths = np.array([5.0, 10, 20, 50, 100])
    pulls = []
    for _ in range(300):
        exact = 3.0 * widths**-1.0
        y = Estimate(exact * (1 + rng.normal(0, 0.02, 5)), 0.02 * exact, 100)
        law = fit_power_law(widths, y)
        line = fit_line(np.log(widths), y.log())
        pulls.append(
            [
                (law.exponent.value + 1) / law.exponent.error,
                (law.amplitude.value - 3) / law.amplitude.error,
                (line.slope.value + 1) / line.slope.error,
            ]
        )
    assert np.all(np.abs(np.mean(pulls, axis=0)) < 5 / np.sqrt(300))
    assert np.std(pulls, axis=0) == pytest.approx(1, abs=5 / np.sqrt(600))


def test_power_laws_survive_points_that_are_pure_noise():
    widths = np.array([5.0, 10, 100, 1000])
    y = Estimate([0.04, 0.01, -3e-5, 2e-5], [1e-4, 1e-4, 1e-4, 1e-4], 100)
    law = fit_power_law(widths, y)
    assert law.exponent.value == pytest.approx(-2, abs=5 * float(law.exponent.error))


def test_fits_refuse_what_cannot_be_fitted():
    with pytest.raises(ValueError, match="two distinct abscissas"):
        fit_line([1.0, 1.0], Estimate([1.0, 2.0], 0.1, 3))
    with pytest.raises(ValueError, match="positive, finite errors"):
        fit_line([1.0, 2.0], Estimate([1.0, 2.0], [0.1, 0.0], 3))
