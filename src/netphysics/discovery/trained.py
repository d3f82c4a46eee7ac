"""Trained networks: what those that have learned a table say about rows that they have never seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ..tables import numbers, read_table, select
from .data.columns import Columns
from .data.scales import Scales
from .data.windows import AHEAD, Windows
from .formula import Formula
from .scinet import SciNet, answers


@dataclass(frozen=True)
class TrainedNetworks:
    """Networks of several seeds that have learned a table.

    Attributes:
        columns, scales: what they are shown and how.
        networks: the networks.
        masks: which neurons each of them kept, the first of them the one that tells most.
        formulas: for each network, what its neurons follow, in the order of `masks` as far as there is a formula of
            the candidates: None for a neuron without one, nothing at all without candidates.
        windows: how time series in long format become rows; None where rows are observations.
    """

    columns: Columns
    scales: Scales
    networks: tuple[SciNet, ...]
    masks: tuple[tuple[int, ...], ...]
    formulas: tuple[tuple[Formula | None, ...], ...]
    windows: Windows | None = None

    def apply(self, table: Mapping[str, np.ndarray], network: int = 0) -> dict[str, np.ndarray]:
        """Latents and answers for the rows of a table with the columns of observation and question.

        Returns columns: `z1`, `z2`, ..., the kept neurons of one network, the one that tells most first; for each
        answer the mean over networks, in its own unit, and `<answer> spread`, their standard deviation. For time
        series in long format there is a row for each window, which its series and the time ahead tell from others.

        Raises:
            ValueError: for columns that are missing, text, or lack numbers that they never lacked in training;
                a network that is not there.
        """
        if not 0 <= network < len(self.networks):
            raise ValueError(f"--network is {network}; the run has networks 0 to {len(self.networks) - 1}")
        told: dict[str, np.ndarray] = {}
        if self.windows is not None:
            table = self.windows.table(read_table(table))
            told = {name: table[name] for name in (self.windows.series, f"{self.windows.time} {AHEAD}")}
        parts = {part: select(table, getattr(self.columns, part), part) for part in ("observation", "question")}
        values = {name: numbers(table, name) for name in (*parts["observation"], *parts["question"])}
        observation, question = (self.scales.network_inputs(values, names) for names in parts.values())
        found = [
            [np.asarray(part, np.float64) for part in _both(model, observation, question)] for model in self.networks
        ]
        result = told | {f"z{i + 1}": found[network][0][:, k] for i, k in enumerate(self.masks[network])}
        each = [self.scales.answers(answer, self.columns.answer) for _, answer in found]
        for name in self.columns.answer:
            stacked = np.stack([columns[name] for columns in each])
            result |= {name: stacked.mean(axis=0), f"{name} spread": stacked.std(axis=0)}
        return result


@eqx.filter_jit
def _both(
    model: SciNet,
    observation: Float[np.ndarray | Array, "rows observation"],
    question: Float[np.ndarray | Array, "rows question"],
) -> tuple[Float[Array, "rows latents"], Float[Array, "rows answer"]]:
    z = jax.vmap(model.encode)(jnp.asarray(observation))[0]
    return z, answers(model, z, jnp.asarray(question)[:, None])[:, 0]
