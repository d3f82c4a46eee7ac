"""Diagnosis: what theory and a quick measurement say about a network before it is trained."""

from __future__ import annotations

import dataclasses
import html
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...stats import Estimate, pull
from ..depth.spread import Spread

# Of `to_json`; it grows when a key changes its meaning or goes.
SCHEMA = 1


@dataclass(frozen=True)
class Comparison:
    """One quantity as theory predicts it and as networks show it; either may be missing."""

    name: str
    predicted: Estimate | None
    measured: Estimate | None

    @property
    def z(self) -> float | None:
        """(measured - predicted) / combined standard error, where both are known."""
        if self.predicted is None or self.measured is None:
            return None
        return float(pull(self.measured, self.predicted))


@dataclass(frozen=True)
class Phase:
    """Where a described network stands in the plane of variances; depths and lengths are in layers."""

    name: str
    """`ordered`, `critical` or `chaotic`."""
    kernel: float
    """K*, the mean square of a preactivation that deep layers flow to; 0 or infinite where it vanishes or
    explodes."""
    parallel: float
    """χ_∥ there: what a layer does to a small difference of norms."""
    perpendicular: float
    """χ_⊥ there: what a layer does to the square of a small angle, and of a gradient."""
    norm_length: float
    """ξ_∥ = 1 / |ln χ_∥|."""
    angle_length: float
    """ξ_⊥ = 1 / |ln χ_⊥|."""
    distance: float
    """Distance to criticality: 1 over the shorter of both lengths."""
    gradient_factor: float
    """What all hidden layers together do to the square of a gradient, at infinite width: the product of χ_⊥."""
    trainable_depth: float
    """Hidden layers over which that factor stays between 1/100 and 100."""
    kind: str
    """The class of the activation: scale-invariant, vanishing, half-stable or none."""
    critical_weight_variance: float | None
    critical_bias_variance: float | None
    reason: str
    """Why the activation is critical there, or nowhere."""


@dataclass(frozen=True)
class LearningRate:
    """The largest eigenvalue of the tangent kernel on a batch, and the learning rate it allows."""

    eigenvalue: Spread
    """λ_max of J J^T / samples, over networks; of a single network, its residual is the error."""
    samples: int
    networks: int

    @property
    def ceiling(self) -> Estimate:
        """2 / λ_max: plain gradient descent on half the mean squared error shrinks all residuals below it."""
        return 2 / self.eigenvalue.mean


@dataclass(frozen=True)
class Verdict:
    """One part of the judgment."""

    ok: bool | None
    """None where it was not seen."""
    reason: str
    """One sentence with the number that decides."""
    probability: float | None = None
    """Of training, where it is one."""
    layer: str | None = None
    """Where the trouble sits, if it sits in one layer."""


@dataclass(frozen=True)
class Diagnosis:
    """The report on one network. It prints as text; `to_json` gives plain values.

    Attributes:
        network: what was diagnosed, in words.
        inputs: what it was fed, in words.
        healthy: whether it trains with Adam, and inputs and weights are right; of arrays, which do not tell that,
            whether signals pass.
        verdict: what signals, gradients and seeds do, in one sentence.
        depth: hidden layers.
        width: their harmonic mean width; None where it is not known.
        phase: of a described network.
        comparisons: theory beside measurement, with the z-score of theory versus the networks.
        layers: by hidden layer, `norm` (mean square of a preactivation), `cosine` (of the angle between two inputs)
            and `gradient` (squared, of a random combination of the outputs); where there is theory also `predicted
            norm`, `predicted cosine`, and `predicted spread, gaussian` and `..., orthogonal` of the tangent kernel, if
            that layer fed the outputs.
        learning_rate: None where there is nothing to differentiate.
        spreads: predicted relative spread of the tangent kernel over networks, by initialization.
        advice: what to change, one sentence each, what mends the cause first.
        limits: where theory does not apply, or what a number does not say.
        ceilings: the largest stable learning rates of gradient descent on the batch, by loss: `squared errors` (mean
            over samples and outputs) and `cross entropy`, each also with `momentum 0.9`.
        weights: how they look to have been drawn, in words; empty where that is not seen.
        cause: what will hinder training, or that nothing will, for a reader who knows no theory.
        verdicts: on `sgd`, `adam`, `seeds`, `inputs` and `weights`.
    """

    network: str
    inputs: str
    healthy: bool
    verdict: str
    depth: int
    width: float | None
    phase: Phase | None = None
    comparisons: tuple[Comparison, ...] = ()
    layers: Mapping[str, Estimate] = field(default_factory=dict)
    learning_rate: LearningRate | None = None
    spreads: Mapping[str, float] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    ceilings: Mapping[str, float] = field(default_factory=dict)
    weights: str = ""
    cause: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def depth_over_width(self) -> float | None:
        """L / n, the parameter that all corrections to infinite width grow with."""
        return None if self.width is None else self.depth / self.width

    def _repr_html_(self) -> str:
        """In a notebook: the verdict, what is known of the network, and the advice."""
        from .words import facts

        rows = "".join(f"<tr><th>{name}</th><td>{html.escape(words)}</td></tr>" for name, words in facts(self))
        advice = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.advice)
        start = f"<p><b>{html.escape(self.cause)}</b></p><p>{html.escape(self.verdict)}</p>"
        return f"{start}<table>{rows}</table><ol>{advice}</ol>"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; a number that is infinite or not known is null."""
        rate = self.learning_rate
        return {
            "schema": SCHEMA,
            "cause": self.cause,
            "verdicts": {
                name: {key: _finite(value) for key, value in dataclasses.asdict(each).items()}
                for name, each in self.verdicts.items()
            },
            "network": self.network,
            "inputs": self.inputs,
            "healthy": self.healthy,
            "verdict": self.verdict,
            "depth": self.depth,
            "width": self.width,
            "depth_over_width": self.depth_over_width,
            "phase": self.phase and {name: _finite(value) for name, value in dataclasses.asdict(self.phase).items()},
            "comparisons": [
                {"name": c.name, "predicted": _number(c.predicted), "measured": _number(c.measured), "z": _finite(c.z)}
                for c in self.comparisons
            ],
            "layers": {name: _number(values) for name, values in self.layers.items()},
            "learning_rate": rate
            and {
                "largest_eigenvalue": _number(rate.eigenvalue.mean),
                "relative_spread": _number(rate.eigenvalue.relative),
                "ceiling": _number(rate.ceiling),
                "samples": rate.samples,
                "networks": rate.networks,
            },
            "ceilings": {name: _finite(value) for name, value in self.ceilings.items()},
            "weights": self.weights,
            "spreads": {name: _finite(value) for name, value in self.spreads.items()},
            "advice": list(self.advice),
            "limits": list(self.limits),
        }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(estimate: Estimate | None) -> dict[str, Any] | None:
    return None if estimate is None else {"value": _nested(estimate.value), "error": _nested(estimate.error)}


def _nested(values: np.ndarray) -> Any:
    """Nested lists, null where a number is not finite."""
    numbers = values.astype(object)
    numbers[~np.isfinite(values)] = None
    return numbers.tolist()
