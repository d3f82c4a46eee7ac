"""Discovery as an estimator, with the conventions of scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jaxtyping import Float
from rich.progress import track
from sklearn.base import BaseEstimator, RegressorMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ..tables import Table, read_table
from .data.columns import Columns
from .data.dataset import Dataset, dataset
from .formula import Formula, find_formula
from .trained import TrainedNetworks
from .training.search import Schedule
from .training.sweep import TableSweep, error_together, latent_number_of, make_table_sweep

GROUP = "group"
# Options that may differ between a training and a warm start from it.
ADDED = ("seeds", "warm_start", "verbose")


class Discovery(TransformerMixin, RegressorMixin, BaseEstimator):
    """Networks that answer through as few latent neurons as the data need.

        model = netphysics.Discovery(question=["t"]).fit(X, y)
        model.latent_number_      LatentNumber(number=2, fewest=2, most=2)
        model.predict(X), model.transform(X), model.score(X, y)

    Args:
        latents: numbers of latent neurons to offer; 0 must be among them.
        question: columns of X that ask, by name, or by place where X is an array; the others are observed.
        steps: of the teacher, and of each stage of the other networks; the last may take four times as many, while
            validation says that it is of use.
        width: of the two hidden layers of encoder and decoder.
        seeds: independent trainings.
        image: height and width, where the columns that are observed begin with the pixels of an image, row by row.
        robust: whether answers that are gross errors count nothing, and observations are shown within limits.
        find_beta, polish_beta: strengths of the bottleneck, as shares of the variance that latents can explain.
        random_state: of all random numbers.
        warm_start: whether `fit` keeps the seeds that it has trained on these rows and trains only those that `seeds`
            has more of, as ensembles of scikit-learn do.
        verbose: whether a bar shows how many seeds are trained.

    Attributes:
        latent_number_: how many latents are needed, and the interval of numbers that cannot be told apart.
        errors_: root mean square errors on the fifth of the rows that was held out, for each number in `latents`, in
            standard deviations of the answers, the mean over seeds.
        error_: the same of what `predict` answers.
        networks_: the networks with that number of latents, one for each seed: those of `transform`.
        answering_: the networks that validate best, with whatever number of latents, one for each seed: those of
            `predict`.
    """

    def __init__(
        self,
        latents: Sequence[int] = (0, 1, 2, 3),
        question: Sequence[str | int] = (),
        steps: int = 2000,
        width: int = 64,
        seeds: int = 2,
        image: tuple[int, int] | None = None,
        robust: bool = False,
        find_beta: float = 0.05,
        polish_beta: float = 0.0025,
        random_state: int = 0,
        warm_start: bool = False,
        verbose: bool = False,
    ):
        self.latents = latents
        self.question = question
        self.steps = steps
        self.width = width
        self.seeds = seeds
        self.image = image
        self.robust = robust
        self.find_beta = find_beta
        self.polish_beta = polish_beta
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose

    def fit(self, X: Any, y: Any, groups: Any = None) -> Discovery:
        """Learn from rows X, an array or a DataFrame, and their answers y, shape (rows,) or (rows, answers).

        Args:
            groups: rows with the same value stay on one side of every split.

        Raises:
            ValueError: for data that cannot be used, in one sentence.
        """
        if self.seeds < 1:
            raise ValueError(f"seeds is {self.seeds}; it must be at least 1")
        if 0 not in self.latents or max(self.latents) < 1:
            raise ValueError(f"latents is {tuple(self.latents)}; it needs 0, and a number from 1")
        X, answer = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2)
        inputs = self._columns(X)
        self._one_answer = answer.ndim == 1
        answers = {f"answer {i}": column for i, column in enumerate(answer.reshape(len(answer), -1).T)}
        question = self._question(X)
        observation = tuple(name for name in inputs if name not in question)
        columns = {**inputs, **answers} if groups is None else {**inputs, **answers, GROUP: np.asarray(groups)}
        group = None if groups is None else GROUP
        parts = Columns(observation, question, tuple(answers), group=group, robust=self.robust)
        data = dataset(columns, parts, max(self.latents), self.random_state)
        schedule = Schedule(self.steps, self.find_beta, self.polish_beta)
        sweep_of = make_table_sweep(data, self.latents, schedule, (self.width, self.width))
        trained = self._trained_before(data)
        root = jax.random.key(self.random_state)
        for seed in track(range(len(trained), self.seeds), "training seeds", transient=True, disable=not self.verbose):
            trained.append(sweep_of(jax.random.fold_in(root, seed)))
        self._before = (self._options(), data.train, trained) if self.warm_start else None
        sweeps = [sweep for sweep in trained if sweep.finished]
        if not sweeps:
            raise ValueError("every training diverged; the data may have numbers of very different sizes")
        self.latent_number_ = latent_number_of(self.latents, sweeps)
        self.errors_, self.error_ = np.mean([sweep.errors for sweep in sweeps], axis=0), error_together(sweeps)
        self.networks_ = _networks(data, sweeps, [list(self.latents).index(self.latent_number_.number)] * len(sweeps))
        self.answering_ = _networks(data, sweeps, [sweep.best for sweep in sweeps])
        return self

    def _trained_before(self, data: Dataset) -> list[TableSweep]:
        """The trainings of an earlier `fit` that a warm start goes on from."""
        before = getattr(self, "_before", None)
        if not self.warm_start or before is None:
            return []
        options, rows, trained = before
        if changed := [name for name, value in self._options().items() if value != options[name]]:
            raise ValueError(f"{changed[0]} has changed; a warm start adds seeds to trainings with the same options")
        if not all(map(np.array_equal, *(jax.tree.leaves(part) for part in (rows, data.train)))):
            raise ValueError("X, y or groups has changed; a warm start adds seeds to trainings with the same rows")
        if self.seeds < len(trained):
            raise ValueError(f"seeds is {self.seeds}; a warm start needs at least the {len(trained)} that are trained")
        return list(trained)

    def _options(self) -> dict[str, Any]:
        """The options that a training depends on."""
        return {name: value for name, value in self.get_params().items() if name not in ADDED}

    def predict(self, X: Any) -> np.ndarray:
        """Answers for rows, the mean over networks, shaped as the answers that were learned."""
        applied = self._applied("answering_", X)
        answers = np.stack([applied[name] for name in self.answering_.columns.answer], axis=1)
        return answers[:, 0] if self._one_answer else answers

    def transform(self, X: Any) -> np.ndarray:
        """Latents of rows by the first network, the neuron that tells most first, shape (rows, kept neurons)."""
        applied, kept = self._applied("networks_", X), len(self.networks_.masks[0])
        latents = [applied[f"z{i + 1}"] for i in range(kept)]
        return np.stack(latents, axis=1) if latents else np.zeros((len(next(iter(applied.values()))), 0))

    def formulas(self, X: Any, columns: Any = None) -> list[Formula]:
        """For each latent that `transform` gives, the short formula of some columns that it follows best.

        Args:
            X: rows with the columns that were learned from.
            columns: what formulas may be made of, for the same rows, an array or a DataFrame; those of X if left out.

        Raises:
            ValueError: for rows that are not as many.
        """
        latents, table = self.transform(X), _by_name(X if columns is None else columns)
        numbers = {name: np.asarray(column, np.float64) for name, column in table.items()}
        if wrong := [name for name, column in numbers.items() if len(column) != len(latents)]:
            raise ValueError(f"column {wrong[0]} has {len(numbers[wrong[0]])} rows; X has {len(latents)}")
        return [find_formula(z, numbers) for z in latents.T]

    def _applied(self, networks: str, X: Any) -> dict[str, np.ndarray]:
        check_is_fitted(self, networks)
        return getattr(self, networks).apply(self._columns(validate_data(self, X, dtype=np.float64, reset=False)))

    def _columns(self, X: Float[np.ndarray, "rows columns"]) -> dict[str, np.ndarray]:
        """Columns by name: those of a DataFrame, or x0, x1, ... of an array."""
        columns = dict(zip(self._names(X), X.T, strict=True))
        if self.image is None:
            return columns
        height, width = self.image
        question = self._question(X)
        pixels = [name for name in columns if name not in question][: height * width]
        if len(pixels) < height * width:
            raise ValueError(f"image is {self.image}; X has {len(pixels)} columns that are observed")
        places = {name: f"image[{k // width},{k % width}]" for k, name in enumerate(pixels)}
        return {places.get(name, name): column for name, column in columns.items()}

    def _names(self, X: Float[np.ndarray, "rows columns"]) -> list[str]:
        return [str(name) for name in getattr(self, "feature_names_in_", [f"x{i}" for i in range(X.shape[1])])]

    def _question(self, X: Float[np.ndarray, "rows columns"]) -> tuple[str, ...]:
        """The columns that ask, by name."""
        names = self._names(X)
        return tuple(name if isinstance(name, str) else names[name] for name in self.question)


def _networks(data: Dataset, sweeps: Sequence[TableSweep], members: Sequence[int]) -> TrainedNetworks:
    """One network of each sweep, its neurons in the order of what they tell."""
    chosen = list(zip(sweeps, members, strict=True))
    kept = [
        tuple(
            int(k)
            for k in np.argsort(-sweep.information(member), kind="stable")
            if np.asarray(sweep.found.mask)[member, k] > 0
        )
        for sweep, member in chosen
    ]
    models = tuple(sweep.model(member) for sweep, member in chosen)
    return TrainedNetworks(data.columns, data.scales, models, tuple(kept), ((),) * len(sweeps))


def _by_name(X: Any) -> Table:
    """Columns by name: those of a DataFrame, or x0, x1, ... of an array."""
    if hasattr(X, "columns"):
        return read_table(X)
    array = np.asarray(X)
    if array.ndim != 2:
        raise ValueError(f"columns has shape {array.shape}; it must have rows and columns")
    return Table({f"x{i}": column for i, column in enumerate(array.T)})
