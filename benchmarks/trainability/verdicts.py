"""Verdicts made before training against what training did: the table of docs/diagnose.md.

    python benchmarks/trainability/verdicts.py SET [--wrong]     the table of a set, and the verdicts that are wrong
    python benchmarks/trainability/verdicts.py --fit [SET ...]   coefficients of fields/diagnosis/trainability.py

SET is `development`, `fresh-1` or `fresh-2`; README.md has the protocol.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from dataclasses import dataclass

import anyinit
import numpy as np
import torch
from networks import CLASSES
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from netphysics.fields.diagnosis.probe import Learned
from netphysics.fields.diagnosis.redrawing import drawn_gain
from netphysics.fields.diagnosis.torch_batch import as_batch
from netphysics.fields.diagnosis.torch_model import measure_torch, training_copy
from netphysics.fields.diagnosis.torch_steps import learned
from netphysics.fields.diagnosis.trainability import RATES, Optimizer, gradient_growth, trains
from netphysics.fields.diagnosis.virtual_task import FEWEST_SHOWN, FEWEST_STEPS, STEPS
from train import ENOUGH, Described, build, described_set, seen, trainings

RESAMPLES = 500
# torch.nn.init.calculate_gain, and 1 for what it does not know.
GAINS = {"tanh": 5 / 3, "relu": math.sqrt(2), "leaky-relu": math.sqrt(2 / (1 + 0.01**2)), "selu": 3 / 4}
PROBABILITY = "this one"


@dataclass(frozen=True)
class Judged:
    """A network with what is said of it before it is trained, by optimizer, and what became of it."""

    network: Described
    scores: dict[Optimizer, dict[str, float]]
    learned: dict[Optimizer, Learned]
    """In virtual steps."""
    accuracies: dict[Optimizer, list[float]]
    """By seed."""

    def trained(self, optimizer: Optimizer) -> bool:
        """Whether most seeds do."""
        return sum(each > ENOUGH for each in self.accuracies[optimizer]) > len(self.accuracies[optimizer]) / 2

    def said(self, optimizer: Optimizer) -> bool:
        """Whether it is said to."""
        return self.scores[optimizer][PROBABILITY] >= 0.5

    def agrees(self, optimizer: Optimizer) -> bool:
        """Whether all seeds have the same fate."""
        return len({each > ENOUGH for each in self.accuracies[optimizer]}) == 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=["development"])
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    judged = [judge(each, name) for name in options.sets for each in described_set(name)]
    if options.fit:
        early = [judge_early(each.network) for each in judged]
        for optimizer in RATES:
            truth = [each.trained(optimizer) for each in judged]
            print(f"{optimizer}, {STEPS} steps: {fit([each.learned[optimizer] for each in judged], truth)}")
            print(f"{optimizer}, {FEWEST_STEPS} steps: {fit([each[optimizer] for each in early], truth)}")
        return
    calibrated = (
        judged if options.sets == ["development"] else [judge(d, "development") for d in described_set("development")]
    )
    print("| optimizer | verdict | AUC | balanced accuracy |\n|---|---|---|---|")
    for optimizer in RATES:
        for row in table(judged, calibrated, optimizer):
            print(row)
    for optimizer in RATES:
        truth = [each.trained(optimizer) for each in judged]
        agree = np.mean([each.agrees(optimizer) for each in judged])
        print(f"{optimizer}: {sum(truth)} of {len(truth)} train, seeds disagree on {1 - agree:.1%}")
        for size in sorted({len(seen(each.network)) for each in judged}):
            those = [each for each in judged if len(seen(each.network)) == size]
            right = [each.said(optimizer) == each.trained(optimizer) for each in those]
            print(f"batches of {size}: {sum(right)} of {len(right)} right")
        for each in judged if options.wrong else ():
            if each.said(optimizer) != each.trained(optimizer):
                accuracies = np.round(each.accuracies[optimizer], 2).tolist()
                probability = each.scores[optimizer][PROBABILITY]
                print(f"{probability:.2f} {accuracies} {each.network.name} {each.learned[optimizer]}")


def judge(network: Described, name: str, rates: Mapping[str, float] = RATES) -> Judged:
    """The verdicts on the network of seed 0, as it is before training, on the first images."""
    model = build(network, 0)
    measured = measure_torch(model, seen(network), rates)
    table_gain = GAINS.get(network.activation, 1.0)
    others = {
        "gradient factor": -abs(gradient_growth(measured)),
        "gain table": -abs(math.log(max(drawn_gain(measured), 1e-30) / table_gain)),
        "AnyInit": as_anyinit_draws(model),
    }
    rows = [row for row in trainings(name) if row["name"] == network.name]
    return Judged(
        network,
        {each: ({PROBABILITY: trains(measured, each)} if each in rates else {}) | others for each in RATES},
        dict(measured.learned),
        {each: [row["accuracy"] for row in rows if row["optimizer"] == each] for each in RATES},
    )


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


def table(judged: list[Judged], calibrated: list[Judged], optimizer: Optimizer) -> list[str]:
    """A line for each score, with bootstrap errors over networks. A probability has its threshold; the others get the
    one that is best on the networks for calibration."""
    truth = np.array([each.trained(optimizer) for each in judged])
    draws = np.random.default_rng(0).integers(len(truth), size=(RESAMPLES, len(truth)))
    draws = draws[(truth[draws].mean(axis=1) > 0) & (truth[draws].mean(axis=1) < 1)]
    rows = []
    for name in judged[0].scores[optimizer]:
        score = np.array([each.scores[optimizer][name] for each in judged])
        said = score >= (0.5 if name == PROBABILITY else best(calibrated, optimizer, name))
        area, balanced = roc_auc_score(truth, score), balanced_accuracy_score(truth, said)
        errors = [
            np.std([measure(truth[draw], values[draw]) for draw in draws])
            for measure, values in ((roc_auc_score, score), (balanced_accuracy_score, said))
        ]
        rows.append(f"| {optimizer} | {name} | {area:.3f} ± {errors[0]:.3f} | {balanced:.3f} ± {errors[1]:.3f} |")
    return rows


def best(calibrated: list[Judged], optimizer: Optimizer, name: str) -> float:
    """The threshold with the highest balanced accuracy."""
    truth = [each.trained(optimizer) for each in calibrated]
    scores = np.array([each.scores[optimizer][name] for each in calibrated])
    return max(set(scores.tolist()), key=lambda threshold: balanced_accuracy_score(truth, scores >= threshold))


def judge_early(network: Described) -> dict[str, Learned]:
    """What is learned by the network of seed 0 if it were so large that there were time for the fewest steps only."""
    model, batch = training_copy(build(network, 0)), as_batch(seen(network))
    return learned(model, batch, CLASSES, RATES, FEWEST_SHOWN, FEWEST_STEPS)


def fit(found: list[Learned], truth: list[bool]) -> str:
    """The coefficients of a logistic map, and how well it does in cross validation."""
    values = np.array([(each.shown, each.kept) for each in found])
    model = LogisticRegression(class_weight="balanced", penalty=None)
    folds = StratifiedKFold(6, shuffle=True, random_state=0)
    held = cross_val_predict(model, values, truth, cv=folds, method="predict_proba")[:, 1]
    area, balanced = roc_auc_score(truth, held), balanced_accuracy_score(truth, held >= 0.5)
    model.fit(values, truth)
    shown = ", ".join(f"{value:.4g}" for value in (*model.coef_[0], *model.intercept_))
    return f"({shown}); cross validated: area {area:.3f}, balanced accuracy {balanced:.3f}"


if __name__ == "__main__":
    main()
