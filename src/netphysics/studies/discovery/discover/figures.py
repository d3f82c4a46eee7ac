"""The figures of `discover` that compare neurons with candidates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.discovery.probe import SCORES, VERDICTS
from netphysics.discovery.probe.symbolic import decode
from netphysics.lab.formulas import literal
from netphysics.report import Figure, Table, categories, draw_measured, figure, legend, name_axes, ordered_roles
from netphysics.stats import Estimate

from ..sweeps import in_words
from .findings import number_of
from .options import Config

# A verdict that fewer seeds share is unstable.
SHARED = 0.75
ROUNDING = 1e-6


def settled(labels: Sequence[str], shares: np.ndarray) -> str:
    """The label that three quarters of the seeds share; empty where none is."""
    return labels[int(np.argmax(shares))] if np.max(shares) >= SHARED else ""


def candidate_figure(labels: Sequence[str], found: Mapping[str, Estimate]) -> Figure:
    """How much each candidate has to do with the neuron that knows it best, by all measures."""
    plot, (axes,) = figure()
    place = np.arange(len(labels))
    name_axes(axes, "", "share or correlation")
    shown = {
        "of the neuron, explained by it": found["scores"][:, SCORES.index("explained")],
        "of it, explained by all neurons": found["together"],
        "answers move alike": found["parallel"],
    }
    for i, (role, (label, values)) in enumerate(zip(ordered_roles(3), shown.items(), strict=True)):
        draw_measured(axes, place + 0.12 * (i - 1), values, role, label)
    axes.set_xticks(place, [literal(label) for label in labels])
    axes.set(xlim=(-0.7, len(labels) - 0.3), ylim=(-0.05, 1.05))
    legend(axes, loc="best")
    caption = (
        "What neurons and candidates have to do with each other. For the neuron that knows a candidate best: the "
        "share of its variance that is a function of the candidate. For all neurons together: the share of the "
        "candidate that they explain, which no mixture of neurons changes. And how parallel answers move when the "
        "neuron is moved, and when the candidate changes. The table has more, and the share of seeds that name it."
    )
    columns = ("candidate", *SCORES, "by all neurons", "answers move alike", "seeds that name it")
    rows = [
        (literal(label), *found["scores"][i], found["together"][i], found["parallel"][i], found["named"][i])
        for i, label in enumerate(labels)
    ]
    return Figure("candidates", caption, plot, Table(columns, rows))


def formula_figure(labels: Sequence[str], found: Mapping[str, Estimate]) -> Figure:
    """For each neuron its verdict, and the formula that all seeds agree on."""
    plot, (axes,) = figure()
    rank = np.arange(1, len(found["follows"]) + 1)
    name_axes(axes, "neuron, by rank", "rank correlation with its formula")
    draw_measured(axes, rank, found["follows"], "discovery")
    axes.set_xticks(rank)
    axes.set(xlim=(0.5, rank[-1] + 0.5), ylim=(-0.05, 1.05))
    rows = []
    for k in rank - 1:
        verdict = settled(VERDICTS, found["verdicts"].value[k]) or "unstable"
        held = settled(labels, found["held"].value[k])
        # A code that differs between seeds is an average of codes, which means nothing.
        formula = "" if found["formulas"].error[k].max() > ROUNDING else decode(found["formulas"].value[k], labels)
        if verdict == "named" and not held:
            verdict = "unstable"
        rows.append((int(k + 1), verdict, held, formula, found["follows"][k]))
    words = "; ".join(
        f"neuron {k}, {verdict}" + f" {held}" * (verdict == "named") + f" ({formula})" * (formula not in ("", held))
        for k, verdict, held, formula, _ in rows
    )
    caption = (
        f"What each neuron holds, the most informative first, where three quarters of the seeds agree: {words}. "
        "Formulas of the candidates were searched for by rank correlation, since a neuron is defined up to a monotone "
        "function; those that all seeds agree on are shown."
    )
    columns = ("neuron, by rank", "verdict", "best candidate", "formula", "rank correlation")
    return Figure("formulas", caption, plot, Table(columns, rows))


def number_figure(config: Config, found: Mapping[str, Estimate]) -> Figure:
    """How many latents the answers need, beside other numbers for "how many"."""
    number = number_of(config, found)
    middle, half = (number.fewest + number.most) / 2, (number.most - number.fewest) / 2
    active, seen = (float(found[name].value) for name in ("active", "dimension"))
    words = [
        f"How many numbers? The answers need {in_words(number)}, by errors on validation rows; {active:.2g} of "
        f"{max(config.latents)} neurons are active, and observations have dimension {seen:.2g}. The bar of the first "
        "is the interval of what cannot be told apart; others have standard errors."
    ]
    if seen > max(active, number.most) + 0.5:
        words.append("Observations hold more, noise included, than the answers need.")
    if active > number.most + 0.5:
        words.append(
            "More neurons than numbers: a set that is no part of a plane or space of its own dimension, such as a "
            "circle or a sphere, takes more; or a weak bottleneck keeps copies."
        )
    if np.isfinite(found["agreement"].value):
        words.append(
            f"Networks of different seeds share {float(found['agreement'].value):.0%} of what their neurons hold."
        )
    bars = {
        "latents needed": Estimate(middle, half, found["active"].draws),
        "active neurons": found["active"],
        "dimension of\nobservations": found["dimension"],
    }
    return categories("numbers", " ".join(words), {"how many": bars}, y="how many", places="what is counted")
