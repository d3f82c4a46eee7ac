"""Can networks decide whether a braid word closes to the unknot, and do they decide it by its topology?

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) train feed-forward networks, transformers and Reformers on words
from their priors and report about 95 % and more, rising with the number of letters N. Their priors make unknots
and knots in different ways, and a word may betray how it was made: by the number of its strands, its writhe, or
how often a letter occurs. So a regression on such counts stands beside the networks, and all are trained once
more on matched examples, in which each unknot has a knot with the same letters in another order.

Every training has its own words to learn from, its own words to be tested on, and its own initial weights; error
bars are over trainings. The networks of a training, of all kinds, see the same words. Short words are few, and
a prior draws the same unknots again and again; a test has none that was learned.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar, Literal

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
from netphysics.report import Figure, Table, figure, legend, literature, measured, name_axes, role_of, sweep
from netphysics.stats import Claim, Estimate, concatenate, fit_line, shortfall, stack

SOURCE = "arXiv:2010.16263; Halverson, talk at IAS 2020"
PUBLISHED = 0.95
NETWORKS = ("feed-forward", "transformer", "reformer")
COUNTING = "counting"
# Same words for every N, same letters for every N, and examples in which counts tell nothing.
SETS = ("words", "letters", "matched")
TITLES = {"words": "same number of words", "letters": "same number of letters", "matched": "matched examples"}
make_decider = functools.cache(new_decider)


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the unknot decision."""

    networks: tuple[Literal["feed-forward", "transformer", "reformer", "cyclic"], ...] = NETWORKS
    """Networks to train: feed-forward, transformer, reformer, cyclic (a transformer that sees a word as a circle)."""
    letters: tuple[int, ...] = (9, 15, 24, 48)
    """Numbers of letters N of a word."""
    words: int = 1024
    """Words to learn from; at the same number of letters, for the smallest N, and fewer for the others."""
    tests: int = 512
    """Words to be tested on."""
    stabilization: float = 0.2
    """Probability that a Markov move of the priors is a stabilization; the paper does not say."""
    width: int = 32
    """Numbers per letter in a transformer; a feed-forward network has layers of eight times as many units."""
    depth: int = 1
    """Blocks of a transformer, or hidden layers."""
    steps: int = 400
    """Training steps of 64 words."""
    draws: int = budget(4)
    """Trainings for each N, with words and weights of their own."""
    block_size: int = 1
    """Trainings in one program."""

    presets: ClassVar = {
        "quick": {
            "networks": ("feed-forward", "transformer"),
            "letters": (12, 16),
            "words": 256,
            "tests": 128,
            "width": 16,
            "steps": 100,
        },
        "paper": {"letters": (9, 12, 15, 18, 24, 30, 36, 48), "words": 8192, "tests": 2048, "steps": 4000, "draws": 8},
    }

    def __post_init__(self):
        super().__post_init__()
        if not self.networks or len(set(self.networks)) < len(self.networks):
            raise ValueError(f"networks is {self.networks}; it needs at least one entry, and none twice")
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
    train = {name: make_decider(Schooling(name, length, length // 2, **size)) for name in config.networks}

    def one(key):
        learn, test, start = jax.random.split(key, 3)
        plain, matched = draw_examples(prior, config.words, key=learn)
        sets = {"words": plain, "letters": plain.first(few), "matched": matched}
        plain_test, matched_test = draw_examples(prior, config.tests, key=test)
        plain_test = plain_test.without(plain)
        tests = {"words": plain_test, "letters": plain_test, "matched": matched_test.without(matched)}
        return sets, tests, start

    def experiment(keys):
        drawn = [one(key) for key in keys]
        sets = [sets[name] for sets, _, _ in drawn for name in SETS]
        tests = [tests[name] for _, tests, _ in drawn for name in SETS]
        # Members that differ in their examples only are compared on equal terms.
        starts = jax.numpy.stack([start for _, _, start in drawn for _ in SETS])
        words = np.stack([test.words for test in tests])
        said = [np.asarray(all_log_odds(train[name](starts, sets).models, words, keys[0])) for name in config.networks]
        said.append(np.stack([counting_log_odds(*pair) for pair in zip(sets, words, strict=True)]))
        right = balanced_accuracy(np.stack(said), tests[0].knotted)
        right = right.reshape(len(said), len(keys), len(SETS)).sum(axis=1)
        return {"accuracy": right}

    return experiment


def reduce(config, cell, tally):
    accuracy = tally.mean("accuracy")
    plain, matched = (accuracy[:, SETS.index(name)] for name in ("words", "matched"))
    gaps = {}
    if "reformer" in config.networks:
        reformer = accuracy[config.networks.index("reformer")]
        gaps = {f"reformer-{name}": reformer - accuracy[i] for i, name in enumerate(config.networks)}
    return {"accuracy": accuracy, "beyond": accuracy - accuracy[-1], "lost": plain - matched, **gaps}


def over_lengths(estimate: Estimate) -> Estimate:
    """The mean over N, along the first axis; the cells are independent, so that their degrees of freedom add up.

    With a few trainings for each N no cell could contradict anything alone (Welch and Satterthwaite's rule).
    """
    squares = estimate.error**2
    weight = np.min(squares.sum(axis=0) ** 2 / np.maximum((squares**2).sum(axis=0), 1e-30), initial=len(estimate))
    return Estimate(
        estimate.value.mean(axis=0),
        np.sqrt(squares.sum(axis=0)) / len(estimate),
        estimate.draws,
        estimate.dof * float(weight),
        estimate.trusted.all(axis=0),
    )


def compare(config, predicted, measured_results):
    found = [measured_results[cell.name] for cell in cells(config)]
    accuracy = stack([each["accuracy"] for each in found])
    beyond = stack([each["beyond"] for each in found])[:, : len(config.networks)]
    words, letters, matched = range(len(SETS))
    average = over_lengths(accuracy[:, :, words])
    claims = [
        Claim(
            f"published-{name}",
            f"A {name} network reaches 95 % balanced accuracy, in the mean over N: {average[number]}",
            0.0,
            shortfall(average[number], PUBLISHED),
            "literature",
            SOURCE,
            0.05,
            "The authors' settings are not public; with other moves, strands and numbers of words their priors are "
            "other tasks.",
        )
        for number, name in enumerate(config.networks)
    ]
    if "reformer" in config.networks and "transformer" in config.networks:
        gap = concatenate([each["reformer-transformer"][words : words + 1] for each in found])
        statement = "Reformers and transformers are equally accurate"
        claims.append(Claim("reformer-transformer", statement, 0.0, over_lengths(gap), "literature", SOURCE, 0.05))
    if "reformer" in config.networks and "feed-forward" in config.networks:
        gap = concatenate([each["reformer-feed-forward"][words : words + 1] for each in found])
        gap = over_lengths(gap)
        statement = f"A Reformer is at least as accurate as a feed-forward network: by {gap}"
        claims.append(Claim("attention-wins", statement, 0.0, shortfall(gap, 0.0), "literature", SOURCE, 0.05))
    for name, place in (("words", words), ("letters", letters)):
        best = accuracy[:, len(config.networks) - 1, place]
        # A test set that is labeled without a mistake has no error bar at all.
        floor = Estimate(best.value, np.maximum(best.error, 1 / config.tests), best.draws, best.dof)
        slope = fit_line(np.log(np.array(config.letters, float)), floor).slope
        statement = f"At the {TITLES[name]} a {config.networks[-1]} gains accuracy with N; loss per factor e"
        claims.append(Claim(f"rises-{name}", statement, 0.0, shortfall(slope, 0.0), "literature", SOURCE, 0.05))
    claims += [
        Claim(
            "no-more-than-counting",
            "On the prior's own words networks do no better than counting strands, writhe and letters",
            np.zeros(len(config.networks)),
            shortfall(-over_lengths(beyond[:, :, words]), 0.0),
            "conjecture",
            "netphysics",
            0.1,
        ),
        Claim(
            "matched-is-harder",
            "Where strands, writhe and letters are matched, networks do no better than where they are not",
            np.zeros(len(config.networks)),
            shortfall(over_lengths(stack([each["lost"] for each in found])[:, : len(config.networks)]), 0.0),
            "conjecture",
            "netphysics",
            0.1,
        ),
        Claim(
            "matched-hides-counts",
            "On matched examples counting is worth nothing: 50 %",
            np.full(len(found), 0.5),
            accuracy[:, -1, matched],
            "theory",
            "each unknot has a knot with the same letters",
            0.05,
        ),
    ]
    return claims


def figures(config, predicted, measured_results):
    yield accuracy_figure(
        config,
        measured_results,
        ("words", "matched"),
        "accuracy",
        "Networks that have not seen a word decide whether it closes to the unknot. The gray line is chance; "
        "“counting” is a regression on strands, writhe and the numbers of each letter. Where it does well, a network "
        "need not know any topology; on the right, unknots and knots have the same letters, and what is left above "
        "chance was learned from their order: from topology, or from how moves and shuffles look.",
    )
    yield accuracy_figure(
        config,
        measured_results,
        ("words", "letters"),
        "training-sets",
        "Accuracy against the length of words, with as many words for each N to learn from, and with as many letters.",
    )


def accuracy_figure(config, measured_results, sets, name, caption):
    """Accuracy against N: a panel for each kind of examples, a color for each decider."""
    plot, panels = figure(panels=len(sets))
    roles = (*sweep(len(config.networks)), "other")
    lengths = np.array(config.letters, float)
    rows = []
    for kind, axes in zip(sets, panels, strict=True):
        name_axes(axes, "letters $N$", "balanced accuracy", log="x", title=TITLES[kind])
        axes.sharey(panels[0])
        for number, (decider, role) in enumerate(zip((*config.networks, COUNTING), roles, strict=True)):
            points = stack(
                [measured_results[cell.name]["accuracy"][number, SETS.index(kind)] for cell in cells(config)]
            )
            measured(axes, 1.03 ** (number - 1.5) * lengths, points, role, decider)
            rows += [(TITLES[kind], decider, n, point) for n, point in zip(config.letters, points, strict=True)]
        axes.set_xlim(min(config.letters) / 1.15, max(config.letters) * 1.15)
        axes.set_xticks(config.letters, [str(letters) for letters in config.letters])
        axes.minorticks_off()
        axes.axhline(0.5, color=role_of("muted").light, linewidth=0.8, zorder=1)
        if kind == "words":
            literature(axes, lengths, np.full(len(lengths), PUBLISHED), "gaussian", "published")
    legend(panels[0], loc="lower right")
    return Figure(name, caption, plot, Table(("examples", "decider", "letters $N$", "balanced accuracy"), rows))


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
