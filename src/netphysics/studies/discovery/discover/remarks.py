"""Remarks on what the name of a neuron alone would hide: a few values, an angle, candidates that move together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from netphysics.discovery import Sweep
from netphysics.discovery.probe import VERDICTS, explained, few_values, ring_angle
from netphysics.discovery.probe.shape import MOST_VALUES
from netphysics.stats import Estimate, Numbers, rank_correlation

from .meanings import COMPARED
from .options import Config

# Rank correlations from here on are told.
CORRELATED = 0.9
# What most seeds say.
MOST = 0.5
# An angle around a ring is a candidate's where it explains this share of its cosine and sine, or of itself.
HELD = 0.9


def shapes(sweep: Sweep, top: int, angles: Mapping[str, np.ndarray]) -> dict[str, Numbers]:
    """How many values each neuron of one network takes, 0 where it varies continuously, and which pairs are rings.

    Args:
        top: which member of the sweep; its neurons are in the order of what they tell.
        angles: candidates that rings are compared with.
    """
    order = np.argsort(-sweep.information(top), kind="stable")
    means, active = sweep.means(top)[:COMPARED, order], sweep.active(top)[order]
    values, ring, held = np.zeros((len(order), MOST_VALUES + 1)), np.zeros((len(order),) * 2), np.zeros(len(angles))
    for i, z in enumerate(means.T):
        values[i, len(few_values(z)) if active[i] else 0] = 1
        for j in range(i):
            if active[i] and active[j] and (angle := ring_angle(means[:, [j, i]])) is not None:
                ring[j, i] = 1
                held = np.maximum(held, [_follows(column[:COMPARED], angle) for column in angles.values()])
    return {"values": values, "ring": ring, "ring_held": held}


def _follows(column: np.ndarray, angle: np.ndarray) -> bool:
    """Whether a candidate, or its cosine and sine if it is an angle, is a function of the angle around a ring."""
    there = np.isfinite(column)
    parts = ([column], [np.cos(column), np.sin(column)])
    return any(min(explained(part[there], angle[there]) for part in each) >= HELD for each in parts)


def table_results(columns: Mapping[str, np.ndarray]) -> dict[str, Estimate]:
    """Rank correlations of the candidates, and their values where they take a few, as results of a study."""
    if not columns:
        return {}
    pairs = [[_correlation(one, other) for other in columns.values()] for one in columns.values()]
    values = np.full((len(columns), MOST_VALUES), np.inf)
    for row, column in zip(values, columns.values(), strict=True):
        if len(different := np.unique(column[np.isfinite(column)])) <= MOST_VALUES:
            row[: len(different)] = different
    return {"candidate-correlations": Estimate.exact(pairs), "candidate-values": Estimate.exact(values)}


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    there = np.isfinite(one) & np.isfinite(other)
    return rank_correlation(one[there], other[there])


def remarks(config: Config, floors: Mapping[str, Estimate], found: Mapping[str, Estimate]) -> Iterator[str]:
    """One sentence for each thing that a name alone would hide."""
    if "values" not in found:
        return
    holds = [_candidate(found, k) for k in range(max(config.latents))] if config.candidates else []
    counts, shares = found["values"].value.argmax(axis=1), found["values"].value.max(axis=1)
    for k in np.flatnonzero((counts > 0) & (shares > MOST)):
        candidate = holds[k] if holds else None
        known = "" if candidate is None else _values(config, floors, candidate)
        yield f"Neuron {k + 1} takes {counts[k]} values{known}."
    held = [name for name, share in zip(config.candidates, found["ring_held"].value, strict=True) if share > MOST]
    for i, j in np.argwhere(found["ring"].value > MOST):
        yield (
            f"Neurons {i + 1} and {j + 1} lie on a ring: together they hold one number, an angle"
            f"{' that follows ' * bool(held)}{' and '.join(held)}."
        )
    for a, b in _correlated(floors) if config.candidates else ():
        one, other = config.candidates[a], config.candidates[b]
        correlation = floors["candidate-correlations"].value[a, b]
        yield f"{one} and {other} are correlated in this table ({correlation:.2f}){_which(config, found, holds, a, b)}."


def _candidate(found: Mapping[str, Estimate], neuron: int) -> int | None:
    """The candidate that a neuron is named by in most seeds, wherever they agree that it is named."""
    named, held = found["verdicts"].value[neuron, VERDICTS.index("named")], found["held"].value[neuron]
    return int(held.argmax()) if named > MOST else None


def _values(config: Config, floors: Mapping[str, Estimate], candidate: int) -> str:
    values = floors["candidate-values"].value[candidate]
    known = [f"{value:g}" for value in values[np.isfinite(values)]]
    return f": it holds {config.candidates[candidate]}" + f", which is {', '.join(known)}" * bool(known)


def _correlated(floors: Mapping[str, Estimate]) -> Iterator[tuple[int, int]]:
    for a, b in np.argwhere(np.triu(np.abs(floors["candidate-correlations"].value) >= CORRELATED, 1)):
        yield int(a), int(b)


def _which(config: Config, found: Mapping[str, Estimate], holds: list[int | None], a: int, b: int) -> str:
    """Which of two correlated candidates a neuron holds, if one of them is held and that can be said."""
    for k, candidate in enumerate(holds):
        if candidate in (a, b):
            other = b if candidate == a else a
            seeds_differ = found["held"].value[k, other] > 0
            if seeds_differ or found["rivals"].value[k, other] > MOST:
                return f": which of them neuron {k + 1} holds cannot be said"
            return f": neuron {k + 1} follows {config.candidates[candidate]} rather than {config.candidates[other]}"
    return ""
