"""Checkpoints: the state of a training in files that appear whole and know when they are damaged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import PyTree

from ..blocks import digest, read_archive, write_archive

# The newest file may be damaged, the one before it is then the way back.
KEPT = 2
IDENTITY, LOSSES = "identity", "losses"


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one training, `<folder>/step-<number>.npz`.

    Attributes:
        identity: what the training starts from; a checkpoint of another one is refused.
    """

    folder: Path
    identity: np.ndarray

    def write(self, step: int, state: PyTree, losses: np.ndarray) -> None:
        """Keep the state after `step` steps, and the losses so far; older checkpoints are removed."""
        arrays = {**numbered(state), LOSSES: losses, IDENTITY: self.identity}
        write_archive(self.folder / f"step-{step:09d}.npz", arrays)
        for path in self.paths()[KEPT:]:
            path.unlink(missing_ok=True)

    def latest(self, template: PyTree) -> tuple[int, PyTree, np.ndarray, list[str]]:
        """The step, state and losses to go on from, and a sentence on every file that was damaged.

        Step 0, `template` and no losses when nothing usable is on disk.

        Raises:
            ValueError: when the folder holds the checkpoints of another training.
        """
        notes = []
        for path in self.paths():
            arrays, aside = read_archive(path)
            if arrays is None:
                notes += [f"{aside} was damaged; its steps are computed again"] if aside else []
                continue
            if IDENTITY not in arrays or not np.array_equal(arrays[IDENTITY], self.identity):
                raise ValueError(
                    f"{self.folder} holds a training with another start, other settings, data or steps; "
                    "name another folder"
                )
            leaves = [jnp.asarray(arrays[name]) for name in numbered(template)]
            state = jax.tree.unflatten(jax.tree.structure(template), leaves)
            return int(path.stem.removeprefix("step-")), state, arrays[LOSSES], notes
        members = len(jax.tree.leaves(template)[0])
        return 0, template, np.zeros((0, members), np.float32), notes

    def paths(self) -> list[Path]:
        """The checkpoint files, newest first."""
        return sorted(self.folder.glob("step-*.npz"), reverse=True)


def identity(*parts: PyTree) -> np.ndarray:
    """A digest of all arrays in `parts`, whatever else they hold."""
    return digest(numbered(parts))


def numbered(tree: PyTree) -> Mapping[str, np.ndarray]:
    """The arrays of a tree by their place in it."""
    return {f"leaf-{place:04d}": array for place, array in enumerate(_arrays(tree))}


def _arrays(tree: PyTree) -> Iterator[np.ndarray]:
    for leaf in jax.tree.leaves(tree):
        if isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key):
            yield np.asarray(jax.random.key_data(leaf))
        elif isinstance(leaf, (jax.Array, np.ndarray, int, float)):
            yield np.asarray(leaf)
