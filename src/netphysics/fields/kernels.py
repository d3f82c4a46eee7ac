"""Kernels of networks with one hidden layer: exact two-point functions at every width.

The network is f(x) = b^(2) + W^(2) s(z), z = b^(1) + W^(1) x with independent Gaussian weights,
Var W^(1) = C_W / d_in, Var W^(2) = C_W / N, Var b = C_b. Then

    q_ab = C_b + C_W x_a.x_b / d_in        covariance of the preactivations z
    M_ab = E[s(z_a) s(z_b)]                two-point function of one hidden unit
    K_ab = C_b + C_W M_ab                  two-point function of the output, for every width N
    K~_ab = C_W M_ab                       the same without the output bias

The output bias is exactly Gaussian and adds nothing to any connected function of order four and up, so
interactions are built on K~; with K every integral over inputs would diverge like the volume.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float64
from scipy.special import erf

from netphysics.fields.quadrature import EVEN_EDGES, graded_edges, normal_density, panel_rule

Array = np.ndarray
Elementwise = Callable[[np.ndarray], np.ndarray]
Kinks = tuple[float, ...]

CLOSED_FORMS = ("erf", "gauss", "linear", "relu")


def preactivation_covariance(
    inputs: Float64[Array, "k d_in"],
    others: Float64[Array, "m d_in"] | None = None,
    *,
    weight_variance: float,
    bias_variance: float,
) -> Float64[Array, "k m"]:
    """Covariance q_ab = C_b + C_W x_a.y_b / d_in of the preactivations of one hidden unit.

    `others` are the inputs y; they are `inputs` themselves by default. Raises ValueError for a negative
    variance.
    """
    for name, variance in (("weight_variance", weight_variance), ("bias_variance", bias_variance)):
        if not (variance >= 0 and np.isfinite(variance)):
            raise ValueError(f"{name} is {variance}; it must be a finite number >= 0.")
    others = inputs if others is None else others
    return bias_variance + weight_variance * (inputs @ others.T) / inputs.shape[1]


def hidden_two_point(
    covariance: Float64[Array, "*ab"],
    variance: Float64[Array, "*a"],
    other_variance: Float64[Array, "*b"],
    activation: str | Elementwise,
    *,
    kinks: Kinks = (),
) -> Float64[Array, "*ab"]:
    """Two-point function M = E[s(z) s(z')] of a hidden unit, elementwise in broadcasting arrays.

    z and z' are jointly Gaussian with covariance q and variances q_a, q_b. `activation` is one of

        linear  M = q
        erf     M = (2/pi) arcsin[ 2q / sqrt((1 + 2 q_a)(1 + 2 q_b)) ]
        relu    M = sqrt(q_a q_b) (sin t + (pi - t) cos t) / (2 pi),  cos t = q / sqrt(q_a q_b)
        gauss   M = exp(q - (q_a + q_b)/2),  for s(z_a) = exp(z_a - q_a)

    or any elementwise numpy function, which is integrated numerically in two dimensions; `kinks` are then
    the places where it or a derivative jumps. A correlation beyond 1 by rounding counts as 1.

    Source: Halverson, Maiti, Stoner (2008.08601) for erf, gauss and relu; checked here against quadrature.
    """
    if callable(activation):
        pairs = np.broadcast_arrays(covariance, variance, other_variance)
        values = [panel_two_point(activation, *pair, kinks) for pair in zip(*map(np.ravel, pairs), strict=True)]
        return np.array(values).reshape(pairs[0].shape)
    if activation == "linear":
        return covariance + np.zeros(np.broadcast_shapes(variance.shape, other_variance.shape))
    if activation == "gauss":
        return np.exp(covariance - (variance + other_variance) / 2)
    # arctan2 keeps full precision where arcsin and arccos lose half of the digits, at correlation +-1.
    gap = np.maximum(variance * other_variance - covariance**2, 0.0)
    if activation == "erf":
        rest = np.sqrt(1 + 2 * (variance + other_variance) + 4 * gap)
        return (2 / np.pi) * np.arctan2(2 * covariance, rest)
    if activation == "relu":
        sine = np.sqrt(gap)
        angle = np.arctan2(sine, covariance)
        return (sine + (np.pi - angle) * covariance) / (2 * np.pi)
    raise ValueError(unknown_activation(activation))


def output_kernel(
    inputs: Float64[Array, "k d_in"],
    others: Float64[Array, "m d_in"] | None = None,
    *,
    activation: str | Elementwise,
    weight_variance: float,
    bias_variance: float,
    output_bias: bool = True,
    kinks: Kinks = (),
) -> Float64[Array, "k m"]:
    """Two-point function of the output, K_ab = C_b + C_W M_ab, exact for every width.

    With `output_bias=False` this is the bias-free kernel K~ = C_W M that interactions are built on.
    """
    variances = {"weight_variance": weight_variance, "bias_variance": bias_variance}
    covariance = preactivation_covariance(inputs, others, **variances)
    variance = bias_variance + weight_variance * np.mean(inputs**2, axis=1)
    others = inputs if others is None else others
    other_variance = bias_variance + weight_variance * np.mean(others**2, axis=1)
    moment = hidden_two_point(covariance, variance[:, None], other_variance[None, :], activation, kinks=kinks)
    return weight_variance * moment + (bias_variance if output_bias else 0.0)


def activation_values(activation: str | Elementwise) -> tuple[Elementwise, Kinks]:
    """The elementwise numpy function of an activation, and its kinks if it is known by name."""
    if callable(activation):
        return activation, ()
    named = {
        "erf": (erf, ()),
        "linear": (np.asarray, ()),
        "relu": (lambda z: np.maximum(z, 0.0), (0.0,)),
    }
    if activation not in named:
        raise ValueError(unknown_activation(activation))
    return named[activation]


def unknown_activation(activation: str) -> str:
    """The sentence that refuses a name."""
    return f"activation is {activation!r}; accepted are {', '.join(CLOSED_FORMS)} or a numpy function."


def panel_two_point(
    activation: Elementwise,
    covariance: float,
    variance: float,
    other_variance: float,
    kinks: Kinks,
    nodes: int = 12,
) -> float:
    """E[s(z) s(z')] by nested panels: z = scale u, z' = other_scale (correlation u + noise v)."""
    scale, other_scale = np.sqrt([variance, other_variance])
    product = scale * other_scale
    correlation = np.clip(covariance / product, -1.0, 1.0) if product > 0 else 0.0
    noise = np.sqrt((1 - correlation) * (1 + correlation))

    # Activations may change fast near zero and at kinks; a kink of z', seen from u, is blurred by the noise.
    steps = np.array([0.0, *kinks])
    outer = [
        EVEN_EDGES,
        graded_edges(steps, scale, 1.0),
        graded_edges(steps, other_scale * correlation, 1.0),
        graded_edges(np.array(kinks), other_scale * correlation, other_scale * noise),
    ]
    u, u_weights = panel_rule(np.concatenate(outer), nodes)
    shifted = steps - other_scale * correlation * u[:, None]
    inner = [
        np.broadcast_to(EVEN_EDGES, (u.size, EVEN_EDGES.size)),
        graded_edges(shifted, other_scale * noise, 1.0),
    ]
    v, v_weights = panel_rule(np.concatenate(inner, axis=1), nodes)

    second = activation(other_scale * (correlation * u[:, None] + noise * v))
    given_u = np.sum(v_weights * normal_density(v) * second, axis=1)
    return float(np.sum(u_weights * normal_density(u) * activation(scale * u) * given_u))
