"""SciNet: a network that answers questions about a system through a bottleneck of independent neurons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .images import Convolutions, convolved

Evolution = Literal["none", "drift", "linear"]
# A posterior narrower than this carries no more information that float32 could use; a wider one carries none.
LOG_SIGMA = (-7.0, 2.0)
# Keys of a network are split into three; this makes one more.
AFTER_SPLIT = 3


@dataclass(frozen=True)
class SciNetSizes:
    """Sizes of a SciNet.

    Attributes:
        observation, question, answer: numbers that go in and come out; a question may have none.
        latents: neurons of the bottleneck.
        encoder, decoder: widths of the hidden layers.
        evolution: how latents depend on time, which is the first number of the question: not at all; with a
            learned constant velocity; or by a learned linear flow.
        question_unit: what the network counts questions in. Numbers of order one are learned fastest.
        image: height and width of the image whose pixels an observation begins with; None where it has none.
        terms: 0 for a decoder that reads latents and question together, as published; else the answer is a sum of
            so many products, each of a function of the latents and a function of the question. That is the form of
            an answer that is linear in the state, as probabilities are in quantum mechanics.

    Raises:
        ValueError: for sizes that are not positive, and for an evolution of questions without a time.
    """

    observation: int
    question: int
    answer: int
    latents: int
    encoder: tuple[int, ...] = (64, 64)
    decoder: tuple[int, ...] = (64, 64)
    evolution: Evolution = "none"
    question_unit: float = 1.0
    terms: int = 0
    image: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for name in ("observation", "answer", "latents"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.question < (self.evolution != "none"):
            raise ValueError(f"evolution is {self.evolution} but the questions have no time; question must be positive")
        if self.terms < 0 or (self.terms and self.evolution != "none"):
            raise ValueError(f"terms is {self.terms}; it must be 0 or more, and 0 where latents evolve")


class Layers(eqx.Module):
    r"""Fully connected layers with GELU between them; weights and biases start uniform on $\pm 1/\sqrt{n_{in}}$."""

    weights: tuple[Float[Array, "m n"], ...]
    biases: tuple[Float[Array, " m"], ...]

    def __init__(self, widths: Sequence[int], *, key: PRNGKeyArray):
        shapes = list(zip(widths[1:], widths[:-1], strict=True))
        ends = np.cumsum([m * (n + 1) for m, n in shapes])
        # One call for all layers: compiling a random generator takes longer than anything else here.
        drawn = jnp.split(jax.random.uniform(key, (int(ends[-1]),), jnp.float32, -1, 1), ends[:-1])
        parts = [part.reshape(m, n + 1) / n**0.5 for part, (m, n) in zip(drawn, shapes, strict=True)]
        self.weights = tuple(part[:, :-1] for part in parts)
        self.biases = tuple(part[:, -1] for part in parts)

    def __call__(self, x: Float[np.ndarray | Array, " n"]) -> Float[Array, " m"]:
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = jax.nn.gelu(weight @ x + bias)
        return self.weights[-1] @ x + self.biases[-1]


class SciNet(eqx.Module):
    r"""Encoder, latent neurons, question, decoder (Iten et al., arXiv:1807.10300).

    The encoder turns an observation into a normal law for each neuron, $z_k \sim N(\mu_k, \sigma_k^2)$; the
    decoder answers from $(z, q)$. With an evolution the decoder sees $z(t) = z + vt$ or $e^{At}z$ and the
    question without its time.
    """

    encoder: Layers
    decoder: Layers
    question_network: Layers | None
    convolutions: Convolutions | None
    motion: Float[Array, "*shape"] | None
    evolution: str = eqx.field(static=True)
    question_unit: float = eqx.field(static=True)

    def __init__(self, sizes: SciNetSizes, *, key: PRNGKeyArray):
        for_encoder, for_decoder, for_questions = jax.random.split(key, 3)
        moving = sizes.evolution != "none"
        seen, self.convolutions = sizes.observation, None
        if sizes.image is not None:
            seen += convolved(sizes.image) - sizes.image[0] * sizes.image[1]
            self.convolutions = Convolutions(sizes.image, key=jax.random.fold_in(key, AFTER_SPLIT))
        self.encoder = Layers((seen, *sizes.encoder, 2 * sizes.latents), key=for_encoder)
        asked = sizes.latents + sizes.question - moving
        if sizes.terms:
            self.decoder = Layers((sizes.latents, *sizes.decoder, sizes.answer * sizes.terms), key=for_decoder)
            # Every system is asked several questions, so that reading them would cost most of all.
            self.question_network = Layers((sizes.question, *sizes.decoder[:1], sizes.terms), key=for_questions)
        else:
            self.decoder, self.question_network = Layers((asked, *sizes.decoder, sizes.answer), key=for_decoder), None
        self.evolution, self.question_unit = sizes.evolution, sizes.question_unit
        size = (sizes.latents,) * (2 if sizes.evolution == "linear" else 1)
        self.motion = jnp.zeros(size, jnp.float32) if moving else None

    def encode(
        self, observation: Float[np.ndarray | Array, " observation"]
    ) -> tuple[Float[Array, " k"], Float[Array, " k"]]:
        """Mean and logarithm of the standard deviation of each neuron."""
        seen = observation if self.convolutions is None else self.convolutions(observation)
        mean, log_sigma = jnp.split(self.encoder(seen), 2)
        return mean, jnp.clip(log_sigma, *LOG_SIGMA)

    def decode(self, z: Float[Array, " k"], question: Float[Array, " question"]) -> Float[Array, " answer"]:
        """The answer to one question, from the latents at time zero."""
        question = question / self.question_unit
        if self.question_network is not None:
            return product(self.decoder(z), self.question_network(question))
        if self.motion is None:
            return self.decoder(jnp.concatenate([z, question]))
        return self.decoder(jnp.concatenate([evolve(self.motion, z, question[0]), question[1:]]))


def product(read: Float[Array, " read"], asked: Float[Array, " terms"]) -> Float[Array, " answer"]:
    """The answer from what a product decoder reads in latents and in a question."""
    return read.reshape(-1, len(asked)) @ asked


def evolve(motion: Float[Array, "*shape"], z: Float[Array, " k"], t: Float[Array, ""]) -> Float[Array, " k"]:
    """The latents at time t: `z + motion t` for a velocity, `exp(motion t) z` for a matrix."""
    return z + motion * t if motion.ndim == 1 else jax.scipy.linalg.expm(motion * t) @ z


def silenced(model: SciNet, mask: Float[Array, " k"]) -> SciNet:
    """The SciNet with neurons of mask 0 held at 0: their means, and their motion, which would tell the time."""
    kept = jnp.concatenate([mask, jnp.ones_like(mask)])
    weights, biases = model.encoder.weights, model.encoder.biases
    model = eqx.tree_at(
        lambda model: (model.encoder.weights, model.encoder.biases),
        model,
        ((*weights[:-1], kept[:, None] * weights[-1]), (*biases[:-1], kept * biases[-1])),
    )
    if model.motion is None:
        return model
    still = mask if model.motion.ndim == 1 else mask[:, None] * mask[None]
    return eqx.tree_at(lambda model: model.motion, model, model.motion * still)


def answers(
    model: SciNet, z: Float[Array, "systems k"], questions: Float[np.ndarray | Array, "systems questions question"]
) -> Float[Array, "systems questions answer"]:
    """Answers to several questions about each of several systems."""
    systems, count, _ = questions.shape
    flat_questions = jnp.asarray(questions).reshape(systems * count, -1)
    if model.question_network is not None:
        # What a product decoder reads in the latents serves all questions.
        asked = jax.vmap(model.question_network)(flat_questions / model.question_unit)
        read = jax.vmap(model.decoder)(z)
        return jax.vmap(jax.vmap(product, (None, 0)))(read, asked.reshape(systems, count, -1))
    # One flat batch: nested ones keep compilers from one large matrix product, at twice the time.
    flat = jax.vmap(model.decode)(jnp.repeat(z, count, axis=0), flat_questions)
    return flat.reshape(systems, count, -1)
