"""Command-line options, with errors in one sentence instead of a page of usage."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import math
import re
from collections.abc import Iterable, Mapping
from itertools import dropwhile
from typing import Any, NoReturn, TypeVar

Options = TypeVar("Options")
BOX = "─│╭╮╰╯|"
PREFIX = "Error parsing config: "


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are a ValueError of one sentence, like all bad input."""

    def error(self, message: str) -> NoReturn:
        raise ValueError(f"{message}; `{self.prog} --help` lists what there is")

    def parse_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> Any:
        found = super().parse_args(args, namespace)
        check_numbers(vars(found))
        return found


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
        for part in vars(found).values():
            check_numbers(vars(part) if dataclasses.is_dataclass(part) else {})
        check_numbers(vars(found))
        return found
    except SystemExit as stop:
        if not stop.code:
            raise
        raise ValueError(_sentence(complaint.getvalue())) from None


def check_numbers(options: Mapping[str, Any]) -> None:
    """Refuse numbers that no option can mean.

    Raises:
        ValueError: for an integer beyond 64 bit, infinity, or what is not a number.
    """
    for name, value in options.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            flag = "--" + name.replace("_", "-")
            if isinstance(each, int) and abs(each) >= 2**63:
                raise ValueError(f"{flag} is {each}; its size must be below 2^63")
            if isinstance(each, float) and not math.isfinite(each):
                raise ValueError(f"{flag} is {each}; it must be finite")


def _sentence(boxed: str) -> str:
    """The message of a boxed complaint: its first paragraph, and the options it suggests."""
    lines = [line.strip(BOX + " ") for line in boxed.splitlines()[1:]]
    # Where there is no Unicode the box is made of hyphens; a message may begin with two.
    lines = list(dropwhile(lambda line: not line, (line if line.strip("-+") else "" for line in lines)))
    message = " ".join(lines[: lines.index("")] if "" in lines else lines).removeprefix(PREFIX)
    near = re.search(r"Perhaps you meant:\s+(--[\w-]+)", " ".join(lines))
    hint = f"; did you mean {near[1]}?" if near else ""
    return (message[:1].lower() + message[1:]).rstrip(".") + hint
