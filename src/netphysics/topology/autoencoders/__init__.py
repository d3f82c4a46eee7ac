"""Autoencoders whose latent space has a topology of its own, and how far they get."""

from .autoencoder import Autoencoder, Options, images, make_training, train_autoencoders
from .degree import (
    sphere_degree,
    sphere_triangles,
    torus_loops,
    winding_matrix,
    winding_numbers,
)
from .errors import SUCCESS, TEAR, Errors, errors, rayleigh
from .latents import Factor, Latent, latent
from .winding import best_of, make_wound_training

__all__ = [
    "SUCCESS",
    "TEAR",
    "Autoencoder",
    "Errors",
    "Factor",
    "Latent",
    "Options",
    "best_of",
    "errors",
    "images",
    "latent",
    "make_training",
    "make_wound_training",
    "rayleigh",
    "sphere_degree",
    "sphere_triangles",
    "torus_loops",
    "train_autoencoders",
    "winding_matrix",
    "winding_numbers",
]
