"""Initializations by name: their variances, their names in other libraries, and matrices that are recognized."""

import numpy as np
import pytest

from netphysics.nets import how_drawn, named_law
from netphysics.nets.named_initializations import INITIALIZATIONS, named_initialization

DRAW = np.random.default_rng(2)


def uniform(shape, bound):
    return DRAW.uniform(-bound, bound, shape)


@pytest.mark.parametrize(
    ("matrices", "words"),
    [
        ([uniform((64, 32), 32**-0.5), uniform((64, 64), 1 / 8)], "pytorch-default"),
        ([DRAW.standard_normal((64, 32)) / 4, DRAW.standard_normal((10, 64)) * (2 / 64) ** 0.5], "kaiming-normal"),
        ([uniform((80, 40), (6 / 120) ** 0.5)], "xavier-uniform"),
        ([DRAW.standard_normal((80, 40)) * (2 / 120) ** 0.5], "xavier-normal"),
        ([np.linalg.qr(DRAW.standard_normal((50, 50)))[0]], "orthogonal (torch"),
        ([np.linalg.qr(DRAW.standard_normal((80, 40)))[0]], "orthogonal (torch"),
        ([3 * np.linalg.qr(DRAW.standard_normal((50, 50)))[0]], "orthogonal of gain 3"),
        ([0.02 * DRAW.standard_normal((64, 48))], "normal-0.02"),
        ([DRAW.standard_normal((64, 32))], "gaussian of gain 5"),
        ([np.zeros((64, 64))], None),
        ([np.ones((2, 2))], None),
    ],
)
def test_what_matrices_look_like(matrices, words):
    found = how_drawn(matrices)
    assert found is None if words is None else found is not None and found.startswith(words)


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("pytorch-default", ("gaussian", 1 / 3, 1 / (3 * 64))),
        ("kaiming_normal_", ("gaussian", 2.0, 0.0)),
        ("He_Normal", ("gaussian", 2.0, 0.0)),
        ("glorot_uniform", ("gaussian", 1.0, 0.0)),
        ("lecun_normal", ("gaussian", 1.0, 0.0)),
        ("orthogonal_", ("orthogonal", 1.0, 0.0)),
        ("trunc_normal_", ("gaussian", 64 * 0.02**2, 0.0)),
    ],
)
def test_names_become_variances(name, law):
    found = named_law(name, (10, 64, 64, 3))
    assert found[0] == law[0] and found[1:] == pytest.approx(law[1:])


def test_a_name_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'kaiming-normal'"):
        named_initialization("kaimming_normal")


def test_lines_for_pytorch_draw_what_is_recognized():
    torch = pytest.importorskip("torch")
    for named in INITIALIZATIONS:
        torch.manual_seed(0)
        w, b = torch.empty(96, 160), torch.empty(96)
        exec(named.torch, {"torch": torch, "w": w, "b": b})
        variance = float(w.double().square().mean())
        assert variance * 160 == pytest.approx(named.weight_variance(160, 96), rel=0.05)
        assert how_drawn([w.double().numpy()]) is not None
