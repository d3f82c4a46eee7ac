"""Reproduce: the options of a run, and the command that gives it again."""

from __future__ import annotations

import dataclasses
import shlex
from dataclasses import dataclass
from typing import Any

from ..lab import Run, StudyConfig

# Options that do nothing in a study that is theory throughout.
DRAWING = ("draws", "block_size")


@dataclass(frozen=True)
class Option:
    """An option of a run: its name on the command line, its value, and whether that is the default's."""

    flag: str
    value: Any
    changed: bool

    @property
    def words(self) -> str:
        return words(self.value) or "(none)"

    @property
    def arguments(self) -> list[str]:
        """The arguments that set it on the command line."""
        if isinstance(self.value, bool):
            return [self.flag if self.value else "--no-" + self.flag.removeprefix("--")]
        items = self.value if isinstance(self.value, tuple | list) else [self.value]
        return [self.flag, *map(str, items)]


def words(value: Any) -> str:
    """The value of an option, to be read."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def options(run: Run) -> list[Option]:
    """All options of a run: the study's own first, then those of every study; no draws where nothing is drawn."""
    common = {field.name for field in dataclasses.fields(StudyConfig)}
    found = []
    for field in sorted(dataclasses.fields(run.config), key=lambda field: field.name in common):
        if run.study.measure is None and field.name in DRAWING:
            continue
        value = getattr(run.config, field.name)
        default = field.default_factory() if callable(field.default_factory) else field.default
        found.append(Option("--" + field.name.replace("_", "-"), value, value != default))
    return found


def command(run: Run) -> str:
    """The command that gives this run again, quoted for a shell: the options that are not the default."""
    arguments = [argument for option in options(run) if option.changed for argument in option.arguments]
    if until := run.record["budget"]["until_error"]:
        arguments += ["--until-error", str(until)]
    return shlex.join(["netphysics", "run", run.study.name, *arguments])
