"""Worlds: pieces of physics that a network can observe and be asked about."""

from .collision import collision
from .galaxies import Galaxies
from .pendulum import pendulum
from .qubits import Qubits
from .world import Sample, World

__all__ = ["Galaxies", "Qubits", "Sample", "World", "collision", "pendulum"]
