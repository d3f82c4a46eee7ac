"""Is Lorentz-invariant phase space a sphere, or a simplex times a sphere?

Energy is a norm of the relative momenta of n massless particles in D dimensions of space, and phase space its unit
sphere: a topological sphere of dimension D(n-1) - 1. Persistent homology sees it for the first steps of this ladder.
Larkoski and Melia (arXiv:2008.06508) write phase space as a simplex times a sphere. As a measure it is that exactly;
as a space it is not: for two particles the product is a cylinder, and has a loop where phase space has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.lab import Coordinates, Equation, Experiment, Results, Study, StudyConfig, budget, option
from netphysics.report import Figure, categories
from netphysics.stats import Claim, Estimate, Numbers
from netphysics.topology.homology import farthest_points, readings
from netphysics.topology.phase_space import (
    PhaseSpace,
    measured_volume,
    relative_basis,
    sample,
    simplex_and_sphere,
    volume,
)

THEOREM = "level sets of a norm; Batson et al., arXiv:2102.08380"
# Dimensions of space and particles of each step, and the landmarks that homology up to the sphere's degree allows.
LADDER = {"1d-n3": (1, 3, 200), "3d-n2": (3, 2, 120), "2d-n3": (2, 3, 80)}
PRODUCT, PRODUCT_LANDMARKS = "product-n2", 120
MASSES = {"massive-n2": (0.3, 0.2), "massive-n3": (0.2, 0.2, 0.2), "massive-n4": (0.1, 0.1, 0.2, 0.05)}
# Betti numbers b_1, b_2, b_3, as far as homology was asked.
MOST = 3


@dataclass(frozen=True)
class Config(StudyConfig):
    """Options of the sphere that phase space is."""

    points: int = option(3000, least=200)
    """Events of every cloud."""
    events: int = option(20_000, least=1000)
    """Events whose weights measure a volume."""
    draws: int = budget(8)
    """Clouds, and samples."""
    block_size: int = 1
    """Clouds of a block."""
    presets: ClassVar = {"quick": {"draws": 4, "points": 2000}, "paper": {"draws": 32, "events": 1_000_000}}


def cells(config: Config) -> list[Cell]:
    return [Cell(name) for name in (*LADDER, PRODUCT, *MASSES)]


def degree(name: str) -> int:
    """Dimension of the phase space of a step of the ladder."""
    dimensions, bodies, _ = LADDER[name]
    return dimensions * (bodies - 1) - 1


def predict(config: Config) -> Results:
    """Betti numbers of spheres and of a cylinder; volumes of phase space relative to that of massless particles."""
    betti = {name: np.eye(MOST)[degree(name) - 1] for name in LADDER}
    betti[PRODUCT] = np.eye(MOST)[0]
    return {name: {"betti": Estimate.exact(numbers)} for name, numbers in betti.items()} | {
        name: {"volume": Estimate.exact(volume(PhaseSpace(masses)))} for name, masses in MASSES.items()
    }


def coordinates(config: Config) -> Mapping[str, Coordinates]:
    return {"betti": {"degree": range(1, MOST + 1)}}


def measure(config: Config, cell: Cell) -> Experiment:
    if cell.name in MASSES:
        space = PhaseSpace(MASSES[cell.name])

        def volumes(keys: jax.Array) -> dict[str, Numbers]:
            found = [measured_volume(space, sample(space, config.events, key=key)).value for key in keys]
            return {"volume": np.sum(found)}

        return volumes

    def homology(keys: jax.Array) -> dict[str, Numbers]:
        betti, right = np.zeros(MOST), 0.0
        for key in keys:
            found = betti_numbers(cell.name, config.points, key)
            betti += found
            right += np.array_equal(found, predict(config)[cell.name]["betti"].value)
        return {"betti": betti, "right": right}

    return homology


def betti_numbers(name: str, points: int, key: jax.Array) -> np.ndarray:
    """b_1, b_2 and b_3 of a cloud of events, zero where they were not asked for."""
    if name == PRODUCT:
        cloud, landmarks, highest = cylinder(points, key), PRODUCT_LANDMARKS, 2
    else:
        dimensions, bodies, landmarks = LADDER[name]
        cloud, highest = norm_sphere(dimensions, bodies, points, key), degree(name)
    found = np.zeros(MOST)
    chosen = farthest_points(cloud, landmarks)
    weights = np.bincount(chosen.owner, minlength=landmarks).astype(np.float64)
    for place, reading in enumerate(readings(chosen.points, highest, weights)):
        found[place] = reading.betti
    return found


def norm_sphere(dimensions: int, bodies: int, points: int, key: jax.Array) -> np.ndarray:
    """Momenta of massless particles that add up to zero and whose energies add up to 1; shape (points, D n)."""
    relative = np.asarray(jax.random.normal(key, (points, bodies - 1, dimensions), np.float32), np.float64)
    momenta = np.einsum("kn,ekd->end", relative_basis(bodies), relative)
    momenta /= np.linalg.norm(momenta, axis=2).sum(axis=1)[:, None, None]
    return momenta.reshape(points, -1)


def cylinder(points: int, key: jax.Array) -> np.ndarray:
    """Larkoski and Melia's coordinates of events of two particles: fractions, and a direction orthogonal to them."""
    events = sample(PhaseSpace.massless(2), points, key=key).momenta.astype(np.float32)
    fractions, sphere = (np.asarray(part, np.float64) for part in jax.vmap(simplex_and_sphere)(jnp.asarray(events)))
    # The circle of two particles, by the angle of its components alone.
    angle = np.arctan2(sphere[:, 0, 1], sphere[:, 0, 0])
    return np.stack([2 * fractions[:, 0] - 1, np.cos(angle), np.sin(angle)], axis=1)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for name, (dimensions, bodies, _) in LADDER.items():
        statement = (
            f"Phase space of {bodies} particles in {dimensions} dimensions of space has the homology of a sphere of "
            f"dimension {degree(name)}"
        )
        yield share_claim(name, statement, measured[name]["right"], THEOREM)
    statement = "Simplex times sphere, for two particles, has the homology of a cylinder: a loop, and no void"
    yield share_claim(PRODUCT, statement, measured[PRODUCT]["right"], "definition of the product")
    for name in MASSES:
        yield Claim(
            name,
            f"Weights of massive events measure the volume of phase space ({name.removeprefix('massive-')})",
            predicted[name]["volume"],
            measured[name]["volume"],
            "theory",
            "Kleiss, Stirling and Ellis 1986; quadrature",
        )


def share_claim(name: str, statement: str, right: Estimate, source: str) -> Claim:
    """That most clouds have the right Betti numbers: a finite cloud may have noise beyond its floor."""
    hits = round(float(right.value) * right.draws)
    return Claim.fraction(f"betti-{name}", statement, 0.25, hits, right.draws, "theory", source)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    yield categories(
        "betti",
        "Betti numbers of clouds of events: loops, voids and their like in three dimensions. Each phase space has one "
        "class, in the dimension of its sphere; the product of simplex and sphere is a cylinder.",
        {
            words: {name: measured[name]["betti"][place] for name in (*LADDER, PRODUCT)}
            for place, words in enumerate(("$b_1$", "$b_2$", "$b_3$"))
        },
        y="Betti number",
        places="space",
        limits=(-0.2, 1.5),
    )
    ratios = {"volume": {name: measured[name]["volume"] / predicted[name]["volume"] for name in MASSES}}
    text = "Volumes of massive phase space, measured over exact."
    yield categories("volumes", text, ratios, y="measured / exact", places="masses", expected=1.0)


study = Study.from_module(
    __name__,
    question="Is Lorentz-invariant phase space a sphere, or a simplex times a sphere?",
    headline="betti",
    equations=(
        Equation(
            r"\{(p_i): \sum p_i = 0, \sum |p_i| = \sqrt s\} \cong S^{D(n-1)-1}",
            "a norm's unit sphere",
            (
                ("p_i", "momentum of particle $i$"),
                ("s", "squared total energy"),
                ("D", "dimensions of space"),
                ("n", "number of particles"),
                ("S^{D(n-1)-1}", "sphere of that dimension"),
            ),
        ),
        Equation(
            r"P_n = V_2(\mathbb C^n)/U(1)^n",
            "random frames up to phases; the measure is flat phase space",
            (
                ("P_n", "phase space in three dimensions of space"),
                (r"V_2(\mathbb C^n)", "pairs of orthonormal vectors with $n$ complex components"),
                ("U(1)", "phases"),
            ),
        ),
    ),
    cites=("Batson2021", "Larkoski2020", "Kleiss1986"),
)
