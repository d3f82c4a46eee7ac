"""Options of the rotation curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from netphysics.discovery.worlds.galaxies import Galaxies
from netphysics.lab import option

from ..options import SweepConfig

World = Literal["rar", "nfw-relation", "nfw-scatter", "nfw", "core"]


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the rotation curves."""

    worlds: tuple[World, ...] = option(("rar", "nfw-relation", "nfw", "core"), distinct=True)
    """What there is besides visible matter: another law of gravity, or halos of some kind."""
    free_ratio: bool = False
    """Hide the ratio of mass to light of the stars: one number more in every world."""
    noise: float = option(0.0, least=0, below=1)
    """Relative error of the velocities that are seen."""
    accuracy: float = option(0.015, above=0, below=1)
    """Relative error of a velocity that counts: latents that gain less are not needed."""
    steps: int = 2500
    """Steps of each of the two stages."""
    find_beta: float = 3e-5
    """Strength of the bottleneck while neurons are found; 2 x (relative error of a velocity)^2. At 1e-4 the second
    number of an NFW halo, which is worth 4 % of a velocity, is often pruned before it is learned."""
    polish_beta: float = 1e-5
    """Strength of the bottleneck while answers are made precise."""
    width: int = 48
    """Width of the two hidden layers of encoder and decoder."""
    sparc: str = ""
    """A folder of measured curves, files `*_rotmod.dat` of the SPARC data base; none by default."""
    disc_ratio: float = option(0.5, least=0)
    """Ratio of mass to light of the discs of measured galaxies, in solar units."""
    bulge_ratio: float = option(0.7, least=0)
    """Ratio of mass to light of their bulges."""
    fingerprint: str = ""
    """Digest of the folder, filled in: measurements that changed make another run."""

    presets: ClassVar = {
        "quick": {"worlds": ("rar", "nfw"), "latents": (0, 1, 2), "steps": 1200, "width": 32, "accuracy": 0.025},
        "paper": {
            "worlds": ("rar", "nfw-relation", "nfw-scatter", "nfw", "core"),
            "latents": (0, 1, 2, 3, 4),
            "steps": 20_000,
            "width": 96,
            "draws": 8,
            "accuracy": 0.01,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if 0 not in self.latents or max(self.latents) < 1:
            raise ValueError(f"latents is {self.latents}; it needs 0, and more to compare with")

    def galaxies(self, law: str) -> Galaxies:
        return Galaxies(law, self.free_ratio, self.noise)
