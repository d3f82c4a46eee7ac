"""The examples in docs/discovery.md do what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from netphysics.discovery import Columns, dataset
from netphysics.tables import read_table

PAGE = Path(__file__).parents[2] / "docs" / "discovery.md"
# Python, and what comes right after it: what it prints, or commands that use it.
FORMULA, TABLE, WORLD = re.findall(r"```python\n([^`]*)```\n```\n([^`]*)```", PAGE.read_text())


@pytest.mark.parametrize(("code", "shown"), [FORMULA, WORLD])
def test_the_example_runs(code, shown, capsys):
    exec(compile(code, PAGE.name, "exec"), {})
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        line.split() for line in shown.splitlines()
    ]


def test_the_table_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, commands = TABLE
    exec(compile(code, PAGE.name, "exec"), {})
    words = shlex.split(commands.splitlines()[0])
    assert words[:3] == ["netphysics", "discover", "pendulums.csv"]
    found = dataset(read_table("pendulums.csv"), Columns(("x*",), ("t",), ("y",), ("b", "kappa"), (), "pendulum"), 3, 0)
    assert found.train.observation.shape == (16_000, 8)
