r"""How often are events, laid tip to tail, a knot?

Momenta of an event at rest close to a polygon. Flat massless phase space is the symmetric measure on polygons of fixed
total length (Cantarella, Deguchi and Shonkwiler, arXiv:1206.3161), so that a sampler of events draws random knots.
The total curvature of these polygons is known exactly in the mean, $\pi n/2 + (\pi/4)\, 2n/(2n - 3)$, and with the
theorem of Fary and Milnor it bounds the share of knots among short ones (Cantarella, Grosberg, Kusner and Shonkwiler,
arXiv:1210.6537). Each polygon is seen from above, and its diagram either untied, with moves that can be replayed, or
shown to be knotted by an invariant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.knots.invariants import is_unknot
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget, grid, option
from netphysics.report import Curve, Figure, curves
from netphysics.stats import Claim, Estimate, Numbers, fit_line, stack
from netphysics.topology.phase_space import frame_event, polygon

from .projection import diagram_of_polygon, total_curvature

PAPER = "arXiv:1210.6537"
# With fewer edges nothing is knotted; the paper bounds the share of unknots from below where it may be.
FEWEST_EDGES = 6
UNKNOTS_AT_LEAST = {6: 1 / 3, 7: 1 / 11}
# A knot has more than this total curvature.
KNOT_CURVATURE = 4 * math.pi
# Of the walk that unties, for each polygon; an undecided one is counted.
STEPS = 200_000
# Where knots are rare their share says nothing about how unknots die out.
LONG = 32


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of random polygons."""

    edges: tuple[int, ...] = option((4, 6, 7, 16, 32, 64, 128, 256, 512), least=3, rising=True)
    """Numbers of edges n: massless particles of an event."""
    draws: int = budget(4000)
    """Polygons of each number of edges."""
    block_size: int = 100
    """Polygons of a block."""
    presets: ClassVar = {
        "quick": {"edges": (4, 6, 7, 32, 64, 128, 256), "draws": 400, "block_size": 20},
        "paper": {"draws": 40_000},
    }


def cells(config: Config) -> list[Cell]:
    return grid(edges=config.edges)


def at(config: Config) -> list[tuple[Cell, int]]:
    """The cells with their numbers of edges."""
    return list(zip(cells(config), config.edges, strict=True))


def predict(config: Config) -> Results:
    """The mean total curvature, exact."""
    return {
        cell.name: {"curvature": Estimate.exact(math.pi * n / 2 + math.pi / 4 * 2 * n / (2 * n - 3))}
        for cell, n in at(config)
    }


def measure(config: Config, cell: Cell) -> Experiment:
    bodies = cell["edges"]
    draw = jax.jit(jax.vmap(lambda key: polygon(frame_event(bodies, key=key))))

    def experiment(keys: jax.Array) -> dict[str, Numbers]:
        sums = dict.fromkeys(("curvature", "unknots", "knots", "slack", "crossings"), 0.0)
        for corners in np.asarray(draw(keys), np.float64):
            curvature, diagram = total_curvature(corners), diagram_of_polygon(corners)
            answer = is_unknot(diagram, STEPS).answer
            sums["curvature"] += curvature
            sums["crossings"] += len(diagram)
            sums["unknots"] += answer == "yes"
            sums["knots"] += answer == "no"
            sums["slack"] += answer == "no" and curvature <= KNOT_CURVATURE
        return {**sums}

    return experiment


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = {n: measured[cell.name] for cell, n in at(config)}
    for cell, n in at(config):
        yield Claim(
            f"curvature-{cell.name}",
            f"The mean total curvature of polygons of {n} edges",
            predicted[cell.name]["curvature"],
            found[n]["curvature"],
            "literature",
            PAPER,
        )
        if n < FEWEST_EDGES:
            statement = f"Polygons of {n} edges are never knotted; knots found"
            yield Claim.count(f"short-{n}", statement, 0, counted(found[n]["knots"]), "theory", "six edges make a knot")
        if n in UNKNOTS_AT_LEAST:
            statement = f"Of polygons of {n} edges {UNKNOTS_AT_LEAST[n]:.3f} or more are unknots; share"
            unknots = counted(found[n]["unknots"])
            yield Claim.fraction(
                f"unknots-{n}", statement, UNKNOTS_AT_LEAST[n], unknots, found[n]["unknots"].draws, "literature", PAPER
            )
    yield Claim.count(
        "curvature-of-knots",
        "No knot has a total curvature of 4 pi or less; knots that have",
        0,
        sum(counted(each["slack"]) for each in found.values()),
        "theory",
        "the theorem of Fary and Milnor",
    )
    decided = sum(counted(each["unknots"]) + counted(each["knots"]) for each in found.values())
    yield Claim.fraction(
        "decided",
        "Of all polygons 99 % are shown to be knotted, or are untied; share",
        0.99,
        decided,
        sum(each["knots"].draws for each in found.values()),
        "conjecture",
        "netphysics",
    )
    if len([n for n in config.edges if n >= LONG]) > 1:
        statement = f"From {LONG} edges on unknots become rarer; ln P(unknot) for each edge more"
        yield Claim.at_most("decay", statement, 0.0, decay(config, measured), "conjecture", "netphysics")


def counted(mean: Estimate) -> int:
    """How often something occurred, from its mean over polygons."""
    return round(float(mean.value) * mean.draws)


def decay(config: Config, measured: Results) -> Estimate:
    """The slope of ln P(unknot) with the number of edges, from polygons of `LONG` edges on."""
    long = [(n, measured[cell.name]["unknots"]) for cell, n in at(config)]
    # Where no polygon was knotted, or all were, one more would have been the other; that is the error then.
    kept = [(n, share) for n, share in long if n >= LONG and share.value > 0]
    logarithms = stack(
        [Estimate(np.log(s.value), max(float(s.error), 1 / s.draws) / s.value, s.draws, s.dof) for _, s in kept]
    )
    return fit_line(np.array([n for n, _ in kept], float), logarithms).slope


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found = [measured[cell.name] for cell in cells(config)]
    yield curves(
        "unknots",
        "The share of polygons that are unknots, by the number of their edges. Where nothing but a chance of knots in "
        "each stretch were at work, it would fall as a straight line.",
        [
            Curve(
                labels={},
                x=config.edges,
                measured=stack([each["unknots"] for each in found]),
                more={"crossings": [each["crossings"] for each in found]},
                role="knots",
                legend="unknots",
            )
        ],
        x="edges $n$",
        y="share of unknots $P$",
        log="y",
    )
    yield curves(
        "curvature",
        "The mean total curvature of polygons, over that of a straight line through the origin, $\\pi n/2$.",
        [
            Curve(
                labels={},
                x=config.edges,
                theory=[float(predicted[cell.name]["curvature"].value) / (math.pi * n / 2) for cell, n in at(config)],
                measured=stack([measured[cell.name]["curvature"] / (math.pi * n / 2) for cell, n in at(config)]),
                role="topology",
                legend="polygons",
            )
        ],
        x="edges $n$",
        y=r"total curvature over $\pi n/2$",
        log="x",
    )


study = Study.from_module(
    __name__,
    question="How often are events, laid tip to tail, a knot?",
    headline="unknots",
    equations=(
        Equation(
            r"\langle \kappa \rangle = \frac{\pi}{2} n + \frac{\pi}{4} \frac{2n}{2n - 3}",
            "the mean total curvature of a random closed polygon",
            (
                (r"\langle \kappa \rangle", "mean total curvature"),
                ("n", "edges: massless particles of an event"),
            ),
        ),
    ),
    cites=("CantarellaGrosberg2012", "Cantarella2012", "Kleiss1986"),
)
