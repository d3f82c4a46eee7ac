"""Is a network surer of a knot whose Jones polynomial has a high degree, and why?

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) report that a network's confidence in a correctly labeled knot is
correlated with the degree of its Jones polynomial, which it has never seen. But the degree follows the writhe and
the strands of the word, and those a network may count. So the rank correlation is measured twice: as it is, and
with what writhe, its size and the number of strands explain taken out of both sides. All words have the same
number of letters, which therefore explains nothing.

Every training has words and weights of its own, so that error bars are over both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.knots import Braid
from netphysics.knots.classifiers import Examples, all_log_odds, draw_examples, make_decider
from netphysics.knots.invariants import jones
from netphysics.knots.priors import Prior
from netphysics.lab import Equation, Experiment, Results, Study, budget, grid, option
from netphysics.report import Figure, Table, draw_measured, figure, legend, name_axes, ordered_roles, role_of
from netphysics.stats import Claim, Estimate, Numbers, Tally, rank_correlation

from .options import DeciderConfig

TALK = "arXiv:2010.16263; Halverson, talk at IAS 2020"
NETWORKS = ("feed-forward", "transformer")
DEGREES = ("degree", "span")


@dataclass(frozen=True)
class Config(DeciderConfig):
    """Options of the Jones correlation."""

    letters: int = option(9, least=3)
    """Letters N of all words."""
    draws: int = budget(8)
    """Trainings of each kind of network, with words and weights of their own."""
    block_size: int = 1
    """Trainings in one program."""

    presets: ClassVar = {
        "quick": {"words": 256, "tests": 128, "width": 16, "steps": 60, "draws": 4},
        "paper": {"words": 16384, "tests": 2048, "steps": 16_000, "draws": 16},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        Prior(self.letters)


def cells(config: Config) -> list[Cell]:
    return grid(network=NETWORKS)


def predict(config: Config) -> Results:
    """A network that only counts has no correlation left once the counts are taken out."""
    return {name: {"partial": Estimate.exact(np.zeros(len(DEGREES)))} for name in NETWORKS}


def degrees_and_counts(words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Largest size of an exponent and span of the Jones polynomials; writhe, its size and strands of the words."""
    degrees, counts = [], []
    for word in words.tolist():
        braid = Braid([letter for letter in word if letter])
        polynomial = jones(braid)
        degrees.append((max(abs(polynomial.lowest), abs(polynomial.highest)), polynomial.span))
        counts.append((braid.writhe, abs(braid.writhe), braid.strands))
    return np.array(degrees, float), np.array(counts, float)


def measure(config: Config, cell: Cell) -> Experiment:
    prior = Prior(config.letters)
    train = make_decider(config.training_settings(cell["network"], config.letters))

    def one(odds: np.ndarray, test: Examples) -> np.ndarray:
        right = (test.knotted > 0) & (odds > 0)
        degrees, counts = degrees_and_counts(test.words[right])
        return np.array(
            [[rank_correlation(odds[right], column, given) for column in degrees.T] for given in (None, counts)]
        )

    def experiment(keys: Array) -> dict[str, Numbers]:
        parts = [jax.random.split(key, 3) for key in keys]
        sets = [draw_examples(prior, config.words, key=learn) for learn, _, _ in parts]
        tests = [
            draw_examples(prior, config.tests, key=test).without(known)
            for (_, test, _), known in zip(parts, sets, strict=True)
        ]
        models = train(jax.numpy.stack([start for _, _, start in parts]), sets).models
        odds = np.asarray(all_log_odds(models, np.stack([test.words for test in tests]), keys[0]), np.float64)
        plain, partial = sum(map(one, odds, tests), start=np.zeros((2, 2)))
        right = sum(((said > 0) == (test.knotted > 0)).mean() for said, test in zip(odds, tests, strict=True))
        return {"plain": plain, "partial": partial, "accuracy": right}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    return {name: tally.mean(name) for name in ("plain", "partial", "accuracy")}


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    claims = []
    for name, found in measured.items():
        claims += [
            Claim.at_least(
                f"correlated-{name}",
                f"{name}: confidence in a knot rises with the degree of its Jones polynomial; their rank correlation",
                0.0,
                found["plain"][0],
                "literature",
                TALK,
            ),
            Claim(
                f"explained-{name}",
                f"{name}: writhe and strands explain all of the correlation with degree and with span",
                predicted[name]["partial"],
                found["partial"],
                "conjecture",
                "netphysics",
                0.1,
            ),
        ]
    return claims


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    plot, panels = figure(panels=2)
    rows = []
    for axes, name in zip(panels, NETWORKS, strict=True):
        found = measured[name]
        name_axes(axes, "", "rank correlation with confidence", title=f"{name}, {found['accuracy']} right")
        axes.sharey(panels[0])
        axes.axhline(0, color=role_of("muted").light, linewidth=0.8, zorder=1)
        labels = {"plain": "as it is", "partial": "given writhe and strands"}
        for shift, role, (kind, label) in zip((-0.08, 0.08), ordered_roles(2), labels.items(), strict=True):
            draw_measured(axes, np.arange(len(DEGREES)) + shift, found[kind], role, label)
            rows += [(name, degree, label, point) for degree, point in zip(DEGREES, found[kind], strict=True)]
        axes.set_xticks(range(len(DEGREES)), [f"{degree} of Jones" for degree in DEGREES])
        axes.set_xlim(-0.5, len(DEGREES) - 0.5)
        axes.margins(y=0.3)
    legend(panels[0], loc="upper left")
    yield Figure(
        "correlation",
        "Rank correlation between a network's confidence in the knots it recognizes and the size of their Jones "
        "polynomials: the largest size of an exponent, and the span. What writhe and strands of the word explain is "
        "taken out in the second column of points.",
        plot,
        Table(("network", "of the Jones polynomial", "correlation", "value"), rows),
    )


study = Study.from_module(
    __name__,
    question="Is a network surer of a knot whose Jones polynomial has a high degree, and why?",
    headline="accuracy",
    equations=(
        Equation(
            r"r_{xy \cdot z} = \mathrm{corr}(x - \hat x(z),\, y - \hat y(z))",
            "partial correlation, of ranks",
            (
                (r"r_{xy \cdot z}", "partial correlation of $x$ and $y$, given $z$"),
                ("x, y", "confidence, and degree of the Jones polynomial"),
                ("z", "writhe, its size, and number of strands"),
                (r"\hat x(z), \hat y(z)", "what $z$ explains of them"),
            ),
        ),
    ),
    cites=("Gukov2021",),
    version=3,
)
