"""Tangent kernels with deferred weights against explicit weights, in one process, taking turns.

python benchmarks/tangent_kernel.py [--repeats N]

Twelve layers of width 512, with one input and two outputs or two inputs and one output. Both sides draw from
the same generator of normal numbers, in batches tuned for each. Explicit orthogonal matrices come from LAPACK's
Householder QR, with the signs that make them Haar-uniform. Medians. The last lines are ensembles of deep
networks, signals only.
"""

import argparse
import math
import statistics
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from sampling import processor

from netphysics.nets import (
    LearningRates,
    Net,
    batch_size,
    draw,
    draw_weights,
    in_batches,
    normal,
    sampler,
    split,
    tangent_kernel,
    tangent_sampler,
)

WIDTH, DEPTH = 512, 12


def network(initialization, inputs, outputs):
    return Net((inputs, *[WIDTH] * DEPTH, outputs), "tanh", initialization)


def deferred(net):
    k = net.widths[0]
    return tangent_sampler(net, math.sqrt(k) * np.eye(k), LearningRates.matching(net))


def explicit(net, draw_network=draw):
    k, rates = net.widths[0], LearningRates.matching(net)
    points = math.sqrt(k) * jnp.eye(k, dtype=jnp.float32)
    return lambda key: tangent_kernel(net, draw_network(net, key=key), points, rates)


def draw_by_qr(net, *, key):
    """Haar-uniform square layers by QR; the first and the last, which are thin, as the package draws them."""

    def haar(key):
        frame, triangle = jnp.linalg.qr(normal((WIDTH, WIDTH), key=key))
        return frame * jnp.sign(jnp.diagonal(triangle))[None]

    keys = split(key, net.layers)
    hidden = jax.lax.map(haar, keys[1:-1])
    first, last = (draw_weights("orthogonal", *net.shapes[i], 1.0, key=keys[i]) for i in (0, -1))
    return tuple((weights, jnp.zeros(len(weights), jnp.float32)) for weights in (first, *hidden, last))


# Law and side, sampler, networks of one measurement, batch.
SIDES = (
    ("gaussian", "deferred", deferred, 1024, 64),
    ("gaussian", "explicit", explicit, 16, 1),
    ("orthogonal", "deferred", deferred, 1024, 64),
    ("orthogonal", "explicit", lambda net: explicit(net, draw_by_qr), 2, 1),
)
SHAPES = ((1, 2), (2, 1))  # inputs and outputs


def compiled(sample, networks, batch):
    """A function that measures seconds per network, after one run to warm up."""
    keys = jax.random.split(jax.random.key(0), networks)
    loop = jax.lax.map if batch == 1 else partial(jax.lax.map, batch_size=batch)
    run = jax.jit(lambda keys: loop(sample, keys)).lower(keys).compile()

    def measure():
        start = time.perf_counter()
        jax.block_until_ready(run(keys))
        return (time.perf_counter() - start) / networks

    measure()
    return measure


def forward_ensemble(initialization, networks=10_000, width=1024, depth=32):
    """Seconds for signals of that many networks: one input, the mean square of every layer."""
    net = Net((1, *[width] * depth, 1), "tanh", initialization)
    sample = sampler(net, np.ones((1, 1)), lambda z: jnp.mean(z**2))
    experiment = in_batches(lambda keys: jax.vmap(lambda key: jnp.stack(sample(key)))(keys), batch_size(net, 1))
    run, keys = jax.jit(experiment), jax.random.split(jax.random.key(0), networks)
    jax.block_until_ready(run(keys))
    start = time.perf_counter()
    jax.block_until_ready(run(keys))
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    measures = {
        (law, side, shape): compiled(make(network(law, *shape)), networks, batch)
        for shape in SHAPES
        for law, side, make, networks, batch in SIDES
    }
    seconds = {case: [] for case in measures}
    for _ in range(repeats):
        for case, measure in measures.items():
            seconds[case].append(measure())
    print(f"{processor()}, jax {jax.__version__}\n")
    print("| ms per tangent kernel | deferred | explicit | ratio |")
    print("|---|---|---|---|")
    for law in ("gaussian", "orthogonal"):
        for shape in SHAPES:
            ours, theirs = (1e3 * statistics.median(seconds[law, side, shape]) for side in ("deferred", "explicit"))
            print(f"| {law}, {shape[0]} in, {shape[1]} out | {ours:.3g} | {theirs:.3g} | {theirs / ours:.0f} |")
    for law in ("gaussian", "orthogonal"):
        print(f"10 000 networks of width 1024 and depth 32, {law}: {forward_ensemble(law):.1f} s")


if __name__ == "__main__":
    main()
