"""An ensemble of networks that learns, against the same networks in PyTorch: one by one, and by torch.func.vmap.

python benchmarks/learning.py [--torch PYTHON] [--members N] [--repeats N]

64 networks, 32 wide and 40 deep, learn 300 digits by full-batch gradient descent. PYTHON is an interpreter that has
torch; it runs as a second process that idles while we measure. The measurements alternate, and the table shows
medians and the spread of the ratio. Only steps count: the first measurement, which compiles, is left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

import jax
import numpy as np
from sampling import processor

from netphysics.fields.learning import Descent, make_ensemble
from netphysics.fields.learning.data import load, split
from netphysics.nets import Net

WIDTH, DEPTH, EXAMPLES = 32, 40, 300
STEPS = 60
# Of one network after another: as many steps take as long.
PEER_STEPS = {"loop": 200, "vmap": 6}


def ours(members):
    """A function that measures steps of a network per second."""
    train, _ = split(load("digits"), EXAMPLES, 500)
    net = Net((64, *[WIDTH] * DEPTH, 10), "tanh", "orthogonal")
    # Two lengths of training: their difference has no drawing, no compiling and no looking at kernels in it.

    def maker(steps):
        return make_ensemble(net, train.inputs, train.targets, Descent(steps, 0.1, "absolute"), chunks=1)

    runs = {steps: maker(steps) for steps in (STEPS, 2 * STEPS)}
    keys = jax.random.split(jax.random.key(0), members)

    def seconds(steps):
        start = time.perf_counter()
        assert runs[steps](keys).finished.all()
        return time.perf_counter() - start

    def measure():
        return STEPS * members / (seconds(2 * STEPS) - seconds(STEPS))

    for steps in runs:
        seconds(steps)
    return measure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch and scikit-learn")
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    measure = ours(arguments.members)
    rates = {name: [] for name in ("ours", *PEER_STEPS)}
    peer = None
    if arguments.torch:
        # Idle threads of the peer must sleep, not spin, while we measure.
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}
        script = Path(__file__).parent / "peers" / "torch_learning.py"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        peer = subprocess.Popen([arguments.torch, script], text=True, env=environment, **pipes)
    for _ in range(arguments.repeats):
        rates["ours"].append(measure())
        for kind, steps in PEER_STEPS.items() if peer else ():
            request = {"kind": kind, "steps": steps, "members": arguments.members, "threads": cores}
            sizes = {"width": WIDTH, "depth": DEPTH, "examples": EXAMPLES}
            print(json.dumps({**request, **sizes}), file=peer.stdin, flush=True)
            rates[kind].append(float(peer.stdout.readline()))
    if peer:
        peer.communicate()
    print(f"{processor()}, {cores} usable, jax {jax.__version__}\n")
    print("| steps of a network per second | median | ours / this (lowest, highest) |")
    print("|---|---|---|")
    for name, found in rates.items():
        if found:
            ratios = np.array(rates["ours"]) / np.array(found)
            spread = f"{statistics.median(ratios):.1f} ({ratios.min():.1f}, {ratios.max():.1f})"
            print(f"| {name} | {statistics.median(found):.0f} | {spread} |")


if __name__ == "__main__":
    main()
