"""Planes: latents as linear functions of quantities, and what a drift of the latents means for these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Plane:
    r"""$z = C \varphi + c$, fitted by least squares.

    Attributes:
        slopes: C, latents by quantities.
        offset: c.
        explained: the share of each latent's variance that the plane has; 0 for a latent that is constant.
    """

    slopes: Float[np.ndarray, "latents quantities"]
    offset: Float[np.ndarray, " latents"]
    explained: Float[np.ndarray, " latents"]

    def read(self, latents: Float[np.ndarray, "*batch latents"]) -> Float[np.ndarray, "*batch quantities"]:
        r"""The quantities that latents stand for, $C^{-1} (z - c)$; of shortest length where C has no inverse."""
        return (latents - self.offset) @ np.linalg.pinv(self.slopes).T

    def rates(self, drift: Float[np.ndarray, " latents"]) -> Float[np.ndarray, " quantities"]:
        r"""How fast the quantities change when the latents do by `drift`: $C^{-1} v$."""
        return np.linalg.pinv(self.slopes) @ drift


def plane(latents: Float[np.ndarray, "systems latents"], quantities: Float[np.ndarray, "systems quantities"]) -> Plane:
    """The plane through the latents over the quantities.

    A neuron by itself may hold any mixture of two quantities; slopes tell which.

    Raises:
        ValueError: for systems that are too few for a plane, or numbers that differ between the two.
    """
    latents, quantities = np.asarray(latents, np.float64), np.asarray(quantities, np.float64)
    if len(latents) != len(quantities) or len(latents) < quantities.shape[1] + 2:
        raise ValueError(
            f"{len(latents)} latents and {len(quantities)} quantities; a plane needs as many of both, "
            f"and {quantities.shape[1] + 2} at least"
        )
    terms = np.column_stack([quantities, np.ones(len(quantities))])
    fit = np.linalg.lstsq(terms, latents)[0]
    rest, whole = (latents - terms @ fit).var(axis=0), latents.var(axis=0)
    explained = np.where(whole > 0, 1 - rest / np.where(whole > 0, whole, 1.0), 0.0)
    return Plane(fit[:-1].T, fit[-1], explained)
