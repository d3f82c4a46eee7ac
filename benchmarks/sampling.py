"""How fast are networks drawn and evaluated, against explicit weight matrices in PyTorch and against the random
numbers alone?

    python benchmarks/sampling.py [--torch PYTHON] [--rounds 3]

`--torch` names the interpreter of an environment with PyTorch; without it only our side is measured. Both sides
take turns, each in a process of its own, and medians of the rounds are printed: machines are noisy, ratios of
neighbors are not.
"""

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

DEPTH, WIDTH, INPUTS = 20, 1024, 4
PEER = Path(__file__).parent / "peers" / "torch_sampling.py"


def rate(function, count, seconds=2.0):
    """Networks per second of `function(i)`, which draws `count` of them; and the time of the first call."""
    import jax

    start = time.perf_counter()
    jax.block_until_ready(function(0))
    first = time.perf_counter() - start
    calls, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds or calls < 3:
        calls += 1
        jax.block_until_ready(function(calls))
    return calls * count / elapsed, first


def deep(initialization, count=256):
    """Squared norms of the outputs of networks of 20 hidden layers, width 1024, at 4 inputs."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    from netphysics.nets import Net, batch_size, in_batches, sampler

    net = Net((64, *(WIDTH,) * DEPTH, 1), "tanh", initialization, 1.5, 0.0)
    inputs = np.random.default_rng(0).normal(size=(INPUTS, 64))
    sample = sampler(net, inputs, observe=lambda z: jnp.sum(z**2, axis=1))

    def sums(keys):
        return jax.tree.map(lambda x: jnp.sum(x, axis=0), jax.vmap(sample)(keys))

    draw = jax.jit(in_batches(sums, batch_size(net, INPUTS)))
    return rate(lambda i: draw(jax.random.split(jax.random.key(i), count)), count)


def normals(count=256):
    """As many normal numbers as those networks take, drawn in batches of the same size, and summed."""
    import jax
    import jax.numpy as jnp

    from netphysics.nets import in_batches, normal

    def sums(keys):
        return jnp.sum(jax.vmap(lambda key: normal((DEPTH, INPUTS, WIDTH), key=key))(keys))

    draw = jax.jit(in_batches(sums, 4))
    return rate(lambda i: draw(jax.random.split(jax.random.key(i), count)), count)


def shallow(count=1 << 15):
    """Outputs of networks with one hidden layer of 100 erf units at 6 inputs on a line, products summed."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    from netphysics.nets import Net, batch_size, in_batches, sampler

    net = Net((1, 100, 1), "erf", "gaussian", 1.0, 1.0)
    sample = sampler(net, np.linspace(-1.0, 1.0, 6)[:, None])

    def sums(keys):
        outputs = jax.vmap(sample)(keys)[1][:, :, 0]
        return outputs.T @ outputs, jnp.sum(outputs)

    draw = jax.jit(in_batches(sums, batch_size(net, 6)))
    return rate(lambda i: draw(jax.random.split(jax.random.key(i), count)), count)


CASES = {
    "gaussian": lambda: deep("gaussian"),
    "orthogonal": lambda: deep("orthogonal"),
    "normals": normals,
    "shallow": shallow,
}


def measure(case):
    """One case in a fresh process."""
    done = subprocess.run([sys.executable, __file__, "--case", case], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measure_peer(python, case):
    done = subprocess.run([python, str(PEER), case], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", help="interpreter of an environment with PyTorch")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=CASES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        found, first = CASES[options.case]()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"rate": found, "first_call": first, "peak_mib": peak}))
        return
    ours = {case: [] for case in CASES}
    peers = {"gaussian": [], "orthogonal": []}
    for _ in range(options.rounds):
        for case in CASES:
            ours[case].append(measure(case))
            if options.torch and case in peers:
                peers[case].append(measure_peer(options.torch, case))
    print(f"{processor()}, Python {platform.python_version()}; medians of {options.rounds} rounds\n")
    print("| networks | per second | of the normals alone | PyTorch, explicit | ratio | first call | peak memory |")
    print("|---|---|---|---|---|---|---|")
    limit = median(ours["normals"], "rate")
    for case in ("gaussian", "orthogonal", "shallow"):
        found = median(ours[case], "rate")
        share = f"{found / limit:.0%}" if case != "shallow" else ""
        peer = ratio = ""
        if peers.get(case):
            peer = f"{median(peers[case], 'rate'):.2f}"
            ratio = (
                f"{statistics.median(a['rate'] / b['rate'] for a, b in zip(ours[case], peers[case], strict=True)):.0f}"
            )
        name = "1 x 100, 6 inputs" if case == "shallow" else f"{DEPTH} x {WIDTH}, {INPUTS} inputs, {case}"
        first, peak = median(ours[case], "first_call"), median(ours[case], "peak_mib")
        print(f"| {name} | {found:,.0f} | {share} | {peer} | {ratio} | {first:.1f} s | {peak:.0f} MiB |")
    per_network = DEPTH * INPUTS * WIDTH
    print(f"\nnormal numbers alone: {limit * per_network / 1e6:.0f} million per second")


def median(results, name):
    return statistics.median(result[name] for result in results)


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()


if __name__ == "__main__":
    main()
