"""Descendants of the tangent kernel against derivatives that are written out; the study meets the recursion."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from netphysics.fields.depth import contractions, extrapolate
from netphysics.fields.depth.descendants import Layers, draw_layers
from netphysics.nets import LearningRates, Net
from netphysics.stats import Estimate

RATES = LearningRates(0.3, 0.7)


def dense_contractions(net: Net, layers: Layers, x, rates):
    """The six from the full Hessian and the full third derivative of a tiny network."""
    flat, unravel = ravel_pytree(layers)
    first, *_, last = net.widths[:-1]
    sizes = Layers(
        jax.tree.map(lambda w, n: np.full(w.shape, rates.weight / n), layers.matrices, (first, last, last)),
        jax.tree.map(lambda b: np.full(b.shape, rates.bias), layers.biases),
    )
    unit = jnp.sqrt(ravel_pytree(sizes)[0].astype(jnp.float32))

    def outputs(steps):
        (w1, w, w2), (b1, b, b2) = unravel(flat + unit * steps)
        z = w1 @ x + b1
        for matrix, bias in zip(w, b, strict=True):
            z = matrix @ jnp.tanh(z) + bias
        return w2 @ jnp.tanh(z) + b2

    here = jnp.zeros_like(flat)
    z, g = outputs(here), jax.jacobian(outputs)(here)
    h = jax.hessian(outputs)(here)
    third = jax.jacfwd(jax.hessian(outputs))(here)

    def part(a, b):
        return jnp.stack(
            [
                jnp.einsum("mn,m,n", h[a], g[b], g[b]) * z[a],
                jnp.einsum("mn,m,n", h[a], g[a], g[b]) * z[b],
                jnp.einsum("mnr,m,n,r", third[a], g[a], g[b], g[b]),
                jnp.einsum("mn,mr,n,r", h[a], h[a], g[b], g[b]),
                jnp.einsum("mn,mr,n,r", h[a], h[b], g[a], g[b]),
                jnp.einsum("mn,mr,n,r", h[a], h[b], g[b], g[a]),
            ]
        )

    return net.widths[-2] * (part(0, 1) + part(1, 0)) / 2


def test_contractions_are_those_of_the_full_derivatives(key):
    net = Net((3, 3, 3, 2), "tanh", "orthogonal", 1.5, 0.2)
    x = np.array([0.4, -1.0, 0.3])
    found = jax.jit(lambda key: contractions(net, x, RATES, key=key))(key)
    dense = jax.jit(lambda layers: dense_contractions(net, layers, jnp.asarray(x, jnp.float32), RATES))
    expected = dense(draw_layers(net, key=key))
    assert np.asarray(found) == pytest.approx(np.asarray(expected), rel=2e-4, abs=2e-5)


def test_extrapolation_to_infinite_width():
    widths = [16, 32, 64]
    line = extrapolate(widths, [Estimate(2.0 + 3.0 / n, 0.01, 100) for n in widths])
    assert line.intercept.value == pytest.approx(2.0)
    assert line.intercept.error > 0.01
    assert line.chi_squared == pytest.approx(0, abs=1e-12)


def test_nets_without_two_outputs_or_with_several_widths_are_refused(key):
    for widths in ((3, 4, 1), (3, 4, 5, 2), (3, 2)):
        with pytest.raises(ValueError, match="hidden layers of one width"):
            contractions(Net(widths, "tanh"), np.ones(3), RATES, key=key)
