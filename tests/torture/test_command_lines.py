"""Command lines that are wrong: exit 2, one sentence, nothing written, and no time lost."""

import functools
import os
import random
import subprocess
import sys
import time

import pytest
from lines import HUGE, LONG, bad_lines, fields_of
from looking import PARTS

from netphysics.cli import COMMANDS, main
from netphysics.lab import catalog

SECONDS = 2.0
OTHERS = [
    ["check", LONG],
    ["check", "nowhere"],
    ["serve", LONG],
    ["cite", LONG],
    ["show", LONG],
    ["list", "--wing", LONG],
    ["run", LONG],
    ["run", "signals-by-depth", "--draws", "4294967295", "--block-size", "1"],
    ["run", "signals-by-depth", "--preset", "nonsense"],
    ["run", "signals-by-depth", "--out", "nowhere/deeper/runs"],
    ["run", "signals-by-depth", "--inputs", "nowhere.npy"],
    ["run", "signals-by-depth", "--cluster", LONG],
    ["run", "discover", "--data", LONG, "--observation", "x", "--answer", "y"],
    ["discover", LONG, "--observation", "x", "--answer", "y"],
    ["discover", "nul\0.csv", "--observation", "x", "--answer", "y"],
    ["discover", "bytes.npz", "--observation", "x", "--answer", "y"],
    ["discover", ".", "--observation", "x", "--answer", "y"],
    ["discover", "pipe.npz", "--observation", "x", "--answer", "y"],
    ["shape", LONG],
    ["shape", "nul\0.csv"],
    ["shape", "bytes.npz"],
    ["shape", "."],
    ["shape", "pipe.npz"],
    ["anomaly", "."],
    ["apply", "nul\0", "c"],
    ["apply", ".", "."],
    ["check", "nul\0"],
    ["new-study", LONG],
    ["new-study", "nul\0"],
    ["new-study", ""],
    ["new-study", "../outside"],
    ["new-study", "mine", "--wing", "x'; import os"],
    ["knot", HUGE],
    ["knot", ""],
    ["knot", "["],
    ["knot", "()"],
    ["knot", ","],
    ["knot", "PD"],
    ["knot", "DT []"],
    ["knot", "nul\0"],
    ["knot", "?" * 300],
    ["knot", "3_1", "--out", "bytes.svg"],
    ["unknot", "nowhere.txt"],
    ["unknot", "bytes.npz"],
    ["unknot", "pipe.npz"],
    ["unknot", "3_1", "--budget", "-1s"],
    ["unknot", "3_1", "--budget", "1e400s"],
    ["unknot", "3_1", "--budget", f"{HUGE * 20}s"],
    ["words", "bytes.npz"],
    ["classifier", "bytes.npz"],
    ["diagnose", "--widths", "0", "3", "--activation", "tanh"],
    ["diagnose", "--widths", "3", "5x99999999", "2", "--activation", "tanh"],
    ["diagnose", "--widths", "3", HUGE, "2", "--activation", "tanh"],
    ["diagnose", "--widths", "3", "5", "2", "--activation", LONG],
    ["diagnose", "--widths", "3", "5", "2", "--activation", "nowhere:nothing"],
    ["diagnose", "--widths", "3", "5", "2", "--activation", "tanh", "--inputs", "bytes.npz"],
    ["diagnose", "--widths", "3", "5", "2", "--activation", "tanh", "--out", "nowhere/page.html"],
    [LONG],
    ["--nonsense"],
    ["help", "nonsense"],
]


@functools.cache
def generated():
    """All lines that are made from parsers; this imports all studies, too."""
    return list(bad_lines())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where commands are given: there is a pipe, and a file with every byte in it."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.npz")
    for name in ("bytes.npz", "bytes.svg"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 9)
    return tmp_path


@pytest.fixture
def accepted(monkeypatch):
    """Words that are taken for right after all begin no work."""

    def begin(*words, **keywords):
        raise AssertionError("accepted")

    # The first thing that a run does when all is checked.
    monkeypatch.setattr("netphysics.lab.runner.sweep", begin)


def refuse(words, capfd):
    """One line: refused with the exit code 2, in one sentence, in time."""
    started = time.process_time()
    code = main(list(words))
    seconds = time.process_time() - started
    out, err = capfd.readouterr()
    assert code == 2 and out == ""
    assert err.startswith("netphysics: ") and err.count("\n") == 1 and len(err) <= 300, err
    assert seconds < SECONDS
    return err


def test_bad_values_are_refused(folder, accepted, often, tell, capfd, part):
    found = generated()[part::PARTS]
    chosen = random.Random(1).sample(found, often(160, len(found)))
    wrong = []
    for words, flag in chosen:
        try:
            said = refuse(words, capfd)
            assert flag.strip("-").replace("-", "_") in said.replace("-", "_"), said
        except (AssertionError, Exception) as problem:
            wrong.append((words, f"{type(problem).__name__}: {problem}"))
    assert not wrong, "\n".join(f"{words}: {why[:300]}" for words, why in wrong[:40]) + f"\n{len(wrong)} in all"
    assert sorted(os.listdir(folder)) == ["bytes.npz", "bytes.svg", "pipe.npz"]
    tell(f"bad command lines: {len(chosen)} of {len(found)}, each refused in one sentence")


def test_every_number_says_what_it_accepts():
    """Where any number is right, it is said here."""
    free = {("run", "--sextic")}
    commands = [(command, "x") for command in COMMANDS if command != "run"] + [
        ("run", name) for name in catalog.names()
    ]
    for command, subject in commands:
        for field in fields_of(command, [subject]):
            accepted = field.accepted
            bounds = (accepted.least, accepted.above, accepted.below, accepted.between)
            if field.kind in (int, float) and bounds == (None,) * 4:
                assert (command, field.flag) in free, f"{command} {subject} {field.flag} may be any number"


@pytest.mark.parametrize("words", OTHERS, ids=lambda words: " ".join(words)[:40].replace("\0", "zero"))
def test_other_bad_words_are_refused(folder, accepted, capfd, words):
    refuse(words, capfd)
    assert sorted(os.listdir(folder)) == ["bytes.npz", "bytes.svg", "pipe.npz"]


def test_in_processes_of_their_own(folder, often, tell):
    """As a shell calls it, where not even the locale knows more than ASCII."""
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    lines = [words for words in OTHERS if not any("\0" in word for word in words)]
    for words in random.Random(2).sample(lines, often(3, 30)):
        command = [sys.executable, "-m", "netphysics", *words]
        done = subprocess.run(command, env=plain, capture_output=True, text=True, timeout=60)
        assert done.returncode == 2 and done.stdout == "", (words, done)
        assert done.stderr.count("\n") == 1 and len(done.stderr) <= 300, (words, done.stderr)
    assert sorted(os.listdir(folder)) == ["bytes.npz", "bytes.svg", "pipe.npz"]
