"""Trained classifiers: the file that keeps them, and their predictions."""

import json

import jax
import numpy as np
import pytest

from netphysics.blocks import write_archive
from netphysics.cli import main
from netphysics.knots import Braid
from netphysics.knots.classifiers import (
    TrainingSettings,
    all_log_odds,
    predict,
    read_classifier,
    train_classifier,
    write_classifier,
)

KEY = jax.random.key(3)
SMALL = TrainingSettings("feed-forward", 24, 12, width=2, depth=1, steps=3, batch=8)


@pytest.fixture(scope="module")
def classifier():
    return train_classifier(SMALL, 8, 8, keys=jax.random.split(KEY, 2))


@pytest.fixture(scope="module")
def path(classifier, tmp_path_factory):
    path = tmp_path_factory.mktemp("classifiers") / "small.npz"
    write_classifier(path, classifier)
    return path


def test_a_file_gives_back_the_same_networks(classifier, path):
    again = read_classifier(path)
    assert again.settings == classifier.settings
    assert again.letters == (8, 8) and again.strands == classifier.strands
    words = np.tile(np.array([1, -2, 1, -2, 1, 1] + 18 * [0], np.int8), (2, 4, 1))
    odds = [np.asarray(all_log_odds(each.models, words, KEY)) for each in (classifier, again)]
    assert np.array_equal(*odds)
    assert 0 <= again.accuracy.value <= 1 and again.accuracy.draws == 2


def test_damaged_and_foreign_files_are_refused_and_stay(path, tmp_path):
    damaged, foreign, other = (tmp_path / name for name in ("damaged.npz", "foreign.npz", "other.npz"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    damaged.write_bytes(content)
    np.savez(foreign, words=np.zeros(3))
    write_archive(other, {"words": np.zeros(3)})
    for file, sentence in ((damaged, "is damaged"), (foreign, "not a file of netphysics"), (other, "no classifier")):
        with pytest.raises(ValueError, match=sentence):
            read_classifier(file)
        assert file.exists()
    with pytest.raises(ValueError, match="cannot be read: No such file"):
        read_classifier(tmp_path / "nowhere.npz")


def test_a_prediction_is_refused_beyond_what_was_learned(classifier):
    with pytest.raises(ValueError, match="10 letters; the classifier learned from words of 8 to 8"):
        predict(classifier, Braid([1, -2] * 5), key=KEY)
    with pytest.raises(ValueError, match="9 strands"):
        predict(classifier, Braid([1, 2, 3, 4, 5, 6, 7, 8]), key=KEY)


def test_the_command_asks_the_networks(path, capsys):
    assert main(["knot", "1 -2 1 -2", "--classifier", str(path), "--json"]) == 0
    view = json.loads(capsys.readouterr().out)["classifier"]
    assert 0 < view["probability"] < 1 and view["error"] >= 0 and view["word_to_word_std"] >= 0
    assert view["networks"] == 2 and "8 to 8 letters only" in view["note"]
    assert main(["knot", "1 -2 1 -2 1 -2 1 -2 1 -2", "--classifier", str(path)]) == 2
