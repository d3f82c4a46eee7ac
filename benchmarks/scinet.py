"""A sweep of SciNets on the pendulum, 5 numbers of latents by 4 seeds, against the same models one by one in PyTorch.

python benchmarks/scinet.py [--torch PYTHON] [--repeats N]

PYTHON is an interpreter that has torch; it runs as a second process that idles while we measure. The measurements
alternate, and the table shows medians and the spread of the ratio. We train all 20 models in one program and
draw new pendulums in every step; the peer trains on pendulums that lie in memory, once with one thread and once
with all cores.
"""

import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from sampling import processor

from netphysics.discovery import Schedule, SciNetSizes, make_search
from netphysics.discovery.worlds import pendulum

LATENTS, SEEDS = (0, 1, 2, 3, 4), 4
SYSTEMS, QUESTIONS, WIDTH = 128, 8, 64
# Of each of the two stages; the peer, which has one, trains each model for fewer.
STEPS, PEER_STEPS = 250, 100


def sweep():
    """A function that trains the whole sweep and measures model-steps per second, and the seconds it compiled."""
    shape = SciNetSizes(50, 1, 1, max(LATENTS), (WIDTH, WIDTH), (WIDTH, WIDTH), question_unit=2.5)

    def examples(data, *, key):
        return pendulum.samples(SYSTEMS, QUESTIONS, key=key)

    search = make_search(examples, shape, Schedule(STEPS))
    keys = jnp.repeat(jax.random.split(jax.random.key(0), SEEDS), len(LATENTS))
    masks = jnp.tile(jnp.asarray(np.arange(max(LATENTS)) < np.array(LATENTS)[:, None], jnp.float32), (SEEDS, 1))

    known = pendulum.samples(SYSTEMS, QUESTIONS, key=jax.random.key(1))

    def measure():
        start = time.perf_counter()
        found = search(keys, masks, known)
        assert found.finished.all()
        return 2 * STEPS * len(keys) / (time.perf_counter() - start)

    start = time.perf_counter()
    measure()
    seconds = time.perf_counter() - start
    rate = measure()
    return measure, seconds - 2 * STEPS * len(keys) / rate


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--torch", metavar="PYTHON", help="an interpreter that has torch")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    cores = len(os.sched_getaffinity(0))
    measure, seconds = sweep()
    threads = sorted({1, cores})
    rates = {side: [] for side in ("ours", *threads)}
    peer = None
    if arguments.torch:
        # Idle threads of the peer must sleep, not spin, while we measure.
        environment = {**os.environ, "OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}
        script = Path(__file__).parent / "peers" / "torch_scinet.py"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        peer = subprocess.Popen([arguments.torch, script], text=True, env=environment, **pipes)
    for _ in range(arguments.repeats):
        rates["ours"].append(measure())
        for count in threads if peer else ():
            request = {"latents": LATENTS, "steps": PEER_STEPS, "systems": SYSTEMS, "questions": QUESTIONS}
            print(json.dumps({**request, "threads": count}), file=peer.stdin, flush=True)
            rates[count].append(float(peer.stdout.readline()))
    if peer:
        peer.communicate()
    print(f"{processor()}, {cores} usable, jax {jax.__version__}; compile {seconds:.1f} s\n")
    print("| model-steps per second | median | ours / this (lowest, highest) |")
    print("|---|---|---|")
    print(f"| ours, {len(LATENTS) * SEEDS} models in one program | {statistics.median(rates['ours']):.0f} | |")
    for count in threads if peer else ():
        ratios = [mine / theirs for mine, theirs in zip(rates["ours"], rates[count], strict=True)]
        spread = f"{statistics.median(ratios):.1f} ({min(ratios):.1f}, {max(ratios):.1f})"
        print(f"| PyTorch, {count} thread(s) | {statistics.median(rates[count]):.0f} | {spread} |")


if __name__ == "__main__":
    main()
