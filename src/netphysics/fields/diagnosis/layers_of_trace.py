"""The layers of any JAX function: where a signal meets parameters in a product or a convolution.

A function that was traced is run again, equation by equation. What is made of parameters alone is followed by name; the
product of such an array with a signal is a layer, and what is added to it of the same kind is its bias.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from jax.extend.core import Literal
from jaxtyping import Array

PRODUCTS = ("dot_general", "conv_general_dilated")
# Calls whose bodies are followed, and where each keeps its body.
CALLS = {"jit": "jaxpr", "closed_call": "call_jaxpr", "custom_jvp_call": "call_jaxpr", "custom_vjp_call": "call_jaxpr"}
# What may stand between a product and its bias.
SHAPES = ("reshape", "squeeze", "transpose", "broadcast_in_dim", "convert_element_type")


@dataclass
class Layers:
    """What a run meets: names of layers and their outputs. A shift, which is zero, is added to each, so that the
    gradient by it is the gradient by the outputs."""

    shifts: Sequence[Array] | None
    names: list[str] = field(default_factory=list)
    outputs: list[Array] = field(default_factory=list)

    def meet(self, name: str, value: Array) -> Array:
        if self.shifts is not None:
            value = value + self.shifts[len(self.names)].reshape(value.shape)
        self.names.append(name)
        self.outputs.append(value)
        return value


@dataclass
class Known:
    """What is known of the variables of a trace: which are made of parameters alone, by the name of the first, and
    which are the outputs of a layer, by its number."""

    made: dict[Any, str] = field(default_factory=dict)
    layers: dict[Any, int] = field(default_factory=dict)


def run(
    trace: Any, arguments: list[Any], names: list[str], shifts: Sequence[Array] | None = None
) -> tuple[list[Any], Layers]:
    """The results of a closed trace, and the layers on the way; the first arguments are parameters of these names."""
    layers = Layers(shifts)
    known = Known(dict(zip(trace.jaxpr.invars, names, strict=False)))
    return evaluate(trace, arguments, known, layers), layers


def evaluate(trace: Any, arguments: list[Any], known: Known, layers: Layers) -> list[Any]:
    """Evaluate a closed trace; what becomes known of its variables is added to `known`."""
    values = dict(zip([*trace.jaxpr.constvars, *trace.jaxpr.invars], [*trace.consts, *arguments], strict=True))

    def read(variable: Any) -> Any:
        return variable.val if isinstance(variable, Literal) else values[variable]

    for equation in trace.jaxpr.eqns:
        variables = [v for v in equation.invars if not isinstance(v, Literal)]
        found = step(equation, [read(v) for v in equation.invars], known, layers)
        parts = [known.made[v] for v in variables if v in known.made]
        if variables and len(parts) == len(variables):
            known.made.update(dict.fromkeys(equation.outvars, parts[0]))
        elif equation.primitive.name in PRODUCTS and parts:
            found = [layers.meet(parts[0], found[0])]
            known.layers[equation.outvars[0]] = len(layers.names) - 1
        follow_bias(equation, variables, found, known, layers)
        values.update(zip(equation.outvars, found, strict=True))
    return [read(variable) for variable in trace.jaxpr.outvars]


def follow_bias(equation: Any, variables: list[Any], found: list[Any], known: Known, layers: Layers) -> None:
    """A layer's outputs stay so when they are reshaped, and become what they are when the bias is added."""
    signals = [v for v in variables if v not in known.made]
    if len(signals) != 1 or (number := known.layers.get(signals[0])) is None:
        return
    name, biased = equation.primitive.name, len(variables) == 2
    if name in SHAPES or (name == "add" and biased):
        known.layers[equation.outvars[0]] = number
        layers.outputs[number] = found[0].reshape(layers.outputs[number].shape)


def step(equation: Any, arguments: list[Any], known: Known, layers: Layers) -> list[Any]:
    """The results of one equation; a call that holds layers is followed into its body."""
    body = equation.params.get(CALLS.get(equation.primitive.name))
    if body is not None and holds_layers(body.jaxpr):
        pairs = zip(body.jaxpr.invars, equation.invars, strict=True)
        inner = {v: known.made[w] for v, w in pairs if not isinstance(w, Literal) and w in known.made}
        return evaluate(body, arguments, Known(inner), layers)
    found = equation.primitive.bind(*arguments, **equation.primitive.get_bind_params(equation.params))
    return list(found) if equation.primitive.multiple_results else [found]


def holds_layers(trace: Any) -> bool:
    """Whether there is a product or a convolution in a trace, or in what it calls."""
    bodies = [e.params.get(CALLS.get(e.primitive.name)) for e in trace.eqns]
    return any(e.primitive.name in PRODUCTS for e in trace.eqns) or any(
        holds_layers(body.jaxpr) for body in bodies if body is not None
    )
