"""How fast ensembles are drawn and evaluated, alone and against explicit weights in PyTorch.

python benchmarks/sampling.py [--torch PYTHON] [--repeats N]

PYTHON is an interpreter that has torch; it runs as a second process that idles while we measure. The
measurements alternate, and the table shows medians. The last row is `normal` alone, drawing as many numbers
as the deep networks do.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.nets import Net, batch_size, normal, sampler

DEPTH, WIDTH, INPUTS = 20, 1024, 4
# Name, networks for one measurement of ours, then networks and batch of the peer, whose batch was tuned.
PEER = {
    "one hidden layer": (2**15, 512),
    "deep gaussian": (8, 2),
    "deep orthogonal": (1, 1),
}


def one_hidden():
    inputs = 0.01 * np.array([[0.2], [0.4], [0.6], [0.8], [1.0], [1.2]])
    net = Net((1, 100, 1), "erf", bias_variance=1.0)
    sample = sampler(net, inputs)
    return (lambda key: sample(key)[-1]), batch_size(net, len(inputs)), 2**17


def deep(initialization):
    net = Net((INPUTS, *[WIDTH] * DEPTH, 1), "tanh", initialization)
    sample = sampler(net, 2 * np.eye(INPUTS), lambda z: z @ z.T / z.shape[1])
    return sample, batch_size(net, INPUTS), 512


def numbers_alone():
    def sample(key):
        def layer(total, key):
            return total + normal((INPUTS, WIDTH), key=key), None

        keys = jax.random.split(key, DEPTH)
        return jax.lax.scan(layer, jnp.zeros((INPUTS, WIDTH), jnp.float32), keys)[0].sum(axis=1)

    return sample, batch_size(Net((INPUTS, WIDTH), "tanh"), INPUTS), 512


OURS = {
    "one hidden layer": one_hidden,
    "deep gaussian": lambda: deep("gaussian"),
    "deep orthogonal": lambda: deep("orthogonal"),
    "numbers alone": numbers_alone,
}


def compiled(sample, batch, networks):
    """A function that measures networks per second, and the seconds it took to compile."""
    keys = jax.random.split(jax.random.key(0), networks)
    start = time.perf_counter()
    run = jax.jit(lambda keys: jax.lax.map(sample, keys, batch_size=batch)).lower(keys).compile()
    seconds = time.perf_counter() - start

    def measure():
        start = time.perf_counter()
        jax.block_until_ready(run(keys))
        return networks / (time.perf_counter() - start)

    measure()
    return measure, seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch")
    parser.add_argument("--repeats", type=int, default=7)
    arguments = parser.parse_args()
    ours = {name: compiled(*case()) for name, case in OURS.items()}
    rates = {(name, side): [] for name in ours for side in ("ours", "torch")}
    peer = None
    if arguments.torch:
        script = Path(__file__).parent / "peers" / "torch_sampling.py"
        # Idle threads of the peer must sleep, not spin, while we measure.
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}
        command = [arguments.torch, script]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        peer = subprocess.Popen(command, text=True, env=environment, **pipes)
    for _ in range(arguments.repeats):
        for name, (measure, _) in ours.items():
            rates[name, "ours"].append(measure())
            if peer and name in PEER:
                networks, batch = PEER[name]
                print(
                    json.dumps({"case": name, "networks": networks, "batch": batch}),
                    file=peer.stdin,
                    flush=True,
                )
                rates[name, "torch"].append(float(peer.stdout.readline()))
    if peer:
        peer.communicate()
    print(f"{processor()}, {jax.local_device_count()} device(s), jax {jax.__version__}\n")
    print("| networks per second | ours | torch, explicit | ratio | of numbers alone | compile (s) |")
    print("|---|---|---|---|---|---|")
    for name, (_, seconds) in ours.items():
        mine = statistics.median(rates[name, "ours"])
        theirs = statistics.median(rates[name, "torch"]) if rates[name, "torch"] else None
        against = f"{theirs:.3g} | {mine / theirs:.0f}" if theirs else " | "
        share = f"{mine / statistics.median(rates['numbers alone', 'ours']):.2f}" if "one" not in name else ""
        print(f"| {name} | {mine:.4g} | {against} | {share} | {seconds:.1f} |")


def processor():
    """The name of the processor where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.split(": ", 1)[1] for line in lines if line.startswith("model name")]
    return f"{names[0]}, {len(names)} cores" if names else platform.processor()


if __name__ == "__main__":
    main()
