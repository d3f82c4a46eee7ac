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

from ..train import Training, compiled, make_train
from ..train.groups import take_members
from ..train.training import RUNNING
from .alignment import aligned
from .dataset import Dataset, Fold
from .early_stopping import train_in_cycles
from .objective import beta_from_error, objective
from .probe.activity import activities
from .row_errors import RowErrors, errors_on, row_errors
from .scinet import SciNet, SciNetSizes, silenced
from .search import PRUNED, Found, Schedule, make_optimizer
from .teacher import PROGRAMS, Taught, Teacher, draw_rows, make_teacher
from .worlds import Sample

# Observations per step, and questions that are asked about each, while neurons are found; rows per step of polishing.
OBSERVATIONS, QUESTIONS, ROWS = 128, 4, 512
POLISHING_CYCLES = 4
# Polishing begins from networks that answer well already.
SLOWER = 0.3
# The weakest bottleneck, where there is nothing to gain.
WEAKEST = 1e-5
# Observations and questions that the gain of latents is measured with.
MEASURED = (512, 32)


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
    do not are pruned. Then students see the true answers until they validate no better. Of the students that kept at
    most K neurons the one that validates best stands for K: more neurons on offer make nothing worse. The betas of the
    schedule are shares of the variance that the teacher's answers owe to the observation, and never more than an error
    of the answers asks for, where that is known.
    """
    sizes = data.sizes(max(latents), layers)
    masks = jnp.asarray(np.arange(sizes.latents) < np.array(latents)[:, None], jnp.float32)
    train = jax.tree.map(jnp.asarray, data.train)
    teach = make_teacher(data, schedule.steps, layers)
    find, polish, draw, silence = _programs(sizes, schedule)

    def telling(models: SciNet, sample: Sample, key: PRNGKeyArray) -> Float[Array, "members latents"]:
        information = activities(models, masks, sample, key=key).information
        return jnp.asarray(np.asarray(information) > PRUNED, jnp.float32) * masks

    def study(key: PRNGKeyArray) -> Examined:
        for_fold, for_teacher, for_students, for_polish = jax.random.split(key, 4)
        fold = data.fold(int(jax.random.randint(for_fold, (), 0, 2**31 - 1, jnp.int32)))
        taught = teach(train, fold, for_teacher)
        beta = [
            jnp.full(len(masks), min(max(share * float(gain(taught.teacher, train)), WEAKEST), most), jnp.float32)
            for share, most in zip((schedule.find_beta, schedule.polish_beta), _strongest(data), strict=True)
        ]
        keys = jnp.stack([for_students] * len(masks))
        shown = (train, fold, taught.teacher)
        found = find(keys, {"model": draw(keys), "mask": masks, "beta": beta[0]}, shown)
        validation = data.validation(fold)
        again = jnp.stack([for_polish] * len(masks))
        turned = aligned(found.models, telling(found.models, validation, for_polish), validation)
        refined = find(again, {"model": turned, "mask": masks, "beta": beta[1]}, shown)
        mask = telling(refined.models, validation, for_polish)
        kept = train_in_cycles(
            polish,
            lambda models: jnp.sqrt(row_errors(models, mask, validation).mean(axis=1)),
            again,
            refined.models,
            {"mask": mask, "beta": beta[1]},
            (train, fold),
            POLISHING_CYCLES,
        )
        finished = found.finished & refined.finished & kept.finished
        best = best_with_at_most(latents, np.asarray(mask.sum(axis=1)), kept.errors)
        models, mask = take_members((silence(kept.models, mask), mask), best)
        polished = Training(models, found.losses[:, best], np.where(finished, RUNNING, 0).astype(np.int32))
        validated = errors_on(models, mask, validation, data.groups[np.asarray(fold.validation)])
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
    length = max(1, schedule.steps // POLISHING_CYCLES)
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
        make_optimizer(SLOWER * schedule.learning_rate, length),
        steps=length,
        chunk=1000,
        shared=lambda data, *, key: draw_rows(data, ROWS, key=key),
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


def _strongest(data: Dataset) -> tuple[float, float]:
    """The strongest bottlenecks, for finding and for polishing, that the error of an answer allows."""
    if data.error is None:
        return float("inf"), float("inf")
    beta = beta_from_error(data.error)
    return 4 * beta, beta
