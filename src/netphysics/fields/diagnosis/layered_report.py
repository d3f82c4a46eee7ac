"""Diagnosis of a network that is described layer by layer, of whatever kinds."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, PRNGKeyArray

from ...nets.layered_network import draw_layers, layer_outputs
from ...nets.layers import BatchNorm, LayeredNet, every_layer
from ...stats import Estimate
from ..mean_field import layer_ensemble, layer_flow
from .diagnosis import Comparison, Diagnosis
from .measuring.jax_model import measure_jax
from .reports import judged
from .trainability import RATES


def diagnose_layered(
    net: LayeredNet, inputs: Float[np.ndarray, "k *positions d_in"], *, key: PRNGKeyArray
) -> Diagnosis:
    """Mean-field theory of a network of any layers beside an ensemble of it, and the verdicts on one network.

    Args:
        inputs: (k, d_in), or (k, positions, d_in).

    Raises:
        ValueError: for inputs of another shape, and as `layer_flow` does.
    """
    batch = np.asarray(inputs, np.float64)
    batch = batch[:, None] if batch.ndim == 2 else batch
    if batch.ndim != 3 or len(batch) < 2:
        raise ValueError(
            f"inputs have the shape {inputs.shape}; (k, d_in) or (k, positions, d_in) with k >= 2 is needed"
        )
    flow, ensemble = layer_flow(net, batch), layer_ensemble(net, batch, key=key)
    rows = [
        Comparison(f"{words}, {where}", infinite(getattr(flow, name)[i], net), getattr(ensemble, name)[i])
        for name, words, where, i in (
            ("norm", "mean square of a unit", "outputs", -1),
            ("gradient", "squared gradient", "first layer", 0),
            ("cosine", "cosine of two inputs", "outputs", -1),
        )
    ]
    layers = {name: getattr(ensemble, name) for name in ("norm", "gradient", "cosine")}
    layers |= {f"predicted {name}": Estimate.exact(getattr(flow, name)) for name in ("norm", "gradient", "cosine")}
    drawn = draw_layers(net, batch.shape[-1], key=key)
    model = jax.tree_util.Partial(lambda drawn, x: layer_outputs(net, drawn, x[None])[-1][0], drawn)
    mixed = any(isinstance(layer, BatchNorm) for layer in every_layer(net.layers))
    words = "Theory is for infinite width; at width n its error is of the order of depth / n."
    found = Diagnosis(
        network=f"{net.depth} layers of width {net.width}",
        inputs=f"{len(batch)} of {batch[0].size} components",
        healthy=False,
        verdict="",
        depth=net.depth,
        width=float(net.width),
        comparisons=tuple(rows),
        layers=layers,
        limits=(words,),
    )
    if mixed:
        cause = "Batch statistics mix the inputs: signals and gradients are shown, no optimizer is judged."
        return dataclasses.replace(found, cause=cause, verdict=cause)
    return judged(found, measure_jax(model, jnp.asarray(batch, jnp.float32), RATES), batch, None)


def infinite(value: float, net: LayeredNet) -> Estimate:
    """A prediction at infinite width; what it leaves out is of the order of depth / n."""
    return Estimate(np.float64(value), abs(value) * net.depth / net.width, 0)
