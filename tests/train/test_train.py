"""Training: members are independent of each other, and nothing that happens on the way changes a bit."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from netphysics.train import TrainingProgress, make_train, minibatch, show_progress

STEPS, CHUNK = 25, 10
OPTIMIZER = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(optax.cosine_decay_schedule(1e-2, STEPS)))
X = np.linspace(-1, 1, 64, dtype=np.float32)[:, None]
DATA = (X, np.sin(3 * X))


def init(setting, *, key):
    return eqx.nn.MLP(1, 1, 8, 1, activation=jnp.tanh, key=key)


def loss(model, setting, data, *, key):
    x, y = minibatch(data, 16, key=key)
    decay = sum(jnp.sum(layer.weight**2) for layer in model.layers)
    # An infinite strength makes this member diverge at its first step.
    return jnp.mean((jax.vmap(model)(x) - y) ** 2) + setting["decay"] * decay


TRAIN = make_train(init, loss, OPTIMIZER, steps=STEPS, chunk=CHUNK)
KEYS = jax.random.split(jax.random.key(1), 3)
SETTINGS = {"decay": jnp.array([0.0, 1e-2, 1e-4], jnp.float32)}


def numbers(training):
    return [np.asarray(leaf) for leaf in jax.tree.leaves(eqx.filter(training.models, eqx.is_array))]


def assert_same_bits(one, two):
    assert all(np.array_equal(a, b) for a, b in zip(numbers(one), numbers(two), strict=True))
    assert np.array_equal(one.losses, two.losses, equal_nan=True)


@pytest.fixture(scope="module")
def straight():
    return TRAIN(KEYS, SETTINGS, DATA)


def test_members_learn(straight):
    assert straight.finished.all()
    assert straight.losses.shape == (3, 3)
    assert (straight.losses[-1] < straight.losses[0]).all()
    assert straight.model(0)(jnp.zeros(1, jnp.float32)).shape == (1,)


def test_a_member_does_not_know_the_others(straight):
    alone = TRAIN(KEYS[1:2], jax.tree.map(lambda a: a[1:2], SETTINGS), DATA)
    for one, all_members in zip(numbers(alone), numbers(straight), strict=True):
        np.testing.assert_allclose(one[0], all_members[1], rtol=1e-4, atol=1e-6)


def test_groups_of_members_take_turns(tmp_path):
    keys = jax.random.split(jax.random.key(2), 11)
    settings = {"decay": jnp.linspace(0, 1e-2, 11, dtype=jnp.float32)}
    together = TRAIN(keys, settings, DATA, folder=tmp_path)
    first = TRAIN(keys[:6], {"decay": settings["decay"][:6]}, DATA)
    for one, all_members in zip(numbers(first), numbers(together), strict=True):
        assert len(all_members) == 11
        assert np.array_equal(one, all_members[:6])
    assert np.array_equal(first.losses, together.losses[:, :6])
    last = TRAIN(keys[5:], {"decay": settings["decay"][5:]}, DATA)
    np.testing.assert_allclose(last.losses, together.losses[:, 5:], rtol=1e-4)
    # The way back from the last checkpoint but one.
    max(tmp_path.glob("*.npz")).unlink()
    assert_same_bits(TRAIN(keys, settings, DATA, folder=tmp_path), together)


def test_shared_examples_are_the_same_for_all_and_new_in_every_step():
    def mean_of_all(model, setting, shown, *, key):
        return (model - shown) ** 2

    train = make_train(
        lambda setting, *, key: jax.random.normal(key, (), jnp.float32),
        mean_of_all,
        optax.sgd(0.5),
        steps=2,
        chunk=1,
        shared=lambda data, *, key: data + jax.random.normal(key, (), jnp.float32),
    )
    training = train(KEYS, data=jnp.float32(3.0))
    # A step of half the gradient goes all the way to what was shown last.
    assert len(set(np.asarray(training.models).tolist())) == 1
    assert train(KEYS[::-1], data=jnp.float32(3.0)).models[0] != training.models[0]
    assert len(set(training.losses[1].tolist())) == 1
    assert training.losses[1, 0] > 0


def test_a_diverged_member_is_frozen_and_named(straight):
    settings = {"decay": SETTINGS["decay"].at[1].set(jnp.inf)}
    seen = []
    training = TRAIN(KEYS, settings, DATA, watch=seen.append)
    assert training.diverged_at.tolist() == [-1, 0, -1]
    assert training.notes == ("member 1 was not finite at step 0; it is frozen there",)
    assert np.isnan(training.losses[:, 1]).all()
    assert [progress.diverged for progress in seen] == [(1,)] * 3
    for frozen, free in zip(numbers(training), numbers(straight), strict=True):
        assert np.isfinite(frozen).all()
        assert np.array_equal(frozen[[0, 2]], free[[0, 2]])


def test_stopped_and_resumed_has_the_same_bits(straight, tmp_path):
    def stop(progress):
        if progress.done == 2 * CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path, watch=stop)
    seen = []
    assert_same_bits(TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path, watch=seen.append), straight)
    assert [progress.done for progress in seen] == [STEPS]
    # A finished training answers from disk.
    assert_same_bits(TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path, watch=seen.append), straight)
    assert len(seen) == 1


def train_and_die(folder):
    """Train up to the second checkpoint, and be killed there."""

    def watch(progress):
        if progress.done == 2 * CHUNK:
            os.kill(os.getpid(), signal.SIGKILL)

    TRAIN(KEYS, SETTINGS, DATA, folder=folder, watch=watch)


def test_kill_9_changes_no_bit(straight, tmp_path):
    program = f"import runpy; runpy.run_path({__file__!r})['train_and_die']({str(tmp_path)!r})"
    killed = subprocess.run([sys.executable, "-c", program], env={**os.environ, "JAX_NUM_CPU_DEVICES": "2"})
    assert killed.returncode == -signal.SIGKILL
    # What a write that was under way leaves behind must not matter.
    (tmp_path / ".step-000000030.npz.half.tmp").write_bytes(b"PK")
    seen = []
    assert_same_bits(TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path, watch=seen.append), straight)
    assert [progress.done for progress in seen] == [STEPS]


def test_a_damaged_checkpoint_is_named_and_computed_again(straight, tmp_path):
    TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path)
    newest = max(tmp_path.glob("*.npz"))
    newest.write_bytes(newest.read_bytes()[:-200])
    training = TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path)
    assert_same_bits(training, straight)
    assert re.search(r"step-000000025\.damaged was damaged", training.notes[0])
    assert newest.with_suffix(".damaged").exists()


def test_another_training_is_refused(tmp_path):
    TRAIN(KEYS, SETTINGS, DATA, folder=tmp_path)
    with pytest.raises(ValueError, match="holds a training with another start"):
        TRAIN(KEYS, {"decay": 2 * SETTINGS["decay"]}, DATA, folder=tmp_path)


def test_a_training_can_start_from_trained_models(straight):
    polish = make_train(lambda setting, *, key: setting["model"], loss, OPTIMIZER, steps=5)
    training = polish(KEYS, {**SETTINGS, "model": straight.models}, DATA)
    assert (training.losses[-1] < straight.losses[0]).all()
    # The models that were handed over are still the caller's.
    assert straight.model(2)(jnp.zeros(1, jnp.float32)).shape == (1,)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="steps is 0"):
        make_train(init, loss, OPTIMIZER, steps=0)
    with pytest.raises(ValueError, match="one per member"):
        TRAIN(KEYS[0], SETTINGS, DATA)
    with pytest.raises(ValueError, match="must be the 3 members"):
        TRAIN(KEYS, {"decay": jnp.zeros(2, jnp.float32)}, DATA)
    with pytest.raises(ValueError, match="same number"):
        minibatch((X, X[:3]), 4, key=KEYS[0])
    with pytest.raises(ValueError, match="size is 0"):
        minibatch(X, 0, key=KEYS[0])


def test_progress_lines(capsys):
    show_progress(TrainingProgress(10, 20, np.array([0.5, np.nan, 0.25]), (1,), 3.0))
    assert capsys.readouterr().err == (
        '{"step": 10, "steps": 20, "loss": 0.375, "lowest": 0.25, "highest": 0.5, "diverged": [1], '
        '"seconds_left": 3.0}\n'
    )


def test_the_page_runs(capsys):
    """The example in docs/train.md does what the page says."""
    page = Path(__file__).parents[2] / "docs" / "train.md"
    code = "".join(re.findall(r"```python\n(.*?)```", page.read_text(), re.S))
    exec(compile(code, page.name, "exec"), {})
    assert "weight decay 0.01: 0.20" in capsys.readouterr().out
