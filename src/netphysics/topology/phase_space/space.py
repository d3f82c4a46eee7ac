"""Phase space: which particles share how much energy, and the shape of the set of their momenta."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class PhaseSpace:
    r"""The phase space of n particles in the frame where their momenta add up to zero.

    It is $\{(p_1, \dots, p_n): \sum p_i = 0, \sum E_i = \sqrt s\}$ with $E_i = \sqrt{p_i^2 + m_i^2}$, a topological
    sphere of dimension 3n - 4: the function $\sum E_i$ is convex and grows without bound on the linear space
    $\sum p_i = 0$, and below $\sqrt s$ at the origin, so that its level set bounds a convex body.

    Attributes:
        masses: of the particles, in the unit of the energy.
        energy: the total energy sqrt(s).

    Raises:
        ValueError: for fewer than two particles, a negative mass, or masses that leave no energy to move.
    """

    masses: tuple[float, ...]
    energy: float = 1.0

    def __post_init__(self) -> None:
        if len(self.masses) < 2:
            raise ValueError(f"masses has {len(self.masses)} entries; a phase space has at least 2 particles")
        for mass in self.masses:
            if not (math.isfinite(mass) and mass >= 0):
                raise ValueError(f"masses holds {mass}; a mass must be finite and not negative")
        if not (math.isfinite(self.energy) and self.energy > sum(self.masses)):
            raise ValueError(
                f"energy is {self.energy:g}; it must be finite and above the sum of the masses, {sum(self.masses):g}"
            )

    @staticmethod
    def massless(bodies: int, energy: float = 1.0) -> PhaseSpace:
        """The phase space of massless particles."""
        if bodies < 2:
            raise ValueError(f"bodies is {bodies}; a phase space has at least 2 particles")
        return PhaseSpace((0.0,) * bodies, energy)

    @property
    def bodies(self) -> int:
        return len(self.masses)

    @property
    def dimension(self) -> int:
        """Dimension 3n - 4 of the phase space, and of the sphere that it is."""
        return 3 * self.bodies - 4

    @property
    def is_massless(self) -> bool:
        return not any(self.masses)
