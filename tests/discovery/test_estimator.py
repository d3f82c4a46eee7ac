"""`netphysics.Discovery`: the conventions of scikit-learn."""

import numpy as np
import pytest

import netphysics
from netphysics.discovery.data.splits import alike, held_out


def spring(rows, noise, rng):
    """Twenty readings of x = A cos(sqrt(k) t), the time of a question, and the answer."""
    amplitude, stiffness = rng.uniform(0.5, 1.5, rows), rng.uniform(1, 4, rows)
    times = np.column_stack([np.tile(np.linspace(0, 6, 20), (rows, 1)), rng.uniform(0, 6, rows)])
    x = amplitude[:, None] * np.cos(np.sqrt(stiffness)[:, None] * times) + noise * rng.normal(size=times.shape)
    return np.column_stack([x[:, :20], times[:, 20]]), x[:, 20]


@pytest.mark.slow
def test_the_estimator():
    inputs, answers = spring(600, 0.1, np.random.default_rng(2))
    model = netphysics.Discovery((0, 2), question=[20], steps=400, width=24, seeds=1).fit(inputs, answers)
    assert model.latent_number_.number == 2
    assert model.predict(inputs).shape == (600,)
    assert model.transform(inputs).shape == (600, 2)
    assert model.score(inputs, answers) > 0.8


def test_the_estimator_refuses_what_it_cannot_use():
    with pytest.raises(ValueError, match="it needs 0, and a number from 1"):
        netphysics.Discovery(latents=(1, 2)).fit(np.zeros((100, 2)), np.zeros(100))
    with pytest.raises(ValueError, match="Expected 2D array, got 1D array"):
        netphysics.Discovery().fit(np.zeros(100), np.zeros(100))
    with pytest.raises(ValueError, match="column x0 is constant"):
        netphysics.Discovery(latents=(0, 1)).fit(np.zeros((100, 2)), np.arange(100))


def test_a_warm_start_adds_seeds():
    inputs, answers = spring(120, 0.1, np.random.default_rng(2))
    options = {"latents": (0, 1), "steps": 12, "width": 4}
    model = netphysics.Discovery(**options, seeds=1, warm_start=True).fit(inputs, answers)
    before = model.predict(inputs)
    assert len(model.set_params(seeds=2).fit(inputs, answers).networks_.networks) == 2
    first = model.networks_.networks[0]
    again = netphysics.Discovery(**options, seeds=2).fit(inputs, answers)
    np.testing.assert_allclose(model.predict(inputs), again.predict(inputs), atol=1e-5)
    np.testing.assert_array_equal(first.decoder.weights[0], again.networks_.networks[0].decoder.weights[0])
    assert not np.allclose(before, again.predict(inputs), atol=1e-3)
    # The error that is stated is that of what `predict` answers to rows for testing.
    columns = {str(i): column for i, column in enumerate([*inputs.T, answers])}
    held = held_out(alike(columns), None, 0)
    off = again.predict(inputs[held]) - answers[held]
    assert again.error_ == pytest.approx(
        np.sqrt((off**2).mean()) / again.answering_.scales.spread["answer 0"], rel=1e-4
    )
    for changed, rows, words in (
        ({"seeds": 1}, answers, "a warm start needs at least the 2 that are trained"),
        ({"width": 5}, answers, "width has changed; a warm start adds seeds"),
        ({}, answers**2, "X, y or groups has changed"),
    ):
        with pytest.raises(ValueError, match=words):
            model.set_params(**{**options, "seeds": 2, **changed}).fit(inputs, rows)


@pytest.mark.slow
def test_the_contract_of_scikit_learn():
    from sklearn.utils.estimator_checks import check_estimator

    # Enough steps for the score that one of the checks asks for.
    model = netphysics.Discovery(latents=(0, 1), steps=150, width=4, seeds=1)
    failed = {
        result["check_name"]: str(result["exception"])
        for result in check_estimator(model, on_fail=None, on_skip=None)
        if result["status"] == "failed"
    }
    # Many checks fit 10 to 40 rows. Those do not apply: so few are refused, since nothing could be learned from them.
    others = {name: message for name, message in failed.items() if "latents need at least 50" not in message}
    # It sets parameters of any type, which only the type checks of these tests mind.
    assert "Type-check error" in others.pop("check_do_not_raise_errors_in_init_or_set_params")
    assert others == {}
