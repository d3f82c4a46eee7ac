"""The palette: one color and one marker for each thing that is shown, the same in every figure.

A `Role` is named by what it stands for. Its two colors are the light and the dark page's; a figure is
drawn with the light one and the SVG refers to a CSS variable of the role's name, so that it follows the
page. No two roles share a light color: it is what tells them apart in the SVG.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Role:
    """How one kind of thing looks: its color on light and on dark paper, and its marker."""

    light: str
    dark: str
    marker: str = "o"


INITIALIZATIONS = {
    "gaussian": Role("#0165af", "#7ebdfd", "o"),
    "orthogonal": Role("#b8520b", "#fc9c6b", "s"),
    "other": Role("#007654", "#72cda7", "^"),
}
WINGS = {
    "fields": Role("#5157b1", "#a5b1ff", "o"),
    "learning": Role("#4f7a1c", "#a9cf7c", "v"),
    "discovery": Role("#9c6906", "#dcaf70", "s"),
    "topology": Role("#097272", "#76c8c7", "^"),
    "knots": Role("#a13567", "#f496bb", "D"),
}
# Lightness and hue rise together, so the order survives gray print and every kind of color blindness;
# the ends and the middle, which short sweeps use, have the plainest markers.
SWEEP = {
    "sweep-1": Role("#3f2a92", "#7971d0", "o"),
    "sweep-2": Role("#5f2b90", "#9d73cf", "<"),
    "sweep-3": Role("#7c2c87", "#bc75c6", "D"),
    "sweep-4": Role("#952e78", "#d879b8", "v"),
    "sweep-5": Role("#ab3464", "#ef81a6", "s"),
    "sweep-6": Role("#bc3f4b", "#fe8e92", "P"),
    "sweep-7": Role("#c7502b", "#fea489", "X"),
    "sweep-8": Role("#c5690f", "#ffb784", ">"),
    "sweep-9": Role("#be8111", "#ffca80", "^"),
}
VERDICTS = {
    "agrees": Role("#2c8766", "#86c8ab"),
    "disagrees": Role("#b32228", "#ff968e"),
    "undecided": Role("#7e5c2a", "#d0b28a"),
    # A published statement that fails is a finding, no failure; a conjecture that fails is neither.
    "finding": Role("#6d4a9c", "#c4a9ee"),
    "refuted": Role("#5d6066", "#aaa8a2"),
}
SURFACES = {
    "ink": Role("#1f2227", "#e6e3dc"),
    "muted": Role("#676a70", "#a09e98"),
    "rule": Role("#d8d5cc", "#3a3d43"),
    "wash": Role("#f3f1ea", "#1e2126"),
    "paper": Role("#fdfcf9", "#15171b"),
}
ROLES = {**INITIALIZATIONS, **WINGS, **SWEEP, **VERDICTS, **SURFACES}


def role_of(name: str) -> Role:
    """The role of that name.

    Raises:
        ValueError: for a name that is no role, listing those that are.
    """
    if name not in ROLES:
        raise ValueError(f"role is {name!r}; it must be one of {', '.join(ROLES)}")
    return ROLES[name]


def ordered_roles(count: int) -> list[str]:
    """Names of `count` roles in order, for the members of a sweep or a list of activations.

    Raises:
        ValueError: unless 1 <= count <= 9; more cannot be told apart.
    """
    if not 1 <= count <= len(SWEEP):
        raise ValueError(f"count is {count}; a figure can tell 1 to {len(SWEEP)} members of a sweep apart")
    steps = np.linspace(0, len(SWEEP) - 1, count).round().astype(int)
    return [list(SWEEP)[step] for step in steps]
