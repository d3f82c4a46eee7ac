"""The verdict in parts: does it train with plain SGD, with Adam, are inputs, weights and structure right?"""

from __future__ import annotations

import numpy as np

from .checks.inputs import check_inputs, is_tokens
from .checks.structure import check_structure
from .checks.weights import check_weights
from .diagnosis import Verdict
from .measuring.measurement import LayerSignal, Measurement
from .trainability import RATES, Optimizer, gradient_growth, trains

NAMES = {"sgd": "plain SGD", "adam": "Adam"}
UNSEEN = Verdict(None, "One network was seen: how seeds differ takes a description, or a constructor with make=True.")
# A layer in which more than this share of all decades is lost or won is named.
ONE_LAYER = 0.5


def judge(measured: Measurement, batch: np.ndarray) -> dict[str, Verdict]:
    """All verdicts but the one on seeds; `batch` are the inputs as they were given."""
    return {
        "sgd": training(measured, "sgd"),
        "adam": training(measured, "adam"),
        "seeds": UNSEEN,
        "inputs": check_inputs(batch, is_tokens(measured)),
        "weights": check_weights(measured),
        "structure": check_structure(measured),
    }


def training(measured: Measurement, optimizer: Optimizer, rate: float | None = None) -> Verdict:
    """Whether an optimizer trains the network; the rate of its virtual steps is the usual one by default."""
    rate = RATES[optimizer] if rate is None else rate
    if not all(np.isfinite(layer.outputs).all() for layer in measured.layers):
        return Verdict(False, "Signals are not finite.", 0.0, first_infinite(measured.layers))
    probability, found = trains(measured, optimizer), measured.learned[optimizer]
    words = f"{NAMES[optimizer]} at {rate:.3g}"
    return Verdict(
        probability >= 0.5,
        f"{words} trains it with probability {probability:.2f}: of labels that can be read off the inputs "
        f"{found.skill:.0%} are learned within {measured.steps} virtual steps; squared gradients change by "
        f"{10 ** gradient_growth(measured):.1e} from the last layer to the first.",
        probability,
        one_layer(measured.layers),
    )


def first_infinite(layers: tuple[LayerSignal, ...]) -> str:
    """The name of the first layer whose signals are not finite."""
    return next(layer.name for layer in layers if not np.isfinite(layer.outputs).all())


def one_layer(layers: tuple[LayerSignal, ...]) -> str | None:
    """The layer behind which gradients change most, if most of the change is there, and by a factor of 100 or more."""
    seen = [(layer.name, size) for layer in layers if (size := layer.gradient_mean_square) is not None and size > 0]
    if len(seen) < 3 or not np.isfinite([size for _, size in seen]).all():
        return None
    steps = np.diff(np.log10([size for _, size in seen]))
    worst = int(np.argmax(np.abs(steps)))
    alone = abs(steps[worst]) > max(2.0, ONE_LAYER * np.abs(steps).sum())
    return seen[worst][0] if alone else None


def healthy(verdicts: dict[str, Verdict]) -> bool:
    """It trains with Adam, and nothing is wrong with inputs, weights and structure."""
    return all(verdicts[name].ok is True for name in ("adam", "inputs", "weights")) and (
        verdicts["structure"].ok is not False
    )
