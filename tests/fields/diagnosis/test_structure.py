"""Faults of how a network is put together, and what is not one: in JAX, and in PyTorch where it is installed."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import netphysics
from netphysics.fields.diagnosis.checks.structure import check_structure
from netphysics.fields.diagnosis.checks.weights import find_faults
from netphysics.fields.diagnosis.measuring.curvature import curvature
from netphysics.fields.diagnosis.measuring.described_net import drawn, forward, measure_net
from netphysics.fields.diagnosis.measuring.jax_model import measure_jax
from netphysics.fields.diagnosis.measuring.structure import Structure
from netphysics.fields.diagnosis.trainability import RATES
from netphysics.nets import Net

INPUTS = np.random.default_rng(5).standard_normal((6, 8)).astype(np.float32)


def chain(key, *functions):
    """Layers 8-12-12-4 with these functions after them."""
    keys = jax.random.split(key, 3)
    layers = [eqx.nn.Linear(*pair, key=k) for pair, k in zip([(8, 12), (12, 12), (12, 4)], keys, strict=True)]
    parts = [part for layer, f in zip(layers, functions, strict=True) for part in (layer, eqx.nn.Lambda(f))]
    return eqx.nn.Sequential(parts)


def nothing(x):
    return x


@pytest.mark.parametrize(
    ("functions", "ok", "words"),
    [
        ((jax.nn.relu, jax.nn.relu, nothing), True, "3 layers"),
        ((jnp.tanh, jax.nn.gelu, jax.nn.log_softmax), True, "3 layers"),
        ((jax.nn.relu, nothing, nothing), False, "no activation between"),
        ((nothing, nothing, nothing), False, "one linear map"),
        ((jax.nn.relu, jax.nn.relu, jax.nn.softmax), False, "pass a softmax"),
        ((jax.nn.relu, jax.nn.relu, lambda z: jax.nn.softmax(z[None])[0]), False, "pass a softmax"),
        ((jax.nn.relu, jax.nn.relu, lambda z: jnp.log(jax.nn.softmax(z))), True, "3 layers"),
        ((jax.nn.relu, jax.nn.relu, lambda z: 3 * jax.nn.softmax(z)), False, "pass a softmax"),
        ((jax.nn.relu, jax.nn.relu, jax.nn.relu), False, "pass a relu"),
    ],
)
def test_chains(functions, ok, words, key):
    measured = measure_jax(chain(key, *functions), jnp.asarray(INPUTS), {"sgd": 0.05, "adam": 1e-3})
    found = check_structure(measured)
    assert found.ok is ok and words in found.reason


def test_the_activation_is_known_and_dead_units_are_found(key):
    model = chain(key, jax.nn.relu, jax.nn.relu, nothing)
    dead = eqx.tree_at(lambda m: m.layers[2].bias, model, jnp.full(12, -30.0, jnp.float32))
    measured = measure_jax(dead, jnp.asarray(INPUTS), RATES)
    assert measured.activation.name == "relu"
    (fault, *_) = find_faults(measured)
    assert fault.kind == "dead" and fault.layer == "layers[2].weight"


def test_factors_of_a_layer_and_sums_are_no_fault():
    structure = Structure(made={"a": "first", "b": "second", "c": "third"}, past={"x": frozenset()})
    structure.apply("linear", ["x", "a"], ["y"], sizes=(30, 4))
    structure.apply("linear", ["y", "b"], ["z"], sizes=(4, 30))
    assert structure.direct == [("first", "second")]
    structure.apply("linear", ["z", "c"], ["w"], sizes=(30, 30))
    structure.apply("add", ["z", "w"], ["v"])
    assert structure.skips == 1 and "second" in structure.joined and structure.ending is None


def test_curvature_is_that_of_the_jacobian(key):
    net = Net((8, 10, 10, 3), "tanh", weight_variance=2.0, bias_variance=0.1)
    measured = measure_net(net, INPUTS.astype(np.float64), RATES, key=key)
    found = measured.curvature
    outputs = measured.layers[-1].outputs
    weights = drawn(net, key=key)
    flat = np.concatenate([np.concatenate([w.ravel(), b]) for w, b in weights])

    def run(numbers):
        place, pairs = 0, []
        for w, b in weights:
            pairs.append((numbers[place : place + w.size].reshape(w.shape), numbers[place + w.size :][: b.size]))
            place += w.size + b.size
        return forward(net, pairs, INPUTS.astype(np.float64))[2][-1]

    assert run(flat) == pytest.approx(outputs)
    step = 1e-5
    jacobian = np.stack([(run(flat + step * e) - run(flat - step * e)).ravel() / (2 * step) for e in np.eye(len(flat))])
    kernel = jacobian.T @ jacobian
    assert found.squared == pytest.approx(2 * np.linalg.eigvalsh(kernel)[-1] / outputs.size, rel=0.01)
    p = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    softmax = np.zeros_like(kernel)
    for i, row in enumerate(p):
        softmax[3 * i : 3 * i + 3, 3 * i : 3 * i + 3] = np.diag(row) - np.outer(row, row)
    expected = np.max(np.linalg.eigvals(softmax @ kernel).real) / len(p)
    assert found.cross_entropy == pytest.approx(expected, rel=0.01)
    ceilings = found.ceilings(0.9)
    assert ceilings["cross entropy, momentum 0.9"] == pytest.approx(1.9 * ceilings["cross entropy"])
    assert curvature(np.full((2, 2), np.nan), lambda w: w) is None


def test_models_of_both_frameworks_and_descriptions_have_one_curvature(key):
    model = chain(key, jnp.tanh, jnp.tanh, nothing)
    found = netphysics.diagnose(model, INPUTS)
    torch = pytest.importorskip("torch")
    layers = []
    for part in model.layers[::2]:
        layer = torch.nn.Linear(part.in_features, part.out_features)
        layer.weight.data, layer.bias.data = (torch.tensor(np.asarray(each)) for each in (part.weight, part.bias))
        layers += [layer, torch.nn.Tanh()]
    same = netphysics.diagnose(torch.nn.Sequential(*layers[:-1]), INPUTS)
    for name, value in found.ceilings.items():
        assert same.ceilings[name] == pytest.approx(value, rel=0.02)
    assert same.layers["predicted norm"].value == pytest.approx(found.layers["predicted norm"].value, rel=1e-4)


def functional(torch):
    class Functional(torch.nn.Module):
        def __init__(self, depth=3, end=nothing):
            super().__init__()
            widths = [(20 if i == 0 else 32, 32) for i in range(depth)]
            self.layers = torch.nn.ModuleList(torch.nn.Linear(*pair) for pair in widths)
            self.head, self.end = torch.nn.Linear(32, 5), end

        def forward(self, x):
            for layer in self.layers:
                x = torch.nn.functional.relu(layer(x))
            return self.end(self.head(x))

    return Functional


def test_functions_in_the_forward_of_pytorch_are_seen():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    x, make = torch.randn(16, 20), functional(torch)
    good = netphysics.diagnose(make(), x)
    assert good.healthy and good.weights.startswith("pytorch-default") and good.verdicts["seeds"].ok
    deep = netphysics.diagnose(make(25), x)
    assert "gain=1.414" in deep.advice[0]
    ended = netphysics.diagnose(make(3, lambda z: z.softmax(dim=1)), x)
    assert "softmax" in ended.cause and ended.verdicts["structure"].layer == "head"
    with pytest.raises(ValueError, match="cut off"):
        netphysics.diagnose(make(3, lambda z: z.detach()), x)
    with pytest.raises(ValueError, match=r"returns torch\.int64"):
        netphysics.diagnose(make(3, lambda z: z.argmax(dim=1)), x)


def test_blocks_that_add_are_told_to_be_scaled():
    torch = pytest.importorskip("torch")

    class Residual(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = torch.nn.Linear(20, 32), torch.nn.Linear(32, 5)
            self.blocks = torch.nn.ModuleList(torch.nn.Linear(32, 32) for _ in range(64))
            for block in self.blocks:
                torch.nn.init.kaiming_normal_(block.weight)

        def forward(self, x):
            x = self.first(x)
            for block in self.blocks:
                x = x + torch.relu(block(x))
            return self.last(x)

    torch.manual_seed(0)
    found = netphysics.diagnose(Residual(), torch.randn(16, 20))
    assert "explode" in found.cause and "what 64 blocks add to stay small" in found.advice[0]
    assert "lr=0.001" in found.advice[0] and "x + 0.1 * block(x)" in found.advice[1]
    assert found.verdicts["seeds"].ok is None


@pytest.mark.parametrize("stopped", [False, True])
def test_stopped_gradients_of_jax_are_seen(stopped, key):
    def between(z):
        return jax.lax.stop_gradient(jnp.tanh(z)) if stopped else jnp.tanh(z)

    found = check_structure(measure_jax(chain(key, between, jax.nn.relu, nothing), jnp.asarray(INPUTS), RATES))
    assert found.ok is not stopped
    assert not stopped or found.layer == "layers[0].weight"


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ([("relu", "h", "a")], "relu"),
        ([("relu", "h", "a"), ("max_pool2d", "a", "p")], "relu"),
        ([("relu", "h", "a"), ("pow", "a", "p")], "relu and pow"),
        ([("sigmoid", "h", "a"), ("mul", "h a", "p")], "sigmoid and mul"),
        ([("sigmoid", "h", "a"), ("mul", "a g", "p")], "sigmoid and mul"),
        ([("silu", "h", "a"), ("mul", "g a", "p")], "silu and mul"),
        ([("sigmoid", "h", "a"), ("mul", "a", "p")], "sigmoid"),
        ([("cube", "h", "a"), ("mul", "h a", "p")], "cube"),
    ],
)
def test_activations_that_are_squared_or_multiplied_are_others(after, name):
    structure = Structure(made={"w": "first", "v": "gate"}, past={"x": frozenset()})
    structure.apply("linear", ["x", "w"], ["h"])
    structure.apply("linear", ["x", "v"], ["g"])
    for function, arguments, result in after:
        structure.apply(function, arguments.split(), [result])
    assert structure.activations["first"] == name


@pytest.mark.parametrize(("layers", "skips"), [(4, 1), (6, 0)])
def test_a_chain_of_which_little_is_bypassed_is_no_residual_network(layers, skips, key):
    structure = Structure(made={f"w{i}": f"layer {i}" for i in range(layers)}, past={"x 0": frozenset()})
    for i in range(layers):
        structure.apply("linear", [f"x {i}", f"w{i}"], [f"x {i + 1}"])
    structure.apply("add", [f"x {layers - 1}", f"x {layers}"], ["y"])
    assert structure.skips == 1 and structure.bypassed == {f"layer {layers - 1}"}
    measured = measure_net(Net((8, 8, 3), "tanh"), INPUTS.astype(np.float64), {}, key=key)
    assert replace(measured, structure=structure).skips == skips
