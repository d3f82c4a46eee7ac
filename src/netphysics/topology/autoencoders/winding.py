"""Winding numbers from the start: encoders into a torus that begin with the angles of the cloud's own loops."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from ...train import Training, make_train
from ..homology import circular_coordinates, farthest_points
from ..manifolds import on_circles
from .autoencoder import Autoencoder, Options, images, make_training
from .errors import errors
from .latents import latent

LANDMARKS = 250
STEPS = 400


def make_wound_training(
    cloud: Float[np.ndarray, "points columns"], latent_name: str, options: Options
) -> Callable[..., Training]:
    """A function `train(keys)` for autoencoders whose winding numbers are right before training begins.

    Gradient descent cannot change a winding number without tearing the map, so that most of the wrong ones stay.
    Persistent cohomology gives an angle around each loop of the cloud; encoders first learn those angles at a few
    hundred landmarks, then train as all others do.

    Args:
        latent_name: `T<k>` or `S1`.

    Raises:
        ValueError: for another latent.
    """
    space = latent(latent_name)
    if space.plain or space.coordinates != 2 * space.dimension:
        raise ValueError(f"latent is {latent_name}; winding numbers are those of T<k> or S1")
    landmarks = farthest_points(cloud, min(LANDMARKS, len(cloud)))
    angles = circular_coordinates(landmarks.points.astype(np.float64), space.dimension)
    examples = (jnp.asarray(landmarks.points, jnp.float32), on_circles(jnp.asarray(angles, jnp.float32)))

    def init(setting: None, *, key: PRNGKeyArray) -> Autoencoder:
        return Autoencoder(cloud.shape[1], space, options.width, key=key)

    def loss(model: Autoencoder, setting: None, examples: PyTree, *, key: PRNGKeyArray) -> Float[Array, ""]:
        points, codes = examples
        return jnp.mean(jnp.sum((jax.vmap(model.encode)(points) - codes) ** 2, axis=1))

    wind = make_train(init, loss, optax.adam(options.rate), steps=STEPS)
    go_on = make_training(cloud.shape[1], latent_name, options)

    def train(keys: Array) -> Training:
        return go_on(keys, wind(keys, None, examples).models, jnp.asarray(cloud, jnp.float32))

    return train


def best_of(training: Training, cloud: Float[np.ndarray, "points columns"], restarts: int) -> np.ndarray:
    """Of each group of so many members the one with the smallest worst error on the cloud, shape (groups,).

    Args:
        restarts: consecutive members that are attempts at one result.

    Raises:
        ValueError: where members do not make whole groups.
    """
    if restarts < 1 or len(training) % restarts:
        raise ValueError(f"restarts is {restarts}; it must divide the {len(training)} members")
    sup = errors(cloud, images(training.models, cloud)[1]).sup.reshape(-1, restarts)
    return sup.argmin(axis=1) + restarts * np.arange(len(sup))
