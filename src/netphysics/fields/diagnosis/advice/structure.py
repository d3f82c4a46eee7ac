"""What mends layers that do not fit together: one sentence for each fault, with a line to paste."""

from __future__ import annotations

from ..checks.structure import find_structure_fault
from ..measuring.measurement import Measurement, called
from ..measuring.structure import Structure
from .mending import paste, together
from .redrawing import draw_smaller

# Of PyTorch, which take batches along the second axis if they are not told otherwise.
BATCH_SECOND = {"lstm", "gru", "rnn_tanh", "rnn_relu", "multi_head_attention_forward"}
# Attention of PyTorch divides by the root of the width itself.
DIVIDED = {"scaled_dot_product_attention", "multi_head_attention_forward"}


def mend_structure(measured: Measurement) -> str:
    """What to do about the first fault."""
    assert measured.structure is not None, "a structure with a fault was seen"
    fault = find_structure_fault(measured, measured.structure)
    assert fault is not None, "it has one"
    if fault.kind == "unlisted":
        return "Keep layers in a list that the model knows: self.layers = torch.nn.ModuleList(self.layers)"
    if fault.kind == "infinite":
        line = paste(measured, "torch.log(x + 1e-6)", "jnp.log(x + 1e-6)")
        return f"Keep roots, logarithms and what is divided by away from zero: {line}, x / (y + 1e-6)"
    if fault.kind == "step":
        line = paste(measured, "x + (step(x) - x).detach()", "x + jax.lax.stop_gradient(step(x) - x)")
        return f"Let gradients pass as if it were not there: x = {line}"
    if fault.kind == "detached":
        cuts = paste(measured, "detach(), .data, .item(), numpy() or no_grad()", "stop_gradient()")
        return f"Take away {cuts} between the layers."
    if fault.kind == "linear":
        return (
            f"Put an activation before {called(str(fault.layer))}: {paste(measured, 'torch.nn.ReLU()', 'jax.nn.relu')}"
        )
    if fault.kind == "erased":
        return let_pass(measured.structure)
    if fault.kind == "mixed":
        return keep_samples_apart(measured.structure)
    if fault.kind == "attention":
        return smaller_scores(measured, measured.structure)
    if fault.kind == "dropout":
        return f"Drop less: {paste(measured, 'torch.nn.Dropout(0.1)', 'equinox.nn.Dropout(0.1)')}"
    ending = measured.structure.ending
    if ending is not None and not ending.linear:
        return "Return what comes before it: outputs without an activation, as the loss expects them."
    return "Let the last layer be the last: move what follows it to before that layer."


def keep_samples_apart(structure: Structure) -> str:
    """The first axis is that of the samples."""
    if structure.functions & BATCH_SECOND:
        return "Say that the first axis is that of the samples: batch_first=True"
    return "Keep the samples along the first axis, without transposing it or viewing it as another: x = x.flatten(1)"


def let_pass(structure: Structure) -> str:
    """Not to erase what tells samples apart."""
    assert structure.erased is not None, "a function does"
    function, _ = structure.erased
    if "norm" in function:
        line = "torch.nn.GroupNorm(1, channels)" if function == "group_norm" else "torch.nn.LayerNorm(width)"
        return f"Normalize over more numbers than one, or not at all: {line}"
    if "softmax" in function:
        return "Return what comes before the softmax, which is over one number and always 1."
    return f"Take the {function} away, or keep what it is fed where it is not flat: torch.nn.LayerNorm(width) before it"


def smaller_scores(measured: Measurement, structure: Structure) -> str:
    """Of attention: scores that are divided by the root of the width, and smaller weights."""
    root = "Divide the products of queries and keys by the root of their width: scores = scores / width**0.5"
    drawn = draw_smaller(measured, "for scores to stay small")
    if structure.functions & DIVIDED:
        return next(iter(drawn), "Normalize what attention is fed: torch.nn.LayerNorm(width)")
    return together(root, *drawn)
