"""Files that commands write: refused before any work where they would replace something, or could not be written."""

import pytest
import random_walk
from random_walk import Config

from netphysics.cli import main
from netphysics.cli.output import check_output
from netphysics.lab import run_study
from netphysics.report import write_gallery

COMMANDS = [
    ["knot", "3_1", "--out", "there.html"],
    ["unknot", "3_1", "--out", "there.html"],
    ["shape", "cloud.csv", "--out", "there.html"],
    ["anomaly", "events.npz", "--out", "there.html"],
    ["anomaly", "events.npz", "--scores", "there.npz"],
    ["apply", "run", "rows.csv", "--out", "there.csv"],
    ["report", "run", "--output", "there.html"],
    ["words", "there.npz"],
    ["classifier", "there.npz"],
    ["diagnose", "--widths", "3", "4", "2", "--activation", "tanh", "--out", "there.html"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[:1] + words[-2:]))
def test_a_file_that_exists_is_not_replaced(words, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    for ending in ("html", "npz", "csv"):
        (tmp_path / f"there.{ending}").write_text("somebody's own")
    assert main(words) == 2
    assert "there is such a file, and --force replaces it" in capfd.readouterr().err
    assert all(path.read_text() == "somebody's own" for path in tmp_path.iterdir())


def test_force_replaces_it(tmp_path, capfd):
    page = tmp_path / "knot.svg"
    page.write_text("an older drawing")
    assert main(["knot", "3_1", "--out", str(page), "--force"]) == 0
    assert page.read_text().startswith("<svg")


def test_names_that_cannot_be_written(tmp_path):
    (tmp_path / "dangling").symlink_to("nowhere")
    for name, why in (
        ("dangling", "not a file"),
        ("a" * 300, "cannot be the name"),
        (".", "a folder"),
        ("x/y", "no folder"),
    ):
        with pytest.raises(ValueError, match=why):
            check_output(tmp_path / name, "--out", force=True)


def test_typos_make_no_folders(tmp_path):
    for out in (tmp_path / "typo" / "runs", tmp_path / ("a" * 300), tmp_path / "a\0b"):
        with pytest.raises(ValueError, match="--out is "):
            run_study(random_walk.study, Config(draws=64, block_size=16), out)
    assert not list(tmp_path.iterdir())


def test_a_gallery_replaces_only_a_gallery(tmp_path):
    index = write_gallery(tmp_path)
    assert write_gallery(tmp_path) == index
    index.write_text("somebody's own")
    with pytest.raises(ValueError, match="no gallery of netphysics"):
        write_gallery(tmp_path)
    assert index.read_text() == "somebody's own"
