r"""What becomes of every tensor at large depth: coefficients fitted from the recursions, beside their closed forms.

Tensors are taken in units of the infinitely wide net: $V/K^2$, $K_1/K$, $\Theta_1/\Theta$, $D$ and $F$ by
$K\Theta$, A, B, P and Q by $\Theta^2$, and R, S, T, U by $\Theta^3/K$. At criticality each then follows
$c\,l^p$, $p = 1, 0$ or $-1$, with corrections $\ln l / l$ and $1/l$ that the fit takes away; one follows
$c \ln l$. Nets have no bias, $\lambda_W = C_W$, and the critical $C_W$.

The table was derived with the recursions of `finite_width`; its logarithms, D and Q of tanh, are fitted here. The
coefficients of P, Q, R, T and $\Theta_1$ for a learning bias are fractions recognized in the fits. It is for
$\lambda_b = 0$ where nothing else is said: a learning bias changes D, A and T of linear and relu nets, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from jaxtyping import Float64

from ...nets import LearningRates, Net, activation
from ...nets.net import Ensemble
from .critical_points import critical_point
from .finite_width import FiniteWidthFlow, finite_width_flow

Growth = Literal["l", "1", "1/l", "ln l"]

# Column of the table: activation, initialization, λ_b; and for each tensor its growth with depth and coefficient.
# What is not listed vanishes.
TABLE: dict[tuple[str, Ensemble, float], dict[str, tuple[Growth, str]]] = {
    ("linear", "gaussian", 0.0): {
        "V": ("l", "2"),
        "F": ("l", "1/2"),
        "B": ("l", "1/3"),
        "D": ("l", "1"),
        "A": ("l", "2/3"),
        "Q": ("l", "1/6"),
        "S": ("l", "1/12"),
        "T": ("l", "1/12"),
    },
    ("linear", "orthogonal", 0.0): {"V": ("1", "-2"), "Q": ("1", "1/2"), "S": ("1", "1/3"), "T": ("1", "1/3")},
    ("relu", "gaussian", 0.0): {
        "V": ("l", "5"),
        "F": ("l", "1"),
        "B": ("l", "2/3"),
        "D": ("l", "3"),
        "A": ("l", "7/3"),
        "Q": ("l", "1/3"),
        "S": ("l", "1/6"),
        "T": ("l", "1/6"),
    },
    ("relu", "orthogonal", 0.0): {
        "V": ("l", "3"),
        "F": ("l", "1/2"),
        "B": ("l", "1/3"),
        "D": ("l", "2"),
        "A": ("l", "5/3"),
        "Q": ("l", "1/6"),
        "S": ("l", "1/12"),
        "T": ("l", "1/12"),
    },
    ("tanh", "gaussian", 0.0): {
        "V": ("l", "2/3"),
        "K1": ("l", "-1/3"),
        "Theta1": ("l", "-1/4"),
        "F": ("l", "1/4"),
        "B": ("l", "1/3"),
        "D": ("ln l", "-1/4"),
        "P": ("l", "-1/12"),
        "Q": ("ln l", "-1/16"),
        "R": ("l", "-1/12"),
        "S": ("l", "1/12"),
        "U": ("1/l", "1/2"),
    },
    ("sin", "gaussian", 0.0): {
        "V": ("l", "2/3"),
        "K1": ("l", "-1/3"),
        "Theta1": ("l", "-1/4"),
        "F": ("l", "1/4"),
        "B": ("l", "1/3"),
        "P": ("l", "-1/12"),
        "R": ("l", "-1/12"),
        "S": ("l", "1/12"),
        "U": ("1/l", "1/2"),
    },
    ("tanh", "orthogonal", 0.0): {
        "V": ("1", "-2"),
        "K1": ("1", "2"),
        "Theta1": ("1", "4/3"),
        "F": ("1", "-2/3"),
        "B": ("1/l", "2"),
        "P": ("1", "-1/3"),
        "R": ("1", "-1/3"),
        "S": ("1", "1/3"),
        "U": ("1/l", "1/2"),
    },
    ("sin", "orthogonal", 0.0): {
        "V": ("1", "-2"),
        "K1": ("1", "2"),
        "Theta1": ("1", "4/3"),
        "F": ("1", "-2/3"),
        "B": ("1/l", "2"),
        "P": ("1", "-1/3"),
        "R": ("1", "-1/3"),
        "S": ("1", "1/3"),
        "U": ("1/l", "1/2"),
    },
    ("tanh", "gaussian", 1.0): {
        "V": ("l", "2/3"),
        "K1": ("l", "-1/3"),
        "Theta1": ("l", "1/30"),
        "F": ("l", "1/5"),
        "B": ("l", "1/5"),
        "A": ("l", "1/15"),
        "D": ("l", "-1/6"),
        "P": ("l", "-1/30"),
        "Q": ("l", "-1/30"),
        "R": ("l", "-1/42"),
        "S": ("1", "1/15"),
        "T": ("l", "1/105"),
        "U": ("1/l", "1/5"),
    },
    ("tanh", "orthogonal", 1.0): {
        "V": ("1", "-2"),
        "K1": ("1", "2"),
        "Theta1": ("1", "-1/2"),
        "F": ("1", "-1/2"),
        "B": ("1/l", "2/3"),
        "P": ("1", "-1/5"),
        "Q": ("1", "-1/10"),
        "R": ("1", "-2/15"),
        "T": ("1", "1/30"),
        "U": ("1/l", "1/5"),
    },
}


@dataclass(frozen=True)
class Asymptote:
    """One tensor at large depth, for one net.

    Attributes:
        activation: its name.
        initialization: of the weights.
        bias_rate: λ_b.
        tensor: V, K1, Theta1 or one of the letters D ... U.
        growth: the power of the layer l, or its logarithm, that the coefficient multiplies.
        tabulated: the closed form of the coefficient; 0 for what vanishes.
        fitted: the coefficient from the recursion.
    """

    activation: str
    initialization: str
    bias_rate: float
    tensor: str
    growth: Growth
    tabulated: Fraction
    fitted: float

    @property
    def difference(self) -> float:
        """Of the two coefficients: relative, or absolute where the tabulated one is 0."""
        return abs(self.fitted - float(self.tabulated)) / abs(float(self.tabulated) or 1.0)


def asymptotes(depth: int = 2048) -> list[Asymptote]:
    """Every entry of the table, fitted from recursions over `depth` layers.

    Raises:
        ValueError: for fewer than 256 layers: they are not deep enough to fit.
    """
    if depth < 256:
        raise ValueError(f"depth is {depth}; asymptotic coefficients need at least 256 layers")
    found = []
    for (name, initialization, bias_rate), laws in TABLE.items():
        weight, _ = critical_point(activation(name)).variances
        net = Net((1,) * (depth + 1), name, initialization, weight)
        flow = finite_width_flow(net, 1 / weight, LearningRates(bias_rate, weight))
        for tensor, values in normalized(flow).items():
            growth, coefficient = laws.get(tensor, ("1", "0"))
            fit = large_depth_coefficient(values, growth)
            found.append(Asymptote(name, initialization, bias_rate, tensor, growth, Fraction(coefficient), fit))
    return found


def normalized(flow: FiniteWidthFlow) -> dict[str, Float64[np.ndarray, " layers"]]:
    """The tensors of a flow in units of its kernel K and tangent kernel Θ, as in the module's docstring."""
    K, theta = flow.kernel, flow.tangent_kernel
    found = {
        "V": flow.four_point / K**2,
        "K1": flow.kernel_correction / K,
        "Theta1": flow.tangent_kernel_correction / theta,
        "D": flow.D / (K * theta),
        "F": flow.F / (K * theta),
    }
    found |= {letter: getattr(flow, letter) / theta**2 for letter in "ABPQ"}
    return found | {letter: getattr(flow, letter) * K / theta**3 for letter in "RSTU"}


def large_depth_coefficient(values: Float64[np.ndarray, " layers"], growth: Growth) -> float:
    r"""c of $c\,l^p\,[1 + (a \ln l + b)/l + \dots]$, or of $c \ln l + a + \dots$, through values by layer.

    Richardson's extrapolation with logarithms: the last layer and those at a half, a quarter, ... of its depth
    determine as many terms.
    """
    chosen = len(values) // 2 ** np.arange(6 if growth == "ln l" else 5)
    depth, log, one = chosen.astype(float), np.log(chosen), np.ones(len(chosen))
    if growth == "ln l":
        basis = [log, one, log**2 / depth, log / depth, 1 / depth, log / depth**2]
        scale = one
    else:
        basis = [one, log / depth, 1 / depth, log**2 / depth**2, log / depth**2]
        scale = depth ** {"l": 1, "1": 0, "1/l": -1}[growth]
    return float(np.linalg.solve(np.stack(basis, axis=1), values[chosen - 1] / scale)[0])
