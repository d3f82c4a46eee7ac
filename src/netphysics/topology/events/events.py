"""Events: four-momenta as they come from a file, and what can be wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Files are written with few digits: what is off by less than this share of an event's energy is rounding.
TOLERANCE = 1e-3
COMPONENTS = ("E", "px", "py", "pz")


@dataclass(frozen=True)
class Events:
    """Events from one source.

    Attributes:
        momenta: (E, px, py, pz) of each particle, float64 of shape (events, particles, 4); zeros where an event has
            fewer particles.
        labels: whether each event is signal, bool of shape (events,), where the source tells.
        layout: how the source was understood, in words.

    Raises:
        ValueError: for more or fewer labels than events.
    """

    momenta: np.ndarray
    labels: np.ndarray | None = None
    layout: str = "an array of four-momenta"

    def __post_init__(self) -> None:
        if self.labels is not None and self.labels.shape != (len(self.momenta),):
            raise ValueError(
                f"labels has shape {self.labels.shape}; there must be one for each of the {len(self.momenta)} events"
            )

    def __len__(self) -> int:
        return len(self.momenta)

    def leading(self, particles: int) -> Events:
        """The events with the particles of largest transverse momentum alone, hardest first.

        Raises:
            ValueError: for fewer than 1 particle, or more than there are.
        """
        return Events(hardest(self.momenta, particles), self.labels, self.layout)


def real_numbers(momenta: np.ndarray, source: str) -> np.ndarray:
    """The momenta as float64.

    Raises:
        ValueError: for text and complex numbers.
    """
    if momenta.dtype.kind not in "iuf":
        raise ValueError(f"{source} has momenta of type {momenta.dtype}; they must be real numbers")
    return momenta.astype(np.float64)


def hardest(momenta: np.ndarray, particles: int) -> np.ndarray:
    """The particles of largest transverse momentum of each event, hardest first.

    Raises:
        ValueError: for fewer than 1 particle, or more than there are.
    """
    if not 1 <= particles <= momenta.shape[1]:
        raise ValueError(f"particles is {particles}; the events have {momenta.shape[1]}")
    transverse = np.hypot(momenta[..., 1], momenta[..., 2])
    order = np.argsort(-transverse, axis=1, kind="stable")[:, :particles]
    return np.take_along_axis(momenta, order[..., None], axis=1)


def check_events(momenta: np.ndarray, source: str = "events") -> None:
    """Refuse events that no detector and no theory can have meant.

    Raises:
        ValueError: for no events, one particle only, numbers that are not finite, negative energies, or energies
            below the momentum, with how many and which is the first; and for columns in another order.
    """
    if not len(momenta):
        raise ValueError(f"{source} has no events")
    if momenta.shape[1] < 2:
        raise ValueError(f"{source} has 1 particle in each event; it must have at least 2")
    refuse(~np.isfinite(momenta).all(axis=(1, 2)), source, "hold NaN or infinity")
    read = ", ".join(COMPONENTS)
    if order := likely_order(momenta):
        raise ValueError(
            f"{source} has energies below the momentum where columns are read as {read}; they look like "
            f"{', '.join(order)}"
        )
    refuse(momenta[..., 0].min(axis=1) < 0, source, "have a particle of negative energy")
    words = f"have a particle with less energy than momentum, where columns are read as {read}"
    refuse(excess(momenta).max(axis=1) > TOLERANCE, source, words)
    refuse((momenta[..., 0] == 0).all(axis=1), source, "have no particle")


def refuse(bad: np.ndarray, source: str, what: str) -> None:
    """Raises ValueError where an event is bad, with how many are and which is the first."""
    if bad.any():
        raise ValueError(
            f"{source} has {len(bad)} events of which {bad.sum()} {what}; the first is event {bad.argmax()}"
        )


def excess(momenta: np.ndarray) -> np.ndarray:
    """By how much momenta exceed energies, as a share of all numbers of the event, shape (events, particles)."""
    scale = np.abs(momenta).sum(axis=(1, 2))[:, None]
    return (np.linalg.norm(momenta[..., 1:], axis=2) - momenta[..., 0]) / np.maximum(scale, np.finfo(float).tiny)


def likely_order(momenta: np.ndarray) -> tuple[str, ...] | None:
    """The order that the components seem to have; None where E, px, py, pz fits, or no other place of E does.

    Numbers tell only where the energy is.
    """
    fine = [np.mean(excess(np.roll(momenta, -place, axis=2)) <= TOLERANCE) for place in range(4)]
    best = int(np.argmax(fine))
    # A few bad events are bad events; components in another order make most of them bad.
    if fine[0] > 0.5 or fine[best] < 0.99:
        return None
    return (*COMPONENTS[1 : best + 1], COMPONENTS[0], *COMPONENTS[best + 1 :])
