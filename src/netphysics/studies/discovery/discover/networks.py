"""Trained networks: those of a finished run of `discover`, for rows that they have never seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from netphysics.blocks import Cell, Plan
from netphysics.discovery import Columns, Dataset, Scales, SciNet, SciNetSizes, answers
from netphysics.discovery.dataset import sizes_for
from netphysics.discovery.probe.symbolic import decode
from netphysics.discovery.table import numbers, select
from netphysics.lab import store
from netphysics.stats import Estimate

STUDY, CELL = "discover", Cell("table")
# What a block keeps of its network beside its sums. Older versions kept it among them.
WEIGHTS, MASK, FORMULAS = "network-weights", "network-mask", "network-formulas"


@dataclass(frozen=True)
class TrainedNetworks:
    """The networks of a run, one per seed that was trained to the end, the largest number of latents each.

    Attributes:
        columns, scales: what they are shown and how.
        networks: the networks.
        masks: which neurons each of them kept, the first of them the one that tells most.
        formulas: for each network, formulas of the candidates for its neurons; empty where there are none.
    """

    columns: Columns
    scales: Scales
    networks: tuple[SciNet, ...]
    masks: tuple[tuple[int, ...], ...]
    formulas: tuple[tuple[str, ...], ...]

    def apply(self, table: Mapping[str, np.ndarray], network: int = 0) -> dict[str, np.ndarray]:
        """Latents and answers for the rows of a table with the columns of observation and question.

        Returns columns: `z1`, `z2`, ..., the kept neurons of one network, the one that tells most first; for each
        answer the mean over networks, in its own unit, and `<answer> spread`, their standard deviation.

        Raises:
            ValueError: for columns that are missing, text, or lack numbers that they never lacked in training;
                a network that is not there.
        """
        if not 0 <= network < len(self.networks):
            raise ValueError(f"--network is {network}; the run has networks 0 to {len(self.networks) - 1}")
        parts = {part: select(table, getattr(self.columns, part), part) for part in ("observation", "question")}
        values = {name: numbers(table, name) for name in (*parts["observation"], *parts["question"])}
        observation, question = (self.scales.network_inputs(values, names) for names in parts.values())
        found = [
            [np.asarray(part, np.float64) for part in _both(model, observation, question)] for model in self.networks
        ]
        result = {f"z{i + 1}": found[network][0][:, k] for i, k in enumerate(self.masks[network])}
        each = [self.scales.answers(answer, self.columns.answer) for _, answer in found]
        for name in self.columns.answer:
            stacked = np.stack([columns[name] for columns in each])
            result |= {name: stacked.mean(axis=0), f"{name} spread": stacked.std(axis=0)}
        return result


@eqx.filter_jit
def _both(
    model: SciNet, observation: Float[Array, "rows observation"], question: Float[Array, "rows question"]
) -> tuple[Float[Array, "rows latents"], Float[Array, "rows answer"]]:
    z = jax.vmap(model.encode)(jnp.asarray(observation))[0]
    return z, answers(model, z, jnp.asarray(question)[:, None])[:, 0]


def scale_results(data: Dataset) -> dict[str, Estimate]:
    """The scales of a dataset as results of a study."""
    scales, names = data.scales, data.columns.shown
    return {
        "center": Estimate.exact([scales.center[name] for name in names]),
        "spread": Estimate.exact([scales.spread[name] for name in names]),
        "degrees": Estimate.exact([float(name in scales.degrees) for name in names]),
        "gaps": Estimate.exact([float(name in scales.gaps) for name in names]),
        "dropped": Estimate.exact(float(data.dropped)),
    }


def flattened(model: SciNet) -> Float[np.ndarray, " weights"]:
    """All weights of a network as one list of numbers."""
    return np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(eqx.filter(model, eqx.is_array))])


def restored(sizes: SciNetSizes, weights: Float[np.ndarray, " weights"]) -> SciNet:
    """The network of these sizes with these weights."""
    skeleton = eqx.filter_eval_shape(lambda key: SciNet(sizes, key=key), jax.random.key(0))
    arrays, rest = eqx.partition(skeleton, lambda leaf: isinstance(leaf, jax.ShapeDtypeStruct))
    leaves, tree = jax.tree.flatten(arrays)
    ends = np.cumsum([leaf.size for leaf in leaves])
    parts = np.split(np.asarray(weights, np.float32), ends[:-1])
    filled = [jnp.asarray(part.reshape(leaf.shape)) for part, leaf in zip(parts, leaves, strict=True)]
    return eqx.combine(jax.tree.unflatten(tree, filled), rest)


def load_networks(folder: str | Path) -> TrainedNetworks:
    """The networks of a finished run of `discover`; the table that they were trained on is not needed.

    Raises:
        ValueError: for a folder without such a run.
    """
    files = store.Store(Path(folder))
    record, theory = files.read_json(store.RECORD), files.read_results(store.THEORY)
    if record is None or theory is None:
        raise ValueError(f"{folder} holds no finished run, or a damaged one; run the study again")
    if record["study"] != STUDY:
        raise ValueError(f"{folder} is a run of {record['study']}; only runs of {STUDY} have networks for a table")
    if "center" not in theory[CELL.name]:
        raise ValueError(f"{folder} was made by an older version that kept no networks; run the study again")
    config = {name: tuple(value) if isinstance(value, list) else value for name, value in record["config"].items()}
    columns = Columns(
        config["observation"], config["question"], config["answer"], config["candidates"], config["circular"]
    )
    found = {name: estimate.value for name, estimate in theory[CELL.name].items()}
    scales = Scales(
        dict(zip(columns.shown, found["center"].tolist(), strict=True)),
        dict(zip(columns.shown, found["spread"].tolist(), strict=True)),
        columns.circular,
        *(tuple(np.array(columns.shown)[found[name] > 0].tolist()) for name in ("degrees", "gaps")),
    )
    layers = (config["width"], config["width"])
    sizes = sizes_for(columns, scales, max(config["latents"]), layers)
    kept = list(_kept(files, config))
    if not kept:
        raise ValueError(f"{folder} has no network that was trained to the end")
    return TrainedNetworks(
        columns,
        scales,
        tuple(restored(sizes, arrays[WEIGHTS]) for arrays in kept),
        tuple(_kept_neurons(arrays[MASK]) for arrays in kept),
        tuple(tuple(decode(code, columns.candidates) for code in arrays.get(FORMULAS, ())) for arrays in kept),
    )


def _kept_neurons(information: Float[np.ndarray, " latents"]) -> tuple[int, ...]:
    """The neurons that tell something, the one that tells most first."""
    return tuple(int(k) for k in np.argsort(-information, kind="stable") if information[k] > 0)


def _kept(files: store.Store, config: Mapping[str, Any]) -> Iterator[dict[str, np.ndarray]]:
    """What each seed that was trained to the end kept of its network."""
    for block in Plan((CELL,), config["draws"], config["block_size"]).blocks(CELL):
        found = files.ledger.read(block)[0]
        arrays = files.ledger.kept(block) or {}
        if found is None or not found.sums["finished"] > 0:
            continue
        if WEIGHTS in found.sums:
            yield {name: np.asarray(found.sums[name]) for name in (WEIGHTS, MASK, FORMULAS) if name in found.sums}
        elif WEIGHTS in arrays:
            yield from ({name: array[i] for name, array in arrays.items()} for i in range(block.count))
