"""Command-line options, with errors in one sentence instead of a page of usage."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import re
from itertools import dropwhile
from typing import Any, NoReturn, TypeVar

from netphysics.lab.accepted import Accepted, refusals

Options = TypeVar("Options")
BOX = "─│╭╮╰╯|"
PREFIX = "Error parsing config: "


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are a ValueError of one sentence, like all bad input."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message}; `{self.prog} --help` lists what there is")


def parse(options: type[Options], arguments: list[str], command: str, default: Options | None = None) -> Options:
    """The dataclass `options` filled from command-line words; its field docstrings are the help.

    Raises:
        ValueError: when the words do not fit, saying what is wrong in one sentence.
        SystemExit: with code 0 after `--help`.
    """
    import tyro

    complaint = io.StringIO()
    keywords: dict[str, Any] = {} if default is None else {"default": default}
    try:
        with contextlib.redirect_stderr(complaint):
            found = tyro.cli(
                options,
                args=arguments,
                prog=f"netphysics {command}",
                config=(tyro.conf.OmitArgPrefixes, tyro.conf.FlagCreatePairsOff),
                **keywords,
            )
        for part in (found, *vars(found).values()):
            for name, value, wrong in refusals(part) if dataclasses.is_dataclass(part) else ():
                raise ValueError(f"--{name.replace('_', '-')} is {value}; {wrong}")
        return found
    except SystemExit as stop:
        if not stop.code:
            raise
        raise ValueError(_sentence(complaint.getvalue())) from None


class Number:
    """What an argument of argparse must be, as its `type`: a number with what is accepted of it."""

    def __init__(self, kind: type[int] | type[float], **accepted: Any) -> None:
        self.kind, self.accepted = kind, Accepted(**accepted)

    def __call__(self, word: str) -> int | float:
        try:
            value = self.kind(word)
        except ValueError:
            raise argparse.ArgumentTypeError(f"it is {word!r}; it must be a number") from None
        if wrong := self.accepted.refusal(value):
            raise argparse.ArgumentTypeError(f"it is {word}; {wrong}")
        return value


def _sentence(boxed: str) -> str:
    """The message of a boxed complaint: its first paragraph, and the options it suggests."""
    lines = [line.strip(BOX + " ") for line in boxed.splitlines()[1:]]
    # Where there is no Unicode the box is made of hyphens; a message may begin with two.
    lines = list(dropwhile(lambda line: not line, (line if line.strip("-+") else "" for line in lines)))
    message = " ".join(lines[: lines.index("")] if "" in lines else lines).removeprefix(PREFIX)
    # A long value would push out the name of its option; the box has cut it into lines.
    message = re.sub(r"'([^']{40})[^']{20,}'", r"'\1...'", message)
    near = re.search(r"Perhaps you meant:\s+(--[\w-]+)", " ".join(lines))
    hint = f"; did you mean {near[1]}?" if near else ""
    return (message[:1].lower() + message[1:]).rstrip(".") + hint
