"""The template of a study: complete, conforming, listed under its own bibliography; a broken one is one sentence."""

import importlib
import json
import sys

import pytest

from netphysics.cli import main
from netphysics.lab import bibtex, catalog, reference
from netphysics.testing import check_study


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    """A new study `drunkard-walk`, where Python finds it and the catalog knows it."""
    monkeypatch.chdir(tmp_path)
    assert main(["new-study", "drunkard-walk", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["files"]) == 5
    monkeypatch.syspath_prepend(tmp_path / "drunkard-walk")
    monkeypatch.setattr(catalog, "_places", lambda: {"drunkard-walk": ("drunkard_walk", "study")})
    yield tmp_path / "drunkard-walk"
    sys.modules.pop("drunkard_walk", None)


def test_the_template_is_a_conforming_study_with_its_own_bibliography(folder, tmp_path, capsys):
    module = importlib.import_module("drunkard_walk")
    run = check_study(module.study, module.Config(draws=4096, block_size=512), tmp_path / "runs")
    assert [claim.verdict for claim in run.claims] == ["agrees", "agrees"]
    assert reference("Pearson1905", "drunkard_walk")["year"] == "1905"
    assert main(["show", "drunkard-walk"]) == 0
    assert "The problem of the random walk" in (shown := capsys.readouterr().out) and "⟨xₙ²⟩ = n" in shown
    assert main(["new-study", "drunkard-walk"]) == 2


def test_citations_are_checked_before_the_run(folder, tmp_path, capsys):
    path = folder / "drunkard_walk.py"
    path.write_text(path.read_text().replace("Pearson1905", "Nobody1900"))
    assert main(["run", "drunkard-walk", "--preset", "quick", "--out", str(tmp_path / "runs")]) == 2
    assert "cites 'Nobody1900', which is not in the laboratory's references.bib nor in" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(("line", "sentence"), [("import nothing_like_it", "No module named"), ("def", "SyntaxError")])
def test_a_study_that_cannot_be_imported_is_one_sentence(folder, line, sentence, capsys):
    path = folder / "drunkard_walk.py"
    path.write_text(path.read_text() + line + "\n")
    assert main(["run", "drunkard-walk"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("netphysics: study drunkard-walk cannot be imported") and sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["Drunkard", "a_b", "pendulum"])
def test_names_that_cannot_be_are_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["new-study", name]) == 2 and not list(tmp_path.iterdir())


def test_an_entry_that_is_nowhere_is_named():
    with pytest.raises(ValueError, match=r"'Nobody1900', which is not in the laboratory's references\.bib$"):
        bibtex(["Nobody1900"])
