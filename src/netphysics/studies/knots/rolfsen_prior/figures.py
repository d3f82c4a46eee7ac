"""Pictures of what a prior of random knots draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.knots.invariants import prime_knots
from netphysics.report import (
    Figure,
    Table,
    draw_measured,
    draw_published,
    figure,
    guide,
    legend,
    name_axes,
    ordered_roles,
)
from netphysics.stats import Estimate, stack

NINE = 9


def histogram(draws: int, strands: int, stabilization: float, shares: Estimate) -> Figure:
    """The prime knots in the order of the Rolfsen table, by their shares."""
    plot, (axes,) = figure(height=3.4)
    plot.set_figwidth(7.4)
    name_axes(axes, "prime knot", "share of all draws", log="y")
    x = np.arange(len(shares))
    seen = shares.value > 0
    draw_measured(axes, x[seen], shares[seen], "knots")
    # The first knots of three, four and five crossings are neighbors: there is room for one name.
    ticks = [k for k, knot in enumerate(prime_knots()) if knot.name in ("3_1", "6_1", "7_1", "8_1", "9_1")]
    axes.set_xticks(ticks, [f"${prime_knots()[k].name}$" for k in ticks])
    rows = [(knot.name, shares[k]) for k, knot in enumerate(prime_knots())]
    caption = (
        f"The prime knots that words of nine letters close to, in the order of the Rolfsen table, mirror images "
        f"counted. {draws:,} draws with {strands} strands and stabilization probability "
        f"{stabilization:g}; {int((~seen).sum())} of the 84 knots did not come up."
    )
    return Figure("rolfsen", caption, plot, Table(("knot", "share"), rows))


def trefoil_figure(lengths: Sequence[int], shares: Estimate) -> Figure:
    """The share of trefoils among knots, by the number of letters."""
    plot, (axes,) = figure()
    name_axes(axes, "letters $N$", "trefoils among knots")
    axes.set_ylim(0, None)
    draw_measured(axes, np.array(lengths, float), shares, "knots", "this prior")
    draw_published(axes, [NINE], [0.25], "other", "talk: about a quarter")
    axes.set_ylim(0, 1.15 * float(np.max(shares.value)))
    axes.set_xticks(lengths)
    legend(axes)
    return Figure(
        "trefoils",
        "The trefoil grows rarer with the length of the word: its share among all draws that are no unknots.",
        plot,
        Table(("letters $N$", "trefoils among knots"), list(zip(lengths, shares, strict=True))),
    )


def prime_figure(
    found: Mapping[tuple[int, float], Mapping[str, Estimate]], published: int, published_draws: int
) -> Figure:
    """The share of prime knots of nine letters, by the strands and the probability of a stabilization."""
    plot, (axes,) = figure()
    name_axes(axes, "probability of a stabilization", "prime knots among draws", log="x")
    strand_choices = list(dict.fromkeys(strands for strands, _ in found))
    choices = list(dict.fromkeys(share for _, share in found))
    for strands, role in zip(strand_choices, ordered_roles(len(strand_choices)), strict=True):
        points = stack([found[strands, share]["prime"] for share in choices])
        draw_measured(axes, np.array(choices), points, role, f"{strands} strands")
    guide(axes, y=published / published_draws)
    axes.set_xticks(choices, [f"{share:g}" for share in choices])
    axes.minorticks_off()
    axes.set_ylim(0, 1)
    legend(axes, ncols=len(strand_choices))
    return Figure(
        "prime",
        "What the prior leaves open decides how many of its draws are prime. Dashed: the talk's "
        f"{published} of {published_draws}.",
        plot,
        Table(
            ("strands", "stabilization", "prime", "unknots", "mean strands of a word"),
            [(*choice, each["prime"], each["unknot"], each["strands"]) for choice, each in found.items()],
        ),
    )
