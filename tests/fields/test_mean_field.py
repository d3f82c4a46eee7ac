"""Mean-field theory of layers of all kinds, against exact laws and ensembles of explicit networks."""

import math

import jax
import numpy as np
import pytest

import netphysics
from netphysics.fields.learning.infinite_width import infinite_width
from netphysics.fields.mean_field import layer_ensemble, layer_flow
from netphysics.nets import Net
from netphysics.nets.layers import (
    Activate,
    Attention,
    BatchNorm,
    Convolution,
    Dense,
    Dropout,
    LayeredNet,
    LayerNorm,
    MeanPool,
    Residual,
    RMSNorm,
)


def batch(k, positions=1, d_in=16):
    x = np.random.default_rng(0).standard_normal((k, positions, d_in))
    x[1] = 0.6 * x[0] + 0.8 * x[1]
    return x


MLP = (Dense(1.5, 0.1), Activate("tanh"), Dense(1.5, 0.1), Activate("tanh"), Dense(1.5, 0.1))
RESIDUAL = (Dense(), *(Residual((LayerNorm(), Dense(), Activate("gelu"), Dense(2.0)), 0.7),) * 2, RMSNorm(), Dense())
BATCH = (Dense(), BatchNorm("relu"), Dense(), BatchNorm("tanh"), Dense(1.0, 0.2), BatchNorm("linear"), Dense())
RING = (Convolution(3), Activate("relu"), Dropout(0.3), Convolution(5, 2.0, 0.1), Activate("relu"), MeanPool(), Dense())
TOKENS = (
    Dense(),
    Residual((RMSNorm(), Attention())),
    Residual((RMSNorm(), Dense(), Activate("relu"), Dense(2.0))),
    Residual((RMSNorm(), Attention(0.5))),
    MeanPool(),
    Dense(),
)


@pytest.mark.parametrize(
    ("layers", "inputs"),
    [
        (RESIDUAL, batch(3)),
        (BATCH, batch(6)),
        (RING, batch(3, 6, 8)),
        pytest.param(TOKENS, batch(3, 5), marks=pytest.mark.slow),
        pytest.param(MLP, batch(4), marks=pytest.mark.slow),
    ],
    ids=["residual", "batch", "ring", "tokens", "mlp"],
)
def test_theory_is_the_limit_of_explicit_networks(layers, inputs, key):
    flow = layer_flow(LayeredNet(layers, 1), inputs)
    narrow, wide = (layer_ensemble(LayeredNet(layers, n), inputs, 96, key=key) for n in (48, 96))
    for name in ("norm", "gradient", "cosine"):
        # What is of the order 1/n is taken away; theory has an error of its own where it is a sum over points.
        one, two, theory = getattr(narrow, name), getattr(wide, name), getattr(flow, name)
        error = np.sqrt(one.error**2 + 4 * two.error**2) + 2e-3 * np.abs(theory) + 1e-6
        assert np.abs(2 * two.value - one.value - theory).max() == pytest.approx(0, abs=5 * error.max())
        assert (np.abs(2 * two.value - one.value - theory) < 5 * error).all()


def test_a_fully_connected_net_has_its_exact_kernel():
    inputs = batch(4)
    flow = layer_flow(LayeredNet(MLP, 1), inputs)
    exact = infinite_width(Net((16, 8, 8, 1), "tanh", weight_variance=1.5, bias_variance=0.1), inputs[:, 0])
    assert flow.laws[-1].kernel == pytest.approx(exact.kernel, rel=1e-9)


def test_gradients_explode_behind_batch_normalization():
    # With relu and large batches by π / (π - 1) a layer (arXiv:1902.08129).
    inputs = np.random.default_rng(1).standard_normal((40, 1, 256))
    flow = layer_flow(LayeredNet((Dense(), *(BatchNorm("relu"), Dense()) * 4), 1), inputs)
    steps = flow.gradient[2:-2:2] / flow.gradient[4::2]
    assert steps == pytest.approx(math.pi / (math.pi - 1), rel=0.08)


def test_branches_that_are_scaled_keep_gradients():
    depth = 40
    block = (Activate("relu"), Dense(2.0))
    plain, scaled = (
        layer_flow(LayeredNet((Dense(), *(Residual(block, scale),) * depth, Dense()), 1), batch(2)).gradient
        for scale in (1.0, depth**-0.5)
    )
    assert plain[0] / plain[-2] == pytest.approx(2.0**depth, rel=0.01)
    assert scaled[0] / scaled[-2] == pytest.approx(math.e, rel=0.05)


@pytest.mark.parametrize(
    ("layers", "inputs", "words"),
    [
        ((Dense(), Activate("relu"), LayerNorm(), Dense()), batch(3), "LayerNorm must follow"),
        ((Dense(), Activate("relu"), Activate("relu"), Dense()), batch(3), "Activate must follow"),
        ((Dense(), BatchNorm(), Dense()), batch(30, 3), "over 90 values"),
    ],
)
def test_what_theory_does_not_follow_is_refused(layers, inputs, words):
    with pytest.raises(ValueError, match=words):
        layer_flow(LayeredNet(layers, 1), inputs)


def test_descriptions_are_checked():
    with pytest.raises(ValueError, match="must begin with Dense"):
        LayeredNet((Activate("relu"),), 4)
    with pytest.raises(ValueError, match="branch must end"):
        Residual((Dense(), Activate("relu")))
    with pytest.raises(ValueError, match="window is 2"):
        Convolution(2)
    with pytest.raises(ValueError, match="rate is 1"):
        Dropout(1.0)


def test_diagnosis_of_layers_shows_theory_beside_the_ensemble():
    net = LayeredNet((Dense(), *(Residual((Activate("relu"), Dense(30.0))),) * 5, Dense()), 48)
    found = netphysics.diagnose(net, batch(4)[:, 0])
    assert "explode" in found.cause and all(abs(row.z) < 5 for row in found.comparisons)
    assert found.layers["predicted gradient"].value.shape == (7,)
    assert jax.numpy.isfinite(found.layers["gradient"].value).all()
