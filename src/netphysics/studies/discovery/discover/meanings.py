"""Meanings: what neurons have to do with the candidates of a table."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import numpy as np

from netphysics.discovery import Sweep
from netphysics.discovery.probe import (
    VERDICTS,
    NeuronName,
    cosine,
    explained_table,
    expression,
    name_neurons,
    rivals,
    scores,
    spans,
    substitution,
)
from netphysics.discovery.probe.symbolic import LONGEST
from netphysics.stats import Numbers

# Neurons are compared with candidates on this many rows at most.
COMPARED = 4096


def meanings(sweep: Sweep, top: int, columns: Mapping[str, np.ndarray]) -> dict[str, Numbers]:
    """What the neurons of one network have to do with the candidates; neurons in the order of what they tell.

    Args:
        top: which member of the sweep.
        columns: the candidates of the first rows for testing, at most `COMPARED` of them.
    """
    order = np.argsort(-sweep.information(top), kind="stable")
    means, information = sweep.means(top)[:COMPARED, order], sweep.information(top)[order]
    there = np.isfinite(np.stack(list(columns.values()))).all(axis=0)
    means, columns = means[there], {name: column[there] for name, column in columns.items()}
    substituted = substitution(
        sweep.model(top),
        sweep.means(top)[:COMPARED][there],
        jax.tree.map(lambda array: array[:COMPARED][there], sweep.test),
        columns,
    )[order]
    neurons, labels = name_neurons(means, information, columns, substituted), list(columns)
    best = explained_table(means, list(columns.values())).argmax(axis=0)
    active = sweep.active(top)[order]
    together = spans(means[:, active], np.stack(list(columns.values()), axis=1)).columns if active.any() else 0
    formulas = [expression(z, columns) if a and np.ptp(z) > 0 else None for z, a in zip(means.T, active, strict=True)]
    held = dict(zip(labels, np.asarray(sweep.shared.variables, np.float64).T, strict=True))
    moved = sweep.intervention(
        top, {name: np.nan_to_num(column, nan=np.nanmean(column)) for name, column in held.items()}
    )
    return {
        "verdicts": [[name.verdict == verdict for verdict in VERDICTS] for name in neurons],
        "held": [[name.name == label for label in labels] for name in neurons],
        "rivals": [_rivals(z, columns, name) for z, name in zip(means.T, neurons, strict=True)],
        "named": [any(n.verdict == "named" and n.name == label for n in neurons) for label in labels],
        "scores": [scores(means[:, k], column) for k, column in zip(best, columns.values(), strict=True)],
        "substituted": substituted.max(axis=0),
        "together": np.zeros(len(labels)) + together,
        "parallel": [
            cosine(moved.by_neuron[order[k]], moved.by_candidate[label]) for k, label in zip(best, labels, strict=True)
        ],
        "formulas": [np.zeros(LONGEST) if formula is None else formula.code for formula in formulas],
        "follows": [0.0 if formula is None else formula.correlation for formula in formulas],
    }


def _rivals(z: np.ndarray, columns: Mapping[str, np.ndarray], name: NeuronName) -> list[bool]:
    """Which candidates explain a neuron as well as the one that it is named by."""
    as_well = rivals(z, columns, name.name) if name.verdict == "named" else []
    return [label in as_well for label in columns]
