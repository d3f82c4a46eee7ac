"""What all studies of SciNet sweeps have in common: sums over seeds, claims about fractions of them, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from netphysics.blocks import Cell
from netphysics.discovery import Sweep
from netphysics.discovery.probe import ACTIVE, QUANTILES, agreement, knee, remaining_error, steepest_drop
from netphysics.lab.study import Experiment
from netphysics.report import (
    Figure,
    Table,
    draw_measured,
    draw_published,
    draw_theory,
    figure,
    legend,
    name_axes,
    ordered_roles,
)
from netphysics.stats import Claim, Estimate, Numbers, Tally, stack
from netphysics.stats.claim import Origin

from .options import SweepConfig

FINISHED, SPAN = "finished", "span"
KNEES = {"knee": knee, "drop": steepest_drop, "left": remaining_error}
# A statement holds if it is true for more than this share of trainings. Four of four are enough to say so, at 99 %.
SHARE = 0.25


def over_seeds(
    config: SweepConfig,
    sweep_of: Callable[..., Sweep],
    look: Callable[..., Mapping[str, Numbers]],
    kept: Sequence[str] = (),
) -> Experiment:
    """The experiment of a study: one sweep for each key, sums of what there is to say about it, and what to keep.

    Sums are over `common` and `look(sweep, key)` of the sweeps that were trained to the end. A seed with a training
    that diverged adds nothing but its absence from the sum `finished`.

    Args:
        kept: names of what `look` returns that are no sums, but kept for each key.
    """

    def experiment(keys: Iterable[Any]) -> tuple[dict[str, np.ndarray | np.float64], dict[str, np.ndarray]]:
        sums: dict[str, np.ndarray | np.float64] = {}
        each: dict[str, list[np.ndarray]] = {name: [] for name in kept}
        for key in keys:
            trained = sweep_of(key)
            quantities = {**common(config, trained), **look(trained, key), FINISHED: 1.0}
            for name, arrays in each.items():
                arrays.append(np.asarray(quantities.pop(name), np.float64))
            for name, value in quantities.items():
                sums[name] = sums.get(name, 0.0) + trained.finished * np.asarray(value, np.float64)
        return sums, {name: np.stack(arrays) for name, arrays in each.items()}

    return experiment


def largest(config: SweepConfig) -> int:
    """Which member of a sweep was offered the most neurons."""
    return config.latents.index(max(config.latents))


def common(config: SweepConfig, found: Sweep) -> dict[str, Numbers]:
    """What every study says of a sweep: errors, the three numbers of latents, and what its neurons do."""
    top = largest(config)
    information = found.information(top)
    order = np.argsort(-information, kind="stable")
    numbers = {"active": found.active(top).sum(), "dimension": found.dimension().value}
    numbers["actives"] = np.arange(max(config.latents) + 1) == numbers["active"]
    if 0 in config.latents:
        numbers |= {name: rule(config.latents, found.errors) for name, rule in KNEES.items()}
        numbers["knees"] = np.array(config.latents) == numbers["knee"]
    return {
        "error": found.errors,
        "noisy_error": found.activity.noisy_error,
        "information": information[order],
        "ablation": np.asarray(found.activity.ablation[top])[order],
        "moved": found.intervention(top, {}).moved[order],
        SPAN: found.span(top),
        **numbers,
    }


def seed_means(config: SweepConfig, cell: Cell, tally: Tally) -> dict[str, np.ndarray]:
    """Means over the seeds that were trained to the end, their share of all, and how far they agree.

    All means are NaN where no seed was trained to the end.
    """
    finished = tally.mean(FINISHED)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {name: np.asarray(tally.mean(name) / finished) for name in tally.sums if name != FINISHED}
    agreed = agreement(means.pop(SPAN), float(means["active"]), round(float(tally.sums[FINISHED])))
    return {**means, FINISHED: finished, "agreement": np.asarray(agreed)}


def fraction_claims(
    found: Mapping[str, Estimate], statements: Mapping[str, str], origin: Origin, source: str, suffix: str = ""
) -> Iterator[Claim]:
    """That each statement, by the name of what was measured, is true for a share of seeds; and a note on lost ones."""
    seeds, trained = trainings(found)
    if trained:
        for name, statement in statements.items():
            yield _share_claim(f"{name}{suffix}", statement, found[name], trained, origin, source)
    if trained < seeds:
        statement = "Trainings go to their end; those that diverge count nowhere else"
        yield Claim.fraction(f"{FINISHED}{suffix}", statement, SHARE, trained, seeds, "conjecture", "netphysics")


def knee_claim(
    id: str,
    config: SweepConfig,
    found: Mapping[str, Estimate],
    number: int,
    statement: str,
    origin: Origin,
    source: str,
) -> Iterator[Claim]:
    """That the error has its knee at a number of latents, or as close to it as the numbers that were offered allow.

    Args:
        statement: begins the sentence; what follows is where the knee is.
    """
    offered = sorted(config.latents)
    beyond = [k for k in offered if k >= number]
    if "knees" not in found or not beyond or not trainings(found)[1]:
        return
    first = max((k for k in offered if k < number), default=-1) + 1
    where = f"at {number} latents" if first == beyond[0] else f"between {first} and {beyond[0]} latents"
    share = found["knees"][config.latents.index(beyond[0])]
    yield _share_claim(id, f"{statement} {where}", share, trainings(found)[1], origin, source)


def active_claim(
    id: str, found: Mapping[str, Estimate], number: int, statement: str, origin: Origin, source: str
) -> Iterator[Claim]:
    """That so many neurons are active."""
    trained = trainings(found)[1]
    if trained:
        yield _share_claim(id, statement, found["actives"][number], trained, origin, source)


def trainings(found: Mapping[str, Estimate]) -> tuple[int, int]:
    """How many seeds there were, and how many of them were trained to the end."""
    seeds = round(float(found[FINISHED].draws))
    return seeds, round(float(found[FINISHED].value) * seeds)


def _share_claim(id: str, statement: str, share: Estimate, trained: int, origin: Origin, source: str) -> Claim:
    hits = round(float(share.value) * trained)
    return Claim.fraction(id, f"{statement}: {hits} of {trained} trainings", SHARE, hits, trained, origin, source)


def floor_claim(
    config: SweepConfig, floor: Estimate, error: Estimate, statement: str, source: str, id: str = "floor"
) -> list[Claim]:
    """That networks without latents have the exact error of those who know the question only, if there are any."""
    if 0 not in config.latents:
        return []
    return [Claim(id, statement, floor, error[config.latents.index(0)], "theory", source)]


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
