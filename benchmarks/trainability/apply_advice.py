"""Is the first advice right? Networks that do not train are changed by the line that it gives, and trained again.

    python benchmarks/trainability/apply_advice.py SET [--optimizer adam] [--seconds 80] [--skip 0]

A line that can be executed is; a normalization is put before every activation; an optimizer is taken instead.
"""

from __future__ import annotations

import argparse
import time

import torch
from torch import nn

import netphysics
from train import ENOUGH, Described, build, data, described_set, trained, trainings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set")
    parser.add_argument("--optimizer", choices=["sgd", "adam"], default="adam")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--skip", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    start, mended, tried = time.time(), 0, 0
    for network in failing(options.set, options.optimizer)[options.skip :]:
        if time.time() - start > options.seconds:
            break
        accuracy, advice = follow(network, options.optimizer)
        mended, tried = mended + (accuracy > ENOUGH), tried + 1
        print(f"{accuracy:.2f} {network.name}: {advice[:150]}", flush=True)
    print(f"{mended} of {tried} train with {options.optimizer} after the first advice")


def failing(name: str, optimizer: str) -> list[Described]:
    """The networks of a set of which no more than half of the seeds train."""
    rows = [row for row in trainings(name) if row["optimizer"] == optimizer]
    reached: dict[object, list[bool]] = {}
    for row in rows:
        reached.setdefault(row["name"], []).append(row["accuracy"] > ENOUGH)
    return [
        each
        for each in described_set(name)
        if each.name in reached and 2 * sum(reached[each.name]) <= len(reached[each.name])
    ]


def follow(network: Described, optimizer: str) -> tuple[float, str]:
    """The accuracy after the first advice, and the advice; 0 and a reason where there is none."""
    model, (x, y) = build(network, 0), data(network.inputs)
    found = netphysics.diagnose(model, x)
    if not found.advice:
        return 0.0, f"no advice; {found.cause}"
    advice, rate = found.advice[0], None
    for line in advice.partition(": ")[2].split("; "):
        if line.startswith("torch.nn.LayerNorm"):
            normalize(model, x)
        elif line.startswith("torch.optim."):
            optimizer, rate = "adam" if "Adam" in line else "sgd", float(line.partition("lr=")[2].rstrip(")"))
        elif line.startswith(("x = (", "[torch.nn.init", "[(torch.nn.init", "torch.nn.init", "[setattr")):
            scope = {"torch": torch, "model": model, "x": x}
            exec(line, scope)
            x = scope["x"]
        else:
            return 0.0, f"not done: {advice}"
    return trained(model, x, y, optimizer, rate), advice


def normalize(model: nn.Module, x: torch.Tensor) -> None:
    """Put a layer normalization before every activation; of images, one over channels and pixels."""
    widths: dict[str, torch.Size] = {}
    names = [name for name, module in model.named_modules() if type(module).__module__.endswith("activation")]
    names = [name for name in names if not isinstance(model.get_submodule(name), nn.MultiheadAttention)]
    hooks = [
        model.get_submodule(name).register_forward_pre_hook(
            lambda _, args, name=name: widths.update({name: args[0].shape})
        )
        for name in names
    ]
    model(x)
    for hook in hooks:
        hook.remove()
    for name in names:
        shape = widths[name]
        norm = nn.GroupNorm(1, shape[1]) if len(shape) == 4 else nn.LayerNorm(shape[-1])
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, nn.Sequential(norm, model.get_submodule(name)))


if __name__ == "__main__":
    main()
