"""Dataset: the columns of a table as observations, questions and answers that a SciNet can be trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import jax
import numpy as np
from jaxtyping import Float

from .probe.dimension import FEWEST as FEWEST_POINTS
from .probe.scores import FEWEST as FEWEST_COMPARED
from .scales import Scales, angle
from .scinet import Shape
from .table import numbers, read_table, select
from .worlds import Sample

ROWS_PER_LATENT = 50
TEST_SHARE = 0.2
# Observations whose dimension is asked for, at most.
LOOKED_AT = 2000
Missing = Literal["refuse", "drop", "mask"]


@dataclass(frozen=True)
class Columns:
    """Which columns of a table play which part; names may be patterns such as `x*`.

    Attributes:
        observation, question, answer: what the encoder sees, what is asked, what is right.
        candidates: quantities that a neuron may turn out to hold; no network sees them.
        circular: angles among observation, question and candidates; networks see their cosine and sine.
        group: rows with the same value here stay on one side of the split.
        errors: standard errors of the answers: one column, or one for each answer.
        missing: what becomes of rows that lack a number: refused; dropped; or masked, when answers that lack
            count nothing, and for other columns the network is told that the number is not there.
    """

    observation: tuple[str, ...]
    question: tuple[str, ...]
    answer: tuple[str, ...]
    candidates: tuple[str, ...] = ()
    circular: tuple[str, ...] = ()
    group: str | None = None
    errors: tuple[str, ...] = ()
    missing: Missing = "refuse"

    @property
    def shown(self) -> tuple[str, ...]:
        """All columns that networks see or answer."""
        return tuple(dict.fromkeys((*self.observation, *self.question, *self.answer)))

    def named(self, table: Mapping[str, np.ndarray]) -> Columns:
        """The same with the names of columns in the place of patterns.

        Raises:
            ValueError: for names that are no columns, parts without one, and an answer that is shown as well.
        """
        found = {
            part: select(table, getattr(self, part), part)
            for part in ("observation", "question", "answer", "candidates", "circular", "errors")
        }
        if self.group is not None:
            select(table, (self.group,), "group")
        for part in ("observation", "answer"):
            if not found[part]:
                raise ValueError(f"--{part} is empty; at least one column of {', '.join(table)} is needed")
        if both := set(found["answer"]) & {*found["observation"], *found["question"]}:
            raise ValueError(f"column {min(both)} is an answer and is shown to the network; it can be one of the two")
        if len(found["errors"]) not in (0, 1, len(found["answer"])):
            raise ValueError(
                f"--errors names {len(found['errors'])} columns for {len(found['answer'])} answers; "
                "it takes one for all, or one for each"
            )
        return Columns(**found, group=self.group, missing=self.missing)


@dataclass(frozen=True)
class Dataset:
    """A table ready for training: standardized, and split.

    Attributes:
        columns: the names of its columns.
        scales: how they became numbers of order one.
        train, test: rows as systems with one question each; `variables` are the candidates.
        error: standard error of an answer that counts as one of mean weight, in standard deviations of the
            answer; None when no errors are known.
        dropped: rows that were left out since they lack a number.
    """

    columns: Columns
    scales: Scales
    train: Sample
    test: Sample
    error: float | None
    dropped: int

    def shape(self, latents: int, layers: tuple[int, ...]) -> Shape:
        """The SciNet that fits the table."""
        return fitting(self.columns, self.scales, latents, layers)

    def candidates(self, part: Sample) -> dict[str, np.ndarray]:
        """The candidates of a part of the table by name."""
        return dict(zip(self.columns.candidates, np.asarray(part.variables, np.float64).T, strict=True))


def fitting(columns: Columns, scales: Scales, latents: int, layers: tuple[int, ...]) -> Shape:
    """The SciNet for columns of these scales."""
    sizes = (scales.width(part) for part in (columns.observation, columns.question))
    return Shape(*sizes, len(columns.answer), latents, layers, layers)


def dataset(table: Mapping[str, np.ndarray], parts: Columns, latents: int, seed: int) -> Dataset:
    """Choose, check, standardize and split the columns of a table.

    Raises:
        ValueError: for columns that are missing (near names are suggested), text, constant or used twice; numbers
            that are missing, unless that is allowed; angles that are neither radians nor degrees; errors that are
            not positive; fewer than 50 rows per latent; a single group.
    """
    table = read_table(table)
    parts = parts.named(table)
    used = dict.fromkeys((*parts.observation, *parts.question, *parts.answer, *parts.candidates, *parts.errors))
    values = {name: numbers(table, name) for name in used}
    groups = np.arange(len(next(iter(values.values())))) if parts.group is None else table[parts.group]
    lacking = _lacking(values, parts)
    values, groups = {name: column[~lacking] for name, column in values.items()}, groups[~lacking]
    if len(groups) < ROWS_PER_LATENT * max(latents, 1):
        raise ValueError(
            f"the table has {len(groups)} rows; {latents} latents need at least {ROWS_PER_LATENT * latents}"
        )
    for name in (*parts.observation, *parts.question, *parts.answer, *parts.candidates):
        _refuse_constant(name, values[name])
    held = _held_out(groups, parts.group, seed)
    scales = Scales.of(values, held, parts.circular)
    weights, error = _weights(values, parts, scales)
    hidden = [angle(values[name], name) if name in parts.circular else values[name] for name in parts.candidates]
    answers = scales.standardized(values, parts.answer)
    whole = Sample(
        np.stack(hidden, axis=1).astype(np.float32) if hidden else np.zeros((len(groups), 0), np.float32),
        scales.shown(values, parts.observation),
        scales.shown(values, parts.question)[:, None],
        np.nan_to_num(answers)[:, None].astype(np.float32),
        weights,
    )
    # In random order: whoever looks at the first rows only sees rows like all others.
    order = np.random.default_rng(seed).permutation(len(groups))
    train, test = (
        jax.tree.map(lambda part, rows=rows: part[rows], whole) for rows in (order[~held[order]], order[held[order]])
    )
    _refuse_too_few(train, test, parts)
    return Dataset(parts, scales, train, test, error, int(lacking.sum()))


def _refuse_too_few(train: Sample, test: Sample, parts: Columns) -> None:
    known = int(np.isfinite(test.variables).all(axis=1).sum())
    if parts.candidates and known < FEWEST_COMPARED:
        raise ValueError(
            f"the table has {len(train.answers) + len(test.answers)} rows, {known} held out with all candidates; "
            f"comparing them with neurons takes {FEWEST_COMPARED}"
        )
    different = len(np.unique(train.observation[:LOOKED_AT], axis=0))
    if different < FEWEST_POINTS:
        raise ValueError(f"the table has {different} different observations to learn from; at least {FEWEST_POINTS}")


def _lacking(values: Mapping[str, np.ndarray], parts: Columns) -> np.ndarray:
    """The rows that must be left out since they lack a number."""
    # A mask has a place for all but the errors, without which no answer has a weight, and for angles.
    kept = () if parts.missing != "mask" else {*values} - {*parts.errors} - {*parts.circular}
    lacks = {name: np.isnan(column) for name, column in values.items() if name not in kept}
    lacking = np.any(list(lacks.values()), axis=0) if lacks else np.zeros(len(next(iter(values.values()))), bool)
    if parts.missing == "refuse" and lacking.any():
        worst = max(lacks, key=lambda name: lacks[name].sum())
        raise ValueError(
            f"{lacking.sum()} of {len(lacking)} rows lack a number, the first is row {np.argmax(lacking) + 1} and most "
            f"lack {worst} ({lacks[worst].sum()}); --nan drop leaves them out, --nan mask keeps them"
        )
    return lacking


def _refuse_constant(name: str, column: np.ndarray) -> None:
    known = column[~np.isnan(column)]
    if not len(known) or np.ptp(known) == 0:
        what = f"constant ({known[0]:g})" if len(known) else "empty"
        raise ValueError(f"column {name} is {what}; it tells nothing and cannot be used")


def _held_out(groups: np.ndarray, name: str | None, seed: int) -> np.ndarray:
    """Which rows are for testing: a fifth of the groups, or of the rows where there are no groups."""
    labels = np.unique(groups, return_inverse=True)[1]
    count = int(labels.max()) + 1
    if count < 2:
        raise ValueError(f"--group is {name}, which has one value; a split needs at least two")
    chosen = np.random.default_rng(seed).permutation(count)[: max(1, round(TEST_SHARE * count))]
    return np.isin(labels, chosen)


def _weights(
    values: Mapping[str, np.ndarray], parts: Columns, scales: Scales
) -> tuple[Float[np.ndarray, "rows 1 answer"] | None, float | None]:
    """Weights of the answers with mean 1, and the standard error that weight 1 stands for."""
    there = ~np.isnan(np.stack([values[name] for name in parts.answer], axis=1))
    if not parts.errors and there.all():
        return None, None
    weights, error = there.astype(np.float64), None
    if parts.errors:
        names: Sequence[str] = parts.errors if len(parts.errors) > 1 else parts.errors * len(parts.answer)
        for name in parts.errors:
            if bad := int((values[name] <= 0).sum()):
                raise ValueError(f"--errors names {name}, which is 0 or less in {bad} rows; errors are positive")
        spread = [scales.spread[name] for name in parts.answer]
        weights = weights / (np.stack([values[name] for name in names], axis=1) / spread) ** 2
        error = float(weights[there].mean() ** -0.5)
    return (weights / weights[there].mean())[:, None].astype(np.float32), error
