"""SciNet on a table of one's own: how many hidden numbers do the answers need, and which?

Each row has an observation, a question and an answer. Networks are offered 0, 1, 2, ... latent neurons; the error
on rows that were held out says how many are needed, and the neurons are compared with quantities that no network saw,
the candidates. Where the observations do not help with the answers, nothing is found, and that is said.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.blocks import Cell
from netphysics.discovery import (
    Columns,
    Dataset,
    Shape,
    SweepConfig,
    beta_from_error,
    dataset,
    make_search,
    read_table,
    total,
)
from netphysics.discovery.probe import ACTIVE, activities, explained_table, knee, names
from netphysics.lab import Equation, Study
from netphysics.report import Figure, Table, figure, measured, name_axes
from netphysics.stats import Claim, Estimate
from netphysics.train import minibatch

from .sweeps import error_figure, information_figure

CELL = Cell("table")
OURS = "netphysics"
BATCH = 512
# Fewer per cent of the error than this is what chance and patience can do.
WORTH = 0.05
# A neuron that tells more than this, in nats, draws finer distinctions than one number of a physicist's.
SPACE_FILLING = 6.0
# Naming compares neurons with candidates on this many rows at most.
COMPARED = 4096


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of discovery in a table."""

    data: str = ""
    """The table: .csv with a header, .npz, or .h5 with one dataset for each column."""
    observation: tuple[str, ...] = ()
    """Columns that the network observes; patterns such as 'x*' are welcome."""
    question: tuple[str, ...] = ()
    """Columns that ask; none if the same is asked of every row."""
    answer: tuple[str, ...] = ()
    """Columns that answer."""
    candidates: tuple[str, ...] = ()
    """Quantities that a neuron may turn out to hold; no network sees them."""
    circular: tuple[str, ...] = ()
    """Angles in radians among observation and question."""
    group: str | None = None
    """Rows with the same value here stay on one side of the split between training and test."""
    error: float | None = None
    """Standard error of an answer, in standard deviations of its column; it sets polish-beta to 2 x error^2, and
    find-beta to four times that."""
    find_beta: float = 0.01
    """Strength of the bottleneck while neurons are found."""
    polish_beta: float = 0.0025
    """Strength of the bottleneck while answers are made precise."""
    steps: int = 3000
    """Steps of each of the two stages."""
    fingerprint: str = ""
    """Digest of the table, filled in: a table that changed makes another run."""

    presets: ClassVar = {"quick": {"latents": (0, 1, 2), "steps": 800, "width": 32}, "paper": {"steps": 20_000}}

    def __post_init__(self):
        super().__post_init__()
        if 0 not in self.latents:
            raise ValueError(f"latents is {self.latents}; 0 must be there to compare with")
        if self.error is not None:
            object.__setattr__(self, "polish_beta", beta_from_error(self.error))
            object.__setattr__(self, "find_beta", 4 * self.polish_beta)
        # Help and presets are made of options that name no table yet.
        if self.data:
            object.__setattr__(self, "fingerprint", digest(Path(self.data)))
            prepared(self)


def prepared(config: Config) -> Dataset:
    if not config.data:
        raise ValueError("--data is missing; it names the table, for instance --data pendulum.csv")
    parts = Columns(
        config.observation, config.question, config.answer, config.candidates, config.circular, config.group
    )
    return read_and_split(config.data, config.fingerprint, parts, max(config.latents), config.seed)


@functools.lru_cache(maxsize=2)
def read_and_split(path: str, fingerprint: str, parts: Columns, latents: int, seed: int) -> Dataset:
    return dataset(read_table(path), parts, latents, seed)


def digest(path: Path) -> str:
    """What tells one content of a table from another; empty where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.is_file() else ""


def cells(config):
    # A table that cannot be used is refused before anything is written.
    prepared(config)
    return [CELL]


def predict(config):
    """What needs no network: a straight line through all columns that are shown."""
    data = prepared(config)
    (x, y), (x_test, y_test) = flat(data.train), flat(data.test)
    fit = np.linalg.lstsq(x, y)[0]
    return {CELL.name: {"linear": Estimate.exact(np.sqrt(((x_test @ fit - y_test) ** 2).sum(axis=1).mean()))}}


def flat(sample):
    """All that is shown, with a column of ones, and the answers."""
    shown = np.concatenate([sample.observation, sample.questions[:, 0], np.ones((len(sample.observation), 1))], axis=1)
    return shown.astype(np.float64), np.asarray(sample.answers[:, 0], np.float64)


def measure(config, cell):
    data = prepared(config)
    largest = max(config.latents)
    sizes = (part.shape[-1] for part in (data.train.observation, data.train.questions, data.train.answers))
    shape = Shape(*sizes, largest, config.layers, config.layers)
    search = make_search(lambda data, *, key: minibatch(data, BATCH, key=key), shape, config.schedule)
    masks = jnp.asarray(np.arange(largest) < np.array(config.latents)[:, None], jnp.float32)
    train, test = (jax.tree.map(jnp.asarray, part) for part in (data.train, data.test))
    top = config.latents.index(largest)
    columns = dict(zip(data.candidates, np.asarray(data.test.variables[:COMPARED], np.float64).T, strict=True))

    def one(key):
        found = search(jnp.stack([key] * len(masks)), masks, train)
        seen = activities(found.models, found.mask, test, key=jax.random.fold_in(key, 2**31))
        error, information = np.asarray(seen.error, np.float64), np.asarray(seen.information[top], np.float64)
        means = np.asarray(seen.means[top][:COMPARED], np.float64)
        gain = 1 - error.min() / error[config.latents.index(0)]
        result = {
            "error": error,
            "information": np.sort(information)[::-1],
            "found": gain > WORTH,
            "knee": knee(config.latents, error),
            "active": (information > ACTIVE).sum(),
            "plain": np.asarray(seen.information).max() < SPACE_FILLING,
        }
        if columns:
            named = {name.name for name in names(means, information, columns) if name.verdict == "named"}
            table = explained_table(means, list(columns.values()))
            result["named"] = [label in named for label in columns]
            result["explained"] = table.max(axis=0)
        return result

    def experiment(keys):
        return total([one(key) for key in keys])

    return experiment


def reduce(config, cell, tally):
    return {name: tally.mean(name) for name in tally.sums}


def compare(config, predicted, measured_results):
    found = measured_results[CELL.name]
    statements = {
        "found": f"Latents make held-out answers better by {WORTH:.0%} or more (otherwise nothing was found)",
        "plain": f"No neuron tells more than {SPACE_FILLING:g} nats (otherwise one folds several numbers into one)",
    }
    claims = [
        Claim(name, f"{statement}: fraction of seeds", 1.0, found[name], "conjecture", OURS, 0.3)
        for name, statement in statements.items()
    ]
    number = round(float(found["knee"].value))
    statement = f"All seeds need the same number of latents, {number}"
    claims.append(Claim("knee", statement, number, found["knee"], "conjecture", OURS, 0.3))
    for i, label in enumerate(config_candidates(config) if "named" in found else ()):
        if found["named"].value[i] > 0.5:
            statement = f"One neuron holds {label} and nothing else: fraction of seeds"
            claims.append(Claim(f"named-{i}", statement, 1.0, found["named"][i], "conjecture", OURS, 0.3))
    return claims


def config_candidates(config):
    return prepared(config).candidates


def figures(config, predicted, measured_results):
    found = measured_results[CELL.name]
    yield error_figure(
        config.latents,
        {"networks, rows held out": found["error"]},
        {"straight line through all columns": float(predicted[CELL.name]["linear"].value)},
        "The error on rows that were held out, by the number of latent neurons offered. With none, a network knows the "
        "question only.",
        unit="standard deviations of the answer",
    )
    yield information_figure(
        found["information"], f"What the neurons tell about an observation when {max(config.latents)} are offered."
    )
    if "explained" in found:
        yield candidate_figure(config_candidates(config), found)


def candidate_figure(labels, found):
    plot, (axes,) = figure()
    place = np.arange(len(labels))
    name_axes(axes, "", "share of the best neuron's variance")
    measured(axes, place, found["explained"], "discovery")
    axes.set_xticks(place, labels)
    axes.set(xlim=(-0.7, len(labels) - 0.3), ylim=(-0.05, 1.05))
    caption = "How much of a neuron is a function of each candidate, for the neuron that knows it best."
    rows = [(label, found["explained"][i], found["named"][i]) for i, label in enumerate(labels)]
    return Figure("candidates", caption, plot, Table(("candidate", "share explained", "seeds that name it"), rows))


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
)
