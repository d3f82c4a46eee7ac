"""`netphysics check`: what is damaged is named, and computed again on demand."""

import json
import shutil

import pytest

from netphysics.api import run
from netphysics.cli import main


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    options = {"activations": ("erf",), "widths": (5, 10), "draws": 512, "block_size": 128}
    return run("gaussian-process-limit", out=tmp_path_factory.mktemp("runs"), **options)


@pytest.fixture
def place(sound, tmp_path):
    target = tmp_path / "runs" / sound.study.name / sound.path.name
    shutil.copytree(sound.path, target)
    return target


def checked(capsys, *words):
    code = main(["check", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)["runs"]


def test_a_sound_run(place, capsys):
    code, (found,) = checked(capsys, place.parents[1])
    assert code == 0 and (found["state"], found["harms"], found["blocks"]) == ("sound", {}, 8)


@pytest.mark.parametrize("victim", ["theory.nc", "manifest.json", "block"])
def test_damage_is_named_and_repaired(sound, place, capsys, victim):
    path = place / victim if victim != "block" else sorted(place.rglob("*.npz"))[3]
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 4]) + content[-8:])
    if victim == "block":
        path.write_bytes(content[: len(content) // 2])
    code, (found,) = checked(capsys, place)
    assert code == 1 and found["state"] == "damaged"
    assert next(iter(found["harms"])) == path.relative_to(place).as_posix()
    assert main(["check", str(place), "--repair"]) == 0
    assert "repaired" in capsys.readouterr().out
    code, (found,) = checked(capsys, place)
    assert code == 0 and found["state"] == "sound"
    claims = (sound.path / "claims.json").read_bytes()
    assert (place / "claims.json").read_bytes() == claims


def test_a_gallery_shows_damage_instead_of_numbers(place, capsys):
    (place / "result.nc").write_bytes(b"nonsense")
    from netphysics.report import write_gallery

    text = write_gallery(place.parents[1]).read_text()
    assert "result.nc is not what was written" in text
    assert "agrees" not in text.partition("<main")[2].partition("<script")[0]
