"""How many rounds of hashing does a Reformer need to decide the unknot?

A Reformer looks only at letters that fall into the same bucket in one of its rounds of hashing. Gukov, Halverson,
Ruehle and Sulkowski (2010.16263) show accuracy against the number of rounds and say that Reformers are about as
good as transformers. The library they name computes exact attention for texts no longer than one of its
buckets (64 letters if nobody says otherwise), so that words this short may never have been hashed there. Here they are:
the same network, words and initial weights, with more and more rounds, beside exact attention.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np
from jaxtyping import Array

from netphysics.blocks import Cell
from netphysics.knots.classifiers import (
    Hashing,
    all_log_odds,
    balanced_accuracy,
    draw_examples,
)
from netphysics.knots.classifiers import make_decider as new_decider
from netphysics.knots.priors import Prior
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, option
from netphysics.report import Figure, Table, draw_measured, draw_theory, figure, legend, name_axes
from netphysics.stats import Claim, Estimate, Numbers, Tally

from .options import DeciderConfig

SOURCE = "arXiv:2010.16263; Halverson, talk at IAS 2020"
make_decider = functools.cache(new_decider)


@dataclass(frozen=True)
class Config(DeciderConfig):
    """Options of the number of hashes."""

    hashes: tuple[int, ...] = option((1, 2, 4, 8), least=1, distinct=True)
    """Rounds of hashing."""
    letters: int = option(24, least=3)
    """Letters N of all words."""
    chunk: int = option(6, least=1)
    """Letters of a chunk; a letter sees its own chunk and the one before."""
    buckets: int = option(4, least=2, multiple=2)
    """Buckets of a round, an even number."""
    presets: ClassVar = {
        "quick": {"hashes": (1, 4), "letters": 12, "words": 256, "tests": 128, "width": 16, "steps": 32},
        "paper": {"words": 16384, "tests": 2048, "steps": 16_000, "draws": 8},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for count in self.hashes:
            Hashing(count, self.chunk, self.buckets)
        Prior(self.letters)


def cells(config: Config) -> list[Cell]:
    return [Cell(f"N={config.letters}")]


def predict(config: Config) -> Results:
    """More rounds than there are letters see everything: exact attention is the limit, with no gap."""
    return {cell.name: {"gap": Estimate.exact(0.0)} for cell in cells(config)}


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {name: {"rounds of hashing": config.hashes} for name in ("hashed", "gap")}


def measure(config: Config, cell: Cell) -> Experiment:
    prior = Prior(config.letters)
    exact = make_decider(config.training_settings("transformer", config.letters))
    hashed = [
        make_decider(config.training_settings("reformer", config.letters, Hashing(count, config.chunk, config.buckets)))
        for count in config.hashes
    ]

    def experiment(keys: Array) -> dict[str, Numbers]:
        learn, test, start = (jax.vmap(lambda key: jax.random.split(key, 3))(keys))[:, :3].T
        sets = [draw_examples(prior, config.words, key=key) for key in learn]
        tests = [
            draw_examples(prior, config.tests, key=key).without(known) for key, known in zip(test, sets, strict=True)
        ]
        words = np.stack([each.words for each in tests])
        said = [np.asarray(all_log_odds(train(start, sets).models, words, keys[0])) for train in (exact, *hashed)]
        return {"accuracy": balanced_accuracy(np.stack(said), tests[0].knotted).sum(axis=1)}

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    accuracy = tally.mean("accuracy")
    return {
        "exact": accuracy[0],
        "hashed": accuracy[1:],
        "gap": accuracy[1:] - accuracy[0],
        "gain": accuracy[-1] - accuracy[1],
    }


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    (found,) = measured.values()
    most, least = config.hashes[-1], config.hashes[0]
    claims = [
        Claim(
            "as-good-as-exact",
            f"With {most} rounds a Reformer is as accurate as a transformer with exact attention",
            0.0,
            found["gap"][-1],
            "literature",
            SOURCE,
            0.05,
        )
    ]
    if most != least:
        claims.append(
            Claim.at_least(
                "more-rounds",
                f"{most} rounds are no worse than {least}; gain in accuracy",
                0.0,
                found["gain"],
                "literature",
                SOURCE,
            )
        )
    return claims


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    (found,) = measured.values()
    plot, (axes,) = figure()
    name_axes(axes, "rounds of hashing", "balanced accuracy", log="x")
    rounds = np.array(config.hashes, float)
    ends = np.array([rounds.min() / 1.3, rounds.max() * 1.3])
    limit = Estimate(np.repeat(found["exact"].value, 2), np.repeat(found["exact"].error, 2), found["exact"].draws)
    draw_theory(axes, ends, limit, "gaussian", "exact attention")
    draw_measured(axes, rounds, found["hashed"], "knots", "Reformer")
    axes.set_xticks(config.hashes, [str(count) for count in config.hashes])
    legend(axes, loc="lower right")
    rows = [
        (str(count), point, gap) for count, point, gap in zip(config.hashes, found["hashed"], found["gap"], strict=True)
    ]
    yield Figure(
        "hashes",
        f"Accuracy of a Reformer on words of {config.letters} letters against its rounds of hashing. The line, with "
        "its error as a band, is the same network with exact attention.",
        plot,
        Table(
            ("rounds", "balanced accuracy", "minus that of exact attention"), [*rows, ("exact", found["exact"], 0.0)]
        ),
    )


study = Study.from_module(
    __name__,
    question="How many rounds of hashing does a Reformer need to decide the unknot?",
    headline="hashed",
    equations=(
        Equation(
            r"\mathrm{bucket}(x) = \arg\max\, [xR; -xR]",
            "the hash of a vector x; R is a random matrix",
            (
                ("x", "vector that is hashed"),
                ("R", "random matrix"),
            ),
        ),
    ),
    cites=("Gukov2021", "Kitaev2020"),
    version=3,
)
