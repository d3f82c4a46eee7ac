"""Baselines: what networks without a bottleneck reach, and those that see a few principal components instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from ..train import make_train, minibatch
from .dataset import Dataset
from .objective import squared_error
from .scinet import Layers
from .search import Schedule, make_optimizer
from .sweep import BATCH
from .worlds import Sample


def simple_errors(data: Dataset) -> dict[str, float]:
    """Held-out errors of what needs no network: the mean answer, and a straight line through all columns."""
    x, x_test = (_all_shown(part) for part in (data.train, data.test))
    y, y_test = (np.asarray(part.answers[:, 0], np.float64) for part in (data.train, data.test))
    w, w_test = (
        np.ones_like(answers) if part.weights is None else np.asarray(part.weights[:, 0], np.float64)
        for part, answers in ((data.train, y), (data.test, y_test))
    )
    root = np.sqrt(w)
    fits = [np.linalg.lstsq(x * root[:, [i]], y[:, i] * root[:, i])[0] for i in range(y.shape[1])]
    line, mean = x_test @ np.stack(fits, axis=1), (w * y).sum(axis=0, keepdims=True) / w.sum(axis=0)
    return {
        name: float(np.sqrt((w_test * (guess - y_test) ** 2).sum(axis=1).mean()))
        for name, guess in (("mean", mean), ("linear", line))
    }


def _all_shown(sample: Sample) -> np.ndarray:
    shown = [sample.observation, sample.questions[:, 0], np.ones((len(sample.observation), 1))]
    return np.concatenate(shown, axis=1, dtype=np.float64)


def make_baselines(
    data: Dataset, latents: Sequence[int], schedule: Schedule, layers: tuple[int, ...]
) -> Callable[[PRNGKeyArray], Float[np.ndarray, " members"]]:
    """A function `errors(key)`: held-out errors of plain networks, one for each number of latents and a last one.

    Each answers from the question and as many principal components of the observation as there are latents; the
    last one sees the whole observation, so that its error is what networks of this size can attain. They have
    the layers of encoder and decoder, and are trained for as many steps as both stages of a search.
    """
    directions = np.linalg.svd(data.train.observation - data.train.observation.mean(axis=0), full_matrices=False)[2]
    train, test = (
        jax.tree.map(jnp.asarray, part._replace(observation=part.observation @ directions.T))
        for part in (data.train, data.test)
    )
    seen, asked = train.observation.shape[1], train.questions.shape[2]
    shown = np.array([min(k, seen) for k in latents] + [seen])
    masks = jnp.asarray(np.arange(seen) < shown[:, None], jnp.float32)
    widths = (seen + asked, *layers, *layers, len(data.columns.answer))

    def error(model, mask, sample: Sample):
        inputs = jnp.concatenate([sample.observation * mask[None], sample.questions[:, 0]], axis=1)
        return squared_error(jax.vmap(model)(inputs)[:, None], sample)

    def loss(model, mask, batch, *, key):
        return error(model, mask, batch)

    run = make_train(
        lambda mask, *, key: Layers(widths, key=key),
        loss,
        make_optimizer(schedule.learning_rate, 2 * schedule.steps),
        steps=2 * schedule.steps,
        chunk=1000,
        shared=lambda data, *, key: minibatch(data, BATCH, key=key),
    )
    evaluate = eqx.filter_jit(eqx.filter_vmap(error, in_axes=(eqx.if_array(0), 0, None)))

    def errors(key: PRNGKeyArray) -> Float[np.ndarray, " members"]:
        models = run(jnp.stack([key] * len(masks)), masks, train).models
        return np.sqrt(np.asarray(evaluate(models, masks, test), np.float64))

    return errors
