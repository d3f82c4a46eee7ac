"""Autoencoder: an encoder into a latent space and a decoder out of it; many are trained in one program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, PRNGKeyArray

from ...train import Training, compiled, make_train, minibatch
from .latents import Latent, latent


@dataclass(frozen=True)
class Options:
    """How autoencoders are built and trained.

    Attributes:
        width: of the two hidden layers of tanh neurons, in encoder and decoder each.
        steps: of Adam; the learning rate falls to zero along a cosine.
        batch: points in each step.
        rate: the first learning rate.

    Raises:
        ValueError: for a size below 1, or a rate that is not positive.
    """

    width: int = 48
    steps: int = 3000
    batch: int = 256
    rate: float = 3e-3

    def __post_init__(self) -> None:
        for name in ("width", "steps", "batch"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if not self.rate > 0:
            raise ValueError(f"rate is {self.rate}; it must be positive")


class Autoencoder(eqx.Module):
    """A network that gives back what it gets, through a latent space.

    Where the latent is not plain, biases of the encoder start at zero. A network of tanh neurons is then odd, and an
    odd map from a circle to itself has an odd winding number: never zero, from where training does not recover.
    """

    encoder: eqx.nn.MLP
    decoder: eqx.nn.MLP
    latent: Latent = eqx.field(static=True)

    def __init__(self, columns: int, space: Latent, width: int, *, key: PRNGKeyArray):
        for_encoder, for_decoder = jax.random.split(key)
        layers = {"width_size": width, "depth": 2, "activation": jnp.tanh, "dtype": jnp.float32}
        encoder = eqx.nn.MLP(columns, space.raw, key=for_encoder, **layers)
        # An odd encoder of plain codes would rest on a saddle, a projection of the cloud.
        self.encoder = encoder if space.plain else _without_biases(encoder)
        self.decoder = eqx.nn.MLP(space.coordinates, columns, key=for_decoder, **layers)
        self.latent = space

    def encode(self, point: Float[Array, " columns"]) -> Float[Array, " coordinates"]:
        """The code of a point."""
        return self.latent.code(self.encoder(point))

    def __call__(self, point: Float[Array, " columns"]) -> Float[Array, " columns"]:
        """What comes back of a point."""
        return self.decoder(self.encode(point))


def _without_biases(network: eqx.nn.MLP) -> eqx.nn.MLP:
    """The network with all biases at zero."""
    return eqx.tree_at(lambda network: [layer.bias for layer in network.layers], network, replace_fn=jnp.zeros_like)


def make_training(columns: int, latent_name: str, options: Options) -> Callable[..., Training]:
    """A function `train(keys, begin, cloud, *, folder=None)` that trains one autoencoder for each key, in one program.

    The loss is the mean square distance of points from what comes back of them. `begin` holds members to go on from,
    every array with a leading axis of members, or is None, and members are newly drawn. See `make_train`.

    Args:
        columns: numbers that a point is given by.
        latent_name: see `latent`.

    Raises:
        ValueError: for an unknown latent.
    """
    space = latent(latent_name)

    def init(begin: Autoencoder | None, *, key: PRNGKeyArray) -> Autoencoder:
        return Autoencoder(columns, space, options.width, key=key) if begin is None else begin

    def loss(model: Autoencoder, begin: Autoencoder | None, cloud: Array, *, key: PRNGKeyArray) -> Float[Array, ""]:
        points = minibatch(cloud, options.batch, key=key)
        return jnp.mean(jnp.sum((jax.vmap(model)(points) - points) ** 2, axis=1))

    optimizer = optax.adam(optax.cosine_decay_schedule(options.rate, options.steps))
    return make_train(init, loss, optimizer, steps=options.steps)


def train_autoencoders(
    cloud: Float[np.ndarray | Array, "points columns"],
    latent_name: str,
    keys: Array,
    options: Options | None = None,
    *,
    folder: Path | None = None,
) -> Training:
    """Autoencoders of one cloud, one for each key, all in one program.

    Args:
        latent_name: see `latent`.
        keys: shape (members,); they draw weights and examples.
        folder: where checkpoints go; the same call goes on from the newest.

    Raises:
        ValueError: for an unknown latent.
    """
    train = make_training(cloud.shape[1], latent_name, options or Options())
    return train(keys, None, jnp.asarray(cloud, jnp.float32), folder=folder)


@compiled(once=True)
def _images(models: Autoencoder, points: Float[Array, "points columns"]) -> tuple[Array, Array]:
    codes = eqx.filter_vmap(lambda model: jax.vmap(model.encode)(points))(models)
    back = eqx.filter_vmap(lambda model, own: jax.vmap(model.decoder)(own))(models, codes)
    return codes, back


def images(
    models: Autoencoder, points: Float[np.ndarray | Array, "points columns"]
) -> tuple[Float[np.ndarray, "members points coordinates"], Float[np.ndarray, "members points columns"]]:
    """Codes of points, and what comes back of them, for every member."""
    codes, back = _images(models, jnp.asarray(points, jnp.float32))
    return np.asarray(codes), np.asarray(back)
