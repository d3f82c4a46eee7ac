"""Trained networks in one file: how they are built, what they learned from, and their weights, without pickle."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PyTree

from ...blocks import load_archive, write_archive
from ...stats import Estimate
from .decisions import TrainingSettings
from .hashing import Hashing

KIND = "netphysics knot classifier 1"


@dataclass(frozen=True)
class Classifier:
    """Networks of one kind that tell knots from unknots, each from a training of its own.

    Attributes:
        settings: how they are built and trained.
        letters: fewest and most letters of the words they learned from.
        strands: most strands of those words.
        accuracies: balanced, of each network, on words that it did not learn, shape (members,).
        models: all networks as one: every array has a leading axis of members.
    """

    settings: TrainingSettings
    letters: tuple[int, int]
    strands: int
    accuracies: np.ndarray
    models: PyTree

    @property
    def accuracy(self) -> Estimate:
        """The mean over networks."""
        return over_networks(self.accuracies)


def over_networks(values: np.ndarray) -> Estimate:
    """The mean of one number per network, shape (members,), and its error: trainings are independent."""
    count = len(values)
    return Estimate(values.mean(), values.std(ddof=1) / np.sqrt(count), count, float(count - 1))


def write_classifier(path: Path, classifier: Classifier) -> None:
    """Write the networks, whole or not at all."""
    about = {
        "kind": KIND,
        "settings": asdict(classifier.settings),
        "letters": list(classifier.letters),
        "strands": classifier.strands,
    }
    weights = eqx.filter(classifier.models, eqx.is_array)
    arrays = {name_of(where): np.asarray(leaf) for where, leaf in jax.tree_util.tree_leaves_with_path(weights)}
    write_archive(path, {**arrays, "about": np.array(json.dumps(about)), "accuracies": classifier.accuracies})


def read_classifier(path: Path) -> Classifier:
    """The networks of a file that `write_classifier` wrote.

    Raises:
        ValueError: for a file that is not there, is damaged, or holds something else.
    """
    try:
        arrays = load_archive(path)
    except OSError as problem:
        raise ValueError(f"{path} cannot be read: {problem.strerror}") from None
    try:
        about = json.loads(str(arrays["about"]))
        if about["kind"] != KIND:
            raise ValueError
        # Files of older versions called them schooling.
        options = about["settings"] if "settings" in about else about["schooling"]
        settings = TrainingSettings(**{**options, "hashing": Hashing(**options["hashing"])})
        models = models_of(settings, arrays, len(arrays["accuracies"]))
        return Classifier(settings, tuple(about["letters"]), about["strands"], arrays["accuracies"], models)
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{path} holds no classifier of knots that this version of netphysics can read") from None


def models_of(settings: TrainingSettings, arrays: dict[str, np.ndarray], members: int) -> PyTree:
    """Networks with the given weights.

    Raises:
        KeyError: for weights that are not there.
        ValueError: for weights of another shape or type.
    """
    template = eqx.filter_eval_shape(lambda key: settings.network(key=key), jax.random.key(0))

    def weights(where: tuple, leaf: PyTree) -> PyTree:
        if not isinstance(leaf, jax.ShapeDtypeStruct):
            return leaf
        found = arrays[name_of(where)]
        if found.shape != (members, *leaf.shape) or found.dtype != leaf.dtype:
            raise ValueError
        return jnp.asarray(found)

    return jax.tree_util.tree_map_with_path(weights, template)


def name_of(where: tuple) -> str:
    """The name of an array by its place in a network."""
    return "network" + jax.tree_util.keystr(where)
