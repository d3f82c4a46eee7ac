"""Students: SciNets with few latent neurons that learn a table from a teacher's answers, and from its own."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

from ...train import Training, compiled, make_train
from ...train.groups import take_members
from ...train.training import RUNNING
from ..data.dataset import Dataset, Fold
from ..data.row_errors import RowErrors, grouped_errors, residuals, squared
from ..objective import beta_from_error, objective
from ..probe.activity import activities
from ..scinet import SciNet, SciNetSizes, silenced
from ..worlds import Sample
from .alignment import aligned
from .early_stopping import train_in_cycles
from .search import PRUNED, Found, Schedule, make_optimizer
from .teacher import BATCH, PROGRAMS, Taught, Teacher, draw_rows, make_teacher

# Observations per step, and questions that are asked about each, while neurons are found.
OBSERVATIONS, QUESTIONS = 128, 4
# Polishing is as long as finding if it takes so many cycles; it takes more while they are of use.
CYCLES, MOST_CYCLES = 4, 16
# Noise in a neuron blurs answers by half of the bottleneck's strength: a tenth of their squared error.
BLUR = 0.2
# The weakest bottlenecks, where there is nothing to gain, and as a share of what there is.
WEAKEST, WEAKEST_SHARE = 1e-5, 1e-4
# Observations and questions that the gain of latents is measured with.
MEASURED = (512, 32)


class Strengths(NamedTuple):
    """Strengths of the bottleneck for one table.

    Attributes:
        find: while neurons are found.
        polish, least: the strongest and the weakest one while answers are made precise.
    """

    find: float
    polish: float
    least: float

    @classmethod
    def of(cls, schedule: Schedule, explained: float, error: float | None) -> Strengths:
        """Shares of the variance that latents can explain, and no more than a known error of the answers asks for."""
        most = np.inf if error is None else beta_from_error(error)
        find, polish, least = (
            max(share * explained, WEAKEST) for share in (schedule.find_beta, schedule.polish_beta, WEAKEST_SHARE)
        )
        return cls(min(find, 4 * most), min(polish, most), least)

    def for_errors(self, errors: Float[np.ndarray, " members"]) -> Float[np.ndarray, " members"]:
        """As weak as root mean square errors ask for."""
        return np.minimum(np.maximum(BLUR * errors**2, self.least), self.polish)


class Examined(NamedTuple):
    """Students of one fold and what validation says of them.

    Attributes:
        found: the networks, with a leading axis of numbers of latents; one network may stand for several.
        validated: their errors on the rows for validation.
        taught: their teacher.
    """

    found: Found
    validated: RowErrors
    taught: Taught


def make_students(
    data: Dataset, latents: Sequence[int], schedule: Schedule, layers: tuple[int, ...]
) -> Callable[[PRNGKeyArray], Examined]:
    """A function `study(key)` that divides the rows, trains a teacher, and a student for each number of latents.

    Neurons are found in the teacher's answers, to four questions about each observation, and aligned. While they are
    made precise the bottleneck is weaker, and neurons that held nothing may still take what is worth little; those that
    do not are pruned. Then students see the true answers until they validate no better, through a bottleneck that
    becomes as weak as their errors are small. Of the students that kept at most K neurons the one that validates best
    stands for K: more neurons on offer make nothing worse. The betas of the schedule are shares of the variance that
    the teacher's answers owe to the observation, and never more than an error of the answers asks for, where that is
    known.
    """
    sizes = data.sizes(max(latents), layers)
    masks = jnp.asarray(np.arange(sizes.latents) < np.array(latents)[:, None], jnp.float32)
    train = jax.tree.map(jnp.asarray, data.train)
    teach = make_teacher(data, schedule.steps, layers)
    find, polish, draw, silence = _programs(sizes, schedule)

    def telling(models: SciNet, sample: Sample, key: PRNGKeyArray) -> Float[Array, "members latents"]:
        information = activities(models, masks, sample, key=key).information
        return jnp.asarray(np.asarray(information) > PRUNED, jnp.float32) * masks

    def same(strength: float) -> Float[Array, " members"]:
        return jnp.full(len(masks), strength, jnp.float32)

    def study(key: PRNGKeyArray) -> Examined:
        for_fold, for_teacher, for_students, for_polish = jax.random.split(key, 4)
        fold = data.fold(int(jax.random.randint(for_fold, (), 0, 2**31 - 1, jnp.int32)))
        taught = teach(train, fold, for_teacher)
        strengths = Strengths.of(schedule, float(gain(taught.teacher, train)), data.error)
        keys = jnp.stack([for_students] * len(masks))
        shown = (train, fold, taught.teacher)
        found = find(keys, {"model": draw(keys), "mask": masks, "beta": same(strengths.find)}, shown)
        validation = data.validation(fold)
        again = jnp.stack([for_polish] * len(masks))
        turned = aligned(found.models, telling(found.models, validation, for_polish), validation)
        refined = find(again, {"model": turned, "mask": masks, "beta": same(strengths.polish)}, shown)
        mask = telling(refined.models, validation, for_polish)
        kept = train_in_cycles(
            polish,
            lambda models: np.sqrt(squared(residuals(models, mask, validation)).mean(axis=1)),
            again,
            refined.models,
            lambda errors: {"mask": mask, "beta": jnp.asarray(strengths.for_errors(errors), jnp.float32)},
            (train, fold),
            MOST_CYCLES,
        )
        finished = found.finished & refined.finished & kept.finished
        best = best_with_at_most(latents, np.asarray(mask.sum(axis=1)), kept.errors)
        models, mask = take_members((silence(kept.models, mask), mask), best)
        polished = Training(models, found.losses[:, best], np.where(finished, RUNNING, 0).astype(np.int32))
        groups = data.groups[np.asarray(fold.validation)]
        validated = grouped_errors(squared(residuals(models, mask, validation)), groups)
        return Examined(Found(polished, mask, finished), validated, taught)

    return study


class _Programs(NamedTuple):
    """What is compiled once for all tables of one shape: both stages, first networks, and neurons that are cut off."""

    find: Callable[..., Training]
    polish: Callable[..., Training]
    draw: Callable[[Array], SciNet]
    silence: Callable[[SciNet, Array], SciNet]


@functools.lru_cache(maxsize=PROGRAMS)
def _programs(sizes: SciNetSizes, schedule: Schedule) -> _Programs:
    length = max(1, schedule.steps // CYCLES)
    find = make_train(
        lambda setting, *, key: setting["model"],
        objective,
        make_optimizer(schedule.learning_rate, schedule.steps),
        steps=schedule.steps,
        chunk=1000,
        shared=taught_examples,
    )
    polish = make_train(
        lambda setting, *, key: setting["model"],
        objective,
        make_optimizer(schedule.learning_rate, length),
        steps=length,
        chunk=1000,
        shared=lambda data, *, key: draw_rows(data, BATCH, key=key),
    )

    @compiled(once=True)
    def draw(keys: Array) -> SciNet:
        return eqx.filter_vmap(lambda key: SciNet(sizes, key=key))(keys)

    return _Programs(find, polish, draw, compiled(eqx.filter_vmap(silenced), once=True))


def best_with_at_most(
    latents: Sequence[int], kept: Float[np.ndarray, " members"], errors: Float[np.ndarray, " members"]
) -> Int[np.ndarray, " members"]:
    """For each number of latents the member with the least error among those that kept no more neurons."""
    return np.array([min(np.flatnonzero(kept <= k), key=lambda member: errors[member]) for k in latents])


def taught_examples(data: tuple[Sample, Fold, Teacher], *, key: PRNGKeyArray) -> Sample:
    """Observations with their own question and three of other rows, answered by the teacher."""
    sample, fold, teacher = data
    for_rows, for_questions = jax.random.split(key)
    part = draw_rows((sample, fold), OBSERVATIONS, key=for_rows)
    others = draw_rows((sample, fold), OBSERVATIONS * (QUESTIONS - 1), key=for_questions).questions
    questions = jnp.concatenate([part.questions, others.reshape(OBSERVATIONS, QUESTIONS - 1, others.shape[-1])], axis=1)
    return Sample(part.variables, part.observation, questions, teacher.answers(part.observation, questions))


@compiled(once=True)
def gain(teacher: Teacher, sample: Sample) -> Float[Array, ""]:
    """The variance of a teacher's answers over observations, at the same question: what latents can explain."""
    systems, count = MEASURED
    asked = jnp.broadcast_to(sample.questions[None, :count, 0], (systems, *sample.questions[:count, 0].shape))
    observed = sample.observation[:systems]
    return teacher.answers(observed, asked[: len(observed)]).var(axis=0).sum(axis=-1).mean()
