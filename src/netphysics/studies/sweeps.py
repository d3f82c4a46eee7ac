"""Figures that all studies of SciNet sweeps show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.report import Figure, Table, figure, legend, literature, measured, name_axes, sweep, theory
from netphysics.stats import Estimate

ACTIVE = 0.1


def error_figure(
    latents: Sequence[int],
    errors: Mapping[str, Estimate],
    floors: Mapping[str, float],
    caption: str,
    *,
    unit: str,
    published: Mapping[int, float] | None = None,
) -> Figure:
    """The error by the number of latents offered.

    Args:
        errors: by label, one estimate of shape (latents,) each.
        floors: exact errors, by label, drawn as lines.
        published: errors of others, by number of latents.
    """
    plot, (axes,) = figure()
    name_axes(axes, "latent neurons offered, $K$", f"RMSE ({unit})", log="y")
    order = np.argsort(latents)
    k = np.array(latents)[order]
    for role, (label, floor) in zip(("other", "muted", "ink"), floors.items(), strict=False):
        theory(axes, np.array([0, k.max()]), np.full(2, floor), role, label)
    roles = ("discovery", "fields")[: len(errors)] if len(errors) < 3 else sweep(len(errors))
    for i, (role, (label, error)) in enumerate(zip(roles, errors.items(), strict=True)):
        measured(axes, k + 0.05 * i, error[order], role, label)
    published = dict(published or {})
    if published:
        literature(axes, np.array(list(published)), np.array(list(published.values())), "other", "released networks")
    axes.set_xticks(np.arange(k.max() + 1))
    legend(axes, loc="best")
    columns = {**errors, **({"released networks": None} if published else {})}
    rows = [
        (int(n), *(published.get(int(n), "") if error is None else error[i] for error in columns.values()))
        for n, i in zip(k, order, strict=True)
    ]
    return Figure("error", caption, plot, Table(("K", *columns), rows))


def information_figure(information: Estimate, caption: str) -> Figure:
    """What the neurons tell, the most informative first."""
    plot, (axes,) = figure()
    rank = np.arange(1, len(information) + 1)
    name_axes(axes, "neuron, by rank", "information (nats)")
    measured(axes, rank, information, "discovery")
    theory(axes, rank[[0, -1]], np.full(2, ACTIVE), "other", "active above, silent below")
    axes.set_xticks(rank)
    axes.set_xlim(0.7, rank[-1] + 0.3)
    legend(axes, loc="center right")
    table = Table(("rank", "information (nats)"), [(int(r), e) for r, e in zip(rank, information, strict=True)])
    return Figure("information", caption, plot, table)
