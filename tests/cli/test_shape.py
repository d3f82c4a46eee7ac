"""The command `netphysics shape`."""

import json

import numpy as np
import pytest

from netphysics.cli import main


@pytest.fixture
def circle(tmp_path):
    angle = np.random.default_rng(0).random(80) * 2 * np.pi
    path = tmp_path / "circle.npz"
    np.savez(path, points=np.stack([np.cos(angle), np.sin(angle)], axis=1))
    return path


def test_shape_of_a_circle(circle, tmp_path, capsys):
    assert main(["shape", str(circle)]) == 0
    assert "looks like a circle: Betti numbers 1, 1, dimension 1." in capsys.readouterr().out
    page = tmp_path / "page.html"
    assert main(["shape", str(circle), "--json", "--out", str(page)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["betti"] == [1, 1]
    assert found["latent"]["matched"] == "S1"
    assert 0.5 < found["bound"]["worst_error"] < 1
    assert found["page"] == str(page)
    text = page.read_text()
    assert "looks like a circle" in text
    assert "circle.npz" in text


def test_bad_input_is_one_sentence_and_writes_nothing(circle, tmp_path, capsys):
    page = tmp_path / "page.html"
    for words in (["--landmarks", "81"], ["--degree", "9"], ["--landmarks", "80", "--degree", "-1"]):
        assert main(["shape", str(circle), *words, "--out", str(page)]) == 2
        out, err = capsys.readouterr()
        assert not out
        assert err.startswith("netphysics: ")
        assert err.count("\n") == 1
    assert not page.exists()
