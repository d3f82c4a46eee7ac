"""What is claimed of networks that decide the unknot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from netphysics.stats import Claim, Estimate, concatenate, fit_line, pooled_dof, stack

from .figures import SETS, TITLES

if TYPE_CHECKING:
    from .study import Config

SOURCE = "arXiv:2010.16263; Halverson, talk at IAS 2020"
PUBLISHED = 0.95
FEW_SHORT_WORDS = (
    "Short words are few: of nine letters, most words of a test are a form of one that was learned, and they are told "
    "almost without a mistake."
)


def over_lengths(estimate: Estimate) -> Estimate:
    """The mean over N, along the first axis; the cells are independent, so that their degrees of freedom add up.

    With a few trainings for each N no cell could contradict anything alone.
    """
    return Estimate(
        estimate.value.mean(axis=0),
        np.sqrt(np.sum(estimate.error**2, axis=0)) / len(estimate),
        estimate.draws,
        pooled_dof(estimate.error, estimate.dof),
        estimate.trusted.all(axis=0),
    )


def claims_of(config: Config, found: Sequence[Mapping[str, Estimate]]) -> list[Claim]:
    """The claims, from what was measured at each N."""
    accuracy, controls = (stack([each[name] for each in found]) for name in ("accuracy", "controls"))
    beyond = stack([each["beyond"] for each in found])[:, : len(config.networks)]
    letters, matched = (1 + SETS.index(name) for name in ("letters", "matched"))
    average = over_lengths(accuracy)
    claims = [
        Claim.at_least(
            f"published-{name}",
            f"A {name} network reaches 95 % balanced accuracy, in the mean over N",
            PUBLISHED,
            average[number],
            "literature",
            SOURCE,
            "The authors' settings are not public; with other moves, strands and numbers of words their priors are "
            "other tasks.",
        )
        for number, name in enumerate(config.networks)
    ]
    if "reformer" in config.networks and "transformer" in config.networks:
        gap = over_lengths(concatenate([each["reformer-transformer"] for each in found]))
        statement = "Reformers and transformers are equally accurate; by how much Reformers are better"
        claims.append(Claim("reformer-transformer", statement, 0.0, gap, "literature", SOURCE, 0.05))
    if "reformer" in config.networks and "feed-forward" in config.networks:
        gap = over_lengths(concatenate([each["reformer-feed-forward"] for each in found]))
        statement = "A Reformer is at least as accurate as a feed-forward network; by how much more accurate"
        claims.append(Claim.at_least("attention-wins", statement, 0.0, gap, "literature", SOURCE))
    rising = {
        "words": (config.networks[-1], accuracy[:, len(config.networks) - 1]),
        "letters": (config.controls[-1], controls[:, len(config.controls) - 1, letters]),
    }
    for name, (network, best) in rising.items():
        # A test set that is labeled without a mistake has no error bar at all.
        floor = Estimate(best.value, np.maximum(best.error, 1 / config.tests), best.draws, best.dof)
        slope = fit_line(np.log(np.array(config.letters, float)), floor).slope
        statement = f"At the {TITLES[name]} a {network} network gains accuracy with N; gain per factor e"
        claims.append(Claim.at_least(f"rises-{name}", statement, 0.0, slope, "literature", SOURCE, FEW_SHORT_WORDS))
    claims += [
        Claim.at_least(
            "more-than-counting",
            "On the prior's own words networks do better than counting strands, writhe and letters; gain in accuracy",
            0.0,
            over_lengths(beyond),
            "conjecture",
            "netphysics",
        ),
        Claim.at_least(
            "alexander-decides",
            "The Alexander polynomial at one point decides 99 % of the prior's words",
            0.99,
            average[-1],
            "conjecture",
            "netphysics",
        ),
        Claim.at_least(
            "matched-is-harder",
            "Where strands, writhe and letters are matched, networks do no better than where they are not; loss",
            0.0,
            over_lengths(stack([each["lost"] for each in found])[:, : len(config.controls)]),
            "conjecture",
            "netphysics",
        ),
        Claim(
            "matched-hides-counts",
            "On matched examples counting is worth nothing: 50 %",
            np.full(len(found), 0.5),
            controls[:, len(config.controls), matched],
            "theory",
            "each unknot has a knot with the same letters",
            0.05,
        ),
    ]
    told = [each["told"] for each in found if "told" in each]
    if told:
        difference = over_lengths(stack(told)[:, : len(config.networks)])
        claims.append(
            Claim.at_most(
                "alexander-trivial",
                "Knots with trivial Alexander polynomial are called knots no more often than the same words with one "
                f"crossing changed, which unties them: by {said_of(config, difference)}",
                0.0,
                difference,
                "conjecture",
                "netphysics",
                "What the polynomial does not know, a network that knows nothing else cannot tell.",
            )
        )
    return claims


def said_of(config: Config, values: Estimate) -> str:
    """Each network with its value."""
    return ", ".join(f"{name} {value}" for name, value in zip(config.networks, values, strict=True))
