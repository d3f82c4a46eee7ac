"""An ensemble of networks that learns, against the same networks in PyTorch: one by one, and by torch.func.vmap.

python benchmarks/learning.py [--torch PYTHON] [--members N] [--steps N] [--repeats N]

64 networks, 32 wide and 40 deep, learn 300 digits by full-batch gradient descent. PYTHON is an interpreter
that has torch; it runs as a second process that idles while we measure, with one thread and with one for each core.
The measurements alternate, and the table shows medians and the spread of the ratio: by processor time, where threads
are added up and what else the machine does counts little, and by the clock, which wants a machine that does nothing
else. Ours is a whole training, drawing included, compiled before. Of PyTorch only steps count.
"""

import argparse
import json
import os
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
# Every step takes as long as every other, of one network as of the next.
PEER_STEPS = {"loop": 200, "vmap": 6}


def ours(members, steps):
    """A function that measures steps of a network per second of one core, and per second of the clock."""
    train, _ = split(load("digits"), EXAMPLES, 500)
    net = Net((64, *[WIDTH] * DEPTH, 10), "tanh", "orthogonal")
    run = make_ensemble(net, train.inputs, train.targets, Descent(steps, 0.1, "absolute"), chunks=1)
    keys = jax.random.split(jax.random.key(0), members)

    def measure():
        start = time.process_time(), time.perf_counter()
        assert run(keys).finished.all()
        end = time.process_time(), time.perf_counter()
        return [steps * members / (b - a) for a, b in zip(start, end, strict=True)]

    # Compiles.
    measure()
    return measure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch and scikit-learn")
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    measure = ours(arguments.members, arguments.steps)
    kinds = [(kind, threads) for kind in PEER_STEPS for threads in sorted({1, cores})] if arguments.torch else []
    rates = {name: [] for name in ("ours", *kinds)}
    peer = None
    if arguments.torch:
        # Idle threads of the peer must sleep, not spin, while we measure.
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}
        script = Path(__file__).parent / "peers" / "torch_learning.py"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        peer = subprocess.Popen([arguments.torch, script], text=True, env=environment, **pipes)
    for _ in range(arguments.repeats):
        rates["ours"].append(measure())
        for kind, threads in kinds:
            request = {"kind": kind, "steps": PEER_STEPS[kind], "members": arguments.members, "threads": threads}
            sizes = {"width": WIDTH, "depth": DEPTH, "examples": EXAMPLES}
            print(json.dumps({**request, **sizes}), file=peer.stdin, flush=True)
            rates[kind, threads].append(json.loads(peer.stdout.readline()))
    if peer:
        peer.communicate()
    print(f"{processor()}, {cores} usable, jax {jax.__version__}\n")
    print("| steps of a network | per second of one core | ours / this | per second of the clock | ours / this |")
    print("|---|---|---|---|---|")
    for name, found in rates.items():
        if found:
            label = name if name == "ours" else f"PyTorch, {name[0]}, threads: {name[1]}"
            cells = [compared(*both) for both in zip(np.array(rates["ours"]).T, np.array(found).T, strict=True)]
            print(f"| {label} | {' | '.join(cells)} |")


def compared(ours, theirs):
    """The median of a rate, and that of the ratio with its least and its largest value."""
    ratios = ours / theirs
    return f"{np.median(theirs):.0f} | {np.median(ratios):.1f} ({ratios.min():.1f}, {ratios.max():.1f})"


if __name__ == "__main__":
    main()
