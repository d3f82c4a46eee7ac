"""netphysics: a laboratory for the physics of neural networks."""

__version__ = "0.1.0"
