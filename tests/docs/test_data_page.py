"""The example of docs/data.md runs as it is printed."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "data.md"


def test_the_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    space: dict = {}
    exec(compile(code, str(PAGE), "exec"), space)
    norms = space["cell"]["norm"]
    assert norms.dims == ("layer",) and norms["phase"].item() == "critical"
    assert abs(norms - space["cell"]["norm_theory"]).max() < 0.3
    assert len(list(tmp_path.glob("*.pdf"))) == len(space["run"].figures)
    assert "orthogonal" not in capsys.readouterr().err
