"""Diagnosis: what is said of models, of arrays out of hooks and of described networks, and what is refused."""

import json

import diagnose_flax
import diagnose_torch
import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import netphysics
from netphysics.fields.diagnosis import preactivation_statistics, recommend
from netphysics.nets import Net, activation

rng = np.random.default_rng(7)


def relu_layers(gain, networks=8, depth=6, width=128):
    """Preactivations of relu networks, written in numpy."""
    x = rng.standard_normal((1, 5, width))
    layers, s = [], np.broadcast_to(x, (networks, 5, width))
    for _ in range(depth):
        z = s @ (gain * rng.standard_normal((networks, width, width)) / np.sqrt(width))
        layers.append(z)
        s = np.maximum(z, 0)
    return layers


def test_networks_whose_signals_die_have_no_angle():
    found = netphysics.diagnose(Net((4, 4, 4, 2), "relu"))
    norm, cosine = (next(row for row in found.comparisons if name in row.name) for name in ("mean square", "cosine"))
    assert 0 <= cosine.measured.value <= 1 and cosine.measured.draws < norm.measured.draws


def test_arrays_out_of_hooks():
    found = netphysics.diagnose(relu_layers(np.sqrt(2)), networks=True)
    assert found.verdict.startswith("Signals pass")
    assert "Gradients were not seen" in found.cause and found.verdicts["adam"].ok is None
    vanishing = netphysics.diagnose(relu_layers(0.5), networks=True)
    assert not vanishing.healthy and vanishing.verdict.startswith("Signals vanish")
    assert "2 / λ_max" not in " ".join(vanishing.advice)
    assert "takes a model with its parameters" in " ".join(vanishing.limits)
    json.dumps(vanishing.to_json(), allow_nan=False)


def test_the_torch_example(capsys):
    diagnose_torch.main()
    assert capsys.readouterr().out


def test_arrays_of_networks_or_of_samples_are_told_apart_by_the_user():
    layers = relu_layers(1.0, networks=4)
    assert netphysics.diagnose(layers, networks=True).comparisons
    tokens = netphysics.diagnose(layers, networks=False)
    assert "1 network" in tokens.network and tokens.inputs == "4 sample(s)"


def test_statistics_of_known_layers():
    z = np.zeros((2, 2, 4))
    z[:, 0, :2], z[:, 1, :] = 1.0, 2.0
    found = preactivation_statistics([z, 3 * z])
    assert found.norms.value == pytest.approx([2.25, 9 * 2.25])
    assert found.growth == pytest.approx(9)
    assert found.cosine.value == pytest.approx([1 / np.sqrt(2)] * 2)
    assert np.isinf(found.norms.error).all() and found.norm is None


def test_an_ensemble_of_flax_like_models_meets_theory(capsys):
    found = diagnose_flax.main()
    assert "learning rate" in capsys.readouterr().out
    assert all(abs(row.z) < 5 for row in found.comparisons if row.z is not None)
    assert found.learning_rate.networks == 16


class Layers(eqx.Module):
    linear: list

    def __call__(self, x):
        found = []
        for layer in self.linear:
            found.append(layer(x))
            x = jnp.tanh(found[-1])
        return found


def test_one_equinox_module(key):
    keys = jax.random.split(key, 3)
    model = Layers([eqx.nn.Linear(4, 4, key=each) for each in keys])
    found = netphysics.diagnose(model, np.eye(4)[:2])
    assert found.learning_rate.networks == 1
    assert found.learning_rate.ceiling.value == pytest.approx(2 / found.learning_rate.eigenvalue.mean.value)
    json.dumps(found.to_json(), allow_nan=False)


def test_recommendations_achieve_what_they_say():
    orthogonal, gaussian = recommend(Net((64, *(128,) * 20, 10), "tanh"), 0.1)
    assert (orthogonal.initialization, gaussian.initialization) == ("orthogonal", "gaussian")
    assert orthogonal.achieves and not gaussian.achieves
    assert gaussian.weight_variance == pytest.approx(1)
    wide = recommend(Net((64, *(gaussian.narrowest,) * 20, 10), "tanh"), 0.1)[1]
    assert wide.achieves and wide.spread == pytest.approx(0.1, rel=1e-2)
    assert recommend(Net((64, *(128,) * gaussian.deepest, 10), "tanh"), 0.1)[1].achieves
    assert recommend(Net((64, *(128,) * 20, 10), "gelu"), 0.1)[0].input_mean_square == pytest.approx(1.7088, rel=1e-3)


STEP = activation(lambda z: jnp.where(z > 0, jnp.float32(1), jnp.float32(-1)))
BAD = [
    (lambda: netphysics.diagnose(jnp.tanh, np.ones((2, 3))), "nothing in it learns"),
    (lambda: netphysics.diagnose(relu_layers(1.0)), "networks=True says that the first axis counts networks"),
    (lambda: netphysics.diagnose([np.ones((2, 3))]), "at least two layers"),
    (lambda: netphysics.diagnose([np.ones((2, 3)), np.ones((3, 3))]), "layer 2 has shape"),
    (lambda: netphysics.diagnose([np.ones((2, 3)), np.full((2, 3), np.nan)]), "layer 2 holds NaN"),
    (lambda: netphysics.diagnose([np.ones((2, 3)), np.zeros((2, 3))]), "layer 2 is zero"),
    (lambda: netphysics.diagnose(np.ones((2, 3))), "must be a list"),
    (lambda: netphysics.diagnose(lambda x: [x, x]), "inputs are missing"),
    (lambda: netphysics.diagnose(lambda x: [x, x], np.zeros((2, 3))), "nothing in it learns"),
    (lambda: netphysics.diagnose(Net((3, 4, 2), "tanh"), np.zeros((2, 3))), "input 0 is zero"),
    (lambda: netphysics.diagnose(Net((3, 4, 2), "tanh"), np.ones((2, 4))), r"takes \(samples, 3\)"),
    (lambda: netphysics.diagnose(Net((3, 2), "tanh")), "single layer"),
    (lambda: netphysics.diagnose(Net((3, 4, 2), "tanh", weight_variance=1e300)), "weight_variance is 1e"),
    (lambda: netphysics.diagnose(Net((3, 4, 2), "tanh", "rademacher")), "gaussian and orthogonal"),
    (lambda: netphysics.diagnose(Net((3, 4, 2), STEP)), "continuous"),
    (lambda: netphysics.diagnose(Net((3, 4, 2), lambda z: jnp.log(z))), "finite"),
    (lambda: recommend(Net((3, 4, 2), "sigmoid"), 0.1), "C_W = 16 would need C_b = -4"),
    (lambda: recommend(Net((3, 4, 2), "tanh"), 0.0), "must be positive"),
]


@pytest.mark.parametrize(("call", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_what_cannot_be_diagnosed_is_refused(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
