"""Diagnose a network of the kind that Flax makes: a function of a dictionary of parameters and an input.

    python examples/diagnose_flax.py

`apply` stands for your own: with Flax, let the module return the list of its layers, or `sow` them and collect the
intermediates. `jax.tree_util.Partial` binds the parameters so that the tangent kernel can be taken by them.
"""

from itertools import pairwise

import jax
import jax.numpy as jnp

import netphysics
from netphysics.fields.diagnosis import Diagnosis
from netphysics.nets import Net

WIDTHS = (16, 64, 64, 64, 4)


def initialize(key: jax.Array) -> dict:
    """Kernels of variance 1 / fan-in, no biases, named as Flax names them."""
    keys = jax.random.split(key, len(WIDTHS) - 1)
    return {
        f"Dense_{i}": {"kernel": jax.random.normal(keys[i], (n_in, n_out), jnp.float32) / jnp.sqrt(jnp.float32(n_in))}
        for i, (n_in, n_out) in enumerate(pairwise(WIDTHS))
    }


def apply(parameters: dict, x: jax.Array) -> list[jax.Array]:
    """The preactivations of all layers for one input, the outputs last."""
    layers = []
    for i in range(len(parameters)):
        x = x @ parameters[f"Dense_{i}"]["kernel"]
        layers.append(x)
        x = jnp.tanh(x)
    return layers


def make(key: jax.Array) -> jax.tree_util.Partial:
    """One network: the function with its parameters."""
    return jax.tree_util.Partial(apply, initialize(key))


def main() -> Diagnosis:
    inputs = jax.random.normal(jax.random.key(1), (8, WIDTHS[0]), jnp.float32)
    diagnosis = netphysics.diagnose(make, inputs, make=True, net=Net(WIDTHS, "tanh"))
    print(diagnosis.verdict, *diagnosis.advice, sep="\n")
    for row in diagnosis.comparisons:
        print(row.name, row.predicted, row.measured, row.z)
    return diagnosis


if __name__ == "__main__":
    main()
