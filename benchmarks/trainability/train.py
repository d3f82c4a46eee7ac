"""Train the zoo in PyTorch: does each network reach 80 % on the images it learns from? One JSON line per training.

    python benchmarks/trainability/train.py OUT.jsonl [--seeds 3] [--slice 0/2]

What stands in OUT.jsonl is not trained again. 300 digits, 300 full-batch steps, cross entropy; plain SGD at 0.05
and Adam at 0.001.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch
from networks import Description, build, descriptions
from sklearn.datasets import load_digits

IMAGES, STEPS, ENOUGH = 300, 300, 0.8
RATES = {"sgd": 0.05, "adam": 1e-3}


def data(scale: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Standardized images, or images as large as people forget to make them small."""
    digits = load_digits()
    images = torch.tensor(digits.images[:IMAGES], dtype=torch.float32)
    images = (images - images.mean()) / images.std() * scale
    return images[:, None], torch.tensor(digits.target[:IMAGES])


def train(description: Description, seed: int, optimizer: str) -> float:
    """Accuracy on the training images after the last step; 0 if the loss was not finite on the way."""
    model, (x, y) = build(description, seed), data(description.input_scale)
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
    steps = make(model.parameters(), lr=RATES[optimizer])
    for step in range(STEPS):
        loss = torch.nn.functional.cross_entropy(model(x), y)
        if not torch.isfinite(loss):
            return 0.0
        steps.zero_grad()
        loss.backward()
        steps.step()
        if step % 25 == 24:
            with torch.no_grad():
                # Nothing is learned by going on.
                if (model(x).argmax(dim=1) == y).float().mean() >= 0.97:
                    return 1.0
    with torch.no_grad():
        return float((model(x).argmax(dim=1) == y).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--slice", default="0/1")
    parser.add_argument("--seconds", type=float, default=1e9)
    options = parser.parse_args()
    torch.set_num_threads(1)
    part, parts = map(int, options.slice.split("/"))
    lines = options.out.read_text().splitlines() if options.out.exists() else []
    done = {(row["name"], row["seed"], row["optimizer"]) for row in map(json.loads, lines)}
    start = time.time()
    with options.out.open("a") as stream:
        for seed in range(options.seeds):
            for description in descriptions()[part::parts]:
                for optimizer in RATES:
                    if (description.name, seed, optimizer) in done or time.time() - start > options.seconds:
                        continue
                    accuracy = train(description, seed, optimizer)
                    row = {"name": description.name, "seed": seed, "optimizer": optimizer, "accuracy": accuracy}
                    stream.write(json.dumps(row) + "\n")
                    stream.flush()


if __name__ == "__main__":
    main()
