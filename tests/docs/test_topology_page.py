"""The examples of docs/topology.md run as they are printed."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "topology.md"


def test_the_examples_run(capsys):
    space: dict = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(compile(code, str(PAGE), "exec"), space)
    shape, line, circle, volumes, round_trip, width, scale, other = capsys.readouterr().out.splitlines()
    assert shape.startswith("(1, 0, 1) S2 0.")
    worst = [list(map(float, found.split("[")[1].split("]")[0].split())) for found in (line, circle)]
    assert min(worst[0]) > 1.7 and max(worst[1]) < 0.02
    measured, exact = (float(re.sub(r"\(\d+\)", "", volume)) for volume in volumes.split())
    assert measured == pytest.approx(exact, rel=0.02)
    assert float(round_trip) < 1e-5 and float(scale.strip("[]")) < 1e-15 < float(width.strip("[]"))
    assert float(other.strip("[]")) > 0
