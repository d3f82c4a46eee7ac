"""The answer in one sentence, for every mix of origins and verdicts."""

import pytest

from netphysics.report.answer import answer
from netphysics.stats import Claim, Estimate


def claim(origin, verdict="agrees", name="x"):
    value = {"agrees": 0.01, "disagrees": 3.0, "undecided": float("nan")}[verdict]
    return Claim(name, f"{name.capitalize()} is 0.", 0.0, Estimate(value, 0.02, 10), origin, "us")


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ([], "This run makes no claim."),
        ([claim("theory")], "Theory holds: “X is 0” (found: 0.01(2))."),
        (
            [claim("theory"), claim("theory", "disagrees", "y")],
            "Theory fails in 1 of 2 claims: “Y is 0” (found: 3.00(2)).",
        ),
        ([claim("theory"), claim("theory")], "Theory holds in both claims, first “X is 0” (found: 0.01(2))."),
        (
            [claim("literature"), claim("literature", "disagrees", "y")],
            "1 of 2 published statements fails, “Y is 0” (found: 3.00(2)).",
        ),
        (
            [claim("theory"), claim("literature"), claim("literature")],
            "Theory holds: “X is 0” (found: 0.01(2)); both published statements are borne out.",
        ),
        ([claim("conjecture", "disagrees")], "The conjecture does not hold, “X is 0” (found: 3.00(2))."),
        (
            [claim("theory"), claim("literature", "undecided")],
            "Theory holds: “X is 0” (found: 0.01(2)); 1 claim stays undecided.",
        ),
        (
            [Claim.fraction("f", "Most hit", 0.5, 39, 40, "literature", "them")],
            "A published statement is borne out: “Most hit” (39 of 40).",
        ),
    ],
)
def test_the_answer(claims, sentence):
    assert answer(claims) == sentence
