"""SciNet on a table of one's own: how many hidden numbers do the answers need, and which?

Each row has an observation, a question and an answer. Networks are offered 0, 1, 2, ... latent neurons; the error
on rows that were held out says how many are needed, and the neurons are compared with quantities that no network saw,
the candidates. Where the observations do not help with the answers, nothing is found, and that is said.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import jax
import numpy as np
from jaxtyping import PRNGKeyArray

from netphysics.blocks import Cell, digest
from netphysics.discovery import (
    Columns,
    Dataset,
    TableSweep,
    Windows,
    dataset,
    make_baselines,
    make_table_sweep,
    simple_errors,
)
from netphysics.discovery.data.outliers import far_off
from netphysics.discovery.data.row_errors import squared
from netphysics.discovery.data.windows import AHEAD
from netphysics.discovery.probe.symbolic import LONGEST
from netphysics.lab import Equation, Results, Study
from netphysics.lab.formulas import literal
from netphysics.lab.study import Experiment
from netphysics.report import Figure
from netphysics.stats import Claim, Estimate, Numbers, Tally
from netphysics.tables import Table, read_table

from ..sweep_figures import error_figure, information_figure, intervention_figure
from ..sweeps import fraction_claims, largest, over_seeds, seed_means, sweep_coordinates
from .figures import candidate_figure, formula_figure, number_figure
from .findings import NOT_BY_CHANCE, SPACE_FILLING, findings
from .meanings import COMPARED, meanings
from .networks import CELL, FOLLOWS, FORMULAS, MASK, WEIGHTS, flattened, scale_results
from .options import Config
from .remarks import shapes, table_results

OURS = "netphysics"
# What answers are off by, a sum over seeds: the mean over seeds is what their mean answer is off by.
RESIDUALS = "residuals"


def resolve(config: Config) -> Config:
    """The options with the names of columns in the place of patterns, and what only the table tells.

    Raises:
        ValueError: for a table that is missing or cannot be used, in one sentence.
    """
    if not config.data:
        raise ValueError("--data is missing; it names the table, for instance --data pendulum.csv")
    now = fingerprint(Path(config.data))
    if config.fingerprint not in ("", now):
        raise ValueError(f"--data is {config.data}, which is not what it was when the run began; restore the file")
    config = replace(config, fingerprint=now)
    table = read_once(config.data, now, config.windows)
    if config.windows:
        config = replace(
            config,
            observation=config.windows.observed(table, config.observation),
            question=config.question or (f"{config.time} {AHEAD}",),
            group=config.group or config.series,
        )
    data = prepared(config)
    parts = ("observation", "question", "answer", "candidates", "circular", "errors")
    return replace(
        config,
        reading=table.reading,
        **{part: getattr(data.columns, part) for part in parts},
    )


def prepared(config: Config) -> Dataset:
    """The table of a run, split; the error of the answers is the one that was given, else that of their columns."""
    parts = {part.name: getattr(config, part.name) for part in fields(Columns) if part.name != "missing"}
    data = read_and_split(
        config.data,
        config.fingerprint,
        config.windows,
        Columns(**parts, missing=config.nan),
        max(config.latents),
        config.seed,
    )
    return data if config.error is None else replace(data, error=config.error)


@functools.lru_cache(maxsize=2)
def read_and_split(
    path: str, fingerprint: str, windows: Windows | None, parts: Columns, latents: int, seed: int
) -> Dataset:
    return dataset(read_once(path, fingerprint, windows), parts, latents, seed)


@functools.lru_cache(maxsize=1)
def read_once(path: str, fingerprint: str, windows: Windows | None) -> Table:
    table = read_table(path)
    return table if windows is None else windows.table(table)


def fingerprint(path: Path) -> str:
    """What tells one content of a table from another; empty where there is none."""
    return digest({"table": np.fromfile(path, np.uint8)}).tobytes().hex()[:16] if path.is_file() else ""


def cells(config: Config) -> list[Cell]:
    return [CELL]


def predict(config: Config) -> Results:
    """Baselines: the mean answer, a straight line through all columns, trees, and networks without a bottleneck."""
    errors = {name: Estimate.exact(error) for name, error in baselines(config).items()}
    data = prepared(config)
    noise = {} if data.error is None else {"noise": Estimate.exact(data.error * len(config.answer) ** 0.5)}
    known = table_results(data.candidates(data.test))
    return {CELL.name: {**errors, **noise, **scale_results(data), **known}}


@functools.lru_cache(maxsize=2)
def baselines(config: Config) -> dict[str, Numbers]:
    data = prepared(config)
    plain = make_baselines(data, config.latents, config.schedule, config.layers)
    return {**simple_errors(data, config.seed), "plain": plain(jax.random.key(config.seed))}


def measure(config: Config, cell: Cell) -> Experiment:
    data = prepared(config)
    sweep_of = make_table_sweep(data, config.latents, config.schedule, config.layers)
    top = largest(config)
    compared = data.candidates(data.test._replace(variables=data.test.variables[:COMPARED]))

    def look(sweep: TableSweep, key: PRNGKeyArray) -> dict[str, Numbers]:
        squares, information = sweep.validated.squares, sweep.information(top)
        gain, error = sweep.tested.gain(sweep.best, config.latents.index(0))
        meaning = meanings(sweep, top, compared) if compared else {}
        return {
            "found": gain > NOT_BY_CHANCE * error,
            "simple": np.asarray(sweep.activity.information).max() < SPACE_FILLING,
            "teacher": sweep.taught.error,
            "squares": squares,
            "products": np.outer(squares, squares),
            "rows": sweep.validated.covariance,
            RESIDUALS: sweep.residuals,
            WEIGHTS: flattened(sweep.model(top)),
            MASK: np.asarray(sweep.found.mask[top]) * information * sweep.finished,
            FORMULAS: meaning.get("formulas", np.zeros((1, LONGEST))),
            FOLLOWS: meaning.get("follows", np.zeros(1)),
            **meaning,
            **shapes(sweep, top, data.candidates(data.test)),
        }

    return over_seeds(config, sweep_of, look, (WEIGHTS, MASK, FORMULAS, FOLLOWS))


def reduce(config: Config, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    means = seed_means(config, cell, tally)
    squares = squared(means.pop(RESIDUALS))
    return {**means, "ensemble": np.sqrt(squares.mean()), "far": np.array(far_off(squares))}


def compare(config: Config, predicted: Results, measured: Results) -> Iterator[Claim]:
    found = measured[CELL.name]
    statements = {
        "found": "Latents make the answers to held-out rows better than chance can (otherwise nothing was found)",
        "simple": f"No neuron tells more than {SPACE_FILLING:g} nats (otherwise one folds several numbers into one)",
    }
    for i, label in enumerate(config.candidates):
        if found["named"].value[i] > 0.5:
            statements[f"named-{i}"] = f"One neuron holds {literal(label)} and nothing else"
    named = {f"named-{i}": found["named"][i] for i in range(len(config.candidates))}
    yield from fraction_claims({**found, **named}, statements, "conjecture", OURS)
    if np.isfinite(found["ensemble"].value):
        statement = "The mean of the networks answers held-out rows no worse than gradient-boosted trees do: RMSE"
        trees = predicted[CELL.name]["trees"].value
        yield Claim.at_most("trees", statement, trees, found["ensemble"], "conjecture", OURS)


def figures(config: Config, predicted: Results, measured: Results) -> Iterator[Figure]:
    found, floors = measured[CELL.name], predicted[CELL.name]
    sizes = len(config.latents)
    lines = {
        "straight line through all columns": "linear",
        "gradient-boosted trees, all columns": "trees",
        "error of the answers": "noise",
    }
    yield error_figure(
        config.latents,
        {"networks": found["error"], "plain networks, K principal components": floors["plain"][:sizes]},
        {label: float(floors[name].value) for label, name in lines.items() if name in floors},
        " ".join(findings(config, floors, found))
        + " Errors are on rows that were held out, by the number of latent neurons offered; with none, a network knows "
        "the question only. Others are tuned on validation rows: plain networks have no bottleneck, and with all "
        f"columns an error of {float(floors['plain'].value[-1]):.3g}; the mean of the answers has "
        f"{float(floors['mean'].value):.3g}.",
        unit="standard deviations of the answer",
    )
    yield information_figure(
        found["information"], f"What the neurons tell about an observation when {max(config.latents)} are offered."
    )
    if config.candidates:
        yield candidate_figure(config.candidates, found)
        yield formula_figure(config.candidates, found)
    yield intervention_figure(found["moved"], "standard deviations")
    yield number_figure(config, found)


coordinates = sweep_coordinates
study = Study.from_module(
    __name__,
    question="How many hidden numbers do the answers in a table need, and which?",
    equations=(
        Equation(
            r"L = \langle |a - \hat a|^2 \rangle + 2\sigma^2 \sum_k \langle \mathrm{KL}_k \rangle",
            "what is minimized; $\\sigma$ is the standard error of an answer",
            (
                ("L", "the loss"),
                (r"a, \hat a", "the answer, and the network's"),
                (r"\sigma", "standard error of an answer"),
                (r"\mathrm{KL}_k", "divergence of latent neuron $k$ from a standard normal law"),
            ),
        ),
    ),
    cites=("Iten2020", "Higgins2017"),
    version=7,
)
