"""Figures that studies of agents share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from netphysics.report import Curve
from netphysics.stats import Estimate


def share_curves(x: Sequence[int | float], shares: Estimate, players: Mapping[str, str]) -> list[Curve]:
    """What each player unties along an axis.

    Args:
        x: places, shape (n,).
        shares: shape (n, players).
        players: the color of each, by name.
    """
    return [
        Curve(labels={"player": name}, x=np.array(x), measured=shares[:, number], role=role, legend=name)
        for number, (name, role) in enumerate(players.items())
    ]
