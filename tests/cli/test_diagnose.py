"""The command that diagnoses: initializations by name, and models of one's own."""

import json

import numpy as np
import pytest

from netphysics.cli import diagnose

MODEL = """
import equinox as eqx
import jax
import numpy as np


def mlp():
    return eqx.nn.MLP(6, 3, 8, 2, jax.nn.relu, key=jax.random.key(0))


def takes(width):
    return width


def with_inputs():
    return mlp(), np.random.default_rng(0).standard_normal((5, 6))
"""


@pytest.fixture
def beside(tmp_path, monkeypatch):
    (tmp_path / "strangers_model.py").write_text(MODEL)
    np.save(tmp_path / "batch.npy", np.random.default_rng(1).standard_normal((5, 6)))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.parametrize("words", [["with_inputs"], ["mlp", "--inputs", "batch.npy"]])
def test_a_model_is_named_on_the_command_line(words, beside, capsys):
    assert diagnose.main(["--model", f"strangers_model:{words[0]}", *words[1:], "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdicts"]["structure"]["ok"] and found["ceilings"]["cross entropy"] > 0
    assert len(found["layers"]["predicted norm"]["value"]) == 2


def test_initializations_go_by_name(capsys):
    words = ["--widths", "8", "16x3", "4", "--activation", "tanh", "--json", "--initialization"]
    assert diagnose.main([*words, "pytorch-default"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "gaussian" in found["network"]
    with pytest.raises(ValueError, match="did you mean 'xavier-uniform'"):
        diagnose.main([*words, "xavier_unifrom"])
    with pytest.raises(ValueError, match="sets the variances"):
        diagnose.main([*words, "he_normal", "--weight-variance", "3"])


def test_laws_take_the_variances_that_are_given(capsys):
    words = ["--widths", "8", "16x3", "4", "--activation", "tanh", "--json"]
    assert diagnose.main([*words, "--initialization", "orthogonal", "--weight-variance", "1.5"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "orthogonal" in found["network"] and "1.5" in found["network"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--model", "strangers_model:mlp"], "--inputs is missing"),
        (["--model", "strangers_model"], "module:function is needed"),
        (["--model", "strangers_model:other"], "no attribute 'other'"),
        (["--model", "strangers_model:mlp", "--inputs", "none.npy"], "No such file"),
        (["--model", "strangers_model:takes"], "callable without arguments"),
        (["--model", "strangers_model:mlp", "--activation", "relu"], "goes without"),
        (["--activation", "relu"], "--widths is missing"),
        (["--widths", "2", "3"], "--activation is missing"),
    ],
)
def test_what_is_missing_is_said(words, complaint, beside):
    with pytest.raises(ValueError, match=complaint):
        diagnose.main(words)
