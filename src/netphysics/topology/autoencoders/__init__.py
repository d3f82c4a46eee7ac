"""Autoencoders whose latent space has a topology of its own, and how far they get."""

from .autoencoder import Autoencoder, Options, images, train_autoencoders
from .degree import (
    sphere_degree,
    sphere_triangles,
    torus_loops,
    winding_matrix,
    winding_numbers,
)
from .errors import SUCCESS, TEAR, Errors, errors, rayleigh
from .latents import Factor, Latent, latent
from .winding import best_of, wound_autoencoders

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
    "rayleigh",
    "sphere_degree",
    "sphere_triangles",
    "torus_loops",
    "train_autoencoders",
    "winding_matrix",
    "winding_numbers",
    "wound_autoencoders",
]
