"""Worlds: pieces of physics that a network can observe and be asked about."""

from .collision import collision
from .orbits import Orbits
from .pendulum import pendulum
from .qubits import Qubits
from .world import Sample, World

__all__ = ["Orbits", "Qubits", "Sample", "World", "collision", "pendulum"]
