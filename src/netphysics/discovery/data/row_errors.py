"""Row errors: squared errors on rows that no network learned from, and how far the choice of rows may change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from ...train import compiled
from ..probe.number import LatentNumber, latent_number
from ..scinet import SciNet, answers, silenced
from ..worlds import Sample
from .dataset import VALIDATION_SHARE


class RowErrors(NamedTuple):
    """Attributes:

    squares: mean squared errors over rows, shape (members,).
    covariance: of those means, from the scatter of rows, or of groups of rows that belong together.
    """

    squares: Float[np.ndarray, " members"]
    covariance: Float[np.ndarray, "members members"]

    def gain(self, member: int, over: int) -> tuple[float, float]:
        """By how much the squared error of one member is below another's, and the standard error of that."""
        c = self.covariance
        variance = c[member, member] + c[over, over] - 2 * c[member, over]
        return float(self.squares[over] - self.squares[member]), float(np.sqrt(max(variance, 0.0)))


@compiled(once=False)
def residuals(
    models: SciNet, masks: Float[Array, "members latents"], sample: Sample
) -> Float[Array, "members rows answer"]:
    """What answers are off by in each row, times the root of their weights, neurons at their means."""

    def one(model: SciNet, mask: Float[Array, " latents"]) -> Float[Array, "rows answer"]:
        model = silenced(model, mask)
        z = jax.vmap(model.encode)(sample.observation)[0]
        off = answers(model, z, sample.questions) - sample.answers
        return (off if sample.weights is None else off * jnp.sqrt(sample.weights))[:, 0]

    return eqx.filter_vmap(one)(models, masks)


def squared(residuals: Float[np.ndarray | Array, "*members rows answer"]) -> Float[np.ndarray, "*members rows"]:
    """Squared errors of each row."""
    return (np.asarray(residuals, np.float64) ** 2).sum(axis=-1)


def grouped_errors(rows: Float[np.ndarray, "members rows"], groups: Int[np.ndarray, " rows"]) -> RowErrors:
    """Means over rows, and their covariance from the scatter of groups: rows of one group are no independent tests.

    It is the sandwich estimator with clusters (Liang and Zeger, Biometrika 73, 13, 1986). One group alone
    says nothing about others: its errors are then as uncertain as they are large.
    """
    mean, places = rows.mean(axis=1), np.unique(groups, return_inverse=True)[1]
    count = int(places.max()) + 1
    away = rows - mean[:, None] if count > 1 else rows
    sums = np.stack([np.bincount(places, weights=member) for member in away]) / rows.shape[1]
    return RowErrors(mean, sums @ sums.T * (count / max(count - 1, 1)))


def number_by_trainings(
    latents: Sequence[int],
    squares: Float[np.ndarray, " sizes"],
    products: Float[np.ndarray, "sizes sizes"],
    rows: Float[np.ndarray, "sizes sizes"],
    trainings: int,
    enough: float | None = None,
) -> LatentNumber:
    """How many latents are needed, by several trainings together; see `latent_number`.

    Args:
        squares, products, rows: means over trainings of their squared errors on rows for validation, of the products of
            these, and of their covariances from the scatter of rows.
        enough: a squared error that latents are not needed for, where one is known.
    """
    between = (products - np.outer(squares, squares)) / max(trainings - 1, 1)
    return latent_number(latents, squares, _together(rows, trainings), between, enough=enough)


def unseen_share(squares: Float[np.ndarray, " sizes"], rows: Float[np.ndarray, "sizes sizes"], trainings: int) -> float:
    r"""The share of what latents explain that a further number may explain without showing on rows for validation.

    Answers that become better by $\Delta$ change the squared error of a row by $2 e \Delta + \Delta^2$. So the mean
    over n rows gains $\delta = \langle\Delta^2\rangle$ with a standard error of $2 \sigma \sqrt{\delta / n}$, and shows
    at two of them from $\delta = 16 \sigma^2 / n$ on. Here n is what the scatter of squared errors, $2 \sigma^4 / n$,
    says.
    """
    best = int(np.argmin(squares))
    gain = squares.max() - squares[best]
    return float(8 * _together(rows, trainings)[best, best] / squares[best] / gain) if gain > 0 else np.inf


def _together(rows: Float[np.ndarray, "sizes sizes"], trainings: int) -> Float[np.ndarray, "sizes sizes"]:
    """The covariance of means over several trainings from the scatter of rows, by that of one."""
    # Folds are drawn independently, so that they share rows, and more of them do not make a table longer.
    return rows * (VALIDATION_SHARE + (1 - VALIDATION_SHARE) / trainings)
