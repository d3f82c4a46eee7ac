"""The command: what it prints, what it refuses, and that nothing can make it lose a block."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from netphysics.cli import COMMANDS, main

SMALL = ["--activations", "erf", "--widths", "5", "10", "--draws", "2048", "--block-size", "256"]
STUDY = ["run", "gaussian-process-limit"]


def command(*words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "netphysics", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "JAX_NUM_CPU_DEVICES": "1"},
        **options,
    )


def finish(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out)


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    """A small run that was left alone."""
    return finish(command(*STUDY, *SMALL, "--out", tmp_path_factory.mktemp("runs"), "--json"))


def test_json_is_one_object_and_nothing_else(reference):
    schema = json.loads((files("netphysics") / "schema" / "run.json").read_text())
    Draft202012Validator(schema).validate(reference)
    assert reference["config"]["widths"] == [5, 10]
    assert Path(reference["report"]).stat().st_size < 1_000_000
    assert all(claim["verdict"] == "agrees" for claim in reference["claims"])


def test_kill_9_loses_nothing_that_was_finished(reference, tmp_path):
    words = [*STUDY, *SMALL, "--out", tmp_path, "--json"]
    process = command(*words)
    deadline = time.monotonic() + 240
    while len(list(tmp_path.rglob("*.npz"))) < 3:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.001)
    process.kill()
    process.communicate()
    kept = len(list(tmp_path.rglob("*.npz")))
    again = finish(command(*words))
    assert again["claims"] == reference["claims"]
    record = json.loads((Path(again["path"]) / "run.json").read_text())
    assert record["blocks_computed"] == 16 - kept


def test_two_runs_at_once_and_two_workers_give_the_same_claims(reference, tmp_path):
    words = [*STUDY, *SMALL, "--out", tmp_path, "--json"]
    both = [command(*words), command(*words, "--workers", "2")]
    assert [finish(process)["claims"] for process in both] == [reference["claims"]] * 2
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_stop_saves_and_says_how_to_go_on(tmp_path, number):
    process = command(*STUDY, *SMALL, "--draws", 10**7, "--out", tmp_path, "--json")
    while not list(tmp_path.rglob("*.npz")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert out == ""
    assert "the same command goes on from" in err


DIAGNOSE = ["diagnose", "--activation", "tanh", "--widths", "784"]
BAD = [
    (["run", "gaussian-proces-limit"], "did you mean gaussian-process-limit?"),
    ([*STUDY, "--wdths", "3"], "did you mean --widths"),
    ([*STUDY, "--widths", "0"], "each must be at least 1"),
    ([*STUDY, "--widths", "ten"], "--widths"),
    ([*STUDY, "--weight-std", "-1"], "it must be at least 0"),
    ([*STUDY, "--bias-std", "nan"], "it must be finite"),
    ([*STUDY, "--inputs", "nowhere.npy"], "there is no such file"),
    ([*STUDY, "--inputs", "nan.csv"], "point 1 holds NaN or infinity"),
    ([*STUDY, "--inputs", "cube.npy"], "a table is (rows, columns)"),
    ([*STUDY, "--inputs", "words.txt"], "it has no row below its header 'some words'"),
    ([*STUDY, "--preset", "slow"], "must be one of quick, default, paper"),
    ([*STUDY, "--until-error", "0"], "it must be greater than 0"),
    ([*STUDY, "--out", "nowhere/runs"], "not a folder that can be written to"),
    ([*STUDY, "--cluster", "tcp://127.0.0.1:9"], "no dask scheduler answers"),
    ([*STUDY, "--workers", "0"], "it must lie between 1 and 1024"),
    ([*STUDY, "--out", "plain/runs"], "not a folder that can be written to"),
    ([*STUDY, "--draws", "10"], "error bars need at least 4 blocks"),
    (["run", "signals-by-depth", "--factor", "1"], "it must be greater than 1"),
    (["run", "signals-by-depth", "--inputs", "zero.csv"], "is zero"),
    (["discover", "nan.csv", "--observation", "1", "--answer", "2"], "its first line is '1,2', which holds numbers"),
    (["discover", "none.csv"], "netphysics: --data is none.csv; there is no such file"),
    (["apply", ".", "nan.csv"], "holds no finished run"),
    (["apply", "."], "required: DATA"),
    (["run", "signals-by-depth", "--activation", "gelu"], "--activation"),
    ([*DIAGNOSE, "512x0", "10"], "--widths holds '512x0'"),
    ([*DIAGNOSE, "abc", "10"], "--widths holds 'abc'"),
    ([*DIAGNOSE, "8", "10", "--inputs", "digits"], "64 components; --widths begins with 784"),
    ([*DIAGNOSE, "10"], "single layer"),
    ([*DIAGNOSE, "8", "10", "--weight-variance", "1e300"], "weight_variance is 1e+300"),
    ([*DIAGNOSE, "8", "10", "--inputs", "zero.csv"], "2 components; --widths begins with 784"),
    (["diagnose", "--widths", "2", "8", "1", "--activation", "tanh", "--inputs", "zero.csv"], "input 1 is zero"),
    (["diagnose", "--widths", "2", "8", "1"], "--activation"),
    (["diagnose", "--widths", "2", "8", "1", "--activation", "numpy:tangens"], "no attribute 'tangens'"),
    (["diagnose", "--widths", "2", "8", "1", "--activation", "nowhere:tanh"], "No module named 'nowhere'"),
    ([*DIAGNOSE, "8", "10", "--recommend", "--tolerance", "-1"], "tolerance is -1"),
    (["sho"], "did you mean show?"),
    (["show", "nothing-like-it"], "there is no study"),
    (["list", "--wing", "east"], "there are studies in bridges, discovery, fields"),
    (["cite", "nowhere"], "holds no finished run"),
    (["report", "nowhere"], "holds no finished run"),
    (["report", "nowhere", "-o", "missing/page.html"], "there is no folder"),
    (["serve", "nowhere"], "not a folder"),
]


@pytest.mark.parametrize(("words", "sentence"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input_is_told_in_one_sentence_and_writes_nothing(words, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    np.save("cube.npy", np.zeros((2, 2, 2)))
    Path("nan.csv").write_text("1,2\n3,nan\n")
    Path("zero.csv").write_text("1,2\n0,0\n")
    Path("words.txt").write_text("some words\n")
    Path("plain").touch()
    before = sorted(tmp_path.rglob("*"))
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("netphysics: ")
    assert captured.err.count("\n") == 1, captured.err
    assert sentence in captured.err
    assert sorted(tmp_path.rglob("*")) == before


def test_looking_at_runs(reference, tmp_path, capsys):
    path = reference["path"]
    assert main(["cite", path]) == 0
    assert "@article{Halverson2021" in capsys.readouterr().out
    assert main(["compare", path, path, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["claims"]
    assert [row["difference"] for row in rows] == [0.0] * len(reference["claims"])
    assert main(["compare", path, path]) == 0
    assert "differ by" in capsys.readouterr().out
    assert main(["report", path, "-o", str(tmp_path / "page.html")]) == 0
    assert "gaussian-process-limit" in (tmp_path / "page.html").read_text()


def test_diagnose_prints_writes_a_page_and_json(tmp_path, capsys):
    words = ["diagnose", "--widths", "8", "16x3", "4", "--activation", "tanh"]
    assert main([*words, "--json", "--out", str(tmp_path / "page.html")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["phase"]["name"] == "critical"
    assert all(abs(row["z"]) < 5 for row in found["comparisons"])
    assert found["learning_rate"]["ceiling"]["value"] > 0
    page = Path(found["page"]).read_text()
    assert found["verdict"] in page
    # A line of the page breaks between words of the command, never within one.
    assert "netphysics diagnose --widths 8 16x3 4" in re.sub("<[^>]+>", "", page)
    assert main([*words, "--recommend"]) == 0
    assert "orthogonal" in capsys.readouterr().out


def test_a_network_that_will_not_train_ends_a_strict_diagnosis_with_1(capsys):
    words = ["diagnose", "--widths", "8x40", "--activation", "netphysics.nets.activations:identity"]
    words += ["--weight-variance", "10000"]
    assert main([*words, "--strict"]) == 1
    assert "signals and gradients explode" in " ".join(capsys.readouterr().out.split())
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdicts"]["adam"]["ok"] is False and found["schema"] == 1


def test_the_text_of_a_diagnosis(capsys):
    from netphysics.api import diagnose
    from netphysics.cli.diagnosis_text import show_diagnosis

    show_diagnosis(diagnose([np.ones((2, 3)), np.eye(3)[:2]]))
    assert "Signals pass" in capsys.readouterr().out


def test_help_of_every_command(capsys):
    for name in COMMANDS:
        try:
            code = main([name, "--help"])
        except SystemExit as stop:
            code = stop.code
        assert code == 0
        assert f"netphysics {name}" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_studies_and_options(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(word in script for word in ("tour", "signals-by-depth", "until-error", "bias-std"))


def test_bash_completes(tmp_path, capsys):
    main(["completion", "bash"])
    script = capsys.readouterr().out + (
        '\nCOMP_WORDS=(netphysics run gaussian-process-limit --wi); COMP_CWORD=3; _netphysics; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "--widths", done.stderr


def test_bash_completes_the_values_of_an_option(capsys):
    main(["completion", "bash"])
    script = capsys.readouterr().out + (
        "\nCOMP_WORDS=(netphysics run signals-by-depth --activation t); COMP_CWORD=4"
        '; _netphysics; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "tanh", done.stderr


def test_serve_listens_on_loopback_only(tmp_path):
    from netphysics.cli.serve import server

    with server(tmp_path, 0) as running:
        assert running.server_address[0] == "127.0.0.1"
        with pytest.raises(ValueError, match="--port is"):
            server(tmp_path, running.server_port)
