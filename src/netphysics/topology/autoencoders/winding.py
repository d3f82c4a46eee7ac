"""Winding numbers from the start: encoders into a torus that begin with the angles of the cloud's own loops."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, PRNGKeyArray

from ...train import Training, make_train
from ..homology import circular_coordinates, farthest_points
from ..manifolds import on_circles
from .autoencoder import Autoencoder, Options, images, train_autoencoders
from .errors import errors
from .latents import latent

LANDMARKS = 250
STEPS = 400


def wound_autoencoders(
    cloud: Float[np.ndarray | Array, "points columns"], latent_name: str, keys: Array, options: Options | None = None
) -> Training:
    """Autoencoders with a latent of circles whose winding numbers are right before training begins.

    Gradient descent cannot change a winding number without tearing the map, so that most of the wrong ones stay.
    Persistent cohomology gives an angle around each loop of the cloud; encoders first learn those angles at a few
    hundred landmarks, then train as all others do.

    Args:
        latent_name: `T<k>` or `S1`.

    Raises:
        ValueError: for another latent.
    """
    options = options or Options()
    space = latent(latent_name)
    if space.coordinates != 2 * space.dimension or space.plain:
        raise ValueError(f"latent is {latent_name}; winding numbers are those of T<k> or S1")
    cloud = np.asarray(cloud)
    landmarks = farthest_points(cloud, min(LANDMARKS, len(cloud)))
    found = circular_coordinates(landmarks.points.astype(np.float64), space.dimension)
    data = (jnp.asarray(landmarks.points, jnp.float32), on_circles(jnp.asarray(found, jnp.float32)))

    def init(setting: None, *, key: PRNGKeyArray) -> Autoencoder:
        return Autoencoder(cloud.shape[1], space, options.width, key=key)

    def loss(model: Autoencoder, setting: None, data, *, key: PRNGKeyArray) -> Float[Array, ""]:
        points, codes = data
        return jnp.mean(jnp.sum((jax.vmap(model.encode)(points) - codes) ** 2, axis=1))

    first = make_train(init, loss, optax.adam(options.rate), steps=STEPS)(keys, None, data)
    return train_autoencoders(cloud, latent_name, keys, options, begin=first.models)


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
