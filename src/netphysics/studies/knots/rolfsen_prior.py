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
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.knots.braids import Braid
from netphysics.knots.invariants import identify, prime_knots, table
from netphysics.knots.priors import Prior, random_closures, seeds_of
from netphysics.lab import Equation, Study, StudyConfig, budget
from netphysics.report import Figure, Table, draw_measured, draw_published, figure, legend, name_axes, ordered_roles
from netphysics.stats import Claim, Estimate, stack

TALK = "talk on arXiv:2010.16263, figure 8"
DRAWN, PRIME = 6455, 4664
NINE = 9
# What "about a quarter" is read as.
QUARTER = 0.25
CHIRAL = ("3_1", "5_1", "5_2")


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the prior."""

    lengths: tuple[int, ...] = (7, 9, 11, 13, 15)
    """Numbers of letters N at which the share of trefoils is followed; odd, as four strands want."""
    strands: int = 4
    """Strands on which random letters are drawn, an even number."""
    stabilization: float = 0.2
    """Probability that a Markov move is a stabilization."""
    strand_choices: tuple[int, ...] = (4, 6)
    """Numbers of strands of the sweep at nine letters."""
    stabilization_choices: tuple[float, ...] = (0.1, 0.2, 0.5)
    """Probabilities of a stabilization of the sweep at nine letters."""
    draws: int = budget(6_455)
    """Words of each cell; rounded up to whole blocks."""
    block_size: int = 512
    """Words per block."""

    presets: ClassVar = {
        "quick": {"draws": 512, "block_size": 64, "lengths": (7, 9, 11), "stabilization_choices": (0.1, 0.5)},
        "paper": {"draws": 131_072, "lengths": (7, 9, 11, 13, 15, 17)},
    }

    def __post_init__(self):
        super().__post_init__()
        if len(set(self.lengths)) < 2:
            raise ValueError(f"lengths is {self.lengths}; a trend needs at least two")
        if any(count > 24 for count in self.lengths):
            raise ValueError(f"lengths is {self.lengths}; the table names no knots beyond 24 letters")
        for cell in cells(self):
            prior_of(cell)


def cells(config):
    choices = dict.fromkeys((length, config.strands, config.stabilization) for length in config.lengths)
    choices |= dict.fromkeys(
        (NINE, strands, share) for strands in config.strand_choices for share in config.stabilization_choices
    )
    choices[NINE, config.strands, config.stabilization] = None
    return [
        Cell(
            f"letters={letters}_strands={strands}_p={share:g}",
            {"letters": letters, "strands": strands, "share": share},
        )
        for letters, strands, share in choices
    ]


def prior_of(cell: Cell) -> Prior:
    return Prior(cell["letters"], strands=cell["strands"], stabilization=cell["share"])


@functools.cache
def names() -> tuple[str, ...]:
    """Knots to nine crossings, and a place for all others."""
    return (*sorted(knot.name for knots in table().values() for knot in knots), "other")


@functools.cache
def _number() -> dict[str, int]:
    return {name: number for number, name in enumerate(names())}


def predict(config):
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


def measure(config, cell):
    prior = prior_of(cell)

    def counts(keys):
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


def reduce(config, cell, tally):
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
    return f"letters={NINE}_strands={config.strands}_p={config.stabilization:g}"


def compare(config, predicted, measured):
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
        Claim(
            "jones-of-primes",
            "The Jones polynomial tells the prime knots to nine crossings apart, mirror images aside",
            knots["primes"],
            knots["jones of primes"],
            "literature",
            TALK,
        ),
        Claim(
            "jones",
            "The Jones polynomial tells all knots to nine crossings apart, composite ones and mirror images included",
            knots["knots"],
            knots["jones"],
            "literature",
            TALK,
            reason="$8_9$ and $4_1 \\# 4_1$ share one, $9_{12}$ and $4_1 \\# 5_2$ (and their mirror images), and "
            "$9_{42}$ with its mirror image. Here Alexander polynomial, signature and icosahedral colorings decide.",
        ),
    ]


def trefoil_at(config: Config, measured, length: int) -> Estimate:
    return measured[f"letters={length}_strands={config.strands}_p={config.stabilization:g}"]["trefoil"]


def figures(config, predicted, measured):
    yield histogram(config, measured)
    yield trefoil_figure(config, measured)
    yield prime_figure(config, measured)


def histogram(config, measured):
    shares = measured[headline_cell(config)]["by name"]
    plot, (axes,) = figure(height=3.4)
    plot.set_figwidth(7.4)
    name_axes(axes, "prime knot", "share of all draws", log="y")
    x = np.arange(len(shares))
    seen = shares.value > 0
    draw_measured(axes, x[seen], shares[seen], "knots")
    # The first knots of three, four and five crossings are neighbors: there is room for one name.
    ticks = [k for k, knot in enumerate(prime_knots()) if knot.name in ("3_1", "6_1", "7_1", "8_1", "9_1")]
    axes.set_xticks(ticks, [f"${prime_knots()[k].name}$" for k in ticks])
    rows = [(knot.name, shares[k]) for k, knot in enumerate(prime_knots())]
    caption = (
        f"The prime knots that words of nine letters close to, in the order of the Rolfsen table, mirror images "
        f"counted. {config.draws:,} draws with {config.strands} strands and stabilization probability "
        f"{config.stabilization:g}; {int((~seen).sum())} of the 84 knots did not come up."
    )
    return Figure("rolfsen", caption, plot, Table(("knot", "share"), rows))


def trefoil_figure(config, measured):
    lengths = sorted(set(config.lengths))
    shares = stack([trefoil_at(config, measured, length) for length in lengths])
    plot, (axes,) = figure()
    name_axes(axes, "letters $N$", "trefoils among knots")
    axes.set_ylim(0, None)
    draw_measured(axes, np.array(lengths, float), shares, "knots", "this prior")
    draw_published(axes, [NINE], [0.25], "other", "talk: about a quarter")
    axes.set_ylim(0, 1.15 * float(np.max(shares.value)))
    axes.set_xticks(lengths)
    legend(axes)
    return Figure(
        "trefoils",
        "The trefoil grows rarer with the length of the word: its share among all draws that are no unknots.",
        plot,
        Table(("letters $N$", "trefoils among knots"), list(zip(lengths, shares, strict=True))),
    )


def prime_figure(config, measured):
    plot, (axes,) = figure()
    name_axes(axes, "probability of a stabilization", "prime knots among draws", log="x")
    rows = []
    strand_choices = sorted(set(config.strand_choices))
    for strands, role in zip(strand_choices, ordered_roles(len(strand_choices)), strict=True):
        choices = sorted(set(config.stabilization_choices))
        found = [measured[f"letters={NINE}_strands={strands}_p={share:g}"] for share in choices]
        draw_measured(axes, np.array(choices), stack([each["prime"] for each in found]), role, f"{strands} strands")
        rows += [
            (strands, share, each["prime"], each["unknot"], each["strands"])
            for share, each in zip(choices, found, strict=True)
        ]
    axes.axhline(PRIME / DRAWN, color="#676a70", linewidth=0.8, dashes=(5, 4))
    axes.set_xticks(choices, [f"{share:g}" for share in choices])
    axes.minorticks_off()
    axes.set_ylim(0, 1)
    legend(axes, ncols=len(strand_choices))
    return Figure(
        "prime",
        f"What the prior leaves open decides how many of its draws are prime. Dashed: the talk's {PRIME} of {DRAWN}.",
        plot,
        Table(("strands", "stabilization", "prime", "unknots", "mean strands of a word"), rows),
    )


study = Study(
    name="rolfsen-prior",
    wing="knots",
    question="Which knots does a prior of random knots draw?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    headline="prime",
    equations=(
        Equation(
            r"V(t) = (-A^3)^{-w} \langle D \rangle / \langle O \rangle, \quad t = A^{-4}",
            "the Jones polynomial, from the Kauffman bracket of the diagram and its writhe w",
        ),
        Equation(
            r"\Delta(t) = \pm t^{(n-1-w)/2} \frac{1-t}{1-t^n} \det(1 - B(t))",
            "the Alexander polynomial, from the reduced Burau matrix of a braid on n strands",
        ),
    ),
    cites=("Gukov2021", "KnotInfo"),
)
