"""How fast flat events are drawn, beside numpy's RAMBO and the TensorFlow package `phasespace`, by processor time.

python benchmarks/phase_space.py [--phasespace PYTHON] [--repeats N]

PYTHON is an interpreter that has phasespace; it runs as a second process that idles while we measure. The measurements
alternate, and the table shows medians. Seconds are those of all threads together.
"""

import argparse
import json
import resource
import statistics
import subprocess
import time
from pathlib import Path

import jax
import numpy as np

from netphysics.topology.phase_space import PhaseSpace, sample_blocks

EVENTS = 200_000
BODIES = (3, 6)
MANY = 10_000_000


def ours(algorithm):
    def draw(bodies):
        count = 0
        for part in sample_blocks(PhaseSpace.massless(bodies), EVENTS, algorithm, key=jax.random.key(0)):
            count += len(part.weights)
        return count

    return draw


def rambo_in_numpy(bodies):
    """RAMBO (Kleiss, Stirling and Ellis 1986), float64, in blocks that fit the cache."""
    rng = np.random.default_rng(0)
    for _ in range(EVENTS // 10_000):
        u = rng.uniform(size=(4, 10_000, bodies))
        cosine, azimuth, energy = 2 * u[0] - 1, 2 * np.pi * u[1], -np.log(u[2] * u[3])
        sine = np.sqrt(1 - cosine**2)
        p = energy[..., None] * np.stack([sine * np.cos(azimuth), sine * np.sin(azimuth), cosine], axis=-1)
        total, weight = p.sum(axis=1), energy.sum(axis=1)
        mass = np.sqrt(weight**2 - np.sum(total**2, axis=1))
        b, gamma = -total / mass[:, None], weight / mass
        along = np.einsum("enj,ej->en", p, b)
        boosted = p + b[:, None] * (energy + along / (1 + gamma)[:, None])[..., None]
        np.concatenate([(gamma[:, None] * energy + along)[..., None], boosted], axis=2) / mass[:, None, None]
    return EVENTS


def rate(draw, bodies):
    start = time.process_time()
    found = draw(bodies)
    # The peer measures itself.
    return found if isinstance(found, float) else found / (time.process_time() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phasespace", metavar="PYTHON", help="an interpreter that has phasespace")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    sides = {"frames": ours("frames"), "RAMBO": ours("rambo"), "numpy RAMBO": rambo_in_numpy}
    peer = None
    if arguments.phasespace:
        script = Path(__file__).parent / "peers" / "phasespace_events.py"
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        peer = subprocess.Popen([arguments.phasespace, script], text=True, **pipes)

        def phasespace(bodies):
            print(json.dumps({"bodies": bodies, "events": EVENTS}), file=peer.stdin, flush=True)
            return float(peer.stdout.readline())

        sides["phasespace"] = phasespace
    print("| events per second of one core | " + " | ".join(sides) + " |")
    print("|---" * (len(sides) + 1) + "|")
    for bodies in BODIES:
        found = {name: [] for name in sides}
        for draw in sides.values():
            rate(draw, bodies)  # compiles
        for _ in range(arguments.repeats):
            for name, draw in sides.items():
                found[name].append(rate(draw, bodies))
        row = " | ".join(f"{statistics.median(found[name]):.3g}" for name in sides)
        print(f"| {bodies} massless particles | {row} |")
    if peer:
        peer.communicate()
    for _ in sample_blocks(PhaseSpace.massless(4), MANY, key=jax.random.key(1)):
        pass
    print(f"\n{MANY:.0e} events by blocks: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at most")


if __name__ == "__main__":
    main()
