"""Can networks decide whether a braid word closes to the unknot, and do they decide it by its topology?

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) train feed-forward networks, transformers and Reformers on words
from their priors and report about 95 % and more, rising with the number of letters N. Their priors make unknots
and knots in different ways, and a word may betray how it was made: by the number of its strands, its writhe, or
how often a letter occurs. So a regression on such counts stands beside the networks, and all are trained once
more on matched examples, in which each unknot has a knot with the same letters in another order.

Every training has its own words to learn from, its own words to be tested on, and its own initial weights; error
bars are over trainings. The networks of a training, of all kinds, see the same words.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

import jax
import numpy as np

from netphysics.blocks import Cell
from netphysics.knots.classifiers import (
    Schooling,
    all_log_odds,
    balanced_accuracy,
    counting_log_odds,
    draw_examples,
    padded_length,
)
from netphysics.knots.classifiers import make_decider as new_decider
from netphysics.knots.priors import Prior
from netphysics.lab import Study, StudyConfig, budget
from netphysics.report import Figure, Table, figure, legend, literature, measured, name_axes, sweep
from netphysics.stats import Claim, Estimate, concatenate, fit_line, shortfall, stack

SOURCE = "arXiv:2010.16263; Halverson, talk at IAS 2020"
PUBLISHED = 0.95
NETWORKS = ("feed-forward", "transformer", "reformer")
DECIDERS = (*NETWORKS, "counting")
# Same words for every N, same letters for every N, and examples in which counts tell nothing.
SETS = ("words", "letters", "matched")
TITLES = {"words": "same number of words", "letters": "same number of letters", "matched": "matched examples"}
make_decider = functools.cache(new_decider)


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the unknot decision."""

    letters: tuple[int, ...] = (9, 15, 24, 48)
    """Numbers of letters N of a word."""
    words: int = 2048
    """Words to learn from; at the same number of letters, for the smallest N, and fewer for the others."""
    tests: int = 512
    """Words to be tested on."""
    stabilization: float = 0.2
    """Probability that a Markov move of the priors is a stabilization; the paper does not say."""
    width: int = 32
    """Numbers per letter in a transformer; a feed-forward network has layers of eight times as many units."""
    depth: int = 2
    """Blocks of a transformer, or hidden layers."""
    steps: int = 800
    """Training steps of 64 words."""
    draws: int = budget(4)
    """Trainings for each N, with words and weights of their own."""
    block_size: int = 1
    """Trainings in one program."""

    presets: ClassVar = {
        "quick": {"letters": (12, 16), "words": 256, "tests": 128, "width": 16, "depth": 1, "steps": 100},
        "paper": {"letters": (9, 12, 15, 18, 24, 30, 36, 48), "words": 8192, "tests": 2048, "steps": 4000, "draws": 8},
    }

    def __post_init__(self):
        super().__post_init__()
        if len(set(self.letters)) < 2 or min(self.letters) < 6:
            raise ValueError(f"letters is {self.letters}; it needs two different numbers, each at least 6")
        for name in ("words", "tests"):
            if getattr(self, name) < 64 or getattr(self, name) % 2:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be even and at least 64")
        for name in ("width", "depth", "steps"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.width % 4:
            raise ValueError(f"width is {self.width}; it must be a multiple of 4, the number of heads")
        Prior(self.letters[0], stabilization=self.stabilization)


def cells(config):
    return [Cell(f"N={letters}", {"letters": letters}) for letters in config.letters]


def predict(config):
    """What is published: about 95 % or more, whatever the network and N."""
    return {cell.name: {"published": Estimate.exact(PUBLISHED)} for cell in cells(config)}


def measure(config, cell):
    letters = cell["letters"]
    prior = Prior(letters, stabilization=config.stabilization)
    few = config.words * min(config.letters) // letters
    size = {"width": config.width, "depth": config.depth, "steps": config.steps}
    length = padded_length(letters)
    # Each letter that SmartCollapse leaves occurs at least twice.
    train = {name: make_decider(Schooling(name, length, length // 2, **size)) for name in NETWORKS}

    def one(key):
        learn, test, start = jax.random.split(key, 3)
        plain, matched = draw_examples(prior, config.words, key=learn)
        sets = {"words": plain, "letters": plain.first(few), "matched": matched}
        plain_test, matched_test = draw_examples(prior, config.tests, key=test)
        tests = {"words": plain_test, "letters": plain_test, "matched": matched_test}
        return sets, tests, start

    def experiment(keys):
        drawn = [one(key) for key in keys]
        sets = [sets[name] for sets, _, _ in drawn for name in SETS]
        tests = [tests[name] for _, tests, _ in drawn for name in SETS]
        # Members that differ in their examples only are compared on equal terms.
        starts = jax.numpy.stack([start for _, _, start in drawn for _ in SETS])
        words = np.stack([test.words for test in tests])
        said = [np.asarray(all_log_odds(train[name](starts, sets).models, words, keys[0])) for name in NETWORKS]
        said.append(np.stack([counting_log_odds(*pair) for pair in zip(sets, words, strict=True)]))
        right = balanced_accuracy(np.stack(said), tests[0].knotted)
        right = right.reshape(len(DECIDERS), len(keys), len(SETS)).sum(axis=1)
        return {"accuracy": right}

    return experiment


def reduce(config, cell, tally):
    accuracy = tally.mean("accuracy")
    reformer, transformer, feedforward = (
        accuracy[DECIDERS.index(name)] for name in ("reformer", "transformer", "feed-forward")
    )
    plain, matched = (accuracy[:, SETS.index(name)] for name in ("words", "matched"))
    return {
        "accuracy": accuracy,
        "reformer-transformer": reformer - transformer,
        "reformer-feedforward": reformer - feedforward,
        "lost": plain - matched,
    }


def compare(config, predicted, measured_results):
    found = [measured_results[cell.name] for cell in cells(config)]
    accuracy = stack([each["accuracy"] for each in found])
    words, letters = SETS.index("words"), SETS.index("letters")
    zero = np.zeros(len(found))
    lengths = np.array(config.letters, float)
    claims = [
        Claim(
            f"published-{name}",
            f"A {name} network misses 95 % balanced accuracy at no N",
            zero,
            shortfall(accuracy[:, DECIDERS.index(name), words], PUBLISHED),
            "literature",
            SOURCE,
            0.05,
            "The authors' settings are not public; with other moves, strands and numbers of words their priors are "
            "other tasks.",
        )
        for name in NETWORKS
    ]
    claims.append(
        Claim(
            "reformer-transformer",
            "Reformers and transformers are equally accurate",
            zero,
            concatenate([each["reformer-transformer"][words : words + 1] for each in found]),
            "literature",
            SOURCE,
            0.05,
        )
    )
    claims.append(
        Claim(
            "attention-wins",
            "A Reformer is not beaten by a feed-forward network",
            zero,
            shortfall(concatenate([each["reformer-feedforward"][words : words + 1] for each in found]), 0.0),
            "literature",
            SOURCE,
            0.05,
        )
    )
    for name, place in (("words", words), ("letters", letters)):
        points = accuracy[:, DECIDERS.index("reformer"), place]
        # A training set that is learned without a mistake has no error bar at all.
        floor = Estimate(points.value, np.maximum(points.error, 1 / config.tests), points.draws, points.dof)
        slope = fit_line(np.log(lengths), floor).slope
        statement = f"At the {TITLES[name]}, a Reformer's accuracy does not fall with N (change per factor e)"
        claims.append(Claim(f"rises-{name}", statement, 0.0, shortfall(slope, 0.0), "literature", SOURCE, 0.05))
    best = concatenate([each["lost"][: len(NETWORKS)] for each in found])
    claims.append(
        Claim(
            "matched-is-harder",
            "No network does better where strands, writhe and letters are matched than where they are not",
            np.zeros(best.shape),
            shortfall(best, 0.0),
            "conjecture",
            "netphysics",
            0.1,
        )
    )
    counting = accuracy[:, DECIDERS.index("counting"), SETS.index("matched")]
    claims.append(
        Claim(
            "matched-hides-counts",
            "On matched examples counting is worth nothing: 50 %",
            np.full(len(found), 0.5),
            counting,
            "theory",
            "each unknot has a knot with the same letters",
            0.05,
        )
    )
    return claims


def figures(config, predicted, measured_results):
    plot, panels = figure(panels=len(SETS))
    rows = []
    for place, (name, axes) in enumerate(zip(SETS, panels, strict=True)):
        name_axes(axes, "letters $N$", "balanced accuracy", log="x", title=TITLES[name])
        axes.sharey(panels[0])
        for number, (decider, role) in enumerate(zip(DECIDERS, (*sweep(len(NETWORKS)), "other"), strict=True)):
            points = stack([measured_results[cell.name]["accuracy"][number, place] for cell in cells(config)])
            shift = 1.03 ** (number - 1.5)
            measured(axes, shift * np.array(config.letters, float), points, role, decider)
            rows += [
                (TITLES[name], decider, letters, point) for letters, point in zip(config.letters, points, strict=True)
            ]
        axes.set_xticks(config.letters, [str(letters) for letters in config.letters])
        axes.axhline(0.5, color="#676a70", linewidth=0.8, zorder=1)
        if name == "words":
            literature(
                axes, np.array(config.letters, float), np.full(len(config.letters), PUBLISHED), "gaussian", "published"
            )
    legend(panels[0], loc="lower right")
    yield Figure(
        "accuracy",
        "Networks that have not seen a word decide whether it closes to the unknot. The gray line is chance; "
        "“counting” is a regression on strands, writhe and the numbers of each letter. Where it does well, a network "
        "need not know any topology; on the right, unknots and knots have the same letters, and what is left above "
        "chance was learned from their order.",
        plot,
        Table(("examples", "decider", "letters $N$", "balanced accuracy"), rows),
    )


study = Study(
    name="unknot-decision",
    wing="knots",
    question="Can networks decide whether a braid word closes to the unknot, and do they do it by topology?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    headline="accuracy",
    cites=("Gukov2021", "Kitaev2020"),
)
