"""Where first order in 1/width holds after training: theory against ensembles, for the table of docs/learning.md.

python benchmarks/first_order_training.py [--networks N]

32 digits and eight hidden layers. Each line: the share of entries of mean and covariance within four standard errors of
theory, at infinite width and at first order, and how large the corrections are relative to what they correct.
"""

import argparse
from dataclasses import replace

import jax
import numpy as np

from netphysics.fields.depth.first_order import first_order, hidden_neurons
from netphysics.fields.learning import Descent, descent_trajectory, make_ensemble, outputs, trained_first_order
from netphysics.fields.learning.data import load, split
from netphysics.nets import LearningRates, Net

EXAMPLES, DEPTH, WITHIN = 32, 8, 4
# Weights, outputs, width, steps, and how many times larger than usual the targets are.
CASES = [
    ("orthogonal", 10, 32, 3, 1.0),
    ("orthogonal", 10, 32, 10, 0.25),
    ("orthogonal", 1, 32, 3, 1.0),
    ("orthogonal", 1, 32, 10, 0.25),
    ("orthogonal", 1, 32, 20, 1.0),
    ("orthogonal", 1, 64, 20, 1.0),
    ("gaussian", 10, 32, 3, 1.0),
    ("gaussian", 10, 96, 3, 1.0),
    ("gaussian", 10, 192, 3, 1.0),
    ("gaussian", 1, 32, 3, 1.0),
    ("gaussian", 1, 32, 3, 0.25),
    ("gaussian", 1, 32, 10, 0.25),
    ("gaussian", 1, 96, 3, 1.0),
    ("gaussian", 1, 192, 3, 1.0),
]


def targets(labels, outputs, size):
    """One-hot, or the parity as ±1."""
    return size * (np.eye(10)[labels] if outputs == 10 else 1 - 2.0 * (labels[:, None] % 2))


def both(values, covariance):
    """The distinct entries of a covariance of all outputs at all points."""
    count, points = values.shape[1], values.shape[0]
    flat = np.transpose(covariance, (0, 2, 1, 3)).reshape(count * points, count * points)
    return flat[np.triu_indices(len(flat))]


def line(theory, inputs, labels, case, networks):
    initialization, count, width, steps, size = case
    theory, y = replace(theory, width=float(width)), targets(labels, count, size)
    rate = float(1 / np.linalg.eigvalsh(theory.tangent_kernel / EXAMPLES)[-1])
    process = trained_first_order(theory, y, descent_trajectory(rate, steps))
    net = Net((64, *[width] * DEPTH, count), "tanh", initialization)
    run = make_ensemble(net, inputs, y, Descent(steps, rate, "absolute"), LearningRates.matching(net), chunks=1)
    ensemble = run(jax.random.split(jax.random.key(width + count), networks))
    f = np.asarray(outputs(ensemble.networks, inputs), float)[ensemble.finished]
    rest = f - f.mean(axis=0)
    products = np.stack([both(process.mean, np.einsum("xi,yj->ijxy", each, each)) for each in rest])
    found = (f.mean(axis=0), f.std(axis=0, ddof=1)), (products.sum(axis=0) / (len(f) - 1), products.std(axis=0, ddof=1))
    covariance = both(process.mean, np.einsum("ij,xy->ijxy", np.eye(count), process.covariance))
    changes = process.mean_correction / width, both(process.mean, process.covariance_correction) / width
    numbers = []
    for (value, spread), zeroth, change in zip(found, (process.mean, covariance), changes, strict=True):
        allowed = WITHIN * spread / np.sqrt(len(f))
        numbers += [np.mean(np.abs(value - zeroth) < allowed), np.mean(np.abs(value - zeroth - change) < allowed)]
    sizes = [np.sqrt(np.mean(c**2) / np.mean(z**2)) for c, z in zip(changes, (process.mean, covariance), strict=True)]
    shown = [*case, *(f"{number:.3f}" for number in numbers), *(f"{ratio:.2g}" for ratio in sizes), process.warning]
    return "| " + " | ".join(map(str, shown)) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=256)
    networks = parser.parse_args().networks
    train, _ = split(load("digits"), EXAMPLES, 100)
    inputs = train.inputs.astype(float)
    nets = {name: Net((64, *[32] * DEPTH, 10), "tanh", name) for name in ("gaussian", "orthogonal")}
    # Layers of equal width: theory depends on it by the last division alone.
    neurons = hidden_neurons(nets["gaussian"], inputs)
    theories = {name: first_order(net, inputs, neurons=neurons) for name, net in nets.items()}
    for case in CASES:
        print(line(theories[case[0]], inputs, train.labels, case, networks), flush=True)


if __name__ == "__main__":
    main()
