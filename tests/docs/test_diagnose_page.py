"""The examples of docs/diagnose.md run as they are printed."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "diagnose.md"


def test_the_examples_run(capsys):
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, {})
    printed = capsys.readouterr().out
    assert "Nothing was found" in printed and "squared gradient, first layer" in printed
