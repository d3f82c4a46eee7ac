"""Planes: latents as linear functions of quantities, and what a drift of the latents means for these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

# Powers of the constant of the motion in a bend, and rounds in which its direction settles.
ORDER, ROUNDS = 5, 5


@dataclass(frozen=True)
class Plane:
    r"""$z = C \varphi + c$, fitted by least squares.

    Attributes:
        slopes: C, latents by quantities.
        offset: c.
        explained: the share of each latent's variance that the fit has; 0 for a latent that is constant.
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
        ValueError: for systems that are too few for a plane.
    """
    return _fitted(latents, quantities, np.zeros((len(quantities), 0)))


def bent_plane(
    latents: Float[np.ndarray, "systems latents"],
    quantities: Float[np.ndarray, "systems 2"],
    drift: Float[np.ndarray, " latents"],
) -> Plane:
    r"""The plane through latents that drift, when they may bend across the drift: $z = C \varphi + c + h(I)$.

    Two quantities that grow at constant rates $\omega$ have a constant of the motion,
    $I = \omega_2 \varphi_1 - \omega_1 \varphi_2$. Whatever function h of it is added, $z(t) = z(0) + v t$ stays as
    it is: what a network predicts says nothing about h. Here h is a polynomial without a linear part, and the rates in
    I are those that the fit itself gives, $C^{-1} v$.

    Raises:
        ValueError: for systems that are too few for a plane.
    """
    fit = plane(latents, quantities)
    for _ in range(ROUNDS):
        first, second = fit.rates(drift)
        constant = quantities @ np.array([second, -first])
        constant = (constant - constant.mean()) / max(constant.std(), np.finfo(np.float64).tiny)
        fit = _fitted(latents, quantities, constant[:, None] ** np.arange(2, ORDER + 1))
    return fit


def _fitted(latents: np.ndarray, quantities: np.ndarray, bend: np.ndarray) -> Plane:
    size = quantities.shape[1]
    if len(latents) < size + 2:
        raise ValueError(f"latents has {len(latents)} systems; a plane needs at least {size + 2}")
    terms = np.column_stack([quantities, np.ones(len(quantities)), bend])
    fit = np.linalg.lstsq(terms, latents)[0]
    rest, whole = (latents - terms @ fit).var(axis=0), latents.var(axis=0)
    explained = np.where(whole > 0, 1 - rest / np.where(whole > 0, whole, 1.0), 0.0)
    return Plane(fit[:size].T, fit[size], explained)
