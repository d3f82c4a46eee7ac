"""SciNet on a table of one's own: how many hidden numbers do the answers need, and which?

Each row has an observation, a question and an answer. Networks are offered 0, 1, 2, ... latent neurons; the error
on rows that were held out says how many are needed, and the neurons are compared with quantities that no network saw,
the candidates. Where the observations do not help with the answers, nothing is found, and that is said.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar, Literal

import jax
import numpy as np

from netphysics.blocks import digest
from netphysics.discovery import (
    Columns,
    Dataset,
    Table,
    beta_from_error,
    dataset,
    make_baselines,
    make_table_sweep,
    read_table,
    simple_errors,
)
from netphysics.discovery.probe import VERDICTS, cosine, explained_table, expression, name_neurons, scores, spans
from netphysics.discovery.probe.symbolic import LONGEST
from netphysics.lab import Equation, Study
from netphysics.stats import Claim, Estimate

from ..options import SweepConfig
from ..sweeps import (
    error_figure,
    fraction_claims,
    information_figure,
    largest,
    numbers_figures,
    over_seeds,
    seed_means,
    turning_figure,
)
from .figures import candidate_figure, formula_figure
from .findings import SPACE_FILLING, WORTH, remarks
from .networks import CELL, FORMULAS, MASK, WEIGHTS, flattened, scale_results

OURS = "netphysics"
# Naming compares neurons with candidates on this many rows at most.
COMPARED = 4096


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of discovery in a table."""

    data: str = ""
    """The table: text with a header (.csv, .tsv, .txt, .dat), .npz, .h5 or .parquet; compressed or not."""
    observation: tuple[str, ...] = ()
    """Columns that the network observes; patterns such as 'x*' are welcome."""
    question: tuple[str, ...] = ()
    """Columns that ask; none if the same is asked of every row."""
    answer: tuple[str, ...] = ()
    """Columns that answer."""
    candidates: tuple[str, ...] = ()
    """Quantities that a neuron may turn out to hold; no network sees them."""
    circular: tuple[str, ...] = ()
    """Angles, in radians or degrees, among observation, question and candidates."""
    group: str | None = None
    """Rows with the same value here stay on one side of the split between training and test."""
    errors: tuple[str, ...] = ()
    """Standard errors of the answers, in their units: one column, or one for each answer. They weigh the answers and
    take the place of --error."""
    nan: Literal["refuse", "drop", "mask"] = "refuse"
    """What becomes of rows that lack a number: drop leaves them out, mask tells the network what is not there."""
    error: float | None = None
    """Standard error of an answer, in standard deviations of its column; it sets polish-beta to 2 x error^2, and
    find-beta to four times that."""
    find_beta: float = 0.01
    """Strength of the bottleneck while neurons are found."""
    polish_beta: float = 0.0025
    """Strength of the bottleneck while answers are made precise."""
    block_size: int = 1
    """Seeds per block; 1, as each block keeps its network."""
    steps: int = 3000
    """Steps of each of the two stages."""
    fingerprint: str = ""
    """Digest of the table, filled in: a table that changed makes another run."""
    reading: str = ""
    """How the table was read (separators, decimals, encoding), filled in."""

    presets: ClassVar = {"quick": {"latents": (0, 1, 2), "steps": 800, "width": 32}, "paper": {"steps": 20_000}}

    def __post_init__(self):
        super().__post_init__()
        if 0 not in self.latents:
            raise ValueError(f"latents is {self.latents}; 0 must be there to compare with")
        if max(self.latents) < 1:
            raise ValueError(f"latents is {self.latents}; one must be 1 or more")
        if self.block_size != 1:
            raise ValueError(f"block_size is {self.block_size}; it must be 1, as each block keeps its network")
        # Help and presets are made of options that name no table yet; a run that is read again is as it was.
        if self.data and not self.fingerprint:
            object.__setattr__(self, "fingerprint", fingerprint(Path(self.data)))
            data = prepared(self)
            object.__setattr__(self, "reading", read_once(self.data, self.fingerprint).reading)
            for part in ("observation", "question", "answer", "candidates", "circular", "errors"):
                object.__setattr__(self, part, getattr(data.columns, part))
            if self.error is None and data.error is not None:
                object.__setattr__(self, "error", data.error)
        if self.error is not None:
            object.__setattr__(self, "polish_beta", beta_from_error(self.error))
            object.__setattr__(self, "find_beta", 4 * self.polish_beta)


def prepared(config: Config) -> Dataset:
    if not config.data:
        raise ValueError("--data is missing; it names the table, for instance --data pendulum.csv")
    if fingerprint(Path(config.data)) != config.fingerprint:
        raise ValueError(f"--data is {config.data}, which is not what it was when the run began; restore the file")
    parts = {part.name: getattr(config, part.name) for part in fields(Columns) if part.name != "missing"}
    return read_and_split(
        config.data, config.fingerprint, Columns(**parts, missing=config.nan), max(config.latents), config.seed
    )


@functools.lru_cache(maxsize=2)
def read_and_split(path: str, fingerprint: str, parts: Columns, latents: int, seed: int) -> Dataset:
    return dataset(read_once(path, fingerprint), parts, latents, seed)


@functools.lru_cache(maxsize=1)
def read_once(path: str, fingerprint: str) -> Table:
    return read_table(path)


def fingerprint(path: Path) -> str:
    """What tells one content of a table from another; empty where there is none."""
    return digest({"table": np.fromfile(path, np.uint8)}).tobytes().hex()[:16] if path.is_file() else ""


def cells(config):
    # A table that cannot be used is refused before anything is written.
    prepared(config)
    return [CELL]


def predict(config):
    """Baselines: the mean answer, a straight line through all columns, and networks without a bottleneck."""
    errors = {name: Estimate.exact(error) for name, error in baselines(config).items()}
    return {CELL.name: {**errors, **scale_results(prepared(config))}}


@functools.lru_cache(maxsize=2)
def baselines(config: Config) -> dict:
    data = prepared(config)
    plain = make_baselines(data, config.latents, config.schedule, config.layers)
    return {**simple_errors(data), "plain": plain(jax.random.key(config.seed))}


def measure(config, cell):
    data = prepared(config)
    sweep_of = make_table_sweep(data, config.latents, config.schedule, config.layers)
    top = largest(config)
    compared = data.candidates(data.test._replace(variables=data.test.variables[:COMPARED]))

    def look(found, key):
        best, none = found.errors.min(), found.errors[config.latents.index(0)]
        information = found.information(top)
        return {
            "found": 1 - best / none > WORTH,
            "simple": np.asarray(found.activity.information).max() < SPACE_FILLING,
            WEIGHTS: flattened(found.model(top)),
            MASK: np.asarray(found.found.mask[top]) * information,
            **(meanings(found, top, compared) if compared else {}),
        }

    return over_seeds(config, sweep_of, look)


def meanings(found, top, columns):
    """What the neurons of one network have to do with the candidates; neurons in the order of what they tell."""
    order = np.argsort(-found.information(top), kind="stable")
    means, information = found.means(top)[:COMPARED, order], found.information(top)[order]
    there = np.isfinite(np.stack(list(columns.values()))).all(axis=0)
    means, columns = means[there], {name: column[there] for name, column in columns.items()}
    neurons, labels = name_neurons(means, information, columns), list(columns)
    best = explained_table(means, list(columns.values())).argmax(axis=0)
    active = found.active(top)[order]
    together = spans(means[:, active], np.stack(list(columns.values()), axis=1)).columns if active.any() else 0
    formulas = [expression(z, columns) if a and np.ptp(z) > 0 else None for z, a in zip(means.T, active, strict=True)]
    held = dict(zip(labels, np.asarray(found.shared.variables, np.float64).T, strict=True))
    turned = found.intervention(
        top, {name: np.nan_to_num(column, nan=np.nanmean(column)) for name, column in held.items()}
    )
    return {
        "verdicts": [[name.verdict == verdict for verdict in VERDICTS] for name in neurons],
        "held": [[name.name == label for label in labels] for name in neurons],
        "named": [any(n.verdict == "named" and n.name == label for n in neurons) for label in labels],
        "scores": [scores(means[:, k], column) for k, column in zip(best, columns.values(), strict=True)],
        "together": np.zeros(len(labels)) + together,
        "parallel": [
            cosine(turned.by_neuron[order[k]], turned.by_candidate[label])
            for k, label in zip(best, labels, strict=True)
        ],
        FORMULAS: [np.zeros(LONGEST) if formula is None else formula.code for formula in formulas],
        "follows": [0.0 if formula is None else formula.correlation for formula in formulas],
    }


def reduce(config, cell, tally):
    """Means over seeds; weights of networks have none."""
    means = seed_means(config, cell, tally)
    return {name: mean for name, mean in means.items() if name not in (WEIGHTS, MASK)}


def compare(config, predicted, measured):
    found = measured[CELL.name]
    statements = {
        "found": f"Latents make held-out answers better by {WORTH:.0%} or more (otherwise nothing was found)",
        "simple": f"No neuron tells more than {SPACE_FILLING:g} nats (otherwise one folds several numbers into one)",
    }
    claims = fraction_claims(found, statements, "conjecture", OURS, 0.3)
    number = int(np.nan_to_num(found["knee"].value).round())
    statement = f"All seeds need the same number of latents, {number}"
    claims.append(Claim("knee", statement, number, found["knee"], "conjecture", OURS, 0.3))
    for i, label in enumerate(config.candidates):
        if found["named"].value[i] > 0.5:
            statement = f"One neuron holds {label} and nothing else: fraction of seeds"
            claims.append(Claim(f"named-{i}", statement, 1.0, found["named"][i], "conjecture", OURS, 0.3))
    return claims


def figures(config, predicted, measured):
    found, floors = measured[CELL.name], predicted[CELL.name]
    sizes = len(config.latents)
    yield error_figure(
        config.latents,
        {"networks": found["error"], "plain networks, K principal components": floors["plain"][:sizes]},
        {
            "straight line through all columns": float(floors["linear"].value),
            "plain networks, all columns": float(floors["plain"].value[-1]),
        },
        " ".join(remarks(config, floors, found))
        + " Errors are on rows that were held out, by the number of latent neurons offered; with none, a network knows "
        "the question only. Plain networks, one training each, have no bottleneck: given all columns, they show what "
        f"can be attained. The mean of the answers has an error of {float(floors['mean'].value):.3g}.",
        unit="standard deviations of the answer",
    )
    yield information_figure(
        found["information"], f"What the neurons tell about an observation when {max(config.latents)} are offered."
    )
    if config.candidates:
        yield candidate_figure(config.candidates, found)
        yield formula_figure(config.candidates, found)
    yield turning_figure(found["moved"], "standard deviations")
    yield from numbers_figures(config, found)


study = Study(
    name="discover",
    wing="discovery",
    question="How many hidden numbers do the answers in a table need, and which?",
    config=Config,
    cells=cells,
    predict=predict,
    measure=measure,
    reduce=reduce,
    compare=compare,
    figures=figures,
    equations=(
        Equation(
            r"L = \langle |a - \hat a|^2 \rangle + 2\sigma^2 \sum_k \langle \mathrm{KL}_k \rangle",
            "what is minimized; $\\sigma$ is the standard error of an answer",
        ),
    ),
    cites=("Iten2020", "Higgins2017"),
    version=2,
)
