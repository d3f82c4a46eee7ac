"""`netphysics discover DATA ...`: the study `discover`, with the table in front."""

from __future__ import annotations

from . import run


def main(arguments: list[str]) -> int:
    named = bool(arguments) and not arguments[0].startswith("-")
    return run.main(["discover", *(["--data", *arguments] if named else arguments)], "discover")
