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

from netphysics.fields.mehler import numerical_two_point
from netphysics.nets import Activation, Net

Array = np.ndarray
Kernel = Callable[[np.ndarray, np.ndarray], np.ndarray]


def preactivation_covariance(
    net: Net, inputs: Float64[Array, "k d_in"], others: Float64[Array, "m d_in"] | None = None
) -> Float64[Array, "k m"]:
    """Covariance q_ab = C_b + C_W x_a.y_b / d_in of a preactivation of the first layer.

    `others` are the inputs y; they are `inputs` themselves by default. It holds for every depth, width and
    initialization. Raises ValueError for inputs that do not fit the net.
    """
    others = inputs if others is None else others
    for points in (inputs, others):
        if points.shape[1] != net.widths[0]:
            raise ValueError(f"inputs have {points.shape[1]} components; the net takes {net.widths[0]}.")
    return net.bias_variance + net.weight_variance * (inputs @ others.T) / net.widths[0]


def two_point(
    activation: Activation, q_aa: Float64[Array, "*a"], q_ab: Float64[Array, "*ab"], q_bb: Float64[Array, "*b"]
) -> Float64[Array, "*ab"]:
    """Two-point function M = E[s(z_a) s(z_b)] of a hidden unit, elementwise in broadcasting arrays.

    z_a and z_b are jointly Gaussian with variances q_aa, q_bb and covariance q_ab. In closed form where the
    activation has one, otherwise by quadrature to about 1e-12. A correlation beyond 1 by rounding counts
    as 1.
    """
    if activation.product is not None:
        return np.asarray(activation.product(q_aa, q_ab, q_bb))
    laws = np.broadcast_arrays(q_aa, q_ab, q_bb)
    moments, _ = numerical_two_point(activation, *map(np.ravel, laws))
    return moments.reshape(laws[0].shape)


def output_kernel(
    net: Net,
    inputs: Float64[Array, "k d_in"],
    others: Float64[Array, "m d_in"] | None = None,
    *,
    output_bias: bool = True,
) -> Float64[Array, "k m"]:
    """Two-point function of an output, K_ab = C_b + C_W M_ab, exact for every width.

    With `output_bias=False` this is the bias-free kernel K~ = C_W M that interactions are built on. Raises
    ValueError unless the net has one hidden layer and Gaussian weights.
    """
    others = inputs if others is None else others
    return propagator(net, output_bias=output_bias)(inputs[:, None], others[None])


def propagator(net: Net, *, output_bias: bool = True) -> Kernel:
    """The kernel as a function K(x, y) of two points, broadcasting over all axes but the last.

    The same as `output_kernel`, for use under integrals over inputs; with the same errors.
    """
    check_one_hidden_layer(net)
    bias = net.bias_variance if output_bias else 0.0

    def kernel(x: Float64[Array, "*a d_in"], y: Float64[Array, "*b d_in"]) -> Float64[Array, "*ab"]:
        for points in (x, y):
            if points.shape[-1] != net.widths[0]:
                raise ValueError(f"inputs have {points.shape[-1]} components; the net takes {net.widths[0]}.")
        laws = (
            net.bias_variance + net.weight_variance * np.einsum("...i,...i->...", left, right) / net.widths[0]
            for left, right in ((x, x), (x, y), (y, y))
        )
        return net.weight_variance * two_point(net.activation, *laws) + bias

    return kernel


def check_one_hidden_layer(net: Net) -> None:
    """Raise ValueError unless the exact theory of one hidden layer holds: its units are independent, and a
    function of Gaussian preactivations.
    """
    if len(net.widths) != 3 or net.initialization != "gaussian":
        raise ValueError(
            f"the net has widths {net.widths} and {net.initialization} weights; the exact theory needs one hidden "
            "layer, (d_in, N, d_out), and gaussian weights."
        )


def is_scale_invariant(activation: Activation) -> bool:
    """Whether s(c z) = c s(z) for c > 0: linear on both sides of zero, as relu, leaky relu and linear are."""
    if activation.normalized:
        return False
    z = np.array([-1e3, -1.0, -0.1, 0.1, 1.0, 1e3])
    return bool(np.allclose(activation.derivatives(2 * z)[0], 2 * activation.derivatives(z)[0], rtol=1e-12, atol=0))
