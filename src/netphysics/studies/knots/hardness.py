"""Are some knots hard for every network, and which?

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) find that the words a network mislabels are mislabeled again by
networks from other initial weights: of 1000 test braids with up to nine letters, 30 were hard, and 19 of those were
trefoils, while about a quarter of all knots were.

Here all networks see the same words and differ in their initial weights and in the order of examples. If each word
had the same chance to be mislabeled, two networks would share a mistake as often as chance has it. An error rate
m_w for each test word, over networks, gives the excess: the mean of m_w^2 over the square of the mean of m_w.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.knots import Braid, identify
from netphysics.knots.classifiers import Examples, all_log_odds, draw_examples, make_decider
from netphysics.knots.priors import Prior
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, budget, grid, option
from netphysics.report import Figure, Table, draw_measured, figure, legend, name_axes, ordered_roles, role_of
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .options import DeciderConfig

TALK = "arXiv:2010.16263; Halverson, talk at IAS 2020"
NETWORKS = ("feed-forward", "transformer")
TREFOIL = "3_1"
# 19 of 30 hard instances, with the spread of such a count.
PUBLISHED = Estimate(19 / 30, np.sqrt(19 * 11 / 30**3), 30)


@dataclass(frozen=True)
class Config(DeciderConfig):
    """Options of hardness."""

    letters: int = option(9, between=(6, 9))
    """Letters N of all words; their knots are named by the table of prime knots."""
    words: int = 2048
    """Words to learn from, the same for all networks."""
    tests: int = 1000
    """Words to be tested on, the same for all networks."""
    draws: int = budget(16)
    """Networks of each kind."""
    block_size: int = 2
    """Networks in one program."""

    presets: ClassVar = {
        "quick": {"words": 512, "tests": 400, "width": 16, "steps": 60, "draws": 8},
        "paper": {"words": 8192, "steps": 16_000, "draws": 64},
    }


@functools.lru_cache(maxsize=2)
def examples(config: Config) -> tuple[Examples, Examples]:
    """What all networks learn from, and what all are tested on."""
    prior = Prior(config.letters)
    learn, test = jax.random.split(jax.random.key(config.seed))
    known = draw_examples(prior, config.words, key=learn)
    return known, draw_examples(prior, config.tests, key=test).without(known)


@functools.lru_cache(maxsize=2)
def names(config: Config) -> np.ndarray:
    """The name of each test word's knot without the mark of the mirror image; `0_1` for the unknot."""
    found = []
    for word in examples(config)[1].words.tolist():
        knot = identify(Braid([letter for letter in word if letter]))
        found.append(knot.name.removeprefix("m") if knot else "composite")
    return np.array(found)


def cells(config: Config) -> list[Cell]:
    return grid(network=NETWORKS)


def predict(config: Config) -> Results:
    """By chance there is no excess, and trefoils fail as often as they occur among the knots."""
    knots = examples(config)[1].knotted > 0
    share = float((names(config)[knots] == TREFOIL).mean())
    return {name: {"excess": Estimate.exact(1.0), "trefoils": Estimate.exact(share)} for name in NETWORKS}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"word": range(config.tests)} for name in ("rates", "said")}


def measure(config: Config, cell: Cell) -> Experiment:
    learn, test = examples(config)
    train = make_decider(config.training_settings(cell["network"], config.letters))

    def experiment(keys: Array) -> dict[str, Numbers]:
        models = train(keys, [learn] * len(keys)).models
        words = jnp.broadcast_to(test.words, (len(keys), *test.words.shape))
        odds = np.asarray(all_log_odds(models, words, keys[0]), np.float64)
        truth = test.knotted > 0
        wrong = ((odds > 0) != truth).astype(np.float64)
        return {"wrong": wrong.sum(axis=0), "said": np.where(truth, odds, -odds).sum(axis=0)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    wrong = tally.mean("wrong")
    truth = examples(config)[1].knotted > 0
    knots = wrong * truth
    mistakes = max(knots.sum(), 1e-12)
    # Within a class, so that a network that favors one class does not count as persistence.
    within = [wrong[kind] for kind in (truth, ~truth)]
    together = np.mean([np.mean(rates**2) for rates in within])
    chance = max(np.mean([np.mean(rates) ** 2 for rates in within]), 1e-12)
    found = names(config)
    return {
        "error": wrong.mean(),
        "excess": together / chance,
        "trefoils": (knots * (found == TREFOIL)).sum() / mistakes,
        "rates": wrong,
        "said": tally.mean("said"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    claims = []
    for name, found in measured.items():
        base = predicted[name]["trefoils"]
        claims += [
            Claim.at_least(
                f"persists-{name}",
                f"Two {name} networks share mistakes at least twice as often as chance has it",
                2.0,
                found["excess"],
                "literature",
                TALK,
            ),
            Claim(
                f"trefoils-{name}",
                f"{name.capitalize()}: mistakes on knots are on trefoils as often as in the talk, 19 of 30",
                PUBLISHED,
                found["trefoils"],
                "literature",
                TALK,
                0.2,
                f"{float(base.value):.0%} of the knots among our test words are trefoils, about 25 % in the talk.",
            ),
            Claim.at_least(
                f"few-crossings-{name}",
                f"{name.capitalize()}: mistakes on knots are on trefoils at least as often as knots are trefoils",
                base.value,
                found["trefoils"],
                "literature",
                TALK,
            ),
        ]
    return claims


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    truth = examples(config)[1].knotted > 0
    found = names(config)
    kinds, counts = np.unique(found[truth], return_counts=True)
    kinds = kinds[np.argsort(-counts, kind="stable")][:6]
    plot, (histogram, by_knot) = figure(panels=2)
    name_axes(histogram, "share of networks that are wrong", "share of test words", log="y", title="all words")
    name_axes(by_knot, "", "error rate", title="by knot")
    edges = np.linspace(0, 1, 11)
    rows = []
    for name, role in zip(NETWORKS, ordered_roles(2), strict=True):
        rates = measured[name]["rates"]
        share = np.histogram(np.clip(rates.value, 0, 1), edges)[0] / len(truth)
        histogram.stairs(np.maximum(share, 1e-9), edges, color=role_of(role).light, label=name)
        rows += [
            (name, f"wrong for {a:.0%} to {b:.0%}", value)
            for a, b, value in zip(edges[:-1], edges[1:], share, strict=True)
        ]
        points = [_mean(rates, truth & (found == kind)) for kind in kinds] + [_mean(rates, ~truth)]
        places = np.arange(len(points)) + (0.1 if name == NETWORKS[0] else -0.1)
        draw_measured(by_knot, places, stack(points), role, name)
        rows += [(name, f"error rate on {kind}", point) for kind, point in zip([*kinds, "0_1"], points, strict=True)]
    histogram.set_ylim(0.5 / len(truth), 1)
    by_knot.set_xticks(range(len(kinds) + 1), [*map(_typeset, kinds), "$0_1$"])
    legend(histogram)
    yield Figure(
        "hardness",
        "Hard words are hard for every network: if mistakes were spread by chance, no word would be missed by most "
        "networks. On the right, which knots they are, the most common first; error bars are over networks.",
        plot,
        Table(("network", "quantity", "value"), rows),
    )


def _typeset(name: str) -> str:
    """The name of a knot with its indices; the sign of a composite knot stands between formulas, which know none."""
    return " # ".join(f"${part}$" if "_" in part else part for part in name.split("#"))


def _mean(rates: Estimate, where: np.ndarray) -> Estimate:
    """The mean rate over some words; networks are few, so the words of one network move together at worst."""
    return Estimate(rates.value[where].mean(), rates.error[where].mean(), rates.draws, rates.dof)


study = Study.from_module(
    __name__,
    question="Are some knots hard for every network, and which?",
    headline="error",
    equations=(
        Equation(
            r"\langle m_w^2 \rangle_w \, / \, \langle m_w \rangle_w^2",
            "how much more often two networks share a mistake than by chance; $m_w$ is the error rate of a word",
            (("m_w", "share of networks that mislabel the word $w$"),),
        ),
    ),
    cites=("Gukov2021",),
    version=3,
)
