"""The command `anomaly`: one JSON object, a page, scores in a file, and refusals with exit code 2."""

import json

import jax
import numpy as np
import pytest

from netphysics.cli import main
from netphysics.topology.phase_space import PhaseSpace, lossy_event, sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("events")
    np.savez(path / "events.npz", momenta=sample(PhaseSpace.massless(3), 600, key=jax.random.key(1)).momenta)
    lost = jax.vmap(lambda key: lossy_event(3, key=key))(jax.random.split(jax.random.key(2), 200))
    np.savez(path / "lost.npz", momenta=np.asarray(lost))
    return path


def test_json_page_and_scores(folder, capsys):
    words = ["--signal", str(folder / "lost.npz"), "--steps", "20", "--json"]
    files = ["--out", str(folder / "page.html"), "--scores", str(folder / "scores.npz")]
    assert main(["anomaly", str(folder / "events.npz"), *words, *files]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["scores"]) == 4 and len(found["scores"][0]["top"]) == 10
    assert 0 <= found["scores"][0]["auc"]["value"] <= 1
    assert "200 violate momentum conservation" in found["read"][1]
    page = (folder / "page.html").read_text()
    assert "Which events stand out?" in page and len(page) < 1_000_000
    with np.load(folder / "scores.npz") as scores:
        assert scores["reconstruction_S5"].shape == (600,)


def test_text(folder, capsys):
    assert main(["anomaly", str(folder / "lost.npz"), "--steps", "20"]) == 0
    said = capsys.readouterr().out
    assert "boosted to its rest frame" in said and "events that stand out most" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["missing.npz"], "missing.npz is no file"),
        (["lost.npz", "--frame", "given"], "violate momentum conservation by more than 0.001"),
        (["events.npz", "--particles", "7"], "particles is 7; the events have 3"),
        (["events.npz", "--steps", "0"], "--steps is 0; it must be at least 1"),
        (["events.npz", "--tolerance", "0"], "--tolerance is 0"),
        (["events.npz", "--scores", "s.csv"], "must end in .npz"),
        (["events.npz", "--out", "nowhere/page.html"], "there is no folder"),
        (["events.npz", "--out", "page.txt"], "--out is page.txt; it must end in .html"),
    ],
)
def test_bad_input_is_one_sentence(folder, capsys, words, said):
    assert main(["anomaly", str(folder / words[0]), *words[1:]]) == 2
    complaint = capsys.readouterr().err
    assert said in complaint and complaint.count("\n") == 1
