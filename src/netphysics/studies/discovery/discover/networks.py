"""Trained networks: those of a finished run of `discover`, for rows that they have never seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from netphysics.blocks import Cell, Plan
from netphysics.discovery import Columns, Dataset, Scales, SciNet, SciNetSizes, TrainedNetworks, Windows
from netphysics.discovery.data.dataset import sizes_for
from netphysics.discovery.data.outliers import Limits
from netphysics.discovery.formula import Formula, Ranges, decoded, ranges_of
from netphysics.lab import store
from netphysics.stats import Estimate

STUDY, CELL = "discover", Cell("table")
# What a block keeps of its network beside its sums. Older versions kept it among them.
WEIGHTS, MASK = "network-weights", "network-mask"
FORMULAS, FOLLOWS = "network-formulas", "network-follows"


def scale_results(data: Dataset) -> dict[str, Estimate]:
    """The scales of a dataset as results of a study."""
    scales, names = data.scales, data.columns.shown
    ranges = ranges_of(data.candidates(data.test)).values()
    return {
        "center": Estimate.exact([scales.center[name] for name in names]),
        "spread": Estimate.exact([scales.spread[name] for name in names]),
        "degrees": Estimate.exact([float(name in scales.degrees) for name in names]),
        **{f"candidate-{end}": Estimate.exact([pair[k] for pair in ranges]) for k, end in enumerate(("low", "high"))},
        "gaps": Estimate.exact([float(name in scales.gaps) for name in names]),
        "dropped": Estimate.exact(float(data.dropped)),
        "unused": Estimate.exact(float(data.unused)),
        **outlier_results(data),
    }


def outlier_results(data: Dataset) -> dict[str, Estimate]:
    """How many answers are outliers, and the limits of the columns that have some; nothing where nobody looked."""
    if not data.columns.robust:
        return {}
    names, bounds = data.columns.shown, data.scales.limits
    ends = [bounds.get(name, Limits(-np.inf, np.inf)) for name in names]
    return {
        "outliers": Estimate.exact(float(data.outliers)),
        "limit-low": Estimate.exact([low for low, _ in ends]),
        "limit-high": Estimate.exact([high for _, high in ends]),
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
        ValueError: for a folder without such a run, and for one with files that are damaged.
    """
    content = store.Store(Path(folder)).read_content()
    if content is None:
        raise ValueError(f"{folder} holds no finished run; run the study again")
    record, theory = content.record, content.predicted
    files = store.Store(Path(folder), record.get("run", ""))
    if record["study"] != STUDY:
        raise ValueError(f"{folder} is a run of {record['study']}; only runs of {STUDY} have networks for a table")
    if "center" not in theory[CELL.name]:
        raise ValueError(f"{folder} was made by an older version that kept no networks; run the study again")
    config: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in record["config"].items()
    }
    columns = Columns(
        config["observation"], config["question"], config["answer"], config["candidates"], config["circular"]
    )
    found = {name: estimate.value for name, estimate in theory[CELL.name].items()}
    scales = Scales(
        dict(zip(columns.shown, found["center"].tolist(), strict=True)),
        dict(zip(columns.shown, found["spread"].tolist(), strict=True)),
        columns.circular,
        degrees=tuple(np.array(columns.shown)[found["degrees"] > 0].tolist()),
        gaps=tuple(np.array(columns.shown)[found["gaps"] > 0].tolist()),
        limits=limits_of(columns.shown, found),
    )
    layers = (config["width"], config["width"])
    sizes = sizes_for(columns, scales, max(config["latents"]), layers)
    # Runs of older versions do not say in which ranges their formulas were found.
    ends = zip(found.get("candidate-low", ()), found.get("candidate-high", ()), strict=True)
    ranges = {name: (float(low), float(high)) for name, (low, high) in zip(columns.candidates, ends, strict=False)}
    kept = list(kept_arrays(files, config, record["blocks"][CELL.name]))
    if not kept:
        raise ValueError(f"{folder} has no network that was trained to the end")
    return TrainedNetworks(
        columns,
        scales,
        tuple(restored(sizes, arrays[WEIGHTS]) for arrays in kept),
        tuple(_kept_neurons(arrays[MASK]) for arrays in kept),
        tuple(formulas_of(arrays, columns.candidates, ranges) for arrays in kept),
        Windows(config["time"], config["series"], config["window"]) if config.get("time") else None,
    )


def limits_of(names: tuple[str, ...], found: Mapping[str, np.ndarray]) -> dict[str, Limits]:
    """The limits of the columns with outliers, as `outlier_results` keeps them."""
    ends = zip(found.get("limit-low", ()), found.get("limit-high", ()), strict=True)
    bounds = {name: Limits(float(low), float(high)) for name, (low, high) in zip(names, ends, strict=False)}
    return {name: ends for name, ends in bounds.items() if np.isfinite(ends).all()}


def formulas_of(
    arrays: Mapping[str, np.ndarray], candidates: tuple[str, ...], ranges: Ranges
) -> tuple[Formula | None, ...]:
    """The formulas of one network, the neuron that tells most first; None where there is none."""
    codes = arrays.get(FORMULAS, np.zeros((0, 1)))
    follows = arrays.get(FOLLOWS, np.full(len(codes), np.nan))
    return tuple(
        decoded(code, candidates, correlation, ranges) if code.any() else None
        for code, correlation in zip(codes, follows, strict=True)
    )


def _kept_neurons(information: Float[np.ndarray, " latents"]) -> tuple[int, ...]:
    """The neurons that tell something, the one that tells most first."""
    return tuple(int(k) for k in np.argsort(-information, kind="stable") if information[k] > 0)


def kept_arrays(files: store.Store, config: Mapping[str, Any], count: int) -> Iterator[dict[str, np.ndarray]]:
    """What each seed that was trained to the end kept of its network.

    Args:
        count: how many blocks the run was finished with.

    Raises:
        ValueError: when a block is damaged or missing.
    """
    blocks = Plan((CELL,), config["draws"], config["block_size"]).blocks(CELL)
    seen = [block for each in blocks if (block := files.ledger.look(each)) is not None]
    if len(seen) < count:
        raise ValueError(f"{files.folder} has {len(seen)} of its {count} blocks; run the study again")
    for found, arrays in seen:
        if not found.sums["finished"] > 0:
            continue
        if WEIGHTS in found.sums:
            yield {name: np.asarray(found.sums[name]) for name in (WEIGHTS, MASK, FORMULAS) if name in found.sums}
        elif WEIGHTS in arrays:
            yield from ({name: array[i] for name, array in arrays.items()} for i in range(found.count))
