"""How fast each kind of parameter learns: the metric in which tangent kernels are measured."""

import math
from dataclasses import dataclass

from netphysics.nets.net import Net


@dataclass(frozen=True)
class LearningRates:
    r"""The learning-rate tensor of Roberts, Yaida and Hanin (arXiv:2106.10165): λ_b for every bias and
    λ_W / n_{l-1} for every weight of layer l, so that the tangent kernel is

        H_ij = Σ_μ λ_μ (∂z_i / ∂θ_μ) (∂z_j / ∂θ_μ).

    Raises ValueError for a rate that is negative or not finite.
    """

    bias: float
    """λ_b."""
    weight: float
    """λ_W."""

    def __post_init__(self) -> None:
        for name in ("bias", "weight"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"learning rate {name} must be finite and at least 0, got {value}")

    @classmethod
    def matching(cls, net: Net) -> "LearningRates":
        """λ_b = C_b and λ_W = C_W: the "NTK parametrization", in which all parameters are standard normal."""
        return cls(net.bias_variance, net.weight_variance)
