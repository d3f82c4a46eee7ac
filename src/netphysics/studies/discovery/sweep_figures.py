"""Figures of SciNet sweeps: errors by the number of latents, what neurons tell, and what moving them does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from netphysics.discovery.probe import ACTIVE, QUANTILES
from netphysics.report import Figure, Table, ordered_roles
from netphysics.report.style import draw_measured, draw_published, draw_theory, figure, legend, name_axes
from netphysics.stats import Estimate, stack

from .options import SweepConfig


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
        draw_theory(axes, np.array([0, k.max()]), np.full(2, floor), role, label)
    roles = ("discovery", "fields")[: len(errors)] if len(errors) < 3 else ordered_roles(len(errors))
    for i, (role, (label, error)) in enumerate(zip(roles, errors.items(), strict=True)):
        draw_measured(axes, k + 0.05 * i, error[order], role, label)
    published = dict(published or {})
    if published:
        draw_published(
            axes, np.array(list(published)), np.array(list(published.values())), "other", "released networks"
        )
    axes.set_xticks(np.arange(k.max() + 1))
    legend(axes, loc="best")
    columns = {**errors, **({"released networks": None} if published else {})}
    rows = [
        (int(n), *(published.get(int(n), "") if error is None else error[i] for error in columns.values()))
        for n, i in zip(k, order, strict=True)
    ]
    return Figure("error", caption, plot, Table(("K", *columns), rows))


def with_and_without_noise(found: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """The errors of networks whose neurons are at their means, and of those that are drawn."""
    return {"neurons at their means": found["error"], "neurons with their noise": found["noisy_error"]}


def information_figure(information: Estimate, caption: str) -> Figure:
    """What the neurons tell, the most informative first."""
    plot, (axes,) = figure()
    rank = np.arange(1, len(information) + 1)
    name_axes(axes, "neuron, by rank", "information (nats)")
    draw_measured(axes, rank, information, "discovery")
    draw_theory(axes, rank[[0, -1]], np.full(2, ACTIVE), "other", "active above, silent below")
    axes.set_xticks(rank)
    axes.set_xlim(0.7, rank[-1] + 0.3)
    legend(axes, loc="center right")
    table = Table(("rank", "information (nats)"), [(int(r), e) for r, e in zip(rank, information, strict=True)])
    return Figure("information", caption, plot, table)


def numbers_figures(
    config: SweepConfig, found: Mapping[str, Estimate], suffix: str = "", title: str = ""
) -> Iterator[Figure]:
    """The numbers that a sweep has for "how many", side by side, and why they differ; none for a sweep without 0."""
    if "knee" not in found:
        return
    bars = {
        "knee of the error": found["knee"],
        "steepest drop of the error": found["drop"],
        "active neurons": found["active"],
        "dimension of observations": found["dimension"],
    }
    plot, (axes,) = figure()
    place = np.arange(len(bars))
    name_axes(axes, "", "how many")
    draw_measured(axes, place, stack(list(bars.values())), "discovery")
    axes.set_xticks(place, [name.replace(" of ", "\nof ") for name in bars])
    top = int(np.nanmax([*(bar.value for bar in bars.values()), 1])) + 1
    axes.set(xlim=(-0.5, len(bars) - 0.5), ylim=(0, top), yticks=np.arange(0, top + 1, 1 + top // 8))
    rows = [
        *bars.items(),
        ("error at the knee / least error", found["left"]),
        ("agreement of seeds", found["agreement"]),
    ]
    yield Figure(
        f"numbers{suffix}", f"{title}{reading(config, found)}", plot, Table(("what is counted", "number"), rows)
    )


def reading(config: SweepConfig, found: Mapping[str, Estimate]) -> str:
    """The numbers of a sweep in words."""
    knee_at, active, seen = (float(found[name].value) for name in ("knee", "active", "dimension"))
    fewer = max((k for k in config.latents if k < round(knee_at)), default=-1) + 1
    where = f"at {knee_at:.2g}" if fewer >= round(knee_at) else f"between {fewer} and {knee_at:.2g}"
    words = [
        f"How many numbers? The error has its knee {where} latents, {active:.2g} of {max(config.latents)} neurons are "
        f"active, and observations have dimension {seen:.2g}."
    ]
    if active > knee_at + 0.5:
        words.append(
            "More neurons than numbers: a set that is no part of a plane or space of its own dimension, such as a "
            "circle or a sphere, takes more; or a weak bottleneck keeps copies."
        )
    elif active < fewer - 0.5:
        words.append("Fewer neurons than the knee: a strong bottleneck silences neurons that cost more than they gain.")
    if seen > max(active, knee_at) + 0.5:
        words.append("Observations hold more, noise included, than the answers need.")
    elif seen < fewer - 0.5:
        words.append(
            "Observations have fewer dimensions than latents were needed: neighbors are too far apart to tell."
        )
    if found["left"].value > 2:
        words.append(f"After the knee the error still falls, {float(found['left'].value):.2g}-fold.")
    if np.isfinite(found["agreement"].value):
        words.append(
            f"Networks of different seeds share {float(found['agreement'].value):.0%} of what their neurons hold."
        )
    return " ".join(words)


def intervention_figure(moved: Estimate, unit: str) -> Figure:
    """What moving one neuron by hand does to the answers, the most informative neuron first."""
    plot, (axes,) = figure()
    name_axes(axes, "quantile that the neuron is set to", f"RMS change ({unit})")
    rows = []
    for rank, role in enumerate(ordered_roles(len(moved)), start=1):
        draw_measured(axes, np.array(QUANTILES), moved[rank - 1], role, f"neuron {rank}")
        rows += [(rank, q, moved[rank - 1, i]) for i, q in enumerate(QUANTILES)]
    legend(axes, loc="best")
    caption = (
        "Turning one neuron by hand, from its median to another quantile, while the others stay as they are: how far "
        "answers go. Neurons in the order of what they tell; a dead one moves nothing. No candidate is needed here."
    )
    return Figure("turning", caption, plot, Table(("neuron, by rank", "quantile", f"change ({unit})"), rows))
