"""Names for scripts and notebooks: progress that a person sees, and nothing where nobody looks."""

import sys
import types

from netphysics.api import teller
from netphysics.lab import Progress


def test_progress_is_told_in_a_notebook_only(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    tell = teller("random-walk")
    tell(Progress(1, 2, "cell"))
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    tell = teller("random-walk")
    for done in (1, 2, 3):
        tell(Progress(done, 3, "cell", 4.0))
    lines = capsys.readouterr().err.split("\r")
    assert [line.strip() for line in lines] == [
        "",
        "random-walk: 1 of 3 blocks, 4 s left",
        "random-walk: 3 of 3 blocks",
    ]
