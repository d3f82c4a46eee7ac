"""Tangent kernels with deferred weights against explicit weights, in one process, taking turns.

python benchmarks/tangent_kernel.py [--repeats N]

Twelve layers of width 512, two inputs, one output. Both sides draw from the same generator of normal numbers, in
batches tuned for each. Explicit orthogonal matrices come from LAPACK's Householder QR, with the signs that make
them Haar-uniform. Medians. The last lines are ensembles of deep networks, signals only.
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

WIDTH, DEPTH, INPUTS = 512, 12, 2


def network(initialization):
    return Net((INPUTS, *[WIDTH] * DEPTH, 1), "tanh", initialization)


def deferred(net):
    return tangent_sampler(net, math.sqrt(INPUTS) * np.eye(INPUTS), LearningRates.matching(net))


def explicit(net, draw_network=draw):
    inputs, rates = math.sqrt(INPUTS) * jnp.eye(INPUTS, dtype=jnp.float32), LearningRates.matching(net)
    return lambda key: tangent_kernel(net, draw_network(net, key=key), inputs, rates)


def draw_by_qr(net, *, key):
    """Haar-uniform square layers by QR; the first and the last, which are thin, as the package draws them."""

    def haar(key):
        frame, triangle = jnp.linalg.qr(normal((WIDTH, WIDTH), key=key))
        return frame * jnp.sign(jnp.diagonal(triangle))[None]

    keys = split(key, net.layers)
    hidden = jax.lax.map(haar, keys[1:-1])
    first, last = (draw_weights("orthogonal", *net.shapes[i], 1.0, key=keys[i]) for i in (0, -1))
    return tuple((weights, jnp.zeros(len(weights), jnp.float32)) for weights in (first, *hidden, last))


# Name, law, sampler, networks of one measurement, batch.
CASES = (
    ("deferred gaussian", "gaussian", deferred, 1024, 16),
    ("explicit gaussian", "gaussian", explicit, 16, 1),
    ("deferred orthogonal", "orthogonal", deferred, 1024, 16),
    ("explicit orthogonal", "orthogonal", lambda net: explicit(net, draw_by_qr), 2, 1),
)


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
    measures = {name: compiled(make(network(law)), networks, batch) for name, law, make, networks, batch in CASES}
    seconds = {name: [] for name in measures}
    for _ in range(repeats):
        for name, measure in measures.items():
            seconds[name].append(measure())
    print(f"{processor()}, jax {jax.__version__}\n")
    print("| ms per tangent kernel | deferred | explicit | ratio |")
    print("|---|---|---|---|")
    for law in ("gaussian", "orthogonal"):
        ours, theirs = (1e3 * statistics.median(seconds[f"{kind} {law}"]) for kind in ("deferred", "explicit"))
        print(f"| {law} | {ours:.3g} | {theirs:.3g} | {theirs / ours:.0f} |")
    for law in ("gaussian", "orthogonal"):
        print(f"10 000 networks of width 1024 and depth 32, {law}: {forward_ensemble(law):.1f} s")


if __name__ == "__main__":
    main()
