"""Train a set of networks in PyTorch: does each reach 80 % on the images it learns from? One JSON line per training.

    python benchmarks/trainability/train.py SET [--optimizers adam] [--seeds 1] [--seconds 500]

SET is `development` or `fresh-1` to `fresh-5`; lines go to SET.jsonl beside this file, and what stands there is not
trained again. A third seed is trained where the first two do not settle what most seeds do. 300 digits, 300
full-batch steps, cross entropy; plain SGD at 0.05 and Adam at 0.001.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import product
from pathlib import Path

import fresh_networks
import networks
import second_networks
import third_networks
import torch
from sklearn.datasets import load_digits

IMAGES, STEPS, ENOUGH, SEEDS = 300, 300, 0.8, 3
RATES = {"sgd": 0.05, "adam": 1e-3}
HERE = Path(__file__).parent
Described = networks.Description | fresh_networks.Description | second_networks.Description | third_networks.Description
# Inputs of the verdict, unless a network has a number of its own.
BATCH = 32


def described_set(name: str) -> list[Described]:
    """The networks of a set."""
    sets: dict[str, list[Described]] = {
        "development": [*networks.descriptions()],
        "fresh-1": [*fresh_networks.descriptions(1)],
        "fresh-2": [*second_networks.descriptions()],
        "fresh-3": [*fresh_networks.descriptions(2)],
        "fresh-4": [*third_networks.descriptions(4)],
        "fresh-5": [*third_networks.descriptions(5)],
    }
    return sets[name]


def build(described: Described, seed: int) -> torch.nn.Module:
    """The network, drawn from its seed."""
    makers = (networks, fresh_networks, second_networks, third_networks)
    return next(each for each in makers if isinstance(described, each.Description)).build(described, seed)


def seen(described: Described) -> torch.Tensor:
    """The first images, as many as the verdict is given."""
    return data(described.inputs)[0][: getattr(described, "batch", BATCH)]


def data(inputs: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Images and labels: standardized, or as large or small as people forget to make them otherwise."""
    digits = load_digits()
    images = torch.tensor(digits.images[:IMAGES], dtype=torch.float32)[:, None]
    standard = (images - images.mean()) / images.std()
    fed = {
        "standard": standard, "large": 100 * standard, "small": 0.01 * standard,
        "unit": images / 16, "pixels": images * 255 / 16, "raw": images, "shifted": standard + 2,
        "tenth": 0.1 * standard, "triple": 3 * standard, "signed": images / 8 - 1, "inverted": 1 - images / 16,
        "by-pixel": (images - images.mean(dim=0)) / (images.std(dim=0) + 0.1),
    }  # fmt: skip
    return fed[inputs], torch.tensor(digits.target[:IMAGES])


def train(described: Described, seed: int, optimizer: str) -> float:
    """Accuracy on the training images after the last step; 0 if the loss was not finite on the way."""
    return trained(build(described, seed), *data(described.inputs), optimizer)


def trained(
    model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor, optimizer: str, rate: float | None = None
) -> float:
    """The same of a model as it is, which is trained in place; the rate is that of `RATES` by default."""
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
    steps = make(model.parameters(), lr=RATES[optimizer] if rate is None else rate)
    for step in range(STEPS):
        loss = torch.nn.functional.cross_entropy(model.train()(x), y)
        if not torch.isfinite(loss):
            return 0.0
        steps.zero_grad()
        loss.backward()
        steps.step()
        # Nothing is learned by going on.
        if step % 25 == 24 and accuracy(model, x, y) >= 0.97:
            return 1.0
    return accuracy(model, x, y)


def accuracy(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    """The share of images that are right: without dropout, normalized over the batch itself."""
    for module in model.modules():
        if "Dropout" in type(module).__name__:
            module.eval()
    with torch.no_grad():
        return float((model(x).argmax(dim=1) == y).float().mean())


def trainings(name: str) -> list[dict[str, object]]:
    """What was trained of a set so far."""
    path = HERE / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set")
    parser.add_argument("--optimizers", nargs="+", choices=[*RATES], default=[*RATES])
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    reached: dict[tuple[str, str], list[bool]] = {}
    done = set()
    for row in trainings(options.set):
        done.add((row["name"], row["seed"], row["optimizer"]))
        reached.setdefault((row["name"], row["optimizer"]), []).append(row["accuracy"] > ENOUGH)
    start = time.time()
    with (HERE / f"{options.set}.jsonl").open("a") as stream:
        for seed, each, optimizer in product(range(options.seeds), described_set(options.set), options.optimizers):
            before = reached.setdefault((each.name, optimizer), [])
            settled = seed == SEEDS - 1 and before in ([True] * seed, [False] * seed)
            if settled or (each.name, seed, optimizer) in done or time.time() - start > options.seconds:
                continue
            row = {"name": each.name, "seed": seed, "optimizer": optimizer, "accuracy": train(each, seed, optimizer)}
            before.append(row["accuracy"] > ENOUGH)
            stream.write(json.dumps(row) + "\n")
            stream.flush()


if __name__ == "__main__":
    main()
