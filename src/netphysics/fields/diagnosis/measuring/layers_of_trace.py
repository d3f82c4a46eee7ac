"""The layers of any JAX function: where a signal meets parameters in a product or a convolution.

A function that was traced is run again, equation by equation. What is made of parameters alone is followed by name; the
product of such an array with a signal is a layer, and what is added to it of the same kind is its bias.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jax.extend.core import Literal
from jaxtyping import Array

from .structure import Structure

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
    fan_in: dict[str, int] = field(default_factory=dict)
    structure: Structure = field(default_factory=Structure)

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
    structure = layers.structure
    for variable in trace.jaxpr.invars:
        name = known.made.get(variable)
        if name is None:
            structure.past[variable] = frozenset()
        elif len(variable.aval.shape) > 1:
            structure.made[variable] = name
    results = evaluate(trace, arguments, known, layers)
    structure.outputs = trace.jaxpr.outvars[0]
    return results, layers


def evaluate(trace: Any, arguments: list[Any], known: Known, layers: Layers) -> list[Any]:
    """Evaluate a closed trace; what becomes known of its variables is added to `known`."""
    values = dict(zip([*trace.jaxpr.constvars, *trace.jaxpr.invars], [*trace.consts, *arguments], strict=True))

    def read(variable: Any) -> Any:
        return variable.val if isinstance(variable, Literal) else values[variable]

    for equation in trace.jaxpr.eqns:
        variables = [v for v in equation.invars if not isinstance(v, Literal)]
        if not calls_layers(equation):
            tell(equation, variables, layers.structure)
        found = step(equation, [read(v) for v in equation.invars], known, layers)
        parts = [known.made[v] for v in variables if v in known.made]
        if variables and len(parts) == len(variables):
            known.made.update(dict.fromkeys(equation.outvars, parts[0]))
        elif equation.primitive.name in PRODUCTS and parts:
            layers.fan_in[parts[0]] = fan_in(equation)
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


def tell(equation: Any, variables: list[Any], structure: Structure) -> None:
    """Tell the structure what an equation does."""
    sizes = (variables[0].aval.size, equation.outvars[0].aval.size) if variables else (0, 0)
    taps = 1
    if equation.primitive.name == "conv_general_dilated":
        kernel = equation.invars[1].aval.shape
        taps = math.prod(kernel[i] for i in equation.params["dimension_numbers"].rhs_spec[2:])
    elif equation.primitive.name == "dot_general":
        signals = [v for v in variables if v in structure.past]
        sizes = (signals[0].aval.size if signals else 0, sizes[1])
    structure.apply(function_name(equation), variables, equation.outvars, taps, sizes)


def function_name(equation: Any) -> str:
    """What an equation would be called by who wrote it."""
    name = equation.primitive.name
    body = body_of(equation)
    if body is not None:
        inner = body.jaxpr.eqns
        return equation.params.get("name") or (function_name(inner[0]) if inner else name)
    if name == "max" and any(isinstance(v, Literal) and np.all(v.val == 0) for v in equation.invars):
        return "relu"
    return "cube" if name == "integer_pow" and equation.params["y"] == 3 else name


def fan_in(equation: Any) -> int:
    """How many numbers a product sums over."""
    left = equation.invars[0].aval.shape
    if equation.primitive.name == "dot_general":
        return math.prod(left[axis] for axis in equation.params["dimension_numbers"][0][0])
    kernel = equation.invars[1].aval.shape
    return math.prod(kernel) // kernel[equation.params["dimension_numbers"].rhs_spec[0]]


def step(equation: Any, arguments: list[Any], known: Known, layers: Layers) -> list[Any]:
    """The results of one equation; a call that holds layers is followed into its body."""
    if calls_layers(equation):
        body = body_of(equation)
        pairs = [(v, w) for v, w in zip(body.jaxpr.invars, equation.invars, strict=True) if not isinstance(w, Literal)]
        for inner, outer in pairs:
            layers.structure.same(outer, inner)
        found = evaluate(body, arguments, Known({v: known.made[w] for v, w in pairs if w in known.made}), layers)
        for inner, outer in zip(body.jaxpr.outvars, equation.outvars, strict=True):
            if not isinstance(inner, Literal):
                layers.structure.same(inner, outer)
        return found
    found = equation.primitive.bind(*arguments, **equation.primitive.get_bind_params(equation.params))
    return list(found) if equation.primitive.multiple_results else [found]


def body_of(equation: Any) -> Any:
    """What an equation calls; None if it calls nothing, or nothing that can be followed."""
    return equation.params.get(CALLS.get(equation.primitive.name))


def calls_layers(equation: Any) -> bool:
    """Whether there is a product or a convolution in what an equation calls."""
    body = body_of(equation)
    return body is not None and any(e.primitive.name in PRODUCTS or calls_layers(e) for e in body.jaxpr.eqns)
