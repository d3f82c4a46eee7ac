"""Models of JAX and PyTorch by themselves: the layers that are found, gradients there, and the same verdicts."""

import json
from itertools import pairwise

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import netphysics
from netphysics.fields.diagnosis.measuring.described_net import measure_net
from netphysics.fields.diagnosis.measuring.jax_model import measure_jax
from netphysics.fields.diagnosis.measuring.layers_of_trace import run
from netphysics.fields.diagnosis.trainability import RATES
from netphysics.nets import Net

INPUTS = np.random.default_rng(5).standard_normal((8, 6)).astype(np.float32)


class Perceptron(eqx.Module):
    layers: list
    gain: float = eqx.field(static=True)

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = jnp.tanh(self.gain * layer(x))
        return self.layers[-1](x)


def perceptron(key, depth=3, gain=1.0):
    widths = (6, *(12,) * depth, 4)
    keys = jax.random.split(key, depth + 1)
    pairs = zip(pairwise(widths), keys, strict=True)
    return Perceptron([eqx.nn.Linear(*pair, key=k) for pair, k in pairs], gain)


def test_layers_of_a_module_are_found_with_their_gradients(key):
    model = perceptron(key)
    measured = measure_jax(model, jnp.asarray(INPUTS), RATES)
    assert [layer.name for layer in measured.layers] == [f"layers[{i}].weight" for i in range(4)]
    first = jax.vmap(model.layers[0])(jnp.asarray(INPUTS))
    assert measured.layers[0].outputs == pytest.approx(np.asarray(first), rel=1e-5, abs=1e-6)
    by_bias = next(kernel for kernel in measured.kernels if kernel.name == "layers[0].bias")
    gradients = measured.layers[0].gradients
    assert gradients @ gradients.T == pytest.approx(by_bias.gram, rel=1e-4, abs=1e-7)


def test_a_described_net_and_the_same_network_as_a_model_agree(key):
    described = measure_net(Net((6, 12, 12, 4), "tanh", weight_variance=1.5), INPUTS, RATES, key=key)
    empty = perceptron(key, depth=2)
    weights = [jnp.asarray(w, jnp.float32) for w in described.weights.values()]
    biases = [jnp.zeros_like(layer.bias) for layer in empty.layers]
    same = eqx.tree_at(lambda m: [each.weight for each in m.layers], empty, weights)
    same = eqx.tree_at(lambda m: [each.bias for each in m.layers], same, biases)
    model = measure_jax(same, jnp.asarray(INPUTS), RATES)
    total = [sum(kernel.gram for kernel in each.kernels) for each in (described, model)]
    assert total[0] == pytest.approx(total[1], rel=1e-3, abs=1e-4)
    for optimizer in RATES:
        mine, theirs = described.learned[optimizer], model.learned[optimizer]
        assert mine.skill == pytest.approx(theirs.skill, abs=0.02)
        assert mine.alignment == pytest.approx(theirs.alignment, abs=2e-3)


def test_convolutions_attention_and_calls_are_followed(key):
    keys = jax.random.split(key, 4)
    convolution = eqx.nn.Conv2d(1, 3, 3, padding=1, key=keys[0])
    query, value, head = (eqx.nn.Linear(9, 9, key=k) for k in keys[1:])

    @eqx.filter_jit
    def attend(query, value, x):
        q = jax.vmap(query)(x)
        return jax.nn.softmax(q @ q.T) @ jax.vmap(value)(x)

    def model(parts, x):
        convolution, query, value, head = parts
        x = jax.nn.relu(convolution(x.reshape(1, 3, 3))).reshape(3, 9)
        return jnp.sum(jax.vmap(head)(jax.nn.gelu(attend(query, value, x))), axis=0)

    parts = (convolution, query, value, head)
    arrays, rest = eqx.partition(parts, eqx.is_array)
    leaves, tree = jax.tree.flatten(arrays)
    x = jnp.asarray(INPUTS.ravel()[:9])
    trace = jax.make_jaxpr(lambda leaves, x: model(eqx.combine(jax.tree.unflatten(tree, leaves), rest), x))(leaves, x)
    (found,), layers = run(trace, [*leaves, x], [f"leaf {i}" for i in range(len(leaves))])
    assert found == pytest.approx(np.asarray(model(parts, x)), rel=1e-4, abs=1e-6)
    assert sorted(layers.names) == ["leaf 0", "leaf 2", "leaf 4", "leaf 6"]
    assert [layer.size for layer in layers.outputs] == [27, 27, 27, 27]
    with_bias = np.asarray(convolution(x.reshape(1, 3, 3)))
    assert np.ravel(layers.outputs[0]) == pytest.approx(with_bias.ravel(), rel=1e-5, abs=1e-6)


def test_a_chaotic_module_is_told_as_its_description_is(key):
    found = netphysics.diagnose(perceptron(key, depth=20, gain=6.0), INPUTS)
    assert "gradients explode" in found.cause
    assert found.layers["gradient"].value.shape == (20,)
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["verdicts"]["sgd"]["ok"] is False
    assert found.cause in found._repr_html_()


def test_a_model_of_one_output_that_trains(key):
    model = eqx.nn.MLP(6, 1, 32, 2, jax.nn.relu, key=key)
    found = netphysics.diagnose(model, INPUTS)
    assert found.healthy and "Nothing was found" in found.cause
    assert found.to_json()["schema"] == 1


def test_a_layer_that_was_never_drawn_is_named(key):
    model = perceptron(key)
    broken = eqx.tree_at(lambda m: m.layers[1].weight, model, jnp.full((12, 12), jnp.nan, jnp.float32))
    found = netphysics.diagnose(broken, INPUTS)
    assert found.verdicts["weights"].layer == "layers[1].weight" and "NaN" in found.cause
    constant = eqx.tree_at(lambda m: m.layers[2].weight, model, jnp.full((12, 12), 0.1, jnp.float32))
    assert "can never become different" in netphysics.diagnose(constant, INPUTS).cause


def test_images_that_were_not_scaled(key):
    found = netphysics.diagnose(perceptron(key), 128 + 60 * INPUTS)
    assert found.cause.startswith("Something is wrong with the inputs") and "x.std()" in found.advice[0]


def sequential(torch, depth, activation):
    torch.manual_seed(0)
    layers = [module for _ in range(depth) for module in (torch.nn.Linear(16, 16), activation())]
    return torch.nn.Sequential(*layers, torch.nn.Linear(16, 5))


def test_pytorch_modules_by_themselves():
    torch = pytest.importorskip("torch")
    x = torch.randn(20, 16, generator=torch.Generator().manual_seed(0))
    good, deep = sequential(torch, 3, torch.nn.ReLU), sequential(torch, 20, torch.nn.ReLU)
    before = [p.clone() for p in deep.parameters()]
    assert netphysics.diagnose(good, x).healthy
    found = netphysics.diagnose(deep, x.requires_grad_())
    assert "gradients vanish" in found.cause and "torch.nn.init.orthogonal_(m.weight, gain=1.414)" in found.advice[0]
    assert all(torch.equal(p, old) for p, old in zip(deep.parameters(), before, strict=True))
    exec(found.advice[0].split(": ", 1)[1], {"torch": torch, "model": deep})
    assert netphysics.diagnose(deep, x).verdicts["adam"].probability > 0.6
    assert netphysics.diagnose(good.bfloat16(), x).healthy


def test_pytorch_tuples_tokens_and_refusals():
    torch = pytest.importorskip("torch")

    class Tagger(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.memory = torch.nn.Embedding(20, 8), torch.nn.LSTM(8, 8, batch_first=True)
            self.head = torch.nn.Linear(8, 3)

        def forward(self, tokens):
            return self.head(self.memory(self.embed(tokens))[0]), None

    torch.manual_seed(0)
    found = netphysics.diagnose(Tagger(), torch.randint(20, (6, 7)))
    assert "tokens" in found.verdicts["inputs"].reason and found.verdicts["adam"].probability > 0
    with pytest.raises(ValueError, match="refuses inputs of shape"):
        netphysics.diagnose(sequential(torch, 2, torch.nn.Tanh), torch.randn(4, 3))
    with pytest.raises(ValueError, match="nothing in it learns"):
        netphysics.diagnose(torch.nn.ReLU(), torch.randn(4, 3))
