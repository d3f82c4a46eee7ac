"""The example in docs/discovery.md does what the page says."""

import re
from pathlib import Path


def test_the_page_runs(capsys):
    page = Path(__file__).parents[2] / "docs" / "discovery.md"
    code, shown = re.search(r"```python\n(.*?)```\n```\n(.*?)```", page.read_text(), re.S).groups()
    exec(compile(code, page.name, "exec"), {})
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        line.split() for line in shown.splitlines()
    ]
