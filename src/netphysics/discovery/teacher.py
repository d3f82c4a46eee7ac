r"""Teacher: the best answers that a table allows, from which networks with few latent neurons then learn.

A row has one noisy answer, but its observation holds as many noisy numbers as it has columns, and what is hidden shows
in all of them. So a teacher answers and also *repeats the observation* from its latents, which are more than enough.
With a weight of 1 for each repeated number its loss is $2s^2$ times the negative evidence bound of the whole row when
$\beta = 2s^2$ (Kingma and Welling, arXiv:1312.6114): the encoder learns from all columns what is signal and what is
noise. Where observations hold things that no question asks about, repeating them is a burden; therefore several
weights and strengths are tried, and validation chooses.

A student then has as many questions about an observation as it likes, each with an answer without noise. It is trained
as networks are in simulated worlds, and its number of latents is that of the answers, not that of the observations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from ..train import compiled, make_train
from .dataset import Dataset, Fold
from .early_stopping import train_in_cycles
from .objective import divergence, squared_error
from .scinet import Layers, SciNet, SciNetSizes, answers
from .search import make_optimizer
from .worlds import Sample

LATENTS = 8
# Weight of repeating the observation, per number; and strength of the bottleneck, in nats.
CANDIDATES = ((0.0, 0.01), (0.05, 0.003), (0.05, 0.03), (1.0, 0.03), (1.0, 0.3))
BATCH = 256
CYCLES = 6
LEARNING_RATE = 5e-3


class Teacher(eqx.Module):
    """A SciNet that also repeats the observation from its latents."""

    scinet: SciNet
    repeater: Layers

    def __init__(self, sizes: SciNetSizes, *, key: PRNGKeyArray):
        for_scinet, for_repeater = jax.random.split(key)
        self.scinet = SciNet(sizes, key=for_scinet)
        self.repeater = Layers((sizes.latents, *sizes.decoder[:1], sizes.observation), key=for_repeater)

    def answers(
        self, observation: Float[Array, "systems observation"], questions: Float[Array, "systems questions question"]
    ) -> Float[Array, "systems questions answer"]:
        """Answers with all latents at their means."""
        return answers(self.scinet, jax.vmap(self.scinet.encode)(observation)[0], questions)


class Taught(NamedTuple):
    """What a teacher leaves behind.

    Attributes:
        teacher: the network.
        error: its root mean square error on the rows for validation.
        repeating, beta: what was chosen for it.
    """

    teacher: Teacher
    error: float
    repeating: float
    beta: float


def evidence(model: Teacher, setting: PyTree, batch: Sample, *, key: PRNGKeyArray) -> Float[Array, ""]:
    """The loss of a teacher; its setting has `repeating`, the weight of an observed number, and `beta`."""
    mean, log_sigma = jax.vmap(model.scinet.encode)(batch.observation)
    z = mean + jnp.exp(log_sigma) * jax.random.normal(key, mean.shape, jnp.float32)
    error = squared_error(answers(model.scinet, z, batch.questions), batch)
    repeated = ((jax.vmap(model.repeater)(z) - batch.observation) ** 2).sum(axis=-1).mean()
    return error + setting["repeating"] * repeated + setting["beta"] * divergence(mean, log_sigma).sum(axis=-1).mean()


def draw_rows(data: tuple[Sample, Fold], size: int, *, key: PRNGKeyArray) -> Sample:
    """Rows to learn from, drawn with replacement."""
    sample, fold = data
    rows = fold.order[jax.random.randint(key, (size,), 0, fold.learned, jnp.int32)]
    return jax.tree.map(lambda array: array[rows], sample)


def make_teacher(
    data: Dataset, steps: int, layers: tuple[int, ...], candidates: Sequence[tuple[float, float]] = CANDIDATES
) -> Callable[[Sample, Fold, PRNGKeyArray], Taught]:
    """A function `teach(sample, fold, key)` that trains a teacher for each candidate and keeps what validates best.

    Args:
        steps: of all cycles together.
        layers: widths of the hidden layers of encoder and decoder.
    """
    sizes = data.sizes(LATENTS, layers)
    length = max(1, steps // CYCLES)
    train = make_train(
        lambda setting, *, key: setting["model"],
        evidence,
        make_optimizer(LEARNING_RATE, length),
        steps=length,
        chunk=1000,
        shared=lambda data, *, key: draw_rows(data, BATCH, key=key),
    )

    @compiled(once=True)
    def draw(keys):
        return eqx.filter_vmap(lambda key: Teacher(sizes, key=key))(keys)

    @compiled(once=False)
    def errors(models, sample: Sample):
        def error(model):
            return jnp.sqrt(squared_error(model.answers(sample.observation, sample.questions), sample))

        return eqx.filter_vmap(error)(models)

    repeating, beta = (jnp.asarray(part, jnp.float32) for part in zip(*candidates, strict=True))

    def teach(sample: Sample, fold: Fold, key: PRNGKeyArray) -> Taught:
        validation = jax.tree.map(lambda array: array[fold.validation], sample)
        keys = jax.random.split(key, len(candidates))
        settings = {"repeating": repeating, "beta": beta}
        kept = train_in_cycles(
            train, lambda models: errors(models, validation), keys, draw(keys), settings, (sample, fold), CYCLES
        )
        best = int(np.nanargmin(kept.errors))
        teacher = jax.tree.map(lambda leaf: leaf[best] if eqx.is_array(leaf) else leaf, kept.models)
        return Taught(teacher, float(kept.errors[best]), *map(float, candidates[best]))

    return teach
