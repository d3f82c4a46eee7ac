"""Anomalies: areas with honest errors, and both messages of topology for anomaly detection."""

import jax
import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from netphysics.topology.anomaly import (
    area_under_curve,
    efficiencies,
    invariants_of,
    momenta_of,
    points_of,
    reconstruction_errors,
    search,
    significance_improvement,
    weak_labels,
)
from netphysics.topology.autoencoders import Options, train_autoencoders
from netphysics.topology.phase_space import (
    PhaseSpace,
    Resonance,
    lossy_event,
    pair_mass_squared,
    parity_twin_bound,
    resonance_event,
    sample,
)


@pytest.fixture(scope="module")
def background():
    return sample(PhaseSpace.massless(3), 20_000, key=jax.random.key(1)).momenta


@pytest.fixture(scope="module")
def bump():
    keys = jax.random.split(jax.random.key(2), 3000)
    return np.asarray(jax.vmap(lambda key: resonance_event(Resonance(), key=key)[0])(keys), np.float64)


@pytest.fixture(scope="module")
def lossy():
    keys = jax.random.split(jax.random.key(3), 3000)
    return np.asarray(jax.vmap(lambda key: lossy_event(3, key=key))(keys), np.float64)


def test_areas_are_those_of_scikit_learn_and_their_errors_are_right():
    rng = np.random.default_rng(0)
    areas = []
    for _ in range(200):
        background, signal = rng.normal(size=80), rng.normal(0.7, size=50)
        areas.append(area_under_curve(background, signal))
    truth = np.repeat([0, 1], [80, 50])
    assert areas[-1].value == pytest.approx(roc_auc_score(truth, np.concatenate([background, signal])))
    spread = np.std([area.value for area in areas])
    assert np.mean([area.error for area in areas]) == pytest.approx(spread, rel=0.25)


def test_ties_count_half():
    assert area_under_curve(np.zeros(5), np.zeros(4)).value == 0.5


def test_improvement_is_efficiency_over_the_root_of_the_background():
    background, signal = np.linspace(0, 1, 1000, endpoint=False), np.linspace(0.5, 1.5, 1001)
    share = efficiencies(background, signal, np.array([0.8]))
    assert share.value[0] == pytest.approx(0.3)
    found = significance_improvement(background, signal, np.array([0.4, 0.8]))
    assert found.value[1] == pytest.approx(0.8 / 0.3**0.5)
    # Where nothing passes one event counts.
    assert found.value[0] == pytest.approx(0.4 * 1000**0.5)


def test_points_and_invariants(background):
    np.testing.assert_allclose(np.linalg.norm(points_of(background), axis=1), 1)
    invariants = invariants_of(background)
    assert invariants.shape == (20_000, 4)
    np.testing.assert_allclose(invariants[:, 1:].sum(axis=1), invariants[:, 0], atol=3e-5)


def test_both_messages_of_topology(background, bump, lossy):
    """A plain latent tears; a bump in phase space is reconstructed though none was shown; what lies off stands out."""
    train = background[np.abs(pair_mass_squared(background) - 0.3) > 0.03]
    test = sample(PhaseSpace.massless(3), 10_000, key=jax.random.key(8)).momenta
    keys = jax.random.split(jax.random.key(0), 2)
    for latent in ("R5", "S5"):
        models = train_autoencoders(momenta_of(train), latent, keys, Options(steps=1500)).models
        errors, of_bump, of_lossy = (reconstruction_errors(models, momenta_of(p)) for p in (test, bump, lossy))
        for member in range(2):
            worst = errors[member].max()
            assert worst < 0.35 if latent == "S5" else worst > 3 * parity_twin_bound(3)
            assert 0.3 < area_under_curve(errors[member], of_bump[member]).value < 0.6
            assert area_under_curve(errors[member], of_lossy[member]).value > (0.97 if latent == "S5" else 0.8)


def test_weak_labels_find_what_reconstruction_does_not(bump):
    space = PhaseSpace.massless(3)
    data = np.concatenate([sample(space, 19_600, key=jax.random.key(5)).momenta, bump[:400]])
    reference = sample(space, 40_000, key=jax.random.key(6)).momenta
    found = weak_labels(invariants_of(data), invariants_of(reference))
    assert area_under_curve(found.data_scores[:19_600], found.data_scores[19_600:]).value > 0.9
    assert area_under_curve(found.scores(invariants_of(reference)), found.scores(invariants_of(bump[400:]))).value > 0.9


def test_a_search_scores_every_event(background, lossy):
    found = search(background[:2000], signal=lossy[:500], options=Options(32, 200))
    assert list(found.scores) == [
        "reconstruction, R5",
        "reconstruction, S5",
        "density on S5",
        "against flat phase space",
    ]
    assert all(scores.shape == (2000,) for scores in found.scores.values())
    efficiency, improvement = found.performance["against flat phase space"].best
    assert 0 < efficiency <= 1 and improvement.shape == ()
    ranking = found.ranking("density on S5", 5)
    assert found.scores["density on S5"].max() == found.scores["density on S5"][ranking[0]]
    labeled = search(background[:500], labels=np.arange(500) % 2 == 0, options=Options(8, 10))
    area = labeled.performance["density on S5"].area
    assert abs(area.value - 0.5) < 5 * area.error


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p, q: dict(events=p[:50]), "events has 50 events; a search takes at least 100"),
        (lambda p, q: dict(events=p, signal=q[:, :2]), "signal has 2 particles in each event; the events have 3"),
        (lambda p, q: dict(events=np.tile(p[:200], (1, 5, 1))), "events have 15 particles; a search takes at most 12"),
        (lambda p, q: dict(events=p, labels=np.zeros(len(p), bool)), "labels are all of one kind"),
    ],
)
def test_bad_input_is_named(change, words, background, lossy):
    with pytest.raises(ValueError, match=words):
        search(**change(background, lossy))
