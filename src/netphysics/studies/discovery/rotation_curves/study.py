"""How many hidden numbers does a galaxy need beyond the matter that is seen?

Galaxies rotate faster than their visible matter explains. Krenn (Physics 13, 2) asks what SciNet would make of that:
dark matter, another law of gravity, or something else? Here it is asked in simulated worlds, where the answer is
known. A network sees the rotation curve of a galaxy and what its stars and gas alone would give, keeps a few latent
numbers, and is asked for the velocity at other radii, visible matter given. If gravity itself is different (the radial
acceleration relation), visible matter is all there is to know: no latent number is needed. A dark halo adds its own
numbers: one if its concentration follows from its mass, two if not.

How many are needed depends on how precisely velocities are known, so that is on the axis of the second figure. With
`--sparc FOLDER` the same networks are asked about measured curves, and others are trained on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell
from netphysics.discovery import SciNetSizes, Sweep, make_sweep
from netphysics.discovery.probe import explained_table, name_neurons, needed, spans
from netphysics.discovery.worlds.galaxies import POINTS
from netphysics.lab import Equation, Results, Study
from netphysics.lab.study import Experiment
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers

from ..sweep_figures import error_figure
from ..sweeps import active_claim, fraction_claims, largest, over_seeds, seed_means, sweep_coordinates
from .data import (
    DATA,
    asked_about_data,
    data_claim,
    data_figure,
    data_table,
    fingerprint,
    measured_galaxies,
    trained_on_data,
)
from .examples import MASSES, answer, examples, lines, radii, velocities, visible
from .figures import accuracy_figure, example_figure, held_figure, neuron_figure, numbers_figure
from .options import Config

OURS = "netphysics; no published reference"
SEEN = {
    "rar": "modified gravity (RAR)",
    "nfw-relation": "NFW halo, c(M)",
    "nfw-scatter": "NFW halo, c(M) with scatter",
    "nfw": "NFW halo, c free",
    "core": "halo with a core",
}
# Galaxies per step.
SYSTEMS = 64
# Accuracies of velocities at which the numbers that are needed are counted.
ACCURACIES = np.geomspace(0.005, 0.32, 19)


def resolve(config: Config) -> Config:
    """The options with the digest of the folder of measured curves, if there is one.

    Raises:
        ValueError: for a folder that cannot be used, or one that is not what it was when the run began.
    """
    if not config.sparc:
        return config
    sample, error, _ = measured_galaxies(config)
    data_table(sample, error, max(config.latents), config.seed)
    return replace(config, fingerprint=fingerprint(Path(config.sparc)))


def cells(config: Config) -> list[Cell]:
    return [Cell(law) for law in config.worlds] + [DATA] * bool(config.sparc)


def predict(config: Config) -> Results:
    """The numbers that the equations of each world have, and its rotation curves."""
    found: dict[str, dict[str, Estimate]] = {}
    for law in config.worlds:
        galaxies = config.galaxies(law)
        found[law] = {
            "numbers": Estimate.exact(galaxies.dimension()),
            "curves": Estimate.exact(np.stack([velocities(each) for each in examples(galaxies)])),
        }
    if config.sparc:
        _, error, _ = measured_galaxies(config)
        found[DATA.name] = {"error": Estimate.exact(error)}
    return found


def measure(config: Config, cell: Cell) -> Experiment:
    if cell == DATA:
        return trained_on_data(config)
    galaxies = config.galaxies(cell.name)
    world = galaxies.world
    shape = SciNetSizes(2 + 3 * POINTS, 3, 1, max(config.latents), config.layers, config.layers)
    sweep_of = make_sweep(world, shape, config.latents, config.schedule, systems=SYSTEMS)
    numbers, shown = galaxies.dimension(), examples(galaxies)

    def look(found: Sweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        member = config.latents.index(numbers) if numbers in config.latents else largest(config)
        columns, means = world.table(found.test.variables), found.means(member)
        told = name_neurons(means, found.information(member), columns)
        active = [name.verdict != "dead" for name in told]
        table = explained_table(means, list(columns.values())) * np.array(active)[:, None]
        count = needed(config.latents, found.errors, np.array([config.accuracy, *ACCURACIES]))
        return {
            "needed": count[0],
            "right": count[0] == numbers,
            "needed_at": count[1:],
            "held": table.max(axis=0),
            "other": [any(n.name == label for n in told) for label in columns],
            "named": [any(n.verdict == "named" and n.name == label for n in told) for label in columns],
            "together": known(means[:, active], columns),
            "curves": [
                [velocities(each, answer(found.model(i), each)) for each in shown] for i in range(len(config.latents))
            ],
            "lines": lines(galaxies, found.model(member), means, columns, numbers),
            **({"data": asked_about_data(config, found, key)} if config.sparc else {}),
        }

    return over_seeds(config, sweep_of, look)


def known(neurons: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """The share of each candidate that the neurons together explain."""
    if not neurons.shape[1]:
        return np.zeros(len(columns))
    return spans(neurons, np.stack(list(columns.values()), axis=1)).columns


def candidate_names(config: Config, law: str) -> tuple[str, ...]:
    world = config.galaxies(law).world
    return (*world.variables, *world.candidates)


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    for law in config.worlds:
        found, number = measured[law], int(predicted[law]["numbers"].value)
        if number in config.latents and max(config.latents) >= number:
            statement = (
                f"{SEEN[law]}: velocities to {config.accuracy:.2g} take exactly {number} hidden numbers, as many as "
                "the equations have"
            )
            numbers = {**found, "numbers": found["right"]}
            yield from fraction_claims(numbers, {"numbers": statement}, "conjecture", OURS, f"-{law}")
        if max(config.latents) > number:
            statement = f"{SEEN[law]}: offered {max(config.latents)} neurons, a network uses {number}"
            yield from active_claim(f"active-{law}", found, number, statement, "conjecture", OURS)
    if config.sparc:
        yield from data_claim(config, measured[DATA.name], predicted[DATA.name])


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    labels: dict[str, str] = {law: SEEN[law] for law in config.worlds}
    yield error_figure(
        config.latents,
        {label: measured[law]["error"] for law, label in labels.items()},
        {},
        "The error of velocities with K latent numbers, on fresh galaxies; visible matter is given. Under modified "
        "gravity there is nothing else to know, so the error is as small without latents as with them.",
        unit="of the velocity",
    )
    needed_at = {label: measured[law]["needed_at"] for law, label in labels.items()}
    yield accuracy_figure(ACCURACIES, needed_at, config.accuracy)
    if config.sparc:
        yield data_figure(config, SEEN, predicted, measured)
    yield numbers_figure(labels, predicted, measured, max(config.latents), config.accuracy)
    for law, label in labels.items():
        found, number = measured[law], int(predicted[law]["numbers"].value)
        if number > 1 and {number - 1, number} <= set(config.latents):
            shown = examples(config.galaxies(law))[0]
            curves = {k: found["curves"][config.latents.index(k)] for k in (number - 1, number)}
            yield example_figure(law, label, radii(shown), visible(shown), predicted[law]["curves"].value, curves)
        if law != "rar":
            yield held_figure(law, label, candidate_names(config, law), found)
            if found["lines"].value.size:
                yield neuron_figure(law, label, MASSES, found["lines"])


reduce = seed_means
coordinates = sweep_coordinates
study = Study.from_module(
    __name__,
    question="How many hidden numbers does a galaxy need beyond the matter that is seen?",
    equations=(
        Equation(
            r"v_d^2 = 4 \pi G \Sigma_0 R_d\, y^2 \left[I_0(y) K_0(y) - I_1(y) K_1(y)\right]",
            "a disc of stars or gas; $y = r / 2 R_d$",
            (
                ("v_d", "rotation velocity of a disc by itself"),
                ("G", "Newton's constant"),
                (r"\Sigma_0, R_d", "central surface density and scale length of the disc"),
                ("y", "$r / 2 R_d$ at the radius $r$"),
                ("I_0, I_1, K_0, K_1", "modified Bessel functions"),
            ),
        ),
        Equation(
            r"g = \frac{g_b}{1 - e^{-\sqrt{g_b / g_\dagger}}}",
            "modified gravity, the same in all galaxies",
            (
                ("g, g_b", "acceleration, and that of visible matter by Newton's law"),
                (r"g_\dagger", "the scale of acceleration below which they differ"),
            ),
        ),
        Equation(
            r"v^2 = v_b^2 + V_{200}^2 \frac{R_{200}}{r} \frac{m(r / r_s)}{m(c)}",
            "a halo; $m(x) = \\ln(1 + x) - x / (1 + x)$ for NFW, $x - \\arctan x$ for a core",
            (
                ("v, v_b", "rotation velocity, and that of visible matter"),
                ("V_{200}, R_{200}", "velocity and radius where the halo is 200 times as dense as the universe"),
                ("r_s, c", "scale radius of the halo, and its concentration $R_{200} / r_s$"),
                ("m(x)", "mass within $x$ scale radii"),
            ),
        ),
        Equation(
            r"a = \ln(v / v_b)",
            "what is asked: its error is the relative error of the velocity",
            (("a", "the answer"),),
        ),
    ),
    cites=("Krenn2020", "Iten2020", "McGaugh2016", "Navarro1997", "Dutton2014", "Freeman1970", "Lelli2016"),
)
