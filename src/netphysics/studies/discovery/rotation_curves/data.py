"""Measured rotation curves: what networks of simulated worlds, and networks trained on them, make of them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from netphysics.blocks import Cell, digest
from netphysics.discovery import Columns, Dataset, Schedule, Sweep, TableSweep, dataset, make_table_sweep
from netphysics.discovery.data.row_errors import number_by_trainings
from netphysics.discovery.probe import activities, needed
from netphysics.discovery.worlds import Sample
from netphysics.discovery.worlds.galaxy_table import (
    LEAST_INCLINATION,
    Orientation,
    find_galaxy_table,
    read_galaxy_table,
)
from netphysics.discovery.worlds.sparc import SUFFIX, read_curves, seen_and_asked
from netphysics.lab import Results
from netphysics.lab.study import Experiment
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers

from ..sweep_figures import error_figure
from ..sweeps import SHARE, in_words, over_seeds, trainings
from .options import Config

DATA = Cell("measured")


def measured_galaxies(config: Config) -> tuple[Sample, float, list[str]]:
    """Observations and questions of the folder that the options name, the error of a velocity, names of galaxies.

    Raises:
        ValueError: for a folder that cannot be used, or one that is not what it was when the run began.
    """
    now = fingerprint(Path(config.sparc))
    if config.fingerprint not in ("", now):
        raise ValueError(f"--sparc is {config.sparc}, which is not what it was when the run began; restore the files")
    return _read(config.sparc, now, config.disc_ratio, config.bulge_ratio)


@functools.lru_cache(maxsize=2)
def _read(folder: str, fingerprint: str, disc_ratio: float, bulge_ratio: float) -> tuple[Sample, float, list[str]]:
    curves, known = read_curves(folder), orientations(folder)
    trusted = [curve for curve in curves if not known or (curve.name in known and known[curve.name].usable)]
    if not trusted:
        raise ValueError(
            f"--sparc is {folder}; the galaxy table lists none of its {len(curves)} galaxies at "
            f"{LEAST_INCLINATION:g} degrees or more and with a curve of quality 1 or 2"
        )
    return seen_and_asked(trusted, disc_ratio, bulge_ratio)


def orientations(folder: str) -> dict[str, Orientation]:
    """How galaxies lie in the sky, by the table in the folder or beside it; empty without a table."""
    table = find_galaxy_table(Path(folder))
    return {} if table is None else read_galaxy_table(table)


def fingerprint(folder: Path) -> str:
    """What tells one content of a folder, and of the galaxy table, from another."""
    table = find_galaxy_table(folder)
    paths = [*sorted(folder.glob(f"*{SUFFIX}")), *([] if table is None else [table])]
    return digest({path.name: np.fromfile(path, np.uint8) for path in paths}).tobytes().hex()[:16]


def data_table(sample: Sample, error: float, latents: int, seed: int) -> Dataset:
    """Measured galaxies as a table, one row for each question, that keeps a galaxy on one side of the split.

    Args:
        error: the relative error of a velocity whose weight is the mean one.

    Raises:
        ValueError: for fewer than two galaxies, or fewer than 50 questions per latent.
    """
    assert sample.weights is not None, "measured velocities have errors"
    galaxy, place = np.nonzero(sample.weights[..., 0])
    columns = {f"o{i}": column for i, column in enumerate(sample.observation[galaxy].T.astype(np.float64))}
    columns |= {f"q{i}": column for i, column in enumerate(sample.questions[galaxy, place].T.astype(np.float64))}
    columns["answer"] = sample.answers[galaxy, place, 0].astype(np.float64)
    weights = sample.weights[galaxy, place, 0].astype(np.float64)
    columns["error"] = error * np.sqrt(weights.mean() / weights)
    columns["galaxy"] = galaxy
    return dataset(columns, Columns(("o*",), ("q*",), ("answer",), group="galaxy", errors=("error",)), latents, seed)


def asked_about_data(config: Config, found: Sweep, key: PRNGKeyArray) -> Array:
    """The weighted error of networks that know one simulated world when they are asked about measured galaxies."""
    sample = jax.tree.map(jnp.asarray, measured_galaxies(config)[0])
    return activities(found.found.polished.models, found.found.mask, sample, key=key).error


def trained_on_data(config: Config) -> Experiment:
    """A sweep that is trained on four fifths of the measured galaxies and looked at with the rest."""
    sample, error, _ = measured_galaxies(config)
    data = data_table(sample, error, max(config.latents), config.seed)
    # Shares of what latents explain; never stronger than the errors of the velocities ask for.
    schedule = Schedule(config.steps, 0.05, 0.0025)
    sweep_of = make_table_sweep(data, config.latents, schedule, config.layers)
    unit = data.scales.spread["answer"]
    assert data.error is not None, "measured velocities have errors"
    accuracies = np.array([unit * data.error])

    def look(found: TableSweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        assert found.test.weights is not None, "measured velocities have errors"
        errors, squares = unit * found.errors / np.sqrt(np.mean(found.test.weights)), unit**2 * found.validated.squares
        number = needed(config.latents, errors, accuracies)[0]
        return {
            "data": errors,
            "needed": np.arange(max(config.latents) + 1) == number,
            "squares": squares,
            "products": np.outer(squares, squares),
            "galaxies": unit**4 * found.validated.covariance,
        }

    return over_seeds(config, sweep_of, look)


def data_claim(config: Config, found: Mapping[str, Estimate], predicted: Mapping[str, Estimate]) -> Iterator[Claim]:
    """How many hidden numbers measured galaxies need, as far as choosing galaxies and trainings lets it be said.

    The galaxies that networks are validated with are others in each training.
    """
    error, trained = float(predicted["error"].value), trainings(found)[1]
    if not trained:
        return
    squares, products, galaxies = (found[name].value for name in ("squares", "products", "galaxies"))
    number = number_by_trainings(config.latents, squares, products, galaxies, trained, enough=error**2)
    hits = round(float(found["needed"].value[number.fewest : number.most + 1].sum()) * trained)
    statement = (
        f"Measured galaxies that were held out need {in_words(number, 'hidden number')} at the errors of their "
        f"velocities, {error:.2g}: {hits} of {trained} trainings"
    )
    yield Claim.fraction("numbers-measured", statement, SHARE, hits, trained, "conjecture", "netphysics")


def about_inclinations(config: Config, galaxies: Sequence[str]) -> str:
    """What is known of the inclinations of measured galaxies."""
    known = orientations(config.sparc)
    if not known:
        return (
            "No galaxy table was found in the folder or beside it: galaxies seen nearly face-on and curves of low "
            "quality could not be left out, and errors of inclinations are unknown."
        )
    error = np.median([known[name].velocity_error for name in galaxies])
    return (
        f"By the galaxy table, galaxies within {LEAST_INCLINATION:g} degrees of face-on and curves of quality 3 are "
        f"left out; inclinations of the others leave an error of {error:.2g} (median), the same for all velocities of "
        "a galaxy."
    )


def data_figure(config: Config, labels: Mapping[str, str], predicted: Results, measured: Results) -> Figure:
    """Networks of all worlds, and those trained on other galaxies, asked about measured ones."""
    sample, _, galaxies = measured_galaxies(config)
    assert sample.weights is not None, "measured velocities have errors"
    errors = {f"trained on {labels[law]}": measured[law]["data"] for law in config.worlds}
    caption = (
        f"{len(galaxies)} measured galaxies, {int((sample.weights > 0).sum())} velocities, weighted by their errors: "
        "networks that know one simulated world only, and networks that were trained on other measured galaxies. "
        f"Error bars are those of trainings, not of the choice of galaxies. {about_inclinations(config, galaxies)} "
        "Distances, inclinations and ratios of mass to light are not exactly known and pass for a hidden number: this "
        "says how many numbers help at these errors, not which law holds."
    )
    found = error_figure(
        config.latents,
        {**errors, "trained on other galaxies": measured[DATA.name]["data"]},
        {"errors of the velocities": float(predicted[DATA.name]["error"].value)},
        caption,
        unit="of the velocity",
    )
    return dataclasses.replace(found, name="measured")
