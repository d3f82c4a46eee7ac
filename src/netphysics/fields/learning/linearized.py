r"""Trained ensembles at infinite width: mean and covariance of the outputs at any time of a training.

With N training examples, residuals obey $\dot r = -\Theta r/N$ under gradient flow of half the mean squared error, and
$r_{s+1} = (1-\eta\Theta/N)\,r_s$ under gradient descent. With $d_t(\lambda)$ what remains of a residual along an
eigenvector of $\Theta/N$ with eigenvalue λ, the outputs at any points * are

$f_t(*) = f_0(*) + A_t\,(y - f_0), \qquad A_t = \tfrac1N \Theta_*\,\frac{1-d_t(\Theta/N)}{\Theta/N}$,

and since $f_0$ is a Gaussian process with kernel K, so is $f_t$. Source: arXiv:1902.06720.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from .infinite_width import InfiniteWidth

Decay = Callable[[Float64[np.ndarray, " n"]], Float64[np.ndarray, " n"]]


@dataclass(frozen=True)
class Process:
    """A Gaussian process at m points.

    Attributes:
        mean: shape (m, outputs).
        covariance: of every output, shape (m, m).
    """

    mean: Float64[np.ndarray, "m outputs"]
    covariance: Float64[np.ndarray, "m m"]


def flow(time: float) -> Decay:
    r"""What remains after gradient flow for a time: $e^{-\lambda t}$."""
    return lambda eigenvalues: np.exp(-time * eigenvalues)


def descent(learning_rate: float, steps: int, momentum: float = 0.0) -> Decay:
    r"""What remains after steps of gradient descent, $(1-\eta\lambda)^s$; with momentum μ, the solution of
    $d_{s+1} = (1+\mu-\eta\lambda)\,d_s - \mu\,d_{s-1}$ that starts at rest.

    Raises:
        ValueError: for a momentum that is not between 0 and 1.
    """
    if not 0 <= momentum < 1:
        raise ValueError(f"momentum is {momentum}; it must be at least 0 and less than 1")

    def remains(eigenvalues: Float64[np.ndarray, " n"]) -> Float64[np.ndarray, " n"]:
        if momentum == 0:
            return (1 - learning_rate * eigenvalues) ** steps
        before, now = np.ones_like(eigenvalues), np.ones_like(eigenvalues)
        for _ in range(steps):
            before, now = now, (1 + momentum - learning_rate * eigenvalues) * now - momentum * before
        return now

    return remains


def trained(theory: InfiniteWidth, targets: Float64[np.ndarray, "n outputs"], decay: Decay) -> Process:
    """The ensemble after training on the first n of the points of `theory`, at all of them.

    Args:
        decay: `flow(time)` or `descent(learning_rate, steps)`.

    Raises:
        ValueError: for more targets than points.
    """
    learned = response(theory, len(targets), decay)
    return Process(learned @ targets, _covariance(theory.kernel, learned))


def response(theory: InfiniteWidth, examples: int, decay: Decay) -> Float64[np.ndarray, "m n"]:
    """A_t: what the outputs at all points learn from the first `examples` of them, whose residuals they started with.

    Raises:
        ValueError: for more examples than points, or none.
    """
    points = len(theory.tangent_kernel)
    if not 1 <= examples <= points:
        raise ValueError(f"there are {examples} training examples among {points} points; 1 to {points} are possible")
    tangent = theory.tangent_kernel[:, :examples] / examples
    eigenvalues, vectors = np.linalg.eigh(tangent[:examples])
    # Below rounding, eigenvalues are zero: their residuals stay, and divide zero by zero.
    null = eigenvalues < 1e-14 * eigenvalues[-1]
    safe = np.where(null, 1, eigenvalues)
    gain = np.where(null, 0, (1 - decay(safe)) / safe)
    return (tangent @ vectors * gain) @ vectors.T


def posterior(kernel: Float64[np.ndarray, "m m"], targets: Float64[np.ndarray, "n outputs"], noise: float) -> Process:
    """The Gaussian process of the kernel, given noisy targets at the first n of its points.

    This is Bayesian learning of an infinitely wide network (arXiv:1711.00165); it is also what gradient flow of the
    last layer alone tends to as the noise goes to zero.

    Raises:
        ValueError: for a variance of the noise that is not positive.
    """
    if not noise > 0:
        raise ValueError(f"noise is {noise}; the variance of the targets must be positive")
    n = len(targets)
    learned = np.linalg.solve(kernel[:n, :n] + noise * np.eye(n), kernel[:n]).T
    return Process(learned @ targets, kernel - learned @ kernel[:n])


def _covariance(kernel: Float64[np.ndarray, "m m"], learned: Float64[np.ndarray, "m n"]) -> Float64[np.ndarray, "m m"]:
    """Of f - A f_train when f has this kernel."""
    n = learned.shape[1]
    rest = np.eye(len(kernel))
    rest[:, :n] -= learned
    return rest @ kernel @ rest.T
