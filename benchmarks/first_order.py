"""First-order theory of four inputs, against the integrals that others take for it.

python benchmarks/first_order.py [--patience SECONDS]

ntk-unlimited (arXiv:2508.11522) solves the same recursions for Gaussian weights. Its averages over a neuron are taken
by scipy.integrate.cubature, in its example to a tolerance of 1e-3, for GELU at its critical point and three layers. The
package is on no registry. What is measured beside ours is the part of its method that its documentation names: the 35
averages of four values that the four-point function of one layer needs, by cubature to that tolerance, for as long as
our patience lasts. Ours are all tensors of all layers. Processor time, in one process; of ours the median of three.
"""

import argparse
import itertools
import signal
import statistics
import time

import numpy as np
import scipy
from sampling import processor
from scipy.integrate import cubature

from netphysics.fields.depth.first_order import first_order, hidden_neurons
from netphysics.fields.kernels import preactivation_covariance
from netphysics.nets import Net, activation

GELU = 1.98305826, 0.17292239
INPUTS = np.random.default_rng(0).normal(size=(4, 4))
TOLERANCE, SUBDIVISIONS = 1e-3, 10_000
SIGMA = activation("gelu").derivatives


def net(layers, initialization="gaussian"):
    return Net((4, *[16] * layers), "gelu", initialization, *GELU)


def average(kernel, which):
    """<s_a s_b s_c s_d> by cubature."""
    inputs, powers = np.unique(which, return_counts=True)
    root = np.linalg.cholesky(kernel[np.ix_(inputs, inputs)])

    def integrand(u):
        density = np.exp(-np.sum(u**2, axis=1) / 2) / (2 * np.pi) ** (len(inputs) / 2)
        return np.prod(SIGMA(u @ root.T)[0] ** powers, axis=1) * density

    limits = np.full(len(inputs), np.inf)
    return cubature(integrand, -limits, limits, rtol=TOLERANCE, atol=0, max_subdivisions=SUBDIVISIONS).estimate


def averages(kernel, patience):
    """The averages that were found, fewest inputs first, and how long they took."""

    def stop(*_):
        raise TimeoutError

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, patience)
    start, found = time.process_time(), {}
    try:
        for which in sorted(itertools.combinations_with_replacement(range(4), 4), key=lambda which: len(set(which))):
            found[which] = average(kernel, which)
    except TimeoutError:
        pass
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return found, time.process_time() - start


def ours():
    start = time.process_time()
    first_order(net(3), INPUTS)
    return time.process_time() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patience", type=float, default=60, help="seconds for the averages by cubature")
    arguments = parser.parse_args()
    first, three = first_order(net(2), INPUTS), first_order(net(3), INPUTS)
    seconds = statistics.median(ours() for _ in range(3))
    print(f"{processor()}, numpy {np.__version__}, scipy {scipy.__version__}\n")
    print(f"all tensors of three layers, ours: {seconds:.2f} s, error {three.error:.1e} of the largest entry")

    found, taken = averages(preactivation_covariance(net(2), INPUTS), arguments.patience)
    mean, V = (first.kernel - GELU[1]) / GELU[0], first.fluctuations.V
    # Signals of the first layer are exactly Gaussian, so that the second layer's V is the noise of its neurons alone.
    rest = [
        abs(GELU[0] ** 2 * (value - mean[a, b] * mean[c, d]) - V[a, b, c, d]) for (a, b, c, d), value in found.items()
    ]
    print(
        f"averages of one layer's V by cubature: {len(found)} of 35 in {taken:.1f} s, {taken / seconds:.0f} times ours"
    )
    print(f"largest difference of V: {max(rest) / np.max(np.abs(V)):.1e} of its largest entry")

    shared = hidden_neurons(net(3), INPUTS)
    start = time.process_time()
    first_order(net(3, "orthogonal"), INPUTS, neurons=shared)
    print(f"orthogonal weights, with the same averages: {time.process_time() - start:.3f} s")


if __name__ == "__main__":
    main()
