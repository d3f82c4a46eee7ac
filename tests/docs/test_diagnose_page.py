"""The examples of docs/diagnose.md run as they are printed."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "diagnose.md"


def test_the_examples_run(capsys):
    model, layers = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    exec(model, {})
    lines = capsys.readouterr().out.splitlines()
    assert "train" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == ["sgd", "adam", "seeds", "inputs", "weights", "structure"]
    exec(layers, {})
    assert "squared gradient, first layer" in capsys.readouterr().out
