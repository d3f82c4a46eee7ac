"""Naming: what each neuron holds, if a physicist has a word for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float
from scipy.optimize import linear_sum_assignment

from ...stats import rank_correlation
from .scores import explained, explained_table, remainder
from .spans import spans

Verdict = Literal["named", "span-named", "unnamed-but-active", "dead"]
VERDICTS = get_args(Verdict)
ACTIVE, DEAD = 0.1, 0.02  # nats
MATCHED, LEAK = 0.9, 0.05  # shares of variance
BY_CHANCE, SAME = 3.0, 0.01  # standard errors; share of variance
SUBSTITUTED, AHEAD = 0.9, 0.2  # shares of what a neuron does for the answers


@dataclass(frozen=True)
class NeuronName:
    """What is known about one neuron.

    Attributes:
        name: the quantity that explains it best; empty for a dead neuron.
        match: the share of its variance that is a function of that quantity.
        leak: the largest share that another quantity explains of what that one leaves unexplained.
    """

    verdict: Verdict
    name: str
    match: float
    leak: float


def name_neurons(
    means: Float[np.ndarray, "systems latents"],
    information: Float[np.ndarray, " latents"],
    columns: Mapping[str, np.ndarray],
    substituted: Float[np.ndarray, "latents columns"] | None = None,
) -> list[NeuronName]:
    """A `NeuronName` for each neuron, from the variables and candidates in `columns`.

    A neuron is `named` when one quantity explains at least 0.9 of its variance, and no other more than 0.05 on
    top; `span-named` when only the columns together explain as much (see `spans`); else `unnamed-but-active`. Where
    observations are noisy nothing explains a neuron's variance; then it is `named` when a quantity does at least 0.9
    of what the neuron does for the answers, and 0.2 more than any that is not a function of it: where neurons hold a
    sum and a difference, beside the one the other may be either term.

    Args:
        substituted: what `substitution` says of each neuron and column.
    """
    means = np.asarray(means, np.float64)
    columns = {name: np.asarray(column, np.float64) for name, column in columns.items()}
    table = explained_table(means, list(columns.values()))
    labels = list(columns)
    active = np.asarray(information) > ACTIVE
    together = np.zeros(len(active))
    if active.any():
        together[active] = spans(means[:, active], np.stack(list(columns.values()), axis=1)).neurons
    found = []
    for k, row in enumerate(table):
        if not active[k]:
            found.append(NeuronName("dead", "", 0.0, 0.0))
            continue
        best = int(np.argmax(row))
        rest, _ = remainder(means[:, k], columns[labels[best]])
        share = rest.var() / means[:, k].var()
        leak = share * max([0.0, *(explained(rest, column) for column in columns.values())])
        named = row[best] >= MATCHED and leak <= LEAK
        if not named and substituted is not None and substituted[k].max() >= SUBSTITUTED:
            serving = int(np.argmax(substituted[k]))
            if not _serve_as_well(substituted[k], serving, list(columns.values())):
                best, named = serving, True
        verdict: Verdict = "named" if named else "span-named" if together[k] >= MATCHED else "unnamed-but-active"
        found.append(NeuronName(verdict, labels[best], float(row[best]), float(leak)))
    return found


def rivals(
    z: Float[np.ndarray, " systems"], columns: Mapping[str, Float[np.ndarray, " systems"]], name: str
) -> list[str]:
    """The other columns that explain a neuron as well as one does, within three standard errors or a hundredth.

    Where candidates move together in a table, nobody can say which of them a neuron holds.
    """
    z = np.asarray(z, np.float64)
    best = remainder(z, columns[name])[0] ** 2
    found = []
    for other in columns.keys() - {name}:
        worse = remainder(z, columns[other])[0] ** 2 - best
        error = worse.std() / len(z) ** 0.5
        if worse.mean() <= max(BY_CHANCE * error, SAME * z.var()):
            found.append(other)
    return found


def _serve_as_well(substituted: Float[np.ndarray, " columns"], best: int, columns: Sequence[np.ndarray]) -> bool:
    """Whether another column serves about as well in the place of a neuron that is no function of the best one."""
    near = np.flatnonzero(substituted >= substituted[best] - AHEAD)
    return any(explained(columns[other], columns[best]) < MATCHED for other in near.tolist() if other != best)


def matched(means: Float[np.ndarray, "systems latents"], columns: Sequence[np.ndarray]) -> tuple[list[int], list[int]]:
    """The neuron for each column, so that together they explain most, and its sign of rank correlation.

    Raises:
        ValueError: for more columns than neurons.
    """
    if len(columns) > means.shape[1]:
        raise ValueError(f"{len(columns)} columns cannot be matched with {means.shape[1]} neurons")
    table = explained_table(np.asarray(means, np.float64), [np.asarray(c, np.float64) for c in columns])
    neurons = linear_sum_assignment(-table.T)[1].tolist()
    signs = [1 if rank_correlation(means[:, k], c) >= 0 else -1 for k, c in zip(neurons, columns, strict=True)]
    return neurons, signs
