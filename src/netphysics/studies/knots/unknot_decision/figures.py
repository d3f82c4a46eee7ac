"""Pictures of networks that decide the unknot: accuracy by the number of letters, and Alexander-trivial knots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from netphysics.report import (
    Figure,
    Table,
    draw_measured,
    draw_published,
    figure,
    legend,
    name_axes,
    ordered_roles,
    role_of,
)
from netphysics.stats import Estimate, stack

if TYPE_CHECKING:
    from .study import Config

# What was measured at one number of letters.
Found = Mapping[str, Estimate]

BASELINES = ("counting", "Alexander")
# What controls learn besides the prior's words: as many letters for every N, and examples in which counts tell nothing.
SETS = ("letters", "matched")
TITLES = {
    "words": "same number of words",
    "letters": "same number of letters",
    "matched": "matched examples",
    "new": "new unknots",
}


def of_kind(config: Config, found: Found, kind: str) -> dict[str, Estimate]:
    """What each decider does on one kind of examples, by its name; only controls learned from the other `SETS`."""
    if kind in SETS:
        names, each = (*config.controls, *BASELINES), found["controls"][:, 1 + SETS.index(kind)]
    else:
        names, each = (*config.networks, *BASELINES), found["new" if kind == "new" else "accuracy"]
    return dict(zip(names, each, strict=True))


def accuracy_figure(
    config: Config,
    measured: Mapping[int, Found],
    kinds: Sequence[str],
    name: str,
    caption: str,
    published: float | None = None,
) -> Figure:
    """Accuracy against N: a panel for each kind of examples, a color for each decider.

    Args:
        measured: by number of letters.
        published: an accuracy on the prior's words.
    """
    plot, panels = figure(panels=len(kinds))
    roles = dict(
        zip((*config.networks, *BASELINES), (*ordered_roles(len(config.networks)), "other", "knots"), strict=True)
    )
    lengths = np.array(config.letters, float)
    rows = []
    for kind, axes in zip(kinds, panels, strict=True):
        name_axes(
            axes,
            "letters $N$",
            "share recognized" if kind == "new" else "balanced accuracy",
            log="x",
            title=TITLES[kind],
        )
        axes.sharey(panels[0])
        found = [of_kind(config, measured[letters], kind) for letters in config.letters]
        for number, (decider, role) in enumerate(roles.items()):
            if decider not in found[0]:
                continue
            points = stack([each[decider] for each in found])
            draw_measured(axes, 1.03 ** (number - 2) * lengths, points, role, decider)
            rows += [(TITLES[kind], decider, n, point) for n, point in zip(config.letters, points, strict=True)]
        ticks(axes, config.letters)
        axes.axhline(0.5, color=role_of("muted").light, linewidth=0.8, zorder=1)
        if kind == "words" and published is not None:
            draw_published(axes, lengths, np.full(len(lengths), published), "gaussian", "published")
    legend(panels[0], loc="lower right")
    return Figure(name, caption, plot, Table(("examples", "decider", "letters $N$", "balanced accuracy"), rows))


def trivial_figure(config: Config, measured: Mapping[int, Found]) -> Figure:
    """How often knots that Alexander's polynomial does not know are called knots, and how often unknots like them."""
    lengths = [letters for letters in config.letters if "trivial" in measured[letters]]
    found = stack([measured[letters]["trivial"] for letters in lengths])
    plot, panels = figure(panels=2)
    rows = []
    roles = (*ordered_roles(len(config.networks)), "other", "knots")
    for place, (kind, axes) in enumerate(zip(("Alexander-trivial knots", "one crossing changed"), panels, strict=True)):
        name_axes(axes, "letters $N$", "share called knots", log="x", title=kind)
        for number, (decider, role) in enumerate(zip((*config.networks, *BASELINES), roles, strict=True)):
            points = found[:, number, place]
            draw_measured(axes, 1.03 ** (number - 2) * np.array(lengths, float), points, role, decider)
            rows += [(kind, decider, n, point) for n, point in zip(lengths, points, strict=True)]
        ticks(axes, lengths)
        axes.axhline(0.5, color=role_of("muted").light, linewidth=0.8, zorder=1)
        axes.set_ylim(-0.05, 1.05)
    legend(panels[1])
    return Figure(
        "alexander-trivial",
        "Left, knots whose Alexander polynomial is 1, as the unknot's is, and whose Jones polynomial is not, disguised "
        "by the moves that unknots are made with. Right, the same words and moves with one crossing changed at the "
        "beginning, which unties them. The gray line is a coin.",
        plot,
        Table(("words", "decider", "letters $N$", "share called knots"), rows),
    )


def ticks(axes: Axes, letters: Sequence[int]) -> None:
    """A tick at each number of letters."""
    axes.set_xlim(min(letters) / 1.15, max(letters) * 1.15)
    axes.set_xticks(letters, [str(count) for count in letters])
    axes.minorticks_off()
