"""Sweep: SciNets with several numbers of latents, trained on the same examples and looked at on fresh ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, PRNGKeyArray

from ...stats import Estimate
from ...train import compiled
from ..data.dataset import LOOKED_AT, Dataset
from ..data.row_errors import RowErrors, grouped_errors, number_by_trainings, residuals, squared
from ..probe import ACTIVE, Activity, Intervention, LatentNumber, activities, intervene, intrinsic_dimension, span
from ..scinet import SciNet, SciNetSizes
from ..worlds import Sample, World
from .search import Found, Schedule, make_search
from .students import make_students
from .teacher import Taught

# Training folds the numbers of its steps into its key; what comes after lies beyond them.
AFTER_TRAINING = 2**31
# Systems that networks of different keys are compared on, and questions that they are asked about them.
SHARED = 200
QUESTIONS = 32


@dataclass(frozen=True)
class Sweep:
    """Trained networks and what they do, all arrays with a leading axis of the numbers of latents.

    Attributes:
        found: the networks, the neurons that were kept, and which trainings went to their end.
        test: systems that no network was trained on.
        activity: what the neurons do on them.
        observed: observations whose dimension is asked for.
        shared, shared_means: systems that are the same for all keys, and the means of the neurons on them.
    """

    found: Found
    test: Sample
    activity: Activity
    observed: Float[np.ndarray, "systems observation"]
    shared: Sample
    shared_means: Float[np.ndarray, "members shared latents"]

    @property
    def finished(self) -> bool:
        """Whether every training went to its end."""
        return bool(self.found.finished.all())

    @property
    def errors(self) -> Float[np.ndarray, " members"]:
        """Root of the mean squared length of (answer - truth), neurons at their means."""
        return np.asarray(self.activity.error, np.float64)

    def model(self, member: int) -> SciNet:
        return self.found.polished.model(member)

    def means(self, member: int) -> Float[np.ndarray, "systems latents"]:
        return np.asarray(self.activity.means)[member].astype(np.float64)

    def information(self, member: int) -> Float[np.ndarray, " latents"]:
        return np.asarray(self.activity.information)[member].astype(np.float64)

    def active(self, member: int) -> Bool[np.ndarray, " latents"]:
        """Which neurons tell something."""
        return self.information(member) > ACTIVE

    def span(self, member: int) -> Float[np.ndarray, "shared shared"]:
        """What the active neurons hold, to be compared between keys; see `probe.agreement`."""
        return span(self.shared_means[member].astype(np.float64)[:, self.active(member)])

    def dimension(self) -> Estimate:
        """The intrinsic dimension of the observations."""
        return intrinsic_dimension(np.asarray(self.observed))

    def intervention(self, member: int, columns: Mapping[str, np.ndarray]) -> Intervention:
        """What answers do when a neuron is moved; `columns` are candidates on the shared systems."""
        questions = np.asarray(self.shared.questions)[:QUESTIONS, 0]
        return intervene(self.model(member), self.shared_means[member], questions, columns)


@dataclass(frozen=True)
class TableSweep(Sweep):
    """A sweep over a table.

    Attributes:
        validated, tested: mean squared errors on the rows for validation and on those for testing.
        residuals: what the answers of the network that validates best are off by on the rows for testing.
        taught: the teacher that all networks learned from.
    """

    validated: RowErrors
    tested: RowErrors
    residuals: Float[np.ndarray, "rows answer"]
    taught: Taught

    @property
    def best(self) -> int:
        """Which member validates best."""
        return int(np.argmin(self.validated.squares))


def make_sweep(
    world: World,
    sizes: SciNetSizes,
    latents: Sequence[int],
    schedule: Schedule,
    *,
    systems: int = 128,
    questions: int = 8,
    test_systems: int = 2048,
) -> Callable[[PRNGKeyArray], Sweep]:
    """A function `sweep(key)` that trains one network for each number of latents on a world without end.

    Args:
        latents: how many of `sizes.latents` neurons each network is offered.
        systems, questions: systems per step, and questions about each.
        test_systems: fresh systems that the networks are looked at with; others for each key.

    Raises:
        ValueError: for a number of latents beyond the sizes'.
    """
    if not all(0 <= k <= sizes.latents for k in latents):
        raise ValueError(f"latents is {tuple(latents)}; each must lie between 0 and {sizes.latents}")
    draw = compiled(lambda key: world.samples(test_systems, questions, key=key), once=True)
    search = make_search(lambda data, *, key: world.samples(systems, questions, key=key), sizes, schedule)
    masks = jnp.asarray(np.arange(sizes.latents) < np.array(latents)[:, None], jnp.float32)
    for_all_keys = draw(jax.random.key(0))

    def sweep(key: PRNGKeyArray) -> Sweep:
        for_test, for_noise, for_known = (jax.random.fold_in(key, AFTER_TRAINING + i) for i in range(3))
        found = search(jnp.stack([key] * len(masks)), masks, draw(for_known))
        test = draw(for_test)
        return Sweep(found, *look(found, test, for_all_keys, test.observation, key=for_noise))

    return sweep


def make_table_sweep(
    data: Dataset, latents: Sequence[int], schedule: Schedule, layers: tuple[int, ...]
) -> Callable[[PRNGKeyArray], TableSweep]:
    """`make_sweep` on a table: networks that learn from a teacher, looked at with the rows that were held out.

    Args:
        latents: how many neurons each network is offered.
        schedule: its betas are shares of the variance that latents can explain.
        layers: widths of the hidden layers of encoder and decoder.
    """
    study, test = make_students(data, latents, schedule, layers), jax.tree.map(jnp.asarray, data.test)

    def sweep(key: PRNGKeyArray) -> TableSweep:
        students = study(key)
        # The rows of a table that are held out may be few; all of them are observations of one kind.
        parts = look(students.found, test, test, data.train.observation, key=jax.random.fold_in(key, AFTER_TRAINING))
        off = np.asarray(residuals(students.found.polished.models, students.found.mask, test), np.float64)
        tested, best = grouped_errors(squared(off), data.tested_groups), int(np.argmin(students.validated.squares))
        return TableSweep(students.found, *parts, students.validated, tested, off[best], students.taught)

    return sweep


def look(
    found: Found, test: Sample, shared: Sample, observations: np.ndarray | Array, *, key: PRNGKeyArray
) -> tuple[Sample, Activity, np.ndarray, Sample, np.ndarray]:
    """What the networks do on systems that they were not trained on: the further attributes of a `Sweep`."""
    seen = activities(found.polished.models, found.mask, test, key=key)
    again = seen if shared is test else activities(found.polished.models, found.mask, shared, key=key)
    part = jax.tree.map(lambda array: np.asarray(array)[:SHARED], shared)
    return test, seen, np.asarray(observations)[:LOOKED_AT], part, np.asarray(again.means)[:, :SHARED]


def latent_number_of(latents: Sequence[int], sweeps: Sequence[TableSweep]) -> LatentNumber:
    """How many latents a table needs, by sweeps of several keys together."""
    squares = np.stack([sweep.validated.squares for sweep in sweeps])
    rows = np.mean([sweep.validated.covariance for sweep in sweeps], axis=0)
    return number_by_trainings(latents, squares.mean(axis=0), squares.T @ squares / len(sweeps), rows, len(sweeps))


def error_together(sweeps: Sequence[TableSweep]) -> float:
    """The error on rows for testing of the mean answer of the networks of all keys that validate best."""
    return float(np.sqrt(squared(np.mean([sweep.residuals for sweep in sweeps], axis=0)).mean()))
