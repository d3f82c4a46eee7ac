"""Dataset: the columns of a table as observations, questions and answers that a SciNet can be trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from ...tables import numbers, read_table
from ..probe.dimension import FEWEST as FEWEST_POINTS
from ..probe.scores import FEWEST as FEWEST_COMPARED
from ..scinet import SciNetSizes
from ..worlds import Sample
from .columns import Columns
from .outliers import limits, outlying, within
from .scales import Scales, angle
from .splits import alike, held_out, members

ROWS_PER_LATENT = 50
# Squares of larger numbers overflow.
LARGEST = 1e100
# Shares of all rows for testing, and of the others for validation.
VALIDATION_SHARE = 0.2
# Of very long tables no more rows than these are used to validate and to test.
MOST_VALIDATED, MOST_TESTED = 20_000, 50_000
# A larger share of answers is no outliers.
MOST_OUTLIERS = 0.2
# Observations whose dimension is asked for, at most.
LOOKED_AT = 2000


class Fold(NamedTuple):
    """One division of the rows that are not for testing.

    Attributes:
        order: those rows: first the ones to learn from, then the ones for validation, both in random order.
        learned: how many are to learn from. It is no shape, so that one program serves all folds.
    """

    order: Int[np.ndarray | Array, " rows"]
    learned: Int[np.ndarray | Array, ""]

    @property
    def validation(self) -> Int[np.ndarray | Array, " validation"]:
        """Rows for validation, equally many in each fold."""
        return self.order[-_validated(len(self.order)) :]


@dataclass(frozen=True)
class Dataset:
    """A table ready for training: standardized, and split.

    Attributes:
        columns: the names of its columns.
        scales: how they became numbers of order one.
        train, test: rows as systems with one question each; `variables` are the candidates. The rows of `train` are
            divided further by `fold`.
        groups, tested_groups: for each row of `train` and of `test` a number that rows of one group share.
        error: standard error of an answer that counts as one of mean weight, in standard deviations of the
            answer; None when no errors are known.
        dropped: rows that were left out because a number is missing.
        unused: rows that were held out but are more than a test takes.
        outliers: answers that count nothing since they are too far off, where that was asked for.
    """

    columns: Columns
    scales: Scales
    train: Sample
    test: Sample
    groups: Int[np.ndarray, " train"]
    tested_groups: Int[np.ndarray, " test"]
    error: float | None
    dropped: int
    unused: int
    outliers: int = 0

    def sizes(self, latents: int, layers: tuple[int, ...]) -> SciNetSizes:
        """The sizes of the SciNet that fits the table."""
        return sizes_for(self.columns, self.scales, latents, layers)

    def candidates(self, part: Sample) -> dict[str, np.ndarray]:
        """The candidates of a part of the table by name."""
        return dict(zip(self.columns.candidates, np.asarray(part.variables, np.float64).T, strict=True))

    def fold(self, seed: int) -> Fold:
        """A random division into rows to learn from and a fifth for validation, by groups where there are two."""
        draw = np.random.default_rng(seed)
        labels = self.groups if self.groups.max() > 0 else np.arange(len(self.groups))
        turn = draw.permutation(int(labels.max()) + 1)
        # Whole groups, the last of which fills the share.
        counts = np.cumsum(np.bincount(labels)[turn])
        validated = turn[: 1 + int(np.searchsorted(counts, _validated(len(labels))))]
        chosen = np.isin(labels, validated)
        order = draw.permutation(len(labels))
        order = np.concatenate([order[~chosen[order]], order[chosen[order]]])
        return Fold(order.astype(np.int32), np.asarray((~chosen).sum(), np.int32))

    def validation(self, fold: Fold) -> Sample:
        """The rows for validation of a fold."""
        # Taken by numpy: jax compiles a program for each shape that it indexes.
        return jax.tree.map(lambda array: jnp.asarray(array[fold.validation]), self.train)


def _validated(rows: int) -> int:
    return min(max(1, round(VALIDATION_SHARE * rows)), MOST_VALIDATED)


def sizes_for(columns: Columns, scales: Scales, latents: int, layers: tuple[int, ...]) -> SciNetSizes:
    """The sizes of the SciNet for columns of these scales."""
    observation, question = (scales.width(part) for part in (columns.observation, columns.question))
    return SciNetSizes(observation, question, len(columns.answer), latents, layers, layers, image=columns.image)


def dataset(source: Mapping[str, Any] | Any, parts: Columns, latents: int, seed: int) -> Dataset:
    """Choose, check, standardize and split the columns of a table.

    Args:
        source: a file, columns by name, or a DataFrame; see `read_table`.
        parts: which columns play which part.
        latents: the largest number of latents that will be offered.

    Raises:
        ValueError: for columns that do not exist (near names are suggested), text, constant or used twice; numbers
            that are missing, unless that is allowed; angles that are neither radians nor degrees; errors that are
            not positive; fewer than 50 rows per latent; a single group.
    """
    table = read_table(source)
    parts = parts.named(table)
    used = dict.fromkeys((*parts.observation, *parts.question, *parts.answer, *parts.candidates, *parts.errors))
    values = {name: numbers(table, name) for name in used}
    groups = np.arange(len(next(iter(values.values())))) if parts.group is None else table[parts.group]
    incomplete = _incomplete(values, parts)
    values, groups = {name: column[~incomplete] for name, column in values.items()}, groups[~incomplete]
    if len(groups) < ROWS_PER_LATENT * max(latents, 1):
        raise ValueError(
            f"the table has {len(groups)} rows; {latents} latents need at least {ROWS_PER_LATENT * latents}"
        )
    pixels = set(parts.pixels)
    for name in (*parts.observation, *parts.question, *parts.answer, *parts.candidates):
        # The corner of an image may always be dark.
        if name not in pixels:
            _refuse_useless(name, values[name])
    labels = alike(values) if parts.group is None else members(groups, parts.group)
    held = held_out(labels, parts.group, seed)
    inputs = [name for name in (*parts.observation, *parts.question) if name not in pixels | {*parts.circular}]
    bounds = limits(values, inputs) if parts.robust else {}
    far = _outliers({**values, **within(values, bounds)}, parts, labels, held)
    counted = values | {name: np.where(rows, np.nan, values[name]) for name, rows in far.items()}
    scales = Scales.of(values, held, parts.circular, bounds, far, parts.pixels)
    weights, error = _weights(counted, parts, scales)
    hidden = [angle(values[name], name) if name in parts.circular else values[name] for name in parts.candidates]
    answers = scales.standardized(counted, parts.answer)
    whole = Sample(
        np.stack(hidden, axis=1).astype(np.float32) if hidden else np.zeros((len(groups), 0), np.float32),
        scales.network_inputs(values, parts.observation),
        scales.network_inputs(values, parts.question)[:, None],
        np.nan_to_num(answers)[:, None].astype(np.float32),
        weights,
    )
    # In random order: whoever looks at the first rows only sees rows like all others.
    order = np.random.default_rng(seed).permutation(len(groups))
    learned, tested = order[~held[order]], order[held[order]][:MOST_TESTED]
    train, test = (jax.tree.map(lambda part, rows=rows: part[rows], whole) for rows in (learned, tested))
    _refuse_too_few(train, test, parts)
    groups, tested_groups = (np.unique(labels[rows], return_inverse=True)[1] for rows in (learned, tested))
    unused, outliers = int(held.sum()) - len(tested), sum(int(rows.sum()) for rows in far.values())
    return Dataset(parts, scales, train, test, groups, tested_groups, error, int(incomplete.sum()), unused, outliers)


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


def _incomplete(values: Mapping[str, np.ndarray], parts: Columns) -> Bool[np.ndarray, " rows"]:
    """The rows that must be left out because a number is missing."""
    # A mask has a place for all but the errors, without which no answer has a weight, and for angles.
    kept = () if parts.missing != "mask" else {*values} - {*parts.errors} - {*parts.circular}
    missing = {name: np.isnan(column) for name, column in values.items() if name not in kept}
    if dark := [name for name in parts.pixels if name in kept and np.isnan(values[name]).any()]:
        raise ValueError(f"pixel {dark[0]} lacks a number; --nan mask is for other columns than pixels")
    rows = np.any(list(missing.values()), axis=0) if missing else np.zeros(len(next(iter(values.values()))), bool)
    if parts.missing == "refuse" and rows.any():
        worst = max(missing, key=lambda name: missing[name].sum())
        raise ValueError(
            f"{rows.sum()} of {len(rows)} rows lack a number, the first is row {np.argmax(rows) + 1} and the column "
            f"with most gaps is {worst} ({missing[worst].sum()}); --nan drop leaves them out, --nan mask keeps them"
        )
    return rows


def _refuse_useless(name: str, column: np.ndarray) -> None:
    known = column[~np.isnan(column)]
    if not len(known) or np.ptp(known) == 0:
        what = f"constant ({known[0]:g})" if len(known) else "empty"
        raise ValueError(f"column {name} is {what}; it carries no information and cannot be used")
    if (largest := np.abs(known).max()) > LARGEST:
        raise ValueError(f"column {name} reaches {largest:.3g}; numbers up to {LARGEST:g} can be used")


def _outliers(
    values: Mapping[str, np.ndarray], parts: Columns, labels: Int[np.ndarray, " rows"], held: Bool[np.ndarray, " rows"]
) -> dict[str, Bool[np.ndarray, " rows"]]:
    """The rows with an outlier of each answer, where they are looked for."""
    if not parts.robust:
        return {}
    inputs = np.stack([values[name] for name in (*parts.observation, *parts.question)], axis=1)
    found = {}
    for name, error in zip(parts.answer, _errors(values, parts).T, strict=True):
        found[name] = outlying(inputs, values[name], error, labels, held)
        if found[name].mean() > MOST_OUTLIERS:
            raise ValueError(
                f"--robust takes {found[name].sum()} of {len(labels)} numbers in {name} for outliers; more than "
                f"{MOST_OUTLIERS:.0%} are no gross errors but part of what is to be learned"
            )
    return found


def _errors(values: Mapping[str, np.ndarray], parts: Columns) -> Float[np.ndarray, "rows answer"]:
    """Standard errors of the answers; 1 where none are known."""
    names: Sequence[str] = parts.errors if len(parts.errors) > 1 else parts.errors * len(parts.answer)
    for name in parts.errors:
        if bad := int((values[name] <= 0).sum()):
            raise ValueError(f"--errors names {name}, which is 0 or less in {bad} rows; errors are positive")
    rows = len(values[parts.answer[0]])
    return np.stack([values[name] for name in names], axis=1) if names else np.ones((rows, len(parts.answer)))


def _weights(
    values: Mapping[str, np.ndarray], parts: Columns, scales: Scales
) -> tuple[Float[np.ndarray, "rows 1 answer"] | None, float | None]:
    """Weights of the answers with mean 1, and the standard error that weight 1 stands for."""
    there = ~np.isnan(np.stack([values[name] for name in parts.answer], axis=1))
    if not parts.errors and there.all():
        return None, None
    weights, error = there.astype(np.float64), None
    if parts.errors:
        weights = weights / (_errors(values, parts) / [scales.spread[name] for name in parts.answer]) ** 2
        error = float(weights[there].mean() ** -0.5)
    return (weights / weights[there].mean())[:, None].astype(np.float32), error
