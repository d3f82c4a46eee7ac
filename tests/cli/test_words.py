"""Sets of words: labels, the file, and that more words begin with the same words."""

import json

import numpy as np

from netphysics.blocks import load_archive
from netphysics.cli import main
from netphysics.knots import Braid, is_unknot


def test_a_set_of_words(tmp_path, capsys):
    path = tmp_path / "words.npz"
    assert main(["words", str(path), "--letters", "9", "--count", "21", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    words = load_archive(path)
    assert row["words"] == 21 and row["knots"] == 10 == words["knotted"].sum()
    assert words["letters"].shape == (21, 9)
    for letters, strands, knotted in zip(words["letters"][:8], words["strands"], words["knotted"], strict=False):
        assert is_unknot(Braid(letters.tolist(), int(strands))).answer == ("no" if knotted else "yes")
    assert main(["words", str(path), "--letters", "9", "--count", "6", "--force"]) == 0
    assert np.array_equal(load_archive(path)["letters"], words["letters"][:6])


def test_sets_that_cannot_be_are_refused(tmp_path, capsys):
    for words, sentence in ((["--letters", "5"], "letters is 5"), (["--count", "1"], "count is 1")):
        assert main(["words", str(tmp_path / "words.npz"), *words]) == 2
        assert sentence in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
