"""Baselines: what others make of a table, tuned on validation rows, with errors on the rows held out for testing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray, PyTree

from ...train import Training, compiled, make_train
from ..data.dataset import Dataset
from ..objective import squared_error
from ..scinet import Layers
from ..worlds import Sample
from .early_stopping import train_in_cycles
from .search import Schedule, make_optimizer
from .teacher import BATCH, CYCLES, LEARNING_RATE, PROGRAMS, draw_rows

# Like students, they may take four times as long while that is of use.
MOST_CYCLES = 4 * CYCLES
# Squared weights are charged this much; validation chooses.
DECAYS = (1e-5, 1e-3)
# Largest numbers of leaves and learning rates of the trees; validation chooses, and the number of trees.
TREES = ((31, 0.05), (8, 0.1))
MOST_TREES = 500
# Trees learn from no more rows than these.
MOST_ROWS = 100_000


def simple_errors(data: Dataset, seed: int = 0) -> dict[str, float]:
    """Held-out errors of what needs no network: the mean answer, a straight line, and gradient-boosted trees."""
    x, x_test = (_all_inputs(part) for part in (data.train, data.test))
    y, y_test = (np.asarray(part.answers[:, 0], np.float64) for part in (data.train, data.test))
    w, w_test = (
        np.ones_like(answers) if part.weights is None else np.asarray(part.weights[:, 0], np.float64)
        for part, answers in ((data.train, y), (data.test, y_test))
    )
    root = np.sqrt(w)
    fits = [np.linalg.lstsq(x * root[:, [i]], y[:, i] * root[:, i])[0] for i in range(y.shape[1])]
    line, mean = x_test @ np.stack(fits, axis=1), (w * y).sum(axis=0, keepdims=True) / w.sum(axis=0)
    fold = data.fold(seed)
    learned, validation = fold.order[: fold.learned][:MOST_ROWS], fold.validation
    trees = [
        _boosted((x[learned], y[learned, i], w[learned, i]), (x[validation], y[validation, i], w[validation, i]), seed)
        for i in range(y.shape[1])
    ]
    tree = np.stack([model.predict(x_test) for model in trees], axis=1)
    return {
        name: float(np.sqrt((w_test * (guess - y_test) ** 2).sum(axis=1).mean()))
        for name, guess in (("mean", mean), ("linear", line), ("trees", tree))
    }


def _all_inputs(sample: Sample) -> Float[np.ndarray, "rows numbers"]:
    inputs = (sample.observation, sample.questions[:, 0], np.ones((len(sample.observation), 1)))
    return np.concatenate(inputs, axis=1, dtype=np.float64)


def _boosted(learned: tuple[np.ndarray, ...], validation: tuple[np.ndarray, ...], seed: int) -> Any:
    """The best gradient-boosted trees for (inputs, answers, weights), by validation."""
    # scikit-learn takes seconds to import, and most runs need none of it.
    from sklearn.ensemble import HistGradientBoostingRegressor

    models = [
        HistGradientBoostingRegressor(
            max_leaf_nodes=leaves, learning_rate=rate, max_iter=MOST_TREES, early_stopping=True, random_state=seed
        ).fit(*learned, X_val=validation[0], y_val=validation[1], sample_weight_val=validation[2])
        for leaves, rate in TREES
    ]
    x, y, w = validation
    return min(models, key=lambda model: float((w * (model.predict(x) - y) ** 2).mean()))


def make_baselines(
    data: Dataset, latents: Sequence[int], schedule: Schedule, layers: tuple[int, ...]
) -> Callable[[PRNGKeyArray], Float[np.ndarray, " members"]]:
    """A function `errors(key)`: held-out errors of plain networks, one for each number of latents and a last one.

    Each answers from the question and as many principal components of the observation as there are latents; the
    last one sees the whole observation. They have the layers of encoder and decoder, early stopping, and the better of
    two weight decays by validation.
    """
    directions = np.linalg.svd(data.train.observation - data.train.observation.mean(axis=0), full_matrices=False)[2]
    data = replace(
        data,
        train=data.train._replace(observation=data.train.observation @ directions.T),
        test=data.test._replace(observation=data.test.observation @ directions.T),
    )
    train, test = (jax.tree.map(jnp.asarray, part) for part in (data.train, data.test))
    seen, asked = train.observation.shape[1], train.questions.shape[2]
    components = np.array([min(k, seen) for k in latents] + [seen])
    masks = jnp.repeat(jnp.asarray(np.arange(seen) < components[:, None], jnp.float32), len(DECAYS), axis=0)
    decays = jnp.tile(jnp.asarray(DECAYS, jnp.float32), len(components))
    widths = (seen + asked, *layers, *layers, len(data.columns.answer))
    run, draw, evaluate = _programs(widths, max(1, schedule.steps // CYCLES))

    def errors(key: PRNGKeyArray) -> Float[np.ndarray, " members"]:
        fold = data.fold(int(jax.random.randint(key, (), 0, 2**31 - 1, jnp.int32)))
        validation = data.validation(fold)
        keys = jnp.stack([key] * len(masks))
        kept = train_in_cycles(
            run,
            lambda models: evaluate(models, masks, validation),
            keys,
            draw(keys),
            lambda _: {"mask": masks, "decay": decays},
            (train, fold),
            MOST_CYCLES,
        )
        by_decay = kept.errors.reshape(-1, len(DECAYS))
        best = np.arange(len(by_decay)) * len(DECAYS) + by_decay.argmin(axis=1)
        return np.asarray(evaluate(kept.models, masks, test), np.float64)[best]

    return errors


class _Programs(NamedTuple):
    """What is compiled once for all tables of one shape: a cycle of training, first networks, and their errors."""

    run: Callable[..., Training]
    draw: Callable[[Array], Layers]
    evaluate: Callable[[Layers, Array, Sample], Array]


@functools.lru_cache(maxsize=PROGRAMS)
def _programs(widths: tuple[int, ...], steps: int) -> _Programs:
    def error(model: Layers, mask: Float[Array, " seen"], sample: Sample) -> Float[Array, ""]:
        inputs = jnp.concatenate([sample.observation * mask[None], sample.questions[:, 0]], axis=1)
        return squared_error(jax.vmap(model)(inputs)[:, None], sample)

    def loss(model: Layers, setting: PyTree, batch: Sample, *, key: PRNGKeyArray) -> Float[Array, ""]:
        size = sum(jnp.sum(weight**2) for weight in model.weights)
        return error(model, setting["mask"], batch) + setting["decay"] * size

    run = make_train(
        lambda setting, *, key: setting["model"],
        loss,
        make_optimizer(LEARNING_RATE, steps),
        steps=steps,
        chunk=1000,
        shared=lambda data, *, key: draw_rows(data, BATCH, key=key),
    )

    @compiled(once=True)
    def draw(keys: Array) -> Layers:
        return eqx.filter_vmap(lambda key: Layers(widths, key=key))(keys)

    @compiled(once=False)
    def evaluate(models: Layers, masks: Float[Array, "members seen"], sample: Sample) -> Float[Array, " members"]:
        return jnp.sqrt(eqx.filter_vmap(error, in_axes=(eqx.if_array(0), 0, None))(models, masks, sample))

    return _Programs(run, draw, evaluate)
