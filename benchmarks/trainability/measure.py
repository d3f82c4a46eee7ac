"""Measure the networks of a set before training: what verdicts, and the scores beside them, are made of.

    python benchmarks/trainability/measure.py SET ... [--seconds 500]

SET is `development`, `fresh-1`, `fresh-2` or `fresh-4`. One JSON line per network, that of seed 0, goes to
SET-measured.jsonl beside this file; what stands there is not measured again. Networks that have no batch of their own
are given the first 8, 16, 32, 64, 128 or 300 images.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import time
import zlib

import anyinit
import torch
from networks import CLASSES
from second_networks import BATCHES

from netphysics.fields.diagnosis.advice.redrawing import drawn_gain
from netphysics.fields.diagnosis.measuring.torch_batch import as_batch
from netphysics.fields.diagnosis.measuring.torch_model import draw_zero_readout, measure_torch, training_copy
from netphysics.fields.diagnosis.measuring.torch_steps import learned
from netphysics.fields.diagnosis.measuring.virtual_task import LEAST_SHARE, SAMPLES, STEPS
from netphysics.fields.diagnosis.trainability import RATES, gradient_growth
from train import HERE, Described, build, data, described_set

# Of the inputs and of the steps that all are taken of: what there is time for where networks are small, or large.
SHARES = (1.0, math.sqrt(LEAST_SHARE), LEAST_SHARE)
# torch.nn.init.calculate_gain, and 1 for what it does not know.
GAINS = {"tanh": 5 / 3, "relu": math.sqrt(2), "leaky-relu": math.sqrt(2 / (1 + 0.01**2)), "selu": 3 / 4}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    start = time.time()
    for name in options.sets:
        done = measured_before(name)
        with (HERE / f"{name}-measured.jsonl").open("a") as stream:
            for each in described_set(name):
                if each.name not in done and time.time() - start < options.seconds:
                    stream.write(json.dumps(measure(each)) + "\n")
                    stream.flush()


def measured_before(name: str) -> dict[str, dict]:
    """What was measured of a set so far, by network."""
    path = HERE / f"{name}-measured.jsonl"
    rows = map(json.loads, path.read_text().splitlines()) if path.exists() else ()
    return {row["name"]: row for row in rows}


def measure(network: Described) -> dict[str, object]:
    """The network of seed 0, as it is before training, on the first images."""
    model = build(network, 0)
    size = getattr(network, "batch", BATCHES[zlib.crc32(network.name.encode()) % len(BATCHES)])
    batch = data(network.inputs)[0][:size]
    measured = measure_torch(model, batch, RATES)
    taught = {measured.steps: measured.learned}
    for share in SHARES:
        samples, steps = round(share * SAMPLES), round(share * STEPS)
        if steps not in taught:
            taught[steps] = learned(before_training(model), as_batch(batch), CLASSES, RATES, samples, steps)
    return {
        "name": network.name,
        "batch": size,
        "steps": measured.steps,
        "learned": {
            steps: {each: dataclasses.astuple(what) for each, what in by.items()} for steps, by in taught.items()
        },
        "gradient factor": -abs(gradient_growth(measured)),
        "gain table": -abs(math.log(max(drawn_gain(measured), 1e-30) / GAINS.get(network.activation, 1.0))),
        "AnyInit": as_anyinit_draws(model),
    }


def before_training(model: torch.nn.Module) -> torch.nn.Module:
    """The copy that virtual steps start from."""
    model = training_copy(model)
    draw_zero_readout(list(model.named_parameters()))
    return model


def as_anyinit_draws(model: torch.nn.Module) -> float:
    """How near the weights are to those that AnyInit draws: it judges no weights, but draws them, without data. Minus
    the sum of the logarithms of all factors; of what it refuses, zero."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    before = [float(p.detach().std()) for p in matrices]
    try:
        anyinit.initialize(model)
    except (anyinit.AnyInitError, RuntimeError, ValueError):
        return 0.0
    after = [float(p.detach().std()) for p in matrices]
    return -sum(abs(math.log(a / b)) for a, b in zip(after, before, strict=True) if a > 0 and b > 0)


if __name__ == "__main__":
    main()
