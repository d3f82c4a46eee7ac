"""The most likely cause of trouble as a sentence: for a reader who knows no theory."""

from __future__ import annotations

from collections.abc import Mapping

from ..checks.structure import bounded_outputs
from ..checks.troubles import diagnose_trouble
from ..checks.weights import find_faults
from ..diagnosis import Verdict
from ..measuring.measurement import Measurement
from ..trainability import RATES
from .mending import mend_inputs, mend_training, mend_weights, optimizer_line, paste, train_with
from .structure import mend_structure
from .training import change_all

# Networks of a higher probability are taken to train for sure.
SURE = 0.9


def explain(measured: Measurement, verdicts: Mapping[str, Verdict]) -> tuple[str, tuple[str, ...]]:
    """The cause, and the advice that goes with it, the change that mends it first."""
    if (fault := explain_fault(measured, verdicts)) is not None:
        return fault
    cause, advice = explain_training(measured, verdicts)
    if (function := bounded_outputs(measured)) is None:
        return cause, advice
    fitting, others = losses(measured, function)
    bounded = f"For {others.replace(' and ', ' or ')}, return what comes before the {function}."
    advice = (bounded, *advice) if verdicts["sgd"].ok and verdicts["adam"].ok else (*advice, bounded)
    return f"{cause} The outputs pass a {function}, which fits {fitting}, but not {others}.", advice


def explain_fault(measured: Measurement, verdicts: Mapping[str, Verdict]) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with weights, inputs or layers, and its advice; None where nothing is."""
    # Units that are dead or saturated by inputs of the wrong size are no fault of the weights.
    by_inputs = verdicts["inputs"].ok is False and all(fault.kind != "drawn" for fault in find_faults(measured))
    if verdicts["weights"].ok is False and not by_inputs:
        mended: tuple[str, ...] = (mend_weights(measured),)
        # Where layers are not drawn wrong by mistake, they are seldom all that is in the way.
        if not surely(verdicts["adam"]) and find_faults(measured)[0].kind == "saturated":
            mended = change_all(measured, diagnose_trouble(measured)[0], weights=mended[0])
        return f"Something is wrong with the weights. {verdicts['weights'].reason}", mended
    if verdicts["inputs"].ok is False:
        mended = (mend_inputs(measured),)
        # Where inputs of the wrong size are not all that is in the way, the rest is told, too.
        if not surely(verdicts["adam"]) and mended[0].startswith("Standardize"):
            mended = change_all(measured, diagnose_trouble(measured)[0], inputs=mended[0])
        return f"Something is wrong with the inputs. {verdicts['inputs'].reason}", mended
    if verdicts["structure"].ok is False:
        return f"Something is wrong with the layers. {verdicts['structure'].reason}", (mend_structure(measured),)
    return None


def explain_training(measured: Measurement, verdicts: Mapping[str, Verdict]) -> tuple[str, tuple[str, ...]]:
    """Which optimizer trains a network without a fault, what hinders the other, and what to change."""
    sgd, adam = verdicts["sgd"], verdicts["adam"]
    if sgd.ok and surely(adam):
        line = optimizer_line(measured, "adam", RATES["adam"])
        spare = () if surely(sgd) else (f"Should plain SGD not train it, take Adam: {line}",)
        return "Nothing was found that will hinder training: plain SGD and Adam should both train it.", spare
    trouble, words = diagnose_trouble(measured)
    if sgd.ok and adam.ok:
        first = change_all(measured, trouble)[0]
        spare = (f"Should it not train, {first[0].lower()}{first[1:]}",)
        return "Plain SGD and Adam should both train it, if not for sure.", spare
    if adam.ok:
        start = f"Adam should train it; plain SGD at {RATES['sgd']:g} will probably not"
    elif sgd.ok:
        start = f"Plain SGD should train it; Adam at {RATES['adam']:g} will probably not"
    else:
        start = "This network will probably not train"
    # A factor of the outputs is a mistake, whatever copes with it.
    if not (surely(sgd) or surely(adam)) or trouble == "scaled":
        return f"{start}: {words}.", change_all(measured, trouble)
    return f"{start}: {words}.", (train_with(measured, "adam" if adam.ok else "sgd"), *mend_training(measured, trouble))


def surely(verdict: Verdict) -> bool:
    """Whether an optimizer trains it without more ado."""
    return (verdict.probability or 0.0) > SURE


def losses(measured: Measurement, function: str) -> tuple[str, str]:
    """The losses that fit outputs behind a sigmoid or a tanh, and those that do not."""
    logits = paste(measured, "CrossEntropyLoss and BCEWithLogitsLoss", "optax's cross entropies of logits")
    if function == "tanh":
        return "squared errors of targets between -1 and 1", logits
    return paste(measured, "BCELoss", "cross entropy of probabilities") + " and squared errors", logits
