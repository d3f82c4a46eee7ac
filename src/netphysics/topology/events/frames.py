"""Frames: whether momenta add up to zero, and the boost after which they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from .events import TOLERANCE, refuse

Frame = Literal["auto", "given", "rest"]
# Of the events of a collision that is seen whole at most this share may be measured badly.
ODD = 0.01


def imbalance(momenta: np.ndarray) -> np.ndarray:
    """Length of the total three-momentum of each event over its total energy, shape (events,)."""
    total = momenta.sum(axis=1)
    return np.linalg.norm(total[:, 1:], axis=1) / total[:, 0]


def check_conservation(momenta: np.ndarray, source: str = "events", tolerance: float = TOLERANCE) -> None:
    """Refuse events whose momenta do not add up to zero.

    Raises:
        ValueError: with how many they are, and which is the first.
    """
    words = f"violate momentum conservation by more than {tolerance:g} of their energy"
    refuse(imbalance(momenta) > tolerance, source, words)


def at_rest(momenta: np.ndarray, source: str = "events") -> np.ndarray:
    """Each event in the frame where its momenta add up to zero, in units of its mass.

    Raises:
        ValueError: for events whose particles all fly in one direction, which have no such frame.
    """
    total = momenta.sum(axis=1)
    mass_squared = total[:, 0] ** 2 - np.sum(total[:, 1:] ** 2, axis=1)
    refuse(mass_squared <= 1e-12 * total[:, 0] ** 2, source, "have no rest frame")
    mass = np.sqrt(mass_squared)
    velocity, gamma = -total[:, 1:] / mass[:, None], total[:, 0] / mass
    along = np.einsum("enj,ej->en", momenta[..., 1:], velocity)
    energy = gamma[:, None] * momenta[..., 0] + along
    kick = momenta[..., 0] + along / (1 + gamma)[:, None]
    space = momenta[..., 1:] + kick[..., None] * velocity[:, None]
    return np.concatenate([energy[..., None], space], axis=2) / mass[:, None, None]


@dataclass(frozen=True)
class Framed:
    """Sets of events in one frame, without a unit.

    Attributes:
        momenta: by the name of the set, shapes (events, particles, 4).
        frame: the one that was taken.
        unbalanced: by the name of the set, how many events violate momentum conservation.
    """

    momenta: dict[str, np.ndarray]
    frame: Literal["given", "rest"]
    unbalanced: dict[str, int]


def in_one_frame(sets: Mapping[str, np.ndarray], frame: Frame = "auto", tolerance: float = TOLERANCE) -> Framed:
    """All sets in the frame that suits the first one.

    Args:
        sets: by name.
        frame: `rest` boosts every event to its rest frame and makes its mass 1; `given` takes momenta as they are, and
            divides them by the mean energy of the first set; `auto` is `given` where that set's momenta add up to zero.
        tolerance: how far from zero they may be, as a share of the energy.

    Raises:
        ValueError: for another frame, or a tolerance that is not positive; for events without a rest frame; and if
            `given` is asked for, for events of the first set that violate momentum conservation. Those of other sets
            may be the anomalies that are sought.
    """
    if frame not in get_args(Frame):
        raise ValueError(f"frame is {frame!r}; it must be one of {', '.join(get_args(Frame))}")
    if not tolerance > 0:
        raise ValueError(f"tolerance is {tolerance}; it must be positive")
    first = next(iter(sets))
    odd = {name: imbalance(momenta) > tolerance for name, momenta in sets.items()}
    if frame == "given":
        check_conservation(sets[first], first, tolerance)
    unbalanced = {name: int(each.sum()) for name, each in odd.items()}
    if frame == "rest" or (frame == "auto" and odd[first].mean() > ODD):
        return Framed({name: at_rest(momenta, name) for name, momenta in sets.items()}, "rest", unbalanced)
    unit = sets[first][..., 0].sum(axis=1).mean()
    return Framed({name: momenta / unit for name, momenta in sets.items()}, "given", unbalanced)
