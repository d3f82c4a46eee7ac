"""Interventions: what answers do when one neuron is moved by hand, beside what they do when a candidate changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ...train import compiled
from ..scinet import SciNet, answers

QUANTILES = (0.1, 0.3, 0.5, 0.7, 0.9)
SYSTEMS = 64


class Intervention(NamedTuple):
    """Attributes:

    moved: how far answers go, as the root of a mean square over systems and questions, when a neuron is set to one
        of its `QUANTILES` instead of its median, shape (latents, quantiles).
    by_neuron: change of the mean answer from a neuron's lowest quantile to its highest, (latents, questions x answer).
    by_candidate: the same from the systems in the lowest fifth of a candidate to those in the highest.
    """

    moved: Float[np.ndarray, "latents quantiles"]
    by_neuron: Float[np.ndarray, "latents changes"]
    by_candidate: dict[str, Float[np.ndarray, " changes"]]


def intervene(
    model: SciNet,
    means: Float[np.ndarray, "systems latents"],
    questions: Float[np.ndarray, "questions question"],
    columns: Mapping[str, np.ndarray],
) -> Intervention:
    """Move each neuron of a network through its quantiles, others as they are, and ask the same questions.

    No candidate is needed for `moved`. A neuron that holds a candidate, and one that is independent of other
    quantities, moves answers as the candidate does: `by_neuron` and `by_candidate` are then parallel.
    """
    means = np.asarray(means, np.float64)
    latents = means.shape[1]
    levels = np.quantile(means, QUANTILES, axis=0)
    z = np.broadcast_to(means[:SYSTEMS], (latents, len(QUANTILES), *means[:SYSTEMS].shape)).copy()
    for k in range(latents):
        z[k, :, :, k] = levels[:, k, None]
    every = decoded(model, np.concatenate([z.reshape(-1, latents), means]), questions)
    turned = every[: -len(means)].reshape(*z.shape[:3], -1)
    plain = every[-len(means) :]
    still = turned[:, QUANTILES.index(0.5), None]
    return Intervention(
        np.sqrt(((turned - still) ** 2).mean(axis=(2, 3))),
        (turned[:, -1] - turned[:, 0]).mean(axis=1),
        {name: _between_ends(plain, np.asarray(column)) for name, column in columns.items()},
    )


def cosine(a: Float[np.ndarray, " changes"], b: Float[np.ndarray, " changes"]) -> float:
    """The cosine between two changes of the answers, in absolute value; 0 where one of them is none."""
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return float(abs(a @ b) / lengths) if lengths > 0 else 0.0


def decoded(model: SciNet, z: np.ndarray, questions: np.ndarray) -> Float[np.ndarray, "rows numbers"]:
    """Answers to the same questions for each row of latents, as one row of numbers."""
    asked = np.broadcast_to(np.asarray(questions, np.float32), (len(z), *np.shape(questions)))
    return np.asarray(_answers(model, jnp.asarray(z, jnp.float32), asked), np.float64).reshape(len(z), -1)


_answers = compiled(answers, once=True)


def _between_ends(values: np.ndarray, column: np.ndarray) -> np.ndarray:
    low, high = np.quantile(column, [0.2, 0.8])
    return values[column >= high].mean(axis=0) - values[column <= low].mean(axis=0)
