"""Claims: what each kind says at its edges, and how often it says something wrong."""

import math

import numpy as np
import pytest

from netphysics.stats import Claim, Estimate, binomial_interval, student_interval
from netphysics.stats.claim import CONFIDENCE, SIGNIFICANCE

ORIGIN = ("theory", "here")
# Simulated claims of each kind; the long run has as many as the docs promise.
TRIALS = [1_000, pytest.param(10_000, marks=pytest.mark.slow)]


def equal(observed, expected=1.0, **more):
    return Claim("c", "x is one", expected, observed, *ORIGIN, **more)


def test_equalities():
    assert equal(Estimate(1.1, 0.1, 9)).verdict == "agrees"
    assert equal(Estimate(2.0, 0.1, 9)).verdict == "disagrees"
    assert equal(Estimate(1.1, 0.1, 9), resolution=0.05).verdict == "undecided"
    assert equal(Estimate(9.0, 0.1, 9), resolution=0.05).verdict == "disagrees"
    assert equal(Estimate(2.0, 0.1, 9, trusted=False)).verdict == "undecided"
    assert equal(Estimate(math.nan, 0.1, 9)).verdict == "undecided"
    assert equal(Estimate(1.0, 0.1, 9), expected=math.nan).verdict == "undecided"
    # 4.1 sigma: too far for one number, not for the largest of a thousand.
    assert equal(Estimate(1.41, 0.1, 9)).verdict == "disagrees"
    many = np.ones(1000)
    many[3] = 1.41
    assert equal(Estimate(many, 0.1, 9), expected=np.ones(1000)).verdict == "agrees"


def test_few_blocks_never_make_a_verdict_green():
    # Seven sigma by four blocks cannot be excluded; it is no agreement either.
    assert equal(Estimate(1.7, 0.1, 4, dof=3.0)).verdict == "undecided"
    assert equal(Estimate(1.2, 0.1, 4, dof=3.0)).verdict == "agrees"
    assert equal(Estimate(5.0, 0.1, 4, dof=3.0)).verdict == "disagrees"


def test_the_error_of_the_theory_counts():
    claim = equal(Estimate(1.5, 0.4, 9), expected=Estimate(1.0, 0.3, 0))
    assert claim.pull == pytest.approx(1.0)
    low, high = claim.interval
    assert high - low == pytest.approx(2 * 4.0 * 0.5, rel=2e-3)


@pytest.mark.parametrize(
    ("value", "error", "least", "most"),
    [
        (1.5, 0.1, "agrees", "disagrees"),
        (0.5, 0.1, "disagrees", "agrees"),
        (1.1, 0.1, "undecided", "undecided"),
        (0.9, 0.1, "undecided", "undecided"),
        (1.0, 0.0, "agrees", "agrees"),
        (math.nan, 0.1, "undecided", "undecided"),
        (2.0, math.inf, "undecided", "undecided"),
    ],
)
def test_bounds_are_decided_by_the_interval(value, error, least, most):
    observed = Estimate(value, error, 9)
    assert Claim.at_least("c", "x is one or more", 1.0, observed, *ORIGIN).verdict == least
    assert Claim.at_most("c", "x is one or less", 1.0, observed, *ORIGIN).verdict == most


def test_a_bound_holds_for_every_entry():
    observed = Estimate([2.0, 3.0, 1.1], [0.1, 0.1, 0.2], 9)
    assert Claim.at_least("c", "all of them", 1.0, observed[:2], *ORIGIN).verdict == "agrees"
    assert Claim.at_least("c", "all of them", 1.0, observed, *ORIGIN).verdict == "undecided"
    assert Claim.at_most("c", "all of them", 1.0, observed, *ORIGIN).verdict == "disagrees"


def test_blocks_that_agree_to_the_last_bit_bound_nothing():
    # All trainings of a study untied every word: that is four ones, not certainty.
    observed = Estimate([1.0, 1.0], [0.0, 0.0], 4, dof=3.0)
    claim = Claim.at_least("c", "eight of ten", 0.8, observed, *ORIGIN)
    assert claim.verdict == "undecided"
    assert claim.to_json()["interval"] == [[None, None], [None, None]]
    assert Claim.within("c", "one", 1.0, 0.1, observed[0], *ORIGIN).verdict == "undecided"
    assert equal(observed[0]).verdict == "agrees"


def test_a_tolerance_is_no_error_bar():
    def within(observed):
        return Claim.within("c", "x is one to a tenth", 1.0, 0.1, observed, *ORIGIN)

    assert within(Estimate(1.05, 0.01, 9)).verdict == "agrees"
    assert within(Estimate(1.05, 0.05, 9)).verdict == "undecided"
    assert within(Estimate(1.2, 0.01, 9)).verdict == "disagrees"
    assert within(Estimate(1.05, 0.01, 9)).pull is None


def test_all_of_four_seeds_say_little():
    claim = Claim.fraction("c", "three quarters of the seeds", 0.75, 4, 4, *ORIGIN)
    assert claim.verdict == "undecided"
    assert claim.interval[0] == pytest.approx(0.005**0.25)
    assert str(claim.observed) == "1.00(15)"
    assert Claim.fraction("c", "three quarters", 0.75, 40, 40, *ORIGIN).verdict == "agrees"
    assert Claim.fraction("c", "three quarters", 0.75, 3, 40, *ORIGIN).verdict == "disagrees"
    assert Claim.fraction("c", "one in ten", 0.1, 0, 60, *ORIGIN, side="at-most").verdict == "agrees"
    with pytest.raises(ValueError, match="hits is 5 of 4 trials"):
        Claim.fraction("c", "more than all", 0.5, 5, 4, *ORIGIN)


def test_counts_are_exact():
    assert Claim.count("c", "84 knots", 84, 84, *ORIGIN).verdict == "agrees"
    claim = Claim.count("c", "84 knots", 84, 83, *ORIGIN)
    assert (claim.verdict, claim.pull, claim.interval) == ("disagrees", None, None)


def test_json_names_the_reference_by_the_kind():
    observed = Estimate([1.0, math.nan], [0.1, math.inf], 9)
    claims = {
        "expected": equal(observed, expected=[1.0, 1.0]),
        "bound": Claim.at_most("c", "x", 2.0, observed, *ORIGIN),
        "tolerance": Claim.within("c", "x", [1.0, 1.0], 0.5, observed, *ORIGIN),
    }
    for name, claim in claims.items():
        said = claim.to_json()
        assert name in said
        assert said["observed"] == [1.0, None]
        assert said["interval"][0][1] is None
        assert (said["pull"] is None) == (claim.kind != "equal")


def test_claims_refuse_shapes_that_differ():
    with pytest.raises(ValueError, match="claim c: expected has shape"):
        equal(Estimate([1.0, 1.0], 0.1, 9))


def blocks(trials, count):
    """Means of `count` Gaussian blocks around 0, each with its own error bar."""
    draws = np.random.default_rng(count).normal(size=(trials, count))
    return [Estimate(x.mean(), x.std(ddof=1) / np.sqrt(count), count, count - 1.0) for x in draws]


def is_rare(verdicts, wrong, nominal):
    """No more wrong verdicts than stated, five standard errors of the simulation aside."""
    spread = math.sqrt(nominal * (1 - nominal) / len(verdicts))
    return verdicts.count(wrong) / len(verdicts) <= nominal + 5 * spread


@pytest.mark.parametrize("trials", TRIALS)
@pytest.mark.parametrize("count", [4, 64])
def test_wrong_verdicts_are_as_rare_as_stated(count, trials):
    """The truth lies exactly on the edge of what is claimed, where a wrong verdict is most likely."""
    seen = blocks(trials, count)
    assert is_rare([equal(x, expected=0.0).verdict for x in seen], "disagrees", SIGNIFICANCE)
    kinds = {
        "at-least": lambda x: Claim.at_least("c", "x", 0.0, x, *ORIGIN),
        "at-most": lambda x: Claim.at_most("c", "x", 0.0, x, *ORIGIN),
        "within": lambda x: Claim.within("c", "x", 1.0, 1.0, x, *ORIGIN),
    }
    for kind, make in kinds.items():
        verdicts = [make(x).verdict for x in seen]
        for wrong in ("agrees", "disagrees"):
            assert is_rare(verdicts, wrong, (1 - CONFIDENCE) / 2), kind


@pytest.mark.parametrize("trials", TRIALS)
@pytest.mark.parametrize(("seeds", "share"), [(4, 0.266), (25, 0.5), (25, 0.9)])
def test_wrong_verdicts_about_shares_are_as_rare_as_stated(seeds, share, trials):
    hits = np.random.default_rng(seeds).binomial(seeds, share, trials)
    verdicts = [Claim.fraction("c", "x", share, int(k), seeds, *ORIGIN).verdict for k in hits]
    for wrong in ("agrees", "disagrees"):
        assert is_rare(verdicts, wrong, (1 - CONFIDENCE) / 2)


def test_intervals_of_shares_are_exact():
    # Clopper and Pearson's own table: 3 of 10 at 95 %.
    assert binomial_interval(3, 10, 0.95) == pytest.approx((0.0667, 0.6525), abs=1e-4)
    assert binomial_interval(0, 10, 0.95) == pytest.approx((0.0, 1 - 0.025**0.1))


def test_entries_of_an_array_lie_in_their_intervals_together():
    rng = np.random.default_rng(3)
    draws = rng.normal(size=(1000, 20))
    inside = 0
    for x in draws:
        low, high = student_interval(Estimate(x, np.ones(20), 9), 0.9)
        inside += bool(np.all((low <= 0) & (high >= 0)))
    # Bonferroni is a little wider than needed: 0.9047 for independent entries.
    assert inside / 1000 == pytest.approx(0.9047, abs=5 * math.sqrt(0.0905 / 1000))
