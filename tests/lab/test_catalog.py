"""The catalog reads studies without running them; the bibliography knows what they cite."""

import subprocess
import sys
import types

import pytest
import random_walk

from netphysics.lab import Study, bibtex, catalog, reference
from netphysics.testing import check_study


def test_a_study_is_read_from_its_source():
    entry = catalog.read_entry("random-walk", "random_walk")
    assert entry.wing == "examples"
    assert entry.question == random_walk.study.question
    assert [option.name for option in entry.options] == ["--steps", "--draws", "--block-size", "--seed"]
    assert entry.options[0].default == "4 16 64"
    assert entry.options[1].default == "200000"
    assert entry.options[0].help == "Numbers of steps n."
    assert entry.presets["quick"] == {"draws": 32_768}
    assert entry.equations[0][1] == "mean square displacement"


def test_inherited_options_are_found_and_the_own_ones_hold():
    options = {option.name: option for option in catalog.entry("pendulum").options}
    assert {"--latents", "--steps", "--draws", "--seed"} < set(options)
    assert float(options["--polish-beta"].default) == 5e-5


def test_every_installed_study_can_be_read_and_cited():
    for name in catalog.names():
        entry = catalog.entry(name)
        assert entry.name == catalog.load(name).name == name
        assert entry.question.endswith("?")
        assert entry.options and entry.description
        assert bibtex(entry.cites).count("@") == len(entry.cites)
        assert all(option.help for option in entry.options), name


def test_unknown_studies_suggest_the_near_one():
    with pytest.raises(ValueError, match="did you mean signals-by-depth"):
        catalog.entry("signal-by-depth")
    with pytest.raises(ValueError, match="`netphysics list` shows them all"):
        catalog.load("zzz")


def test_references_are_read():
    assert reference("Halverson2021")["eprint"] == "2008.08601"
    with pytest.raises(ValueError, match=r"not in the laboratory's references\.bib"):
        bibtex(["Nobody1900"])


@pytest.mark.parametrize("words", [["list"], ["--help"], ["show", "gaussian-process-limit"], ["list", "--json"]])
def test_looking_around_imports_no_jax(words):
    code = (
        "import sys; from netphysics.cli import main; code = main(sys.argv[1:]);"
        "assert 'jax' not in sys.modules and 'scipy' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_example_conforms(tmp_path):
    config = random_walk.Config(draws=4096, block_size=512, steps=(4, 16))
    check_study(random_walk.study, config, tmp_path)


def test_a_study_is_made_of_its_module(monkeypatch):
    parts = {name: getattr(random_walk, name) for name in ("Config", "predict", "compare", "figures")}
    module = types.ModuleType("netphysics.studies.fields.walks_by_depth")
    vars(module).update(parts)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    made = Study.from_module(module.__name__, question="How far?")
    assert (made.name, made.wing, made.config) == ("walks-by-depth", "fields", random_walk.Config)
    assert made.measure is None and made.cells(random_walk.Config()) == ()
    module.measure = random_walk.measure
    with pytest.raises(ValueError, match="has no cells; a study needs Config, predict"):
        Study.from_module(module.__name__, question="How far?")
    monkeypatch.setitem(sys.modules, "elsewhere", random_walk)
    with pytest.raises(ValueError, match="wing is missing"):
        Study.from_module("elsewhere", question="How far?")
