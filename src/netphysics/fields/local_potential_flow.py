r"""The flow of a local potential with the resolution k: Wetterich's equation in its simplest truncation.

    V = (u2/2) f^2 + (u4/4!) f^4 + (u6/6!) f^6
    k dV/dk = V_d k^{d+2} / (k^2 + V''),    V_d = 1 / (2^d pi^{d/2} Gamma(d/2 + 1))

expanded in f to sixth order, for one field in d dimensions of input space with Litim's regulator. In units of k,

    u2b = u2 / k^2,    u4b = u4 k^{d-4},    u6b = u6 k^{2d-6},

it is an autonomous flow. The equations for u2, u4 and u6 were transcribed from the public code of Erbin, Lahoche
and Ousmane Samary (2108.01403), not from the paper; that they are the expansion above is derived here and tested.
Couplings are those of f^n/n!, so that u4 = 24 \lambda and u6 = 720 \kappa.
"""

from math import gamma, pi

import numpy as np
from jaxtyping import Float64
from scipy.integrate import solve_ivp
from scipy.optimize import root

Array = np.ndarray
Couplings = Float64[Array, "3"]

_TOLERANCE = 1e-10


def loop_volume(dimension: float) -> float:
    """V_d, the volume of the unit ball over (2 pi)^d. Raises ValueError unless the dimension is positive."""
    if not dimension > 0:
        raise ValueError(f"dimension is {dimension}; it must be positive.")
    return 1 / (2**dimension * pi ** (dimension / 2) * gamma(dimension / 2 + 1))


def loops(scaled: Couplings, dimension: float) -> Couplings:
    """What fluctuations at scale k add to k du/dk of (u2, u4, u6), in units of k."""
    u2, u4, u6 = scaled
    mass = 1 + u2
    terms = np.array([-u4, -u6 + 6 * u4**2 / mass, u4 / mass * (30 * u6 - 90 * u4**2 / mass)])
    return loop_volume(dimension) / mass**2 * terms


def mass_dimensions(dimension: float) -> Couplings:
    """Powers of k in the units of u2, u4 and u6: 2, 4 - d and 6 - 2d."""
    return np.array([2.0, 4.0 - dimension, 6.0 - 2 * dimension])


def scaled_flow(scaled: Couplings, dimension: float) -> Couplings:
    """k d/dk of the couplings in units of k."""
    return -mass_dimensions(dimension) * scaled + loops(scaled, dimension)


def run_couplings(start: Couplings, scales: Float64[Array, " scales"], dimension: float) -> Float64[Array, "scales 3"]:
    """Couplings (u2, u4, u6) at each of the scales k, in either order, from their values at the first.

    Raises ValueError for scales that are not positive, and where the flow runs into k^2 + u2 = 0.
    """
    if not (np.all(scales > 0) and np.all(np.isfinite(scales))):
        raise ValueError(f"scales run from {scales.min()} to {scales.max()}; they must be positive and finite.")
    if scales[0] ** 2 + start[0] <= 0:
        raise ValueError(f"u2 is {start[0]}; at k = {scales[0]} it must be greater than -k^2.")
    units = mass_dimensions(dimension)

    def slope(log_scale: float, couplings: Array) -> Array:
        unit = np.exp(units * log_scale)
        return loops(couplings / unit, dimension) * unit

    def pole(log_scale: float, couplings: Array) -> float:
        return np.exp(2 * log_scale) + couplings[0] - 1e-9 * np.exp(2 * log_scale)

    pole.terminal = True  # type: ignore[attr-defined]  # This is how solve_ivp is told to end there.
    times = np.log(scales)
    tolerances = {"rtol": _TOLERANCE, "atol": 1e-14 * max(1.0, float(np.abs(start).max()))}
    ends = (times[0], times[-1])
    solution = solve_ivp(slope, ends, start, method="DOP853", t_eval=times, events=pole, **tolerances)
    if solution.status != 0:
        raise ValueError(
            f"the flow diverges near k = {np.exp(solution.t[-1]):.3g}; it cannot reach k = {scales[-1]:.3g}."
        )
    return solution.y.T


def wilson_fisher(dimension: float) -> Couplings:
    """The fixed point of `scaled_flow` with one relevant direction, for 3 < d < 4; it leaves the origin at d = 4.

    Raises ValueError for other dimensions.
    """
    if not 3 < dimension < 4:
        raise ValueError(f"dimension is {dimension}; in this truncation the fixed point is sought for 3 < d < 4.")
    epsilon, volume = 4 - dimension, loop_volume(dimension)
    u4 = epsilon / (6 * volume)
    guess = np.array([-epsilon / 12, u4, 90 * volume * u4**3 / (2 * dimension - 6)])
    # In units of the guess all three are of order one.
    found = root(lambda ratio: scaled_flow(guess * ratio, dimension) / guess, np.ones(3), tol=1e-13)
    return guess * found.x


def exponents(scaled: Couplings, dimension: float) -> Float64[Array, "3"]:
    """Real parts of the eigenvalues of the flow at a fixed point, ascending; a negative one is relevant."""
    steps = 1e-5 * np.maximum(np.abs(scaled), 1e-2)
    columns = [
        (scaled_flow(scaled + step, dimension) - scaled_flow(scaled - step, dimension)) / (2 * step.sum())
        for step in np.diag(steps)
    ]
    return np.sort(np.linalg.eigvals(np.stack(columns, axis=1)).real)
