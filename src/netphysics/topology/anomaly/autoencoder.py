"""Autoencoders of events: through real latents, or through a sphere."""

from __future__ import annotations

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float, PRNGKeyArray

from ...train import Training, compiled, make_train, minibatch

CHUNK = 4096


@dataclass(frozen=True)
class Latent:
    """What an event is compressed to.

    Attributes:
        dimension: of the latent space.
        sphere: whether it is a sphere of this dimension; else real numbers.

    Raises:
        ValueError: for a dimension below 1.
    """

    dimension: int
    sphere: bool = False

    def __post_init__(self):
        if self.dimension < 1:
            raise ValueError(f"dimension is {self.dimension}; a latent space has at least 1")

    @property
    def numbers(self) -> int:
        """Numbers that the decoder reads."""
        return self.dimension + self.sphere

    def __str__(self) -> str:
        return f"{'S' if self.sphere else 'R'}^{self.dimension}"


class Autoencoder(eqx.Module):
    """Encoder and decoder with two hidden layers each."""

    encoder: eqx.nn.MLP
    decoder: eqx.nn.MLP
    latent: Latent = eqx.field(static=True)

    def __init__(self, inputs: int, latent: Latent, width: int = 64, *, key: PRNGKeyArray):
        for_encoder, for_decoder = jax.random.split(key)
        self.encoder = eqx.nn.MLP(inputs, latent.numbers, width, 2, jnp.tanh, dtype=jnp.float32, key=for_encoder)
        self.decoder = eqx.nn.MLP(latent.numbers, inputs, width, 2, jnp.tanh, dtype=jnp.float32, key=for_decoder)
        self.latent = latent

    def encode(self, x: Float[Array, " inputs"]) -> Float[Array, " numbers"]:
        """The code of an event."""
        code = self.encoder(x)
        return code / jnp.sqrt(code @ code) if self.latent.sphere else code

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " inputs"]:
        return self.decoder(self.encode(x))


def squared_error(model: Autoencoder, x: Float[Array, " inputs"]) -> Float[Array, ""]:
    """Squared distance of an event from its reconstruction."""
    gap = model(x) - x
    return gap @ gap


@dataclass(frozen=True)
class Schedule:
    """How an autoencoder is trained: Adam, its rate falling to zero along a cosine."""

    steps: int = 2500
    batch: int = 256
    rate: float = 3e-3
    width: int = 64


def train_autoencoders(
    points: Float[np.ndarray, "events inputs"], latent: Latent, schedule: Schedule, *, keys: Array
) -> Training:
    """One autoencoder for each key, all in one program."""

    def init(setting: None, *, key: PRNGKeyArray) -> Autoencoder:
        return Autoencoder(points.shape[1], latent, schedule.width, key=key)

    def loss(model: Autoencoder, setting: None, shown: Array, *, key: PRNGKeyArray) -> Float[Array, ""]:
        return jnp.mean(jax.vmap(lambda x: squared_error(model, x))(shown))

    def shared(data: Array, *, key: PRNGKeyArray) -> Array:
        return minibatch(data, schedule.batch, key=key)

    optimizer = optax.adam(optax.cosine_decay_schedule(schedule.rate, schedule.steps))
    train = make_train(init, loss, optimizer, steps=schedule.steps, shared=shared)
    return train(keys, data=jnp.asarray(points, jnp.float32))


@compiled
def _errors(models: Autoencoder, points: Array) -> Array:
    def of_member(model: Autoencoder) -> Array:
        return jnp.sqrt(jax.vmap(lambda x: squared_error(model, x))(points))

    return eqx.filter_vmap(of_member)(models)


def reconstruction_errors(training: Training, points: np.ndarray) -> np.ndarray:
    """Distance of events from their reconstructions by every member, float64 of shape (members, events)."""
    missing = -len(points) % CHUNK
    padded = np.concatenate([points, np.zeros((missing, points.shape[1]))]).astype(np.float32)
    chunks = [_errors(training.models, padded[start : start + CHUNK]) for start in range(0, len(padded), CHUNK)]
    return np.concatenate([np.asarray(chunk, np.float64) for chunk in chunks], axis=1)[:, : len(points)]
