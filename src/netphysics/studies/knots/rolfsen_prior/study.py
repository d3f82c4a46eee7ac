"""Which knots does a prior of random knots draw? Nine letters, laid out on the Rolfsen table.

A classifier of knots learns the prior it is fed. Gukov, Halverson, Ruehle and Sulkowski (2010.16263) drew 6455
words of nine letters from theirs, named the knots by their Jones polynomials, and found 4664 of them prime, most
often the trefoil, which grows rarer with the length of the word.

The paper does not fix the number of strands, the number of moves in a round and the share of stabilizations.
Ours are options; the sweep shows what they do to the share of prime knots. The unknot counts as a draw that is
not prime: the algorithm as it is printed does not exclude it.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.knots.braids import Braid
from netphysics.knots.invariants import identify, prime_knots, table
from netphysics.knots.priors import Prior, random_closures, seeds_of
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack

from .figures import NINE, histogram, prime_figure, trefoil_figure

TALK = "talk on arXiv:2010.16263, figure 8"
DRAWN, PRIME = 6455, 4664
# What "about a quarter" is read as.
QUARTER = 0.25
CHIRAL = ("3_1", "5_1", "5_2")


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the prior."""

    lengths: tuple[int, ...] = option((7, 9, 11, 13, 15), entries=2, distinct=True, between=(1, 24))
    """Numbers of letters N at which the share of trefoils is followed; odd, as four strands want, and at most 24,
    beyond which the table names no knots."""
    strands: int = option(4, least=2, multiple=2)
    """Strands on which random letters are drawn, an even number."""
    stabilization: float = option(0.2, above=0, below=1)
    """Probability that a Markov move is a stabilization."""
    strand_choices: tuple[int, ...] = option((4, 6), least=2, multiple=2, distinct=True)
    """Numbers of strands of the sweep at nine letters."""
    stabilization_choices: tuple[float, ...] = option((0.1, 0.2, 0.5), above=0, below=1, distinct=True)
    """Probabilities of a stabilization of the sweep at nine letters."""
    draws: int = budget(6_455)
    """Words of each cell; rounded up to whole blocks."""
    block_size: int = 512
    """Words per block."""

    presets: ClassVar = {
        "quick": {"draws": 512, "block_size": 64, "lengths": (7, 9, 11), "stabilization_choices": (0.1, 0.5)},
        "paper": {"draws": 131_072, "lengths": (7, 9, 11, 13, 15, 17)},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for cell in cells(self):
            prior_of(cell)


def cells(config: Config) -> list[Cell]:
    choices = dict.fromkeys((length, config.strands, config.stabilization) for length in config.lengths)
    choices |= dict.fromkeys(
        (NINE, strands, share) for strands in config.strand_choices for share in config.stabilization_choices
    )
    choices[NINE, config.strands, config.stabilization] = None
    return [
        Cell(cell_name(letters, strands, share), {"letters": letters, "strands": strands, "share": share})
        for letters, strands, share in choices
    ]


def cell_name(letters: int, strands: int, share: float) -> str:
    return f"letters={letters}_strands={strands}_p={share:g}"


def prior_of(cell: Cell) -> Prior:
    return Prior(cell["letters"], strands=cell["strands"], stabilization=cell["share"])


@functools.cache
def names() -> tuple[str, ...]:
    """Knots to nine crossings, and a place for all others."""
    return (*sorted(knot.name for knots in table().values() for knot in knots), "other")


@functools.cache
def _number() -> dict[str, int]:
    return {name: number for number, name in enumerate(names())}


def predict(config: Config) -> Results:
    found = [knot for knots in table().values() for knot in knots]
    primes = {min(str(knot.jones), str(knot.jones.reversed)) for knot in prime_knots()}
    return {
        "table": {
            "knots": Estimate.exact(len(found)),
            "jones": Estimate.exact(len({knot.jones for knot in found})),
            "primes": Estimate.exact(len(prime_knots())),
            "jones of primes": Estimate.exact(len(primes)),
        }
    }


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {
        "share": {"knot": names()},
        "by name": {"knot": [knot.name for knot in prime_knots()]},
        "mirror": {"knot": CHIRAL},
    }


def measure(config: Config, cell: Cell) -> Experiment:
    prior = prior_of(cell)

    def counts(keys: Array) -> dict[str, Numbers]:
        words = random_closures(prior, seeds_of(np.asarray(jax.random.key_data(keys))))
        found = np.zeros(len(names()))
        for number in range(len(words)):
            found[_number()[name_of(words.braid(number))]] += 1
        return {"counts": found, "strands": words.strands.sum()}

    return counts


@functools.lru_cache(maxsize=4096)
def name_of(braid: Braid) -> str:
    """The knot with these invariants: for sure to nine letters, and beyond in all likelihood."""
    knot = identify(braid)
    return knot.name if knot else "other"


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    share = tally.mean("counts")
    prime = [_number()[knot.name] for knots in table().values() for knot in knots if knot.is_prime]
    unknot = share[_number()["0_1"]]
    trefoil = share[[_number()["3_1"], _number()["m3_1"]]].sum()
    return {
        "share": share,
        "by name": by_name(share),
        "prime": share[prime].sum(),
        "unknot": unknot,
        "trefoil": trefoil / (1 - unknot),
        "mirror": np.array([share[_number()[name]] - share[_number()["m" + name]] for name in CHIRAL]),
        "strands": tally.mean("strands"),
    }


def by_name(share: np.ndarray) -> np.ndarray:
    """Shares of the prime knots in the order of the table, mirror images counted."""
    both = [[_number()[n] for n in (knot.name, knot.mirror.name) if n in _number()] for knot in prime_knots()]
    return np.array([share[numbers].sum() for numbers in both])


def headline_cell(config: Config) -> str:
    return cell_name(NINE, config.strands, config.stabilization)


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    nine, knots = measured[headline_cell(config)], predicted["table"]
    rate = PRIME / DRAWN
    published = Estimate(rate, np.sqrt(rate * (1 - rate) / DRAWN), DRAWN)
    choices = [float(measured[cell.name]["prime"].value) for cell in cells(config) if cell["letters"] == NINE]
    lengths = sorted(set(config.lengths))
    trefoils = [trefoil_at(config, measured, length) for length in lengths]
    # Shares of one sample are anticorrelated, by so little that treating them as independent changes no digit.
    shares, names_of_primes = nine["by name"], [knot.name for knot in prime_knots()]
    trefoil = names_of_primes.index("3_1")
    next_best = max((k for k in range(len(names_of_primes)) if k != trefoil), key=lambda k: shares.value[k])
    ahead = shares[trefoil] - shares[next_best]
    return [
        Claim(
            "prime",
            f"{rate:.1%} of the words of nine letters are prime knots to nine crossings",
            published,
            nine["prime"],
            "literature",
            TALK,
            0.02,
            "The paper does not say how many strands and moves it drew with, nor the share of stabilizations: over the "
            f"choices of the sweep the share runs from {min(choices):.1%} to {max(choices):.1%}.",
        ),
        Claim.within(
            "quarter",
            "About a quarter of the knots of nine letters are trefoils, between 20 and 30 percent",
            QUARTER,
            0.05,
            nine["trefoil"],
            "literature",
            TALK,
            "Four strands draw the trefoil more often than that; the share depends on the prior: "
            f"{float(nine['trefoil'].value):.0%} here.",
        ),
        Claim.at_least(
            "first",
            "The trefoil is the most common prime knot; its share beyond that of the next one",
            0.0,
            ahead,
            "literature",
            TALK,
        ),
        Claim.at_most(
            "falls",
            f"The share of trefoils among knots falls with each step in N, {', '.join(map(str, lengths))}; its changes",
            0.0,
            stack([after - before for before, after in itertools.pairwise(trefoils)]),
            "literature",
            TALK,
        ),
        Claim(
            "mirror",
            "A knot and its mirror image are equally likely: " + ", ".join(CHIRAL),
            np.zeros(len(CHIRAL)),
            nine["mirror"],
            "theory",
            "letters and moves have random signs",
        ),
        told_apart(
            "jones-of-primes",
            "the prime knots to nine crossings apart, mirror images aside",
            knots["primes"],
            knots["jones of primes"],
        ),
        told_apart(
            "jones",
            "all knots to nine crossings apart, composite ones and mirror images included",
            knots["knots"],
            knots["jones"],
            reason="$8_9$ and $4_1 \\# 4_1$ share one, $9_{12}$ and $4_1 \\# 5_2$ (and their mirror images), and "
            "$9_{42}$ with its mirror image. Here Alexander polynomial, signature and icosahedral colorings decide.",
        ),
    ]


def told_apart(id: str, which: str, knots: Estimate, polynomials: Estimate, reason: str = "") -> Claim:
    """That some knots have as many Jones polynomials as there are of them."""
    words = f"The Jones polynomial tells {which}"
    return Claim.count(id, words, int(knots.value), int(polynomials.value), "literature", TALK, reason=reason)


def trefoil_at(config: Config, measured: Results, length: int) -> Estimate:
    return measured[cell_name(length, config.strands, config.stabilization)]["trefoil"]


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield histogram(config.draws, config.strands, config.stabilization, measured[headline_cell(config)]["by name"])
    lengths = sorted(set(config.lengths))
    yield trefoil_figure(lengths, stack([trefoil_at(config, measured, length) for length in lengths]))
    choices = itertools.product(sorted(set(config.strand_choices)), sorted(set(config.stabilization_choices)))
    yield prime_figure({choice: measured[cell_name(NINE, *choice)] for choice in choices}, PRIME, DRAWN)


study = Study.from_module(
    __name__,
    question="Which knots does a prior of random knots draw?",
    headline="prime",
    equations=(
        Equation(
            r"V(t) = (-A^3)^{-w} \langle D \rangle / \langle O \rangle, \quad t = A^{-4}",
            "the Jones polynomial, from the Kauffman bracket of the diagram and its writhe w",
            (
                ("V(t)", "Jones polynomial in the variable $t$"),
                ("A", "variable of the Kauffman bracket"),
                ("w", "writhe of the diagram"),
                (r"\langle D \rangle, \langle O \rangle", "Kauffman brackets of the diagram and of a circle"),
            ),
        ),
        Equation(
            r"\Delta(t) = \pm t^{(n-1-w)/2} \frac{1-t}{1-t^n} \det(1 - B(t))",
            "the Alexander polynomial, from the reduced Burau matrix of a braid on n strands",
            (
                (r"\Delta(t)", "Alexander polynomial"),
                ("n", "strands of the braid"),
                ("B(t)", "its reduced Burau matrix"),
            ),
        ),
    ),
    cites=("Gukov2021", "KnotInfo"),
)
