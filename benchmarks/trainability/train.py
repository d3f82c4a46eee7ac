"""Train a set of networks in PyTorch: does each reach 80 % on the images it learns from? One JSON line per training.

    python benchmarks/trainability/train.py SET [--seeds 3] [--seconds 500]

SET is `development` or `fresh-1`, `fresh-2`, ...; lines go to SET.jsonl beside this file, and what stands there is not
trained again. 300 digits, 300 full-batch steps, cross entropy; plain SGD at 0.05 and Adam at 0.001.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import fresh_networks
import networks
import torch
from sklearn.datasets import load_digits

IMAGES, STEPS, ENOUGH = 300, 300, 0.8
RATES = {"sgd": 0.05, "adam": 1e-3}
HERE = Path(__file__).parent
Described = networks.Description | fresh_networks.Description


def described_set(name: str) -> list[Described]:
    """The networks of a set: `development`, or `fresh-N` for the one that is drawn with N."""
    if name == "development":
        return list(networks.descriptions())
    return list(fresh_networks.descriptions(int(name.removeprefix("fresh-"))))


def build(described: Described, seed: int) -> torch.nn.Module:
    """The network, drawn from its seed."""
    if isinstance(described, networks.Description):
        return networks.build(described, seed)
    return fresh_networks.build(described, seed)


def data(inputs: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Images and labels: standardized, or as large or small as people forget to make them otherwise."""
    digits = load_digits()
    images = torch.tensor(digits.images[:IMAGES], dtype=torch.float32)[:, None]
    standard = (images - images.mean()) / images.std()
    fed = {
        "standard": standard, "large": 100 * standard, "small": 0.01 * standard,
        "unit": images / 16, "pixels": images * 255 / 16,
    }  # fmt: skip
    return fed[inputs], torch.tensor(digits.target[:IMAGES])


def train(described: Described, seed: int, optimizer: str) -> float:
    """Accuracy on the training images after the last step; 0 if the loss was not finite on the way."""
    model, (x, y) = build(described, seed), data(described.inputs)
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
    steps = make(model.parameters(), lr=RATES[optimizer])
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    with (HERE / f"{options.set}.jsonl").open("a+") as stream:
        stream.seek(0)
        done = {(row["name"], row["seed"], row["optimizer"]) for row in map(json.loads, stream)}
        start = time.time()
        for seed in range(options.seeds):
            for each in described_set(options.set):
                for optimizer in RATES:
                    if (each.name, seed, optimizer) in done or time.time() - start > options.seconds:
                        continue
                    row = {"name": each.name, "seed": seed, "optimizer": optimizer}
                    stream.write(json.dumps({**row, "accuracy": train(each, seed, optimizer)}) + "\n")
                    stream.flush()


if __name__ == "__main__":
    main()
