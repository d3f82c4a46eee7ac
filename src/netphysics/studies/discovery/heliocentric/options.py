"""Options of the orbits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from ..options import SweepConfig

Kind = Literal["circular", "elliptic"]
Starts = Literal["joint", "product", "uniform"]
PHASES = 2


@dataclass(frozen=True)
class Config(SweepConfig):
    """Options of the orbits."""

    orbits: tuple[Kind, ...] = ("circular",)
    """Shapes of the orbits: circular, looked at every 7 days; elliptic, looked at every 25 days."""
    starts: Starts = "joint"
    """Phases on circles at the time of observation: joint, those of a week in the life of Copernicus; product, of
    two independent weeks and both of Earth, as for the published networks; uniform. On ellipses always uniform."""
    latents: tuple[int, ...] = (2,)
    """Numbers of latent neurons to offer; the claims are about 2."""
    steps: int = 4000
    """Steps of each of the two stages."""
    find_beta: float = 1e-2
    """Strength of the bottleneck while neurons are found."""
    polish_beta: float = 1e-3
    """Strength of the bottleneck while answers are made precise; a weaker one lets the planes bend."""
    width: int = 48
    """Width of the two hidden layers of encoder and decoder."""

    presets: ClassVar = {
        "quick": {"steps": 2000},
        "paper": {
            "orbits": ("circular", "elliptic"),
            "latents": (0, 1, 2, 3),
            "steps": 12_000,
            "width": 64,
            "draws": 8,
        },
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, known in (("orbits", get_args(Kind)), ("starts", get_args(Starts))):
            value = getattr(self, name)
            chosen = value if name == "orbits" else (value,)
            if not chosen or len(set(chosen)) < len(chosen) or not set(chosen) <= set(known):
                raise ValueError(f"{name} is {value}; accepted are {', '.join(known)}, none of them twice")
        if PHASES not in self.latents:
            raise ValueError(f"latents is {self.latents}; one must be 2, for the phases of two planets")
