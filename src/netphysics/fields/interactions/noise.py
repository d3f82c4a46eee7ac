"""How noisy the published estimator of the connected 4-point function is, exactly."""

import numpy as np
from jaxtyping import Float64

from netphysics.fields.kernels import check_one_hidden_layer, preactivation_covariance
from netphysics.fields.mehler import values
from netphysics.fields.quadrature import normal_density, panel_rule
from netphysics.nets import Net

Array = np.ndarray

# Wide enough for the eighth power of exp(z), whose weight sits at z = 8 sigma.
_EDGES, _NODES = np.linspace(-30.0, 30.0, 61), 16


def published_noise(net: Net, point: Float64[Array, " d_in"], networks: float) -> float:
    """Relative standard error of mean(f^4) - 3 K^2, the 4-point function at one point, over `networks` draws.

    Given the hidden layer f is normal with variance C = C_b + (C_W / N) SUM_i s_i^2, so that E f^4 = 3 E C^2,
    E f^8 = 105 E C^4 and G4c = 3 Var C; the cumulants of C are those of one unit, N (C_W / N)^k k_k(s^2).

    Raises ValueError unless the net has one hidden layer and Gaussian weights.
    """
    check_one_hidden_layer(net)
    variance = preactivation_covariance(net, point[None])[0]
    u, weights = panel_rule(np.append(_EDGES, np.array(net.activation.kinks) / np.sqrt(variance)), _NODES)
    square = values(net.activation, np.sqrt(variance) * u, variance) ** 2
    one, two, three, four = (weights * normal_density(u) @ square**power for power in (1, 2, 3, 4))
    units, scale = net.widths[1], net.weight_variance / net.widths[1]
    mean = net.bias_variance + units * scale * one
    second = units * scale**2 * (two - one**2)
    third = units * scale**3 * (three - 3 * two * one + 2 * one**3)
    fourth = units * scale**4 * (four - 4 * three * one - 3 * two**2 + 12 * two * one**2 - 6 * one**4)
    square = second + mean**2
    fourth_power = fourth + 4 * third * mean + 3 * second**2 + 6 * second * mean**2 + mean**4
    return float(np.sqrt((105 * fourth_power - 9 * square**2) / networks) / (3 * second))
