"""Knot or not? The game for children of "Learning to Unknot", with a proof behind every answer.

Gukov, Halverson, Ruehle and Sulkowski (2010.16263) open with drawings of 5 to 30 crossings: which are knotted?
Here are new ones. Each unknot was tied from a circle by moves that a checker replays; each knot has an
Alexander or Jones polynomial that no unknot has. From nine crossings on the game is fair: every knot is made of
the letters of an unknot in another order, so that neither strands, nor signs, nor how often a letter occurs give
it away. Solutions are folded away under each figure.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from netphysics.knots.braids import Braid, Certificate, Diagram, check, draw_diagram, proves_unknot, untangle
from netphysics.knots.invariants import identify, is_unknot
from netphysics.knots.priors import Prior, is_knotted, matched_knots, random_unknots, uniform_knot, unknot_certificate
from netphysics.lab import Equation, Results, Study, StudyConfig, option
from netphysics.report import Drawing, Figure, Table
from netphysics.stats import Claim, Estimate

TALK = "arXiv:2010.16263, figures 14 to 16"
# Shorter words of the priors are few; they are drawn from all words instead.
SHORTEST = 9
# Words that are tried before one comes twice: there are few of three letters.
PATIENCE = 100


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the game."""

    crossings: tuple[int, ...] = option((5, 10, 15, 20, 25, 30), between=(3, 40))
    """Numbers of crossings, a figure for each."""
    drawings: int = option(12, between=(1, 40))
    """Drawings in a figure."""

    presets: ClassVar = {"quick": {"crossings": (5, 10, 15)}, "paper": {}}


@dataclass(frozen=True)
class Riddle:
    """One drawing and its solution: a certificate for the unknot, None for a knot."""

    braid: Braid
    certificate: Certificate | None

    @property
    def answer(self) -> str:
        return "knot" if self.certificate is None else "unknot"

    @property
    def name(self) -> str:
        if self.certificate is not None:
            return f"{len(self.certificate.moves)} moves"
        found = identify(self.braid)
        return "beyond nine crossings" if found is None else found.name if len(self.braid) <= 9 else f"{found.name}?"


@functools.lru_cache(maxsize=4)
def game(config: Config) -> dict[int, list[Riddle]]:
    """The riddles of each figure."""
    found = {}
    for crossings in dict.fromkeys(config.crossings):
        generator = np.random.default_rng((config.seed, crossings))
        knotted = generator.random(config.drawings) < 0.5
        make = short_riddles if crossings < SHORTEST else fair_riddles
        found[crossings] = make(crossings, knotted, generator)
    return found


def short_riddles(crossings: int, knotted: np.ndarray, generator: np.random.Generator) -> list[Riddle]:
    """Riddles from uniformly random words on few strands, all different as far as there are enough."""
    riddles: list[Riddle] = []
    choices = [strands for strands in (2, 3, 4) if (crossings - strands) % 2 and strands <= crossings]
    for wanted in knotted:
        for attempt in itertools.count():
            braid = uniform_knot(int(generator.choice(choices)), crossings, generator=generator)
            if attempt < PATIENCE and any(riddle.braid == braid for riddle in riddles):
                continue
            if is_unknot(braid).answer != ("no" if wanted else "yes"):
                continue
            certificate = None if wanted else untangle(braid)
            if certificate is None or proves_unknot(certificate):
                riddles.append(Riddle(braid, certificate))
                break
    return riddles


def fair_riddles(crossings: int, knotted: np.ndarray, generator: np.random.Generator) -> list[Riddle]:
    """Riddles from the priors: an unknot, or its letters in another order."""
    prior = Prior(crossings)
    riddles: list[Riddle] = []
    while len(riddles) < len(knotted):
        seeds = generator.integers(0, 2**63, len(knotted)).astype(np.uint64)
        unknots, knots = matched_knots(random_unknots(prior, seeds))
        for number in range(len(unknots)):
            if len(riddles) < len(knotted):
                if knotted[len(riddles)]:
                    riddles.append(Riddle(knots.braid(number), None))
                else:
                    certificate = unknot_certificate(prior, int(unknots.seeds[number]))
                    riddles.append(Riddle(unknots.braid(number), certificate))
    return riddles


def predict(config: Config) -> Results:
    riddles = [riddle for row in game(config).values() for riddle in row]
    unknots = [riddle for riddle in riddles if riddle.certificate is not None]
    knots = [riddle for riddle in riddles if riddle.certificate is None]
    return {
        "game": {
            "unknots": Estimate.exact(len(unknots)),
            "replayed": Estimate.exact(sum(map(replays, unknots))),
            "knots": Estimate.exact(len(knots)),
            "shown": Estimate.exact(sum(is_knotted(riddle.braid) for riddle in knots)),
        }
    }


def replays(riddle: Riddle) -> bool:
    """Whether there are moves, the checker follows them, and they join the drawn word and a circle."""
    certificate = riddle.certificate
    if certificate is None:
        return False
    check(certificate)
    return proves_unknot(certificate) and riddle.braid.letters in (certificate.start, certificate.end)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = {name: int(number.value) for name, number in predicted["game"].items()}
    words = "Every unknot of the game is one: its moves are replayed from a circle to the drawing, or back"
    yield Claim.count("unknots", words, found["unknots"], found["replayed"], "theory", "Markov's theorem; certificates")
    words = "Every knot of the game is one: its Alexander or its Jones polynomial is not 1"
    yield Claim.count("knots", words, found["knots"], found["shown"], "theory", "invariants of knots")


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    for crossings, riddles in game(config).items():
        closures = [Diagram.of_braid(riddle.braid) for riddle in riddles]
        drawings = [Drawing(draw_diagram(closure), (str(k),)) for k, closure in enumerate(closures, 1)]
        rows = [
            (k, riddle.answer, riddle.name, str(riddle.braid), len(closure))
            for k, (riddle, closure) in enumerate(zip(riddles, closures, strict=True), 1)
        ]
        fair = crossings >= SHORTEST
        yield Figure(
            f"crossings-{crossings}",
            f"Knot or not? {crossings} crossings each. "
            + ("Knots have the letters of an unknot in another order. " if fair else "")
            + "The solutions are folded away below.",
            drawings,
            Table(("drawing", "solution", "which", "braid word", "crossings"), rows),
        )


study = Study.from_module(
    __name__,
    question="Knot or not?",
    equations=(
        Equation(
            r"\sigma_i \sigma_j = \sigma_j \sigma_i \; (|i - j| > 1), \quad"
            r" \sigma_i \sigma_{i+1} \sigma_i = \sigma_{i+1} \sigma_i \sigma_{i+1}",
            "words that are the same braid",
            ((r"\sigma_i, \sigma_j", "crossings of the neighboring strands $i, i+1$ and $j, j+1$"),),
        ),
        Equation(
            r"w \sim \sigma_i^{\pm 1} w \sigma_i^{\mp 1}, \quad w \sim w \sigma_n^{\pm 1} \; (w \in B_n)",
            "braids with the same closure: Markov's moves",
            (
                ("w", "a braid word"),
                ("B_n", "braids on $n$ strands"),
            ),
        ),
    ),
    cites=("Gukov2021",),
)
