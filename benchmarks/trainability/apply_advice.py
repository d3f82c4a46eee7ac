"""Is the first advice right? Networks that do not train are changed by the line that it gives, and trained again.

    python benchmarks/trainability/apply_advice.py SET [--optimizer adam] [--seconds 80] [--skip 0]

A line that can be executed is; a normalization is put before every activation, layers of a chain add to what they are
fed, blocks are scaled, images are flattened where they were pooled; an activation or an optimizer is taken instead.
"""

from __future__ import annotations

import argparse
import time

import torch
from fresh_networks import Branch
from second_architectures import Sine
from third_architectures import Function, Product
from torch import nn

import netphysics
from train import ENOUGH, Described, build, data, described_set, trained, trainings

# What an activation leaves in shape.
ONES = torch.ones(2, 3, 5)


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
        print(f"{accuracy:.2f} {network.name}: {advice[:300]}", flush=True)
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
        elif line == "torch.nn.Tanh()":
            for name in activations(model):
                parent, _, child = name.rpartition(".")
                setattr(model.get_submodule(parent), child, nn.Tanh())
        elif line == "x = x + layer(x)":
            let_add(model, x)
        elif line.endswith(" * block(x)"):
            for block in blocks(model):
                block.scale = float(line.removeprefix("x + ").removesuffix(" * block(x)"))
        elif line.startswith("torch.nn.Flatten()"):
            unpool(model, x)
        elif line.startswith("torch.optim."):
            optimizer, rate = "adam" if "Adam" in line else "sgd", float(line.partition("lr=")[2].rstrip(")"))
        elif line.startswith(("x = ", "[torch.nn.init", "[(torch.nn.init", "torch.nn.init", "[setattr")):
            scope = {"torch": torch, "model": model, "x": x}
            exec(line, scope)
            x = scope["x"]
        else:
            return 0.0, f"not done: {advice}"
    return trained(model, x, y, optimizer, rate), advice


def normalize(model: nn.Module, x: torch.Tensor) -> None:
    """Put a layer normalization before every activation, or the gate around it; of images, one over channels and
    pixels."""
    widths: dict[str, torch.Size] = {}
    names = activations(model) + [name for name, module in model.named_modules() if isinstance(module, Product)]
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


def activations(model: nn.Module) -> list[str]:
    """The names of the modules that activate."""
    return [
        name
        for name, module in model.named_modules()
        if isinstance(module, Sine)
        or (isinstance(module, Function) and module(ONES).shape == ONES.shape)
        or (type(module).__module__.endswith("activation") and not isinstance(module, nn.MultiheadAttention))
    ]


def blocks(model: nn.Module) -> list[Branch]:
    """What adds to what it is fed."""
    return [module for module in model.modules() if isinstance(module, Branch)]


def let_add(model: nn.Module, x: torch.Tensor) -> None:
    """Let each layer of a chain, with all that follows it up to the next, add to what it is fed, where shapes allow."""
    for chain in [module for module in model.modules() if isinstance(module, nn.Sequential)]:
        shapes = shapes_in(chain, model, x)
        starts = [i for i, module in enumerate(chain) if any(p.ndim > 1 for p in module.parameters())]
        parts, end = list(chain), len(chain)
        for start in reversed(starts):
            if start + 1 < end and shapes[start] == shapes[end]:
                parts[start:end] = [Branch(*parts[start:end])]
            end = start
        chain._modules = {str(i): part for i, part in enumerate(parts)}


def unpool(model: nn.Sequential, x: torch.Tensor) -> None:
    """Flatten images in the place of pooling them over all places, and draw the last layer for what comes then."""
    for name, module in list(model.named_children()):
        if isinstance(module, nn.AdaptiveMaxPool2d | nn.AdaptiveAvgPool2d):
            setattr(model, name, nn.Identity())
    model[-1] = nn.LazyLinear(model[-1].out_features)
    model(x)


def shapes_in(chain: nn.Sequential, model: nn.Module, x: torch.Tensor) -> list[torch.Size]:
    """The shapes of what the modules of a chain are fed, and of what the last one makes of it."""
    found: list[torch.Size] = []
    hooks = [module.register_forward_pre_hook(lambda _, args: found.append(args[0].shape)) for module in chain]
    hooks.append(chain.register_forward_hook(lambda _, __, out: found.append(out.shape)))
    model(x)
    for hook in hooks:
        hook.remove()
    return found


if __name__ == "__main__":
    main()
