"""The description of a network: what it holds and what it refuses."""

import jax.numpy as jnp
import pytest

from netphysics.nets import Net, Spectrum, activation


def test_equal_descriptions_are_equal():
    net = Net((2, 8, 1), "tanh", Spectrum(0.5), 1.5, 0.1)
    assert net == Net((2, 8, 1), activation("tanh"), Spectrum(0.5), 1.5, 0.1)
    assert hash(net) == hash(Net((2, 8, 1), "tanh", Spectrum(0.5), 1.5, 0.1))
    assert net.layers == 2 and net.shapes == ((8, 2), (1, 8))
    assert Net((2, 1), jnp.tanh) == Net((2, 1), jnp.tanh)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"widths": (3,)}, "at least two integers"),
        ({"widths": (3, 0, 1)}, "at least 1"),
        ({"weight_variance": -1.0}, "weight_variance must be"),
        ({"bias_variance": float("nan")}, "bias_variance must be"),
        ({"activation": "tahn"}, "did you mean 'tanh'"),
        ({"activation": "gauss", "widths": (1, 8, 8, 1)}, "first layer"),
        ({"initialization": Spectrum(7.5)}, "kappa must be at most 7"),
    ],
)
def test_bad_descriptions_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Net(**{"widths": (2, 8, 1), "activation": "tanh"} | arguments)


def test_a_bad_spectrum_is_refused():
    with pytest.raises(ValueError, match="at least 0"):
        Spectrum(-0.1)
