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

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import scipy.optimize
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from ...train import Training, compiled, make_train
from ...train.groups import take_members
from ..data.dataset import Dataset, Fold
from ..objective import divergence, squared_error
from ..scinet import Layers, SciNet, SciNetSizes, answers
from ..worlds import Sample
from .early_stopping import train_in_cycles
from .search import make_optimizer

LATENTS = 8
# Weight of repeating the observation, per number, and strength of the bottleneck. With a weight of 1, strengths from
# 0.003 to 2 are evidence bounds for readings whose noise has from 0.0015 to all of their variance.
CANDIDATES = ((0.0, 0.01), (0.05, 0.003), (0.05, 0.03), (0.3, 0.1), (1.0, 0.003), (1.0, 0.1), (1.0, 1.0), (1.0, 2.0))
# At most so many of them answer together.
MEMBERS = 3
BATCH = 256
CYCLES = 6
LEARNING_RATE = 5e-3
# Shapes of tables whose programs stay compiled.
PROGRAMS = 8


class Repeater(eqx.Module):
    """A SciNet that also repeats the observation from its latents."""

    scinet: SciNet
    repeater: Layers

    def __init__(self, sizes: SciNetSizes, *, key: PRNGKeyArray):
        for_scinet, for_repeater = jax.random.split(key)
        self.scinet = SciNet(sizes, key=for_scinet)
        self.repeater = Layers((sizes.latents, *sizes.decoder[:1], sizes.observation), key=for_repeater)

    def answers(
        self,
        observation: Float[np.ndarray | Array, "systems observation"],
        questions: Float[np.ndarray | Array, "systems questions question"],
    ) -> Float[Array, "systems questions answer"]:
        """Answers with all latents at their means."""
        return answers(self.scinet, jax.vmap(self.scinet.encode)(observation)[0], questions)


class Teacher(eqx.Module):
    """Several networks whose mean answer counts: they err in different ways.

    Attributes:
        members: the networks, with a leading axis.
        weights: how much each counts; they add up to 1.
    """

    members: Repeater
    weights: Float[Array, " members"]

    def answers(
        self,
        observation: Float[np.ndarray | Array, "systems observation"],
        questions: Float[np.ndarray | Array, "systems questions question"],
    ) -> Float[Array, "systems questions answer"]:
        """Answers to several questions about each of several systems."""
        every = eqx.filter_vmap(lambda member: member.answers(observation, questions))(self.members)
        return jnp.tensordot(self.weights, every, axes=1)


class Taught(NamedTuple):
    """What a teacher leaves behind.

    Attributes:
        teacher: the networks.
        error: the root mean square error of the best one on the rows for validation.
        repeating, beta: what was chosen for it.
    """

    teacher: Teacher
    error: float
    repeating: float
    beta: float


def evidence(model: Repeater, setting: PyTree, batch: Sample, *, key: PRNGKeyArray) -> Float[Array, ""]:
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
    train, draw, look = _programs(data.sizes(LATENTS, layers), max(1, steps // CYCLES))
    repeating, beta = (jnp.asarray(part, jnp.float32) for part in zip(*candidates, strict=True))

    def teach(sample: Sample, fold: Fold, key: PRNGKeyArray) -> Taught:
        validation = data.validation(fold)
        keys = jax.random.split(key, len(candidates))
        kept = train_in_cycles(
            train,
            lambda models: look(models, validation)[1],
            keys,
            draw(keys),
            lambda _: {"repeating": repeating, "beta": beta},
            (sample, fold),
            CYCLES,
        )
        weights = stacked(np.asarray(look(kept.models, validation)[0]), validation)
        order = np.argsort(-weights)[:MEMBERS]
        shares = weights[order] / weights[order].sum()
        teacher = Teacher(take_members(kept.models, order), jnp.asarray(shares, jnp.float32))
        best = int(np.argmin(kept.errors))
        return Taught(teacher, float(kept.errors[best]), *map(float, candidates[best]))

    return teach


class _Programs(NamedTuple):
    """What is compiled once for all tables of one shape: a cycle of training, first networks, and their answers."""

    train: Callable[..., Training]
    draw: Callable[[Array], Repeater]
    look: Callable[[Repeater, Sample], tuple[Array, Array]]


@functools.lru_cache(maxsize=PROGRAMS)
def _programs(sizes: SciNetSizes, steps: int) -> _Programs:
    train = make_train(
        lambda setting, *, key: setting["model"],
        evidence,
        make_optimizer(LEARNING_RATE, steps),
        steps=steps,
        chunk=1000,
        shared=lambda data, *, key: draw_rows(data, BATCH, key=key),
    )

    @compiled(once=True)
    def draw(keys: Array) -> Repeater:
        return eqx.filter_vmap(lambda key: Repeater(sizes, key=key))(keys)

    @compiled(once=False)
    def look(
        models: Repeater, sample: Sample
    ) -> tuple[Float[Array, "members systems questions answer"], Float[Array, " members"]]:
        every = eqx.filter_vmap(lambda model: model.answers(sample.observation, sample.questions))(models)
        return every, jax.vmap(lambda found: jnp.sqrt(squared_error(found, sample)))(every)

    return _Programs(train, draw, look)


def stacked(
    found: Float[np.ndarray, "members systems questions answer"], sample: Sample
) -> Float[np.ndarray, " members"]:
    """How much each member counts in the mean with the least error: weights that are not negative and add up to 1.

    They keep members that err in different ways and leave out those that are merely worse (stacked regressions:
    Breiman, Machine Learning 24, 49, 1996).
    """
    root = np.ones(1) if sample.weights is None else np.sqrt(np.asarray(sample.weights, np.float64)).ravel()
    columns = (found.reshape(len(found), -1) * root).T.astype(np.float64)
    truth = np.asarray(sample.answers, np.float64).ravel() * root
    # A last equation that counts more than all others together asks for a sum of 1.
    strict = 1e3 * np.linalg.norm(truth)
    equations = np.concatenate([columns, np.full((1, len(found)), strict)])
    weights, _ = scipy.optimize.nnls(equations, np.append(truth, strict))
    return weights / weights.sum()
