"""Verdicts made before training against what training did: the table of docs/diagnose.md.

    python benchmarks/trainability/verdicts.py [TRAININGS.jsonl] [--fit]

Every other network of the zoo is for calibration; the table is of the others. `--fit` prints the coefficients that
stand in `fields/diagnosis/trainability.py`, made from the first half.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import numpy as np
import torch
from networks import Description, build, descriptions
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from netphysics.fields.diagnosis.measurement import Measurement
from netphysics.fields.diagnosis.torch_model import measure_torch
from netphysics.fields.diagnosis.trainability import RATES, Optimizer, features, gradient_growth, trains
from train import ENOUGH, data

try:
    import anyinit
except ImportError:
    anyinit = None

SAMPLES = 32
# What decides with plain SGD. Few networks fail with Adam: no more than two numbers can be fitted to them.
COUNTED: dict[Optimizer, tuple[str, ...]] = {
    "sgd": ("learned", "stability", "gradients", "distinct", "outputs", "step"),
    "adam": ("gradients", "step"),
}
# torch.nn.init.calculate_gain, and 1 for what it does not know.
GAINS = {"tanh": 5 / 3, "relu": math.sqrt(2), "leaky-relu": math.sqrt(2 / (1 + 0.01**2))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trainings", type=Path, nargs="?", default=Path(__file__).parent / "development.jsonl")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = [json.loads(line) for line in options.trainings.read_text().splitlines()]
    zoo = descriptions()
    measured = {d.name: measure(d) for d in zoo}
    drawn_otherwise = [] if anyinit is None else [as_anyinit_draws(d) for d in zoo]
    print("| optimizer | verdict | AUC | balanced accuracy |\n|---|---|---|---|")
    for optimizer in RATES:
        accuracy = {row["name"]: row["accuracy"] for row in rows if (row["optimizer"], row["seed"]) == (optimizer, 0)}
        trained = np.array([accuracy[d.name] > ENOUGH for d in zoo])
        if options.fit:
            print(f"    {optimizer!r}: {fit([measured[d.name] for d in zoo[::2]], trained[::2], optimizer)},")
        truth = trained[1::2]
        scores = {
            "this one": [trains(measured[d.name], optimizer) for d in zoo],
            "gradient factor": [-abs(gradient_growth(measured[d.name])) for d in zoo],
            "gain table": [-abs(math.log(drawn_gain(d) / GAINS.get(d.activation, 1.0))) for d in zoo],
        }
        if anyinit is not None:
            scores["AnyInit"] = drawn_otherwise
        for name, score in scores.items():
            # A probability has its threshold; the others get the one that is best on the half for calibration.
            threshold = 0.5 if name == "this one" else best(score[::2], trained[::2])
            held = np.array(score[1::2])
            balanced = balanced_accuracy_score(truth, held >= threshold)
            print(f"| {optimizer} | {name} | {roc_auc_score(truth, held):.3f} | {balanced:.2f} |")


def measure(description: Description) -> Measurement:
    """The network of seed 0 as it was before training, on the first images."""
    return measure_torch(build(description, 0), data(description.inputs)[0][:SAMPLES], RATES)


def as_anyinit_draws(description: Description) -> float:
    """How near the weights are to those that AnyInit draws: it judges no weights, but draws them, without data. Minus
    the sum of the logarithms of all factors; of what it refuses, zero."""
    model = build(description, 0)
    matrices = [p for p in model.parameters() if p.ndim > 1]
    before = [float(p.detach().std()) for p in matrices]
    try:
        anyinit.initialize(model)
    except (anyinit.AnyInitError, RuntimeError, ValueError):
        return 0.0
    after = [float(p.detach().std()) for p in matrices]
    return -sum(abs(math.log(a / b)) for a, b in zip(after, before, strict=True) if a > 0 and b > 0)


def drawn_gain(description: Description) -> float:
    """The deviation of the weights in units of 1/sqrt(fan-in)."""
    gains = {"default": 1 / math.sqrt(3), "xavier": 1.0, "kaiming": math.sqrt(2)}
    return gains.get(description.initialization, description.gain)


def fit(measured: list[Measurement], trained: np.ndarray, optimizer: Optimizer) -> dict[str, float]:
    """The coefficients of a logistic map on features as they are; it is fitted on standardized ones."""
    names = COUNTED[optimizer]
    table = np.array([[getattr(features(each, optimizer), name) for name in names] for each in measured])
    scale = StandardScaler().fit(table)
    found = LogisticRegression(class_weight="balanced").fit(scale.transform(table), trained)
    slopes = found.coef_[0] / scale.scale_
    values = {"1": found.intercept_[0] - slopes @ scale.mean_, **dict(zip(names, slopes, strict=True))}
    return {name: float(f"{value:.4g}") for name, value in values.items()}


def best(scores: list[float], trained: np.ndarray) -> float:
    """The threshold with the highest balanced accuracy."""
    return max(scores, key=lambda threshold: balanced_accuracy_score(trained, np.array(scores) >= threshold))


if __name__ == "__main__":
    main()
