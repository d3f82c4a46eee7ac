"""`netphysics doctor`: is this machine fit, and with what would it compute?"""

from __future__ import annotations

import json
import time

import jax
import jax.numpy as jnp
import numpy as np

from netphysics.lab.provenance import provenance

from .arguments import Parser

DRAWS = 1 << 20


def main(arguments: list[str]) -> int:
    parser = Parser("netphysics doctor", description="Versions, devices, a two-second self-check.")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    found = provenance()
    pulls, seconds = self_check()
    healthy = bool(np.all(np.abs(pulls) < 5))
    result = {**found, "healthy": healthy, "pulls": pulls.tolist(), "normals_per_second": DRAWS / seconds}
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        print(f"python {found['python']} on {found['machine']}")
        print("  ".join(f"{name} {version}" for name, version in found["versions"].items()))
        print("devices: " + ", ".join(found["devices"]))
        moments = ", ".join(f"{pull:+.1f}" for pull in pulls)
        print(f"speed: {DRAWS / seconds / 1e6:.0f} million normal numbers per second")
        print(f"self-check: moments 1 to 4 are {moments} standard errors off")
        print("healthy" if healthy else "SICK: do not trust what this machine computes")
    return 0 if healthy else 1


def self_check() -> tuple[np.ndarray, float]:
    """Pulls of the first four moments of normal draws, and the seconds the draws took once compiled."""
    draw = jax.jit(lambda key: jax.random.normal(key, (DRAWS,), jnp.float32))
    jax.block_until_ready(draw(jax.random.key(0)))
    start = time.perf_counter()
    x = np.asarray(jax.block_until_ready(draw(jax.random.key(1))), np.float64)
    seconds = time.perf_counter() - start
    exact, variance = np.array([0, 1, 0, 3]), np.array([1, 2, 15, 96])
    moments = np.array([np.mean(x**power) for power in (1, 2, 3, 4)])
    return (moments - exact) / np.sqrt(variance / DRAWS), seconds
