"""Verdicts made before training against what training did: the table of docs/diagnose.md.

    python benchmarks/trainability/verdicts.py SET [--wrong]   the table of a set, and the verdicts that are wrong
    python benchmarks/trainability/verdicts.py --fit SET ...   coefficients of fields/diagnosis/trainability.py, and the
                                                               thresholds here

Sets are those that train.py trained and measure.py measured; README.md has the protocol.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from measure import measured_before
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold

from netphysics.fields.diagnosis.measuring.probe import Learned
from netphysics.fields.diagnosis.trainability import FITTED_STEPS, RATES, Optimizer, probability
from train import ENOUGH, described_set, trainings

RESAMPLES, FOLDS, SPLITS = 500, 6, 5
# In units of scikit-learn: few networks are misjudged, and without a penalty slopes would grow on those that are not.
WEAK_PENALTY = 10
PROBABILITY = "this verdict"
# From where on a network is said to train: one half of a probability, and of the scores beside it what --fit found.
THRESHOLDS: dict[Optimizer, dict[str, float]] = {
    "sgd": {PROBABILITY: 0.5, "gradient factor": -1.81, "gain table": -0.5462, "AnyInit": -5.195},
    "adam": {PROBABILITY: 0.5, "gradient factor": -4.072, "gain table": -0.5462, "AnyInit": -9.676},
}


@dataclass(frozen=True)
class Judged:
    """A network with what was measured of it before it was trained, and what became of it.

    Attributes:
        name: of its description.
        batch: how many images it was measured on.
        steps: as many virtual steps as the verdict takes.
        learned: what they teach, and what fewer do, by their number and the optimizer.
        others: scores beside the verdict.
        accuracies: after training, by optimizer and seed.
    """

    name: str
    batch: int
    steps: int
    learned: dict[int, dict[Optimizer, Learned]]
    others: dict[str, float]
    accuracies: dict[Optimizer, list[float]]

    def scores(self, optimizer: Optimizer) -> dict[str, float]:
        """The probability that it trains, and the scores beside that."""
        return {PROBABILITY: probability(self.learned[self.steps][optimizer], self.steps, optimizer)} | self.others

    def trained(self, optimizer: Optimizer) -> bool:
        """Whether most seeds do."""
        return sum(each > ENOUGH for each in self.accuracies[optimizer]) > len(self.accuracies[optimizer]) / 2

    def right(self, optimizer: Optimizer) -> bool:
        """Whether the verdict is."""
        return (self.scores(optimizer)[PROBABILITY] >= 0.5) is self.trained(optimizer)

    def agrees(self, optimizer: Optimizer) -> bool:
        """Whether all seeds have the same fate."""
        return len({each > ENOUGH for each in self.accuracies[optimizer]}) == 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    judged = [each for name in options.sets for each in judged_set(name)]
    if options.fit:
        for optimizer in RATES:
            fit(judged, optimizer)
        return
    print("| optimizer | verdict | area | balanced accuracy |\n|---|---|---|---|")
    for optimizer in RATES:
        table(judged, optimizer)
    for optimizer in RATES:
        summary(judged, optimizer, options.wrong)


def judged_set(name: str) -> list[Judged]:
    """The networks of a set; raises KeyError for those that were not measured."""
    measured, trained = measured_before(name), trainings(name)
    found = []
    for each in described_set(name):
        row = measured[each.name]
        learned = {
            int(steps): {optimizer: Learned(*values) for optimizer, values in by.items()}
            for steps, by in row["learned"].items()
        }
        accuracies = {
            optimizer: [t["accuracy"] for t in trained if (t["name"], t["optimizer"]) == (each.name, optimizer)]
            for optimizer in RATES
        }
        others = {score: row[score] for score in THRESHOLDS["sgd"] if score != PROBABILITY}
        found.append(Judged(each.name, row["batch"], row["steps"], learned, others, accuracies))
    return found


def table(judged: list[Judged], optimizer: Optimizer) -> None:
    """A line for each score, with bootstrap errors over networks."""
    truth = np.array([each.trained(optimizer) for each in judged])
    draws = np.random.default_rng(0).integers(len(truth), size=(RESAMPLES, len(truth)))
    draws = draws[(truth[draws].mean(axis=1) > 0) & (truth[draws].mean(axis=1) < 1)]
    for name, threshold in THRESHOLDS[optimizer].items():
        score = np.array([each.scores(optimizer)[name] for each in judged])
        cells = []
        for measure, values in ((roc_auc_score, score), (balanced_accuracy_score, score >= threshold)):
            error = np.std([measure(truth[draw], values[draw]) for draw in draws])
            cells.append(f"{measure(truth, values):.3f} ± {error:.3f}")
        print(f"| {optimizer} | {name} | {' | '.join(cells)} |")


def summary(judged: list[Judged], optimizer: Optimizer, wrong: bool) -> None:
    """How many train, how many verdicts are right by the size of the batch, and which are wrong."""
    count = sum(each.trained(optimizer) for each in judged)
    disagree = 1 - np.mean([each.agrees(optimizer) for each in judged])
    print(f"{optimizer}: {count} of {len(judged)} train, seeds disagree on {disagree:.1%}")
    for size in sorted({each.batch for each in judged}):
        right = [each.right(optimizer) for each in judged if each.batch == size]
        print(f"batches of {size}: {sum(right)} of {len(right)} right")
    for each in judged if wrong else ():
        if not each.right(optimizer):
            found, accuracies = each.scores(optimizer)[PROBABILITY], np.round(each.accuracies[optimizer], 2).tolist()
            print(f"{found:.2f} {accuracies} {each.name} {each.learned[each.steps][optimizer]}")


def fit(judged: list[Judged], optimizer: Optimizer) -> None:
    """Coefficients of the logistic maps, how well they do in cross validation, and thresholds of the other scores."""
    truth = np.array([each.trained(optimizer) for each in judged])
    model = LogisticRegression(class_weight="balanced", C=WEAK_PENALTY)
    for steps in FITTED_STEPS:
        found = [each.learned[steps][optimizer] for each in judged]
        values = np.array([(each.skill, each.alignment) for each in found])
        areas, balanced = [], []
        for seed in range(SPLITS):
            held = np.zeros(len(truth))
            for rest, part in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(values, truth):
                held[part] = model.fit(values[rest], truth[rest]).predict_proba(values[part])[:, 1]
            areas.append(roc_auc_score(truth, held))
            balanced.append(balanced_accuracy_score(truth, held >= 0.5))
        model.fit(values, truth)
        numbers = ", ".join(f"{value:.4g}" for value in (*model.coef_[0], *model.intercept_))
        print(
            f"{optimizer}, {steps} steps: ({numbers}); cross validated: area {np.mean(areas):.3f}, balanced accuracy "
            f"{np.mean(balanced):.3f}"
        )
    for name in judged[0].others:
        print(f"{optimizer}, {name}: from {best([each.others[name] for each in judged], truth):.4g}")


def best(scores: list[float], truth: np.ndarray) -> float:
    """The threshold with the highest balanced accuracy."""
    return max(set(scores), key=lambda threshold: balanced_accuracy_score(truth, np.array(scores) >= threshold))


if __name__ == "__main__":
    main()
