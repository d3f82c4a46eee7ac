"""Symbols that formulas of many studies of this wing share, and what they mean."""

from __future__ import annotations

MEANINGS = {
    "E": "mean over networks",
    "n": "width of a layer",
    "N": "number of hidden units",
    "K": "kernel: mean square of a signal at infinite width; a prime: one layer on",
    "C_W": "variance of a weight, times the fan-in",
    "C_b": "variance of a bias",
    "V": "connected 4-point function of two neurons, times the width; a prime: one layer on",
    r"\sigma": "activation; a prime: its derivative",
    r"\chi_\parallel": "factor by which a layer changes small differences of norms",
    r"\chi_\perp": "factor by which a layer changes small angles, and squared gradients",
    r"\omega": "0 for Gaussian and 1 for orthogonal weights",
    r"\Theta": "mean of the tangent kernel",
    "G_c^{(4)}": "connected 4-point function",
    r"\tilde K": "kernel without the output bias",
    "M_{1234}": "mean of the product of a hidden unit at four inputs",
    "f(y)": "output at the input $y$",
    r"\lambda_0, \lambda_2": "couplings of a local quartic term, constant and quadratic in the input",
    r"\lambda_{NL}": "coupling of the nonlocal term",
    r"\delta_{ij}": "1 for the same neuron, 0 otherwise",
}


def symbols(*names: str) -> tuple[tuple[str, str], ...]:
    """Symbols with their meanings, as an `Equation` takes them."""
    return tuple((name, MEANINGS[name]) for name in names)
