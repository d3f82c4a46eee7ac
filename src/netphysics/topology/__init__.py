"""Wing topology: what the shape of data does to networks, from circles to Lorentz-invariant phase space."""

__all__ = []
