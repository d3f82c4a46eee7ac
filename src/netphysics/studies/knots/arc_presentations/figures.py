"""Pictures of walks among arc presentations: steps against arcs, sizes along the way, and arc indices reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.report import Curve, Figure, curves, ordered_roles
from netphysics.stats import Estimate

from .walks import BUDGETS

# Crossing numbers in the picture of arc indices.
LARGEST_SHOWN = 4


def steps_figure(arcs: Sequence[int], log_steps: Mapping[str, Estimate]) -> Figure:
    """How steps grow with size, for each kind of unknot."""
    return curves(
        "steps",
        "Steps of a walk that unties an unknot, the geometric mean over unknots, against the arcs at its beginning. "
        "A diagram with $c$ crossings has $c + 2$ arcs.",
        _lines("made by", np.array(arcs), {kind: each.map(np.exp, np.exp) for kind, each in log_steps.items()}),
        x="arcs",
        y="steps",
        log="xy",
        slope=2,
    )


def ways_figure(arcs: int, sizes: Mapping[str, Estimate]) -> Figure:
    """How large a diagram or a word is along the way."""
    points = len(next(iter(sizes.values())).value)
    return curves(
        "ways",
        f"Arcs along the way that a walk found, over the {arcs} arcs at its beginning, against the share of its moves "
        "that have been made; and letters of the same closed braids along a way by braid moves.",
        _lines("way", np.linspace(0, 1, points), sizes),
        x="share of the moves",
        y="size, over the first one",
    )


def guides_figure(arcs: Sequence[int], gained: Mapping[str, Estimate]) -> Figure:
    """What guides gain over the uniform walk; logarithms of ratios have shape (sizes,)."""
    return curves(
        "guides",
        "Steps of guided walks over those of the uniform walk, on grown grids that no guide has learned from: the "
        "geometric mean against the arcs at the beginning.",
        _lines("guide", np.array(arcs), {name: each.map(np.exp, np.exp) for name, each in gained.items()}),
        x="arcs",
        y="steps, over those of the uniform walk",
        log="x",
    )


def table_figure(crossings: np.ndarray, reached: Estimate) -> Figure:
    """The prime knots that come to their arc index; shares have shape (budgets, crossing numbers)."""
    shown = range(max(len(crossings) - LARGEST_SHOWN, 0), len(crossings))
    return curves(
        "arc-index",
        "The share of prime knots of some crossing numbers whose arc index a walk from KnotInfo's braid has reached, "
        "against the steps that it has made.",
        [
            Curve(
                labels={"crossings": int(crossings[k])},
                x=np.array(BUDGETS),
                measured=reached[:, k],
                role=role,
                legend=f"{crossings[k]} crossings",
            )
            for k, role in zip(shown, ordered_roles(len(shown)), strict=True)
        ],
        x="steps",
        y="share of knots",
        log="x",
    )


def _lines(label: str, x: np.ndarray, measured: Mapping[str, Estimate]) -> list[Curve]:
    """A curve for each name."""
    return [
        Curve(labels={label: name}, x=x, measured=each, role=role, legend=name)
        for (name, each), role in zip(measured.items(), ordered_roles(len(measured)), strict=True)
    ]
