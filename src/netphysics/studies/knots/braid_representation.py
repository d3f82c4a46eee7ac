"""Does a network that learns to tell knots from unknots find a representation of the braid group?

The network multiplies one learned matrix per letter and looks at the product through numbers that do not depend
on the basis. Nothing tells it of Artin's relations. If it finds matrices that obey them, it has found what
topology demands: a braid is no word, and the same braid has many words. On three strands a representation of size
two is, up to a factor, Burau's at some t, whose determinant is the Alexander polynomial at that t. A second set of
networks is paid for obeying the relations.

A representation is meant up to a factor for each letter, which a network is free to choose.

Words are uniformly random, among those whose closure is a knot, and half of them close to the unknot. A network
does not see words of other lengths or the polynomial.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, PRNGKeyArray, PyTree

from netphysics.blocks import Cell
from netphysics.knots.classifiers import (
    Examples,
    LetterMatrices,
    all_log_odds,
    balanced_accuracy,
    cross_entropy,
    nearest_burau,
    relation_residual,
    rescaled,
)
from netphysics.knots.priors import is_knotted, uniform_knot
from netphysics.lab import Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.report import Figure, Table, draw_measured, figure, legend, name_axes, role_of
from netphysics.stats import Claim, Estimate, Numbers, Tally, histogram_sums, stack
from netphysics.train import Training, make_train

CELLS = {"free": 0.0, "paid": 1.0}
TITLES = {"free": "no word of relations", "paid": "paid for obeying relations"}
ROLES = {"free": "gaussian", "paid": "orthogonal"}
# A network has found a representation when it breaks relations by less than a hundredth of a product's square.
FOUND = 1e-2
EXPERT = 0.99
ACCURACIES = np.linspace(0.5, 1.0, 21)
RESIDUALS = np.linspace(-8.0, 1.0, 19)


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the braid representation."""

    strands: int = option(3, least=3)
    """Strands of all words, from 3 on, where braids have relations; matrices have one row less."""
    letters: int = option(10, least=4)
    """Letters of all words."""
    words: int = option(2048, least=64, multiple=2)
    """Words to learn from."""
    tests: int = option(1024, least=64, multiple=2)
    """Words to be tested on."""
    steps: int = option(12_000, least=1)
    """Training steps of 64 words."""
    rate: float = option(1e-2, above=0)
    """Learning rate at the beginning; it falls to zero like a cosine."""
    draws: int = budget(64)
    """Networks in each set, which differ in their initial weights and the order of examples."""
    block_size: int = 4
    """Networks in one program."""

    presets: ClassVar = {
        "quick": {"steps": 6000, "words": 1024, "tests": 512, "draws": 48},
        "paper": {"steps": 40_000, "draws": 256},
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.letters < self.strands + 1 or (self.letters - self.strands) % 2 == 0:
            raise ValueError(
                f"letters is {self.letters}; a knot on {self.strands} strands needs {self.strands + 1}, "
                f"{self.strands + 3}, ... of them"
            )


@functools.lru_cache(maxsize=2)
def examples(config: Config) -> tuple[Examples, Examples]:
    """The words that all networks learn from, and those that all are tested on."""
    generator = np.random.default_rng(config.seed)
    half = (config.words + config.tests) // 2
    found: dict[bool, list] = {False: [], True: []}
    while min(map(len, found.values())) < half:
        braid = uniform_knot(config.strands, config.letters, generator=generator)
        found[is_knotted(braid)].append(braid.letters)
    words = np.stack([np.array(found[knotted][:half], np.int8) for knotted in (False, True)], axis=1)
    words = words.reshape(2 * half, config.letters)
    knotted = np.tile(np.array([0, 1], np.float32), half)
    learn, test = slice(config.words), slice(config.words, None)
    return Examples(words[learn], knotted[learn]), Examples(words[test], knotted[test])


@functools.lru_cache(maxsize=2)
def trainer(config: Config) -> Callable[..., Training]:
    def init(price: Array, *, key: PRNGKeyArray) -> LetterMatrices:
        return LetterMatrices(config.strands, config.strands - 1, key=key)

    def loss(model: LetterMatrices, price: Array, data: PyTree, *, key: PRNGKeyArray) -> Array:
        return cross_entropy(model, data, 64, key=key) + price * relation_residual(model.generators)

    schedule = optax.cosine_decay_schedule(config.rate, config.steps)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(schedule))
    return make_train(init, loss, optimizer, steps=config.steps, chunk=config.steps)


def cells(config: Config) -> list[Cell]:
    return [Cell(name, {"price": price}) for name, price in CELLS.items()]


def predict(config: Config) -> Results:
    """A representation has no residual, and on three strands it is Burau's up to a factor."""
    return {name: {"residual": Estimate.exact(0.0), "distance": Estimate.exact(0.0)} for name in CELLS}


def measure(config: Config, cell: Cell) -> Experiment:
    learn, test = examples(config)
    train = trainer(config)
    residuals = eqx.filter_jit(jax.vmap(relation_residual))

    def experiment(keys: Array) -> dict[str, Numbers]:
        prices = jnp.full(len(keys), cell["price"], jnp.float32)
        models = train(keys, prices, (learn.words, learn.knotted)).models
        words = jnp.broadcast_to(test.words, (len(keys), *test.words.shape))
        right = balanced_accuracy(np.asarray(all_log_odds(models, words, keys[0], 0)), test.knotted)
        generators = np.stack([rescaled(each) for each in np.asarray(models.generators)])
        residual = np.asarray(residuals(jnp.asarray(generators, jnp.float32)), np.float64)
        distance = np.array([nearest_burau(each)[0] for each in generators])
        found = ((residual < FOUND) & (right > EXPERT)).astype(np.float64)
        expert = (right > EXPERT).astype(np.float64)
        at = histogram_sums(right[:, None], ACCURACIES)[:, :, None]
        at = at * histogram_sums(np.log10(residual + 1e-12)[:, None], RESIDUALS)[:, None, :]
        return {
            "accuracy": right.sum(),
            "found": found.sum(),
            "expert": expert.sum(),
            "residual": (found * residual).sum(),
            "distance": (found * distance).sum(),
            "histogram": at.sum(axis=0),
        }

    return experiment


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, Numbers]:
    found = max(float(tally.mean("found")), 1e-12)
    return {
        "accuracy": tally.mean("accuracy"),
        "found": tally.mean("found"),
        "expert": tally.mean("expert"),
        "unlawful": tally.mean("expert") - tally.mean("found"),
        "residual": tally.mean("residual") / found,
        "distance": tally.mean("distance") / found,
        "histogram": tally.mean("histogram"),
    }


def compare(config: Config, predicted: Results, measured: Results) -> list[Claim]:
    free, paid = (measured[name] for name in CELLS)
    networks = free["found"].draws
    found, found_paid, experts = (
        round(float(share.value) * networks) for share in (free["found"], paid["found"], free["expert"])
    )
    claims = [
        Claim.fraction(
            "unasked",
            "At least one network in ten finds a representation of the braid group unasked",
            0.1,
            found,
            networks,
            "conjecture",
            "netphysics",
        ),
        Claim.at_least(
            "paid",
            "Networks that are paid for obeying the relations find one at least as often; by how much more often",
            0.0,
            Estimate.fraction(found_paid, networks) - Estimate.fraction(found, networks),
            "conjecture",
            "netphysics",
        ),
    ]
    if experts:
        claims.append(
            Claim.fraction(
                "lawful",
                f"Nine in ten networks that are right on more than {EXPERT:.0%} of new words obey the relations",
                0.9,
                found,
                experts,
                "conjecture",
                "netphysics",
            )
        )
    for name, quantities in measured.items():
        if not quantities["found"].value > 0:
            continue
        # Traces move by about the root of the residual that is left.
        claims.append(
            Claim.at_most(
                f"burau-{name}",
                f"What is found ({TITLES[name]}) is Burau's representation, up to basis and factor: distance of traces",
                2 * np.sqrt(FOUND),
                quantities["distance"],
                "theory" if config.strands == 3 else "conjecture",
                "irreducible representations of size two of the braid group on three strands",
            )
        )
    return claims


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    plot, panels = figure(panels=len(CELLS))
    rows = []
    for axes, name in zip(panels, CELLS, strict=True):
        title = f"{TITLES[name]}: {measured[name]['found']} find one"
        name_axes(axes, "balanced accuracy on new words", r"$\log_{10}$ residual of the relations", title=title)
        axes.sharey(panels[0])
        share = measured[name]["histogram"].value
        middle = [(edges[1:] + edges[:-1]) / 2 for edges in (ACCURACIES, RESIDUALS)]
        i, j = np.nonzero(share > 1e-9)
        axes.scatter(
            middle[0][i], middle[1][j], s=900 * share[i, j], color=role_of(ROLES[name]).light, alpha=0.7, linewidth=0
        )
        axes.axhline(np.log10(FOUND), color=role_of("muted").light, linewidth=0.8, dashes=(5, 4))
        axes.set(xlim=(0.48, 1.02), ylim=(RESIDUALS[0] - 0.5, RESIDUALS[-1]))
        rows += [(TITLES[name], middle[0][a], middle[1][b], share[a, b]) for a, b in zip(i, j, strict=True)]
    yield Figure(
        "networks",
        "Each disk is a share of the networks, by how well they tell knots from unknots and by how far their "
        "matrices are from obeying Artin's relations. Below the dashed line at the right are those that have found a "
        "representation of the braid group.",
        plot,
        Table(("set", "accuracy (bin)", "$\\log_{10}$ residual (bin)", "share of networks"), rows),
    )
    plot, (axes,) = figure()
    name_axes(axes, "", "share of networks")
    quantities = {"expert": f"more than {EXPERT:.0%} right", "found": "and a representation"}
    shares: list[tuple[str, str, Estimate]] = []
    for shift, name in zip((-0.08, 0.08), CELLS, strict=True):
        for place, (quantity, label) in enumerate(quantities.items()):
            point = measured[name][quantity]
            draw_measured(
                axes, np.array([place + shift]), stack([point]), ROLES[name], TITLES[name] if place == 0 else ""
            )
            shares.append((TITLES[name], label, point))
        shares.append((TITLES[name], "residual of those", measured[name]["residual"]))
        shares.append((TITLES[name], "distance to Burau of those", measured[name]["distance"]))
    axes.set(xlim=(-0.5, 1.5), ylim=(0, 1))
    axes.set_xticks(range(len(quantities)), list(quantities.values()))
    legend(axes)
    yield Figure(
        "shares",
        f"How many networks learn to decide, and how many of them by a representation of the braid group on "
        f"{config.strands} strands.",
        plot,
        Table(("set", "quantity", "value"), shares),
    )


study = Study.from_module(
    __name__,
    question="Does a network that learns to tell knots from unknots find a representation of the braid group?",
    headline="found",
    equations=(
        Equation(
            r"P = M_{i_1} M_{i_2} \cdots M_{i_N}",
            "the word as a product of learned matrices",
            (
                ("P", "product over the word"),
                ("M_i", "learned matrix of letter $i$"),
                ("i_1, i_N", "first and last of the $N$ letters"),
            ),
        ),
        Equation(
            r"x = \frac{\det(1 - P)}{\sqrt{|\det P|}}, \qquad y = \frac{\mathrm{tr}\, P}{\sqrt{|\det P|}}",
            "what the decision is made from; for Burau's matrices x is the Alexander polynomial at t, up to a constant",
            (("x, y", "what the network sees of the product"),),
        ),
        Equation(r"M_i M_{i+1} M_i = M_{i+1} M_i M_{i+1}", "the relation that makes words braids"),
    ),
    cites=("Gukov2021",),
)
