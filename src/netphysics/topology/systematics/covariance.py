"""Uncertain inputs: what moves together, and what moves by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Nuisances:
    r"""Uncertainties of the inputs of a network: $x \to x + \sum_a \alpha_a d_a + \epsilon$, all of them normal.

    Attributes:
        coherent: shifts d_a for one standard deviation of each nuisance, that move all inputs together, such as an
            energy scale; shape (nuisances, inputs).
        incoherent: standard deviation of every input by itself, such as a resolution; shape (inputs,).

    Raises:
        ValueError: for arrays that do not fit each other, and deviations that are negative or not finite.
    """

    coherent: np.ndarray
    incoherent: np.ndarray

    def __post_init__(self) -> None:
        if self.coherent.ndim != 2 or self.incoherent.shape != self.coherent.shape[1:]:
            raise ValueError(
                f"coherent has shape {self.coherent.shape} and incoherent {self.incoherent.shape}; they must be "
                "(nuisances, inputs) and (inputs,)"
            )
        if not (np.isfinite(self.coherent).all() and np.isfinite(self.incoherent).all()):
            raise ValueError("coherent and incoherent must be finite")
        if (self.incoherent < 0).any():
            raise ValueError(f"incoherent holds {self.incoherent.min():g}; a standard deviation is not negative")

    @property
    def covariance(self) -> np.ndarray:
        """Of the inputs, shape (inputs, inputs)."""
        return self.coherent.T @ self.coherent + np.diag(self.incoherent**2)

    def shifts(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Random shifts of the inputs, shape (count, inputs)."""
        together = rng.normal(size=(count, len(self.coherent))) @ self.coherent
        return together + rng.normal(size=(count, len(self.incoherent))) * self.incoherent


def energy_scale(inputs: np.ndarray, sigma: float) -> Nuisances:
    """All inputs are too large by the same unknown factor, of relative standard deviation sigma."""
    return Nuisances(sigma * inputs[None].astype(np.float64), np.zeros(len(inputs)))


def resolution(inputs: np.ndarray, sigma: float) -> Nuisances:
    """Every input has its own relative error, of standard deviation sigma."""
    return Nuisances(np.zeros((0, len(inputs))), sigma * np.abs(inputs.astype(np.float64)))
