"""What theory says about an ensemble that learns: at infinite width, and what the mean misses at order 1/n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from netphysics.fields.depth.first_order import first_order, hidden_neurons
from netphysics.fields.learning import (
    Process,
    descent,
    descent_trajectory,
    infinite_width,
    response,
    trained,
    trained_first_order,
)
from netphysics.nets import Net


@dataclass(frozen=True)
class Problem:
    """What is learned, and what theory says about it.

    Attributes:
        inputs: the examples first, then what else is looked at.
        targets: of the examples.
        rate: the learning rate.
        processes: the ensemble at infinite width at the start and after each number of steps.
        responses: what outputs learn from residuals, after each number of steps.
    """

    inputs: Float[np.ndarray, "m d_in"]
    targets: Float[np.ndarray, "n d_out"]
    rate: float
    processes: tuple[Process, ...]
    responses: tuple[Float[np.ndarray, "m n"], ...]


def pose(
    net: Net,
    inputs: Float[np.ndarray, "m d_in"],
    targets: Float[np.ndarray, "n d_out"],
    fraction: float,
    steps: Sequence[int],
) -> Problem:
    """The problem for nets like this one, of any width and initialization.

    Args:
        fraction: the learning rate, in units of 2/λ_max at infinite width.
    """
    n = len(targets)
    kernels = infinite_width(net, inputs)
    rate = fraction * 2 / float(np.linalg.eigvalsh(kernels.tangent_kernel[:n, :n] / n)[-1])
    decays = [descent(rate, each) for each in steps]
    processes = tuple(trained(kernels, targets, decay) for decay in (descent(rate, 0), *decays))
    return Problem(inputs, targets, rate, processes, tuple(response(kernels, n, decay) for decay in decays))


def first_order_shortfalls(
    problem: Problem, nets: Sequence[Net], steps: Sequence[int]
) -> list[Float[np.ndarray, " steps"]]:
    """For each net, what the mean misses at order 1/n after each number of steps, along its infinite-width prediction
    and in units of it."""
    neurons, found = hidden_neurons(nets[0], problem.inputs), []
    for net in nets:
        theory = first_order(net, problem.inputs, neurons=neurons)
        stages = [
            trained_first_order(theory, problem.targets, descent_trajectory(problem.rate, each)) for each in steps
        ]
        found.append(np.array([-along(each.mean_correction, each.mean) / each.width for each in stages]))
    return found


def along(change: np.ndarray, direction: np.ndarray) -> np.ndarray | np.float64:
    """A change of the outputs, which are the last two axes, along a direction, in units of it."""
    return np.sum(change * direction, axis=(-2, -1)) / np.sum(direction**2, axis=(-2, -1))
