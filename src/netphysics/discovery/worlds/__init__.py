"""Worlds: pieces of physics that a network can observe and be asked about."""

from .collision import collision
from .orbits import Orbits
from .pendulum import pendulum
from .tomography import Tomography
from .world import Sample, World

__all__ = ["Orbits", "Sample", "Tomography", "World", "collision", "pendulum"]
