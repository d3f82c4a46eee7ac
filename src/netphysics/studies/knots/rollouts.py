"""How does an agent learn to untie unknots? The distribution of its actions, from chance to mastery.

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) read off the actions of their agents what they have learned: that
only SmartCollapse makes words shorter, that braid relations are worth more than conjugations, and that an agent
shifts left and right unequally often, since every relation brings a shift to the right for free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.knots.unknotting.actions import FRONT
from netphysics.lab import Experiment, Results, Study, option
from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .agents import SOURCE, AgentConfig, Algorithm

KINDS = (*FRONT, "conjugate")
PROGRESS = ("solved", "moves", "entropy")


@dataclass(frozen=True)
class Config(AgentConfig):
    """Options of rollouts."""

    algorithms: tuple[Algorithm, ...] = option(("TRPO", "A2C", "PPO"), distinct=True)
    """Algorithms to learn with."""
    letters: int = option(24, least=6)
    """Letters N of all words."""

    presets: ClassVar = {
        "quick": {"algorithms": ("TRPO",), "letters": 12, "words": 256, "improvements": 20, "games": 16},
        "paper": {"letters": 48, "words": 4096, "improvements": 240, "draws": 8},
    }


def cells(config: Config) -> list[Cell]:
    return [Cell(algorithm, {"algorithm": algorithm}) for algorithm in config.algorithms]


def predict(config: Config) -> Results:
    """Shares of actions add up to one."""
    return {cell.name: {"all": Estimate.exact(1.0)} for cell in cells(config)}


def measure(config: Config, cell: Cell) -> Experiment:
    def experiment(keys: Array) -> dict[str, Numbers]:
        found = [config.train(cell["algorithm"], config.letters, key=key).curves for key in keys]
        games = [np.maximum(curves["games"], 1e-9) for curves in found]
        kinds = [np.stack([curves[kind] for kind in KINDS]) for curves in found]
        return {
            "kinds": sum(each[..., 0] for each in kinds),
            "solved": sum((each["solved"] / count)[:, 0] for each, count in zip(found, games, strict=True)),
            "moves": sum(each["moves"][:, 0] for each in found),
            "entropy": sum(each["entropy"][:, 0] for each in found),
        }

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    found = {name: tally.mean(name) for name in ("kinds", *PROGRESS)}
    last = found["kinds"][:, -1]
    share = dict(zip(KINDS, last, strict=True))
    return {
        **found,
        "all": last.sum(),
        "asymmetry": share["shift right"] - share["shift left"],
        "relations": share["commute"] + share["braid"] - share["conjugate"],
        "collapse": share["collapse"] - found["kinds"][KINDS.index("collapse"), 0],
    }


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for algorithm in config.algorithms:
        found = measured[algorithm]
        said = f"{algorithm} ends with more braid relations than conjugations"
        yield Claim.at_least(f"relations-{algorithm}", said, 0.0, found["relations"], "literature", SOURCE)
        said = f"{algorithm} ends with unequal shares of both shifts: more to the right than to the left"
        yield Claim.at_least(f"asymmetry-{algorithm}", said, 0.0, found["asymmetry"], "literature", SOURCE, ASYMMETRY)
        said = f"{algorithm} comes to collapse more often"
        yield Claim.at_least(f"collapse-{algorithm}", said, 0.0, found["collapse"], "literature", SOURCE)
        said = "Shares of all kinds of actions add up to one"
        yield Claim.within(f"all-{algorithm}", said, 1.0, 1e-4, found["all"], "theory", "they are shares")


ASYMMETRY = (
    "A relation that is followed by a shift to the right carries the second letter on to the left, one letter in each "
    "move; the same to the right takes two shifts to the left and a relation. So a sweep goes to the right."
)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    chunks = len(measured[config.algorithms[0]]["moves"].value)
    time = (np.arange(chunks) + 0.5) / chunks * config.improvements * 128 * config.games / 1000
    yield curves(
        "actions",
        f"Shares of the kinds of actions while agents learn on words of {config.letters} letters, the mean over "
        f"trainings. An agent begins with all that is possible and equally likely, and ends in a sweep: relation, "
        "shift, collapse.",
        [
            Curve(
                labels={"algorithm": algorithm, "action": kind},
                x=time,
                measured=measured[algorithm]["kinds"][place],
                role=role,
                panel=algorithm,
                legend=kind,
            )
            for algorithm in config.algorithms
            for place, (kind, role) in enumerate(zip(KINDS, ordered_roles(len(KINDS)), strict=True))
        ],
        x="thousand moves",
        y="share of actions",
        key="outside",
        share_y=True,
    )
    names = {"solved": "share untied", "moves": "moves of a game", "entropy": "entropy, nats"}
    yield curves(
        "progress",
        "What becomes of the games meanwhile: the share that ends at the empty word, the moves of a game, and the "
        "entropy of the policy.",
        [
            Curve(
                labels={"quantity": names[quantity], "algorithm": algorithm},
                x=time,
                measured=measured[algorithm][quantity],
                role=role,
                panel=names[quantity],
                legend=algorithm,
            )
            for quantity in PROGRESS
            for algorithm, role in zip(config.algorithms, ordered_roles(len(config.algorithms)), strict=True)
        ],
        x="thousand moves",
        y={name: name for name in names.values()},
    )


study = Study.from_module(
    __name__,
    question="How does the distribution of actions change while an agent learns to untie unknots?",
    headline="moves",
    cites=("Gukov2021",),
)
