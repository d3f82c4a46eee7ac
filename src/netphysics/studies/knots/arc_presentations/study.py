"""Does every unknot shrink without ever growing, in how many steps, and does every knot shrink to its arc index?

An arc presentation of the unknot becomes trivial by exchange moves, cyclic shifts and destabilizations alone (Dynnikov,
math/0208153): it never has to grow, as a diagram and a closed braid may have to. The theorem says nothing about how
many moves that takes. A walk that draws its moves at random tells: here on unknots that were made by Reidemeister
moves, by stabilizations of grids and by Markov moves, at growing numbers of arcs. Every way is replayed by a checker
that shares no code with the walk. Beside it, on the same closed braids, stands a walk of braid moves.

Guides may spare steps: they prefer moves that make lines short, as far as weights say that were chosen by hand, or
learned on small grids by the cross-entropy method.

Of a knot the fewest arcs are its arc index. Walks from the braids of the prime knots to ten crossings can reach
KnotInfo's values, and must never pass them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.knots.braids import Braid
from netphysics.knots.priors import seeds_of
from netphysics.knots.published import ArcIndex, arc_indices
from netphysics.lab import Experiment, Results, Study, StudyConfig, budget, option
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally, fit_line, stack

from .figures import guides_figure, steps_figure, table_figure, ways_figure
from .guided import GUIDES, log_steps_gained
from .walks import BUDGETS, MARKOV, Kind, Way, arcs_found, unknots, walk_of_arcs, walk_of_braids

DYNNIKOV = "Dynnikov, math/0208153"
TABLE, GUIDED = "table", "guided"


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of arc presentations."""

    kinds: tuple[Kind, ...] = option(("Reidemeister moves", "grown grids", MARKOV), distinct=True)
    """How unknots are made."""
    arcs: tuple[int, ...] = option((24, 48, 96, 144), entries=2, least=12, multiple=2, rising=True)
    """Arcs of the presentations that walks start from."""
    steps: int = option(5_000_000, least=1)
    """Steps of a walk among arc presentations, at most."""
    relations: int = option(20_000, least=1)
    """Braid relations of a walk of braid moves, at most."""
    crossings: int = option(10, between=(3, 10))
    """Crossings to which prime knots are walked to their arc indices."""
    draws: int = budget(32)
    """Unknots of each kind and size, and rounds over the prime knots."""
    block_size: int = 4
    """Unknots in one block."""

    presets: ClassVar = {
        "quick": {"arcs": (16, 32, 64), "crossings": 8, "draws": 8, "block_size": 2},
        "paper": {"arcs": (24, 48, 96, 144, 192), "draws": 128},
    }

    @property
    def knots(self) -> tuple[ArcIndex, ...]:
        """The prime knots that are walked."""
        return tuple(knot for knot in arc_indices() if knot.crossings <= self.crossings)

    @property
    def crossing_numbers(self) -> np.ndarray:
        """The crossing numbers of the prime knots."""
        return np.arange(3, self.crossings + 1)


def cells(config: Config) -> list[Cell]:
    walked = [
        Cell(cell_name(kind, arcs), {"kind": kind, "arcs": arcs}) for kind in config.kinds for arcs in config.arcs
    ]
    return [*walked, Cell(TABLE), Cell(GUIDED)]


def cell_name(kind: str, arcs: int) -> str:
    return f"{kind.replace(' ', '-')}_arcs={arcs}"


def predict(config: Config) -> Results:
    """No walk grows, and none passes an arc index."""
    never = Estimate.exact(0.0)
    walked = {cell.name: {"growing": never} for cell in cells(config) if cell.name not in (TABLE, GUIDED)}
    return walked | {TABLE: {"passed": never}}


def measure(config: Config, cell: Cell) -> Experiment:
    def walks(keys: Array) -> dict[str, Numbers]:
        seeds = seeds_of(np.asarray(jax.random.key_data(keys)))
        made = unknots(cell["kind"], cell["arcs"], seeds)
        pairs = list(zip(made, seeds.tolist(), strict=True))
        found = summed([walk_of_arcs(unknot, config.steps, seed) for unknot, seed in pairs])
        if cell["kind"] == MARKOV:
            braids = [walk_of_braids(each, config.relations, seed) for each, seed in pairs if isinstance(each, Braid)]
            found |= {f"braid {name}": value for name, value in summed(braids).items()}
        return found

    def table(keys: Array) -> dict[str, Numbers]:
        found = [table_walks(config, seed) for seed in seeds_of(np.asarray(jax.random.key_data(keys))).tolist()]
        return {name: sum(each[name] for each in found) for name in found[0]}

    def guided(keys: Array) -> dict[str, Numbers]:
        seeds = seeds_of(np.asarray(jax.random.key_data(keys)))
        return {
            "gained": np.sum([log_steps_gained(config.arcs, config.steps, seed) for seed in seeds.tolist()], axis=0)
        }

    return {TABLE: table, GUIDED: guided}.get(cell.name, walks)


def summed(ways: list[Way]) -> dict[str, Numbers]:
    """Sums over walks."""
    return {
        "untied": np.sum([way.untied for way in ways]),
        "log cost": np.sum([np.log(way.cost) for way in ways]),
        "growing": np.sum([way.growing for way in ways]),
        "sizes": np.sum([way.sizes for way in ways], axis=0),
    }


def table_walks(config: Config, seed: int) -> dict[str, np.ndarray]:
    """The share of knots at their arc index, by budget and crossing number, and how many have passed it."""
    reached, passed = np.zeros((len(BUDGETS), len(config.crossing_numbers))), 0
    for knot in config.knots:
        arcs = arcs_found(knot, seed)
        reached[:, knot.crossings - 3] += [found == knot.arcs for found in arcs]
        passed += arcs[-1] < knot.arcs
    return {
        "reached": reached / np.bincount([knot.crossings - 3 for knot in config.knots]),
        "passed": np.array(passed),
    }


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    if cell.name == TABLE:
        return {name: tally.mean(name) for name in ("reached", "passed")}
    if cell.name == GUIDED:
        return {"gained": tally.mean("gained")}
    names = ["untied", "log cost", "growing", "sizes"]
    if cell["kind"] == MARKOV:
        names += [f"braid {name}" for name in names]
    return {name: tally.mean(name) for name in names}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for kind in config.kinds:
        found = [measured[cell_name(kind, arcs)] for arcs in config.arcs]
        name = kind.replace(" ", "-").lower()
        said = f"No unknot made by {kind} ever grows on its way"
        growing = stack([each["growing"] for each in found])
        yield Claim(f"monotone-{name}", said, np.zeros(len(found)), growing, "theory", DYNNIKOV)
        said = f"All unknots made by {kind} become trivial within {config.steps} steps"
        untied = stack([each["untied"] for each in found])
        yield Claim(f"untied-{name}", said, np.ones(len(found)), untied, "conjecture", "netphysics")
        said = f"Steps grow like the square of the arcs of unknots made by {kind}: the exponent is 2, to 0.5"
        steps = stack([each["log cost"] for each in found])
        exponent = fit_line(np.log(np.array(config.arcs, float)), steps).slope
        yield Claim.within(f"exponent-{name}", said, 2.0, 0.5, exponent, "conjecture", "netphysics")
    if MARKOV in config.kinds:
        found = [measured[cell_name(MARKOV, arcs)] for arcs in config.arcs]
        said = "Braid moves untie the same closed braids"
        untied = stack([each["braid untied"] for each in found])
        yield Claim("braids", said, np.ones(len(found)), untied, "conjecture", "netphysics")
    said = (
        f"A guide that was learned on grids of {config.arcs[0]} arcs halves the steps on new ones of {config.arcs[-1]}"
    )
    ratio = measured[GUIDED]["gained"][-1, -1].map(np.exp, np.exp)
    yield Claim.at_most("guided", said, 0.5, ratio, "conjecture", "netphysics")
    table = measured[TABLE]
    said = f"No prime knot to {config.crossings} crossings passes its arc index"
    yield Claim("passed", said, 0.0, table["passed"], "theory", "KnotInfo; the arc index is an invariant")
    said = f"All prime knots to {config.crossings} crossings reach their arc index within {BUDGETS[-1]} steps"
    yield Claim(
        "reached", said, np.ones(len(config.crossing_numbers)), table["reached"][-1], "conjecture", "netphysics"
    )


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    walked = {kind: [measured[cell_name(kind, arcs)] for arcs in config.arcs] for kind in config.kinds}
    yield steps_figure(config.arcs, {kind: stack([each["log cost"] for each in walked[kind]]) for kind in walked})
    largest: dict[str, Estimate] = {kind: found[-1]["sizes"] for kind, found in walked.items()}
    if MARKOV in walked:
        largest["the same braids, braid moves"] = walked[MARKOV][-1]["braid sizes"]
    yield ways_figure(config.arcs[-1], largest)
    yield guides_figure(
        config.arcs, dict(zip(GUIDES, (measured[GUIDED]["gained"][k] for k in range(len(GUIDES))), strict=True))
    )
    yield table_figure(config.crossing_numbers, measured[TABLE]["reached"])


study = Study.from_module(
    __name__,
    question="Does every unknot shrink without ever growing, and in how many steps?",
    cites=("Dynnikov2006", "KnotInfo"),
)
