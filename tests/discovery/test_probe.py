"""The probe: names for neurons whose meaning is known, and silence where there is none."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

from netphysics.discovery import SciNet, SciNetSizes
from netphysics.discovery.probe import (
    QUANTILES,
    SCORES,
    agreement,
    cosine,
    explained,
    expression,
    intervene,
    intrinsic_dimension,
    knee,
    matched,
    name_neurons,
    remaining_error,
    scores,
    span,
    spans,
    steepest_drop,
)
from netphysics.discovery.probe.symbolic import decode, encode

RNG = np.random.default_rng(7)
B, KAPPA, NOISE = RNG.uniform(size=(3, 2000))
COLUMNS = {"b": B, "kappa": KAPPA}


def test_explained_sees_any_function():
    assert explained(np.cos(6 * B), B) > 0.99
    assert abs(explained(B, KAPPA)) < 0.02
    assert explained(B + KAPPA, B) == pytest.approx(0.5, abs=0.05)
    assert explained(np.zeros(2000), B) == 0
    with pytest.raises(ValueError, match="at least 64"):
        explained(B[:10], KAPPA[:10])


def verdicts(*neurons):
    found = name_neurons(np.stack(neurons, axis=1), np.array([2.0] * len(neurons)), COLUMNS)
    return [(name.verdict, name.name) for name in found]


def test_names():
    assert verdicts(-np.exp(B), KAPPA) == [("named", "b"), ("named", "kappa")]
    assert verdicts(B + KAPPA, B - KAPPA)[0][0] == "span-named"
    assert [verdict for verdict, _ in verdicts(B, NOISE)] == ["named", "unnamed-but-active"]
    # Nearly b, with a part of kappa that is too large.
    assert verdicts(B + 0.3 * KAPPA)[0][0] == "span-named"


def test_dead_neurons_are_not_named():
    (found,) = name_neurons(1e-3 * B[:, None], np.array([0.0]), COLUMNS)
    assert (found.verdict, found.name) == ("dead", "")


def test_matching_orders_and_signs():
    assert matched(np.stack([NOISE, -KAPPA, B], axis=1), [B, KAPPA]) == ([2, 1], [1, -1])
    with pytest.raises(ValueError, match="cannot be matched"):
        matched(B[:, None], [B, KAPPA])


def test_an_expression_up_to_a_monotone_function():
    found = expression(np.exp(3 * (B - KAPPA)), {"kappa": KAPPA, "noise": NOISE, "b": B})
    assert found.correlation > 0.9999
    assert found.text == "b - kappa"
    assert decode(found.code, ["kappa", "noise", "b"]) == found.text
    simple = expression(-(B**3), COLUMNS)
    assert (simple.text, decode(simple.code, ["b", "kappa"])) == ("b", "b")
    three = expression(np.log(NOISE * (KAPPA / B)), COLUMNS | {"noise": NOISE})
    assert three.correlation > 0.9999
    assert np.count_nonzero(three.code) == 5
    assert np.isfinite(expression(NOISE, {"b": B, "zero": np.where(B < 0.9, 1, 0)}).correlation)


def test_expressions_are_sympy():
    sympy = pytest.importorskip("sympy")
    # (k x[0]) / (b - k), its columns in this order.
    tree = ("/", ("*", 0, 1), ("-", 2, 0))
    assert encode(tree).tolist() == [-4, -3, 1, 2, -2, 3, 1, *[0] * 8]
    written = decode(encode(tree), ["k", "x[0]", "b"])
    k, x, b = sympy.symbols("k x_0_ b")
    assert sympy.sympify(written, locals={"k": k, "x_0_": x, "b": b}) == k * x / (b - k)
    assert decode(np.zeros(15), ["k"]) == ""


# Errors that were measured: one qubit with complete and with real measurements (limits of the best code), a
# pendulum, answers that latents do not help, and two qubits of which three and two levels are seen.
@pytest.mark.parametrize(
    ("latents", "errors", "number", "drop"),
    [
        ((0, 1, 2, 3, 4), (0.2885, 0.1283, 0.0076, 0.0021, 0.0024), 2, 2),
        ((0, 2, 4), (0.2885, 0.0208, 0.0030), 2, 2),
        ((0, 1, 2, 3), (0.2887, 0.1786, 0.1667, 0.1667), 2, 1),
        ((3, 1, 0, 2), (0.0083, 0.066, 0.26, 0.0085), 2, 2),
        ((0, 1, 2), (0.100, 0.098, 0.098), 0, 1),
        ((0, 4, 5, 6, 7), (0.1935, 0.1519, 0.1499, 0.1498, 0.1498), 5, 4),
        ((0, 2, 3, 4, 5), (0.1940, 0.1741, 0.1732, 0.1732, 0.1732), 3, 2),
    ],
)
def test_knee(latents, errors, number, drop):
    assert knee(latents, np.array(errors)) == number
    assert steepest_drop(latents, np.array(errors)) == drop
    assert remaining_error(latents, np.array(errors)) == errors[latents.index(number)] / min(errors)


def test_the_knee_counts_from_none():
    with pytest.raises(ValueError, match="must be there"):
        knee((1, 2), np.array([0.1, 0.1]))


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_dimension_of_spheres_and_planes(dimension):
    normal = RNG.normal(size=(2000, dimension + 1))
    sphere = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    plane = normal[:, :dimension] @ RNG.normal(size=(dimension, 6))
    for points in (sphere, plane, np.repeat(sphere, 3, axis=0)):
        found = intrinsic_dimension(points)
        assert abs(found.value - dimension) < 5 * found.error
        assert found.error == pytest.approx(dimension / 2000**0.5, rel=0.2)
    with pytest.raises(ValueError, match="too few for a dimension"):
        intrinsic_dimension(np.zeros((100, 2)))


def test_scores():
    found = dict(zip(SCORES, scores(np.exp(3 * B), B), strict=True))
    assert min(found["explained"], found["spearman"], found["isotonic"]) > 0.99
    assert 0.8 < found["pearson"] < 0.95 < found["distance"] < 1.01
    assert found["information"] > 3
    none = dict(zip(SCORES, scores(NOISE, B), strict=True))
    assert max(none.values()) < 0.2
    # A parabola has no correlation, and yet all of it is a function.
    bowl = dict(zip(SCORES, scores((B - 0.5) ** 2, B), strict=True))
    assert bowl["pearson"] < 0.1 < 0.4 < bowl["distance"]
    assert bowl["explained"] > 0.99
    assert not scores(np.zeros(2000), B).any()


def test_spans_do_not_see_rotations():
    columns = np.stack([B, KAPPA], axis=1)
    turned = spans(np.stack([B + KAPPA, np.exp(B - KAPPA)], axis=1), columns)
    assert min(*turned.neurons, *turned.columns) > 0.98
    assert turned.canonical[0] > 0.99
    alone = spans(np.stack([B, NOISE], axis=1), columns)
    assert alone.columns == pytest.approx([1, 0], abs=0.05)
    assert alone.neurons == pytest.approx([1, 0], abs=0.05)


def test_seeds_agree_up_to_mixtures_and_monotone_functions():
    b, kappa, noise = B[:200], KAPPA[:200], NOISE[:200]

    def shared(*seeds):
        found = [span(np.stack(neurons, axis=1)) for neurons in seeds]
        return agreement(sum(found) / len(seeds), np.mean([len(neurons) for neurons in seeds]), len(seeds))

    assert shared((b, kappa), (-kappa, b), (b, np.exp(kappa))) == pytest.approx(1, abs=1e-6)
    assert shared((b,), (noise,), (kappa,)) == pytest.approx(0, abs=0.03)
    assert shared((b, kappa), (b, noise)) == pytest.approx(0.5, abs=0.03)
    assert np.isnan(shared((b,)))


def test_interventions_move_answers(key):
    # A decoder that reads (z1 + q, z2) and answers 3 z1 + q, by hand.
    model = SciNet(SciNetSizes(2, 1, 1, 2, (), ()), key=key)
    model = eqx.tree_at(lambda m: m.decoder.weights[0], model, jnp.array([[3.0, 0.0, 1.0]], jnp.float32))
    means = np.stack([B, KAPPA], axis=1)
    found = intervene(model, means, np.linspace(0, 1, 5)[:, None], COLUMNS)
    expected = 3 * np.abs(np.quantile(B, QUANTILES) - np.median(B))
    np.testing.assert_allclose(found.moved, [expected, np.zeros(5)], atol=1e-4)
    assert cosine(found.by_neuron[0], found.by_candidate["b"]) == pytest.approx(1, abs=1e-3)
    assert cosine(found.by_neuron[1], found.by_candidate["kappa"]) == 0
