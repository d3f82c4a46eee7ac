"""Worlds: pieces of physics that a network can observe and be asked about."""

from .collision import collision
from .pendulum import pendulum
from .world import Sample, World

__all__ = ["Sample", "World", "collision", "pendulum"]
